/**
 * @file verdict.h
 * From the rows of one patient to what is to be said of him. Men with the same facts share one
 * verdict, and men whose facts come to the same situation share one assessment.
 */
#ifndef AG_VERDICT_H
#define AG_VERDICT_H

#include "antegrade/assess.h"
#include "antegrade/screen.h"
#include "deletions.h"
#include "fact_row.h"

/** Why a patient is or is not reported. */
typedef enum ag_outcome {
    AG_OUTCOME_HIT,
    AG_OUTCOME_NOTHING,    /**< a man without anything of ours */
    AG_OUTCOME_WOMAN,      /**< no male anatomy, or it is not known */
    AG_OUTCOME_DEAD,       /**< */
    AG_OUTCOME_UNDER_AGE,  /**< */
    AG_OUTCOME_OUTSIDE,    /**< outside the intended use */
    AG_OUTCOME_BAD_BIRTH,  /**< his date of birth cannot be */
    AG_OUTCOME_NO_PERSON,  /**< there is no Patient resource of that id */
    AG_OUTCOME_IMPOSSIBLE, /**< his findings contradict each other under the model */
    AG_OUTCOMES
} ag_outcome;

enum { AG_VERDICT_CAUSES = 64 };

/** What is said of all men with the same facts. Borrowed until ag_verdicts_forget. */
typedef struct ag_verdict {
    ag_outcome outcome;
    double age_years;              /**< NaN when not known */
    ag_estimate risk;              /**< that any mechanism but `none` is there */
    const char *leading_id;        /**< id of the leading mechanism, or NULL */
    int causes[AG_VERDICT_CAUSES]; /**< recorded or planned ones that act */
    int cause_count;
    int since;      /**< the last day on which a hit began; INT_MIN: not known, INT_MAX: to come */
    unsigned steps; /**< bits of ag_screen_step */
    const char *json;      /**< members of his object between id and records */
    const char *csv;       /**< columns between id and records */
    const char *step_text; /**< the steps as one text */
} ag_verdict;

/** Threads that judge. */
enum { AG_MOST_JUDGES = 256 };

/** All verdicts; shared by threads. */
typedef struct ag_verdicts ag_verdicts;

/** All but `as_of` are borrowed; `setting` and `deletions` may be NULL. Caller frees with
 * ag_verdicts_free. */
ag_verdicts *ag_verdicts_new(const ag_engine *engine, int as_of, const char *setting,
                             const ag_deletions *deletions);
void ag_verdicts_free(ag_verdicts *verdicts);

/** Whether they take so much memory that they should be forgotten. */
bool ag_verdicts_crowded(ag_verdicts *verdicts);

/** Forget all that was found. No verdict may be in use. */
void ag_verdicts_forget(ag_verdicts *verdicts);

/** How many assessments were made. */
long long ag_verdicts_assessed(const ag_verdicts *verdicts);

/** One thread's scratch. */
typedef struct ag_judge ag_judge;
ag_judge *ag_judge_new(ag_verdicts *verdicts);
void ag_judge_free(ag_judge *judge);

/**
 * The verdict on the patient whose rows are given, in the order of their bytes; NULL where none of
 * them says anything. In `used`, which has room for one entry a row, it is noted which rows count:
 * not those of replaced versions. Where another thread is at the assessment that he needs, `busy`
 * is set and there is no verdict yet; NULL: wait for it. AG_ERROR_SYNTAX (rows that cannot be),
 * AG_ERROR_MEMORY.
 */
ag_status ag_judge_man(ag_judge *judge, const ag_fact_row *rows, int count, bool *used, bool *busy,
                       const ag_verdict **out, ag_error *error);

#endif
