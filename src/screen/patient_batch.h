/**
 * @file patient_batch.h
 * Some patients with all their rows: judged by one thread, and put out when it is their turn.
 */
#ifndef AG_PATIENT_BATCH_H
#define AG_PATIENT_BATCH_H

#include "join.h"

typedef struct ag_patient_batch ag_patient_batch;

/** `options` are borrowed. Caller frees with ag_patient_batch_free. NULL when out of memory. */
ag_patient_batch *ag_patient_batch_new(const ag_join_options *options);
void ag_patient_batch_free(ag_patient_batch *batch);

/** Take the next patients' rows from the merge in place of those that it has. `*any`: whether there
 * is anything to put out; if only what failed, which the status tells too. Errors as
 * ag_merge_cut. */
ag_status ag_patient_batch_fill(ag_patient_batch *batch, ag_merge *merge, bool *any);

/** Judge its men. False where some need an assessment at which another thread is: to be called
 * again; `wait`: wait for it instead. What fails is told when it is put out. */
bool ag_patient_batch_judge(ag_patient_batch *batch, ag_judge *judge, bool wait);

/** Write those who were judged. AG_ERROR_IO (the result cannot be written), AG_ERROR_SYNTAX (rows
 * that cannot be), AG_ERROR_MEMORY. */
ag_status ag_patient_batch_put_out(const ag_patient_batch *batch, FILE *out,
                                   ag_screen_summary *summary, ag_error *error);

#endif
