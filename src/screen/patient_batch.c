/*
 * Rows are kept as they come. The threads split them into columns, judge the men, and write what is
 * said of each into a text of their own; the texts are then put out in order.
 */
#include "patient_batch.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "man_writer.h"

enum { BATCH_MEN = 4096, ROWS_FIRST = 1024 };

static const size_t BATCH_BYTES = (size_t)4 << 20;

/* One patient. */
typedef struct man {
    int first, count; /* his rows */
    bool split;       /* into columns */
    const ag_verdict *verdict;
    bool reported, has_unused;
    int judge; /* in whose text he stands, and where */
    size_t text, text_length;
    struct man *next_later;
    ag_status status;
    ag_error error;
} man;

/* One thread. */
typedef struct judging {
    ag_patient_batch *batch;
    ag_judge *judge;
    ag_arena *arena;
    ag_buffer text;
    pthread_t thread;
} judging;

struct ag_patient_batch {
    const ag_join_options *options;
    FILE *out;
    ag_screen_summary *summary;
    ag_verdicts *verdicts;
    judging judging[AG_MOST_JUDGES];
    char *text; /* of all rows, each with a byte behind */
    size_t text_length, text_room;
    size_t *line; /* where each row begins in it; one more entry than there are rows */
    ag_fact_row *rows;
    bool *used;
    int row_count, row_room;
    man *men;
    int man_count;
    atomic_int next_man;
};

ag_patient_batch *ag_patient_batch_new(const ag_join_options *options, FILE *out,
                                       ag_screen_summary *summary) {
    ag_patient_batch *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->options = options;
    b->out = out;
    b->summary = summary;
    b->verdicts = ag_verdicts_new(options->engine, options->as_of, options->setting);
    b->men = calloc(BATCH_MEN, sizeof *b->men);
    bool ok = b->verdicts != NULL && b->men != NULL;
    for (int i = 0; ok && i < options->threads; i++) {
        judging *j = &b->judging[i];
        *j = (judging){.batch = b, .judge = ag_judge_new(b->verdicts), .arena = ag_arena_new()};
        j->text = ag_buffer_start(j->arena);
        ok = j->judge != NULL && j->arena != NULL;
    }
    if (!ok) {
        ag_patient_batch_free(b);
        return NULL;
    }
    ag_man_write_heading(out, options->format);
    return b;
}

void ag_patient_batch_free(ag_patient_batch *b) {
    if (b == NULL)
        return;
    for (int i = 0; i < b->options->threads; i++) {
        ag_judge_free(b->judging[i].judge);
        ag_arena_free(b->judging[i].arena);
    }
    ag_verdicts_free(b->verdicts);
    free(b->text);
    free(b->line);
    free(b->rows);
    free(b->used);
    free(b->men);
    free(b);
}

long long ag_patient_batch_assessments(const ag_patient_batch *batch) {
    return ag_verdicts_assessed(batch->verdicts);
}

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- judging ---- */

static ag_status split_rows(const ag_patient_batch *b, const man *m, ag_error *error) {
    for (int i = m->first; i < m->first + m->count; i++)
        if (!ag_row_read(b->text + b->line[i], b->line[i + 1] - b->line[i] - 1, &b->rows[i]))
            return ag_fail(error, AG_ERROR_SYNTAX, AG_ROW_MALFORMED, AG_ROW_COLUMNS,
                           b->text + b->line[i]);
    return AG_OK;
}

static bool has_cause(const ag_join_options *o, const ag_verdict *v) {
    const ag_selection *s = &o->selection;
    const ag_cause *causes = ag_engine_knowledge(o->engine)->causes;
    bool has = s->cause < 0 && s->group == NULL;
    for (int i = 0; i < v->cause_count && !has; i++) {
        const char *group = causes[v->causes[i]].group;
        has = v->causes[i] == s->cause ||
              (s->group != NULL && group != NULL && strcmp(group, s->group) == 0);
    }
    return has;
}

static bool is_selected(const ag_join_options *o, const ag_verdict *v) {
    const ag_selection *s = &o->selection;
    bool of_age = isnan(v->age_years) ? s->age_from <= 0
                                      : v->age_years >= s->age_from && v->age_years <= s->age_to;
    return v->outcome == AG_OUTCOME_HIT && v->risk.value >= s->risk_least && has_cause(o, v) &&
           of_age && v->since >= s->since;
}

static void write_man(judging *j, man *m) {
    const ag_patient_batch *b = j->batch;
    m->judge = (int)(j - b->judging);
    m->text = j->text.length;
    ag_man_write(&j->text, b->options->format, m->verdict, b->rows + m->first, b->used + m->first,
                 m->count);
    m->text_length = j->text.length - m->text;
    if (j->text.failed)
        m->status = no_memory(&m->error);
}

static bool is_unused(const ag_patient_batch *b, int row) {
    return b->used[row] && strcmp(b->rows[row].column[AG_ROW_KIND], "unused") == 0;
}

/* Of men alone: nobody asks what a woman's record holds of ours. */
static bool has_unused(const ag_patient_batch *b, const man *m) {
    if (m->verdict == NULL || m->verdict->outcome == AG_OUTCOME_WOMAN ||
        m->verdict->outcome == AG_OUTCOME_NO_PERSON)
        return false;
    for (int i = m->first; i < m->first + m->count; i++)
        if (is_unused(b, i))
            return true;
    return false;
}

static void judge_man(judging *j, man *m, bool *busy) {
    const ag_patient_batch *b = j->batch;
    m->status = m->split ? AG_OK : split_rows(b, m, &m->error);
    m->split = true;
    if (m->status == AG_OK)
        m->status = ag_judge_man(j->judge, b->rows + m->first, m->count, b->used + m->first, busy,
                                 &m->verdict, &m->error);
    m->reported = m->status == AG_OK && m->verdict != NULL && is_selected(b->options, m->verdict);
    m->has_unused = m->status == AG_OK && has_unused(b, m);
    if (m->reported)
        write_man(j, m);
}

/* Those who need an assessment that another thread makes come last. */
static void *judge_men(void *data) {
    judging *j = data;
    ag_patient_batch *b = j->batch;
    man *later = NULL;
    j->text.length = 0;
    for (int i; (i = atomic_fetch_add(&b->next_man, 1)) < b->man_count;) {
        bool busy = false;
        judge_man(j, &b->men[i], &busy);
        if (busy) {
            b->men[i].next_later = later;
            later = &b->men[i];
        }
    }
    for (; later != NULL; later = later->next_later)
        judge_man(j, later, NULL);
    return NULL;
}

static void judge_all(ag_patient_batch *b) {
    int started = 1, most = b->options->threads < b->man_count ? b->options->threads : 1;
    atomic_store(&b->next_man, 0);
    for (; started < most; started++)
        if (pthread_create(&b->judging[started].thread, NULL, judge_men, &b->judging[started]) != 0)
            break; /* fewer will do it */
    judge_men(&b->judging[0]);
    for (int i = 1; i < started; i++)
        pthread_join(b->judging[i].thread, NULL);
}

/* ---- writing ---- */

static ag_status put_out(ag_patient_batch *b, const man *m, ag_error *error) {
    if (m->status != AG_OK) {
        if (error != NULL)
            *error = m->error;
        return m->status;
    }
    if (m->verdict == NULL)
        return AG_OK;
    if (!ag_summary_add_man(b->summary, b->rows[m->first].column[AG_ROW_KEY], m->verdict,
                            m->reported))
        return no_memory(error);
    for (int i = m->first; m->has_unused && i < m->first + m->count; i++)
        if (is_unused(b, i) && !ag_summary_add_unused(b->summary, b->rows[i].column[AG_ROW_NOTE]))
            return no_memory(error);
    if (m->reported && m->text_length > 0) /* a page has no lines */
        fwrite(b->judging[m->judge].text.data + m->text, 1, m->text_length, b->out);
    return ferror(b->out)
               ? ag_fail(error, AG_ERROR_IO, "the result cannot be written: %s", strerror(errno))
               : AG_OK;
}

ag_status ag_patient_batch_finish(ag_patient_batch *b, ag_error *error) {
    ag_status status = AG_OK;
    judge_all(b);
    for (int i = 0; i < b->man_count && status == AG_OK; i++)
        status = put_out(b, &b->men[i], error);
    ag_verdicts_tidy(b->verdicts);
    b->man_count = b->row_count = 0;
    b->text_length = 0;
    return status;
}

/* ---- taking rows ---- */

static bool grow_text(ag_patient_batch *b, size_t need) {
    size_t room = b->text_room == 0 ? BATCH_BYTES : b->text_room;
    while (room < need)
        room *= 2;
    char *text = room > b->text_room ? realloc(b->text, room) : b->text;
    if (text == NULL)
        return false;
    b->text = text;
    b->text_room = room;
    return true;
}

static bool grow_rows(ag_patient_batch *b) {
    int room = b->row_room == 0 ? ROWS_FIRST : 2 * b->row_room;
    size_t *line = realloc(b->line, ((size_t)room + 1) * sizeof *line);
    if (line != NULL)
        b->line = line;
    ag_fact_row *rows = line != NULL ? realloc(b->rows, (size_t)room * sizeof *rows) : NULL;
    if (rows != NULL)
        b->rows = rows;
    bool *used = rows != NULL ? realloc(b->used, (size_t)room * sizeof *used) : NULL;
    if (used == NULL)
        return false;
    b->used = used;
    b->row_room = room;
    return true;
}

static bool keep_row(ag_patient_batch *b, const char *line, size_t length) {
    if (b->row_count == b->row_room && !grow_rows(b))
        return false;
    if (b->text_room - b->text_length <= length && !grow_text(b, b->text_length + length + 1))
        return false;
    memcpy(b->text + b->text_length, line, length);
    b->text[b->text_length + length] = '\0';
    b->line[b->row_count++] = b->text_length;
    b->text_length += length + 1;
    b->line[b->row_count] = b->text_length;
    return true;
}

/* Patients are shared out by a hash of their id. */
static bool of_this_part(const ag_selection *s, const char *key, size_t length) {
    return s->parts <= 1 ||
           ag_text_hash(AG_HASH_START, key, length) % (uint64_t)s->parts == (uint64_t)(s->part - 1);
}

static bool is_full(const ag_patient_batch *b) {
    return b->man_count == BATCH_MEN || (b->man_count > 0 && b->text_length > BATCH_BYTES / 4 * 3);
}

/* Whether the row is of the last patient. */
static bool continues(const ag_patient_batch *b, const char *key, size_t length) {
    if (b->man_count == 0)
        return false;
    size_t last_length;
    const char *last = ag_row_key(b->text + b->line[b->men[b->man_count - 1].first], &last_length);
    return last_length == length && memcmp(last, key, length) == 0;
}

ag_status ag_patient_batch_add(ag_patient_batch *b, const char *line, size_t length,
                               ag_error *error) {
    size_t key_length;
    const char *key = ag_row_key(line, &key_length);
    bool same = continues(b, key, key_length);
    if (!same && !of_this_part(&b->options->selection, key, key_length))
        return AG_OK;
    ag_status status = !same && is_full(b) ? ag_patient_batch_finish(b, error) : AG_OK;
    if (status != AG_OK)
        return status;
    if (!keep_row(b, line, length))
        return no_memory(error);
    if (same)
        b->men[b->man_count - 1].count++;
    else
        b->men[b->man_count++] = (man){.first = b->row_count - 1, .count = 1};
    return AG_OK;
}
