/* All that is kept, as lines of JSON. */
#include <time.h>

#include "antegrade/store.h"
#include "arena.h"
#include "fault.h"
#include "json_writer.h"

typedef struct export_run {
    bool (*write)(void *closure, const char *line);
    void *closure;
    bool ended;  /* the caller wants no more */
    bool failed; /* memory ran out */
} export_run;

static void time_of(ag_json *json, const char *key, long long ms) {
    char text[40];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    ag_json_text(json, key, text);
}

/* One line: {"kind": {…}}; `members` writes the inner object's. */
static bool line(export_run *run, const char *kind, void (*members)(ag_json *, const void *),
                 const void *item) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL) {
        run->failed = true;
        return false;
    }
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    ag_json_object(&json, kind);
    members(&json, item);
    ag_json_end(&json);
    ag_json_end(&json);
    const char *text = ag_buffer_text(&buffer);
    run->failed = text == NULL;
    run->ended = text != NULL && !run->write(run->closure, text);
    ag_arena_free(arena);
    return !run->failed && !run->ended;
}

static void case_members(ag_json *json, const void *item) {
    const ag_store_case *c = item;
    ag_json_text(json, "id", c->id);
    ag_json_text(json, "owner", c->owner);
    ag_json_text(json, "label", c->label);
    time_of(json, "saved", c->saved_ms);
    time_of(json, "changed", c->changed_ms);
    ag_json_text(json, "body", c->body);
}

static void feedback_members(ag_json *json, const void *item) {
    const ag_store_feedback *f = item;
    ag_json_text(json, "service", f->service);
    ag_json_text(json, "card", f->card);
    ag_json_text(json, "outcome", f->outcome);
    ag_json_text(json, "time", f->time);
    ag_json_text(json, "suggestion", f->suggestion);
    ag_json_text(json, "reason", f->reason);
    ag_json_text(json, "comment", f->comment);
    time_of(json, "received", f->received_ms);
}

static void audit_members(ag_json *json, const void *item) {
    const ag_store_audit *a = item;
    ag_json_integer(json, "number", a->number);
    time_of(json, "at", a->at_ms);
    ag_json_text(json, "who", a->who);
    ag_json_text(json, "action", a->action);
    ag_json_text(json, "object", a->object);
    ag_json_integer(json, "status", a->status);
}

static bool on_case(void *closure, const ag_store_case *item) {
    return line(closure, "case", case_members, item);
}

static bool on_feedback(void *closure, const ag_store_feedback *item) {
    return line(closure, "feedback", feedback_members, item);
}

static bool on_audit(void *closure, const ag_store_audit *item) {
    return line(closure, "audit", audit_members, item);
}

ag_status ag_store_export(ag_store *store, bool (*write)(void *closure, const char *line),
                          void *closure, ag_error *error) {
    export_run run = {.write = write, .closure = closure};
    ag_status status = ag_store_case_each(store, NULL, on_case, &run, error);
    if (status == AG_OK && !run.ended && !run.failed)
        status = ag_store_feedback_each(store, on_feedback, &run, error);
    if (status == AG_OK && !run.ended && !run.failed)
        status = ag_store_audit_each(store, 0, on_audit, &run, error);
    if (status == AG_OK && run.failed)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    return status;
}
