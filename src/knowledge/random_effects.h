/** @file random_effects.h Several studies as one: their mean, and how far apart they lie. */
#ifndef AG_RANDOM_EFFECTS_H
#define AG_RANDOM_EFFECTS_H

typedef struct ag_random_effects {
    double mean;
    double variance;      /**< of that mean */
    double heterogeneity; /**< Cochran's Q of the studies against their fixed-effect mean */
    double between;       /**< variance of the true effects between studies, at least 0 */
} ag_random_effects;

/**
 * Pool `count` (1 or more) effects with their sampling variances (> 0) by the moments of
 * DerSimonian and Laird 1986 (doi 10.1016/0197-2456(86)90046-2).
 */
ag_random_effects ag_random_effects_of(const double *effects, const double *variances, int count);

/**
 * The share in a population that was not studied yet, as a number of men: `events` of `total`,
 * where `events[i]` of `totals[i]` are the counts of the studies. Sums where no study differs from
 * the others by more than chance; else the mean of the random-effects model, in as few men as give
 * the variance of a prediction, that of the mean and that between studies (Higgins, Thompson and
 * Spiegelhalter 2009, doi 10.1111/j.1467-985X.2008.00552.x). The sampling variance of a study is
 * that of the pooled share, so that a study without events weighs what its size weighs. What stands
 * in `events` and `totals` is lost.
 */
void ag_pool_counts(double *events, double *totals, int count, double *pooled_events,
                    double *pooled_total);

#endif
