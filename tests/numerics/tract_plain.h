/**
 * @file tract_plain.h
 * The equations of the tract once more, written plainly from docs/tract.md and sharing no code with
 * src/tract, solved by SUNDIALS CVODE. Used to check the model and as the partner of its bench.
 */
#ifndef TRACT_PLAIN_H
#define TRACT_PLAIN_H

#include "antegrade/tract.h"

/** State at the start. */
void tract_plain_start(double y[AG_TRACT_STATES], const ag_tract_man *man);

/** d = dy/dt at time t. */
void tract_plain_slope(double t, const double y[AG_TRACT_STATES], double d[AG_TRACT_STATES],
                       const ag_tract_man *man);

typedef enum tract_plain_method { TRACT_PLAIN_ADAMS, TRACT_PLAIN_BDF } tract_plain_method;

/** Solve from 0 to `end_s`; returns the number of slopes evaluated, or -1. */
long tract_plain_solve(double y[AG_TRACT_STATES], const ag_tract_man *man, double end_s,
                       tract_plain_method method, double tolerance);

/** Semen (every fluid but urine) in the pool that starts at state `pool`. */
double tract_plain_semen(const double y[AG_TRACT_STATES], int pool);

#endif
