#define _POSIX_C_SOURCE 200809L
#include "answer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ag_answer ag_answer_start(void) {
    return (ag_answer){.status = 200, .type = AG_TYPE_JSON, .body = ""};
}

void ag_answer_body(ag_answer *answer, int status, const char *type, const char *body,
                    size_t length, void (*release)(void *)) {
    if (answer->release != NULL)
        answer->release((void *)answer->body);
    answer->status = status;
    answer->type = type;
    answer->body = body;
    answer->length = length;
    answer->release = release;
}

void ag_answer_text(ag_answer *answer, int status, const char *type, char *text,
                    void (*release)(void *)) {
    static const char none[] = "{\"error\":{\"status\":503,\"message\":\"out of memory\"}}\n";
    if (text == NULL)
        ag_answer_body(answer, 503, AG_TYPE_JSON, none, sizeof none - 1, NULL);
    else
        ag_answer_body(answer, status, type, text, strlen(text), release);
}

void ag_answer_json(ag_answer *answer, int status, json_t *json) {
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(json);
    ag_answer_text(answer, status, AG_TYPE_JSON, text, free);
}

void ag_answer_error(ag_answer *answer, int status, const char *where, const char *format, ...) {
    char message[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t at = 0, length = strlen(message);
    while (!ag_utf8_plain(message, length, &at)) /* a quotation that was cut within a letter */
        message[at] = '?';
    ag_answer_json(answer, status,
                   json_pack("{s:{s:i, s:s, s:s*}}", "error", "status", status, "message", message,
                             "where", where));
}

static int status_of(ag_status code) {
    switch (code) {
    case AG_ERROR_SYNTAX:
        return 400;
    case AG_ERROR_VALUE:
    case AG_ERROR_RANGE:
    case AG_ERROR_NAME:
    case AG_ERROR_UNSUPPORTED:
    case AG_ERROR_DECLINED:
    case AG_ERROR_IMPOSSIBLE:
    case AG_ERROR_ARGUMENT: /* a date that is none */
        return 422;
    case AG_ERROR_TOO_LARGE:
        return 413;
    case AG_ERROR_MEMORY:
        return 503;
    default:
        return 500;
    }
}

void ag_answer_fault(ag_answer *answer, const ag_error *error) {
    char where[300];
    const char *place = error->where[0] != '\0' ? error->where : "body";
    if (error->line > 0)
        snprintf(where, sizeof where, "%s:%d", place, error->line);
    else
        snprintf(where, sizeof where, "%s", place);
    ag_answer_error(answer, status_of(error->code), where, "%s", error->message);
}

void ag_answer_header(ag_answer *answer, const char *name, const char *value) {
    assert(answer->header_count < AG_ANSWER_HEADERS);
    char *copy = strdup(value);
    if (copy != NULL)
        answer->headers[answer->header_count++] = (ag_pair){name, copy};
}

void ag_answer_free(ag_answer *answer) {
    if (answer->release != NULL)
        answer->release((void *)answer->body);
    for (int i = 0; i < answer->header_count; i++)
        free((void *)answer->headers[i].value);
    *answer = ag_answer_start();
}
