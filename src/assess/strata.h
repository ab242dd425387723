/**
 * @file strata.h
 * A few draws that stand for all. A man in an imagined epoch, whose network is larger than that of
 * today, is computed in the middles of equal strata of the draws and carried over to the others by
 * regression on today.
 */
#ifndef AG_STRATA_H
#define AG_STRATA_H

#include "posterior.h"

/** So many draws are computed of an imagined epoch. */
enum { AG_IMAGINED_DRAWS = 32 };

typedef struct ag_strata {
    int chosen[AG_IMAGINED_DRAWS]; /**< the draws that are computed */
    int stratum[AG_DRAWS];     /**< which of them stands for each draw; -1: impossible findings */
    ag_parameter_cache *cache; /**< the numbers of the knowledge in the chosen draws */
} ag_strata;

/** Cut the draws of `today` (AG_DRAWS of them, or 1) by P(node in one of `states`). `cache` must
 * live as long as the strata, which are ended with ag_strata_close whatever the status. */
ag_status ag_strata_open(ag_strata *out, const ag_posterior *today, int node, uint32_t states,
                         ag_parameter_cache *cache, ag_error *error);
void ag_strata_close(ag_strata *strata);

/** From the chosen draws, the first of `values` ([state][draw]), to all draws, in place; `node` is
 * today's node of the variable. */
void ag_strata_spread(const ag_strata *strata, const ag_posterior *today, int node,
                      double (*values)[AG_DRAWS]);

#endif
