/**
 * @file concepts.h
 * What CodeableConcepts mean, remembered by their bytes: in bulk data the same few thousand are
 * repeated without end. And how often those that are not known were seen.
 */
#ifndef AG_CONCEPTS_H
#define AG_CONCEPTS_H

#include "fhir_facts.h"
#include "sorter.h"

/** The resources whose concepts are looked up. */
typedef enum ag_concept_type {
    AG_CONCEPT_CONDITION,
    AG_CONCEPT_PROCEDURE,
    AG_CONCEPT_OBSERVATION,
    AG_CONCEPT_MEDICINE,
    AG_CONCEPT_ORDER, /**< what is ordered: not counted */
    AG_CONCEPT_TYPES
} ag_concept_type;

/** Of what kind the concepts of a resource are; AG_CONCEPT_TYPES where it has none of ours. */
ag_concept_type ag_concept_type_of(ag_fhir_type type);

/** As what they are read. */
ag_fhir_match ag_concept_match(ag_concept_type type);

/** One concept that was seen. */
typedef struct ag_concept {
    const ag_fhir_meaning *meaning; /**< of no terms where it is not known */
    long long count;                /**< how often it was seen: to be added to */
    bool known;                     /**< it may hold facts */
} ag_concept;

typedef struct ag_concepts ag_concepts;

/** An empty memory of one thread; caller frees with ag_concepts_free. NULL when out of memory. */
ag_concepts *ag_concepts_new(const ag_vocabulary *vocabulary);
void ag_concepts_free(ag_concepts *concepts);

/**
 * The concept that begins with the brace at `text`, within a line of which `length` bytes are left.
 * NULL where it is malformed, too long to be remembered, or memory ran out. Borrowed until the next
 * ag_concepts_settle.
 */
ag_concept *ag_concepts_find(ag_concepts *concepts, ag_concept_type type, const char *text,
                             size_t length);

/**
 * Count the concepts of a resource that are not known, wherever in it they stand. `text` is the
 * line that it was parsed from.
 */
void ag_concepts_count_all(ag_concepts *concepts, ag_concept_type type,
                           const ag_json_value *resource, const char *text, size_t length);

/** To be called between lines: where too much is remembered, all is forgotten, and what was counted
 * goes to `sorter` (always, where `all`). AG_ERROR_IO, AG_ERROR_MEMORY. */
ag_status ag_concepts_settle(ag_concepts *concepts, bool all, ag_sorter *sorter, ag_error *error);

#endif
