/* Every beginning of a file: the lines that are whole are read, one that is cut off is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "line_reader.h"

/* Each line but the Encounter gives one row. */
static const char *const LINES[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"male\",\"birthDate\":\"1970-01-02\"}",
    "{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"coding\":[{\"system\":"
    "\"http://snomed.info/sct\",\"code\":\"44054006\"}]},\"subject\":{\"reference\":"
    "\"Patient/p\"}}",
    "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"subject\":{\"reference\":\"Patient/p\"}}",
    "{\"id\":\"m\",\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
    "\"medicationCodeableConcept\":{\"text\":\"tamsulosin\"},\"subject\":{\"reference\":"
    "\"Patient/p\"}}"};
enum { COUNT = sizeof LINES / sizeof LINES[0] };
static const int ROWS[COUNT] = {1, 1, 0, 1};

typedef struct outcome {
    int rows;
    long long faults;
} outcome;

static outcome read_text(const ag_vocabulary *vocabulary, const char *text, size_t size) {
    ag_line_reader reader;
    ag_sorter *sorter = ag_sorter_new(1 << 20, NULL);
    ag_merge *merge = ag_merge_new();
    outcome out = {0, 0};
    assert_int_equal(ag_line_reader_open(&reader, vocabulary, sorter, false), AG_OK);
    for (size_t at = 0; at < size;) {
        ag_scan_line line;
        assert_int_equal(reader.kernels->lines(text + at, size - at, &line, 1), 1);
        ag_line_place place = {0, 0, 1};
        assert_int_equal(
            ag_line_read(&reader, text + at, line.end, line.joint, at + line.end == size, place),
            AG_OK);
        at += line.end + 1;
    }
    out.faults = reader.counts.faults;
    char *line;
    size_t length;
    assert_int_equal(ag_merge_add_sorter(merge, sorter, NULL), AG_OK);
    while (ag_merge_next(merge, &line, &length, NULL) == AG_OK && line != NULL)
        out.rows += line[0] == 'p';
    ag_merge_free(merge);
    ag_line_reader_close(&reader);
    ag_sorter_free(sorter);
    return out;
}

static void every_prefix(void **state) {
    (void)state;
    ag_vocabulary *vocabulary = ag_vocabulary_new(ag_knowledge_builtin());
    char text[2048 + AG_SCAN_PADDING] = "";
    size_t used = 0;
    int rows = 0;
    for (int line = 0; line < COUNT; line++) {
        size_t length = strlen(LINES[line]);
        for (size_t cut = 0; cut <= length; cut++) {
            memcpy(text + used, LINES[line], cut);
            outcome out = read_text(vocabulary, text, used + cut);
            assert_int_equal(out.rows, rows + (cut == length ? ROWS[line] : 0));
            assert_int_equal(out.faults, cut > 0 && cut < length);
        }
        used += length;
        text[used++] = '\n';
        rows += ROWS[line];
    }
    ag_vocabulary_free(vocabulary);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_prefix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
