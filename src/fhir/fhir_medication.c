/* Medicines: requests, statements, dispenses and administrations, with their dose and dates. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fhir_facts.h"
#include "phrase.h"
#include "text.h"
#include "units.h"

enum { MOST_DAYS = 3650 };

/* What a status makes of a medicine. */
typedef enum ag_fhir_role { USED, USED_BEFORE, NOT_USED, NEVER_TAKEN } ag_fhir_role;

typedef struct status_rule {
    const char *status;
    ag_fhir_role role;
    const char *why;
} status_rule;

static const status_rule REQUEST[] = {
    {"active", USED, NULL},
    {"completed", USED_BEFORE, NULL},
    {"stopped", USED_BEFORE, NULL},
    {"on-hold", NOT_USED, AG_SAID("it is on hold")},
    {"cancelled", NOT_USED, AG_SAID("it was withdrawn before it was taken")},
    {"entered-in-error", NOT_USED, AG_SAID("it was entered in error")},
    {"draft", NOT_USED, AG_SAID("it is a draft")},
    {"unknown", NOT_USED, AG_SAID("the record does not say whether it is taken")}};

static const status_rule STATEMENT[] = {
    {"active", USED, NULL},
    {"completed", USED_BEFORE, NULL},
    {"stopped", USED_BEFORE, NULL},
    {"not-taken", NEVER_TAKEN, NULL},
    {"intended", NOT_USED, AG_SAID("it is not taken yet")},
    {"on-hold", NOT_USED, AG_SAID("it is on hold")},
    {"entered-in-error", NOT_USED, AG_SAID("it was entered in error")},
    {"unknown", NOT_USED, AG_SAID("the record does not say whether it is taken")}};

static const status_rule GIVEN[] = {
    {"completed", USED, NULL},
    {"in-progress", USED, NULL},
    {"stopped", USED_BEFORE, NULL},
    {"not-done", NOT_USED, AG_SAID("it was not given")},
    {"declined", NOT_USED, AG_SAID("it was not given")},
    {"cancelled", NOT_USED, AG_SAID("it was not given")},
    {"preparation", NOT_USED, AG_SAID("it was not given yet")},
    {"on-hold", NOT_USED, AG_SAID("it is on hold")},
    {"entered-in-error", NOT_USED, AG_SAID("it was entered in error")},
    {"unknown", NOT_USED, AG_SAID("the record does not say whether it was given")}};

static status_rule rule_for(ag_fhir_type type, const char *status) {
    const status_rule *rules = GIVEN;
    size_t count = sizeof GIVEN / sizeof GIVEN[0];
    if (type == AG_FHIR_MEDICATION_REQUEST) {
        rules = REQUEST;
        count = sizeof REQUEST / sizeof REQUEST[0];
    } else if (type == AG_FHIR_MEDICATION_STATEMENT) {
        rules = STATEMENT;
        count = sizeof STATEMENT / sizeof STATEMENT[0];
    }
    for (size_t i = 0; status != NULL && i < count; i++)
        if (strcmp(status, rules[i].status) == 0)
            return rules[i];
    return (status_rule){status, NOT_USED, AG_SAID("its status is missing or unknown")};
}

/* A request may be a plan or a proposal; one that the man reports himself is taken. */
static const char *intent_forbids(const ag_json_value *resource) {
    static const char *const planned[] = {"proposal", "plan", "option", NULL};
    const char *intent = ag_json_get_text(resource, "intent");
    if (ag_json_is_true(resource, "doNotPerform"))
        return AG_SAID("it is an order not to take it");
    if (!ag_fhir_in_list(intent, planned) || ag_json_is_true(resource, "reportedBoolean") ||
        ag_json_get(resource, "reportedReference") != NULL)
        return NULL;
    return AG_SAID("it is only planned");
}

/* ---- which medicine ---- */

static ag_fhir_meaning read_ingredients(const ag_fhir_converter *c,
                                        const ag_json_value *medication) {
    ag_fhir_meaning all = {.count = 0};
    const ag_json_value *item = ag_json_items(ag_json_get(medication, "ingredient"));
    for (; item != NULL; item = item->next) {
        ag_fhir_meaning one =
            ag_fhir_read_concept(c, ag_json_get(item, "itemCodeableConcept"), AG_FHIR_PRODUCT);
        if (all.text == NULL)
            all.text = one.text;
        for (int i = 0; i < one.count && all.count < AG_FHIR_TERMS; i++)
            all.terms[all.count++] = one.terms[i];
    }
    return all;
}

static ag_fhir_meaning read_medicine(const ag_fhir_converter *c, const ag_json_value *resource) {
    const ag_json_value *concept = ag_json_get(resource, "medicationCodeableConcept");
    if (concept != NULL)
        return ag_fhir_read_concept(c, concept, AG_FHIR_PRODUCT);
    const ag_json_value *link = ag_json_get(resource, "medicationReference");
    const char *reference = ag_json_get_text(link, "reference");
    const ag_json_value *medication = c->resolve != NULL && reference != NULL
                                          ? c->resolve(c->resolve_data, resource, reference)
                                          : NULL;
    ag_fhir_meaning meaning = {.count = 0};
    const ag_json_value *code = ag_json_get(medication, "code");
    if (code != NULL)
        meaning = ag_fhir_read_concept(c, code, AG_FHIR_PRODUCT);
    if (meaning.count == 0 && medication != NULL) {
        ag_fhir_meaning parts = read_ingredients(c, medication);
        if (parts.count > 0) {
            parts.text = meaning.text != NULL ? meaning.text : parts.text;
            meaning = parts;
        }
    }
    const char *display = ag_json_get_text(link, "display");
    ag_phrase phrase;
    if (meaning.count == 0 && display != NULL) {
        bool known = ag_phrase_read(c->vocabulary, display, &phrase) && !phrase.negated;
        for (int i = 0; known && i < phrase.cause_count; i++)
            meaning.terms[meaning.count++] = (ag_term){AG_TERM_CAUSE, phrase.causes[i]};
        meaning.strength_mg = known && phrase.cause_count == 1 ? phrase.strength_mg : 0;
        meaning.text = display;
    }
    if (meaning.text == NULL)
        meaning.text = reference != NULL ? reference : "a medicine without a name";
    return meaning;
}

/* ---- dose ---- */

static double number_of(const ag_json_value *value) {
    double number;
    bool known =
        value != NULL && value->type == AG_JSON_NUMBER && ag_text_number(value->text, &number);
    return known ? number : NAN;
}

/* One dose in mg: a mass, or a count of pieces whose strength the name gives. NAN: not known. */
static double dose_mg(const ag_json_value *quantity, double strength_mg) {
    double value = number_of(ag_json_get(quantity, "value")), factor;
    const char *unit = ag_json_get_text(quantity, "code");
    if (unit == NULL)
        unit = ag_json_get_text(quantity, "unit");
    if (unit != NULL && ag_unit_factor(unit, "mg", &factor))
        return value * factor;
    static const char *const pieces[] = {"tablet", "capsule", "TAB", "CAP", "pill", "tab", "cap"};
    bool counted = unit == NULL || ag_unit_factor(unit, "1", &factor);
    for (size_t i = 0; !counted && i < sizeof pieces / sizeof pieces[0]; i++)
        counted = strncmp(unit, pieces[i], strlen(pieces[i])) == 0;
    return counted && strength_mg > 0 ? value * strength_mg : NAN;
}

/* How often a day; NAN when not said. */
static double times_a_day(const ag_json_value *timing) {
    static const struct {
        const char *code;
        double per_day;
    } codes[] = {{"QD", 1}, {"BID", 2}, {"TID", 3}, {"QID", 4},     {"QOD", 0.5},
                 {"AM", 1}, {"PM", 1},  {"BED", 1}, {"WK", 1.0 / 7}};
    const char *code = ag_fhir_code(ag_json_get(timing, "code"));
    for (size_t i = 0; code != NULL && i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(code, codes[i].code) == 0)
            return codes[i].per_day;
    const ag_json_value *repeat = ag_json_get(timing, "repeat");
    const char *unit = ag_json_get_text(repeat, "periodUnit");
    double period = number_of(ag_json_get(repeat, "period")), days;
    double frequency = number_of(ag_json_get(repeat, "frequency"));
    if (unit == NULL || isnan(period) || period <= 0 || !ag_unit_factor(unit, "d", &days))
        return NAN;
    return (isnan(frequency) ? 1 : frequency) / (period * days);
}

static const ag_json_value *dosages(const ag_json_value *resource) {
    const ag_json_value *list = ag_json_get(resource, "dosageInstruction");
    return list != NULL ? list : ag_json_get(resource, "dosage");
}

/* The dose of a day, where one instruction gives it; NAN otherwise. */
static double daily_mg(const ag_json_value *resource, double strength_mg) {
    const ag_json_value *item = ag_json_items(dosages(resource));
    if (item == NULL || item->next != NULL || ag_json_is_true(item, "asNeededBoolean") ||
        ag_json_get(item, "asNeededCodeableConcept") != NULL)
        return NAN;
    const ag_json_value *rate = ag_json_items(ag_json_get(item, "doseAndRate"));
    const ag_json_value *quantity = ag_json_get(rate, "doseQuantity");
    if (quantity == NULL)
        return NAN;
    return dose_mg(quantity, strength_mg) * times_a_day(ag_json_get(item, "timing"));
}

/* Of a medicine alone, and where the card asks for the dose. */
static void record_dose(const ag_fhir_converter *c, const ag_json_value *resource,
                        const ag_fhir_meaning *meaning, ag_fhir_fact *fact) {
    const ag_cause *cause = &c->knowledge->causes[fact->index];
    if (meaning->count != 1 || fact->attribute_count == 4 ||
        ag_attribute_find(cause, "dose") == NULL)
        return;
    char value[64];
    double mg = daily_mg(resource, meaning->strength_mg);
    ag_recorded_attribute *out = &fact->attributes[fact->attribute_count];
    snprintf(value, sizeof value, "%.17g mg/day", mg);
    if (mg > 0 && ag_attribute_read(cause, "dose", value, AG_ENGLISH, out, NULL) == AG_OK)
        fact->attribute_count++;
}

/* ---- times ---- */

static ag_fhir_time bounds(const ag_json_value *resource, bool end) {
    const ag_json_value *item = ag_json_items(dosages(resource));
    const ag_json_value *repeat = ag_json_get(ag_json_get(item, "timing"), "repeat");
    return ag_fhir_read_time(repeat, "bounds", end);
}

static ag_fhir_time start_of(const ag_json_value *resource, ag_fhir_type type) {
    ag_fhir_time time;
    if (type == AG_FHIR_MEDICATION_REQUEST) {
        time = bounds(resource, false);
        return time.given ? time : ag_fhir_read_date(ag_json_get(resource, "authoredOn"));
    }
    if (type == AG_FHIR_MEDICATION_DISPENSE) {
        time = ag_fhir_read_date(ag_json_get(resource, "whenHandedOver"));
        return time.given ? time : ag_fhir_read_date(ag_json_get(resource, "whenPrepared"));
    }
    return ag_fhir_read_time(resource, "effective", false);
}

/* Where a dispense says how long it lasts, its end; of an administration, the day itself. */
static ag_fhir_time end_of(const ag_json_value *resource, ag_fhir_type type, ag_fhir_time start) {
    ag_fhir_time none = {.given = false, .days = AG_DAYS_UNKNOWN};
    if (type == AG_FHIR_MEDICATION_REQUEST)
        return bounds(resource, true);
    if (type == AG_FHIR_MEDICATION_DISPENSE) {
        double supply = ag_fhir_days(ag_json_get(resource, "daysSupply"));
        if (isnan(supply) || !start.given || supply < 0 || supply > MOST_DAYS)
            return none;
        int days = (int)ceil(supply);
        return (ag_fhir_time){.given = true,
                              .days = {start.days.first + days, start.days.last + days}};
    }
    if (type == AG_FHIR_MEDICATION_ADMINISTRATION &&
        ag_json_get(resource, "effectiveDateTime") != NULL)
        return start;
    return ag_json_get(resource, "effectivePeriod") != NULL
               ? ag_fhir_read_time(resource, "effective", true)
               : none;
}

/* ---- all together ---- */

static void add_medicine(ag_fhir_converter *c, const ag_json_value *resource, ag_fhir_type type,
                         const ag_fhir_meaning *meaning, int term, ag_fhir_role role) {
    ag_fhir_fact *fact = ag_fhir_add(c, AG_FHIR_CAUSE, resource, meaning->text);
    if (fact == NULL)
        return;
    fact->index = meaning->terms[term].index;
    fact->present = role != NEVER_TAKEN;
    fact->start = start_of(resource, type);
    fact->end = end_of(resource, type, fact->start);
    fact->ended = role == USED_BEFORE || fact->end.given;
    if (type == AG_FHIR_MEDICATION_DISPENSE)
        fact->ended = true;
    if (role == NEVER_TAKEN) {
        fact->ended = false;
        fact->start = fact->end = (ag_fhir_time){.given = false, .days = AG_DAYS_UNKNOWN};
    }
    record_dose(c, resource, meaning, fact);
}

/* A draft, an open plan or proposal, or a statement of what he is to take. */
static bool is_planned(const ag_json_value *resource, ag_fhir_type type, const char *forbidden) {
    const char *status = ag_json_get_text(resource, "status");
    if (status == NULL)
        return false;
    if (type == AG_FHIR_MEDICATION_STATEMENT)
        return strcmp(status, "intended") == 0;
    return type == AG_FHIR_MEDICATION_REQUEST &&
           (strcmp(status, "draft") == 0 || (strcmp(status, "active") == 0 && forbidden != NULL)) &&
           !ag_json_is_true(resource, "doNotPerform");
}

/* The day on which a plan was written says nothing of the day on which it begins. */
static void add_planned(ag_fhir_converter *c, const ag_json_value *resource, ag_fhir_type type,
                        const ag_fhir_meaning *meaning, const char *why) {
    ag_fhir_time when = type == AG_FHIR_MEDICATION_REQUEST
                            ? bounds(resource, false)
                            : ag_fhir_read_time(resource, "effective", false);
    ag_fhir_fact *fact = ag_fhir_add_planned(c, resource, meaning, 0, when, why);
    if (fact != NULL)
        record_dose(c, resource, meaning, fact);
}

void ag_fhir_medication(ag_fhir_converter *converter, const ag_json_value *resource,
                        ag_fhir_type type) {
    ag_fhir_meaning meaning = read_medicine(converter, resource);
    status_rule rule = rule_for(type, ag_json_get_text(resource, "status"));
    const char *forbidden = type == AG_FHIR_MEDICATION_REQUEST ? intent_forbids(resource) : NULL;
    if (meaning.count == 0) {
        ag_fhir_add(converter, AG_FHIR_UNKNOWN, resource, meaning.text);
        return;
    }
    if (meaning.terms[0].kind == AG_TERM_CAUSE && is_planned(resource, type, forbidden)) {
        add_planned(converter, resource, type, &meaning, forbidden != NULL ? forbidden : rule.why);
        return;
    }
    if (forbidden != NULL || rule.role == NOT_USED) {
        ag_fhir_add_unused(converter, resource, meaning.text,
                           forbidden != NULL ? forbidden : rule.why);
        return;
    }
    for (int i = 0; i < meaning.count; i++) {
        if (meaning.terms[i].kind == AG_TERM_CAUSE)
            add_medicine(converter, resource, type, &meaning, i, rule.role);
        else
            ag_fhir_add_unused(converter, resource, meaning.text, AG_SAID("it is no medicine"));
    }
}
