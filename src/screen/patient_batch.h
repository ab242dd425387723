/**
 * @file patient_batch.h
 * Patients, whose rows come one after the other: judged in batches by several threads, and written
 * in the order in which they came.
 */
#ifndef AG_PATIENT_BATCH_H
#define AG_PATIENT_BATCH_H

#include "join.h"

typedef struct ag_patient_batch ag_patient_batch;

/** All are borrowed. Caller frees with ag_patient_batch_free. NULL when out of memory. */
ag_patient_batch *ag_patient_batch_new(const ag_join_options *options, FILE *out,
                                       ag_screen_summary *summary);
void ag_patient_batch_free(ag_patient_batch *batch);

/** Take a row of class AG_ROW_PATIENT, which is copied. Those of one patient follow each other.
 * AG_ERROR_IO (the result cannot be written), AG_ERROR_SYNTAX (rows that cannot be),
 * AG_ERROR_MEMORY. */
ag_status ag_patient_batch_add(ag_patient_batch *batch, const char *line, size_t length,
                               ag_error *error);

/** Judge and write those that were taken. Errors as above. */
ag_status ag_patient_batch_finish(ag_patient_batch *batch, ag_error *error);

/** How many assessments were made. */
long long ag_patient_batch_assessments(const ag_patient_batch *batch);

#endif
