/* A man's own count against Bayes' rule by numerical integration over his logarithm of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "counted.h"

static const double LOW = -25, HIGH = 15, STEP = 1e-3;

static double density(double x, double mean, double spread) {
    double z = (x - mean) / spread;
    return exp(-0.5 * z * z) / spread;
}

/* P(his own < million) given samples that held `counts`, spreads `w` between them. */
static double by_integration(ag_log_normal men, const double *counts, const double *w, int samples,
                             double million) {
    double below = 0, all = 0;
    for (double x = LOW; x < HIGH; x += STEP) {
        double p = density(x, men.mean, men.spread);
        for (int i = 0; i < samples; i++)
            p *= density(log(counts[i]), x, w[i]);
        all += p;
        below += x < log(million) ? p : 0;
    }
    return below / all;
}

static double by_formula(ag_log_normal x, double million) {
    return 0.5 * erfc(-(log(million) - x.mean) / x.spread / sqrt(2.0));
}

static void check(ag_log_normal men, const ag_counted *counted, const double *counts,
                  const double *w) {
    const ag_planning *unused = NULL; /* central values ask for no draws */
    ag_log_normal own = ag_plan_counted(unused, counted, men, -1);
    for (double million = 0.05; million < 100; million *= 3)
        assert_true(fabs(by_formula(own, million) -
                         by_integration(men, counts, w, counted->count, million)) < 1e-3);
}

static void test_bayes(void **state) {
    (void)state;
    const ag_sperm_measure whole = {.share = {.value = 1}, .spread = {.value = 0.65}};
    const ag_sperm_measure part = {.share = {.value = 0.45}, .spread = {.value = 0.8}};
    const ag_sperm_source card = {.none_found = {.value = 0.02}};
    const ag_log_normal few = {log(4), 1.5}, usual = {log(100), 0.95};
    ag_counted counted = {.card = &card, .samples = {{&whole, 0.24}}, .count = 1};
    check(few, &counted, (double[]){0.24}, (double[]){0.65});
    check(usual, &counted, (double[]){0.24}, (double[]){0.65});
    counted = (ag_counted){.card = &card, .samples = {{&whole, 0.24}, {&part, 2}}, .count = 2};
    check(few, &counted, (double[]){0.24, 2 * 0.45}, (double[]){0.65, 0.8});
    counted = (ag_counted){.card = &card, .samples = {{&part, 0}}, .count = 1};
    check(few, &counted, (double[]){0.02}, (double[]){0.8});
}

/* What was not counted leaves the man as men are. */
static void test_nothing_counted(void **state) {
    (void)state;
    const ag_counted nothing = {.count = 0};
    ag_log_normal own = ag_plan_counted(NULL, &nothing, (ag_log_normal){log(4), 1.5}, -1);
    assert_true(fabs(own.mean - log(4)) < 1e-12 && fabs(own.spread - 1.5) < 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bayes),
        cmocka_unit_test(test_nothing_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
