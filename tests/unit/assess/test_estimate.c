/* Centiles by selection against those of the sorted values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "posterior.h"

enum { ROUNDS = 2000 };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double centile_of_sorted(const double *sorted, int count, double share) {
    double position = share * (count - 1);
    int below = (int)position;
    double part = position - below;
    return below + 1 < count ? sorted[below] * (1 - part) + sorted[below + 1] * part
                             : sorted[count - 1];
}

static void fill(double *values, int count, int kinds) {
    for (int i = 0; i < count; i++)
        values[i] = kinds > 0 ? rand() % kinds : rand() / (double)RAND_MAX;
}

static void selection_is_as_sorting(void **state) {
    (void)state;
    srand(3);
    for (int round = 0; round < ROUNDS; round++) {
        double values[AG_DRAWS], sorted[AG_DRAWS];
        int count = 1 + rand() % AG_DRAWS;
        fill(values, count, round % 4); /* some with many ties */
        memcpy(sorted, values, (size_t)count * sizeof *sorted);
        qsort(sorted, (size_t)count, sizeof *sorted, by_value);
        ag_estimate estimate = ag_estimate_of(values, count);
        assert_true(estimate.low == centile_of_sorted(sorted, count, 0.05));
        assert_true(estimate.high == centile_of_sorted(sorted, count, 0.95));
    }
}

/* 0 to 100: the centiles are the numbers themselves. */
static void centiles_of_a_ladder(void **state) {
    (void)state;
    double values[101];
    for (int i = 0; i < 101; i++)
        values[i] = (37 * i) % 101;
    ag_estimate estimate = ag_estimate_of(values, 101);
    assert_float_equal(estimate.value, 50, 0);
    assert_float_equal(estimate.low, 5, 0);
    assert_float_equal(estimate.high, 95, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(selection_is_as_sorting),
                                       cmocka_unit_test(centiles_of_a_ladder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
