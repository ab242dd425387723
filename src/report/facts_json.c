/* What is known of the man, as JSON: each fact that was understood, and where it came from. */
#include <math.h>
#include <stdio.h>

#include "plan_report.h"
#include "values.h"

typedef struct fact {
    const char *kind;
    const char *id; /* of its card; NULL where it is of the man himself */
    const char *text, *value, *where;
    ag_days date, until;
} fact;

static void write_fact(ag_json *json, const ag_view *view, fact f) {
    char span[AG_SPAN_TEXT];
    ag_json_object(json, NULL);
    ag_json_text(json, "kind", f.kind);
    ag_json_text(json, "id", f.id);
    ag_json_text(json, "name", f.id != NULL ? ag_view_name(view, f.id) : NULL);
    ag_json_text(json, "text", f.text);
    ag_json_text(json, "value", f.value);
    ag_json_text(json, "date", ag_days_span(f.date, span));
    ag_json_text(json, "until", ag_days_span(f.until, span));
    ag_json_text(json, "where", f.where);
    ag_json_end(json);
}

static void write_said(ag_json *json, const ag_view *view, const char *kind, const char *value) {
    write_fact(json, view,
               (fact){.kind = kind,
                      .text = value,
                      .value = value,
                      .date = AG_DAYS_UNKNOWN,
                      .until = AG_DAYS_UNKNOWN});
}

static void write_number(ag_json *json, const ag_view *view, const char *kind, double number) {
    char text[32];
    snprintf(text, sizeof text, "%g", floor(number));
    if (!isnan(number))
        write_said(json, view, kind, text);
}

static void write_man(ag_json *json, const ag_view *view) {
    static const char *const wishes[] = {NULL, "child", "relief", "answers"};
    const ag_patient *p = view->patient;
    write_number(json, view, "age", p->age_years);
    write_number(json, view, "partner-age", p->partner_age_years);
    if (p->wish != AG_WISH_UNKNOWN)
        write_said(json, view, "wish", wishes[p->wish]);
    char span[AG_SPAN_TEXT];
    const char *onset = p->lifelong ? "lifelong" : ag_days_span(p->onset, span);
    if (onset != NULL)
        write_said(json, view, "onset", onset);
    if (p->medicines_complete)
        write_said(json, view, "complete", "medicines");
    if (p->operations_complete)
        write_said(json, view, "complete", "operations");
}

static void write_cause(ag_json *json, const ag_view *view, const ag_cause_fact *cause) {
    const ag_cause *card = &view->knowledge->causes[cause->cause];
    const char *key;
    const char *value = !cause->present  ? "absent"
                        : cause->planned ? "planned"
                        : cause->ended   ? "ended"
                                         : "present";
    write_fact(json, view,
               (fact){.kind = ag_fact_kind_of_cause(card->kind, &key),
                      .id = card->id,
                      .text = cause->text,
                      .value = value,
                      .where = cause->where,
                      .date = cause->start,
                      .until = cause->ended ? cause->end : AG_DAYS_UNKNOWN});
}

static void write_finding(ag_json *json, const ag_view *view, const ag_finding_fact *finding) {
    const ag_finding *card = &view->knowledge->findings[finding->finding];
    const char *key;
    char value[200];
    ag_finding_value_write(view->knowledge, finding->finding,
                           (ag_finding_value){finding->state, finding->low, finding->high}, value,
                           sizeof value);
    write_fact(json, view,
               (fact){.kind = ag_fact_kind_of_finding(card->kind, &key),
                      .id = view->knowledge->variables[card->variable].id,
                      .text = ag_view_fact(view, finding),
                      .value = value,
                      .where = finding->where,
                      .date = finding->date,
                      .until = AG_DAYS_UNKNOWN});
}

void ag_facts_json_write(ag_json *json, const ag_view *view) {
    const ag_patient *p = view->patient;
    ag_json_array(json, "facts");
    write_man(json, view);
    for (int i = 0; i < p->cause_count; i++)
        write_cause(json, view, &p->causes[i]);
    for (int i = 0; i < p->planned_count; i++)
        write_cause(json, view, &p->planned[i]);
    for (int i = 0; i < p->finding_count; i++)
        write_finding(json, view, &p->findings[i]);
    ag_json_end(json);
}
