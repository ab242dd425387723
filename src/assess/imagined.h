/**
 * @file imagined.h
 * The man in an imagined epoch: without a cause, or treated. With V a variable today, V' the same
 * in the imagined epoch and A = "some function differs between the two",
 *
 *     P(V'' | e) = P(not-A | e) P(V | not-A, e) + P(A | e) P(V' | A, e).
 *
 * The chance that the tables leave between functions and what follows from them is a difference
 * between men, and lasts: where no function changes, nothing does, and what no changed function
 * reaches is one and the same node in both epochs.
 */
#ifndef AG_IMAGINED_H
#define AG_IMAGINED_H

#include "strata.h"

/** One of the two worlds of a situation with an imagined epoch: that in which no function has
 * changed, or that in which some have; entered, not yet run. Freed with ag_posterior_close whatever
 * the status. */
ag_status ag_imagined_open(ag_posterior *out, const ag_knowledge *knowledge,
                           const ag_situation *situation, bool changed, int draws,
                           ag_parameter_cache *cache, ag_error *error);

/** The node of a variable that the situation asks for in the imagined epoch, in one of its worlds.
 */
int ag_imagined_node(const ag_posterior *world, const ag_situation *situation, bool changed,
                     int variable);

/** P(variable = state | findings) in the imagined epoch of each of `count` variables that the
 * situation asks for, `out[variable]` being [state][draw], zeros at first; all 0 in a draw in which
 * the findings are impossible. `draws`: AG_IMAGINED_DRAWS with a cache of chosen draws, or 1. */
ag_status ag_imagined_answers(const ag_knowledge *knowledge, const ag_situation *situation,
                              int draws, ag_parameter_cache *cache, const int *variables, int count,
                              double (*const *out)[AG_DRAWS], ag_error *error);

#endif
