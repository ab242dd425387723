/**
 * @file smooth.h
 * The smooth primitives of the model: four times differentiable, without branches, exactly zero
 * when closed.
 *
 * Polynomials are split into halves that do not wait for each other.
 *
 * An exponential tail (softplus, logistic) would leak through a blocked duct; a polynomial ramp
 * does not.
 */
#ifndef AG_TRACT_SMOOTH_H
#define AG_TRACT_SMOOTH_H

#include "lanes.h"

AG_LANES_INLINE vec clamp01(vec t) {
    return vec_min(vec_max(t, vec_all(0.0)), vec_all(1.0));
}

/* 0 below t = 0, 1 above t = 1: t^4 (35 - 84 t + 70 t^2 - 20 t^3). */
AG_LANES_INLINE vec step4(vec t) {
    t = clamp01(t);
    vec t2 = t * t;
    return t2 * t2 * ((35.0 - 84.0 * t) + t2 * (70.0 - 20.0 * t));
}

/* 0 below -d, x above d: 2d t^5 (7 - 14 t + 10 t^2 - 2.5 t^3) + max(x - d, 0), t = (x + d) / 2d. */
AG_LANES_INLINE vec ramp4(vec x, double d) {
    vec t = clamp01(x * (0.5 / d) + 0.5);
    vec t2 = t * t;
    vec curve = (7.0 - 14.0 * t) + t2 * (10.0 - 2.5 * t);
    return (t2 * t2) * ((2.0 * d) * t) * curve + vec_max(x - d, vec_all(0.0));
}

#define VALVE_CMH2O 3.0   /* half width of a valve's ramp */
#define GATE_ML 0.05      /* of an emptying lumen */
#define STRETCH_ML 0.2    /* of a wall that begins to stretch */
#define FILM_RAMP_ML 0.02 /* of a film that is nearly complete */

/* The larger of two pressures, rounded off where they meet. */
AG_LANES_INLINE vec smooth_max(vec a, vec b) {
    return b + ramp4(a - b, VALVE_CMH2O);
}

typedef struct ratio {
    vec above, below;
} ratio;

/* Flow under p >= 0 through Poiseuille resistance r1 and kinetic loss r2: p = r1 q + r2 q^2. */
AG_LANES_INLINE ratio valve_flow(vec p, vec r1, vec r1_squared, vec four_r2) {
    return (ratio){2.0 * p, r1 + vec_sqrt(r1_squared + four_r2 * p)};
}

#endif
