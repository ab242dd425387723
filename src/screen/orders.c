/* Each thread takes parts of the rows, by Medication, and keeps what comes of them. */
#include "orders.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fhir_facts.h"
#include "resource_rows.h"
#include "row_group.h"

/* Rows that a thread takes at a time, if not of one Medication alone: they hold whole resources. */
enum { PART_ROWS = 64 };

/* One thread. */
typedef struct resolver {
    ag_orders *orders;
    ag_merge *part;
    ag_sorter *sorter;
    ag_line_reader reader;
    ag_row_group group;              /* the versions of one Medication */
    const ag_json_value *medication; /* the one that counts, once it is chosen */
    bool chosen;
    ag_status status;
    ag_error error;
    pthread_t thread;
} resolver;

struct ag_orders {
    const ag_deletions *deletions;
    pthread_mutex_t lock; /* of the merge */
    ag_merge *merge;
    bool over;
    int count;
    resolver resolvers[];
};

/* ---- one Medication ---- */

static int64_t instant_of(const ag_fact_row *row) {
    return ag_fhir_instant(row->column[AG_ROW_UPDATED]);
}

static bool is_deleted(const ag_deletions *deletions, const ag_fact_row *medication) {
    char name[AG_ROW_RESOURCE_TEXT];
    return ag_deletions_have(deletions,
                             ag_row_resource("Medication", medication->column[AG_ROW_KEY], name),
                             medication->column[AG_ROW_UPDATED]);
}

/* The latest version; of one time the one whose text sorts last. NULL where it was deleted. */
static const ag_fact_row *latest_medication(const resolver *r) {
    const ag_fact_row *best = NULL;
    for (int i = 0; i < r->group.count; i++) {
        const ag_fact_row *row = &r->group.rows[i];
        if (!ag_row_is(row, "medication"))
            continue;
        bool later = best == NULL || instant_of(row) > instant_of(best) ||
                     (instant_of(row) == instant_of(best) &&
                      strcmp(row->column[AG_ROW_TEXT], best->column[AG_ROW_TEXT]) > 0);
        best = later ? row : best;
    }
    return best != NULL && !is_deleted(r->orders->deletions, best) ? best : NULL;
}

static const ag_json_value *the_medication(void *data, const ag_json_value *from,
                                           const char *reference) {
    (void)from;
    (void)reference;
    return data;
}

static ag_status parse_row(resolver *r, const ag_fact_row *row, ag_arena *arena,
                           const ag_json_value **out) {
    const char *text = row->column[AG_ROW_TEXT];
    return ag_json_parse(r->reader.parser, arena, text, strlen(text), out, &r->error);
}

static ag_status choose_medication(resolver *r) {
    const ag_fact_row *row = r->chosen ? NULL : latest_medication(r);
    r->chosen = true;
    return row != NULL ? parse_row(r, row, r->group.arena, &r->medication) : AG_OK;
}

static ag_status resolve_order(resolver *r, const ag_fact_row *row) {
    const ag_json_value *order;
    ag_status status = choose_medication(r);
    if (status == AG_OK)
        status = parse_row(r, row, r->reader.arena, &order);
    if (status == AG_OK)
        status = ag_rows_of_resource(&r->reader, order, the_medication, (void *)r->medication);
    if (status == AG_ERROR_IO || status == AG_ERROR_MEMORY)
        r->error = r->reader.error;
    return status;
}

static void next_medication(resolver *r) {
    ag_row_group_drop(&r->group);
    r->medication = NULL;
    r->chosen = false;
}

/* ---- a part ---- */

/* Medications come before their orders, by the names of the types. */
static ag_status take_row(resolver *r, const char *line, size_t length) {
    ag_fact_row row;
    ag_arena_reset(r->reader.arena);
    char *copy = ag_arena_text(r->reader.arena, line, length);
    if (copy == NULL)
        return ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory");
    if (!ag_row_read(copy, length, &row))
        return ag_fail(&r->error, AG_ERROR_SYNTAX, AG_ROW_MALFORMED, AG_ROW_COLUMNS, line);
    return ag_row_is(&row, "order") ? resolve_order(r, &row)
                                    : ag_row_group_add(&r->group, line, length, &r->error);
}

static ag_status resolve_part(resolver *r) {
    char *line, *last = NULL;
    size_t length, last_length = 0, beginning = 0;
    ag_status status;
    while ((status = ag_merge_next(r->part, &line, &length, &r->error)) == AG_OK && line != NULL) {
        bool same = last != NULL && length >= beginning && memcmp(last, line, beginning) == 0;
        if (same && length == last_length && memcmp(last, line, length) == 0)
            continue; /* a double */
        if (!same)
            next_medication(r);
        status = take_row(r, line, length);
        if (status != AG_OK)
            return status;
        last = line;
        last_length = length;
        beginning = ag_row_beginning(line);
    }
    if (status == AG_OK && (status = ag_line_reader_settle(&r->reader)) != AG_OK)
        r->error = r->reader.error;
    return status;
}

/* Whether there is another part; none where one failed. */
static bool take_part(resolver *r) {
    ag_orders *o = r->orders;
    char *line = NULL;
    size_t length;
    pthread_mutex_lock(&o->lock);
    if (!o->over)
        r->status = ag_merge_peek(o->merge, &line, &length, &r->error);
    bool any = line != NULL && *line == AG_ROW_MEDICATION;
    if (any)
        r->status = ag_merge_cut(o->merge, PART_ROWS, r->part, &r->error);
    o->over = o->over || !any || r->status != AG_OK;
    pthread_mutex_unlock(&o->lock);
    return any && r->status == AG_OK;
}

static void *resolve(void *data) {
    resolver *r = data;
    while (r->status == AG_OK && take_part(r))
        r->status = resolve_part(r);
    ag_sorter_sort(r->sorter);
    return NULL;
}

/* ---- all ---- */

static ag_status open_resolver(resolver *r, ag_orders *o, const ag_join_options *options) {
    r->orders = o;
    r->part = ag_merge_new();
    r->sorter = ag_sorter_new(options->memory / 2 / (size_t)options->threads, options->folder);
    bool ok = ag_row_group_open(&r->group) && r->part != NULL && r->sorter != NULL;
    return ok ? ag_line_reader_open(&r->reader, options->vocabulary, r->sorter, false)
              : AG_ERROR_MEMORY;
}

static ag_orders *new_orders(ag_merge *merge, const ag_join_options *options,
                             const ag_deletions *deletions) {
    ag_orders *o = calloc(1, sizeof *o + (size_t)options->threads * sizeof o->resolvers[0]);
    if (o == NULL)
        return NULL;
    o->deletions = deletions;
    o->merge = merge;
    pthread_mutex_init(&o->lock, NULL);
    for (; o->count < options->threads; o->count++)
        if (open_resolver(&o->resolvers[o->count], o, options) != AG_OK) {
            o->count++;
            ag_orders_free(o);
            return NULL;
        }
    return o;
}

void ag_orders_free(ag_orders *o) {
    if (o == NULL)
        return;
    for (int i = 0; i < o->count; i++) {
        ag_line_reader_close(&o->resolvers[i].reader);
        ag_row_group_close(&o->resolvers[i].group);
        ag_merge_free(o->resolvers[i].part);
        ag_sorter_free(o->resolvers[i].sorter);
    }
    pthread_mutex_destroy(&o->lock);
    free(o);
}

static void run(ag_orders *o) {
    int started = 1;
    for (; started < o->count; started++)
        if (pthread_create(&o->resolvers[started].thread, NULL, resolve, &o->resolvers[started]) !=
            0)
            break; /* fewer will do it */
    resolve(&o->resolvers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(o->resolvers[i].thread, NULL);
}

ag_status ag_orders_resolve(ag_orders **out, ag_merge *merge, const ag_join_options *options,
                            const ag_deletions *deletions, ag_error *error) {
    char *line;
    size_t length;
    *out = NULL;
    ag_status status = ag_merge_peek(merge, &line, &length, error);
    if (status != AG_OK || line == NULL || *line != AG_ROW_MEDICATION)
        return status;
    ag_orders *o = *out = new_orders(merge, options, deletions);
    if (o == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    run(o);
    for (int i = 0; i < o->count && status == AG_OK; i++) {
        status = o->resolvers[i].status;
        if (status != AG_OK && error != NULL)
            *error = o->resolvers[i].error;
    }
    for (int i = 0; i < o->count && status == AG_OK; i++)
        status = ag_merge_add_sorter(merge, o->resolvers[i].sorter, error);
    return status;
}
