/* "stop tamsulosin, add pseudoephedrine": the same man before and after. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan_work.h"
#include "text.h"
#include "words.h"

enum { MOST_LINES = 8 };

struct ag_what_if {
    ag_arena *arena;
    ag_plan_text text;
    ag_what_if_line lines[MOST_LINES];
    int line_count;
    ag_plan_note *notes;
    int note_count;
};

typedef struct imagining {
    ag_planning plan;
    ag_what_if *result;
    ag_imagination imagined;
    bool *withdrawn; /* [cause] */
    bool *added;     /* [cause] */
    ag_buffer en, es;
} imagining;

/* ---- reading the changes ---- */

typedef struct span {
    const ag_words *words;
    int first, count;
} span;

static const char *span_text(imagining *m, span s) {
    size_t length;
    const char *text = ag_words_span(s.words, s.first, s.count, &length);
    return ag_arena_text(m->result->arena, text, length);
}

static bool names_card(const ag_knowledge *k, ag_card card, const char *text) {
    const char *id = ag_card_id(k, card);
    if (ag_text_same(id, text))
        return true;
    const ag_names *names = card.kind == AG_CARD_TREATMENT ? &k->treatments[card.index].names
                                                           : &k->causes[card.index].names;
    for (int i = 0; i < names->en.count; i++)
        if (ag_text_same(names->en.items[i], text))
            return true;
    for (int i = 0; i < names->es.count; i++)
        if (ag_text_same(names->es.items[i], text))
            return true;
    return false;
}

static int find(const ag_knowledge *k, ag_card_kind kind, const char *text) {
    int count = ag_card_count(k, kind);
    for (int i = 0; i < count; i++)
        if (names_card(k, (ag_card){kind, i}, text))
            return i;
    return -1;
}

static void say(imagining *m, const char *en, const char *es, ag_plan_text name) {
    ag_buffer_format(&m->en, "%s%s%s", m->en.length > 0 ? ", " : "", en, name.en);
    ag_buffer_format(&m->es, "%s%s%s", m->es.length > 0 ? ", " : "", es, name.es);
}

static ag_status not_understood(imagining *m, const char *text) {
    const ag_knowledge *k = m->plan.knowledge;
    ag_nearest nearest;
    ag_nearest_start(&nearest, text);
    for (int i = 0; i < k->treatment_count; i++)
        for (int n = 0; n < k->treatments[i].names.en.count; n++)
            ag_nearest_offer(&nearest, k->treatments[i].names.en.items[n]);
    for (int i = 0; i < k->cause_count; i++)
        for (int n = 0; n < k->causes[i].names.en.count; n++)
            ag_nearest_offer(&nearest, k->causes[i].names.en.items[n]);
    ag_buffer list = ag_buffer_start(m->result->arena);
    ag_nearest_list(&nearest, &list);
    const char *near = ag_buffer_text(&list);
    return ag_fail(m->plan.error, AG_ERROR_NAME,
                   "\"%.80s\" is no treatment and no medicine that is known%s%s. Write for example "
                   "\"stop tamsulosin\" or \"add pseudoephedrine\"",
                   text, near != NULL && near[0] != '\0' ? "; near it: " : "",
                   near != NULL ? near : "");
}

static bool room(const imagining *m) {
    return m->imagined.withdrawn_count < AG_MOST_TREATMENTS &&
           m->imagined.added_count < AG_MOST_TREATMENTS &&
           m->imagined.treatment_count < AG_MOST_TREATMENTS;
}

static ag_status stop(imagining *m, const char *text) {
    const ag_knowledge *k = m->plan.knowledge;
    int found = -1;
    for (int c = 0; c < k->cause_count && found < 0; c++)
        if (names_card(k, (ag_card){AG_CARD_CAUSE, c}, text))
            found = c;
    if (found < 0)
        return not_understood(m, text);
    ag_plan_text name = ag_plan_names(&k->causes[found].names);
    if (ag_plan_recorded(&m->plan, found) == NULL && !m->added[found])
        return ag_fail(m->plan.error, AG_ERROR_VALUE,
                       "%s cannot be stopped, as the record does not say that he takes it",
                       name.en);
    m->withdrawn[found] = true;
    m->imagined.withdrawn[m->imagined.withdrawn_count++] = found;
    say(m, "stop ", "suspender ", name);
    return AG_OK;
}

static ag_status add_cause(imagining *m, int cause) {
    m->added[cause] = true;
    m->imagined.added[m->imagined.added_count++] = cause;
    say(m, "add ", "añadir ", ag_plan_names(&m->plan.knowledge->causes[cause].names));
    return AG_OK;
}

/* A switch card withdraws what the record holds of its groups. */
static void withdraw_groups(imagining *m, const ag_treatment *t) {
    const ag_knowledge *k = m->plan.knowledge;
    for (int c = 0; c < k->cause_count; c++)
        for (int g = 0; g < t->withdraws.count; g++)
            if (strcmp(t->withdraws.items[g], k->causes[c].group) == 0 && room(m) &&
                ag_plan_recorded(&m->plan, c) != NULL) {
                m->withdrawn[c] = true;
                m->imagined.withdrawn[m->imagined.withdrawn_count++] = c;
            }
}

static ag_status add(imagining *m, const char *text) {
    const ag_knowledge *k = m->plan.knowledge;
    int treatment = find(k, AG_CARD_TREATMENT, text);
    if (treatment < 0) {
        int cause = find(k, AG_CARD_CAUSE, text);
        return cause < 0 ? not_understood(m, text) : add_cause(m, cause);
    }
    const ag_treatment *t = &k->treatments[treatment];
    if (t->withdraws.count > 0)
        withdraw_groups(m, t);
    if (t->adds.count > 0)
        m->imagined.added[m->imagined.added_count++] = t->adds.items[0];
    m->imagined.treatments[m->imagined.treatment_count++] = treatment;
    say(m, t->kind == AG_TREATMENT_MEDICINE ? "add " : "",
        t->kind == AG_TREATMENT_MEDICINE ? "añadir " : "", ag_plan_names(&t->names));
    return AG_OK;
}

static const char *const stop_words = "|stop|without|end|suspender|suspende|sin|dejar|quitar|";
static const char *const add_words =
    "|add|start|give|with|take|do|anadir|anade|dar|tomar|con|hacer|";
static const char *const switch_words = "|switch|change|replace|cambiar|sustituir|";
static const char *const to_words = "|to|by|with|por|a|";
static const char *const joining_words = "|and|y|then|luego|";

/* "switch A to B", or the name of a switch card. */
static ag_status read_switch(imagining *m, span s) {
    for (int i = 1; i + 1 < s.count; i++) {
        if (!ag_words_in(s.words, s.first + i, to_words))
            continue;
        ag_status status = stop(m, span_text(m, (span){s.words, s.first + 1, i - 1}));
        return status != AG_OK
                   ? status
                   : add(m, span_text(m, (span){s.words, s.first + i + 1, s.count - i - 1}));
    }
    return not_understood(m, span_text(m, s));
}

static ag_status read_change(imagining *m, span s) {
    const char *whole = span_text(m, s);
    const char *rest =
        s.count > 1 ? span_text(m, (span){s.words, s.first + 1, s.count - 1}) : whole;
    if (whole == NULL || rest == NULL)
        return ag_plan_no_memory(&m->plan);
    if (!room(m))
        return ag_fail(m->plan.error, AG_ERROR_VALUE, "too many changes at once; leave some out");
    if (find(m->plan.knowledge, AG_CARD_TREATMENT, whole) >= 0)
        return add(m, whole);
    if (s.count > 1 && ag_words_in(s.words, s.first, stop_words))
        return stop(m, rest);
    if (s.count > 1 && ag_words_in(s.words, s.first, switch_words))
        return read_switch(m, s);
    if (s.count > 1 && ag_words_in(s.words, s.first, add_words))
        return add(m, rest);
    return add(m, whole);
}

/* One piece between commas: changes joined by "and", unless the whole is the name of one thing. */
static ag_status read_piece(imagining *m, const char *text) {
    ag_words words;
    ag_words_read(&words, text);
    if (words.count == 0)
        return AG_OK;
    span all = {&words, 0, words.count};
    if (find(m->plan.knowledge, AG_CARD_TREATMENT, span_text(m, all)) >= 0)
        return read_change(m, all);
    ag_status status = AG_OK;
    for (int first = 0, i = 0; i <= words.count && status == AG_OK; i++) {
        if (i < words.count && !ag_words_in(&words, i, joining_words))
            continue;
        if (i > first)
            status = read_change(m, (span){&words, first, i - first});
        first = i + 1;
    }
    return status;
}

static ag_status read_changes(imagining *m, const char *changes) {
    ag_status status = AG_OK;
    for (const char *at = changes; *at != '\0' && status == AG_OK;) {
        size_t length = strcspn(at, ",;+");
        char *piece = ag_arena_text(m->result->arena, at, length);
        status = piece == NULL ? ag_plan_no_memory(&m->plan) : read_piece(m, piece);
        at += length + (at[length] != '\0');
    }
    if (status == AG_OK && m->en.length == 0)
        return ag_fail(m->plan.error, AG_ERROR_NAME,
                       "no change was given. Write for example \"stop tamsulosin\"");
    return status;
}

/* ---- before and after ---- */

static ag_status judge(imagining *m) {
    const ag_knowledge *k = m->plan.knowledge;
    int room_for = 0;
    for (int i = 0; i < m->imagined.treatment_count; i++)
        room_for += k->treatments[m->imagined.treatments[i]].rule_count;
    int stop_card = ag_knowledge_treatment(k, "stop-medicine");
    if (stop_card >= 0)
        room_for += k->treatments[stop_card].rule_count * m->imagined.withdrawn_count;
    m->result->notes =
        ag_arena_array(m->result->arena, (size_t)room_for + 1, sizeof *m->result->notes);
    if (m->result->notes == NULL)
        return ag_plan_no_memory(&m->plan);
    for (int i = 0; i < m->imagined.withdrawn_count + m->imagined.treatment_count; i++) {
        bool stopping = i < m->imagined.withdrawn_count;
        int index = stopping ? stop_card : m->imagined.treatments[i - m->imagined.withdrawn_count];
        if (index < 0)
            continue;
        ag_plan_note *notes;
        int count;
        ag_plan_effect standing;
        /* What is stopped matters for its stopping, and no longer for what is added. */
        m->plan.withdrawn = stopping ? NULL : m->withdrawn;
        m->plan.added = m->added;
        m->plan.focus = stopping ? m->imagined.withdrawn[i] : -1;
        m->plan.focus_groups = k->treatments[index].withdraws;
        if (!ag_plan_judge(&m->plan, k->treatments[index].rules, k->treatments[index].rule_count,
                           &notes, &count, &standing))
            return ag_plan_no_memory(&m->plan);
        if (count > 0)
            memcpy(m->result->notes + m->result->note_count, notes, (size_t)count * sizeof *notes);
        m->result->note_count += count;
    }
    return AG_OK;
}

static void add_line(imagining *m, const char *id, ag_plan_text name, ag_estimate before,
                     ag_estimate after) {
    if (m->result->line_count < MOST_LINES)
        m->result->lines[m->result->line_count++] = (ag_what_if_line){id, name, before, after};
}

/* A treatment that obtains sperm rather than brings them forward. */
static void add_retrievals(imagining *m) {
    const ag_knowledge *k = m->plan.knowledge;
    const ag_posterior *today = m->plan.today;
    for (int i = 0; i < m->imagined.treatment_count; i++) {
        const ag_treatment *t = &k->treatments[m->imagined.treatments[i]];
        if (t->obtains.count == 0)
            continue;
        int variable = t->obtains.items[0];
        int node = ag_clinical_network_node(today->clinical, variable, AG_EPOCH_TODAY, -1);
        const double *marginal = ag_posterior_marginal(today, node);
        double values[AG_DRAWS], yields[AG_MAX_STATES];
        for (int d = 0; d < AG_DRAWS; d++) {
            ag_plan_yields(&m->plan, t, d, yields);
            values[d] = 0;
            for (int s = 0; s < k->variables[variable].states.count; s++)
                values[d] += marginal[s * AG_DRAWS + d] * yields[s];
        }
        add_line(m, t->id, ag_plan_names(&t->names), (ag_estimate){0, 0, 0},
                 ag_estimate_of(values, AG_DRAWS));
    }
}

static void compare(imagining *m, ag_outcomes *before, ag_outcomes *after) {
    ag_outcome_states s = ag_plan_outcome_states(&m->plan);
    add_line(m, "semen", (ag_plan_text){"semen forward", "semen hacia delante"},
             ag_plan_volume_estimate(before, s.semen), ag_plan_volume_estimate(after, s.semen));
    add_line(m, "usual-volume", (ag_plan_text){"usual volume forward", "volumen habitual"},
             ag_plan_volume_estimate(before, s.usual_volume),
             ag_plan_volume_estimate(after, s.usual_volume));
    add_line(m, "sperm", (ag_plan_text){"sperm forward", "espermatozoides hacia delante"},
             ag_plan_sperm_estimate(before, s.sperm), ag_plan_sperm_estimate(after, s.sperm));
}

static ag_status imagine(imagining *m) {
    ag_planning *p = &m->plan;
    ag_imagination nothing = {.withdrawn_count = 0};
    ag_outcomes before, after;
    p->withdrawn = m->withdrawn;
    p->added = m->added;
    ag_status status = ag_plan_outcomes(p, &nothing, true, &before);
    if (status == AG_OK)
        status = ag_plan_outcomes(p, &m->imagined, true, &after);
    if (status == AG_OK) {
        compare(m, &before, &after);
        add_retrievals(m);
    }
    return status;
}

static ag_status make(imagining *m, const char *changes) {
    size_t causes = (size_t)m->plan.knowledge->cause_count;
    m->withdrawn = ag_arena_array(m->result->arena, causes, sizeof *m->withdrawn);
    m->added = ag_arena_array(m->result->arena, causes, sizeof *m->added);
    m->en = ag_buffer_start(m->result->arena);
    m->es = ag_buffer_start(m->result->arena);
    if (m->withdrawn == NULL || m->added == NULL)
        return ag_plan_no_memory(&m->plan);
    ag_status status = read_changes(m, changes);
    if (status == AG_OK)
        status = judge(m);
    if (status == AG_OK)
        status = imagine(m);
    m->result->text = (ag_plan_text){ag_buffer_text(&m->en), ag_buffer_text(&m->es)};
    if (status == AG_OK && (m->result->text.en == NULL || m->result->text.es == NULL))
        return ag_plan_no_memory(&m->plan);
    return status;
}

ag_status ag_what_if_make(ag_what_if **out, ag_session *session, const ag_patient *patient,
                          const ag_assessment *assessment, const char *changes, ag_error *error) {
    *out = NULL;
    imagining m = {.result = calloc(1, sizeof *m.result)};
    if (m.result == NULL || (m.result->arena = ag_arena_new()) == NULL) {
        free(m.result);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory while planning");
    }
    ag_status status =
        ag_planning_start(&m.plan, session, patient, assessment, NULL, m.result->arena, error);
    if (status == AG_OK)
        status = make(&m, changes);
    ag_planning_end(&m.plan);
    if (status != AG_OK) {
        ag_what_if_free(m.result);
        return status;
    }
    *out = m.result;
    return AG_OK;
}

void ag_what_if_free(ag_what_if *what_if) {
    if (what_if == NULL)
        return;
    ag_arena_free(what_if->arena);
    free(what_if);
}

ag_plan_text ag_what_if_text(const ag_what_if *what_if) {
    return what_if->text;
}

int ag_what_if_line_count(const ag_what_if *what_if) {
    return what_if->line_count;
}

const ag_what_if_line *ag_what_if_line_at(const ag_what_if *what_if, int i) {
    return &what_if->lines[i];
}

int ag_what_if_note_count(const ag_what_if *what_if) {
    return what_if->note_count;
}

const ag_plan_note *ag_what_if_note_at(const ag_what_if *what_if, int i) {
    return &what_if->notes[i];
}
