/* Samples of several years and slow causes: as much of the past as can be computed with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/builtin_session.h"

/* How many findings had to be left out. */
static int left_out(const char *text) {
    ag_patient *patient;
    ag_assessment *assessment;
    ag_error error = {0};
    assert_int_equal(ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, NULL),
                     AG_OK);
    if (ag_assess(&assessment, session, patient, NULL, &error) != AG_OK)
        fail_msg("%s", error.message);
    int count = ag_assessment_left_out_count(assessment);
    for (int i = 0; i < count; i++) {
        const char *where;
        assert_non_null(ag_assessment_left_out(assessment, i, &where));
        assert_non_null(where);
    }
    ag_assessment_free(assessment);
    ag_patient_free(patient);
    return count;
}

/* An obstruction of ten years and of four is the same but for a few per cent. */
static void nearly_the_same_day_is_the_same(void **state) {
    (void)state;
    assert_int_equal(left_out("{date: 2024-06-15, age: 52, medicines: [],\n"
                              " operations: [{name: TURP, date: 2019-01}],\n"
                              " conditions: [{name: enlarged prostate, since: 8 years}],\n"
                              " symptoms: [dry orgasm], onset: since the TURP,\n"
                              " samples: [{date: 2020-05-20, tests: [semen volume 0.3 mL]}]}"),
                     0);
}

static void a_long_past_is_cut_and_told(void **state) {
    (void)state;
    assert_true(left_out("{date: 2026-06-01, age: 41, wants: child,\n"
                         " conditions: [{name: prostatitis, since: 2017},\n"
                         "   {name: type 1 diabetes, since: 2023},\n"
                         "   {name: heavy drinking, since: 2009}],\n"
                         " medicines: [sertraline since 2014-04, finasteride since 2025-05,\n"
                         "   risperidone since 2017-05],\n"
                         " symptoms: [pain at ejaculation, weak orgasm],\n"
                         " samples: [{date: 2016-05-11, tests: [semen volume 1.5 mL]},\n"
                         "   {date: 2020-05-11, tests: [semen volume 1.5 mL]},\n"
                         "   {date: 2025-03-11, tests: [semen volume 1.4 mL]}]}") > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearly_the_same_day_is_the_same),
        cmocka_unit_test(a_long_past_is_cut_and_told),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
