/*
 * A hash table of concepts by their bytes. A concept is a whole JSON object, and no such object is
 * the beginning of another, so that the bytes up to a remembered length being equal means that the
 * very same concept stands there: its end need not be looked for. The hash covers the bytes up to
 * the first closing brace, which lies within the concept.
 */
#include "concepts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "fact_row.h"

enum { SLOTS_FIRST = 1 << 10, MOST = 1 << 16, LONGEST = 4096, TALLY_SLOTS = 1 << 13 };

/* How often a concept that is not known was seen. */
typedef struct tally {
    const char *code; /* "system|code", or the text where it has no code */
    const char *text;
    ag_concept_type type;
    uint64_t hash;
    long long count;
    struct tally *next;
} tally;

typedef struct remembered {
    ag_concept concept;
    uint64_t hash;
    tally *tally; /* NULL where it is known or not counted */
    uint32_t length;
    uint8_t type;
    char bytes[]; /* beside what is compared first: most of the time is spent on fetching them */
} remembered;

struct ag_concepts {
    ag_fhir_converter converter;
    ag_json_parser *parser;
    ag_arena *arena;    /* of what is remembered */
    ag_arena *scratch;  /* of one concept */
    remembered **slots; /* few, so that they stay near: at most half of them are taken */
    size_t slot_count;  /* a power of two */
    tally **tallies;
    size_t count;
    int tally_count;
};

static const struct {
    const char *name;
    ag_fhir_match match;
} TYPES[] = {[AG_CONCEPT_CONDITION] = {"Condition", AG_FHIR_PROBLEM},
             [AG_CONCEPT_PROCEDURE] = {"Procedure", AG_FHIR_PROBLEM},
             [AG_CONCEPT_OBSERVATION] = {"Observation", AG_FHIR_RESULT},
             [AG_CONCEPT_MEDICINE] = {"medicine", AG_FHIR_PRODUCT},
             [AG_CONCEPT_ORDER] = {"ServiceRequest", AG_FHIR_PROBLEM}};

ag_concept_type ag_concept_type_of(ag_fhir_type type) {
    switch (type) {
    case AG_FHIR_CONDITION:
        return AG_CONCEPT_CONDITION;
    case AG_FHIR_PROCEDURE:
        return AG_CONCEPT_PROCEDURE;
    case AG_FHIR_OBSERVATION:
        return AG_CONCEPT_OBSERVATION;
    case AG_FHIR_SERVICE_REQUEST:
    case AG_FHIR_CARE_PLAN:
        return AG_CONCEPT_ORDER;
    case AG_FHIR_MEDICATION:
    case AG_FHIR_MEDICATION_REQUEST:
    case AG_FHIR_MEDICATION_STATEMENT:
    case AG_FHIR_MEDICATION_DISPENSE:
    case AG_FHIR_MEDICATION_ADMINISTRATION:
        return AG_CONCEPT_MEDICINE;
    default:
        return AG_CONCEPT_TYPES;
    }
}

ag_fhir_match ag_concept_match(ag_concept_type type) {
    return TYPES[type].match;
}

ag_concepts *ag_concepts_new(const ag_vocabulary *vocabulary) {
    ag_concepts *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->parser = ag_json_parser_new();
    c->arena = ag_arena_new();
    c->scratch = ag_arena_new();
    c->slot_count = SLOTS_FIRST;
    c->slots = calloc(c->slot_count, sizeof *c->slots);
    c->tallies = calloc(TALLY_SLOTS, sizeof *c->tallies);
    if (c->parser == NULL || c->arena == NULL || c->scratch == NULL || c->slots == NULL ||
        c->tallies == NULL) {
        ag_concepts_free(c);
        return NULL;
    }
    ag_fhir_converter_start(&c->converter, vocabulary, c->scratch);
    return c;
}

void ag_concepts_free(ag_concepts *c) {
    if (c == NULL)
        return;
    ag_json_parser_free(c->parser);
    ag_arena_free(c->arena);
    ag_arena_free(c->scratch);
    free(c->slots);
    free(c->tallies);
    free(c);
}

/* ---- counting ---- */

static const char *code_of(const ag_json_value *concept, const char **system) {
    const ag_json_value *coding = ag_json_items(ag_json_get(concept, "coding"));
    for (; coding != NULL; coding = coding->next) {
        const char *code = ag_json_get_text(coding, "code");
        *system = ag_json_get_text(coding, "system");
        if (code != NULL)
            return code;
    }
    return NULL;
}

/* Of several texts of one code the least counts, so that the order of lines does not matter. */
static void keep_least_text(ag_concepts *c, tally *t, const char *text) {
    if (strcmp(text, t->text) < 0) {
        const char *copy = ag_arena_copy(c->arena, text);
        t->text = copy != NULL ? copy : t->text;
    }
}

static tally *find_tally(ag_concepts *c, ag_concept_type type, const ag_json_value *concept) {
    const char *system = NULL, *code = code_of(concept, &system);
    const char *text = ag_fhir_concept_text(concept);
    char *key;
    text = text != NULL ? text : "without a name";
    if (code != NULL)
        key = ag_arena_format(c->scratch, "%s|%s", system != NULL ? system : "", code);
    else
        key = ag_arena_copy(c->scratch, text);
    if (key == NULL || type == AG_CONCEPT_ORDER)
        return NULL;
    uint64_t hash = ag_digest_text((uint64_t)type, key, strlen(key));
    tally **at = &c->tallies[hash % TALLY_SLOTS];
    for (; *at != NULL; at = &(*at)->next)
        if ((*at)->hash == hash && (*at)->type == type && strcmp((*at)->code, key) == 0) {
            keep_least_text(c, *at, text);
            return *at;
        }
    tally *t = ag_arena_alloc(c->arena, sizeof *t);
    if (t == NULL)
        return NULL;
    *t = (tally){.code = ag_arena_copy(c->arena, key),
                 .text = ag_arena_copy(c->arena, text),
                 .type = type,
                 .hash = hash};
    if (t->code == NULL || t->text == NULL)
        return NULL;
    c->tally_count++;
    *at = t;
    return t;
}

/* ---- meaning ---- */

static bool is_known(ag_concepts *c, ag_concept_type type, const ag_json_value *concept,
                     ag_fhir_meaning *meaning) {
    *meaning = ag_fhir_read_concept(&c->converter, concept, TYPES[type].match);
    bool of_r5 = type == AG_CONCEPT_ORDER && ag_json_get(concept, "concept") != NULL; /* is told */
    return meaning->count > 0 || of_r5 ||
           (type == AG_CONCEPT_OBSERVATION && ag_fhir_is_abstinence(concept));
}

static const char *key_of(ag_concept_type type) {
    return type == AG_CONCEPT_MEDICINE ? "medicationCodeableConcept" : "code";
}

/* Behind the object that begins at `text`; 0 where it does not end. */
static size_t object_length(const char *text, size_t length) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && i < LONGEST; i++) {
        quoted = quoted != (text[i] == '"');
        i += quoted && text[i] == '\\'; /* and what it escapes */
        if (quoted)
            continue;
        depth += text[i] == '{';
        depth -= text[i] == '}';
        if (depth == 0)
            return i + 1;
    }
    return 0;
}

static remembered *learn(ag_concepts *c, ag_concept_type type, const char *text, size_t length) {
    const ag_json_value *value;
    ag_arena_reset(c->scratch);
    size_t size = object_length(text, length);
    if (size == 0 || ag_json_parse(c->parser, c->scratch, text, size, &value, NULL) != AG_OK)
        return NULL;
    remembered *r = ag_arena_alloc(c->arena, sizeof *r + size);
    ag_fhir_meaning *meaning = ag_arena_alloc(c->arena, sizeof *meaning);
    if (r == NULL || meaning == NULL)
        return NULL;
    *r = (remembered){.length = (uint32_t)size, .type = (uint8_t)type};
    memcpy(r->bytes, text, size);
    r->concept = (ag_concept){.meaning = meaning, .known = is_known(c, type, value, meaning)};
    meaning->text = ag_arena_copy(c->arena, meaning->text);
    if (meaning->text == NULL)
        return NULL;
    if (!r->concept.known)
        r->tally = find_tally(c, type, value);
    return r;
}

/* ---- the table ---- */

static uint64_t load(const char *at) {
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static uint64_t hash_of(const char *text, size_t length, ag_concept_type type) {
    uint64_t hash = length * 31 + (uint64_t)type;
    if (length < 24)
        return ag_digest_text(hash, text, length);
    uint64_t end = load(text + length - 8) * UINT64_C(0x9e3779b97f4a7c15),
             before = load(text + length - 16) * UINT64_C(0xbf58476d1ce4e5b9),
             middle = load(text + length / 2) * UINT64_C(0x94d049bb133111eb),
             third = load(text + length - 24) * UINT64_C(0xd6e8feb86659fd93);
    hash = (hash ^ end ^ (before >> 7 | before << 57) ^ (middle >> 19 | middle << 45) ^
            (third >> 31 | third << 33)) *
           UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* The slot where a concept stands, or an empty one where it would. */
static remembered **find_slot(const ag_concepts *c, uint64_t hash, ag_concept_type type,
                              const char *text, size_t length) {
    for (size_t i = hash;; i++) {
        remembered **slot = &c->slots[i & (c->slot_count - 1)], *known = *slot;
        if (known == NULL ||
            (known->hash == hash && known->type == type && known->length <= length &&
             memcmp(known->bytes, text, known->length) == 0))
            return slot;
    }
}

static bool grow(ag_concepts *c) {
    ag_concepts larger = {.slot_count = 2 * c->slot_count};
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < c->slot_count; i++)
        if (c->slots[i] != NULL)
            *find_slot(&larger, c->slots[i]->hash, c->slots[i]->type, c->slots[i]->bytes,
                       c->slots[i]->length) = c->slots[i];
    free(c->slots);
    c->slots = larger.slots;
    c->slot_count = larger.slot_count;
    return true;
}

ag_concept *ag_concepts_find(ag_concepts *c, ag_concept_type type, const char *text,
                             size_t length) {
    const char *brace = memchr(text, '}', length < LONGEST ? length : LONGEST);
    if (brace == NULL)
        return NULL;
    uint64_t hash = hash_of(text, (size_t)(brace - text), type);
    remembered *known = *find_slot(c, hash, type, text, length);
    if (known != NULL)
    return &known->concept;
    bool full = 2 * c->count >= c->slot_count;
    if (c->count >= 2 * MOST ||
        (full && !grow(c))) /* one line with very many: not settled in time */
        return NULL;
    remembered *learnt = learn(c, type, text, length);
    if (learnt == NULL)
        return NULL;
    learnt->hash = hash;
    *find_slot(c, hash, type, text, length) = learnt;
    c->count++;
    return &learnt->concept;
}

/* A line whose concepts are counted. */
typedef struct counting {
    ag_concepts *concepts;
    ag_concept_type type;
    const char *key;
    size_t key_length;
    const char *text;
    size_t length;
} counting;

static void count_one(const counting *c, const ag_json_value *concept) {
    ag_fhir_meaning meaning;
    ag_concept *found = concept->offset < c->length && c->text[concept->offset] == '{'
                            ? ag_concepts_find(c->concepts, c->type, c->text + concept->offset,
                                               c->length - concept->offset)
                            : NULL;
    if (found != NULL) {
        found->count++;
        return;
    }
    ag_arena_reset(c->concepts->scratch);
    tally *t = is_known(c->concepts, c->type, concept, &meaning)
                   ? NULL
                   : find_tally(c->concepts, c->type, concept);
    if (t != NULL)
        t->count++;
}

static void count_under(const counting *c, const ag_json_value *value) {
    for (const ag_json_value *m = value->first; m != NULL; m = m->next) {
        if (m->type == AG_JSON_OBJECT && m->key != NULL && m->key_length == c->key_length &&
            memcmp(m->key, c->key, c->key_length) == 0)
            count_one(c, m);
        if (m->first != NULL)
            count_under(c, m);
    }
}

void ag_concepts_count_all(ag_concepts *concepts, ag_concept_type type,
                           const ag_json_value *resource, const char *text, size_t length) {
    bool medication = ag_json_is(ag_json_get(resource, "resourceType"), "Medication");
    const char *key = medication ? "code" : key_of(type);
    counting c = {concepts, type, key, strlen(key), text, length};
    count_under(&c, resource);
}

/* ---- settling ---- */

static ag_status write_tally(const tally *t, ag_arena *scratch, ag_sorter *sorter,
                             ag_error *error) {
    char count[24];
    ag_buffer line = ag_buffer_start(scratch);
    ag_fact_row row = ag_row_of("c", TYPES[t->type].name);
    snprintf(count, sizeof count, "%lld", t->count);
    row.column[AG_ROW_RESOURCE] = t->code;
    row.column[AG_ROW_KIND] = "unknown";
    row.column[AG_ROW_LOW] = count;
    row.column[AG_ROW_TEXT] = t->text;
    ag_row_write(&row, &line);
    return line.failed ? ag_fail(error, AG_ERROR_MEMORY, "out of memory")
                       : ag_sorter_add(sorter, line.data, line.length, error);
}

static void add_counts(ag_concepts *c) {
    for (size_t i = 0; i < c->slot_count; i++)
        if (c->slots[i] != NULL && c->slots[i]->tally != NULL)
    c->slots[i]->tally->count += c->slots[i]->concept.count;
}

static void forget(ag_concepts *c) {
    memset(c->slots, 0, c->slot_count * sizeof *c->slots);
    memset(c->tallies, 0, TALLY_SLOTS * sizeof *c->tallies);
    c->count = c->tally_count = 0;
    ag_arena_reset(c->arena);
}

ag_status ag_concepts_settle(ag_concepts *c, bool all, ag_sorter *sorter, ag_error *error) {
    if (!all && c->count < MOST && c->tally_count < MOST)
        return AG_OK;
    ag_status status = AG_OK;
    add_counts(c);
    for (int i = 0; i < TALLY_SLOTS && status == AG_OK; i++)
        for (const tally *t = c->tallies[i]; t != NULL && status == AG_OK; t = t->next)
            if (t->count > 0) {
                ag_arena_reset(c->scratch);
                status = write_tally(t, c->scratch, sorter, error);
            }
    forget(c);
    return status;
}
