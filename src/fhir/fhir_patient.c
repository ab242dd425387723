/*
 * Facts into the patient. They are put in an order of their own, not that of the record, so that
 * the result does not depend on how the record was written down.
 */
#include "fhir_patient.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

typedef struct putting {
    ag_patient *patient;
    ag_arena *arena;
    const char *
        *specimens; /* of the patient's samples; NULL where only the date tells them apart */
    int specimen_room;
    bool symptoms_differ;
    ag_days symptom_start;
    ag_error *error;
} putting;

static ag_status no_memory(putting *p) {
    return ag_fail(p->error, AG_ERROR_MEMORY, "out of memory");
}

static void write_where(const ag_fhir_fact *fact, char *out, size_t size) {
    bool with_line = fact->kind != AG_FHIR_CAUSE && fact->kind != AG_FHIR_FINDING;
    if (fact->id == NULL && fact->line == 0)
        snprintf(out, size, "%s", fact->type);
    else if (fact->id == NULL)
        snprintf(out, size, "%s on line %d", fact->type, fact->line);
    else if (with_line && fact->line > 0)
        snprintf(out, size, "%s/%.80s, line %d", fact->type, fact->id, fact->line);
    else
        snprintf(out, size, "%s/%.80s", fact->type, fact->id);
}

static int add_days(int day, double days) {
    return day == INT_MIN || day == INT_MAX ? day : day + (int)days;
}

static ag_days days_of(const putting *p, const ag_fhir_time *time) {
    const ag_patient *patient = p->patient;
    if (!time->by_age)
        return time->days;
    if (ag_days_unknown(patient->birth))
        return AG_DAYS_UNKNOWN;
    ag_days days = {add_days(patient->birth.first, floor(time->age_low * AG_DAYS_PER_YEAR)),
                    add_days(patient->birth.last, ceil(time->age_high * AG_DAYS_PER_YEAR))};
    if (days.first <= patient->as_of && days.last > patient->as_of)
        days.last = patient->as_of;
    return days;
}

/* Where an end is not known, it lies between the beginning and the day of the assessment. */
static ag_status put_cause(putting *p, const ag_fhir_fact *fact, const char *where) {
    ag_cause_fact cause = {.cause = fact->index,
                           .present = fact->present,
                           .planned = fact->kind == AG_FHIR_PLANNED,
                           .start = days_of(p, &fact->start),
                           .end = days_of(p, &fact->end),
                           .ended = fact->ended,
                           .attributes = fact->attributes,
                           .attribute_count = fact->attribute_count,
                           .text = fact->text,
                           .where = where};
    if (fact->ended && !fact->end.given)
        cause.end = (ag_days){cause.start.first, p->patient->as_of};
    return ag_patient_add_cause(p->patient, &cause) == AG_OK ? AG_OK : no_memory(p);
}

static bool same_days(ag_days a, ag_days b) {
    return a.first == b.first && a.last == b.last;
}

static int find_sample(const putting *p, ag_sample_kind kind, const char *specimen, ag_days date) {
    for (int i = 0; i < p->patient->sample_count; i++) {
        const ag_sample *sample = &p->patient->samples[i];
        const char *own = p->specimens[i];
        bool same = specimen != NULL && own != NULL ? strcmp(specimen, own) == 0
                                                    : same_days(sample->date, date);
        if (sample->kind == kind && same)
            return i;
    }
    return -1;
}

static int need_sample(putting *p, ag_sample_kind kind, const char *specimen, ag_days date) {
    int found = find_sample(p, kind, specimen, date);
    if (found >= 0)
        return found;
    if (p->patient->sample_count == p->specimen_room) {
        int room = p->specimen_room == 0 ? 16 : 2 * p->specimen_room;
        const char **list = ag_arena_array(p->arena, (size_t)room, sizeof *list);
        if (list == NULL)
            return -1;
        if (p->specimen_room > 0)
            memcpy(list, p->specimens, (size_t)p->specimen_room * sizeof *list);
        p->specimens = list;
        p->specimen_room = room;
    }
    int made = ag_patient_add_sample(
        p->patient, &(ag_sample){.kind = kind, .date = date, .abstinence_days = NAN});
    if (made >= 0)
        p->specimens[made] = specimen;
    return made;
}

static void note_symptom_start(putting *p, ag_days start) {
    if (ag_days_unknown(start) || start.first == INT_MIN)
        return;
    if (!ag_days_unknown(p->symptom_start) && !same_days(p->symptom_start, start))
        p->symptoms_differ = true;
    p->symptom_start = start;
}

static ag_status put_unused(putting *p, const char *text, const char *where, const char *why) {
    ag_unused entry = {.text = text, .where = where, .why = why};
    return ag_patient_add_unused(p->patient, &entry) == AG_OK ? AG_OK : no_memory(p);
}

/* A complaint is there now; a test was true on its day. */
static ag_status put_finding(putting *p, const ag_fhir_fact *fact, const char *where) {
    const ag_knowledge *knowledge = p->patient->knowledge;
    ag_sample_kind kind = knowledge->findings[fact->index].sample;
    bool condition = fact->type != NULL && strcmp(fact->type, "Condition") == 0;
    ag_days start = days_of(p, &fact->start);
    char text[256];
    if (condition && start.first != INT_MIN && start.first > p->patient->as_of)
        return put_unused(p, fact->text, where, AG_SAID("it lies after the day of the assessment"));
    ag_finding_text(knowledge, fact->index, fact->value, text, sizeof text);
    ag_finding_fact finding = {.finding = fact->index,
                               .state = fact->value.state,
                               .low = fact->value.low,
                               .high = fact->value.high,
                               .sample = -1,
                               .date = condition ? ag_days_on(p->patient->as_of) : start,
                               .text = text,
                               .where = where};
    if (fact->symptom)
        note_symptom_start(p, start);
    if (kind != AG_SAMPLE_NONE && !condition) {
        finding.sample = need_sample(p, kind, fact->specimen, start);
        if (finding.sample < 0)
            return no_memory(p);
    }
    return ag_patient_add_finding(p->patient, &finding) == AG_OK ? AG_OK : no_memory(p);
}

static ag_status put_abstinence(putting *p, const ag_fhir_fact *fact, const char *where) {
    int sample = find_sample(p, AG_SAMPLE_SEMEN, fact->specimen, days_of(p, &fact->start));
    if (sample < 0)
        return put_unused(p, fact->text, where,
                          AG_SAID("the record has no semen sample of that day"));
    p->patient->samples[sample].abstinence_days = fact->value.low;
    return AG_OK;
}

static ag_status put_fact(putting *p, const ag_fhir_fact *fact) {
    char where[160];
    write_where(fact, where, sizeof where);
    switch (fact->kind) {
    case AG_FHIR_CAUSE:
    case AG_FHIR_PLANNED:
        return put_cause(p, fact, where);
    case AG_FHIR_FINDING:
        return put_finding(p, fact, where);
    case AG_FHIR_ABSTINENCE:
        return put_abstinence(p, fact, where);
    case AG_FHIR_UNUSED:
        return put_unused(p, fact->text, where, fact->why);
    default:
        return AG_OK;
    }
}

/* ---- order ---- */

typedef struct place {
    const ag_fhir_fact *fact;
    int order; /* in the record */
} place;

static int compare_numbers(double a, double b) {
    return (a > b) - (a < b);
}

static int compare_times(const ag_fhir_time *a, const ag_fhir_time *b) {
    int order = compare_numbers(a->days.first, b->days.first);
    if (order == 0)
        order = compare_numbers(a->days.last, b->days.last);
    if (order == 0)
        order = compare_numbers(a->by_age ? a->age_low : -1, b->by_age ? b->age_low : -1);
    return order != 0 || !a->by_age ? order : compare_numbers(a->age_high, b->age_high);
}

/* What is said, then who says it. */
static int compare_contents(const ag_fhir_fact *a, const ag_fhir_fact *b) {
    int order = a->index - b->index;
    if (order == 0)
        order = compare_times(&a->start, &b->start);
    if (order == 0)
        order = compare_times(&a->end, &b->end);
    if (order == 0)
        order = 2 * (a->present - b->present) + (a->ended - b->ended);
    if (order == 0)
        order = ag_text_order(a->specimen, b->specimen);
    if (order == 0)
        order = a->value.state - b->value.state;
    if (order == 0)
        order = compare_numbers(a->value.low, b->value.low);
    if (order == 0)
        order = compare_numbers(a->value.high, b->value.high);
    return order != 0 ? order
                      : ag_attributes_order(a->attributes, a->attribute_count, b->attributes,
                                            b->attribute_count);
}

/* Samples before the abstinence that belongs to them; what is not used as the record has it. */
static int compare_places(const void *left, const void *right) {
    const place *x = left, *y = right;
    const ag_fhir_fact *a = x->fact, *b = y->fact;
    bool a_used = a->kind < AG_FHIR_UNUSED, b_used = b->kind < AG_FHIR_UNUSED;
    if (!a_used || !b_used)
        return a_used != b_used ? b_used - a_used : x->order - y->order;
    int order = (int)a->kind - (int)b->kind;
    if (order == 0)
        order = compare_contents(a, b);
    if (order == 0)
        order = ag_text_order(a->type, b->type);
    if (order == 0)
        order = ag_text_order(a->id, b->id);
    if (order == 0)
        order = ag_text_order(a->text, b->text);
    return order != 0 ? order : x->order - y->order;
}

static ag_status put_in_order(putting *p, const ag_fhir_fact *first) {
    size_t count = 0;
    for (const ag_fhir_fact *fact = first; fact != NULL; fact = fact->next)
        count += fact->kind != AG_FHIR_UNKNOWN;
    place *places = ag_arena_array(p->arena, count + 1, sizeof *places);
    if (places == NULL)
        return no_memory(p);
    count = 0;
    for (const ag_fhir_fact *fact = first; fact != NULL; fact = fact->next)
        if (fact->kind != AG_FHIR_UNKNOWN) {
            places[count] = (place){fact, (int)count};
            count++;
        }
    if (count > 1)
        qsort(places, count, sizeof *places, compare_places);
    ag_status status = AG_OK;
    for (size_t i = 0; i < count && status == AG_OK; i++)
        status = put_fact(p, places[i].fact);
    return status;
}

/* ---- the whole ---- */

static ag_status set_onset(putting *p) {
    if (p->symptoms_differ)
        return put_unused(p, "the beginnings of the complaints", "conditions",
                          AG_SAID("they differ, so that the onset is taken as unknown"));
    p->patient->onset = p->symptom_start;
    return AG_OK;
}

static ag_status set_setting(putting *p, const char *setting) {
    const ag_knowledge *knowledge = p->patient->knowledge;
    int variable = ag_knowledge_variable(knowledge, "setting");
    const ag_finding *card = variable >= 0 ? ag_knowledge_finding_of(knowledge, variable) : NULL;
    if (card == NULL)
        return ag_fail(p->error, AG_ERROR_ARGUMENT, "the knowledge has no card for the setting");
    ag_fhir_fact fact = {.index = (int)(card - knowledge->findings)};
    fact.start.days = ag_days_on(p->patient->as_of);
    ag_status status = ag_finding_value_read(knowledge, fact.index, setting, NULL,
                                             p->patient->language, &fact.value, p->error);
    return status == AG_OK ? put_finding(p, &fact, "stated") : status;
}

ag_status ag_fhir_put_facts(ag_patient *patient, const ag_fhir_fact *first, ag_arena *arena,
                            const char *setting, ag_error *error) {
    putting p = {
        .patient = patient, .arena = arena, .symptom_start = AG_DAYS_UNKNOWN, .error = error};
    ag_status status = put_in_order(&p, first);
    if (status == AG_OK && setting != NULL)
        status = set_setting(&p, setting);
    return status == AG_OK ? set_onset(&p) : status;
}
