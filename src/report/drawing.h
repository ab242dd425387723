/** @file drawing.h The tract, side view, with the ways that his semen may take. */
#ifndef AG_DRAWING_H
#define AG_DRAWING_H

#include "report_parts.h"

/**
 * An SVG element, with the probability of each way where `numbers` asks for it, that takes its
 * colours from the page's style sheet, with a description for those who do not see it. In the arena
 * of the view; NULL when out of memory.
 */
const char *ag_drawing(const ag_view *view, bool numbers);

#endif
