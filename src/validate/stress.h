/**
 * @file stress.h
 * Which single number, moved, changes what a case is held to be: assumptions to the ends of their
 * intervals, and pooled numbers to what one of their conflicting sources says alone.
 */
#ifndef AG_STRESS_H
#define AG_STRESS_H

#include "number_list.h"
#include "resolved.h"
#include "sheet.h"

/** One number moved to one value, and what that changes in one case. */
typedef struct ag_stress_move {
    const char *case_id;
    ag_number at;
    double from, to;
    const char *because; /**< the source that says so alone; NULL: an end of its interval */
    int leading_before, leading_after; /**< mechanisms */
    double p_before, p_after;          /**< of the one that led before */
} ag_stress_move;

/** A number whose sources disagree more than chance allows. */
typedef struct ag_conflict {
    ag_number at;
    double phi; /**< Pearson's chi-square by its degrees of freedom */
    double pooled;
    const ag_evidence *lowest, *highest; /**< of its sources */
    int changes; /**< cases in which one of them alone would lead elsewhere */
} ag_conflict;

typedef struct ag_stress {
    const ag_stress_move *moves;
    int move_count;
    const ag_conflict *conflicts;
    int conflict_count;
    int case_count, assumption_count, tried; /**< how much was tried */
    int right; /**< cases in which the known mechanism leads, at central values */
} ag_stress;

/** Try every number on every case. The result is in `arena`. */
ag_status ag_stress_of(const ag_stress **out, ag_arena *arena, const ag_knowledge *knowledge,
                       const ag_resolved_list *cases, ag_error *error);

/** Add what was found to a sheet. */
void ag_stress_sheet(ag_sheet *sheet, const ag_stress *stress, const ag_knowledge *knowledge);

#endif
