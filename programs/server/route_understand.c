/* POST /api/understand: what typed words mean, as entries of a case file. */
#include <string.h>

#include "antegrade/understand.h"
#include "routes.h"

static void free_answer(void *json) {
    ag_understand_free(json);
}

/* The text of a key, which may be left out where `otherwise` is given. */
static bool read_text(ag_answer *answer, const json_t *body, const char *key, const char *otherwise,
                      const char **out) {
    const json_t *value = json_object_get(body, key);
    *out = json_is_string(value) ? json_string_value(value) : otherwise;
    if ((value == NULL || json_is_string(value)) && *out != NULL)
        return true;
    ag_answer_error(answer, 400, "body", "give \"%s\" as a text: {\"text\": \"dry orgasm\"}", key);
    return false;
}

static void understand(ag_answer *answer, const json_t *body, const ag_site *site) {
    const char *text, *date;
    ag_understand_options options = ag_understand_options_defaults();
    if (!read_text(answer, body, "text", NULL, &text) ||
        !read_text(answer, body, "lang", "en", &options.language) ||
        !read_text(answer, body, "date", "", &date))
        return;
    if (strcmp(options.language, "en") != 0 && strcmp(options.language, "es") != 0) {
        ag_answer_error(answer, 400, "body", "lang is en or es");
        return;
    }
    options.as_of = date[0] != '\0' ? date : NULL;
    ag_error error = {0};
    char *json;
    if (ag_understand(&json, site->model.vocabulary, text, &options, &error) == AG_OK)
        ag_answer_text(answer, 200, AG_TYPE_JSON, json, free_answer);
    else
        ag_answer_fault(answer, &error);
}

void ag_route_understand(ag_answer *answer, const ag_request *request, ag_site *site,
                         ag_session *session) {
    (void)session;
    json_error_t error;
    json_t *body = json_loadb(request->body, request->length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(body))
        understand(answer, body, site);
    else
        ag_answer_error(answer, 400, "body",
                        "the body is no JSON object like {\"text\": \"…\"}%s%s",
                        body == NULL ? ": " : "", body == NULL ? error.text : "");
    json_decref(body);
}
