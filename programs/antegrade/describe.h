/**
 * @file describe.h
 * The table of commands written out: help for people, the man page, completions for shells. All go
 * to standard output.
 */
#ifndef AG_DESCRIBE_H
#define AG_DESCRIBE_H

#include <stdbool.h>

#include "commands.h"

/** The help of the whole program. */
void ag_help_program(void);

/** The help of one command. */
void ag_help_command(const ag_command *command);

/** The table as "mdoc" (the man page's section on commands) or as a completion for "bash", "zsh" or
 * "fish". False when `form` is none of these. */
bool ag_describe(const char *form);

#endif
