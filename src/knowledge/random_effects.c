#include "random_effects.h"

#include <math.h>

static double weighted_mean(const double *effects, const double *variances, int count,
                            double between, double *weight) {
    double sum = 0;
    *weight = 0;
    for (int i = 0; i < count; i++) {
        double w = 1 / (variances[i] + between);
        *weight += w;
        sum += w * effects[i];
    }
    return sum / *weight;
}

ag_random_effects ag_random_effects_of(const double *effects, const double *variances, int count) {
    ag_random_effects out = {0};
    double weight, squares = 0;
    double fixed = weighted_mean(effects, variances, count, 0, &weight);
    for (int i = 0; i < count; i++) {
        out.heterogeneity += (effects[i] - fixed) * (effects[i] - fixed) / variances[i];
        squares += 1 / (variances[i] * variances[i]);
    }
    if (count > 1)
        out.between = fmax(0, (out.heterogeneity - (count - 1)) / (weight - squares / weight));
    out.mean = weighted_mean(effects, variances, count, out.between, &weight);
    out.variance = 1 / weight;
    return out;
}

void ag_pool_counts(double *events, double *totals, int count, double *pooled_events,
                    double *pooled_total) {
    *pooled_events = *pooled_total = 0;
    for (int i = 0; i < count; i++) {
        *pooled_events += events[i];
        *pooled_total += totals[i];
    }
    if (count < 2 || *pooled_events <= 0 || *pooled_events >= *pooled_total)
        return;
    double p = *pooled_events / *pooled_total;
    for (int i = 0; i < count; i++) {
        events[i] /= totals[i];              /* now the effect */
        totals[i] = p * (1 - p) / totals[i]; /* and its variance */
    }
    ag_random_effects pooled = ag_random_effects_of(events, totals, count);
    if (pooled.between <= 0)
        return;
    *pooled_total = pooled.mean * (1 - pooled.mean) / (pooled.variance + pooled.between);
    *pooled_events = pooled.mean * *pooled_total;
}
