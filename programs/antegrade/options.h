/**
 * @file options.h
 * Reading a command's options, as its entry in the table of commands lists them.
 *
 *     ag_options options;
 *     ag_options_start(&options, "assess", argc, argv);
 *     while (ag_options_next(&options)) {
 *         if (ag_option_is(&options, "format"))
 *             format = options.value;
 *     }
 *     if (options.over)
 *         return options.status;
 *     for (int i = 0; i < options.count; i++)
 *         read(options.operands[i]);
 */
#ifndef AG_OPTIONS_H
#define AG_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "antegrade/error.h"
#include "commands.h"

enum { AG_OPTIONS_MOST = 40 };

/** The state of reading; all text in it is borrowed from argv and the table. */
typedef struct ag_options {
    const ag_command *command;
    const ag_option *option; /**< the option just read */
    const char *value;       /**< its argument, or NULL when it takes none */
    bool over;               /**< the command is to return `status` at once */
    ag_exit status;
    char **operands; /**< after the last option: what is not an option */
    int count;       /**< of operands */

    int argc;
    char **argv;
    const ag_option *options[AG_OPTIONS_MOST];
    struct option names[AG_OPTIONS_MOST + 1];
    char letters[2 * AG_OPTIONS_MOST + 2];
} ag_options;

/** Begin to read the options of the command `name`, which must be in the table. */
void ag_options_start(ag_options *options, const char *name, int argc, char **argv);

/**
 * Read the next option; false after the last one, and after --help or a mistake. These have then
 * been answered (the help on standard output, the mistake on standard error), and `over` is set.
 */
bool ag_options_next(ag_options *options);

/** Whether the option just read is that of this long name, which must be in the table. */
bool ag_option_is(const ag_options *options, const char *name);

/** Say on standard error what is wrong with what was read: where (`what` where the error does not
 * know it) and how to mend it. */
void ag_print_error(const char *what, const ag_error *error);

/**
 * Say on standard error what is wrong with the command line, and where its help stands. Returns
 * AG_EXIT_USAGE. `command` may be NULL.
 */
ag_exit ag_usage_error(const ag_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
