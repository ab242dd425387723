/*
 * The report for a terminal. The first screen answers: what is most likely, because of what, what
 * speaks for and against, what cannot be told apart. The rest explains.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report_parts.h"
#include "text_page.h"

enum {
    LABEL_WIDTH = 14,
    NAME_WIDTH = 37,
    PERCENT_WIDTH = 10,
    SHOWN_MECHANISMS = 3,
    SHOWN_CAUSES = 3,
    SHOWN_FINDINGS = 6,
    MOST_MARKS = 6
};

/* Below this a mechanism or cause is summed up as "anything else". */
static const double SHOWN_LEAST = 0.03;
/* Findings that move the odds by less than a quarter are not listed. */
static const double WEIGHT_LEAST = 0.22;

typedef struct text_report {
    ag_page page;
    const ag_assessment *assessment;
    const ag_patient *patient;
    const ag_knowledge *knowledge;
    ag_arena *arena;
    bool why;
} text_report;

static void label(text_report *r, const char *text) {
    ag_page_write(&r->page, AG_BOLD, text);
    ag_page_column(&r->page, LABEL_WIDTH);
}

static void capitalised(text_report *r, ag_face face, const char *text) {
    char copy[200];
    snprintf(copy, sizeof copy, "%s", text);
    if (copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    ag_page_write(&r->page, face, copy);
}

static void estimate(text_report *r, ag_face face, ag_estimate p) {
    char percent[16], range[24];
    ag_report_percent(p.value, percent, sizeof percent);
    ag_report_interval(p, range, sizeof range);
    ag_page_column(&r->page, LABEL_WIDTH + NAME_WIDTH - 1);
    for (int space = ag_page_columns(percent); space < PERCENT_WIDTH - 1; space++)
        ag_page_write(&r->page, AG_PLAIN, " ");
    ag_page_write(&r->page, face, percent);
    ag_page_write(&r->page, AG_FAINT, " ");
    ag_page_write(&r->page, AG_FAINT, range);
}

static void source_marks(text_report *r, const char *const *ids, int count) {
    enum { MOST = 4 };
    char marks[64] = "";
    for (int i = 0; i < count && i < MOST; i++) {
        size_t length = strlen(marks);
        snprintf(marks + length, sizeof marks - length, "%s%d", i > 0 ? "," : " [",
                 ag_report_source_number(r->assessment, ids[i]));
    }
    if (count > 0) {
        strncat(marks, count > MOST ? "…]" : "]", sizeof marks - strlen(marks) - 1);
        ag_page_write(&r->page, AG_FAINT, marks);
    }
}

/* ---- who he is ---- */

static void headline(text_report *r) {
    ag_buffer line = ag_buffer_start(r->arena);
    ag_buffer_add(&line, "Man");
    if (!isnan(r->patient->age_years))
        ag_buffer_format(&line, ", %d", (int)r->patient->age_years);
    for (int i = 0; i < r->patient->cause_count; i++)
        if (r->patient->causes[i].present && r->patient->causes[i].text != NULL) {
            bool seen = false;
            for (int j = 0; j < i; j++)
                seen = seen || (r->patient->causes[j].present &&
                                r->patient->causes[j].cause == r->patient->causes[i].cause);
            if (!seen)
                ag_buffer_format(&line, " · %s", r->patient->causes[i].text);
        }
    const char *text = ag_buffer_text(&line);
    ag_page_words(&r->page, AG_BOLD, text != NULL ? text : "Man", 2);
    ag_page_line(&r->page);
    ag_page_words(&r->page, AG_FAINT, AG_REPORT_NOTICE, 0);
    ag_page_line(&r->page);
    ag_page_line(&r->page);
}

/* ---- mechanisms ---- */

static const char *summary_of(const text_report *r, const char *id) {
    int variable = ag_knowledge_variable(r->knowledge, id);
    return variable < 0 ? NULL : r->knowledge->variables[variable].summary.en;
}

static void mechanism_line(text_report *r, const ag_mechanism_result *m, bool first) {
    capitalised(r, first ? AG_BOLD : AG_PLAIN, m->name);
    estimate(r, first ? AG_BOLD : AG_PLAIN, m->probability);
    ag_page_line(&r->page);
    const char *summary = summary_of(r, m->id);
    if (first && summary != NULL) {
        ag_page_column(&r->page, LABEL_WIDTH);
        ag_page_words(&r->page, AG_PLAIN, summary, LABEL_WIDTH);
        ag_page_line(&r->page);
    }
}

static void mechanisms(text_report *r) {
    int count = ag_assessment_mechanism_count(r->assessment);
    int shown = 0;
    double rest = 0;
    label(r, "Most likely");
    for (int i = 0; i < count; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(r->assessment, i);
        bool show = shown == 0 || r->why ||
                    (shown < SHOWN_MECHANISMS && m->probability.value >= SHOWN_LEAST);
        if (!show) {
            rest = fmax(rest, m->probability.value);
            continue;
        }
        if (shown > 0)
            ag_page_column(&r->page, LABEL_WIDTH);
        mechanism_line(r, m, shown == 0);
        shown++;
    }
    if (shown < count) {
        char line[64];
        snprintf(line, sizeof line, "anything else: %s %d %% each", "at most",
                 rest < 0.01 ? 1 : (int)floor(100 * rest + 0.5));
        ag_page_column(&r->page, LABEL_WIDTH);
        ag_page_write(&r->page, AG_FAINT, line);
        ag_page_line(&r->page);
    }
    ag_page_line(&r->page);
}

/* ---- causes ---- */

static void cause_line(text_report *r, const ag_cause_result *c) {
    capitalised(r, AG_PLAIN, c->name);
    estimate(r, AG_PLAIN, c->probability);
    source_marks(r, c->sources, c->source_count);
    ag_page_line(&r->page);
    if (isnan(c->without.value))
        return;
    char percent[16], range[24], line[200];
    ag_report_percent(c->without.value, percent, sizeof percent);
    ag_report_interval(c->without, range, sizeof range);
    const ag_mechanism_result *leading = ag_assessment_leading(r->assessment, 0);
    snprintf(line, sizeof line, "without it, %s: %s %s", leading->name, percent, range);
    ag_page_column(&r->page, LABEL_WIDTH + 1);
    ag_page_words(&r->page, AG_FAINT, line, LABEL_WIDTH + 2);
    ag_page_line(&r->page);
}

static void causes(text_report *r) {
    int count = ag_assessment_cause_count(r->assessment);
    int shown = 0;
    for (int i = 0; i < count; i++) {
        const ag_cause_result *c = ag_assessment_cause(r->assessment, i);
        if (!r->why && (shown >= SHOWN_CAUSES || (shown > 0 && c->probability.value < SHOWN_LEAST)))
            break;
        if (shown == 0)
            label(r, "Because of");
        else
            ag_page_column(&r->page, LABEL_WIDTH);
        cause_line(r, c);
        shown++;
    }
    if (shown > 0)
        ag_page_line(&r->page);
}

/* ---- findings ---- */

static void marks_for(double weight, char *out, size_t size) {
    int marks = (int)floor(fabs(weight) / log(2.0) + 0.5);
    marks = marks < 1 ? 1 : marks > MOST_MARKS ? MOST_MARKS : marks;
    out[0] = '\0';
    for (int i = 0; i < marks; i++)
        strncat(out, "×", size - strlen(out) - 1);
}

static void finding_line(text_report *r, const ag_finding_result *f) {
    char marks[32];
    marks_for(f->weight[0], marks, sizeof marks);
    ag_page_write(&r->page, AG_PLAIN, " ");
    ag_page_words(&r->page, AG_PLAIN, f->text, 3);
    ag_page_column(&r->page, LABEL_WIDTH + NAME_WIDTH);
    ag_page_write(&r->page, AG_BOLD, marks);
    source_marks(r, f->sources, f->source_count);
    ag_page_line(&r->page);
}

/* The findings with the greatest weight of the wanted sign come first. */
static void findings_of_sign(text_report *r, const char *title, int sign) {
    int count = ag_assessment_finding_count(r->assessment);
    int most = r->why ? count : SHOWN_FINDINGS;
    double limit = INFINITY;
    int last = -1;
    for (int shown = 0; shown < most; shown++) {
        int best = -1;
        double heaviest = 0;
        for (int i = 0; i < count; i++) {
            double w = sign * ag_assessment_finding(r->assessment, i)->weight[0];
            bool next = w < limit || (w == limit && i > last);
            if (w >= WEIGHT_LEAST && next && w > heaviest) {
                best = i;
                heaviest = w;
            }
        }
        if (best < 0)
            break;
        if (shown == 0) {
            ag_page_write(&r->page, AG_BOLD, title);
            ag_page_line(&r->page);
        }
        finding_line(r, ag_assessment_finding(r->assessment, best));
        limit = heaviest;
        last = best;
    }
}

static void findings(text_report *r) {
    if (ag_assessment_leading_count(r->assessment) == 0)
        return;
    size_t before = r->page.out->length;
    findings_of_sign(r, "What speaks for it", 1);
    findings_of_sign(r, "What does not fit", -1);
    if (r->page.out->length > before) {
        ag_page_write(&r->page, AG_FAINT, "  each × about doubles or halves the odds");
        ag_page_line(&r->page);
        ag_page_line(&r->page);
    }
}

static void missing(text_report *r) {
    int count = ag_assessment_expected_count(r->assessment);
    if (count == 0)
        return;
    ag_buffer line = ag_buffer_start(r->arena);
    for (int i = 0; i < count; i++)
        ag_buffer_format(&line, "%s%s", i > 0 ? ", " : "",
                         ag_assessment_expected(r->assessment, i)->name);
    label(r, "Not known yet");
    ag_page_words(&r->page, AG_PLAIN, ag_buffer_text(&line) != NULL ? line.data : "", LABEL_WIDTH);
    ag_page_line(&r->page);
    ag_page_line(&r->page);
}

static const char *mechanism_name(const text_report *r, const char *id) {
    int variable = ag_knowledge_variable(r->knowledge, id);
    return variable < 0 ? id : r->knowledge->variables[variable].names.en.items[0];
}

static void unresolved(text_report *r) {
    for (int i = 0; i < ag_assessment_unresolved_count(r->assessment); i++) {
        const ag_unresolved_result *u = ag_assessment_unresolved(r->assessment, i);
        char percent[16], range[24], line[700];
        ag_report_percent(u->probability.value, percent, sizeof percent);
        ag_report_interval(u->probability, range, sizeof range);
        snprintf(line, sizeof line, "%s or %s: together %s %s. %s %s",
                 mechanism_name(r, u->mechanism[0]), mechanism_name(r, u->mechanism[1]), percent,
                 range, u->text_en != NULL ? u->text_en : "",
                 u->same_plan ? "The plan is the same meanwhile." : "The plan depends on it.");
        label(r, "Not separated");
        ag_page_words(&r->page, AG_PLAIN, line, LABEL_WIDTH);
        ag_page_line(&r->page);
        ag_page_line(&r->page);
    }
}

/* ---- the record ---- */

static void record(text_report *r) {
    for (int i = 0; i < r->patient->contradiction_count; i++) {
        label(r, "Contradiction");
        ag_page_words(&r->page, AG_PLAIN, r->patient->contradictions[i], LABEL_WIDTH);
        ag_page_line(&r->page);
    }
    for (int i = 0; i < r->patient->unused_count; i++) {
        const ag_unused *u = &r->patient->unused[i];
        ag_buffer line = ag_buffer_start(r->arena);
        ag_buffer_format(&line, "%s: %s", u->text, u->why);
        for (int n = 0; n < 3 && u->nearest[n] != NULL; n++)
            ag_buffer_format(&line, "%s%s", n == 0 ? "; did you mean " : ", ", u->nearest[n]);
        if (i == 0)
            label(r, "Not used");
        else
            ag_page_column(&r->page, LABEL_WIDTH);
        ag_page_words(&r->page, AG_PLAIN, ag_buffer_text(&line) != NULL ? line.data : "",
                      LABEL_WIDTH + 2);
        ag_page_line(&r->page);
    }
    if (r->patient->contradiction_count + r->patient->unused_count > 0)
        ag_page_line(&r->page);
}

static void sources(text_report *r) {
    enum { SHOWN = 8 };
    int count = ag_assessment_source_count(r->assessment);
    int shown = r->why || count < SHOWN ? count : SHOWN;
    for (int i = 0; i < shown; i++) {
        int index = ag_knowledge_evidence(r->knowledge, ag_assessment_source(r->assessment, i));
        char number[16];
        snprintf(number, sizeof number, "[%d] ", i + 1);
        ag_page_write(&r->page, AG_FAINT, number);
        ag_page_words(&r->page, AG_FAINT,
                      ag_report_citation(&r->knowledge->evidence[index], r->arena), 5);
        ag_page_line(&r->page);
    }
    char line[160];
    if (shown < count) {
        snprintf(line, sizeof line, "and %d more sources: --why lists them, and all the reasons",
                 count - shown);
        ag_page_words(&r->page, AG_FAINT, line, 0);
        ag_page_line(&r->page);
    }
    snprintf(line, sizeof line, "knowledge %s of %s", r->knowledge->version, r->knowledge->date);
    ag_page_write(&r->page, AG_FAINT, line);
    ag_page_line(&r->page);
}

char *ag_report_text(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_buffer buffer = ag_buffer_start(arena);
    text_report r = {.page = {.out = &buffer, .width = chosen.width, .color = chosen.color},
                     .assessment = assessment,
                     .patient = patient,
                     .knowledge = knowledge,
                     .arena = arena,
                     .why = chosen.why};
    headline(&r);
    mechanisms(&r);
    causes(&r);
    findings(&r);
    unresolved(&r);
    missing(&r);
    record(&r);
    sources(&r);
    char *report = ag_report_take(&buffer);
    ag_arena_free(arena);
    return report;
}
