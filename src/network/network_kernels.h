/**
 * @file network_kernels.h
 * The table operations of a compiled program, and the kernels that carry them out.
 *
 * Every operation is out[kept] = sum over the other loops of in0 * in1 * in2, each operand a table
 * in one block of doubles, walked by its own strides. A scalar program has one value per entry; a
 * lane-wide program has AG_LANES values per entry side by side (cases or parameter draws).
 */
#ifndef AG_NETWORK_KERNELS_H
#define AG_NETWORK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define AG_OPERANDS 3

/** So many sums of lanes are taken side by side where registers allow. */
#define AG_ABREAST 4

/** One loop of an operation: its length, and the step of the output and of each operand in doubles.
 */
typedef struct ag_loop {
    size_t count;
    ptrdiff_t out;
    ptrdiff_t in[AG_OPERANDS];
} ag_loop;

/** What the two innermost loops are. */
typedef enum ag_form {
    AG_FORM_KEPT,   /**< scalar: the innermost loop is contiguous and kept, the middle one summed */
    AG_FORM_SUMMED, /**< scalar: the innermost loop is contiguous and summed, the middle one kept */
    AG_FORM_STRIDED,   /**< scalar: any strides, both loops kept */
    AG_FORM_LANES,     /**< lanes: the innermost loop is summed, the middle one kept */
    AG_FORM_LANES_EACH /**< lanes: both loops kept */
} ag_form;

typedef struct ag_op {
    uint8_t form;
    uint8_t operands;  /**< 1 to AG_OPERANDS */
    uint8_t vectors;   /**< scalar forms: the first so many operands step along the inner loop */
    uint8_t broadcast; /**< lanes: the first so many operands have one value for all lanes */
    uint8_t steady;   /**< summed lanes: the last operand stays where it is along the middle loop */
    uint8_t outer;    /**< loops around the two innermost ones */
    uint8_t adds;     /**< an outer loop is summed: the output is cleared, then added to */
    uint8_t rescale;  /**< bring the output back to size one where the program runs deep */
    uint8_t external; /**< 1 + the operand that lies outside the block; 0 for none */
    uint8_t
        counts; /**< holds no auxiliary variable: only which entries are 0 matters for support */
    uint32_t loops;  /**< index of the first outer loop; the middle and the inner one follow */
    uint32_t factor; /**< of an external operand: the factor that it is read from */
    size_t out_entries;
    size_t out;
    size_t in[AG_OPERANDS];
    /* Where the output, or an operand, is a derivative: the table that it is the derivative by. It
     * is of no use where that table is 0 for any evidence. Else the same as the place itself. */
    size_t out_shadow;
    size_t in_shadow[AG_OPERANDS];
} ag_op;

/**
 * An operation of a lane-wide program as a list of its non-zero terms: for each output the sum of
 * factor * block[a] * block[b] over its terms. Arrays are shared by all lists of a program.
 */
typedef struct ag_list {
    uint32_t groups;  /**< outputs */
    uint32_t uniform; /**< terms of every output where all have as many, else 0 */
    uint8_t parts;    /**< AG_LIST_FACTOR | AG_LIST_A | AG_LIST_B */
    uint8_t rescale;
    size_t first_group;
    size_t first_term;
    size_t out; /**< the whole output, for rescaling */
    size_t out_entries;
} ag_list;

enum { AG_LIST_FACTOR = 1, AG_LIST_A = 2, AG_LIST_B = 4 };

typedef struct ag_terms {
    const uint32_t *out;   /**< by group: place in the block */
    const uint32_t *count; /**< by group: terms */
    const double *factor;  /**< by term */
    const uint32_t *a;     /**< by term: place in the block */
    const uint32_t *b;
} ag_terms;

/** One implementation of all forms. All implementations give the same bits. */
typedef struct ag_kernels {
    const char *name;
    /** Run one operation on plain pointers. */
    void (*contract)(const ag_op *op, const ag_loop *loops, double *out, const double *const *in);
    /** Where the greatest magnitude of a lane lies below 2^-256, multiply by the power of 2 that
     * brings it into [1, 2) and subtract the exponent from `exponents` (may be NULL). */
    void (*rescale)(double *table, size_t entries, double *exponents);
    void (*rescale_lanes)(double *table, size_t entries, double *exponents);
    /** Run one list; `terms` is where its groups and terms start. */
    void (*sum_list)(const ag_list *list, ag_terms terms, double *block);
    /** Normalise lane-wide beliefs: out[state * state_step + lane * lane_step] is belief times
     *  likelihood (may be NULL), not below 0, over its sum, times `possible[lane]` (0 or 1); 0
     * where the sum is 0. The first `lanes` lanes are written. One of the steps is 1. */
    void (*normalise_lanes)(const double *belief, const double *likelihood, size_t states,
                            const double *possible, size_t lanes, double *out, size_t state_step,
                            size_t lane_step);
    /** Likelihoods [count][lanes] of a variable seen in `states[lane]`: `known` there and 0
     *  elsewhere; `base` where the state is -1. */
    void (*write_findings)(const int *states, double known, const double *base, size_t count,
                           double *to);
} ag_kernels;

/** The best kernels for this machine. */
const ag_kernels *ag_kernels_best(void);

/** Kernels by place, slowest first; NULL past the last one that this machine can run. */
const ag_kernels *ag_kernels_at(int index);

#endif
