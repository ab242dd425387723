/**
 * @file network_factor.h
 * A network as a product of factors. A noisy-MAX child X with parents U_i becomes, by way of one
 * auxiliary variable A with the states of X (Diez and Galan 2003),
 *     P(x | u) = sum_a D(x, a) L(a) prod_i C_i(a, u_i),
 * where C_i(a, u_i) = P(effect of parent i <= a | u_i), L is the leak's, and D(x, a) is 1 for a = x
 * and -1 for a = x - 1. So the factors hold negative numbers, and nothing downstream may divide by
 * a sum of them.
 */
#ifndef AG_NETWORK_FACTOR_H
#define AG_NETWORK_FACTOR_H

#include "network_model.h"

typedef struct ag_factor {
    int rank;
    int owner;            /**< the child whose family it belongs to */
    const int *scope;     /**< variables */
    const size_t *stride; /**< doubles from state to state, by place in the scope */
    const double *data;   /**< borrowed */
    int draws;            /**< as stored: 1 when shared by all; laid out as in ag_values */
    double log2_min;
    const double *effect; /**< of a link: what `data` is the running sum of; else NULL */
    bool is_difference;   /**< D above */
    size_t entries;
} ag_factor;

/** All factors of a network, over its variables and the auxiliary ones numbered behind them. */
typedef struct ag_factors {
    ag_arena *arena;
    int count;
    int variable_count; /**< auxiliary ones included */
    int *state_count;   /**< by variable */
    int *auxiliary;     /**< by network variable: its auxiliary variable, or -1 */
    ag_factor *factors;
} ag_factors;

ag_status ag_factors_new(ag_factors *out, const ag_network *network, ag_error *error);
void ag_factors_free(ag_factors *factors);

#endif
