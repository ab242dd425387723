/* Pooling of studies, against results that others have published. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_effects.h"

static void close_to(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance))
        print_error("found %.12g, expected %.12g\n", found, expected);
    assert_true(fabs(found - expected) <= tolerance);
}

/*
 * Thirteen trials of BCG against tuberculosis (Colditz 1994, doi 10.1001/jama.1994.03510330076038),
 * as logarithms of the risk ratio. Results of the R package metafor and of Stata's metan, which
 * metafor's own tests give: fixed effect -0.4303 with Q 152.2330, random effects (DL) -0.7141
 * [-1.0644, -0.3638]; between-study variance 0.3088 (Viechtbauer 2010, doi 10.18637/jss.v036.i03).
 */
static void bcg_trials_as_published(void **state) {
    (void)state;
    static const double trials[13][4] = {
        /* ill and well when vaccinated, ill and well when not */
        {4, 119, 11, 128},       {6, 300, 29, 274},        {3, 228, 11, 209},
        {62, 13536, 248, 12619}, {33, 5036, 47, 5761},     {180, 1361, 372, 1079},
        {8, 2537, 10, 619},      {505, 87886, 499, 87892}, {29, 7470, 45, 7232},
        {17, 1699, 65, 1600},    {186, 50448, 141, 27197}, {5, 2493, 3, 2338},
        {27, 16886, 29, 17825}};
    double effects[13], variances[13];
    for (int i = 0; i < 13; i++) {
        const double *t = trials[i];
        effects[i] = log(t[0] / (t[0] + t[1]) / (t[2] / (t[2] + t[3])));
        variances[i] = 1 / t[0] - 1 / (t[0] + t[1]) + 1 / t[2] - 1 / (t[2] + t[3]);
    }
    ag_random_effects pooled = ag_random_effects_of(effects, variances, 13);
    close_to(pooled.heterogeneity, 152.2330, 5e-5);
    close_to(pooled.between, 0.3088, 5e-5);
    close_to(pooled.mean, -0.7141, 5e-5);
    close_to(pooled.mean - 1.959964 * sqrt(pooled.variance), -1.0644, 5e-5);
    close_to(pooled.mean + 1.959964 * sqrt(pooled.variance), -0.3638, 5e-5);
}

static void one_effect_stays(void **state) {
    (void)state;
    double effect = 2, variance = 3;
    ag_random_effects pooled = ag_random_effects_of(&effect, &variance, 1);
    close_to(pooled.mean, 2, 0);
    close_to(pooled.variance, 3, 1e-15);
    close_to(pooled.between, 0, 0);
}

static void counts_that_agree_are_added(void **state) {
    (void)state;
    double events[] = {0, 0, 3, 11}, totals[] = {15, 33, 30, 100}, n, m;
    ag_pool_counts(events, totals, 2, &n, &m);
    close_to(n, 0, 0);
    close_to(m, 48, 0);
    ag_pool_counts(events + 2, totals + 2, 2, &n, &m);
    close_to(n, 14, 0);
    close_to(m, 130, 0);
}

/*
 * 2 of 10 and 8 of 10. By hand: pooled share 1/2, each with variance 1/40, Q = 2 * 0.09 * 40 = 7.2,
 * between = (7.2 - 1) / (80 - 40) = 0.155; both studies weigh the same, so that the mean is 1/2
 * with variance (0.025 + 0.155) / 2 = 0.09, and a prediction has 0.245: a quarter by that is 1.0204
 * men.
 */
static void counts_that_disagree_predict_little(void **state) {
    (void)state;
    double events[] = {2, 8}, totals[] = {10, 10}, n, m;
    ag_pool_counts(events, totals, 2, &n, &m);
    close_to(m, 0.25 / 0.245, 1e-12);
    close_to(n, 0.125 / 0.245, 1e-12);
}

/* More disagreement, fewer men; never more than were counted. */
static void disagreement_only_widens(void **state) {
    (void)state;
    double last = 1e9;
    for (int apart = 0; apart <= 40; apart++) {
        double events[] = {50 - apart, 50 + apart}, totals[] = {100, 100}, n, m;
        ag_pool_counts(events, totals, 2, &n, &m);
        assert_true(m <= 200 + 1e-9 && m <= last + 1e-9);
        close_to(n / m, 0.5, 1e-12);
        last = m;
    }
    assert_true(last < 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bcg_trials_as_published),
        cmocka_unit_test(one_effect_stays),
        cmocka_unit_test(counts_that_agree_are_added),
        cmocka_unit_test(counts_that_disagree_predict_little),
        cmocka_unit_test(disagreement_only_widens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
