/*
 * Rows come by class: counts and faults go to the summary, orders are joined with their
 * Medications, and what comes of them is merged into the rows of the patients. Patients are judged
 * in batches, by several threads, and written in order.
 */
#include "join.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fhir_facts.h"
#include "line_reader.h"
#include "man_writer.h"

enum { BATCH_MEN = 4096 };

static const size_t BATCH_BYTES = (size_t)16 << 20;

/* One patient of a batch. */
typedef struct man {
    int first, count; /* his rows */
    const ag_verdict *verdict;
    struct man *next_later;
    ag_status status;
    ag_error error;
} man;

typedef struct joining {
    const ag_join_options *options;
    ag_merge *merge;
    ag_merge *resolved; /* rows from orders; NULL before there are any patients */
    ag_sorter *orders;
    ag_line_reader reader;
    ag_screen_summary *summary;
    ag_man_writer writer;
    ag_verdicts *verdicts;
    ag_judge *judges[AG_MOST_JUDGES];
    ag_arena *arena; /* of one batch, or of one group of other rows */
    size_t held;     /* bytes in it */
    ag_fact_row *rows;
    bool *used;
    int row_count, row_room;
    man *men;
    int man_count;
    atomic_int next_man;
    char *last; /* the line before, to leave out doubles */
    size_t last_length, last_room;
    ag_error *error;
} joining;

static ag_status no_memory(joining *j) {
    return ag_fail(j->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- rows ---- */

/* Whether the line is the same as the one before. */
static ag_status is_double(joining *j, const char *line, size_t length, bool *twice) {
    *twice = j->last != NULL && j->last_length == length && memcmp(j->last, line, length) == 0;
    if (*twice)
        return AG_OK;
    if (j->last_room < length + 1) {
        char *last = realloc(j->last, 2 * length + 64);
        if (last == NULL)
            return no_memory(j);
        j->last = last;
        j->last_room = 2 * length + 64;
    }
    memcpy(j->last, line, length);
    j->last_length = length;
    return AG_OK;
}

static ag_status keep_row(joining *j, const char *line, size_t length) {
    if (j->row_count == j->row_room) {
        int room = j->row_room == 0 ? 1024 : 2 * j->row_room;
        ag_fact_row *rows = realloc(j->rows, (size_t)room * sizeof *rows);
        if (rows != NULL)
            j->rows = rows;
        bool *used = rows != NULL ? realloc(j->used, (size_t)room * sizeof *used) : NULL;
        if (used == NULL)
            return no_memory(j);
        j->used = used;
        j->row_room = room;
    }
    char *copy = ag_arena_text(j->arena, line, length);
    if (copy == NULL)
        return no_memory(j);
    j->held += length;
    if (!ag_row_read(copy, length, &j->rows[j->row_count]))
        return ag_fail(j->error, AG_ERROR_SYNTAX, "a row of facts has not %d columns: %.60s",
                       AG_ROW_COLUMNS, line);
    j->row_count++;
    return AG_OK;
}

static void drop_rows(joining *j) {
    j->row_count = 0;
    j->held = 0;
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

static bool is_kind(const ag_fact_row *row, const char *kind) {
    return strcmp(row->column[AG_ROW_KIND], kind) == 0;
}

static double instant_of(const ag_fact_row *row) {
    double at = ag_fhir_instant(row->column[AG_ROW_UPDATED]);
    return isnan(at) ? -INFINITY : at;
}

/* The latest version; of one time the one whose text sorts last. */
static const ag_fact_row *latest_medication(const joining *j) {
    const ag_fact_row *best = NULL;
    for (int i = 0; i < j->row_count; i++) {
        const ag_fact_row *row = &j->rows[i];
        if (!is_kind(row, "medication"))
            continue;
        bool later = best == NULL || instant_of(row) > instant_of(best) ||
                     (instant_of(row) == instant_of(best) &&
                      strcmp(row->column[AG_ROW_TEXT], best->column[AG_ROW_TEXT]) > 0);
        best = later ? row : best;
    }
    return best;
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
        if (!is_kind(&j->rows[i], "order"))
            continue;
        ag_arena_reset(j->reader.arena);
        status = parse_row(j, &j->rows[i], j->reader.arena, &order);
        if (status == AG_OK)
            status = ag_line_rows_of(&j->reader, order, the_medication, (void *)medication);
        if (status == AG_ERROR_IO || status == AG_ERROR_MEMORY)
            *j->error = j->reader.error;
    }
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

/* ---- patients ---- */

typedef struct judging {
    joining *join;
    ag_judge *judge;
    pthread_t thread;
} judging;

static void judge_one(judging *t, man *m, bool *busy) {
    joining *j = t->join;
    m->status = ag_judge_man(t->judge, j->rows + m->first, m->count, j->used + m->first, busy,
                             &m->verdict, &m->error);
}

/* Those who need an assessment that another thread makes come last. */
static void *judge_men(void *data) {
    judging *t = data;
    joining *j = t->join;
    man *later = NULL;
    for (int i; (i = atomic_fetch_add(&j->next_man, 1)) < j->man_count;) {
        bool busy = false;
        judge_one(t, &j->men[i], &busy);
        if (busy) {
            j->men[i].next_later = later;
            later = &j->men[i];
        }
    }
    for (; later != NULL; later = later->next_later)
        judge_one(t, later, NULL);
    return NULL;
}

static void judge_batch(joining *j) {
    judging threads[AG_MOST_JUDGES];
    int started = 1, most = j->options->threads < j->man_count ? j->options->threads : 1;
    atomic_store(&j->next_man, 0);
    for (int i = 0; i < most; i++)
        threads[i] = (judging){.join = j, .judge = j->judges[i]};
    for (; started < most; started++)
        if (pthread_create(&threads[started].thread, NULL, judge_men, &threads[started]) != 0)
            break;
    threads[0] = (judging){.join = j, .judge = j->judges[0]};
    judge_men(&threads[0]);
    for (int i = 1; i < started; i++)
        pthread_join(threads[i].thread, NULL);
}

static bool is_selected(const ag_selection *s, const ag_verdict *v) {
    bool has_cause = s->cause < 0;
    for (int i = 0; i < v->cause_count; i++)
        has_cause = has_cause || v->causes[i] == s->cause;
    bool of_age = isnan(v->age_years) ? s->age_from <= 0
                                      : v->age_years >= s->age_from && v->age_years <= s->age_to;
    return v->outcome == AG_OUTCOME_HIT && v->risk.value >= s->risk_least && has_cause && of_age &&
           v->since >= s->since;
}

static ag_status write_batch(joining *j) {
    ag_status status = AG_OK;
    for (int i = 0; i < j->man_count && status == AG_OK; i++) {
        const man *m = &j->men[i];
        if (m->status != AG_OK) {
            if (j->error != NULL)
                *j->error = m->error;
            return m->status;
        }
        if (m->verdict == NULL)
            continue;
        const char *id = j->rows[m->first].column[AG_ROW_KEY];
        bool reported = is_selected(&j->options->selection, m->verdict);
        if (!ag_summary_add_man(j->summary, id, m->verdict, reported))
            return no_memory(j);
        if (reported)
            status = ag_man_write(&j->writer, id, m->verdict, j->rows + m->first,
                                  j->used + m->first, m->count, j->error);
    }
    return status;
}

static ag_status finish_batch(joining *j) {
    judge_batch(j);
    ag_status status = write_batch(j);
    ag_verdicts_tidy(j->verdicts);
    j->man_count = 0;
    drop_rows(j);
    return status;
}

/* Patients are shared out by a hash of their id. */
static bool of_this_part(const joining *j, const char *id) {
    const ag_selection *s = &j->options->selection;
    return s->parts <= 1 || ag_text_hash(AG_HASH_START, id, strlen(id)) % (uint64_t)s->parts ==
                                (uint64_t)(s->part - 1);
}

static ag_status take_patient(joining *j, const char *line, size_t length) {
    ag_status status = keep_row(j, line, length);
    if (status != AG_OK)
        return status;
    const char *id = j->rows[j->row_count - 1].column[AG_ROW_KEY];
    man *m = j->man_count > 0 ? &j->men[j->man_count - 1] : NULL;
    if (m != NULL && strcmp(j->rows[m->first].column[AG_ROW_KEY], id) == 0) {
        m->count++;
        return AG_OK;
    }
    if (!of_this_part(j, id)) {
        j->row_count--;
        return AG_OK;
    }
    if (j->man_count == BATCH_MEN || (j->man_count > 0 && j->held > BATCH_BYTES)) {
        j->row_count--;
        status = finish_batch(j);
        return status == AG_OK ? take_patient(j, line, length) : status;
    }
    j->men[j->man_count++] = (man){.first = j->row_count - 1, .count = 1};
    return AG_OK;
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
    case AG_ROW_FAULT:
    case AG_ROW_COUNT:
        return take_plain(j, line, length);
    case AG_ROW_MEDICATION:
        return take_medication(j, line, length);
    case AG_ROW_PATIENT:
        return take_patient(j, line, length);
    default:
        return ag_fail(j->error, AG_ERROR_SYNTAX, "a row of facts of an unknown class: %.60s",
                       line);
    }
}

/* Up to the first row of a patient, which is not taken yet. */
static ag_status take_others(joining *j, const char **line, size_t *length) {
    char row_class = '\0';
    ag_status status;
    while ((status = ag_merge_next(j->merge, line, length, j->error)) == AG_OK && *line != NULL &&
           **line != AG_ROW_PATIENT) {
        bool twice;
        if (**line != row_class)
            status = end_of_class(j, row_class);
        row_class = **line;
        if (status == AG_OK)
            status = is_double(j, *line, *length, &twice);
        /* counts of the same number are not doubles */
        if (status == AG_OK && (!twice || row_class != AG_ROW_MEDICATION))
            status = take_line(j, *line, *length);
        if (status != AG_OK)
            return status;
    }
    return status == AG_OK ? end_of_class(j, row_class) : status;
}

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length) {
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* The rows of patients and those that came of orders, in one order. */
static ag_status take_patients(joining *j, const char *line, size_t length) {
    const char *other;
    size_t other_length;
    ag_status status = ag_merge_next(j->resolved, &other, &other_length, j->error);
    while (status == AG_OK && (line != NULL || other != NULL)) {
        bool from_orders =
            line == NULL || (other != NULL && compare_bytes(other, other_length, line, length) < 0);
        const char *next = from_orders ? other : line;
        bool twice;
        status = is_double(j, next, from_orders ? other_length : length, &twice);
        if (status == AG_OK && !twice)
            status = take_line(j, next, from_orders ? other_length : length);
        if (status == AG_OK)
            status = from_orders ? ag_merge_next(j->resolved, &other, &other_length, j->error)
                                 : ag_merge_next(j->merge, &line, &length, j->error);
    }
    return status == AG_OK && j->man_count > 0 ? finish_batch(j) : status;
}

static ag_status open_join(joining *j) {
    const ag_join_options *o = j->options;
    j->arena = ag_arena_new();
    j->men = calloc(BATCH_MEN, sizeof *j->men);
    j->orders = ag_sorter_new(o->memory / 2, o->folder);
    j->resolved = ag_merge_new();
    j->verdicts = ag_verdicts_new(o->engine, o->as_of, o->setting);
    bool ok = j->arena != NULL && j->men != NULL && j->orders != NULL && j->resolved != NULL &&
              j->verdicts != NULL;
    ok = ok && ag_line_reader_open(&j->reader, o->vocabulary, j->orders, false) == AG_OK;
    for (int i = 0; ok && i < o->threads; i++) {
        j->judges[i] = ag_judge_new(j->verdicts);
        ok = j->judges[i] != NULL;
    }
    return ok ? AG_OK : no_memory(j);
}

static void close_join(joining *j) {
    for (int i = 0; i < j->options->threads; i++)
        ag_judge_free(j->judges[i]);
    ag_verdicts_free(j->verdicts);
    ag_line_reader_close(&j->reader);
    ag_merge_free(j->resolved);
    ag_sorter_free(j->orders);
    ag_arena_free(j->arena);
    free(j->rows);
    free(j->used);
    free(j->men);
    free(j->last);
}

ag_status ag_join(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                  const ag_join_options *options, ag_error *error) {
    ag_error own;
    joining j = {.options = options,
                 .merge = merge,
                 .summary = summary,
                 .error = error != NULL ? error : &own};
    const char *line = NULL;
    size_t length = 0;
    ag_man_writer_start(&j.writer, out, options->format);
    ag_status status = open_join(&j);
    if (status == AG_OK)
        status = take_others(&j, &line, &length);
    if (status == AG_OK)
        status = ag_merge_add_sorter(j.resolved, j.orders, j.error);
    if (status == AG_OK)
        status = take_patients(&j, line, length);
    summary->assessments = j.verdicts != NULL ? ag_verdicts_assessed(j.verdicts) : 0;
    close_join(&j);
    return status;
}
