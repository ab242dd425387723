/* Failures that take no semen away are told beside the mechanisms, with what brings them about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/builtin_session.h"

/* Nothing is told, or one failure with its cause. */
static void told(const char *text, const char *function, const char *failure, const char *cause) {
    ag_patient *patient;
    ag_assessment *assessment;
    assert_int_equal(ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_assess(&assessment, session, patient, NULL, NULL), AG_OK);
    assert_int_equal(ag_assessment_beside_count(assessment), function != NULL);
    if (function != NULL) {
        const ag_beside_result *beside = ag_assessment_beside(assessment, 0);
        assert_string_equal(beside->function, function);
        assert_string_equal(beside->state, failure);
        assert_string_equal(beside->cause, cause);
        assert_true(beside->probability.low <= beside->probability.value &&
                    beside->probability.value <= beside->probability.high);
        assert_true(beside->cause_probability.value <= beside->probability.value + 1e-9);
    }
    ag_assessment_free(assessment);
    ag_patient_free(patient);
}

static void missing_sperm_have_their_reason(void **state) {
    (void)state;
    told("{age: 40, operations: [vasectomy], medicines: [],\n"
         " samples: [{date: 2026-01-01, tests: [azoospermia, semen volume 3 mL]}]}",
         "vasa", "interrupted", "vasectomy");
    told("{age: 29, operations: [], medicines: [anabolic steroids],\n"
         " samples: [{date: 2026-01-01, tests: [azoospermia, semen volume 3 mL]}]}",
         "spermatogenesis", "none", "anabolic-steroid");
}

static void a_late_orgasm_has_its_reason(void **state) {
    (void)state;
    told("{age: 36, operations: [], medicines: [paroxetine 20 mg],\n"
         " symptoms: [delayed orgasm]}",
         "orgasm", "delayed", "paroxetine");
}

static void nothing_is_told_where_nothing_fails(void **state) {
    (void)state;
    told("{age: 36, operations: [], medicines: []}", NULL, NULL, NULL);
    told("{age: 62, operations: [], medicines: [tamsulosin 0.4 mg], symptoms: [dry orgasm]}", NULL,
         NULL, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_sperm_have_their_reason),
        cmocka_unit_test(a_late_orgasm_has_its_reason),
        cmocka_unit_test(nothing_is_told_where_nothing_fails),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
