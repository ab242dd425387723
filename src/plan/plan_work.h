/** @file plan_work.h What the steps of a plan work on, and what they share. */
#ifndef AG_PLAN_WORK_H
#define AG_PLAN_WORK_H

#include "antegrade/plan.h"
#include "assessment.h"
#include "imagined.h"

struct ag_plan {
    ag_arena *arena;
    ag_plan_test *tests;
    int test_count;
    ag_plan_option *options;
    int option_count;
    ag_plan_planned *planned;
    int planned_count;
    ag_plan_source *sources;
    int source_count;
    ag_plan_child *children;
    int child_count;
    ag_plan_flag *flags;
    int flag_count;
    ag_plan_note *child_notes;
    int child_note_count;
};

enum { AG_MOST_WITHDRAWN = 4 };

/** A treatment for this man: a card, and for stop and switch the recorded cause it withdraws, with
 * those that go with it. */
typedef struct ag_candidate {
    int treatment;
    int withdrawn; /**< cause, or -1 */
    int also[AG_MOST_WITHDRAWN];
    int also_count;
    double semen, sperm; /**< probabilities */
    double burden;
    double utility;
    ag_plan_effect standing;
    ag_plan_option *option; /**< its item of the plan */
} ag_candidate;

typedef struct ag_solved_branch ag_solved_branch;

typedef struct ag_planning {
    ag_session *session;
    const ag_knowledge *knowledge;
    const ag_patient *patient;
    const ag_assessment *assessment;
    const ag_values *values;
    ag_plan_options options;
    ag_plan *plan;
    ag_arena *arena; /**< the plan's */
    ag_man_situation *man;
    int forward_volume, forward_sperm; /**< variables */
    ag_candidate *candidates;
    int candidate_count;
    const bool *withdrawn;     /**< [cause] imagined gone when criteria are judged; NULL: none */
    const bool *added;         /**< [cause] imagined present */
    const ag_posterior *today; /**< the man as he is, in all draws; `central` without intervals */
    ag_posterior central;      /**< the man as he is, at central values */
    ag_strata strata;          /**< the draws in which treated men are computed */
    ag_solved_branch *solved;  /**< outcomes of branches, computed so far */
    int focus;                 /**< the cause that is being withdrawn, or -1: of those that a … */
    ag_texts focus_groups;     /**< … treatment withdraws, rules speak of this one only */
    int effort;                /**< of what is judged, as ag_plan_effort; 0: of a visit */
    ag_error *error;
} ag_planning;

ag_status ag_plan_no_memory(ag_planning *p);

/** The patient, knowledge, situation and variables of a plan; its arena is `arena`. `options` may
 * be NULL. To be ended with ag_planning_end whatever the status. */
ag_status ag_planning_start(ag_planning *p, ag_session *session, const ag_patient *patient,
                            const ag_assessment *assessment, const ag_plan_options *options,
                            ag_arena *arena, ag_error *error);
void ag_planning_end(ag_planning *p);

ag_plan_text ag_plan_localized(ag_localized text);
ag_plan_text ag_plan_names(const ag_names *names);
const char *const *ag_plan_sources(ag_planning *p, ag_indices evidence, int *count);
void ag_plan_add_sources(const ag_planning *p, ag_indices evidence, ag_source_list *list);

/* ---- criteria (criteria.c) ---- */

/** The recorded fact of a cause that still acts; NULL when there is none. */
const ag_cause_fact *ag_plan_recorded(const ag_planning *p, int cause);

/** Whether a criterion holds; `because` (may be NULL) is set to what the record says. */
bool ag_plan_holds(const ag_planning *p, const ag_criterion *criterion, const char **because);
bool ag_plan_any(const ag_planning *p, const ag_criterion *criteria, int count,
                 const char **because);
bool ag_plan_all(const ag_planning *p, const ag_criterion *criteria, int count);

/** How much trouble an option is: -1 for ending or exchanging a medicine, else how invasive. */
int ag_plan_effort(ag_plan_option_kind kind, int invasive);

/** The notes of the rules that apply, and the standing that follows. False: out of memory. */
bool ag_plan_judge(ag_planning *p, const ag_rule *rules, int count, ag_plan_note **notes,
                   int *note_count, ag_plan_effect *standing);

/** Whether knowing the findings would lift all that comes first. */
bool ag_plan_would_free(const ag_planning *p, const ag_rule *rules, int count, ag_indices findings);

/* ---- how treatments turn out (responses.c) ---- */

enum { AG_MOST_TREATMENTS = 8, AG_MOST_RESTORED = 8, AG_MOST_BRANCHES = 32 };

/** What is imagined of a man: causes withdrawn or brought in, treatments given. */
typedef struct ag_imagination {
    int withdrawn[AG_MOST_TREATMENTS];
    int withdrawn_count;
    int added[AG_MOST_TREATMENTS]; /**< causes */
    int added_count;
    int variant; /**< 1 + the variant in which they act; 0: all, mixed by their shares */
    int treatments[AG_MOST_TREATMENTS];
    int treatment_count;
} ag_imagination;

/** The imagination of one candidate. */
ag_imagination ag_plan_imagination(const ag_planning *p, const ag_candidate *candidate);

/** A function that is brought back from some of its states. */
typedef struct ag_restoration {
    int function;
    uint8_t to[AG_MAX_STATES]; /**< [state]: what becomes of it */
} ag_restoration;

/** One way in which what is imagined can turn out. */
typedef struct ag_branch {
    const ag_imagination *imagined; /**< its causes; borrowed from the caller */
    ag_restoration restored[AG_MOST_RESTORED];
    int restored_count;
    double p[AG_DRAWS]; /**< P(branch) */
} ag_branch;

/** The branches of what is imagined, into `out` (room for AG_MOST_BRANCHES). `draws`:
 * AG_DRAWS, or 1 for central values. AG_ERROR_VALUE: too many different responses. */
ag_status ag_plan_branches(ag_planning *p, const ag_imagination *imagined, int draws,
                           ag_branch *out, int *count);

/** Whether two branches make the same of a man; their probabilities are not compared. */
bool ag_plan_same_branch(const ag_branch *a, const ag_branch *b);
bool ag_plan_changes_nothing(const ag_branch *branch);

/* ---- treated men (treated.c) ---- */

/** The man's situation with an imagined epoch in which a branch has come to pass, in `draws` draws
 * (AG_IMAGINED_DRAWS or 1) and with the observations of `base`; forward volume and forward sperm
 * are asked for in it. In `arena`; NULL when out of memory. */
ag_situation *ag_plan_treated(ag_planning *p, const ag_branch *branch, int draws,
                              const ag_situation *base, ag_arena *arena);

/** Forward volume and sperm of a treated man: [state][draw]. */
typedef struct ag_outcomes {
    int draws; /**< AG_DRAWS, or 1: central values */
    double volume[AG_MAX_STATES][AG_DRAWS];
    double sperm[AG_MAX_STATES][AG_DRAWS];
} ag_outcomes;

/** `intervals`: in all draws, else at central values. Where nothing changes they are exactly those
 * of today. */
ag_status ag_plan_outcomes(ag_planning *p, const ag_imagination *imagined, bool intervals,
                           ag_outcomes *out);
ag_estimate ag_plan_volume_estimate(ag_outcomes *outcomes, uint32_t states);
ag_estimate ag_plan_sperm_estimate(ag_outcomes *outcomes, uint32_t states);

/** The states that count as semen, usual volume, and sperm. */
typedef struct ag_outcome_states {
    uint32_t semen, usual_volume, sperm;
} ag_outcome_states;

ag_outcome_states ag_plan_outcome_states(const ag_planning *p);

/** The responses that count for this man, each with what is left for it of its functions' states.
 */
typedef struct ag_applied {
    const ag_response *response;
    uint32_t states[4]; /**< per restored function */
} ag_applied;

int ag_plan_applied(const ag_planning *p, const ag_response *responses, int count, ag_applied *out,
                    int most);

/** The bits of words among the states of a variable. */
uint32_t ag_plan_state_bits(const ag_knowledge *knowledge, int variable, ag_texts words);

/* ---- steps ---- */

/** Choose candidates and fill the options. */
ag_status ag_plan_make_options(ag_planning *p);
ag_status ag_plan_make_tests(ag_planning *p);

/** What to expect after what is planned; before the options, whose criteria may ask for it. */
ag_status ag_plan_make_planned(ag_planning *p);
ag_status ag_plan_make_child(ag_planning *p);
ag_status ag_plan_make_flags(ag_planning *p);

/** Burden of something by invasiveness, cost and days, on the scale of the values. */
double ag_plan_burden(const ag_values *values, int invasive, int cost, double days);

/** Weight of semen or sperm regained, by what the man wants. */
double ag_plan_semen_weight(const ag_planning *p);
double ag_plan_sperm_weight(const ag_planning *p);

/** How the retrieval of a treatment succeeds: [state of its variable] -> probability at `draw`, -1
 * for central values. */
void ag_plan_yields(const ag_planning *p, const ag_treatment *treatment, int draw, double *out);

#endif
