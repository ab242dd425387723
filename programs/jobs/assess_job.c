#include "assess_job.h"

#include <stdio.h>
#include <string.h>

#include "antegrade/plan.h"

typedef char *writer(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

static writer *writer_of(const char *format) {
    if (strcmp(format, "text") == 0)
        return ag_report_text;
    if (strcmp(format, "html") == 0)
        return ag_report_html;
    return strcmp(format, "fhir") == 0 ? ag_report_fhir : ag_report_json;
}

ag_reader ag_assess_job_reader(const char *name) {
    return strcmp(name, "patient") == 0      ? AG_FOR_PATIENT
           : strcmp(name, "laboratory") == 0 ? AG_FOR_LABORATORY
                                             : AG_FOR_CLINICIAN;
}

typedef struct results {
    ag_assessment *assessment;
    ag_plan *plan;
    ag_what_if *what_if;
} results;

static ag_status assess(results *r, const ag_assess_job *job, ag_session *session,
                        const ag_patient *patient, ag_error *error) {
    ag_status status = ag_assess(&r->assessment, session, patient, NULL, error);
    if (status == AG_OK && job->plan) {
        status = ag_plan_make(&r->plan, session, patient, r->assessment, NULL, error);
        if (status == AG_ERROR_UNSUPPORTED) /* knowledge without cards of a plan */
            status = AG_OK;
    }
    if (status == AG_OK && job->what_if != NULL)
        status = ag_what_if_make(&r->what_if, session, patient, r->assessment, job->what_if, error);
    return status;
}

ag_status ag_assess_job_run(char **out, const ag_assess_job *job, const ag_model *model,
                            ag_session *session, const ag_patient *patient, ag_error *error) {
    results r = {NULL, NULL, NULL};
    *out = NULL;
    ag_status status = assess(&r, job, session, patient, error);
    if (status == AG_OK) {
        ag_report_options report = job->report;
        report.plan = r.plan;
        report.what_if = r.what_if;
        *out = writer_of(job->format)(r.assessment, patient, model->knowledge, &report);
        if (*out == NULL) {
            status = AG_ERROR_MEMORY;
            *error = (ag_error){.code = status, .message = "out of memory"};
        }
    }
    ag_what_if_free(r.what_if);
    ag_plan_free(r.plan);
    ag_assessment_free(r.assessment);
    return status;
}
