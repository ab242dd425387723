/*
 * The kernels, in vector types that the compiler lowers to whatever the including file's flags
 * allow. The order of operations is written out, so that every instruction set gives the same bits.
 */
#include "network_kernels.h"

#include <string.h>

#define LANES 16
#define INLINE static inline __attribute__((always_inline))

typedef double v8 __attribute__((vector_size(64)));
typedef double v4 __attribute__((vector_size(32)));
typedef double v2 __attribute__((vector_size(16)));
typedef double v8_any __attribute__((vector_size(64), aligned(8), may_alias));
typedef double v4_any __attribute__((vector_size(32), aligned(8), may_alias));
typedef double v2_any __attribute__((vector_size(16), aligned(8), may_alias));
typedef double v1_any __attribute__((may_alias));
typedef double v1;

/* The product of the operands at one place: the first `nv` as vectors of type V, the rest scalar.
 */
#define PRODUCT(V, in, k, nv, n)                                                                   \
    ((n) == 1   ? ((nv) ? LOAD(V, in[0], k) : SPLAT(V, in[0][0]))                                  \
     : (n) == 2 ? ((nv) == 2   ? LOAD(V, in[0], k) * LOAD(V, in[1], k)                             \
                   : (nv) == 1 ? LOAD(V, in[0], k) * in[1][0]                                      \
                               : SPLAT(V, in[0][0] * in[1][0]))                                    \
                : ((nv) == 3   ? LOAD(V, in[0], k) * LOAD(V, in[1], k) * LOAD(V, in[2], k)         \
                   : (nv) == 2 ? LOAD(V, in[0], k) * LOAD(V, in[1], k) * in[2][0]                  \
                   : (nv) == 1 ? LOAD(V, in[0], k) * (in[1][0] * in[2][0])                         \
                               : SPLAT(V, in[0][0] * (in[1][0] * in[2][0]))))
#define LOAD(V, p, k) ((V) * (const V##_any *)((p) + (k)))
#define SPLAT(V, x) ((V){0} + (x))

#define STEP(p, loop)                                                                              \
    do {                                                                                           \
        (p)[0] += (loop)->in[0];                                                                   \
        (p)[1] += (loop)->in[1];                                                                   \
        (p)[2] += (loop)->in[2];                                                                   \
    } while (0)

/* One block of the kept form: V's width of outputs, summed over the middle loop. */
#define KEPT_BLOCK(V)                                                                              \
    do {                                                                                           \
        const double *p[3] = {in[0], in[1], in[2]};                                                \
        V acc = adds ? LOAD(V, out, k) : SPLAT(V, 0.0);                                            \
        for (size_t i = 0; i < middle->count; i++) {                                               \
            acc += PRODUCT(V, p, k, nv, n);                                                        \
            STEP(p, middle);                                                                       \
        }                                                                                          \
        *(V##_any *)(out + k) = acc;                                                               \
    } while (0)

INLINE void kept(double *out, const double *const *in, const ag_loop *middle, size_t count,
                 int adds, int nv, int n) {
    size_t k = 0;
    for (; k + 8 <= count; k += 8)
        KEPT_BLOCK(v8);
    if (count & 4) {
        KEPT_BLOCK(v4);
        k += 4;
    }
    if (count & 2) {
        KEPT_BLOCK(v2);
        k += 2;
    }
    if (count & 1)
        KEPT_BLOCK(v1);
}

INLINE double sum8(v8 x) {
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

INLINE void summed(double *out, const double *const *in, const ag_loop *middle, size_t count,
                   int adds, int nv, int n) {
    const double *p[3] = {in[0], in[1], in[2]};
    for (size_t i = 0; i < middle->count; i++) {
        size_t k = 0;
        double sum = adds ? *out : 0;
        if (count >= 8) {
            v8 acc = SPLAT(v8, 0.0);
            for (; k + 8 <= count; k += 8)
                acc += PRODUCT(v8, p, k, nv, n);
            sum += sum8(acc);
        }
        if (count & 4) {
            v4 x = PRODUCT(v4, p, k, nv, n);
            sum += (x[0] + x[2]) + (x[1] + x[3]);
            k += 4;
        }
        if (count & 2) {
            v2 x = PRODUCT(v2, p, k, nv, n);
            sum += x[0] + x[1];
            k += 2;
        }
        if (count & 1)
            sum += PRODUCT(v1, p, k, nv, n);
        *out = sum;
        out += middle->out;
        STEP(p, middle);
    }
}

INLINE void strided(double *out, const double *const *in, const ag_loop *middle, int n) {
    const ag_loop *inner = middle + 1;
    const double *p[3] = {in[0], in[1], in[2]};
    for (size_t i = 0; i < middle->count; i++) {
        for (size_t j = 0; j < inner->count; j++) {
            ptrdiff_t k = (ptrdiff_t)j;
            double x = p[0][k * inner->in[0]];
            if (n > 1)
                x *= p[1][k * inner->in[1]];
            out[k * inner->out] = x;
        }
        out += middle->out;
        STEP(p, middle);
    }
}

/* All lanes of one entry as vectors of the width that the instruction set has. */
#define PARTS (LANES * 8 / VECTOR_BYTES)
typedef double vn __attribute__((vector_size(VECTOR_BYTES)));
typedef double vn_any __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
#define PART(p, k) ((vn) * (const vn_any *)((p) + (k) * (VECTOR_BYTES / 8)))
#define STORE_PART(p, k) (*(vn_any *)((p) + (k) * (VECTOR_BYTES / 8)))
#define EACH_PART(k) for (int k = 0; k < PARTS; k++)

/* Part k of the product of the operands, the first `nb` of which have one value for all lanes. */
INLINE vn lane_product(const double *const *p, int k, int nb, int n) {
    vn x = nb > 0 ? SPLAT(vn, p[0][0]) : PART(p[0], k);
    if (n == 1)
        return x;
    vn y = nb > 1 ? SPLAT(vn, p[1][0]) : PART(p[1], k);
    return n == 2 ? x * y : x * (y * PART(p[2], k));
}

/* Sums of several steps of the middle loop side by side, as many as registers hold: their additions
 * do not wait for each other, and an operand that is steady is read once for all. */
#define ABREAST (AG_ABREAST * VECTOR_BYTES / 64)

INLINE void lane_sums(double *out, const double *const *in, const ag_loop *middle, int adds, int nb,
                      int n, int steady, int steps) {
    const ag_loop *inner = middle + 1;
    const double *p[ABREAST][3];
    vn acc[ABREAST][PARTS];
    for (int w = 0; w < steps; w++) {
        for (int i = 0; i < n; i++)
            p[w][i] = in[i] + (steady && i == n - 1 ? 0 : w * middle->in[i]);
        EACH_PART(k)
        acc[w][k] = adds ? PART(out + w * middle->out, k) : SPLAT(vn, 0.0);
    }
    for (size_t j = 0; j < inner->count; j++)
        for (int w = 0; w < steps; w++) {
            EACH_PART(k)
            acc[w][k] += lane_product(p[w], k, nb, n);
            for (int i = 0; i < n; i++)
                p[w][i] += inner->in[i];
        }
    for (int w = 0; w < steps; w++)
        EACH_PART(k)
    STORE_PART(out + w * middle->out, k) = acc[w][k];
}

INLINE void lanes(double *out, const double *const *in, const ag_loop *middle, int adds, int nb,
                  int n, int steady) {
    const double *row[3] = {in[0], in[1], in[2]};
    size_t i = 0;
    for (; i + ABREAST <= middle->count; i += ABREAST) {
        lane_sums(out, row, middle, adds, nb, n, steady, ABREAST);
        out += ABREAST * middle->out;
        for (int o = 0; o < 3; o++)
            row[o] += ABREAST * middle->in[o];
    }
    for (; i < middle->count; i++) {
        lane_sums(out, row, middle, adds, nb, n, steady, 1);
        out += middle->out;
        STEP(row, middle);
    }
}

INLINE void lanes_each(double *out, const double *const *in, const ag_loop *middle, int nb, int n) {
    const ag_loop *inner = middle + 1;
    const double *row[3] = {in[0], in[1], in[2]};
    for (size_t i = 0; i < middle->count; i++) {
        const double *p[3] = {row[0], row[1], row[2]};
        double *to = out;
        for (size_t j = 0; j < inner->count; j++) {
            EACH_PART(k)
            STORE_PART(to, k) = lane_product(p, k, nb, n);
            to += inner->out;
            STEP(p, inner);
        }
        out += middle->out;
        STEP(row, middle);
    }
}

/* One term of a list: factor * (a * b), by what the list has. */
INLINE vn term(const ag_terms *t, const double *block, int k, int parts) {
    if (parts == AG_LIST_FACTOR)
        return SPLAT(vn, *t->factor);
    vn x = PART(block + *t->a, k);
    if (parts & AG_LIST_B)
        x = x * PART(block + *t->b, k);
    return parts & AG_LIST_FACTOR ? *t->factor * x : x;
}

INLINE void sum_groups(const ag_list *list, ag_terms t, double *block, int parts,
                       uint32_t uniform) {
    for (uint32_t g = 0; g < list->groups; g++) {
        uint32_t count = uniform ? uniform : t.count[g];
        vn acc[PARTS];
        EACH_PART(k)
        acc[k] = term(&t, block, k, parts);
        for (uint32_t j = 1; j < count; j++) {
            t.factor++;
            t.a++;
            t.b++;
            EACH_PART(k)
            acc[k] += term(&t, block, k, parts);
        }
        t.factor++;
        t.a++;
        t.b++;
        double *out = block + t.out[g];
        EACH_PART(k)
        STORE_PART(out, k) = acc[k];
    }
}

INLINE void sum_parts(const ag_list *list, ag_terms terms, double *block, int parts) {
    switch (list->uniform) {
    case 1:
        sum_groups(list, terms, block, parts, 1);
        return;
    case 2:
        sum_groups(list, terms, block, parts, 2);
        return;
    case 3:
        sum_groups(list, terms, block, parts, 3);
        return;
    case 4:
        sum_groups(list, terms, block, parts, 4);
        return;
    default:
        sum_groups(list, terms, block, parts, 0);
    }
}

static void sum_list(const ag_list *list, ag_terms terms, double *block) {
    switch (list->parts) {
    case AG_LIST_FACTOR:
        sum_parts(list, terms, block, AG_LIST_FACTOR);
        return;
    case AG_LIST_A:
        sum_parts(list, terms, block, AG_LIST_A);
        return;
    case AG_LIST_FACTOR | AG_LIST_A:
        sum_parts(list, terms, block, AG_LIST_FACTOR | AG_LIST_A);
        return;
    case AG_LIST_A | AG_LIST_B:
        sum_parts(list, terms, block, AG_LIST_A | AG_LIST_B);
        return;
    default:
        sum_parts(list, terms, block, AG_LIST_FACTOR | AG_LIST_A | AG_LIST_B);
    }
}

/* The two innermost loops, by form and number of operands. */
static void innermost(const ag_op *op, const ag_loop *middle, double *out,
                      const double *const *in) {
    const size_t count = middle[1].count;
    const int adds = op->adds;
    switch (op->form) {
    case AG_FORM_KEPT:
        switch (op->operands * 4 + op->vectors) {
#define KEPT_CASE(n, nv)                                                                           \
    case (n)*4 + (nv):                                                                             \
        kept(out, in, middle, count, adds, nv, n);                                                 \
        return
            KEPT_CASE(1, 0);
            KEPT_CASE(1, 1);
            KEPT_CASE(2, 0);
            KEPT_CASE(2, 1);
            KEPT_CASE(2, 2);
            KEPT_CASE(3, 0);
            KEPT_CASE(3, 1);
            KEPT_CASE(3, 2);
            KEPT_CASE(3, 3);
        }
        return;
    case AG_FORM_SUMMED:
        switch (op->operands * 4 + op->vectors) {
#define SUMMED_CASE(n, nv)                                                                         \
    case (n)*4 + (nv):                                                                             \
        summed(out, in, middle, count, adds, nv, n);                                               \
        return
            SUMMED_CASE(1, 1);
            SUMMED_CASE(2, 1);
            SUMMED_CASE(2, 2);
            SUMMED_CASE(3, 1);
            SUMMED_CASE(3, 2);
            SUMMED_CASE(3, 3);
        }
        return;
    case AG_FORM_STRIDED:
        if (op->operands == 1)
            strided(out, in, middle, 1);
        else
            strided(out, in, middle, 2);
        return;
    case AG_FORM_LANES:
        switch (op->operands * 8 + op->broadcast * 2 + op->steady) {
#define LANES_CASE(n, nb, steady)                                                                  \
    case (n)*8 + (nb)*2 + (steady):                                                                \
        lanes(out, in, middle, adds, nb, n, steady);                                               \
        return
            LANES_CASE(1, 0, 0);
            LANES_CASE(1, 1, 0);
            LANES_CASE(2, 0, 0);
            LANES_CASE(2, 0, 1);
            LANES_CASE(2, 1, 0);
            LANES_CASE(2, 1, 1);
            LANES_CASE(3, 0, 0);
            LANES_CASE(3, 0, 1);
            LANES_CASE(3, 1, 0);
            LANES_CASE(3, 1, 1);
        }
        return;
    default:
        switch (op->operands * 4 + op->broadcast) {
#define EACH_CASE(n, nb)                                                                           \
    case (n)*4 + (nb):                                                                             \
        lanes_each(out, in, middle, nb, n);                                                        \
        return
            EACH_CASE(1, 0);
            EACH_CASE(1, 1);
            EACH_CASE(2, 0);
            EACH_CASE(2, 1);
            EACH_CASE(2, 2);
            EACH_CASE(3, 0);
            EACH_CASE(3, 1);
        }
    }
}

static void contract(const ag_op *op, const ag_loop *loops, double *out, const double *const *in) {
    if (op->outer == 0) {
        innermost(op, loops, out, in);
        return;
    }
    size_t at[64] = {0};
    const double *p[3] = {in[0], in[1], in[2]};
    const ag_loop *middle = loops + op->outer;
    if (op->adds)
        memset(out, 0, op->out_entries * sizeof *out);
    for (;;) {
        innermost(op, middle, out, p);
        int d = op->outer - 1;
        for (;;) {
            const ag_loop *loop = &loops[d];
            out += loop->out;
            STEP(p, loop);
            if (++at[d] < loop->count)
                break;
            ptrdiff_t back = (ptrdiff_t)loop->count;
            at[d] = 0;
            out -= loop->out * back;
            for (int i = 0; i < 3; i++)
                p[i] -= loop->in[i] * back;
            if (--d < 0)
                return;
        }
    }
}

/* 2^-exponent of x, and the exponent; 0 where x is 0 or above the threshold. */
INLINE int exponent_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    return x > 0 && exponent < -256 ? exponent : 0;
}

INLINE double power_of_2(int exponent) {
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

INLINE double magnitude(double x) {
    return x < 0 ? -x : x;
}

static void rescale(double *table, size_t entries, double *exponents) {
    double greatest = 0;
    for (size_t i = 0; i < entries; i++)
        greatest = magnitude(table[i]) > greatest ? magnitude(table[i]) : greatest;
    int exponent = exponent_of(greatest);
    if (exponent == 0)
        return;
    exponent = exponent < -1000 ? -1000 : exponent;
    double factor = power_of_2(-exponent);
    for (size_t i = 0; i < entries; i++)
        table[i] *= factor;
    if (exponents)
        *exponents += exponent;
}

static void rescale_lanes(double *table, size_t entries, double *exponents) {
    double greatest[LANES] = {0};
    for (size_t i = 0; i < entries; i++)
        for (int l = 0; l < LANES; l++) {
            double x = magnitude(table[i * LANES + (size_t)l]);
            greatest[l] = x > greatest[l] ? x : greatest[l];
        }
    double factor[LANES];
    int any = 0;
    for (int l = 0; l < LANES; l++) {
        int exponent = exponent_of(greatest[l]);
        exponent = exponent < -1000 ? -1000 : exponent;
        any |= exponent;
        factor[l] = power_of_2(-exponent);
        if (exponents)
            exponents[l] += exponent;
    }
    if (!any)
        return;
    for (size_t i = 0; i < entries; i++)
        for (int l = 0; l < LANES; l++)
            table[i * LANES + (size_t)l] *= factor[l];
}

typedef long long vn_bits __attribute__((vector_size(VECTOR_BYTES)));

/* x where `mask` is set, else 0. */
INLINE vn keep(vn x, vn_bits mask) {
    return (vn)((vn_bits)x & mask);
}

/* Belief times likelihood; differences of noisy-MAX factors may round below 0. */
INLINE vn weigh(const double *belief, const double *likelihood, int k) {
    vn x = likelihood ? PART(belief, k) * PART(likelihood, k) : PART(belief, k);
    return keep(x, x > 0);
}

/* A state that has all of the weight has probability 1, not 1 within rounding. */
INLINE void normalise(const double *belief, const double *likelihood, size_t states,
                      const double *possible, size_t lanes, double *out, size_t state_step,
                      size_t lane_step) {
    vn sum[PARTS];
    vn factor[PARTS];
    vn whole[PARTS];
    EACH_PART(k)
    sum[k] = SPLAT(vn, 0.0);
    for (size_t s = 0; s < states; s++)
        EACH_PART(k)
    sum[k] += weigh(belief + s * LANES, likelihood ? likelihood + s * LANES : NULL, k);
    EACH_PART(k) {
        factor[k] = keep(PART(possible, k) / sum[k], sum[k] > 0);
        whole[k] = keep(PART(possible, k), sum[k] > 0);
    }
    for (size_t s = 0; s < states; s++) {
        double row[LANES];
        EACH_PART(k) {
            vn x = weigh(belief + s * LANES, likelihood ? likelihood + s * LANES : NULL, k);
            STORE_PART(row, k) = keep(x * factor[k], x < sum[k]) + keep(whole[k], x >= sum[k]);
        }
        double *to = out + s * state_step;
        if (lanes == LANES)
            for (size_t l = 0; l < LANES; l++)
                to[l * lane_step] = row[l];
        else
            for (size_t l = 0; l < lanes; l++)
                to[l * lane_step] = row[l];
    }
}

static void normalise_lanes(const double *belief, const double *likelihood, size_t states,
                            const double *possible, size_t lanes, double *out, size_t state_step,
                            size_t lane_step) {
    if (lane_step == 1)
        normalise(belief, likelihood, states, possible, lanes, out, state_step, 1);
    else
        normalise(belief, likelihood, states, possible, lanes, out, 1, lane_step);
}

static void write_findings(const int *states, double known, const double *base, size_t count,
                           double *to) {
    for (size_t s = 0; s < count; s++)
        for (size_t l = 0; l < LANES; l++)
            to[s * LANES + l] = states[l] < 0         ? base[s * LANES + l]
                                : states[l] == (int)s ? known
                                                      : 0.0;
}
