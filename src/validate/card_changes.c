/*
 * What a change of the cards changes: numbers, probabilities of mechanisms in cases, and lines of
 * their reports. A case whose network asks for none of the changed numbers is not run again, unless
 * cards came or went.
 */
#include "card_changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/report.h"
#include "case_node.h"
#include "files.h"
#include "validation.h"

static const double MOVED = 0.005;       /* a probability that moved by less did not move */
static const double REPORTED = 0.01;     /* from here on the lines of the report are compared */
static const double SAME_NUMBER = 1e-12; /* relative */

typedef struct side {
    const ag_knowledge *knowledge;
    ag_number_list numbers;
    ag_believer believer;
    ag_engine *engine;
    ag_session *session;
} side;

typedef struct comparing {
    ag_card_changes *out;
    ag_arena *arena;
    side sides[2];
    bool structural; /* cards or numbers came or went */
    ag_error *error;
} comparing;

static ag_status no_memory(comparing *c) {
    return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- numbers ---- */

static int by_place(const void *x, const void *y) {
    const ag_number_change *a = x, *b = y;
    int order = strcmp(a->card, b->card);
    return order != 0 ? order : strcmp(a->place, b->place);
}

static bool same_number(const ag_parameter *p, const ag_parameter *q) {
    return p->kind == q->kind &&
           fabs(p->value - q->value) <= SAME_NUMBER * fmax(fabs(p->value), 1) &&
           fabs(p->a - q->a) <= SAME_NUMBER * fmax(fabs(p->a), 1) &&
           fabs(p->b - q->b) <= SAME_NUMBER * fmax(fabs(p->b), 1);
}

/* All numbers of one side as changes of which only that side is known, sorted. */
static ag_number_change *sorted(comparing *c, int which) {
    const side *s = &c->sides[which];
    ag_number_change *items = ag_arena_array(c->arena, (size_t)s->numbers.count + 1, sizeof *items);
    for (int i = 0; items != NULL && i < s->numbers.count; i++) {
        const ag_number *n = &s->numbers.items[i];
        items[i] = (ag_number_change){.card = ag_card_id(s->knowledge, n->card), .place = n->place};
        *(which == 0 ? &items[i].before : &items[i].after) = n->parameter;
    }
    if (items != NULL && s->numbers.count > 0)
        qsort(items, (size_t)s->numbers.count, sizeof *items, by_place);
    return items;
}

/* Merge both sides; two numbers of one place in a card are taken in their order. */
static ag_status compare_numbers(comparing *c) {
    int m = c->sides[0].numbers.count, n = c->sides[1].numbers.count, i = 0, j = 0;
    const ag_number_change *a = sorted(c, 0), *b = sorted(c, 1);
    ag_number_change *out = ag_arena_array(c->arena, (size_t)(m + n) + 1, sizeof *out);
    if (a == NULL || b == NULL || out == NULL)
        return no_memory(c);
    while (i < m || j < n) {
        int order = i == m ? 1 : j == n ? -1 : by_place(&a[i], &b[j]);
        ag_number_change change = order <= 0 ? a[i++] : b[j++];
        if (order == 0)
            change.after = b[j++].after;
        c->structural = c->structural || order != 0;
        if (order != 0 || !same_number(change.before, change.after))
            out[c->out->number_count++] = change;
    }
    c->out->numbers = out;
    return AG_OK;
}

/* ---- cases ---- */

static bool asks_for_a_change(const comparing *c, const ag_parameter_cache *cache) {
    for (int i = 0; i < c->out->number_count; i++)
        if (c->out->numbers[i].before != NULL &&
            ag_parameter_cache_has(cache, c->out->numbers[i].before))
            return true;
    return false;
}

/* Whether the case could be moved at all: told by a quick run at central values. */
static ag_status concerned(comparing *c, const ag_patient *patient, bool *out) {
    ag_believer quick = c->sides[0].believer;
    ag_belief belief = {0};
    *out = true;
    if (c->structural)
        return AG_OK;
    quick.draw_count = 8;
    quick.cache = ag_parameter_cache_new();
    if (quick.cache == NULL)
        return no_memory(c);
    ag_parameter_cache_hold(quick.cache);
    ag_status status = ag_belief_of(&belief, &quick, patient, c->error);
    *out = status == AG_OK && asks_for_a_change(c, quick.cache);
    ag_belief_close(&belief);
    ag_parameter_cache_free(quick.cache);
    return status;
}

static ag_status believe(comparing *c, int which, const ag_patient *patient, double *p) {
    side *s = &c->sides[which];
    ag_belief belief;
    ag_status status = ag_belief_of(&belief, &s->believer, patient, c->error);
    for (int m = 0; m < s->knowledge->mechanism_count && status == AG_OK; m++)
        status = ag_belief_mean(&belief, &s->believer, (ag_indices){&m, 1}, &p[m], c->error);
    ag_belief_close(&belief);
    return status;
}

static int mechanism_of(const ag_knowledge *knowledge, const char *id) {
    for (int m = 0; m < knowledge->mechanism_count; m++)
        if (strcmp(ag_mechanism_id(knowledge, m), id) == 0)
            return m;
    return -1;
}

static int greatest(const double *p, int count) {
    int best = 0;
    for (int m = 1; m < count; m++)
        best = p[m] > p[best] ? m : best;
    return best;
}

/* The mechanism that moved most, and what leads on each side. */
static void compare_beliefs(comparing *c, ag_case_change *out, double p[2][AG_EVENTS]) {
    const ag_knowledge *a = c->sides[0].knowledge, *b = c->sides[1].knowledge;
    for (int m = 0; m < a->mechanism_count; m++) {
        int other = mechanism_of(b, ag_mechanism_id(a, m));
        double after = other >= 0 ? p[1][other] : 0;
        if (out->mechanism == NULL || fabs(after - p[0][m]) > fabs(out->after - out->before)) {
            out->mechanism = ag_mechanism_name(a, m);
            out->before = p[0][m];
            out->after = after;
        }
    }
    out->leading_before = ag_mechanism_name(a, greatest(p[0], a->mechanism_count));
    out->leading_after = ag_mechanism_name(b, greatest(p[1], b->mechanism_count));
}

/* ---- lines of a report ---- */

static ag_status report_of(comparing *c, int which, const ag_patient *patient, char **out) {
    ag_assessment *assessment = NULL;
    ag_report_options options = ag_report_options_defaults();
    options.width = 100;
    ag_status status = ag_assess(&assessment, c->sides[which].session, patient, NULL, c->error);
    *out = NULL;
    if (status == AG_OK) {
        *out = ag_report_text(assessment, patient, c->sides[which].knowledge, &options);
        status = *out != NULL ? AG_OK : no_memory(c);
    }
    ag_assessment_free(assessment);
    return status;
}

static bool has_line(const char *text, const char *line, size_t length) {
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + (strchr(at, '\n') != NULL))
        if (strcspn(at, "\n") == length && strncmp(at, line, length) == 0)
            return true;
    return false;
}

/* Lines of `text` that `other` lacks, each with the word `sign` before it. */
static void add_lines(ag_buffer *out, const char *text, const char *other, const char *sign,
                      int *count) {
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        if (length > 0 && !has_line(other, at, length)) {
            ag_buffer_format(out, "%s: ", sign);
            ag_buffer_add_bytes(out, at, length);
            ag_buffer_add_char(out, '\n');
            (*count)++;
        }
        at += length + (at[length] == '\n');
    }
}

static ag_status compare_reports(comparing *c, ag_case_change *out, ag_patient *const patients[2]) {
    char *texts[2] = {NULL, NULL};
    ag_status status = report_of(c, 0, patients[0], &texts[0]);
    if (status == AG_OK)
        status = report_of(c, 1, patients[1], &texts[1]);
    if (status == AG_OK) {
        ag_buffer lines = ag_buffer_start(c->arena);
        add_lines(&lines, texts[0], texts[1], "gone", &out->line_count);
        add_lines(&lines, texts[1], texts[0], "new", &out->line_count);
        out->lines = ag_buffer_text(&lines);
        status = out->lines != NULL ? AG_OK : no_memory(c);
    }
    ag_report_free(texts[0]);
    ag_report_free(texts[1]);
    return status;
}

static ag_status compare_case(comparing *c, const ag_resolved *resolved) {
    ag_patient *patients[2] = {NULL, NULL};
    double p[2][AG_EVENTS];
    bool moved = false;
    ag_case_change change = {.id = resolved->id};
    ag_status status = AG_OK;
    for (int s = 0; s < 2 && status == AG_OK; s++)
        status = ag_patient_read_node(&patients[s], c->sides[s].believer.vocabulary,
                                      resolved->given, NULL, c->error);
    if (status == AG_OK)
        status = concerned(c, patients[0], &moved);
    for (int s = 0; s < 2 && status == AG_OK && moved; s++)
        status = believe(c, s, patients[s], p[s]);
    if (status == AG_OK && moved) {
        compare_beliefs(c, &change, p);
        bool turned = strcmp(change.leading_before, change.leading_after) != 0;
        double by = fabs(change.after - change.before);
        if (turned || by >= REPORTED)
            status = compare_reports(c, &change, patients);
        if (status == AG_OK && (turned || by >= MOVED))
            c->out->cases[c->out->case_count++] = change;
    }
    ag_patient_free(patients[0]);
    ag_patient_free(patients[1]);
    if (status != AG_OK)
        ag_fault_where(c->error, resolved->path);
    return status;
}

static int farthest_first(const void *x, const void *y) {
    const ag_case_change *a = x, *b = y;
    double p = fabs(a->after - a->before), q = fabs(b->after - b->before);
    return p != q ? (p < q) - (p > q) : strcmp(a->id, b->id);
}

static ag_status compare_cases(comparing *c, const char *const *folders, int count) {
    ag_status status = AG_OK;
    c->out->cases = ag_arena_array(c->arena, AG_FILES_MOST, sizeof *c->out->cases);
    if (c->out->cases == NULL)
        return no_memory(c);
    for (int f = 0; f < count && status == AG_OK; f++) {
        ag_texts paths = {NULL, 0};
        ag_resolved_list list = {NULL, 0};
        status = ag_files_in(c->arena, folders[f], ".yaml", &paths, c->error);
        if (status == AG_OK)
            status = ag_resolved_read_all(&list, c->arena, c->sides[0].knowledge, &paths, c->error);
        c->out->tried += list.count;
        bool any = c->structural || c->out->number_count > 0;
        for (int i = 0; i < list.count && status == AG_OK && any; i++)
            status = compare_case(c, &list.items[i]);
    }
    if (c->out->case_count > 1)
        qsort(c->out->cases, (size_t)c->out->case_count, sizeof *c->out->cases, farthest_first);
    return status;
}

/* ---- all ---- */

static ag_status open_side(comparing *c, int which, const ag_knowledge *knowledge) {
    side *s = &c->sides[which];
    s->knowledge = knowledge;
    if (!ag_number_list_make(&s->numbers, knowledge, (ag_card){AG_CARD_KINDS, 0}, c->arena))
        return no_memory(c);
    ag_status status = ag_believer_open(&s->believer, knowledge, c->error);
    if (status == AG_OK)
        status = ag_engine_new(&s->engine, knowledge, c->error);
    return status == AG_OK ? ag_session_new(&s->session, s->engine, c->error) : status;
}

static void close_side(side *s) {
    ag_session_free(s->session);
    ag_engine_free(s->engine);
    ag_believer_close(&s->believer);
}

ag_status ag_card_changes_of(ag_card_changes **out, const ag_knowledge *before,
                             const ag_knowledge *after, const char *const *folders, int count,
                             ag_error *error) {
    ag_card_changes *result = calloc(1, sizeof *result);
    *out = NULL;
    if (result == NULL || (result->arena = ag_arena_new()) == NULL) {
        free(result);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    result->before = before;
    result->after = after;
    comparing c = {.out = result, .arena = result->arena, .error = error};
    ag_status status = open_side(&c, 0, before);
    if (status == AG_OK)
        status = open_side(&c, 1, after);
    if (status == AG_OK)
        status = compare_numbers(&c);
    if (status == AG_OK)
        status = compare_cases(&c, folders, count);
    close_side(&c.sides[0]);
    close_side(&c.sides[1]);
    if (status == AG_OK)
        *out = result;
    else
        ag_card_changes_free(result);
    return status;
}

void ag_card_changes_free(ag_card_changes *changes) {
    if (changes == NULL)
        return;
    ag_arena_free(changes->arena);
    free(changes);
}
