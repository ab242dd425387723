/**
 * @file network_flat.h
 * A flat program: a list of table operations over one block of memory, for one pattern of evidence.
 *
 * Variables are eliminated one after another (bucket elimination, Dechter 1999). Eliminating v sums
 * out v from the product of its static table (factors of the model), the messages that hold v, and
 * the likelihood of v; the result is a message to the next variable in it. The last ones are
 * P(evidence). Then every operation is differentiated in reverse (Darwiche 2003): the derivative by
 * the likelihood of v is P(v, evidence) up to a factor. Nothing is ever divided by, so that
 * negative factors are allowed.
 */
#ifndef AG_NETWORK_FLAT_H
#define AG_NETWORK_FLAT_H

#include "network_factor.h"
#include "network_kernels.h"

/** What is known of a variable, as far as the shape of the program depends on it. */
typedef enum ag_pattern {
    AG_PATTERN_FREE,      /**< nothing */
    AG_PATTERN_SOFT,      /**< it has a likelihood, its values given at run time */
    AG_PATTERN_HARD,      /**< its state is known and cut out of the tables */
    AG_PATTERN_HARD_ZERO, /**< as hard; state 0 of a noisy-MAX child, which parts its parents */
    AG_PATTERN_DO         /**< its state is set from outside: as hard, without its own family */
} ag_pattern;

#define AG_NOWHERE SIZE_MAX

typedef struct ag_op_list {
    ag_op *ops;
    uint32_t count;
    uint32_t capacity;
} ag_op_list;

typedef struct ag_lists ag_lists;

typedef struct ag_flat {
    uint8_t *patterns; /**< by network variable */
    uint8_t *asked;    /**< by network variable: 1 where its belief is computed; NULL: of all */
    bool whole;        /**< nothing was left out */
    bool lanes;
    bool has_differences; /**< noisy-MAX families leave differences in it */
    bool has_draws;       /**< some static table differs between lanes */
    int *order;           /**< variables, first eliminated first */
    int order_count;
    ag_op_list shared; /**< loads of static tables that all lanes share */
    ag_op_list loads;  /**< loads of static tables by lane */
    ag_op_list up;     /**< from the leaves to P(evidence) */
    ag_op_list down;   /**< derivatives, from the last variable back */
    ag_loop *loops;
    uint32_t loop_count;
    uint32_t loop_capacity;
    size_t *likelihood; /**< by network variable: place in the block, or AG_NOWHERE */
    size_t *belief;     /**< by network variable: place in the block, or AG_NOWHERE */
    size_t *roots;
    int root_count;
    int *constants; /**< factors without a free variable */
    int constant_count;
    size_t block_size; /**< doubles */
    double entries;    /**< sum over eliminations of table entries */
    double largest;
    double log2_least; /**< lower bound of log2 of the smallest product of parameters */
    double log2_sums;  /**< log2 of the number of products that P(evidence) is the sum of */
    ag_lists *lists; /**< of a lane-wide plan for batches, once made; NULL where they do not fit */
    bool lists_tried;
} ag_flat;

typedef struct ag_flat_request {
    const ag_factors *factors;
    int network_count;       /**< variables of the network proper */
    const uint8_t *patterns; /**< by network variable */
    const uint8_t *asked;    /**< as in ag_flat, or NULL */
    bool whole; /**< keep also what is neither known nor asked for, nor has such descendants */
    bool lanes;
    bool loads_once;  /**< static tables are loaded once for many runs */
    const int *order; /**< an order of all variables to follow, or NULL to search */
    int order_count;
    const int *hint; /**< an order of all variables to try besides a search, or NULL */
    int effort;
    double passes; /**< of one run over the tables: groups of lanes; 0: search by effort alone */
    uint64_t seed;
    size_t memory_limit; /**< bytes */
} ag_flat_request;

/** Compile. Caller frees with ag_flat_free. AG_ERROR_TOO_LARGE names the bytes needed. */
ag_status ag_flat_new(ag_flat **out, const ag_flat_request *request, ag_error *error);
void ag_flat_free(ag_flat *plan);

/** Bytes of the plan itself. */
size_t ag_flat_bytes(const ag_flat *plan);

#endif
