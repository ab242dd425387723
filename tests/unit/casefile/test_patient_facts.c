/* A man as facts: their entries, joined to one case, are the same man again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "antegrade/understand.h"
#include "patient.h"

#define VOCABULARY_OF ag_knowledge_builtin()
#include "../../support/vocabulary.h"

static ag_patient *read_man(const char *text) {
    ag_patient *patient;
    ag_error error = {0};
    if (ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, &error) != AG_OK)
        fail_msg("%d: %s\n%s", error.line, error.message, text);
    return patient;
}

static json_t *facts_in(const ag_patient *patient, const char *language) {
    ag_understand_options options = ag_understand_options_defaults();
    ag_error error = {0};
    char *text;
    options.language = language;
    assert_int_equal(ag_understand_patient(&text, vocabulary, patient, &options, &error), AG_OK);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    ag_understand_free(text);
    return json;
}

static json_t *fact_of(const json_t *facts, const char *id) {
    size_t i;
    json_t *fact;
    json_array_foreach(json_object_get(facts, "facts"), i, fact) {
        const char *its = json_string_value(json_object_get(fact, "id"));
        if (its != NULL && strcmp(its, id) == 0)
            return fact;
    }
    fail_msg("no fact %s", id);
    return NULL;
}

static bool says_none(const json_t *facts, const char *key) {
    size_t i;
    json_t *fact;
    json_array_foreach(json_object_get(facts, "facts"), i, fact) {
        if (strcmp(json_string_value(json_object_get(fact, "kind")), "none") == 0 &&
            json_object_get(json_object_get(fact, "entry"), key) != NULL)
            return true;
    }
    return false;
}

/* The entries as one case; a list that is not said to be complete gets an open entry. */
static char *joined(const json_t *facts) {
    json_t *all = json_object(), *fact, *value;
    size_t i;
    const char *key;
    json_array_foreach(json_object_get(facts, "facts"), i, fact) {
        json_object_foreach(json_object_get(fact, "entry"), key, value) {
            json_t *list = json_object_get(all, key);
            if (list != NULL && json_is_array(list))
                json_array_extend(list, value);
            else
                json_object_set_new(all, key, json_deep_copy(value));
        }
    }
    static const char *const lists[] = {"medicines", "operations"};
    for (int l = 0; l < 2; l++)
        if (json_object_get(all, lists[l]) != NULL && !says_none(facts, lists[l]))
            json_array_append_new(json_object_get(all, lists[l]), json_null());
    char *text = json_dumps(all, 0);
    json_decref(all);
    return text;
}

static void same_days(ag_days a, ag_days b) {
    assert_int_equal(a.first, b.first);
    assert_int_equal(a.last, b.last);
}

static void same_plans(const ag_patient *a, const ag_patient *b) {
    assert_int_equal(a->planned_count, b->planned_count);
    for (int i = 0; i < a->planned_count; i++) {
        assert_int_equal(a->planned[i].cause, b->planned[i].cause);
        assert_true(b->planned[i].planned);
        same_days(a->planned[i].start, b->planned[i].start);
    }
}

static void same_causes(const ag_patient *a, const ag_patient *b) {
    same_plans(a, b);
    assert_int_equal(a->cause_count, b->cause_count);
    for (int i = 0; i < a->cause_count; i++) {
        const ag_cause_fact *x = &a->causes[i], *y = &b->causes[i];
        assert_int_equal(x->cause, y->cause);
        assert_int_equal(x->present, y->present);
        assert_int_equal(x->ended, y->ended);
        same_days(x->start, y->start);
        if (x->ended)
            same_days(x->end, y->end);
        assert_int_equal(x->attribute_count, y->attribute_count);
        for (int k = 0; k < x->attribute_count; k++) {
            assert_string_equal(x->attributes[k].name, y->attributes[k].name);
            if (x->attributes[k].word != NULL)
                assert_string_equal(x->attributes[k].word, y->attributes[k].word);
            else
                assert_true(x->attributes[k].number == y->attributes[k].number);
        }
    }
}

static void same_findings(const ag_patient *a, const ag_patient *b) {
    assert_int_equal(a->finding_count, b->finding_count);
    for (int i = 0; i < a->finding_count; i++) {
        const ag_finding_fact *x = &a->findings[i], *y = &b->findings[i];
        assert_int_equal(x->finding, y->finding);
        assert_int_equal(x->state, y->state);
        assert_true(x->state >= 0 || (x->low == y->low && x->high == y->high));
        assert_int_equal(x->sample >= 0, y->sample >= 0);
        same_days(x->date, y->date);
    }
    assert_int_equal(a->sample_count, b->sample_count);
    for (int i = 0; i < a->sample_count; i++) {
        same_days(a->samples[i].date, b->samples[i].date);
        assert_int_equal(a->samples[i].collection, b->samples[i].collection);
    }
}

static const char *const MEN[] = {
    "date: 2024-06-15\nage: 62\npartner_age: 34\nwants: child\nsetting: fertility clinic\n"
    "medicines: [tamsulosin 0.4 mg daily since 2024-03, sertraline 50 mg until 2023]\n"
    "operations: [TURP 2019]\nconditions: [{name: type 2 diabetes, since: 10 years}, no multiple "
    "sclerosis]\nsymptoms: [dry orgasm, no blood in semen]\nonset: 2 weeks after tamsulosin\n",
    "age: 31\nmedicines: [tamsulosin, xyzol]\nsamples:\n"
    "  - {date: 2024-05-01, complete: yes, abstinence_days: 3, tests: [semen volume 0.5 mL, "
    "semen pH 6.5, {name: sperm concentration, value: 0, unit: million/mL}, sperm in urine after "
    "orgasm: many]}\n  - {date: 2024-06-01, complete: first part lost, volume: < 1.5 mL}\n",
    "date: 2024-06-15\nage: 66\noperations: [TURP planned in 2 months, planned vasectomy]\n"
    "medicines: [{name: silodosin, start: 2024-08}]\n",
    "age: 40\nconditions: [complete spinal cord injury T10 2001]\nsince: lifelong\n"
    "tests: [{name: testosterone, value: 8, unit: nmol/L, date: 2024-03}, HbA1c 9.1 %]\n"
    "exam: [vas not palpable]\ntreatments_tried: [{name: pseudoephedrine, result: nothing}]\n",
    "age: 50\nsymptoms: [less semen]\ntests: [semen volume 0.5-1 mL]\n",
};

static void the_same_man_again(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof MEN / sizeof MEN[0]; i++) {
        ag_patient *man = read_man(MEN[i]);
        json_t *facts = facts_in(man, "en");
        char *text = joined(facts);
        ag_patient *again = read_man(text);
        same_causes(man, again);
        same_findings(man, again);
        same_days(man->onset, again->onset);
        assert_int_equal(man->as_of, again->as_of);
        assert_int_equal(man->wish, again->wish);
        assert_int_equal(man->lifelong, again->lifelong);
        assert_int_equal(man->tried_count, again->tried_count);
        assert_int_equal(man->medicines_complete, again->medicines_complete);
        assert_int_equal(man->operations_complete, again->operations_complete);
        assert_int_equal(ag_patient_unused_count(again), 0);
        ag_patient_free(again);
        ag_patient_free(man);
        json_decref(facts);
        free(text);
    }
}

static const char *text_of(const json_t *fact, const char *key) {
    return json_string_value(json_object_get(fact, key));
}

static void what_a_reader_sees(void **state) {
    (void)state;
    ag_patient *man = read_man(MEN[0]);
    json_t *facts = facts_in(man, "es");
    assert_string_equal(text_of(fact_of(facts, "dry-orgasm"), "text"), "orgasmo seco");
    assert_string_equal(text_of(fact_of(facts, "tamsulosin"), "name"), "tamsulosina");
    assert_string_equal(text_of(fact_of(facts, "tamsulosin"), "since"), "2024-03");
    assert_string_equal(text_of(fact_of(facts, "sertraline"), "until"), "2023");
    assert_string_equal(text_of(fact_of(facts, "turp"), "kind"), "operation");
    assert_true(json_is_true(json_object_get(fact_of(facts, "blood-in-semen"), "denied")));
    json_decref(facts);
    ag_patient_free(man);
}

static void a_sample_is_one_fact(void **state) {
    (void)state;
    ag_patient *man = read_man(MEN[1]);
    json_t *facts = facts_in(man, "en"), *samples = NULL, *fact, *entry;
    size_t i;
    int count = 0;
    json_array_foreach(json_object_get(facts, "facts"), i, fact) {
        entry = json_object_get(json_object_get(fact, "entry"), "samples");
        count += entry != NULL;
        if (entry != NULL && strcmp(text_of(json_array_get(entry, 0), "date"), "2024-05-01") == 0)
            samples = entry;
    }
    assert_int_equal(count, 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(samples, 0), "tests")), 4);
    json_t *unused = json_object_get(facts, "not_understood");
    assert_int_equal(json_array_size(unused), 1);
    assert_string_equal(text_of(json_array_get(unused, 0), "text"), "xyzol");
    json_decref(facts);
    ag_patient_free(man);
}

static void a_name_that_says_the_side_records_it(void **state) {
    (void)state;
    static const struct {
        const char *line, *sides;
    } lines[] = {{"castration", "both"},
                 {"bilateral orchiectomy", "both"},
                 {"left orchiectomy", "one"},
                 {"CBAVD", "both"},
                 {"congenital unilateral absence of the vas deferens", "one"},
                 {"right hernia repair", "one"}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[120];
        snprintf(text, sizeof text, "conditions: [%s]\n", lines[i].line);
        ag_patient *man = read_man(text);
        assert_int_equal(man->cause_count, 1);
        if (man->causes[0].attribute_count != 1)
            fail_msg("%s", lines[i].line);
        assert_string_equal(man->causes[0].attributes[0].word, lines[i].sides);
        ag_patient_free(man);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_says_the_side_records_it),
        cmocka_unit_test(the_same_man_again),
        cmocka_unit_test(what_a_reader_sees),
        cmocka_unit_test(a_sample_is_one_fact),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
