/** @file network_emit.h Turning products of tables into operations with merged, ordered loops. */
#ifndef AG_NETWORK_EMIT_H
#define AG_NETWORK_EMIT_H

#include "network_flat.h"

/** Most variables in one table. */
#define AG_RANK_MAX 64
/** A message whose entries may lie below 2^this is brought back to size one. */
#define AG_RESCALE_BELOW (-300.0)
/** What one likelihood may add to that. */
#define AG_LIKELIHOOD_LOG2 (-50.0)

/** A dense table in the block: places in the elimination order, ascending, the last one fastest. */
typedef struct ag_tensor {
    int rank;
    int variable; /**< of a likelihood */
    int *scope;
    double entries;
    size_t at;
    size_t shadow;   /**< the tensor that it is the derivative by, else its own place */
    size_t gradient; /**< place of the derivative of P(evidence) by it, or AG_NOWHERE where that is
                        1 */
    double log2_least, gradient_log2;
    bool lanes;
    bool is_likelihood;
    bool is_table;  /**< static: made of factors alone */
    bool is_needed; /**< its derivative is, for some belief */
    /* A message not yet computed: the sum of the product of its parts over what is not in its
     * scope. As in ag_node. */
    bool pending;
    struct ag_tensor *parts[AG_OPERANDS];
} ag_tensor;

/** Any operand: a tensor, or a factor with steps of its own. */
typedef struct ag_operand {
    int rank;
    const int *scope;
    const size_t *stride; /**< NULL for a dense one */
    size_t at;
    size_t shadow;
    bool lanes;
    bool external;
    int factor;
} ag_operand;

typedef struct ag_emitter {
    ag_flat *plan;
    size_t *states;    /**< by place */
    double block_size; /**< doubles reserved so far */
} ag_emitter;

/** Reserve room for a table; its place in the block. */
size_t ag_emit_reserve(ag_emitter *emitter, double entries, bool lanes);
/** The same without alignment, so that small tables in a row are contiguous. */
size_t ag_emit_reserve_tight(ag_emitter *emitter, double entries, bool lanes);

ag_operand ag_operand_of(const ag_tensor *tensor);

/** out = sum of the product of the non-NULL parts. False when out of memory. */
bool ag_emit_product(ag_emitter *emitter, ag_op_list *list, const ag_tensor *out,
                     ag_tensor *const parts[AG_OPERANDS], bool rescale);

/** out = product of one or two operands, without a sum. False when out of memory. */
bool ag_emit_load(ag_emitter *emitter, ag_op_list *list, const ag_tensor *out,
                  const ag_operand *operands, int count);

#endif
