/* Conditions and procedures to facts, and what all types share. */
#include "fhir_facts.h"

#include <limits.h>
#include <string.h>

#include "digest.h"

bool ag_fhir_in_list(const char *word, const char *const *list) {
    for (; word != NULL && *list != NULL; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

void ag_fhir_converter_start(ag_fhir_converter *converter, const ag_vocabulary *vocabulary,
                             ag_arena *arena) {
    *converter = (ag_fhir_converter){
        .vocabulary = vocabulary, .knowledge = ag_vocabulary_knowledge(vocabulary), .arena = arena};
    converter->last = &converter->first;
}

ag_fhir_fact *ag_fhir_add(ag_fhir_converter *converter, ag_fhir_fact_kind kind,
                          const ag_json_value *resource, const char *text) {
    ag_fhir_fact *fact = ag_arena_alloc(converter->arena, sizeof *fact);
    if (fact == NULL) {
        converter->status = AG_ERROR_MEMORY;
        return NULL;
    }
    *fact = (ag_fhir_fact){.kind = kind,
                           .type = ag_json_get_text(resource, "resourceType"),
                           .id = ag_json_get_text(resource, "id"),
                           .line = converter->line,
                           .text = text,
                           .present = true};
    fact->start.days = fact->end.days = AG_DAYS_UNKNOWN;
    *converter->last = fact;
    converter->last = &fact->next;
    return fact;
}

void ag_fhir_add_unused(ag_fhir_converter *converter, const ag_json_value *resource,
                        const char *text, const char *why) {
    ag_fhir_fact *fact = ag_fhir_add(converter, AG_FHIR_UNUSED, resource, text);
    if (fact != NULL)
        fact->why = why;
}

static void copy_attributes(ag_fhir_fact *fact, const ag_fhir_meaning *meaning, int term) {
    fact->attribute_count = term == 0 ? meaning->attribute_count : 0;
    memcpy(fact->attributes, meaning->attributes, sizeof fact->attributes);
}

ag_fhir_fact *ag_fhir_add_planned(ag_fhir_converter *converter, const ag_json_value *resource,
                                  const ag_fhir_meaning *meaning, int term, ag_fhir_time when,
                                  const char *why) {
    ag_fhir_fact *fact = ag_fhir_add(converter, AG_FHIR_PLANNED, resource, meaning->text);
    if (fact == NULL)
        return NULL;
    fact->index = meaning->terms[term].index;
    fact->start = when;
    fact->why = why;
    copy_attributes(fact, meaning, term);
    return fact;
}

/* ---- conditions ---- */

static const char *condition_forbids(const ag_json_value *resource) {
    const char *code = ag_fhir_code(ag_json_get(resource, "verificationStatus"));
    static const char *const unsure[] = {"unconfirmed", "provisional", "differential", NULL};
    if (code != NULL && strcmp(code, "entered-in-error") == 0)
        return AG_SAID("it was entered in error");
    if (code != NULL && strcmp(code, "refuted") == 0)
        return AG_SAID("it is refuted");
    return ag_fhir_in_list(code, unsure) ? AG_SAID("it is not confirmed") : NULL;
}

static bool condition_over(const ag_json_value *resource) {
    static const char *const over[] = {"inactive", "remission", "resolved", NULL};
    const char *status = ag_fhir_code(ag_json_get(resource, "clinicalStatus"));
    bool abated = ag_fhir_read_time(resource, "abatement", true).given;
    return ag_fhir_in_list(status, over) || (status == NULL && abated);
}

/* When it was noted at the latest, where nothing says when it began. */
static ag_fhir_time condition_start(const ag_json_value *resource) {
    ag_fhir_time start = ag_fhir_read_time(resource, "onset", false);
    if (start.given)
        return start;
    start = ag_fhir_read_date(ag_json_get(resource, "recordedDate"));
    start.days.first = INT_MIN;
    return start;
}

static void condition_finding(ag_fhir_converter *c, const ag_json_value *resource,
                              const ag_fhir_meaning *meaning, ag_term term) {
    const ag_finding *card = &c->knowledge->findings[term.index];
    if (card->value != AG_VALUE_YES_NO) {
        ag_fhir_add_unused(c, resource, meaning->text, AG_SAID("it has no value"));
        return;
    }
    if (condition_over(resource)) {
        ag_fhir_add_unused(c, resource, meaning->text, AG_SAID("it is over"));
        return;
    }
    ag_fhir_fact *fact = ag_fhir_add(c, AG_FHIR_FINDING, resource, meaning->text);
    if (fact == NULL)
        return;
    fact->index = term.index;
    fact->value = (ag_finding_value){.state = term.kind == AG_TERM_FINDING};
    if (term.kind == AG_TERM_ABSENCE)
        return; /* nor does what he has not got begin */
    fact->symptom = card->kind == AG_FINDING_SYMPTOM;
    fact->start = condition_start(resource);
}

static void condition_cause(ag_fhir_converter *c, const ag_json_value *resource,
                            const ag_fhir_meaning *meaning, int term) {
    ag_fhir_fact *fact = ag_fhir_add(c, AG_FHIR_CAUSE, resource, meaning->text);
    if (fact == NULL)
        return;
    fact->index = meaning->terms[term].index;
    fact->start = condition_start(resource);
    copy_attributes(fact, meaning, term);
    if (!condition_over(resource))
        return;
    fact->ended = true;
    fact->end = ag_fhir_read_time(resource, "abatement", true);
}

static const char DIAGNOSIS[] =
    AG_SAID("it is a diagnosis, which the assessment judges anew from the findings");

static void convert_condition(ag_fhir_converter *c, const ag_json_value *resource) {
    ag_fhir_meaning meaning =
        ag_fhir_read_concept(c, ag_json_get(resource, "code"), AG_FHIR_PROBLEM);
    const char *forbidden = condition_forbids(resource);
    if (meaning.count == 0)
        ag_fhir_add(c, AG_FHIR_UNKNOWN, resource, meaning.text);
    else if (forbidden != NULL)
        ag_fhir_add_unused(c, resource, meaning.text, forbidden);
    for (int i = 0; forbidden == NULL && i < meaning.count; i++) {
        if (meaning.terms[i].kind == AG_TERM_CAUSE)
            condition_cause(c, resource, &meaning, i);
        else if (meaning.terms[i].kind == AG_TERM_MECHANISM)
            ag_fhir_add_unused(c, resource, meaning.text, DIAGNOSIS);
        else
            condition_finding(c, resource, &meaning, meaning.terms[i]);
    }
}

/* ---- procedures ---- */

static const char *procedure_forbids(const char *status) {
    static const struct {
        const char *status, *why;
    } reasons[] = {{"entered-in-error", AG_SAID("it was entered in error")},
                   {"not-done", AG_SAID("it was not done")},
                   {"preparation", AG_SAID("it is not done yet")},
                   {"in-progress", AG_SAID("it is not finished")},
                   {"on-hold", AG_SAID("it is not finished")},
                   {"stopped", AG_SAID("it was broken off")},
                   {"unknown", AG_SAID("the record does not say whether it was done")}};
    for (size_t i = 0; status != NULL && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(status, reasons[i].status) == 0)
            return reasons[i].why;
    return NULL;
}

static ag_fhir_time procedure_start(const ag_json_value *resource) {
    ag_fhir_time start = ag_fhir_read_time(resource, "performed", false);
    return start.given ? start : ag_fhir_read_time(resource, "performed", true);
}

static void unused_procedure(ag_fhir_converter *c, const ag_json_value *resource,
                             const ag_fhir_meaning *meaning, const char *why) {
    if (ag_json_is(ag_json_get(resource, "status"), "preparation") &&
        meaning->terms[0].kind == AG_TERM_CAUSE)
        ag_fhir_add_planned(c, resource, meaning, 0, procedure_start(resource), why);
    else
        ag_fhir_add_unused(c, resource, meaning->text, why);
}

static void convert_procedure(ag_fhir_converter *c, const ag_json_value *resource) {
    ag_fhir_meaning meaning =
        ag_fhir_read_concept(c, ag_json_get(resource, "code"), AG_FHIR_PROBLEM);
    const char *forbidden = procedure_forbids(ag_json_get_text(resource, "status"));
    if (meaning.count == 0)
        ag_fhir_add(c, AG_FHIR_UNKNOWN, resource, meaning.text);
    else if (forbidden != NULL)
        unused_procedure(c, resource, &meaning, forbidden);
    for (int i = 0; forbidden == NULL && i < meaning.count; i++) {
        if (meaning.terms[i].kind != AG_TERM_CAUSE) {
            ag_fhir_add_unused(c, resource, meaning.text, AG_SAID("a procedure says no result"));
            continue;
        }
        ag_fhir_fact *fact = ag_fhir_add(c, AG_FHIR_CAUSE, resource, meaning.text);
        if (fact == NULL)
            return;
        fact->index = meaning.terms[i].index;
        fact->start = procedure_start(resource);
        copy_attributes(fact, &meaning, i);
    }
}

/* ---- orders of operations ---- */

/* Only what acts on ejaculation is worth a word; what else is ordered is not ours. */
static bool treatment_that_acts(const ag_cause *cause) {
    bool acts = false;
    for (int v = 0; v < cause->variant_count; v++)
        acts = acts || cause->variants[v].action_count > 0;
    return acts && (cause->kind == AG_CAUSE_OPERATION || cause->kind == AG_CAUSE_MEDICINE);
}

static void add_ordered(ag_fhir_converter *c, const ag_json_value *resource,
                        const ag_json_value *code, ag_fhir_match match, ag_fhir_time when) {
    ag_fhir_meaning meaning = ag_fhir_read_concept(c, code, match);
    for (int i = 0; i < meaning.count; i++)
        if (meaning.terms[i].kind == AG_TERM_CAUSE &&
            treatment_that_acts(&c->knowledge->causes[meaning.terms[i].index]))
            ag_fhir_add_planned(c, resource, &meaning, i, when,
                                AG_SAID("it is ordered, not done yet"));
}

static bool is_open(const ag_json_value *resource) {
    static const char *const open[] = {"draft", "active", "on-hold", NULL};
    return ag_fhir_in_list(ag_json_get_text(resource, "status"), open);
}

/* What is ordered for a span of time is to come until its end. */
static ag_fhir_time planned_time(const ag_json_value *resource, const char *name) {
    ag_fhir_time time = ag_fhir_read_time(resource, name, false);
    ag_fhir_time end = ag_fhir_read_time(resource, name, true);
    if (time.given && end.given && !time.by_age && end.days.last > time.days.last)
        time.days.last = end.days.last;
    return time;
}

static void convert_order(ag_fhir_converter *c, const ag_json_value *resource) {
    if (is_open(resource) && !ag_json_is_true(resource, "doNotPerform"))
        add_ordered(c, resource, ag_json_get(resource, "code"), AG_FHIR_PROBLEM,
                    planned_time(resource, "occurrence"));
}

/* Activities that a care plan describes itself; those that it refers to are resources of their own.
 */
static void convert_care_plan(ag_fhir_converter *c, const ag_json_value *resource) {
    static const char *const ahead[] = {"not-started", "scheduled", NULL};
    const ag_json_value *item = ag_json_items(ag_json_get(resource, "activity"));
    for (; is_open(resource) && item != NULL; item = item->next) {
        const ag_json_value *detail = ag_json_get(item, "detail");
        const ag_json_value *product = ag_json_get(detail, "productCodeableConcept");
        if (!ag_fhir_in_list(ag_json_get_text(detail, "status"), ahead) ||
            ag_json_is_true(detail, "doNotPerform"))
            continue;
        add_ordered(c, resource, product != NULL ? product : ag_json_get(detail, "code"),
                    product != NULL ? AG_FHIR_PRODUCT : AG_FHIR_PROBLEM,
                    planned_time(detail, "scheduled"));
    }
}

/* ---- what is said ---- */

static uint64_t digest_double(uint64_t digest, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return ag_digest_number(digest, bits);
}

static uint64_t digest_word(uint64_t digest, const char *word) {
    return word != NULL ? ag_digest_text(digest, word, strlen(word)) : ag_digest_mix(digest);
}

static uint64_t digest_time(uint64_t digest, const ag_fhir_time *time) {
    digest = ag_digest_number(digest, (uint64_t)time->given << 1 | time->by_age);
    if (time->by_age)
        return digest_double(digest_double(digest, time->age_low), time->age_high);
    return ag_digest_number(digest,
                            (uint64_t)(uint32_t)time->days.first << 32 | (uint32_t)time->days.last);
}

static uint64_t digest_fact(uint64_t digest, const ag_fhir_fact *fact) {
    unsigned flags = (unsigned)fact->present << 2 | (unsigned)fact->ended << 1 | fact->symptom;
    digest =
        ag_digest_number(digest, (uint64_t)fact->index << 32 | (unsigned)fact->kind << 3 | flags);
    digest = digest_time(digest_time(digest, &fact->start), &fact->end);
    digest = ag_digest_number(digest, (uint64_t)fact->value.state);
    digest = digest_double(digest_double(digest, fact->value.low), fact->value.high);
    for (int i = 0; i < fact->attribute_count; i++) {
        const ag_recorded_attribute *a = &fact->attributes[i];
        digest = digest_word(digest_word(digest, a->name), a->word);
        digest = digest_double(digest, a->word != NULL ? 0 : a->number);
    }
    return digest_word(digest_word(digest, fact->specimen), fact->text);
}

uint64_t ag_fhir_digest(const ag_fhir_fact *first) {
    uint64_t digest = 0;
    for (const ag_fhir_fact *fact = first; fact != NULL; fact = fact->next)
        if (fact->kind != AG_FHIR_UNKNOWN)
            digest = digest_fact(digest, fact);
    return digest;
}

/* ---- all types ---- */

const char *ag_fhir_subject(const ag_json_value *resource) {
    const char *subject = ag_json_get_text(ag_json_get(resource, "subject"), "reference");
    return subject != NULL ? subject
                           : ag_json_get_text(ag_json_get(resource, "patient"), "reference");
}

const char *ag_fhir_reference_id(const char *reference, const char *type, size_t *length) {
    static const char urn[] = "urn:uuid:";
    const char *id = NULL;
    for (const char *at = strstr(reference, type); at != NULL; at = strstr(id, type))
        id = at + strlen(type);
    if (id == NULL && strncmp(reference, urn, sizeof urn - 1) == 0)
        id = reference + sizeof urn - 1;
    *length = id != NULL ? strcspn(id, "/?#|") : 0;
    return *length > 0 ? id : NULL;
}

const char *ag_fhir_patient_id(const char *reference, size_t *length) {
    return ag_fhir_reference_id(reference, "Patient/", length);
}

bool ag_fhir_convert(ag_fhir_converter *converter, const ag_json_value *resource) {
    ag_fhir_type type = ag_fhir_type_of(resource);
    switch (type) {
    case AG_FHIR_CONDITION:
        convert_condition(converter, resource);
        break;
    case AG_FHIR_PROCEDURE:
        convert_procedure(converter, resource);
        break;
    case AG_FHIR_OBSERVATION:
        ag_fhir_observation(converter, resource);
        break;
    case AG_FHIR_SERVICE_REQUEST:
        convert_order(converter, resource);
        break;
    case AG_FHIR_CARE_PLAN:
        convert_care_plan(converter, resource);
        break;
    default:
        if (!ag_fhir_holds_facts(type))
            return false;
        ag_fhir_medication(converter, resource, type);
    }
    return true;
}
