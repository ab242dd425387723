/**
 * @file merge.h
 * Several runs of sorted lines as one stream: lines in memory, and open files. The stream is read
 * line by line, or cut into parts, which threads read each by itself.
 */
#ifndef AG_MERGE_H
#define AG_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fault.h"

/** A line in memory, NUL behind it. */
typedef struct ag_line {
    uint64_t prefix; /**< of use to who sorts lines */
    char *text;
    size_t length;
} ag_line;

/** A stream of lines in order. */
typedef struct ag_merge ag_merge;

/** An empty stream; caller frees with ag_merge_free. NULL when out of memory. */
ag_merge *ag_merge_new(void);
void ag_merge_free(ag_merge *merge);

/** Take part with sorted lines, which are borrowed. AG_ERROR_MEMORY. */
ag_status ag_merge_add_lines(ag_merge *merge, const ag_line *lines, size_t count, ag_error *error);

/** Take part with the sorted lines of an open file from here on, up to `most` of them; `file` is
 * borrowed, `name` is for messages. AG_ERROR_IO, AG_ERROR_MEMORY. */
ag_status ag_merge_add_file(ag_merge *merge, FILE *file, const char *name, long long most,
                            ag_error *error);

/**
 * The next line, NUL behind it, borrowed until the call after the next, so that it can be compared
 * with the one that follows. `*line` is NULL at the end. AG_ERROR_IO, AG_ERROR_SYNTAX (a file that
 * is not sorted), AG_ERROR_MEMORY.
 */
ag_status ag_merge_next(ag_merge *merge, char **line, size_t *length, ag_error *error);

/** The same line as the next call of ag_merge_next gives, as long as nothing is added. */
ag_status ag_merge_peek(ag_merge *merge, char **line, size_t *length, ag_error *error);

/**
 * Move the next lines, at least one and about `most`, from `merge` to `part`, which gives up what
 * it has; none where there are no more. They are of one class (their first byte), and all of one
 * key (ag_row_key) stay together. Lines of `part` stay where they are, and each may be overwritten
 * once the next was given. Errors as ag_merge_next.
 */
ag_status ag_merge_cut(ag_merge *merge, size_t most, ag_merge *part, ag_error *error);

#endif
