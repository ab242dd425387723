/* Tables as RFC 4180 describes them, and what is no such table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "csv.h"

static ag_arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = ag_arena_new();
    return arena == NULL;
}

static int close_arena(void **state) {
    (void)state;
    ag_arena_free(arena);
    return 0;
}

static ag_csv start(const char *text) {
    return ag_csv_start(arena, text, strlen(text));
}

static void next(ag_csv *csv, ag_csv_row *row) {
    ag_error error = {0};
    if (ag_csv_next(csv, row, &error) != AG_OK)
        fail_msg("%s", error.message);
}

static void quotes_commas_and_lines(void **state) {
    (void)state;
    ag_csv csv = start("\xEF\xBB\xBF# said before\n\na,\"b, \"\"c\"\"\",\r\n\"two\nlines\",d\n\n");
    ag_csv_row row;
    next(&csv, &row);
    assert_int_equal(row.line, 3);
    assert_int_equal(row.count, 3);
    assert_string_equal(row.fields[0], "a");
    assert_string_equal(row.fields[1], "b, \"c\"");
    assert_string_equal(row.fields[2], "");
    next(&csv, &row);
    assert_int_equal(row.line, 4);
    assert_int_equal(row.count, 2);
    assert_string_equal(row.fields[0], "two\nlines");
    next(&csv, &row);
    assert_int_equal(row.count, 0);
}

static void the_last_line_needs_no_end(void **state) {
    (void)state;
    ag_csv csv = start("a,b\nc,");
    ag_csv_row row;
    next(&csv, &row);
    next(&csv, &row);
    assert_int_equal(row.count, 2);
    assert_string_equal(row.fields[0], "c");
    assert_string_equal(row.fields[1], "");
    next(&csv, &row);
    assert_int_equal(row.count, 0);
}

static void refuse(const char *text, int line, const char *words) {
    ag_csv csv = start(text);
    ag_csv_row row = {.count = 1};
    ag_error error = {0};
    ag_status status = AG_OK;
    while (status == AG_OK && row.count > 0)
        status = ag_csv_next(&csv, &row, &error);
    assert_int_equal(status, AG_ERROR_SYNTAX);
    assert_int_equal(error.line, line);
    if (strstr(error.message, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
}

static void what_is_no_table(void **state) {
    (void)state;
    refuse("a,b\nc,\"d\n\n", 2, "never closed");
    refuse("a\nb\"c\n", 2, "within a plain field");
    refuse("\"a\"b\n", 1, "behind a closing quote");
    char wide[AG_CSV_FIELDS + 2];
    memset(wide, ',', sizeof wide);
    wide[sizeof wide - 1] = '\0';
    refuse(wide, 1, "more than 64 fields");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(quotes_commas_and_lines, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(the_last_line_needs_no_end, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_is_no_table, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
