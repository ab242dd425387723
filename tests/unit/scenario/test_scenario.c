#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antegrade/scenario.h"
#include "expression.h"

static int find_word(void *user, const char *name, size_t length, double *out) {
    (void)user;
    *out = 3;
    return length == 5 && strncmp(name, "three", 5) == 0;
}

static ag_status evaluate(double *out, const char *text, ag_error *error) {
    ag_scope scope = {.find = find_word, .typical = 1};
    return ag_expression_value(out, text, &scope, error);
}

static void expressions_have_values(void **state) {
    (void)state;
    const struct {
        const char *text;
        double value;
    } cases[] = {{"1 + 2 * 3", 7},
                 {"(1 + 2) * three", 9},
                 {"2 ^ 3 ^ 2", 512},
                 {"-three + 10 / 4", -0.5},
                 {"8 - 3 - 2", 3},
                 {"clamp(7, 0, 5)", 5},
                 {"share(odds(0.25) + 1)", 4.0 / 7},
                 {"logistic(logit(0.2))", 0.2},
                 {"lognormal(0.3, 2) + normal(1, 5) + uniform(2, 4)", 4.3},
                 {"logitnormal(0.4, 3)", 0.4},
                 {"chance(0.6) - chance(0.4)", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 0;
        assert_int_equal(evaluate(&value, cases[i].text, NULL), AG_OK);
        assert_true(fabs(value - cases[i].value) < 1e-12);
    }
}

static void bad_expressions_are_refused(void **state) {
    (void)state;
    const char *const cases[] = {"",      "1 +",     "(1",        "two",   "sine(1)",
                                 "1 / 0", "min(1)",  "1 2",       "ln(0)", "clamp(1, 2)",
                                 "1..2",  "three()", "min(1,2,3)"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        ag_error error;
        assert_int_not_equal(evaluate(&value, cases[i], &error), AG_OK);
        assert_true(strlen(error.message) > 10);
    }
    char deep[400];
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    double value;
    assert_int_not_equal(evaluate(&value, deep, NULL), AG_OK);
    memset(deep, '-', sizeof deep - 1);
    assert_int_not_equal(evaluate(&value, deep, NULL), AG_OK);
}

/* Draws have the median and spread that they name, and depend on the man alone. */
static void draws_are_as_stated(void **state) {
    (void)state;
    enum { N = 20000 };
    double sum = 0, squares = 0, below = 0, hits = 0;
    for (int i = 0; i < N; i++) {
        ag_scope scope = {.find = find_word, .seed = 4, .man = (uint64_t)i};
        double value, p;
        assert_int_equal(ag_expression_value(&value, "ln(lognormal(2, 0.5))", &scope, NULL), AG_OK);
        assert_int_equal(ag_expression_value(&p, "chance(0.3)", &scope, NULL), AG_OK);
        sum += value;
        squares += value * value;
        below += value < log(2);
        hits += p;
    }
    double mean = sum / N;
    assert_true(fabs(mean - log(2)) < 5 * 0.5 / sqrt(N));
    assert_true(fabs(sqrt(squares / N - mean * mean) - 0.5) < 0.02);
    assert_true(fabs(below / N - 0.5) < 0.02);
    assert_true(fabs(hits / N - 0.3) < 0.02);
}

static ag_scenarios *rules(void) {
    ag_scenarios *all;
    ag_error error = {0};
    if (ag_scenarios_open(&all, NULL, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    return all;
}

static void statements_are_understood(void **state) {
    (void)state;
    ag_scenarios *all = rules();
    ag_scenario_use use;
    assert_int_equal(ag_scenario_read(&use, all, AG_SCENARIO_CAUSE, "tamsulosin=0.8 mg", NULL),
                     AG_OK);
    assert_true(use.given[0] == 0.8 && use.given[1] == 0);
    assert_int_equal(ag_scenario_read(&use, all, AG_SCENARIO_CAUSE, "TURP", NULL), AG_OK);
    assert_int_equal(ag_scenario_read(&use, all, AG_SCENARIO_CAUSE,
                                      "diabetes=years=20years,autonomic=yes", NULL),
                     AG_OK);
    assert_true(use.given[0] == 20 && use.given[1] == 1 && use.stated == 3);
    assert_int_equal(ag_scenario_read(&use, all, AG_SCENARIO_CAUSE, "diabetes=autonomic=yes", NULL),
                     AG_OK);
    assert_true(use.given[0] == 15 && use.stated == 2);
    assert_int_equal(ag_scenario_read(&use, all, AG_SCENARIO_FUNCTION, "emission=none", NULL),
                     AG_OK);
    assert_string_equal(use.scenario->state, "none");
    ag_scenarios_free(all);
}

static void bad_statements_are_refused(void **state) {
    (void)state;
    const struct {
        ag_scenario_kind kind;
        const char *text, *says;
    } cases[] = {
        {AG_SCENARIO_CAUSE, "tamsulosine", "did you mean \"tamsulosin\"?"},
        {AG_SCENARIO_CAUSE, "tamsulosin=0.4", "without a unit"},
        {AG_SCENARIO_CAUSE, "tamsulosin=-1mg", "allowed are 0 to 2 mg"},
        {AG_SCENARIO_CAUSE, "tamsulosin=nanmg", "number"},
        {AG_SCENARIO_CAUSE, "tamsulosin=4 metres", "in mg"},
        {AG_SCENARIO_CAUSE, "tamsulosin=much", "number"},
        {AG_SCENARIO_CAUSE, "turp=3mg", "nothing"},
        {AG_SCENARIO_CAUSE, "diabetes=autonomic=perhaps", "yes or no"},
        {AG_SCENARIO_CAUSE, "diabetes=20years,yes", "="},
        {AG_SCENARIO_CAUSE, "tamsulosin=colour=3mg", "cannot be stated"},
        {AG_SCENARIO_CAUSE, "diabetes=200years", "0 to 80"},
        {AG_SCENARIO_CAUSE, "tamsulosin=0.4mg,dose=0.8mg", "dose of tamsulosin is stated twice"},
        {AG_SCENARIO_CAUSE, "", "no cause"},
        {AG_SCENARIO_CAUSE, "imipramine", "it is a treatment"},
        {AG_SCENARIO_TREATMENT, "turp", "it is a cause"},
        {AG_SCENARIO_FUNCTION, "emission=nne", "emission can be full, reduced or none"},
        {AG_SCENARIO_FUNCTION, "emission", "emission can be full, reduced or none"},
        {AG_SCENARIO_FUNCTION, "emision=none", "did you mean \"emission\"?"},
    };
    ag_scenarios *all = rules();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_scenario_use use;
        ag_error error = {0};
        assert_int_not_equal(ag_scenario_read(&use, all, cases[i].kind, cases[i].text, &error),
                             AG_OK);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].text, error.message);
    }
    ag_scenarios_free(all);
}

static void parameters_are_understood(void **state) {
    (void)state;
    ag_tract_parameter parameter;
    double value;
    assert_int_equal(ag_scenario_read_parameter(&parameter, &value, "prostate_ml=2.5 mL", NULL),
                     AG_OK);
    assert_true(parameter == AG_TRACT_PROSTATE_ML && value == 2.5);
    assert_int_equal(ag_scenario_read_parameter(&parameter, &value, "neck_strength=0", NULL),
                     AG_OK);
    assert_true(parameter == AG_TRACT_NECK_STRENGTH && value == 0);
    const struct {
        const char *text, *says;
    } cases[] = {{"prostate_ml", "PARAMETER=VALUE"},
                 {"=2", "PARAMETER=VALUE"},
                 {"prostate_ml=", "allowed are 0.1 to 10 mL"},
                 {"prostate_ml=-1", "allowed are 0.1 to 10 mL"},
                 {"prostate_ml=nan", "allowed are 0.1 to 10 mL"},
                 {"prostate_ml=1 L", "allowed are 0.1 to 10 mL"},
                 {"prostrate_ml=1", "did you mean \"prostate_ml\"?"},
                 {"colour=1", "--parameters"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_error error = {0};
        assert_int_not_equal(ag_scenario_read_parameter(&parameter, &value, cases[i].text, &error),
                             AG_OK);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].text, error.message);
    }
}

/* Two blockers hold more than either; one stopped long ago holds nothing. */
static void blockers_add_up(void **state) {
    (void)state;
    ag_scenarios *all = rules();
    ag_scenario_use one, two;
    ag_tract_man man;
    ag_tract_default(&man);
    assert_int_equal(ag_scenario_read(&one, all, AG_SCENARIO_CAUSE, "tamsulosin=0.4mg", NULL),
                     AG_OK);
    assert_int_equal(ag_scenario_read(&two, all, AG_SCENARIO_CAUSE, "silodosin=8mg", NULL), AG_OK);
    assert_int_equal(ag_scenario_apply(&one, &man, 1, 0, 1, NULL), AG_OK);
    double odds = 0.4 * 9.5;
    assert_true(fabs(man.value[AG_TRACT_RECEPTOR_OCCUPANCY] - odds / (1 + odds)) < 1e-12);
    assert_int_equal(ag_scenario_apply(&two, &man, 1, 0, 1, NULL), AG_OK);
    odds += 8 * 2.735;
    assert_true(fabs(man.value[AG_TRACT_RECEPTOR_OCCUPANCY] - odds / (1 + odds)) < 1e-12);
    ag_tract_default(&man);
    assert_int_equal(
        ag_scenario_read(&one, all, AG_SCENARIO_CAUSE, "tamsulosin=0.4mg,stopped=14days", NULL),
        AG_OK);
    assert_int_equal(ag_scenario_apply(&one, &man, 1, 0, 1, NULL), AG_OK);
    assert_true(man.value[AG_TRACT_RECEPTOR_OCCUPANCY] < 1e-6);
    ag_scenarios_free(all);
}

static void every_rule_is_explained(void **state) {
    (void)state;
    ag_scenarios *all = rules();
    size_t functions = 0;
    assert_null(ag_scenarios_at(all, ag_scenarios_count(all)));
    for (size_t i = 0; i < ag_scenarios_count(all); i++) {
        const ag_scenario *s = ag_scenarios_at(all, i);
        functions += s->kind == AG_SCENARIO_FUNCTION;
        assert_true(strlen(s->summary) > 3 && strlen(s->reason) > 3);
        if (strlen(s->evidence) == 0 && s->kind != AG_SCENARIO_FUNCTION)
            assert_true(s->rule_count > 0);
    }
    assert_true(functions > 30);
    ag_scenarios_free(all);
}

static void faulty_files_are_refused(void **state) {
    (void)state;
    const struct {
        const char *text, *says;
    } cases[] = {
        {"name: x\n", "list"},
        {"- name: x\n", "kind"},
        {"- {name: x, kind: cause, summary: s}\n", "reason"},
        {"- {name: x, kind: cause, summary: s, reason: r}\n", "set"},
        {"- {name: x, kind: cause, summary: s, reason: r, set: {drive: nothing}}\n",
         "no such name"},
        {"- {name: x, kind: cause, summary: s, reason: r, set: {drive: [1]}}\n", "expression"},
        {"- {name: x, kind: cause, summary: s, reason: r, given: {a: {unit: mg}}, set: {}}\n",
         "usual"}};
    char directory[] = "/tmp/rulesXXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/causes.yaml", directory);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_scenarios *all;
        ag_error error = {0};
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(cases[i].text, file);
        fclose(file);
        assert_int_not_equal(ag_scenarios_open(&all, directory, &error), AG_OK);
        assert_null(all);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].text, error.message);
    }
    remove(path);
    rmdir(directory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_have_values),
        cmocka_unit_test(bad_expressions_are_refused),
        cmocka_unit_test(draws_are_as_stated),
        cmocka_unit_test(statements_are_understood),
        cmocka_unit_test(bad_statements_are_refused),
        cmocka_unit_test(parameters_are_understood),
        cmocka_unit_test(blockers_add_up),
        cmocka_unit_test(every_rule_is_explained),
        cmocka_unit_test(faulty_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
