/*
 * Any bytes as bulk records: lines that are skipped by their bytes must be those that hold no
 * facts. What the quick reading finds, reading with every line parsed must find too, and no more.
 * Of malformed lines, which the quick reading need not see to be malformed, concepts and versions
 * that say nothing may be noted.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/small_knowledge.h"
#include "line_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of text. */
typedef struct lines {
    char *text;
    size_t length;
} lines;

/* What comes of the input, sorted. */
typedef struct found {
    lines facts;
    lines silent; /* a patient and a version that says nothing */
} found;

static void add_line(lines *to, const char *start, size_t start_length, const char *text,
                     size_t length) {
    to->text = realloc(to->text, to->length + start_length + length + 2);
    if (to->text == NULL)
        abort();
    memcpy(to->text + to->length, start, start_length);
    memcpy(to->text + to->length + start_length, text, length);
    to->length += start_length + length + 1;
    to->text[to->length - 1] = '\n';
    to->text[to->length] = '\0';
}

static void add_row(found *to, const char *line, size_t length) {
    char *copy = calloc(1, length + 1);
    ag_fact_row row;
    if (copy == NULL)
        abort();
    memcpy(copy, line, length);
    if (!ag_row_read(copy, length, &row))
        abort();
    if (strcmp(row.column[AG_ROW_KIND], AG_ROW_SILENT) == 0)
        for (const char *at = row.column[AG_ROW_TEXT]; *at != '\0'; at += AG_SILENT_DIGITS)
            add_line(&to->silent, row.column[AG_ROW_KEY], strlen(row.column[AG_ROW_KEY]), at,
                     AG_SILENT_DIGITS);
    else if (line[0] == AG_ROW_DELETION || line[0] == AG_ROW_MEDICATION ||
             line[0] == AG_ROW_PATIENT)
        add_line(&to->facts, line, length, "", 0);
    free(copy);
}

static found read_text(const ag_vocabulary *vocabulary, const char *text, size_t size,
                       bool strict) {
    ag_line_reader reader;
    ag_sorter *sorter = ag_sorter_new(1 << 24, NULL);
    ag_merge *merge = ag_merge_new();
    if (sorter == NULL || merge == NULL ||
        ag_line_reader_open(&reader, vocabulary, sorter, strict) != AG_OK)
        abort();
    ag_line_place place = {0, 0, 0};
    for (size_t at = 0; at < size;) {
        ag_scan_line line;
        if (reader.kernels->lines(text + at, size - at, &line, 1) != 1)
            abort();
        place.line++;
        if (ag_line_read(&reader, text + at, line.end, line.joint, at + line.end == size, place) !=
            AG_OK)
            abort();
        at += line.end + 1;
    }
    if (ag_line_reader_settle(&reader) != AG_OK)
        abort();
    char *line;
    size_t length;
    found out = {{NULL, 0}, {NULL, 0}};
    if (ag_merge_add_sorter(merge, sorter, NULL) != AG_OK)
        abort();
    while (ag_merge_next(merge, &line, &length, NULL) == AG_OK && line != NULL)
        add_row(&out, line, length);
    ag_merge_free(merge);
    ag_line_reader_close(&reader);
    ag_sorter_free(sorter);
    return out;
}

static bool same(const lines *a, const lines *b) {
    return a->length == b->length && (a->length == 0 || memcmp(a->text, b->text, a->length) == 0);
}

/* Whether every line of `some` stands in `all`. */
static bool holds(const lines *all, const lines *some) {
    for (size_t at = 0; at < some->length;) {
        const char *line = some->text + at, *end = strchr(line, '\n') + 1;
        size_t length = (size_t)(end - line), place = 0;
        while (place + length <= all->length && memcmp(all->text + place, line, length) != 0)
            place += (size_t)(strchr(all->text + place, '\n') + 1 - (all->text + place));
        if (place + length > all->length)
            return false;
        at += length;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_vocabulary *vocabulary;
    if (vocabulary == NULL && (vocabulary = ag_vocabulary_new(&SMALL)) == NULL)
        abort();
    char *text = calloc(1, size + AG_SCAN_PADDING);
    if (text == NULL)
        abort();
    memcpy(text, data, size);
    found quick = read_text(vocabulary, text, size, false);
    found whole = read_text(vocabulary, text, size, true);
    if (!same(&quick.facts, &whole.facts) || !holds(&quick.silent, &whole.silent))
        abort();
    free(quick.facts.text);
    free(quick.silent.text);
    free(whole.facts.text);
    free(whole.silent.text);
    free(text);
    return 0;
}
