/*
 * The reliability diagram: how often what was given a probability happened, with Wilson intervals,
 * against that probability. Colours have a form each beside them (line, dot), and the numbers stand
 * in the table of the sheet.
 */
#include "validation.h"

enum { SIZE = 360, LEFT = 60, TOP = 16, PLOT = 280 };

static double x_of(double p) {
    return LEFT + PLOT * p;
}

static double y_of(double p) {
    return TOP + PLOT * (1 - p);
}

static void axes(ag_buffer *out) {
    ag_buffer_format(out,
                     "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" "
                     "stroke=\"#8795a1\"/>\n",
                     LEFT, TOP, PLOT, PLOT);
    for (int i = 0; i <= 5; i++) {
        double p = i / 5.0;
        ag_buffer_format(out,
                         "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%d %%</text>\n"
                         "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%d %%</text>\n",
                         x_of(p), TOP + PLOT + 18, 20 * i, LEFT - 6, y_of(p) + 4, 20 * i);
    }
    ag_buffer_format(out,
                     "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">given probability</text>\n"
                     "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">"
                     "how often it was so</text>\n"
                     "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\" stroke=\"#8795a1\" "
                     "stroke-dasharray=\"4 4\"/>\n",
                     LEFT + PLOT / 2, TOP + PLOT + 38, TOP + PLOT / 2, x_of(0), y_of(0), x_of(1),
                     y_of(1));
}

static void bin(ag_buffer *out, const ag_bin *b) {
    if (b->count == 0)
        return;
    ag_scored share = ag_score_share(b->happened, b->count);
    ag_buffer_format(out,
                     "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#1f5f8b\" "
                     "stroke-width=\"2\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" "
                     "fill=\"#1f5f8b\"><title>%d of %d</title></circle>\n",
                     x_of(b->mean), y_of(share.low), x_of(b->mean), y_of(share.high), x_of(b->mean),
                     y_of(share.value), b->happened, b->count);
}

const char *ag_reliability_svg(const ag_validation *validation, ag_arena *arena) {
    ag_buffer out = ag_buffer_start(arena);
    ag_buffer_format(
        &out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "width=\"%d\" height=\"%d\" role=\"img\" font-family=\"sans-serif\" "
        "font-size=\"12\" fill=\"#1d2733\">\n<title>Reliability: how often a mechanism "
        "was there, against the probability it was given</title>\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
        SIZE, SIZE, SIZE, SIZE, SIZE, SIZE);
    axes(&out);
    for (int b = 0; b < AG_BINS; b++)
        bin(&out, &validation->bins[b]);
    ag_buffer_add(&out, "</svg>\n");
    return ag_buffer_text(&out);
}
