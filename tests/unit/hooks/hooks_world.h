/*
 * What the tests of the connections share: the program's own knowledge, a server elsewhere that is
 * a table, calls, and the invariants of CDS Hooks, which are checked on every answer.
 */
#ifndef HOOKS_WORLD_H
#define HOOKS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/hooks.h"
#include "json.h"
#include "text.h"

#define NOW 1790000000.0 /* 2026-09-21 */
#define SERVER "https://ehr.example.org/fhir"

/* A page that lies elsewhere; ended by one without address. */
typedef struct elsewhere {
    const char *url;
    int status;
    const char *body;
} elsewhere;

typedef struct world {
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
    ag_hooks *hooks;
    ag_json_parser *parser;
    ag_arena *arena; /* of the last answer's tree */
    ag_hooks_answer *answer;
    const elsewhere *pages;
    int fetched;      /* how often something was */
    char bearer[256]; /* what it was last fetched with */
    char basic[256];
    char form[2048];
    char urls[8192];        /* all that was fetched, one a line */
    ag_hooks_feedback last; /* told last */
    char told[1024];
    int told_count;
    bool refuse_feedback;
    double now;
} world;

static inline ag_status fetch_from_table(void *data, const ag_fetch_request *request,
                                         ag_fetch_answer *answer, ag_error *error) {
    world *w = data;
    w->fetched++;
    snprintf(w->bearer, sizeof w->bearer, "%s", request->bearer != NULL ? request->bearer : "");
    snprintf(w->basic, sizeof w->basic, "%s", request->basic != NULL ? request->basic : "");
    if (request->form != NULL)
        snprintf(w->form, sizeof w->form, "%s", request->form);
    size_t used = strlen(w->urls);
    snprintf(w->urls + used, sizeof w->urls - used, "%s\n", request->url);
    assert_true(request->timeout_ms > 0);
    for (const elsewhere *page = w->pages; page != NULL && page->url != NULL; page++) {
        size_t length = strlen(page->url);
        bool begins = length > 0 && page->url[length - 1] == '*';
        if (begins ? strncmp(page->url, request->url, length - 1) == 0
                   : strcmp(page->url, request->url) == 0) {
            *answer = (ag_fetch_answer){page->status, strdup(page->body), strlen(page->body)};
            return AG_OK;
        }
    }
    error->code = AG_ERROR_IO;
    snprintf(error->message, sizeof error->message, "no such server");
    return AG_ERROR_IO;
}

static inline ag_status keep_feedback(void *data, const ag_hooks_feedback *f, ag_error *error) {
    world *w = data;
    (void)error;
    w->told_count++;
    snprintf(w->told, sizeof w->told, "%s|%s|%s|%d|%s|%s|%s|%s", f->service, f->card,
             f->accepted ? "accepted" : "overridden", f->suggestion_count,
             f->suggestion_count > 0 ? f->suggestions[0] : "-",
             f->reason_code != NULL ? f->reason_code : "-", f->comment != NULL ? f->comment : "-",
             f->time);
    return w->refuse_feedback ? AG_ERROR_IO : AG_OK;
}

static inline void open_hooks(world *w, const ag_hooks_options *options) {
    ag_error error = {0};
    ag_hooks_options all = *options;
    ag_hooks_free(w->hooks);
    all.feedback = keep_feedback;
    all.feedback_data = w;
    if (ag_hooks_new(&w->hooks, w->engine, w->vocabulary, &all, &error) != AG_OK)
        fail_msg("%s", error.message);
}

static inline int open_world(void **state) {
    static world w;
    w = (world){.now = NOW};
    *state = &w;
    if (ag_engine_new(&w.engine, ag_knowledge_builtin(), NULL) != AG_OK ||
        ag_session_new(&w.session, w.engine, NULL) != AG_OK)
        return 1;
    w.vocabulary = ag_vocabulary_new(ag_knowledge_builtin());
    w.parser = ag_json_parser_new();
    ag_hooks_options options = ag_hooks_options_defaults();
    open_hooks(&w, &options);
    return w.vocabulary == NULL || w.parser == NULL;
}

static inline int close_world(void **state) {
    world *w = *state;
    ag_hooks_answer_free(w->answer);
    ag_arena_free(w->arena);
    ag_json_parser_free(w->parser);
    ag_hooks_free(w->hooks);
    ag_vocabulary_free(w->vocabulary);
    ag_session_free(w->session);
    ag_engine_free(w->engine);
    return 0;
}

/* ---- walking ---- */

/* The value at a path such as "cards.0.source.label"; NULL when there is none. */
static inline const ag_json_value *at(const ag_json_value *value, const char *path) {
    char part[64];
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        memcpy(part, path, length);
        part[length] = '\0';
        if (value->type == AG_JSON_ARRAY) {
            int place = atoi(part);
            value = value->first;
            while (value != NULL && place-- > 0)
                value = value->next;
        } else {
            value = ag_json_get(value, part);
        }
        path += length + (path[length] == '.');
    }
    return value;
}

static inline const char *text_at(const ag_json_value *value, const char *path) {
    const char *text = ag_json_string(at(value, path));
    if (text == NULL)
        fail_msg("no text at %s", path);
    return text;
}

static inline int count_of(const ag_json_value *list) {
    int count = 0;
    for (const ag_json_value *item = list == NULL ? NULL : list->first; item != NULL;
         item = item->next)
        count++;
    return count;
}

static inline int count_at(const ag_json_value *value, const char *path) {
    const ag_json_value *list = at(value, path);
    return count_of(list);
}

/* ---- the invariants ---- */

static inline void check_uuid(const char *uuid) {
    assert_int_equal(strlen(uuid), 36);
    for (int i = 0; i < 36; i++)
        assert_true(i == 8 || i == 13 || i == 18 || i == 23
                        ? uuid[i] == '-'
                        : strchr("0123456789abcdef", uuid[i]) != NULL);
    assert_true(uuid[14] == '4' && strchr("89ab", uuid[19]) != NULL);
}

static inline int characters(const char *text) {
    int count = 0;
    for (; *text != '\0'; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static inline void check_coding(const ag_json_value *coding) {
    assert_true(text_at(coding, "system")[0] != '\0');
    assert_true(text_at(coding, "code")[0] != '\0');
    assert_true(text_at(coding, "display")[0] != '\0');
}

static inline void check_action(const ag_json_value *action) {
    const char *type = text_at(action, "type");
    assert_true(text_at(action, "description")[0] != '\0');
    if (strcmp(type, "delete") == 0) {
        assert_non_null(strchr(text_at(action, "resourceId"), '/'));
        assert_null(at(action, "resource"));
        return;
    }
    assert_string_equal(type, "create");
    assert_null(at(action, "resourceId"));
    assert_null(at(action, "resource.id"));
    assert_string_equal(text_at(action, "resource.status"), "draft");
    assert_string_equal(text_at(action, "resource.intent"), "proposal");
    assert_true(strncmp(text_at(action, "resource.subject.reference"), "Patient/", 8) == 0);
}

static inline void check_suggestions(const ag_json_value *card) {
    const ag_json_value *list = at(card, "suggestions");
    if (list == NULL)
        return;
    assert_true(list->first != NULL);
    const char *behavior = text_at(card, "selectionBehavior");
    assert_true(strcmp(behavior, "at-most-one") == 0 || strcmp(behavior, "any") == 0);
    for (const ag_json_value *s = list->first; s != NULL; s = s->next) {
        bool created = false;
        assert_true(text_at(s, "label")[0] != '\0');
        check_uuid(text_at(s, "uuid"));
        for (const ag_json_value *a = at(s, "actions")->first; a != NULL; a = a->next) {
            check_action(a);
            created = created || strcmp(text_at(a, "type"), "create") == 0;
            assert_false(created && strcmp(text_at(a, "type"), "delete") == 0);
        }
    }
}

static inline void check_card(const ag_json_value *card) {
    const char *indicator = text_at(card, "indicator"), *detail = text_at(card, "detail");
    check_uuid(text_at(card, "uuid"));
    int length = characters(text_at(card, "summary"));
    assert_true(length > 0 && length < 140);
    assert_true(strcmp(indicator, "info") == 0 || strcmp(indicator, "warning") == 0);
    for (const char *c = strchr(detail, '<'); c != NULL; c = strchr(c + 1, '<'))
        assert_true(c > detail && c[-1] == '\\'); /* no HTML */
    assert_true(text_at(card, "source.label")[0] != '\0');
    assert_true(strncmp(text_at(card, "source.url"), "http", 4) == 0);
    check_coding(at(card, "source.topic"));
    check_suggestions(card);
    const ag_json_value *reasons = at(card, "overrideReasons");
    assert_true(reasons != NULL && reasons->first != NULL);
    for (const ag_json_value *r = reasons->first; r != NULL; r = r->next)
        check_coding(r);
    const ag_json_value *link = at(card, "links") != NULL ? at(card, "links")->first : NULL;
    for (; link != NULL; link = link->next) {
        const char *type = text_at(link, "type");
        assert_true(strcmp(type, "absolute") == 0 || strcmp(type, "smart") == 0);
        assert_true(strncmp(text_at(link, "url"), "http", 4) == 0 &&
                    text_at(link, "label")[0] != '\0');
        assert_true(at(link, "appContext") == NULL || strcmp(type, "smart") == 0);
    }
}

static inline void check_cards(const ag_json_value *root) {
    const ag_json_value *cards = at(root, "cards");
    assert_true(cards != NULL && cards->type == AG_JSON_ARRAY);
    assert_null(at(root, "systemActions"));
    for (const ag_json_value *a = cards->first; a != NULL; a = a->next) {
        check_card(a);
        for (const ag_json_value *b = a->next; b != NULL; b = b->next)
            assert_string_not_equal(text_at(a, "uuid"), text_at(b, "uuid"));
    }
}

static inline void check_outcome(const ag_json_value *root) {
    assert_string_equal(text_at(root, "resourceType"), "OperationOutcome");
    assert_string_equal(text_at(root, "issue.0.severity"), "error");
    assert_true(text_at(root, "issue.0.code")[0] != '\0');
    assert_true(strlen(text_at(root, "issue.0.diagnostics")) > 10);
}

/* ---- calls ---- */

/* Send it, check what every answer must be, and give its JSON; NULL where it has none. */
static inline const ag_json_value *ask(world *w, ag_hooks_request request, int status) {
    request.now = w->now;
    ag_hooks_answer_free(w->answer);
    ag_arena_free(w->arena);
    w->arena = ag_arena_new();
    w->answer = ag_hooks_handle(w->hooks, w->session, &request);
    assert_non_null(w->answer);
    if (w->answer->status != status)
        fail_msg("%s %s: %d instead of %d: %.*s", request.method, request.path, w->answer->status,
                 status, (int)w->answer->length, w->answer->body);
    if (w->answer->type == NULL || strstr(w->answer->type, "json") == NULL)
        return NULL;
    const ag_json_value *root;
    assert_int_equal(
        ag_json_parse(w->parser, w->arena, w->answer->body, w->answer->length, &root, NULL), AG_OK);
    if (status != 200)
        check_outcome(root);
    else if (strcmp(request.method, "POST") == 0 && strstr(request.path, "/feedback") == NULL)
        check_cards(root);
    return root;
}

static inline const ag_json_value *post(world *w, const char *path, const char *body, int status) {
    return ask(w,
               (ag_hooks_request){.method = "POST",
                                  .path = path,
                                  .content_type = "application/json",
                                  .body = body,
                                  .length = strlen(body)},
               status);
}

static inline const ag_json_value *get(world *w, const char *path, int status) {
    return ask(w, (ag_hooks_request){.method = "GET", .path = path}, status);
}

static inline const char *header_of(const world *w, const char *name) {
    for (int i = 0; i < w->answer->header_count; i++)
        if (strcmp(w->answer->headers[i].name, name) == 0)
            return w->answer->headers[i].value;
    return NULL;
}

/* ---- records ---- */

#define MAN                                                                                        \
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"male\",\"birthDate\":\"1970-03-"     \
    "01\"}"
#define ABOUT_HIM "\"subject\":{\"reference\":\"Patient/p1\"}"
#define BUNDLE(...)                                                                                \
    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" __VA_ARGS__ "]}"
#define ENTRY(resource) "{\"resource\":" resource "}"
#define CONDITION(code)                                                                            \
    ENTRY("{\"resourceType\":\"Condition\",\"id\":\"c-" code "\"," ABOUT_HIM                       \
          ",\"code\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/"                          \
          "icd-10-cm\",\"code\":\"" code "\"}]}}")
#define NAMED(illness)                                                                             \
    ENTRY("{\"resourceType\":\"Condition\",\"id\":\"c-2\"," ABOUT_HIM                              \
          ",\"code\":{\"text\":\"" illness "\"}}")
#define TAKES(medicine)                                                                            \
    ENTRY("{\"resourceType\":\"MedicationRequest\",\"id\":\"m-1\",\"status\":\"active\","          \
          "\"intent\":\"order\"," ABOUT_HIM ",\"authoredOn\":\"2025-01-10\","                      \
          "\"medicationCodeableConcept\":{\"text\":\"" medicine "\"}}")
#define DRAFT(id, medicine)                                                                        \
    ENTRY("{\"resourceType\":\"MedicationRequest\",\"id\":\"" id "\",\"status\":\"draft\","        \
          "\"intent\":\"order\"," ABOUT_HIM ",\"medicationCodeableConcept\":{\"text\":\"" medicine \
          "\"}}")
#define PREFETCH(patient, conditions, medicines, procedures)                                       \
    "\"prefetch\":{\"patient\":" patient ",\"conditions\":" conditions                             \
    ",\"medications\":" medicines ",\"procedures\":" procedures "}"
#define INSTANCE "\"hookInstance\":\"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea\""
#define CALL(hook, context, prefetch)                                                              \
    "{\"hook\":\"" hook "\"," INSTANCE ",\"context\":{\"userId\":\"Practitioner/1\","              \
    "\"patientId\":\"p1\"" context "}," prefetch "}"
#define VIEW(prefetch) CALL("patient-view", "", prefetch)
#define SIGN(drafts, prefetch) CALL("order-sign", ",\"draftOrders\":" drafts, prefetch)
#define SELECT(selections, drafts, prefetch)                                                       \
    CALL("order-select", ",\"selections\":" selections ",\"draftOrders\":" drafts, prefetch)

#define PATIENT_VIEW "/cds-services/antegrade-patient-view"
#define ORDER_SIGN "/cds-services/antegrade-order-sign"
#define ORDER_SELECT "/cds-services/antegrade-order-select"

#endif
