/** @file judging.h Threads that judge all patients of a merge; the result does not depend on how
 * many they are. */
#ifndef AG_JUDGING_H
#define AG_JUDGING_H

#include "deletions.h"
#include "join.h"

/** Write what is said of the patients, whose rows are all that is left of the merge, to `out` in
 * their order, and sum it up. What is among `deletions` does not count. AG_ERROR_IO,
 * AG_ERROR_SYNTAX (rows that cannot be), AG_ERROR_MEMORY. */
ag_status ag_judge_patients(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                            const ag_join_options *options, const ag_deletions *deletions,
                            ag_error *error);

#endif
