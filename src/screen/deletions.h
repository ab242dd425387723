/**
 * @file deletions.h
 * What an export tells to be deleted: resources by type and id, and when. It withdraws all versions
 * up to then, wherever they stand.
 */
#ifndef AG_DELETIONS_H
#define AG_DELETIONS_H

#include <stdbool.h>

#include "line_reader.h"

typedef struct ag_deletions ag_deletions;

/** Caller frees with ag_deletions_free. NULL when out of memory. */
ag_deletions *ag_deletions_new(void);
void ag_deletions_free(ag_deletions *deletions);

/** Add the deletion of `resource` ("Condition/17"); `updated` is the instant, or "" where it is not
 * known: after all versions. At most 64 bytes are kept. False when out of memory. */
bool ag_deletions_add(ag_deletions *deletions, const char *resource, const char *updated);

/** Whether a version of `resource`, updated at that instant (or "": before all others), is deleted.
 * `deletions` may be NULL. */
bool ag_deletions_have(const ag_deletions *deletions, const char *resource, const char *updated);

/** The deletions that a Bundle tells of become rows; those that name no resource by type and id are
 * counted as not carried out, and those of a history hold within it. AG_ERROR_IO,
 * AG_ERROR_MEMORY. */
ag_status ag_rows_of_deletions(ag_line_reader *reader, const ag_json_value *bundle);

#endif
