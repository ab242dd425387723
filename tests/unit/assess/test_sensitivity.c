/* Moving one number moves what rests on it, the way it should, and nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/builtin_session.h"
#include "sensitivity.h"

static const char text[] =
    "{\"age\": 60, \"medicines\": [\"silodosin\"], \"symptoms\": [\"dry orgasm\"]}";

enum { FILLER = 140 }; /* more than one batch */

static const ag_knowledge *knowledge;
static ag_patient *patient;

static int open_man(void **state) {
    knowledge = ag_knowledge_builtin();
    return open_all(state) ||
           ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, NULL) != AG_OK;
}

static int close_man(void **state) {
    ag_patient_free(patient);
    return close_all(state);
}

static int mechanism(const char *id) {
    int variable = ag_knowledge_variable(knowledge, id);
    for (int m = 0; m < knowledge->mechanism_count; m++)
        if (knowledge->mechanisms[m].variable == variable)
            return m;
    fail_msg("no mechanism %s", id);
    return -1;
}

/* The probability that silodosin stops emission, for a usual dose. */
static const ag_parameter *stops_emission(void) {
    const ag_cause *cause = &knowledge->causes[ag_knowledge_cause(knowledge, "silodosin")];
    int emission = ag_knowledge_variable(knowledge, "emission");
    for (int v = 0; v < cause->variant_count; v++)
        for (int a = 0; a < cause->variants[v].action_count; a++)
            if (cause->variants[v].actions[a].function == emission &&
                cause->variants[v].share > 0.5)
                return &cause->variants[v].actions[a].states[2];
    fail_msg("silodosin does not act on emission");
    return NULL;
}

static void more_effect_more_of_its_mechanism(void **state) {
    (void)state;
    const ag_parameter *number = stops_emission();
    double central;
    ag_swing swing;
    assert_int_equal(ag_assess_swings(session, patient, mechanism("emission-failure"), &number, 1,
                                      &central, &swing, NULL),
                     AG_OK);
    assert_true(swing.low < central && central < swing.high);
    assert_int_equal(ag_assess_swings(session, patient, mechanism("anorgasmia"), &number, 1,
                                      &central, &swing, NULL),
                     AG_OK);
    assert_true(fabs(swing.low - swing.high) < 0.1);
}

/* A number's place among others, and the others, do not matter; nor does one that is not asked. */
static void each_number_moves_alone(void **state) {
    (void)state;
    const ag_parameter *numbers[FILLER + 1];
    double central, again;
    ag_swing alone, many[FILLER + 1];
    const ag_parameter *number = stops_emission();
    for (int i = 0; i < FILLER; i++) /* numbers of treatments, which no network asks for */
        numbers[i] = &knowledge->treatments[i % knowledge->treatment_count].days;
    numbers[FILLER] = number;
    int failure = mechanism("emission-failure");
    assert_int_equal(
        ag_assess_swings(session, patient, failure, &number, 1, &central, &alone, NULL), AG_OK);
    assert_int_equal(
        ag_assess_swings(session, patient, failure, numbers, FILLER + 1, &again, many, NULL),
        AG_OK);
    assert_true(fabs(many[FILLER].low - alone.low) < 1e-12);
    assert_true(fabs(many[FILLER].high - alone.high) < 1e-12);
    assert_true(fabs(many[0].low - again) < 1e-12 && fabs(many[0].high - again) < 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_effect_more_of_its_mechanism),
        cmocka_unit_test(each_number_moves_alone),
    };
    return cmocka_run_group_tests(tests, open_man, close_man);
}
