#define _POSIX_C_SOURCE 200809L
/*
 * A folder of two cases and two counts, scored by the small knowledge of the plan's tests, whose
 * answers follow by hand: on the pill the bladder neck is open in 0.6, cloudy urine is then seen in
 * 0.7, else in 0.1. Without pill and leak it is closed for certain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/plan_cards.h"
#include "case_node.h"
#include "files.h"
#include "validation.h"

static const char *const data = AG_SOURCE_DIR "/tests/unit/validate/data";
static const double DRAWN = 0.004; /* mean over the draws against the central values */

static ag_validation *validated(const char *folder) {
    ag_validation *validation = NULL;
    ag_error error = {0};
    if (ag_validate(&validation, knowledge, folder, NULL, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    return validation;
}

static void cases_by_hand(void **state) {
    (void)state;
    ag_validation *v = validated(data);
    const ag_case_result *clear = &v->cases[0], *cloudy = &v->cases[1];
    assert_int_equal(v->case_count, 2);
    near(clear->by[AG_MODEL].p[0], 1, 1e-12);
    near(clear->by[AG_MODEL].log, 0, 1e-9);
    double open = 0.6 * 0.7 / (0.6 * 0.7 + 0.4 * 0.1);
    near(cloudy->by[AG_MODEL].p[0], open, DRAWN);
    near(cloudy->by[AG_MODEL].p[1], 1 - open, DRAWN);
    near(cloudy->by[AG_MODEL].brier, 2 * (1 - open) * (1 - open), DRAWN);
    assert_true(cloudy->by[AG_MODEL].top1 && cloudy->by[AG_MODEL].top2);
    /* many sperm in the urine: 0.8 where open, 0.02 where closed */
    assert_true(cloudy->has_settled);
    near(cloudy->settled_p, open * 0.8 / (open * 0.8 + (1 - open) * 0.02), DRAWN);
    ag_validation_free(v);
}

/* Of two cases the other one is the base rate: (1 + 1/4) / 1.5 and (1/4) / 1.5, the half case being
 * spread over two mechanisms. The chart has answered one case, so that nothing is known of its
 * answers in the others: 0.5 / 1. */
static void baselines_by_hand(void **state) {
    (void)state;
    ag_validation *v = validated(data);
    const ag_case_result *clear = &v->cases[0], *cloudy = &v->cases[1];
    near(clear->by[AG_BASE_RATES].p[0], 0.25 / 1.5, 1e-12);
    near(clear->by[AG_BASE_RATES].p[1], 1.25 / 1.5, 1e-12);
    assert_false(clear->by[AG_BASE_RATES].top1);
    assert_string_equal(cloudy->chart_step, "cloudy");
    near(cloudy->by[AG_CHART].p[0], 0.5, 1e-12);
    assert_null(clear->chart_step);
    near(clear->by[AG_CHART].p[0], 0.25 / 1.5, 1e-12);
    ag_validation_free(v);
}

static void counts_by_hand(void **state) {
    (void)state;
    ag_validation *v = validated(data);
    assert_int_equal(v->cohort_count, 2);
    near(v->cohorts[0].mean, 0.6 * 0.7 + 0.4 * 0.1, DRAWN);
    assert_true(v->cohorts[0].covered);
    near(v->cohorts[1].mean, 0.6, DRAWN);
    assert_false(v->cohorts[1].covered);
    assert_true(v->cohorts[1].predicted.low > 15 && v->cohorts[1].predicted.high < 45);
    ag_validation_free(v);
}

static void chart_steps(void **state) {
    (void)state;
    static const struct {
        const char *text, *step;
    } men[] = {{"tests: [{name: share in urine, value: 10, unit: mL}]", "share"},
               {"tests: [{name: share in urine, value: 4, unit: mL}]", NULL},
               {"medicines: [pill]", "on the pill"},
               {"medicines: []", NULL}};
    ag_flow_chart chart;
    char path[600];
    snprintf(path, sizeof path, "%s/flow-chart.yaml", data);
    assert_int_equal(ag_flow_chart_read(&chart, arena, knowledge, path, NULL), AG_OK);
    ag_vocabulary *vocabulary = ag_vocabulary_new(knowledge);
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        ag_patient *patient;
        assert_int_equal(ag_patient_read_case(&patient, vocabulary, men[i].text,
                                              strlen(men[i].text), NULL, NULL),
                         AG_OK);
        const ag_chart_step *step = ag_flow_chart_answer(&chart, patient);
        if ((step == NULL) != (men[i].step == NULL) ||
            (step != NULL && strcmp(step->name, men[i].step) != 0))
            fail_msg("%s: %s", men[i].text, step != NULL ? step->name : "no step");
        ag_patient_free(patient);
    }
    ag_vocabulary_free(vocabulary);
}

/* P(a or b) of two mechanisms of which one holds always, of one twice, and of each alone. */
static void either_mechanism(void **state) {
    (void)state;
    const ag_node *given;
    static const char text[] = "{age: 40, medicines: [pill], absent: [leak]}";
    int both[] = {0, 1}, twice[] = {1, 1};
    double p, q;
    ag_believer believer;
    ag_belief belief;
    assert_int_equal(ag_yaml_parse(arena, text, strlen(text), &given, NULL), AG_OK);
    assert_int_equal(ag_believer_open(&believer, knowledge, NULL), AG_OK);
    assert_int_equal(ag_belief_open(&belief, &believer, given, NULL), AG_OK);
    assert_int_equal(ag_belief_mean(&belief, &believer, (ag_indices){both, 2}, &p, NULL), AG_OK);
    near(p, 1, 1e-9);
    assert_int_equal(ag_belief_mean(&belief, &believer, (ag_indices){twice, 2}, &p, NULL), AG_OK);
    assert_int_equal(ag_belief_mean(&belief, &believer, (ag_indices){twice, 1}, &q, NULL), AG_OK);
    near(p, q, 1e-9);
    near(p, 0.6, DRAWN);
    ag_belief_close(&belief);
    ag_believer_close(&believer);
}

static void every_form_is_written(void **state) {
    (void)state;
    static const char *const words[] = {"Validation\n", "\"knowledge\": ", "<!DOCTYPE html>",
                                        "# Validation\n", "<svg "};
    ag_validation *v = validated(data);
    for (int f = AG_SHEET_TEXT; f <= AG_SHEET_SVG; f++) {
        char *text;
        assert_int_equal(ag_validation_show(v, (ag_sheet_format)f, 80, &text, NULL), AG_OK);
        if (strstr(text, words[f]) == NULL)
            fail_msg("form %d has no \"%s\"", f, words[f]);
        free(text);
    }
    ag_validation_free(v);
}

/* ---- what is refused ---- */

static void refused(const char *text, ag_status wanted, int line, const char *words) {
    char path[] = "/tmp/test_validation_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fputs(text, out);
    fclose(out);
    ag_resolved resolved;
    ag_error error = {0};
    ag_status status = ag_resolved_read(&resolved, arena, knowledge, path, &error);
    remove(path);
    if (status != wanted || error.line != line || strstr(error.message, words) == NULL)
        fail_msg("%s: status %d, line %d: %s", text, (int)status, error.line, error.message);
    assert_string_equal(error.where, path);
}

static void faults_of_a_case(void **state) {
    (void)state;
    refused("age: 40\n", AG_ERROR_VALUE, 1, "the diagnosis is missing");
    refused("age: 40\nknown: {mechanisms: [retrograde-compleet]}\n", AG_ERROR_NAME, 2,
            "retrograde-complete");
    refused("known: {mechanisms: []}\n", AG_ERROR_VALUE, 1, "at least one mechanism");
    refused("known: {mechanisms: [none], cause: pills}\n", AG_ERROR_NAME, 1, "no cause \"pills\"");
    refused("known: {mechanisms: [none], why: so}\n", AG_ERROR_VALUE, 1, "known has mechanisms");
    refused("known: {mechanisms: [none]}\nsource: {author: A}\n", AG_ERROR_VALUE, 2,
            "first_author");
    refused("- 1\n", AG_ERROR_VALUE, 1, "no case");
}

static void faults_of_a_folder(void **state) {
    (void)state;
    ag_validation *validation;
    ag_error error = {0};
    assert_int_equal(ag_validate(&validation, knowledge, cards, NULL, &error), AG_ERROR_VALUE);
    assert_non_null(strstr(error.where, "version.yaml"));
    assert_int_equal(ag_validate(&validation, knowledge, "/nowhere", NULL, &error), AG_ERROR_IO);
    assert_null(validation);
}

static void joined_maps(void **state) {
    (void)state;
    const ag_node *a, *b;
    assert_int_equal(ag_yaml_parse(arena, "{x: [1], y: 2}", 14, &a, NULL), AG_OK);
    assert_int_equal(ag_yaml_parse(arena, "{x: [3, 4], y: 5, z: 6}", 23, &b, NULL), AG_OK);
    const ag_node *both = ag_nodes_joined(arena, a, b), *x = ag_node_get(both, "x");
    assert_int_equal(both->count, 3);
    assert_int_equal(x->count, 3);
    assert_string_equal(x->first->text, "1");
    assert_string_equal(x->first->next->next->text, "4");
    assert_string_equal(ag_node_get(both, "y")->text, "5");
    assert_int_equal(ag_node_get(a, "x")->count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_by_hand),    cmocka_unit_test(baselines_by_hand),
        cmocka_unit_test(counts_by_hand),   cmocka_unit_test(chart_steps),
        cmocka_unit_test(either_mechanism), cmocka_unit_test(every_form_is_written),
        cmocka_unit_test(faults_of_a_case), cmocka_unit_test(faults_of_a_folder),
        cmocka_unit_test(joined_maps),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
