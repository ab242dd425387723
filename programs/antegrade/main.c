/**
 * @file main.c
 * antegrade COMMAND: finds the command in the table and runs it.
 */
#include <antegrade/antegrade.h>

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "describe.h"
#include "options.h"

static ag_exit unknown_command(const char *word) {
    const char *names[AG_OPTIONS_MOST + 1] = {"help"};
    for (int i = 0; ag_commands[i].name != NULL; i++)
        names[i + 1] = ag_commands[i].name;
    const char *near = ag_nearest_name(word, names);
    return ag_usage_error(NULL,
                          near == NULL ? "there is no command \"%s\""
                                       : "there is no command \"%s\"; perhaps %s",
                          word, near);
}

/* antegrade help [COMMAND]; "help --as FORM" writes the table for the man page and for shells. */
static ag_exit help(int argc, char **argv) {
    if (argc < 2) {
        ag_help_program();
        return AG_EXIT_DONE;
    }
    if (strcmp(argv[1], "--as") == 0 && argc == 3 && ag_describe(argv[2]))
        return AG_EXIT_DONE;
    const ag_command *command = ag_command_find(argv[1]);
    if (command == NULL)
        return unknown_command(argv[1]);
    ag_help_command(command);
    return AG_EXIT_DONE;
}

static void version(void) {
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    printf("antegrade %s\nknowledge %s of %s, %d published figures\nbuilt by %s, %s\n",
           ag_version(), ag_knowledge_version(knowledge), ag_knowledge_date(knowledge),
           ag_card_count(knowledge, AG_CARD_EVIDENCE), AG_COMPILER, AG_BUILD_TYPE);
}

static ag_exit run(int argc, char **argv) {
    if (argc < 2) {
        ag_help_program();
        return AG_EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help(argc - 1, argv + 1);
    if (strcmp(word, "--version") == 0) {
        version();
        return AG_EXIT_DONE;
    }
    const ag_command *command = ag_command_find(word);
    if (command != NULL)
        return (ag_exit)command->run(argc - 1, argv + 1);
    if (word[0] == '-')
        return ag_usage_error(NULL, "there is no option %s", word);
    return unknown_command(word);
}

int main(int argc, char **argv) {
    ag_exit status = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("antegrade: standard output");
        return AG_EXIT_INPUT;
    }
    return status;
}
