/* A brief assessment gives the mechanisms and causes of the whole one, and nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/builtin_session.h"

static void same(ag_estimate a, ag_estimate b) {
    assert_true(a.value == b.value && a.low == b.low && a.high == b.high);
}

static void same_failures(const ag_assessment *whole, const ag_assessment *brief) {
    assert_int_equal(ag_assessment_mechanism_count(brief), ag_assessment_mechanism_count(whole));
    for (int i = 0; i < ag_assessment_mechanism_count(brief); i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(brief, i);
        assert_string_equal(m->id, ag_assessment_mechanism(whole, i)->id);
        same(m->probability, ag_assessment_mechanism(whole, i)->probability);
    }
    assert_int_equal(ag_assessment_leading_count(brief), ag_assessment_leading_count(whole));
    assert_int_equal(ag_assessment_cause_count(brief), ag_assessment_cause_count(whole));
    for (int i = 0; i < ag_assessment_cause_count(brief); i++) {
        const ag_cause_result *brief_cause = ag_assessment_cause(brief, i);
        const ag_cause_result *cause = ag_assessment_cause(whole, i);
        assert_string_equal(brief_cause->id, cause->id);
        assert_int_equal(brief_cause->mechanism == NULL, cause->mechanism == NULL);
        if (cause->mechanism != NULL)
            assert_string_equal(brief_cause->mechanism, cause->mechanism);
        same(brief_cause->probability, cause->probability);
    }
    assert_true(ag_assessment_log_evidence(brief) == ag_assessment_log_evidence(whole));
}

static void nothing_else(const ag_assessment *brief) {
    assert_int_equal(ag_assessment_beside_count(brief), 0);
    assert_int_equal(ag_assessment_finding_count(brief), 0);
    assert_int_equal(ag_assessment_unresolved_count(brief), 0);
    assert_int_equal(ag_assessment_expected_count(brief), 0);
    assert_int_equal(ag_assessment_source_count(brief), 0);
    assert_true(isnan(ag_assessment_route(brief, AG_SEMEN_FORWARD).value));
}

static void agrees(const char *text) {
    ag_patient *patient;
    ag_assessment *whole, *brief;
    ag_assess_options options = ag_assess_options_defaults();
    options.brief = true;
    assert_int_equal(ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_assess(&whole, session, patient, NULL, NULL), AG_OK);
    assert_int_equal(ag_assess(&brief, session, patient, &options, NULL), AG_OK);
    same_failures(whole, brief);
    nothing_else(brief);
    ag_assessment_free(brief);
    ag_assessment_free(whole);
    ag_patient_free(patient);
}

static void without_findings(void **state) {
    (void)state;
    agrees("{age: 58}");
    agrees("{age: 66, conditions: [type 2 diabetes, diabetic neuropathy]}");
    agrees("{age: 62, operations: [vasectomy], medicines: [fluoxetine, oxycodone]}");
}

static void with_findings(void **state) {
    (void)state;
    agrees("{age: 29, operations: [], medicines: [anabolic steroids],\n"
           " samples: [{date: 2026-01-01, tests: [azoospermia, semen volume 0.4 mL]}]}");
    agrees("{age: 62, operations: [], medicines: [tamsulosin 0.4 mg], symptoms: [dry orgasm]}");
    agrees("{date: 2026-02-01, age: 62, onset: 2025-11,\n"
           " medicines: [{name: tamsulosin 0.4 mg, since: 2025-10}],\n"
           " symptoms: [less semen]}");
}

static void with_a_past(void **state) {
    (void)state;
    agrees("{date: 2026-02-01, age: 45, operations: [{name: RPLND, date: 2020-04}],\n"
           " medicines: [], symptoms: [less semen],\n"
           " samples: [{date: 2025-04-11, tests: [semen volume 0.8 mL]},\n"
           "           {date: 2014-05-11, tests: [semen volume 2.5 mL]}]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_findings),
        cmocka_unit_test(with_findings),
        cmocka_unit_test(with_a_past),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
