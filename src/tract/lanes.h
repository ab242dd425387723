/**
 * @file lanes.h
 * AG_TRACT_WIDTH men side by side: the few operations that the compiler's vector types lack.
 *
 * Each operation gives the same bits at every width and on every processor: IEEE arithmetic, a
 * correctly rounded square root, max and min by one comparison, and our own exponential and sine.
 */
#ifndef AG_TRACT_LANES_H
#define AG_TRACT_LANES_H

#include <stdint.h>
#include <string.h>

#if AG_TRACT_WIDTH == 8
#include <immintrin.h>
#elif AG_TRACT_WIDTH == 4
#include <immintrin.h>
#elif AG_TRACT_WIDTH == 2
#include <arm_neon.h>
#endif

#define AG_LANES_INLINE static inline __attribute__((always_inline, unused))

#if AG_TRACT_WIDTH == 1
typedef double vec;
typedef int vec_mask; /* 1 where a comparison holds */
#else
typedef double vec __attribute__((vector_size(8 * AG_TRACT_WIDTH)));
typedef int64_t vec_bits __attribute__((vector_size(8 * AG_TRACT_WIDTH)));
typedef vec_bits vec_mask; /* all bits where a comparison holds */
#endif

/* a > b ? a : b, also for the order of signed zeros. */
AG_LANES_INLINE vec vec_max(vec a, vec b) {
#if AG_TRACT_WIDTH == 8
    return (vec)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif AG_TRACT_WIDTH == 4
    return (vec)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif AG_TRACT_WIDTH == 2
    return (vec)vbslq_f64(vcgtq_f64((float64x2_t)a, (float64x2_t)b), (float64x2_t)a,
                          (float64x2_t)b);
#else
    return a > b ? a : b;
#endif
}

/* a < b ? a : b. */
AG_LANES_INLINE vec vec_min(vec a, vec b) {
#if AG_TRACT_WIDTH == 8
    return (vec)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif AG_TRACT_WIDTH == 4
    return (vec)_mm256_min_pd((__m256d)a, (__m256d)b);
#elif AG_TRACT_WIDTH == 2
    return (vec)vbslq_f64(vcltq_f64((float64x2_t)a, (float64x2_t)b), (float64x2_t)a,
                          (float64x2_t)b);
#else
    return a < b ? a : b;
#endif
}

AG_LANES_INLINE vec vec_sqrt(vec a) {
#if AG_TRACT_WIDTH == 8
    return (vec)_mm512_sqrt_pd((__m512d)a);
#elif AG_TRACT_WIDTH == 4
    return (vec)_mm256_sqrt_pd((__m256d)a);
#elif AG_TRACT_WIDTH == 2
    return (vec)vsqrtq_f64((float64x2_t)a);
#else
    return __builtin_sqrt(a);
#endif
}

AG_LANES_INLINE vec vec_all(double a) {
#if AG_TRACT_WIDTH == 1
    return a;
#else
    return a - (vec){0};
#endif
}

AG_LANES_INLINE vec vec_load(const double *from) {
    vec v;
    memcpy(&v, from, sizeof v);
    return v;
}

AG_LANES_INLINE void vec_store(double *to, vec v) {
    memcpy(to, &v, sizeof v);
}

/* a where the mask is set, else b. */
AG_LANES_INLINE vec vec_pick(vec_mask mask, vec a, vec b) {
#if AG_TRACT_WIDTH == 1
    return mask ? a : b;
#else
    return (vec)((mask & (vec_bits)a) | (~mask & (vec_bits)b));
#endif
}

AG_LANES_INLINE vec_mask vec_both(vec_mask a, vec_mask b) {
    return a & b;
}

AG_LANES_INLINE vec_mask vec_either(vec_mask a, vec_mask b) {
    return a | b;
}

AG_LANES_INLINE int vec_any(vec_mask mask) {
#if AG_TRACT_WIDTH == 1
    return mask;
#else
    int64_t any = 0;
    for (int i = 0; i < AG_TRACT_WIDTH; i++)
        any |= mask[i];
    return any != 0;
#endif
}

AG_LANES_INLINE vec vec_abs(vec a) {
    return vec_max(a, -a);
}

/* v * 2^n for the whole number n whose value is the low bits of `shifted` = n + 1.5 * 2^52. */
AG_LANES_INLINE vec vec_scale(vec v, vec shifted) {
#if AG_TRACT_WIDTH == 1
    uint64_t bits, power;
    memcpy(&bits, &v, 8);
    memcpy(&power, &shifted, 8);
    bits += power << 52;
    memcpy(&v, &bits, 8);
    return v;
#else
    return (vec)((vec_bits)v + ((vec_bits)shifted << 52));
#endif
}

#define AG_LANES_ROUND 6755399441055744.0 /* 1.5 * 2^52: adding it rounds to a whole number */

/* The nearest whole number, the even one of two, for |x| < 2^50. */
AG_LANES_INLINE vec vec_round(vec x) {
    return (x + AG_LANES_ROUND) - AG_LANES_ROUND;
}

/* e^x for -700 < x < 700; relative error below 1e-15. ln 2 in two parts, then a Taylor polynomial.
 */
AG_LANES_INLINE vec vec_exp(vec x) {
    vec shifted = x * 1.4426950408889634 + AG_LANES_ROUND;
    vec n = shifted - AG_LANES_ROUND;
    vec r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    vec r2 = r * r, r4 = r2 * r2;
    vec low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6));
    vec middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    vec high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
    vec p = low + r4 * (middle + r4 * (high + r4 * (1.0 / 479001600)));
    return vec_scale(p, shifted);
}

/* sin(pi x)^2 for |x| < 2^50; absolute error below 1e-15. Taylor polynomial of sin(pi r), |r| <=
 * 1/2. */
AG_LANES_INLINE vec vec_sin2(vec x) {
    vec r = x - vec_round(x);
    vec z = r * r;
    vec z2 = z * z, z4 = z2 * z2;
    vec low = (3.141592653589793 - 5.16771278004997 * z) +
              z2 * (2.5501640398773455 - 0.5992645293207921 * z);
    vec high = (8.214588661112823e-02 - 7.3704309457143504e-03 * z) +
               z2 * (4.6630280576761255e-04 - 2.1915353447830217e-05 * z);
    vec p = low + z4 * (high + z4 * (7.952054001475513e-07 - 2.2948428997269873e-08 * z));
    p = p * r;
    return p * p;
}

#endif
