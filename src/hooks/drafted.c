/*
 * Drafted orders. The reader of FHIR does not count a draft as taken, and rightly so; here it is
 * read as if it were active, to learn which medicine it is.
 */
#include "drafted.h"

#include <string.h>

#include "fhir_facts.h"
#include "man_interest.h"

typedef struct drafts {
    ag_hook *hook;
    const ag_json_value *bundle;
    const ag_json_value *selections; /* NULL: all are meant */
} drafts;

static bool still_open(const ag_json_value *order) {
    static const char *const open[] = {"draft", "active", "on-hold"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (ag_json_is(ag_json_get(order, "status"), open[i]))
            return true;
    return false;
}

static const char *reference_of(const drafts *d, const ag_json_value *resource) {
    const char *type = ag_json_get_text(resource, "resourceType");
    const char *id = ag_json_get_text(resource, "id");
    return type == NULL || id == NULL ? NULL
                                      : ag_arena_format(d->hook->call->arena, "%s/%s", type, id);
}

/* Selections are "Type/id"; some clients give the fullUrl of the entry, or the id alone. */
static bool selected(const drafts *d, const ag_json_value *entry, const ag_json_value *resource) {
    const char *reference = reference_of(d, resource);
    const char *names[] = {reference, ag_json_get_text(resource, "id"),
                           ag_json_get_text(entry, "fullUrl")};
    if (d->selections == NULL)
        return true;
    for (const ag_json_value *s = ag_json_items(d->selections); s != NULL; s = s->next)
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (names[i] != NULL && ag_json_is(s, names[i]))
                return true;
    return false;
}

static bool his(const drafts *d, const ag_json_value *resource) {
    const char *subject = ag_json_get_text(ag_json_get(resource, "subject"), "reference");
    const char *id = subject != NULL ? strstr(subject, "Patient/") : NULL;
    return id == NULL || strcmp(id + strlen("Patient/"), d->hook->patient_id) == 0;
}

/* An order that is meant to be given. */
static bool is_order(const drafts *d, const ag_json_value *resource) {
    const ag_json_value *refused = ag_json_get(resource, "doNotPerform");
    return ag_json_is(ag_json_get(resource, "resourceType"), "MedicationRequest") &&
           ag_fhir_other_version(resource, ag_fhir_type_of(resource)) == NULL && his(d, resource) &&
           still_open(resource) && ag_json_get_text(resource, "intent") != NULL &&
           (refused == NULL || refused->type != AG_JSON_TRUE);
}

/* ---- as if it were active ---- */

static ag_json_value *copy_value(ag_arena *arena, const ag_json_value *value) {
    ag_json_value *copy = ag_arena_alloc(arena, sizeof *copy);
    if (copy != NULL)
        *copy = *value;
    return copy;
}

static const char *instead(const char *key) {
    return strcmp(key, "status") == 0 ? "active" : strcmp(key, "intent") == 0 ? "order" : NULL;
}

static const ag_json_value *as_active(ag_arena *arena, const ag_json_value *draft) {
    ag_json_value *active = copy_value(arena, draft);
    ag_json_value **tail = active != NULL ? &active->first : NULL;
    for (const ag_json_value *m = draft->first; m != NULL && tail != NULL; m = m->next) {
        ag_json_value *member = copy_value(arena, m);
        if (member == NULL)
            return NULL;
        if (instead(m->key) != NULL)
            member->text = instead(m->key);
        *tail = member;
        tail = &member->next;
        *tail = NULL;
    }
    return active;
}

/* A medicine that the order refers to: within it, or in the Bundle of drafts. */
static const ag_json_value *resolve(void *data, const ag_json_value *from, const char *reference) {
    const drafts *d = data;
    const ag_json_value *item = ag_json_items(ag_json_get(from, "contained"));
    for (; reference[0] == '#' && item != NULL; item = item->next)
        if (ag_json_is(ag_json_get(item, "id"), reference + 1))
            return item;
    const ag_json_value *entry = ag_json_items(ag_json_get(d->bundle, "entry"));
    for (; entry != NULL; entry = entry->next) {
        const ag_json_value *resource = ag_json_get(entry, "resource");
        const char *own = reference_of(d, resource);
        if ((own != NULL && strcmp(own, reference) == 0) ||
            ag_json_is(ag_json_get(entry, "fullUrl"), reference))
            return resource;
    }
    return NULL;
}

static void add_causes(drafts *d, const ag_json_value *draft, ag_drafted *out, int *count) {
    ag_arena *arena = d->hook->call->arena;
    const ag_json_value *active = as_active(arena, draft);
    ag_fhir_converter converter = {.resolve = NULL};
    ag_fhir_converter_start(&converter, d->hook->call->hooks->vocabulary, arena);
    converter.resolve = resolve;
    converter.resolve_data = d;
    if (active == NULL || !ag_fhir_convert(&converter, active))
        return;
    for (const ag_fhir_fact *fact = converter.first; fact != NULL; fact = fact->next) {
        bool acts = fact->kind == AG_FHIR_CAUSE && fact->present &&
                    ag_cause_acts(&converter.knowledge->causes[fact->index]);
        for (int i = 0; i < *count; i++)
            acts = acts && out[i].cause != fact->index;
        if (acts && *count < AG_DRAFTED)
            out[(*count)++] = (ag_drafted){fact->index, fact->text, reference_of(d, draft)};
    }
}

int ag_drafted_medicines(ag_hook *hook, ag_drafted out[AG_DRAFTED]) {
    bool selecting = strcmp(hook->service->hook, "order-select") == 0;
    bool old = strcmp(hook->service->hook, "medication-prescribe") == 0;
    drafts d = {.hook = hook,
                .bundle = ag_json_get(hook->context, old ? "medications" : "draftOrders"),
                .selections = selecting ? ag_json_get(hook->context, "selections") : NULL};
    int count = 0;
    const char *missing =
        d.bundle == NULL || d.bundle->type != AG_JSON_OBJECT                         ? "draftOrders"
        : selecting && (d.selections == NULL || d.selections->type != AG_JSON_ARRAY) ? "selections"
                                                                                     : NULL;
    if (missing != NULL && !old) {
        ag_call_outcome(hook->call, 400, "required", "context.%s is missing", missing);
        return -1;
    }
    const ag_json_value *entry = ag_json_items(ag_json_get(d.bundle, "entry"));
    for (; entry != NULL; entry = entry->next) {
        const ag_json_value *resource = ag_json_get(entry, "resource");
        if (is_order(&d, resource) && selected(&d, entry, resource))
            add_causes(&d, resource, out, &count);
    }
    return count;
}
