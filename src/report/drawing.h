/** @file drawing.h The tract, side view, with the flow of the most probable mechanism. */
#ifndef AG_DRAWING_H
#define AG_DRAWING_H

#include "report_parts.h"

/**
 * An SVG element that takes its colours from the page's style sheet, with a description for those
 * who do not see it. In the arena of the view; NULL when out of memory.
 */
const char *ag_drawing(const ag_view *view);

#endif
