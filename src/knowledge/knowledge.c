#include "knowledge.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static_assert((int)AG_CARD_FUNCTION == AG_FUNCTION && (int)AG_CARD_EJACULATE == AG_EJACULATE &&
                  (int)AG_CARD_MECHANISM == AG_MECHANISM && (int)AG_CARD_FINDING == AG_FINDING,
              "the kinds of variables are the first kinds of cards");

bool ag_texts_have(ag_texts texts, const char *text) {
    for (int i = 0; i < texts.count && text != NULL; i++)
        if (strcmp(texts.items[i], text) == 0)
            return true;
    return false;
}

bool ag_indices_have(ag_indices indices, int index) {
    for (int i = 0; i < indices.count; i++)
        if (indices.items[i] == index)
            return true;
    return false;
}

/* Causes and evidence are sorted by id; both structs begin with it. */
static int compare_ids(const void *key, const void *item) {
    return strcmp(key, *(const char *const *)item);
}

static int sorted_index(const void *items, int count, size_t size, const char *id) {
    if (count == 0)
        return -1;
    const char *found = bsearch(id, items, (size_t)count, size, compare_ids);
    return found == NULL ? -1 : (int)((size_t)(found - (const char *)items) / size);
}

int ag_knowledge_cause(const ag_knowledge *knowledge, const char *id) {
    return sorted_index(knowledge->causes, knowledge->cause_count, sizeof *knowledge->causes, id);
}

int ag_knowledge_evidence(const ag_knowledge *knowledge, const char *id) {
    return sorted_index(knowledge->evidence, knowledge->evidence_count, sizeof *knowledge->evidence,
                        id);
}

int ag_knowledge_treatment(const ag_knowledge *knowledge, const char *id) {
    return sorted_index(knowledge->treatments, knowledge->treatment_count,
                        sizeof *knowledge->treatments, id);
}

int ag_knowledge_variable(const ag_knowledge *knowledge, const char *id) {
    for (int i = 0; i < knowledge->variable_count; i++)
        if (strcmp(knowledge->variables[i].id, id) == 0)
            return i;
    return -1;
}

const ag_finding *ag_knowledge_finding_of(const ag_knowledge *knowledge, int variable) {
    for (int i = 0; i < knowledge->finding_count; i++)
        if (knowledge->findings[i].variable == variable)
            return &knowledge->findings[i];
    return NULL;
}

const ag_mechanism *ag_knowledge_mechanism_of(const ag_knowledge *knowledge, int variable) {
    for (int i = 0; i < knowledge->mechanism_count; i++)
        if (knowledge->mechanisms[i].variable == variable)
            return &knowledge->mechanisms[i];
    return NULL;
}

int ag_knowledge_states(const ag_knowledge *knowledge, ag_ref ref) {
    return ref.is_cause ? 1 + knowledge->causes[ref.index].variant_count
                        : knowledge->variables[ref.index].states.count;
}

const char *ag_knowledge_version(const ag_knowledge *knowledge) {
    return knowledge->version;
}

const char *ag_knowledge_date(const ag_knowledge *knowledge) {
    return knowledge->date;
}

void ag_knowledge_free(const ag_knowledge *knowledge) {
    if (knowledge != NULL)
        ag_arena_free(knowledge->arena);
}

/* ---- cards ---- */

static const struct {
    const char *folder;
    const char *singular;
} kinds[] = {
#define KIND_NAMES(constant, folder, singular) {folder, singular},
    AG_CARD_KIND_LIST(KIND_NAMES)
#undef KIND_NAMES
};

const char *ag_card_kind_name(ag_card_kind kind) {
    return kinds[kind].folder;
}

bool ag_card_kind_find(const char *name, ag_card_kind *out) {
    for (int kind = 0; kind < AG_CARD_KINDS; kind++) {
        if (ag_text_same(name, kinds[kind].folder) || ag_text_same(name, kinds[kind].singular)) {
            *out = (ag_card_kind)kind;
            return true;
        }
    }
    return false;
}

/* The variables of one kind stand together; `count` of them, from the index that is returned. */
static int variables_of(const ag_knowledge *knowledge, ag_card_kind kind, int *count) {
    int first = 0;
    while (first < knowledge->variable_count && (int)knowledge->variables[first].kind != (int)kind)
        first++;
    int end = first;
    while (end < knowledge->variable_count && (int)knowledge->variables[end].kind == (int)kind)
        end++;
    *count = end - first;
    return first;
}

/* A kind of card with a table of its own; all but evidence begin with id and names. */
typedef struct card_table {
    const void *items;
    size_t size;
    int count;
} card_table;

typedef struct card_head {
    const char *id;
    ag_names names;
} card_head;

#define SAME_HEAD(type)                                                                            \
    static_assert(offsetof(type, id) == offsetof(card_head, id) &&                                 \
                      offsetof(type, names) == offsetof(card_head, names),                         \
                  "cards begin with id and names")
SAME_HEAD(ag_cause);
SAME_HEAD(ag_variable);
SAME_HEAD(ag_treatment);
SAME_HEAD(ag_test);
SAME_HEAD(ag_sperm_source);
SAME_HEAD(ag_method);
SAME_HEAD(ag_red_flag);
SAME_HEAD(ag_values);

static card_table table_of(const ag_knowledge *k, ag_card_kind kind) {
    switch (kind) {
    case AG_CARD_CAUSE:
        return (card_table){k->causes, sizeof *k->causes, k->cause_count};
    case AG_CARD_EVIDENCE:
        return (card_table){k->evidence, sizeof *k->evidence, k->evidence_count};
    case AG_CARD_TREATMENT:
        return (card_table){k->treatments, sizeof *k->treatments, k->treatment_count};
    case AG_CARD_TEST:
        return (card_table){k->tests, sizeof *k->tests, k->test_count};
    case AG_CARD_SOURCE:
        return (card_table){k->sources, sizeof *k->sources, k->source_count};
    case AG_CARD_METHOD:
        return (card_table){k->methods, sizeof *k->methods, k->method_count};
    case AG_CARD_RED_FLAG:
        return (card_table){k->red_flags, sizeof *k->red_flags, k->red_flag_count};
    case AG_CARD_VALUES:
        return (card_table){k->values, sizeof *k->values, k->values_count};
    default: {
        int count, first = variables_of(k, kind, &count);
        return (card_table){k->variables + first, sizeof *k->variables, count};
    }
    }
}

int ag_card_count(const ag_knowledge *knowledge, ag_card_kind kind) {
    return table_of(knowledge, kind).count;
}

const void *ag_card_item(const ag_knowledge *knowledge, ag_card card) {
    card_table table = table_of(knowledge, card.kind);
    return (const char *)table.items + (size_t)card.index * table.size;
}

const ag_variable *ag_card_variable(const ag_knowledge *knowledge, ag_card card) {
    int count;
    return &knowledge->variables[variables_of(knowledge, card.kind, &count) + card.index];
}

const char *ag_card_id(const ag_knowledge *knowledge, ag_card card) {
    return *(const char *const *)ag_card_item(knowledge, card);
}

const ag_names *ag_card_names(const ag_knowledge *knowledge, ag_card card) {
    return &((const card_head *)ag_card_item(knowledge, card))->names;
}

const char *ag_card_name(const ag_knowledge *knowledge, ag_card card, const char *language) {
    if (card.kind == AG_CARD_EVIDENCE)
        return knowledge->evidence[card.index].subject;
    const ag_names *names = ag_card_names(knowledge, card);
    if (strcmp(language, "es") == 0 && names->es.count > 0)
        return names->es.items[0];
    return names->en.count > 0 ? names->en.items[0] : ag_card_id(knowledge, card);
}

static bool among(const ag_texts *texts, const char *text) {
    for (int i = 0; i < texts->count; i++)
        if (ag_text_same(texts->items[i], text))
            return true;
    return false;
}

static const char *const systems[] = {"snomed:", "icd10cm:", "rxnorm:", "atc:", "loinc:"};

const ag_codes *ag_card_codes(const ag_knowledge *knowledge, ag_card card) {
    if (card.kind > AG_CARD_CAUSE)
        return NULL;
    return card.kind == AG_CARD_CAUSE ? &knowledge->causes[card.index].codes
                                      : &ag_card_variable(knowledge, card)->codes;
}

static bool has_code(const ag_codes *codes, const char *text) {
    for (int i = 0; i < codes->count; i++) {
        const char *system = systems[codes->items[i].system];
        size_t length = strlen(system);
        if (strncmp(text, system, length) == 0 && strcmp(text + length, codes->items[i].code) == 0)
            return true;
    }
    return false;
}

static bool answers_to(const ag_knowledge *knowledge, ag_card card, const char *text) {
    if (ag_text_same(ag_card_id(knowledge, card), text))
        return true;
    if (card.kind == AG_CARD_EVIDENCE)
        return false;
    const ag_names *names = ag_card_names(knowledge, card);
    if (among(&names->en, text) || among(&names->es, text))
        return true;
    const ag_codes *codes = ag_card_codes(knowledge, card);
    return codes != NULL && has_code(codes, text);
}

bool ag_card_find(const ag_knowledge *knowledge, const char *text, ag_card *out) {
    static const ag_card_kind order[] = {AG_CARD_CAUSE,    AG_CARD_FINDING,   AG_CARD_MECHANISM,
                                         AG_CARD_FUNCTION, AG_CARD_EJACULATE, AG_CARD_TREATMENT,
                                         AG_CARD_TEST,     AG_CARD_SOURCE,    AG_CARD_METHOD,
                                         AG_CARD_RED_FLAG, AG_CARD_VALUES,    AG_CARD_EVIDENCE};
    static_assert(sizeof order / sizeof order[0] == AG_CARD_KINDS, "every kind is searched");
    for (int k = 0; k < AG_CARD_KINDS; k++) {
        int count = ag_card_count(knowledge, order[k]);
        for (int i = 0; i < count; i++) {
            ag_card card = {order[k], i};
            if (answers_to(knowledge, card, text)) {
                *out = card;
                return true;
            }
        }
    }
    return false;
}

static_assert((int)AG_CARD_NEAREST == AG_NEAREST, "as many near names as a search keeps");

int ag_card_nearest(const ag_knowledge *knowledge, const char *text,
                    const char *names[AG_CARD_NEAREST]) {
    ag_nearest nearest;
    ag_nearest_start(&nearest, text);
    for (int kind = 0; kind < AG_CARD_EVIDENCE; kind++) {
        for (int i = 0; i < ag_card_count(knowledge, (ag_card_kind)kind); i++) {
            const ag_names *known = ag_card_names(knowledge, (ag_card){(ag_card_kind)kind, i});
            ag_nearest_offer(&nearest, ag_card_id(knowledge, (ag_card){(ag_card_kind)kind, i}));
            for (int n = 0; n < known->en.count; n++)
                ag_nearest_offer(&nearest, known->en.items[n]);
            for (int n = 0; n < known->es.count; n++)
                ag_nearest_offer(&nearest, known->es.items[n]);
        }
    }
    for (int i = 0; i < knowledge->evidence_count; i++)
        ag_nearest_offer(&nearest, knowledge->evidence[i].id);
    memcpy(names, nearest.names, sizeof nearest.names);
    return nearest.count;
}

static bool same(const char *a, const char *b) {
    return a != NULL && b != NULL && ag_text_same(a, b);
}

bool ag_evidence_same_study(const ag_evidence *a, const ag_evidence *b) {
    if (same(a->cohort, b->cohort))
        return true;
    if (a->pmid != NULL && b->pmid != NULL)
        return strcmp(a->pmid, b->pmid) == 0;
    if (a->doi != NULL && b->doi != NULL)
        return ag_text_same(a->doi, b->doi);
    return a->year != 0 && a->year == b->year && same(a->first_author, b->first_author) &&
           same(a->journal, b->journal);
}
