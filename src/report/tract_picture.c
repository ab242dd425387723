/* The document around the pictures: style sheet for light, dark, grey and print, and the numbers as
 * a table. */
#include "antegrade/tract_picture.h"

#include <math.h>

#include "tract_draw.h"

static const char STYLE[] =
    ":root,svg{--paper:#fff;--ink:#17201f;--soft:#5c6766;--line:#d7dedd;--forward:#0b7a75;--"
    "backward:#"
    "d08700;"
    "--retained:#7b5ea7;--tissue:#f0e4de;--tissue-line:#a58d82;color-scheme:light dark}\n"
    "@media (prefers-color-scheme:dark){:root,svg{--paper:#121717;--ink:#e6ecea;--soft:#a3afad;"
    "--line:#323b3b;--forward:#4fc3ba;--backward:#f0b03f;--retained:#b79be0;--tissue:#352c29;--"
    "tissue-line:#8f7a70}}"
    "\n"
    "svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .soft,svg .soft "
    "text{fill:var(--soft)}"
    "svg .title{font-size:18px;font-weight:600}svg .head{font-weight:600}svg .big{font-size:15px}"
    "svg .num{text-anchor:end;font-variant-numeric:tabular-nums;fill:var(--soft)}"
    "svg .tick{text-anchor:middle;fill:var(--soft)}"
    ".grid{stroke:var(--line);fill:none}.leader{stroke:var(--soft);stroke-width:.75;fill:none}"
    ".fore,.back,.held,.ink{fill:none;stroke-width:2;stroke-linejoin:round}"
    ".fore{stroke:var(--forward);stroke-width:2.6}.back{stroke:var(--backward);stroke-dasharray:9 "
    "4}"
    ".held{stroke:var(--retained);stroke-dasharray:2 3}.ink{stroke:var(--ink);stroke-width:1.3}"
    ".fill-fore{fill:var(--forward)}.fill-back{fill:var(--backward)}.fill-held{fill:var(--retained)"
    "}"
    ".held-line{fill:none;stroke:var(--retained);stroke-linecap:round;stroke-dasharray:1 7}"
    ".dots{fill:none;stroke-width:6;stroke-linecap:round;stroke-dasharray:0 12}"
    ".fore-dots{stroke:var(--forward)}.back-dots{stroke:var(--backward)}.ink-dots{stroke:var(--ink)"
    ";"
    "stroke-width:4}\n"
    "@media print{:root,svg{--paper:#fff;--ink:#000}}\n";

void tract_text(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        const char *plain = *text == '&'    ? "&amp;"
                            : *text == '<'  ? "&lt;"
                            : *text == '>'  ? "&gt;"
                            : *text == '"'  ? "&quot;"
                            : *text == '\'' ? "&#39;"
                                            : NULL;
        if (plain != NULL)
            fputs(plain, out);
        else
            fputc(*text, out);
    }
}

double tract_semen(const ag_tract_sample *sample, int pool) {
    const double *v = sample->state + pool;
    return v[AG_TRACT_VESICLE_FLUID] + v[AG_TRACT_PROSTATE_FLUID] + v[AG_TRACT_VAS_FLUID] +
           v[AG_TRACT_COWPER_FLUID];
}

double tract_shown_s(const ag_tract_picture *picture) {
    double last = 0;
    for (size_t i = 0; i < picture->count; i++) {
        const double *q = picture->samples[i].flow_ml_s;
        double moving =
            fabs(q[AG_TRACT_Q_OUT]) + fabs(q[AG_TRACT_Q_NECK]) + fabs(q[AG_TRACT_Q_SPHINCTER]);
        if (moving > 0.02)
            last = picture->samples[i].time_s;
    }
    return last + 2 < 12 ? 12 : last + 2 > 26 ? 26 : ceil(last + 2);
}

static void describe(FILE *out, const ag_tract_picture *picture) {
    const ag_tract_outcome *o = picture->outcome;
    fprintf(
        out,
        "Of %.2f mL emitted, %.2f mL came out in %d bursts, %.2f mL went into the bladder and %.2f "
        "mL "
        "stayed in the urethra. Bladder neck closure peaked at %.0f cmH\u2082O, pressure in the "
        "posterior urethra at %.0f.",
        o->emitted_ml, o->antegrade_ml, o->bursts, o->retrograde_ml, o->residual_ml,
        o->peak_cmh2o[AG_TRACT_P_NECK], o->peak_cmh2o[AG_TRACT_P_POSTERIOR]);
}

static void begin_svg(FILE *out, const ag_tract_picture *picture, int width, int height, char id) {
    fprintf(out,
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img' "
            "aria-labelledby='ag-t%c ag-d%c'><title id='ag-t%c'>",
            width, height, id, id, id);
    tract_text(out, picture->title);
    fprintf(out, "</title><desc id='ag-d%c'>", id);
    describe(out, picture);
    fprintf(out, "</desc>");
}

void ag_tract_picture_svg(FILE *out, const ag_tract_picture *picture) {
    fprintf(out, "<?xml version='1.0' encoding='UTF-8'?>\n");
    begin_svg(out, picture, TRACT_WIDTH, TRACT_FIGURE_HEIGHT + TRACT_COURSE_HEIGHT + 30, 'a');
    fprintf(out,
            "<style>%s</style><rect width='100%%' height='100%%' fill='var(--paper)'/>"
            "<text class='title' x='24' y='34'>",
            STYLE);
    tract_text(out, picture->title);
    fprintf(out, "</text><g transform='translate(0 40)'>");
    tract_figure(out, picture, 1);
    fprintf(out, "</g><g transform='translate(0 %d)'>", TRACT_FIGURE_HEIGHT + 20);
    tract_course(out, picture, 0);
    fprintf(out, "</g></svg>\n");
}

static void row(FILE *out, const char *name, double value, const char *unit, int digits) {
    fprintf(out, "<tr><th scope='row'>%s</th><td>%.*f</td><td>%s</td></tr>", name, digits, value,
            unit);
}

void ag_tract_picture_html(FILE *out, const ag_tract_picture *picture) {
    const ag_tract_outcome *o = picture->outcome;
    fprintf(out, "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' "
                 "content='width=device-width,initial-scale=1'><title>");
    tract_text(out, picture->title);
    fprintf(
        out,
        "</title><style>%sbody{margin:0 auto;max-width:46rem;padding:1rem;background:var(--paper);"
        "color:var(--ink);font:1rem/1.5 "
        "system-ui,sans-serif}h1{font-size:1.3rem}svg{width:100%%;height:auto}"
        ".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem;"
        "align-items:center}.narrow{display:none}@media screen and "
        "(max-width:36rem){.wide{display:none}.narrow{display:block;margin-top:1.5rem}}.pair "
        "th{padding-left:.7rem;"
        "border-left:.4rem solid transparent}.pair tr:nth-child(1) th{border-color:var(--forward)}"
        ".pair tr:nth-child(2) th{border-color:var(--backward)}.pair tr:nth-child(3) "
        "th{border-color:"
        "var(--retained)}"
        "td{text-align:right;font-variant-numeric:tabular-nums}td+td{text-align:left}"
        "th{text-align:left;font-weight:400;padding-right:1.5rem}</style><main>",
        STYLE);
    fprintf(out, "<h1>");
    tract_text(out, picture->title);
    fprintf(out, "</h1><p>");
    describe(out, picture);
    fprintf(out, "</p><div class='pair'>");
    begin_svg(out, picture, TRACT_FIGURE_WIDTH, TRACT_FIGURE_HEIGHT, 'a');
    tract_figure(out, picture, 0);
    fprintf(out, "</svg><table>");
    row(out, "forward", o->antegrade_ml, "mL", 2);
    row(out, "into the bladder", o->retrograde_ml, "mL", 2);
    row(out, "left in the urethra", o->residual_ml, "mL", 2);
    row(out, "sperm forward", o->antegrade_sperm_million, "million", 0);
    row(out, "sperm in the next urine", o->post_ejaculatory_urine_sperm_million, "million", 0);
    row(out, "fastest spurt", o->peak_speed_m_s, "m/s", 1);
    fprintf(out, "</table></div><div class='wide'>");
    begin_svg(out, picture, TRACT_WIDTH, TRACT_COURSE_HEIGHT, 'b');
    tract_course(out, picture, 0);
    fprintf(out, "</svg></div><div class='narrow'>");
    begin_svg(out, picture, TRACT_NARROW_WIDTH, TRACT_NARROW_HEIGHT, 'c');
    tract_course(out, picture, 1);
    fprintf(out, "</svg></div><p class='soft'>A model, not a measurement; not for "
                 "diagnosis.</p></main></html>\n");
}
