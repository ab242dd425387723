#include "references.h"

#include <string.h>

#include "report_parts.h"
#include "text.h"

typedef struct reference {
    int record; /* the first of its figures */
    int records, unconfirmed, remembered;
} reference;

struct ag_references {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    reference *items; /* room for every record */
    int *number_of;   /* by record; 0: not named yet */
    int count;
};

ag_references *ag_references_new(ag_arena *arena, const ag_knowledge *knowledge) {
    size_t records = (size_t)knowledge->evidence_count + 1;
    ag_references *r = ag_arena_alloc(arena, sizeof *r);
    if (r == NULL)
        return NULL;
    *r = (ag_references){.arena = arena,
                         .knowledge = knowledge,
                         .items = ag_arena_array(arena, records, sizeof *r->items),
                         .number_of = ag_arena_array(arena, records, sizeof *r->number_of)};
    if (r->items == NULL || r->number_of == NULL)
        return NULL;
    memset(r->number_of, 0, records * sizeof *r->number_of);
    return r;
}

static bool same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : ag_text_same(a, b);
}

/* By their identifiers; else by who wrote what, and when. */
static bool same_publication(const ag_evidence *a, const ag_evidence *b) {
    if (a->doi != NULL && b->doi != NULL)
        return ag_text_same(a->doi, b->doi);
    if (a->pmid != NULL && b->pmid != NULL)
        return strcmp(a->pmid, b->pmid) == 0;
    bool named = a->title != NULL || (a->first_author != NULL && a->journal != NULL);
    return named && same(a->first_author, b->first_author) && same(a->title, b->title) &&
           (a->title != NULL || same(a->journal, b->journal)) && a->year == b->year;
}

static int find(const ag_references *r, const ag_evidence *evidence) {
    for (int i = 0; i < r->count; i++)
        if (same_publication(&r->knowledge->evidence[r->items[i].record], evidence))
            return i;
    return r->count;
}

int ag_references_number(ag_references *r, const char *id) {
    int record = r != NULL ? ag_knowledge_evidence(r->knowledge, id) : -1;
    if (record < 0)
        return 0;
    if (r->number_of[record] > 0)
        return r->number_of[record];
    const ag_evidence *evidence = &r->knowledge->evidence[record];
    int at = find(r, evidence);
    if (at == r->count)
        r->items[r->count++] = (reference){.record = record};
    bool unconfirmed = evidence->audit == AG_AUDIT_NOT_CONFIRMABLE;
    r->items[at].records++;
    r->items[at].unconfirmed += unconfirmed;
    r->items[at].remembered += !unconfirmed && evidence->confidence == AG_REMEMBERED;
    r->number_of[record] = at + 1;
    return at + 1;
}

int ag_references_numbers(ag_references *r, const char *const *ids, int count, int *out, int most) {
    int distinct = 0;
    for (int i = 0; i < count; i++) {
        int number = ag_references_number(r, ids[i]);
        bool is_new = number > 0;
        for (int j = 0; j < i && is_new; j++)
            is_new = ag_references_number(r, ids[j]) != number;
        if (is_new && distinct < most)
            out[distinct] = number;
        distinct += is_new;
    }
    return distinct;
}

int ag_references_count(const ag_references *r) {
    return r != NULL ? r->count : 0;
}

const char *ag_references_text(const ag_references *r, int number, ag_language language) {
    const reference *item = &r->items[number - 1];
    const ag_evidence *evidence = &r->knowledge->evidence[item->record];
    const char *mark = item->unconfirmed == item->records ? ag_say(language, " (not confirmed)")
                       : item->unconfirmed > 0 ? ag_say(language, " (in part not confirmed)")
                       : item->remembered == item->records ? ag_say(language, " (not re-read)")
                       : item->remembered > 0 ? ag_say(language, " (in part not re-read)")
                                              : "";
    return ag_arena_format(r->arena, "%s%s", ag_report_publication(evidence, r->arena), mark);
}
