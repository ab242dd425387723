#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "exposure.h"

/* Lags with median 10 days and a spread of ln 2, so that the 84.13th centile is 20 days. */
static ag_cause medicine(void) {
    return (ag_cause){.kind = AG_CAUSE_MEDICINE,
                      .onset_days = {.value = 10},
                      .onset_spread = log(2.0),
                      .offset_days = {.value = 10},
                      .offset_spread = log(2.0)};
}

static void effect_begins_a_lag_after_the_start(void **state) {
    (void)state;
    ag_cause cause = medicine();
    ag_cause_fact fact = {.present = true, .start = {100, 100}, .end = AG_DAYS_UNKNOWN};
    /* From day 100 to the end of day 109 are 10 days: the median. */
    assert_true(fabs(ag_exposure_activity(&cause, &fact, 109) - 0.5) < 1e-12);
    assert_true(fabs(ag_exposure_activity(&cause, &fact, 119) - 0.841344746068543) < 1e-9);
    assert_true(ag_exposure_activity(&cause, &fact, 90) == 0);
    assert_true(ag_exposure_activity(&cause, &fact, 4000) > 0.999999);
}

static void effect_ends_a_lag_after_the_end(void **state) {
    (void)state;
    ag_cause cause = medicine();
    ag_cause_fact fact = {.present = true, .start = {-4000, -4000}, .ended = true, .end = {0, 0}};
    assert_true(fabs(ag_exposure_activity(&cause, &fact, 9) - 0.5) < 1e-9);
    assert_true(ag_exposure_activity(&cause, &fact, 3000) < 1e-6);
    cause.permanent = true;
    assert_true(ag_exposure_activity(&cause, &fact, 3000) > 0.999999);
}

static void variants_by_years_need_no_lag(void **state) {
    (void)state;
    ag_requirement years = {.attribute = "years", .numeric = true, .low = 0, .high = 10};
    ag_variant variant = {.id = "short", .share = 1, .when = &years, .when_count = 1};
    ag_cause cause = medicine();
    cause.variants = &variant;
    cause.variant_count = 1;
    ag_cause_fact fact = {.present = true, .start = {100, 100}, .end = AG_DAYS_UNKNOWN};
    assert_true(ag_exposure_activity(&cause, &fact, 101) == 1);
    assert_true(ag_exposure_activity(&cause, &fact, 90) == 0);
}

static void unknown_start_acts_now(void **state) {
    (void)state;
    ag_cause cause = medicine();
    ag_cause_fact fact = {.present = true, .start = AG_DAYS_UNKNOWN, .end = AG_DAYS_UNKNOWN};
    assert_true(ag_exposure_activity(&cause, &fact, 0) == 1);
}

static ag_patient man_of_40(void) {
    return (ag_patient){.as_of = 20000, .age_years = 40, .onset = AG_DAYS_UNKNOWN};
}

static void onset_soon_after_a_start_speaks_for_it(void **state) {
    (void)state;
    ag_cause cause = medicine();
    ag_patient man = man_of_40();
    man.onset = (ag_days){19910, 19910};
    ag_cause_fact begun = {.present = true, .start = {19900, 19900}, .end = AG_DAYS_UNKNOWN};
    ag_cause_fact later = begun;
    later.start = (ag_days){19950, 19950};
    ag_onset_odds fits = ag_exposure_onset(&cause, &begun, &man);
    ag_onset_odds too_late = ag_exposure_onset(&cause, &later, &man);
    ag_onset_odds unknown = ag_exposure_onset(&cause, NULL, &man);
    assert_true(fits.within > 0.5);
    assert_true(too_late.within == 0 && too_late.earlier == 0);
    /* Any time in ten years: a window of 19 days in 3652. */
    assert_true(fabs(unknown.within - 19.0 / 3652.5) < 1e-3);
    assert_true(fabs(fits.later + fits.within + fits.earlier - 1) < 1e-12);
}

static void lifelong_complaints_are_congenital(void **state) {
    (void)state;
    ag_cause cause = medicine();
    cause.kind = AG_CAUSE_CONGENITAL;
    cause.onset_days.value = 0.5;
    ag_patient man = man_of_40();
    man.lifelong = true;
    assert_true(ag_exposure_onset_known(&man));
    assert_true(ag_exposure_onset(&cause, NULL, &man).within > 0.99);
    cause.kind = AG_CAUSE_DISEASE;
    assert_true(ag_exposure_onset(&cause, NULL, &man).within < 0.01);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effect_begins_a_lag_after_the_start),
        cmocka_unit_test(effect_ends_a_lag_after_the_end),
        cmocka_unit_test(variants_by_years_need_no_lag),
        cmocka_unit_test(unknown_start_acts_now),
        cmocka_unit_test(onset_soon_after_a_start_speaks_for_it),
        cmocka_unit_test(lifelong_complaints_are_congenital),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
