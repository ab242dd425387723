/*
 * Any bytes as bulk records: lines that are skipped by their bytes must be those that hold no
 * facts. What the quick reading finds, reading with every line parsed must find too, and no more.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/small_knowledge.h"
#include "line_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All rows that come of the text, sorted, one after the other. */
static char *rows_of(const ag_vocabulary *vocabulary, const char *text, size_t size, bool strict) {
    ag_line_reader reader;
    ag_sorter *sorter = ag_sorter_new(1 << 24, NULL);
    ag_merge *merge = ag_merge_new();
    if (sorter == NULL || merge == NULL ||
        ag_line_reader_open(&reader, vocabulary, sorter, strict) != AG_OK)
        abort();
    ag_line_place place = {0, 0, 0};
    for (size_t at = 0; at < size;) {
        bool joint = false;
        size_t length = reader.kernels->line(text + at, size - at, &joint);
        place.line++;
        if (ag_line_read(&reader, text + at, length, joint, at + length == size, place) != AG_OK)
            abort();
        at += length + 1;
    }
    const char *line;
    size_t length, used = 0;
    char *all = calloc(1, 1);
    if (ag_merge_add_sorter(merge, sorter, NULL) != AG_OK)
        abort();
    while (ag_merge_next(merge, &line, &length, NULL) == AG_OK && line != NULL) {
        if (line[0] != 'm' && line[0] != 'p')
            continue; /* of malformed lines the concepts may be counted, as they are not parsed */
        all = realloc(all, used + length + 2);
        if (all == NULL)
            abort();
        memcpy(all + used, line, length);
        used += length;
        all[used++] = '\n';
        all[used] = '\0';
    }
    ag_merge_free(merge);
    ag_line_reader_close(&reader);
    ag_sorter_free(sorter);
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_vocabulary *vocabulary;
    if (vocabulary == NULL && (vocabulary = ag_vocabulary_new(&SMALL)) == NULL)
        abort();
    char *text = calloc(1, size + AG_SCAN_PADDING);
    if (text == NULL)
        abort();
    memcpy(text, data, size);
    char *quick = rows_of(vocabulary, text, size, false);
    char *whole = rows_of(vocabulary, text, size, true);
    if (quick == NULL || whole == NULL || strcmp(quick, whole) != 0)
        abort();
    free(quick);
    free(whole);
    free(text);
    return 0;
}
