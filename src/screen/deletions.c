/* A hash table of numbers of resources, with the last time at which each was deleted. */
#include "deletions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "export_notes.h"
#include "fact_row.h"

enum { FIRST_ROOM = 1024 };

typedef struct deletion {
    uint64_t resource; /* 0: the slot is free */
    int64_t time;
} deletion;

struct ag_deletions {
    deletion *slots; /* twice as many as are used, or more */
    size_t room, count;
};

ag_deletions *ag_deletions_new(void) {
    return calloc(1, sizeof(ag_deletions));
}

void ag_deletions_free(ag_deletions *deletions) {
    if (deletions == NULL)
        return;
    free(deletions->slots);
    free(deletions);
}

static uint64_t number_of(const char *resource) {
    uint64_t number = ag_digest_text(0, resource, strlen(resource));
    return number != 0 ? number : 1;
}

static deletion *slot_of(const ag_deletions *d, uint64_t resource) {
    size_t at = resource & (d->room - 1);
    while (d->slots[at].resource != 0 && d->slots[at].resource != resource)
        at = (at + 1) & (d->room - 1);
    return &d->slots[at];
}

static bool grow(ag_deletions *d) {
    if (2 * d->count < d->room)
        return true;
    ag_deletions wider = {.room = d->room == 0 ? FIRST_ROOM : 2 * d->room, .count = d->count};
    wider.slots = calloc(wider.room, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < d->room; i++)
        if (d->slots[i].resource != 0)
            *slot_of(&wider, d->slots[i].resource) = d->slots[i];
    free(d->slots);
    *d = wider;
    return true;
}

bool ag_deletions_add(ag_deletions *d, const char *resource, const char *updated) {
    uint64_t number = number_of(resource);
    int64_t time = ag_fhir_instant(updated);
    if (time == AG_FHIR_NO_INSTANT)
        time = INT64_MAX;
    if (!grow(d))
        return false;
    deletion *slot = slot_of(d, number);
    d->count += slot->resource == 0;
    if (slot->resource == 0 || slot->time < time)
        *slot = (deletion){number, time};
    return true;
}

bool ag_deletions_have(const ag_deletions *d, const char *resource, const char *updated) {
    if (d == NULL || d->count == 0)
        return false;
    const deletion *slot = slot_of(d, number_of(resource));
    return slot->resource != 0 && ag_fhir_instant(updated) <= slot->time;
}

/* ---- rows ---- */

static bool of_use(const char *resource) {
    ag_fhir_type type = ag_fhir_type_named(resource, strcspn(resource, "/"));
    return ag_fhir_holds_facts(type) || type == AG_FHIR_PATIENT || type == AG_FHIR_MEDICATION;
}

static ag_status add_row(ag_line_reader *r, const char *resource, const char *updated) {
    ag_fact_row row = ag_row_of("d", resource);
    row.column[AG_ROW_UPDATED] = updated != NULL ? updated : "";
    row.column[AG_ROW_KIND] = "deletion";
    ag_buffer line = ag_buffer_start(r->arena);
    ag_row_write(&row, &line);
    return line.failed ? ag_fail(&r->error, AG_ERROR_MEMORY, "out of memory")
                       : ag_sorter_add(r->sorter, line.data, line.length, &r->error);
}

ag_status ag_rows_of_deletions(ag_line_reader *r, const ag_json_value *bundle) {
    const char *updated = ag_json_get_text(ag_json_get(bundle, "meta"), "lastUpdated");
    const ag_json_value *entry = ag_json_items(ag_json_get(bundle, "entry"));
    bool history = ag_json_is(ag_json_get(bundle, "type"), "history");
    ag_status status = AG_OK;
    for (; entry != NULL && !history && status == AG_OK; entry = entry->next) {
        char resource[AG_EXPORT_NAME];
        if (!ag_export_deletion(entry))
            continue;
        bool named = ag_export_deleted(entry, resource);
        r->counts.deleted += named;
        r->counts.deletions += !named;
        r->sound = r->sound || named;
        if (named && of_use(resource))
            status = add_row(r, resource, updated);
    }
    return status;
}
