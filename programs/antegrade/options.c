#include "options.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "describe.h"
#include "word_among.h"

ag_exit ag_usage_error(const ag_command *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs(command == NULL ? "antegrade: " : "antegrade ", stderr);
    if (command != NULL)
        fprintf(stderr, "%s: ", command->name);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nSee: antegrade %s%s--help\n", command == NULL ? "" : command->name,
            command == NULL ? "" : " ");
    return AG_EXIT_USAGE;
}

void ag_print_error(const char *what, const ag_error *error) {
    const char *where = error->where[0] != '\0' ? error->where : what;
    if (error->line > 0)
        fprintf(stderr, "%s:%d: %s\n", where, error->line, error->message);
    else
        fprintf(stderr, "%s: %s\n", where, error->message);
}

static void add(ag_options *o, int *count, const ag_option *list) {
    size_t letters = strlen(o->letters);
    for (; list->name != NULL; list++) {
        assert(*count < AG_OPTIONS_MOST);
        int needs = list->argument == NULL ? no_argument : required_argument;
        o->names[*count] = (struct option){list->name, needs, NULL, 0};
        o->options[(*count)++] = list;
        if (list->letter != 0) {
            o->letters[letters++] = list->letter;
            if (list->argument != NULL)
                o->letters[letters++] = ':';
        }
    }
}

void ag_options_start(ag_options *o, const char *name, int argc, char **argv) {
    *o = (ag_options){.command = ag_command_find(name), .argc = argc, .argv = argv, .letters = ":"};
    assert(o->command != NULL);
    int count = 0;
    add(o, &count, o->command->options);
    add(o, &count, ag_common_options);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
}

static bool stop(ag_options *o, ag_exit status) {
    o->over = true;
    o->status = status;
    return false;
}

static bool unknown(ag_options *o) {
    const char *word = o->argv[optind - 1];
    if (optopt != 0) /* a letter, perhaps among others: "-xk" */
        return stop(o, ag_usage_error(o->command, "there is no option -%c", optopt));
    const char *names[AG_OPTIONS_MOST + 1] = {NULL};
    for (int i = 0; o->options[i] != NULL; i++)
        names[i] = o->options[i]->name;
    const char *near = ag_nearest_name(word + strspn(word, "-"), names);
    return stop(o, ag_usage_error(o->command,
                                  near == NULL ? "there is no option %s"
                                               : "there is no option %s; perhaps --%s",
                                  word, near));
}

static const ag_option *by_letter(const ag_options *o, int letter) {
    for (int i = 0; o->options[i] != NULL; i++)
        if (o->options[i]->letter == letter)
            return o->options[i];
    return NULL;
}

static bool accept(ag_options *o, const ag_option *option) {
    o->option = option;
    o->value = optarg;
    if (option == &ag_common_options[0]) {
        ag_help_command(o->command);
        return stop(o, AG_EXIT_DONE);
    }
    if (option->values != NULL && !ag_word_among(option->values, optarg))
        return stop(o, ag_usage_error(o->command, "--%s cannot be \"%s\"; it is one of: %s",
                                      option->name, optarg, option->values));
    return true;
}

bool ag_options_next(ag_options *o) {
    int index = 0;
    int letter = getopt_long(o->argc, o->argv, o->letters, o->names, &index);
    switch (letter) {
    case -1:
        o->operands = o->argv + optind;
        o->count = o->argc - optind;
        return false;
    case 0:
        return accept(o, o->options[index]);
    case ':':
        return stop(o, ag_usage_error(o->command, "%s needs a value", o->argv[optind - 1]));
    case '?':
        return unknown(o);
    default:
        return accept(o, by_letter(o, letter));
    }
}

bool ag_option_is(const ag_options *options, const char *name) {
    return strcmp(options->option->name, name) == 0;
}
