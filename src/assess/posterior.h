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
    ag_program *program;
    ag_query *query;
    int draw_count;
    double log_evidence[AG_DRAWS]; /* of the findings, in each draw */
    bool fresh; /* the query holds the answers to the findings, and to nothing else */
} ag_posterior;

/** Build, compile, enter the evidence and run. `out` is freed with ag_posterior_close whatever the
 * status. */
ag_status ag_posterior_open(ag_posterior *out, const ag_knowledge *knowledge,
                            const ag_situation *situation, int draw_count,
                            ag_parameter_cache *cache, ag_error *error);

void ag_posterior_close(ag_posterior *posterior);

/** Run the query again where its answers were lost. */
ag_status ag_posterior_refresh(ag_posterior *posterior, ag_error *error);

/**
 * P(mechanism today) in each possible draw, into `values` (room for AG_DRAWS); their number is
 * returned in `count`: 0 where the mechanism does not apply (no sample). A conjunction is answered
 * as P(findings and it) / P(findings), which costs the answers of the query.
 */
ag_status ag_posterior_mechanism(ag_posterior *posterior, const ag_knowledge *knowledge,
                                 int mechanism, double *values, int *count, ag_error *error);

/**
 * P(any link of the cause does something that counts) = 1 - P(findings and none does) /
 * P(findings). Costs the answers of the query.
 */
ag_status ag_posterior_effect(ag_posterior *posterior, int cause, ag_estimate *out,
                              ag_error *error);

/** The estimate of P(node in one of `states`), `states` with a bit per state. */
ag_estimate ag_posterior_estimate(const ag_posterior *posterior, int node, uint32_t states);

/** The mean over the draws of P(node in one of `states`). */
double ag_posterior_mean(const ag_posterior *posterior, int node, uint32_t states);

/** Mean over the possible draws of log P(evidence). */
double ag_posterior_log_evidence(const ag_posterior *posterior);

/** Mean and 5th to 95th centile (linear interpolation) of `count` values; sorts them. */
ag_estimate ag_estimate_of(double *values, int count);

#endif
