/*
 * Of one patient there are few resources that say something and many versions that say nothing: the
 * former are put into a hash table, in which the latter are looked up.
 */
#include "versions.h"

#include <string.h>

#include "deletions.h"
#include "digest.h"
#include "fhir_facts.h"

enum { DIGITS = AG_SILENT_DIGITS / 2 };

/* ---- writing ---- */

static uint64_t number_of(const char *resource) {
    return ag_digest_text(0, resource, strlen(resource));
}

static char *write_hex(char *to, uint64_t number) {
    for (int i = 0; i < DIGITS; i++)
        to[i] = "0123456789abcdef"[number >> 4 * (DIGITS - 1 - i) & 15];
    return to + DIGITS;
}

ag_status ag_silent_flush(ag_silent_run *run, ag_sorter *sorter, ag_error *error) {
    if (run->count == 0)
        return AG_OK;
    char text[AG_SILENT_MOST * AG_SILENT_DIGITS + 1], *to = text;
    for (int i = 0; i < run->count; i++)
        to = write_hex(write_hex(to, run->list[i].resource), (uint64_t)run->list[i].updated);
    *to = '\0';
    ag_fact_row row = ag_row_of("p", run->patient);
    row.column[AG_ROW_KIND] = AG_ROW_SILENT;
    row.column[AG_ROW_TEXT] = text;
    ag_buffer line = ag_buffer_start(run->arena);
    ag_row_write(&row, &line);
    run->count = 0;
    return line.failed ? ag_fail(error, AG_ERROR_MEMORY, "out of memory")
                       : ag_sorter_add(sorter, line.data, line.length, error);
}

/* Versions of another patient can follow. */
static ag_status turn_to(ag_silent_run *run, const char *patient, size_t length, ag_sorter *sorter,
                         ag_error *error) {
    ag_status status = ag_silent_flush(run, sorter, error);
    ag_arena_reset(run->arena);
    run->patient = ag_arena_text(run->arena, patient, length);
    return status == AG_OK && run->patient == NULL
               ? ag_fail(error, AG_ERROR_MEMORY, "out of memory")
               : status;
}

ag_status ag_silent_add(ag_silent_run *run, const char *patient, size_t patient_length,
                        const char *type, const char *id, const char *updated, ag_sorter *sorter,
                        ag_error *error) {
    char name[AG_ROW_RESOURCE_TEXT];
    int64_t instant = ag_fhir_instant(updated);
    ag_status status = AG_OK;
    if (id == NULL || instant == AG_FHIR_NO_INSTANT)
        return AG_OK;
    bool same = run->count > 0 && run->count < AG_SILENT_MOST &&
                strncmp(run->patient, patient, patient_length) == 0 &&
                run->patient[patient_length] == '\0';
    if (!same)
        status = turn_to(run, patient, patient_length, sorter, error);
    if (status != AG_OK)
        return status;
    uint64_t number = number_of(ag_row_resource(type, id, name));
    run->list[run->count++] = (struct ag_silent_version){number, instant};
    return AG_OK;
}

/* ---- versions that say nothing ---- */

/* Rows of one resource, of which a version that says nothing may be later. */
typedef struct resource {
    bool taken;
    uint64_t number;
    int64_t silenced; /* the last time at which it said nothing */
} resource;

typedef struct resources {
    resource *slots; /* NULL: nothing is silenced */
    size_t mask;
} resources;

static resource *slot_of(const resources *table, uint64_t number) {
    size_t at = number & table->mask;
    while (table->slots[at].taken && table->slots[at].number != number)
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static bool is_silent(const ag_fact_row *row) {
    return ag_row_is(row, AG_ROW_SILENT);
}

static uint64_t read_hex(const char *text) {
    uint64_t number = 0;
    for (int i = 0; i < DIGITS; i++)
        number = number << 4 | (uint64_t)((text[i] & 15) + (text[i] >> 6) * 9);
    return number;
}

static void read_silent(const resources *table, const char *text) {
    const char *end = text + strlen(text);
    for (; end - text >= AG_SILENT_DIGITS; text += AG_SILENT_DIGITS) {
        resource *r = slot_of(table, read_hex(text));
        int64_t updated = r->taken ? (int64_t)read_hex(text + DIGITS) : INT64_MIN;
        if (updated > r->silenced)
            r->silenced = updated;
    }
}

static bool find_silenced(resources *table, const ag_fact_row *rows, int count, ag_arena *arena) {
    size_t room = 1;
    bool any = false;
    for (int i = 0; i < count; i++)
        any = any || is_silent(&rows[i]);
    *table = (resources){.slots = NULL};
    if (!any)
        return true;
    while (room < 2 * (size_t)count)
        room *= 2;
    table->slots = ag_arena_array(arena, room, sizeof *table->slots);
    table->mask = room - 1;
    if (table->slots == NULL)
        return false;
    for (int i = 0; i < count; i++)
        if (!is_silent(&rows[i])) {
            uint64_t number = number_of(rows[i].column[AG_ROW_RESOURCE]);
            *slot_of(table, number) = (resource){true, number, INT64_MIN};
        }
    for (int i = 0; i < count; i++)
        if (is_silent(&rows[i]))
            read_silent(table, rows[i].column[AG_ROW_TEXT]);
    return true;
}

/* ---- choosing ---- */

static bool same_version(const ag_fact_row *a, const ag_fact_row *b) {
    return strcmp(a->column[AG_ROW_UPDATED], b->column[AG_ROW_UPDATED]) == 0 &&
           strcmp(a->column[AG_ROW_DIGEST], b->column[AG_ROW_DIGEST]) == 0;
}

/* The later one; of one time the one with the greater digest. */
static bool is_later(const ag_fact_row *a, const ag_fact_row *b) {
    int64_t x = ag_fhir_instant(a->column[AG_ROW_UPDATED]),
            y = ag_fhir_instant(b->column[AG_ROW_UPDATED]);
    return x != y ? x > y : strcmp(a->column[AG_ROW_DIGEST], b->column[AG_ROW_DIGEST]) > 0;
}

/* Rows of one resource: those of the latest version, unless it said nothing later or was deleted.
 */
static void keep_latest(const ag_fact_row *rows, int count, int64_t silenced,
                        const ag_deletions *deletions, bool *used) {
    int best = 0;
    for (int i = 1; i < count; i++)
        if (!same_version(&rows[i], &rows[best]) && is_later(&rows[i], &rows[best]))
            best = i;
    const char *updated = rows[best].column[AG_ROW_UPDATED];
    bool over = ag_fhir_instant(updated) < silenced ||
                ag_deletions_have(deletions, rows[best].column[AG_ROW_RESOURCE], updated);
    for (int i = 0; i < count; i++)
        used[i] = !over && (i == best || same_version(&rows[i], &rows[best]));
}

static bool same_row(const ag_fact_row *a, const ag_fact_row *b) {
    for (int i = 0; i < AG_ROW_COLUMNS; i++)
        if (strcmp(a->column[i], b->column[i]) != 0)
            return false;
    return true;
}

/* How many rows are of the same resource as the first; one without id is not known again. */
static int rows_of_resource(const ag_fact_row *rows, int count) {
    const char *name = rows[0].column[AG_ROW_RESOURCE];
    int same = 1;
    while (same < count && strcmp(rows[same].column[AG_ROW_RESOURCE], name) == 0 &&
           strchr(name, '/') != NULL)
        same++;
    return same;
}

bool ag_versions_choose(const ag_fact_row *rows, int count, const ag_deletions *deletions,
                        ag_arena *arena, bool *used, bool *any) {
    resources table;
    *any = false;
    if (!find_silenced(&table, rows, count, arena))
        return false;
    for (int from = 0, same; from < count; from += same) {
        const char *name = rows[from].column[AG_ROW_RESOURCE];
        int64_t silenced =
            table.slots != NULL ? slot_of(&table, number_of(name))->silenced : INT64_MIN;
        same = rows_of_resource(rows + from, count - from);
        keep_latest(rows + from, same, silenced, deletions, used + from);
        for (int i = from; i < from + same; i++) {
            bool twice = i > from && same_row(&rows[i], &rows[i - 1]);
            used[i] = used[i] && !twice && !is_silent(&rows[i]);
            *any = *any || used[i];
        }
    }
    return true;
}
