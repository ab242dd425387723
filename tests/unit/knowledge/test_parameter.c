/* Draws of uncertain numbers against distributions whose quantiles are known in closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "beta.h"
#include "knowledge.h"
#include "parameter_cache.h"

static void close_to(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance))
        print_error("found %.12g, expected %.12g\n", found, expected);
    assert_true(fabs(found - expected) <= tolerance);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Beta(a, 1) has the distribution function x^a, Beta(1, b) has 1 - (1 - x)^b, and Beta(1/2, 1/2)
 * (2 / pi) arcsin sqrt(x). */
static void beta_quantiles_in_closed_form(void **state) {
    (void)state;
    for (int i = 0; i < 256; i++) {
        double p = (i + 0.5) / 256;
        close_to(ag_beta_quantile(1, 1, p), p, 1e-6);
        close_to(pow(ag_beta_quantile(7.5, 1, p), 7.5), p, 1e-6);
        close_to(1 - pow(1 - ag_beta_quantile(1, 300, p), 300), p, 1e-6);
        close_to(2 / acos(-1) * asin(sqrt(ag_beta_quantile(0.5, 0.5, p))), p, 1e-6);
    }
}

/* Beta(2, 2): 3 x^2 - 2 x^3. Beta(3, 2): 4 x^3 - 3 x^4. Beta(a, b) at p mirrors Beta(b, a) at 1 -
 * p. */
static void beta_quantiles_of_polynomials(void **state) {
    (void)state;
    const double probabilities[] = {0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999};
    double two[7], three[7];
    ag_beta_quantiles(2, 2, probabilities, 7, two);
    ag_beta_quantiles(3, 2, probabilities, 7, three);
    for (int i = 0; i < 7; i++) {
        double x = two[i], y = three[i], p = probabilities[i];
        close_to(x * x * (3 - 2 * x), p, 1e-6);
        close_to(y * y * y * (4 - 3 * y), p, 1e-6);
        close_to(ag_beta_quantile(2, 3, 1 - p), 1 - y, 1e-6);
    }
}

static ag_parameter beta_parameter(double a, double b, uint64_t stream) {
    return (ag_parameter){
        .kind = AG_PARAMETER_BETA, .value = a / (a + b), .a = a, .b = b, .stream = stream};
}

static void draws_are_the_same_one_by_one(void **state) {
    (void)state;
    const ag_parameter parameters[] = {
        beta_parameter(3, 9, 1),
        {.kind = AG_PARAMETER_LOGNORMAL, .value = 2, .a = log(2), .b = 0.4, .stream = 2},
        {.kind = AG_PARAMETER_NORMAL, .value = -1, .a = -1, .b = 2, .stream = 3},
        {.kind = AG_PARAMETER_EXACT, .value = 1},
        {.kind = AG_PARAMETER_REST},
    };
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        double draws[AG_DRAWS];
        ag_parameter_draws(&parameters[i], draws);
        for (int d = 0; d < AG_DRAWS; d++)
            assert_true(draws[d] == ag_parameter_draw(&parameters[i], d));
        assert_true(ag_parameter_draw(&parameters[i], -1) == parameters[i].value);
    }
}

/* The sorted draws are the quantiles at (i + 1/2) / 256: of the normal, by the published values of
 * the error function's inverse at i = 127 and 128 (probabilities 0.498 and 0.502: z = 0.004896). */
static void each_stratum_is_drawn_once(void **state) {
    (void)state;
    double draws[AG_DRAWS];
    const ag_parameter uniform = beta_parameter(1, 1, 99);
    ag_parameter_draws(&uniform, draws);
    qsort(draws, AG_DRAWS, sizeof *draws, ascending);
    for (int i = 0; i < AG_DRAWS; i++)
        close_to(draws[i], (i + 0.5) / AG_DRAWS, 1e-6);
    const ag_parameter normal = {.kind = AG_PARAMETER_NORMAL, .a = 10, .b = 100, .stream = 4};
    ag_parameter_draws(&normal, draws);
    qsort(draws, AG_DRAWS, sizeof *draws, ascending);
    close_to(draws[128], 10.48957, 1e-4);
    for (int i = 0; i < AG_DRAWS / 2; i++)
        close_to(draws[i] + draws[AG_DRAWS - 1 - i], 20, 1e-9);
}

static double correlation(const double *x, const double *y) {
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (int i = 0; i < AG_DRAWS; i++) {
        sx += x[i];
        sy += y[i];
        sxx += x[i] * x[i];
        syy += y[i] * y[i];
        sxy += x[i] * y[i];
    }
    double n = AG_DRAWS;
    return (n * sxy - sx * sy) / sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

/* Orders of different streams are independent: the correlation of two random orders of n has mean
 * 0 and variance 1 / (n - 1), so that over many pairs its mean square is 1/255, and none is beyond
 * six standard deviations. */
static void streams_are_independent(void **state) {
    (void)state;
    enum { PAIRS = 2000 };
    double squares = 0;
    for (int i = 0; i < PAIRS; i++) {
        double x[AG_DRAWS], y[AG_DRAWS];
        const ag_parameter a = {.kind = AG_PARAMETER_NORMAL, .b = 1, .stream = 2 * (uint64_t)i};
        const ag_parameter b = {.kind = AG_PARAMETER_NORMAL, .b = 1, .stream = 2 * (uint64_t)i + 1};
        ag_parameter_draws(&a, x);
        ag_parameter_draws(&b, y);
        double r = correlation(x, y);
        assert_true(fabs(r) < 6 / sqrt(AG_DRAWS - 1));
        squares += r * r;
    }
    /* The mean square has a standard error of sqrt(2 / PAIRS) of itself: 3.2 %. */
    close_to(squares / PAIRS * (AG_DRAWS - 1), 1, 5 * sqrt(2.0 / PAIRS));
}

static void rows_sum_to_one(void **state) {
    (void)state;
    const ag_parameter with_rest[] = {
        beta_parameter(2, 5, 1), {.kind = AG_PARAMETER_REST}, beta_parameter(1, 1, 2)};
    const ag_parameter without[] = {beta_parameter(2, 5, 1), beta_parameter(4, 2, 3)};
    static double rows[3 * AG_DRAWS], pair[2 * AG_DRAWS];
    ag_parameter_cache *cache = ag_parameter_cache_new();
    bool scaled = false;
    assert_true(ag_parameter_cache_row(cache, with_rest, 3, AG_DRAWS, rows));
    assert_true(ag_parameter_cache_row(cache, without, 2, AG_DRAWS, pair));
    for (int d = 0; d < AG_DRAWS; d++) {
        double first = ag_parameter_draw(&with_rest[0], d);
        double last = ag_parameter_draw(&with_rest[2], d);
        double out[] = {rows[d], rows[AG_DRAWS + d], rows[2 * AG_DRAWS + d]};
        close_to(out[0] + out[1] + out[2], 1, 1e-12);
        if (first + last > 1) {
            scaled = true;
            assert_true(out[1] == 0);
            close_to(out[0] / out[2], first / last, 1e-9);
        } else {
            close_to(out[0], first, 1e-15);
            close_to(out[2], last, 1e-15);
        }
        close_to(pair[d] + pair[AG_DRAWS + d], 1, 1e-12);
    }
    ag_parameter_cache_free(cache);
    assert_true(scaled);
}

/* Small changes of the shapes move every draw a little, never by a jump. */
static void draws_are_smooth_in_the_shapes(void **state) {
    (void)state;
    double before[AG_DRAWS], after[AG_DRAWS];
    for (double a = 0.5; a < 20; a *= 1.7) {
        const ag_parameter p = beta_parameter(a, 3, 5), q = beta_parameter(a * 1.0001, 3, 5);
        ag_parameter_draws(&p, before);
        ag_parameter_draws(&q, after);
        for (int d = 0; d < AG_DRAWS; d++) {
            assert_true(after[d] > before[d]);
            assert_true(after[d] - before[d] < 1e-4);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beta_quantiles_in_closed_form),
        cmocka_unit_test(beta_quantiles_of_polynomials),
        cmocka_unit_test(draws_are_the_same_one_by_one),
        cmocka_unit_test(each_stratum_is_drawn_once),
        cmocka_unit_test(streams_are_independent),
        cmocka_unit_test(rows_sum_to_one),
        cmocka_unit_test(draws_are_smooth_in_the_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
