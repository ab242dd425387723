/* A FHIR record to a patient: gather, find the person, convert each resource, put together. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fhir_facts.h"
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
    const char *
        *specimens; /* of the patient's samples; NULL where only the date tells them apart */
    int specimen_room;
    bool symptoms_differ;
    ag_days symptom_start;
} reading;

static ag_status no_memory(reading *r) {
    return ag_fail(r->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- whose resource ---- */

static const char *subject_of(const ag_json_value *resource) {
    const char *subject = ag_json_get_text(ag_json_get(resource, "subject"), "reference");
    return subject != NULL ? subject
                           : ag_json_get_text(ag_json_get(resource, "patient"), "reference");
}

/* A reference that does not resolve is his when it ends in his type and id. */
static bool names_person(const reading *r, const char *reference) {
    const ag_fhir_entry *entry = ag_fhir_find(&r->record, reference);
    if (entry != NULL)
        return entry == r->person;
    const char *end = strstr(reference, "Patient/");
    size_t length = r->person->id != NULL ? strlen(r->person->id) : 0;
    return end != NULL && length > 0 && strncmp(end + 8, r->person->id, length) == 0 &&
           (end[8 + length] == '\0' || end[8 + length] == '/');
}

static ag_status whose(reading *r, const ag_fhir_entry *entry, bool *his) {
    const char *subject = subject_of(entry->resource);
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

/* ---- places ---- */

static const ag_fhir_entry *entry_of(const reading *r, const ag_json_value *resource,
                                     const ag_fhir_entry *from) {
    const ag_fhir_entry *end = r->record.entries + r->record.count;
    while (from < end && from->resource != resource)
        from++;
    return from < end ? from : NULL;
}

static void write_where(const ag_fhir_entry *entry, bool with_line, char *out, size_t size) {
    if (entry->id == NULL)
        snprintf(out, size, "%s on line %d", entry->type, entry->line);
    else if (with_line)
        snprintf(out, size, "%s/%.80s, line %d", entry->type, entry->id, entry->line);
    else
        snprintf(out, size, "%s/%.80s", entry->type, entry->id);
}

/* ---- facts into the patient ---- */

static int add_days(int day, double days) {
    return day == INT_MIN || day == INT_MAX ? day : day + (int)days;
}

static ag_days days_of(const reading *r, const ag_fhir_time *time) {
    const ag_patient *patient = r->patient;
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
static ag_status put_cause(reading *r, const ag_fhir_fact *fact, const char *where) {
    ag_cause_fact cause = {.cause = fact->index,
                           .present = fact->present,
                           .start = days_of(r, &fact->start),
                           .end = days_of(r, &fact->end),
                           .ended = fact->ended,
                           .attributes = fact->attributes,
                           .attribute_count = fact->attribute_count,
                           .text = fact->text,
                           .where = where};
    if (fact->ended && !fact->end.given)
        cause.end = (ag_days){cause.start.first, r->patient->as_of};
    return ag_patient_add_cause(r->patient, &cause) == AG_OK ? AG_OK : no_memory(r);
}

static bool same_days(ag_days a, ag_days b) {
    return a.first == b.first && a.last == b.last;
}

static int find_sample(const reading *r, ag_sample_kind kind, const char *specimen, ag_days date) {
    for (int i = 0; i < r->patient->sample_count; i++) {
        const ag_sample *sample = &r->patient->samples[i];
        const char *own = r->specimens[i];
        bool same = specimen != NULL && own != NULL ? strcmp(specimen, own) == 0
                                                    : same_days(sample->date, date);
        if (sample->kind == kind && same)
            return i;
    }
    return -1;
}

static int need_sample(reading *r, ag_sample_kind kind, const char *specimen, ag_days date) {
    int found = find_sample(r, kind, specimen, date);
    if (found >= 0)
        return found;
    if (r->patient->sample_count == r->specimen_room) {
        int room = r->specimen_room == 0 ? 16 : 2 * r->specimen_room;
        const char **list = ag_arena_array(r->record.arena, (size_t)room, sizeof *list);
        if (list == NULL)
            return -1;
        if (r->specimen_room > 0)
            memcpy(list, r->specimens, (size_t)r->specimen_room * sizeof *list);
        r->specimens = list;
        r->specimen_room = room;
    }
    int made = ag_patient_add_sample(
        r->patient, &(ag_sample){.kind = kind, .date = date, .abstinence_days = NAN});
    if (made >= 0)
        r->specimens[made] = specimen;
    return made;
}

static void note_symptom_start(reading *r, ag_days start) {
    if (ag_days_unknown(start) || start.first == INT_MIN)
        return;
    if (!ag_days_unknown(r->symptom_start) && !same_days(r->symptom_start, start))
        r->symptoms_differ = true;
    r->symptom_start = start;
}

/* A complaint is there now; a test was true on its day. */
static ag_status put_finding(reading *r, const ag_fhir_fact *fact, const char *where) {
    const ag_knowledge *knowledge = r->patient->knowledge;
    ag_sample_kind kind = knowledge->findings[fact->index].sample;
    bool condition = ag_json_is(ag_json_get(fact->source, "resourceType"), "Condition");
    ag_days start = days_of(r, &fact->start);
    char text[256];
    ag_finding_text(knowledge, fact->index, fact->value, text, sizeof text);
    ag_finding_fact finding = {.finding = fact->index,
                               .state = fact->value.state,
                               .low = fact->value.low,
                               .high = fact->value.high,
                               .sample = -1,
                               .date = condition ? ag_days_on(r->patient->as_of) : start,
                               .text = text,
                               .where = where};
    if (fact->symptom)
        note_symptom_start(r, start);
    if (kind != AG_SAMPLE_NONE && !condition) {
        finding.sample = need_sample(r, kind, fact->specimen, start);
        if (finding.sample < 0)
            return no_memory(r);
    }
    return ag_patient_add_finding(r->patient, &finding) == AG_OK ? AG_OK : no_memory(r);
}

static ag_status put_unused(reading *r, const char *text, const char *where, const char *why) {
    ag_unused entry = {.text = text, .where = where, .why = why};
    return ag_patient_add_unused(r->patient, &entry) == AG_OK ? AG_OK : no_memory(r);
}

static ag_status put_abstinence(reading *r, const ag_fhir_fact *fact, const char *where) {
    int sample = find_sample(r, AG_SAMPLE_SEMEN, fact->specimen, days_of(r, &fact->start));
    if (sample < 0)
        return put_unused(r, fact->text, where, "the record has no semen sample of that day");
    r->patient->samples[sample].abstinence_days = fact->value.low;
    return AG_OK;
}

static ag_status put_fact(reading *r, const ag_fhir_fact *fact, const ag_fhir_entry *entry) {
    char where[160];
    write_where(entry, fact->kind == AG_FHIR_UNUSED, where, sizeof where);
    switch (fact->kind) {
    case AG_FHIR_CAUSE:
        return put_cause(r, fact, where);
    case AG_FHIR_FINDING:
        return put_finding(r, fact, where);
    case AG_FHIR_UNUSED:
        return put_unused(r, fact->text, where, fact->why);
    default:
        return AG_OK;
    }
}

/* Abstinence last, as it belongs to a sample that must be there. */
static ag_status put_facts(reading *r) {
    ag_status status = AG_OK;
    for (int pass = 0; pass < 2; pass++) {
        const ag_fhir_entry *entry = r->record.entries;
        for (const ag_fhir_fact *fact = r->converter.first; fact != NULL && status == AG_OK;
             fact = fact->next) {
            entry = entry_of(r, fact->source, entry);
            char where[160];
            if ((fact->kind == AG_FHIR_ABSTINENCE) != (pass == 1))
                continue;
            write_where(entry, true, where, sizeof where);
            status = pass == 1 ? put_abstinence(r, fact, where) : put_fact(r, fact, entry);
        }
    }
    return status;
}

/* ---- the whole ---- */

static ag_status convert_all(reading *r) {
    int others = 0;
    for (int i = 0; i < r->record.count; i++) {
        const ag_fhir_entry *entry = &r->record.entries[i];
        bool his;
        if (entry->replaced || !ag_fhir_type_matters(entry->type))
            continue;
        ag_status status = whose(r, entry, &his);
        if (status != AG_OK)
            return status;
        if (!his)
            others++;
        else if (ag_fhir_convert(&r->converter, entry->resource) && r->converter.status != AG_OK)
            return no_memory(r);
    }
    if (others == 0)
        return AG_OK;
    char text[64];
    snprintf(text, sizeof text, "%d entries", others);
    return put_unused(r, text, "the record", "they are about somebody else");
}

static ag_status note_disputes(reading *r) {
    for (int i = 0; i < r->record.count; i++) {
        const ag_fhir_entry *entry = &r->record.entries[i];
        if (entry->disputed && !entry->replaced &&
            ag_patient_add_contradiction(
                r->patient,
                "%s/%.80s stands several times with different content and the same lastUpdated; "
                "the one on line %d counts",
                entry->type, entry->id, entry->line) != AG_OK)
            return no_memory(r);
    }
    return AG_OK;
}

static ag_status set_onset(reading *r) {
    if (r->symptoms_differ)
        return put_unused(r, "the beginnings of the complaints", "conditions",
                          "they differ, so that the onset is taken as unknown");
    r->patient->onset = r->symptom_start;
    return AG_OK;
}

static ag_status set_setting(reading *r, const char *setting) {
    const ag_knowledge *knowledge = r->patient->knowledge;
    int variable = ag_knowledge_variable(knowledge, "setting");
    const ag_finding *card = variable >= 0 ? ag_knowledge_finding_of(knowledge, variable) : NULL;
    if (card == NULL)
        return ag_fail(r->error, AG_ERROR_ARGUMENT, "the knowledge has no card for the setting");
    ag_fhir_fact fact = {.index = (int)(card - knowledge->findings)};
    fact.start.days = ag_days_on(r->patient->as_of);
    ag_status status =
        ag_finding_value_read(knowledge, fact.index, setting, NULL, &fact.value, r->error);
    return status == AG_OK ? put_finding(r, &fact, "stated") : status;
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
    ag_status status = set_day(r, options);
    if (status == AG_OK)
        status = ag_fhir_gather(&r->record, arena, text, length, r->error);
    if (status == AG_OK)
        status = ag_fhir_person(&r->record, male, r->patient, &r->person, r->error);
    if (status != AG_OK)
        return status;
    ag_fhir_converter_start(&r->converter, vocabulary, arena);
    r->converter.resolve = ag_fhir_follow;
    r->converter.resolve_data = &r->record;
    status = convert_all(r);
    if (status == AG_OK)
        status = put_facts(r);
    if (status == AG_OK && options != NULL && options->setting != NULL)
        status = set_setting(r, options->setting);
    if (status == AG_OK)
        status = set_onset(r);
    if (status == AG_OK)
        status = note_disputes(r);
    if (status == AG_OK && ag_fhir_list_unknown(&r->converter, &r->record, r->patient) != AG_OK)
        status = no_memory(r);
    return status == AG_OK ? ag_patient_finish(r->patient, r->error) : status;
}

ag_status ag_patient_read_fhir(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                               size_t length, const ag_patient_options *options, ag_error *error) {
    *out = NULL;
    reading r = {.error = error, .symptom_start = AG_DAYS_UNKNOWN};
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
