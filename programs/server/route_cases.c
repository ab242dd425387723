/* /api/cases, /api/audit: what is kept for whoever shows the token; nobody sees another's. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "choices.h"
#include "routes.h"

static const char *const none[] = {NULL};

static bool has_store(ag_answer *answer, const ag_site *site) {
    if (site->keeping.store == NULL)
        ag_answer_error(answer, 404, NULL,
                        "this server keeps nothing; start it with --store to save cases");
    return site->keeping.store != NULL;
}

static void fail(ag_answer *answer, const ag_error *error) {
    if (error->code == AG_ERROR_NAME)
        ag_answer_error(answer, 404, NULL, "%s", error->message);
    else
        ag_answer_error(answer, error->code == AG_ERROR_IO ? 507 : 500, NULL, "%s", error->message);
}

static json_t *time_of(long long ms) {
    char text[40];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_string(text);
}

static bool add_case(void *closure, const ag_store_case *item) {
    json_array_append_new(closure, json_pack("{s:s, s:s, s:o, s:o}", "id", item->id, "label",
                                             item->label, "saved", time_of(item->saved_ms),
                                             "changed", time_of(item->changed_ms)));
    return true;
}

void ag_route_cases(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    (void)session;
    ag_error error;
    if (!ag_query_known(answer, request, none) || !has_store(answer, site))
        return;
    json_t *cases = json_array();
    if (ag_store_case_each(site->keeping.store, request->who, add_case, cases, &error) == AG_OK) {
        ag_answer_json(answer, 200, json_pack("{s:o}", "cases", cases));
        return;
    }
    json_decref(cases);
    fail(answer, &error);
}

static bool give_body(void *closure, const ag_store_case *item) {
    ag_answer_text(closure, 200, AG_TYPE_JSON, strdup(item->body), free);
    return true;
}

void ag_route_case(ag_answer *answer, const ag_request *request, ag_site *site,
                   ag_session *session) {
    (void)session;
    ag_error error;
    if (ag_query_known(answer, request, none) && has_store(answer, site) &&
        ag_store_case_read(site->keeping.store, request->id, request->who, give_body, answer,
                           &error) != AG_OK)
        fail(answer, &error);
}

/* Only what is a JSON object can be a case. */
static bool is_case(ag_answer *answer, const ag_request *request) {
    json_error_t at;
    json_t *body = json_loadb(request->body, request->length, JSON_REJECT_DUPLICATES, &at);
    bool is_object = json_is_object(body);
    if (body == NULL)
        ag_answer_error(answer, 400, "body", "the case is no JSON: line %d: %s", at.line, at.text);
    else if (!is_object)
        ag_answer_error(answer, 400, "body", "a case is a JSON object");
    json_decref(body);
    return is_object;
}

static void save(ag_answer *answer, const ag_request *request, ag_site *site) {
    static const char *const known[] = {"label", NULL};
    enum { LONGEST_LABEL = 200 };
    ag_error error;
    char id[AG_STORE_ID];
    const char *label = ag_request_query(request, "label");
    if (!ag_query_known(answer, request, known) || !has_store(answer, site) ||
        !is_case(answer, request))
        return;
    if (label != NULL && strlen(label) > LONGEST_LABEL) {
        ag_answer_error(answer, 400, "query:label", "a label has at most %d bytes", LONGEST_LABEL);
        return;
    }
    ag_store_case item = {.owner = request->who, .label = label, .body = request->body};
    if (ag_store_case_save(site->keeping.store, request->id, &item, id, &error) == AG_OK)
        ag_answer_json(answer, request->id == NULL ? 201 : 200, json_pack("{s:s}", "id", id));
    else
        fail(answer, &error);
}

void ag_route_case_new(ag_answer *answer, const ag_request *request, ag_site *site,
                       ag_session *session) {
    (void)session;
    save(answer, request, site);
}

void ag_route_case_replace(ag_answer *answer, const ag_request *request, ag_site *site,
                           ag_session *session) {
    (void)session;
    save(answer, request, site);
}

void ag_route_case_delete(ag_answer *answer, const ag_request *request, ag_site *site,
                          ag_session *session) {
    (void)session;
    ag_error error;
    if (!ag_query_known(answer, request, none) || !has_store(answer, site))
        return;
    if (ag_store_case_delete(site->keeping.store, request->id, request->who, &error) == AG_OK)
        ag_answer_json(answer, 200, json_pack("{s:s}", "deleted", request->id));
    else
        fail(answer, &error);
}

typedef struct audit_list {
    json_t *entries;
    const char *who;
} audit_list;

static bool add_entry(void *closure, const ag_store_audit *entry) {
    audit_list *list = closure;
    if (strcmp(entry->who, list->who) == 0)
        json_array_append_new(list->entries,
                              json_pack("{s:I, s:o, s:s, s:s, s:i}", "number",
                                        (json_int_t)entry->number, "at", time_of(entry->at_ms),
                                        "action", entry->action, "object", entry->object, "status",
                                        entry->status));
    return true;
}

/* One's own entries; all of them are the operator's, by `antegrade store export`. */
void ag_route_audit(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    (void)session;
    ag_error error;
    if (!ag_query_known(answer, request, none) || !has_store(answer, site))
        return;
    audit_list list = {json_array(), request->who};
    if (ag_store_audit_each(site->keeping.store, 0, add_entry, &list, &error) == AG_OK) {
        ag_answer_json(answer, 200, json_pack("{s:o}", "audit", list.entries));
        return;
    }
    json_decref(list.entries);
    fail(answer, &error);
}
