/**
 * @file fhir_record.h
 * The resources of one record, gathered from Bundles, arrays or lines: each once, in its latest
 * version, and found by reference.
 */
#ifndef AG_FHIR_RECORD_H
#define AG_FHIR_RECORD_H

#include "json.h"
#include "vocabulary.h"

/** One resource of the record. */
typedef struct ag_fhir_entry {
    const ag_json_value *resource;
    const char *type;
    const char *id;       /**< NULL when it has none */
    const char *full_url; /**< of its Bundle entry; NULL when it has none */
    int order;            /**< in the record, from 0 */
    int line;             /**< in the text */
    bool replaced;        /**< a later version of it is in the record */
    bool disputed;        /**< another version of the same time says something else */
} ag_fhir_entry;

typedef struct ag_fhir_record {
    ag_arena *arena;
    ag_fhir_entry *entries; /**< in the order of the record */
    int count;
    int *by_id;  /**< places of entries, ordered by type and id */
    int *by_url; /**< places of entries, ordered by full_url */
} ag_fhir_record;

/**
 * Gather the resources of `text` (a Bundle, an array, a resource, or NDJSON). Of several versions
 * of one time, one that says something in this vocabulary goes before one that does not.
 * AG_ERROR_SYNTAX, AG_ERROR_UNSUPPORTED (no FHIR, or not R4), AG_ERROR_TOO_LARGE, AG_ERROR_MEMORY.
 */
ag_status ag_fhir_gather(ag_fhir_record *out, ag_arena *arena, const ag_vocabulary *vocabulary,
                         const char *text, size_t length, ag_error *error);

/** The entry that a reference of `from` names; NULL when the record has none. Contained resources
 * are no entries. */
const ag_fhir_entry *ag_fhir_find(const ag_fhir_record *record, const char *reference);

/** The resource contained in `from` that a reference ("#id") names; NULL when it is no such. */
const ag_json_value *ag_fhir_contained(const ag_json_value *from, const char *reference);

/** As ag_fhir_find, but the resource, and also one contained in `from` ("#id"). An
 * ag_fhir_resolve of `data`, an ag_fhir_record. */
const ag_json_value *ag_fhir_follow(void *data, const ag_json_value *from, const char *reference);

#endif
