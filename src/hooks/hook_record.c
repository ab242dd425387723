/*
 * What of the record is seen. A client may have prefetched all, some or nothing of what a service
 * asks for, as a resource, as a Bundle, as one page of it, as an OperationOutcome or as null. What
 * is missing is fetched where the client gave the means and its server is an allowed one; what
 * stays unseen is said in the card.
 */
#include <string.h>

#include "dates.h"
#include "hook_call.h"

enum { MOST_PAGES = 40 };

static const char *const words[] = {
#define WORDS(constant, key, template, said) said,
    AG_PART_LIST(WORDS)
#undef WORDS
};

const char *ag_plain_id(const char *id) {
    return id != NULL && strncmp(id, "Patient/", 8) == 0 ? id + 8 : id;
}

static const char BEFORE[] = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[";

static void add_value(ag_hook *hook, const char *text, const ag_json_value *value) {
    const char *start = text + value->offset;
    ag_buffer_add(&hook->record, hook->record.length > sizeof BEFORE - 1 ? "," : "");
    ag_buffer_add(&hook->record, "{\"resource\":");
    ag_buffer_add_bytes(&hook->record, start, ag_json_span(start));
    ag_buffer_add_char(&hook->record, '}');
}

/* ---- pages ---- */

static bool is_type(const ag_json_value *resource, const char *type) {
    return ag_json_is(ag_json_get(resource, "resourceType"), type);
}

static const char *next_page(const ag_json_value *bundle) {
    const ag_json_value *link = ag_json_items(ag_json_get(bundle, "link"));
    for (; link != NULL; link = link->next)
        if (ag_json_is(ag_json_get(link, "relation"), "next"))
            return ag_json_get_text(link, "url");
    return NULL;
}

/* A part is a Patient, or a Bundle of the others. */
static bool usable(ag_part part, const ag_json_value *value) {
    return is_type(value, part == AG_PART_PATIENT ? "Patient" : "Bundle");
}

static const char *absolute(const ag_hook *hook, const char *address) {
    if (strstr(address, "://") != NULL)
        return address;
    return ag_arena_format(hook->call->arena, "%s/%s", hook->server,
                           address + strspn(address, "/"));
}

/* The address of a search or read on the client's server. */
static const char *part_address(const ag_hook *hook, ag_part part) {
    static const char token[] = "{{context.patientId}}";
    const char *template = ag_part_template(hook->call, part);
    const char *at = template != NULL ? strstr(template, token) : NULL;
    if (at == NULL)
        return NULL;
    ag_buffer out = ag_buffer_start(hook->call->arena);
    ag_buffer_format(&out, "%s/%.*s%s", hook->server, (int)(at - template), template,
                     hook->patient_id);
    for (const char *c = at + strlen(token); *c != '\0'; c++)
        if (*c == '|')
            ag_buffer_add(&out, "%7C");
        else
            ag_buffer_add_char(&out, *c);
    return ag_buffer_text(&out);
}

/* Fetch one page and add it. The next page's address, or NULL; `why` where it cannot be used. */
static const char *fetch_page(ag_hook *hook, ag_part part, const char *address, const char **why) {
    size_t length;
    *why = NULL;
    if (address == NULL || !ag_address_below(address, hook->server)) {
        *why = AG_SAID("its next page lies elsewhere");
        return NULL;
    }
    const char *text = ag_fetch_text(hook->call, address, hook->token, NULL, NULL, &length, why);
    const ag_json_value *page = text != NULL ? ag_call_parse(hook->call, text, length, NULL) : NULL;
    if (page == NULL || !usable(part, page)) {
        if (*why == NULL)
            *why = AG_SAID("the server answered with an error");
        return NULL;
    }
    add_value(hook, text, page);
    return next_page(page);
}

/* All pages from `address` on. Whether the last was reached. */
static bool fetch_pages(ag_hook *hook, ag_part part, const char *address, const char **why) {
    for (int pages = 0; address != NULL; pages++) {
        if (pages == MOST_PAGES) {
            *why = AG_SAID("there was too much of it");
            return false;
        }
        address = fetch_page(hook, part, absolute(hook, address), why);
        if (*why != NULL)
            return false;
        hook->seen[part] = AG_SEEN_PARTLY;
    }
    hook->seen[part] = AG_SEEN;
    return true;
}

/* ---- parts ---- */

static void gather_part(ag_hook *hook, ag_part part) {
    const ag_json_value *prefetch = ag_json_get(hook->root, "prefetch");
    const ag_json_value *value = ag_json_get(prefetch, ag_part_key(part));
    const char **why = &hook->why_unseen[part];
    bool sent = value != NULL && usable(part, value);
    if (sent) {
        add_value(hook, hook->call->request->body, value);
        const char *next = next_page(value);
        hook->seen[part] = next == NULL ? AG_SEEN : AG_SEEN_PARTLY;
        if (next == NULL)
            return;
        *why = AG_SAID("only the first page was sent");
        if (hook->server != NULL)
            fetch_pages(hook, part, next, why);
        return;
    }
    *why = is_type(value, "OperationOutcome") ? AG_SAID("the record's server gave an error")
                                              : AG_SAID("not sent");
    if (hook->server != NULL)
        fetch_pages(hook, part, part_address(hook, part), why);
}

/* Where the client gave a way to its server, and it is an allowed one. */
static void find_server(ag_hook *hook) {
    const ag_hooks_options *options = &hook->call->hooks->options;
    const char *said = ag_json_get_text(hook->root, "fhirServer");
    const ag_json_value *authorization = ag_json_get(hook->root, "fhirAuthorization");
    const char *type = ag_json_get_text(authorization, "token_type");
    const char *bound = ag_plain_id(ag_json_get_text(authorization, "patient"));
    const char *server = said != NULL ? ag_without_slash(hook->call->arena, said) : NULL;
    if (server == NULL || options->fetch == NULL || !ag_fhir_id_valid(hook->patient_id) ||
        (type != NULL && strcmp(type, "Bearer") != 0) ||
        (bound != NULL && strcmp(bound, hook->patient_id) != 0))
        return;
    for (int i = 0; i < options->fhir_server_count; i++)
        if (strcmp(options->fhir_servers[i], server) == 0)
            hook->server = options->fhir_servers[i];
    hook->token = ag_json_get_text(authorization, "access_token");
}

/* A prefetched Patient who is somebody else would mix up two people. */
static bool check_person(ag_hook *hook) {
    const ag_json_value *patient =
        ag_json_get(ag_json_get(hook->root, "prefetch"), ag_part_key(AG_PART_PATIENT));
    const char *id = ag_json_get_text(patient, "id");
    if (!is_type(patient, "Patient") || id == NULL || strcmp(id, hook->patient_id) == 0)
        return true;
    ag_call_outcome(hook->call, 400, "invalid",
                    "prefetch.patient is not the patient of context.patientId");
    return false;
}

bool ag_hook_gather_parts(ag_hook *hook) {
    hook->record = ag_buffer_start(hook->call->arena);
    ag_buffer_add(&hook->record, BEFORE);
    for (int part = 0; part < AG_PARTS; part++) {
        if ((hook->service->parts & 1u << part) != 0)
            gather_part(hook, (ag_part)part);
        if (part == AG_PART_PATIENT && hook->seen[part] != AG_SEEN)
            return false;
    }
    ag_buffer_add(&hook->record, AG_RECORD_END);
    return true;
}

bool ag_hook_gather(ag_hook *hook) {
    if (!check_person(hook))
        return false;
    find_server(hook);
    ag_fetch_within(hook->call, hook->call->hooks->options.fetch_ms);
    if (ag_hook_gather_parts(hook))
        return true;
    ag_call_outcome(hook->call, 412, "not-found",
                    "the Patient is needed and was neither prefetched nor could be fetched (%s)",
                    hook->why_unseen[AG_PART_PATIENT]);
    return false;
}

/* ---- the man ---- */

static const char *today(const ag_call *call) {
    char text[AG_DATE_TEXT];
    ag_days day = ag_days_on((int)(call->now / 86400));
    return ag_arena_copy(call->arena, ag_days_write(day, text));
}

ag_patient *ag_hook_man(ag_hook *hook) {
    ag_call *call = hook->call;
    const char *text = ag_buffer_text(&hook->record);
    ag_patient_options options = ag_patient_options_defaults();
    ag_patient *man = NULL;
    ag_error error = {.code = AG_ERROR_MEMORY, .message = "out of memory"};
    options.as_of = today(call);
    ag_status status = text != NULL && options.as_of != NULL
                           ? ag_patient_read_fhir(&man, call->hooks->vocabulary, text,
                                                  hook->record.length, &options, &error)
                           : AG_ERROR_MEMORY;
    if (status == AG_ERROR_DECLINED || (status == AG_ERROR_UNSUPPORTED && hook->service->old))
        ag_hook_answer(hook, NULL, 0);
    else if (status == AG_ERROR_MEMORY)
        ag_call_outcome(call, 500, "exception", "out of memory");
    else if (status != AG_OK)
        ag_call_outcome(call, 412, "not-supported", "the record cannot be used: %s", error.message);
    return man;
}

const char *ag_hook_unseen(const ag_hook *hook) {
    const ag_call *call = hook->call;
    ag_buffer out = ag_buffer_start(call->arena);
    for (int part = 0; part < AG_PARTS; part++) {
        if ((hook->service->parts & 1u << part) == 0 || hook->seen[part] == AG_SEEN)
            continue;
        const char *what = ag_call_say(call, words[part]);
        const char *why = ag_call_say(call, hook->why_unseen[part]);
        const char *form =
            hook->seen[part] == AG_SEEN_PARTLY ? ag_call_say(call, "all %s (%s)") : "%s (%s)";
        ag_buffer_add(&out, out.length > 0 ? "; " : "");
        ag_buffer_format(&out, form, what, why);
    }
    const char *list = ag_buffer_text(&out);
    return out.length == 0 || list == NULL
               ? NULL
               : ag_arena_format(call->arena, "%s %s.", ag_call_say(call, "Not seen:"), list);
}
