/**
 * @file network_planner.h
 * What the steps of compiling a flat program share. They run in this order: slice the factors by
 * what is known, choose an elimination order, distribute the factors, eliminate one variable after
 * another, differentiate.
 */
#ifndef AG_NETWORK_PLANNER_H
#define AG_NETWORK_PLANNER_H

#include "network_emit.h"

/** One operation of the way up: out = sum of the product of the parts, any of which may be NULL.
 * The first is a static table, unless there are three messages. */
typedef struct ag_node {
    ag_tensor *parts[AG_OPERANDS];
    ag_tensor *out;
} ag_node;

/** The belief of a variable without a likelihood is the sum of a message that holds it times the
 * derivative by that message; where no message does, of the table of its node times the derivative
 * by what that sends. */
typedef struct ag_wish {
    int variable;
    ag_tensor *message;
    int node;
} ag_wish;

/** A factor as far as it still ranges over active variables: their places, ascending, and its
 * steps. */
typedef struct ag_sliced {
    int factor;
    int rank;
    int scope[AG_RANK_MAX];
    size_t stride[AG_RANK_MAX];
    double entries;
} ag_sliced;

/** The sliced model and the lists of the elimination; all arrays lie in one arena. */
typedef struct ag_planner {
    const ag_flat_request *request;
    const ag_factors *factors;
    ag_arena *arena;
    ag_flat *plan;
    ag_emitter emitter;
    int count;                       /**< active variables */
    int *active;                     /**< by compact number: variable */
    int *compact;                    /**< by variable: compact number, or -1 */
    bool *needed;                    /**< by network variable: the answers depend on its family */
    int *states;                     /**< by variable: states left */
    int *position;                   /**< by compact number: place in the elimination order */
    int *at;                         /**< by place: variable */
    int *first_factor, *next_factor; /**< by place; by factor */
    ag_sliced *slices;               /**< of the factors of one place, as many as it has room */
    int slice_room;
    int *first_message, *next_message; /**< by place; by tensor */
    ag_tensor **tensors;
    int tensor_count;
    ag_node *nodes;
    int node_count;
    ag_wish *wishes;
    int wish_count;
} ag_planner;

/** Is the belief of a variable of the network wanted? */
bool ag_planner_is_asked(const ag_planner *p, int variable);

/** Find the active variables and the states left of each. */
void ag_planner_slice(ag_planner *p);

/** Is the factor left out: by an intervention, or as nothing depends on it? */
bool ag_planner_cuts(const ag_planner *p, const ag_factor *factor);

/** Choose the order, given or searched, and number the places. */
ag_status ag_planner_choose_order(ag_planner *p, ag_error *error);

/** Give every factor to the variable of it that goes first. */
void ag_planner_distribute(ag_planner *p);

/** The union of two ascending scopes; its size. */
int ag_planner_unite(const int *a, int na, const int *b, int nb, int *out);

/** A dense table over `rank` places, ascending, without a place in the block. NULL when out of
 * memory. */
ag_tensor *ag_planner_shape(ag_planner *p, const int *scope, int rank, bool lanes);

void ag_planner_slice_factor(const ag_planner *p, int index, ag_sliced *out);

/** table * factor over the union of their scopes; `table` may be NULL. NULL when out of memory. */
ag_tensor *ag_planner_multiply_in(ag_planner *p, ag_tensor *table, const ag_sliced *s);

/** The product of the factors given to a place; NULL if there are none, or with `*failed` set. */
ag_tensor *ag_planner_table(ag_planner *p, int place, bool *failed);

/** Eliminate the variable at a place. `inputs` is scratch for as many messages as there are places.
 */
bool ag_planner_eliminate(ag_planner *p, int place, ag_tensor **inputs);

/** Emit the derivatives by all messages and likelihoods. */
bool ag_planner_differentiate(ag_planner *p);

#endif
