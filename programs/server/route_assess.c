/* POST /api/assess: a case or a FHIR record in, the report out, as `antegrade assess` prints it. */
#include <string.h>

#include "assess_job.h"
#include "choices.h"
#include "routes.h"

static void free_report(void *text) {
    ag_report_free(text);
}

static const char *type_of(const char *format) {
    return strcmp(format, "html") == 0   ? "text/html; charset=utf-8"
           : strcmp(format, "text") == 0 ? "text/plain; charset=utf-8"
           : strcmp(format, "fhir") == 0 ? "application/fhir+json; charset=utf-8"
                                         : AG_TYPE_JSON;
}

static bool read_query(ag_answer *answer, const ag_request *request, ag_assess_job *job,
                       ag_patient_options *patient) {
    static const char *const known[] = {"format",  "for",  "lang",    "plan",   "why", "what-if",
                                        "setting", "date", "anatomy", "strict", NULL};
    const char *reader = NULL, *plan = NULL, *why = NULL, *anatomy = NULL, *strict = NULL;
    const ag_choice choices[] = {
        {"format", "json html fhir text", "json", &job->format},
        {"for", "clinician patient laboratory", "clinician", &reader},
        {"lang", "en es", "en", &job->report.language},
        {"plan", "yes no", "yes", &plan},
        {"why", "yes no", "no", &why},
        {"anatomy", "male", "", &anatomy},
        {"strict", "yes no", "no", &strict},
        {NULL, NULL, NULL, NULL},
    };
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices))
        return false;
    job->report.reader = ag_assess_job_reader(reader);
    job->plan = strcmp(plan, "yes") == 0;
    job->report.why = strcmp(why, "yes") == 0;
    job->what_if = ag_request_query(request, "what-if");
    patient->language = job->report.language;
    patient->lenient = strcmp(strict, "no") == 0;
    patient->male_anatomy = strcmp(anatomy, "male") == 0;
    patient->setting = ag_request_query(request, "setting");
    patient->as_of = ag_request_query(request, "date");
    bool people = strcmp(job->format, "text") == 0 || strcmp(job->format, "html") == 0;
    if (job->report.reader != AG_FOR_CLINICIAN && !people) {
        ag_answer_error(answer, 400, "query:for", "for=%s needs format=text or format=html",
                        reader);
        return false;
    }
    return true;
}

void ag_route_assess(ag_answer *answer, const ag_request *request, ag_site *site,
                     ag_session *session) {
    ag_assess_job job = {.report = ag_report_options_defaults()};
    ag_patient_options options = ag_patient_options_defaults();
    if (!read_query(answer, request, &job, &options))
        return;
    ag_error error = {0};
    ag_patient *patient = NULL;
    char *text = NULL;
    ag_status status = ag_patient_read(&patient, site->model.vocabulary, request->body,
                                       request->length, &options, &error);
    if (status == AG_OK)
        status = ag_assess_job_run(&text, &job, &site->model, session, patient, &error);
    if (status == AG_OK)
        ag_answer_text(answer, 200, type_of(job.format), text, free_report);
    else
        ag_answer_fault(answer, &error);
    ag_patient_free(patient);
}
