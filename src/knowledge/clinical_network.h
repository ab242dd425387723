/**
 * @file clinical_network.h
 * From the knowledge and a situation to a Bayesian network.
 *
 * Each cause that is not excluded becomes a root (absent or one of its variants), with one link
 * node for each function that it acts on: the state that this cause alone would bring about in this
 * man. The links of causes on which the record is silent are summed up, function by function. A
 * function in an epoch is the greatest of the links of the causes that act then (noisy-MAX).
 * Ejaculate variables, mechanisms and findings follow from their cards. What is the same in two
 * epochs is one node.
 */
#ifndef AG_CLINICAL_NETWORK_H
#define AG_CLINICAL_NETWORK_H

#include "antegrade/network.h"
#include "arena.h"
#include "parameter_cache.h"
#include "situation.h"

typedef struct ag_clinical_network ag_clinical_network;

/** What tells that a link does something that counts: a node, and the states that say so. */
typedef struct ag_model_effect {
    int node; /**< -1: nothing tells */
    uint32_t states;
} ag_model_effect;

/** One link: what one cause does to one function in this man. */
typedef struct ag_model_link {
    int cause;
    int function; /**< variable */
    /** Of the network; its states are the function's. Of a link of a background (a cause on which
     * the record is silent): the node that sums up these. */
    int node;
    int background; /**< index, or -1: the link has a node of its own */
    /** That it fails today; where the onset of the complaint is known, that its failure began then.
     */
    ag_model_effect effect;
} ag_model_link;

/**
 * Build the network of a situation with `draw_count` parameter draws: AG_DRAWS, or 1 for central
 * values. The knowledge, the situation and the cache are borrowed until the call returns, the
 * knowledge until the model is freed. Caller frees with ag_clinical_network_free.
 */
ag_status ag_clinical_network_build(ag_clinical_network **out, const ag_knowledge *knowledge,
                                    const ag_situation *situation, int draw_count,
                                    ag_parameter_cache *cache, ag_error *error);

/** Free the model and its network. NULL is allowed. */
void ag_clinical_network_free(ag_clinical_network *model);

/** The network, borrowed until the model is freed. */
const ag_network *ag_clinical_network_model(const ag_clinical_network *model);

/** The node of a variable in an epoch (and sample, for variables of a sample), or -1 when it has
 * none. */
int ag_clinical_network_node(const ag_clinical_network *model, int variable, int epoch, int sample);

/**
 * Enter that a mechanism of the conjunction kind holds today (it has no node), or take that back.
 * What was entered for its parents otherwise must be entered anew afterwards.
 */
ag_status ag_clinical_network_suppose(const ag_clinical_network *model, int variable, bool holds,
                                      ag_query *query, ag_error *error);

/** Enter that none of a cause's links does anything that counts, or take that back. */
ag_status ag_clinical_network_suppose_no_effect(const ag_clinical_network *model, int cause,
                                                bool holds, ag_query *query, ag_error *error);

/** The node of observation `i` of the situation. */
int ag_clinical_network_observation_node(const ag_clinical_network *model, int observation);

/** The node that says whether a function differs in the imagined epoch, or -1 where that was not
 * asked for. */
int ag_clinical_network_changed_node(const ag_clinical_network *model);

/** The node of question `index` of the situation about both of two variables: no, yes. */
int ag_clinical_network_both_node(const ag_clinical_network *model, int index);

/** The node of the time of onset, or -1. */
int ag_clinical_network_onset_node(const ag_clinical_network *model);

/** The number of states of link `index`, those of its function. */
int ag_clinical_network_link_states(const ag_clinical_network *model, int index);

/**
 * The posterior of link `index`, one of a background, from that of its node ([states][draws]):
 * `states`, of each state of its function in each draw, and `effect` (may be NULL), that it
 * does something that counts.
 */
void ag_clinical_network_link_posterior(const ag_clinical_network *model, int index,
                                        const double *marginal, double (*states)[AG_DRAWS],
                                        double *effect);

/** The backgrounds of the network, and the node of one. */
int ag_clinical_network_background_count(const ag_clinical_network *model);
int ag_clinical_network_background_node(const ag_clinical_network *model, int background);

/** How far the findings raise the probability of a failing state of a background at most: the
 * greatest P(state | e) / P(state) in any draw. `marginal` as above. */
double ag_clinical_network_raised(const ag_clinical_network *model, int background,
                                  const double *marginal);

/**
 * At least P(link `index` fails | e), summed over the draws, of a link of a background, and
 * quickly: its probability before the findings, as much as these can raise it, `raised` for its
 * background.
 */
double ag_clinical_network_link_bound(const ag_clinical_network *model, int index, double raised);

/** All links; `*out_count` of them, borrowed until the model is freed. */
const ag_model_link *ag_clinical_network_links(const ag_clinical_network *model, int *out_count);

/** Enter at a node what says nothing: the set of nodes of which something is known, for which a
 * program is compiled, then stays the same while what is known of the node changes. */
ag_status ag_clinical_network_leave_open(const ag_clinical_network *model, int node,
                                         ag_query *query, ag_error *error);

/** The same at the parents of a mechanism of the conjunction kind. */
ag_status ag_clinical_network_leave_parents_open(const ag_clinical_network *model, int variable,
                                                 ag_query *query, ag_error *error);

/** Ask the query for mechanisms, and for what tells of links, alone. */
ag_status ag_clinical_network_ask_mechanisms(const ag_clinical_network *model, ag_query *query,
                                             ag_error *error);

/** Enter all that the situation knows (observations, samples, causes, onset) into a query. */
ag_status ag_clinical_network_observe(const ag_clinical_network *model, ag_query *query,
                                      ag_error *error);

#endif
