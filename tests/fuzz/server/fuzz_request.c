/*
 * The path of a request through the server, without sockets: "METHOD TARGET\n", "Header: value"
 * lines, an empty line, the body. What comes out must be an answer: a known status, and for JSON a
 * body that is JSON and UTF-8.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fixture {
    ag_settings settings;
    ag_site site;
    ag_session *session;
} fixture;

static void need(int true_one, const char *what) {
    if (!true_one) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

/* Small knowledge, so that an assessment takes little time. Lives as long as the process. */
static fixture *prepared(void) {
    static fixture *f;
    ag_error error = {0};
    if (f != NULL)
        return f;
    f = calloc(1, sizeof *f);
    need(f != NULL && ag_settings_defaults(&f->settings, &error) == AG_OK, "settings");
    need(ag_settings_set(&f->settings, "knowledge", AG_SOURCE_DIR "/tests/golden/knowledge",
                         &error) == AG_OK,
         "knowledge");
    need(ag_site_open(&f->site, &f->settings, &error) == AG_OK, error.message);
    need(ag_access_new(&f->site.access, &f->settings, "127.0.0.1", false, &error) == AG_OK,
         error.message);
    need(ag_session_new(&f->session, f->site.model.engine, &error) == AG_OK, error.message);
    return f;
}

/* Cut a line off; NULL at the end of the headers. */
static char *cut_line(char **rest) {
    char *line = *rest, *end = strchr(line, '\n');
    if (end == NULL || end == line)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    return line;
}

static int read_head(ag_request *request, char **rest) {
    char *line = cut_line(rest), *space = line == NULL ? NULL : strchr(line, ' ');
    ag_error error;
    if (space == NULL || strlen(space + 1) >= AG_REQUEST_TARGET)
        return 0;
    *space = '\0';
    request->method = line;
    if (ag_request_target(request, space + 1, &error) != AG_OK)
        return 0;
    while ((line = cut_line(rest)) != NULL) {
        char *colon = strstr(line, ": ");
        if (colon == NULL || request->header_count == AG_REQUEST_HEADERS)
            return 0;
        *colon = '\0';
        request->headers[request->header_count++] = (ag_pair){line, colon + 2};
    }
    *rest += **rest == '\n';
    return 1;
}

static void check(const ag_answer *answer) {
    size_t at;
    need(answer->status >= 200 && answer->status < 600, "no status");
    need(ag_utf8_plain(answer->body, answer->length, &at), "the answer is not UTF-8");
    if (strstr(answer->type, "json") == NULL || answer->length == 0)
        return;
    json_t *json = json_loadb(answer->body, answer->length, 0, NULL);
    need(json != NULL, "the answer is not JSON");
    json_decref(json);
}

static void answer_it(fixture *f, ag_request *request) {
    char id[256], allowed[64];
    size_t at;
    ag_answer answer = ag_answer_start();
    if (ag_access_check(f->site.access, &answer, request)) {
        const ag_route *route = ag_route_find(request, id, sizeof id, allowed);
        int is_served = route != NULL && route->handle != ag_route_metrics && /* has no workers */
                        ag_utf8_plain(request->body, request->length, &at) &&
                        (route->types == NULL || ag_request_is_type(request, route->types));
        if (is_served)
            route->handle(&answer, request, &f->site, f->session);
    }
    check(&answer);
    ag_answer_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ag_request request = {.method = NULL};
    char *text = calloc(1, size + 1);
    need(text != NULL, "memory");
    memcpy(text, data, size);
    char *rest = text;
    if (size < 65536 && strlen(text) == size && read_head(&request, &rest)) {
        request.body = rest;
        request.length = strlen(rest);
        answer_it(prepared(), &request);
    }
    free(text);
    return 0;
}
