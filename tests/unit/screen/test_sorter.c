/* Lines come back all, in the order of their bytes, however little memory there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/merged_lines.h"
#include "random.h"

static char (*make_lines(void))[LINE] {
    char(*lines)[LINE] = calloc(LINES, sizeof *lines);
    assert_non_null(lines);
    for (int i = 0; i < LINES; i++) {
        uint32_t bits[4];
        ag_random_bits(3, 1, (uint64_t)i, bits);
        snprintf(lines[i], LINE, "%c,%u-%u", 'a' + (char)(bits[0] % 3), bits[1] % 1000,
                 bits[2] % (1 + bits[3] % 100000));
    }
    return lines;
}

static void check_order(ag_merge *merge, char (*expected)[LINE], int count) {
    char *line;
    size_t length;
    for (int i = 0; i < count; i++) {
        assert_int_equal(ag_merge_next(merge, &line, &length, NULL), AG_OK);
        assert_non_null(line);
        assert_string_equal(line, expected[i]);
        assert_int_equal(length, strlen(expected[i]));
    }
    assert_int_equal(ag_merge_next(merge, &line, &length, NULL), AG_OK);
    assert_null(line);
}

/* `sorters` share the lines; each has `memory` bytes. */
static void sort_with(int sorters, size_t memory) {
    merged_lines m = merge_lines(make_lines(), sorters, memory);
    check_order(m.merge, m.lines, LINES);
    free_lines(&m);
}

static void in_memory(void **state) {
    (void)state;
    sort_with(1, 1 << 24);
    sort_with(3, 1 << 24);
}

static void on_disk(void **state) {
    (void)state;
    sort_with(1, 1 << 16);
    sort_with(2, 1 << 15);
}

/* So many runs that they are merged to one on the way. */
static void in_many_runs(void **state) {
    (void)state;
    sort_with(1, 2000);
}

static void nothing_at_all(void **state) {
    (void)state;
    ag_sorter *sorter = ag_sorter_new(1000, NULL);
    ag_merge *merge = ag_merge_new();
    assert_int_equal(ag_merge_add_sorter(merge, sorter, NULL), AG_OK);
    check_order(merge, NULL, 0);
    ag_merge_free(merge);
    ag_sorter_free(sorter);
}

static void a_folder_that_is_not_there(void **state) {
    (void)state;
    ag_error error = {0};
    ag_sorter *sorter = ag_sorter_new(8, "/no/such/folder");
    assert_int_equal(ag_sorter_add(sorter, "a,1", 3, &error), AG_OK);
    assert_int_equal(ag_sorter_add(sorter, "a,2", 3, &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "temporary file"));
    ag_sorter_free(sorter);
}

static void a_file_that_is_not_sorted(void **state) {
    (void)state;
    char text[] = "p,2\np,1\n";
    FILE *file = fmemopen(text, strlen(text), "r");
    ag_merge *merge = ag_merge_new();
    ag_error error = {0};
    char *line;
    size_t length;
    assert_int_equal(ag_merge_add_file(merge, file, "facts.csv", 2, &error), AG_OK);
    assert_int_equal(ag_merge_next(merge, &line, &length, &error), AG_OK);
    assert_int_equal(ag_merge_next(merge, &line, &length, &error), AG_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, "facts.csv"));
    ag_merge_free(merge);
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_memory),
                                       cmocka_unit_test(on_disk),
                                       cmocka_unit_test(in_many_runs),
                                       cmocka_unit_test(nothing_at_all),
                                       cmocka_unit_test(a_folder_that_is_not_there),
                                       cmocka_unit_test(a_file_that_is_not_sorted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
