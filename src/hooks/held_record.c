/* Records that wait for the page: for a card's link, or after a launch. */
#include <stdlib.h>
#include <string.h>

#include "hook_call.h"
#include "tickets.h"

static void add_unseen(ag_buffer *out, const char *unseen) {
    ag_json json = ag_json_start(out, 0);
    ag_json_object(&json, NULL);
    ag_json_object(&json, "resource");
    ag_json_text(&json, "resourceType", "OperationOutcome");
    ag_json_array(&json, "issue");
    ag_json_object(&json, NULL);
    ag_json_text(&json, "severity", "information");
    ag_json_text(&json, "code", "incomplete");
    ag_json_text(&json, "diagnostics", unseen);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_json_end(&json);
}

const char *ag_record_text(const ag_hook *hook) {
    const char *unseen = ag_hook_unseen(hook);
    ag_buffer out = ag_buffer_start(hook->call->arena);
    if (hook->record.failed || unseen == NULL)
        return hook->record.failed ? NULL : hook->record.data;
    ag_buffer_add_bytes(&out, hook->record.data, hook->record.length - strlen(AG_RECORD_END));
    ag_buffer_add_char(&out, ',');
    add_unseen(&out, unseen);
    ag_buffer_add(&out, AG_RECORD_END);
    return ag_buffer_text(&out);
}

const char *ag_record_hold(ag_call *call, const char *text, const char *session) {
    const ag_hooks_options *options = &call->hooks->options;
    char name[AG_SECRET_TEXT];
    ag_secret_new(name);
    const char *kept = text != NULL ? ag_arena_format(call->arena, "%s\n%s", session, text) : NULL;
    return kept != NULL && ag_tickets_put(call->hooks->held, name, kept, call->now,
                                          call->now + options->held_s)
               ? ag_arena_format(call->arena, "%s/#/launch/%s", options->base_url, name)
               : NULL;
}

const char *ag_record_take(ag_call *call, const char *name, const char *session) {
    char *kept = ag_tickets_take(call->hooks->held, name, call->now);
    char *text = kept != NULL ? ag_arena_copy(call->arena, kept) : NULL;
    free(kept);
    char *record = text != NULL ? strchr(text, '\n') : NULL;
    if (record == NULL)
        return NULL;
    *record = '\0';
    return text[0] == '\0' || ag_secret_same(text, session) ? record + 1 : NULL;
}

const char *ag_record_load(ag_call *call, const char *server, const char *token,
                           const char *patient_id, const char **why) {
    static const ag_service all = {.parts = (1u << AG_PARTS) - 1};
    ag_hook hook = {
        .call = call, .service = &all, .server = server, .token = token, .patient_id = patient_id};
    bool loaded = ag_hook_gather_parts(&hook);
    *why = hook.why_unseen[AG_PART_PATIENT];
    return loaded ? ag_record_text(&hook) : NULL;
}
