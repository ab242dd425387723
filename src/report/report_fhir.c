/*
 * The report as HL7 FHIR R4: a collection Bundle of the man, two RiskAssessments (mechanisms,
 * causes), DetectedIssues (medicines that probably do it, contradictions of the record), a
 * GuidanceResponse that asks for what is missing, ServiceRequests and MedicationRequests as
 * proposals (without doses), a DiagnosticReport that is preliminary until a clinician has reviewed
 * it, and the Provenance of all.
 *
 * RiskAssessment.prediction.probabilityDecimal is a percentage. Nothing here is an order: every
 * request is a draft with the intent "proposal".
 */
#include <stdio.h>
#include <string.h>

#include "antegrade/antegrade.h"
#include "dates.h"
#include "json_writer.h"
#include "report_parts.h"

enum { UUID_TEXT = 46, MOST_RESOURCES = 64 };

typedef struct fhir_report {
    ag_json *json;
    const ag_view *view;
    char date[AG_DATE_TEXT];
    char ids[MOST_RESOURCES][UUID_TEXT]; /* of the resources so far; the first is the patient */
    int count;
} fhir_report;

static const char *say(const fhir_report *r, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const fhir_report *r, const char *english) {
    return ag_view_say(r->view, english);
}

static const char *in(const fhir_report *r, ag_plan_text text) {
    const char *found = ag_localized_text((ag_localized){text.en, text.es}, r->view->language);
    return found != NULL ? found : "";
}

/* ---- parts of resources ---- */

/* A UUID of our own making (version 8, RFC 9562) from the man, the day and the resource's place, so
 * that the same record gives the same Bundle. */
static const char *next_id(fhir_report *r) {
    const char *label = r->view->patient->label;
    uint64_t high = ag_text_hash(AG_HASH_START, label, strlen(label));
    high = ag_text_hash(high, r->date, strlen(r->date));
    high = ag_text_hash(high, (const char *)&r->count, sizeof r->count);
    uint64_t low = ag_text_hash(high, "antegrade", 9);
    char *id = r->ids[r->count++];
    snprintf(id, UUID_TEXT, "urn:uuid:%08x-%04x-8%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF),
             (unsigned)(low >> 48 & 0x3FFF) | 0x8000, (unsigned long long)(low & 0xFFFFFFFFFFFF));
    return id;
}

/* Open an entry and its resource; closed by end_resource. False when there is no room for more. */
static bool begin_resource(fhir_report *r, const char *type) {
    if (r->count == MOST_RESOURCES - (strcmp(type, "Provenance") != 0)) /* which comes last */
        return false;
    ag_json_object(r->json, NULL);
    ag_json_text(r->json, "fullUrl", next_id(r));
    ag_json_object(r->json, "resource");
    ag_json_text(r->json, "resourceType", type);
    return true;
}

static void end_resource(fhir_report *r) {
    ag_json_end(r->json);
    ag_json_end(r->json);
}

static void subject(fhir_report *r, const char *key) {
    ag_json_object(r->json, key);
    ag_json_text(r->json, "reference", r->ids[0]);
    ag_json_end(r->json);
}

static const char *const systems[] = {[AG_CODE_SNOMED] = "http://snomed.info/sct",
                                      [AG_CODE_ICD10CM] = "http://hl7.org/fhir/sid/icd-10-cm",
                                      [AG_CODE_RXNORM] =
                                          "http://www.nlm.nih.gov/research/umls/rxnorm",
                                      [AG_CODE_ATC] = "http://www.whocc.no/atc",
                                      [AG_CODE_LOINC] = "http://loinc.org"};

static const ag_codes *codes_of(const ag_view *view, const char *id) {
    int variable = ag_knowledge_variable(view->knowledge, id);
    if (variable >= 0)
        return &view->knowledge->variables[variable].codes;
    int cause = ag_knowledge_cause(view->knowledge, id);
    return cause < 0 ? NULL : &view->knowledge->causes[cause].codes;
}

/* Codes that end in '*' stand for many, and are no code themselves. */
static bool is_whole(const ag_code *code) {
    return strchr(code->code, '*') == NULL;
}

static void codings(fhir_report *r, const char *key, const char *id) {
    const ag_codes *codes = codes_of(r->view, id);
    bool open = false;
    for (int i = 0; codes != NULL && i < codes->count; i++) {
        if (!is_whole(&codes->items[i]))
            continue;
        if (!open)
            ag_json_array(r->json, key);
        open = true;
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "system", systems[codes->items[i].system]);
        ag_json_text(r->json, "code", codes->items[i].code);
        ag_json_end(r->json);
    }
    if (open)
        ag_json_end(r->json);
}

/* A CodeableConcept of a card: its codes, and its name. */
static void card_concept(fhir_report *r, const char *key, const char *id) {
    ag_json_object(r->json, key);
    codings(r, "coding", id);
    ag_json_text(r->json, "text", ag_view_name(r->view, id));
    ag_json_end(r->json);
}

static void text_concept(fhir_report *r, const char *key, const char *text) {
    ag_json_object(r->json, key);
    ag_json_text(r->json, "text", text);
    ag_json_end(r->json);
}

static void note(fhir_report *r, const char *text) {
    ag_json_array(r->json, "note");
    text_concept(r, NULL, text);
    ag_json_end(r->json);
}

/* ---- resources ---- */

static void patient(fhir_report *r) {
    begin_resource(r, "Patient");
    if (r->view->patient->label[0] != '\0') {
        ag_json_array(r->json, "identifier");
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "value", r->view->patient->label);
        ag_json_end(r->json);
        ag_json_end(r->json);
    } else {
        ag_json_bool(r->json, "active", true);
    }
    end_resource(r);
}

static void prediction(fhir_report *r, const char *id, ag_estimate p) {
    char range[AG_INTERVAL_TEXT];
    ag_report_interval(p, range);
    ag_json_object(r->json, NULL);
    card_concept(r, "outcome", id);
    ag_json_decimal(r->json, "probabilityDecimal", 100 * p.value, 1);
    ag_json_text(r->json, "rationale",
                 ag_arena_format(r->view->arena, "%s %s",
                                 say(r, "interval (5th to 95th centile), percent:"), range));
    ag_json_end(r->json);
}

static void begin_risk(fhir_report *r, const char *what) {
    ag_json_text(r->json, "status", "preliminary");
    text_concept(r, "method",
                 ag_arena_format(r->view->arena, "antegrade %s, %s", AG_VERSION,
                                 r->view->knowledge->version));
    text_concept(r, "code", what);
    subject(r, "subject");
    ag_json_text(r->json, "occurrenceDateTime", r->date);
    ag_json_array(r->json, "prediction");
}

static void mechanisms(fhir_report *r) {
    begin_resource(r, "RiskAssessment");
    begin_risk(r, say(r, "mechanism of absent or scant semen"));
    for (int i = 0; i < ag_assessment_mechanism_count(r->view->assessment); i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(r->view->assessment, i);
        prediction(r, m->id, m->probability);
    }
    ag_json_end(r->json);
    note(r, say(r, AG_REPORT_NOTICE));
    end_resource(r);
}

static void causes(fhir_report *r) {
    int count = ag_assessment_cause_count(r->view->assessment);
    if (count == 0)
        return;
    begin_resource(r, "RiskAssessment");
    begin_risk(r, say(r, "cause of absent or scant semen"));
    for (int i = 0; i < count; i++) {
        const ag_cause_result *c = ag_assessment_cause(r->view->assessment, i);
        prediction(r, c->id, c->probability);
    }
    ag_json_end(r->json);
    note(r, say(r, AG_REPORT_NOTICE));
    end_resource(r);
}

static bool is_medicine(const ag_view *view, const char *id) {
    int cause = ag_knowledge_cause(view->knowledge, id);
    return cause >= 0 && view->knowledge->causes[cause].kind == AG_CAUSE_MEDICINE;
}

static void medicine_issues(fhir_report *r) {
    for (int i = 0; i < ag_assessment_cause_count(r->view->assessment); i++) {
        const ag_cause_result *c = ag_assessment_cause(r->view->assessment, i);
        if (c->recorded == NULL || c->probability.value < 0.5 || !is_medicine(r->view, c->id) ||
            !begin_resource(r, "DetectedIssue"))
            continue;
        ag_json_text(r->json, "status", "preliminary");
        text_concept(r, "code", say(r, "a medicine probably affects ejaculation"));
        subject(r, "patient");
        ag_json_text(r->json, "identifiedDateTime", r->date);
        ag_json_array(r->json, "implicated");
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "display", c->recorded);
        ag_json_end(r->json);
        ag_json_end(r->json);
        ag_json_text(r->json, "detail", ag_view_name(r->view, c->mechanism));
        end_resource(r);
    }
}

static void contradictions(fhir_report *r) {
    for (int i = 0; i < r->view->patient->contradiction_count; i++) {
        if (!begin_resource(r, "DetectedIssue"))
            return;
        ag_json_text(r->json, "status", "final");
        text_concept(r, "code", say(r, "the record contradicts itself"));
        subject(r, "patient");
        ag_json_text(r->json, "identifiedDateTime", r->date);
        ag_json_text(r->json, "detail", r->view->patient->contradictions[i]);
        end_resource(r);
    }
}

/* The codes of a missing finding as what is asked for; without a code only its place is named. */
static void data_requirement(fhir_report *r, const char *id) {
    const ag_codes *codes = codes_of(r->view, id);
    bool coded = false;
    for (int i = 0; codes != NULL && i < codes->count; i++)
        coded = coded || is_whole(&codes->items[i]);
    ag_json_object(r->json, NULL);
    ag_json_text(r->json, "type", "Observation");
    if (coded) {
        ag_json_array(r->json, "codeFilter");
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "path", "code");
        codings(r, "code", id);
        ag_json_end(r->json);
        ag_json_end(r->json);
    }
    ag_json_end(r->json);
}

static void guidance(fhir_report *r) {
    int missing = ag_assessment_expected_count(r->view->assessment);
    ag_buffer text = ag_buffer_start(r->view->arena);
    begin_resource(r, "GuidanceResponse");
    ag_json_text(r->json, "moduleUri", "urn:antegrade:assess");
    ag_json_text(r->json, "status", missing > 0 ? "data-requested" : "success");
    subject(r, "subject");
    ag_json_text(r->json, "occurrenceDateTime", r->date);
    for (int i = 0; i < missing; i++)
        ag_buffer_format(&text, "%s%s", i > 0 ? ", " : "",
                         ag_view_name(r->view, ag_assessment_expected(r->view->assessment, i)->id));
    if (missing > 0) {
        note(r, ag_buffer_text(&text));
        ag_json_array(r->json, "dataRequirement");
        for (int i = 0; i < missing; i++)
            data_requirement(r, ag_assessment_expected(r->view->assessment, i)->id);
        ag_json_end(r->json);
    }
    end_resource(r);
}

/* A finding that somebody else must look for, rather than ask the man. */
static bool is_test(const ag_view *view, const char *id) {
    const ag_finding *finding =
        ag_knowledge_finding_of(view->knowledge, ag_knowledge_variable(view->knowledge, id));
    return finding != NULL && finding->kind >= AG_FINDING_EXAMINATION &&
           finding->kind <= AG_FINDING_GENETIC;
}

static void service_request(fhir_report *r, const char *id, const char *reason) {
    if (!is_test(r->view, id) || !begin_resource(r, "ServiceRequest"))
        return;
    ag_json_text(r->json, "status", "draft");
    ag_json_text(r->json, "intent", "proposal");
    card_concept(r, "code", id);
    subject(r, "subject");
    ag_json_text(r->json, "authoredOn", r->date);
    ag_json_array(r->json, "reasonCode");
    text_concept(r, NULL, reason);
    ag_json_end(r->json);
    end_resource(r);
}

static void proposed_test(fhir_report *r, const ag_plan_test *test) {
    if (!begin_resource(r, "ServiceRequest"))
        return;
    ag_json_text(r->json, "status", "draft");
    ag_json_text(r->json, "intent", "proposal");
    text_concept(r, "code", in(r, test->name));
    subject(r, "subject");
    ag_json_text(r->json, "authoredOn", r->date);
    ag_json_array(r->json, "reasonCode");
    if (test->finding != NULL)
        card_concept(r, NULL, test->finding);
    for (int i = 0; i < test->note_count; i++)
        if (test->notes[i].effect == AG_PLAN_DUE)
            text_concept(r, NULL, in(r, test->notes[i].text));
    ag_json_end(r->json);
    end_resource(r);
}

/* What the plan finds worth its burden; without a plan, what would separate what is unresolved. */
static void service_requests(fhir_report *r) {
    const ag_plan *plan = r->view->plan;
    for (int i = 0; plan != NULL && i < ag_plan_test_count(plan); i++) {
        const ag_plan_test *test = ag_plan_test_at(plan, i);
        bool open = test->standing != AG_PLAN_REFUSED && test->standing != AG_PLAN_FIRST;
        if (test->worth && open && test->kind != AG_PLAN_QUESTION)
            proposed_test(r, test);
    }
    if (plan != NULL)
        return;
    for (int i = 0; i < ag_assessment_unresolved_count(r->view->assessment); i++) {
        const ag_unresolved_result *u = ag_assessment_unresolved(r->view->assessment, i);
        for (int t = 0; t < u->separated_by_count; t++)
            service_request(r, u->separated_by[t], ag_view_unresolved(r->view, u));
    }
}

/* Medicines (what has a dose) that nothing stands against, with what to mind. */
static void medication_requests(fhir_report *r) {
    const ag_plan *plan = r->view->plan;
    for (int i = 0; plan != NULL && i < ag_plan_option_count(plan); i++) {
        const ag_plan_option *option = ag_plan_option_at(plan, i);
        bool open = option->standing != AG_PLAN_REFUSED && option->standing != AG_PLAN_FIRST;
        if (option->kind != AG_PLAN_MEDICINE || option->dose.en == NULL || !open ||
            !begin_resource(r, "MedicationRequest"))
            continue;
        ag_json_text(r->json, "status", "draft");
        ag_json_text(r->json, "intent", "proposal");
        text_concept(r, "medicationCodeableConcept", in(r, option->name));
        subject(r, "subject");
        ag_json_text(r->json, "authoredOn", r->date);
        if (option->note_count > 0)
            ag_json_array(r->json, "note");
        for (int n = 0; n < option->note_count; n++)
            text_concept(r, NULL, in(r, option->notes[n].text));
        if (option->note_count > 0)
            ag_json_end(r->json);
        end_resource(r);
    }
}

/* What is refused in this man, and why. */
static void refusals(fhir_report *r) {
    const ag_plan *plan = r->view->plan;
    for (int i = 0; plan != NULL && i < ag_plan_option_count(plan); i++) {
        const ag_plan_option *option = ag_plan_option_at(plan, i);
        for (int n = 0; n < option->note_count; n++) {
            if (option->notes[n].effect != AG_PLAN_REFUSED || !begin_resource(r, "DetectedIssue"))
                continue;
            ag_json_text(r->json, "status", "final");
            text_concept(r, "code", say(r, "advised against in this man"));
            subject(r, "patient");
            ag_json_text(r->json, "identifiedDateTime", r->date);
            ag_json_text(r->json, "detail",
                         ag_arena_format(r->view->arena, "%s: %s", in(r, option->name),
                                         in(r, option->notes[n].text)));
            end_resource(r);
        }
    }
}

static void diagnostic_report(fhir_report *r) {
    const ag_mechanism_result *first = ag_assessment_mechanism(r->view->assessment, 0);
    const char *summary = ag_view_summary(r->view, first->id);
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(r->view->language, first->probability.value, percent);
    ag_report_interval(first->probability, range);
    begin_resource(r, "DiagnosticReport");
    ag_json_text(r->json, "status", "preliminary");
    text_concept(r, "code", say(r, "assessment of absent or scant semen"));
    subject(r, "subject");
    ag_json_text(r->json, "effectiveDateTime", r->date);
    ag_json_text(r->json, "conclusion",
                 ag_arena_format(r->view->arena, "%s: %s %s. %s %s",
                                 ag_view_capital(r->view, ag_view_name(r->view, first->id)),
                                 percent, range, summary != NULL ? summary : "",
                                 say(r, AG_REPORT_NOTICE)));
    ag_json_array(r->json, "conclusionCode");
    card_concept(r, NULL, first->id);
    ag_json_end(r->json);
    end_resource(r);
}

static void provenance_sources(fhir_report *r) {
    if (r->view->reference_count == 0)
        return;
    ag_json_array(r->json, "entity");
    for (int n = 1; n <= r->view->reference_count; n++) {
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "role", "source");
        ag_json_object(r->json, "what");
        ag_json_text(r->json, "display",
                     ag_references_text(r->view->references, n, r->view->language));
        ag_json_end(r->json);
        ag_json_end(r->json);
    }
    ag_json_end(r->json);
}

static void provenance(fhir_report *r) {
    int targets = r->count;
    if (!begin_resource(r, "Provenance"))
        return;
    ag_json_array(r->json, "target");
    for (int i = 1; i < targets; i++) {
        ag_json_object(r->json, NULL);
        ag_json_text(r->json, "reference", r->ids[i]);
        ag_json_end(r->json);
    }
    ag_json_end(r->json);
    ag_json_text(r->json, "recorded", ag_arena_format(r->view->arena, "%sT00:00:00Z", r->date));
    ag_json_array(r->json, "agent");
    ag_json_object(r->json, NULL);
    ag_json_object(r->json, "who");
    ag_json_text(r->json, "display", "Antegrade " AG_VERSION);
    ag_json_end(r->json);
    ag_json_end(r->json);
    ag_json_end(r->json);
    provenance_sources(r);
    end_resource(r);
}

static void write_bundle(fhir_report *r) {
    ag_json_object(r->json, NULL);
    ag_json_text(r->json, "resourceType", "Bundle");
    ag_json_text(r->json, "language", ag_language_code(r->view->language));
    ag_json_text(r->json, "type", "collection");
    ag_json_array(r->json, "entry");
    patient(r);
    mechanisms(r);
    causes(r);
    guidance(r);
    diagnostic_report(r);
    medicine_issues(r);
    contradictions(r);
    refusals(r);
    service_requests(r);
    medication_requests(r);
    provenance(r);
    ag_json_end(r->json);
    ag_json_end(r->json);
}

char *ag_report_fhir(const ag_assessment *assessment, const ag_patient *patient_read,
                     const ag_knowledge *knowledge, const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_view view = ag_view_of(assessment, patient_read, knowledge, &chosen, arena);
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, chosen.one_line ? 0 : 2);
    fhir_report r = {.json = &json, .view = &view};
    ag_days_write(ag_days_on(patient_read->as_of), r.date);
    write_bundle(&r);
    ag_buffer_add_char(&buffer, '\n');
    char *report = ag_report_take(&buffer);
    ag_arena_free(arena);
    return report;
}
