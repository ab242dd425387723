/**
 * @file scoring.h
 * Scores of probabilities, and intervals of scores.
 */
#ifndef AG_SCORING_H
#define AG_SCORING_H

/** A value with its 95 % interval. */
typedef struct ag_scored {
    double value, low, high;
} ag_scored;

/** -ln of the probability given to what happened; a probability counts as 1e-6 at least, so that
 * one impossible event does not decide everything. */
double ag_score_log(double p, int happened);

/** (p - happened)^2 (Brier 1950). */
double ag_score_brier(double p, int happened);

/** A share with its Wilson interval (1927). `total` 0 gives NaN. */
ag_scored ag_score_share(int events, int total);

/** The mean of `count` values with the 2.5th to 97.5th centile of 2000 bootstrap means; the draws
 * hang on `seed` alone. */
ag_scored ag_score_mean(const double *values, int count, unsigned long long seed);

/** How well a predicted count fits: the mixture over `draws` of Binomial(total, p[d]). */
typedef struct ag_predicted {
    int low, high;       /**< the central 95 % interval of the count */
    double below, above; /**< P(count <= events) and P(count >= events) */
    double log_gain;     /**< ln P(count = events) less that of a guess, ln 1/(total + 1) */
} ag_predicted;

/** A count under the mixture; `total` >= 1, each p in [0, 1]. */
ag_predicted ag_score_count(const double *p, int draws, int events, int total);

/** Binomial(total, p) at `events`. */
double ag_binomial(int total, int events, double p);

#endif
