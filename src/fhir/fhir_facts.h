/**
 * @file fhir_facts.h
 * From one FHIR R4 resource to facts: the reading rules, one resource at a time, without any
 * knowledge of Bundles or of other resources than those it refers to. The rules: docs/fhir.md.
 */
#ifndef AG_FHIR_FACTS_H
#define AG_FHIR_FACTS_H

#include "dates.h"
#include "fhir_type.h"
#include "json.h"
#include "patient.h"
#include "values.h"
#include "vocabulary.h"

/** A time as a resource gives it: days, or an age of the man. */
typedef struct ag_fhir_time {
    bool given;
    ag_days days;
    bool by_age; /**< then `age_low` to `age_high` years count, not `days` */
    double age_low, age_high;
} ag_fhir_time;

typedef enum ag_fhir_fact_kind {
    AG_FHIR_CAUSE,
    AG_FHIR_FINDING,
    AG_FHIR_ABSTINENCE, /**< days of abstinence before a sample of semen: `value.low` */
    AG_FHIR_PLANNED,    /**< a cause that is planned or ordered, not there yet: `why` */
    AG_FHIR_UNUSED,     /**< recognised, but not used: `why` */
    AG_FHIR_UNKNOWN     /**< recorded, not recognised */
} ag_fhir_fact_kind;

/** One fact. Strings are borrowed from the resource, the knowledge or the arena. */
typedef struct ag_fhir_fact {
    ag_fhir_fact_kind kind;
    const char *type;   /**< of the resource */
    const char *id;     /**< of the resource; NULL when it has none */
    int line;           /**< of the resource in the text; 0 when not known */
    int index;          /**< cause or finding */
    bool present;       /**< causes */
    bool ended;         /**< causes */
    bool symptom;       /**< findings: a complaint, which `start` dates */
    ag_fhir_time start; /**< of the cause or complaint; of a finding, when observed */
    ag_fhir_time end;
    ag_finding_value value;
    const char *specimen; /**< reference of the sample; NULL when not given */
    ag_recorded_attribute attributes[4];
    int attribute_count;
    const char *text; /**< as the record has it */
    const char *why;
    struct ag_fhir_fact *next;
} ag_fhir_fact;

/** Finds a referenced resource ("Type/id", "urn:uuid:...", "#contained"); NULL when there is none.
 */
typedef const ag_json_value *ag_fhir_resolve(void *data, const ag_json_value *from,
                                             const char *reference);

/** What a CodeableConcept means to us (see ag_fhir_read_concept). */
typedef struct ag_fhir_meaning ag_fhir_meaning;

/** What a concept describes, and so how much of its text must be a name. */
typedef enum ag_fhir_match {
    AG_FHIR_PROBLEM, /**< a condition or procedure: all, but for words without meaning */
    AG_FHIR_RESULT,  /**< an observation: likewise, findings first; a code of a known system decides
                        alone */
    AG_FHIR_PRODUCT  /**< a medicine: any part may be its name */
} ag_fhir_match;

/** A meaning that was found before for this very concept, or NULL; borrowed. */
typedef const ag_fhir_meaning *ag_fhir_recall(void *data, const ag_json_value *concept,
                                              ag_fhir_match match);

/** What conversion needs. One per thread. */
typedef struct ag_fhir_converter {
    const ag_vocabulary *vocabulary;
    const ag_knowledge *knowledge;
    ag_language language; /**< of the reasons why something is not used */
    ag_fhir_resolve *resolve;
    void *resolve_data;
    ag_fhir_recall *recall; /**< NULL: every concept is read anew */
    void *recall_data;
    int line;        /**< of the resource being converted; facts carry it */
    ag_arena *arena; /**< owns the facts */
    ag_fhir_fact *first, **last;
    ag_status status; /**< AG_ERROR_MEMORY once memory ran out */
} ag_fhir_converter;

/** Begin with an empty list of facts. */
void ag_fhir_converter_start(ag_fhir_converter *converter, const ag_vocabulary *vocabulary,
                             ag_arena *arena);

/**
 * Append the facts of one resource. False when its type holds no facts of the man (it is then not
 * looked into).
 */
bool ag_fhir_convert(ag_fhir_converter *converter, const ag_json_value *resource);

/**
 * A number of what facts of one resource say: 0 where there are none but of kind AG_FHIR_UNKNOWN,
 * the same for the same facts, and hardly ever for others. Why something is not used does not
 * matter.
 */
uint64_t ag_fhir_digest(const ag_fhir_fact *first);

/** The reference to whom a resource is about (`subject`, else `patient`); NULL when it names
 * nobody.
 */
const char *ag_fhir_subject(const ag_json_value *resource);

/**
 * The id of the patient whom a reference names: behind "Patient/" or "urn:uuid:", without version;
 * its bytes are counted in `length`. NULL when it names no patient by his id.
 */
const char *ag_fhir_patient_id(const char *reference, size_t *length);

/** Likewise the id that stands behind `type`, such as "Medication/". */
const char *ag_fhir_reference_id(const char *reference, const char *type, size_t *length);

/* ---- shared by the converters of the types ---- */

/** Whether a word (or NULL) is in a list, which ends with NULL. */
bool ag_fhir_in_list(const char *word, const char *const *list);

/** A fact of this resource, appended; NULL when out of memory. */
ag_fhir_fact *ag_fhir_add(ag_fhir_converter *converter, ag_fhir_fact_kind kind,
                          const ag_json_value *resource, const char *text);

/** List it as not used. */
void ag_fhir_add_unused(ag_fhir_converter *converter, const ag_json_value *resource,
                        const char *text, const char *why);

/** Add a cause that is planned: term `term` of the meaning. NULL when out of memory. */
ag_fhir_fact *ag_fhir_add_planned(ag_fhir_converter *converter, const ag_json_value *resource,
                                  const ag_fhir_meaning *meaning, int term, ag_fhir_time when,
                                  const char *why);

void ag_fhir_medication(ag_fhir_converter *converter, const ag_json_value *resource,
                        ag_fhir_type type);
void ag_fhir_observation(ag_fhir_converter *converter, const ag_json_value *resource);

/* ---- concepts (fhir_concept.c) ---- */

enum { AG_FHIR_TERMS = 4 };

struct ag_fhir_meaning {
    ag_term terms[AG_FHIR_TERMS];
    int count;
    ag_recorded_attribute attributes[4]; /**< of the first term, from its words */
    int attribute_count;
    double strength_mg; /**< medicines: strength in the name; 0 when none */
    const char *text;   /**< as a reader should see it; never NULL */
};

ag_fhir_meaning ag_fhir_read_concept(const ag_fhir_converter *converter,
                                     const ag_json_value *concept, ag_fhir_match match);

/** Whether an observation of this concept is of the abstinence before a sample. */
bool ag_fhir_is_abstinence(const ag_json_value *concept);

/** The code of a CodeableConcept such as clinicalStatus: its first coding's; NULL when none. */
const char *ag_fhir_code(const ag_json_value *concept);

/** A text for a CodeableConcept: `text`, a display, or a code; NULL when it has none. */
const char *ag_fhir_concept_text(const ag_json_value *concept);

/* ---- times (fhir_time.c) ---- */

/** The time under `name`DateTime, `name`Date, `name`Instant, `name`Period, `name`Age, `name`Range
 * or `name`String; of a Period its start, or with `end` its end. */
ag_fhir_time ag_fhir_read_time(const ag_json_value *resource, const char *name, bool end);

/** The time of a member that is a date or an instant. */
ag_fhir_time ag_fhir_read_date(const ag_json_value *value);

/** A quantity of time in days; NAN when it is none. */
double ag_fhir_days(const ag_json_value *quantity);

/** Before all instants. */
#define AG_FHIR_NO_INSTANT INT64_MIN

/** Microseconds since 1970 of an instant, for comparing; AG_FHIR_NO_INSTANT when it is none. */
int64_t ag_fhir_instant(const char *text);

#endif
