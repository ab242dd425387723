/*
 * Most lines are of no use, and that is found out cheaply:
 *  - the line begins {"resourceType":"X" and X is a type without facts (of doubled keys the first
 *    counts, here as in the parser), or
 *  - X has facts, but no concept that could hold them is known: every occurrence of its key is
 *    looked up. Without \u in the line no key can be written in another way.
 * Of the latter, if it is dated, no more is read than tells of which resource it is a version. All
 * else is parsed.
 */
#include "line_reader.h"

#include <stdio.h>
#include <string.h>

#include "deletions.h"
#include "export_notes.h"
#include "resource_rows.h"

enum { LONGEST_TYPE = 40 };

static const char HEAD[] = "{\"resourceType\":\"";

/* ---- types by the bytes of their names ---- */

typedef struct known_type {
    size_t length;
    const char *name; /* with the quotation mark behind it */
    ag_fhir_type type;
} known_type;

static const known_type KNOWN[] = {
#define KNOWN_TYPE(name, type) {sizeof name, name "\"", type},
    AG_FHIR_TYPE_LIST(KNOWN_TYPE)
#undef KNOWN_TYPE
};

/* Few types have the same slot. */
static unsigned slot_of_type(const char *name) {
    return ((unsigned char)name[0] + 8u * (unsigned char)name[1]) % AG_LINE_TYPE_SLOTS;
}

static void index_types(ag_line_reader *r) {
    for (unsigned char i = 0; i < AG_FHIR_NAMED_TYPES; i++) {
        unsigned slot = slot_of_type(KNOWN[i].name);
        r->next_type[i] = r->first_type[slot];
        r->first_type[slot] = (unsigned char)(i + 1);
    }
}

/* ---- a reader ---- */

ag_status ag_line_reader_open(ag_line_reader *r, const ag_vocabulary *vocabulary, ag_sorter *sorter,
                              bool strict) {
    *r = (ag_line_reader){.kernels = ag_scan_kernels_best(),
                          .vocabulary = vocabulary,
                          .knowledge = ag_vocabulary_knowledge(vocabulary),
                          .concepts = ag_concepts_new(vocabulary),
                          .parser = ag_json_parser_new(),
                          .arena = ag_arena_new(),
                          .sorter = sorter,
                          .silent_run.arena = ag_arena_new(),
                          .strict = strict};
    index_types(r);
    return r->concepts != NULL && r->parser != NULL && r->arena != NULL &&
                   r->silent_run.arena != NULL
               ? AG_OK
               : AG_ERROR_MEMORY;
}

void ag_line_reader_close(ag_line_reader *r) {
    ag_concepts_free(r->concepts);
    ag_json_parser_free(r->parser);
    ag_arena_free(r->arena);
    ag_arena_free(r->silent_run.arena);
    ag_faults_free(&r->faults);
}

/* ---- what a line is, by its first bytes ---- */

typedef enum line_kind {
    LINE_IRRELEVANT,
    LINE_CODED,  /* has facts only where a concept is known */
    LINE_MATTERS /* or it is not known what it is */
} line_kind;

/* Types that tell of another version of FHIR, or of what was not exported, are parsed, to be told
 * of. */
static line_kind kind_of_type(ag_fhir_type type, ag_concept_type concepts) {
    if (ag_fhir_holds_facts(type))
        return concepts != AG_CONCEPT_TYPES ? LINE_CODED : LINE_MATTERS;
    return type == AG_FHIR_ENCOUNTER || type == AG_FHIR_ALLERGY ? LINE_IRRELEVANT : LINE_MATTERS;
}

static bool ends_member(char c) {
    return c == ',' || c == '}';
}

/* How many letters stand there. */
static size_t count_letters(const char *text, size_t most) {
    size_t count = 0;
    while (count < most && ((text[count] >= 'a' && text[count] <= 'z') ||
                            (text[count] >= 'A' && text[count] <= 'Z')))
        count++;
    return count;
}

static line_kind kind_of(const ag_line_reader *r, const char *text, size_t length,
                         ag_concept_type *type) {
    const size_t head = sizeof HEAD - 1;
    if (length < head + LONGEST_TYPE + 2 || memcmp(text, HEAD, head) != 0 ||
        text[length - 1] != '}')
        return LINE_MATTERS;
    const char *name = text + head;
    for (unsigned i = r->first_type[slot_of_type(name)]; i != 0; i = r->next_type[i - 1]) {
        const known_type *known = &KNOWN[i - 1];
        if (memcmp(name, known->name, known->length) == 0) {
            *type = ag_concept_type_of(known->type);
            return ends_member(name[known->length]) ? kind_of_type(known->type, *type)
                                                    : LINE_MATTERS;
        }
    }
    size_t size = count_letters(name, LONGEST_TYPE);
    return size > 0 && name[size] == '"' && ends_member(name[size + 1]) ? LINE_IRRELEVANT
                                                                        : LINE_MATTERS;
}

/* ---- whether a line with codes can matter ---- */

/* A line that is dated may replace an earlier version, whatever it says; where the byte that is
 * least frequent in the key does not stand, the key need not be looked for. */
enum { DATED_MARK = 'U' };

#define KEY(text)                                                                                  \
    { text, sizeof text - 1, DATED_MARK }
static const ag_scan_key CODE = KEY("\"code\""), MEDICINE = KEY("\"medicationCodeableConcept\""),
                         REFERENCE = KEY("\"medicationReference\""),
                         PRODUCT = KEY("\"productCodeableConcept\""),
                         DATED = KEY("\"lastUpdated"); /* without its end: a text follows it */

static bool has_key(const ag_line_reader *r, const ag_scan_key *key) {
    size_t place;
    ag_scan_seen seen = {false, false};
    return r->kernels->find(r->text, r->length, key, &place, 1, &seen) > 0;
}

static size_t skip_space(const char *text, size_t at, size_t length) {
    while (at < length && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

/* Keep the concept that stands behind the key that ends before `at`, where there is one. False
 * where that cannot be told. */
static bool keep_concept(ag_line_reader *r, size_t at, ag_concept_type type) {
    at = skip_space(r->text, at, r->length);
    if (at == r->length || r->text[at] != ':')
        return true; /* a text that happens to be the same */
    at = skip_space(r->text, at + 1, r->length);
    if (at == r->length)
        return false;
    if (r->text[at] == '"' || r->text[at] == '[')
        return true; /* a code, or a list: neither is a CodeableConcept */
    ag_concept *concept = r->text[at] == '{'
                              ? ag_concepts_find(r->concepts, type, r->text + at, r->length - at)
                              : NULL;
    if (concept == NULL)
        return false;
    r->found[r->found_count] = concept;
    r->found_at[r->found_count++] = at;
    return true;
}

/* Only \u can write a letter in another way. */
static bool may_escape_letters(const char *text, size_t length) {
    const char *end = text + length, *slash = memchr(text, '\\', length);
    while (slash != NULL && slash[1] != 'u')
        slash = memchr(slash + 1, '\\', (size_t)(end - slash - 1));
    return slash != NULL;
}

/* Find the concepts of the line; false where not all are. */
static bool find_concepts(ag_line_reader *r, ag_concept_type type, const ag_scan_key *key,
                          ag_scan_seen *seen) {
    size_t places[AG_LINE_CONCEPTS];
    int count = r->kernels->find(r->text, r->length, key, places, AG_LINE_CONCEPTS, seen);
    bool all =
        count <= AG_LINE_CONCEPTS && !(seen->backslash && may_escape_letters(r->text, r->length));
    r->found_count = 0;
    for (int i = 0; i < count && all; i++)
        all = keep_concept(r, places[i] + key->length, type);
    if (!all)
        r->found_count = -1;
    return all;
}

static void count_found(ag_line_reader *r) {
    for (int i = 0; i < r->found_count; i++)
        r->found[i]->count++;
}

/* Whether the line must be parsed; `silent` is set where all it can be is a later version. */
static bool can_matter(ag_line_reader *r, ag_concept_type type) {
    bool medicine = type == AG_CONCEPT_MEDICINE;
    ag_scan_seen seen = {false, false};
    if (!find_concepts(r, type, medicine ? &MEDICINE : &CODE, &seen) || r->found_count == 0)
        return true;
    for (int i = 0; i < r->found_count; i++)
        if (r->found[i]->known)
            return true;
    if ((medicine && has_key(r, &REFERENCE)) || (type == AG_CONCEPT_ORDER && has_key(r, &PRODUCT)))
        return true;
    count_found(r);
    r->silent = seen.mark && has_key(r, &DATED);
    return r->silent;
}

/* ---- faults ---- */

static ag_status add_fault(ag_line_reader *r, ag_line_place place, const char *message) {
    ag_line_fault fault = {.file = place.file, .chunk = place.chunk, .line = place.line};
    r->counts.faults++;
    if (ag_faults_want(&r->faults, place.file, place.chunk, place.line))
        snprintf(fault.message, sizeof fault.message, "%.*s", ag_utf8_cut(message, 250), message);
    return ag_faults_add(&r->faults, &fault);
}

/* ---- a parsed line ---- */

static ag_status read_gathered(ag_line_reader *r, ag_line_place place);

static ag_status tell_of_export(ag_line_reader *r, const ag_json_value *resource,
                                ag_line_place place) {
    char message[AG_FAULT_TEXT];
    const char *said;
    if (!ag_export_error(resource, &said))
        return AG_OK;
    snprintf(message, sizeof message, "the server could not export all: %.*s",
             ag_utf8_cut(said, 200), said);
    return add_fault(r, place, message);
}

static void count_concepts(ag_line_reader *r, const ag_json_value *resource) {
    if (r->found_count >= 0)
        count_found(r);
    else
        ag_concepts_count_all(r->concepts, r->type, resource, r->text, r->length);
}

static ag_status read_resource(ag_line_reader *r, const ag_json_value *resource,
                               ag_line_place place) {
    ag_fhir_type type = ag_fhir_type_of(resource);
    if (type == AG_FHIR_NO_TYPE && ag_export_note(resource)) {
        r->counts.notes++;
        return AG_OK;
    }
    if (type == AG_FHIR_NO_TYPE)
        return add_fault(r, place, "this is no FHIR resource: it has no resourceType");
    const char *version = ag_fhir_other_version(resource, type);
    if (version != NULL) {
        char message[AG_FAULT_TEXT];
        snprintf(message, sizeof message,
                 "this %.40s is of FHIR %s, but only R4 is read. Export the data as R4",
                 ag_json_get_text(resource, "resourceType"), version);
        return add_fault(r, place, message);
    }
    if (type == AG_FHIR_BUNDLE) {
        r->counts.bundles++;
        ag_status status = ag_rows_of_deletions(r, resource);
        return status == AG_OK ? read_gathered(r, place) : status;
    }
    if (type == AG_FHIR_OUTCOME)
        return tell_of_export(r, resource, place);
    r->sound = true;
    if (type == AG_FHIR_PATIENT)
        return ag_rows_of_person(r, resource);
    r->type = ag_concept_type_of(type);
    if (r->type != AG_CONCEPT_TYPES && !r->silent)
        count_concepts(r, resource);
    if (type == AG_FHIR_MEDICATION)
        return ag_rows_of_medication(r, resource);
    return ag_fhir_holds_facts(type) ? ag_rows_of_resource(r, resource, NULL, NULL) : AG_OK;
}

/* The resources of a Bundle or a list are gathered as those of a record, so that references within
 * it are followed. */
static ag_status read_gathered(ag_line_reader *r, ag_line_place place) {
    ag_fhir_record record;
    ag_error error = {.code = AG_OK};
    ag_status status = ag_fhir_gather(&record, r->arena, r->vocabulary, r->text, r->length, &error);
    if (status == AG_ERROR_MEMORY)
        return ag_fail(&r->error, status, "out of memory");
    if (status != AG_OK)
        return add_fault(r, place, error.message);
    r->bundle = &record;
    for (int i = 0; i < record.count && status == AG_OK; i++) {
        r->full_url = record.entries[i].full_url;
        if (!record.entries[i].replaced)
            status = read_resource(r, record.entries[i].resource, place);
    }
    r->bundle = NULL;
    r->full_url = NULL;
    return status;
}

static ag_status parse_line(ag_line_reader *r, ag_line_place place) {
    const ag_json_value *value;
    ag_error error = {.code = AG_OK};
    ag_arena_reset(r->arena);
    r->counts.parsed++;
    ag_status status = ag_json_parse(r->parser, r->arena, r->text, r->length, &value, &error);
    if (status == AG_ERROR_MEMORY)
        return ag_fail(&r->error, status, "out of memory");
    if (status == AG_OK && value->type == AG_JSON_OBJECT)
        return read_resource(r, value, place);
    if (status == AG_OK && value->type == AG_JSON_ARRAY && value->first != NULL)
        return read_gathered(r, place);
    if (status == AG_OK)
        return add_fault(r, place,
                         "a FHIR resource is expected here, an object with a resourceType");
    return add_fault(r, place, error.message);
}

/* Of a version that is known to say nothing no more is read. False where that is not found, so that
 * it must be parsed after all. */
static bool read_silent(ag_line_reader *r, ag_status *status) {
    ag_json_wanted wanted[] = {{.outer = "", .key = "resourceType"},
                               {.outer = "", .key = "id"},
                               {.outer = "meta", .key = "lastUpdated"},
                               {.outer = "subject", .key = "reference"}};
    ag_arena_reset(r->arena);
    if (!ag_json_find_texts(r->parser, r->arena, r->text, r->length, wanted, 4))
        return false;
    size_t length;
    const char *patient = ag_fhir_patient_id(wanted[3].text, &length);
    if (patient == NULL)
        return false;
    *status = ag_silent_add(&r->silent_run, patient, length, wanted[0].text, wanted[1].text,
                            wanted[2].text, r->sorter, &r->error);
    return true;
}

/* Only of valid UTF-8 is what simdjson skips over certain. */
ag_status ag_line_read(ag_line_reader *r, const char *text, size_t length, bool joint, bool last,
                       ag_line_place place) {
    r->counts.lines++;
    while (length > 0 &&
           (text[length - 1] == '\r' || text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length == 0)
        return AG_OK;
    ag_concept_type type = AG_CONCEPT_TYPES;
    line_kind kind = joint || last || r->strict ? LINE_MATTERS : kind_of(r, text, length, &type);
    if (kind == LINE_IRRELEVANT) {
        r->counts.sound++;
        return AG_OK;
    }
    r->text = text;
    r->length = length;
    r->silent = r->sound = false;
    r->found_count = -1;
    if (kind == LINE_CODED && !can_matter(r, type)) {
        r->counts.sound++;
        return AG_OK;
    }
    ag_status status = AG_OK;
    if (!r->silent || !read_silent(r, &status))
        status = parse_line(r, place);
    r->counts.sound += r->sound || r->silent;
    return status == AG_OK ? ag_concepts_settle(r->concepts, false, r->sorter, &r->error) : status;
}

ag_status ag_line_reader_settle(ag_line_reader *r) {
    return ag_silent_flush(&r->silent_run, r->sorter, &r->error);
}
