/**
 * @file clinical_network_builder.h
 * What the steps that build a network share: causes and their links (clinical_causes.c), links that
 * are summed up (clinical_background.c), functions and what follows from them
 * (clinical_variables.c), findings and samples (clinical_observations.c).
 */
#ifndef AG_CLINICAL_NETWORK_BUILDER_H
#define AG_CLINICAL_NETWORK_BUILDER_H

#include "clinical_network.h"

typedef struct ag_node_evidence {
    int node;
    int state;                /* -1: likelihood */
    const double *likelihood; /* [states], the same for every draw */
} ag_node_evidence;

/** The distribution of a link before any finding. */
typedef struct ag_link_prior {
    bool surely_fails; /* in some draw: other links cannot be told from it */
    double fails;      /* P(it fails), summed over the draws */
    double p[];        /* [states of the function][draws] */
} ag_link_prior;

/** A link of a background. */
typedef struct ag_silent_link {
    const ag_link_prior *prior;
    ag_onset_odds onset;
} ag_silent_link;

/** The links of causes on which the record is silent, summed up for one function. */
typedef struct ag_background {
    int function;
    int node;
    bool with_onset; /* its states are: normal; then for each other state of the function: begun
                        later, within, or earlier than the complaint */
    int state_count;
    const double *p; /* [states][draws] */
} ag_background;

struct ag_clinical_network {
    ag_arena *arena;
    ag_network *network;
    const ag_knowledge *knowledge;
    int epoch_count;
    int sample_count;
    int *now_nodes;    /* [variable][epoch], -1 when not built */
    int *sample_nodes; /* [variable][sample, then one implicit sample per epoch] */
    int *cause_nodes;
    int *observation_nodes;
    int onset_node;
    int *event_nodes;
    int *both_nodes;
    int changed_node;
    ag_model_link *links;
    ag_silent_link *silent; /* [link], of those of a background */
    int link_count;
    ag_background *backgrounds;
    int background_count;
    ag_node_evidence *evidence;
    int evidence_count;
};

typedef struct ag_builder {
    ag_clinical_network *model;
    const ag_situation *situation;
    ag_parameter_cache *cache;
    int draws;
    ag_arena *scratch;
    ag_error *error;
} ag_builder;

#define TRY(call)                                                                                  \
    do {                                                                                           \
        ag_status try_status = (call);                                                             \
        if (try_status != AG_OK)                                                                   \
            return try_status;                                                                     \
    } while (0)

/** Every configuration of a variable's parents in turn, the first parent slowest. */
typedef struct ag_configurations {
    int sizes[AG_MAX_PARENTS];
    int states[AG_MAX_PARENTS];
    int parent_count;
    size_t count;
} ag_configurations;

ag_configurations ag_configurations_of(const ag_knowledge *knowledge, const ag_variable *variable);
void ag_configurations_next(ag_configurations *c);

ag_status ag_builder_no_memory(ag_builder *b);

/** Scratch memory for the builder's time, zeros at first; NULL when out of memory. */
double *ag_builder_doubles(ag_builder *b, size_t count);

/** Room for the values of one table, not zeroed, until the next call; NULL when out of memory. */
double *ag_builder_values(ag_builder *b, size_t count);

/** The table of this key that was made before from the same number of draws, or NULL. */
const ag_network_table *ag_builder_kept_table(const ag_builder *b, const void *key);

/** Make the table of this key from its values, to be used again in other networks. */
ag_status ag_builder_keep_table(ag_builder *b, const void *key, int states, size_t rows,
                                const double *values, const ag_network_table **out);

/** What is known of a node; `likelihood` with `state` -1, borrowed until the network is freed. */
void ag_builder_remember(ag_clinical_network *model, int node, int state, const double *likelihood);

/** P(a cause acts in an epoch). */
double ag_builder_activity(const ag_builder *b, int epoch, int cause);

ag_status ag_builder_add_cause(ag_builder *b, int index);
ag_status ag_builder_add_causes(ag_builder *b);
ag_status ag_builder_add_effects(ag_builder *b);
ag_status ag_builder_add_onset(ag_builder *b);

/** Whether a link of this cause to the function can be one of a background. */
bool ag_builder_sums_up(const ag_builder *b, int cause, int function, const ag_link_prior *prior);

/** The index of a function's background, which is begun where there is none. */
int ag_builder_background(ag_builder *b, int function);

/** Give every background its node, once all links are known. */
ag_status ag_builder_add_backgrounds(ag_builder *b);

/** The background of a function, or NULL. */
const ag_background *ag_builder_background_of(const ag_builder *b, int function);

/** The link of a background to its function, and to the onset. */
ag_status ag_builder_background_function(ag_builder *b, const ag_background *g,
                                         ag_network_link *out);
ag_status ag_builder_background_onset(ag_builder *b, const ag_background *g, ag_network_link *out);

/** Enter that a link of a background does nothing that counts. */
ag_status ag_background_suppose_no_effect(const ag_clinical_network *model, int link,
                                          ag_query *query, ag_error *error);

/** The node of a variable in an epoch or sample, built with all that it rests on where it is not
 * there yet. */
int ag_builder_node(ag_builder *b, int variable, int epoch, int sample, ag_status *status);
ag_status ag_builder_parents(ag_builder *b, const ag_variable *variable, int epoch, int sample,
                             int *nodes);

/** The row of a card that holds for these states of the parents, or NULL. */
const ag_row *ag_builder_row_for(const ag_variable *variable, const int *states);
ag_status ag_builder_set_rows(ag_builder *b, const ag_variable *variable, int node,
                              const int *parents);

ag_status ag_builder_add_observation(ag_builder *b, int index);
ag_status ag_builder_add_samples(ag_builder *b);

#endif
