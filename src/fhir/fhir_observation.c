/* Observations: a finding and its value, alone or in components. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "fhir_facts.h"
#include "phrase.h"
#include "text.h"
#include "units.h"

/* LOINC: "Sexual abstinence duration". It belongs to the sample, not to a card. */
static const char ABSTINENCE[] = "10587-4";

typedef struct observed {
    ag_fhir_converter *c;
    const ag_json_value *resource; /* the Observation */
    const ag_json_value *part;     /* itself, or one of its components */
    const char *text;
} observed;

static const char *status_forbids(const char *status) {
    static const struct {
        const char *status, *why;
    } reasons[] = {{"registered", AG_SAID("it has no result yet")},
                   {"preliminary", AG_SAID("it is preliminary")},
                   {"cancelled", AG_SAID("it was cancelled")},
                   {"entered-in-error", AG_SAID("it was entered in error")},
                   {"unknown", AG_SAID("its status is unknown")}};
    for (size_t i = 0; status != NULL && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(status, reasons[i].status) == 0)
            return reasons[i].why;
    return NULL;
}

static void unused(const observed *o, const char *why) {
    const char *copy = ag_arena_copy(o->c->arena, why);
    if (copy == NULL)
        o->c->status = AG_ERROR_MEMORY;
    else
        ag_fhir_add_unused(o->c, o->resource, o->text, copy);
}

/* ---- values as the text and unit that the readers of values take ---- */

enum { LONGEST_NUMBER = 60, LONGEST_TEXT = 150 };

typedef struct written {
    char value[160];
    const char *code; /* the unit in UCUM, which is tried first */
    const char *unit; /* and as people read it */
    bool given;
} written;

static void write_unit(const ag_json_value *quantity, written *w) {
    w->code = ag_json_get_text(quantity, "code");
    w->unit = ag_json_get_text(quantity, "unit");
    if (w->unit == NULL)
        w->unit = w->code;
}

/* The beginning of a text (NULL: none), with a NUL behind it, whose place is given. */
static char *put(char *to, const char *text, size_t most) {
    size_t length = text != NULL ? strnlen(text, most) : 0;
    if (length > 0)
        memcpy(to, text, length);
    to[length] = '\0';
    return to + length;
}

static const char *number_text(const ag_json_value *quantity) {
    const ag_json_value *value = ag_json_get(quantity, "value");
    return value != NULL && value->type == AG_JSON_NUMBER ? value->text : NULL;
}

static void write_quantity(const ag_json_value *quantity, written *w) {
    const char *number = number_text(quantity);
    w->given = number != NULL;
    put(put(w->value, ag_json_get_text(quantity, "comparator"), 4), number, LONGEST_NUMBER);
    write_unit(quantity, w);
}

static void write_range(const ag_json_value *range, written *w) {
    const ag_json_value *from = ag_json_get(range, "low"), *to = ag_json_get(range, "high");
    const char *low = number_text(from), *high = number_text(to);
    w->given = low != NULL || high != NULL;
    if (low != NULL && high != NULL)
        put(put(put(w->value, low, LONGEST_NUMBER), " to ", 4), high, LONGEST_NUMBER);
    else
        put(put(w->value, low != NULL ? ">=" : "<=", 2), low != NULL ? low : high, LONGEST_NUMBER);
    write_unit(low != NULL ? from : to, w);
}

/* A result that is only graded: L, N, H, POS, NEG. */
static void write_interpretation(const ag_json_value *part, written *w) {
    static const char *const words[][2] = {
        {"POS", "positive"}, {"NEG", "negative"}, {"L", "low"},
        {"LL", "low"},       {"H", "high"},       {"HH", "high"},
        {"N", "normal"},     {"DET", "present"},  {"ND", "absent"}};
    const char *code = ag_fhir_code(ag_json_items(ag_json_get(part, "interpretation")));
    for (size_t i = 0; code != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(code, words[i][0]) == 0) {
            put(w->value, words[i][1], LONGEST_TEXT);
            w->given = true;
        }
}

static written write_value(const ag_json_value *part) {
    written w = {.given = false};
    const ag_json_value *quantity = ag_json_get(part, "valueQuantity");
    const ag_json_value *range = ag_json_get(part, "valueRange");
    const ag_json_value *yes = ag_json_get(part, "valueBoolean");
    const ag_json_value *whole = ag_json_get(part, "valueInteger");
    const char *text = ag_json_get_text(part, "valueString");
    if (text == NULL)
        text = ag_fhir_concept_text(ag_json_get(part, "valueCodeableConcept"));
    if (quantity != NULL) {
        write_quantity(quantity, &w);
    } else if (range != NULL) {
        write_range(range, &w);
    } else if (yes != NULL) {
        put(w.value, yes->type == AG_JSON_TRUE ? "yes" : "no", LONGEST_TEXT);
        w.given = yes->type == AG_JSON_TRUE || yes->type == AG_JSON_FALSE;
    } else if (whole != NULL) {
        w.given = whole->type == AG_JSON_NUMBER;
        put(w.value, w.given ? whole->text : NULL, LONGEST_NUMBER);
    } else if (text != NULL) {
        put(w.value, text, LONGEST_TEXT);
        w.given = true;
    } else {
        write_interpretation(part, &w);
    }
    return w;
}

/* The displays of a coded value are tried after its text. */
static ag_status read_value(const observed *o, int finding, const written *w, ag_finding_value *out,
                            ag_error *error) {
    const ag_knowledge *knowledge = o->c->knowledge;
    if (w->code != NULL && ag_finding_value_read(knowledge, finding, w->value, w->code, AG_ENGLISH,
                                                 out, NULL) == AG_OK)
        return AG_OK;
    ag_status status =
        ag_finding_value_read(knowledge, finding, w->value, w->unit, o->c->language, out, error);
    const ag_json_value *concept = ag_json_get(o->part, "valueCodeableConcept");
    const ag_json_value *coding = ag_json_items(ag_json_get(concept, "coding"));
    for (; status != AG_OK && coding != NULL; coding = coding->next) {
        const char *display = ag_json_get_text(coding, "display");
        if (display != NULL && ag_finding_value_read(o->c->knowledge, finding, display, NULL,
                                                     AG_ENGLISH, out, NULL) == AG_OK)
            return AG_OK;
    }
    return status;
}

/* ---- facts ---- */

static ag_fhir_time time_of(const ag_json_value *resource) {
    ag_fhir_time time = ag_fhir_read_time(resource, "effective", false);
    return time.given ? time : ag_fhir_read_date(ag_json_get(resource, "issued"));
}

static void keep_finding(const observed *o, int finding, ag_finding_value value) {
    ag_fhir_fact *fact = ag_fhir_add(o->c, AG_FHIR_FINDING, o->resource, o->text);
    if (fact == NULL)
        return;
    fact->index = finding;
    fact->value = value;
    fact->start = time_of(o->resource);
    fact->specimen = ag_json_get_text(ag_json_get(o->resource, "specimen"), "reference");
}

static void add_finding(const observed *o, int finding, const written *w) {
    ag_finding_value value;
    ag_error error = {.code = AG_OK};
    if (read_value(o, finding, w, &value, &error) == AG_OK)
        keep_finding(o, finding, value);
    else
        unused(o, error.message);
}

/* "Normal libido: yes"; what it is where that is not so, it does not say. */
static void add_absence(const observed *o, int finding, const written *w) {
    if (ag_yes_or_no(w->value) > 0)
        keep_finding(o, finding, (ag_finding_value){.state = 0});
    else
        unused(o, AG_SAID("it denies what is normal, and does not say what there is"));
}

/* "Vasectomy: yes", told as an observation. */
static void add_cause(const observed *o, int cause, const written *w) {
    int yes = w->given ? ag_yes_or_no(w->value) : 0;
    if (yes == 0) {
        unused(o, AG_SAID("an observation of a condition must say yes or no"));
        return;
    }
    ag_fhir_fact *fact = ag_fhir_add(o->c, AG_FHIR_CAUSE, o->resource, o->text);
    if (fact == NULL)
        return;
    fact->index = cause;
    fact->present = yes > 0;
    fact->start = time_of(o->resource);
    fact->start.days.first = INT_MIN; /* it was there when it was observed */
}

bool ag_fhir_is_abstinence(const ag_json_value *concept) {
    const ag_json_value *coding = ag_json_items(ag_json_get(concept, "coding"));
    for (; coding != NULL; coding = coding->next)
        if (ag_json_is(ag_json_get(coding, "system"), "http://loinc.org") &&
            ag_json_is(ag_json_get(coding, "code"), ABSTINENCE))
            return true;
    return false;
}

static void add_abstinence(const observed *o) {
    const ag_json_value *quantity = ag_json_get(o->part, "valueQuantity");
    double days = ag_fhir_days(quantity);
    if (isnan(days) || days < 0 || days > 3650) {
        unused(o, AG_SAID("it is no length of time with its unit (d or h)"));
        return;
    }
    ag_fhir_fact *fact = ag_fhir_add(o->c, AG_FHIR_ABSTINENCE, o->resource, o->text);
    if (fact == NULL)
        return;
    fact->value.low = fact->value.high = days;
    fact->start = time_of(o->resource);
    fact->specimen = ag_json_get_text(ag_json_get(o->resource, "specimen"), "reference");
}

/* Whether the part was understood, or belongs to nothing we know. */
static bool convert_part(observed *o) {
    ag_fhir_meaning meaning =
        ag_fhir_read_concept(o->c, ag_json_get(o->part, "code"), AG_FHIR_RESULT);
    bool abstinence = ag_fhir_is_abstinence(ag_json_get(o->part, "code"));
    o->text = meaning.text;
    if (meaning.count == 0 && !abstinence)
        return false;
    const char *forbidden = status_forbids(ag_json_get_text(o->resource, "status"));
    written w = write_value(o->part);
    if (forbidden != NULL)
        unused(o, forbidden);
    else if (abstinence)
        add_abstinence(o);
    else if (meaning.terms[0].kind == AG_TERM_MECHANISM)
        unused(o, AG_SAID("it is a diagnosis, which the assessment judges anew from the findings"));
    else if (!w.given && ag_json_get(o->part, "dataAbsentReason") != NULL)
        unused(o, AG_SAID("the record says that its value is missing"));
    else if (meaning.terms[0].kind == AG_TERM_CAUSE)
        add_cause(o, meaning.terms[0].index, &w);
    else if (!w.given)
        unused(o, AG_SAID("it has no value"));
    else if (meaning.terms[0].kind == AG_TERM_ABSENCE)
        add_absence(o, meaning.terms[0].index, &w);
    else
        add_finding(o, meaning.terms[0].index, &w);
    return true;
}

static bool has_value(const ag_json_value *part) {
    return write_value(part).given || ag_json_get(part, "dataAbsentReason") != NULL;
}

void ag_fhir_observation(ag_fhir_converter *converter, const ag_json_value *resource) {
    observed o = {.c = converter, .resource = resource, .part = resource};
    const ag_json_value *components = ag_json_items(ag_json_get(resource, "component"));
    bool understood = false;
    if (components == NULL || has_value(resource))
        understood = convert_part(&o);
    for (const ag_json_value *part = components; part != NULL; part = part->next) {
        o.part = part;
        understood = convert_part(&o) || understood;
    }
    if (understood)
        return;
    const char *text = ag_fhir_concept_text(ag_json_get(resource, "code"));
    ag_fhir_add(converter, AG_FHIR_UNKNOWN, resource,
                text != NULL ? text : "an observation without a name");
}
