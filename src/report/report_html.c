/* The clinician's report as a page, and the dispatch of the others. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "drawing.h"
#include "html_page.h"
#include "plan_document.h"
#include "readers.h"

typedef struct html_report {
    ag_buffer *out;
    const ag_view *view;
} html_report;

static const char *say(const html_report *r, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const html_report *r, const char *english) {
    return ag_view_say(r->view, english);
}

static void raw(html_report *r, const char *html) {
    ag_buffer_add(r->out, html);
}

static void text(html_report *r, const char *words) {
    ag_html_text(r->out, words);
}

static void element(html_report *r, const char *open, const char *words, const char *close) {
    raw(r, open);
    text(r, words);
    raw(r, close);
}

static void heading(html_report *r, const char *words) {
    element(r, "<h2>", words, "</h2>\n");
}

static void source_marks(html_report *r, const char *const *ids, int count) {
    enum { MOST = 6 };
    int numbers[MOST];
    int found = ag_references_numbers(r->view->references, ids, count, numbers, MOST);
    if (found == 0)
        return;
    raw(r, " <sup>");
    for (int i = 0; i < found && i < MOST; i++)
        ag_buffer_format(r->out, "%s<a href=\"#s%d\">%d</a>", i > 0 ? "," : "", numbers[i],
                         numbers[i]);
    raw(r, found > MOST ? "…</sup>" : "</sup>");
}

/* The value as a bar, its interval as a band behind it. */
static void bar(html_report *r, ag_estimate p) {
    ag_buffer_format(
        r->out,
        "<td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect width=\"100\" height=\"10\" fill=\"var(--wash)\"/>"
        "<rect x=\"%.1f\" width=\"%.1f\" height=\"10\" fill=\"var(--band)\"/>"
        "<rect y=\"3\" width=\"%.1f\" height=\"4\" fill=\"var(--accent)\"/></svg></td>",
        100 * p.low, fmax(100 * (p.high - p.low), 0.5), 100 * p.value);
}

static void estimate(html_report *r, ag_estimate p) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(r->view->language, p.value, percent);
    ag_report_interval(p, range);
    ag_buffer_format(r->out, "<td class=\"number\">");
    text(r, percent);
    ag_buffer_format(r->out, "</td><td class=\"number note\">%s</td>", range);
    bar(r, p);
}

/* A line below a row, as wide as the table. */
static void under(html_report *r, const char *words) {
    element(r, "<tr class=\"under\"><td colspan=\"4\">", words, "</td></tr>\n");
}

/* ---- the sections ---- */

static void mechanisms(html_report *r) {
    double rest;
    int shown = ag_view_mechanisms(r->view, &rest);
    heading(r, say(r, "Most likely"));
    raw(r, "<table>\n");
    for (int i = 0; i < shown; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(r->view->assessment, i);
        const char *summary = ag_view_summary(r->view, m->id);
        ag_buffer_format(r->out, "<tr%s><th scope=\"row\">", i == 0 ? " class=\"first\"" : "");
        text(r, ag_view_capital(r->view, ag_view_name(r->view, m->id)));
        raw(r, "</th>");
        estimate(r, m->probability);
        raw(r, "</tr>\n");
        if (i == 0 && summary != NULL)
            under(r, summary);
    }
    raw(r, "</table>\n");
    if (shown < ag_assessment_mechanism_count(r->view->assessment)) {
        char line[80];
        snprintf(line, sizeof line, say(r, "anything else: at most %d %% each"),
                 rest < 0.01 ? 1 : (int)floor(100 * rest + 0.5));
        element(r, "<p class=\"note\">", line, "</p>\n");
    }
}

static void without(html_report *r, const ag_cause_result *c) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT], line[240];
    ag_report_percent(r->view->language, c->without.value, percent);
    ag_report_interval(c->without, range);
    const ag_mechanism_result *leading = ag_assessment_leading(r->view->assessment, 0);
    snprintf(line, sizeof line, say(r, "without it, %s: %s %s"), ag_view_name(r->view, leading->id),
             percent, range);
    under(r, line);
}

static void cause_row(html_report *r, const ag_cause_result *c) {
    raw(r, "<tr><th scope=\"row\">");
    text(r, ag_view_capital(r->view, ag_view_name(r->view, c->id)));
    source_marks(r, c->sources, c->source_count);
    raw(r, "</th>");
    estimate(r, c->probability);
    raw(r, "</tr>\n");
    if (!isnan(c->without.value))
        without(r, c);
}

static void causes(html_report *r) {
    int shown = ag_view_causes(r->view);
    if (shown == 0)
        return;
    heading(r, say(r, "Because of"));
    raw(r, "<table>\n");
    for (int i = 0; i < shown; i++)
        cause_row(r, ag_assessment_cause(r->view->assessment, i));
    raw(r, "</table>\n");
}

static void beside(html_report *r) {
    int count = ag_assessment_beside_count(r->view->assessment);
    if (count == 0)
        return;
    heading(r, say(r, "Also"));
    raw(r, "<table>\n");
    for (int i = 0; i < count; i++) {
        const ag_beside_result *b = ag_assessment_beside(r->view->assessment, i);
        const char *because = ag_view_beside_cause(r->view, b);
        raw(r, "<tr><th scope=\"row\">");
        text(r, ag_view_beside(r->view, b));
        raw(r, "</th>");
        estimate(r, b->probability);
        raw(r, "</tr>\n");
        if (because != NULL)
            under(r, because);
    }
    raw(r, "</table>\n");
}

/* The weight as a bar: each doubling or halving of the odds is one sixth of it. */
static void finding_row(html_report *r, const ag_finding_result *f) {
    int marks = ag_view_marks(f->weight[0]);
    raw(r, "<tr><th scope=\"row\">");
    text(r, ag_view_finding(r->view, f));
    source_marks(r, f->sources, f->source_count);
    double times = exp(fabs(f->weight[0]));
    ag_buffer_format(r->out, "</th><td class=\"number\">%s%.*f</td>", f->weight[0] > 0 ? "×" : "÷",
                     times < 10 ? 1 : 0, fmin(times, 999));
    ag_buffer_format(
        r->out,
        "<td class=\"bar\"><svg viewBox=\"0 0 6 1\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect y=\".25\" width=\"%d\" height=\".5\" fill=\"var(--%s)\"/>"
        "</svg></td></tr>\n",
        marks, f->weight[0] > 0 ? "forward" : "backward");
}

static int findings_of_sign(html_report *r, int sign) {
    int count = ag_assessment_finding_count(r->view->assessment);
    const ag_finding_result **found =
        ag_arena_array(r->view->arena, (size_t)count + 1, sizeof *found);
    int shown = found == NULL ? 0 : ag_view_findings(r->view, sign, found);
    if (shown == 0)
        return 0;
    heading(r, ag_view_findings_title(r->view, sign));
    raw(r, "<table>\n");
    for (int i = 0; i < shown; i++)
        finding_row(r, found[i]);
    raw(r, "</table>\n");
    return shown;
}

static void findings(html_report *r) {
    int shown = findings_of_sign(r, 1);
    shown += findings_of_sign(r, -1);
    if (shown > 0)
        element(r, "<p class=\"note\">",
                say(r, "the factor by which the finding multiplies or divides the odds"), "</p>\n");
}

static void unresolved(html_report *r) {
    int count = ag_assessment_unresolved_count(r->view->assessment);
    if (count > 0)
        heading(r, say(r, "Not separated"));
    for (int i = 0; i < count; i++)
        element(r, "<p>",
                ag_view_unresolved(r->view, ag_assessment_unresolved(r->view->assessment, i)),
                "</p>\n");
}

static void surprises(html_report *r) {
    int said = 0;
    for (int i = 0; i < ag_assessment_finding_count(r->view->assessment); i++) {
        const char *surprise =
            ag_view_surprise(r->view, ag_assessment_finding(r->view->assessment, i));
        if (surprise != NULL && said++ == 0)
            heading(r, say(r, "Surprising"));
        if (surprise != NULL)
            element(r, "<p>", surprise, "</p>\n");
    }
}

static void missing(html_report *r) {
    int count = ag_assessment_expected_count(r->view->assessment);
    if (count == 0)
        return;
    heading(r, say(r, "Not known yet"));
    raw(r, "<ul>\n");
    for (int i = 0; i < count; i++)
        element(r, "<li>",
                ag_view_name(r->view, ag_assessment_expected(r->view->assessment, i)->id),
                "</li>\n");
    raw(r, "</ul>\n");
}

static void change_row(html_report *r, const ag_what_if_line *line) {
    raw(r, "<tr><th scope=\"row\">");
    text(r, ag_view_plan_text(r->view, line->name));
    raw(r, "</th>");
    estimate(r, line->before);
    estimate(r, line->after);
    raw(r, "</tr>\n");
}

static void what_if(html_report *r) {
    const ag_what_if *imagined = r->view->what_if;
    if (imagined == NULL)
        return;
    heading(r, say(r, "What if"));
    element(r, "<p class=\"strong\">", ag_view_plan_text(r->view, ag_what_if_text(imagined)),
            "</p>\n");
    raw(r, "<table>\n<tr><td></td><td colspan=\"3\">");
    text(r, say(r, "now"));
    raw(r, "</td><td colspan=\"3\">");
    text(r, say(r, "then"));
    raw(r, "</td></tr>\n");
    for (int i = 0; i < ag_what_if_line_count(imagined); i++)
        change_row(r, ag_what_if_line_at(imagined, i));
    raw(r, "</table>\n");
    for (int i = 0; i < ag_what_if_note_count(imagined); i++) {
        const ag_plan_note *note = ag_what_if_note_at(imagined, i);
        raw(r, note->effect == AG_PLAN_WARNING ? "<p class=\"note\">" : "<p class=\"alert\">");
        text(r, ag_plan_standing_text(r->view, note->effect));
        element(r, "", ag_view_plan_text(r->view, note->text), "</p>\n");
    }
}

static void unused(html_report *r, const char *title, bool missed) {
    int listed = 0;
    for (int i = 0; i < ag_view_unused_count(r->view); i++) {
        if (ag_view_missed(r->view, ag_view_unused_at(r->view, i)) != missed)
            continue;
        if (listed++ == 0) {
            heading(r, title);
            raw(r, missed ? "<ul class=\"alert\">\n" : "<ul>\n");
        }
        element(r, "<li>", ag_view_unused(r->view, ag_view_unused_at(r->view, i)), "</li>\n");
    }
    if (listed > 0)
        raw(r, "</ul>\n");
}

static void record(html_report *r) {
    const ag_patient *patient = r->view->patient;
    if (patient->contradiction_count > 0)
        heading(r, say(r, "Contradiction"));
    for (int i = 0; i < patient->contradiction_count; i++)
        element(r, "<p class=\"alert\">", patient->contradictions[i], "</p>\n");
    unused(r, say(r, "Not used"), false);
}

static void sources(html_report *r) {
    heading(r, say(r, "Where this comes from"));
    raw(r, "<ol class=\"sources\">\n");
    for (int n = 1; n <= r->view->reference_count; n++) {
        ag_buffer_format(r->out, "<li id=\"s%d\">", n);
        text(r, ag_references_text(r->view->references, n, r->view->language));
        raw(r, "</li>\n");
    }
    raw(r, "</ol>\n");
}

static void knowledge_line(html_report *r) {
    char line[160];
    snprintf(line, sizeof line, say(r, "knowledge %s of %s"), r->view->knowledge->version,
             r->view->knowledge->date);
    element(r, "<p class=\"note\">", line, "</p>\n");
}

static void clinician(html_report *r) {
    element(r, "<h1>", ag_view_headline(r->view), "</h1>\n");
    element(r, "<p class=\"note\">", say(r, AG_REPORT_NOTICE), "</p>\n");
    const char *background = ag_view_background(r->view);
    if (background != NULL)
        element(r, "<p class=\"alert\">", background, "</p>\n");
    ag_document flags = ag_flags_document(r->view);
    ag_document_html(&flags, r->out);
    unused(r, say(r, "Not understood"), true);
    raw(r, "<div class=\"two\"><div>\n");
    mechanisms(r);
    causes(r);
    beside(r);
    raw(r, "</div>\n<figure>");
    raw(r, ag_drawing(r->view, true));
    element(
        r, "<figcaption>",
        ag_view_capital(r->view,
                        ag_view_name(r->view, ag_assessment_mechanism(r->view->assessment, 0)->id)),
        "</figcaption></figure></div>\n");
    unresolved(r);
    findings(r);
    surprises(r);
    missing(r);
    what_if(r);
    ag_document plan = ag_plan_document(r->view);
    ag_document_html(&plan, r->out);
    record(r);
    sources(r);
    ag_document more = ag_document_of_sources(&plan);
    ag_document_html(&more, r->out);
    knowledge_line(r);
}

char *ag_report_html(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_view view = ag_view_of(assessment, patient, knowledge, &chosen, arena);
    ag_buffer buffer = ag_buffer_start(arena);
    ag_document document = ag_document_start(arena, knowledge, view.language);
    bool plain = chosen.reader != AG_FOR_CLINICIAN;
    ag_html_begin(&buffer, ag_view_say(&view, "Antegrade: report"), plain ? "plain" : "full",
                  view.language);
    if (plain) {
        ag_reader_document(&document, &view, chosen.reader);
        ag_document_html(&document, &buffer);
    } else {
        html_report r = {.out = &buffer, .view = &view};
        clinician(&r);
    }
    ag_html_end(&buffer);
    char *report = document.failed ? NULL : ag_report_take(&buffer);
    ag_arena_free(arena);
    return report;
}
