/*
 * A treated man is computed in few draws and stands for all of them. The draws are ranked by
 * today's P(semen) and cut into equal strata; the middle of each is computed. With t(d) a
 * probability today in draw d, x(c) that of the treated man in the middle c of its stratum, the
 * treated man in draw d has x(d) = x(c) + b (t(d) - t(c)),    b = cov(x, t) / var(t) over the
 * middles (the regression estimator of stratified samples: Cochran 1977, Sampling Techniques).
 * Where nothing changes b is 1, and he is in every draw exactly what he is today.
 */
#include <math.h>
#include <stdlib.h>

#include "plan_work.h"

typedef struct ranked_draw {
    double semen;
    int draw;
} ranked_draw;

static int by_semen(const void *x, const void *y) {
    const ranked_draw *a = x, *b = y;
    if (a->semen != b->semen)
        return a->semen < b->semen ? -1 : 1;
    return a->draw - b->draw;
}

/* The draws in which the findings are possible, in order; their number. */
static int rank_draws(const ag_planning *p, ranked_draw *out) {
    uint32_t semen = ag_plan_outcome_states(p).semen;
    int node = ag_clinical_network_node(p->today->clinical, p->forward_volume, AG_EPOCH_TODAY, -1);
    int states = p->knowledge->variables[p->forward_volume].states.count;
    const double *marginal = ag_posterior_marginal(p->today, node);
    int draws = p->today->draw_count, count = 0;
    for (int d = 0; d < draws; d++) {
        if (isinf(p->today->log_evidence[d]))
            continue;
        ranked_draw one = {0, d};
        for (int s = 0; s < states; s++)
            one.semen += semen >> s & 1 ? marginal[s * draws + d] : 0;
        out[count++] = one;
    }
    qsort(out, (size_t)count, sizeof *out, by_semen);
    return count;
}

void ag_plan_choose_draws(ag_planning *p) {
    ranked_draw all[AG_DRAWS];
    int count = rank_draws(p, all);
    for (int d = 0; d < AG_DRAWS; d++)
        p->stratum[d] = -1;
    for (int i = 0; i < count; i++)
        p->stratum[all[i].draw] = i * AG_TREATED_DRAWS / count;
    for (int c = 0; c < AG_TREATED_DRAWS && count > 0; c++)
        p->chosen[c] = all[(2 * c + 1) * count / (2 * AG_TREATED_DRAWS)].draw;
}

/* cov(x, t) / var(t), summed over the states; 1 where today does not vary. */
static double slope(const ag_planning *p, double (*values)[AG_DRAWS], const double *today,
                    int states) {
    double covariance = 0, variance = 0;
    for (int s = 0; s < states; s++) {
        double mean_x = 0, mean_t = 0;
        for (int c = 0; c < AG_TREATED_DRAWS; c++) {
            mean_x += values[s][c] / AG_TREATED_DRAWS;
            mean_t += today[s * AG_DRAWS + p->chosen[c]] / AG_TREATED_DRAWS;
        }
        for (int c = 0; c < AG_TREATED_DRAWS; c++) {
            double t = today[s * AG_DRAWS + p->chosen[c]] - mean_t;
            covariance += (values[s][c] - mean_x) * t;
            variance += t * t;
        }
    }
    return variance > 0 ? covariance / variance : 1;
}

void ag_plan_spread_draws(const ag_planning *p, int variable, double (*values)[AG_DRAWS]) {
    int node = ag_clinical_network_node(p->today->clinical, variable, AG_EPOCH_TODAY, -1);
    int states = p->knowledge->variables[variable].states.count;
    const double *today = ag_posterior_marginal(p->today, node);
    double b = slope(p, values, today, states);
    for (int s = 0; s < states; s++) {
        double x[AG_TREATED_DRAWS];
        for (int c = 0; c < AG_TREATED_DRAWS; c++)
            x[c] = values[s][c];
        for (int d = 0; d < AG_DRAWS; d++) {
            int c = p->stratum[d];
            double moved =
                c < 0 ? 0
                      : x[c] + b * (today[s * AG_DRAWS + d] - today[s * AG_DRAWS + p->chosen[c]]);
            values[s][d] = fmin(fmax(moved, 0), 1);
        }
    }
}
