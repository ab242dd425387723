/*
 * The plan on a small model, against sums over all its states: one function (the bladder neck
 * closes or is open), volume and sperm that follow from it, three findings, a tablet that brings an
 * open neck back with probability 0.6, an operation with 0.95 that waits for the urine, a pill that
 * can be stopped. The numbers below are those of the cards in knowledge/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "antegrade/plan.h"

static const double TOLERANCE = 1e-9;

/* P(open): the leak (0.3 of men, 0.9 of them) and the pill (0.06, 0.6), noisy-OR. */
static double prior_open(void) {
    return 1 - (1 - 0.3 * 0.9) * (1 - 0.06 * 0.6);
}

enum { NO_TREATMENT, TABLET, OPERATION, OPTIONS };

static const double response[OPTIONS] = {0, 0.6, 0.95};
static const double burden[OPTIONS] = {0, 0.16, 0.4};

/* P(semen), P(sperm) with a neck that is open or closes, before any treatment. */
static const double semen_of[2] = {1, 0.2}, sperm_of[2] = {1, 0.1};

/* U(o | P(open)) for a man who wants relief: weights 0.9 and 0.1. */
static double utility(int option, double open) {
    double semen = 0, sperm = 0;
    for (int neck = 0; neck < 2; neck++) {
        double p = neck == 1 ? open : 1 - open, r = neck == 1 ? response[option] : 0;
        semen += p * (r * semen_of[0] + (1 - r) * semen_of[neck]);
        sperm += p * (r * sperm_of[0] + (1 - r) * sperm_of[neck]);
    }
    return 0.9 * semen + 0.1 * sperm - burden[option];
}

static double best_utility(double open, bool operation) {
    double best = fmax(utility(NO_TREATMENT, open), utility(TABLET, open));
    return operation ? fmax(best, utility(OPERATION, open)) : best;
}

typedef struct finding {
    int states;
    double given[2][4]; /* [neck][state] */
    bool frees_operation;
} finding;

static double log_normal_cdf(double x, double median, double spread) {
    return 0.5 * erfc(-log(x / median) / spread / sqrt(2.0));
}

static const finding cloudy = {2, {{0.9, 0.1}, {0.3, 0.7}}, false};
static const finding urine = {3, {{0.73, 0.25, 0.02}, {0.06, 0.14, 0.8}}, true};

/* Nothing, up to 5, above 5. */
static finding share(void) {
    double closes = log_normal_cdf(5, 1, 0.8), open = log_normal_cdf(5, 10, 0.5);
    return (finding){
        3, {{0.8, 0.2 * closes, 0.2 * (1 - closes)}, {0.1, 0.9 * open, 0.9 * (1 - open)}}, false};
}

static double brute_value(const finding *f, double open) {
    double after = 0;
    for (int s = 0; s < f->states; s++) {
        double p = open * f->given[1][s] + (1 - open) * f->given[0][s];
        after += p * best_utility(open * f->given[1][s] / p, f->frees_operation);
    }
    return after - best_utility(open, false);
}

static double term(double joint, double a, double b) {
    return joint > 0 ? joint * log2(joint / (a * b)) : 0;
}

/* Two mechanisms, open and closes, tell the same: each gives I(f; neck). */
static double brute_bits(const finding *f, double open) {
    double sum = 0;
    for (int s = 0; s < f->states; s++) {
        double p = open * f->given[1][s] + (1 - open) * f->given[0][s];
        sum +=
            term(open * f->given[1][s], open, p) + term((1 - open) * f->given[0][s], 1 - open, p);
    }
    return 2 * sum;
}

/* ---- the plan ---- */

typedef struct world {
    ag_knowledge *knowledge;
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
    ag_patient *patient;
    ag_assessment *assessment;
    ag_plan *plan;
} world;

static void open_world_of(world *w, const char *folder, const char *text, bool intervals) {
    ag_error error = {0};
    *w = (world){0};
    ag_status status = ag_knowledge_load(&w->knowledge, folder, NULL, &error);
    if (status != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    w->vocabulary = ag_vocabulary_new(w->knowledge);
    assert_int_equal(ag_engine_new(&w->engine, w->knowledge, &error), AG_OK);
    assert_int_equal(ag_session_new(&w->session, w->engine, &error), AG_OK);
    status = ag_patient_read_case(&w->patient, w->vocabulary, text, strlen(text), NULL, &error);
    if (status == AG_OK)
        status = ag_assess(&w->assessment, w->session, w->patient, NULL, &error);
    ag_plan_options options = ag_plan_options_defaults();
    options.intervals = intervals;
    if (status == AG_OK)
        status = ag_plan_make(&w->plan, w->session, w->patient, w->assessment, &options, &error);
    if (status != AG_OK)
        fail_msg("%s", error.message);
}

static void open_world(world *w, const char *text, bool intervals) {
    open_world_of(w, AG_SOURCE_DIR "/tests/unit/plan/knowledge", text, intervals);
}

static void close_world(world *w) {
    ag_plan_free(w->plan);
    ag_assessment_free(w->assessment);
    ag_patient_free(w->patient);
    ag_session_free(w->session);
    ag_engine_free(w->engine);
    ag_vocabulary_free(w->vocabulary);
    ag_knowledge_free(w->knowledge);
}

static const ag_plan_test *test_of(const world *w, const char *id) {
    for (int i = 0; i < ag_plan_test_count(w->plan); i++)
        if (strcmp(ag_plan_test_at(w->plan, i)->id, id) == 0)
            return ag_plan_test_at(w->plan, i);
    fail_msg("no test %s", id);
    return NULL;
}

static const ag_plan_option *option_of(const world *w, const char *id) {
    for (int i = 0; i < ag_plan_option_count(w->plan); i++)
        if (strcmp(ag_plan_option_at(w->plan, i)->id, id) == 0)
            return ag_plan_option_at(w->plan, i);
    fail_msg("no option %s", id);
    return NULL;
}

static const char *const silent = "age: 40\nwants: relief\n";

static void check_test(const world *w, const char *id, const finding *f) {
    const ag_plan_test *test = test_of(w, id);
    assert_int_equal(test->result_count, f->states);
    assert_true(fabs(test->bits - brute_bits(f, prior_open())) < TOLERANCE);
    assert_true(fabs(test->value - brute_value(f, prior_open())) < TOLERANCE);
    for (int s = 0; s < f->states; s++) {
        int place = f->states == 2 ? 1 - s : s; /* the finding before "not so" */
        double p = prior_open() * f->given[1][s] + (1 - prior_open()) * f->given[0][s];
        assert_true(fabs(test->results[place].probability - p) < TOLERANCE);
        double open = prior_open() * f->given[1][s] / p;
        assert_string_equal(test->results[place].mechanism, "retrograde-complete");
        assert_true(fabs(test->results[place].mechanism_probability - open) < TOLERANCE);
    }
}

static void tests_are_worth_what_all_states_say(void **state) {
    (void)state;
    world w;
    finding measured = share();
    open_world(&w, silent, false);
    check_test(&w, "ask", &cloudy);
    check_test(&w, "urine", &urine);
    check_test(&w, "measure", &measured);
    /* The question changes the plan, or this test would test little. */
    assert_true(test_of(&w, "ask")->value > 0.01);
    assert_true(test_of(&w, "urine")->value > test_of(&w, "ask")->value);
    close_world(&w);
}

static void burden_counts_against_a_test(void **state) {
    (void)state;
    world w;
    open_world(&w, silent, false);
    const ag_plan_test *test = test_of(&w, "urine");
    assert_true(fabs(test->burden - 0.25 * (0.16 + 0.01)) < TOLERANCE);
    assert_true(fabs(test->net - (test->value + 0.05 * test->bits - test->burden)) < TOLERANCE);
    close_world(&w);
}

static void value_is_never_negative(void **state) {
    (void)state;
    static const char *const men[] = {"age: 40\n",
                                      "age: 70\nwants: child\n",
                                      "age: 40\nsymptoms: [cloudy urine]\n",
                                      "age: 40\nconditions: [leak]\n",
                                      "age: 40\nmedicines: [pill]\n",
                                      "age: 40\nabsent: [cloudy urine]\nwants: child\n"};
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        world w;
        open_world(&w, men[i], false);
        for (int t = 0; t < ag_plan_test_count(w.plan); t++) {
            assert_true(ag_plan_test_at(w.plan, t)->value >= 0);
            assert_true(ag_plan_test_at(w.plan, t)->bits >= 0);
        }
        close_world(&w);
    }
}

/* Kallmann syndrome leaves little doubt, and how his orgasm feels changes nothing that is done; his
 * hormones decide on the treatment. */
static void a_settled_question_is_left(void **state) {
    (void)state;
    world w;
    open_world_of(&w, AG_SOURCE_DIR "/knowledge",
                  "age: 28\nwants: child\nconditions: [Kallmann syndrome]\n"
                  "symptoms: [no semen]\n",
                  false);
    assert_true(ag_assessment_leading(w.assessment, 0)->probability.value > 0.95);
    assert_true(test_of(&w, "pituitary-hormones")->worth);
    assert_true(test_of(&w, "question-orgasm")->net > 0.004); /* `worth` of the card */
    assert_false(test_of(&w, "question-orgasm")->worth);
    close_world(&w);
}

static void a_lost_part_is_made_good_first(void **state) {
    (void)state;
    world w;
    open_world_of(&w, AG_SOURCE_DIR "/knowledge",
                  "date: 2026-01-01\nmedicines: []\noperations: []\n"
                  "samples: [{date: 2026-01-01, abstinence_days: 4, complete: first part lost,\n"
                  "  tests: [{name: semen volume, value: 1.6, unit: mL}]}]\n",
                  false);
    assert_string_equal(ag_assessment_leading(w.assessment, 0)->id, "incomplete-collection");
    assert_string_equal(ag_plan_test_at(w.plan, 0)->id, "repeat-semen-analysis");
    assert_true(ag_plan_test_at(w.plan, 0)->worth);
    close_world(&w);
}

static void a_known_answer_is_not_asked_again(void **state) {
    (void)state;
    world w;
    open_world(&w, "age: 40\nsymptoms: [cloudy urine]\n", false);
    for (int i = 0; i < ag_plan_test_count(w.plan); i++)
        assert_string_not_equal(ag_plan_test_at(w.plan, i)->id, "ask");
    close_world(&w);
}

static void options_have_the_odds_of_all_states(void **state) {
    (void)state;
    world w;
    double open = prior_open();
    open_world(&w, silent, false);
    const ag_plan_option *tablet = option_of(&w, "tablet");
    assert_true(fabs(tablet->semen.value - (1 - open + open * (0.6 + 0.4 * 0.2))) < TOLERANCE);
    assert_true(fabs(tablet->usual_volume.value - (1 - open + open * 0.6)) < TOLERANCE);
    assert_true(fabs(tablet->sperm.value - (1 - open + open * (0.6 + 0.4 * 0.1))) < TOLERANCE);
    assert_true(fabs(tablet->utility - utility(TABLET, open)) < TOLERANCE);
    assert_int_equal(tablet->standing, AG_PLAN_FREE);
    assert_int_equal(option_of(&w, "operation")->standing, AG_PLAN_FIRST);
    close_world(&w);
}

/* A treatment that changes nothing in a man leaves him as he is: dry, as observed. */
static void what_does_not_change_stays(void **state) {
    (void)state;
    world w;
    open_world(&w, "age: 40\nmedicines: [pill]\ntests: [{name: urine-sperm, value: many}]\n",
               false);
    double open = 1 - (1 - 0.3 * 0.9) * (1 - 0.6);
    open = open * 0.8 / (open * 0.8 + (1 - open) * 0.02);
    double leak = 0.27 * 0.8 / ((1 - (1 - 0.27) * 0.4) * 0.8 + 0.73 * 0.4 * 0.02);
    const ag_plan_option *stop = option_of(&w, "stop-medicine");
    double semen = 1 - leak + leak * 0.2; /* off the pill only the leak leaves the neck open */
    assert_true(fabs(option_of(&w, "no-treatment")->semen.value - (1 - open + open * 0.2)) <
                TOLERANCE);
    assert_true(fabs(stop->semen.value - semen) < TOLERANCE);
    assert_string_equal(stop->cause, "pill");
    assert_true(fabs(stop->days - 7) < TOLERANCE);
    assert_int_equal(option_of(&w, "tablet")->standing, AG_PLAN_REFUSED);
    close_world(&w);
}

/* Semen and sperm of a man whose neck something to come opens with probability `opens`. */
static void check_outlook(const ag_plan_outlook *outlook, double opens) {
    double open = 1 - (1 - prior_open()) * (1 - opens);
    assert_true(fabs(outlook->semen.value - (1 - open + open * semen_of[1])) < TOLERANCE);
    assert_true(fabs(outlook->usual_volume.value - (1 - open)) < TOLERANCE);
    assert_true(fabs(outlook->sperm.value - (1 - open + open * sperm_of[1])) < TOLERANCE);
    assert_true(isnan(outlook->backward.value)); /* this knowledge has no route */
}

/* The wide cut opens 0.8 of necks and is three of four, the sparing one 0.2; the stitch 0.1. */
static void what_is_planned_has_the_odds_of_its_ways(void **state) {
    (void)state;
    world w;
    open_world(&w, "age: 40\noperations: [planned cut]\n", false);
    assert_int_equal(ag_plan_planned_count(w.plan), 1);
    const ag_plan_planned *cut = ag_plan_planned_at(w.plan, 0);
    check_outlook(&cut->today, 0);
    check_outlook(&cut->after, 0.75 * 0.8 + 0.25 * 0.2);
    assert_true(cut->bank);
    assert_int_equal(cut->alternative_count, 2);
    assert_string_equal(cut->alternatives[0].cause, "stitch");
    check_outlook(&cut->alternatives[0].after, 0.1);
    assert_string_equal(cut->alternatives[1].variant, "cut-sparing");
    check_outlook(&cut->alternatives[1].after, 0.2);
    close_world(&w);
    open_world(&w,
               "age: 40\nwants: relief\noperations: [{name: cut, planned: yes, technique: "
               "sparing}]\n",
               false);
    check_outlook(&ag_plan_planned_at(w.plan, 0)->after, 0.2);
    assert_false(ag_plan_planned_at(w.plan, 0)->bank);
    close_world(&w);
}

static void intervals_hold_the_value(void **state) {
    (void)state;
    world w;
    open_world(&w, silent, true);
    const ag_plan_option *tablet = option_of(&w, "tablet");
    assert_true(tablet->semen.low < tablet->semen.value);
    assert_true(tablet->semen.value < tablet->semen.high);
    close_world(&w);
}

static void changes_are_understood_and_combined(void **state) {
    (void)state;
    world w;
    ag_what_if *what_if;
    ag_error error = {0};
    open_world(&w, "age: 40\nmedicines: [pill]\n", false);
    assert_int_equal(ag_what_if_make(&what_if, w.session, w.patient, w.assessment,
                                     "stop the pill and add tablet", &error),
                     AG_ERROR_NAME);
    assert_int_equal(ag_what_if_make(&what_if, w.session, w.patient, w.assessment,
                                     "stop pill, add tablet", &error),
                     AG_OK);
    assert_string_equal(ag_what_if_text(what_if).en, "stop pill, add tablet");
    /* Stopped first, the pill no longer forbids the tablet. */
    for (int i = 0; i < ag_what_if_note_count(what_if); i++)
        assert_int_not_equal(ag_what_if_note_at(what_if, i)->effect, AG_PLAN_REFUSED);
    const ag_what_if_line *line = ag_what_if_line_at(what_if, 0);
    assert_string_equal(line->id, "semen");
    assert_true(line->after.value > line->before.value);
    ag_what_if_free(what_if);
    assert_int_equal(
        ag_what_if_make(&what_if, w.session, w.patient, w.assessment, "añadir comprimido", &error),
        AG_OK);
    assert_int_equal(ag_what_if_note_at(what_if, 0)->effect, AG_PLAN_REFUSED);
    ag_what_if_free(what_if);
    close_world(&w);
}

static void changes_that_make_no_sense_are_refused(void **state) {
    (void)state;
    world w;
    ag_what_if *what_if;
    ag_error error = {0};
    static const char *const bad[] = {"", "   ", ",,;", "stop", "add nonsense", "switch pill"};
    open_world(&w, "age: 40\nmedicines: []\n", false);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(
            ag_what_if_make(&what_if, w.session, w.patient, w.assessment, bad[i], &error),
            AG_ERROR_NAME);
        assert_null(what_if);
    }
    assert_int_equal(
        ag_what_if_make(&what_if, w.session, w.patient, w.assessment, "stop pill", &error),
        AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "pill"));
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_are_worth_what_all_states_say),
        cmocka_unit_test(burden_counts_against_a_test),
        cmocka_unit_test(value_is_never_negative),
        cmocka_unit_test(a_settled_question_is_left),
        cmocka_unit_test(a_lost_part_is_made_good_first),
        cmocka_unit_test(a_known_answer_is_not_asked_again),
        cmocka_unit_test(options_have_the_odds_of_all_states),
        cmocka_unit_test(what_does_not_change_stays),
        cmocka_unit_test(what_is_planned_has_the_odds_of_its_ways),
        cmocka_unit_test(intervals_hold_the_value),
        cmocka_unit_test(changes_are_understood_and_combined),
        cmocka_unit_test(changes_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
