/* Typed lines against the cards that are built in: what each says, and as which entry of a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/knowledge.h"
#include "antegrade/understand.h"

#define VOCABULARY_OF ag_knowledge_builtin()
#include "../../support/vocabulary.h"

static char *understand_in(const char *text, const char *language) {
    ag_understand_options options = ag_understand_options_defaults();
    ag_error error = {0};
    char *json;
    options.as_of = "2026-11-22";
    options.language = language;
    if (ag_understand(&json, vocabulary, text, &options, &error) != AG_OK)
        fail_msg("%s: %s", text, error.message);
    return json;
}

static int count_of(const char *json, const char *part) {
    int count = 0;
    for (const char *at = strstr(json, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

/* Each of `parts` stands in the answer, which has as many facts and problems as told. */
static void says(const char *text, int facts, int problems, const char *const parts[]) {
    char *json = understand_in(text, "en");
    if (count_of(json, "\"entry\":") != facts || count_of(json, "\"reason\":") != problems)
        fail_msg("%s: %s", text, json);
    for (int i = 0; parts[i] != NULL; i++)
        if (strstr(json, parts[i]) == NULL)
            fail_msg("%s: no %s in %s", text, parts[i], json);
    ag_understand_free(json);
}

#define SAYS(text, facts, problems, ...)                                                           \
    says(text, facts, problems, (const char *const[]){__VA_ARGS__, NULL})

static void a_whole_story(void **state) {
    (void)state;
    SAYS("62, Flomax 0.4 mg since March, dry climax; semen volume 0.4 mL, wants a child", 5, 0,
         "{\"age\":62}", "\"id\":\"tamsulosin\"", "\"since\":\"2026-03\"",
         "{\"medicines\":[\"Flomax 0.4 mg since March 2026\"]}", "\"id\":\"dry-orgasm\"",
         "{\"symptoms\":[\"dry climax\"]}", "{\"tests\":[\"semen volume 0.4 mL\"]}",
         "{\"wants\":\"child\"}");
}

static void what_is_wrong_is_said_in_the_language(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"semen volume 3", "volumen de semen «3»: falta la unidad"},
        {"volumen de semen 31 mL", "es imposible; está entre 0 y 30 mL"},
        {"xyzol", "no se conoce"},
        {"diabetes?", "está en duda"},
        {"RTUP desde 2024-02-31", "no existe el día"},
        {"tamsulosina xyzzyx", "las palabras «"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *json = understand_in(cases[i][0], "es");
        if (strstr(json, cases[i][1]) == NULL)
            fail_msg("%s: no %s in %s", cases[i][0], cases[i][1], json);
        ag_understand_free(json);
    }
}

static void each_kind(void **state) {
    (void)state;
    SAYS("cloudy urine", 1, 0, "\"kind\":\"symptom\"", "\"id\":\"cloudy-urine\"");
    SAYS("TURP 2019", 1, 0, "{\"operations\":[\"TURP 2019\"]}", "\"since\":\"2019\"");
    SAYS("HbA1c 9.1 %", 1, 0, "\"kind\":\"test\"", "\"id\":\"hba1c\"");
    SAYS("vas not palpable", 1, 0, "\"kind\":\"sign\"");
    SAYS("volumen de semen disminuido", 1, 0, "\"kind\":\"test\"", "\"id\":\"semen-volume\"");
    SAYS("multiple sclerosis since 2015", 1, 0, "\"kind\":\"condition\"");
    SAYS("my partner is 34", 1, 0, "{\"partner_age\":34}");
    SAYS("fertility clinic", 1, 0, "{\"setting\":\"fertility clinic\"}");
    SAYS("for 3 months", 1, 0, "{\"since\":\"for 3 months\"}");
    SAYS("no other medicines", 1, 0, "{\"medicines\":[]}");
    SAYS("testosterone 8 nmol/L", 1, 0, "\"id\":\"serum-testosterone\"");
    SAYS("testosterone gel", 1, 0, "\"kind\":\"medicine\"");
}

static void ages(void **state) {
    (void)state;
    SAYS("I'm 45 years old", 1, 0, "{\"age\":45}");
    SAYS("man, 62", 2, 0, "{\"anatomy\":\"male\"}", "{\"age\":62}");
    SAYS("20 years", 0, 1, "\"unclear\"");
    SAYS("17", 0, 1, "\"facts\":[]");
    SAYS("16 years old", 0, 1, "only adults");
    SAYS("aged 200", 0, 1, "only adults");
}

static void denials(void **state) {
    (void)state;
    SAYS("no diabetes", 1, 0, "\"denied\":true", "{\"conditions\":[\"no diabetes\"]}");
    SAYS("no blood in semen, and no pain at ejaculation", 2, 0,
         "{\"symptoms\":[\"no pain at ejaculation\"]}");
}

static void pieces_that_belong_together(void **state) {
    (void)state;
    SAYS("RPLND, bilateral, 2015", 1, 0, "\"RPLND bilateral 2015\"", "\"since\":\"2015\"");
    SAYS("tamsulosin and sertraline 50 mg", 2, 0, "{\"medicines\":[\"tamsulosin\"]}",
         "{\"medicines\":[\"sertraline 50 mg\"]}");
    SAYS("semen volume 0,4 mL", 1, 0, "{\"tests\":[\"semen volume 0,4 mL\"]}");
}

static void what_one_piece_says_of_many_things(void **state) {
    (void)state;
    SAYS("tamsulosin and TURP in 2020", 2, 0, "{\"medicines\":[\"tamsulosin\"]}",
         "{\"operations\":[\"TURP in 2020\"]}");
    SAYS("tamsulosin and paroxetine", 2, 0, "{\"medicines\":[\"paroxetine\"]}");
    SAYS("stopped tamsulosin and paroxetine", 1, 0, "[\"stopped tamsulosin and paroxetine\"]");
    SAYS("no diabetes and hypertension", 1, 0, "\"denied\":true");
    SAYS("we want a child with our own sperm", 1, 0, "{\"wants\":\"child\"}");
    SAYS("I am a 34 year old man with dry orgasms and we want a child", 3, 0, "{\"age\":34}",
         "{\"symptoms\":[\"dry orgasms\"]}", "{\"wants\":\"child\"}");
}

static void behind_a_test_of_semen(void **state) {
    (void)state;
    SAYS("semen volume 0.8 mL, pH 6.5, fructose absent, azoospermia", 4, 0,
         "{\"tests\":[\"semen pH 6.5\"]}", "\"id\":\"semen-fructose\"");
    SAYS("pH 6.5", 0, 1, "\"unknown\"");
}

static void months_without_a_year(void **state) {
    (void)state;
    SAYS("tamsulosin since December", 1, 0, "since December 2025");
    SAYS("tamsulosin since 3 November", 1, 0, "since 3 November 2026");
    SAYS("tamsulosin since March 2024", 1, 0, "[\"tamsulosin since March 2024\"]");
    SAYS("tamsulosina desde marzo de 2024", 1, 0, "[\"tamsulosina desde marzo de 2024\"]");
    SAYS("sertraline until May", 1, 0, "\"until\":\"2026-05\"");
}

/* How an operation was done, or how a disease goes, does not make something else of it. */
static void qualifiers_do_not_hide_the_name(void **state) {
    (void)state;
    SAYS("laparoscopic non-nerve-sparing RPLND", 1, 0, "\"rplnd\"");
    SAYS("modified template RPLND", 1, 0, "\"rplnd\"");
    SAYS("L5-S1 ALIF", 1, 0, "\"anterior-lumbar-surgery\"");
    SAYS("Y-V plasty of the bladder neck", 1, 0, "\"bladder-neck-reconstruction\"");
    SAYS("multiple sclerosis, relapsing", 1, 0, "\"multiple-sclerosis\"");
    SAYS("type 2 diabetes, poorly controlled", 1, 0, "\"diabetes-type-2\"");
    SAYS("diabetes with autonomic neuropathy", 1, 0, "\"diabetic-neuropathy\"");
    SAYS("normal orgasm", 1, 0, "\"orgasm-felt\"");
    SAYS("orchidopexy as a child", 1, 0, "\"orchidopexy\"");
    SAYS("vasectomy reversal", 0, 1, "reversal");
    SAYS("diabetes insipidus", 0, 1, "insipidus");
}

/* What is normal denies the complaint, and no more than that. */
static void what_is_normal_is_no_complaint(void **state) {
    (void)state;
    static const struct {
        const char *text, *id;
    } denied[] = {{"normal libido", "low-desire"},
                  {"Libido: normal", "low-desire"},
                  {"libido intact", "low-desire"},
                  {"deseo sexual conservado", "low-desire"},
                  {"normal erections", "weak-erection"},
                  {"erections fine", "weak-erection"},
                  {"erecciones normales", "weak-erection"},
                  {"función eréctil normal", "weak-erection"},
                  {"chorro de orina normal", "weak-stream"},
                  {"normal sense of smell", "no-sense-of-smell"},
                  {"clear urine after orgasm", "cloudy-urine"},
                  {"painless ejaculation", "pain-at-ejaculation"}};
    for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
        char id[60];
        snprintf(id, sizeof id, "\"id\":\"%s\"", denied[i].id);
        SAYS(denied[i].text, 1, 0, id, "\"denied\":true");
    }
    SAYS("normal libido and normal erections", 2, 0, "\"low-desire\"", "\"weak-erection\"");
    SAYS("low libido, normal erections", 2, 0, "\"denied\":false", "\"denied\":true");
    SAYS("normal orgasms", 1, 0, "\"orgasm-felt\"", "\"denied\":false");
    SAYS("orgasmo normal", 1, 0, "\"orgasm-felt\"", "\"denied\":false");
    SAYS("normal semen volume", 1, 0, "\"semen-volume\"", "\"denied\":false");
    SAYS("normal ejaculation", 0, 1, "\"unknown\"");
    SAYS("no normal erections", 0, 1, "\"unknown\"");
    SAYS("not normal libido", 0, 1, "\"unknown\"");
    SAYS("libido", 0, 1, "\"unknown\"");
}

static void nothing_is_guessed(void **state) {
    (void)state;
    SAYS("xyzol", 0, 1, "\"reason\":\"unknown\"");
    SAYS("semen volume 3", 0, 1, "\"reason\":\"value\"", "has no unit");
    SAYS("vasectomy reversal", 0, 1, "\"reason\":\"words\"", "\"vasectomy\"");
    SAYS("emission failure", 0, 1, "\"reason\":\"diagnosis\"");
    SAYS("tamsulosin 2024-02-31", 0, 1, "there is no day");
    SAYS("Flomax 0.4", 1, 0, "\"note\":\"the words");
    SAYS("", 0, 0, "\"suggestions\":[]");
}

static void suggestions(void **state) {
    (void)state;
    SAYS("62, tams", 1, 1, "\"suggestions\":[{\"kind\":\"medicine\",\"id\":\"tamsulosin\"");
    SAYS("cloudy ur", 0, 1, "\"match\":\"cloudy urine\"");
    SAYS("x", 0, 1, "\"suggestions\":[]");
    SAYS("tamsulosina", 1, 0, "\"match\":\"tamsulosina\"");
    char *json = understand_in("neuropat", "en");
    assert_null(strstr(json, "neuropat\303\255a"));
    ag_understand_free(json);
}

static void spanish(void **state) {
    (void)state;
    char *json = understand_in("58 años, orgasmo seco desde enero, quiere un hijo", "es");
    assert_non_null(strstr(json, "{\"age\":58}"));
    assert_non_null(strstr(json, "\"name\":\"orgasmo seco\""));
    assert_non_null(strstr(json, "\"since\":\"2026-01\""));
    assert_non_null(strstr(json, "{\"wants\":\"child\"}"));
    ag_understand_free(json);
}

/* What is told to belong into a case is read there without complaint, as the same card. */
static void entries_are_entries(void **state) {
    (void)state;
    static const char text[] = "{\"age\": 62, \"medicines\": [\"Flomax 0.4 mg since March 2026\"], "
                               "\"symptoms\": [\"dry climax\"], \"since\": \"for 3 months\", "
                               "\"tests\": [\"semen volume 0,4 mL\"], \"wants\": \"child\", "
                               "\"setting\": \"fertility clinic\", \"partner_age\": 34}";
    ag_patient *patient;
    ag_error error = {0};
    if (ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, &error) != AG_OK)
        fail_msg("%s", error.message);
    assert_int_equal(ag_patient_unused_count(patient), 0);
    ag_patient_free(patient);
}

static void bad_calls(void **state) {
    (void)state;
    char *json, longest[2102];
    ag_error error;
    ag_understand_options options = ag_understand_options_defaults();
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(ag_understand(&json, vocabulary, longest, NULL, &error), AG_ERROR_TOO_LARGE);
    longest[1900] = '\0';
    assert_int_equal(ag_understand(&json, vocabulary, longest, NULL, &error), AG_OK);
    ag_understand_free(json);
    assert_int_equal(ag_understand(&json, vocabulary, "\xff", NULL, &error), AG_ERROR_SYNTAX);
    assert_null(json);
    options.as_of = "soon";
    assert_int_equal(ag_understand(&json, vocabulary, "62", &options, &error), AG_ERROR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_story),
        cmocka_unit_test(what_is_wrong_is_said_in_the_language),
        cmocka_unit_test(each_kind),
        cmocka_unit_test(ages),
        cmocka_unit_test(denials),
        cmocka_unit_test(pieces_that_belong_together),
        cmocka_unit_test(what_one_piece_says_of_many_things),
        cmocka_unit_test(behind_a_test_of_semen),
        cmocka_unit_test(months_without_a_year),
        cmocka_unit_test(qualifiers_do_not_hide_the_name),
        cmocka_unit_test(what_is_normal_is_no_complaint),
        cmocka_unit_test(nothing_is_guessed),
        cmocka_unit_test(suggestions),
        cmocka_unit_test(spanish),
        cmocka_unit_test(entries_are_entries),
        cmocka_unit_test(bad_calls),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
