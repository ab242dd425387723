/**
 * @file network_order.h
 * Elimination orders by greedy search on the interaction graph (Kjaerulff 1990).
 */
#ifndef AG_NETWORK_ORDER_H
#define AG_NETWORK_ORDER_H

#include <stdbool.h>
#include <stdint.h>

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

/** Doubles of scratch that ag_order_search needs, for `count` nodes of `words` words. */
int ag_order_scratch(int count, int words);

/** Eliminate all nodes greedily. `graph->adjacent` is consumed. Ties go to the first, or with
 * `seed` non-zero at random. Writes the order and returns its cost, the sum of the tables' entries;
 * gives up and returns INFINITY once that passes `limit`. */
double ag_order_search(ag_graph *graph, ag_heuristic heuristic, uint64_t seed, double limit,
                       double *scratch, int *order);

/** The cost of a given order. `graph->adjacent` is consumed. */
double ag_order_cost(ag_graph *graph, const int *order, double *largest);

#endif
