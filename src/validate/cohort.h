/**
 * @file cohort.h
 * Published counts: in so many men of a kind, so many had this. A table (CSV) whose columns are
 * described in validation/README.md.
 */
#ifndef AG_COHORT_H
#define AG_COHORT_H

#include "resolved.h"

typedef struct ag_cohort {
    const char *path;
    int line;
    const char *id;
    const ag_node *population; /**< part of a case: what all of these men have */
    const ag_node *event;      /**< part of a case: what is counted; or NULL, and then … */
    ag_indices mechanisms;     /**< … any of these mechanisms, or … */
    const char *treatment;     /**< … this response (or yield) of a treatment; NULL for none */
    const char *response;
    int events, total;
    ag_texts leave_out; /**< ids of evidence records of the same study */
    ag_publication source;
    const char *note;
} ag_cohort;

typedef struct ag_cohort_list {
    const ag_cohort *items;
    int count;
} ag_cohort_list;

/** Read the tables of those paths, one after the other; everything is in `arena`. Messages carry
 * file and line. */
ag_status ag_cohorts_read(ag_cohort_list *out, ag_arena *arena, const ag_knowledge *knowledge,
                          const ag_texts *paths, ag_error *error);

/** One table from `length` bytes of text, which must live as long; `path` is what messages name. */
ag_status ag_cohorts_parse(ag_cohort_list *out, ag_arena *arena, const ag_knowledge *knowledge,
                           const char *path, const char *text, size_t length, ag_error *error);

#endif
