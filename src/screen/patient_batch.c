/* The rows in order, then the men whose they are, then the text of those who are reported. */
#include "patient_batch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "man_writer.h"

/* Rows of a batch, if not of one man alone: few enough to stay in a core's cache, and many enough
 * that to take them is little. */
enum { BATCH_ROWS = 1024 };

/* One patient. */
typedef struct man {
    int first, count; /* his rows */
    bool judged, reported, has_unused;
    const ag_verdict *verdict;
} man;

struct ag_patient_batch {
    const ag_join_options *options;
    ag_merge *merge; /* of its rows */
    ag_fact_row *rows;
    bool *used;
    int row_count, row_room;
    man *men;
    int man_count, man_room;
    bool split; /* the rows, into columns */
    ag_arena *arena;
    ag_buffer text; /* of those who are reported */
    ag_status status;
    ag_error error;
};

ag_patient_batch *ag_patient_batch_new(const ag_join_options *options) {
    ag_patient_batch *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->options = options;
    b->merge = ag_merge_new();
    b->arena = ag_arena_new();
    b->text = ag_buffer_start(b->arena);
    if (b->merge == NULL || b->arena == NULL) {
        ag_patient_batch_free(b);
        return NULL;
    }
    return b;
}

void ag_patient_batch_free(ag_patient_batch *b) {
    if (b == NULL)
        return;
    ag_merge_free(b->merge);
    ag_arena_free(b->arena);
    free(b->rows);
    free(b->used);
    free(b->men);
    free(b);
}

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

ag_status ag_patient_batch_fill(ag_patient_batch *b, ag_merge *merge, bool *any) {
    char *line = NULL;
    size_t length;
    b->row_count = b->man_count = 0;
    b->split = false;
    b->text.length = 0;
    b->status = ag_merge_cut(merge, BATCH_ROWS, b->merge, &b->error);
    if (b->status == AG_OK)
        b->status = ag_merge_peek(b->merge, &line, &length, &b->error);
    *any = line != NULL || b->status != AG_OK;
    return b->status;
}

/* ---- rows ---- */

/* The row that was taken last, not split yet: the next is compared with it. */
typedef struct last_row {
    char *text;
    size_t length, beginning; /* up to behind its key */
    bool ours;                /* its patient is of this part */
} last_row;

/* Patients are shared out by a hash of their id. */
static bool of_this_part(const ag_selection *s, const char *line) {
    size_t length;
    const char *key = ag_row_key(line, &length);
    return s->parts <= 1 ||
           ag_text_hash(AG_HASH_START, key, length) % (uint64_t)s->parts == (uint64_t)(s->part - 1);
}

static bool grow_rows(ag_patient_batch *b) {
    int room = b->row_room == 0 ? BATCH_ROWS + BATCH_ROWS / 4 : 2 * b->row_room;
    ag_fact_row *rows = realloc(b->rows, (size_t)room * sizeof *rows);
    if (rows != NULL)
        b->rows = rows;
    bool *used = rows != NULL ? realloc(b->used, (size_t)room * sizeof *used) : NULL;
    if (used == NULL)
        return false;
    b->used = used;
    b->row_room = room;
    return true;
}

static bool begin_man(ag_patient_batch *b) {
    if (b->man_count == b->man_room) {
        int room = b->man_room == 0 ? BATCH_ROWS / 8 : 2 * b->man_room;
        man *men = realloc(b->men, (size_t)room * sizeof *men);
        if (men == NULL)
            return false;
        b->men = men;
        b->man_room = room;
    }
    b->men[b->man_count++] = (man){.first = b->row_count};
    return true;
}

static ag_status split_last(ag_patient_batch *b, const last_row *last) {
    if (last->text == NULL || !last->ours)
        return AG_OK;
    if (!ag_row_read(last->text, last->length, &b->rows[b->row_count++]))
        return ag_fail(&b->error, AG_ERROR_SYNTAX, AG_ROW_MALFORMED, AG_ROW_COLUMNS, last->text);
    b->men[b->man_count - 1].count++;
    return AG_OK;
}

static ag_status take_row(ag_patient_batch *b, last_row *last, char *line, size_t length) {
    bool same = last->text != NULL && length > last->beginning &&
                memcmp(last->text, line, last->beginning) == 0;
    if (same && last->length == length && memcmp(last->text, line, length) == 0)
        return AG_OK; /* a double */
    ag_status status = split_last(b, last);
    last->text = line;
    last->length = length;
    if (status != AG_OK || same)
        return status;
    if (*line != AG_ROW_PATIENT)
        return ag_fail(&b->error, AG_ERROR_SYNTAX, "a row of facts of an unknown class: %.60s",
                       line);
    last->beginning = ag_row_beginning(line);
    last->ours = of_this_part(&b->options->selection, line);
    return !last->ours || begin_man(b) ? AG_OK : no_memory(&b->error);
}

static ag_status split_rows(ag_patient_batch *b) {
    last_row last = {.text = NULL};
    char *line;
    size_t length;
    ag_status status;
    while ((status = ag_merge_next(b->merge, &line, &length, &b->error)) == AG_OK && line != NULL) {
        if (b->row_count == b->row_room && !grow_rows(b))
            return no_memory(&b->error);
        status = take_row(b, &last, line, length);
        if (status != AG_OK)
            return status;
    }
    return status == AG_OK ? split_last(b, &last) : status;
}

/* ---- judging ---- */

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

static bool is_unused(const ag_patient_batch *b, int row) {
    return b->used[row] && ag_row_is(&b->rows[row], "unused");
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

static void judge_man(ag_patient_batch *b, man *m, ag_judge *judge, bool wait) {
    bool busy = false;
    b->status = ag_judge_man(judge, b->rows + m->first, m->count, b->used + m->first,
                             wait ? NULL : &busy, &m->verdict, &b->error);
    m->judged = !busy;
    if (busy || b->status != AG_OK)
        return;
    m->reported = m->verdict != NULL && is_selected(b->options, m->verdict);
    m->has_unused = has_unused(b, m);
}

static void write_men(ag_patient_batch *b) {
    for (int i = 0; i < b->man_count; i++) {
        const man *m = &b->men[i];
        if (m->reported)
            ag_man_write(&b->text, b->options->format, m->verdict, b->rows + m->first,
                         b->used + m->first, m->count);
    }
    if (b->text.failed)
        b->status = no_memory(&b->error);
}

bool ag_patient_batch_judge(ag_patient_batch *b, ag_judge *judge, bool wait) {
    bool all = true;
    if (!b->split && b->status == AG_OK)
        b->status = split_rows(b);
    b->split = true;
    for (int i = 0; i < b->man_count && b->status == AG_OK; i++) {
        if (!b->men[i].judged)
            judge_man(b, &b->men[i], judge, wait);
        all = all && b->men[i].judged;
    }
    if (all && b->status == AG_OK)
        write_men(b);
    return all || b->status != AG_OK;
}

/* ---- putting out ---- */

static bool sum_up(const ag_patient_batch *b, const man *m, ag_screen_summary *summary) {
    bool ok =
        ag_summary_add_man(summary, b->rows[m->first].column[AG_ROW_KEY], m->verdict, m->reported);
    for (int i = m->first; m->has_unused && i < m->first + m->count && ok; i++)
        if (is_unused(b, i))
            ok = ag_summary_add_unused(summary, b->rows[i].column[AG_ROW_NOTE]);
    return ok;
}

ag_status ag_patient_batch_put_out(const ag_patient_batch *b, FILE *out, ag_screen_summary *summary,
                                   ag_error *error) {
    if (b->status != AG_OK && error != NULL)
        *error = b->error;
    if (b->status != AG_OK)
        return b->status;
    for (int i = 0; i < b->man_count; i++)
        if (b->men[i].verdict != NULL && !sum_up(b, &b->men[i], summary))
            return no_memory(error);
    if (b->text.length > 0)
        fwrite(b->text.data, 1, b->text.length, out);
    return ferror(out)
               ? ag_fail(error, AG_ERROR_IO, "the result cannot be written: %s", strerror(errno))
               : AG_OK;
}
