/** @file network_query.h The compiled model and a query, as stored. */
#ifndef AG_NETWORK_QUERY_H
#define AG_NETWORK_QUERY_H

#include "network_flat.h"

struct ag_program {
    const ag_network *network;
    ag_program_options options;
    ag_factors factors;
    ag_flat *fixed; /**< every variable soft; NULL where it does not fit or is never used */
    int *order;
    int order_count;
    ag_program_size size;
    size_t *offset; /**< by variable: first state among all states */
    size_t state_total;
};

typedef enum ag_evidence_kind {
    AG_EVIDENCE_NONE,
    AG_EVIDENCE_STATE,
    AG_EVIDENCE_LIKELIHOOD,
    AG_EVIDENCE_DO
} ag_evidence_kind;

typedef struct ag_evidence {
    ag_evidence_kind kind;
    int state;
    bool by_draw;      /**< the likelihood has a value for every draw */
    int exponent;      /**< the likelihood is stored as given times 2^-exponent */
    double log2_least; /**< of the smallest non-zero likelihood stored, at most 0 */
} ag_evidence;

/** Programs made for a pattern of evidence, kept by a query. */
typedef struct ag_kept_flat {
    uint64_t hash;
    uint64_t used; /**< the run that used it last */
    ag_flat *plan;
} ag_kept_flat;

enum { AG_KEPT_MOST = 64 };

struct ag_workspace {
    double *block;
    size_t size;          /**< doubles */
    const ag_query *user; /**< that used it last */
};

struct ag_query {
    const ag_program *program;
    const ag_kernels *kernels;
    ag_evidence *evidence;
    double *likelihoods; /**< [all states][draw stride] */
    uint8_t *patterns;   /**< of the evidence now set */
    uint8_t *asked;      /**< by variable; NULL: all */
    uint8_t *nothing;    /**< the same where nothing is asked for: zeros */
    int *values;         /**< by variable, auxiliary ones too: the state where a table is cut */
    ag_kept_flat kept[AG_KEPT_MOST];
    int kept_count;
    uint64_t runs;
    double *block;           /**< its own, or the workspace's */
    size_t block_size;       /**< doubles */
    ag_workspace *workspace; /**< NULL: none */
    const ag_flat *loaded;   /**< whose shared tables lie in the block; NULL for none */
    const ag_flat *deep;     /**< whose messages fell out of range when last tried; NULL for none */
    double *marginals;       /**< [all states][draws] */
    double *log_evidence;    /**< [draws] */
};

/** Whether the evidence is possible at all, by lane: decided on zeros alone, with whole numbers, so
 * that differences which should be 0 are 0. The block holds nothing of use afterwards. */
ag_status ag_support_run(ag_query *query, const ag_flat *plan, size_t first_draw, bool *possible,
                         ag_error *error);

/** Fill the block with ones where, for some evidence, a table entry contributes to an answer, with
 * zeros elsewhere: static tables, likelihoods, messages. Lane-wide plans only. AG_ERROR_MEMORY. */
ag_status ag_support_fill(ag_query *query, const ag_flat *plan, ag_error *error);

/** The part of a factor's data where the cut variables are in their states. */
size_t ag_factor_offset(const ag_query *query, const ag_factor *factor);

#endif
