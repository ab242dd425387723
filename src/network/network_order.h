/**
 * @file network_order.h
 * Elimination orders by greedy search on the interaction graph (Kjaerulff 1990).
 */
#ifndef AG_NETWORK_ORDER_H
#define AG_NETWORK_ORDER_H

#include <stdint.h>

#include "arena.h"

/** The interaction graph: node i has `log2_size[i]` (log2 of its states); row i of `adjacent` is a
 * bitset of `words` words. */
typedef struct ag_graph {
    int count;
    int words;
    const double *log2_size;
    uint64_t *adjacent;
} ag_graph;

/** What the next node to eliminate should make small. */
typedef enum ag_heuristic {
    AG_MIN_FILL,          /**< the number of new arcs */
    AG_MIN_WEIGHTED_FILL, /**< new arcs, each weighed by the product of its ends' states */
    AG_MIN_WEIGHT,        /**< the entries of the table that arises */
    AG_HEURISTIC_COUNT
} ag_heuristic;

/** Scratch memory of a search over graphs of up to `count` nodes. */
typedef struct ag_order_search ag_order_search;

/** Borrowed from the arena; NULL when out of memory. */
ag_order_search *ag_order_search_new(ag_arena *arena, int count);

/** An elimination order and what it costs. */
typedef struct ag_order_cost {
    double entries; /**< sum over the tables that arise; INFINITY once a limit was passed */
    double largest; /**< entries of the largest */
} ag_order_cost;

/** Eliminate all nodes greedily into `order`. `graph->adjacent` is consumed. Ties go to the first
 * node, or with `seed` non-zero at random. Gives up once the entries pass `limit`. */
ag_order_cost ag_order_find(ag_order_search *search, ag_graph *graph, ag_heuristic heuristic,
                            uint64_t seed, double limit, int *order);

/** The cost of a given order. `graph->adjacent` is consumed. */
ag_order_cost ag_order_measure(ag_order_search *search, ag_graph *graph, const int *order,
                               double limit);

#endif
