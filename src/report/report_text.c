/*
 * The report for a terminal. The first screen answers: what is most likely, because of what, what
 * speaks for and against, what cannot be told apart. The rest explains.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plan_document.h"
#include "plan_report.h"
#include "readers.h"
#include "text_page.h"

enum { NAME_WIDTH = 37, PERCENT_WIDTH = 10, LABEL_LEAST = 14, NARROW = 64, NARROW_LABEL = 2 };

typedef struct text_report {
    ag_page page;
    ag_view view;
    int label_width; /* columns of the longest label, and a space */
} text_report;

static const char *say(const text_report *r, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const text_report *r, const char *english) {
    return ag_view_say(&r->view, english);
}

/* In a narrow terminal the label has a line of its own. */
static void label(text_report *r, const char *text) {
    ag_page_write(&r->page, AG_BOLD, text);
    if (r->label_width == NARROW_LABEL)
        ag_page_line(&r->page);
    ag_page_column(&r->page, r->label_width);
}

/* Begin a line of a list: with its label, or below it. */
static void begin(text_report *r, int i, const char *text) {
    if (i == 0)
        label(r, text);
    else
        ag_page_column(&r->page, r->label_width);
}

static void words(text_report *r, ag_face face, const char *text) {
    ag_page_words(&r->page, face, text, r->label_width);
    ag_page_line(&r->page);
}

/* The column in which numbers begin: it leaves room for "100 % (99–99)". */
static int name_end(const text_report *r) {
    int room = r->page.width - PERCENT_WIDTH - 8, usual = r->label_width + NAME_WIDTH;
    return room < usual ? room : usual;
}

static void estimate(text_report *r, ag_face face, ag_estimate p) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(r->view.language, p.value, percent);
    ag_report_interval(p, range);
    int end = name_end(r) + PERCENT_WIDTH - 2;
    if (r->page.column >= end - ag_page_columns(percent)) /* after a long name */
        ag_page_line(&r->page);
    ag_page_column(&r->page, end - ag_page_columns(percent));
    ag_page_write(&r->page, face, percent);
    ag_page_write(&r->page, AG_FAINT, " ");
    ag_page_write(&r->page, AG_FAINT, range);
}

/* As many numbers of sources as the line has room for, four at the most. */
static void source_marks(text_report *r, const char *const *ids, int count) {
    enum { MOST = 4 };
    ag_buffer marks = ag_buffer_start(r->view.arena);
    int numbers[MOST], room = r->page.width - r->page.column - 3, shown = 0;
    int found = ag_references_numbers(r->view.references, ids, count, numbers, MOST);
    for (; shown < found && shown < MOST; shown++) {
        char number[16];
        int length =
            snprintf(number, sizeof number, "%s%d", shown > 0 ? "," : " [", numbers[shown]);
        if (length > room)
            break;
        room -= length;
        ag_buffer_add(&marks, number);
    }
    if (shown == 0)
        return;
    ag_buffer_add(&marks, found > shown ? "…]" : "]");
    ag_page_write(&r->page, AG_FAINT, ag_buffer_text(&marks) != NULL ? marks.data : "");
}

static void headline(text_report *r) {
    ag_page_words(&r->page, AG_BOLD, ag_view_headline(&r->view), 2);
    ag_page_line(&r->page);
    ag_page_words(&r->page, AG_FAINT, say(r, AG_REPORT_NOTICE), 0);
    ag_page_line(&r->page);
    ag_page_line(&r->page);
    const char *background = ag_view_background(&r->view);
    if (background == NULL)
        return;
    ag_page_words(&r->page, AG_BOLD, background, 0);
    ag_page_line(&r->page);
    ag_page_line(&r->page);
}

/* ---- mechanisms ---- */

static void mechanism_line(text_report *r, const ag_mechanism_result *m, bool first) {
    ag_face face = first ? AG_BOLD : AG_PLAIN;
    ag_page_write(&r->page, face, ag_view_capital(&r->view, ag_view_name(&r->view, m->id)));
    estimate(r, face, m->probability);
    ag_page_line(&r->page);
    const char *summary = ag_view_summary(&r->view, m->id);
    if (first && summary != NULL) {
        ag_page_column(&r->page, r->label_width);
        words(r, AG_PLAIN, summary);
    }
}

static void mechanisms(text_report *r) {
    double rest;
    int shown = ag_view_mechanisms(&r->view, &rest);
    for (int i = 0; i < shown; i++) {
        begin(r, i, say(r, "Most likely"));
        mechanism_line(r, ag_assessment_mechanism(r->view.assessment, i), i == 0);
    }
    if (shown < ag_assessment_mechanism_count(r->view.assessment)) {
        char line[80];
        snprintf(line, sizeof line, say(r, "anything else: at most %d %% each"),
                 rest < 0.01 ? 1 : (int)floor(100 * rest + 0.5));
        ag_page_column(&r->page, r->label_width);
        words(r, AG_FAINT, line);
    }
    ag_page_line(&r->page);
}

/* ---- causes ---- */

static void cause_line(text_report *r, const ag_cause_result *c) {
    ag_page_write(&r->page, AG_PLAIN, ag_view_capital(&r->view, ag_view_name(&r->view, c->id)));
    estimate(r, AG_PLAIN, c->probability);
    source_marks(r, c->sources, c->source_count);
    ag_page_line(&r->page);
    if (isnan(c->without.value))
        return;
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT], line[240];
    ag_report_percent(r->view.language, c->without.value, percent);
    ag_report_interval(c->without, range);
    const ag_mechanism_result *leading = ag_assessment_leading(r->view.assessment, 0);
    snprintf(line, sizeof line, say(r, "without it, %s: %s %s"),
             ag_view_name(&r->view, leading->id), percent, range);
    ag_page_column(&r->page, r->label_width + 1);
    ag_page_words(&r->page, AG_FAINT, line, r->label_width + 2);
    ag_page_line(&r->page);
}

static void causes(text_report *r) {
    int shown = ag_view_causes(&r->view);
    for (int i = 0; i < shown; i++) {
        begin(r, i, say(r, "Because of"));
        cause_line(r, ag_assessment_cause(r->view.assessment, i));
    }
    if (shown > 0)
        ag_page_line(&r->page);
}

/* ---- beside the mechanisms ---- */

static void beside_line(text_report *r, const ag_beside_result *b) {
    ag_page_write(&r->page, AG_PLAIN, ag_view_beside(&r->view, b));
    estimate(r, AG_PLAIN, b->probability);
    ag_page_line(&r->page);
    const char *because = ag_view_beside_cause(&r->view, b);
    if (because == NULL)
        return;
    ag_page_column(&r->page, r->label_width + 1);
    ag_page_words(&r->page, AG_FAINT, because, r->label_width + 2);
    ag_page_line(&r->page);
}

static void beside(text_report *r) {
    int count = ag_assessment_beside_count(r->view.assessment);
    for (int i = 0; i < count; i++) {
        begin(r, i, say(r, "Also"));
        beside_line(r, ag_assessment_beside(r->view.assessment, i));
    }
    if (count > 0)
        ag_page_line(&r->page);
}

/* ---- findings ---- */

static void finding_line(text_report *r, const ag_finding_result *f) {
    ag_page_write(&r->page, AG_PLAIN, " ");
    ag_page_words(&r->page, AG_PLAIN, ag_view_finding(&r->view, f), 3);
    if (r->page.column >= name_end(r) + 8)
        ag_page_line(&r->page);
    ag_page_column(&r->page, name_end(r));
    for (int marks = ag_view_marks(f->weight[0]); marks > 0; marks--)
        ag_page_write(&r->page, AG_BOLD, "×");
    source_marks(r, f->sources, f->source_count);
    ag_page_line(&r->page);
}

static int findings_of_sign(text_report *r, int sign) {
    int count = ag_assessment_finding_count(r->view.assessment);
    const ag_finding_result **found =
        ag_arena_array(r->view.arena, (size_t)count + 1, sizeof *found);
    int shown = found == NULL ? 0 : ag_view_findings(&r->view, sign, found);
    for (int i = 0; i < shown; i++) {
        if (i == 0) {
            ag_page_write(&r->page, AG_BOLD, ag_view_findings_title(&r->view, sign));
            ag_page_line(&r->page);
        }
        finding_line(r, found[i]);
    }
    return shown;
}

static void findings(text_report *r) {
    int shown = findings_of_sign(r, 1);
    shown += findings_of_sign(r, -1);
    if (shown > 0) {
        ag_page_write(&r->page, AG_FAINT, "  ");
        ag_page_words(&r->page, AG_FAINT, say(r, "each × about doubles or halves the odds"), 2);
        ag_page_line(&r->page);
        ag_page_line(&r->page);
    }
}

static void surprises(text_report *r) {
    int said = 0;
    for (int i = 0; i < ag_assessment_finding_count(r->view.assessment); i++) {
        const char *surprise =
            ag_view_surprise(&r->view, ag_assessment_finding(r->view.assessment, i));
        if (surprise == NULL)
            continue;
        begin(r, said++, say(r, "Surprising"));
        words(r, AG_PLAIN, surprise);
    }
    if (said > 0)
        ag_page_line(&r->page);
}

static void missing(text_report *r) {
    int count = ag_assessment_expected_count(r->view.assessment);
    if (count == 0)
        return;
    ag_buffer line = ag_buffer_start(r->view.arena);
    for (int i = 0; i < count; i++)
        ag_buffer_format(&line, "%s%s", i > 0 ? ", " : "",
                         ag_view_name(&r->view, ag_assessment_expected(r->view.assessment, i)->id));
    label(r, say(r, "Not known yet"));
    words(r, AG_PLAIN, ag_buffer_text(&line) != NULL ? line.data : "");
    ag_page_line(&r->page);
}

static void unresolved(text_report *r) {
    for (int i = 0; i < ag_assessment_unresolved_count(r->view.assessment); i++) {
        label(r, say(r, "Not separated"));
        words(r, AG_PLAIN,
              ag_view_unresolved(&r->view, ag_assessment_unresolved(r->view.assessment, i)));
        ag_page_line(&r->page);
    }
}

/* ---- the record ---- */

static int unused(text_report *r, const char *heading, bool missed) {
    int listed = 0;
    for (int i = 0; i < ag_view_unused_count(&r->view); i++) {
        if (ag_view_missed(&r->view, ag_view_unused_at(&r->view, i)) != missed)
            continue;
        begin(r, listed++, heading);
        ag_page_words(&r->page, AG_PLAIN, ag_view_unused(&r->view, ag_view_unused_at(&r->view, i)),
                      r->label_width + 2);
        ag_page_line(&r->page);
    }
    return listed;
}

static void record(text_report *r) {
    const ag_patient *patient = r->view.patient;
    for (int i = 0; i < patient->contradiction_count; i++) {
        label(r, say(r, "Contradiction"));
        words(r, AG_PLAIN, patient->contradictions[i]);
    }
    int listed = unused(r, say(r, "Not used"), false);
    if (patient->contradiction_count + listed > 0)
        ag_page_line(&r->page);
}

/* What he meant to say and is missing from the answer stands above it. */
static void missed(text_report *r) {
    if (unused(r, say(r, "Not understood"), true) > 0)
        ag_page_line(&r->page);
}

static void sources(text_report *r) {
    enum { SHOWN = 8 };
    int count = r->view.reference_count;
    int shown = r->view.why || count <= SHOWN + 1 ? count : SHOWN;
    for (int n = 1; n <= shown; n++) {
        char number[16];
        snprintf(number, sizeof number, "[%d] ", n);
        ag_page_write(&r->page, AG_FAINT, number);
        ag_page_words(&r->page, AG_FAINT,
                      ag_references_text(r->view.references, n, r->view.language), 5);
        ag_page_line(&r->page);
    }
    char line[160];
    if (shown < count) {
        snprintf(line, sizeof line,
                 say(r, "and %d more sources: --why lists them, and all the reasons"),
                 count - shown);
        ag_page_words(&r->page, AG_FAINT, line, 0);
        ag_page_line(&r->page);
    }
    ag_page_line(&r->page);
}

static void knowledge_line(text_report *r) {
    char line[160];
    snprintf(line, sizeof line, say(r, "knowledge %s of %s"), r->view.knowledge->version,
             r->view.knowledge->date);
    ag_page_write(&r->page, AG_FAINT, line);
    ag_page_line(&r->page);
}

/* Labels stand in a column of their own, as wide as the longest in this language. */
static int widest_label(const text_report *r) {
    if (r->page.width < NARROW)
        return NARROW_LABEL;
    const char *const labels[] = {say(r, "Most likely"),   say(r, "Because of"),
                                  say(r, "Not separated"), say(r, "Not known yet"),
                                  say(r, "Contradiction"), say(r, "Not used"),
                                  say(r, "Surprising")};
    int widest = LABEL_LEAST;
    for (int i = 0; i < ag_view_unused_count(&r->view); i++)
        if (ag_view_missed(&r->view, ag_view_unused_at(&r->view, i)))
            widest = ag_page_columns(say(r, "Not understood")) + 1;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        int columns = ag_page_columns(labels[i]) + 1;
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

static void part(text_report *r, ag_document document) {
    ag_document_text(&document, r->page.out, r->page.width, r->page.color);
    if (document.first != NULL)
        ag_page_line(&r->page);
}

static void clinician(text_report *r) {
    r->label_width = widest_label(r);
    headline(r);
    part(r, ag_flags_document(&r->view));
    missed(r);
    mechanisms(r);
    causes(r);
    beside(r);
    findings(r);
    unresolved(r);
    surprises(r);
    missing(r);
    ag_what_if_text_write(&r->page, &r->view, r->label_width);
    ag_document plan = ag_plan_document(&r->view);
    part(r, plan);
    record(r);
    sources(r);
    part(r, ag_document_of_sources(&plan));
    knowledge_line(r);
}

char *ag_report_text(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_buffer buffer = ag_buffer_start(arena);
    text_report r = {.page = {.out = &buffer, .width = chosen.width, .color = chosen.color},
                     .view = ag_view_of(assessment, patient, knowledge, &chosen, arena)};
    ag_document document = ag_document_start(arena, knowledge, r.view.language);
    if (chosen.reader == AG_FOR_CLINICIAN) {
        clinician(&r);
    } else {
        ag_reader_document(&document, &r.view, chosen.reader);
        ag_document_text(&document, &buffer, chosen.width, chosen.color);
    }
    char *report = document.failed ? NULL : ag_report_take(&buffer);
    ag_arena_free(arena);
    return report;
}
