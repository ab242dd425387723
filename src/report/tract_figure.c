/*
 * The tract in side view, the man facing left, with the semen of one run. Without motion the end is
 * seen: how much came out (a drop), went into the bladder, stayed in the urethra. Moving dots and
 * growing amounts replay the computed flows where the reader allows motion.
 */
#include "tract_draw.h"

#include <math.h>

#include "anatomy.h"
#include "outlines.h"

enum { FRAMES = 60 };

typedef double (*measure)(const ag_tract_sample *sample);

static double glands(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_VESICLES] + s->flow_ml_s[AG_TRACT_Q_VASA] +
           s->flow_ml_s[AG_TRACT_Q_PROSTATE];
}
static double forward(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_OUT];
}
static double back(const ag_tract_sample *s) {
    return s->flow_ml_s[AG_TRACT_Q_NECK];
}
static double outside(const ag_tract_sample *s) {
    return tract_semen(s, AG_TRACT_OUTSIDE);
}
static double bladder(const ag_tract_sample *s) {
    return tract_semen(s, AG_TRACT_BLADDER);
}
/* Mean over the samples of frame n. */
static double in_frame(const ag_tract_picture *p, measure what, int n) {
    size_t shown = 0;
    double end = tract_shown_s(p);
    while (shown < p->count && p->samples[shown].time_s <= end)
        shown++;
    size_t from = shown * (size_t)n / FRAMES, to = shown * ((size_t)n + 1) / FRAMES;
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += what(&p->samples[i]);
    return to > from ? sum / (double)(to - from) : 0;
}

/* Opacity of moving dots follows a flow; half a millilitre a second is fully seen. */
static void flow_frames(FILE *out, const ag_tract_picture *p, const char *name, measure what) {
    fprintf(out, "@keyframes %s{", name);
    for (int n = 0; n < FRAMES; n++) {
        double q = in_frame(p, what, n);
        fprintf(out, "%.1f%%{opacity:%.2f}", 100.0 * n / FRAMES,
                q > 0.01 ? fmin(1, 0.35 + q * 1.3) : 0);
    }
    fprintf(out, "100%%{opacity:0}}\n");
}

static double side(double volume) {
    return cbrt(fmax(volume, 0));
}

/* A drop grows with the cube root of its volume, up to its end size. */
static void drop_frames(FILE *out, const ag_tract_picture *p, const char *name, measure what,
                        double end) {
    fprintf(out, "@keyframes %s{", name);
    for (int n = 0; n < FRAMES; n++)
        fprintf(out, "%.1f%%{transform:scale(%.3f)}", 100.0 * n / FRAMES,
                end > 1e-6 ? fmin(1, side(in_frame(p, what, n)) / side(end)) : 0);
    fprintf(out, "100%%{transform:scale(1)}}\n");
}

static void motion(FILE *out, const ag_tract_picture *p) {
    const ag_tract_outcome *o = p->outcome;
    fprintf(out, "<style>.dots{opacity:0}.drop{transform-box:fill-box}"
                 "@media (prefers-reduced-motion:no-preference){\n");
    flow_frames(out, p, "ag-glands", glands);
    flow_frames(out, p, "ag-fore", forward);
    flow_frames(out, p, "ag-back", back);
    drop_frames(out, p, "ag-out", outside, o->antegrade_ml);
    drop_frames(out, p, "ag-bladder", bladder, o->retrograde_ml);
    fprintf(out, "@keyframes ag-run{to{stroke-dashoffset:-72}}\n");
    double s = tract_shown_s(p);
    const char *const dots[] = {"glands", "fore", "back"};
    for (int i = 0; i < 3; i++)
        fprintf(out, ".dots-%s{animation:ag-%s %gs linear infinite,ag-run 1.2s linear infinite}\n",
                dots[i], dots[i], s);
    fprintf(out,
            ".drop-out{animation:ag-out %gs linear infinite}\n"
            ".drop-bladder{animation:ag-bladder %gs linear infinite}\n}</style>",
            s, s);
}

/* A quantity with its colour, and a bar as long as its share. */
static void entry(FILE *out, int row, const char *style, const char *name, double volume,
                  double most, double sperm) {
    int y = 96 + row * 62;
    fprintf(out, "<text class='big' x='456' y='%d'>%s</text>", y, name);
    fprintf(out, "<rect class='fill-%s' x='456' y='%d' width='%.1f' height='12' rx='3'/>", style,
            y + 9, most > 0 ? 150 * volume / most : 0);
    fprintf(out, "<text class='big' x='700' y='%d' text-anchor='end'>%.2f mL</text>", y, volume);
    if (sperm >= 0)
        fprintf(out, "<text x='700' y='%d' text-anchor='end'>%.0f M sperm</text>", y + 19, sperm);
}

static void names(FILE *out) {
    fprintf(out, "<g class='soft'>");
    for (int i = 0; i < AG_ANATOMY_NAMES; i++) {
        const ag_anatomy_name *n = &ag_anatomy_names[i];
        if (n->leader[0] != '\0')
            fprintf(out, "<path class='leader' d='%s'/>", n->leader);
        fprintf(out, "<text x='%d' y='%d' text-anchor='%s'>%s</text>", n->x, n->y, n->anchor,
                n->english);
    }
    fprintf(out, "</g>");
}

static void still(FILE *out, const ag_tract_outcome *o) {
    double held = o->residual_ml;
    fputs(ag_anatomy_organs, out);
    if (o->retrograde_ml > 0.005)
        fprintf(out,
                "<circle class='drop drop-bladder fill-back' style='transform-origin:center' "
                "cx='213' cy='127' r='%.1f'/>",
                17 * side(o->retrograde_ml));
    if (held > 0.005)
        fprintf(out, "<path class='held-line' stroke-width='%.1f' d='%s'/>",
                fmin(2 + 4 * side(held), 9), AG_OUTLINE_URETHRA);
    if (o->antegrade_ml > 0.005)
        fprintf(out,
                "<circle class='drop drop-out fill-fore' style='transform-origin:center' "
                "cx='82' cy='%.1f' r='%.1f'/>",
                340 + 17 * side(o->antegrade_ml), 17 * side(o->antegrade_ml));
}

static void amounts(FILE *out, const ag_tract_picture *picture) {
    const ag_tract_outcome *o = picture->outcome;
    double most = fmax(o->emitted_ml, 1e-9);
    double washed = o->post_ejaculatory_urine_sperm_million - o->bladder_sperm_million;
    entry(out, 0, "fore", "forward", o->antegrade_ml, most, o->antegrade_sperm_million);
    entry(out, 1, "back", "into the bladder", o->retrograde_ml, most, o->bladder_sperm_million);
    entry(out, 2, "held", "left in the urethra", o->residual_ml, most, washed);
    if (o->emitted_ml < 0.3)
        fprintf(out,
                "<text class='big soft' x='456' y='300'>the glands emitted next to nothing</text>");
    fprintf(
        out,
        "<text class='soft' x='392' y='340'>Drops grow as the volume. Motion replays %g s.</text>",
        tract_shown_s(picture));
}

void tract_figure(FILE *out, const ag_tract_picture *picture, int with_amounts) {
    const ag_tract_outcome *o = picture->outcome;
    motion(out, picture);
    fprintf(
        out,
        "<g role='img' aria-label='Side view: %.2f mL forward, %.2f mL into the bladder, %.2f mL "
        "left in the urethra'><g transform='translate(4 8)'>",
        o->antegrade_ml, o->retrograde_ml, o->residual_ml);
    still(out, o);
    fprintf(
        out,
        "<path class='dots dots-glands ink-dots' d='%s'/><path class='dots dots-fore fore-dots' "
        "d='%s'/><path class='dots dots-back back-dots' d='%s'/>",
        AG_OUTLINE_WAY_GLANDS, AG_OUTLINE_WAY_FORWARD, AG_OUTLINE_WAY_BACKWARD);
    names(out);
    fprintf(out, "</g>");
    if (with_amounts)
        amounts(out, picture);
    fprintf(out, "</g>");
}
