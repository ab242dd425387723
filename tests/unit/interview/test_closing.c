/* The closing question: the signs of the cards of red flags, what an answer records of them, and
 * what must not wait, at once. What is expected is read off the cards by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "antegrade/interview.h"
#include "antegrade/knowledge.h"

static int open_engine(void **state) {
    ag_engine *engine = NULL;
    int failed = ag_engine_new(&engine, ag_knowledge_builtin(), NULL);
    *state = engine;
    return failed;
}

static int close_engine(void **state) {
    ag_engine_free(*state);
    return 0;
}

static void answer(ag_interview *interview, const char *text) {
    ag_error error = {0};
    if (ag_interview_answer(interview, text, &error) != AG_OK)
        fail_msg("%s: %s", text, error.message);
}

/* Up to the closing question, with what he says of his illnesses and nothing else. */
static ag_interview *reach(const ag_engine *engine, const char *language, const char *conditions) {
    ag_interview *interview;
    assert_int_equal(ag_interview_new(&interview, engine, language, "2020-01-01", NULL), AG_OK);
    for (int i = 0; i < 40; i++) {
        const ag_question *q = ag_interview_question(interview);
        assert_non_null(q);
        if (strcmp(q->id, "red-flags") == 0)
            return interview;
        answer(interview, strcmp(q->id, "conditions") == 0 ? conditions : "");
    }
    fail_msg("the closing question is not asked");
    return NULL;
}

static void choices_are(const ag_question *q, int count, const char *const names[]) {
    assert_int_equal(q->kind, AG_ANSWER_SEVERAL);
    assert_int_equal(q->choice_count, count);
    assert_true(isnan(q->bits));
    for (int i = 0; i < count; i++)
        assert_string_equal(q->choices[i], names[i]);
}

static void case_ends(const ag_interview *interview, const char *expected) {
    const char *text = ag_interview_case(interview);
    size_t length = strlen(text), tail = strlen(expected);
    assert_true(length >= tail);
    assert_string_equal(text + length - tail, expected);
}

static void flags_are(const ag_interview *interview, int count, const char *const ids[]) {
    int told;
    const ag_plan_flag *flags = ag_interview_flags(interview, &told);
    assert_int_equal(told, count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(flags[i].id, ids[i]);
        assert_non_null(flags[i].text.en);
        assert_non_null(flags[i].see.es);
    }
}

/* In the order of their urgency, as of their ids among equals. */
static void test_list(void **state) {
    static const char *const english[] = {"fever with pain below",
                                          "new weakness of a leg",
                                          "numbness between the legs",
                                          "unable to pass urine",
                                          "blood in urine",
                                          "headache with loss of part of the field of view",
                                          "lump in a testis",
                                          "thirst with weight loss"};
    static const char *const spanish[] = {"fiebre con dolor pélvico",
                                          "debilidad nueva de una pierna",
                                          "entumecimiento entre las piernas",
                                          "no poder orinar",
                                          "sangre en la orina",
                                          "dolor de cabeza con pérdida de parte del campo visual",
                                          "bulto en un testículo",
                                          "sed con pérdida de peso"};
    ag_interview *interview = reach(*state, "en", "");
    choices_are(ag_interview_question(interview), 8, english);
    flags_are(interview, 0, NULL);
    ag_interview_free(interview);
    interview = reach(*state, "es", "");
    choices_are(ag_interview_question(interview), 8, spanish);
    answer(interview, "Fiebre con dolor; no puedo orinar");
    case_ends(interview, "symptoms:\n  - fever\n  - urinary-retention\n");
    ag_interview_free(interview);
}

/* Each answer is given, and taken back. */
static void test_answers(void **state) {
    static const char *const flags[] = {"saddle-numbness-flag", "blood-in-urine-flag"};
    static const struct {
        const char *text, *expected;
        int flags;
    } answers[] = {{" 5, numb between my legs, 3",
                    "symptoms:\n  - visible-haematuria\n  - saddle-numbness\n", 2},
                   /* He who has no fever with pain may have a fever. */
                   {"none",
                    "absent:\n  - new-leg-weakness\n  - saddle-numbness\n  - urinary-retention\n"
                    "  - visible-haematuria\n  - testicular-lump\n  - thirst-and-weight-loss\n",
                    0},
                   {"", "date: 2020-01-01\n", 0}};
    ag_interview *interview = reach(*state, "en", "");
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        answer(interview, answers[i].text);
        assert_null(ag_interview_question(interview));
        case_ends(interview, answers[i].expected);
        flags_are(interview, answers[i].flags, flags);
        assert_true(ag_interview_back(interview));
        assert_string_equal(ag_interview_question(interview)->id, "red-flags");
        assert_int_equal(ag_interview_question(interview)->choice_count, 8);
        flags_are(interview, 0, NULL);
    }
    ag_interview_free(interview);
}

static void test_refused(void **state) {
    static const char *const wrong[] = {"9", "0", "1.5", "1, headache", "yes", "1 3"};
    ag_interview *interview = reach(*state, "en", "");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ag_error error = {0};
        assert_int_equal(ag_interview_answer(interview, wrong[i], &error), AG_ERROR_VALUE);
        assert_non_null(strstr(error.message, "Give numbers from 1 to 8"));
        assert_string_equal(ag_interview_question(interview)->id, "red-flags");
        flags_are(interview, 0, NULL);
    }
    ag_interview_free(interview);
}

/* Who has had enough is asked this one question more; taken back, he is asked on. */
static void test_enough(void **state) {
    ag_interview *interview;
    assert_int_equal(ag_interview_new(&interview, *state, "es", "2020-01-01", NULL), AG_OK);
    answer(interview, "50");
    answer(interview, "Basta");
    assert_string_equal(ag_interview_question(interview)->id, "red-flags");
    answer(interview, "nada de esto");
    assert_null(ag_interview_question(interview));
    assert_true(ag_interview_back(interview));
    assert_true(ag_interview_back(interview));
    answer(interview, "1");
    assert_string_equal(ag_interview_question(interview)->id, "medicines");
    answer(interview, "enough");
    answer(interview, "enough");
    assert_null(ag_interview_question(interview));
    case_ends(interview, "symptoms:\n  - dry-orgasm\n");
    ag_interview_free(interview);
}

/* What he has told or denied before is not asked again; what must not wait is told all along. */
static void test_known(void **state) {
    static const char *const flags[] = {"urinary-retention-now-flag", "blood-in-urine-flag"},
                             *const left[] = {"new weakness of a leg",
                                              "numbness between the legs",
                                              "unable to pass urine",
                                              "headache with loss of part of the field of view",
                                              "lump in a testis",
                                              "thirst with weight loss"};
    ag_interview *interview = reach(*state, "en", "blood in urine, no fever");
    choices_are(ag_interview_question(interview), 6, left);
    flags_are(interview, 1, flags + 1);
    answer(interview, "3");
    flags_are(interview, 2, flags);
    ag_interview_free(interview);
}

/* Blood in the semen is asked for from 40 on, a thunderclap headache beside a medicine that narrows
 * the vessels: red-flags/blood-in-semen-over-40-flag, thunderclap-headache-flag. */
static void test_asked_of_some(void **state) {
    static const struct {
        const char *age, *medicine, *answer, *expected;
        int choices;
    } men[] = {{"39", "", "none", "absent:\n  - new-leg-weakness\n", 8},
               {"40", "", "blood in semen", "symptoms:\n  - blood-in-semen\n", 9},
               {"25", "pseudoephedrine", "sudden severe headache",
                "symptoms:\n  - thunderclap-headache\n", 9},
               {"61", "pseudoephedrine", "none", "  - thunderclap-headache\n", 10}};
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        ag_interview *interview;
        assert_int_equal(ag_interview_new(&interview, *state, "en", "2020-01-01", NULL), AG_OK);
        answer(interview, men[i].age);
        while (strcmp(ag_interview_question(interview)->id, "red-flags") != 0)
            answer(interview, strcmp(ag_interview_question(interview)->id, "medicines") == 0
                                  ? men[i].medicine
                                  : "");
        assert_int_equal(ag_interview_question(interview)->choice_count, men[i].choices);
        answer(interview, men[i].answer);
        assert_non_null(strstr(ag_interview_case(interview), men[i].expected));
        ag_interview_free(interview);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),    cmocka_unit_test(test_answers),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_known),
        cmocka_unit_test(test_enough),  cmocka_unit_test(test_asked_of_some)};
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
