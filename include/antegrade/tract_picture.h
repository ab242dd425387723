/**
 * @file tract_picture.h
 * Pictures of one run of the tract: the course in time as a physiologist would plot it, and the
 * tract in side view with the semen on its way. Self-contained, in light and dark, without script.
 */
#ifndef ANTEGRADE_TRACT_PICTURE_H
#define ANTEGRADE_TRACT_PICTURE_H

#include <stdio.h>

#include "antegrade/tract.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What to draw; all borrowed. Samples run evenly from t = 0. */
typedef struct ag_tract_picture {
    const char *title; /**< such as "after turp"; plain text */
    const ag_tract_sample *samples;
    size_t count;
    const ag_tract_outcome *outcome;
} ag_tract_picture;

/** Both pictures in one SVG document. The state of `out` tells of failures to write. */
void ag_tract_picture_svg(FILE *out, const ag_tract_picture *picture);

/** A page of HTML with both, and the numbers as a table. */
void ag_tract_picture_html(FILE *out, const ag_tract_picture *picture);

#ifdef __cplusplus
}
#endif
#endif
