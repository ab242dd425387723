#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/tract.h"

/* Men whose tracts behave differently: whole, resected neck, dyssynergia, stricture, half-blocked
 * ducts. */
enum { WHOLE, RESECTED, DYSSYNERGIC, NARROW, HALF_BLOCKED, DISTENDED, KINDS };

static ag_tract_man man_of(int kind) {
    ag_tract_man man;
    ag_tract_default(&man);
    double *v = man.value;
    if (kind == RESECTED)
        v[AG_TRACT_NECK_STRENGTH] = v[AG_TRACT_VERU_STRENGTH] = 0;
    if (kind == DYSSYNERGIC)
        v[AG_TRACT_SPHINCTER_RELAX] = 0.1;
    if (kind == NARROW)
        v[AG_TRACT_STRICTURE] = 40;
    if (kind == HALF_BLOCKED)
        v[AG_TRACT_DUCT_LEFT] = 0.3;
    if (kind == DISTENDED) {
        v[AG_TRACT_VESICLE_LEFT_ML] = 4.5;
        v[AG_TRACT_VESICLE_LEFT_SPERM] = 0.6;
    }
    return man;
}

enum { ROWS = 300 };

static size_t traced(ag_tract_sample *rows, const ag_tract_man *man, double every_s, double step_s,
                     double duration_s, int own_steps) {
    size_t count;
    ag_error error = {0};
    ag_tract_options options;
    ag_tract_defaults(&options);
    options.step_s = step_s;
    options.duration_s = duration_s;
    options.own_steps = own_steps;
    if (ag_tract_trace(rows, ROWS, &count, NULL, man, every_s, &options, &error) != AG_OK)
        fail_msg("%s", error.message);
    return count;
}

static size_t trace_of(ag_tract_sample *rows, const ag_tract_man *man, double every_s,
                       double step_s, double duration_s) {
    return traced(rows, man, every_s, step_s, duration_s, 1);
}

static double pools_hold(const double *y, int content) {
    double sum = 0;
    for (int pool = AG_TRACT_POSTERIOR; pool < AG_TRACT_A_FAST; pool += 6)
        sum += y[pool + content];
    return sum;
}

/* All of one fluid, or with AG_TRACT_FLUIDS all sperm, wherever it is. */
static double total(const double *y, int content) {
    double sum = pools_hold(y, content);
    if (content == AG_TRACT_VESICLE_FLUID)
        sum += y[AG_TRACT_V_VESICLE_LEFT] + y[AG_TRACT_V_VESICLE_RIGHT];
    if (content == AG_TRACT_VAS_FLUID)
        sum += y[AG_TRACT_V_VAS_LEFT] + y[AG_TRACT_V_VAS_RIGHT];
    if (content == AG_TRACT_PROSTATE_FLUID)
        sum += y[AG_TRACT_V_PROSTATE];
    if (content == AG_TRACT_FLUIDS)
        for (int gland = AG_TRACT_S_VESICLE_LEFT; gland <= AG_TRACT_S_VAS_RIGHT; gland++)
            sum += y[gland];
    return sum;
}

static void nothing_is_lost(void **state) {
    (void)state;
    static ag_tract_sample rows[ROWS];
    for (int kind = 0; kind < KINDS; kind++) {
        ag_tract_man man = man_of(kind);
        size_t count = trace_of(rows, &man, 0.1, 0.002, 26);
        assert_true(count == 260);
        for (size_t i = 0; i < count; i++) {
            for (int content = 0; content <= AG_TRACT_FLUIDS; content++) {
                double start = total(rows[0].state, content);
                assert_true(fabs(total(rows[i].state, content) - start) <= 1e-13 * start);
            }
            for (int j = 0; j < AG_TRACT_STATES; j++)
                assert_true(rows[i].state[j] >= -1e-12);
        }
    }
}

static void a_blocked_duct_passes_nothing(void **state) {
    (void)state;
    static ag_tract_sample rows[ROWS];
    ag_tract_man man = man_of(DISTENDED);
    man.value[AG_TRACT_DUCT_LEFT] = man.value[AG_TRACT_DUCT_RIGHT] = 0;
    size_t count = trace_of(rows, &man, 0.1, 0.002, 26);
    const double *end = rows[count - 1].state;
    assert_true(pools_hold(end, AG_TRACT_VESICLE_FLUID) == 0);
    assert_true(pools_hold(end, AG_TRACT_VAS_FLUID) == 0);
    assert_true(pools_hold(end, AG_TRACT_FLUIDS) == 0);
    assert_true(pools_hold(end, AG_TRACT_PROSTATE_FLUID) > 0.5);
    man.value[AG_TRACT_DUCT_RIGHT] = 1;
    count = trace_of(rows, &man, 0.1, 0.002, 26);
    end = rows[count - 1].state;
    for (int j = AG_TRACT_V_VESICLE_LEFT; j <= AG_TRACT_S_VAS_RIGHT; j++)
        if (j == AG_TRACT_V_VESICLE_LEFT || j == AG_TRACT_V_VAS_LEFT ||
            j == AG_TRACT_S_VESICLE_LEFT || j == AG_TRACT_S_VAS_LEFT)
            assert_true(end[j] == rows[0].state[j]);
    assert_true(end[AG_TRACT_V_VAS_RIGHT] < rows[0].state[AG_TRACT_V_VAS_RIGHT]);
}

static void a_closed_neck_passes_nothing(void **state) {
    (void)state;
    const int closed[] = {WHOLE, NARROW, HALF_BLOCKED, DISTENDED};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        ag_tract_man man = man_of(closed[i]);
        ag_tract_outcome out;
        assert_int_equal(ag_tract_run(&out, &man, 1, NULL, NULL), AG_OK);
        assert_true(out.retrograde_ml == 0 && out.bladder_sperm_million == 0);
    }
    ag_tract_man man = man_of(RESECTED);
    ag_tract_outcome out;
    assert_int_equal(ag_tract_run(&out, &man, 1, NULL, NULL), AG_OK);
    assert_true(out.retrograde_ml > 1);
}

static void no_command_no_emission(void **state) {
    (void)state;
    ag_tract_man man = man_of(WHOLE);
    ag_tract_outcome out;
    man.value[AG_TRACT_DRIVE] = 0;
    assert_int_equal(ag_tract_run(&out, &man, 1, NULL, NULL), AG_OK);
    assert_true(out.antegrade_ml == 0 && out.retrograde_ml == 0 && out.contractions == 0);
    assert_true(out.emitted_ml == man.value[AG_TRACT_COWPER_ML]);
}

/* Left and right differ only in name. */
static void sides_are_alike(void **state) {
    (void)state;
    ag_tract_man left = man_of(HALF_BLOCKED), right = man_of(WHOLE);
    right.value[AG_TRACT_DUCT_RIGHT] = left.value[AG_TRACT_DUCT_LEFT];
    right.value[AG_TRACT_NERVE_RIGHT] = left.value[AG_TRACT_NERVE_LEFT] = 0.7;
    right.value[AG_TRACT_VESICLE_RIGHT_ML] = left.value[AG_TRACT_VESICLE_LEFT_ML] = 3;
    ag_tract_outcome a, b;
    assert_int_equal(ag_tract_run(&a, &left, 1, NULL, NULL), AG_OK);
    assert_int_equal(ag_tract_run(&b, &right, 1, NULL, NULL), AG_OK);
    assert_true(fabs(a.antegrade_ml - b.antegrade_ml) < 1e-13 * a.antegrade_ml);
    assert_true(fabs(a.antegrade_sperm_million - b.antegrade_sperm_million) <
                1e-13 * a.antegrade_sperm_million);
    assert_true(a.peak_cmh2o[AG_TRACT_P_VESICLE_LEFT] == b.peak_cmh2o[AG_TRACT_P_VESICLE_RIGHT]);
}

/* Largest difference of any state at t = 5 s from that of very short steps, relative to the state's
 * scale. */
static double error_of(const ag_tract_man *man, double step_s, int own_steps) {
    static ag_tract_sample a[ROWS], b[ROWS];
    assert_int_equal(traced(a, man, 5, step_s, 10, own_steps), 2);
    assert_int_equal(traced(b, man, 5, 0.0001, 10, 0), 2);
    double largest = 0;
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        double scale = fmax(fabs(b[1].state[j]), 1);
        largest = fmax(largest, fabs(a[1].state[j] - b[1].state[j]) / scale);
    }
    return largest;
}

/* Below 2.5 ms, where the C4 ramps are resolved. */
static void order_is_four(void **state) {
    (void)state;
    const int kinds[] = {WHOLE, RESECTED};
    for (int i = 0; i < 2; i++) {
        ag_tract_man man = man_of(kinds[i]);
        double e1 = error_of(&man, 0.00125, 0);
        double e2 = error_of(&man, 0.000625, 0);
        double e3 = error_of(&man, 0.0003125, 0);
        print_message("errors %.2e %.2e %.2e\n", e1, e2, e3);
        assert_true(log2(e1 / e2) > 3.5 && log2(e1 / e2) < 5);
        assert_true(log2(e2 / e3) > 3.5 && log2(e2 / e3) < 5);
    }
}

/* With his own steps a man's error is below 1e-6 at 2 ms, and falls as the fourth power from there;
 * their number being whole, the order does not show from one halving to the next. */
static void own_steps_are_as_good(void **state) {
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ag_tract_man man = man_of(kind);
        double usual = error_of(&man, 0.002, 1), finer = error_of(&man, 0.0005, 1);
        print_message("errors %.2e %.2e; equal steps %.2e\n", usual, finer,
                      error_of(&man, 0.002, 0));
        assert_true(usual < 1e-6 && finer < 1e-6 / 256);
    }
}

/* With no command, no neck and linear walls, a full bladder fills the posterior urethra through the
 * resistance r1: the pressure difference decays with time constant r1 / (1 / C1 + 1 / C2). */
static void filling_is_exponential(void **state) {
    (void)state;
    static ag_tract_sample rows[ROWS];
    ag_tract_man man = man_of(RESECTED);
    double *v = man.value;
    v[AG_TRACT_DRIVE] = v[AG_TRACT_PU_STIFFNESS] = v[AG_TRACT_NECK_R2] = 0;
    v[AG_TRACT_BLADDER_CMH2O] = 60;
    trace_of(rows, &man, 0.02, 0.002, 1);
    double rate =
        (1 / v[AG_TRACT_PU_COMPLIANCE] + 1 / v[AG_TRACT_BLADDER_COMPLIANCE]) / v[AG_TRACT_NECK_R1];
    for (int i = 1; i <= 8; i++) {
        const double *p = rows[i].pressure_cmh2o, *first = rows[1].pressure_cmh2o;
        double gap = p[AG_TRACT_P_BLADDER] - p[AG_TRACT_P_POSTERIOR];
        double expected = (first[AG_TRACT_P_BLADDER] - first[AG_TRACT_P_POSTERIOR]) *
                          exp(-rate * (rows[i].time_s - rows[1].time_s));
        assert_true(first[AG_TRACT_P_POSTERIOR] > 3.5 && gap > 3.5);
        assert_true(fabs(gap - expected) < 1e-6 * expected);
    }
}

/* A competitive antagonist that holds three receptors of four acts as a quarter of the transmitter
 * does. */
static void antagonist_shifts_the_curve(void **state) {
    (void)state;
    ag_tract_man blocked = man_of(WHOLE), weak = man_of(WHOLE);
    blocked.value[AG_TRACT_NONADRENERGIC_SHARE] = weak.value[AG_TRACT_NONADRENERGIC_SHARE] = 0;
    blocked.value[AG_TRACT_RECEPTOR_OCCUPANCY] = 0.75;
    blocked.value[AG_TRACT_ADRENERGIC_GAIN] = 8;
    weak.value[AG_TRACT_ADRENERGIC_GAIN] = 2;
    ag_tract_outcome a, b;
    assert_int_equal(ag_tract_run(&a, &blocked, 1, NULL, NULL), AG_OK);
    assert_int_equal(ag_tract_run(&b, &weak, 1, NULL, NULL), AG_OK);
    assert_true(a.antegrade_ml > 0.1 && a.antegrade_ml == b.antegrade_ml);
}

/* A man left alone when his flows cease is the same man as one followed to the end. */
static void stillness_is_final(void **state) {
    (void)state;
    enum { MEN = 40 };
    ag_tract_man men[MEN];
    ag_tract_outcome left[MEN], followed[MEN];
    ag_tract_options options;
    ag_tract_defaults(&options);
    for (int i = 0; i < MEN; i++) {
        ag_tract_virtual_man(&men[i], 5, (uint64_t)i);
        men[i].value[AG_TRACT_NECK_STRENGTH] = men[i].value[AG_TRACT_VERU_STRENGTH] = i / 40.0;
    }
    assert_int_equal(ag_tract_run(left, men, MEN, &options, NULL), AG_OK);
    options.freeze = 0;
    assert_int_equal(ag_tract_run(followed, men, MEN, &options, NULL), AG_OK);
    int early = 0;
    for (int i = 0; i < MEN; i++) {
        early += left[i].end_s < 25;
        assert_true(fabs(left[i].antegrade_ml - followed[i].antegrade_ml) < 1e-6);
        assert_true(fabs(left[i].retrograde_ml - followed[i].retrograde_ml) < 1e-6);
    }
    assert_true(early > 5);
}

/* Pausing to look at a man does not change him, and the widest kernel runs him as the plain one. */
static void watching_changes_nothing(void **state) {
    (void)state;
    static ag_tract_sample rows[ROWS];
    for (int kind = 0; kind < KINDS; kind++) {
        ag_tract_man man = man_of(kind);
        ag_tract_outcome watched, alone;
        size_t count;
        memset(&watched, 0, sizeof watched);
        memset(&alone, 0, sizeof alone);
        assert_int_equal(ag_tract_trace(rows, ROWS, &count, &watched, &man, 0.1, NULL, NULL),
                         AG_OK);
        assert_int_equal(ag_tract_run(&alone, &man, 1, NULL, NULL), AG_OK);
        assert_memory_equal(&watched, &alone, sizeof alone);
    }
}

static void outcome_adds_up(void **state) {
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ag_tract_man man = man_of(kind);
        ag_tract_outcome out;
        assert_int_equal(ag_tract_run(&out, &man, 1, NULL, NULL), AG_OK);
        double sum = out.antegrade_ml + out.retrograde_ml + out.residual_ml, bursts = 0;
        assert_true(fabs(sum - out.emitted_ml) < 1e-12);
        for (int i = 0; i < AG_TRACT_BURSTS; i++)
            bursts += out.burst_ml[i];
        double came_out = out.antegrade_ml + out.antegrade_fluid_ml[AG_TRACT_URINE];
        assert_true(fabs(bursts - came_out) < 1e-12);
        assert_true(out.post_ejaculatory_urine_sperm_million >= out.bladder_sperm_million);
    }
}

static void bad_input_is_refused(void **state) {
    (void)state;
    ag_tract_man men[2] = {man_of(WHOLE), man_of(WHOLE)};
    ag_tract_outcome out[2];
    ag_error error;
    men[1].value[AG_TRACT_PROSTATE_ML] = -1;
    assert_int_equal(ag_tract_run(out, men, 2, NULL, &error), AG_ERROR_VALUE);
    assert_string_equal(error.where, "man 2");
    assert_string_equal(error.message, "prostate_ml is -1; allowed are 0.1 to 10 mL");
    men[1].value[AG_TRACT_PROSTATE_ML] = NAN;
    assert_int_equal(ag_tract_run(out, men, 2, NULL, &error), AG_ERROR_VALUE);
    ag_tract_options options;
    ag_tract_defaults(&options);
    options.step_s = 0.008;
    assert_int_equal(ag_tract_run(out, men, 1, &options, &error), AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "too large"));
    options.step_s = NAN;
    assert_int_equal(ag_tract_run(out, men, 1, &options, &error), AG_ERROR_VALUE);
    ag_tract_defaults(&options);
    options.threads = 0;
    assert_int_equal(ag_tract_run(out, men, 1, &options, &error), AG_ERROR_VALUE);
}

/* Each value is allowed, together they are no man: a bladder that presses past an open neck and an
 * open sphincter until it is empty, and a meatus that never closes. */
static void drained_pools_are_refused(void **state) {
    (void)state;
    const struct {
        ag_tract_parameter parameter;
        double value;
    } bladder[] = {{AG_TRACT_BLADDER_ML, 20},     {AG_TRACT_BLADDER_CMH2O, 60},
                   {AG_TRACT_NECK_STRENGTH, 0},   {AG_TRACT_VERU_STRENGTH, 0},
                   {AG_TRACT_SPHINCTER_CMH2O, 0}, {AG_TRACT_MEATUS_CMH2O, 1}},
      meatus[] = {{AG_TRACT_MEATUS_CMH2O, 0}, {AG_TRACT_AU_COMPLIANCE, 0.3}};
    ag_tract_man men[3] = {man_of(WHOLE), man_of(WHOLE), man_of(WHOLE)};
    for (size_t i = 0; i < sizeof bladder / sizeof *bladder; i++)
        men[1].value[bladder[i].parameter] = bladder[i].value;
    for (size_t i = 0; i < sizeof meatus / sizeof *meatus; i++)
        men[2].value[meatus[i].parameter] = meatus[i].value;
    ag_tract_outcome out[3];
    ag_tract_sample samples[2];
    size_t count;
    ag_tract_options options;
    ag_error error;
    ag_tract_defaults(&options);
    options.threads = 3;
    for (int i = 1; i < 3; i++) {
        double step_s = ag_tract_largest_step(&men[i]);
        assert_true(step_s > options.step_s);
        assert_int_equal(ag_tract_run(out, &men[i], 1, NULL, &error), AG_ERROR_VALUE);
        assert_non_null(strstr(error.message, "drained"));
        assert_int_equal(ag_tract_trace(samples, 2, &count, NULL, &men[i], 0.02, NULL, &error),
                         AG_ERROR_VALUE);
    }
    assert_int_equal(ag_tract_run(out, men, 3, &options, &error), AG_ERROR_VALUE);
    assert_string_equal(error.where, "man 2");
}

static void parameters_are_described(void **state) {
    (void)state;
    ag_tract_man man;
    ag_tract_default(&man);
    assert_int_equal(ag_tract_check(&man, NULL), AG_OK);
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++) {
        const ag_tract_parameter_info *p = ag_tract_parameter_of((ag_tract_parameter)i);
        assert_int_equal(ag_tract_parameter_find(p->name), i);
        assert_true(p->low <= p->normal && p->normal <= p->high && strlen(p->reason) > 10);
        assert_true(strcmp(p->source, "assumption") == 0 || strncmp(p->source, "ph", 2) == 0);
    }
    assert_int_equal(ag_tract_parameter_find("nonsense"), AG_TRACT_PARAMETERS);
    assert_null(ag_tract_parameter_of(AG_TRACT_PARAMETERS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(a_blocked_duct_passes_nothing),
        cmocka_unit_test(a_closed_neck_passes_nothing),
        cmocka_unit_test(no_command_no_emission),
        cmocka_unit_test(sides_are_alike),
        cmocka_unit_test(order_is_four),
        cmocka_unit_test(own_steps_are_as_good),
        cmocka_unit_test(filling_is_exponential),
        cmocka_unit_test(antagonist_shifts_the_curve),
        cmocka_unit_test(stillness_is_final),
        cmocka_unit_test(watching_changes_nothing),
        cmocka_unit_test(outcome_adds_up),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(drained_pools_are_refused),
        cmocka_unit_test(parameters_are_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
