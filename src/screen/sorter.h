/**
 * @file sorter.h
 * Lines (without NUL) sorted by their bytes, in a fixed amount of memory:
 * what does not fit is sorted in pieces into temporary files.
 */
#ifndef AG_SORTER_H
#define AG_SORTER_H

#include "merge.h"

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

/** Take part with all lines of the sorter, which must not be added to or freed before the merge. */
ag_status ag_merge_add_sorter(ag_merge *merge, ag_sorter *sorter, ag_error *error);

#endif
