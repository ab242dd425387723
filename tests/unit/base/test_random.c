#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/gamma.h"
#include "random.h"

/* Known answers published with Random123 (philox4x32, 10 rounds). */
static void philox_known_answers(void **state) {
    (void)state;
    uint32_t out[4];
    ag_random_bits(0, 0, 0, out);
    assert_int_equal(out[0], 0x6627e8d5u);
    assert_int_equal(out[1], 0xe169c58du);
    assert_int_equal(out[2], 0xbc57ac4cu);
    assert_int_equal(out[3], 0x9b00dbd8u);
    ag_random_bits(UINT64_MAX, UINT64_MAX, UINT64_MAX, out);
    assert_int_equal(out[0], 0x408f276du);
    assert_int_equal(out[1], 0x41c83b0eu);
    assert_int_equal(out[2], 0xa20bc7c6u);
    assert_int_equal(out[3], 0x6d5451fdu);
}

/* Quantiles from published tables of the normal distribution. */
static void normal_quantiles(void **state) {
    (void)state;
    assert_true(fabs(ag_normal_quantile(0.975) - 1.959963984540054) < 1e-13);
    assert_true(fabs(ag_normal_quantile(0.5)) < 1e-15);
    assert_true(fabs(ag_normal_quantile(1e-6) + 4.753424308822899) < 1e-11);
}

/* A gamma variate of shape k has mean k and variance k. */
static void gamma_moments(void **state) {
    (void)state;
    const double shapes[] = {0.4, 1.0, 2.5, 40.0};
    for (int s = 0; s < 4; s++) {
        double sum = 0, squares = 0;
        const int n = 40000;
        for (int i = 0; i < n; i++) {
            double x = gamma_variate(7, 11, (uint64_t)i, shapes[s]);
            sum += x;
            squares += x * x;
        }
        double mean = sum / n;
        double error = sqrt(shapes[s] / n);
        assert_true(fabs(mean - shapes[s]) < 5 * error);
        assert_true(fabs(squares / n - mean * mean - shapes[s]) < 0.1 * shapes[s]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers),
        cmocka_unit_test(normal_quantiles),
        cmocka_unit_test(gamma_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
