/*
 * Pressures, flows and volumes of one run against time. Lines differ in colour, dash and label, so
 * that they are told apart in grey and by the colour-blind.
 */
#include "tract_draw.h"

#include <math.h>

enum { LEFT_EDGE = 64, RIGHT_EDGE = 560, PANEL = 170, GAP = 36, TOP = 34, MOST_LINES = 3 };

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

static double across(double time, double shown) {
    return LEFT_EDGE + (RIGHT_EDGE - LEFT_EDGE) * time / shown;
}

static void axis(FILE *out, double top, double low, double high, double shown, int last) {
    for (int i = 0; i <= 2; i++) {
        double value = i == 0 ? 0 : i * high / 2, y = top + PANEL * (high - value) / (high - low);
        fprintf(out,
                "<path class='grid' d='M%d %.1fH%d'/><text class='num' x='%d' y='%.1f'>%g</text>",
                LEFT_EDGE, y, RIGHT_EDGE, LEFT_EDGE - 8, y + 4, value);
    }
    for (int t = 0; t <= shown; t += 5) {
        fprintf(out, "<path class='grid' d='M%.1f %.1fv%d'/>", across(t, shown), top, PANEL);
        if (last)
            fprintf(out, "<text class='tick' x='%.1f' y='%.1f'>%d</text>", across(t, shown),
                    top + PANEL + 18, t);
    }
    if (last)
        fprintf(out, "<text class='tick' x='%d' y='%.1f'>seconds</text>",
                (LEFT_EDGE + RIGHT_EDGE) / 2, top + PANEL + 36);
}

/* Labels stand at the right edge at the height of the line's highest point, pushed apart where they
 * meet. */
static void labels(FILE *out, const panel *p, double top, const double peaks[], double low,
                   double high) {
    double place[MOST_LINES];
    int order[MOST_LINES] = {0, 1, 2};
    for (int i = 0; i < p->count; i++)
        place[i] = top + PANEL * (high - peaks[i]) / (high - low);
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
        y = fmin(y, top + PANEL - 20.0 * (p->count - 1 - i));
        fprintf(out, "<path class='%s' d='M%d %.1fh18'/><text x='%d' y='%.1f'>%s</text>",
                p->lines[order[i]].style, RIGHT_EDGE + 8, y - 4, RIGHT_EDGE + 32, y,
                p->lines[order[i]].name);
        free_from = y + 20;
    }
}

static void plot(FILE *out, const panel *p, const ag_tract_picture *picture, double top, int last) {
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
    fprintf(out, "<text class='head' x='%d' y='%.1f'>%s</text>", LEFT_EDGE, top - 10, p->title);
    axis(out, top, low, high, shown, last);
    for (int i = 0; i < p->count; i++) {
        fprintf(out, "<path class='%s' d='", p->lines[i].style);
        for (size_t n = 0; n < picture->count && picture->samples[n].time_s <= shown; n++)
            fprintf(out, "%s%.1f %.1f", n == 0 ? "M" : "L",
                    across(picture->samples[n].time_s, shown),
                    top + PANEL * (high - p->lines[i].value(&picture->samples[n])) / (high - low));
        fprintf(out, "'/>");
    }
    labels(out, p, top, peaks, low, high);
}

void tract_course(FILE *out, const ag_tract_picture *picture) {
    fprintf(out, "<g role='img' aria-label='Pressures, flows and volumes against time'>");
    for (int i = 0; i < 3; i++)
        plot(out, &panels[i], picture, TOP + i * (PANEL + GAP), i == 2);
    fprintf(out, "</g>");
}
