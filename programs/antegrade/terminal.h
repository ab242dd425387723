/**
 * @file terminal.h
 * What the terminal can show: its width, whether it is to be coloured, and progress.
 */
#ifndef AG_TERMINAL_H
#define AG_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** Columns to write in: COLUMNS where it is set, else the terminal's, else 80; at least 40. */
int ag_terminal_width(FILE *stream);

/**
 * Whether to colour `stream`. `when` is "always", "never" or "auto" (NULL means auto): auto colours
 * a terminal unless NO_COLOR is set and not empty, or TERM is "dumb".
 */
bool ag_terminal_color(FILE *stream, const char *when);

/** Print words on standard output, wrapped at `width` columns, and end the line. The first line
 * goes on where the caller has written `indent` columns; further lines are indented as much. */
void ag_terminal_words(const char *text, int indent, int width);

/** A line of progress on standard error; nothing is shown where that is not a terminal. */
typedef struct ag_progress {
    const char *what;
    size_t total;
    int shown; /**< permille on the screen; negative: nothing is */
    bool quiet;
} ag_progress;

/** Begin; `what` is borrowed until the end, `total` > 0 is the number of steps. */
void ag_progress_start(ag_progress *progress, const char *what, size_t total, bool quiet);

/** Show that `done` steps of the total are done. */
void ag_progress_at(ag_progress *progress, size_t done);

/** Clear the line. */
void ag_progress_end(ag_progress *progress);

#endif
