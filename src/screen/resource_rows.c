/* Persons, orders that wait for their Medication, facts, and versions that say nothing. */
#include "resource_rows.h"

#include <string.h>

#include "export_notes.h"
#include "fact_row.h"
#include "fhir_person.h"

static ag_status add_line(ag_line_reader *r, ag_buffer *line) {
    if (line->failed)
        return ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory");
    return ag_sorter_add(r->sorter, line->data, line->length, &r->error);
}

static const char *updated_of(const ag_json_value *resource) {
    return ag_json_get_text(ag_json_get(resource, "meta"), "lastUpdated");
}

/* The id of a Patient, else that of its entry in a Bundle; NULL where it has none. */
static const char *person_id(const char *id, const char *full_url, size_t *length) {
    *length = id != NULL ? strlen(id) : 0;
    if (*length > 0)
        return id;
    return full_url != NULL ? ag_fhir_patient_id(full_url, length) : NULL;
}

/* The id of the patient whom a reference names. */
static const char *subject_id(const ag_line_reader *r, const char *reference, size_t *length) {
    const ag_fhir_entry *entry = r->bundle != NULL ? ag_fhir_find(r->bundle, reference) : NULL;
    return entry != NULL ? person_id(entry->id, entry->full_url, length)
                         : ag_fhir_patient_id(reference, length);
}

ag_status ag_rows_of_person(ag_line_reader *r, const ag_json_value *resource) {
    size_t length;
    const char *id = person_id(ag_json_get_text(resource, "id"), r->full_url, &length);
    if (id == NULL) {
        r->counts.no_patient++;
        return AG_OK;
    }
    id = ag_arena_text(r->arena, id, length);
    if (id == NULL)
        return ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory");
    r->counts.merged += ag_export_merged(resource);
    ag_fhir_person person = ag_fhir_person_of(resource);
    ag_buffer line = ag_buffer_start(r->arena);
    ag_row_version version = {updated_of(resource), ag_fhir_person_digest(&person)};
    ag_row_write_person(&person, id, version, &line);
    return add_line(r, &line);
}

static const ag_json_value *contained_only(void *data, const ag_json_value *from,
                                           const char *reference) {
    (void)data;
    return ag_fhir_contained(from, reference);
}

/* The reference of an order whose medicine another line describes; NULL for all others. */
static const char *outside_medication(const ag_line_reader *r, const ag_json_value *resource) {
    if (ag_json_get(resource, "medicationCodeableConcept") != NULL)
        return NULL;
    const char *reference =
        ag_json_get_text(ag_json_get(resource, "medicationReference"), "reference");
    bool here = reference != NULL &&
                (reference[0] == '#' ||
                 (r->bundle != NULL && ag_fhir_follow(r->bundle, resource, reference) != NULL));
    return here ? NULL : reference;
}

/* The resource as it stands waits for the join with its Medication. */
static ag_status add_waiting(ag_line_reader *r, const ag_json_value *resource, const char *id,
                             size_t id_length, const char *kind) {
    const char *key = ag_arena_text(r->arena, id, id_length);
    const char *start = r->bundle != NULL ? r->text + resource->offset : r->text;
    char *text =
        ag_arena_text(r->arena, start, r->bundle != NULL ? ag_json_span(start) : r->length);
    if (key == NULL || text == NULL)
        return ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer line = ag_buffer_start(r->arena);
    ag_fact_row row = ag_row_of("m", key);
    const char *updated = updated_of(resource);
    row.column[AG_ROW_RESOURCE] = ag_json_get_text(resource, "resourceType");
    row.column[AG_ROW_UPDATED] = updated != NULL ? updated : "";
    row.column[AG_ROW_KIND] = kind;
    row.column[AG_ROW_TEXT] = text;
    ag_row_write(&row, &line);
    return add_line(r, &line);
}

ag_status ag_rows_of_medication(ag_line_reader *r, const ag_json_value *medication) {
    const char *id = ag_json_get_text(medication, "id");
    return id != NULL ? add_waiting(r, medication, id, strlen(id), "medication") : AG_OK;
}

static const ag_fhir_meaning *recall(void *data, const ag_json_value *concept,
                                     ag_fhir_match match) {
    ag_line_reader *r = data;
    if (concept == NULL || r->type == AG_CONCEPT_TYPES || match != ag_concept_match(r->type) ||
        concept->offset >= r->length || r->text[concept->offset] != '{')
        return NULL;
    for (int i = 0; i < r->found_count; i++) /* in the line, before it was parsed */
        if (r->found_at[i] == concept->offset)
            return r->found[i]->meaning;
    const ag_concept *found = ag_concepts_find(r->concepts, r->type, r->text + concept->offset,
                                               r->length - concept->offset);
    return found != NULL ? found->meaning : NULL;
}

static ag_status add_silent(ag_line_reader *r, const ag_json_value *resource, const char *key) {
    return ag_silent_add(
        &r->silent_run, key, strlen(key), ag_json_get_text(resource, "resourceType"),
        ag_json_get_text(resource, "id"), updated_of(resource), r->sorter, &r->error);
}

static ag_status write_facts(ag_line_reader *r, const ag_json_value *resource, const char *key,
                             ag_fhir_resolve *resolve, void *resolve_data) {
    ag_fhir_converter converter;
    ag_fhir_converter_start(&converter, r->vocabulary, r->arena);
    converter.resolve = resolve;
    converter.resolve_data = resolve_data;
    converter.recall = recall;
    converter.recall_data = r;
    ag_fhir_convert(&converter, resource);
    if (converter.status != AG_OK)
        return ag_fail(&r->error, converter.status, "out of memory");
    ag_row_version version = {updated_of(resource), ag_fhir_digest(converter.first)};
    ag_status status = version.digest != 0 ? AG_OK : add_silent(r, resource, key);
    for (const ag_fhir_fact *fact = converter.first; fact != NULL && status == AG_OK;
         fact = fact->next) {
        if (fact->kind == AG_FHIR_UNKNOWN)
            continue;
        ag_buffer line = ag_buffer_start(r->arena);
        ag_row_write_fact(fact, key, version, r->knowledge, &line);
        status = add_line(r, &line);
    }
    return status;
}

ag_status ag_rows_of_resource(ag_line_reader *r, const ag_json_value *resource,
                              ag_fhir_resolve *resolve, void *resolve_data) {
    const char *subject = ag_fhir_subject(resource);
    size_t length;
    const char *id = subject != NULL ? subject_id(r, subject, &length) : NULL;
    bool of_him = subject != NULL && ag_json_get(resource, "focus") == NULL;
    r->counts.no_patient += !of_him;
    r->counts.unresolved += of_him && id == NULL;
    if (id == NULL)
        return AG_OK;
    size_t medication_length;
    const char *reference = of_him && resolve == NULL ? outside_medication(r, resource) : NULL;
    const char *medication =
        reference != NULL ? ag_fhir_reference_id(reference, "Medication/", &medication_length)
                          : NULL;
    if (medication != NULL)
        return add_waiting(r, resource, medication, medication_length, "order");
    char *key = ag_arena_text(r->arena, id, length);
    if (key == NULL)
        return ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory");
    if (!of_him || r->silent)
        return add_silent(r, resource, key);
    if (resolve == NULL && r->bundle != NULL)
        return write_facts(r, resource, key, ag_fhir_follow, r->bundle);
    return write_facts(r, resource, key, resolve != NULL ? resolve : contained_only, resolve_data);
}
