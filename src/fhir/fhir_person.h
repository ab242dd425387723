/** @file fhir_person.h Who a record is about, and whether he is within the intended use. */
#ifndef AG_FHIR_PERSON_H
#define AG_FHIR_PERSON_H

#include "dates.h"
#include "fhir_record.h"
#include "patient.h"

/** What a Patient resource says of sex, death and birth. */
typedef enum ag_fhir_sex {
    AG_FHIR_MALE,
    AG_FHIR_BORN_FEMALE, /**< male, but female at birth */
    AG_FHIR_FEMALE,
    AG_FHIR_BORN_MALE, /**< female, but male at birth */
    AG_FHIR_NO_SEX,    /**< not given */
    AG_FHIR_OTHER_SEX  /**< other or unknown */
} ag_fhir_sex;

typedef struct ag_fhir_person {
    ag_fhir_sex sex;
    bool dead;
    const char *died; /**< when; NULL where not given */
    bool birth_given;
    bool birth_read; /**< and it is a date: */
    ag_days birth;
    int line; /**< of the resource, for messages; 0 when not known */
} ag_fhir_person;

/** Read a Patient resource; `died` is borrowed from it. */
ag_fhir_person ag_fhir_person_of(const ag_json_value *resource);

/** A number of what a Patient resource says: the same for the same, and hardly ever for others. */
uint64_t ag_fhir_person_digest(const ag_fhir_person *person);

/**
 * Whether the person is within the intended use; birth and age are filled in. `patient->as_of` is
 * set. AG_ERROR_DECLINED (not a man, under 18, dead, or not known), AG_ERROR_VALUE.
 */
ag_status ag_fhir_person_check(const ag_fhir_person *person, bool male_anatomy, ag_patient *patient,
                               ag_error *error);

/**
 * Find the one person of the record and fill in label, birth and age. `patient->as_of` is set.
 * `*out` is the Patient entry; NULL where the record holds none and `male_anatomy` allows to go on.
 * AG_ERROR_UNSUPPORTED (several persons), AG_ERROR_DECLINED (not a man, under 18, dead, or not
 * known), AG_ERROR_VALUE.
 */
ag_status ag_fhir_person_find(const ag_fhir_record *record, bool male_anatomy, ag_patient *patient,
                              const ag_fhir_entry **out, ag_error *error);

#endif
