/* Lines shared out to sorters, and the merge of these. */
#ifndef MERGED_LINES_H
#define MERGED_LINES_H

#include <stdlib.h>
#include <string.h>

#include "sorter.h"

enum { LINES = 20000, LINE = 40, SORTERS = 4 };

typedef struct merged_lines {
    char (*lines)[LINE]; /* in the order of their bytes */
    ag_sorter *sorters[SORTERS];
    int count;
    ag_merge *merge;
} merged_lines;

static int by_bytes(const void *a, const void *b) {
    return strcmp(a, b);
}

/* `count` sorters of `memory` bytes each take the lines in turns; takes them over. */
static merged_lines merge_lines(char (*lines)[LINE], int count, size_t memory) {
    merged_lines m = {.lines = lines, .count = count, .merge = ag_merge_new()};
    for (int s = 0; s < count; s++)
        assert_non_null(m.sorters[s] = ag_sorter_new(memory, NULL));
    for (int i = 0; i < LINES; i++)
        assert_int_equal(ag_sorter_add(m.sorters[i % count], lines[i], strlen(lines[i]), NULL),
                         AG_OK);
    for (int s = 0; s < count; s++)
        assert_int_equal(ag_merge_add_sorter(m.merge, m.sorters[s], NULL), AG_OK);
    qsort(lines, LINES, sizeof *lines, by_bytes);
    return m;
}

static void free_lines(merged_lines *m) {
    ag_merge_free(m->merge);
    for (int s = 0; s < m->count; s++)
        ag_sorter_free(m->sorters[s]);
    free(m->lines);
}

#endif
