/*
 * Scores against values from elsewhere: Wilson intervals as Newcombe (1998, Stat Med 17:857, table
 * I) prints them, binomial tails summed by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "scoring.h"

static void near(double got, double wanted, double within) {
    if (!(fabs(got - wanted) <= within))
        fail_msg("%.6f is not %.6f", got, wanted);
}

static void wilson_as_published(void **state) {
    (void)state;
    ag_scored a = ag_score_share(81, 263), b = ag_score_share(15, 148);
    near(a.low, 0.2553, 5e-5);
    near(a.high, 0.3662, 5e-5);
    near(b.low, 0.0624, 5e-5);
    near(b.high, 0.1605, 5e-5);
    near(ag_score_share(0, 20).high, 0.1611, 5e-5);
    near(ag_score_share(1, 29).low, 0.0061, 5e-5);
    assert_true(isnan(ag_score_share(0, 0).value));
}

static void scores_by_hand(void **state) {
    (void)state;
    near(ag_score_log(0.25, 1), log(4), 1e-12);
    near(ag_score_log(0.25, 0), log(4 / 3.0), 1e-12);
    near(ag_score_brier(0.25, 1), 0.5625, 1e-12);
    near(ag_score_brier(0.25, 0), 0.0625, 1e-12);
    assert_true(isfinite(ag_score_log(0, 1)));
}

/* Two coins: 1/4, 1/2, 1/4. */
static void tails_of_two_coins(void **state) {
    (void)state;
    double half = 0.5;
    ag_predicted p = ag_score_count(&half, 1, 1, 2);
    near(p.below, 0.75, 1e-12);
    near(p.above, 0.75, 1e-12);
    assert_int_equal(p.low, 0);
    assert_int_equal(p.high, 2);
    near(p.log_gain, log(0.5 * 3), 1e-12); /* a guess gives each of three counts a third */
}

/* Half of the draws say never, half always: 0 and 3 of 3, each with one half. */
static void mixture_of_certainties(void **state) {
    (void)state;
    double p[] = {0, 1};
    ag_predicted out = ag_score_count(p, 2, 1, 3);
    near(out.below, 0.5, 1e-12);
    near(out.above, 0.5, 1e-12);
    near(ag_score_count(p, 2, 3, 3).above, 0.5, 1e-12);
}

/* A uniform p makes every count of n equally likely: 1 / (n + 1). */
static void uniform_draws_give_uniform_counts(void **state) {
    (void)state;
    enum { DRAWS = 20000 };
    static double p[DRAWS];
    for (int d = 0; d < DRAWS; d++)
        p[d] = (d + 0.5) / DRAWS;
    near(ag_score_count(p, DRAWS, 3, 9).below, 0.4, 1e-6);
    near(ag_score_count(p, DRAWS, 3, 9).above, 0.7, 1e-6);
    near(ag_score_count(p, DRAWS, 3, 9).log_gain, 0, 1e-6);
}

/* The standard error of the mean of 0 … 99 is 2.887: the bootstrap interval is 1.96 of them wide.
 */
static void bootstrap_of_a_mean(void **state) {
    (void)state;
    double values[100];
    for (int i = 0; i < 100; i++)
        values[i] = i;
    ag_scored s = ag_score_mean(values, 100, 1);
    near(s.value, 49.5, 1e-12);
    near(s.low, 49.5 - 1.96 * 2.887, 0.6);
    near(s.high, 49.5 + 1.96 * 2.887, 0.6);
    ag_scored again = ag_score_mean(values, 100, 1), other = ag_score_mean(values, 100, 2);
    assert_true(again.low == s.low && again.high == s.high);
    assert_true(other.low != s.low);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_as_published),
        cmocka_unit_test(scores_by_hand),
        cmocka_unit_test(tails_of_two_coins),
        cmocka_unit_test(mixture_of_certainties),
        cmocka_unit_test(uniform_draws_give_uniform_counts),
        cmocka_unit_test(bootstrap_of_a_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
