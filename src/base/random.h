/**
 * @file random.h
 * Counter-based random numbers (Philox 4x32-10; Salmon et al. 2011, doi 10.1145/2063384.2063405).
 *
 * A draw is a pure function of (seed, stream, index), so that no result depends on threads, lanes
 * or order.
 */
#ifndef AG_RANDOM_H
#define AG_RANDOM_H

#include <stdint.h>

/** 128 random bits for (seed, stream, index). */
void ag_random_bits(uint64_t seed, uint64_t stream, uint64_t index, uint32_t out[4]);

/** Uniform on the open interval (0, 1). */
double ag_random_uniform(uint64_t seed, uint64_t stream, uint64_t index);

/** Standard normal, by the inverse of the cumulative distribution of one uniform. */
double ag_random_normal(uint64_t seed, uint64_t stream, uint64_t index);

/** The standard normal quantile of p in (0, 1): |error| below 1e-13. */
double ag_normal_quantile(double p);

#endif
