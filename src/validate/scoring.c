#include "scoring.h"

#include <math.h>
#include <stdlib.h>

#include "random.h"

static const double LEAST = 1e-6;
static const double Z = 1.959963984540054; /* of a 95 % interval */
enum { RESAMPLES = 2000 };

double ag_score_log(double p, int happened) {
    return -log(fmax(happened ? p : 1 - p, LEAST));
}

double ag_score_brier(double p, int happened) {
    return (p - happened) * (p - happened);
}

ag_scored ag_score_share(int events, int total) {
    if (total == 0)
        return (ag_scored){NAN, NAN, NAN};
    double n = total, p = events / n, z2 = Z * Z;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    return (ag_scored){p, fmax(0, middle - half), fmin(1, middle + half)};
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double resampled(const double *values, int count, unsigned long long seed, int sample) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[(int)(count * ag_random_uniform(seed, (uint64_t)sample, (uint64_t)i))];
    return sum / count;
}

ag_scored ag_score_mean(const double *values, int count, unsigned long long seed) {
    double means[RESAMPLES], sum = 0;
    if (count == 0)
        return (ag_scored){NAN, NAN, NAN};
    for (int i = 0; i < count; i++)
        sum += values[i];
    for (int s = 0; s < RESAMPLES; s++)
        means[s] = resampled(values, count, seed, s);
    qsort(means, RESAMPLES, sizeof *means, by_value);
    return (ag_scored){sum / count, means[RESAMPLES / 40], means[RESAMPLES - 1 - RESAMPLES / 40]};
}

double ag_binomial(int total, int events, double p) {
    if (p <= 0)
        return events == 0;
    if (p >= 1)
        return events == total;
    return exp(lgamma(total + 1.0) - lgamma(events + 1.0) - lgamma(total - events + 1.0) +
               events * log(p) + (total - events) * log1p(-p));
}

ag_predicted ag_score_count(const double *p, int draws, int events, int total) {
    ag_predicted out = {.low = -1, .high = total};
    double sum = 0;
    for (int k = 0; k <= total; k++) {
        double mass = 0;
        for (int d = 0; d < draws; d++)
            mass += ag_binomial(total, k, p[d]) / draws;
        if (k == events)
            out.log_gain = log(fmax(mass, LEAST)) + log(total + 1.0);
        out.below += k <= events ? mass : 0;
        out.above += k >= events ? mass : 0;
        if (out.low < 0 && sum + mass > 0.025)
            out.low = k;
        if (sum < 0.975)
            out.high = k;
        sum += mass;
    }
    return out;
}
