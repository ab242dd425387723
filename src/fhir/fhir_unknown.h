/** @file fhir_unknown.h What was recorded and is not known, told without flooding. */
#ifndef AG_FHIR_UNKNOWN_H
#define AG_FHIR_UNKNOWN_H

#include "fhir_facts.h"
#include "fhir_record.h"

/**
 * Put the unknown facts of `converter` into the patient's unused entries: one entry for each name
 * that comes near a known one, one for all other conditions, procedures, medicines and
 * observations each, and one for documents, whose text is not read.
 */
ag_status ag_fhir_list_unknown(const ag_fhir_converter *converter, const ag_fhir_record *record,
                               ag_patient *patient);

#endif
