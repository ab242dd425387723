/* The connections: configuration, and which path is served by what. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hooks_work.h"
#include "keys.h"
#include "tickets.h"

enum { MOST_TOKENS = 200000, MOST_LAUNCHES = 1000, SMALL_BYTES = 4 << 20, HELD_BYTES = 64 << 20 };

/* ---- configuration ---- */

ag_hooks_options ag_hooks_options_defaults(void) {
    return (ag_hooks_options){.size = sizeof(ag_hooks_options),
                              .base_url = "http://127.0.0.1:8765",
                              .language = "en",
                              .fetch_ms = 2000,
                              .launch_ms = 20000,
                              .from = 0.5,
                              .below_age = 70,
                              .clock_skew_s = 60,
                              .held_records = 256,
                              .held_s = 900};
}

static const char *copy(ag_arena *arena, const char *text) {
    return text == NULL ? NULL : ag_arena_copy(arena, text);
}

static const char *const *copy_texts(ag_arena *arena, const char *const *texts, int count) {
    const char **list = ag_arena_array(arena, (size_t)count + 1, sizeof *list);
    for (int i = 0; list != NULL && i < count; i++)
        list[i] = ag_without_slash(arena, texts[i]);
    return list;
}

static void copy_clients(ag_arena *arena, ag_hooks_options *options) {
    ag_hooks_client *list = ag_arena_array(arena, (size_t)options->client_count + 1, sizeof *list);
    for (int i = 0; list != NULL && i < options->client_count; i++)
        list[i] = (ag_hooks_client){copy(arena, options->clients[i].issuer),
                                    copy(arena, options->clients[i].keys),
                                    copy(arena, options->clients[i].keys_url)};
    options->clients = list;
}

static void copy_launchers(ag_arena *arena, ag_hooks_options *options) {
    ag_hooks_launcher *list =
        ag_arena_array(arena, (size_t)options->launcher_count + 1, sizeof *list);
    for (int i = 0; list != NULL && i < options->launcher_count; i++)
        list[i] = (ag_hooks_launcher){ag_without_slash(arena, options->launchers[i].issuer),
                                      copy(arena, options->launchers[i].client_id),
                                      copy(arena, options->launchers[i].client_secret)};
    options->launchers = list;
}

static void copy_options(ag_hooks *hooks, const ag_hooks_options *options) {
    ag_arena *arena = hooks->arena;
    ag_hooks_options *own = &hooks->options;
    *own = *options;
    own->base_url = ag_without_slash(arena, options->base_url);
    own->language = copy(arena, options->language);
    own->fhir_servers = copy_texts(arena, options->fhir_servers, options->fhir_server_count);
    copy_clients(arena, own);
    copy_launchers(arena, own);
}

static ag_status check_address(const char *address, const char *what, ag_error *error) {
    return ag_address_valid(address)
               ? AG_OK
               : ag_fail(error, AG_ERROR_VALUE,
                         "%s \"%.100s\" is no address. Write it like https://ehr.example.org/fhir",
                         what, address);
}

static ag_status check_options(const ag_hooks_options *o, ag_error *error) {
    ag_status status = check_address(o->base_url, "the address of this server", error);
    for (int i = 0; i < o->fhir_server_count && status == AG_OK; i++)
        status = check_address(o->fhir_servers[i], "the FHIR server", error);
    for (int i = 0; i < o->launcher_count && status == AG_OK; i++) {
        status = check_address(o->launchers[i].issuer, "the launching server", error);
        if (status == AG_OK && o->launchers[i].client_id == NULL)
            status = ag_fail(error, AG_ERROR_VALUE,
                             "the launching server %.100s has no client id; give the one under "
                             "which this server is registered there",
                             o->launchers[i].issuer);
    }
    return status;
}

/* The LOINC codes that findings carry, as a search for them. */
static const char *observation_codes(const ag_knowledge *k, ag_arena *arena) {
    ag_buffer list = ag_buffer_start(arena);
    for (int f = 0; f < k->finding_count; f++) {
        ag_codes codes = k->variables[k->findings[f].variable].codes;
        for (int c = 0; c < codes.count; c++)
            if (codes.items[c].system == AG_CODE_LOINC && strchr(codes.items[c].code, '*') == NULL)
                ag_buffer_format(&list, "%shttp://loinc.org|%s", list.length > 0 ? "," : "",
                                 codes.items[c].code);
    }
    return ag_buffer_text(&list);
}

static ag_status open_hooks(ag_hooks *hooks, const ag_hooks_options *options, ag_error *error) {
    hooks->arena = ag_arena_new();
    if (hooks->arena != NULL) {
        copy_options(hooks, options);
        hooks->observations = observation_codes(hooks->knowledge, hooks->arena);
    }
    hooks->seen = ag_tickets_new(MOST_TOKENS, SMALL_BYTES, false);
    hooks->launches = ag_tickets_new(MOST_LAUNCHES, SMALL_BYTES, true);
    hooks->held = ag_tickets_new(options->held_records, HELD_BYTES, true);
    if (hooks->observations == NULL || hooks->seen == NULL || hooks->launches == NULL ||
        hooks->held == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    return ag_keys_new(&hooks->keys, &hooks->options, error);
}

ag_status ag_hooks_new(ag_hooks **out, const ag_engine *engine, const ag_vocabulary *vocabulary,
                       const ag_hooks_options *options, ag_error *error) {
    ag_hooks_options defaults = ag_hooks_options_defaults();
    *out = NULL;
    options = options != NULL ? options : &defaults;
    ag_status status = check_options(options, error);
    if (status != AG_OK)
        return status;
    ag_hooks *hooks = calloc(1, sizeof *hooks);
    if (hooks == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    hooks->engine = engine;
    hooks->knowledge = ag_engine_knowledge(engine);
    hooks->vocabulary = vocabulary;
    status = open_hooks(hooks, options, error);
    if (status == AG_OK)
        *out = hooks;
    else
        ag_hooks_free(hooks);
    return status;
}

void ag_hooks_free(ag_hooks *hooks) {
    if (hooks == NULL)
        return;
    ag_keys_free(hooks->keys);
    ag_tickets_free(hooks->seen);
    ag_tickets_free(hooks->launches);
    ag_tickets_free(hooks->held);
    ag_arena_free(hooks->arena);
    free(hooks);
}

/* ---- paths ---- */

static bool check_type(ag_call *call) {
    const char *type = call->request->content_type;
    size_t length = type != NULL ? strcspn(type, "; ") : 0;
    if ((length == 16 && strncmp(type, "application/json", length) == 0) ||
        (length == 21 && strncmp(type, "application/fhir+json", length) == 0))
        return true;
    ag_call_outcome(call, 415, "not-supported",
                    "the body must be of Content-Type application/json");
    return false;
}

static void hook(ag_call *call, const char *id) {
    if (check_type(call))
        ag_serve_hook(call, id);
}

static void feedback(ag_call *call, const char *id) {
    if (check_type(call))
        ag_serve_feedback(call, id);
}

static void discovery(ag_call *call, const char *id) {
    (void)id;
    ag_serve_discovery(call);
}

static void infobutton(ag_call *call, const char *id) {
    (void)id;
    ag_serve_infobutton(call);
}

static void launch(ag_call *call, const char *id) {
    (void)id;
    ag_serve_launch(call);
}

static void launch_callback(ag_call *call, const char *id) {
    (void)id;
    ag_serve_launch_callback(call);
}

typedef struct path_rule {
    const char *before, *behind; /* of the part that is an id; `behind` NULL where there is none */
    const char *method;
    bool client; /* for clients of CDS Hooks, who are checked */
    void (*serve)(ag_call *call, const char *id);
} path_rule;

static const path_rule PATHS[] = {
    {"/cds-services", NULL, "GET", true, discovery},
    {"/cds-services/", "", "POST", true, hook},
    {"/cds-services/", "/feedback", "POST", true, feedback},
    {"/infobutton", NULL, "GET", false, infobutton},
    {"/launch", NULL, "GET", false, launch},
    {"/launch/callback", NULL, "GET", false, launch_callback},
    {"/api/launch/", "", "GET", false, ag_serve_launched},
};

enum { PATH_COUNT = sizeof PATHS / sizeof PATHS[0], ID_ROOM = 128 };

static bool path_fits(const path_rule *rule, const char *path, char id[ID_ROOM]) {
    id[0] = '\0';
    if (rule->behind == NULL)
        return strcmp(path, rule->before) == 0;
    size_t before = strlen(rule->before);
    if (strncmp(path, rule->before, before) != 0)
        return false;
    size_t length = strcspn(path + before, "/");
    if (length == 0 || length >= ID_ROOM || strcmp(path + before + length, rule->behind) != 0)
        return false;
    memcpy(id, path + before, length);
    id[length] = '\0';
    return true;
}

static const path_rule *find_path(const char *path, char id[ID_ROOM]) {
    for (int i = 0; i < PATH_COUNT; i++)
        if (path_fits(&PATHS[i], path, id))
            return &PATHS[i];
    return NULL;
}

static void route(ag_call *call) {
    char id[ID_ROOM];
    const path_rule *rule = find_path(call->request->path, id);
    if (rule == NULL) {
        ag_call_outcome(call, 404, "not-found", "there is nothing at this address");
        return;
    }
    if (!ag_call_is(call, rule->method)) {
        ag_call_outcome(call, 405, "not-supported", "use the method %s here", rule->method);
        ag_call_header(call, "Allow", rule->method);
        return;
    }
    if (rule->client && !ag_token_check(call))
        return;
    rule->serve(call, id);
}

/* ---- calls ---- */

/* The first language of Accept-Language that there is; weights are not looked at. */
static ag_language language_of(const char *accepted, const char *otherwise) {
    while (accepted != NULL && *accepted != '\0') {
        accepted += strspn(accepted, " ,");
        for (int l = 0; l < AG_LANGUAGES; l++)
            if (strncmp(accepted, ag_language_code((ag_language)l), 2) == 0 &&
                strchr("-,; ", accepted[2]) != NULL)
                return (ag_language)l;
        accepted += strcspn(accepted, ",");
    }
    return ag_language_of(otherwise);
}

ag_hooks_answer *ag_hooks_handle(ag_hooks *hooks, ag_session *session,
                                 const ag_hooks_request *request) {
    ag_arena *arena = ag_arena_new();
    ag_whole_answer *answer = arena != NULL ? ag_arena_alloc(arena, sizeof *answer) : NULL;
    if (answer == NULL) {
        ag_arena_free(arena);
        return NULL;
    }
    answer->arena = arena;
    ag_call call = {.hooks = hooks,
                    .session = session,
                    .request = request,
                    .answer = answer,
                    .arena = arena,
                    .language = language_of(request->accept_language, hooks->options.language),
                    .now = request->now > 0 ? request->now : (double)time(NULL)};
    route(&call);
    ag_call_header(&call, "Cache-Control", "no-store");
    ag_json_parser_free(call.parser);
    return &answer->shown;
}

void ag_hooks_answer_free(ag_hooks_answer *answer) {
    if (answer != NULL)
        ag_arena_free(((ag_whole_answer *)answer)->arena);
}
