/* The plan and what is imagined, as JSON. */
#include <string.h>

#include "plan_document.h"
#include "plan_report.h"

static const char *text_of(const ag_view *view, ag_plan_text text) {
    return view->language == AG_SPANISH && text.es != NULL ? text.es : text.en;
}

static void estimate(ag_json *json, const char *key, ag_estimate e) {
    ag_json_object(json, key);
    ag_json_number(json, "value", e.value);
    ag_json_number(json, "low", e.low);
    ag_json_number(json, "high", e.high);
    ag_json_end(json);
}

static void ids(ag_json *json, const char *key, const char *const *items, int count) {
    ag_json_array(json, key);
    for (int i = 0; i < count; i++)
        ag_json_text(json, NULL, items[i]);
    ag_json_end(json);
}

static const char *effect_name(ag_plan_effect effect) {
    static const char *const names[] = {"refused", "first", "warning", "due", "free"};
    return names[effect];
}

static void note(ag_json *json, const ag_view *view, const ag_plan_note *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "id", item->id);
    ag_json_text(json, "effect", effect_name(item->effect));
    ag_json_text(json, "text", text_of(view, item->text));
    ag_json_bool(json, "clinician", item->clinician);
    ag_json_text(json, "because", item->because);
    ids(json, "sources", item->sources, item->source_count);
    ag_json_end(json);
}

static void notes(ag_json *json, const ag_view *view, const ag_plan_note *items, int count) {
    ag_json_array(json, "notes");
    for (int i = 0; i < count; i++)
        note(json, view, &items[i]);
    ag_json_end(json);
}

/* ---- tests ---- */

static void result(ag_json *json, const ag_view *view, const ag_plan_result *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "text", text_of(view, item->text));
    ag_json_number(json, "probability", item->probability);
    ag_json_text(json, "mechanism", item->mechanism);
    ag_json_number(json, "mechanism_probability", item->mechanism_probability);
    ag_json_text(json, "option", item->option);
    ag_json_end(json);
}

static void test(ag_json *json, const ag_view *view, const ag_plan_test *item) {
    static const char *const kinds[] = {"question", "examination", "laboratory",
                                        "imaging",  "genetic",     "procedure"};
    ag_json_object(json, NULL);
    ag_json_text(json, "id", item->id);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "kind", kinds[item->kind]);
    ag_json_text(json, "finding", item->finding);
    ag_json_bool(json, "repeat", item->repeat);
    ag_json_bool(json, "due", item->due);
    ag_json_bool(json, "worth", item->worth);
    ag_json_text(json, "standing", effect_name(item->standing));
    ag_json_number(json, "bits", item->bits);
    ag_json_number(json, "value", item->value);
    ag_json_number(json, "burden", item->burden);
    ag_json_number(json, "net", item->net);
    ag_json_integer(json, "invasive", item->invasive);
    ag_json_integer(json, "cost", item->cost);
    ag_json_number(json, "days", item->days);
    ag_json_text(json, "by", text_of(view, item->by));
    ag_json_array(json, "results");
    for (int i = 0; i < item->result_count; i++)
        result(json, view, &item->results[i]);
    ag_json_end(json);
    notes(json, view, item->notes, item->note_count);
    ag_json_end(json);
}

/* ---- options ---- */

static void harms(ag_json *json, const ag_view *view, const ag_plan_option *option) {
    ag_json_array(json, "harms");
    for (int i = 0; i < option->harm_count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "text", text_of(view, option->harms[i].text));
        estimate(json, "probability", option->harms[i].probability);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void option(ag_json *json, const ag_view *view, const ag_plan_option *item) {
    static const char *const kinds[] = {"none",      "stop",        "switch",    "medicine",
                                        "operation", "stimulation", "retrieval", "prevention"};
    ag_json_object(json, NULL);
    ag_json_text(json, "id", item->id);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "kind", kinds[item->kind]);
    ag_json_text(json, "cause", item->cause);
    ag_json_array(json, "also");
    for (int i = 0; i < item->also_count; i++)
        ag_json_text(json, NULL, item->also[i]);
    ag_json_end(json);
    ag_json_text(json, "standing", effect_name(item->standing));
    if (item->restores) {
        estimate(json, "semen", item->semen);
        estimate(json, "usual_volume", item->usual_volume);
    }
    estimate(json, "sperm", item->sperm);
    harms(json, view, item);
    ag_json_object(json, "days");
    ag_json_number(json, "value", item->days);
    ag_json_number(json, "low", item->days_low);
    ag_json_number(json, "high", item->days_high);
    ag_json_end(json);
    ag_json_integer(json, "invasive", item->invasive);
    ag_json_integer(json, "cost", item->cost);
    ag_json_bool(json, "off_label", item->off_label);
    ag_json_text(json, "by", text_of(view, item->by));
    ag_json_text(json, "dose_for_clinicians", text_of(view, item->dose));
    ag_json_text(json, "for_the_man", ag_plan_plain_name(view, item));
    ag_json_number(json, "utility", item->utility);
    notes(json, view, item->notes, item->note_count);
    ids(json, "sources", item->sources, item->source_count);
    ag_json_end(json);
}

/* ---- what is planned ---- */

static void outlook(ag_json *json, const char *key, const ag_plan_outlook *item) {
    ag_json_object(json, key);
    estimate(json, "semen", item->semen);
    estimate(json, "usual_volume", item->usual_volume);
    estimate(json, "backward", item->backward);
    estimate(json, "sperm", item->sperm);
    ag_json_end(json);
}

static void alternative(ag_json *json, const ag_view *view, const ag_plan_alternative *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "cause", item->cause);
    ag_json_text(json, "variant", item->variant);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "suits", text_of(view, item->suits));
    outlook(json, "after", &item->after);
    ids(json, "sources", item->sources, item->source_count);
    ag_json_end(json);
}

static void planned(ag_json *json, const ag_view *view, const ag_plan_planned *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "cause", item->cause);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "text", item->text);
    ag_json_text(json, "when", item->when);
    ag_json_text(json, "kind", item->medicine ? "medicine" : "operation");
    outlook(json, "today", &item->today);
    outlook(json, "after", &item->after);
    ag_json_bool(json, "freeze_sperm_before", item->bank);
    ag_json_array(json, "alternatives");
    for (int i = 0; i < item->alternative_count; i++)
        alternative(json, view, &item->alternatives[i]);
    ag_json_end(json);
    ids(json, "sources", item->sources, item->source_count);
    ag_json_end(json);
}

/* ---- a child ---- */

static void source(ag_json *json, const ag_view *view, const ag_plan_source *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "id", item->id);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "treatment", item->treatment);
    ag_json_bool(json, "offered", item->offered);
    ag_json_text(json, "why_not", item->offered ? NULL : text_of(view, item->why_not));
    estimate(json, "any", item->any);
    ag_json_object(json, "motile_million");
    ag_json_number(json, "value", item->motile);
    ag_json_number(json, "low", item->motile_low);
    ag_json_number(json, "high", item->motile_high);
    ag_json_end(json);
    notes(json, view, item->notes, item->note_count);
    ag_json_end(json);
}

static void child(ag_json *json, const ag_view *view, const ag_plan_child *item) {
    ag_json_object(json, NULL);
    ag_json_text(json, "method", item->method);
    ag_json_text(json, "source", item->source);
    ag_json_text(json, "cycle", text_of(view, item->cycle));
    estimate(json, "live_birth", item->live_birth);
    estimate(json, "pregnancy", item->pregnancy);
    estimate(json, "cumulative", item->cumulative);
    ag_json_integer(json, "cycles", item->cycles);
    ag_json_end(json);
}

static void flag(ag_json *json, const ag_view *view, const ag_plan_flag *item) {
    static const char *const urgencies[] = {"same-day", "urgent", "soon", "routine"};
    ag_json_object(json, NULL);
    ag_json_text(json, "id", item->id);
    ag_json_text(json, "name", text_of(view, item->name));
    ag_json_text(json, "urgency", urgencies[item->urgency]);
    ag_json_text(json, "see", text_of(view, item->see));
    ag_json_text(json, "text", text_of(view, item->text));
    ag_json_bool(json, "present", item->present);
    ag_json_text(json, "because", item->because);
    ids(json, "sources", item->sources, item->source_count);
    ag_json_end(json);
}

static void plan_object(ag_json *json, const ag_view *view, const ag_plan *plan) {
    ag_json_object(json, "plan");
    ag_json_array(json, "flags");
    for (int i = 0; i < ag_plan_flag_count(plan); i++)
        flag(json, view, ag_plan_flag_at(plan, i));
    ag_json_end(json);
    ag_json_array(json, "tests");
    for (int i = 0; i < ag_plan_test_count(plan); i++)
        test(json, view, ag_plan_test_at(plan, i));
    ag_json_end(json);
    ag_json_bool(json, "no_further_test", ag_plan_tests_done(plan));
    ag_json_bool(json, "emergency", ag_plan_is_emergency(plan));
    ag_json_array(json, "planned");
    for (int i = 0; i < ag_plan_planned_count(plan); i++)
        planned(json, view, ag_plan_planned_at(plan, i));
    ag_json_end(json);
    ag_json_array(json, "options");
    for (int i = 0; i < ag_plan_option_count(plan); i++)
        option(json, view, ag_plan_option_at(plan, i));
    ag_json_end(json);
    ag_json_array(json, "sperm_sources");
    for (int i = 0; i < ag_plan_source_count(plan); i++)
        source(json, view, ag_plan_source_at(plan, i));
    ag_json_end(json);
    ag_json_array(json, "child");
    for (int i = 0; i < ag_plan_child_count(plan); i++)
        child(json, view, ag_plan_child_at(plan, i));
    ag_json_end(json);
    ag_json_array(json, "child_notes");
    for (int i = 0; i < ag_plan_child_note_count(plan); i++)
        note(json, view, ag_plan_child_note_at(plan, i));
    ag_json_end(json);
    ag_json_end(json);
}

static void what_if_object(ag_json *json, const ag_view *view, const ag_what_if *what_if) {
    ag_json_object(json, "what_if");
    ag_json_text(json, "text", text_of(view, ag_what_if_text(what_if)));
    ag_json_array(json, "lines");
    for (int i = 0; i < ag_what_if_line_count(what_if); i++) {
        const ag_what_if_line *item = ag_what_if_line_at(what_if, i);
        ag_json_object(json, NULL);
        ag_json_text(json, "id", item->id);
        ag_json_text(json, "name", text_of(view, item->name));
        estimate(json, "before", item->before);
        estimate(json, "after", item->after);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_array(json, "notes");
    for (int i = 0; i < ag_what_if_note_count(what_if); i++)
        note(json, view, ag_what_if_note_at(what_if, i));
    ag_json_end(json);
    ag_json_end(json);
}

void ag_plan_json_write(ag_json *json, const ag_view *view) {
    if (view->plan != NULL)
        plan_object(json, view, view->plan);
    if (view->what_if != NULL)
        what_if_object(json, view, view->what_if);
}

/* ---- sources ---- */

typedef struct source_ids {
    const ag_knowledge *knowledge;
    const char **ids; /* room for every record */
    bool *seen;       /* by record */
    int count;
} source_ids;

static void add_ids(source_ids *all, const char *const *sources, int count) {
    for (int i = 0; i < count; i++) {
        int record = ag_knowledge_evidence(all->knowledge, sources[i]);
        if (record < 0 || all->seen[record])
            continue;
        all->seen[record] = true;
        all->ids[all->count++] = sources[i];
    }
}

static void add_notes(source_ids *all, const ag_plan_note *items, int count) {
    for (int i = 0; i < count; i++)
        add_ids(all, items[i].sources, items[i].source_count);
}

static void add_plan(source_ids *all, const ag_plan *plan) {
    for (int i = 0; i < ag_plan_flag_count(plan); i++)
        add_ids(all, ag_plan_flag_at(plan, i)->sources, ag_plan_flag_at(plan, i)->source_count);
    for (int i = 0; i < ag_plan_test_count(plan); i++)
        add_notes(all, ag_plan_test_at(plan, i)->notes, ag_plan_test_at(plan, i)->note_count);
    for (int i = 0; i < ag_plan_planned_count(plan); i++) {
        const ag_plan_planned *item = ag_plan_planned_at(plan, i);
        add_ids(all, item->sources, item->source_count);
        for (int a = 0; a < item->alternative_count; a++)
            add_ids(all, item->alternatives[a].sources, item->alternatives[a].source_count);
    }
    for (int i = 0; i < ag_plan_option_count(plan); i++) {
        const ag_plan_option *item = ag_plan_option_at(plan, i);
        add_ids(all, item->sources, item->source_count);
        add_notes(all, item->notes, item->note_count);
    }
    for (int i = 0; i < ag_plan_source_count(plan); i++)
        add_notes(all, ag_plan_source_at(plan, i)->notes, ag_plan_source_at(plan, i)->note_count);
    for (int i = 0; i < ag_plan_child_note_count(plan); i++)
        add_notes(all, ag_plan_child_note_at(plan, i), 1);
}

const char **ag_plan_source_ids(const ag_view *view, int *count) {
    size_t records = (size_t)view->knowledge->evidence_count + 1;
    source_ids all = {.knowledge = view->knowledge,
                      .ids = ag_arena_array(view->arena, records, sizeof *all.ids),
                      .seen = ag_arena_array(view->arena, records, sizeof *all.seen)};
    *count = 0;
    if (all.ids == NULL || all.seen == NULL)
        return NULL;
    memset(all.seen, 0, records * sizeof *all.seen);
    if (view->plan != NULL)
        add_plan(&all, view->plan);
    for (int i = 0; view->what_if != NULL && i < ag_what_if_note_count(view->what_if); i++)
        add_notes(&all, ag_what_if_note_at(view->what_if, i), 1);
    *count = all.count;
    return all.ids;
}
