/* The summary as one HTML page: counts, plots as SVG, the men of the highest risk. */
#include <math.h>
#include <string.h>

#include "summary_words.h"

enum { BAR_ROWS = 15, BAR_HEIGHT = 22, BAR_WIDTH = 220, NAME_WIDTH = 250, PLOT_HEIGHT = 160 };

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Screening of records</title>\n<style>\n"
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1b2430;background:#fff}\n"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}\n"
    "th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #dde3ea;"
    "vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right;white-space:nowrap;font-"
    "variant-numeric:tabular-"
    "nums}\n"
    "svg{max-width:100%;height:auto}svg text{font-size:13px;fill:currentColor}\n"
    ".note{color:#566}.bar{fill:#2f6f9f}\n"
    "@media(max-width:40rem){.men tr:first-child{display:none}.men tr{display:block;padding:.5rem "
    "0;"
    "border-bottom:1px solid #dde3ea}.men td{display:block;border:0;padding:0}"
    ".men td[data-is]::before{content:attr(data-is) \": \"}}\n"
    "@media(prefers-color-scheme:dark){body{color:#dde3ea;background:#14181d}"
    "th,td,.men tr{border-color:#333d48}.note{color:#9ab}.bar{fill:#6fb1e0}}\n"
    "</style></head><body>\n";

static void add_escaped(ag_buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '<')
            ag_buffer_add(out, "&lt;");
        else if (*text == '&')
            ag_buffer_add(out, "&amp;");
        else if (*text == '"')
            ag_buffer_add(out, "&quot;");
        else
            ag_buffer_add_char(out, *text);
    }
}

static void add_row(ag_buffer *out, const char *name, long long count) {
    ag_buffer_add(out, "<tr><td>");
    add_escaped(out, name);
    ag_buffer_format(out, "</td><td class=\"n\">%lld</td></tr>\n", count);
}

static void add_bar(ag_buffer *out, int row, const char *name, long long count, long long most) {
    int y = row * BAR_HEIGHT, width = (int)((double)count / (double)most * BAR_WIDTH);
    ag_buffer_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", NAME_WIDTH, y + 16);
    add_escaped(out, name);
    ag_buffer_format(out,
                     "</text><rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                     "<text x=\"%d\" y=\"%d\">%lld</text>\n",
                     NAME_WIDTH + 8, y + 3, width > 0 ? width : 1, BAR_HEIGHT - 6,
                     NAME_WIDTH + 14 + width, y + 16, count);
}

static void add_causes(ag_buffer *out, const ag_screen_summary *s) {
    int count;
    const ag_cause_count *causes = ag_summary_causes(s, s->arena, &count);
    if (causes == NULL || count == 0)
        return;
    int rows = count < BAR_ROWS ? count : BAR_ROWS;
    ag_buffer_format(
        out,
        "<h2>Causes recorded</h2>\n<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
        "aria-label=\"Men by recorded cause\">\n",
        NAME_WIDTH + BAR_WIDTH + 80, rows * BAR_HEIGHT, NAME_WIDTH + BAR_WIDTH + 80);
    for (int i = 0; i < rows; i++)
        add_bar(out, i, causes[i].cause->names.en.items[0], causes[i].count, causes[0].count);
    ag_buffer_add(out, "</svg>\n");
}

static void add_histogram(ag_buffer *out, const ag_screen_summary *s) {
    enum { LEFT = 10, STEP = 30 };
    long long most = 1;
    for (int i = 0; i < AG_SUMMARY_BINS; i++)
        most = s->histogram[i] > most ? s->histogram[i] : most;
    ag_buffer_format(out,
                     "<h2>Risk of a problem, men reported</h2>\n<svg viewBox=\"0 0 %d %d\" "
                     "width=\"%d\" role=\"img\" aria-label=\"Histogram of risk\">\n",
                     2 * LEFT + AG_SUMMARY_BINS * STEP, PLOT_HEIGHT + 40,
                     2 * LEFT + AG_SUMMARY_BINS * STEP);
    for (int i = 0; i < AG_SUMMARY_BINS; i++) {
        int height = (int)((double)s->histogram[i] / (double)most * (PLOT_HEIGHT - 20));
        int x = LEFT + i * STEP;
        ag_buffer_format(out,
                         "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", x,
                         PLOT_HEIGHT - height, STEP - 3, height);
        if (s->histogram[i] > 0)
            ag_buffer_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%lld</text>\n",
                             x + STEP / 2, PLOT_HEIGHT - height - 4, s->histogram[i]);
        if (i % 4 == 0)
            ag_buffer_format(out, "<text x=\"%d\" y=\"%d\">%d %%</text>\n", x, PLOT_HEIGHT + 18,
                             i * 100 / AG_SUMMARY_BINS);
    }
    ag_buffer_add(out, "</svg>\n");
}

static void add_counts(ag_buffer *out, const ag_screen_summary *s) {
    ag_buffer_add(out, "<h2>Patients</h2>\n<table>\n");
    add_row(out, "patients seen", s->patients);
    for (int i = 0; i < AG_OUTCOMES; i++)
        if (s->outcomes[i] > 0)
            add_row(out, AG_OUTCOME_WORDS[i], s->outcomes[i]);
    add_row(out, "men reported", s->reported);
    ag_buffer_add(out, "</table>\n<h2>Suggested steps</h2>\n<table>\n");
    for (int i = 0; i < AG_STEPS; i++)
        add_row(out, AG_STEP_WORDS[i], s->steps[i]);
    ag_buffer_add(out, "</table>\n");
}

static void add_cell(ag_buffer *out, const char *is, const char *text) {
    ag_buffer_format(out, "<td data-is=\"%s\">", is);
    add_escaped(out, text);
    ag_buffer_add(out, "</td>");
}

/* On a narrow screen each man is a block of lines, with the headings before them. */
static void add_man(ag_buffer *out, const ag_summary_man *m) {
    ag_buffer_add(out, "<tr>");
    add_cell(out, "patient", m->id);
    if (isnan(m->age_years))
        ag_buffer_add(out, "<td></td>");
    else
        ag_buffer_format(out, "<td data-is=\"age\">%d</td>", (int)m->age_years);
    ag_buffer_format(out, "<td data-is=\"risk\">%.0f %% (%.0f to %.0f)</td>", 100 * m->risk.value,
                     100 * m->risk.low, 100 * m->risk.high);
    add_cell(out, "most probable mechanism", m->leading);
    add_cell(out, "causes", m->causes);
    add_cell(out, "step", m->steps);
    ag_buffer_add(out, "</tr>\n");
}

static void add_men(ag_buffer *out, const ag_screen_summary *s) {
    if (s->man_count == 0)
        return;
    ag_buffer_format(out,
                     "<h2>The %d men of the highest risk</h2>\n<table class=\"men\"><tr>"
                     "<th>patient</th><th>age</th><th>risk (90 %% interval)</th>"
                     "<th>most probable mechanism</th><th>causes</th><th>step</th></tr>\n",
                     s->man_count);
    for (int i = 0; i < s->man_count; i++)
        add_man(out, &s->men[i]);
    ag_buffer_add(out, "</table>\n");
}

static void add_not_used(ag_buffer *out, const ag_screen_summary *s) {
    ag_buffer_format(out,
                     "<h2>Not used</h2>\n<p>%lld entries of men are known, but were not used, "
                     "mostly for these reasons; what else was left aside is counted below them.</p>"
                     "\n<table>\n",
                     s->unused_all);
    for (int i = 0; i < s->unused_count && i < BAR_ROWS; i++)
        add_row(out, s->unused[i].name, s->unused[i].count);
    for (int i = 0; AG_ASIDE[i] != NULL; i++)
        if (ag_summary_count(s, AG_ASIDE[i]) > 0)
            add_row(out, AG_ASIDE[i], ag_summary_count(s, AG_ASIDE[i]));
    ag_buffer_add(out, "</table>\n");
}

static void add_not_understood(ag_buffer *out, const ag_screen_summary *s) {
    ag_buffer_format(out,
                     "<h2>Not understood</h2>\n<p>%lld entries of %lld kinds carry codes or names "
                     "that are not known; most concern other fields. %lld lines or files could not "
                     "be read.</p>\n<table>\n",
                     s->unknown_all, s->unknown_kinds, ag_screen_summary_faults(s));
    for (int i = 0; i < s->unknown_count && i < BAR_ROWS; i++) {
        const char *name = ag_arena_format(s->arena, "%s %s %s", s->unknown[i].type,
                                           s->unknown[i].code, s->unknown[i].text);
        add_row(out, name != NULL ? name : "", s->unknown[i].count);
    }
    ag_buffer_add(out, "</table>\n");
    add_not_used(out, s);
    if (s->fault_count == 0)
        return;
    ag_buffer_add(out,
                  "<h2>Not read</h2>\n<table><tr><th>file</th><th>line</th><th>why</th></tr>\n");
    for (int i = 0; i < s->fault_count && i < AG_SUMMARY_MEN; i++) {
        ag_buffer_add(out, "<tr><td>");
        add_escaped(out, s->faults[i].file);
        ag_buffer_format(out, "</td><td>%lld</td><td>", s->faults[i].line);
        add_escaped(out, s->faults[i].message);
        ag_buffer_add(out, "</td></tr>\n");
    }
    ag_buffer_add(out, "</table>\n");
}

const char *ag_screen_summary_html(ag_screen_summary *s) {
    char day[AG_DATE_TEXT];
    ag_buffer out = ag_buffer_start(s->arena);
    ag_buffer_add(&out, HEAD);
    ag_buffer_format(&out,
                     "<h1>Screening of records</h1>\n<p class=\"note\">As of %s, medical knowledge "
                     "%s. %.1f MB in %lld lines of %lld files. It supports decisions and does not "
                     "replace a clinician who knows the man.</p>\n",
                     ag_days_write(ag_days_on(s->as_of), day), s->knowledge->version,
                     1e-6 * (double)ag_summary_count(s, "bytes read"), ag_summary_count(s, "lines"),
                     ag_summary_count(s, "files"));
    add_counts(&out, s);
    add_histogram(&out, s);
    add_causes(&out, s);
    add_men(&out, s);
    add_not_understood(&out, s);
    ag_buffer_add(&out, "</body></html>\n");
    return ag_buffer_text(&out);
}
