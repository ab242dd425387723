/** @file beta.h Quantiles of the Beta distribution. */
#ifndef AG_BETA_H
#define AG_BETA_H

/**
 * The quantiles of Beta(a, b) at `count` ascending probabilities in (0, 1), into `out`. For a, b in
 * [0.5, 1e6] the distribution function at a result differs from the probability asked for by less
 * than 1e-6. The result depends smoothly on a and b.
 */
void ag_beta_quantiles(double a, double b, const double *probabilities, int count, double *out);

/** One quantile, as above. */
double ag_beta_quantile(double a, double b, double probability);

#endif
