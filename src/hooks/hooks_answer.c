/* Answers: JSON, OperationOutcomes for faults, redirects, headers. */
#include <stdio.h>
#include <string.h>

#include "hooks_work.h"

static const char OUT_OF_MEMORY[] =
    "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
    "\"exception\",\"diagnostics\":\"out of memory\"}]}";

void ag_call_answer(ag_call *call, int status, const char *type, const char *body) {
    ag_hooks_answer *answer = &call->answer->shown;
    answer->status = body == NULL ? 500 : status;
    answer->type = body == NULL ? "application/fhir+json" : type;
    answer->body = body == NULL ? OUT_OF_MEMORY : body;
    answer->length = strlen(answer->body);
}

void ag_call_json(ag_call *call, int status, ag_buffer *buffer) {
    ag_call_answer(call, status, "application/json", ag_buffer_text(buffer));
}

void ag_call_outcome(ag_call *call, int status, const char *code, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ag_buffer buffer = ag_buffer_start(call->arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    ag_json_text(&json, "resourceType", "OperationOutcome");
    ag_json_array(&json, "issue");
    ag_json_object(&json, NULL);
    ag_json_text(&json, "severity", "error");
    ag_json_text(&json, "code", code);
    ag_json_text(&json, "diagnostics", text);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_call_answer(call, status, "application/fhir+json", ag_buffer_text(&buffer));
}

void ag_call_redirect(ag_call *call, const char *address) {
    ag_call_answer(call, 302, NULL, "");
    if (address == NULL)
        ag_call_answer(call, 500, NULL, NULL);
    else
        ag_call_header(call, "Location", address);
}

void ag_call_header(ag_call *call, const char *name, const char *value) {
    ag_hooks_answer *answer = &call->answer->shown;
    if (value == NULL || answer->header_count == AG_CALL_HEADERS)
        return;
    call->answer->headers[answer->header_count++] = (ag_hooks_pair){name, value};
    answer->headers = call->answer->headers;
}

/* ---- the request ---- */

bool ag_call_is(const ag_call *call, const char *method) {
    return strcmp(call->request->method, method) == 0;
}

const ag_json_value *ag_call_parse(ag_call *call, const char *text, size_t length,
                                   ag_error *error) {
    const ag_json_value *root;
    if (call->parser == NULL && (call->parser = ag_json_parser_new()) == NULL) {
        ag_fail(error, AG_ERROR_MEMORY, "out of memory");
        return NULL;
    }
    return ag_json_parse(call->parser, call->arena, text, length, &root, error) == AG_OK ? root
                                                                                         : NULL;
}

const ag_json_value *ag_call_body(ag_call *call) {
    ag_error error = {.message = "the body is empty; send one JSON object"};
    const ag_json_value *root = NULL;
    if (call->request->length > 0)
        root = ag_call_parse(call, call->request->body, call->request->length, &error);
    if (root != NULL && root->type == AG_JSON_OBJECT)
        return root;
    if (root != NULL)
        ag_call_outcome(call, 400, "structure", "the body is JSON, but no object; send {...}");
    else if (error.line > 0)
        ag_call_outcome(call, 400, "structure", "body, line %d, column %d: %s", error.line,
                        error.column, error.message);
    else
        ag_call_outcome(call, 400, "structure", "%s", error.message);
    return NULL;
}

const char *ag_call_query(const ag_call *call, const char *name) {
    for (int i = 0; i < call->request->query_count; i++)
        if (strcmp(call->request->query[i].name, name) == 0)
            return call->request->query[i].value;
    return NULL;
}

const char *ag_call_say(const ag_call *call, const char *english) {
    return ag_say(call->language, english);
}
