/* Words for an amount of semen say that there was semen, and so an orgasm; inability does not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/builtin_session.h"

static double probability_of(const char *mechanism, const char *text) {
    ag_patient *patient;
    ag_assessment *assessment;
    double probability = NAN;
    assert_int_equal(ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_assess(&assessment, session, patient, NULL, NULL), AG_OK);
    for (int i = 0; i < ag_assessment_mechanism_count(assessment); i++) {
        const ag_mechanism_result *result = ag_assessment_mechanism(assessment, i);
        if (strcmp(result->id, mechanism) == 0)
            probability = result->probability.value;
    }
    ag_assessment_free(assessment);
    ag_patient_free(patient);
    return probability;
}

/* What was measured in semen leaves little of the chance, 1.3 to 1.8 % of all men, that he never
 * reaches orgasm. */
static void semen_that_was_seen_came_with_an_orgasm(void **state) {
    (void)state;
    static const char *const men[] = {
        "{age: 32, symptoms: [less semen]}",
        "{age: 32, samples: [{date: 2026-01-01, tests: [{name: semen volume, value: low}]}]}",
        "{age: 32, samples: [{date: 2026-01-01, tests: [azoospermia, low semen volume]}]}",
        "{age: 32, samples: [{date: 2026-01-01, tests: [{name: semen pH, value: 7.0}]}]}",
        "{age: 32, samples: [{date: 2026-01-01, tests: [{name: sperm motility, value: low}]}]}"};
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        double probability = probability_of("anorgasmia", men[i]);
        if (!(probability < 0.05))
            fail_msg("%s: %g", men[i], probability);
    }
}

static void inability_may_be_want_of_an_orgasm(void **state) {
    (void)state;
    double nothing = probability_of("anorgasmia", "{age: 32, symptoms: [no semen]}");
    double unable = probability_of("anorgasmia", "{age: 32, symptoms: [unable to ejaculate]}");
    double dry = probability_of("anorgasmia", "{age: 32, symptoms: [dry orgasm]}");
    assert_true(dry < nothing && nothing < unable);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semen_that_was_seen_came_with_an_orgasm),
        cmocka_unit_test(inability_may_be_want_of_an_orgasm),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
