/* The growing lists of a patient. Each list lives in his arena and doubles when it is full. */
#include "patient.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { FIRST_CAPACITY = 8 };

ag_patient *ag_patient_new(const ag_knowledge *knowledge) {
    ag_arena *arena = ag_arena_new();
    ag_patient *patient = arena != NULL ? ag_arena_alloc(arena, sizeof *patient) : NULL;
    if (patient == NULL) {
        ag_arena_free(arena);
        return NULL;
    }
    patient->arena = arena;
    patient->knowledge = knowledge;
    patient->label = "";
    patient->birth = patient->onset = AG_DAYS_UNKNOWN;
    patient->age_years = patient->partner_age_years = NAN;
    return patient;
}

void ag_patient_free(ag_patient *patient) {
    if (patient != NULL)
        ag_arena_free(patient->arena);
}

/* The list `items` of `count` elements with room for one more: itself, or a copy twice as long. */
static void *room(ag_arena *arena, void *items, int count, size_t size) {
    bool full = count == 0 || (count >= FIRST_CAPACITY && (count & (count - 1)) == 0);
    if (!full)
        return items;
    if (count > INT32_MAX / 2)
        return NULL;
    size_t capacity = count == 0 ? FIRST_CAPACITY : 2 * (size_t)count;
    void *grown = ag_arena_array(arena, capacity, size);
    if (grown != NULL && count > 0)
        memcpy(grown, items, (size_t)count * size);
    return grown;
}

const char *ag_patient_text(ag_patient *patient, const char *text) {
    size_t length = strlen(text), used = 0;
    char *copy = ag_arena_alloc(patient->arena, length + 1);
    for (size_t i = 0, size; copy != NULL && i < length; i += size) {
        uint32_t code = ag_utf8_next(text + i, length - i, &size);
        bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
        if (code == 0xFFFD && size == 1)
            continue; /* half a letter, where a message was cut */
        if (control)
            copy[used++] = ' ';
        else
            memcpy(copy + used, text + i, size);
        used += control ? 0 : size;
    }
    return copy;
}

/* NULL stays NULL; `ok` becomes false when memory runs out. */
static const char *keep(ag_patient *patient, const char *text, bool *ok) {
    if (text == NULL)
        return NULL;
    const char *copy = ag_patient_text(patient, text);
    *ok = *ok && copy != NULL;
    return copy;
}

static const ag_recorded_attribute *
keep_attributes(ag_patient *patient, const ag_recorded_attribute *from, int count, bool *ok) {
    if (count == 0)
        return NULL;
    ag_recorded_attribute *out = ag_arena_array(patient->arena, (size_t)count, sizeof *out);
    *ok = *ok && out != NULL;
    for (int i = 0; *ok && i < count; i++) {
        out[i].name = keep(patient, from[i].name, ok);
        out[i].number = from[i].number;
        out[i].word = keep(patient, from[i].word, ok);
    }
    return out;
}

ag_status ag_patient_add_cause(ag_patient *patient, const ag_cause_fact *fact) {
    ag_cause_fact *list = room(patient->arena, patient->causes, patient->cause_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->causes = list;
    bool ok = true;
    ag_cause_fact copy = *fact;
    copy.attributes = keep_attributes(patient, fact->attributes, fact->attribute_count, &ok);
    copy.text = keep(patient, fact->text, &ok);
    copy.where = keep(patient, fact->where, &ok);
    if (!ok)
        return AG_ERROR_MEMORY;
    list[patient->cause_count++] = copy;
    return AG_OK;
}

ag_status ag_patient_add_planned(ag_patient *patient, const ag_cause_fact *fact) {
    ag_cause_fact *list =
        room(patient->arena, patient->planned, patient->planned_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->planned = list;
    list[patient->planned_count++] = *fact;
    return AG_OK;
}

ag_status ag_patient_add_finding(ag_patient *patient, const ag_finding_fact *fact) {
    ag_finding_fact *list =
        room(patient->arena, patient->findings, patient->finding_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->findings = list;
    bool ok = true;
    ag_finding_fact copy = *fact;
    copy.text = keep(patient, fact->text, &ok);
    copy.where = keep(patient, fact->where, &ok);
    if (!ok)
        return AG_ERROR_MEMORY;
    list[patient->finding_count++] = copy;
    return AG_OK;
}

ag_status ag_patient_add_unused(ag_patient *patient, const ag_unused *unused) {
    ag_unused *list = room(patient->arena, patient->unused, patient->unused_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->unused = list;
    bool ok = true;
    ag_unused copy = {.text = keep(patient, unused->text, &ok),
                      .where = keep(patient, unused->where, &ok),
                      .why = keep(patient, ag_say(patient->language, unused->why), &ok),
                      .reason = unused->reason};
    for (int i = 0; i < 3; i++)
        copy.nearest[i] = keep(patient, unused->nearest[i], &ok);
    if (!ok)
        return AG_ERROR_MEMORY;
    list[patient->unused_count++] = copy;
    return AG_OK;
}

ag_status ag_patient_add_tried(ag_patient *patient, const ag_tried *tried) {
    ag_tried *list = room(patient->arena, patient->tried, patient->tried_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->tried = list;
    bool ok = true;
    ag_tried copy = {.name = keep(patient, tried->name, &ok),
                     .cause = tried->cause,
                     .result = keep(patient, tried->result, &ok)};
    if (!ok)
        return AG_ERROR_MEMORY;
    list[patient->tried_count++] = copy;
    return AG_OK;
}

ag_status ag_patient_add_contradiction(ag_patient *patient, const char *english, ...) {
    const char **list =
        room(patient->arena, patient->contradictions, patient->contradiction_count, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    patient->contradictions = list;
    char sentence[512];
    va_list arguments;
    va_start(arguments, english);
    vsnprintf(sentence, sizeof sentence, ag_say(patient->language, english), arguments);
    va_end(arguments);
    bool ok = true;
    const char *copy = keep(patient, sentence, &ok);
    if (!ok)
        return AG_ERROR_MEMORY;
    list[patient->contradiction_count++] = copy;
    return AG_OK;
}

int ag_patient_add_sample(ag_patient *patient, const ag_sample *sample) {
    ag_sample *list = room(patient->arena, patient->samples, patient->sample_count, sizeof *list);
    if (list == NULL)
        return -1;
    patient->samples = list;
    list[patient->sample_count] = *sample;
    return patient->sample_count++;
}

/* ---- public ---- */

const char *ag_unused_reason_name(ag_unused_reason reason) {
    static const char *const names[] = {"unused", "unknown", "words", "diagnosis", "value"};
    return names[reason];
}

bool ag_patient_unreadable(const ag_patient *patient) {
    for (int i = 0; i < patient->unused_count; i++)
        if (patient->unused[i].reason == AG_UNUSED_VALUE)
            return true;
    return false;
}

ag_patient_options ag_patient_options_defaults(void) {
    return (ag_patient_options){.size = sizeof(ag_patient_options)};
}

const char *ag_patient_label(const ag_patient *patient) {
    return patient->label;
}

double ag_patient_age(const ag_patient *patient) {
    return patient->age_years;
}

int ag_patient_unused_count(const ag_patient *patient) {
    return patient->unused_count;
}

ag_unused_entry ag_patient_unused(const ag_patient *patient, int i) {
    const ag_unused *entry = &patient->unused[i];
    return (ag_unused_entry){.text = entry->text,
                             .where = entry->where,
                             .why = entry->why,
                             .reason = entry->reason,
                             .nearest = {entry->nearest[0], entry->nearest[1], entry->nearest[2]}};
}

int ag_patient_contradiction_count(const ag_patient *patient) {
    return patient->contradiction_count;
}

const char *ag_patient_contradiction(const ag_patient *patient, int i) {
    return patient->contradictions[i];
}
