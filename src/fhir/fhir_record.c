/*
 * Gathering: all resources in one list, two indexes over it by sorting, and of resources that stand
 * several times the latest.
 */
#include "fhir_record.h"

#include <stdlib.h>
#include <string.h>

#include "fhir_facts.h"
#include "fhir_person.h"
#include "text.h"

enum { BUNDLES_DEEP = 4, MOST_RESOURCES = 2000000, LIST_ROOM = 256 };

/* In a history: what was deleted, and when. */
typedef struct deletion {
    const char *reference; /* "Type/id" */
    int64_t time;          /* AG_FHIR_NO_INSTANT when not given: after all versions */
    struct deletion *next;
} deletion;

typedef struct gather {
    ag_fhir_record *record;
    deletion *deletions;
    int room;
    const char *text;
    size_t counted; /* bytes whose lines are counted */
    int line;
    size_t base; /* offset of the JSON value being read within the text */
    ag_error *error;
} gather;

/* Resources come in the order of the text, so that lines are counted once. */
static int line_at(gather *g, size_t offset) {
    while (g->counted < offset) {
        const char *at = g->text + g->counted;
        const char *end = memchr(at, '\n', offset - g->counted);
        g->line += end != NULL;
        g->counted = end != NULL ? (size_t)(end - g->text) + 1 : offset;
    }
    return g->line + 1;
}

static ag_status refuse_version(gather *g, const ag_json_value *resource, const char *version) {
    return ag_fail_at(g->error, AG_ERROR_UNSUPPORTED, line_at(g, g->base + resource->offset), 0,
                      "this %s is of FHIR %s, but only R4 is read. Export the record as R4",
                      ag_json_get_text(resource, "resourceType"), version);
}

static ag_status add_resource(gather *g, const ag_json_value *resource, const char *full_url) {
    ag_fhir_record *record = g->record;
    const char *type = ag_json_get_text(resource, "resourceType");
    size_t offset = g->base + resource->offset;
    if (type == NULL)
        return ag_fail_at(g->error, AG_ERROR_UNSUPPORTED, line_at(g, offset), 0,
                          "this object has no resourceType, so it is no FHIR resource");
    const char *version = ag_fhir_other_version(resource, ag_fhir_type_of(resource));
    if (version != NULL)
        return refuse_version(g, resource, version);
    if (record->count == MOST_RESOURCES)
        return ag_fail(g->error, AG_ERROR_TOO_LARGE, "more than %d resources", MOST_RESOURCES);
    if (record->count == g->room) {
        int room = g->room == 0 ? LIST_ROOM : 2 * g->room;
        ag_fhir_entry *list = ag_arena_array(record->arena, (size_t)room, sizeof *list);
        if (list == NULL)
            return ag_fail(g->error, AG_ERROR_MEMORY, "out of memory");
        if (record->count > 0)
            memcpy(list, record->entries, (size_t)record->count * sizeof *list);
        record->entries = list;
        g->room = room;
    }
    record->entries[record->count] = (ag_fhir_entry){.resource = resource,
                                                     .type = type,
                                                     .id = ag_json_get_text(resource, "id"),
                                                     .full_url = full_url,
                                                     .order = record->count,
                                                     .line = line_at(g, offset)};
    record->count++;
    return AG_OK;
}

static ag_status add_value(gather *g, const ag_json_value *value, const char *full_url, int depth);

/* An entry without a resource: in a history it may tell of a deletion. */
static ag_status add_deletion(gather *g, const ag_json_value *bundle, const ag_json_value *entry) {
    const ag_json_value *request = ag_json_get(entry, "request");
    const char *reference = ag_json_get_text(request, "url");
    if (!ag_json_is(ag_json_get(bundle, "type"), "history") || reference == NULL ||
        !ag_json_is(ag_json_get(request, "method"), "DELETE"))
        return AG_OK;
    deletion *added = ag_arena_alloc(g->record->arena, sizeof *added);
    if (added == NULL)
        return ag_fail(g->error, AG_ERROR_MEMORY, "out of memory");
    const ag_json_value *response = ag_json_get(entry, "response");
    *added = (deletion){.reference = reference,
                        .time = ag_fhir_instant(ag_json_get_text(response, "lastModified")),
                        .next = g->deletions};
    g->deletions = added;
    return AG_OK;
}

static ag_status add_bundle(gather *g, const ag_json_value *bundle, int depth) {
    ag_status status = AG_OK;
    if (depth == BUNDLES_DEEP)
        return ag_fail(g->error, AG_ERROR_TOO_LARGE, "Bundles are nested too deeply");
    const ag_json_value *entry = ag_json_items(ag_json_get(bundle, "entry"));
    for (; entry != NULL && status == AG_OK; entry = entry->next) {
        const ag_json_value *resource = ag_json_get(entry, "resource");
        status = resource != NULL
                     ? add_value(g, resource, ag_json_get_text(entry, "fullUrl"), depth + 1)
                     : add_deletion(g, bundle, entry);
    }
    return status;
}

static ag_status add_value(gather *g, const ag_json_value *value, const char *full_url, int depth) {
    if (value->type == AG_JSON_ARRAY && depth == 0) {
        ag_status status = AG_OK;
        for (const ag_json_value *item = value->first; item != NULL && status == AG_OK;
             item = item->next)
            status = add_value(g, item, NULL, depth + 1);
        return status;
    }
    if (value->type != AG_JSON_OBJECT)
        return ag_fail_at(g->error, AG_ERROR_UNSUPPORTED, line_at(g, g->base + value->offset), 0,
                          "a FHIR resource is expected here, an object with a resourceType");
    if (ag_json_is(ag_json_get(value, "resourceType"), "Bundle"))
        return add_bundle(g, value, depth);
    return add_resource(g, value, full_url);
}

/* ---- the text ---- */

static bool blank(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (memchr(" \t\r\n", text[i], 4) == NULL)
            return false;
    return true;
}

static ag_status add_line(gather *g, ag_json_parser *parser, size_t from, size_t length) {
    const ag_json_value *value;
    ag_status status =
        ag_json_parse(parser, g->record->arena, g->text + from, length, &value, g->error);
    if (status != AG_OK && g->error != NULL && g->error->line > 0)
        g->error->line += line_at(g, from) - 1;
    g->base = from;
    return status == AG_OK ? add_value(g, value, NULL, 0) : status;
}

static ag_status add_lines(gather *g, ag_json_parser *parser, size_t length) {
    ag_status status = AG_OK;
    for (size_t from = 0; from < length && status == AG_OK;) {
        const char *end = memchr(g->text + from, '\n', length - from);
        size_t size = end != NULL ? (size_t)(end - g->text) - from : length - from;
        if (!blank(g->text + from, size))
            status = add_line(g, parser, from, size);
        from += size + 1;
    }
    return status;
}

/* Lines of JSON: the first is a value of its own, and more than blanks follow it. */
static bool is_ndjson(ag_json_parser *parser, const char *text, size_t length) {
    while (length > 0 && blank(text, 1)) {
        text++;
        length--;
    }
    const char *end = memchr(text, '\n', length);
    if (end == NULL || blank(end, length - (size_t)(end - text)))
        return false;
    ag_arena *arena = ag_arena_new();
    const ag_json_value *value;
    bool whole = arena != NULL &&
                 ag_json_parse(parser, arena, text, (size_t)(end - text), &value, NULL) == AG_OK;
    ag_arena_free(arena);
    return whole;
}

static ag_status gather_text(gather *g, size_t length) {
    ag_json_parser *parser = ag_json_parser_new();
    if (parser == NULL)
        return ag_fail(g->error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = is_ndjson(parser, g->text, length) ? add_lines(g, parser, length)
                                                          : add_line(g, parser, 0, length);
    ag_json_parser_free(parser);
    return status;
}

/* ---- indexes ---- */

typedef struct key {
    const char *type, *name;
    int place;
} key;

static int compare_keys(const void *left, const void *right) {
    const key *a = left, *b = right;
    int order = ag_text_order(a->type, b->type);
    if (order == 0)
        order = ag_text_order(a->name, b->name);
    return order != 0 ? order : a->place - b->place;
}

static int *make_index(const ag_fhir_record *record, bool by_url) {
    size_t count = (size_t)record->count + 1;
    key *keys = ag_arena_array(record->arena, count, sizeof *keys);
    int *index = ag_arena_array(record->arena, count, sizeof *index);
    if (keys == NULL || index == NULL)
        return NULL;
    for (int i = 0; i < record->count; i++) {
        const ag_fhir_entry *entry = &record->entries[i];
        keys[i] = (key){by_url ? NULL : entry->type, by_url ? entry->full_url : entry->id, i};
    }
    if (record->count > 1)
        qsort(keys, (size_t)record->count, sizeof *keys, compare_keys);
    for (int i = 0; i < record->count; i++)
        index[i] = keys[i].place;
    return index;
}

/* ---- versions of one resource ---- */

static int64_t updated(const ag_fhir_entry *entry) {
    return ag_fhir_instant(ag_json_get_text(ag_json_get(entry->resource, "meta"), "lastUpdated"));
}

/* What it says of ours, as a number; 0 where that is nothing. */
static uint64_t what_it_says(ag_fhir_record *record, const ag_vocabulary *vocabulary,
                             const ag_json_value *resource) {
    ag_fhir_converter c;
    if (ag_fhir_type_of(resource) == AG_FHIR_PATIENT) {
        ag_fhir_person person = ag_fhir_person_of(resource);
        return ag_fhir_person_digest(&person);
    }
    ag_fhir_converter_start(&c, vocabulary, record->arena);
    c.resolve = ag_fhir_follow;
    c.resolve_data = record;
    ag_fhir_convert(&c, resource);
    return ag_fhir_digest(c.first);
}

typedef struct version {
    ag_fhir_entry *entry;
    int64_t time;
    uint64_t says, digest;
} version;

/* Of several of one time it is one that says something, with the greatest numbers, so that order
 * does not matter. */
static bool is_later(const version *a, const version *b) {
    if (a->time != b->time)
        return a->time > b->time;
    return a->says != b->says ? a->says > b->says : a->digest > b->digest;
}

/* Entries `from` to `to` (places in by_id) are of one type and id: the latest stays. */
static void keep_latest(ag_fhir_record *record, const ag_vocabulary *vocabulary, int from, int to) {
    version best = {.entry = NULL};
    bool differ = false;
    for (int i = from; i < to; i++) {
        ag_fhir_entry *entry = &record->entries[record->by_id[i]];
        version own = {entry, updated(entry), what_it_says(record, vocabulary, entry->resource),
                       ag_json_digest(entry->resource)};
        bool tie = best.entry != NULL && own.time == best.time && own.digest != best.digest;
        differ = tie || (differ && own.time <= best.time);
        if (best.entry == NULL || is_later(&own, &best)) {
            if (best.entry != NULL)
                best.entry->replaced = true;
            best = own;
        } else {
            entry->replaced = true;
        }
    }
    best.entry->disputed = differ;
}

static void drop_old_versions(ag_fhir_record *record, const ag_vocabulary *vocabulary) {
    for (int from = 0; from < record->count;) {
        const ag_fhir_entry *first = &record->entries[record->by_id[from]];
        int to = from + 1;
        while (first->id != NULL && to < record->count &&
               strcmp(record->entries[record->by_id[to]].type, first->type) == 0 &&
               ag_text_order(record->entries[record->by_id[to]].id, first->id) == 0)
            to++;
        if (to - from > 1)
            keep_latest(record, vocabulary, from, to);
        from = to;
    }
}

/* ---- references ---- */

/* The first entry in `index` that is not before (type, name), if it is equal and not replaced. */
static const ag_fhir_entry *look_up(const ag_fhir_record *record, bool by_url, const char *type,
                                    const char *name) {
    const int *index = by_url ? record->by_url : record->by_id;
    int low = 0, high = record->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        const ag_fhir_entry *entry = &record->entries[index[middle]];
        int order = by_url ? 0 : ag_text_order(entry->type, type);
        if (order == 0)
            order = ag_text_order(by_url ? entry->full_url : entry->id, name);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < record->count; low++) {
        const ag_fhir_entry *entry = &record->entries[index[low]];
        if (ag_text_order(by_url ? entry->full_url : entry->id, name) != 0 ||
            (!by_url && strcmp(entry->type, type) != 0))
            return NULL;
        if (!entry->replaced)
            return entry;
    }
    return NULL;
}

/* "…/Type/id", perhaps with "/_history/n" behind: the parts, cut out of `copy`. */
static bool split_reference(char *copy, const char **type, const char **id) {
    char *history = strstr(copy, "/_history/");
    if (history != NULL)
        *history = '\0';
    char *slash = strrchr(copy, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    *id = slash + 1;
    char *before = strrchr(copy, '/');
    *type = before != NULL ? before + 1 : copy;
    return **type != '\0' && **id != '\0';
}

const ag_fhir_entry *ag_fhir_find(const ag_fhir_record *record, const char *reference) {
    const ag_fhir_entry *entry = look_up(record, true, NULL, reference);
    char copy[512];
    const char *type, *id;
    size_t length = strlen(reference);
    if (entry != NULL || length >= sizeof copy)
        return entry;
    memcpy(copy, reference, length + 1);
    return split_reference(copy, &type, &id) ? look_up(record, false, type, id) : NULL;
}

const ag_json_value *ag_fhir_contained(const ag_json_value *from, const char *reference) {
    if (reference[0] != '#')
        return NULL;
    const ag_json_value *item = ag_json_items(ag_json_get(from, "contained"));
    while (item != NULL && !ag_json_is(ag_json_get(item, "id"), reference + 1))
        item = item->next;
    return item;
}

const ag_json_value *ag_fhir_follow(void *data, const ag_json_value *from, const char *reference) {
    if (reference[0] == '#')
        return ag_fhir_contained(from, reference);
    const ag_fhir_entry *entry = ag_fhir_find(data, reference);
    return entry != NULL ? entry->resource : NULL;
}

/* ---- the whole ---- */

static void drop_deleted(gather *g) {
    for (const deletion *d = g->deletions; d != NULL; d = d->next) {
        const ag_fhir_entry *entry = ag_fhir_find(g->record, d->reference);
        if (entry != NULL && (d->time == AG_FHIR_NO_INSTANT || updated(entry) <= d->time))
            g->record->entries[entry->order].replaced = true;
    }
}

ag_status ag_fhir_gather(ag_fhir_record *out, ag_arena *arena, const ag_vocabulary *vocabulary,
                         const char *text, size_t length, ag_error *error) {
    *out = (ag_fhir_record){.arena = arena};
    gather g = {.record = out, .text = text, .error = error};
    ag_status status = gather_text(&g, length);
    if (status != AG_OK)
        return status;
    out->by_id = make_index(out, false);
    out->by_url = make_index(out, true);
    if (out->by_id == NULL || out->by_url == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    drop_old_versions(out, vocabulary);
    drop_deleted(&g);
    return AG_OK;
}
