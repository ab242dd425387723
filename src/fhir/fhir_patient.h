/** @file fhir_patient.h From facts to the patient: the one way for records and for bulk data. */
#ifndef AG_FHIR_PATIENT_H
#define AG_FHIR_PATIENT_H

#include "fhir_facts.h"
#include "patient.h"

/**
 * Put the facts from `first` on into the patient, whose birth and day of assessment are known.
 * Their order does not matter. `setting` is where he is seen, in the words of its card, or NULL.
 * Scratch memory comes from `arena`. The patient is not finished yet. AG_ERROR_VALUE,
 * AG_ERROR_ARGUMENT (the setting), AG_ERROR_MEMORY.
 */
ag_status ag_fhir_put_facts(ag_patient *patient, const ag_fhir_fact *first, ag_arena *arena,
                            const char *setting, ag_error *error);

#endif
