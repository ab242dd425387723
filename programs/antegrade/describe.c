#include "describe.h"

#include <stdio.h>
#include <string.h>

#include "terminal.h"

static const char *argument_of(const ag_option *option) {
    return option->argument == NULL ? "" : option->argument;
}

/* Call `print` for each option of a command, the common ones last. */
static void each_option(const ag_command *command,
                        void (*print)(const ag_command *command, const ag_option *option)) {
    for (const ag_option *o = command->options; o->name != NULL; o++)
        print(command, o);
    for (const ag_option *o = ag_common_options; o->name != NULL; o++)
        print(command, o);
}

static void each_command(void (*print)(const ag_command *command)) {
    for (const ag_command *command = ag_commands; command->name != NULL; command++)
        print(command);
}

/* ---- help ---- */

static void print_summary(const ag_command *command) {
    printf("  %-10s %s\n", command->name, command->summary);
}

void ag_help_program(void) {
    puts("usage: antegrade COMMAND [OPTION]... [OPERAND]...\n\n"
         "Works out why a man has little or no semen at orgasm, and where the semen goes.\n");
    each_command(print_summary);
    puts("\n  antegrade help COMMAND   what a command does and takes\n"
         "  antegrade --version      versions of the program and of its knowledge\n\n"
         "Exit status: 0 done, 1 bad input, 2 wrong usage, 3 partly done.\n"
         "It supports decisions and does not replace a clinician.");
}

static void print_option(const ag_command *command, const ag_option *option) {
    (void)command;
    char letter[] = "    ";
    if (option->letter != 0)
        memcpy(letter, (char[]){'-', option->letter, ','}, 3);
    int width = printf("  %s--%s %s", letter, option->name, argument_of(option));
    printf("%*s  %s\n", width < 24 ? 24 - width : 0, "", option->help);
    if (option->values != NULL)
        printf("%*s  one of: %s\n", 24, "", option->values);
}

void ag_help_command(const ag_command *command) {
    printf("usage: antegrade %s [OPTION]...%s%s\n\n", command->name,
           *command->operands == '\0' ? "" : " ", command->operands);
    int width = ag_terminal_width(stdout);
    ag_terminal_words(command->about, 0, width < 90 ? width : 90);
    putchar('\n');
    each_option(command, print_option);
}

/* ---- man page ---- */

static void mdoc_option(const ag_command *command, const ag_option *option) {
    (void)command;
    fputs(".It ", stdout);
    if (option->letter != 0)
        printf("Fl %c , ", option->letter);
    printf("Fl Fl %s", option->name);
    if (option->argument != NULL)
        printf(" Ar %s", option->argument);
    printf("\n%s", option->help);
    if (option->values != NULL)
        printf("; one of: %s", option->values);
    puts(".");
}

/* Each sentence on a line of its own, as mdoc wants it. */
static void print_sentences(const char *text) {
    for (; *text != '\0'; text++) {
        putchar(*text);
        if (text[0] == '.' && text[1] == ' ') {
            putchar('\n');
            text++;
        }
    }
    putchar('\n');
}

static void mdoc_command(const ag_command *command) {
    printf(".Ss antegrade %s %s\n", command->name, command->operands);
    print_sentences(command->about);
    puts(".Bl -tag -width Ds");
    each_option(command, mdoc_option);
    puts(".El");
}

/* ---- completions ---- */

/* Print text inside single quotes of a shell; characters of `special` get a backslash. */
static void print_quoted(const char *text, const char *special) {
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\'", stdout);
        else if (strchr(special, *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}

static void print_name(const ag_command *command) {
    printf("%s ", command->name);
}

static void print_long(const ag_command *command, const ag_option *option) {
    (void)command;
    printf("--%s ", option->name);
}

static void bash_values(const ag_command *command, const ag_option *option) {
    if (option->values == NULL)
        return;
    printf("    '%s --%s'", command->name, option->name);
    if (option->letter != 0)
        printf(" | '%s -%c'", command->name, option->letter);
    printf(") words='%s' ;;\n", option->values);
}

static void bash_values_of(const ag_command *command) {
    each_option(command, bash_values);
}

static void bash_options(const ag_command *command) {
    printf("    %s\\ -*) words='", command->name);
    each_option(command, print_long);
    puts("' ;;");
    if (command->words != NULL)
        printf("    %s\\ *) words='%s' ;;\n", command->name, command->words);
}

static void bash(void) {
    fputs("# Completion of antegrade for bash.\n"
          "_antegrade() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '",
          stdout);
    each_command(print_name);
    puts("help --help --version' -- \"$current\"))\n"
         "        return\n"
         "    fi\n"
         "    case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}\" in");
    each_command(bash_values_of);
    puts("    *) case \"${COMP_WORDS[1]} $current\" in");
    each_command(bash_options);
    fputs("    help\\ *) words='", stdout);
    each_command(print_name);
    puts("' ;;\n"
         "    esac ;;\n"
         "    esac\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _antegrade antegrade");
}

static void zsh_summary(const ag_command *command) {
    printf("    '%s:", command->name);
    print_quoted(command->summary, ":\\");
    puts("'");
}

static void zsh_option(const ag_command *command, const ag_option *option) {
    (void)command;
    if (option->letter != 0)
        printf(" \\\n        '(-%c --%s)'{-%c,--%s}'[", option->letter, option->name,
               option->letter, option->name);
    else
        printf(" \\\n        '--%s[", option->name);
    print_quoted(option->help, "[]:\\");
    putchar(']');
    if (option->values != NULL)
        printf(":%s:(%s)", option->argument, option->values);
    else if (option->argument != NULL)
        printf(":%s:_files", option->argument);
    putchar('\'');
}

static void zsh_command(const ag_command *command) {
    printf("%s)\n    _arguments -s", command->name);
    each_option(command, zsh_option);
    if (command->words != NULL)
        printf(" \\\n        '1:word:(%s)'", command->words);
    puts(" \\\n        '*:file:_files' ;;");
}

static void zsh(void) {
    puts("#compdef antegrade\n"
         "local -a commands=(");
    each_command(zsh_summary);
    puts("    'help:what a command does and takes'\n"
         ")\n"
         "if ((CURRENT == 2)); then\n"
         "    _describe command commands\n"
         "    return\n"
         "fi\n"
         "shift words\n"
         "((CURRENT--))\n"
         "case $words[1] in");
    each_command(zsh_command);
    puts("help)\n"
         "    _describe command commands ;;\n"
         "esac");
}

static void fish_option(const ag_command *command, const ag_option *option) {
    printf("complete -c antegrade -n '__fish_seen_subcommand_from %s' -l %s", command->name,
           option->name);
    if (option->letter != 0)
        printf(" -s %c", option->letter);
    if (option->values != NULL)
        printf(" -x -a '%s'", option->values);
    else if (option->argument != NULL)
        fputs(" -r", stdout);
    fputs(" -d '", stdout);
    print_quoted(option->help, "\\");
    puts("'");
}

static void fish_command(const ag_command *command) {
    printf("complete -c antegrade -n __fish_use_subcommand -f -a %s -d '", command->name);
    print_quoted(command->summary, "\\");
    puts("'");
    each_option(command, fish_option);
    if (command->words != NULL)
        printf("complete -c antegrade -n '__fish_seen_subcommand_from %s' -a '%s'\n", command->name,
               command->words);
}

static void fish(void) {
    puts("# Completion of antegrade for fish.");
    each_command(fish_command);
    puts("complete -c antegrade -n __fish_use_subcommand -f -a help -d 'what a command does and "
         "takes'");
}

bool ag_describe(const char *form) {
    if (strcmp(form, "mdoc") == 0)
        each_command(mdoc_command);
    else if (strcmp(form, "bash") == 0)
        bash();
    else if (strcmp(form, "zsh") == 0)
        zsh();
    else if (strcmp(form, "fish") == 0)
        fish();
    else
        return false;
    return true;
}
