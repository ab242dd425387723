/* The report as JSON: docs/report.schema.json. */
#include <math.h>
#include <string.h>

#include "json_writer.h"
#include "plan_report.h"
#include "report_parts.h"

/* More digits than these say nothing, and differ between machines. */
enum { DECIMALS = 6 };

static void number(ag_json *json, const char *key, double value) {
    ag_json_decimal(json, key, value, DECIMALS);
}

static void interval(ag_json *json, const char *key, ag_estimate p) {
    ag_json_array(json, key);
    number(json, NULL, p.low);
    number(json, NULL, p.high);
    ag_json_end(json);
}

static void texts(ag_json *json, const char *key, const char *const *items, int count) {
    ag_json_array(json, key);
    for (int i = 0; i < count; i++)
        ag_json_text(json, NULL, items[i]);
    ag_json_end(json);
}

/* Each card is named by its id, and for people in the report's language. */
static void names(ag_json *json, const ag_view *view, const char *id) {
    ag_json_text(json, "id", id);
    ag_json_text(json, "name", ag_view_name(view, id));
}

static void mechanisms(ag_json *json, const ag_view *view) {
    ag_json_array(json, "mechanisms");
    for (int i = 0; i < ag_assessment_mechanism_count(view->assessment); i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(view->assessment, i);
        ag_json_object(json, NULL);
        names(json, view, m->id);
        number(json, "probability", m->probability.value);
        interval(json, "interval", m->probability);
        ag_json_end(json);
    }
    ag_json_end(json);
}

/* Where his semen goes; empty where the knowledge does not say. */
static void routes(ag_json *json, const ag_view *view) {
    static const char *const ids[AG_SEMEN_ROUTES] = {"forward", "split", "backward", "retained",
                                                     "none"};
    ag_json_array(json, "routes");
    for (int r = 0; r < AG_SEMEN_ROUTES; r++) {
        ag_estimate p = ag_assessment_route(view->assessment, (ag_semen_route)r);
        if (isnan(p.value))
            continue;
        ag_json_object(json, NULL);
        ag_json_text(json, "id", ids[r]);
        number(json, "probability", p.value);
        interval(json, "interval", p);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void causes(ag_json *json, const ag_view *view) {
    ag_json_array(json, "causes");
    for (int i = 0; i < ag_assessment_cause_count(view->assessment); i++) {
        const ag_cause_result *c = ag_assessment_cause(view->assessment, i);
        ag_json_object(json, NULL);
        names(json, view, c->id);
        number(json, "probability", c->probability.value);
        interval(json, "interval", c->probability);
        ag_json_text(json, "mechanism", c->mechanism);
        ag_json_text(json, "recorded", c->recorded);
        if (!isnan(c->without.value)) {
            ag_json_object(json, "without");
            number(json, "probability", c->without.value);
            interval(json, "interval", c->without);
            ag_json_end(json);
        }
        texts(json, "sources", c->sources, c->source_count);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void beside(ag_json *json, const ag_view *view) {
    ag_json_array(json, "also");
    for (int i = 0; i < ag_assessment_beside_count(view->assessment); i++) {
        const ag_beside_result *b = ag_assessment_beside(view->assessment, i);
        ag_json_object(json, NULL);
        ag_json_text(json, "function", b->function);
        ag_json_text(json, "state", b->state);
        ag_json_text(json, "text", ag_view_beside(view, b));
        number(json, "probability", b->probability.value);
        interval(json, "interval", b->probability);
        if (b->cause != NULL) {
            ag_json_object(json, "because");
            names(json, view, b->cause);
            number(json, "probability", b->cause_probability.value);
            interval(json, "interval", b->cause_probability);
            ag_json_end(json);
        }
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void findings(ag_json *json, const ag_view *view) {
    ag_json_array(json, "findings");
    for (int i = 0; i < ag_assessment_finding_count(view->assessment); i++) {
        const ag_finding_result *f = ag_assessment_finding(view->assessment, i);
        ag_json_object(json, NULL);
        ag_json_text(json, "id", f->id);
        ag_json_text(json, "text", ag_view_finding(view, f));
        ag_json_text(json, "where", f->where);
        ag_json_object(json, "log_odds");
        for (int m = 0; m < ag_assessment_leading_count(view->assessment); m++)
            number(json, ag_assessment_leading(view->assessment, m)->id, f->weight[m]);
        ag_json_end(json);
        number(json, "expected", f->expected);
        texts(json, "sources", f->sources, f->source_count);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_array(json, "missing");
    for (int i = 0; i < ag_assessment_expected_count(view->assessment); i++) {
        const ag_expected_result *e = ag_assessment_expected(view->assessment, i);
        ag_json_object(json, NULL);
        names(json, view, e->id);
        ag_json_text(json, "mechanism", e->mechanism);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void unresolved(ag_json *json, const ag_view *view) {
    ag_json_array(json, "unresolved");
    for (int i = 0; i < ag_assessment_unresolved_count(view->assessment); i++) {
        const ag_unresolved_result *u = ag_assessment_unresolved(view->assessment, i);
        ag_json_object(json, NULL);
        texts(json, "mechanisms", u->mechanism, 2);
        number(json, "probability", u->probability.value);
        interval(json, "interval", u->probability);
        texts(json, "separated_by", u->separated_by, u->separated_by_count);
        ag_json_bool(json, "same_plan", u->same_plan);
        ag_json_text(json, "text",
                     ag_localized_text((ag_localized){u->text_en, u->text_es}, view->language));
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void record(ag_json *json, const ag_view *view) {
    ag_json_array(json, "unused");
    for (int i = 0; i < ag_view_unused_count(view); i++) {
        const ag_unused *u = ag_view_unused_at(view, i);
        ag_json_object(json, NULL);
        ag_json_text(json, "text", u->text);
        ag_json_text(json, "where", u->where);
        ag_json_text(json, "reason", ag_unused_reason_name(u->reason));
        ag_json_text(json, "why", ag_view_say(view, u->why));
        ag_json_array(json, "nearest");
        for (int n = 0; n < 3 && u->nearest[n] != NULL; n++)
            ag_json_text(json, NULL, u->nearest[n]);
        ag_json_end(json);
        ag_json_end(json);
    }
    ag_json_end(json);
    texts(json, "contradictions", view->patient->contradictions,
          view->patient->contradiction_count);
}

static void source(ag_json *json, const ag_view *view, const char *id) {
    const ag_evidence *e = &view->knowledge->evidence[ag_knowledge_evidence(view->knowledge, id)];
    ag_json_object(json, NULL);
    ag_json_integer(json, "number", ag_references_number(view->references, id));
    ag_json_text(json, "id", id);
    ag_json_text(json, "citation", ag_report_citation(e, view->arena));
    ag_json_text(json, "statement", e->statement);
    ag_json_text(json, "pmid", e->pmid);
    ag_json_text(json, "doi", e->doi);
    ag_json_end(json);
}

static bool is_of_assessment(const ag_view *view, const char *id) {
    int i = 0, count = ag_assessment_source_count(view->assessment);
    while (i < count && strcmp(ag_assessment_source(view->assessment, i), id) != 0)
        i++;
    return i < count;
}

/* The records of the assessment, then those that only the plan names. */
static void sources(ag_json *json, const ag_view *view) {
    int count = 0;
    ag_json_array(json, "sources");
    for (int i = 0; i < ag_assessment_source_count(view->assessment); i++)
        source(json, view, ag_assessment_source(view->assessment, i));
    const char **ids = ag_plan_source_ids(view, &count);
    for (int i = 0; i < count; i++)
        if (!is_of_assessment(view, ids[i]))
            source(json, view, ids[i]);
    ag_json_end(json);
}

static void write_report(ag_json *json, const ag_view *view) {
    ag_json_object(json, NULL);
    ag_json_text(json, "report", "antegrade " AG_REPORT_VERSION);
    ag_json_text(json, "language", ag_language_code(view->language));
    ag_json_text(json, "notice", ag_view_say(view, AG_REPORT_NOTICE));
    ag_json_object(json, "patient");
    ag_json_text(json, "label", view->patient->label[0] != '\0' ? view->patient->label : NULL);
    ag_json_number(json, "age_years", view->patient->age_years);
    ag_json_end(json);
    ag_json_bool(json, "background", ag_view_background(view) != NULL);
    ag_facts_json_write(json, view);
    mechanisms(json, view);
    routes(json, view);
    causes(json, view);
    beside(json, view);
    findings(json, view);
    unresolved(json, view);
    ag_plan_json_write(json, view);
    record(json, view);
    number(json, "log_evidence", ag_assessment_log_evidence(view->assessment));
    sources(json, view);
    ag_json_object(json, "knowledge");
    ag_json_text(json, "version", view->knowledge->version);
    ag_json_text(json, "date", view->knowledge->date);
    ag_json_end(json);
    ag_json_end(json);
}

char *ag_report_json(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_view view = ag_view_of(assessment, patient, knowledge, &chosen, arena);
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, chosen.one_line ? 0 : 2);
    write_report(&json, &view);
    ag_buffer_add_char(&buffer, '\n');
    char *report = ag_report_take(&buffer);
    ag_arena_free(arena);
    return report;
}
