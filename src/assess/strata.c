/*
 * The draws are ranked by a probability of today and cut into equal strata; the middle of each is
 * computed. With t(d) a probability today in draw d, x(c) that of the imagined epoch in the middle
 * c of its stratum, the imagined epoch has in draw d x(d) = x(c) + b (t(d) - t(c)),    b = cov(x,
 * t) / var(t) over the middles (the regression estimator: Cochran 1977, Sampling Techniques). Where
 * nothing changes b is 1, and x is in every draw exactly what it is today.
 */
#include "strata.h"

#include <math.h>
#include <stdlib.h>

typedef struct ranked_draw {
    double p;
    int draw;
} ranked_draw;

static int by_probability(const void *x, const void *y) {
    const ranked_draw *a = x, *b = y;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return a->draw - b->draw;
}

static int state_count(const ag_posterior *today, int node) {
    return ag_network_state_count(ag_clinical_network_model(today->clinical), node);
}

/* The draws in which the findings are possible, in order; their number. */
static int rank_draws(const ag_posterior *today, int node, uint32_t states, ranked_draw *out) {
    const double *marginal = ag_posterior_marginal(today, node);
    int draws = today->draw_count, count = 0;
    for (int d = 0; d < draws; d++) {
        ranked_draw one = {0, d};
        for (int s = 0; s < state_count(today, node); s++)
            one.p += states >> s & 1 ? marginal[s * draws + d] : 0;
        if (!isinf(today->log_evidence[d]))
            out[count++] = one;
    }
    qsort(out, (size_t)count, sizeof *out, by_probability);
    return count;
}

ag_status ag_strata_open(ag_strata *out, const ag_posterior *today, int node, uint32_t states,
                         ag_parameter_cache *cache, ag_error *error) {
    ranked_draw all[AG_DRAWS];
    *out = (ag_strata){.cache = NULL};
    int count = rank_draws(today, node, states, all);
    for (int d = 0; d < AG_DRAWS; d++)
        out->stratum[d] = -1;
    for (int i = 0; i < count; i++)
        out->stratum[all[i].draw] = i * AG_IMAGINED_DRAWS / count;
    for (int c = 0; c < AG_IMAGINED_DRAWS && count > 0; c++)
        out->chosen[c] = all[(2 * c + 1) * count / (2 * AG_IMAGINED_DRAWS)].draw;
    out->cache = ag_parameter_cache_new_chosen(cache, out->chosen, AG_IMAGINED_DRAWS);
    return out->cache != NULL ? AG_OK : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

void ag_strata_close(ag_strata *strata) {
    ag_parameter_cache_free(strata->cache);
    strata->cache = NULL;
}

/* cov(x, t) / var(t), summed over the states; 1 where today does not vary. */
static double slope(const ag_strata *strata, double (*values)[AG_DRAWS], const double *today,
                    int states) {
    double covariance = 0, variance = 0;
    for (int s = 0; s < states; s++) {
        double mean_x = 0, mean_t = 0;
        for (int c = 0; c < AG_IMAGINED_DRAWS; c++) {
            mean_x += values[s][c] / AG_IMAGINED_DRAWS;
            mean_t += today[s * AG_DRAWS + strata->chosen[c]] / AG_IMAGINED_DRAWS;
        }
        for (int c = 0; c < AG_IMAGINED_DRAWS; c++) {
            double t = today[s * AG_DRAWS + strata->chosen[c]] - mean_t;
            covariance += (values[s][c] - mean_x) * t;
            variance += t * t;
        }
    }
    return variance > 0 ? covariance / variance : 1;
}

void ag_strata_spread(const ag_strata *strata, const ag_posterior *today, int node,
                      double (*values)[AG_DRAWS]) {
    int states = state_count(today, node);
    const double *t = ag_posterior_marginal(today, node);
    double b = slope(strata, values, t, states);
    for (int s = 0; s < states; s++) {
        double x[AG_IMAGINED_DRAWS];
        for (int c = 0; c < AG_IMAGINED_DRAWS; c++)
            x[c] = values[s][c];
        for (int d = 0; d < AG_DRAWS; d++) {
            int c = strata->stratum[d];
            double moved =
                c < 0 ? 0 : x[c] + b * (t[s * AG_DRAWS + d] - t[s * AG_DRAWS + strata->chosen[c]]);
            values[s][d] = fmin(fmax(moved, 0), 1);
        }
    }
}
