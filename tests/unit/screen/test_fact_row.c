/* Facts come back from their rows as they were, to the last bit, whatever their texts hold. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fact_row.h"

static const ag_knowledge *knowledge;

static int finding_of(const char *id) {
    int variable = ag_knowledge_variable(knowledge, id);
    return (int)(ag_knowledge_finding_of(knowledge, variable) - knowledge->findings);
}

static ag_fact_row written_and_read(ag_buffer *line) {
    ag_fact_row row;
    assert_false(line->failed);
    assert_null(strchr(line->data, '\n'));
    assert_true(ag_row_read(line->data, line->length, &row));
    return row;
}

static ag_fhir_fact there_and_back(ag_arena *arena, const ag_fhir_fact *fact) {
    ag_buffer line = ag_buffer_start(arena);
    ag_fhir_fact back;
    ag_error error = {0};
    ag_row_write_fact(fact, "p-1", (ag_row_version){"2024-01-02T03:04:05Z", 77}, knowledge, &line);
    ag_fact_row row = written_and_read(&line);
    assert_string_equal(row.column[AG_ROW_KEY], "p-1");
    assert_string_equal(row.column[AG_ROW_UPDATED], "2024-01-02T03:04:05Z");
    assert_string_equal(row.column[AG_ROW_DIGEST], "000000000000004d");
    assert_int_equal(ag_row_read_fact(&row, knowledge, arena, &back, &error), AG_OK);
    return back;
}

static void same_time(ag_fhir_time a, ag_fhir_time b) {
    assert_int_equal(a.by_age, b.by_age);
    if (a.by_age) {
        assert_true(a.age_low == b.age_low && a.age_high == b.age_high);
        return;
    }
    assert_int_equal(a.days.first, b.days.first);
    assert_int_equal(a.days.last, b.days.last);
}

static void a_cause_comes_back(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_fhir_fact fact = {
        .kind = AG_FHIR_CAUSE,
        .type = "MedicationRequest",
        .id = "m,1\"x",
        .index = ag_knowledge_cause(knowledge, "tamsulosin"),
        .present = true,
        .ended = true,
        .start = {.given = true, .days = {18993, 19000}},
        .end = {.given = true, .days = {19500, 19500}},
        .attributes = {{"dose_mg", 0.1 + 0.2, NULL}, {"template", NAN, "bilateral"}},
        .attribute_count = 2,
        .text = "tamsulosin, \"0.4\" mg\n ",
        .specimen = NULL};
    ag_fhir_fact back = there_and_back(arena, &fact);
    assert_int_equal(back.kind, fact.kind);
    assert_int_equal(back.index, fact.index);
    assert_true(back.present && back.ended && back.end.given);
    same_time(back.start, fact.start);
    same_time(back.end, fact.end);
    assert_string_equal(back.type, "MedicationRequest");
    assert_string_equal(back.id, "m,1\"x");
    assert_string_equal(back.text, "tamsulosin, \"0.4\" mg  ");
    assert_int_equal(back.attribute_count, 2);
    assert_true(back.attributes[0].number == 0.1 + 0.2);
    assert_string_equal(back.attributes[1].word, "bilateral");
    assert_null(back.specimen);
    ag_arena_free(arena);
}

static void open_and_odd_times_come_back(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    const ag_fhir_time times[] = {{.days = {INT_MIN, INT_MAX}},
                                  {.given = true, .days = {INT_MIN, 15000}},
                                  {.given = true, .days = {-30000, INT_MAX}},
                                  {.given = true, .days = {-1, 0}},
                                  {.given = true,
                                   .days = {INT_MIN, INT_MAX},
                                   .by_age = true,
                                   .age_low = 30.25,
                                   .age_high = 31.25}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        ag_fhir_fact fact = {.kind = AG_FHIR_CAUSE,
                             .type = "Condition",
                             .index = ag_knowledge_cause(knowledge, "diabetes-type-2"),
                             .present = i % 2 == 0,
                             .start = times[i],
                             .end = {.days = {INT_MIN, INT_MAX}},
                             .text = ""};
        ag_fhir_fact back = there_and_back(arena, &fact);
        same_time(back.start, times[i]);
        assert_int_equal(back.present, fact.present);
        assert_false(back.ended || back.end.given);
        assert_null(back.id);
    }
    ag_arena_free(arena);
}

static void findings_come_back(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    const ag_finding_value values[] = {
        {1, 0, 0}, {-1, 0.8, 0.8}, {-1, 1.0 / 3, INFINITY}, {-1, -INFINITY, 1e-300}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ag_fhir_fact fact = {.kind = AG_FHIR_FINDING,
                             .type = "Observation",
                             .id = "o",
                             .index = finding_of("semen-volume"),
                             .present = true,
                             .symptom = i == 0,
                             .value = values[i],
                             .specimen = "Specimen/1",
                             .start = {.given = true, .days = {19000, 19000}},
                             .end = {.days = {INT_MIN, INT_MAX}},
                             .text = "semen volume"};
        ag_fhir_fact back = there_and_back(arena, &fact);
        assert_int_equal(back.value.state, values[i].state);
        assert_true(back.value.low == values[i].low && back.value.high == values[i].high);
        assert_int_equal(back.symptom, fact.symptom);
        assert_string_equal(back.specimen, "Specimen/1");
    }
    ag_arena_free(arena);
}

static void persons_come_back(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    for (int sex = AG_FHIR_MALE; sex <= AG_FHIR_OTHER_SEX; sex++) {
        ag_fhir_person person = {.sex = (ag_fhir_sex)sex,
                                 .dead = sex % 2 == 1,
                                 .birth_given = true,
                                 .birth_read = sex != AG_FHIR_FEMALE,
                                 .birth = {-5000, -4000}};
        ag_buffer line = ag_buffer_start(arena);
        ag_row_write_person(&person, "id", (ag_row_version){NULL, 1}, &line);
        ag_fact_row row = written_and_read(&line);
        ag_fhir_person back = ag_row_read_person(&row);
        assert_int_equal(back.sex, sex);
        assert_int_equal(back.dead, person.dead);
        assert_true(back.birth_given);
        assert_int_equal(back.birth_read, person.birth_read);
        if (person.birth_read)
            assert_int_equal(back.birth.first, -5000);
    }
    ag_arena_free(arena);
}

static void bad_rows_are_refused(void **state) {
    (void)state;
    const char *const bad[] = {"", "p,1", "\"p", "p,,,,,,,,,,,,,,,,,,,,,,",
                               "p,\"x\"y,,,,,,,,,,,,,,,,,,,"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[64];
        ag_fact_row row;
        strcpy(line, bad[i]);
        assert_false(ag_row_read(line, strlen(line), &row));
    }
    ag_arena *arena = ag_arena_new();
    ag_fact_row row = ag_row_of("p", "1");
    ag_fhir_fact fact;
    ag_error error = {0};
    row.column[AG_ROW_KIND] = "cause";
    row.column[AG_ROW_CARD] = "no-such-card";
    assert_int_equal(ag_row_read_fact(&row, knowledge, arena, &fact, &error), AG_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, "no-such-card"));
    ag_arena_free(arena);
}

int main(void) {
    knowledge = ag_knowledge_builtin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cause_comes_back), cmocka_unit_test(open_and_odd_times_come_back),
        cmocka_unit_test(findings_come_back), cmocka_unit_test(persons_come_back),
        cmocka_unit_test(bad_rows_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
