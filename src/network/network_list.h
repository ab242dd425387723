/** @file network_list.h A lane-wide program as lists of its non-zero terms. */
#ifndef AG_NETWORK_LIST_H
#define AG_NETWORK_LIST_H

#include "network_flat.h"

struct ag_lists {
    ag_list *up;
    ag_list *down;
    uint32_t up_count, down_count;
    uint32_t *out;
    uint32_t *count;
    double *factor;
    uint32_t *a;
    uint32_t *b;
    size_t *roots;     /**< as in the plan, in the lists' own block */
    size_t block_size; /**< doubles that the lists use */
    size_t groups, group_capacity;
    size_t terms, term_capacity;
};

/** The lists use a block of their own: likelihoods and beliefs lie where the plan has them, and
 * behind them only the entries that can differ from 0. Turn the operations of a lane-wide plan
 * without draws into lists. `block` holds its loaded static tables; `support[i]` is not 0 where
 * double i of the block can differ from 0. Terms beyond `term_limit` make it fail. Caller frees
 * with ag_lists_free. NULL when that happens or memory runs out. */
ag_lists *ag_lists_new(const ag_flat *plan, const double *block, const unsigned char *support,
                       size_t term_limit);
void ag_lists_free(ag_lists *lists);

/** Bytes held. */
size_t ag_lists_bytes(const ag_lists *lists);

#endif
