/* Causes: medicines, conditions, operations, as a line or as a map of fields. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case_reader.h"
#include "text.h"

enum { ATTRIBUTES = 16, YEARS_MOST = 110 };

typedef struct fields {
    ag_recorded_attribute attributes[ATTRIBUTES];
    int count;
    double strength_mg, per_day;
} fields;

static ag_status add_cause(ag_case *c, const ag_case_cause *cause) {
    ag_case_cause *copy = ag_arena_alloc(c->arena, sizeof *copy);
    if (copy == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    *copy = *cause;
    copy->fact.where = ag_case_where(c, cause->node);
    *c->causes_end = copy;
    c->causes_end = &copy->next;
    return AG_OK;
}

/* A later value of the same attribute replaces the former. */
static void set_attribute(fields *f, ag_recorded_attribute attribute) {
    int at = 0;
    while (at < f->count && strcmp(f->attributes[at].name, attribute.name) != 0)
        at++;
    if (at < ATTRIBUTES) {
        f->attributes[at] = attribute;
        f->count += at == f->count;
    }
}

/* A dose without a frequency is the dose of a day; one on demand says nothing about a day. */
static void set_dose(const ag_cause *cause, fields *f) {
    const ag_attribute *dose = ag_attribute_find(cause, "dose");
    if (dose == NULL || f->strength_mg <= 0 || isnan(f->per_day))
        return;
    char value[64];
    ag_recorded_attribute attribute;
    snprintf(value, sizeof value, "%.17g mg/day",
             f->strength_mg * (f->per_day > 0 ? f->per_day : 1));
    if (ag_attribute_read(cause, "dose", value, AG_ENGLISH, &attribute, NULL) == AG_OK)
        set_attribute(f, attribute);
}

static ag_status keep_cause(ag_case *c, ag_case_cause *cause, const fields *f) {
    ag_recorded_attribute *list = ag_arena_array(c->arena, (size_t)f->count + 1, sizeof *list);
    if (list == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    memcpy(list, f->attributes, (size_t)f->count * sizeof *list);
    cause->fact.attributes = list;
    cause->fact.attribute_count = f->count;
    return add_cause(c, cause);
}

/* ---- a line ---- */

/* Words beside the name may turn a condition or an operation into something else ("vasectomy
 * reversal"); a medicine mostly stays the medicine. */
static bool rest_forbids(const ag_case *c, const ag_phrase *phrase) {
    if (phrase->turned)
        return true;
    for (int i = 0; i < phrase->cause_count; i++)
        if (c->knowledge->causes[phrase->causes[i]].kind != AG_CAUSE_MEDICINE)
            return phrase->rest[0] != '\0';
    return false;
}

static ag_status note_rest(ag_case *c, const ag_node *node, const char *text,
                           const ag_phrase *phrase) {
    char why[400];
    if (phrase->cause_count > 1 && phrase->strength_mg > 0)
        return ag_case_unused(c, node, AG_UNUSED_WORDS, text,
                              "which of the medicines the dose belongs to is not clear; write "
                              "one line for each",
                              0);
    if (phrase->rest[0] == '\0')
        return AG_OK;
    snprintf(
        why, sizeof why,
        ag_say(c->patient->language, "the words \"%.255s\" are not understood; the rest is used"),
        phrase->rest);
    return ag_case_unused(c, node, AG_UNUSED_WORDS, text, why, 0);
}

ag_status ag_case_cause_line(ag_case *c, const ag_node *node, const char *text, bool absent,
                             bool *understood) {
    ag_phrase phrase;
    *understood = ag_phrase_read(c->vocabulary, text, &phrase) && !rest_forbids(c, &phrase);
    if (!*understood)
        return AG_OK;
    ag_status status = note_rest(c, node, text, &phrase);
    for (int i = 0; i < phrase.cause_count && status == AG_OK; i++) {
        ag_case_cause cause = {.node = node};
        fields f = {.strength_mg = phrase.cause_count == 1 ? phrase.strength_mg : 0,
                    .per_day = phrase.per_day};
        cause.fact = (ag_cause_fact){.cause = phrase.causes[i],
                                     .present = !absent && !phrase.negated,
                                     .planned = phrase.planned,
                                     .text = text};
        cause.fact.ended = phrase.ended;
        if (phrase.has_start)
            cause.start = (ag_case_time){.given = true, .when = phrase.start, .node = node};
        if (phrase.has_end)
            cause.end = (ag_case_time){.given = true, .when = phrase.end, .node = node};
        for (int a = 0; i == 0 && a < phrase.attribute_count; a++)
            set_attribute(&f, phrase.attributes[a]);
        set_dose(&c->knowledge->causes[phrase.causes[i]], &f);
        status = keep_cause(c, &cause, &f);
    }
    return status;
}

/* ---- a map ---- */

static ag_status read_dose(ag_case *c, const ag_node *node, const ag_cause *cause, fields *f) {
    double per_day;
    bool needed = ag_attribute_find(cause, "dose") != NULL;
    const char *text = node->text, *rest = text;
    double number;
    if (ag_dose_read(text, &f->strength_mg, &per_day)) {
        if (per_day != 0)
            f->per_day = per_day;
        return AG_OK;
    }
    if (ag_number_read(&rest, &number) && *rest == '\0')
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "the dose \"%.60s\" has no unit. Give one (mg), or remove it", text);
    if (needed)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "the dose \"%.60s\" is not understood. Write it like \"0.4 mg daily\"",
                            text);
    return AG_OK;
}

static ag_status read_frequency(ag_case *c, const ag_node *node, fields *f) {
    char dose[128];
    double mg;
    snprintf(dose, sizeof dose, "1 mg %.100s", node->text);
    if (ag_dose_read(dose, &mg, &f->per_day) && f->per_day != 0)
        return AG_OK;
    return ag_case_fail(c, node, AG_ERROR_VALUE,
                        "the frequency \"%.60s\" is not understood. Write it like \"twice daily\"",
                        node->text);
}

static ag_status read_years(ag_case *c, const ag_node *node, ag_case_cause *cause) {
    char time[80];
    const char *rest = node->text;
    double years;
    if (!ag_number_read(&rest, &years) || *rest != '\0' || years > YEARS_MOST)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "years \"%.60s\" must be a number from 0 to %d", node->text,
                            YEARS_MOST);
    snprintf(time, sizeof time, "%.60s years", node->text);
    return ag_case_time_read(c, node, time, &cause->start);
}

static ag_status read_status(ag_case *c, const ag_node *node, ag_case_cause *cause) {
    int yes = ag_yes_or_no(node->text);
    if (yes != 0)
        cause->fact.present = cause->fact.present && yes > 0;
    else if (ag_case_key_in(node->text, "|stopped|past|ended|resolved|cured|former|suspendido|"))
        cause->fact.ended = true;
    else if (ag_case_key_in(node->text, "|planned|scheduled|previsto|prevista|programada|"))
        cause->fact.planned = true;
    else if (!ag_case_key_in(node->text, "|current|active|ongoing|taking|actual|activo|"))
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "%s cannot be \"%.60s\". Give one of: current, stopped, planned, "
                            "absent",
                            node->key, node->text);
    return AG_OK;
}

/* "yes", or the time it is planned for. */
static ag_status read_planned(ag_case *c, const ag_node *node, ag_case_cause *cause) {
    int yes = ag_yes_or_no(node->text);
    cause->fact.planned = yes >= 0;
    if (yes != 0)
        return AG_OK;
    return cause->start.given
               ? ag_case_fail(c, node, AG_ERROR_VALUE, "the start is given twice; keep one")
               : ag_case_time_read(c, node, node->text, &cause->start);
}

static ag_status read_other(ag_case *c, const ag_node *node, const ag_cause *cause, fields *f) {
    ag_recorded_attribute attribute;
    ag_status status =
        ag_attribute_read(cause, node->key, node->text, c->patient->language, &attribute, c->error);
    if (status == AG_OK)
        set_attribute(f, attribute);
    return ag_case_at(c, node, status);
}

static ag_status read_field(ag_case *c, const ag_node *node, const ag_cause *card,
                            ag_case_cause *cause, fields *f) {
    const char *key = node->key, *text;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK || ag_case_is_unknown(node) || ag_case_key_in(key, "|name|nombre|note|"))
        return status;
    if (ag_case_key_in(key, "|since|start|started|date|from|onset|desde|inicio|fecha|")) {
        if (cause->start.given)
            return ag_case_fail(c, node, AG_ERROR_VALUE, "the start is given twice; keep one");
        return ag_case_time_read(c, node, text, &cause->start);
    }
    if (ag_case_key_in(key, "|stop|stopped|end|ended|until|hasta|fin|"))
        return ag_yes_or_no(text) > 0 ? (cause->fact.ended = true, AG_OK)
                                      : ag_case_time_read(c, node, text, &cause->end);
    if (ag_case_key_in(key, "|years|"))
        return cause->start.given
                   ? ag_case_fail(c, node, AG_ERROR_VALUE, "the start is given twice; keep one")
                   : read_years(c, node, cause);
    if (ag_case_key_in(key, "|status|present|estado|"))
        return read_status(c, node, cause);
    if (ag_case_key_in(key, "|planned|previsto|prevista|"))
        return read_planned(c, node, cause);
    if (ag_case_key_in(key, "|dose|dosis|"))
        return read_dose(c, node, card, f);
    if (ag_case_key_in(key, "|frequency|frecuencia|"))
        return read_frequency(c, node, f);
    return read_other(c, node, card, f);
}

/* The entry as a reader should see it: its name and its dose. */
static const char *text_of_map(ag_case *c, const ag_node *map, const char *name) {
    for (const ag_node *node = map->first; node != NULL; node = node->next)
        if (node->kind == AG_NODE_TEXT && ag_case_key_in(node->key, "|dose|dosis|"))
            return ag_arena_format(c->arena, "%s %s", name, node->text);
    return name;
}

ag_status ag_case_cause_map(ag_case *c, const ag_node *map, const char *name, bool absent,
                            bool *understood) {
    ag_phrase phrase;
    *understood = ag_phrase_read(c->vocabulary, name, &phrase) && !rest_forbids(c, &phrase);
    if (!*understood)
        return AG_OK;
    ag_status status = note_rest(c, map, name, &phrase);
    for (int i = 0; i < phrase.cause_count && status == AG_OK; i++) {
        const ag_cause *card = &c->knowledge->causes[phrase.causes[i]];
        fields f = {.strength_mg = phrase.strength_mg, .per_day = phrase.per_day};
        ag_case_cause cause = {.node = map};
        cause.fact = (ag_cause_fact){.cause = phrase.causes[i],
                                     .present = !absent && !phrase.negated,
                                     .planned = phrase.planned,
                                     .text = text_of_map(c, map, name)};
        cause.fact.ended = phrase.ended;
        for (int a = 0; i == 0 && a < phrase.attribute_count; a++)
            set_attribute(&f, phrase.attributes[a]);
        if (phrase.has_start)
            cause.start = (ag_case_time){.given = true, .when = phrase.start, .node = map};
        if (phrase.has_end)
            cause.end = (ag_case_time){.given = true, .when = phrase.end, .node = map};
        for (const ag_node *node = map->first; node != NULL && status == AG_OK; node = node->next)
            status = read_field(c, node, card, &cause, &f);
        set_dose(card, &f);
        if (status == AG_OK)
            status = keep_cause(c, &cause, &f);
    }
    return status;
}
