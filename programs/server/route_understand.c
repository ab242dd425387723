/*
 * POST /api/understand: what typed words mean, as entries of a case file. POST /api/facts: a case
 * or a FHIR record, taken apart into such entries.
 */
#include <string.h>

#include "antegrade/understand.h"
#include "body_json.h"
#include "choices.h"
#include "routes.h"

static void free_answer(void *json) {
    ag_understand_free(json);
}

static void finish(ag_answer *answer, ag_status status, char *json, const ag_error *error) {
    if (status == AG_OK)
        ag_answer_text(answer, 200, AG_TYPE_JSON, json, free_answer);
    else
        ag_answer_fault(answer, error);
}

static void understand(ag_answer *answer, const json_t *body, const ag_site *site) {
    const char *text = NULL;
    ag_understand_options options = ag_understand_options_defaults();
    if (!ag_body_text(answer, body, "text", &text) ||
        !ag_body_text(answer, body, "lang", &options.language) ||
        !ag_body_text(answer, body, "date", &options.as_of))
        return;
    ag_error error = {0};
    char *json = NULL;
    if (text == NULL)
        ag_answer_error(answer, 422, "body:/text", "give the words: {\"text\": \"dry orgasm\"}");
    else if (strcmp(options.language, "en") != 0 && strcmp(options.language, "es") != 0)
        ag_answer_error(answer, 422, "body:/lang", "lang must be en or es");
    else {
        ag_status status = ag_understand(&json, site->model.vocabulary, text, &options, &error);
        finish(answer, status, json, &error);
    }
}

void ag_route_understand(ag_answer *answer, const ag_request *request, ag_site *site,
                         ag_session *session) {
    static const char *const keys[] = {"text", "lang", "date", NULL};
    (void)session;
    json_t *body = ag_body_object(answer, request, keys);
    if (body != NULL)
        understand(answer, body, site);
    json_decref(body);
}

void ag_route_facts(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    static const char *const known[] = {"lang", "date", "anatomy", NULL};
    (void)session;
    const char *anatomy;
    ag_understand_options options = ag_understand_options_defaults();
    ag_patient_options read = ag_patient_options_defaults();
    const ag_choice choices[] = {{"lang", "en es", "en", &options.language},
                                 {"anatomy", "male", "", &anatomy},
                                 {NULL, NULL, NULL, NULL}};
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices))
        return;
    read.as_of = options.as_of = ag_request_query(request, "date");
    read.language = options.language;
    read.lenient = true;
    read.male_anatomy = strcmp(anatomy, "male") == 0;
    ag_error error = {0};
    ag_patient *patient = NULL;
    char *json = NULL;
    ag_status status = ag_patient_read(&patient, site->model.vocabulary, request->body,
                                       request->length, &read, &error);
    if (status == AG_OK)
        status = ag_understand_patient(&json, site->model.vocabulary, patient, &options, &error);
    finish(answer, status, json, &error);
    ag_patient_free(patient);
}
