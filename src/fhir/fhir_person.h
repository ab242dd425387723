/** @file fhir_person.h Who a record is about, and whether he is within the intended use. */
#ifndef AG_FHIR_PERSON_H
#define AG_FHIR_PERSON_H

#include "fhir_record.h"
#include "patient.h"

/**
 * Find the one person of the record and fill in label, birth and age. `patient->as_of` is set.
 * `*out` is the Patient entry; NULL where the record holds none and `male_anatomy` allows to go on.
 * AG_ERROR_UNSUPPORTED (several persons), AG_ERROR_DECLINED (not a man, under 18, dead, or not
 * known), AG_ERROR_VALUE.
 */
ag_status ag_fhir_person(const ag_fhir_record *record, bool male_anatomy, ag_patient *patient,
                         const ag_fhir_entry **out, ag_error *error);

#endif
