/** @file fhir_type.h The types of resources that are told apart, and what is of no R4. */
#ifndef AG_FHIR_TYPE_H
#define AG_FHIR_TYPE_H

#include "json.h"

typedef enum ag_fhir_type {
    AG_FHIR_CONDITION, /**< from here on those that hold facts of the man */
    AG_FHIR_PROCEDURE,
    AG_FHIR_OBSERVATION,
    AG_FHIR_SERVICE_REQUEST,
    AG_FHIR_CARE_PLAN,
    AG_FHIR_MEDICATION_REQUEST,
    AG_FHIR_MEDICATION_STATEMENT,
    AG_FHIR_MEDICATION_DISPENSE,
    AG_FHIR_MEDICATION_ADMINISTRATION,
    AG_FHIR_FACT_TYPES, /**< and to here */
    AG_FHIR_PATIENT = AG_FHIR_FACT_TYPES,
    AG_FHIR_MEDICATION,
    AG_FHIR_BUNDLE,
    AG_FHIR_ALLERGY,
    AG_FHIR_ENCOUNTER,
    AG_FHIR_OUTCOME,    /**< OperationOutcome: what the server says of its own work */
    AG_FHIR_OLDER_TYPE, /**< one that only older versions of FHIR have */
    AG_FHIR_NEWER_TYPE, /**< one that only newer versions have */
    AG_FHIR_OTHER_TYPE,
    AG_FHIR_NO_TYPE /**< there is no resourceType */
} ag_fhir_type;

/** The types that are told apart by their names: X(name, type); all others are AG_FHIR_OTHER_TYPE.
 */
#define AG_FHIR_TYPE_LIST(X)                                                                       \
    X("Condition", AG_FHIR_CONDITION)                                                              \
    X("Procedure", AG_FHIR_PROCEDURE)                                                              \
    X("Observation", AG_FHIR_OBSERVATION)                                                          \
    X("ServiceRequest", AG_FHIR_SERVICE_REQUEST)                                                   \
    X("CarePlan", AG_FHIR_CARE_PLAN)                                                               \
    X("MedicationRequest", AG_FHIR_MEDICATION_REQUEST)                                             \
    X("MedicationStatement", AG_FHIR_MEDICATION_STATEMENT)                                         \
    X("MedicationDispense", AG_FHIR_MEDICATION_DISPENSE)                                           \
    X("MedicationAdministration", AG_FHIR_MEDICATION_ADMINISTRATION)                               \
    X("Patient", AG_FHIR_PATIENT)                                                                  \
    X("Medication", AG_FHIR_MEDICATION)                                                            \
    X("Bundle", AG_FHIR_BUNDLE)                                                                    \
    X("AllergyIntolerance", AG_FHIR_ALLERGY)                                                       \
    X("Encounter", AG_FHIR_ENCOUNTER)                                                              \
    X("OperationOutcome", AG_FHIR_OUTCOME)                                                         \
    X("MedicationOrder", AG_FHIR_OLDER_TYPE)                                                       \
    X("ProcedureRequest", AG_FHIR_OLDER_TYPE)                                                      \
    X("DiagnosticOrder", AG_FHIR_OLDER_TYPE)                                                       \
    X("ReferralRequest", AG_FHIR_OLDER_TYPE)                                                       \
    X("BodySite", AG_FHIR_OLDER_TYPE)                                                              \
    X("Conformance", AG_FHIR_OLDER_TYPE)                                                           \
    X("ProcessRequest", AG_FHIR_OLDER_TYPE)                                                        \
    X("DataElement", AG_FHIR_OLDER_TYPE)                                                           \
    X("Sequence", AG_FHIR_OLDER_TYPE)                                                              \
    X("EligibilityRequest", AG_FHIR_OLDER_TYPE)                                                    \
    X("MedicationUsage", AG_FHIR_NEWER_TYPE)                                                       \
    X("BiologicallyDerivedProductDispense", AG_FHIR_NEWER_TYPE)                                    \
    X("InventoryItem", AG_FHIR_NEWER_TYPE)                                                         \
    X("Transport", AG_FHIR_NEWER_TYPE)                                                             \
    X("GenomicStudy", AG_FHIR_NEWER_TYPE)

/** How many these are. */
enum {
#define AG_FHIR_COUNT_TYPE(name, type) +1
    AG_FHIR_NAMED_TYPES = 0 AG_FHIR_TYPE_LIST(AG_FHIR_COUNT_TYPE)
#undef AG_FHIR_COUNT_TYPE
};

/** The type of that name, of `length` bytes. */
ag_fhir_type ag_fhir_type_named(const char *name, size_t length);

/** The type of a resource. */
ag_fhir_type ag_fhir_type_of(const ag_json_value *resource);

/** Whether resources of this type hold facts of the man. */
static inline bool ag_fhir_holds_facts(ag_fhir_type type) {
    return type < AG_FHIR_FACT_TYPES;
}

/** The version of FHIR that a resource is of, where it cannot be R4 ("STU3 or older", "R5"); NULL
 * otherwise. */
const char *ag_fhir_other_version(const ag_json_value *resource, ag_fhir_type type);

#endif
