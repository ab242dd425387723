/**
 * @file assess.h
 * The assessment of one man: which mechanisms, which causes, why, and what cannot be told apart.
 *
 *     ag_engine *engine;
 *     ag_engine_new(&engine, ag_knowledge_builtin(), NULL);
 *     ag_session *session;
 *     ag_session_new(&session, engine, NULL);                  // one per thread
 *     ag_assessment *assessment;
 *     ag_assess(&assessment, session, patient, NULL, NULL);
 *     const ag_mechanism_result *first = ag_assessment_mechanism(assessment, 0);
 *     printf("%s %.0f %%\n", first->name, 100 * first->probability.value);
 *
 * An engine is read only once made and may be shared by all threads; a session is one thread's
 * scratch memory. Probabilities are means over 256 draws of the model's uncertain numbers,
 * intervals their 5th to 95th centiles.
 */
#ifndef ANTEGRADE_ASSESS_H
#define ANTEGRADE_ASSESS_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/error.h"
#include "antegrade/knowledge.h"
#include "antegrade/patient.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_engine ag_engine;
typedef struct ag_session ag_session;
typedef struct ag_assessment ag_assessment;

/** A number between 0 and 1 with its interval (5th to 95th centile of the draws). */
typedef struct ag_estimate {
    double value;
    double low;
    double high;
} ag_estimate;

/** One mechanism. Mechanisms overlap: their probabilities do not sum to 1. */
typedef struct ag_mechanism_result {
    const char *id;
    const char *name; /**< English; ag_knowledge has the other languages */
    ag_estimate probability;
} ag_mechanism_result;

/** One cause: the probability that it brings about one of the most probable mechanisms. */
typedef struct ag_cause_result {
    const char *id;
    const char *name;
    const char *recorded;  /**< as written in the record; NULL when the record is silent */
    const char *mechanism; /**< id of the mechanism that it most likely brings about */
    ag_estimate probability;
    /** The probability that the leading mechanism would be there without it; value NaN when not
     * computed. */
    ag_estimate without;
    const char *const *sources; /**< ids of the evidence records that its effect rests on */
    int source_count;
} ag_cause_result;

/** A failure that takes no semen away and that no mechanism names (a late orgasm, few sperm), where
 * it is more likely than not. */
typedef struct ag_beside_result {
    const char *function; /**< id */
    const char *state;    /**< id */
    const char *text_en;
    const char *text_es;
    ag_estimate probability;
    const char *cause;             /**< id of the most probable cause of it; NULL where none is
                                        above 10 % */
    ag_estimate cause_probability; /**< that this cause brings it about */
} ag_beside_result;

enum { AG_LEADING_MECHANISMS = 3 };

/** One finding that was used. */
typedef struct ag_finding_result {
    const char *id;
    const char *name;
    const char *text;  /**< as a reader should see it */
    const char *where; /**< place in the input */
    /**
     * Weight of evidence for each leading mechanism: natural logarithm of the factor by which this
     * finding, added last, multiplies the odds. Positive speaks for, negative against.
     */
    double weight[AG_LEADING_MECHANISMS];
    /** P(this finding | all others) at central values of all numbers; NaN for quantities, for the
     * onset, and when not computed. Small: it surprises, and should be checked. */
    double expected;
    const char *const *sources; /**< ids of the evidence records that its likelihood rests on */
    int source_count;
} ag_finding_result;

/** Two mechanisms that the findings cannot separate. */
typedef struct ag_unresolved_result {
    const char *mechanism[2];        /**< ids, the more probable first */
    ag_estimate probability;         /**< of either */
    const char *const *separated_by; /**< ids of findings that would tell and are not known yet */
    int separated_by_count;
    bool same_plan;      /**< what to do meanwhile does not depend on it */
    const char *text_en; /**< what would tell; NULL when that was done */
    const char *text_es;
} ag_unresolved_result;

/** A finding that is usual in the leading mechanism and of which the record says nothing. */
typedef struct ag_expected_result {
    const char *id;
    const char *name;
    const char *mechanism;
} ag_expected_result;

/** Ways that his semen can go. Forward means that he would see it: a visible volume. */
typedef enum ag_semen_route {
    AG_SEMEN_FORWARD,
    AG_SEMEN_SPLIT, /**< partly into the bladder, and a visible volume forward */
    AG_SEMEN_BACKWARD,
    AG_SEMEN_RETAINED, /**< held in the urethra */
    AG_SEMEN_NONE,     /**< none is emitted, or no more than a trace that goes forward */
    AG_SEMEN_ROUTES
} ag_semen_route;

typedef struct ag_assess_options {
    size_t size;  /**< sizeof(ag_assess_options), set by the defaults */
    bool explain; /**< weights of findings, counterfactuals, unresolved groups; default true */
    bool brief;   /**< the mechanisms and the causes only, without their sources: nothing else is
                       listed, routes are not numbers, `explain` is not asked; default false */
} ag_assess_options;

ag_assess_options ag_assess_options_defaults(void);

/**
 * An engine for `knowledge`, borrowed until the engine is freed, or for the knowledge in the
 * program when NULL. Caller frees with ag_engine_free. AG_ERROR_ARGUMENT: NULL where no knowledge
 * was compiled in.
 */
ag_status ag_engine_new(ag_engine **out, const ag_knowledge *knowledge, ag_error *error);

/** Free the engine; its sessions must be freed before. NULL is allowed. */
void ag_engine_free(ag_engine *engine);

/** The engine's knowledge, borrowed until the engine is freed. */
const ag_knowledge *ag_engine_knowledge(const ag_engine *engine);

/** Scratch memory of one thread; caller frees with ag_session_free. */
ag_status ag_session_new(ag_session **out, const ag_engine *engine, ag_error *error);
void ag_session_free(ag_session *session);

/**
 * Assess a patient (read with the same knowledge). `options` may be NULL. The assessment borrows
 * from the patient and the knowledge, which must outlive it. Caller frees with ag_assessment_free.
 * AG_ERROR_IMPOSSIBLE: the findings contradict each other under the model; the message names a
 * minimal set of them.
 */
ag_status ag_assess(ag_assessment **out, ag_session *session, const ag_patient *patient,
                    const ag_assess_options *options, ag_error *error);

void ag_assessment_free(ag_assessment *assessment);

/* Results, sorted by probability; `i` from 0 to the count less 1. Borrowed until the assessment is
 * freed. */
int ag_assessment_mechanism_count(const ag_assessment *assessment);
const ag_mechanism_result *ag_assessment_mechanism(const ag_assessment *assessment, int i);
int ag_assessment_cause_count(const ag_assessment *assessment);
const ag_cause_result *ag_assessment_cause(const ag_assessment *assessment, int i);
int ag_assessment_finding_count(const ag_assessment *assessment);
const ag_finding_result *ag_assessment_finding(const ag_assessment *assessment, int i);
int ag_assessment_beside_count(const ag_assessment *assessment);
const ag_beside_result *ag_assessment_beside(const ag_assessment *assessment, int i);
/** Findings of days on which other causes acted than today, where there are too many such days to
 * compute with: as a reader should see them, and `where` they stand in the input. Borrowed from the
 * patient. */
int ag_assessment_left_out_count(const ag_assessment *assessment);
const char *ag_assessment_left_out(const ag_assessment *assessment, int i, const char **where);
int ag_assessment_unresolved_count(const ag_assessment *assessment);
const ag_unresolved_result *ag_assessment_unresolved(const ag_assessment *assessment, int i);
int ag_assessment_expected_count(const ag_assessment *assessment);
const ag_expected_result *ag_assessment_expected(const ag_assessment *assessment, int i);

/** Number of leading mechanisms (0 to AG_LEADING_MECHANISMS): the most probable ones other than
 * `none`. */
int ag_assessment_leading_count(const ag_assessment *assessment);
const ag_mechanism_result *ag_assessment_leading(const ag_assessment *assessment, int i);

/** The probability that his semen goes this way at his next orgasm, today; value NaN where the
 * knowledge has no variable `route`. The five sum to 1: with R the route and V = "a visible volume
 * comes forward" (`forward-volume` scant, low or usual, as in the plan's semen forward),
 *
 *     forward  = P(R = forward, V)
 *     split    = P(R = split, V)
 *     backward = P(R = backward) + P(R = split, not V) / 2
 *     retained = P(R = retained)
 *     none     = P(R = none) + P(R = forward, not V) + P(R = split, not V) / 2. */
ag_estimate ag_assessment_route(const ag_assessment *assessment, ag_semen_route route);

/** Mean over the draws of log P(findings): natural logarithm. */
double ag_assessment_log_evidence(const ag_assessment *assessment);

/** Ids of the evidence records that numbers used here rest on, most used first. */
int ag_assessment_source_count(const ag_assessment *assessment);
const char *ag_assessment_source(const ag_assessment *assessment, int i);

#ifdef __cplusplus
}
#endif
#endif
