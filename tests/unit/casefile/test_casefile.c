/* Case files against a small knowledge: what each way of writing gives, and what errors say. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/small_knowledge.h"
#include "patient.h"

#define VOCABULARY_OF &SMALL
#include "../../support/vocabulary.h"

static ag_patient *read_with(const char *text, const ag_patient_options *options) {
    ag_patient *patient;
    ag_error error = {0};
    if (ag_patient_read_case(&patient, vocabulary, text, strlen(text), options, &error) != AG_OK)
        fail_msg("%d:%d: %s\n%s", error.line, error.column, error.message, text);
    return patient;
}

static ag_patient *read_case(const char *text) {
    return read_with(text, NULL);
}

static const ag_cause_fact *cause_of(const ag_patient *patient, int cause) {
    for (int i = 0; i < patient->cause_count; i++)
        if (patient->causes[i].cause == cause)
            return &patient->causes[i];
    fail_msg("cause %d is not there", cause);
    return NULL;
}

static const ag_finding_fact *finding_of(const ag_patient *patient, int finding) {
    for (int i = 0; i < patient->finding_count; i++)
        if (patient->findings[i].finding == finding)
            return &patient->findings[i];
    fail_msg("finding %d is not there", finding);
    return NULL;
}

static void date_is(ag_days days, const char *expected) {
    char out[AG_DATE_TEXT];
    assert_string_equal(ag_days_write(days, out), expected);
}

/* Everything that is a fact, as text, so that two patients can be compared. */
static void describe(const ag_patient *p, char *out, size_t size) {
    size_t n = 0;
    char a[AG_DATE_TEXT], b[AG_DATE_TEXT];
    n += (size_t)snprintf(out + n, size - n, "age %g wish %d partner %g lifelong %d onset %s\n",
                          p->age_years, (int)p->wish, p->partner_age_years, p->lifelong,
                          ag_days_write(p->onset, a));
    for (int i = 0; i < p->cause_count && n < size; i++) {
        const ag_cause_fact *f = &p->causes[i];
        n += (size_t)snprintf(out + n, size - n, "cause %d %d %s %s", f->cause, f->present,
                              ag_days_write(f->start, a), f->ended ? ag_days_write(f->end, b) : "");
        for (int k = 0; k < f->attribute_count && n < size; k++)
            n += (size_t)snprintf(out + n, size - n, " %s=%.9g%s", f->attributes[k].name,
                                  f->attributes[k].word != NULL ? 0 : f->attributes[k].number,
                                  f->attributes[k].word != NULL ? f->attributes[k].word : "");
        n += (size_t)snprintf(out + n, size - n, "\n");
    }
    for (int i = 0; i < p->finding_count && n < size; i++) {
        const ag_finding_fact *f = &p->findings[i];
        n += (size_t)snprintf(out + n, size - n, "finding %d %d %.9g %.9g sample %d %s %s\n",
                              f->finding, f->state, f->low, f->high, f->sample,
                              ag_days_write(f->date, a), f->text);
    }
    for (int i = 0; i < p->sample_count && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "sample %d %s %g %d\n", (int)p->samples[i].kind,
                              ag_days_write(p->samples[i].date, a), p->samples[i].abstinence_days,
                              (int)p->samples[i].collection);
    assert_true(n < size);
}

static void same_facts(const char *one, const char *other) {
    char a[4000], b[4000];
    ag_patient *first = read_case(one), *second = read_case(other);
    describe(first, a, sizeof a);
    describe(second, b, sizeof b);
    if (strcmp(a, b) != 0)
        fail_msg("%s\ngives\n%sbut\n%s\ngives\n%s", one, a, other, b);
    assert_int_equal(first->unused_count, second->unused_count);
    ag_patient_free(first);
    ag_patient_free(second);
}

static void a_whole_case(void **state) {
    (void)state;
    ag_patient *p = read_case("id: case-7\n"
                              "date: 2024-06-15\n"
                              "age: 61\n"
                              "anatomy: male\n"
                              "setting: complaint\n"
                              "wants: child\n"
                              "partner_age: 34\n"
                              "medicines:\n"
                              "  - {name: Flomax, dose: 0.4 mg, start: 2024-03}\n"
                              "conditions:\n"
                              "  - {name: diabetes, since: 10 years}\n"
                              "operations: [{name: TURP, date: 2015-05}]\n"
                              "symptoms: [dry orgasm, no blood in semen]\n"
                              "onset: 2 weeks after tamsulosin\n"
                              "treatments_tried: [{name: pseudoephedrine, result: none}]\n"
                              "samples:\n"
                              "  - date: 2024-05-02\n"
                              "    abstinence_days: 3\n"
                              "    complete: yes\n"
                              "    tests: [{name: semen volume, value: 0.8, unit: mL},\n"
                              "            sperm in urine after orgasm: many]\n"
                              "tests: [testosterone 8 nmol/L]\n");
    assert_string_equal(p->label, "case-7");
    assert_int_equal(p->as_of, ag_day_of(2024, 6, 15));
    assert_float_equal(p->age_years, 61, 0);
    assert_int_equal(p->wish, AG_WISH_CHILD);
    assert_float_equal(p->partner_age_years, 34, 0);
    const ag_cause_fact *medicine = cause_of(p, TAMSULOSIN);
    assert_true(medicine->present && !medicine->ended);
    date_is(medicine->start, "2024-03");
    assert_float_equal(medicine->attributes[0].number, 0.4, 1e-12);
    assert_string_equal(medicine->text, "Flomax 0.4 mg");
    assert_string_equal(medicine->where, "line 9");
    const ag_cause_fact *disease = cause_of(p, DIABETES_2);
    assert_int_equal(disease->start.first, ag_day_of(2024, 6, 15) - 3836);
    date_is(cause_of(p, TURP)->start, "2015-05");
    assert_true(p->medicines_complete && p->operations_complete && !p->conditions_complete);
    assert_int_equal(finding_of(p, DRY_ORGASM)->state, 1);
    assert_int_equal(finding_of(p, BLOOD)->state, 0);
    assert_int_equal(finding_of(p, SETTING)->state, 1);
    date_is((ag_days){p->onset.first, p->onset.first}, "2024-03-11");
    date_is((ag_days){p->onset.last, p->onset.last}, "2024-04-18");
    assert_int_equal(p->sample_count, 2);
    const ag_finding_fact *volume = finding_of(p, SEMEN_VOLUME);
    assert_float_equal(volume->low, 0.8, 1e-12);
    assert_int_equal(p->samples[volume->sample].kind, AG_SAMPLE_SEMEN);
    assert_int_equal(p->samples[volume->sample].collection, AG_COLLECTION_WHOLE);
    assert_float_equal(p->samples[volume->sample].abstinence_days, 3, 0);
    date_is(volume->date, "2024-05-02");
    assert_int_equal(finding_of(p, URINE_SPERM)->state, 2);
    assert_float_equal(finding_of(p, TESTOSTERONE)->low, 8, 0);
    assert_string_equal(p->tried[0].name, "pseudoephedrine");
    assert_int_equal(p->tried[0].cause, -1);
    assert_int_equal(p->unused_count, 0);
    ag_patient_free(p);
}

static void ways_of_writing_are_equal(void **state) {
    (void)state;
    const char *head = "date: 2024-06-15\nage: 50\n";
    static const char *const pairs[][2] = {
        {"medicines: [tamsulosin 0.4 mg since 2024-03]",
         "medicines: [{name: Omnic, dose: 400 µg daily, start: 2024-03}]"},
        {"medicines: [tamsulosin 0.4 mg since 2024-03]",
         "medicines: [\"Tamsulosina 0,4 mg al día desde marzo de 2024\"]"},
        {"medicines: [tamsulosin 0.4 mg since 2024-03]",
         "{\"medicines\": [{\"name\": \"rxnorm:863669\", \"dose_mg\": 0.4, \"since\": "
         "\"2024-03\"}]}"},
        {"medicines: [{name: tamsulosin, dose: 0.4 mg, frequency: twice daily}]",
         "medicines: [tamsulosin 0.8 mg/day]"},
        {"conditions: [{name: type 2 diabetes, years: 10}]", "conditions: [E11.9 for 10 years]"},
        {"conditions: [{name: spinal cord injury, level: T10, completeness: complete}]",
         "conditions: [complete spinal cord injury T10]"},
        {"operations: [{name: RPLND, template: bilateral, date: 2015}]",
         "operations: [\"RPLND full template, 2015\"]"},
        {"symptoms: [dry orgasm]", "symptoms: {dry orgasm: yes}"},
        {"symptoms: [no blood in semen]", "absent: [blood in semen]"},
        {"symptoms: [no blood in semen]", "symptoms: [sin sangre en el semen]"},
        {"symptoms: [no blood in semen]", "symptoms: [{name: blood in semen, value: no}]"},
        {"symptoms: [no blood in semen]", "symptoms: [no hay sangre en el semen]"},
        {"absent: [blood in semen]", "symptoms: [semen of usual colour]"},
        {"absent: [blood in semen]", "symptoms: [\"semen colour: usual\"]"},
        {"absent: [blood in semen]", "exam: {semen colour: usual}"},
        {"absent: [blood in semen]", "exam: {semen de color normal: yes}"},
        {"absent: [blood in semen]", "tests: [{name: semen of usual colour, date: 2024-06-15}]"},
        {"exam: [vas not palpable]", "exam: {vas palpable: not palpable}"},
        {"exam: [vas not palpable]", "exam: [{name: palpable vas, value: none}]"},
        {"absent: [type 1 diabetes]", "conditions: [no type 1 diabetes]"},
        {"absent: [type 1 diabetes]", "conditions: [{name: type 1 diabetes, status: absent}]"},
        {"samples: [{tests: [semen volume 0.8 mL]}]", "tests: [semen volume 0.8 mL]"},
        {"samples: [{tests: [semen volume 0.8 mL]}]", "samples: [{volume: 800 µL}]"},
        {"samples: [{tests: [low semen volume]}]", "tests: {semen volume: low}"},
        {"samples: [{date: 2024-01, tests: [{name: volume, value: 1, unit: mL}]}]",
         "tests: [semen volume 1 mL (2024-01)]"},
        {"samples: [{complete: first part lost, abstinence: 3 days, pH: 7}]",
         "samples: {complete: first_lost, abstinence_days: 3, tests: {ph: \"7.0\"}}"},
        {"since: 10 years", "onset: desde hace 10 años"},
        {"since: 10 years\nsymptoms: [dry orgasm]", "symptoms: [dry orgasm for 10 years]"},
        {"since: lifelong\nsymptoms: [dry orgasm]",
         "symptoms: [{name: dry orgasm, since: always}]"},
        {"operations: [TURP 2019]\nonset: since TURP\nsymptoms: [dry orgasm]",
         "operations: [{name: TURP, date: 2019}]\nsymptoms: [dry orgasm since TURP]"},
        {"samples: [{abstinence: 2-3, tests: [semen volume is 1 mL]}]",
         "samples: [{abstinence_days: 2.5, tests: [\"semen volume: 1 mL\"]}]"},
        {"tests: [testosterone 8 nmol/L on 2024-01]",
         "tests: [{name: testosterone, value: 8, unit: nmol/L, date: January 2024}]"},
        {"wants: child", "wants: a child"},
        {"medicines: []", "medicines: none"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char one[1000], other[1000];
        snprintf(one, sizeof one, "%s%s\n", head, pairs[i][0]);
        if (pairs[i][1][0] == '{')
            snprintf(other, sizeof other, "{\"date\": \"2024-06-15\", \"age\": 50, %s",
                     pairs[i][1] + 1);
        else
            snprintf(other, sizeof other, "%s%s\n", head, pairs[i][1]);
        same_facts(one, other);
    }
}

static void relative_times_resolve_in_any_order(void **state) {
    (void)state;
    ag_patient *p = read_case("date: 2024-06-15\nage: 50\nonset: 10 days before tamsulosin\n"
                              "medicines: [{name: tamsulosin, start: 5 days after TURP, stop: "
                              "20 days after onset}]\n"
                              "operations: [{name: TURP, date: 2020-01-01}]\n");
    date_is(cause_of(p, TAMSULOSIN)->start, "2020-01-06");
    date_is(p->onset, "2019-12-27");
    date_is(cause_of(p, TAMSULOSIN)->end, "2020-01-16");
    assert_true(cause_of(p, TAMSULOSIN)->ended);
    ag_patient_free(p);
    p = read_case("date: 2024-06-15\nage: 50\nconditions: [{name: diabetes, since: at age 30}]\n"
                  "onset: after the operation\noperations: [vasectomy 2010]\n");
    assert_int_equal(cause_of(p, DIABETES_2)->start.first, ag_day_of(2024, 6, 15) - 18628 + 10957);
    assert_int_equal(p->onset.first, ag_day_of(2010, 1, 1));
    assert_int_equal(p->onset.last, p->as_of);
    ag_patient_free(p);
}

static void what_is_not_known_is_listed(void **state) {
    (void)state;
    ag_patient *p = read_case("age: 50\n"
                              "medicines: [tamsulozin 0.4 mg, tamsulosin with grapefruit]\n"
                              "conditions: [retrograde ejaculation, flat feet]\n"
                              "operations: [vasectomy reversal]\n"
                              "symptoms: [not semen of usual colour]\n"
                              "absent: [semen of usual colour]\n");
    assert_int_equal(p->unused_count, 7);
    assert_int_equal(p->finding_count, 0);
    assert_string_equal(p->unused[0].text, "tamsulozin 0.4 mg");
    assert_string_equal(p->unused[0].where, "line 2");
    assert_non_null(strstr(p->unused[1].why, "grapefruit"));
    assert_non_null(strstr(p->unused[2].why, "diagnosis"));
    assert_string_equal(p->unused[3].text, "flat feet");
    assert_null(p->unused[3].nearest[0]);
    assert_string_equal(p->unused[4].nearest[0], "vasectomy");
    assert_non_null(strstr(p->unused[4].why, "\"reversal\" may change its meaning"));
    assert_int_equal(p->cause_count, 1);
    assert_int_equal(ag_patient_unused_count(p), 7);
    assert_string_equal(ag_patient_unused(p, 4).nearest[0], "vasectomy");
    ag_patient_free(p);
}

static void a_list_with_an_unknown_entry_is_not_complete(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool medicines, operations;
    } cases[] = {{"medicines: [tamsulosin]\noperations: []\n", true, true},
                 {"medicines: none\noperations: [no TURP]\n", true, true},
                 {"medicines: [tamsolusin]\noperations: [TURP 2020]\n", false, true},
                 {"medicines: [tamsulosin, {name: tamsolusin, dose: 1 mg}]\n", false, false},
                 {"medicines: {tamsulosin: yes, tamsolusin: yes}\n", false, false},
                 {"medicines: [tamsulosin, unknown]\noperations: [TURP, ]\n", false, true},
                 {"medicines: []\noperations: [vasectomy reversal 2020, TURP]\n", true, false},
                 {"medicines: []\noperations: [~]\nsymptoms: [flat feet]\n", true, false},
                 {"medicines: []\nsymptoms: [flat feet]\noperations: [TURP]\n", true, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = read_case(cases[i].text);
        if (p->medicines_complete != cases[i].medicines ||
            p->operations_complete != cases[i].operations)
            fail_msg("%sgives medicines %d, operations %d", cases[i].text, p->medicines_complete,
                     p->operations_complete);
        ag_patient_free(p);
    }
}

static void a_finding_stays_where_its_time_counts_from_nothing_known(void **state) {
    (void)state;
    ag_patient *p = read_case("symptoms: [dry orgasm after sex, no blood in semen]\n"
                              "tests: [semen volume 0.8 mL since TURP]\n");
    assert_int_equal(p->finding_count, 3);
    assert_int_equal(finding_of(p, DRY_ORGASM)->state, 1);
    assert_float_equal(finding_of(p, SEMEN_VOLUME)->low, 0.8, 0);
    assert_true(ag_days_unknown(p->onset));
    assert_int_equal(p->unused_count, 2);
    assert_non_null(strstr(p->unused[0].why, "without it"));
    ag_patient_free(p);
}

static void a_value_of_a_finer_finding_is_its(void **state) {
    (void)state;
    static const char *const cases[] = {
        "samples: [{tests: [hypospermia 0.8 mL]}]\n",
        "samples: [{tests: [{name: hypospermia, value: 0.8 mL}]}]\n",
        "samples: [{hypospermia: 0.8 mL}]\n",
        ("samples: [{tests: [{name: hypospermia, value: 0.8, unit: "
         "mL}]}]\n")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = read_case(cases[i]);
        assert_int_equal(p->finding_count, 1);
        assert_float_equal(finding_of(p, SEMEN_VOLUME)->low, 0.8, 0);
        ag_patient_free(p);
    }
}

static void doses_and_dates_do_not_hide_the_nearest_name(void **state) {
    (void)state;
    ag_patient *p = read_case("medicines: [tamsolusin 0.4 mg daily since March 2024]\n"
                              "operations: [vasectomi on 2019-05-02]\n");
    assert_int_equal(p->unused_count, 2);
    assert_string_equal(p->unused[0].nearest[0], "tamsulosin");
    assert_string_equal(p->unused[1].nearest[0], "vasectomy");
    ag_patient_free(p);
}

static void errors_say_where_and_how_to_mend(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ag_status code;
        int line, column;
        const char *says;
    } cases[] = {
        {"age: 17\n", AG_ERROR_DECLINED, 1, 1, "only adults"},
        {"age: 50\noperations: [vaginoplasty 2019]\n", AG_ERROR_DECLINED, 0, 0, "intended use"},
        {"age: old\n", AG_ERROR_VALUE, 1, 1, "number from 0 to 120"},
        {"anatomy: female\n", AG_ERROR_DECLINED, 1, 1, "male anatomy"},
        {"anatomy: after vaginoplasty\n", AG_ERROR_DECLINED, 1, 1, "unoperated"},
        {"age: 50\nmedicnes: []\n", AG_ERROR_NAME, 2, 1, "Did you mean \"medicines\"?"},
        {"age: 50\nsamples:\n  - tests:\n      - {name: volume, value: 3}\n", AG_ERROR_VALUE, 4, 24,
         "\"3\" has no unit. Give one (mL"},
        {"tests: [semen volume 0.8]\n", AG_ERROR_VALUE, 1, 9, "no unit"},
        {"tests: [semen volume 0.8 mg]\n", AG_ERROR_VALUE, 1, 9, "cannot be converted"},
        {"tests: [semen volume]\n", AG_ERROR_VALUE, 1, 9, "mL"},
        {"exam: {vas palpable: perhaps}\n", AG_ERROR_VALUE, 1, 8, "both, one, none"},
        {"symptoms: {dry orgasm: mL}\n", AG_ERROR_VALUE, 1, 12, "yes, no"},
        {"medicines: [{name: tamsulosin, dose: 0.4}]\n", AG_ERROR_VALUE, 1, 32, "no unit"},
        {"medicines: [{name: tamsulosin, dose: a lot}]\n", AG_ERROR_VALUE, 1, 32, "0.4 mg daily"},
        {"medicines: [{name: tamsulosin, colour: red}]\n", AG_ERROR_NAME, 1, 32, "dose_mg"},
        {"medicines: [{dose: 0.4 mg, start: 2024}]\n", AG_ERROR_VALUE, 1, 13, "no name"},
        {"conditions: [{name: spinal cord injury, level: T99}]\n", AG_ERROR_VALUE, 1, 41, "t10"},
        {"onset: soon\n", AG_ERROR_VALUE, 1, 1, "2 weeks after NAME"},
        {"onset: 03/04/2024\n", AG_ERROR_VALUE, 1, 1, "is no time"},
        {"onset: 2024-02-31\n", AG_ERROR_RANGE, 1, 1, "no day \"2024-02-31\""},
        {"medicines: [tamsulosin since 31/06/2024]\n", AG_ERROR_RANGE, 1, 13, "\"31/06/2024\""},
        {"onset: 2 weeks after tamsulosin\n", AG_ERROR_VALUE, 1, 1, "does not say when that began"},
        {"onset: 2 weeks after tamsulosin\nmedicines: [tamsulosin 2 weeks after onset]\n",
         AG_ERROR_VALUE, 2, 13, "does not say"},
        {"date: 2024-06-15\nonset: 2025\n", AG_ERROR_VALUE, 2, 1, "after the day"},
        {"since: 2020\nonset: 2021\n", AG_ERROR_VALUE, 2, 1, "given twice"},
        {"conditions: [{name: diabetes, since: at age 30}]\n", AG_ERROR_VALUE, 1, 31,
         "Add \"age\""},
        {"wants: money\n", AG_ERROR_VALUE, 1, 1, "child, relief, answers"},
        {"samples: [{date: 2024, colour: red}]\n", AG_ERROR_NAME, 1, 24, "nor a known test"},
        {"samples: [{complete: maybe}]\n", AG_ERROR_VALUE, 1, 12, "first part lost"},
        {"samples: [0.8 mL]\n", AG_ERROR_VALUE, 1, 11, "a sample is a map"},
        {"date: 15/06/2024\n", AG_ERROR_VALUE, 1, 1, "2024-03-15"},
        {"- age: 50\n", AG_ERROR_UNSUPPORTED, 1, 1, "no case"},
        {"", AG_ERROR_UNSUPPORTED, 1, 1, "no case"},
        {"age: [50\n", AG_ERROR_SYNTAX, 2, 1, "well-formed"},
        {"age: 50\nage: 51\n", AG_ERROR_SYNTAX, 2, 1, "twice"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *patient;
        ag_error error = {0};
        ag_status status = ag_patient_read_case(&patient, vocabulary, cases[i].text,
                                                strlen(cases[i].text), NULL, &error);
        if (status != cases[i].code || strstr(error.message, cases[i].says) == NULL ||
            error.line != cases[i].line || error.column != cases[i].column)
            fail_msg("%sgives %d at %d:%d: %s", cases[i].text, (int)status, error.line,
                     error.column, error.message);
        assert_null(patient);
    }
}

/* What is read of a case leniently: the facts, and the first entry that could not be read. */
static void one_bad_entry_does_not_lose_the_others(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int facts;
        const char *entry, *where, *says;
    } cases[] = {
        {"tests: [semen volume 0.8, blood in semen]\n", 1, "semen volume 0.8", "line 1", "no unit"},
        {"symptoms:\n  - dry orgasm\n  - blood in semen: perhaps\n", 1, "blood in semen: perhaps",
         "line 3", "yes, no"},
        {"tests: {semen volume: tiny, semen pH: 7}\n", 1, "semen volume: tiny", "line 1", "low"},
        {"tests: [{name: semen volume, value: much}, blood in semen]\n", 1, "semen volume",
         "line 1", "much"},
        {"tests: [{name: semen volume}, blood in semen]\n", 1, "semen volume", "line 1", "mL"},
        {"tests: [{unit: mL, value: 3}, blood in semen]\n", 1, "unit: mL", "line 1", "no name"},
        {"tests: [{name: semen of usual colour, value: no}, dry orgasm]\n", 1,
         "semen of usual colour", "line 1", "there is no blood in semen"},
        {"samples: [{date: 2024, volume: tiny, pH: 7}]\n", 1, "volume: tiny", "line 1", "low"},
        {"samples: [{complete: maybe, pH: 7}]\n", 1, "complete: maybe", "line 1", "part lost"},
        {"samples: [{colour: red, tests: [pH 7]}]\n", 1, "colour: red", "line 1", "known test"},
        {"medicines: [{name: tamsulosin, dose: a lot}, dutasteride]\n", 1, "tamsulosin", "line 1",
         "0.4 mg daily"},
        {"medicines: [{name: tamsulosin, since: soon}, dutasteride]\n", 1, "tamsulosin", "line 1",
         "is no time"},
        {"operations: [{name: TURP, colour: red}, vasectomy]\n", 1, "TURP", "line 1",
         "It may have"},
        {"medicines: [{dose: 1 mg, start: 2024}, [dutasteride], tamsulosin]\n", 1, "dose: 1 mg",
         "line 1", "no name"}};
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    options.lenient = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = read_with(cases[i].text, &options);
        if (!ag_patient_unreadable(p))
            fail_msg("%sis read", cases[i].text);
        const ag_unused_entry unused = ag_patient_unused(p, 0);
        if (strcmp(unused.text, cases[i].entry) != 0 || strcmp(unused.where, cases[i].where) != 0 ||
            unused.reason != AG_UNUSED_VALUE || strstr(unused.why, cases[i].says) == NULL ||
            p->finding_count + p->cause_count != cases[i].facts)
            fail_msg("%sgives %d facts; %s (%s): %s", cases[i].text,
                     p->finding_count + p->cause_count, unused.text, unused.where, unused.why);
        assert_false(p->medicines_complete || p->operations_complete);
        ag_patient_free(p);
    }
}

/* A time that counts from what was set aside is lost with it, and nothing else is. */
static void times_from_what_is_not_understood(void **state) {
    (void)state;
    static const char after_coloured[] =
        "onset: 2 months after TURP\noperations: [{name: TURP, colour: red}]\n"
        "medicines: [dutasteride]\n";
    static const char *const cases[] = {
        "onset: 2 months after zorblax\nmedicines: [zorblax 1 mg since 2024-01, dutasteride]\n",
        after_coloured, "medicines: [zorblax, {name: dutasteride, start: 1 week after zorblax}]\n"};
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    options.lenient = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = read_with(cases[i], &options);
        assert_int_equal(p->cause_count, 1);
        assert_true(ag_days_unknown(p->onset) && ag_days_unknown(p->causes[0].start));
        assert_int_equal(ag_patient_unused_count(p), 2);
        assert_non_null(strstr(ag_patient_unused(p, 1).why, "the time is not used"));
        ag_patient_free(p);
    }
    static const char known[] =
        "onset: 2 weeks after tamsulosin\nmedicines: [tamsulosin, zorblax]\n";
    ag_patient *p;
    ag_error error = {0};
    assert_int_equal(ag_patient_read_case(&p, vocabulary, known, strlen(known), &options, &error),
                     AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "does not say when that began"));
}

static void what_cannot_be_is_refused_all_the_same(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ag_status code;
    } cases[] = {
        {"tests: [semen volume 31 mL]\n", AG_ERROR_RANGE},
        {"tests: [{name: semen volume, value: 1, unit: mL, date: 2024-02-31}]\n", AG_ERROR_RANGE},
        {"medicines: [tamsulosin since 31/06/2024]\n", AG_ERROR_RANGE},
        {"operations: [vaginoplasty 2019]\n", AG_ERROR_DECLINED},
        {"symptms: [dry orgasm]\n", AG_ERROR_NAME},
        {"onset: soon\n", AG_ERROR_VALUE},
        {"symptoms: [dry orgasm\n", AG_ERROR_SYNTAX}};
    ag_patient_options options = ag_patient_options_defaults();
    options.lenient = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *patient;
        ag_error error = {0};
        ag_status status = ag_patient_read_case(&patient, vocabulary, cases[i].text,
                                                strlen(cases[i].text), &options, &error);
        if (status != cases[i].code || error.message[0] == '\0')
            fail_msg("%sgives %d: %s", cases[i].text, (int)status, error.message);
    }
}

static void what_is_said_of_a_record_is_in_its_language(void **state) {
    (void)state;
    ag_patient_options options = ag_patient_options_defaults();
    options.language = "es";
    options.lenient = true;
    ag_patient *p = read_with("age: 50\nmedicines: [tamsulosin, no tamsulosin]\n"
                              "tests: [semen volume 0.8, semen volume is much]\n",
                              &options);
    assert_string_equal(ag_patient_unused(p, 0).where, "línea 3");
    assert_non_null(strstr(ag_patient_unused(p, 0).why, "«0.8»: falta la unidad"));
    assert_non_null(strstr(ag_patient_unused(p, 1).why, "no puede ser «much»"));
    assert_int_equal(ag_patient_contradiction_count(p), 1);
    assert_non_null(strstr(ag_patient_contradiction(p, 0), "presente y ausente"));
    ag_patient_free(p);
    ag_error error = {0};
    assert_int_equal(ag_patient_read_case(&p, vocabulary, "wants: x\n", 9, &options, &error),
                     AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "wants no puede ser «x»"));
}

static void options_come_before_the_file(void **state) {
    (void)state;
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-02-29";
    options.male_anatomy = true;
    options.setting = "fertility-clinic";
    ag_patient *p =
        read_with("date: 2020\nage: 40\nanatomy: female\nsetting: complaint\n", &options);
    assert_int_equal(p->as_of, ag_day_of(2024, 2, 29));
    assert_int_equal(finding_of(p, SETTING)->state, 2);
    assert_int_equal(p->finding_count, 1);
    ag_patient_free(p);
}

static const ag_cause_fact *only_planned(const ag_patient *p) {
    if (p->planned_count != 1)
        fail_msg("%d planned; unused: %s", p->planned_count,
                 p->unused_count > 0 ? p->unused[0].why : "none");
    return &p->planned[0];
}

static void what_is_planned_is_no_cause_of_today(void **state) {
    (void)state;
    static const struct {
        const char *entry, *when;
    } ways[] = {{"{name: TURP, date: 2024-09}", "2024-09"},
                {"{name: TURP, planned: yes}", "unknown"},
                {"{name: TURP, planned: 2025}", "2025"},
                {"{name: TURP, planned: yes, date: 2024-06}", "2024-06"},
                {"{name: TURP, status: planned}", "unknown"},
                {"planned TURP", "unknown"},
                {"TURP scheduled for 2024-07-01", "2024-07-01"},
                {"TURP planned in 10 days", "2024-06-25"},
                {"RTU de próstata prevista", "unknown"}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "date: 2024-06-15\noperations:\n  - %s\n", ways[i].entry);
        ag_patient *p = read_case(text);
        const ag_cause_fact *fact = only_planned(p);
        assert_int_equal(p->cause_count, 0);
        assert_int_equal(fact->cause, TURP);
        assert_true(p->operations_complete);
        date_is(fact->start, ways[i].when);
        ag_patient_free(p);
    }
}

static void a_plan_for_a_day_that_has_passed_is_in_doubt(void **state) {
    (void)state;
    ag_patient *p = read_case("date: 2024-06-15\n"
                              "operations: [{name: TURP, planned: yes, date: 2023-05}]\n");
    assert_int_equal(p->planned_count, 0);
    assert_int_equal(p->cause_count, 0);
    assert_int_equal(p->unused_count, 1);
    assert_non_null(strstr(p->unused[0].why, "has passed"));
    assert_false(p->operations_complete);
    ag_patient_free(p);
}

static void what_is_taken_is_not_planned_too(void **state) {
    (void)state;
    ag_patient *p = read_case("date: 2024-06-15\n"
                              "medicines: [tamsulosin 0.4 mg, planned tamsulosin]\n");
    assert_int_equal(p->planned_count, 0);
    assert_int_equal(p->cause_count, 1);
    assert_int_equal(p->unused_count, 1);
    ag_patient_free(p);
    p = read_case("date: 2024-06-15\nmedicines: [{name: tamsulosin, start: 2024-07}]\n");
    assert_int_equal(only_planned(p)->cause, TAMSULOSIN);
    ag_patient_free(p);
    p = read_case("date: 2024-06-15\nconditions: [{name: type 2 diabetes, since: 2025}]\n");
    assert_int_equal(p->planned_count, 0);
    assert_int_equal(p->unused_count, 1);
    ag_patient_free(p);
}

/* Present and not ended, ended, denied, or not used at all. */
static char state_of(const char *section, const char *line, int cause) {
    char text[200];
    snprintf(text, sizeof text, "date: 2024-06-15\n%s: [\"%s\"]\n", section, line);
    ag_patient *p = read_case(text);
    char state = '-';
    for (int i = 0; i < p->cause_count; i++)
        if (p->causes[i].cause == cause)
            state = !p->causes[i].present ? 'n' : p->causes[i].ended ? 'e' : 'p';
    assert_true(state != '-' || p->unused_count == 1);
    ag_patient_free(p);
    return state;
}

static void words_beside_a_name_decide_whether_he_has_it(void **state) {
    (void)state;
    static const struct {
        const char *section, *line;
        int cause;
        char state;
    } lines[] = {{"medicines", "tamsulosin 0.4 mg qhs", TAMSULOSIN, 'p'},
                 {"medicines", "low dose tamsulosin", TAMSULOSIN, 'p'},
                 {"medicines", "stopped tamsulosin", TAMSULOSIN, 'e'},
                 {"medicines", "stopped tamsulosin in 2023", TAMSULOSIN, 'e'},
                 {"medicines", "tamsulosin (discontinued)", TAMSULOSIN, 'e'},
                 {"medicines", "previously on tamsulosin", TAMSULOSIN, 'e'},
                 {"medicines", "no longer on tamsulosin", TAMSULOSIN, 'e'},
                 {"medicines", "ya no toma tamsulosina", TAMSULOSIN, 'e'},
                 {"medicines", "tamsulosin 2020-2022", TAMSULOSIN, 'e'},
                 {"medicines", "tamsulosin from 2020 to 2022", TAMSULOSIN, 'e'},
                 {"medicines", "never took tamsulosin", TAMSULOSIN, 'n'},
                 {"medicines", "tamsulosin for 3 months in 2019", TAMSULOSIN, '-'},
                 {"medicines", "allergic to tamsulosin", TAMSULOSIN, '-'},
                 {"medicines", "tamsulosin allergy", TAMSULOSIN, '-'},
                 {"medicines", "considering tamsulosin", TAMSULOSIN, '-'},
                 {"medicines", "wife takes tamsulosin", TAMSULOSIN, '-'},
                 {"medicines", "tamsulosin?", TAMSULOSIN, '-'},
                 {"operations", "s/p TURP", TURP, 'p'},
                 {"operations", "h/o TURP 2020", TURP, 'p'},
                 {"conditions", "?diabetes", DIABETES_2, '-'},
                 {"conditions", "diabetes?", DIABETES_2, '-'}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char got = state_of(lines[i].section, lines[i].line, lines[i].cause);
        if (got != lines[i].state)
            fail_msg("%s: %c", lines[i].line, got);
    }
}

static void a_stop_dates_the_end(void **state) {
    (void)state;
    ag_patient *p = read_case("age: 50\nmedicines: [stopped tamsulosin in 2023]\n");
    date_is(cause_of(p, TAMSULOSIN)->end, "2023");
    assert_int_equal(cause_of(p, TAMSULOSIN)->start.first, INT_MIN);
    ag_patient_free(p);
    p = read_case("age: 50\nmedicines: [tamsulosin 2020-2022]\n");
    date_is(cause_of(p, TAMSULOSIN)->start, "2020");
    date_is(cause_of(p, TAMSULOSIN)->end, "2022");
    ag_patient_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_planned_is_no_cause_of_today),
        cmocka_unit_test(a_plan_for_a_day_that_has_passed_is_in_doubt),
        cmocka_unit_test(what_is_taken_is_not_planned_too),
        cmocka_unit_test(words_beside_a_name_decide_whether_he_has_it),
        cmocka_unit_test(a_stop_dates_the_end),
        cmocka_unit_test(a_whole_case),
        cmocka_unit_test(ways_of_writing_are_equal),
        cmocka_unit_test(relative_times_resolve_in_any_order),
        cmocka_unit_test(what_is_not_known_is_listed),
        cmocka_unit_test(a_list_with_an_unknown_entry_is_not_complete),
        cmocka_unit_test(a_finding_stays_where_its_time_counts_from_nothing_known),
        cmocka_unit_test(a_value_of_a_finer_finding_is_its),
        cmocka_unit_test(doses_and_dates_do_not_hide_the_nearest_name),
        cmocka_unit_test(errors_say_where_and_how_to_mend),
        cmocka_unit_test(one_bad_entry_does_not_lose_the_others),
        cmocka_unit_test(times_from_what_is_not_understood),
        cmocka_unit_test(what_cannot_be_is_refused_all_the_same),
        cmocka_unit_test(what_is_said_of_a_record_is_in_its_language),
        cmocka_unit_test(options_come_before_the_file)};
    return cmocka_run_group_tests(tests, make, drop);
}
