/*
 * Draws of uncertain numbers. The AG_DRAWS draws of a parameter are the quantiles of its
 * distribution at the middles of AG_DRAWS equal strata of probability, in an order of its own
 * (Latin hypercube sampling: McKay, Beckman and Conover 1979, doi 10.2307/1268522): each number is
 * sampled evenly, and different numbers independently. The order is a keyed permutation of 0 ..
 * 255: a Feistel network of four rounds on two halves of four bits.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "beta.h"
#include "knowledge.h"
#include "random.h"

#define DRAW_SEED UINT64_C(0x616e746567726164)

static_assert(AG_DRAWS == 256, "the permutation of the strata is one of eight bits");

enum { ROUNDS = 4, HALVES = 16 };

typedef struct permutation {
    uint8_t mix[ROUNDS][HALVES]; /* four random bits for each value of a half */
} permutation;

static permutation permutation_of(uint64_t stream) {
    permutation p;
    uint32_t bits[2 * ROUNDS];
    ag_random_bits(DRAW_SEED, stream, 0, bits);
    ag_random_bits(DRAW_SEED, stream, 1, bits + 4);
    for (int round = 0; round < ROUNDS; round++)
        for (int half = 0; half < HALVES; half++)
            p.mix[round][half] = bits[2 * round + half / 8] >> (4 * (half % 8)) & 15;
    return p;
}

static int permuted(const permutation *p, int draw) {
    unsigned left = (unsigned)draw / HALVES, right = (unsigned)draw % HALVES;
    for (int round = 0; round < ROUNDS; round++) {
        unsigned next = left ^ p->mix[round][right];
        left = right;
        right = next;
    }
    return (int)(left * HALVES + right);
}

static double middle(int stratum) {
    return (stratum + 0.5) / AG_DRAWS;
}

double ag_parameter_draw(const ag_parameter *parameter, int draw) {
    if (parameter->kind == AG_PARAMETER_REST)
        return 0;
    if (draw < 0 || parameter->kind == AG_PARAMETER_EXACT)
        return parameter->value;
    permutation order = permutation_of(parameter->stream);
    double p = middle(permuted(&order, draw));
    if (parameter->kind == AG_PARAMETER_BETA)
        return ag_beta_quantile(parameter->a, parameter->b, p);
    double x = parameter->a + parameter->b * ag_normal_quantile(p);
    return parameter->kind == AG_PARAMETER_LOGNORMAL ? exp(x) : x;
}

bool ag_parameter_is_certain(const ag_parameter *parameter) {
    return parameter->kind == AG_PARAMETER_EXACT || parameter->kind == AG_PARAMETER_REST;
}

void ag_parameter_quantiles(const ag_parameter *parameter, double *out) {
    for (int s = 0; s < AG_DRAWS; s++)
        out[s] = middle(s);
    if (parameter->kind == AG_PARAMETER_BETA) {
        ag_beta_quantiles(parameter->a, parameter->b, out, AG_DRAWS, out);
        return;
    }
    for (int s = 0; s < AG_DRAWS; s++) {
        double x = parameter->a + parameter->b * ag_normal_quantile(out[s]);
        out[s] = parameter->kind == AG_PARAMETER_LOGNORMAL ? exp(x) : x;
    }
}

static int order_of(double a, double b) {
    return (a > b) - (a < b);
}

int ag_distribution_compare(const void *a, const void *b) {
    const ag_distribution *x = a, *y = b;
    int kind = (x->kind > y->kind) - (x->kind < y->kind), first = order_of(x->a, y->a);
    return kind != 0 ? kind : first != 0 ? first : order_of(x->b, y->b);
}

const double *ag_quantiles_find(const ag_quantiles *quantiles, const ag_parameter *parameter) {
    const ag_distribution wanted = {parameter->kind, parameter->a, parameter->b};
    if (quantiles == NULL)
        return NULL;
    const ag_distribution *found =
        bsearch(&wanted, quantiles->distributions, (size_t)quantiles->count, sizeof wanted,
                ag_distribution_compare);
    return found != NULL ? quantiles->values[found - quantiles->distributions] : NULL;
}

void ag_parameter_choose(const ag_parameter *parameter, const double *quantiles, const int *draws,
                         int count, double *out) {
    permutation order = permutation_of(parameter->stream);
    for (int i = 0; i < count; i++)
        out[i] = quantiles[permuted(&order, draws != NULL ? draws[i] : i)];
}

void ag_parameter_draws(const ag_parameter *parameter, double *out) {
    double quantiles[AG_DRAWS];
    if (!ag_parameter_is_certain(parameter)) {
        ag_parameter_quantiles(parameter, quantiles);
        ag_parameter_choose(parameter, quantiles, NULL, AG_DRAWS, out);
        return;
    }
    for (int d = 0; d < AG_DRAWS; d++)
        out[d] = ag_parameter_draw(parameter, d);
}
