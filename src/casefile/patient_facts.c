/*
 * A man of a record as facts, each with the entry of a case file that says it. Values are written
 * in the card's own unit and states by their ids, so that they are read back as they are.
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/understand.h"
#include "json_writer.h"
#include "text.h"
#include "typed.h"
#include "values.h"

enum { VALUE = 200, LABEL = 400 };

typedef struct writing {
    const ag_vocabulary *vocabulary;
    const ag_knowledge *knowledge;
    const ag_patient *patient;
    bool spanish;
    int today;
    ag_json json;
} writing;

/* ---- times ---- */

static void put_date(ag_json *json, const char *key, ag_days days) {
    char text[AG_SPAN_TEXT];
    if (ag_days_span(days, text) != NULL)
        ag_json_text(json, key, text);
}

static const char *shown(ag_days days, char out[AG_DATE_TEXT]) {
    bool known = days.first != INT_MIN && days.last != INT_MAX;
    return known ? ag_days_write(days, out) : NULL;
}

/* ---- a fact ---- */

/* All of a fact but its entry, which follows and ends with end_fact. */
static void begin_noted_fact(writing *w, const char *kind, ag_term term, const char *text,
                             bool denied, const char *since, const char *until, const char *note) {
    ag_json *json = &w->json;
    ag_json_object(json, NULL);
    ag_json_text(json, "kind", kind);
    ag_json_text(json, "id", term.kind != 0 ? ag_vocabulary_id(w->vocabulary, term) : NULL);
    ag_json_text(json, "name",
                 term.kind != 0 ? ag_vocabulary_name_in(w->vocabulary, term, w->spanish) : NULL);
    ag_json_text(json, "text", text);
    ag_json_bool(json, "denied", denied);
    ag_json_text(json, "since", since);
    ag_json_text(json, "until", until);
    ag_json_text(json, "note", note);
    ag_json_object(json, "entry");
}

static void begin_fact(writing *w, const char *kind, ag_term term, const char *text, bool denied,
                       const char *since, const char *until) {
    begin_noted_fact(w, kind, term, text, denied, since, until, NULL);
}

static void end_fact(writing *w) {
    ag_json_end(&w->json);
    ag_json_end(&w->json);
}

static const ag_term NO_CARD = {0, 0};

static void say_text(writing *w, const char *kind, const char *key, const char *value) {
    begin_fact(w, kind, NO_CARD, value, false, NULL, NULL);
    ag_json_text(&w->json, key, value);
    end_fact(w);
}

static void say_number(writing *w, const char *kind, const char *key, double value) {
    char text[32];
    snprintf(text, sizeof text, "%g", floor(value));
    begin_fact(w, kind, NO_CARD, text, false, NULL, NULL);
    ag_json_number(&w->json, key, round(100 * value) / 100);
    end_fact(w);
}

static void say_none(writing *w, const char *key) {
    begin_fact(w, "none", NO_CARD, key, false, NULL, NULL);
    ag_json_array(&w->json, key);
    ag_json_end(&w->json);
    end_fact(w);
}

/* ---- the man ---- */

static void write_man(writing *w) {
    static const char *const wishes[] = {NULL, "child", "relief", "answers"};
    const ag_patient *p = w->patient;
    char date[AG_SPAN_TEXT];
    if (p->as_of != w->today && ag_days_span(ag_days_on(p->as_of), date) != NULL)
        say_text(w, "date", "date", date);
    if (!isnan(p->age_years))
        say_number(w, "age", "age", p->age_years);
    if (!isnan(p->partner_age_years))
        say_number(w, "partner-age", "partner_age", p->partner_age_years);
    if (p->wish != AG_WISH_UNKNOWN)
        say_text(w, "wish", "wants", wishes[p->wish]);
    if (p->lifelong)
        say_text(w, "onset", "since", "lifelong");
    else if (ag_days_span(p->onset, date) != NULL)
        say_text(w, "onset", "since", date);
    if (p->medicines_complete)
        say_none(w, "medicines");
    if (p->operations_complete)
        say_none(w, "operations");
}

/* ---- causes ---- */

static void put_attribute(ag_json *json, const ag_cause *card, const ag_recorded_attribute *a) {
    const ag_attribute *attribute = ag_attribute_find(card, a->name);
    char value[VALUE];
    bool has_unit = attribute != NULL && attribute->unit != NULL && attribute->unit[0] != '\0' &&
                    strcmp(attribute->unit, "1") != 0;
    if (a->word != NULL)
        ag_json_text(json, a->name, a->word);
    else {
        snprintf(value, sizeof value, "%.15g%s%s", a->number, has_unit ? " " : "",
                 has_unit ? attribute->unit : "");
        ag_json_text(json, a->name, value);
    }
}

/* A cause that is there, or one to come. */
static void write_cause(writing *w, const ag_cause_fact *fact) {
    const ag_cause *card = &w->knowledge->causes[fact->cause];
    char since[AG_DATE_TEXT], until[AG_DATE_TEXT], day[AG_SPAN_TEXT];
    const char *key, *kind = ag_fact_kind_of_cause(card->kind, &key);
    ag_term term = {AG_TERM_CAUSE, fact->cause};
    const char *name = ag_vocabulary_name_in(w->vocabulary, term, w->spanish);
    const char *note = !fact->planned ? NULL : w->spanish ? "previsto" : "planned";
    begin_noted_fact(w, kind, term, fact->text != NULL && fact->text[0] != '\0' ? fact->text : name,
                     !fact->present, shown(fact->start, since),
                     fact->ended ? shown(fact->end, until) : NULL, note);
    ag_json *json = &w->json;
    ag_json_array(json, key);
    ag_json_object(json, NULL);
    ag_json_text(json, "name", card->id);
    if (!fact->present)
        ag_json_text(json, "status", "absent");
    if (fact->planned)
        ag_json_text(json, "planned", "yes");
    put_date(json, "since", fact->start);
    if (fact->ended)
        ag_json_text(json, "until", ag_days_span(fact->end, day) != NULL ? day : "yes");
    for (int i = 0; i < fact->attribute_count; i++)
        put_attribute(json, card, &fact->attributes[i]);
    ag_json_end(json);
    ag_json_end(json);
    end_fact(w);
}

/* ---- findings ---- */

static const char *id_of(const writing *w, const ag_finding_fact *fact) {
    return w->knowledge->variables[w->knowledge->findings[fact->finding].variable].id;
}

static void value_of(const writing *w, const ag_finding_fact *fact, char out[VALUE]) {
    ag_finding_value value = {fact->state, fact->low, fact->high};
    ag_finding_value_write(w->knowledge, fact->finding, value, out, VALUE);
}

/* As a reader should see it, in his language. */
static void label_of(const writing *w, const ag_finding_fact *fact, char out[LABEL]) {
    const ag_finding *card = &w->knowledge->findings[fact->finding];
    const ag_variable *variable = &w->knowledge->variables[card->variable];
    ag_term term = {AG_TERM_FINDING, fact->finding};
    const char *name = ag_vocabulary_name_in(w->vocabulary, term, w->spanish);
    char value[VALUE];
    const ag_texts *states = w->spanish ? &variable->state_names_es : &variable->state_names_en;
    value_of(w, fact, value);
    if (card->value == AG_VALUE_YES_NO)
        snprintf(out, LABEL, "%s%s", fact->state > 0 ? "" : w->spanish ? "sin " : "no ", name);
    else if (fact->state >= 0)
        snprintf(out, LABEL, "%s: %s", name,
                 fact->state < states->count ? states->items[fact->state] : value);
    else {
        ag_finding_value range = {-1, fact->low, fact->high};
        ag_quantity_text(card, range, w->spanish ? "a" : "to", value, sizeof value);
        snprintf(out, LABEL, "%s %s", name, value);
    }
}

static void put_finding(writing *w, const ag_finding_fact *fact, bool dated) {
    char value[VALUE];
    value_of(w, fact, value);
    ag_json *json = &w->json;
    ag_json_object(json, NULL);
    ag_json_text(json, "name", id_of(w, fact));
    ag_json_text(json, "value", value);
    if (dated)
        put_date(json, "date", fact->date);
    ag_json_end(json);
}

static void write_finding(writing *w, const ag_finding_fact *fact) {
    const ag_finding *card = &w->knowledge->findings[fact->finding];
    char label[LABEL], since[AG_DATE_TEXT], value[VALUE];
    const char *key, *kind = ag_fact_kind_of_finding(card->kind, &key);
    bool dated = fact->date.first != w->patient->as_of || fact->date.last != w->patient->as_of;
    ag_term term = {AG_TERM_FINDING, fact->finding};
    label_of(w, fact, label);
    bool is_setting = card->kind == AG_FINDING_SETTING;
    begin_fact(w, kind, term, label, card->value == AG_VALUE_YES_NO && fact->state == 0,
               dated ? shown(fact->date, since) : NULL, NULL);
    if (is_setting) {
        value_of(w, fact, value);
        ag_json_text(&w->json, "setting", value);
    } else {
        ag_json_array(&w->json, key);
        put_finding(w, fact, dated);
        ag_json_end(&w->json);
    }
    end_fact(w);
}

/* ---- samples ---- */

static bool same_number(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

/* Semen, and the urine after it, are one sample of a case. */
static bool same_sample(const ag_sample *a, const ag_sample *b) {
    return a->date.first == b->date.first && a->date.last == b->date.last &&
           same_number(a->abstinence_days, b->abstinence_days) && a->collection == b->collection;
}

static bool belongs(const ag_patient *p, int finding, int sample) {
    int at = p->findings[finding].sample;
    return at >= 0 && same_sample(&p->samples[at], &p->samples[sample]);
}

static void write_sample(writing *w, int sample) {
    static const char *const complete[] = {NULL, "yes", "first part lost", "last part lost", "no"};
    const ag_patient *p = w->patient;
    const ag_sample *s = &p->samples[sample];
    char label[2 * LABEL] = "", one[LABEL], since[AG_DATE_TEXT];
    int first = -1;
    for (int i = 0; i < p->finding_count; i++) {
        if (!belongs(p, i, sample))
            continue;
        first = first < 0 ? p->findings[i].finding : first;
        label_of(w, &p->findings[i], one);
        size_t used = strlen(label);
        snprintf(label + used, sizeof label - used, "%s%.300s", used > 0 ? ", " : "", one);
    }
    if (first < 0)
        return;
    begin_fact(w, "test", (ag_term){AG_TERM_FINDING, first}, label, false, shown(s->date, since),
               NULL);
    ag_json *json = &w->json;
    ag_json_array(json, "samples");
    ag_json_object(json, NULL);
    put_date(json, "date", s->date);
    if (!isnan(s->abstinence_days))
        ag_json_number(json, "abstinence_days", s->abstinence_days);
    if (s->collection != AG_COLLECTION_UNKNOWN)
        ag_json_text(json, "complete", complete[s->collection]);
    ag_json_array(json, "tests");
    for (int i = 0; i < p->finding_count; i++)
        if (belongs(p, i, sample))
            put_finding(w, &p->findings[i], false);
    ag_json_end(json);
    ag_json_end(json);
    ag_json_end(json);
    end_fact(w);
}

/* That a sample was given is made from what was found in it when the entries are read. */
static bool is_made(const writing *w, const ag_finding_fact *fact) {
    if (strcmp(id_of(w, fact), "semen-sample-given") != 0)
        return false;
    for (int i = 0; i < w->patient->finding_count; i++)
        if (ag_finding_shows_semen(w->patient->knowledge, &w->patient->findings[i]))
            return true;
    return false;
}

static void write_samples(writing *w) {
    const ag_patient *p = w->patient;
    for (int i = 0; i < p->sample_count; i++) {
        bool written = false;
        for (int j = 0; j < i && !written; j++)
            written = same_sample(&p->samples[i], &p->samples[j]);
        if (!written)
            write_sample(w, i);
    }
}

/* ---- the rest ---- */

static void write_tried(writing *w, const ag_tried *tried) {
    char text[LABEL];
    snprintf(text, sizeof text, "%.150s%s%.200s", tried->name, tried->result != NULL ? ": " : "",
             tried->result != NULL ? tried->result : "");
    begin_fact(w, "tried", NO_CARD, text, false, NULL, NULL);
    ag_json_array(&w->json, "treatments_tried");
    ag_json_object(&w->json, NULL);
    ag_json_text(&w->json, "name", tried->name);
    if (tried->result != NULL)
        ag_json_text(&w->json, "result", tried->result);
    ag_json_end(&w->json);
    ag_json_end(&w->json);
    end_fact(w);
}

static void write_unused(writing *w) {
    ag_json *json = &w->json;
    ag_json_array(json, "not_understood");
    for (int i = 0; i < w->patient->unused_count; i++) {
        const ag_unused *unused = &w->patient->unused[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "text", unused->text);
        bool value = unused->reason == AG_UNUSED_VALUE;
        ag_json_text(json, "reason", value ? "value" : "unused");
        ag_json_text(json, "message", unused->why);
        ag_json_array(json, "nearest");
        for (int n = 0; n < 3 && unused->nearest[n] != NULL; n++)
            ag_json_text(json, NULL, unused->nearest[n]);
        ag_json_end(json);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_patient(writing *w) {
    const ag_patient *p = w->patient;
    ag_json_object(&w->json, NULL);
    ag_json_array(&w->json, "facts");
    write_man(w);
    for (int i = 0; i < p->cause_count; i++)
        write_cause(w, &p->causes[i]);
    for (int i = 0; i < p->planned_count; i++)
        write_cause(w, &p->planned[i]);
    for (int i = 0; i < p->finding_count; i++)
        if (p->findings[i].sample < 0 && !is_made(w, &p->findings[i]))
            write_finding(w, &p->findings[i]);
    write_samples(w);
    for (int i = 0; i < p->tried_count; i++)
        write_tried(w, &p->tried[i]);
    ag_json_end(&w->json);
    write_unused(w);
    ag_json_array(&w->json, "suggestions");
    ag_json_end(&w->json);
    ag_json_end(&w->json);
}

ag_status ag_understand_patient(char **out, const ag_vocabulary *vocabulary,
                                const ag_patient *patient, const ag_understand_options *options,
                                ag_error *error) {
    ag_understand_options defaults = ag_understand_options_defaults();
    const ag_understand_options *used = options != NULL ? options : &defaults;
    ag_days day = ag_days_on(ag_day_today());
    *out = NULL;
    if (used->as_of != NULL && (!ag_date_read(used->as_of, &day) || day.first != day.last))
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "the day of the assessment \"%.60s\" is no date like 2024-03-15",
                       used->as_of);
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer buffer = ag_buffer_start(arena);
    writing w = {.vocabulary = vocabulary,
                 .knowledge = ag_vocabulary_knowledge(vocabulary),
                 .patient = patient,
                 .spanish = used->language != NULL && strcmp(used->language, "es") == 0,
                 .today = day.first,
                 .json = ag_json_start(&buffer, 0)};
    write_patient(&w);
    const char *text = ag_buffer_text(&buffer);
    *out = text != NULL ? strdup(text) : NULL;
    ag_arena_free(arena);
    return *out != NULL ? AG_OK : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}
