/*
 * Pressures, flows and volumes of one run against time. Lines differ in colour, dash and label, so
 * that they are told apart in grey and by the colour-blind.
 */
#include "tract_draw.h"

#include <math.h>
#include <string.h>

enum { MOST_LINES = 3 };

/* Where things stand: the names of the lines beside their panel, or on a phone above it. */
typedef struct layout {
    int left, right, top, panel, gap;
    int beside;
} layout;

static const layout wide = {
    .left = 64, .right = 560, .top = 34, .panel = 170, .gap = 36, .beside = 1};
static const layout narrow = {.left = 40, .right = 388, .top = 46, .panel = 150, .gap = 58};

typedef struct line {
    const char *name, *style; /* class of the style sheet */
    double (*value)(const ag_tract_sample *sample);
} line;

typedef struct panel {
    const char *title;
    double least; /* the axis reaches at least this far */
    int count;
    line lines[MOST_LINES];
} panel;

static double neck(const ag_tract_sample *s) {
    return s->pressure_cmh2o[AG_TRACT_P_NECK];
}
static double sphincter(const ag_tract_sample *s) {
    return s->pressure_cmh2o[AG_TRACT_P_SPHINCTER];
}
static double posterior(const ag_tract_sample *s) {
    return s->pressure_cmh2o[AG_TRACT_P_POSTERIOR];
}
static double emitted(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_VESICLES] + s->flow_ml_s[AG_TRACT_Q_VASA] +
           s->flow_ml_s[AG_TRACT_Q_PROSTATE];
}
static double out_flow(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_OUT];
}
static double back_flow(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_NECK];
}
static double outside(const ag_tract_sample *s) {
    return tract_semen(s, AG_TRACT_OUTSIDE);
}
static double bladder(const ag_tract_sample *s) {
    return tract_semen(s, AG_TRACT_BLADDER);
}
static double urethra(const ag_tract_sample *s) {
    return tract_semen(s, AG_TRACT_POSTERIOR) + tract_semen(s, AG_TRACT_ANTERIOR) +
           tract_semen(s, AG_TRACT_FILM);
}

static const panel panels[] = {
    {"pressure, cmH\u2082O",
     100,
     3,
     {{"neck closure", "back", neck},
      {"sphincter closure", "held", sphincter},
      {"posterior urethra", "ink", posterior}}},
    {"flow, mL/s",
     2,
     3,
     {{"out", "fore", out_flow},
      {"into the bladder", "back", back_flow},
      {"from the glands", "ink", emitted}}},
    {"semen, mL",
     1,
     3,
     {{"outside", "fore", outside},
      {"in the bladder", "back", bladder},
      {"in the urethra", "held", urethra}}},
};

/* A round number at or above x: 1, 2 or 5 times a power of ten. */
static double round_up(double x) {
    double power = pow(10, floor(log10(x)));
    double parts[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] * power >= x * 0.9999)
            return parts[i] * power;
    return x;
}

static double across(const layout *at, double time, double shown) {
    return at->left + (at->right - at->left) * time / shown;
}

static void axis(FILE *out, const layout *at, double top, double low, double high, double shown,
                 int last) {
    for (int i = low < 0 ? -1 : 0; i <= 2; i++) {
        double value = i < 0 ? low : i * high / 2;
        double y = top + at->panel * (high - value) / (high - low);
        fprintf(out,
                "<path class='grid' d='M%d %.1fH%d'/><text class='num' x='%d' y='%.1f'>%s%g</text>",
                at->left, y, at->right, at->left - 8, y + 4, value < 0 ? "\u2212" : "",
                fabs(value));
    }
    for (int t = 0; t <= shown; t += 5) {
        double x = across(at, t, shown);
        fprintf(out, "<path class='grid' d='M%.1f %.1fv%d'/>", x, top, at->panel);
        if (last)
            fprintf(out, "<text class='tick' x='%.1f' y='%.1f'>%d</text>", x, top + at->panel + 18,
                    t);
    }
    if (last)
        fprintf(out, "<text class='tick' x='%d' y='%.1f'>seconds</text>",
                (at->left + at->right) / 2, top + at->panel + 36);
}

static void label(FILE *out, const line *l, double x, double y, int dash) {
    fprintf(out, "<path class='%s' d='M%.1f %.1fh%d'/><text x='%.1f' y='%.1f'>%s</text>", l->style,
            x, y - 4, dash, x + dash + 6, y, l->name);
}

/* In one row above the panel; a letter takes about 6.6. */
static void labels_above(FILE *out, const panel *p, double top) {
    double x = 8;
    for (int i = 0; i < p->count; i++) {
        label(out, &p->lines[i], x, top - 10, 14);
        x += 14 + 6 + 6.6 * (double)strlen(p->lines[i].name) + 10;
    }
}

/* At the right edge at the height of the line's highest point, pushed apart where they meet. */
static void labels_beside(FILE *out, const layout *at, const panel *p, double top,
                          const double peaks[], double low, double high) {
    double place[MOST_LINES];
    int order[MOST_LINES] = {0, 1, 2};
    for (int i = 0; i < p->count; i++)
        place[i] = top + at->panel * (high - peaks[i]) / (high - low);
    for (int i = 0; i < p->count; i++)
        for (int j = i + 1; j < p->count; j++)
            if (place[order[j]] < place[order[i]]) {
                int swap = order[i];
                order[i] = order[j];
                order[j] = swap;
            }
    double free_from = top + 8;
    for (int i = 0; i < p->count; i++) {
        double y = fmax(place[order[i]], free_from);
        y = fmin(y, top + at->panel - 20.0 * (p->count - 1 - i));
        label(out, &p->lines[order[i]], at->right + 8, y, 18);
        free_from = y + 20;
    }
}

static void plot(FILE *out, const layout *at, const panel *p, const ag_tract_picture *picture,
                 double top, int last) {
    double shown = tract_shown_s(picture), low = 0, high = p->least, peaks[MOST_LINES] = {0};
    for (size_t n = 0; n < picture->count; n++)
        for (int i = 0; i < p->count; i++) {
            double value = p->lines[i].value(&picture->samples[n]);
            peaks[i] = fmax(peaks[i], value);
            low = fmin(low, value);
            high = fmax(high, value);
        }
    high = round_up(high);
    low = low < -0.02 * high ? -round_up(-low) : 0;
    fprintf(out, "<text class='head' x='%d' y='%.1f'>%s</text>", at->beside ? at->left : 8,
            top - (at->beside ? 10 : 30), p->title);
    axis(out, at, top, low, high, shown, last);
    for (int i = 0; i < p->count; i++) {
        fprintf(out, "<path class='%s' d='", p->lines[i].style);
        for (size_t n = 0; n < picture->count && picture->samples[n].time_s <= shown; n++)
            fprintf(out, "%s%.1f %.1f", n == 0 ? "M" : "L",
                    across(at, picture->samples[n].time_s, shown),
                    top + at->panel * (high - p->lines[i].value(&picture->samples[n])) /
                              (high - low));
        fprintf(out, "'/>");
    }
    if (at->beside)
        labels_beside(out, at, p, top, peaks, low, high);
    else
        labels_above(out, p, top);
}

void tract_course(FILE *out, const ag_tract_picture *picture, int is_narrow) {
    const layout *at = is_narrow ? &narrow : &wide;
    fprintf(out, "<g role='img' aria-label='Pressures, flows and volumes against time'>");
    for (int i = 0; i < 3; i++)
        plot(out, at, &panels[i], picture, at->top + i * (at->panel + at->gap), i == 2);
    fprintf(out, "</g>");
}
