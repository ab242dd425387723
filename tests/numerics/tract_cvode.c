/*
 * The tract against CVODE on equations written a second time, and the guard of the step against the
 * true fastest rate along the course.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "tract_plain.h"

enum { CASES = 7 };

static ag_tract_man case_of(int n) {
    ag_tract_man man;
    ag_tract_default(&man);
    double *v = man.value;
    if (n >= 4)
        ag_tract_virtual_man(&man, 9, (uint64_t)n);
    if (n == 1)
        v[AG_TRACT_NECK_STRENGTH] = v[AG_TRACT_VERU_STRENGTH] = 0;
    if (n == 2) {
        v[AG_TRACT_SPHINCTER_RELAX] = 0.1;
        v[AG_TRACT_RECEPTOR_OCCUPANCY] = 0.7;
    }
    if (n == 3) {
        v[AG_TRACT_DUCT_LEFT] = 0.3;
        v[AG_TRACT_VESICLE_LEFT_SPERM] = 0.6;
        v[AG_TRACT_STRICTURE] = 10;
    }
    if (n == 5)
        v[AG_TRACT_NECK_STRENGTH] = 0.1;
    if (n == 6) {
        v[AG_TRACT_NERVE_LEFT] = 0.4;
        v[AG_TRACT_TRANSMITTER_GAIN] = 0.5;
        v[AG_TRACT_AGONIST_DIRECT] = 0.05;
        v[AG_TRACT_NECK_BULK_CMH2O] = 20;
    }
    return man;
}

static double worst(const ag_tract_outcome *o, const double *y) {
    double errors[] = {
        o->antegrade_ml - tract_plain_semen(y, AG_TRACT_OUTSIDE),
        o->retrograde_ml - tract_plain_semen(y, AG_TRACT_BLADDER),
        o->residual_ml - tract_plain_semen(y, AG_TRACT_POSTERIOR) -
            tract_plain_semen(y, AG_TRACT_ANTERIOR) - tract_plain_semen(y, AG_TRACT_FILM),
        (o->antegrade_sperm_million - y[AG_TRACT_OUTSIDE + AG_TRACT_FLUIDS]) / 100,
        (o->bladder_sperm_million - y[AG_TRACT_BLADDER + AG_TRACT_FLUIDS]) / 100,
    };
    double largest = 0;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        largest = fmax(largest, fabs(errors[i]));
    return largest;
}

static void cvode_agrees(void **state) {
    (void)state;
    for (int n = 0; n < CASES; n++) {
        ag_tract_man man = case_of(n);
        ag_tract_outcome usual, fine;
        ag_tract_options options;
        double y[AG_TRACT_STATES];
        ag_tract_defaults(&options);
        assert_int_equal(ag_tract_run(&usual, &man, 1, &options, NULL), AG_OK);
        options.step_s = 0.00025;
        options.freeze = 0;
        assert_int_equal(ag_tract_run(&fine, &man, 1, &options, NULL), AG_OK);
        assert_true(tract_plain_solve(y, &man, options.duration_s, TRACT_PLAIN_ADAMS, 1e-11) > 0);
        print_message("case %d: %.1e mL at 2 ms, %.1e at 0.25 ms\n", n, worst(&usual, y),
                      worst(&fine, y));
        assert_true(worst(&usual, y) < 2e-6);
        assert_true(worst(&fine, y) < 5e-9);
    }
}

/* Two methods of CVODE agree with each other, so neither is the odd one out. */
static void cvode_agrees_with_itself(void **state) {
    (void)state;
    ag_tract_man man = case_of(1);
    double a[AG_TRACT_STATES], b[AG_TRACT_STATES];
    assert_true(tract_plain_solve(a, &man, 26, TRACT_PLAIN_ADAMS, 1e-10) > 0);
    assert_true(tract_plain_solve(b, &man, 26, TRACT_PLAIN_BDF, 1e-10) > 0);
    for (int pool = AG_TRACT_POSTERIOR; pool <= AG_TRACT_FILM; pool += 6)
        assert_true(fabs(tract_plain_semen(a, pool) - tract_plain_semen(b, pool)) < 1e-6);
}

/* Largest rate of the model near y: power iteration on differences of the slope. */
static double fastest_rate(double t, const double *y, const ag_tract_man *man) {
    double v[AG_TRACT_STATES] = {0}, z[AG_TRACT_STATES], d0[AG_TRACT_STATES], d1[AG_TRACT_STATES];
    double rate = 0;
    v[AG_TRACT_POSTERIOR + AG_TRACT_VESICLE_FLUID] = 1;
    v[AG_TRACT_ANTERIOR + AG_TRACT_VESICLE_FLUID] = -0.6;
    tract_plain_slope(t, y, d0, man);
    for (int i = 0; i < 30; i++) {
        double norm = 0;
        for (int j = 0; j < AG_TRACT_STATES; j++)
            norm += v[j] * v[j];
        norm = sqrt(norm);
        for (int j = 0; j < AG_TRACT_STATES; j++)
            z[j] = y[j] + 1e-7 * v[j] / norm;
        tract_plain_slope(t, z, d1, man);
        rate = 0;
        for (int j = 0; j < AG_TRACT_STATES; j++) {
            v[j] = (d1[j] - d0[j]) / 1e-7;
            rate += v[j] * v[j];
        }
        rate = sqrt(rate);
        if (rate == 0)
            break;
    }
    return rate;
}

static void guard_is_above_the_fastest_rate(void **state) {
    (void)state;
    enum { ROWS = 1300 };
    static ag_tract_sample rows[ROWS];
    for (int n = 0; n < CASES; n++) {
        ag_tract_man man = case_of(n);
        size_t count;
        double fastest = 0, allowed = 2.78 / ag_tract_largest_step(&man);
        assert_int_equal(ag_tract_trace(rows, ROWS, &count, NULL, &man, 0.02, NULL, NULL), AG_OK);
        for (size_t i = 0; i < count; i++)
            fastest = fmax(fastest, fastest_rate(rows[i].time_s, rows[i].state, &man));
        print_message("case %d: fastest %.0f /s, guard %.0f /s\n", n, fastest, allowed);
        assert_true(fastest > 20 && fastest <= allowed && allowed < 12 * fastest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cvode_agrees),
        cmocka_unit_test(cvode_agrees_with_itself),
        cmocka_unit_test(guard_is_above_the_fastest_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
