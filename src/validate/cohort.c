#include "cohort.h"

#include <math.h>
#include <string.h>

#include "csv.h"
#include "files.h"
#include "text.h"

enum { ID, POPULATION, EVENT, EVENTS, TOTAL, NEEDED, LEAVE_OUT = NEEDED, AUTHOR, TITLE, ABOUT };
enum { JOURNAL = ABOUT + 1, YEAR, PMID, DOI, READ, NOTE, COLUMNS };
static const char *const columns[COLUMNS] = {
    "id",    "population", "event", "events", "total", "leave_out", "first_author", "title",
    "about", "journal",    "year",  "pmid",   "doi",   "read",      "note"};

typedef struct table {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    const char *path;
    int place[COLUMNS]; /* of each column in the rows; -1: not there */
    ag_error *error;
} table;

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status read_header(table *t, const ag_csv_row *row) {
    for (int c = 0; c < COLUMNS; c++)
        t->place[c] = -1;
    for (int i = 0; i < row->count; i++) {
        int c = 0;
        while (c < COLUMNS && strcmp(row->fields[i], columns[c]) != 0)
            c++;
        if (c == COLUMNS)
            return ag_fail_at(t->error, AG_ERROR_NAME, row->line, 1,
                              "there is no column \"%.40s\"; the columns are id, population, "
                              "event, events, total, leave_out, first_author, title, about, "
                              "journal, year, pmid, doi, read, note",
                              row->fields[i]);
        t->place[c] = i;
    }
    for (int c = 0; c < NEEDED; c++)
        if (t->place[c] < 0)
            return ag_fail_at(t->error, AG_ERROR_VALUE, row->line, 1,
                              "the column \"%s\" is missing", columns[c]);
    return AG_OK;
}

static const char *cell(const table *t, const ag_csv_row *row, int column) {
    int place = t->place[column];
    return place >= 0 && place < row->count && row->fields[place][0] != '\0' ? row->fields[place]
                                                                             : NULL;
}

static ag_status fail_cell(table *t, const ag_csv_row *row, const char *message) {
    return ag_fail_at(t->error, AG_ERROR_VALUE, row->line, 1, "%s", message);
}

/* A cell that holds a map as YAML writes it: {age: 60, medicines: [silodosin]}. */
static ag_status read_map(table *t, const ag_csv_row *row, int column, const ag_node **out) {
    const char *text = cell(t, row, column);
    ag_status status = text != NULL ? ag_yaml_parse(t->arena, text, strlen(text), out, t->error)
                                    : fail_cell(t, row, "population and event must be given");
    if (status == AG_OK && (*out == NULL || (*out)->kind != AG_NODE_MAP))
        status = fail_cell(t, row,
                           "population and event are parts of a case, written {age: 60, "
                           "medicines: [silodosin]}");
    if (status != AG_OK && t->error != NULL) {
        t->error->line = row->line;
        t->error->column = 0;
    }
    return status;
}

static ag_status read_count(table *t, const ag_csv_row *row, int column, int *out) {
    const char *text = cell(t, row, column);
    double number;
    if (text == NULL || !ag_text_number(text, &number) || number != floor(number) || number < 0 ||
        number > 1e6)
        return fail_cell(t, row, "events and total are whole numbers from 0 to 1000000");
    *out = (int)number;
    return AG_OK;
}

static ag_status read_leave_out(table *t, const char *text, ag_texts *out) {
    char *copy = text != NULL ? ag_arena_copy(t->arena, text) : NULL;
    const char **items =
        ag_arena_array(t->arena, text != NULL ? strlen(text) + 1 : 1, sizeof *items);
    *out = (ag_texts){items, 0};
    if (items == NULL || (text != NULL && copy == NULL))
        return no_memory(t->error);
    for (char *at = copy; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length > 0)
            items[out->count++] = at;
        at += length;
        if (*at == ' ')
            *at++ = '\0';
    }
    return AG_OK;
}

/* The event is a part of a case, or {mechanisms: [ids]}, or {treatment: id, response: id}. */
static ag_status read_event(table *t, const ag_csv_row *row, ag_cohort *out) {
    ag_status status = read_map(t, row, EVENT, &out->event);
    if (status != AG_OK)
        return status;
    const ag_node *mechanisms = ag_node_get(out->event, "mechanisms");
    const ag_node *treatment = ag_node_get(out->event, "treatment");
    const ag_node *response = ag_node_get(out->event, "response");
    if (mechanisms != NULL)
        status = ag_node_mechanisms(t->arena, t->knowledge, mechanisms, &out->mechanisms, t->error);
    if (status == AG_OK && treatment != NULL) {
        if (treatment->kind != AG_NODE_TEXT || response == NULL || response->kind != AG_NODE_TEXT)
            return fail_cell(t, row, "write {treatment: id, response: id}");
        out->treatment = treatment->text;
        out->response = response->text;
    }
    if (mechanisms != NULL || treatment != NULL)
        out->event = NULL;
    if (status != AG_OK && t->error != NULL) {
        t->error->line = row->line;
        t->error->column = 0;
    }
    return status;
}

static ag_status read_row(table *t, const ag_csv_row *row, ag_cohort *out) {
    *out = (ag_cohort){.path = t->path, .line = row->line, .id = cell(t, row, ID)};
    out->source = (ag_publication){.first_author = cell(t, row, AUTHOR),
                                   .title = cell(t, row, TITLE),
                                   .about = cell(t, row, ABOUT),
                                   .journal = cell(t, row, JOURNAL),
                                   .year = cell(t, row, YEAR),
                                   .pmid = cell(t, row, PMID),
                                   .doi = cell(t, row, DOI),
                                   .read = cell(t, row, READ)};
    out->note = cell(t, row, NOTE);
    if (out->id == NULL)
        return fail_cell(t, row, "the id is missing");
    ag_status status = read_map(t, row, POPULATION, &out->population);
    if (status == AG_OK)
        status = read_event(t, row, out);
    if (status == AG_OK)
        status = read_count(t, row, EVENTS, &out->events);
    if (status == AG_OK)
        status = read_count(t, row, TOTAL, &out->total);
    if (status == AG_OK && (out->events > out->total || out->total == 0))
        status = fail_cell(t, row, "total is at least 1, and events no more than it");
    return status == AG_OK ? read_leave_out(t, cell(t, row, LEAVE_OUT), &out->leave_out) : status;
}

enum { MOST_ROWS = 2000 };

static ag_status read_table(table *t, const char *text, size_t length, ag_cohort *items,
                            int *count) {
    ag_csv_row row;
    ag_csv csv = ag_csv_start(t->arena, text, length);
    ag_status status = ag_csv_next(&csv, &row, t->error);
    if (status == AG_OK && row.count > 0)
        status = read_header(t, &row);
    while (status == AG_OK && row.count > 0) {
        status = ag_csv_next(&csv, &row, t->error);
        if (status != AG_OK || row.count == 0)
            break;
        if (*count == MOST_ROWS)
            return fail_cell(t, &row, "there are more than 2000 rows");
        status = read_row(t, &row, &items[(*count)++]);
    }
    return status;
}

static ag_status parse(ag_cohort_list *out, ag_cohort *items, ag_arena *arena,
                       const ag_knowledge *knowledge, const char *path, const char *text,
                       size_t length, ag_error *error) {
    table t = {.arena = arena, .knowledge = knowledge, .path = path, .error = error};
    ag_status status = read_table(&t, text, length, items, &out->count);
    if (status != AG_OK)
        ag_fault_where(error, path);
    return status;
}

ag_status ag_cohorts_parse(ag_cohort_list *out, ag_arena *arena, const ag_knowledge *knowledge,
                           const char *path, const char *text, size_t length, ag_error *error) {
    ag_cohort *items = ag_arena_array(arena, MOST_ROWS, sizeof *items);
    *out = (ag_cohort_list){items, 0};
    return items != NULL ? parse(out, items, arena, knowledge, path, text, length, error)
                         : no_memory(error);
}

ag_status ag_cohorts_read(ag_cohort_list *out, ag_arena *arena, const ag_knowledge *knowledge,
                          const ag_texts *paths, ag_error *error) {
    ag_cohort *items = ag_arena_array(arena, MOST_ROWS, sizeof *items);
    *out = (ag_cohort_list){items, 0};
    ag_status status = items != NULL ? AG_OK : no_memory(error);
    for (int i = 0; i < paths->count && status == AG_OK; i++) {
        const char *text;
        size_t length;
        status = ag_file_read(arena, paths->items[i], &text, &length, error);
        if (status == AG_OK)
            status = parse(out, items, arena, knowledge, paths->items[i], text, length, error);
    }
    return status;
}
