/** @file tract_draw.h The two pictures of a run of the tract, as elements of one SVG document. */
#ifndef AG_TRACT_DRAW_H
#define AG_TRACT_DRAW_H

#include "antegrade/tract_picture.h"

enum {
    TRACT_WIDTH = 720,
    TRACT_FIGURE_WIDTH = 440,
    TRACT_FIGURE_HEIGHT = 430,
    TRACT_COURSE_HEIGHT = 660,
    TRACT_NARROW_WIDTH = 400,
    TRACT_NARROW_HEIGHT = 656
};

/** Seconds worth showing: until nothing changes any more, 12 to 26. */
double tract_shown_s(const ag_tract_picture *picture);

/** The three plots against time, 720 wide; narrow, 400 wide for a phone. */
void tract_course(FILE *out, const ag_tract_picture *picture, int is_narrow);

/** The tract in side view, 440 wide, with its moving semen; with the amounts beside it, 720 wide.
 */
void tract_figure(FILE *out, const ag_tract_picture *picture, int with_amounts);

/** Plain text, with what means something to XML escaped. */
void tract_text(FILE *out, const char *text);

/** Semen, every fluid but urine, in the pool that starts at `pool`. */
double tract_semen(const ag_tract_sample *sample, int pool);

#endif
