/* Findings that cannot all be true are refused, and the sentence names those, and only those, that
 * clash; and how likely a finding is, given the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "assessment.h"

#define EXACT(p)                                                                                   \
    { .kind = AG_PARAMETER_EXACT, .value = (p) }
#define REST                                                                                       \
    { .kind = AG_PARAMETER_REST }

enum { EMISSION, DRY, WET, PAIN, VARIABLES };

static const char *const emission_states[] = {"full", "none"};
static const char *const no_yes[] = {"no", "yes"};
static const char *const names[] = {"a name"};
static const ag_ref on_emission[] = {{false, EMISSION}};
static const ag_condition none_only[] = {{0, 1 << 1}};
static const ag_parameter always[] = {REST, EXACT(1)}, never[] = {REST, EXACT(0)};
static const ag_parameter often[] = {REST, EXACT(0.4)};
static const ag_row dry_rows[] = {{none_only, 1, always, {0}}, {NULL, 0, never, {0}}};
static const ag_row wet_rows[] = {{none_only, 1, never, {0}}, {NULL, 0, always, {0}}};
static const ag_row pain_rows[] = {{NULL, 0, often, {0}}};

#define YES_NO(name, table, count)                                                                 \
    {                                                                                              \
        .id = name, .names = {{names, 1}, {names, 1}}, .kind = AG_FINDING, .scope = AG_SCOPE_NOW,  \
        .states = {no_yes, 2}, .parents = on_emission, .parent_count = 1, .rows = table,           \
        .row_count = count                                                                         \
    }

static const ag_variable variables[VARIABLES] = {
    [EMISSION] = {.id = "emission",
                  .names = {{names, 1}, {names, 1}},
                  .kind = AG_FUNCTION,
                  .scope = AG_SCOPE_NOW,
                  .states = {emission_states, 2},
                  .felt = true},
    [DRY] = YES_NO("dry", dry_rows, 2),
    [WET] = YES_NO("wet", wet_rows, 2),
    [PAIN] = YES_NO("pain", pain_rows, 1),
};
static const ag_finding findings[] = {{.variable = DRY}, {.variable = WET}, {.variable = PAIN}};
static const ag_parameter loss[] = {REST, EXACT(0.5)};
static const ag_action acts[] = {{EMISSION, loss}};
static const ag_variant variant[] = {
    {.id = "present", .share = 1, .actions = acts, .action_count = 1}};
static const ag_prior prior[] = {{18, EXACT(0.5)}};
static const ag_cause causes[] = {{.id = "nerve",
                                   .names = {{names, 1}, {names, 1}},
                                   .priors = prior,
                                   .prior_count = 1,
                                   .variants = variant,
                                   .variant_count = 1}};
static const ag_knowledge knowledge = {.variables = variables,
                                       .variable_count = VARIABLES,
                                       .findings = findings,
                                       .finding_count = 3,
                                       .causes = causes,
                                       .cause_count = 1};

/* `expected` receives how likely each finding was, given the others; NULL: a brief assessment. */
static ag_status assess_findings(const int *present, int count, double *expected, ag_error *error) {
    static const char *const texts[] = {"dry orgasm", "usual semen", "pain"};
    ag_patient *patient = ag_patient_new(&knowledge);
    patient->age_years = 40;
    for (int i = 0; i < count; i++)
        ag_patient_add_finding(patient, &(ag_finding_fact){.finding = present[i],
                                                           .state = 1,
                                                           .sample = -1,
                                                           .date = AG_DAYS_UNKNOWN,
                                                           .text = texts[present[i]],
                                                           .where = "here"});
    ag_engine *engine;
    ag_session *session;
    ag_assessment *assessment;
    assert_int_equal(ag_engine_new(&engine, &knowledge, NULL), AG_OK);
    assert_int_equal(ag_session_new(&session, engine, NULL), AG_OK);
    ag_assess_options options = ag_assess_options_defaults();
    options.brief = expected == NULL;
    ag_status status = ag_assess(&assessment, session, patient, &options, error);
    for (int i = 0; i < count && status == AG_OK && expected != NULL; i++)
        expected[i] = ag_assessment_finding(assessment, i)->expected;
    ag_assessment_free(assessment);
    ag_session_free(session);
    ag_engine_free(engine);
    ag_patient_free(patient);
    return status;
}

static void clashing_findings_are_named(void **state) {
    (void)state;
    double expected[3];
    ag_error error, brief;
    assert_int_equal(assess_findings((int[]){2, 0, 1}, 3, expected, &error), AG_ERROR_IMPOSSIBLE);
    assert_non_null(strstr(error.message, "dry orgasm"));
    assert_non_null(strstr(error.message, "usual semen"));
    assert_null(strstr(error.message, "pain"));
    assert_int_equal(assess_findings((int[]){2, 0, 1}, 3, NULL, &brief), AG_ERROR_IMPOSSIBLE);
    assert_string_equal(brief.message, error.message);
}

static void findings_that_agree_are_assessed(void **state) {
    (void)state;
    double expected[2];
    assert_int_equal(assess_findings((int[]){2, 0}, 2, expected, NULL), AG_OK);
    assert_int_equal(assess_findings((int[]){2, 0}, 2, NULL, NULL), AG_OK);
}

/* By hand: the nerve is hurt in one of two, and then emission fails in one of two, so that a dry
 * orgasm is had by one of four; pain comes to 0.4 of all. */
static void a_finding_is_as_likely_as_the_others_make_it(void **state) {
    (void)state;
    double expected[2];
    assert_int_equal(assess_findings((int[]){0, 2}, 2, expected, NULL), AG_OK);
    assert_true(fabs(expected[0] - 0.25) < 1e-12);
    assert_true(fabs(expected[1] - 0.4) < 1e-12);
}

static void a_patient_of_other_knowledge_is_refused(void **state) {
    (void)state;
    static const ag_knowledge other = {.version = "other"};
    ag_error error;
    ag_engine *engine;
    ag_session *session;
    ag_assessment *assessment;
    ag_patient *patient = ag_patient_new(&other);
    ag_engine_new(&engine, &knowledge, NULL);
    ag_session_new(&session, engine, NULL);
    assert_int_equal(ag_assess(&assessment, session, patient, NULL, &error), AG_ERROR_ARGUMENT);
    ag_session_free(session);
    ag_engine_free(engine);
    ag_patient_free(patient);
    assert_int_equal(ag_engine_new(&engine, NULL, &error), AG_ERROR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clashing_findings_are_named),
        cmocka_unit_test(findings_that_agree_are_assessed),
        cmocka_unit_test(a_finding_is_as_likely_as_the_others_make_it),
        cmocka_unit_test(a_patient_of_other_knowledge_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
