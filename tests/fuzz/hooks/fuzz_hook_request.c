/*
 * A request to the connections: answered, whatever it is, with a status that HTTP has and JSON
 * where it says so. Input: "METHOD PATH?name=value&...", Authorization and Cookie, each on a line,
 * the body, and behind a line "---" what every fetch gives.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/hooks.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char KEYS[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"k\","
    "\"x\":\"dw_JGR8nB2I6XveNxUOl2qk699ZPLM2nYI5STSdiEl9avAkrm3CkfYMbrrjr8laB\","
    "\"y\":\"Sm3mLE-n1zYNla_aiE3cb3nZsL51RbC7ysw3q8aJLxGm-hx79RPMYpITDjp7kgzy\"}]}";

static ag_status give(void *data, const ag_fetch_request *request, ag_fetch_answer *answer,
                      ag_error *error) {
    (void)request;
    (void)error;
    const char *text = *(const char **)data;
    *answer = (ag_fetch_answer){200, strdup(text), strlen(text)};
    return AG_OK;
}

static ag_session *session;
static const char *elsewhere;

/* With clients, whose tokens are checked, and without. */
static ag_hooks *open_hooks(bool checked) {
    static const char *const servers[] = {"https://e.org/fhir"};
    static const ag_hooks_client client = {"i", KEYS, NULL};
    static const ag_hooks_launcher launcher = {"https://e.org/fhir", "c", NULL};
    static ag_engine *engine;
    static ag_vocabulary *vocabulary;
    ag_hooks_options options = ag_hooks_options_defaults();
    ag_hooks *hooks;
    options.clients = &client;
    options.client_count = checked;
    options.launchers = &launcher;
    options.launcher_count = 1;
    options.fhir_servers = servers;
    options.fhir_server_count = 1;
    options.fetch = give;
    options.fetch_data = &elsewhere;
    if (engine == NULL && (ag_engine_new(&engine, ag_knowledge_builtin(), NULL) != AG_OK ||
                           ag_session_new(&session, engine, NULL) != AG_OK ||
                           (vocabulary = ag_vocabulary_new(ag_knowledge_builtin())) == NULL))
        abort();
    if (ag_hooks_new(&hooks, engine, vocabulary, &options, NULL) != AG_OK)
        abort();
    return hooks;
}

/* The text up to `end`, which is cut off; NULL behind the last. */
static char *next(char **at, const char *end) {
    char *piece = *at, *found = piece != NULL ? strstr(piece, end) : NULL;
    if (found != NULL)
        *found = '\0';
    *at = found != NULL ? found + strlen(end) : NULL;
    return piece;
}

enum { PARAMETERS = 8 };

static int read_query(char *text, ag_hooks_pair out[PARAMETERS]) {
    int count = 0;
    while (text != NULL && count < PARAMETERS) {
        char *value = next(&text, "&");
        char *name = next(&value, "=");
        out[count++] = (ag_hooks_pair){name, value != NULL ? value : ""};
    }
    return count;
}

static void check(const ag_hooks_answer *answer) {
    static ag_json_parser *parser;
    if (answer == NULL || answer->status < 200 || answer->status >= 600)
        abort();
    if (parser == NULL && (parser = ag_json_parser_new()) == NULL)
        abort();
    ag_arena *arena = ag_arena_new();
    const ag_json_value *root;
    if (answer->type != NULL && strstr(answer->type, "json") != NULL &&
        ag_json_parse(parser, arena, answer->body, answer->length, &root, NULL) != AG_OK)
        abort();
    for (int i = 0; i < answer->header_count; i++)
        if (strpbrk(answer->headers[i].value, "\r\n") != NULL)
            abort();
    ag_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_hooks *plain, *checked;
    if (plain == NULL) {
        plain = open_hooks(false);
        checked = open_hooks(true);
    }
    char *text = calloc(1, size + 1);
    if (text == NULL)
        abort();
    memcpy(text, data, size);
    char *rest = text, *target = next(&rest, "\n"), *shown = next(&rest, "\n");
    char *cookie = next(&rest, "\n"), *body = next(&rest, "\n---\n");
    char *method = next(&target, " "), *path = next(&target, "?");
    ag_hooks_pair query[PARAMETERS];
    elsewhere = rest != NULL ? rest : "";
    ag_hooks_request request = {.method = method,
                                .path = path != NULL ? path : "/",
                                .query = query,
                                .query_count = read_query(target, query),
                                .authorization = shown,
                                .cookie = cookie,
                                .content_type = "application/json",
                                .body = body,
                                .length = body != NULL ? strlen(body) : 0,
                                .now = 1790000000};
    ag_hooks_answer *answer =
        ag_hooks_handle(shown != NULL && *shown != '\0' ? checked : plain, session, &request);
    check(answer);
    ag_hooks_answer_free(answer);
    free(text);
    return 0;
}
