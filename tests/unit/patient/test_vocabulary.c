/* Names, codes, values and lines against a small knowledge. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/small_knowledge.h"
#include "phrase.h"
#include "values.h"
#include "vocabulary.h"

#define VOCABULARY_OF &SMALL
#include "../../support/vocabulary.h"

static void names_are_found_in_any_spelling(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ag_term_kind kind;
        int index;
    } cases[] = {{"tamsulosin", AG_TERM_CAUSE, TAMSULOSIN},
                 {"FLOMAX", AG_TERM_CAUSE, TAMSULOSIN},
                 {"Diabetes, Type-2", AG_TERM_CAUSE, DIABETES_2},
                 {"type 2 DIABETES", AG_TERM_CAUSE, DIABETES_2},
                 {"diabetes-type-2", AG_TERM_CAUSE, DIABETES_2},
                 {"rtu de prostata", AG_TERM_CAUSE, TURP},
                 {"Lesion Medular", AG_TERM_CAUSE, CORD_INJURY},
                 {"dry orgasm", AG_TERM_FINDING, DRY_ORGASM},
                 {"eyaculación retrograda", AG_TERM_MECHANISM, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_term term;
        bool found = ag_vocabulary_find(vocabulary, AG_TERM_ANY, cases[i].text, &term);
        if (!found)
            fail_msg("%s is not found", cases[i].text);
        assert_int_equal(term.kind, cases[i].kind);
        assert_int_equal(term.index, cases[i].index);
    }
    ag_term term;
    assert_false(ag_vocabulary_find(vocabulary, AG_TERM_ANY, "prediabetes", &term));
    assert_false(ag_vocabulary_find(vocabulary, AG_TERM_ANY, "", &term));
    assert_false(ag_vocabulary_find(vocabulary, AG_TERM_FINDING, "tamsulosin", &term));
}

/* Who asks for findings does not get one that is said to be absent. */
static void names_of_absence_are_apart(void **state) {
    (void)state;
    ag_term term;
    assert_true(ag_vocabulary_find(vocabulary, AG_TERM_ABSENCE, "Semen of usual COLOUR", &term));
    assert_int_equal(term.kind, AG_TERM_ABSENCE);
    assert_int_equal(term.index, BLOOD);
    assert_string_equal(ag_vocabulary_id(vocabulary, term), "blood-in-semen");
    assert_false(ag_vocabulary_find(vocabulary, AG_TERM_ANY, "semen of usual colour", &term));
    assert_false(ag_vocabulary_find(vocabulary, AG_TERM_ABSENCE, "blood in semen", &term));
}

static void codes_are_found(void **state) {
    (void)state;
    ag_term term;
    assert_true(ag_vocabulary_find_code(vocabulary, AG_CODE_RXNORM, "863669", &term));
    assert_int_equal(term.index, TAMSULOSIN);
    assert_true(ag_vocabulary_find_code(vocabulary, AG_CODE_ICD10CM, "E11.65", &term));
    assert_int_equal(term.index, DIABETES_2);
    assert_true(ag_vocabulary_find_code(vocabulary, AG_CODE_ICD10CM, "E11", &term));
    assert_true(ag_vocabulary_find_code(vocabulary, AG_CODE_ICD10CM, "n5313", &term));
    assert_int_equal(term.kind, AG_TERM_FINDING);
    assert_false(ag_vocabulary_find_code(vocabulary, AG_CODE_ICD10CM, "E1", &term));
    assert_false(ag_vocabulary_find_code(vocabulary, AG_CODE_SNOMED, "863669", &term));
    assert_false(ag_vocabulary_find_code(vocabulary, AG_CODE_SNOMED, "4405400", &term));
    assert_false(ag_vocabulary_find_code(vocabulary, AG_CODE_SNOMED, "", &term));
}

static void misspelt_names_are_offered(void **state) {
    (void)state;
    const char *near[3];
    ag_vocabulary_nearest(vocabulary, AG_TERM_ANY, "tamsulozin", near);
    assert_string_equal(near[0], "tamsulosin");
    ag_vocabulary_nearest(vocabulary, AG_TERM_ANY, "vasectomy reversal", near);
    assert_string_equal(near[0], "vasectomy");
    assert_null(near[1]);
    ag_vocabulary_nearest(vocabulary, AG_TERM_ANY, "xyzzy", near);
    assert_null(near[0]);
}

static void a_product_name_is_taken_apart(void **state) {
    (void)state;
    ag_phrase phrase;
    assert_true(
        ag_phrase_read(vocabulary, "24 HR tamsulosin hydrochloride 0.4 MG Oral Capsule", &phrase));
    assert_int_equal(phrase.cause_count, 1);
    assert_int_equal(phrase.causes[0], TAMSULOSIN);
    assert_float_equal(phrase.strength_mg, 0.4, 1e-12);
    assert_string_equal(phrase.rest, "");
    assert_true(ag_phrase_read(vocabulary, "dutasteride 0.5 MG / tamsulosin 0.4 MG", &phrase));
    assert_int_equal(phrase.cause_count, 2);
    assert_true(ag_phrase_read(vocabulary,
                               "Tamsulosina 400 µg dos veces al día desde marzo de "
                               "2024 hasta 2025-01",
                               &phrase));
    assert_float_equal(phrase.strength_mg, 0.4, 1e-12);
    assert_float_equal(phrase.per_day, 2, 0);
    assert_true(phrase.has_start && phrase.has_end);
    assert_string_equal(phrase.rest, "");
}

static void a_line_gives_times_and_attributes(void **state) {
    (void)state;
    ag_phrase phrase;
    char date[AG_DATE_TEXT];
    assert_true(ag_phrase_read(vocabulary, "tamsulosin 0.4 mg since 2024-03", &phrase));
    assert_true(phrase.has_start);
    assert_string_equal(ag_days_write(phrase.start.days, date), "2024-03");
    assert_string_equal(phrase.rest, "");
    assert_true(ag_phrase_read(vocabulary, "TURP 3 years ago", &phrase));
    assert_int_equal(phrase.start.kind, AG_WHEN_BEFORE);
    assert_true(ag_phrase_read(vocabulary, "RTUP en 2015", &phrase));
    assert_string_equal(ag_days_write(phrase.start.days, date), "2015");
    assert_true(ag_phrase_read(vocabulary, "complete spinal cord injury, T10, 2001", &phrase));
    assert_int_equal(phrase.attribute_count, 2);
    assert_string_equal(phrase.attributes[0].word, "complete");
    assert_string_equal(phrase.attributes[1].word, "t10");
    assert_string_equal(phrase.rest, "");
    assert_true(ag_phrase_read(vocabulary, "RPLND full template", &phrase));
    assert_string_equal(phrase.attributes[0].word, "bilateral");
    assert_true(ag_phrase_read(vocabulary, "no diabetes", &phrase));
    assert_true(phrase.negated);
    assert_true(ag_phrase_read(vocabulary, "vasectomy reversal", &phrase));
    assert_string_equal(phrase.rest, "reversal");
    assert_false(ag_phrase_read(vocabulary, "aspirin", &phrase));
}

static void doses(void **state) {
    (void)state;
    double mg, per_day;
    assert_true(ag_dose_read("0.4 mg", &mg, &per_day));
    assert_float_equal(mg, 0.4, 1e-12);
    assert_float_equal(per_day, 0, 0);
    assert_true(ag_dose_read("2 x 0,4 mg daily", &mg, &per_day));
    assert_float_equal(mg, 0.8, 1e-12);
    assert_float_equal(per_day, 1, 0);
    assert_true(ag_dose_read("400 mcg/day", &mg, &per_day));
    assert_float_equal(mg, 0.4, 1e-12);
    assert_true(ag_dose_read("4 mg as needed", &mg, &per_day));
    assert_true(isnan(per_day));
    assert_false(ag_dose_read("0.4", &mg, &per_day));
    assert_false(ag_dose_read("one tablet", &mg, &per_day));
    assert_false(ag_dose_read("0.4 mL", &mg, &per_day));
}

static void value_is(int finding, const char *text, const char *unit, int at, double low,
                     double high) {
    ag_finding_value value;
    ag_error error = {0};
    if (ag_finding_value_read(&SMALL, finding, text, unit, AG_ENGLISH, &value, &error) != AG_OK)
        fail_msg("%s: %s", text, error.message);
    assert_int_equal(value.state, at);
    assert_float_equal(value.low, low, 1e-12);
    assert_float_equal(value.high, high, 1e-12);
}

static void values_are_read(void **state) {
    (void)state;
    value_is(SEMEN_VOLUME, "0.8 mL", NULL, -1, 0.8, 0.8);
    value_is(SEMEN_VOLUME, "0,8", "ml", -1, 0.8, 0.8);
    value_is(SEMEN_VOLUME, "800", "µL", -1, 0.8, 0.8);
    value_is(SEMEN_VOLUME, "0.8", "ML", -1, 0.8, 0.8); /* as laboratories print it */
    value_is(TOTAL_SPERM, "39 MILLION", NULL, -1, 39, 39);
    value_is(SEMEN_VOLUME, "0.0008 L", NULL, -1, 0.0008 * 1000, 0.0008 * 1000);
    value_is(SEMEN_VOLUME, "low", NULL, -1, 0, 1.4);
    value_is(SEMEN_VOLUME, "< 1.5 mL", NULL, -1, 0, 1.5);
    value_is(SEMEN_VOLUME, ">1 mL", NULL, -1, 1, 30);
    value_is(SEMEN_VOLUME, "0.5-1 mL", NULL, -1, 0.5, 1);
    value_is(SEMEN_VOLUME, "0.5 to 1", "mL", -1, 0.5, 1);
    value_is(SEMEN_VOLUME, "0", NULL, -1, 0, 0);
    value_is(SEMEN_PH, "6.8", NULL, -1, 6.8, 6.8);
    value_is(TOTAL_SPERM, "39 million", NULL, -1, 39, 39);
    value_is(TOTAL_SPERM, "3.9e7", "1", -1, 39, 39);
    value_is(URINE_SPERM, "MANY", NULL, 2, 0, 0);
    value_is(URINE_SPERM, "muchos", NULL, 2, 0, 0);
    value_is(URINE_SPERM, "absent", NULL, 0, 0, 0);
    value_is(VAS_PALPABLE, "not palpable", NULL, 2, 0, 0);
    value_is(BLOOD, "sí", NULL, 1, 0, 0);
    value_is(BLOOD, "negative", NULL, 0, 0, 0);
}

static void values_that_are_refused_say_why(void **state) {
    (void)state;
    static const struct {
        int finding;
        const char *value, *unit, *says;
        ag_status code;
    } cases[] = {{SEMEN_VOLUME, "3", NULL, "has no unit. Give one (mL", AG_ERROR_VALUE},
                 {SEMEN_VOLUME, "3", "mg", "cannot be converted", AG_ERROR_VALUE},
                 {SEMEN_VOLUME, "31 mL", NULL, "impossible", AG_ERROR_RANGE},
                 {SEMEN_VOLUME, "1,500 mL", NULL, "cannot be", AG_ERROR_VALUE},
                 {SEMEN_VOLUME, "much", NULL, "cannot be", AG_ERROR_VALUE},
                 {SEMEN_VOLUME, "", NULL, "has no value", AG_ERROR_VALUE},
                 {TOTAL_SPERM, "39", NULL, "has no unit", AG_ERROR_VALUE},
                 {URINE_SPERM, "12", NULL, "none, few, many", AG_ERROR_VALUE},
                 {BLOOD, "3 mL", NULL, "yes, no", AG_ERROR_VALUE},
                 {SEMEN_VOLUME, "2-1 mL", NULL, "cannot be", AG_ERROR_VALUE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_finding_value value;
        ag_error error = {0};
        assert_int_equal(ag_finding_value_read(&SMALL, cases[i].finding, cases[i].value,
                                               cases[i].unit, AG_ENGLISH, &value, &error),
                         cases[i].code);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].value, error.message);
    }
}

static void attributes_are_checked(void **state) {
    (void)state;
    ag_recorded_attribute out;
    ag_error error = {0};
    const ag_cause *medicine = &CAUSES[TAMSULOSIN], *injury = &CAUSES[CORD_INJURY];
    assert_int_equal(ag_attribute_read(medicine, "dose", "400 µg/day", AG_ENGLISH, &out, NULL),
                     AG_OK);
    assert_float_equal(out.number, 0.4, 1e-12);
    assert_string_equal(out.name, "dose_mg");
    assert_int_equal(ag_attribute_read(medicine, "dose_mg", "0.8", AG_ENGLISH, &out, NULL), AG_OK);
    assert_int_equal(ag_attribute_read(medicine, "dose", "0.4", AG_ENGLISH, &out, &error),
                     AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "mg/day"));
    assert_int_equal(ag_attribute_read(injury, "Level", "T10", AG_ENGLISH, &out, NULL), AG_OK);
    assert_string_equal(out.word, "t10");
    assert_int_equal(ag_attribute_read(injury, "level", "T99", AG_ENGLISH, &out, &error),
                     AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "above-t10"));
    assert_int_equal(ag_attribute_read(injury, "colour", "red", AG_ENGLISH, &out, &error),
                     AG_ERROR_NAME);
    assert_non_null(strstr(error.message, "completeness"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_found_in_any_spelling),
                                       cmocka_unit_test(names_of_absence_are_apart),
                                       cmocka_unit_test(codes_are_found),
                                       cmocka_unit_test(misspelt_names_are_offered),
                                       cmocka_unit_test(a_product_name_is_taken_apart),
                                       cmocka_unit_test(a_line_gives_times_and_attributes),
                                       cmocka_unit_test(doses),
                                       cmocka_unit_test(values_are_read),
                                       cmocka_unit_test(values_that_are_refused_say_why),
                                       cmocka_unit_test(attributes_are_checked)};
    return cmocka_run_group_tests(tests, make, drop);
}
