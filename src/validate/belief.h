/**
 * @file belief.h
 * What one knowledge thinks of a case: probabilities of mechanisms, and of events, in each draw of
 * its numbers.
 */
#ifndef AG_BELIEF_H
#define AG_BELIEF_H

#include "antegrade/patient.h"
#include "parameter_cache.h"
#include "posterior.h"
#include "yaml_tree.h"

/** A knowledge made ready; one thread's. */
typedef struct ag_believer {
    const ag_knowledge *knowledge;
    ag_vocabulary *vocabulary;
    ag_parameter_cache *cache;
    int draw_count; /**< AG_DRAWS, or fewer lanes of a cache of one's own */
} ag_believer;

/** `knowledge` is borrowed. Freed with ag_believer_close whatever the status. */
ag_status ag_believer_open(ag_believer *out, const ag_knowledge *knowledge, ag_error *error);
void ag_believer_close(ag_believer *believer);

/** One man, read, and his network with the findings entered. */
typedef struct ag_belief {
    ag_arena *arena;
    ag_patient *patient;
    ag_man_situation *man;
    ag_posterior posterior;
} ag_belief;

/** Read a case and enter its findings. Closed with ag_belief_close whatever the status. */
ag_status ag_belief_open(ag_belief *out, const ag_believer *believer, const ag_node *given,
                         ag_error *error);

/** The same of a man who was read already; he is borrowed. */
ag_status ag_belief_of(ag_belief *out, const ag_believer *believer, const ag_patient *patient,
                       ag_error *error);
void ag_belief_close(ag_belief *belief);

/**
 * P(any of these mechanisms) in each draw, into `values` (room for AG_DRAWS); all 0 where none of
 * them applies. Draws in which the findings are impossible are left out: `count` are given.
 */
ag_status ag_belief_any(ag_belief *belief, const ag_believer *believer, ag_indices mechanisms,
                        double *values, int *count, ag_error *error);

/** The mean of these over the draws. */
ag_status ag_belief_mean(ag_belief *belief, const ag_believer *believer, ag_indices mechanisms,
                         double *out, ag_error *error);

#endif
