/**
 * @file patient.h
 * What is known of one man: facts with dates, samples, what was not understood, what contradicts
 * itself.
 *
 * A patient is filled by a reader (case file, FHIR), then finished, then only read. He owns all his
 * strings. What is absent from him is unknown, not negative, but where a list was stated to be
 * complete.
 */
#ifndef AG_PATIENT_INTERNAL_H
#define AG_PATIENT_INTERNAL_H

#include <stdbool.h>

#include "antegrade/patient.h"
#include "arena.h"
#include "dates.h"
#include "knowledge.h"
#include "language.h"

/** A recorded attribute of a cause: a number in the attribute's own unit, or a word (then `word` is
 * set). */
typedef struct ag_recorded_attribute {
    const char *name;
    double number;
    const char *word;
} ag_recorded_attribute;

typedef struct ag_cause_fact {
    int cause;    /**< index into the knowledge's causes */
    bool present; /**< false: stated to be absent */
    bool planned; /**< it is to come: it does not act yet, and `start` is the day it is planned for
                   */
    ag_days start;
    ag_days end; /**< meaningful where `ended` */
    bool ended;
    const ag_recorded_attribute *attributes;
    int attribute_count;
    const char *text;  /**< as written in the record, such as "tamsulosin 0.4 mg" */
    const char *where; /**< place in the input, such as "MedicationRequest/17" or "line 4" */
} ag_cause_fact;

typedef struct ag_finding_fact {
    int finding;      /**< index into the knowledge's findings */
    int state;        /**< yes-no and states: the observed state; -1 for quantities */
    double low, high; /**< quantities, in the finding's own unit: equal when measured exactly, else
                         a range */
    int sample;       /**< index into samples; -1 when of the man himself */
    ag_days date;
    const char *text; /**< as a reader should see it, such as "semen volume 0.8 mL" */
    const char *where;
} ag_finding_fact;

/** Whether what was found says that there was semen to find it in: anything in a sample of semen
 * but a quantity of nothing, which is also written down where no sample came. */
bool ag_finding_shows_semen(const ag_knowledge *knowledge, const ag_finding_fact *fact);

/** What was lost of a sample. */
typedef enum ag_collection {
    AG_COLLECTION_UNKNOWN,
    AG_COLLECTION_WHOLE,
    AG_COLLECTION_FIRST_LOST,
    AG_COLLECTION_LATER_LOST,
    AG_COLLECTION_PART_LOST /**< something was lost, which part is not known */
} ag_collection;

typedef struct ag_sample {
    ag_sample_kind kind;
    ag_days date;
    double abstinence_days; /**< NaN when unknown */
    ag_collection collection;
} ag_sample;

/** An entry of the record that the assessment does not use, and why. */
typedef struct ag_unused {
    ag_unused_reason reason;
    const char *text;
    const char *where;
    const char *why;
    const char *nearest[3]; /**< known names that come near; NULL behind the last */
} ag_unused;

/** A treatment that was tried, and what came of it. */
typedef struct ag_tried {
    const char *name;
    int cause; /**< the medicine as a cause, or -1 */
    const char *result;
} ag_tried;

typedef enum ag_wish { AG_WISH_UNKNOWN, AG_WISH_CHILD, AG_WISH_RELIEF, AG_WISH_ANSWERS } ag_wish;

struct ag_patient {
    ag_arena *arena;
    const ag_knowledge *knowledge; /**< borrowed until the patient is freed */
    const char *label;             /**< how the input calls him; "" when it does not */
    ag_language language;          /**< of what is said of his record */
    int as_of;                     /**< the day of the assessment, days since 1970-01-01 */
    ag_days birth;                 /**< AG_DAYS_UNKNOWN when unknown */
    double age_years;              /**< on that day; NaN when unknown */
    ag_wish wish;
    double partner_age_years; /**< NaN when unknown */
    bool lifelong;            /**< the complaint was always there */
    ag_days onset;            /**< when it began */

    ag_cause_fact *causes;
    int cause_count;
    ag_cause_fact *planned; /**< operations and medicines to come, the earliest first */
    int planned_count;
    ag_finding_fact *findings;
    int finding_count;
    ag_finding_fact *coarser; /**< quantities that finer ones make redundant; they count sperm */
    int coarser_count;
    ag_sample *samples;
    int sample_count;
    ag_unused *unused;
    int unused_count;
    ag_tried *tried;
    int tried_count;
    const char **contradictions; /**< sentences */
    int contradiction_count;

    bool typed;              /**< by a person, as a case file */
    bool medicines_complete; /**< the list of medicines is complete: what is not named is not taken
                              */
    bool operations_complete;
    bool conditions_complete;
    bool conditions_asked; /**< the record has a list of conditions, be it empty: of the important
                              ones he was asked */
};

/** An empty patient for this knowledge; caller frees with ag_patient_free. NULL when out of memory.
 */
ag_patient *ag_patient_new(const ag_knowledge *knowledge);

/** A copy of a text in the patient's memory, without control characters (which might steer a
 * terminal) and ill-formed UTF-8. NULL when out of memory. */
const char *ag_patient_text(ag_patient *patient, const char *text);

/* Each adds a copy of `fact` (its strings are copied too) and gives AG_ERROR_MEMORY when out of
 * memory. */
ag_status ag_patient_add_cause(ag_patient *patient, const ag_cause_fact *fact);
ag_status ag_patient_add_finding(ag_patient *patient, const ag_finding_fact *fact);
ag_status ag_patient_add_unused(ag_patient *patient,
                                const ag_unused *unused); /* `why` in English */
ag_status ag_patient_add_tried(ag_patient *patient, const ag_tried *tried);
ag_status ag_patient_add_contradiction(ag_patient *patient, const char *english, ...)
    AG_PRINTF(2, 3);

/** Add a cause to come, whose strings are the patient's already; AG_ERROR_MEMORY. */
ag_status ag_patient_add_planned(ag_patient *patient, const ag_cause_fact *fact);

/** Add a sample; its index (>= 0) is returned, or -1 when out of memory. */
int ag_patient_add_sample(ag_patient *patient, const ag_sample *sample);

/**
 * Order and check the facts once all are in: duplicates are merged, contradictions noted (a test
 * before birth, an end before its start, a symptom both present and absent), operations and
 * medicines to come moved to `planned`, finding that a finer
 * one makes redundant moved to `unused`, samples beyond the three latest likewise.
 * AG_ERROR_DECLINED where a cause is recorded that is outside the intended use.
 */
ag_status ag_patient_finish(ag_patient *patient, ag_error *error);

#endif
