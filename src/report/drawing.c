/*
 * A schematic side view, the man facing left: bladder, prostate, urethra, one testis with its duct,
 * one seminal vesicle. The semen's way is drawn over it, and the part that fails is ringed.
 */
#include "drawing.h"

#include <stddef.h>
#include <string.h>

#include "html_page.h"

typedef enum flow { FLOW_FORWARD = 1, FLOW_BACKWARD = 2, FLOW_RETAINED = 4, FLOW_NONE = 8 } flow;

typedef struct place {
    int x, y, r;
} place;

static const place NOWHERE = {0, 0, 0}, NECK = {212, 168, 15}, DUCT = {230, 193, 15},
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

static const char ORGANS[] =
    "<g fill=\"var(--tissue)\" stroke=\"var(--tissue-line)\" stroke-width=\"1.5\" "
    "stroke-linejoin=\"round\">"
    "<path d=\"M200 262C238 266 262 292 330 288\" "
    "fill=\"none\" opacity=\".55\"/>"
    "<path d=\"M142 206C108 194 82 214 70 250L60 306C60 322 96 326 101 308L112 268C120 250 136 252 "
    "150 256\"/>"
    "<path d=\"M130 262C108 300 122 346 164 346C208 346 216 300 196 260\"/>"
    "<path d=\"M148 118C146 62 276 60 278 116C280 148 244 164 224 172L202 172C178 164 150 148 148 "
    "118Z\"/>"
    "<path d=\"M202 172L224 172C250 178 252 222 212 226C172 222 174 178 202 172Z\"/>"
    "<path d=\"M246 182C256 150 292 128 310 140C322 152 296 176 270 182C258 186 250 186 246 "
    "182Z\"/>"
    "<ellipse cx=\"164\" cy=\"306\" rx=\"27\" ry=\"21\"/>"
    "<path d=\"M186 292C202 298 200 322 184 324C192 314 192 302 186 292Z\"/>"
    "</g>"
    "<g fill=\"none\" stroke=\"var(--tissue-line)\" stroke-width=\"1.5\">"
    "<path d=\"M192 308C216 292 150 236 128 176C110 122 160 44 232 50C304 56 302 142 250 180\"/>"
    "<path d=\"M250 181L214 204\"/>"
    "<path d=\"M213 172C213 196 212 212 206 230C196 254 162 248 142 238C112 226 98 246 84 312\" "
    "stroke-width=\"7\" stroke-linecap=\"round\" opacity=\".35\"/>"
    "</g>";

static const char FORWARD_PATH[] =
    "<path d=\"M213 204C212 214 210 222 206 230C196 254 162 248 142 238C112 226 98 246 82 322\" "
    "fill=\"none\" stroke=\"var(--forward)\" stroke-width=\"4.5\" stroke-linecap=\"round\"/>"
    "<path d=\"M73 316L81 334L92 319Z\" fill=\"var(--forward)\"/>";
static const char BACKWARD_PATH[] =
    "<path d=\"M213 204C213 190 213 160 213 132\" fill=\"none\" stroke=\"var(--backward)\" "
    "stroke-width=\"4.5\" stroke-dasharray=\"9 5\" stroke-linecap=\"butt\"/>"
    "<path d=\"M203 134L213 116L223 134Z\" fill=\"var(--backward)\"/>";
static const char RETAINED_PATH[] =
    "<path d=\"M213 204C212 214 210 222 206 230C196 254 162 248 142 238\" fill=\"none\" "
    "stroke=\"var(--retained)\" stroke-width=\"6\" stroke-dasharray=\"2 6\" "
    "stroke-linecap=\"round\"/>";
static const char NONE_PATH[] =
    "<path d=\"M222 190L240 208M240 190L222 208\" stroke=\"var(--none)\" stroke-width=\"4\" "
    "stroke-linecap=\"round\"/>";

typedef struct route {
    flow flow;
    const char *path;
    const char *text;
} route;

static const route routes[] = {{FLOW_FORWARD, FORWARD_PATH, AG_SAID("forward")},
                               {FLOW_BACKWARD, BACKWARD_PATH, AG_SAID("into the bladder")},
                               {FLOW_RETAINED, RETAINED_PATH, AG_SAID("held in the urethra")},
                               {FLOW_NONE, NONE_PATH, AG_SAID("nothing emitted")}};
static const char *const route_colors[] = {"forward", "backward", "retained", "none"};

/* A name beside its organ, with a thin line where they are apart. */
static void name(ag_buffer *out, const ag_view *view, int x, int y, const char *anchor,
                 const char *line, const char *english) {
    if (line[0] != '\0')
        ag_buffer_format(out, "<path d=\"%s\" stroke=\"var(--soft)\" stroke-width=\".75\"/>", line);
    ag_buffer_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
    ag_html_text(out, ag_view_say(view, english));
    ag_buffer_add(out, "</text>");
}

static void names(ag_buffer *out, const ag_view *view) {
    ag_buffer_add(out, "<g font-size=\"12\" fill=\"var(--soft)\">");
    name(out, view, 196, 92, "middle", "", AG_SAID("bladder"));
    name(out, view, 326, 130, "start", "M312 142L323 132", AG_SAID("seminal vesicle"));
    name(out, view, 270, 216, "start", "M246 206L267 212", AG_SAID("prostate"));
    name(out, view, 246, 258, "start", "M206 236L243 254", AG_SAID("urethra"));
    name(out, view, 222, 320, "start", "M190 312L219 316", AG_SAID("testis"));
    name(out, view, 112, 82, "end", "M139 100L115 84", AG_SAID("sperm duct"));
    name(out, view, 112, 156, "end", "M206 170L115 153", AG_SAID("bladder neck"));
    ag_buffer_add(out, "</g>");
}

static void draw_routes(ag_buffer *out, const ag_view *view, unsigned flows) {
    int y = 24;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!(flows & routes[i].flow))
            continue;
        ag_buffer_add(out, routes[i].path);
        ag_buffer_format(out,
                         "<rect x=\"-16\" y=\"%d\" width=\"14\" height=\"6\" rx=\"3\" "
                         "fill=\"var(--%s)\"/><text x=\"4\" y=\"%d\" font-size=\"13\" "
                         "fill=\"var(--ink)\">",
                         y - 8, route_colors[i], y);
        ag_html_text(out, ag_view_say(view, routes[i].text));
        ag_buffer_add(out, "</text>");
        y += 20;
    }
}

const char *ag_drawing(const ag_view *view) {
    const picture *shown = picture_of(view);
    const ag_mechanism_result *first = ag_assessment_mechanism(view->assessment, 0);
    const char *summary = ag_view_summary(view, first->id);
    ag_buffer out = ag_buffer_start(view->arena);
    ag_buffer_add(&out, "<svg viewBox=\"-24 0 464 360\" role=\"img\" aria-label=\"");
    ag_html_text(&out, summary != NULL ? summary : ag_view_name(view, first->id));
    ag_buffer_add(&out, "\">");
    ag_buffer_add(&out, ORGANS);
    names(&out, view);
    draw_routes(&out, view, shown->flows);
    if (shown->ring->r > 0)
        ag_buffer_format(&out,
                         "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"var(--backward)\" "
                         "fill-opacity=\".18\" stroke=\"var(--backward)\" stroke-width=\"2\"/>",
                         shown->ring->x, shown->ring->y, shown->ring->r);
    ag_buffer_add(&out, "</svg>");
    return ag_buffer_text(&out);
}
