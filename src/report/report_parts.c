#include "report_parts.h"
#include "text_page.h"
#include "values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MECHANISMS = 3, SHOWN_CAUSES = 3, SHOWN_FINDINGS = 6, MOST_MARKS = 6 };

/* Findings that move the odds by less than a quarter are not listed. */
static const double WEIGHT_LEAST = 0.22;

ag_report_options ag_report_options_defaults(void) {
    return (ag_report_options){.size = sizeof(ag_report_options), .width = 80, .language = "en"};
}

void ag_report_free(char *report) {
    free(report);
}

ag_view ag_view_of(const ag_assessment *assessment, const ag_patient *patient,
                   const ag_knowledge *knowledge, const ag_report_options *options,
                   ag_arena *arena) {
    ag_view view = {.assessment = assessment,
                    .patient = patient,
                    .knowledge = knowledge,
                    .arena = arena,
                    .references = ag_references_new(arena, knowledge),
                    .language = ag_language_of(options->language),
                    .why = options->why,
                    .plan = options->plan,
                    .what_if = options->what_if};
    for (int i = 0; i < ag_assessment_source_count(assessment); i++)
        ag_references_number(view.references, ag_assessment_source(assessment, i));
    view.reference_count = ag_references_count(view.references);
    return view;
}

const char *ag_view_say(const ag_view *view, const char *english) {
    return ag_say(view->language, english);
}

/* ---- numbers ---- */

static int whole_percent(double p) {
    return (int)floor(100 * p + 0.5);
}

void ag_report_percent(ag_language language, double p, char out[AG_PERCENT_TEXT]) {
    if (p < 0.01)
        snprintf(out, AG_PERCENT_TEXT, "%s", ag_say(language, "under 1 %"));
    else if (p > 0.99)
        snprintf(out, AG_PERCENT_TEXT, "%s", ag_say(language, "over 99 %"));
    else
        snprintf(out, AG_PERCENT_TEXT, "%d %%", whole_percent(p));
}

void ag_report_interval(ag_estimate p, char out[AG_INTERVAL_TEXT]) {
    int low = whole_percent(p.low), high = whole_percent(p.high);
    snprintf(out, AG_INTERVAL_TEXT, "(%d–%d)", low > 99 ? 99 : low,
             high > 99  ? 99
             : high < 1 ? 1
                        : high);
}

/* ---- names ---- */

/* A text that an arena gave, or nothing where memory ran out: the report as a whole then fails. */
static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

const char *ag_view_plan_text(const ag_view *view, ag_plan_text text) {
    const char *found = ag_localized_text((ag_localized){text.en, text.es}, view->language);
    return found != NULL ? found : "";
}

const char *ag_view_capital(const ag_view *view, const char *text) {
    char *copy = ag_arena_copy(view->arena, text);
    if (copy == NULL)
        return text;
    if (copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    else if (copy[0] == '\xC3' && copy[1] >= '\xA0') /* á to þ, such as the é of "época" */
        copy[1] = (char)(copy[1] - 0x20);
    return copy;
}

const char *ag_view_name(const ag_view *view, const char *id) {
    int variable = ag_knowledge_variable(view->knowledge, id);
    if (variable >= 0)
        return ag_first_name(&view->knowledge->variables[variable].names, view->language);
    int cause = ag_knowledge_cause(view->knowledge, id);
    return cause < 0 ? id : ag_first_name(&view->knowledge->causes[cause].names, view->language);
}

const char *ag_view_summary(const ag_view *view, const char *id) {
    int variable = ag_knowledge_variable(view->knowledge, id);
    if (variable >= 0)
        return ag_localized_text(view->knowledge->variables[variable].summary, view->language);
    int cause = ag_knowledge_cause(view->knowledge, id);
    return cause < 0 ? NULL
                     : ag_localized_text(view->knowledge->causes[cause].summary, view->language);
}

const char *ag_view_fact(const ag_view *view, const ag_finding_fact *fact) {
    const ag_finding *card = &view->knowledge->findings[fact->finding];
    const ag_variable *variable = &view->knowledge->variables[card->variable];
    const ag_texts *names =
        ag_localized_texts(&variable->state_names_en, &variable->state_names_es, view->language);
    const ag_texts *states = names->count > 0 ? names : &variable->states;
    char quantity[128];
    ag_buffer out = ag_buffer_start(view->arena);
    if (card->value == AG_VALUE_YES_NO && fact->state == 0)
        ag_buffer_format(&out, "%s ", ag_view_say(view, "no"));
    ag_buffer_add(&out, ag_first_name(&variable->names, view->language));
    if (card->value == AG_VALUE_STATES)
        ag_buffer_format(&out, ": %s", states->items[fact->state]);
    if (card->value == AG_VALUE_QUANTITY) {
        ag_quantity_text(card, (ag_finding_value){-1, fact->low, fact->high},
                         ag_view_say(view, "to"), quantity, sizeof quantity);
        ag_buffer_format(&out, " %s", quantity);
    }
    return or_empty(ag_buffer_text(&out));
}

const char *ag_view_finding(const ag_view *view, const ag_finding_result *finding) {
    for (int i = 0; i < view->patient->finding_count; i++)
        if (view->patient->findings[i].text == finding->text)
            return ag_view_fact(view, &view->patient->findings[i]);
    return view->patient->lifelong ? ag_view_say(view, "lifelong")
                                   : ag_view_say(view, "time of onset");
}

bool ag_view_first_of_cause(const ag_patient *patient, int i) {
    const ag_cause_fact *fact = &patient->causes[i];
    if (!fact->present || fact->text == NULL)
        return false;
    for (int j = 0; j < i; j++)
        if (patient->causes[j].present && patient->causes[j].cause == fact->cause)
            return false;
    return true;
}

static bool acts_on_anything(const ag_cause *cause) {
    for (int v = 0; v < cause->variant_count; v++)
        if (cause->variants[v].action_count > 0)
            return true;
    return false;
}

/* As the record has it, or the card's name where the record's is long, as codes' names are. */
static const char *short_name(const ag_view *view, const ag_cause_fact *fact) {
    enum { SHORT = 36 };
    if (ag_page_columns(fact->text) <= SHORT)
        return fact->text;
    return ag_first_name(&view->knowledge->causes[fact->cause].names, view->language);
}

/* "tamsulosin and paroxetine" is one entry of two causes. */
static bool named_before(const ag_view *view, int cause) {
    const ag_cause_fact *facts = view->patient->causes;
    for (int i = 0; i < cause; i++)
        if (strcmp(short_name(view, &facts[i]), short_name(view, &facts[cause])) == 0 &&
            acts_on_anything(&view->knowledge->causes[facts[i].cause]))
            return true;
    return false;
}

const char *ag_view_headline(const ag_view *view) {
    ag_buffer line = ag_buffer_start(view->arena);
    ag_buffer_add(&line, ag_view_say(view, "Man"));
    if (!isnan(view->patient->age_years))
        ag_buffer_format(&line, ", %d", (int)view->patient->age_years);
    for (int i = 0; i < view->patient->cause_count; i++)
        if (ag_view_first_of_cause(view->patient, i) &&
            acts_on_anything(&view->knowledge->causes[view->patient->causes[i].cause]) &&
            !named_before(view, i))
            ag_buffer_format(&line, " · %s", short_name(view, &view->patient->causes[i]));
    return or_empty(ag_buffer_text(&line));
}

/* What stands first leads, or ends the matter by a change of medicine, whichever it is. */
static bool is_decided(const ag_plan *plan) {
    static const double ENDS_IT = 0.9;
    if (plan == NULL || ag_plan_option_count(plan) == 0)
        return false;
    const ag_plan_option *best = ag_plan_option_at(plan, 0);
    bool exchanges = best->kind == AG_PLAN_STOP || best->kind == AG_PLAN_SWITCH;
    return best->standing == AG_PLAN_FREE &&
           (best->leads || (exchanges && best->semen.value >= ENDS_IT));
}

const char *ag_view_unresolved(const ag_view *view, const ag_unresolved_result *pair) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(view->language, pair->probability.value, percent);
    ag_report_interval(pair->probability, range);
    const char *tells =
        ag_localized_text((ag_localized){pair->text_en, pair->text_es}, view->language);
    ag_buffer line = ag_buffer_start(view->arena);
    ag_buffer_format(&line, ag_view_say(view, "%s or %s: together %s %s."),
                     ag_view_capital(view, ag_view_name(view, pair->mechanism[0])),
                     ag_view_name(view, pair->mechanism[1]), percent, range);
    ag_buffer_format(&line, " %s%s%s", tells != NULL ? tells : "", tells != NULL ? " " : "",
                     pair->same_plan || is_decided(view->plan)
                         ? ag_view_say(view, "The plan is the same meanwhile.")
                         : ag_view_say(view, "The plan depends on it."));
    return or_empty(ag_buffer_text(&line));
}

int ag_view_unused_count(const ag_view *view) {
    return view->patient->unused_count + ag_assessment_left_out_count(view->assessment);
}

const ag_unused *ag_view_unused_at(const ag_view *view, int i) {
    static const ag_unused no_memory = {.text = "", .where = "", .why = "out of memory"};
    if (i < view->patient->unused_count)
        return &view->patient->unused[i];
    ag_unused *left_out = ag_arena_array(view->arena, 1, sizeof *left_out);
    if (left_out == NULL)
        return &no_memory;
    const char *where,
        *text = ag_assessment_left_out(view->assessment, i - view->patient->unused_count, &where);
    *left_out = (ag_unused){.reason = AG_UNUSED_SETTLED,
                            .text = text,
                            .where = where,
                            .why = AG_SAID("it is of a day on which other causes acted; the "
                                           "later findings alone are computed with")};
    return left_out;
}

const char *ag_view_unused(const ag_view *view, const ag_unused *unused) {
    ag_buffer line = ag_buffer_start(view->arena);
    ag_buffer_add(&line, unused->text);
    if (unused->reason == AG_UNUSED_VALUE) /* to be mended there */
        ag_buffer_format(&line, " (%s)", unused->where);
    ag_buffer_format(&line, ": %s", ag_view_say(view, unused->why));
    for (int n = 0; n < 3 && unused->nearest[n] != NULL; n++)
        ag_buffer_format(&line, "%s%s", n == 0 ? ag_view_say(view, "; did you mean ") : ", ",
                         unused->nearest[n]);
    return or_empty(ag_buffer_text(&line));
}

bool ag_view_missed(const ag_view *view, const ag_unused *unused) {
    bool unknown = unused->reason == AG_UNUSED_UNKNOWN || unused->reason == AG_UNUSED_WORDS;
    return unused->reason == AG_UNUSED_VALUE || (view->patient->typed && unknown);
}

/* ---- what is shown ---- */

int ag_view_mechanisms(const ag_view *view, double *rest) {
    int count = ag_assessment_mechanism_count(view->assessment), shown = 0;
    while (shown < count && (shown == 0 || view->why ||
                             (shown < SHOWN_MECHANISMS &&
                              ag_assessment_mechanism(view->assessment, shown)->probability.value >=
                                  AG_SHOWN_LEAST)))
        shown++;
    *rest = shown < count ? ag_assessment_mechanism(view->assessment, shown)->probability.value : 0;
    return shown;
}

int ag_view_causes(const ag_view *view) {
    int count = ag_assessment_cause_count(view->assessment), shown = 0;
    bool fails = strcmp(ag_assessment_mechanism(view->assessment, 0)->id, "none") != 0;
    while (shown < count &&
           ((shown == 0 && fails) || view->why ||
            (shown < SHOWN_CAUSES &&
             ag_assessment_cause(view->assessment, shown)->probability.value >= AG_SHOWN_LEAST)))
        shown++;
    return shown;
}

const char *ag_view_beside(const ag_view *view, const ag_beside_result *beside) {
    return ag_localized_text((ag_localized){beside->text_en, beside->text_es}, view->language);
}

const char *ag_view_beside_cause(const ag_view *view, const ag_beside_result *beside) {
    if (beside->cause == NULL)
        return NULL;
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(view->language, beside->cause_probability.value, percent);
    ag_report_interval(beside->cause_probability, range);
    return ag_arena_format(view->arena, ag_view_say(view, "because of %s: %s %s"),
                           ag_view_name(view, beside->cause), percent, range);
}

int ag_view_findings(const ag_view *view, int sign, const ag_finding_result **out) {
    if (ag_assessment_leading_count(view->assessment) == 0)
        return 0;
    int count = 0;
    for (int i = 0; i < ag_assessment_finding_count(view->assessment); i++) {
        const ag_finding_result *finding = ag_assessment_finding(view->assessment, i);
        double weight = sign * finding->weight[0];
        if (!(weight >= WEIGHT_LEAST))
            continue;
        int at = count++;
        for (; at > 0 && sign * out[at - 1]->weight[0] < weight; at--)
            out[at] = out[at - 1];
        out[at] = finding;
    }
    return view->why || count < SHOWN_FINDINGS ? count : SHOWN_FINDINGS;
}

const char *ag_view_surprise(const ag_view *view, const ag_finding_result *finding) {
    bool of_the_man = strcmp(finding->id, "setting") != 0;
    bool alone = ag_assessment_finding_count(view->assessment) == 1; /* what he comes with */
    if (!of_the_man || alone || !(finding->expected < AG_SURPRISING))
        return NULL;
    char percent[AG_PERCENT_TEXT];
    ag_report_percent(view->language, finding->expected, percent);
    return or_empty(ag_arena_format(
        view->arena,
        ag_view_say(view, "%s: expected in %s of men in whom all else is as recorded. Check it."),
        ag_view_capital(view, ag_view_finding(view, finding)), percent));
}

const char *ag_view_background(const ag_view *view) {
    if (ag_assessment_finding_count(view->assessment) > 0)
        return NULL;
    for (int i = 0; i < view->patient->cause_count; i++)
        if (view->patient->causes[i].present)
            return NULL;
    return ag_view_say(view, "The record says nothing that bears on this. What follows are the "
                             "rates among men in general, not an answer about him: add what he "
                             "notices, takes and has had done.");
}

const char *ag_view_findings_title(const ag_view *view, int sign) {
    const char *leading = ag_assessment_leading(view->assessment, 0)->id;
    if (strcmp(leading, ag_assessment_mechanism(view->assessment, 0)->id) == 0)
        return sign > 0 ? ag_view_say(view, "What speaks for it")
                        : ag_view_say(view, "What does not fit");
    const char *title =
        sign > 0 ? ag_view_say(view, "For %s speaks") : ag_view_say(view, "Against %s speaks");
    return or_empty(ag_arena_format(view->arena, title, ag_view_name(view, leading)));
}

int ag_view_marks(double weight) {
    int marks = (int)floor(fabs(weight) / log(2.0) + 0.5);
    return marks < 1 ? 1 : marks > MOST_MARKS ? MOST_MARKS : marks;
}

/* ---- sources ---- */

static void add_part(ag_buffer *buffer, const char *before, const char *part) {
    if (part != NULL && part[0] != '\0') {
        if (buffer->length > 0)
            ag_buffer_add(buffer, before);
        ag_buffer_add(buffer, part);
    }
}

const char *ag_report_publication(const ag_evidence *evidence, ag_arena *arena) {
    ag_buffer buffer = ag_buffer_start(arena);
    add_part(&buffer, "", evidence->first_author);
    add_part(&buffer, ". ", evidence->title);
    add_part(&buffer, ". ", evidence->journal);
    if (buffer.length == 0)
        ag_buffer_format(&buffer, "evidence record %s, source incomplete", evidence->id);
    if (evidence->year > 0)
        ag_buffer_format(&buffer, " %d", evidence->year);
    if (evidence->doi != NULL)
        ag_buffer_format(&buffer, ". doi:%s", evidence->doi);
    else if (evidence->pmid != NULL)
        ag_buffer_format(&buffer, ". PMID %s", evidence->pmid);
    return or_empty(ag_buffer_text(&buffer));
}

const char *ag_report_citation(const ag_evidence *evidence, ag_arena *arena) {
    const char *mark = evidence->audit == AG_AUDIT_NOT_CONFIRMABLE ? " (not confirmed)"
                       : evidence->confidence == AG_REMEMBERED     ? " (not re-read)"
                                                                   : "";
    return or_empty(ag_arena_format(arena, "%s%s", ag_report_publication(evidence, arena), mark));
}

char *ag_report_take(ag_buffer *buffer) {
    const char *text = ag_buffer_text(buffer);
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}
