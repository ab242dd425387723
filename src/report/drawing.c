/*
 * The tract in side view with this man's own flow: each way as wide as its probability. The part
 * that fails in the most probable mechanism is ringed.
 */
#include "drawing.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "anatomy.h"
#include "html_page.h"
#include "outlines.h"

typedef enum flow { FLOW_FORWARD = 1, FLOW_BACKWARD = 2, FLOW_RETAINED = 4, FLOW_NONE = 8 } flow;

typedef struct place {
    int x, y, r;
} place;

static const place NOWHERE = {0, 0, 0}, NECK = {212, 170, 15}, DUCT = {230, 193, 15},
                   VAS = {170, 96, 18}, VESICLE = {280, 160, 30}, TESTIS = {164, 304, 34},
                   BULB = {178, 243, 20}, URETHRA = {112, 246, 15}, PROSTATE = {212, 200, 32};

typedef struct picture {
    const char *mechanism;
    const place *ring;
    unsigned flows;
} picture;

static const picture pictures[] = {
    {"retrograde-complete", &NECK, FLOW_BACKWARD},
    {"retrograde-partial", &NECK, FLOW_FORWARD | FLOW_BACKWARD},
    {"emission-failure", &DUCT, FLOW_NONE},
    {"emission-reduced", &DUCT, FLOW_FORWARD},
    {"expulsion-failure", &BULB, FLOW_RETAINED},
    {"duct-obstruction-complete", &DUCT, FLOW_FORWARD},
    {"duct-obstruction-partial", &DUCT, FLOW_FORWARD},
    {"duct-obstruction-one-side", &DUCT, FLOW_FORWARD},
    {"absent-vas", &VAS, FLOW_FORWARD},
    {"gland-secretion-reduced", &VESICLE, FLOW_FORWARD},
    {"glands-removed", &PROSTATE, FLOW_NONE},
    {"androgen-deficiency", &TESTIS, FLOW_FORWARD},
    {"urethral-obstruction", &URETHRA, FLOW_RETAINED},
    {"anorgasmia", &NOWHERE, FLOW_NONE},
    {"situational", &NOWHERE, FLOW_FORWARD},
};
static const picture plain = {NULL, &NOWHERE, FLOW_FORWARD};

static const picture *picture_of(const ag_view *view) {
    const char *id = ag_assessment_mechanism(view->assessment, 0)->id;
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
        if (strcmp(pictures[i].mechanism, id) == 0)
            return &pictures[i];
    return &plain;
}

typedef struct way {
    flow flow;
    const char *color, *dashes;
    const char *path, *head; /* head: of the arrow; "" for none */
    const char *text;
} way;

static const way ways[] = {
    {FLOW_FORWARD, "forward", "", AG_OUTLINE_WAY_FORWARD, AG_OUTLINE_ARROW_FORWARD,
     AG_SAID("forward")},
    {FLOW_BACKWARD, "backward", "9 5", AG_OUTLINE_WAY_BACKWARD, AG_OUTLINE_ARROW_BACKWARD,
     AG_SAID("into the bladder")},
    {FLOW_RETAINED, "retained", "1 8", AG_OUTLINE_WAY_HELD, "", AG_SAID("held in the urethra")},
    {FLOW_NONE, "none", "", "M222 190L240 208M240 190L222 208", "",
     AG_SAID("nothing, or only a drop")},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

/* Share of each way, 0 to 1: as his assessment says, or where the knowledge does not know, all that
 * is shown for the mechanism. Semen that goes both ways counts half for each. The four sum to 1. */
static void shares_of(double out[WAYS], const ag_view *view, unsigned flows) {
    double p[AG_SEMEN_ROUTES];
    for (int r = 0; r < AG_SEMEN_ROUTES; r++)
        p[r] = ag_assessment_route(view->assessment, (ag_semen_route)r).value;
    const double his[WAYS] = {p[AG_SEMEN_FORWARD] + p[AG_SEMEN_SPLIT] / 2,
                              p[AG_SEMEN_BACKWARD] + p[AG_SEMEN_SPLIT] / 2, p[AG_SEMEN_RETAINED],
                              p[AG_SEMEN_NONE]};
    for (int i = 0; i < WAYS; i++)
        out[i] = isnan(p[0]) ? (flows & ways[i].flow) != 0 : his[i];
}

static void names(ag_buffer *out, const ag_view *view) {
    ag_buffer_add(out, "<g font-size=\"14\" fill=\"var(--soft)\">");
    for (int i = 0; i < AG_ANATOMY_NAMES; i++) {
        const ag_anatomy_name *n = &ag_anatomy_names[i];
        if (n->leader[0] != '\0')
            ag_buffer_format(out, "<path d=\"%s\" stroke=\"var(--soft)\" stroke-width=\".75\"/>",
                             n->leader);
        ag_buffer_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", n->x, n->y, n->anchor);
        ag_html_text(out, ag_view_say(view, n->english));
        ag_buffer_add(out, "</text>");
    }
    ag_buffer_add(out, "</g>");
}

/* A line as wide as its share. */
static void draw_way(ag_buffer *out, const way *w, double share) {
    ag_buffer_format(out,
                     "<path d=\"%s\" fill=\"none\" stroke=\"var(--%s)\" stroke-width=\"%.1f\" "
                     "stroke-dasharray=\"%s\" stroke-linecap=\"%s\"/>",
                     w->path, w->color, 1.5 + 5 * share, w->dashes[0] != '\0' ? w->dashes : "none",
                     w->flow == FLOW_BACKWARD ? "butt" : "round");
    if (w->head[0] != '\0')
        ag_buffer_format(out, "<path d=\"%s\" fill=\"var(--%s)\"/>", w->head, w->color);
}

/* "into the bladder 81 %"; the number only where the knowledge has one and it is asked for. */
static const char *way_text(const ag_view *view, const way *w, double share, bool numbers) {
    char percent[AG_PERCENT_TEXT] = "";
    ag_buffer text = ag_buffer_start(view->arena);
    if (numbers && !isnan(ag_assessment_route(view->assessment, AG_SEMEN_FORWARD).value))
        ag_report_percent(view->language, share, percent);
    ag_buffer_format(&text, "%s%s%s", ag_view_say(view, w->text), percent[0] != '\0' ? " " : "",
                     percent);
    return ag_buffer_text(&text);
}

static void legend(ag_buffer *out, const way *w, const char *text, int y) {
    ag_buffer_format(out,
                     "<path d=\"M-24 %dh16\" stroke=\"var(--%s)\" stroke-width=\"5\" "
                     "stroke-dasharray=\"%s\"/><text x=\"0\" y=\"%d\" font-size=\"15\" "
                     "fill=\"var(--ink)\">",
                     y - 4, w->color, w->dashes[0] != '\0' ? "5 4" : "none", y);
    ag_html_text(out, text);
    ag_buffer_add(out, "</text>");
}

const char *ag_drawing(const ag_view *view, bool numbers) {
    enum { ROW = 20, LOWEST = 28 };
    const picture *shown = picture_of(view);
    const ag_mechanism_result *first = ag_assessment_mechanism(view->assessment, 0);
    const char *summary = ag_view_summary(view, first->id), *texts[WAYS];
    double shares[WAYS];
    int rows = 0, row = 0;
    shares_of(shares, view, shown->flows);
    ag_buffer out = ag_buffer_start(view->arena);
    ag_buffer label = ag_buffer_start(view->arena);
    ag_buffer_add(&label, summary != NULL ? summary : ag_view_name(view, first->id));
    for (int i = 0; i < WAYS; i++) {
        texts[i] = shares[i] < AG_SHOWN_LEAST ? NULL : way_text(view, &ways[i], shares[i], numbers);
        if (texts[i] != NULL)
            ag_buffer_format(&label, "%s%s", rows++ == 0 ? " " : "; ", texts[i]);
    }
    int top = LOWEST - ROW * (rows > 0 ? rows : 1);
    ag_buffer_format(&out, "<svg viewBox=\"-34 %d 488 %d\" role=\"img\" aria-label=\"", top,
                     360 - top);
    ag_html_text(&out, ag_buffer_text(&label));
    ag_buffer_add(&out, "\">");
    ag_buffer_add(&out, ag_anatomy_organs);
    names(&out, view);
    for (int i = 0; i < WAYS; i++)
        if (texts[i] != NULL) {
            draw_way(&out, &ways[i], shares[i]);
            legend(&out, &ways[i], texts[i], LOWEST - ROW * (rows - 1 - row++));
        }
    if (shown->ring->r > 0)
        ag_buffer_format(&out,
                         "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"var(--backward)\" "
                         "fill-opacity=\".18\" stroke=\"var(--backward)\" stroke-width=\"2\"/>",
                         shown->ring->x, shown->ring->y, shown->ring->r);
    ag_buffer_add(&out, "</svg>");
    return ag_buffer_text(&out);
}
