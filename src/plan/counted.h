/** @file counted.h How many motile sperm a man's own samples held. */
#ifndef AG_COUNTED_H
#define AG_COUNTED_H

#include "plan_work.h"

enum { AG_MOST_COUNTED = 4 };

/** The natural logarithm of motile sperm in millions. */
typedef struct ag_log_normal {
    double mean, spread;
} ag_log_normal;

typedef struct ag_counted_sample {
    const ag_sperm_measure *way;
    double product; /**< 0: none were found */
} ag_counted_sample;

/** What was counted while the same causes acted as today; samples of which a part was lost are left
 * out. */
typedef struct ag_counted {
    const ag_sperm_source *card;
    ag_counted_sample samples[AG_MOST_COUNTED];
    int count;
} ag_counted;

/** Read the counts that the source's card knows how to read. */
void ag_plan_count(const ag_planning *p, const ag_sperm_source *card, ag_counted *out);

/** Draw the card's numbers, once, before they are asked for by draw; false: out of memory. */
bool ag_counted_draws_made(const ag_planning *p, const ag_counted *counted);

/** A yield at one draw, whose numbers were drawn before; -1: at central values. */
ag_log_normal ag_plan_yield(const ag_planning *p, const ag_yield *yield, int draw);

/** `men`: of men in that state; the answer: of this man, given what was counted. */
ag_log_normal ag_plan_counted(const ag_planning *p, const ag_counted *counted, ag_log_normal men,
                              int draw);

#endif
