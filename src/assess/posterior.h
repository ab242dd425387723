/**
 * @file posterior.h
 * One network of one man with its evidence entered and answered.
 */
#ifndef AG_POSTERIOR_H
#define AG_POSTERIOR_H

#include "antegrade/assess.h"
#include "clinical_network.h"
#include "man_situation.h"

typedef struct ag_posterior {
    ag_clinical_network *clinical;
    ag_program *program; /* NULL once closed to questions */
    ag_query *query;
    int draw_count;
    double log_evidence[AG_DRAWS]; /* of the findings, in each draw */
    int possible_count;            /* draws in which the findings are possible */
    const double *answers;         /* marginals of the last run: the query's, or those kept */
    double *kept;                  /* of a query that is freed */
    size_t *offset;                /* by node: its first answer */
    double *raised; /* [background]: see ag_clinical_network_raised, in the last run */
} ag_posterior;

/** Build, compile, enter the evidence and run. `out` is freed with ag_posterior_close whatever the
 * status. */
ag_status ag_posterior_open(ag_posterior *out, const ag_knowledge *knowledge,
                            const ag_situation *situation, int draw_count,
                            ag_parameter_cache *cache, ag_error *error);

/** The same, not yet run, and for questions to its query only: no answers are kept. */
ag_status ag_posterior_prepare(ag_posterior *out, const ag_knowledge *knowledge,
                               const ag_situation *situation, int draw_count,
                               ag_parameter_cache *cache, ag_error *error);

/** Run with the evidence as it is now, and keep the answers. */
ag_status ag_posterior_run(ag_posterior *posterior, ag_error *error);

/** Free what only further questions need; the answers can still be read. */
void ag_posterior_settle(ag_posterior *posterior);

void ag_posterior_close(ag_posterior *posterior);

/** P(node = state) of the last run, [states][draws], borrowed until the next one. */
const double *ag_posterior_marginal(const ag_posterior *posterior, int node);

/**
 * P(mechanism today) in each possible draw, into `values` (room for AG_DRAWS); their number is
 * returned in `count`: 0 where the mechanism does not apply (no sample). A conjunction is answered
 * as P(findings and it) / P(findings).
 */
ag_status ag_posterior_mechanism(ag_posterior *posterior, const ag_knowledge *knowledge,
                                 int mechanism, double *values, int *count, ag_error *error);

/** P(findings and what was entered since) / P(findings) in each possible draw. */
ag_status ag_posterior_share(ag_posterior *posterior, double *values, int *count, ag_error *error);

/** P(any link of the cause does something that counts) = 1 - P(findings and none does) /
 * P(findings). */
ag_status ag_posterior_effect(ag_posterior *posterior, int cause, ag_estimate *out,
                              ag_error *error);

/** P(node in one of `states`) of the last run in each possible draw, `states` with a bit per state,
 * into `out` (room for AG_DRAWS). Returns their number. */
int ag_posterior_draws(const ag_posterior *posterior, int node, uint32_t states, double *out);

/** What is known of one link: P(its state) and P(it does something that counts) in each draw, 0 in
 * those in which the findings are impossible. */
typedef struct ag_link_posterior {
    double states[AG_MAX_STATES][AG_DRAWS];
    double effect[AG_DRAWS]; /**< read only where it is a part */
    int state_count;         /**< of its function */
    bool has_effect;         /**< something tells that it does something that counts */
    bool effect_is_part;     /**< a node of its own tells: not each failure need count */
} ag_link_posterior;

/** Of link `index` of the network, in the last run. */
void ag_posterior_link(const ag_posterior *posterior, int index, ag_link_posterior *out);

/** At least the mean of P(link `index` fails), and quickly. */
double ag_posterior_link_bound(const ag_posterior *posterior, int index);

/** P(the link is in one of `states`), or P(effect), in each possible draw, into `out` (room for
 * AG_DRAWS). Returns their number. */
int ag_link_draws(const ag_posterior *posterior, const ag_link_posterior *link, uint32_t states,
                  double *out);
int ag_effect_draws(const ag_posterior *posterior, const ag_link_posterior *link, double *out);

/** Mean over the possible draws of log P(evidence). */
double ag_posterior_log_evidence(const ag_posterior *posterior);

/** Mean and 5th to 95th centile (linear interpolation) of `count` values, whose order changes. */
ag_estimate ag_estimate_of(double *values, int count);

#endif
