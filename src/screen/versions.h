/**
 * @file versions.h
 * Of several versions of a resource the latest counts, also where it says nothing of ours. All that
 * is kept of one that says nothing is a number of its type and id, and when it was updated: without
 * a date none is earlier, and of one time what says something counts.
 */
#ifndef AG_VERSIONS_H
#define AG_VERSIONS_H

#include "fact_row.h"
#include "sorter.h"

typedef struct ag_deletions ag_deletions;

/** How many versions may share a row, and the digits of one in its text: of the resource and of the
 * time, in hexadecimal. */
enum { AG_SILENT_MOST = 512, AG_SILENT_DIGITS = 32 };

/** Versions of one patient's resources that say nothing and follow each other in the input. */
typedef struct ag_silent_run {
    ag_arena *arena; /* of the patient's id and the row */
    const char *patient;
    struct ag_silent_version {
        uint64_t resource;
        int64_t updated;
    } list[AG_SILENT_MOST];
    int count;
} ag_silent_run;

/**
 * Add a version of the resource `type`/`id` of a patient; those of another one go to `sorter`
 * first. Nothing is added where it has no id (NULL) or `updated` (may be NULL) is no instant.
 * AG_ERROR_IO, AG_ERROR_MEMORY.
 */
ag_status ag_silent_add(ag_silent_run *run, const char *patient, size_t patient_length,
                        const char *type, const char *id, const char *updated, ag_sorter *sorter,
                        ag_error *error);

/** The versions that are held go to `sorter` as a row. */
ag_status ag_silent_flush(ag_silent_run *run, ag_sorter *sorter, ag_error *error);

/**
 * Note in `used` which of a patient's rows, in the order of their bytes, count, and in `any`
 * whether there is one: not what is among `deletions`, which may be NULL. False when out of memory,
 * which comes from `arena`.
 */
bool ag_versions_choose(const ag_fact_row *rows, int count, const ag_deletions *deletions,
                        ag_arena *arena, bool *used, bool *any);

#endif
