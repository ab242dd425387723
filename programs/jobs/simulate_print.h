/** @file simulate_print.h What `antegrade simulate` writes: one man, or the distribution over many.
 */
#ifndef AG_SIMULATE_PRINT_H
#define AG_SIMULATE_PRINT_H

#include <stdio.h>

#include "antegrade/tract.h"

/** One man before and after; `title` names what was done to him, "" when nothing. */
void ag_simulate_text(FILE *out, const char *title, const ag_tract_outcome *before,
                      const ag_tract_outcome *after, const ag_tract_sample *samples, size_t count);
void ag_simulate_json(FILE *out, const char *title, const ag_tract_outcome *before,
                      const ag_tract_outcome *after);
/** The course in time, a row a sample. */
void ag_simulate_csv(FILE *out, const ag_tract_sample *samples, size_t count);

/** The distribution over `count` men. */
void ag_simulate_men_text(FILE *out, const char *title, const ag_tract_outcome *men, size_t count);
void ag_simulate_men_json(FILE *out, const char *title, const ag_tract_outcome *men, size_t count);
/** A row a man. */
void ag_simulate_men_csv(FILE *out, const ag_tract_outcome *men, size_t count);

/** Every parameter of `man`, as a YAML list. */
void ag_simulate_parameters(FILE *out, const ag_tract_man *man);

#endif
