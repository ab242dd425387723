/* A call of a service, up to the service itself; and feedback on its cards. */
#include <string.h>

#include "hook_call.h"

static const ag_service *find_service(ag_call *call, const char *id) {
    for (const ag_service *service = ag_services; service->id != NULL; service++)
        if (strcmp(service->id, id) == 0)
            return service;
    ag_call_outcome(call, 404, "not-found",
                    "there is no service \"%.100s\"; GET /cds-services lists them", id);
    return NULL;
}

/* What is wrong with the envelope of a call, in one sentence; NULL when nothing is. */
static const char *envelope_fault(const ag_hook *hook) {
    const ag_json_value *root = hook->root;
    const char *name = ag_json_get_text(root, "hook");
    const ag_json_value *authorization = ag_json_get(root, "fhirAuthorization");
    if (name == NULL)
        return "hook is missing; name the hook";
    if (strcmp(name, hook->service->hook) != 0)
        return "hook is not the one of this service; GET /cds-services says which is";
    if (ag_json_get_text(root, "hookInstance") == NULL)
        return "hookInstance is missing; give a UUID";
    if (hook->context == NULL || hook->context->type != AG_JSON_OBJECT)
        return "context is missing; give an object";
    if (hook->patient_id == NULL || *hook->patient_id == '\0')
        return "context.patientId is missing; give the id of the Patient";
    if (authorization != NULL && authorization->type != AG_JSON_NULL &&
        ag_json_get_text(root, "fhirServer") == NULL)
        return "fhirAuthorization is given without fhirServer; give both or none";
    return NULL;
}

void ag_serve_hook(ag_call *call, const char *id) {
    ag_hook hook = {.call = call, .service = find_service(call, id)};
    if (hook.service == NULL || (hook.root = ag_call_body(call)) == NULL)
        return;
    hook.context = ag_json_get(hook.root, "context");
    hook.patient_id = ag_plain_id(ag_json_get_text(hook.context, "patientId"));
    const char *fault = envelope_fault(&hook);
    if (fault == NULL)
        hook.service->serve(&hook);
    else if (hook.service->old)
        ag_hook_answer(&hook, NULL, 0);
    else
        ag_call_outcome(call, 400, "required", "%s", fault);
}

/* ---- feedback ---- */

enum { MOST_SUGGESTIONS = 32 };

typedef struct told {
    ag_hooks_feedback feedback;
    const char *suggestions[MOST_SUGGESTIONS];
} told;

static const char *read_suggestions(const ag_json_value *item, told *out) {
    const ag_json_value *list = ag_json_get(item, "acceptedSuggestions");
    for (const ag_json_value *one = ag_json_items(list); one != NULL; one = one->next) {
        const char *id = ag_json_get_text(one, "id");
        if (id == NULL)
            return "acceptedSuggestions holds one without id";
        if (out->feedback.suggestion_count < MOST_SUGGESTIONS)
            out->suggestions[out->feedback.suggestion_count++] = id;
    }
    out->feedback.suggestions = out->suggestions;
    return out->feedback.accepted && out->feedback.suggestion_count == 0
               ? "outcome is accepted, but acceptedSuggestions is missing"
               : NULL;
}

static const char *read_reason(const ag_json_value *item, told *out) {
    const ag_json_value *given = ag_json_get(item, "overrideReason");
    const ag_json_value *reason = ag_json_get(given, "reason");
    out->feedback.reason_system = ag_json_get_text(reason, "system");
    out->feedback.reason_code = ag_json_get_text(reason, "code");
    out->feedback.comment = ag_json_get_text(given, "userComment");
    return given != NULL && given->type != AG_JSON_NULL && out->feedback.reason_code == NULL &&
                   out->feedback.comment == NULL
               ? "overrideReason has neither reason nor userComment"
               : NULL;
}

/* What is wrong with one item, or NULL. */
static const char *read_item(const ag_json_value *item, told *out) {
    const char *outcome = ag_json_get_text(item, "outcome");
    out->feedback.card = ag_json_get_text(item, "card");
    out->feedback.time = ag_json_get_text(item, "outcomeTimestamp");
    if (out->feedback.card == NULL)
        return "card is missing; give the uuid of the card";
    if (outcome == NULL || (strcmp(outcome, "accepted") != 0 && strcmp(outcome, "overridden") != 0))
        return "outcome must be \"accepted\" or \"overridden\"";
    if (out->feedback.time == NULL)
        return "outcomeTimestamp is missing";
    out->feedback.accepted = strcmp(outcome, "accepted") == 0;
    const char *fault = read_suggestions(item, out);
    return fault != NULL ? fault : read_reason(item, out);
}

static bool tell(ag_call *call, const ag_hooks_feedback *feedback) {
    const ag_hooks_options *options = &call->hooks->options;
    ag_error error = {.code = AG_OK};
    return options->feedback == NULL ||
           options->feedback(options->feedback_data, feedback, &error) == AG_OK;
}

/* Each item is looked at before any is told, so that a fault tells nothing. */
void ag_serve_feedback(ag_call *call, const char *id) {
    const ag_service *service = find_service(call, id);
    const ag_json_value *root = service != NULL ? ag_call_body(call) : NULL;
    const ag_json_value *list = ag_json_get(root, "feedback");
    if (root == NULL)
        return;
    if (list == NULL || list->type != AG_JSON_ARRAY) {
        ag_call_outcome(call, 400, "required", "feedback is missing; give an array");
        return;
    }
    for (int pass = 0; pass < 2; pass++) {
        int place = 0;
        for (const ag_json_value *item = list->first; item != NULL; item = item->next, place++) {
            told one = {.feedback = {.service = service->id, .issuer = call->issuer}};
            const char *fault = read_item(item, &one);
            if (fault != NULL) {
                ag_call_outcome(call, 400, "invalid", "feedback[%d]: %s", place, fault);
                return;
            }
            if (pass == 1 && !tell(call, &one.feedback)) {
                ag_call_outcome(call, 500, "transient",
                                "the feedback could not be recorded; send it again later");
                return;
            }
        }
    }
    ag_call_answer(call, 200, "application/json", "{}");
}
