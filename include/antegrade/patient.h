/**
 * @file patient.h
 * A man as the program knows him, read from a case file or a FHIR R4 record.
 */
#ifndef ANTEGRADE_PATIENT_H
#define ANTEGRADE_PATIENT_H

#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One man: facts, samples, dates. Not changed after reading; may be shared by threads that only
 * read. */
typedef struct ag_patient ag_patient;

/** Free a patient and all that was borrowed from him. NULL is allowed. */
void ag_patient_free(ag_patient *patient);

#ifdef __cplusplus
}
#endif
#endif
