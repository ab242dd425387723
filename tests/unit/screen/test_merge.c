/* Cut into parts, a stream gives all of its lines in their order, and those of a key together. */
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

enum { PART = 500 };

/* Keys of few and of many lines, one the beginning of others, and bytes that come before a comma;
 * all of the keys of the last sorter are later than those of the others. */
static char (*make_lines(void))[LINE] {
    static const char *const SHAPES[] = {"%u", "%u!", "%u-1", "\"%u\"\"\"", "1"};
    char(*lines)[LINE] = calloc(LINES, sizeof *lines);
    assert_non_null(lines);
    for (int i = 0; i < LINES; i++) {
        uint32_t bits[4];
        char key[LINE / 2];
        ag_random_bits(3, 1, (uint64_t)i, bits);
        snprintf(key, sizeof key, SHAPES[bits[0] % 5], bits[1] % 300);
        snprintf(lines[i], LINE, "%c,%s,%u", i % SORTERS == SORTERS - 1 ? 'q' : 'p', key,
                 bits[2] % 100000);
    }
    return lines;
}

/* Up to the second comma; no key has one in it. */
static size_t key_end(const char *line) {
    return (size_t)(strchr(line + 2, ',') - line);
}

static int check_part(ag_merge *part, const char (*expected)[LINE], int at) {
    char *line, *last = NULL;
    size_t length;
    int count = 0;
    assert_int_equal(ag_merge_next(part, &line, &length, NULL), AG_OK);
    while (line != NULL) {
        assert_true(at + count < LINES);
        assert_string_equal(line, expected[at + count]);
        assert_int_equal(length, strlen(line));
        assert_int_equal(line[0], expected[at][0]);
        count++;
        if (last != NULL)
            last[0] = '\0'; /* it may be overwritten */
        last = line;
        assert_int_equal(ag_merge_next(part, &line, &length, NULL), AG_OK);
    }
    return count;
}

/* How many parts there are. */
static int check_parts(ag_merge *merge, const char (*expected)[LINE], int at) {
    ag_merge *part = ag_merge_new();
    int parts = 0, largest = 0;
    for (int count; assert_int_equal(ag_merge_cut(merge, PART, part, NULL), AG_OK),
                    (count = check_part(part, expected, at)) > 0;
         parts++) {
        size_t end = key_end(expected[at + count - 1]) + 1;
        at += count;
        assert_true(at == LINES || strncmp(expected[at - 1], expected[at], end) != 0);
        largest = count > largest ? count : largest;
    }
    assert_int_equal(at, LINES);
    assert_true(largest < LINES / 4);
    ag_merge_free(part);
    return parts;
}

/* After `before` lines that are read one by one. */
static void cut_with(int sorters, size_t memory, int before) {
    merged_lines m = merge_lines(make_lines(), sorters, memory);
    char *line;
    size_t length;
    for (int i = 0; i < before; i++)
        assert_int_equal(ag_merge_next(m.merge, &line, &length, NULL), AG_OK);
    int parts = check_parts(m.merge, (const char(*)[LINE])m.lines, before);
    assert_in_range(parts, 5, LINES / 100);
    free_lines(&m);
}

static void in_memory(void **state) {
    (void)state;
    cut_with(1, 1 << 24, 0);
    cut_with(3, 1 << 24, 1);
    cut_with(SORTERS, 1 << 24, 1000);
}

static void on_disk(void **state) {
    (void)state;
    cut_with(1, 1 << 17, 0);
    cut_with(SORTERS, 1 << 16, 1000);
}

/* One that is added in between takes part from where the others are. */
static void added_later(void **state) {
    (void)state;
    ag_line first[] = {{0, "p,1,a", 5}, {0, "p,2,a", 5}, {0, "p,4,a", 5}};
    ag_line later[] = {{0, "p,3,a", 5}, {0, "p,5,a", 5}};
    const char *const expected[] = {"p,1,a", "p,2,a", "p,3,a", "p,4,a", "p,5,a"};
    ag_merge *merge = ag_merge_new();
    char *line;
    size_t length;
    assert_int_equal(ag_merge_add_lines(merge, first, 3, NULL), AG_OK);
    for (int i = 0; i < 5; i++) {
        if (i == 1)
            assert_int_equal(ag_merge_add_lines(merge, later, 2, NULL), AG_OK);
        assert_int_equal(ag_merge_peek(merge, &line, &length, NULL), AG_OK);
        assert_string_equal(line, expected[i]);
        assert_int_equal(ag_merge_next(merge, &line, &length, NULL), AG_OK);
        assert_string_equal(line, expected[i]);
    }
    assert_int_equal(ag_merge_next(merge, &line, &length, NULL), AG_OK);
    assert_null(line);
    ag_merge_free(merge);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_memory), cmocka_unit_test(on_disk),
                                       cmocka_unit_test(added_later)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
