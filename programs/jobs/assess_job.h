/**
 * @file assess_job.h
 * One man assessed and written up: what `antegrade assess` prints and the server answers.
 */
#ifndef AG_ASSESS_JOB_H
#define AG_ASSESS_JOB_H

#include "antegrade/report.h"
#include "model.h"

typedef struct ag_assess_job {
    const char *format;  /**< "text", "json", "ndjson", "html" or "fhir" */
    bool plan;           /**< with tests, options and the chances of a child */
    const char *what_if; /**< changes to imagine, such as "stop tamsulosin", or NULL */
    ag_report_options report;
} ag_assess_job;

/** The reader of that name: "clinician" (also where the name is another), "patient", "laboratory".
 */
ag_reader ag_assess_job_reader(const char *name);

/** Assess `patient` (read with the model's vocabulary) and write the report. Caller frees `*out`
 * with ag_report_free. Fails as ag_assess, ag_plan_make and ag_what_if_make do. */
ag_status ag_assess_job_run(char **out, const ag_assess_job *job, const ag_model *model,
                            ag_session *session, const ag_patient *patient, ag_error *error);

#endif
