/** @file network_model.h The model as stored: variables, tables, noisy-MAX families. */
#ifndef AG_NETWORK_MODEL_H
#define AG_NETWORK_MODEL_H

#include "antegrade/network.h"
#include "arena.h"

/** Lanes of a lane-wide program; draws are stored padded to a multiple of it. */
#define AG_LANES 16

typedef enum ag_family { AG_FAMILY_NONE, AG_FAMILY_TABLE, AG_FAMILY_NOISY_MAX } ag_family;

/** A block of parameters: `entries` values, each once, or once per padded draw: then
 * [draws / AG_LANES][entries][AG_LANES], so that a run through a group of lanes reads one piece. */
typedef struct ag_values {
    double *data;
    size_t entries;
    int draws;       /**< 1 (shared), or the padded draw count */
    double log2_min; /**< log2 of the smallest non-zero magnitude, at most 0 */
    bool borrowed;   /**< from a shared table */
} ag_values;

struct ag_network_table {
    int state_count;
    int draw_count;
    ag_values values; /**< once for all draws where these do not differ */
};

typedef struct ag_link {
    ag_values effect;     /**< [parent state][child state], as given */
    ag_values cumulative; /**< the same, summed over child states */
} ag_link;

typedef struct ag_variable {
    const char *name;
    const char **states;
    int state_count;
    ag_family family;
    int parent_count;
    int *parents;
    ag_values table; /**< of a table family */
    ag_link *links;  /**< of a noisy-MAX family, one per parent */
    bool has_leak;
    ag_link leak; /**< [child state] */
} ag_variable;

struct ag_network {
    ag_arena *arena; /**< names */
    int draw_count;
    int draw_stride; /**< draw_count padded to lanes; 1 for a single draw */
    int count;
    int capacity;
    ag_variable *variables;
    int *buckets; /**< hash of names: variable + 1, or 0 */
    int bucket_count;
};

/** The value of an entry in a draw. */
double ag_values_at(const ag_values *values, size_t entry, int draw);

/** The number of draws as stored. */
int ag_network_padded_draws(int draw_count);

/** Copy `rows` rows of values, [rows][states][draws], checked and normalised. Freed with
 * ag_values_free whatever the status. */
ag_status ag_values_store(ag_values *out, const ag_network *network, const ag_variable *v,
                          const double *source, size_t rows, int draws, ag_error *error);
void ag_values_find_least(ag_values *values);
void ag_values_free(ag_values *values);

/** Whether the table fits the variable. */
ag_status ag_values_share(const ag_network_table *table, const ag_network *network,
                          const ag_variable *v, size_t rows, ag_error *error);

/** Parents before children: `order` (room for all variables) is filled. AG_ERROR_VALUE on a cycle.
 */
ag_status ag_network_topological(const ag_network *network, int *order, ag_error *error);

#endif
