/**
 * @file sorter.h
 * Lines (without NUL) sorted by their bytes, in a fixed amount of memory:
 * what does not fit is sorted in pieces into temporary files. Several sorters and files of sorted
 * lines are merged into one stream.
 */
#ifndef AG_SORTER_H
#define AG_SORTER_H

#include <stdio.h>

#include "fault.h"

typedef struct ag_sorter ag_sorter;

/**
 * A sorter that keeps at most about `memory` bytes; temporary files lie in `folder` (NULL: TMPDIR,
 * else /tmp) without a name. Caller frees with ag_sorter_free. NULL when out of memory.
 */
ag_sorter *ag_sorter_new(size_t memory, const char *folder);
void ag_sorter_free(ag_sorter *sorter);

/** Add a copy of a line without its end. AG_ERROR_IO, AG_ERROR_MEMORY. */
ag_status ag_sorter_add(ag_sorter *sorter, const char *line, size_t length, ag_error *error);

/** Sort what is held now, so that a merge need not. */
void ag_sorter_sort(ag_sorter *sorter);

/** A stream of lines in order. */
typedef struct ag_merge ag_merge;

/** An empty stream; caller frees with ag_merge_free. NULL when out of memory. */
ag_merge *ag_merge_new(void);
void ag_merge_free(ag_merge *merge);

/** Take part with all lines of the sorter, which must not be added to or freed before the merge. */
ag_status ag_merge_add_sorter(ag_merge *merge, ag_sorter *sorter, ag_error *error);

/** Take part with the sorted lines of an open file from here on, up to `most` of them; `file` is
 * borrowed, `name` is for messages. */
ag_status ag_merge_add_file(ag_merge *merge, FILE *file, const char *name, long long most,
                            ag_error *error);

/**
 * The next line, NUL behind it, borrowed until the call after the next, so that it can be compared
 * with the one that follows. `*line` is NULL at the end. AG_ERROR_IO, AG_ERROR_SYNTAX (a file that
 * is not sorted), AG_ERROR_MEMORY.
 */
ag_status ag_merge_next(ag_merge *merge, const char **line, size_t *length, ag_error *error);

#endif
