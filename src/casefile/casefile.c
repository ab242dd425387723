/* A case file: its top-level keys, the man himself, and the order in which all is read. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "case_node.h"
#include "case_reader.h"
#include "text.h"

enum { ADULT = 18, OLDEST = 120 };

/* ---- helpers ---- */

ag_status ag_case_at(ag_case *c, const ag_node *node, ag_status status) {
    if (status != AG_OK && c->error != NULL && c->error->line == 0) {
        c->error->line = node->line;
        c->error->column = node->column;
    }
    return status;
}

ag_status ag_case_fail(ag_case *c, const ag_node *node, ag_status code, const char *english, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, english);
    vsnprintf(message, sizeof message, ag_say(c->patient->language, english), arguments);
    va_end(arguments);
    return ag_fail_at(c->error, code, node->line, node->column, "%s", message);
}

bool ag_case_key_in(const char *key, const char *list) {
    ag_words words;
    ag_words_read(&words, key);
    char joined[AG_WORDS_TEXT];
    size_t n = 0;
    for (const char *at = words.text; *at != '\0'; at++)
        joined[n++] = *at == ' ' ? '_' : *at;
    joined[n] = '\0';
    for (const char *at = list; at[1] != '\0'; at += 1 + strcspn(at + 1, "|"))
        if (n > 0 && strcspn(at + 1, "|") == n && memcmp(at + 1, joined, n) == 0)
            return true;
    return false;
}

bool ag_case_is_unknown(const ag_node *node) {
    if (node->kind != AG_NODE_TEXT)
        return node->count == 0;
    return node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "?") == 0 ||
           ag_case_key_in(node->text,
                          "|null|unknown|not_known|desconocido|desconocida|no_se_sabe|");
}

ag_status ag_case_text(ag_case *c, const ag_node *node, const char **out) {
    *out = node->text;
    if (node->kind == AG_NODE_TEXT)
        return AG_OK;
    return ag_case_fail(c, node, AG_ERROR_VALUE, "%s must be a plain text, not a list or a map",
                        node->key != NULL ? node->key : "this entry");
}

const char *ag_case_where(ag_case *c, const ag_node *node) {
    return ag_arena_format(c->arena, ag_say(c->patient->language, "line %d"), node->line);
}

ag_status ag_case_unused(ag_case *c, const ag_node *node, ag_unused_reason reason, const char *text,
                         const char *why, unsigned kinds) {
    ag_unused entry = {.reason = reason, .text = text, .where = ag_case_where(c, node), .why = why};
    ag_phrase phrase;
    if (kinds != 0)
        ag_vocabulary_nearest(c->vocabulary, kinds, text, entry.nearest);
    if (kinds != 0 && entry.nearest[0] == NULL && !ag_phrase_read(c->vocabulary, text, &phrase) &&
        phrase.rest[0] != '\0')
        ag_vocabulary_nearest(c->vocabulary, kinds, phrase.rest, entry.nearest);
    if (ag_patient_add_unused(c->patient, &entry) != AG_OK)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    return AG_OK;
}

/* ---- the man ---- */

static ag_status read_number(ag_case *c, const ag_node *node, double low, double high,
                             const char *unit, double *out) {
    const char *text;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK)
        return status;
    const char *rest = text;
    bool known = ag_number_read(&rest, out);
    rest += strspn(rest, " ");
    if (known && *rest != '\0' && !ag_case_key_in(rest, unit))
        known = false;
    if (!known || *out < low || *out > high)
        return ag_case_fail(c, node, AG_ERROR_VALUE, "%s \"%.60s\" must be a number from %g to %g",
                            node->key, text, low, high);
    return AG_OK;
}

static const char YEARS[] = "|years|year|y|yr|anos|ano|years_old|";

static ag_status read_age(ag_case *c, const ag_node *node) {
    ag_patient *patient = c->patient;
    ag_status status = read_number(c, node, 0, OLDEST, YEARS, &patient->age_years);
    if (status != AG_OK)
        return status;
    if (patient->age_years < ADULT)
        return ag_case_fail(c, node, AG_ERROR_DECLINED,
                            "he is %g years old; only adults (from %d) are assessed",
                            patient->age_years, ADULT);
    bool whole = patient->age_years == floor(patient->age_years);
    double last = patient->age_years + (whole ? 1 : 0);
    patient->birth.first = patient->as_of - (int)ceil(last * AG_DAYS_PER_YEAR);
    patient->birth.last = patient->as_of - (int)floor(patient->age_years * AG_DAYS_PER_YEAR);
    return AG_OK;
}

static ag_status read_anatomy(ag_case *c, const ag_node *node, bool overridden) {
    const char *text;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK || overridden ||
        ag_case_key_in(text, "|male|man|m|hombre|varon|masculino|"))
        return status;
    if (ag_case_key_in(text, "|female|woman|f|mujer|femenino|"))
        return ag_case_fail(c, node, AG_ERROR_DECLINED,
                            "only people with male anatomy are assessed; this case says \"%s\". "
                            "Write \"anatomy: male\" where that is so",
                            text);
    return ag_case_fail(c, node, AG_ERROR_DECLINED,
                        "the anatomy \"%.60s\" is outside the intended use: only unoperated male "
                        "anatomy is assessed. Write \"anatomy: male\" where that is so",
                        text);
}

static ag_status read_wants(ag_case *c, const ag_node *node) {
    const char *text;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK)
        return status;
    if (ag_case_key_in(text, "|child|a_child|children|fertility|baby|hijo|un_hijo|hijos|"))
        c->patient->wish = AG_WISH_CHILD;
    else if (ag_case_key_in(text, "|relief|treatment|alivio|tratamiento|"))
        c->patient->wish = AG_WISH_RELIEF;
    else if (ag_case_key_in(text, "|answers|an_answer|explanation|respuestas|explicacion|"))
        c->patient->wish = AG_WISH_ANSWERS;
    else
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "wants cannot be \"%.60s\". Give one of: child, relief, answers", text);
    return AG_OK;
}

static ag_status read_setting(ag_case *c, const ag_node *node, const char *text) {
    int variable = ag_knowledge_variable(c->knowledge, "setting");
    const ag_finding *card = variable >= 0 ? ag_knowledge_finding_of(c->knowledge, variable) : NULL;
    if (card == NULL)
        return ag_case_unused(c, node, AG_UNUSED_UNKNOWN, text,
                              "the knowledge has no card for the setting", 0);
    bool understood;
    return ag_case_finding_pair(c, node, "setting", text, NULL, &understood);
}

static ag_status read_setting_node(ag_case *c, const ag_node *node) {
    const char *text;
    ag_status status = ag_case_text(c, node, &text);
    return status != AG_OK ? status : read_setting(c, node, text);
}

static ag_status read_onset(ag_case *c, const ag_node *node) {
    const char *text;
    ag_case_time time = {0};
    ag_status status = ag_case_text(c, node, &text);
    if (status == AG_OK)
        status = ag_case_time_read(c, node, text, &time);
    if (status != AG_OK)
        return status;
    if (time.when.kind == AG_WHEN_LIFELONG)
        c->patient->lifelong = true;
    else if (c->onset.given)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "the onset is given twice (first on line %d); keep one of since and "
                            "onset",
                            c->onset.node->line);
    else
        c->onset = time;
    return AG_OK;
}

static ag_status read_one_tried(ag_case *c, const ag_node *node) {
    ag_tried tried = {.cause = -1};
    char name[256] = "";
    if (node->kind == AG_NODE_MAP) {
        for (const ag_node *field = node->first; field != NULL; field = field->next) {
            const char *text;
            ag_status status = ag_case_text(c, field, &text);
            if (status != AG_OK)
                return status;
            if (ag_case_key_in(field->key, "|name|nombre|"))
                tried.name = text;
            else if (ag_case_key_in(field->key, "|result|resultado|effect|"))
                tried.result = text;
            else if (node->count == 1) {
                tried.name = field->key;
                tried.result = text;
            } else
                return ag_case_fail(c, field, AG_ERROR_NAME,
                                    "\"%.60s\" is no key of a treatment. Use name and result",
                                    field->key);
        }
        if (tried.name == NULL)
            return ag_case_fail(c, node, AG_ERROR_VALUE, "a tried treatment needs a name");
    } else {
        ag_status status = ag_case_text(c, node, &tried.name);
        if (status != AG_OK)
            return status;
        const char *colon = strchr(tried.name, ':');
        if (colon != NULL && (size_t)(colon - tried.name) < sizeof name) {
            snprintf(name, sizeof name, "%.*s", (int)(colon - tried.name), tried.name);
            tried.result = colon + 1 + strspn(colon + 1, " ");
            tried.name = name;
        }
    }
    ag_phrase phrase;
    if (ag_phrase_read(c->vocabulary, tried.name, &phrase))
        tried.cause = phrase.causes[0];
    if (ag_patient_add_tried(c->patient, &tried) != AG_OK)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    return AG_OK;
}

static ag_status read_tried(ag_case *c, const ag_node *node) {
    if (node->kind != AG_NODE_LIST)
        return read_one_tried(c, node);
    ag_status status = AG_OK;
    for (const ag_node *item = node->first; item != NULL && status == AG_OK; item = item->next)
        status = read_one_tried(c, item);
    return status;
}

/* ---- keys ---- */

typedef ag_status read_key(ag_case *c, const ag_node *node);

/* A list with an entry that is not recognised is not complete: the entry may be a misspelt name of
 * what the list else would deny. */
static ag_status read_medicines(ag_case *c, const ag_node *node) {
    ag_status status = ag_case_entries(c, node, AG_SECTION_MEDICINES, NULL);
    c->patient->medicines_complete = c->all_known;
    return status;
}

static ag_status read_operations(ag_case *c, const ag_node *node) {
    ag_status status = ag_case_entries(c, node, AG_SECTION_OPERATIONS, NULL);
    c->patient->operations_complete = c->all_known;
    return status;
}

/* Nobody lists all that he ever had: the list is never complete. */
static ag_status read_conditions(ag_case *c, const ag_node *node) {
    c->patient->conditions_asked = true;
    return ag_case_entries(c, node, AG_SECTION_CONDITIONS, NULL);
}

static ag_status read_symptoms(ag_case *c, const ag_node *node) {
    return ag_case_entries(c, node, AG_SECTION_SYMPTOMS, NULL);
}

static ag_status read_exam(ag_case *c, const ag_node *node) {
    return ag_case_entries(c, node, AG_SECTION_EXAM, NULL);
}

static ag_status read_tests(ag_case *c, const ag_node *node) {
    return ag_case_entries(c, node, AG_SECTION_TESTS, NULL);
}

static ag_status read_absent(ag_case *c, const ag_node *node) {
    return ag_case_entries(c, node, AG_SECTION_ABSENT, NULL);
}

static ag_status read_partner_age(ag_case *c, const ag_node *node) {
    return read_number(c, node, 10, OLDEST, YEARS, &c->patient->partner_age_years);
}

static ag_status read_nothing(ag_case *c, const ag_node *node) {
    (void)c, (void)node;
    return AG_OK;
}

/* `date`, `id`, `age` and `anatomy` are read first, as the rest builds on them. */
static const struct {
    const char *keys;
    read_key *read;
    bool empty_counts; /* an empty list says something */
} KEYS[] = {{"|date|", read_nothing, false},
            {"|id|", read_nothing, false},
            {"|age|", read_nothing, false},
            {"|anatomy|sex|", read_nothing, false},
            {"|note|notes|comment|", read_nothing, false},
            {"|setting|", read_setting_node, false},
            {"|wants|", read_wants, false},
            {"|partner_age|", read_partner_age, false},
            {"|medicines|medications|", read_medicines, true},
            {"|treatments_tried|", read_tried, false},
            {"|conditions|", read_conditions, true},
            {"|operations|", read_operations, true},
            {"|symptoms|", read_symptoms, false},
            {"|absent|", read_absent, false},
            {"|since|onset|", read_onset, false},
            {"|exam|examination|", read_exam, false},
            {"|samples|", ag_case_samples, false},
            {"|tests|", read_tests, false}};

static ag_status unknown_key(ag_case *c, const ag_node *node) {
    static const char *const names[] = {"age",
                                        "anatomy",
                                        "setting",
                                        "wants",
                                        "partner_age",
                                        "medicines",
                                        "treatments_tried",
                                        "conditions",
                                        "operations",
                                        "symptoms",
                                        "absent",
                                        "since",
                                        "onset",
                                        "exam",
                                        "samples",
                                        "tests",
                                        "date",
                                        "id",
                                        "note"};
    ag_nearest nearest;
    ag_nearest_start(&nearest, node->key);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ag_nearest_offer(&nearest, names[i]);
    ag_buffer list = ag_buffer_start(c->arena);
    if (nearest.count > 0)
        ag_nearest_list(&nearest, &list);
    for (size_t i = 0; nearest.count == 0 && i < sizeof names / sizeof names[0]; i++)
        ag_buffer_format(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    const char *text = ag_buffer_text(&list);
    if (text == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    return nearest.count > 0
               ? ag_case_fail(c, node, AG_ERROR_NAME,
                              "\"%.60s\" is no key of a case. Did you mean %s?", node->key, text)
               : ag_case_fail(c, node, AG_ERROR_NAME,
                              "\"%.60s\" is no key of a case. The keys are: %s", node->key, text);
}

static ag_status read_key_node(ag_case *c, const ag_node *node) {
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        if (!ag_case_key_in(node->key, KEYS[i].keys))
            continue;
        bool empty_list = KEYS[i].empty_counts && node->kind == AG_NODE_LIST;
        if (ag_case_is_unknown(node) && !empty_list)
            return AG_OK;
        return KEYS[i].read(c, node);
    }
    return unknown_key(c, node);
}

static const ag_node *find_key(const ag_node *map, const char *list) {
    for (const ag_node *node = map->first; node != NULL; node = node->next)
        if (ag_case_key_in(node->key, list) && !ag_case_is_unknown(node))
            return node;
    return NULL;
}

static ag_status read_date(ag_case *c, const ag_node *map, const ag_patient_options *options) {
    const ag_node *node = find_key(map, "|date|");
    ag_days day;
    c->patient->as_of = ag_day_today();
    if (node != NULL) {
        const char *text;
        ag_status status = ag_case_text(c, node, &text);
        if (status != AG_OK)
            return status;
        if (!ag_date_read(text, &day))
            return ag_case_fail(c, node, AG_ERROR_VALUE,
                                "date \"%.60s\" is no date. Write it like 2024-03-15", text);
        c->patient->as_of = day.last;
    }
    if (options == NULL || options->as_of == NULL)
        return AG_OK;
    if (!ag_date_read(options->as_of, &day) || day.first != day.last)
        return ag_fail(c->error, AG_ERROR_ARGUMENT,
                       "the day of the assessment \"%.60s\" is no date like 2024-03-15",
                       options->as_of);
    c->patient->as_of = day.first;
    return AG_OK;
}

static ag_status read_person(ag_case *c, const ag_node *map, const ag_patient_options *options) {
    const ag_node *id = find_key(map, "|id|"), *age = find_key(map, "|age|");
    const ag_node *anatomy = find_key(map, "|anatomy|sex|");
    ag_status status = read_date(c, map, options);
    const char *label = "";
    if (status == AG_OK && id != NULL)
        status = ag_case_text(c, id, &label);
    if (status == AG_OK && (c->patient->label = ag_patient_text(c->patient, label)) == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    if (status == AG_OK && anatomy != NULL)
        status = read_anatomy(c, anatomy, options != NULL && options->male_anatomy);
    if (status == AG_OK && age != NULL)
        status = read_age(c, age);
    return status;
}

static ag_status read_map(ag_case *c, const ag_node *map, const ag_patient_options *options) {
    const char *setting = options != NULL ? options->setting : NULL;
    ag_status status = read_person(c, map, options);
    if (status == AG_OK && setting != NULL)
        status = read_setting(c, map, setting);
    for (const ag_node *node = map->first; node != NULL && status == AG_OK; node = node->next)
        if (setting == NULL || !ag_case_key_in(node->key, "|setting|"))
            status = read_key_node(c, node);
    if (status == AG_OK)
        status = ag_case_settle(c);
    return status == AG_OK ? ag_patient_finish(c->patient, c->error) : status;
}

static ag_status read_root(ag_case *c, const ag_node *root, const ag_patient_options *options) {
    if (root == NULL || root->kind != AG_NODE_MAP)
        return ag_fail_at(c->error, AG_ERROR_UNSUPPORTED, root != NULL ? root->line : 1, 1,
                          "this is no case: a case is a map of keys such as \"age: 54\"");
    return read_map(c, root, options);
}

static ag_status read_case(ag_case *c, const char *text, size_t length,
                           const ag_patient_options *options) {
    const ag_node *root;
    ag_status status = ag_yaml_parse(c->arena, text, length, &root, c->error);
    return status == AG_OK ? read_root(c, root, options) : status;
}

static ag_status start_case(ag_case *c, const ag_vocabulary *vocabulary,
                            const ag_patient_options *options, ag_error *error) {
    ag_patient *patient = ag_patient_new(ag_vocabulary_knowledge(vocabulary));
    if (patient == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    patient->typed = true;
    *c = (ag_case){.vocabulary = vocabulary,
                   .knowledge = patient->knowledge,
                   .patient = patient,
                   .arena = patient->arena,
                   .error = error,
                   .lenient = options != NULL && options->lenient};
    patient->language = ag_language_of(options != NULL ? options->language : NULL);
    c->causes_end = &c->causes;
    c->findings_end = &c->findings;
    c->samples_end = &c->samples;
    return AG_OK;
}

static ag_status end_case(ag_case *c, ag_status status, ag_patient **out) {
    if (status != AG_OK)
        ag_patient_free(c->patient);
    else
        *out = c->patient;
    return status;
}

ag_status ag_patient_read_case(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                               size_t length, const ag_patient_options *options, ag_error *error) {
    *out = NULL;
    ag_case c;
    ag_status status = start_case(&c, vocabulary, options, error);
    return status == AG_OK ? end_case(&c, read_case(&c, text, length, options), out) : status;
}

ag_status ag_patient_read_node(ag_patient **out, const ag_vocabulary *vocabulary,
                               const ag_node *root, const ag_patient_options *options,
                               ag_error *error) {
    *out = NULL;
    ag_case c;
    ag_status status = start_case(&c, vocabulary, options, error);
    return status == AG_OK ? end_case(&c, read_root(&c, root, options), out) : status;
}
