/**
 * @file gamma.h
 * Gamma variates, which give Beta and Dirichlet ones: Marsaglia and Tsang 2000 (doi
 * 10.1145/358407.358414), with the boost for shapes below 1.
 */
#ifndef TESTS_GAMMA_H
#define TESTS_GAMMA_H

#include <math.h>
#include <stdint.h>

#include "random.h"

static double uniform_of(uint32_t high, uint32_t low) {
    return ldexp((double)((uint64_t)high << 20 | low >> 12) + 0.5, -52);
}

/* Gamma with `shape` > 0 and scale 1, a function of (seed, stream, index). */
static double gamma_variate(uint64_t seed, uint64_t stream, uint64_t index, double shape) {
    double boost = 1.0;
    if (shape < 1.0) {
        boost = pow(ag_random_uniform(seed, stream ^ 0x5851F42D4C957F2Du, index), 1.0 / shape);
        shape += 1.0;
    }
    double d = shape - 1.0 / 3.0;
    double c = 1.0 / sqrt(9.0 * d);
    for (uint64_t attempt = 0;; attempt++) {
        uint32_t bits[4];
        ag_random_bits(seed, stream, index | attempt << 40, bits);
        double x = ag_normal_quantile(uniform_of(bits[0], bits[1]));
        double v = 1.0 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(uniform_of(bits[2], bits[3])) < 0.5 * x * x + d - d * v + d * log(v))
            return boost * d * v;
    }
}

#endif
