/* POST /api/interview: all answers so far in, the next question out; nothing is kept between. */
#include <stdio.h>
#include <string.h>

#include "antegrade/interview.h"
#include "antegrade/report.h"
#include "body_json.h"
#include "choices.h"
#include "routes.h"

enum { MOST_ANSWERS = 200 };

static json_t *question_json(const ag_question *q) {
    static const char *const kinds[] = {"yes-no", "choice", "number", "time", "list", "several"};
    if (q == NULL)
        return json_null();
    json_t *choices = json_array();
    for (int i = 0; i < q->choice_count; i++)
        json_array_append_new(choices, json_string(q->choices[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", q->id, "text", q->text, "why", q->why,
                     "kind", kinds[q->kind], "choices", choices);
}

/* What was not understood within answers that were. */
static json_t *unused_json(const ag_patient *patient) {
    json_t *list = json_array();
    for (int i = 0; i < ag_patient_unused_count(patient); i++) {
        ag_unused_entry entry = ag_patient_unused(patient, i);
        json_t *near = json_array();
        for (int n = 0; n < 3 && entry.nearest[n] != NULL; n++)
            json_array_append_new(near, json_string(entry.nearest[n]));
        json_array_append_new(list, json_pack("{s:s, s:o}", "text", entry.text, "nearest", near));
    }
    return list;
}

/* What must not wait of what is known so far. */
static json_t *flags_json(const ag_interview *interview, bool spanish) {
    static const char *const urgencies[] = {"same-day", "urgent", "soon", "routine"};
    int count;
    const ag_plan_flag *flags = ag_interview_flags(interview, &count);
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        const ag_plan_flag *f = &flags[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "id", f->id, "urgency",
                                              urgencies[f->urgency], "see",
                                              spanish ? f->see.es : f->see.en, "text",
                                              spanish ? f->text.es : f->text.en));
    }
    return list;
}

/* Give the answers. An error in the last one is told beside its question; in another, the request
 * is wrong. */
static ag_status give(ag_interview *interview, const json_t *answers, ag_error *told,
                      ag_error *error) {
    size_t count = json_array_size(answers);
    for (size_t i = 0; i < count; i++) {
        if (ag_interview_question(interview) == NULL)
            *error =
                (ag_error){.code = AG_ERROR_VALUE, .message = "the interview has ended before"};
        else
            ag_interview_answer(interview, json_string_value(json_array_get(answers, i)), error);
        if (error->code == AG_OK)
            continue;
        bool is_last =
            i == count - 1 && (error->code == AG_ERROR_VALUE || error->code == AG_ERROR_RANGE ||
                               error->code == AG_ERROR_IMPOSSIBLE);
        if (is_last && ag_interview_question(interview) != NULL) {
            *told = *error;
            return AG_OK;
        }
        error->line = 0;
        snprintf(error->where, sizeof error->where, "body:/answers/%zu", i);
        return error->code;
    }
    return AG_OK;
}

static ag_status run(ag_answer *answer, const ag_engine *engine, const json_t *answers,
                     const char *language, const char *as_of, ag_error *error) {
    ag_interview *interview = NULL;
    ag_error told = {0};
    ag_status status = ag_interview_new(&interview, engine, language, as_of, error);
    if (status == AG_OK)
        status = give(interview, answers, &told, error);
    if (status == AG_OK) {
        char *estimate = ag_interview_estimate(interview);
        ag_answer_json(answer, 200,
                       json_pack("{s:o, s:s?, s:s, s:o, s:o, s:s*}", "question",
                                 question_json(ag_interview_question(interview)), "estimate",
                                 estimate, "case", ag_interview_case(interview), "flags",
                                 flags_json(interview, strcmp(language, "es") == 0), "unused",
                                 unused_json(ag_interview_patient(interview)), "error",
                                 told.code == AG_OK ? NULL : told.message));
        ag_report_free(estimate);
    }
    ag_interview_free(interview);
    return status;
}

void ag_route_interview(ag_answer *answer, const ag_request *request, ag_site *site,
                        ag_session *session) {
    static const char *const known[] = {NULL};
    static const char *const keys[] = {"lang", "answers", "as_of", NULL};
    (void)session;
    const char *language = "en", *as_of = NULL;
    const json_t *answers = NULL;
    ag_error error = {0};
    json_t *body =
        ag_query_known(answer, request, known) ? ag_body_object(answer, request, keys) : NULL;
    if (body == NULL)
        return;
    if (!ag_body_text(answer, body, "lang", &language) ||
        !ag_body_text(answer, body, "as_of", &as_of) ||
        !ag_body_texts(answer, body, "answers", &answers))
        goto done;
    if (strcmp(language, "en") != 0 && strcmp(language, "es") != 0)
        ag_answer_error(answer, 422, "body:/lang", "lang must be en or es");
    else if (json_array_size(answers) > MOST_ANSWERS)
        ag_answer_error(answer, 413, "body:/answers", "there are more than %d answers",
                        MOST_ANSWERS);
    else if (run(answer, site->model.engine, answers, language, as_of, &error) != AG_OK)
        ag_answer_fault(answer, &error);
done:
    json_decref(body);
}
