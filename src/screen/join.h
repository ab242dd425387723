/**
 * @file join.h
 * The second half of screening: a stream of sorted rows to what is said of each man, in order, and
 * the summary of all.
 */
#ifndef AG_JOIN_H
#define AG_JOIN_H

#include "antegrade/screen.h"
#include "screen_summary.h"
#include "sorter.h"
#include "verdict.h"

/** Who is reported. */
typedef struct ag_selection {
    double risk_least;
    int cause;         /**< index, or -1 */
    const char *group; /**< any cause of this group; or NULL */
    double age_from, age_to;
    int since; /**< day, or INT_MIN */
    int part, parts;
} ag_selection;

typedef struct ag_join_options {
    const ag_engine *engine;
    const ag_vocabulary *vocabulary;
    int as_of;
    const char *setting;
    int threads;
    size_t memory;
    const char *folder;
    ag_screen_format format;
    ag_selection selection;
} ag_join_options;

/** Join the rows of `merge` and write the men to `out`. AG_ERROR_IO, AG_ERROR_SYNTAX (rows that
 * cannot be), AG_ERROR_MEMORY. */
ag_status ag_join(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                  const ag_join_options *options, ag_error *error);

#endif
