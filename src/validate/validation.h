/** @file validation.h The scores of a folder of cases and counts, and how they are made. */
#ifndef AG_VALIDATION_H
#define AG_VALIDATION_H

#include "belief.h"
#include "cohort.h"
#include "flow_chart.h"
#include "number_list.h"
#include "resolved.h"
#include "scoring.h"
#include "sheet.h"

enum { AG_EVENTS = 64 }; /**< most mechanisms that are scored */

/** Who gives the probabilities. */
typedef enum ag_forecaster { AG_MODEL, AG_BASE_RATES, AG_CHART, AG_FORECASTERS } ag_forecaster;

/** Probabilities of the events of one case: event 0 is its known diagnosis (any of the mechanisms
 * that are right), each other event one of the other mechanisms that are scored. */
typedef struct ag_forecast {
    double p[AG_EVENTS];
    bool top1, top2; /**< the known diagnosis is first, or among the first two */
    double log, brier;
} ag_forecast;

typedef struct ag_case_result {
    const ag_resolved *resolved;
    int event_count;
    int mechanism_of[AG_EVENTS]; /**< event 1 and on: index of the mechanism */
    ag_forecast by[AG_FORECASTERS];
    double known_low, known_high; /**< of the known diagnosis, 5th to 95th centile */
    int leading;                  /**< the mechanism that the model holds most probable */
    double leading_p;
    const char *chart_step; /**< name of the step that answered; NULL: none */
    bool has_settled;       /**< the held back findings could be entered too */
    double settled_p;       /**< then: of the known diagnosis */
    bool settled_top1;
    int stood_in; /**< numbers in use that rested on the same study, replaced by their kind's */
    int shaped;   /**< numbers in use that rest on it for want of a kind */
    const char *unused; /**< what of the case is not used; NULL: nothing */
} ag_case_result;

typedef struct ag_cohort_result {
    const ag_cohort *cohort;
    double mean;
    ag_predicted predicted;
    bool covered;
    double mean_in_use; /**< the same with its own study: what the model says today */
    bool covered_in_use;
    int left_out;         /**< evidence records of the same study */
    int stood_in, shaped; /**< as of a case */
} ag_cohort_result;

/** A finding that moved a case that was missed. */
typedef struct ag_miss_finding {
    const char *text;
    double for_leading; /**< log odds, as ag_finding_result.weight */
    double for_known;   /**< NaN where the known diagnosis is not among the leading ones */
} ag_miss_finding;

typedef struct ag_miss {
    const ag_case_result *result;
    const ag_miss_finding *findings;
    int finding_count;
} ag_miss;

enum { AG_MISSES = 5, AG_BINS = 7 };
extern const double ag_bin_edges[AG_BINS + 1];

typedef struct ag_bin {
    int count, happened;
    double mean; /**< of the probabilities in it */
} ag_bin;

typedef struct ag_summary {
    ag_scored top1, top2, log, brier;
    ag_scored log_less, brier_less; /**< how much less than the model's: model less this one */
} ag_summary;

struct ag_stress;

struct ag_validation {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    const char *folder;
    const char *cards;
    ag_flow_chart chart;
    bool has_chart;
    ag_case_result *cases;
    int case_count;
    ag_cohort_result *cohorts;
    int cohort_count;
    ag_summary summary[AG_FORECASTERS];
    ag_bin bins[AG_BINS];
    ag_miss misses[AG_MISSES];
    int miss_count;
    const struct ag_stress *stress; /**< NULL: not asked for */
};

/** A knowledge without the studies of one publication. */
typedef struct ag_without {
    const char *key; /**< the ids that are left out, joined */
    ag_texts ids;
    ag_knowledge *knowledge; /**< NULL: nothing had to be left out */
    ag_believer believer;
    ag_number_list numbers; /**< of what it knows */
    struct ag_without *next;
} ag_without;

typedef struct ag_validating {
    ag_validation *result;
    ag_arena *arena;
    ag_without *pool;
    ag_error *error;
} ag_validating;

/** The knowledge without the study of `source` and without the records of `ids`. */
ag_status ag_validating_without(ag_validating *v, const ag_publication *source, const ag_texts *ids,
                                ag_without **out);
void ag_validating_close(ag_validating *v);

/** Forget what was asked for before; to be called before a case or a count is predicted. */
ag_status ag_without_forget(ag_without *without, ag_error *error);

/** How many of the numbers asked for since then rested on a left out record and are stood in for by
 * their kind; and how many still rest on it, as they have no kind. */
void ag_without_used(const ag_without *without, int *stood_in, int *shaped);

/* The steps (validation_cases.c, validation_cohorts.c, validation_summary.c). */
ag_status ag_validate_cases(ag_validating *v, const ag_resolved_list *cases);
ag_status ag_validate_cohorts(ag_validating *v, const ag_cohort_list *cohorts);
ag_status ag_validate_summary(ag_validating *v);

/** The reliability diagram, in `arena`; NULL when out of memory. */
const char *ag_reliability_svg(const ag_validation *validation, ag_arena *arena);

/** English name, and id, of a mechanism. */
const char *ag_mechanism_name(const ag_knowledge *knowledge, int mechanism);
const char *ag_mechanism_id(const ag_knowledge *knowledge, int mechanism);

/** The names of several, joined by "or"; in `arena`. */
const char *ag_mechanism_names(const ag_knowledge *knowledge, ag_indices list, ag_arena *arena);

/** The sheet of a validation (validation_sheet.c). */
void ag_validation_sheet(ag_sheet *sheet, const ag_validation *validation);
/** The same for programs (validation_json.c). */
ag_status ag_validation_json(const ag_validation *validation, char **out, ag_error *error);

#endif
