/* A FHIR record to a patient: gather, find the person, convert each resource, put together. */
#include <stdio.h>
#include <string.h>

#include "fhir_facts.h"
#include "fhir_patient.h"
#include "fhir_person.h"
#include "fhir_record.h"
#include "fhir_unknown.h"

typedef struct reading {
    ag_fhir_record record;
    ag_fhir_converter converter;
    const ag_fhir_entry *person; /* NULL when the record holds no Patient */
    const char *subject;         /* then the one reference to him that is seen */
    ag_patient *patient;
    ag_error *error;
} reading;

static ag_status no_memory(reading *r) {
    return ag_fail(r->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- whose resource ---- */

/* A reference that does not resolve is his when it ends in his type and id. */
static bool names_person(const reading *r, const char *reference) {
    const ag_fhir_entry *entry = ag_fhir_find(&r->record, reference);
    if (entry != NULL)
        return entry == r->person;
    size_t length;
    const char *id = ag_fhir_patient_id(reference, &length);
    return id != NULL && r->person->id != NULL && strlen(r->person->id) == length &&
           memcmp(id, r->person->id, length) == 0;
}

static ag_status whose(reading *r, const ag_fhir_entry *entry, bool *his) {
    const char *subject = ag_fhir_subject(entry->resource);
    *his = true;
    if (ag_json_get(entry->resource, "focus") != NULL)
        *his = false;
    if (subject == NULL || !*his)
        return AG_OK;
    if (r->person != NULL) {
        *his = names_person(r, subject);
        return AG_OK;
    }
    if (r->subject == NULL)
        r->subject = subject;
    if (strcmp(subject, r->subject) == 0)
        return AG_OK;
    return ag_fail_at(r->error, AG_ERROR_UNSUPPORTED, entry->line, 0,
                      "the record is about several patients (%.60s and %.60s); give one at a time",
                      r->subject, subject);
}

/* ---- the whole ---- */

static ag_status convert_all(reading *r) {
    int others = 0;
    for (int i = 0; i < r->record.count; i++) {
        const ag_fhir_entry *entry = &r->record.entries[i];
        bool his;
        if (entry->replaced || !ag_fhir_holds_facts(ag_fhir_type_of(entry->resource)))
            continue;
        ag_status status = whose(r, entry, &his);
        if (status != AG_OK)
            return status;
        r->converter.line = entry->line;
        if (!his)
            others++;
        else if (ag_fhir_convert(&r->converter, entry->resource) && r->converter.status != AG_OK)
            return no_memory(r);
    }
    if (others == 0)
        return AG_OK;
    char text[64];
    snprintf(text, sizeof text, "%d entries", others);
    ag_unused entry = {
        .text = text, .where = "the record", .why = AG_SAID("they are about somebody else")};
    return ag_patient_add_unused(r->patient, &entry) == AG_OK ? AG_OK : no_memory(r);
}

static ag_status note_disputes(reading *r) {
    for (int i = 0; i < r->record.count; i++) {
        const ag_fhir_entry *entry = &r->record.entries[i];
        if (entry->disputed && !entry->replaced &&
            ag_patient_add_contradiction(r->patient,
                                         AG_SAID("%s/%.80s stands several times with different "
                                                 "content and the same lastUpdated; "
                                                 "the one on line %d counts"),
                                         entry->type, entry->id, entry->line) != AG_OK)
            return no_memory(r);
    }
    return AG_OK;
}

static ag_status set_day(reading *r, const ag_patient_options *options) {
    ag_days day;
    r->patient->as_of = ag_day_today();
    if (options == NULL || options->as_of == NULL)
        return AG_OK;
    if (!ag_date_read(options->as_of, &day) || day.first != day.last)
        return ag_fail(r->error, AG_ERROR_ARGUMENT,
                       "the day of the assessment \"%.60s\" is no date like 2024-03-15",
                       options->as_of);
    r->patient->as_of = day.first;
    return AG_OK;
}

static ag_status read_record(reading *r, const ag_vocabulary *vocabulary, const char *text,
                             size_t length, const ag_patient_options *options) {
    ag_arena *arena = r->record.arena;
    bool male = options != NULL && options->male_anatomy;
    r->patient->language = ag_language_of(options != NULL ? options->language : NULL);
    ag_status status = set_day(r, options);
    if (status == AG_OK)
        status = ag_fhir_gather(&r->record, arena, vocabulary, text, length, r->error);
    if (status == AG_OK)
        status = ag_fhir_person_find(&r->record, male, r->patient, &r->person, r->error);
    if (status != AG_OK)
        return status;
    ag_fhir_converter_start(&r->converter, vocabulary, arena);
    r->converter.language = r->patient->language;
    r->converter.resolve = ag_fhir_follow;
    r->converter.resolve_data = &r->record;
    status = convert_all(r);
    if (status == AG_OK)
        status = ag_fhir_put_facts(r->patient, r->converter.first, arena,
                                   options != NULL ? options->setting : NULL, r->error);
    if (status == AG_OK)
        status = note_disputes(r);
    if (status == AG_OK && ag_fhir_list_unknown(&r->converter, &r->record, r->patient) != AG_OK)
        status = no_memory(r);
    return status == AG_OK ? ag_patient_finish(r->patient, r->error) : status;
}

ag_status ag_patient_read_fhir(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                               size_t length, const ag_patient_options *options, ag_error *error) {
    *out = NULL;
    reading r = {.error = error};
    r.record.arena = ag_arena_new();
    r.patient = ag_patient_new(ag_vocabulary_knowledge(vocabulary));
    ag_arena *arena = r.record.arena;
    ag_status status = arena != NULL && r.patient != NULL
                           ? read_record(&r, vocabulary, text, length, options)
                           : no_memory(&r);
    ag_arena_free(arena);
    if (status != AG_OK)
        ag_patient_free(r.patient);
    else
        *out = r.patient;
    return status;
}
