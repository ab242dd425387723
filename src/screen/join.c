/*
 * Rows come by class: counts and faults go to the summary, orders are joined with their
 * Medications, and what comes of them is merged into the rows of the patients.
 */
#include "join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deletions.h"
#include "fhir_facts.h"
#include "judging.h"
#include "resource_rows.h"

typedef struct joining {
    const ag_join_options *options;
    ag_merge *merge;
    ag_sorter *orders; /* rows that came of them */
    ag_line_reader reader;
    ag_screen_summary *summary;
    ag_deletions *deletions;
    ag_arena *arena; /* of one group of other rows */
    ag_fact_row *rows;
    int row_count, row_room;
    const char *last; /* the line before, to leave out doubles */
    size_t last_length;
    ag_error *error;
} joining;

static ag_status no_memory(joining *j) {
    return ag_fail(j->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- rows ---- */

/* Whether the line is the same as the one before. */
static bool is_double(joining *j, const char *line, size_t length) {
    bool twice = j->last != NULL && j->last_length == length && memcmp(j->last, line, length) == 0;
    j->last = line;
    j->last_length = length;
    return twice;
}

static ag_status keep_row(joining *j, const char *line, size_t length) {
    if (j->row_count == j->row_room) {
        int room = j->row_room == 0 ? 1024 : 2 * j->row_room;
        ag_fact_row *rows = realloc(j->rows, (size_t)room * sizeof *rows);
        if (rows == NULL)
            return no_memory(j);
        j->rows = rows;
        j->row_room = room;
    }
    char *copy = ag_arena_text(j->arena, line, length);
    if (copy == NULL)
        return no_memory(j);
    if (!ag_row_read(copy, length, &j->rows[j->row_count]))
        return ag_fail(j->error, AG_ERROR_SYNTAX, AG_ROW_MALFORMED, AG_ROW_COLUMNS, line);
    j->row_count++;
    return AG_OK;
}

static void drop_rows(joining *j) {
    j->row_count = 0;
    ag_arena_reset(j->arena);
}

static long long count_of(const ag_fact_row *row) {
    return strtoll(row->column[AG_ROW_LOW], NULL, 10);
}

/* ---- summary rows ---- */

static bool same_concept(const ag_fact_row *a, const ag_fact_row *b) {
    return strcmp(a->column[AG_ROW_KEY], b->column[AG_ROW_KEY]) == 0 &&
           strcmp(a->column[AG_ROW_RESOURCE], b->column[AG_ROW_RESOURCE]) == 0;
}

/* The rows that are held are of one concept. */
static ag_status sum_concept(joining *j) {
    if (j->row_count == 0)
        return AG_OK;
    const ag_fact_row *first = &j->rows[0];
    const char *text = first->column[AG_ROW_TEXT];
    long long count = 0;
    for (int i = 0; i < j->row_count; i++) {
        const ag_fact_row *row = &j->rows[i];
        count += count_of(row);
        if (strcmp(row->column[AG_ROW_TEXT], text) < 0)
            text = row->column[AG_ROW_TEXT];
    }
    bool ok = ag_summary_add_unknown(j->summary, first->column[AG_ROW_KEY],
                                     first->column[AG_ROW_RESOURCE], text, count);
    drop_rows(j);
    return ok ? AG_OK : no_memory(j);
}

static ag_status take_concept(joining *j, const char *line, size_t length) {
    ag_status status = keep_row(j, line, length);
    if (status != AG_OK || same_concept(&j->rows[0], &j->rows[j->row_count - 1]))
        return status;
    j->row_count--;
    status = sum_concept(j);
    return status == AG_OK ? keep_row(j, line, length) : status;
}

static ag_status take_deletion(joining *j, const char *line, size_t length) {
    ag_status status = keep_row(j, line, length);
    bool ok = status != AG_OK || ag_deletions_add(j->deletions, j->rows[0].column[AG_ROW_KEY],
                                                  j->rows[0].column[AG_ROW_UPDATED]);
    drop_rows(j);
    return ok ? status : no_memory(j);
}

static ag_status take_plain(joining *j, const char *line, size_t length) {
    ag_status status = keep_row(j, line, length);
    if (status != AG_OK)
        return status;
    const ag_fact_row *row = &j->rows[0];
    bool ok = line[0] == AG_ROW_COUNT
                  ? ag_summary_add_count(j->summary, row->column[AG_ROW_KEY], count_of(row))
                  : ag_summary_add_fault(j->summary, row->column[AG_ROW_KEY],
                                         strtoll(row->column[AG_ROW_RESOURCE], NULL, 10),
                                         row->column[AG_ROW_TEXT]);
    drop_rows(j);
    return ok ? AG_OK : no_memory(j);
}

/* ---- medications ---- */

static int64_t instant_of(const ag_fact_row *row) {
    return ag_fhir_instant(row->column[AG_ROW_UPDATED]);
}

static bool is_deleted(const joining *j, const ag_fact_row *medication) {
    char name[AG_ROW_RESOURCE_TEXT];
    return ag_deletions_have(j->deletions,
                             ag_row_resource("Medication", medication->column[AG_ROW_KEY], name),
                             medication->column[AG_ROW_UPDATED]);
}

/* The latest version; of one time the one whose text sorts last. NULL where it was deleted. */
static const ag_fact_row *latest_medication(const joining *j) {
    const ag_fact_row *best = NULL;
    for (int i = 0; i < j->row_count; i++) {
        const ag_fact_row *row = &j->rows[i];
        if (!ag_row_is(row, "medication"))
            continue;
        bool later = best == NULL || instant_of(row) > instant_of(best) ||
                     (instant_of(row) == instant_of(best) &&
                      strcmp(row->column[AG_ROW_TEXT], best->column[AG_ROW_TEXT]) > 0);
        best = later ? row : best;
    }
    return best != NULL && !is_deleted(j, best) ? best : NULL;
}

static const ag_json_value *the_medication(void *data, const ag_json_value *from,
                                           const char *reference) {
    (void)from;
    (void)reference;
    return data;
}

static ag_status parse_row(joining *j, const ag_fact_row *row, ag_arena *arena,
                           const ag_json_value **out) {
    const char *text = row->column[AG_ROW_TEXT];
    return ag_json_parse(j->reader.parser, arena, text, strlen(text), out, j->error);
}

static ag_status resolve_orders(joining *j) {
    const ag_fact_row *row = latest_medication(j);
    const ag_json_value *medication = NULL;
    ag_status status = row != NULL ? parse_row(j, row, j->arena, &medication) : AG_OK;
    for (int i = 0; i < j->row_count && status == AG_OK; i++) {
        const ag_json_value *order;
        if (!ag_row_is(&j->rows[i], "order"))
            continue;
        ag_arena_reset(j->reader.arena);
        status = parse_row(j, &j->rows[i], j->reader.arena, &order);
        if (status == AG_OK)
            status = ag_rows_of_resource(&j->reader, order, the_medication, (void *)medication);
    }
    if (status == AG_OK)
        status = ag_line_reader_settle(&j->reader);
    if (status == AG_ERROR_IO || status == AG_ERROR_MEMORY)
        *j->error = j->reader.error;
    drop_rows(j);
    return status;
}

static ag_status take_medication(joining *j, const char *line, size_t length) {
    ag_status status = keep_row(j, line, length);
    if (status != AG_OK ||
        strcmp(j->rows[0].column[AG_ROW_KEY], j->rows[j->row_count - 1].column[AG_ROW_KEY]) == 0)
        return status;
    j->row_count--;
    status = resolve_orders(j);
    return status == AG_OK ? keep_row(j, line, length) : status;
}

/* ---- the streams ---- */

static ag_status end_of_class(joining *j, char row_class) {
    if (row_class == AG_ROW_CONCEPT)
        return sum_concept(j);
    if (row_class == AG_ROW_MEDICATION)
        return resolve_orders(j);
    return AG_OK;
}

static ag_status take_line(joining *j, const char *line, size_t length) {
    switch (line[0]) {
    case AG_ROW_CONCEPT:
        return take_concept(j, line, length);
    case AG_ROW_DELETION:
        return take_deletion(j, line, length);
    case AG_ROW_FAULT:
    case AG_ROW_COUNT:
        return take_plain(j, line, length);
    case AG_ROW_MEDICATION:
        return take_medication(j, line, length);
    default:
        return ag_fail(j->error, AG_ERROR_SYNTAX, "a row of facts of an unknown class: %.60s",
                       line);
    }
}

/* Whether there is another row that is not of a patient; those of patients stay. */
static ag_status next_other(joining *j, char **line, size_t *length) {
    ag_status status = ag_merge_peek(j->merge, line, length, j->error);
    if (status != AG_OK || *line == NULL)
        return status;
    if (**line != AG_ROW_PATIENT)
        return ag_merge_next(j->merge, line, length, j->error);
    *line = NULL;
    return AG_OK;
}

static ag_status take_others(joining *j) {
    char row_class = '\0', *line;
    size_t length;
    ag_status status;
    while ((status = next_other(j, &line, &length)) == AG_OK && line != NULL) {
        bool twice = is_double(j, line, length);
        if (*line != row_class)
            status = end_of_class(j, row_class);
        row_class = *line;
        /* counts of the same number are not doubles */
        if (status == AG_OK && (!twice || row_class != AG_ROW_MEDICATION))
            status = take_line(j, line, length);
        if (status != AG_OK)
            return status;
    }
    return status == AG_OK ? end_of_class(j, row_class) : status;
}

static ag_status open_join(joining *j) {
    const ag_join_options *o = j->options;
    j->arena = ag_arena_new();
    j->deletions = ag_deletions_new();
    j->orders = ag_sorter_new(o->memory / 2, o->folder);
    bool ok = j->arena != NULL && j->deletions != NULL && j->orders != NULL &&
              ag_line_reader_open(&j->reader, o->vocabulary, j->orders, false) == AG_OK;
    return ok ? AG_OK : no_memory(j);
}

static void close_join(joining *j) {
    ag_line_reader_close(&j->reader);
    ag_sorter_free(j->orders);
    ag_deletions_free(j->deletions);
    ag_arena_free(j->arena);
    free(j->rows);
}

ag_status ag_join(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                  const ag_join_options *options, ag_error *error) {
    ag_error own;
    joining j = {.options = options,
                 .merge = merge,
                 .summary = summary,
                 .error = error != NULL ? error : &own};
    ag_status status = open_join(&j);
    if (status == AG_OK)
        status = take_others(&j);
    if (status == AG_OK)
        status = ag_merge_add_sorter(merge, j.orders, j.error);
    if (status == AG_OK)
        status = ag_judge_patients(out, summary, merge, options, j.deletions, j.error);
    close_join(&j);
    return status;
}
