/* Which versions count where some say nothing, and how those share rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "versions.h"

enum { MOST_ROWS = 64 };

typedef struct fixture {
    ag_arena *arena;
    ag_sorter *sorter;
    ag_silent_run run;
    ag_fact_row rows[MOST_ROWS];
    bool used[MOST_ROWS];
    int count;
} fixture;

static int make(void **state) {
    static fixture f;
    f = (fixture){.arena = ag_arena_new(),
                  .sorter = ag_sorter_new(1 << 20, NULL),
                  .run.arena = ag_arena_new()};
    *state = &f;
    return f.arena == NULL || f.sorter == NULL || f.run.arena == NULL;
}

static int drop(void **state) {
    fixture *f = *state;
    ag_arena_free(f->arena);
    ag_arena_free(f->run.arena);
    ag_sorter_free(f->sorter);
    return 0;
}

static void add_silent(fixture *f, const char *patient, const char *id, const char *updated) {
    assert_int_equal(
        ag_silent_add(&f->run, patient, strlen(patient), "Condition", id, updated, f->sorter, NULL),
        AG_OK);
}

static void add_said(fixture *f, const char *id, const char *updated, const char *digest) {
    char resource[64];
    snprintf(resource, sizeof resource, "Condition/%s", id);
    ag_fact_row row = ag_row_of("p", "he");
    row.column[AG_ROW_RESOURCE] = ag_arena_copy(f->arena, resource);
    row.column[AG_ROW_UPDATED] = updated;
    row.column[AG_ROW_DIGEST] = digest;
    row.column[AG_ROW_KIND] = "cause";
    ag_buffer line = ag_buffer_start(f->arena);
    ag_row_write(&row, &line);
    assert_int_equal(ag_sorter_add(f->sorter, line.data, line.length, NULL), AG_OK);
}

/* All rows, sorted. */
static void read_rows(fixture *f) {
    ag_merge *merge = ag_merge_new();
    char *line;
    size_t length;
    assert_int_equal(ag_silent_flush(&f->run, f->sorter, NULL), AG_OK);
    assert_int_equal(ag_merge_add_sorter(merge, f->sorter, NULL), AG_OK);
    while (ag_merge_next(merge, &line, &length, NULL) == AG_OK && line != NULL) {
        assert_true(f->count < MOST_ROWS);
        char *copy = ag_arena_text(f->arena, line, length);
        assert_true(ag_row_read(copy, length, &f->rows[f->count++]));
    }
    ag_merge_free(merge);
}

/* The versions that count, as "id digest;". */
static const char *chosen(fixture *f) {
    bool any;
    ag_buffer text = ag_buffer_start(f->arena);
    read_rows(f);
    assert_true(ag_versions_choose(f->rows, f->count, NULL, f->arena, f->used, &any));
    for (int i = 0; i < f->count; i++)
        if (f->used[i])
            ag_buffer_format(&text, "%s %s;",
                             f->rows[i].column[AG_ROW_RESOURCE] + strlen("Condition/"),
                             f->rows[i].column[AG_ROW_DIGEST]);
    assert_int_equal(any, text.length > 0);
    return text.length > 0 ? ag_buffer_text(&text) : "";
}

static void what_says_nothing_ends_what_was_said_before(void **state) {
    fixture *f = *state;
    add_said(f, "before", "2020-01-01T00:00:00Z", "1");
    add_silent(f, "he", "before", "2020-01-01T00:00:00.000001Z");
    add_said(f, "after", "2020-01-01T00:00:00.000002Z", "2");
    add_silent(f, "he", "after", "2020-01-01T00:00:00.000001Z");
    add_said(f, "of-one-time", "2020-01-01T02:00:00+02:00", "3");
    add_silent(f, "he", "of-one-time", "2020-01-01T00:00:00Z");
    add_said(f, "undated", "", "4");
    add_silent(f, "he", "undated", "2020");
    add_said(f, "twice-said", "2020-01-01T00:00:00Z", "5");
    add_said(f, "twice-said", "2020-03-01T00:00:00Z", "6");
    add_silent(f, "he", "twice-said", "2020-02-01T00:00:00Z");
    add_said(f, "alone", "2020-01-01T00:00:00Z", "7");
    assert_string_equal(chosen(f), "after 2;alone 7;of-one-time 3;twice-said 6;");
}

static void the_last_of_several_counts(void **state) {
    fixture *f = *state;
    add_said(f, "a", "2020-06-01T00:00:00Z", "1");
    add_silent(f, "he", "a", "2020-07-01T00:00:00Z");
    add_silent(f, "he", "a", "2020-05-01T00:00:00Z");
    assert_string_equal(chosen(f), "");
}

static void without_id_or_date_nothing_is_noted(void **state) {
    fixture *f = *state;
    add_silent(f, "he", NULL, "2020-01-01");
    add_silent(f, "he", "a", NULL);
    add_silent(f, "he", "a", "yesterday");
    read_rows(f);
    assert_int_equal(f->count, 0);
}

static void those_of_one_patient_share_rows(void **state) {
    fixture *f = *state;
    enum { MANY = 2 * AG_SILENT_MOST + 1 };
    for (int i = 0; i < MANY; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        add_silent(f, "he", id, "2020-01-01");
    }
    add_silent(f, "her", "1", "2020-01-01");
    add_silent(f, "he", "1", "2020-01-02");
    read_rows(f);
    size_t his = 0, hers = 0;
    for (int i = 0; i < f->count; i++) {
        assert_string_equal(f->rows[i].column[AG_ROW_KIND], AG_ROW_SILENT);
        size_t *sum = strcmp(f->rows[i].column[AG_ROW_KEY], "he") == 0 ? &his : &hers;
        *sum += strlen(f->rows[i].column[AG_ROW_TEXT]);
    }
    assert_int_equal(f->count, 5); /* two full ones, the rest, hers, and he again */
    assert_int_equal(his, (MANY + 1) * AG_SILENT_DIGITS);
    assert_int_equal(hers, AG_SILENT_DIGITS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_says_nothing_ends_what_was_said_before, make, drop),
        cmocka_unit_test_setup_teardown(the_last_of_several_counts, make, drop),
        cmocka_unit_test_setup_teardown(without_id_or_date_nothing_is_noted, make, drop),
        cmocka_unit_test_setup_teardown(those_of_one_patient_share_rows, make, drop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
