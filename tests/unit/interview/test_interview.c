/* The interview: its words in both languages, answers as a case file, going back, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/forbidden.h"
#include "../../support/readability.h"
#include "answers.h"
#include "antegrade/report.h"
#include "posterior.h"

typedef struct world {
    ag_knowledge *knowledge;
    ag_engine *engine;
} world;

static int open_world(void **state) {
    static world w;
    *state = &w;
    return ag_knowledge_load(&w.knowledge, AG_SOURCE_DIR "/tests/golden/knowledge", NULL, NULL) ||
           ag_engine_new(&w.engine, w.knowledge, NULL);
}

static int close_world(void **state) {
    world *w = *state;
    ag_engine_free(w->engine);
    ag_knowledge_free(w->knowledge);
    return 0;
}

static ag_interview *begin(const world *w, const char *language) {
    ag_interview *interview;
    assert_int_equal(ag_interview_new(&interview, w->engine, language, "2020-01-01", NULL), AG_OK);
    return interview;
}

static void answer(ag_interview *interview, const char *text) {
    ag_error error = {0};
    if (ag_interview_answer(interview, text, &error) != AG_OK)
        fail_msg("%s: %s", text, error.message);
}

/* ---- the words ---- */

static void test_words(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    int counts[AG_LANGUAGES];
    ag_question *questions[AG_LANGUAGES];
    for (int l = 0; l < AG_LANGUAGES; l++) {
        text_counts counted = {0};
        questions[l] = ag_questions_read((ag_language)l, arena, &counts[l]);
        for (int i = 0; i < counts[l]; i++) {
            const ag_question *q = &questions[l][i];
            assert_true(q->text != NULL && q->why != NULL);
            assert_null(forbidden_in(q->text));
            assert_null(forbidden_in(q->why));
            count_block(&counted, q->text, strlen(q->text), l == AG_SPANISH);
            count_block(&counted, q->why, strlen(q->why), l == AG_SPANISH);
        }
        double score;
        if (!easy_at_twelve(counted, l == AG_SPANISH, &score))
            fail_msg("%s: ease %.1f", ag_language_code((ag_language)l), score);
    }
    assert_int_equal(counts[AG_ENGLISH], counts[AG_SPANISH]);
    for (int i = 0; i < counts[AG_ENGLISH]; i++) {
        assert_string_equal(questions[AG_ENGLISH][i].id, questions[AG_SPANISH][i].id);
        assert_int_equal(questions[AG_ENGLISH][i].choice_count,
                         questions[AG_SPANISH][i].choice_count);
    }
    ag_arena_free(arena);
}

/* ---- answers as a case ---- */

static void test_case(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_question age = {.id = "age", .kind = AG_ANSWER_NUMBER},
                complaint = {.id = "complaint", .kind = AG_ANSWER_CHOICE},
                medicines = {.id = "medicines", .kind = AG_ANSWER_LIST},
                operations = {.id = "operations", .kind = AG_ANSWER_LIST},
                wants = {.id = "wants", .kind = AG_ANSWER_CHOICE},
                volume = {.id = "volume", .kind = AG_ANSWER_NUMBER},
                cloudy = {.id = "cloudy-urine", .kind = AG_ANSWER_YES_NO},
                pain = {.id = "pelvic-pain", .kind = AG_ANSWER_YES_NO},
                urine = {.id = "urine-sperm", .kind = AG_ANSWER_CHOICE};
    const ag_answer answers[] = {{&age, "52", false, -1, NULL, NULL, 0},
                                 {&complaint, "1", false, 0, NULL, NULL, 0},
                                 {&medicines, "a \"b\", c\\d ,", false, -1, NULL, NULL, 0},
                                 {&operations, "None", false, -1, NULL, NULL, 0},
                                 {&wants, NULL, false, -1, NULL, NULL, 0},
                                 {&volume, "0.8", false, -1, NULL, NULL, 0},
                                 {&cloudy, "yes", false, 1, NULL, NULL, 0},
                                 {&pain, "no", false, 0, NULL, NULL, 0},
                                 {&urine, "3", false, 2, "many", NULL, 0}};
    assert_string_equal(ag_answers_case(answers, 9, "2020-01-01", false, arena),
                        "date: 2020-01-01\n"
                        "age: 52\n"
                        "medicines:\n"
                        "  - \"a \\\"b\\\"\"\n"
                        "  - \"c\\\\d\"\n"
                        "operations: []\n"
                        "tests:\n"
                        "  - {name: semen-volume, value: \"0.8 mL\"}\n"
                        "symptoms:\n"
                        "  - dry-orgasm\n"
                        "  - cloudy-urine\n"
                        "  - {name: urine-sperm, value: many}\n"
                        "absent:\n"
                        "  - pelvic-pain\n");
    assert_string_equal(ag_answers_case(answers, 2, "2020-01-01", true, arena),
                        "date: 2020-01-01\n"
                        "setting: complaint\n"
                        "age: 52\n"
                        "symptoms:\n"
                        "  - dry-orgasm\n");
    assert_string_equal(ag_answers_case(answers, 1, "2020-01-01", true, arena),
                        "date: 2020-01-01\nage: 52\n");
    ag_arena_free(arena);
}

/* ---- the course ---- */

static void open_with(ag_interview *interview) {
    static const char *const answers[] = {"52", "1", "none", "none", "diabetes", "", "1", ""};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        answer(interview, answers[i]);
}

/* The questions of this knowledge: cloudy urine, and sperm in the urine. Dry orgasm is known. */
static void test_course(void **state) {
    ag_interview *interview = begin(*state, "en");
    assert_string_equal(ag_interview_question(interview)->id, "age");
    assert_true(isnan(ag_interview_question(interview)->bits));
    open_with(interview);
    const ag_question *q = ag_interview_question(interview);
    assert_non_null(q);
    assert_string_equal(q->id, "urine-sperm");
    assert_int_equal(q->choice_count, 3);
    assert_true(q->bits > 0);
    answer(interview, "many");
    assert_string_equal(ag_assessment_mechanism(ag_interview_assessment(interview), 0)->id,
                        "retrograde-complete");
    assert_non_null(strstr(ag_interview_case(interview), "{name: urine-sperm, value: many}"));
    assert_null(ag_interview_question(interview)); /* cloudy urine would tell hardly more */
    ag_interview_free(interview);
}

static void test_back(void **state) {
    ag_interview *interview = begin(*state, "en");
    assert_false(ag_interview_back(interview));
    open_with(interview);
    char *before = strdup(ag_interview_case(interview));
    double p = ag_assessment_mechanism(ag_interview_assessment(interview), 0)->probability.value;
    answer(interview, "1");
    assert_true(ag_interview_back(interview));
    assert_string_equal(ag_interview_question(interview)->id, "urine-sperm");
    assert_string_equal(ag_interview_case(interview), before);
    assert_true(p ==
                ag_assessment_mechanism(ag_interview_assessment(interview), 0)->probability.value);
    free(before);
    ag_interview_free(interview);
}

static void test_refused(void **state) {
    ag_interview *interview = begin(*state, "es");
    ag_error error;
    assert_int_equal(ag_interview_answer(interview, "mucho", &error), AG_ERROR_VALUE);
    assert_string_equal(error.message, "Escriba un número.");
    assert_int_equal(ag_interview_answer(interview, "16", &error), AG_ERROR_DECLINED);
    assert_string_equal(ag_interview_question(interview)->id, "age");
    answer(interview, "no lo sé");
    assert_int_equal(ag_interview_answer(interview, "5", &error), AG_ERROR_VALUE);
    assert_string_equal(error.message, "Escriba un número de 1 a 4.");
    answer(interview, "no sale nada");
    assert_non_null(strstr(ag_interview_case(interview), "dry-orgasm"));
    assert_int_equal(ag_interview_answer(interview, "sí", &error), AG_ERROR_VALUE);
    assert_string_equal(error.message, "Escriba los nombres, separados por comas.");
    answer(interview, "no tomo nada");
    assert_non_null(strstr(ag_interview_case(interview), "medicines: []"));
    ag_interview_free(interview);
    assert_int_equal(ag_interview_new(&interview, ((world *)*state)->engine, "es", "ayer", &error),
                     AG_ERROR_VALUE);
    assert_null(interview);
}

typedef struct judged {
    double entropies;    /* sum over the mechanisms, in bits */
    double log_evidence; /* of all that was answered */
} judged;

/* The answers so far, judged at central values of all numbers. */
static judged judge_centrally(const world *w, const ag_interview *interview) {
    const ag_patient *patient = ag_interview_patient(interview);
    ag_arena *arena = ag_arena_new();
    ag_parameter_cache *cache = ag_parameter_cache_new();
    ag_posterior posterior;
    ag_man_situation *man = ag_man_situation_of(patient, NULL, AG_PAST_EPOCHS, arena);
    assert_int_equal(ag_posterior_open(&posterior, w->knowledge, &man->situation, 1, cache, NULL),
                     AG_OK);
    judged out = {0, posterior.log_evidence[0]};
    for (int m = 0; m < w->knowledge->mechanism_count; m++) {
        double p = 0;
        int count;
        assert_int_equal(ag_posterior_mechanism(&posterior, w->knowledge, m, &p, &count, NULL),
                         AG_OK);
        out.entropies -= p > 0 && p < 1 ? p * log2(p) + (1 - p) * log2(1 - p) : 0;
    }
    ag_posterior_close(&posterior);
    ag_parameter_cache_free(cache);
    ag_arena_free(arena);
    return out;
}

/* Expected information against its definition, with every answer given in turn. */
static void test_bits(void **state) {
    static const char *const states[] = {"none", "few", "many"};
    const world *w = *state;
    ag_interview *interview = begin(w, "en");
    open_with(interview);
    judged before = judge_centrally(w, interview);
    double expected = before.entropies, weight = 0, bits = ag_interview_question(interview)->bits;
    for (int i = 0; i < 3; i++) {
        answer(interview, states[i]);
        judged after = judge_centrally(w, interview);
        double p = exp(after.log_evidence - before.log_evidence);
        expected -= p * after.entropies;
        weight += p;
        assert_true(ag_interview_back(interview));
    }
    assert_true(fabs(weight - 1) < 1e-9);
    assert_true(fabs(bits - expected) < 1e-9);
    ag_interview_free(interview);
}

static void test_estimate(void **state) {
    ag_interview *interview = begin(*state, "es");
    open_with(interview);
    char *line = ag_interview_estimate(interview);
    assert_non_null(strstr(line, "Por ahora lo más probable: eyaculación retrógrada completa ("));
    ag_report_free(line);
    ag_interview_free(interview);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),   cmocka_unit_test(test_case), cmocka_unit_test(test_course),
        cmocka_unit_test(test_back),    cmocka_unit_test(test_bits), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_estimate)};
    return cmocka_run_group_tests(tests, open_world, close_world);
}
