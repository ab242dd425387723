/* The settling of facts: renewals, contradictions, repeats, coarser findings, old samples. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/small_knowledge.h"
#include "patient.h"

static ag_patient *a_man(void) {
    ag_patient *patient = ag_patient_new(&SMALL);
    assert_non_null(patient);
    patient->as_of = ag_day_of(2024, 6, 15);
    patient->birth = ag_days_on(ag_day_of(1970, 1, 1));
    return patient;
}

static ag_days days(const char *text) {
    ag_days out = AG_DAYS_UNKNOWN;
    if (text != NULL)
        assert_true(ag_date_read(text, &out));
    return out;
}

static void add_cause(ag_patient *p, int cause, const char *start, const char *end) {
    ag_cause_fact fact = {.cause = cause,
                          .present = true,
                          .start = days(start),
                          .end = days(end),
                          .ended = end != NULL,
                          .text = "text",
                          .where = start};
    assert_int_equal(ag_patient_add_cause(p, &fact), AG_OK);
}

static void add_finding(ag_patient *p, int finding, int state, double value, int sample,
                        const char *date) {
    ag_finding_fact fact = {.finding = finding,
                            .state = state,
                            .low = value,
                            .high = value,
                            .sample = sample,
                            .date = days(date),
                            .text = "value",
                            .where = "place"};
    assert_int_equal(ag_patient_add_finding(p, &fact), AG_OK);
}

static void finish(ag_patient *p) {
    assert_int_equal(ag_patient_finish(p, NULL), AG_OK);
}

static void renewals_are_one_exposure(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_cause(p, TAMSULOSIN, "2021-01-20", "2022-01-01");
    add_cause(p, TAMSULOSIN, "2020-01-01", "2021-01-01");
    add_cause(p, TAMSULOSIN, "2022-01-15", NULL);
    finish(p);
    assert_int_equal(p->cause_count, 1);
    assert_int_equal(p->causes[0].start.first, ag_day_of(2020, 1, 1));
    assert_false(p->causes[0].ended);
    ag_patient_free(p);
}

static void a_long_pause_makes_two_exposures(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_cause(p, TAMSULOSIN, "2023-01-01", NULL);
    add_cause(p, TAMSULOSIN, "2020-01-01", "2020-06-01");
    finish(p);
    assert_int_equal(p->cause_count, 2);
    assert_true(p->causes[0].ended);
    assert_false(p->causes[1].ended);
    ag_patient_free(p);
}

static void operations_of_different_days_stay_apart(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_cause(p, TURP, "2010-05-05", NULL);
    add_cause(p, TURP, "2010", NULL);
    add_cause(p, TURP, "2020-01-01", NULL);
    finish(p);
    assert_int_equal(p->cause_count, 2);
    assert_int_equal(p->causes[0].start.first, ag_day_of(2010, 5, 5));
    assert_int_equal(p->causes[0].start.last, ag_day_of(2010, 5, 5));
    ag_patient_free(p);
}

static void what_cannot_be_is_told(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_cause(p, TURP, "1960", NULL);
    add_cause(p, TAMSULOSIN, "2023", "2020");
    add_cause(p, VASECTOMY, "2025", NULL);
    add_cause(p, DIABETES_1, "2000", NULL);
    add_cause(p, DIABETES_2, "2010", NULL);
    finish(p);
    assert_int_equal(p->contradiction_count, 3);
    assert_non_null(strstr(p->contradictions[0], "before he was born"));
    assert_non_null(strstr(p->contradictions[1], "ends before it starts"));
    assert_non_null(strstr(p->contradictions[2], "cannot both be"));
    assert_int_equal(p->cause_count, 3); /* TURP, tamsulosin, the later diabetes */
    for (int i = 0; i < p->cause_count; i++)
        assert_true(p->causes[i].cause != DIABETES_1 && p->causes[i].cause != VASECTOMY);
    assert_int_equal(p->unused_count, 1);
    assert_int_equal(p->planned_count, 1); /* the vasectomy, to come */
    assert_int_equal(p->planned[0].cause, VASECTOMY);
    ag_patient_free(p);
}

static void present_and_absent_contradict(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_cause(p, DIABETES_2, "2010", NULL);
    ag_cause_fact absent = {.cause = DIABETES_2,
                            .start = AG_DAYS_UNKNOWN,
                            .end = AG_DAYS_UNKNOWN,
                            .text = "no diabetes",
                            .where = "line 2"};
    assert_int_equal(ag_patient_add_cause(p, &absent), AG_OK);
    finish(p);
    assert_int_equal(p->cause_count, 1);
    assert_true(p->causes[0].present);
    assert_int_equal(p->contradiction_count, 1);
    assert_non_null(strstr(p->contradictions[0], "line 2"));
    ag_patient_free(p);
}

static void the_latest_value_counts(void **state) {
    (void)state;
    ag_patient *p = a_man();
    for (int year = 0; year < 9; year++) {
        char date[] = "2010";
        date[3] = (char)('0' + year);
        add_finding(p, TESTOSTERONE, -1, 5 + year, -1, date);
    }
    add_finding(p, BLOOD, 1, 0, -1, "2024-06-15");
    add_finding(p, BLOOD, 0, 0, -1, "2024-06-15");
    finish(p);
    assert_int_equal(p->finding_count, 2);
    assert_int_equal(p->findings[0].finding, BLOOD);
    assert_int_equal(p->findings[0].state, 1);
    assert_float_equal(p->findings[1].low, 13, 0);
    assert_int_equal(p->contradiction_count, 1);
    assert_int_equal(p->unused_count, 2);
    assert_string_equal(p->unused[0].text, "value");
    assert_string_equal(p->unused[1].text, "value and 7 more");
    ag_patient_free(p);
}

static void a_finer_finding_replaces_a_coarser(void **state) {
    (void)state;
    ag_patient *p = a_man();
    add_finding(p, DRY_ORGASM, 1, 0, -1, "2024-06-15");
    add_finding(p, LOW_VOLUME, 1, 0, -1, "2024-06-15");
    finish(p);
    assert_int_equal(p->finding_count, 1);
    assert_int_equal(p->findings[0].finding, DRY_ORGASM);
    ag_patient_free(p);
    p = a_man(); /* "no dry orgasm" says nothing about a low volume */
    add_finding(p, DRY_ORGASM, 0, 0, -1, "2024-06-15");
    add_finding(p, LOW_VOLUME, 1, 0, -1, "2024-06-15");
    finish(p);
    assert_int_equal(p->finding_count, 2);
    ag_patient_free(p);
}

static int add_sample(ag_patient *p, const char *date) {
    return ag_patient_add_sample(
        p, &(ag_sample){.kind = AG_SAMPLE_SEMEN, .date = days(date), .abstinence_days = NAN});
}

static void a_measured_sample_replaces_what_is_said_without_a_date(void **state) {
    (void)state;
    static const struct {
        const char *said;
        int findings;
    } cases[] = {{NULL, 1}, {"2024-06-01", 2}}; /* of another day: another sample */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = a_man();
        int measured = add_sample(p, "2024-05-02"), said = add_sample(p, cases[i].said);
        add_finding(p, SEMEN_VOLUME, -1, 0.8, measured, "2024-05-02");
        add_finding(p, HYPOSPERMIA, 1, 0, said, cases[i].said);
        finish(p);
        assert_int_equal(p->finding_count, cases[i].findings);
        assert_int_equal(p->sample_count, cases[i].findings);
        assert_int_equal(p->unused_count, 2 - cases[i].findings);
        ag_patient_free(p);
    }
    ag_patient *p = a_man(); /* a diagnosis on a list of problems holds today, of no sample */
    add_finding(p, SEMEN_VOLUME, -1, 0.8, add_sample(p, "2024-05-02"), "2024-05-02");
    add_finding(p, HYPOSPERMIA, 1, 0, -1, "2024-06-15");
    finish(p);
    assert_int_equal(p->finding_count, 1);
    assert_int_equal(p->findings[0].finding, SEMEN_VOLUME);
    ag_patient_free(p);
}

static void what_a_card_puts_outside_is_declined(void **state) {
    (void)state;
    ag_patient *p = a_man();
    ag_cause_fact fact = {.cause = PENECTOMY, .present = true, .text = "penectomy 2019"};
    ag_error error = {0};
    fact.start = fact.end = AG_DAYS_UNKNOWN;
    assert_int_equal(ag_patient_add_cause(p, &fact), AG_OK);
    assert_int_equal(ag_patient_finish(p, &error), AG_ERROR_DECLINED);
    assert_non_null(strstr(error.message, "penectomy 2019"));
    ag_patient_free(p);
    p = a_man();
    fact.present = false;
    assert_int_equal(ag_patient_add_cause(p, &fact), AG_OK);
    finish(p);
    ag_patient_free(p);
}

static void three_samples_are_used(void **state) {
    (void)state;
    static const char *const dates[] = {"2021-01-01", "2023-01-01", "2020-01-01", "2022-01-01",
                                        NULL};
    ag_patient *p = a_man();
    for (int i = 0; i < 5; i++) {
        ag_sample sample = {.kind = AG_SAMPLE_SEMEN, .date = days(dates[i]), .abstinence_days = i};
        assert_int_equal(ag_patient_add_sample(p, &sample), i);
        if (i != 3)
            add_finding(p, SEMEN_VOLUME, -1, i, i, dates[i]);
    }
    finish(p);
    assert_int_equal(p->sample_count, 3);
    assert_float_equal(p->samples[0].abstinence_days, 1, 0);
    assert_float_equal(p->samples[1].abstinence_days, 0, 0);
    assert_float_equal(p->samples[2].abstinence_days, 2, 0);
    for (int i = 0; i < p->finding_count; i++)
        assert_float_equal(p->findings[i].low, p->samples[p->findings[i].sample].abstinence_days,
                           0);
    assert_int_equal(p->unused_count, 1);
    ag_patient_free(p);
}

static void texts_cannot_steer_a_terminal(void **state) {
    (void)state;
    ag_patient *p = a_man();
    assert_string_equal(ag_patient_text(p, "a\x1B[2J\nb\xC2\x9B"
                                           "c\xE2\x82"),
                        "a [2J b c");
    assert_string_equal(ag_patient_text(p, "Pr\xC3\xB3stata"), "Pr\xC3\xB3stata");
    ag_patient_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renewals_are_one_exposure),
        cmocka_unit_test(a_long_pause_makes_two_exposures),
        cmocka_unit_test(operations_of_different_days_stay_apart),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(present_and_absent_contradict),
        cmocka_unit_test(the_latest_value_counts),
        cmocka_unit_test(a_finer_finding_replaces_a_coarser),
        cmocka_unit_test(a_measured_sample_replaces_what_is_said_without_a_date),
        cmocka_unit_test(what_a_card_puts_outside_is_declined),
        cmocka_unit_test(three_samples_are_used),
        cmocka_unit_test(texts_cannot_steer_a_terminal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
