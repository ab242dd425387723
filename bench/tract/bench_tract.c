/*
 * Speed of the tract: each kernel against the scalar reference, against CVODE at equal error, and
 * against the peak of one core. All in one run, fastest of several; a ratio stands beside each
 * time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "antegrade/tract.h"
#ifdef AG_HAVE_CVODE
#include "tract_plain.h"
#endif

enum { MEN = 64, REPEATS = 5 };

/* Arithmetic of one step of one man (four slopes): additions, multiplications, comparisons,
 * divisions and roots each once; counted in the machine code of the loop. */
static const double OPERATIONS = AG_TRACT_OPERATIONS;

/* Of this process on a core, so that other programs do not count. */
static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double run(ag_tract_outcome *out, const ag_tract_man *men, int count,
                  const ag_tract_options *options, int repeats) {
    double best = 1e9;
    for (int i = 0; i < repeats; i++) {
        ag_error error;
        double start = seconds();
        if (ag_tract_run(out, men, (size_t)count, options, &error) != AG_OK) {
            fprintf(stderr, "%s: %s\n", error.where, error.message);
            exit(1);
        }
        best = fmin(best, seconds() - start);
    }
    return best / count;
}

static double steps_of(const ag_tract_outcome *out, int count) {
    double steps = 0;
    for (int i = 0; i < count; i++)
        steps += out[i].steps;
    return steps / count;
}

#if defined(__x86_64__) && defined(__GNUC__)
typedef double wide __attribute__((vector_size(64)));

/* Additions and multiplications on 512-bit registers, enough chains to fill every unit. */
__attribute__((target("avx512f"), noinline)) static double peak_rate(void) {
    enum { CHAINS = 12, TURNS = 2000000 }; /* 24 registers of 32 */
    wide a[CHAINS], m[CHAINS];
    for (int i = 0; i < CHAINS; i++)
        a[i] = m[i] = (wide){1, 1, 1, 1, 1, 1, 1, 1};
    double best = 1e9;
    for (int repeat = 0; repeat < 3; repeat++) {
        double start = seconds();
        for (long n = 0; n < TURNS; n++) {
#pragma GCC unroll 12
            for (int i = 0; i < CHAINS; i++) {
                a[i] = a[i] + 1e-9;
                m[i] = m[i] * 1.0000000001;
            }
            __asm__ volatile("");
        }
        best = fmin(best, seconds() - start);
    }
    double keep = 0;
    for (int i = 0; i < CHAINS; i++)
        keep += a[i][0] + m[i][0];
    return keep == 0 ? 0 : 2.0 * 8 * CHAINS * TURNS / best;
}
#endif

static void report_peak(double per_man, double steps) {
    double rate = OPERATIONS * steps / per_man;
    printf("arithmetic    %.0f steps a man of %.0f operations, %.1f thousand million a second",
           steps, OPERATIONS, rate * 1e-9);
#if defined(__x86_64__) && defined(__GNUC__)
    if (ag_tract_kernel_available(AG_TRACT_AVX512)) {
        double peak = peak_rate();
        printf(", %.0f %% of this core's measured peak of %.0f", 100 * rate / peak, peak * 1e-9);
    }
#endif
    printf("\n");
}

#ifdef AG_HAVE_CVODE
enum { REFERENCES = 8 };

static double volume_error(const ag_tract_outcome *o, const ag_tract_outcome *exact) {
    return fmax(fabs(o->antegrade_ml - exact->antegrade_ml),
                fmax(fabs(o->retrograde_ml - exact->retrograde_ml),
                     fabs(o->residual_ml - exact->residual_ml)));
}

/* Time a man by CVODE at the loosest tolerance whose worst error in a volume is at most `error`; as
 * far in time as the fixed-step runs went. */
static double cvode_time(const ag_tract_man *men, const ag_tract_outcome *exact,
                         tract_plain_method method, double error, double *tolerance,
                         double *slopes) {
    for (*tolerance = 1e-4; *tolerance > 1e-13; *tolerance /= 2) {
        double worst = 0, start = seconds(), y[AG_TRACT_STATES];
        *slopes = 0;
        for (int i = 0; i < REFERENCES; i++) {
            *slopes += (double)tract_plain_solve(y, &men[i], exact[i].end_s, method, *tolerance) /
                       REFERENCES;
            ag_tract_outcome o = {.antegrade_ml = tract_plain_semen(y, AG_TRACT_OUTSIDE),
                                  .retrograde_ml = tract_plain_semen(y, AG_TRACT_BLADDER)};
            o.residual_ml = tract_plain_semen(y, AG_TRACT_POSTERIOR) +
                            tract_plain_semen(y, AG_TRACT_ANTERIOR) +
                            tract_plain_semen(y, AG_TRACT_FILM);
            worst = fmax(worst, volume_error(&o, &exact[i]));
        }
        double time = (seconds() - start) / REFERENCES;
        if (worst <= error)
            return time;
    }
    return NAN;
}

/* Time a man, best kernel, at the longest step whose worst error in a volume is at most `error`. */
static double best_time(const ag_tract_man *men, const ag_tract_outcome *exact, double error) {
    static ag_tract_outcome out[MEN];
    ag_tract_options options;
    ag_tract_defaults(&options);
    for (options.step_s = 0.003; options.step_s > 2e-4; options.step_s *= 0.9) {
        double largest = 0, worst = 0;
        for (int i = 0; i < MEN; i++)
            largest = fmax(largest, options.step_s / ag_tract_largest_step(&men[i]));
        if (largest > 1)
            continue;
        double time = run(out, men, MEN, &options, REPEATS);
        for (int i = 0; i < REFERENCES; i++)
            worst = fmax(worst, volume_error(&out[i], &exact[i]));
        if (worst > error)
            continue;
        printf("equal error   step %.3g s: worst error %.1e mL, %.0f slopes, %.3f ms a man\n",
               options.step_s, worst, 4 * steps_of(out, MEN), 1e3 * time);
        return time;
    }
    return NAN;
}

static void against_cvode(const ag_tract_man *men, double error) {
    static ag_tract_outcome exact[REFERENCES];
    ag_tract_options options;
    ag_tract_defaults(&options);
    options.step_s = 0.0002;
    options.own_steps = 0;
    run(exact, men, REFERENCES, &options, 1);
    double time = best_time(men, exact, error);
    double best = 1e9;
    for (int method = TRACT_PLAIN_ADAMS; method <= TRACT_PLAIN_BDF; method++) {
        double tolerance, slopes;
        double theirs =
            cvode_time(men, exact, (tract_plain_method)method, error, &tolerance, &slopes);
        printf("CVODE %-7s tolerance %.1e, %.0f slopes, %.2f ms a man\n",
               method == TRACT_PLAIN_ADAMS ? "Adams" : "BDF", tolerance, slopes, 1e3 * theirs);
        best = fmin(best, theirs);
    }
    printf("ratio         %.1f times the better of CVODE's two at %.0e mL\n", best / time, error);
}
#endif

static void against_equal_steps(const ag_tract_man *men, double own) {
    static ag_tract_outcome out[MEN];
    ag_tract_options options;
    ag_tract_defaults(&options);
    options.own_steps = 0;
    double equal = run(out, men, MEN, &options, REPEATS);
    printf("own steps     %.1f times as fast as equal steps of %g s (%.0f)\n", equal / own,
           options.step_s, steps_of(out, MEN));
}

int main(void) {
    static ag_tract_man men[MEN];
    static ag_tract_outcome out[MEN];
    ag_tract_options options;
    double scalar = 0, fastest = 1e9;
    ag_tract_defaults(&options);
    for (int i = 0; i < MEN; i++)
        ag_tract_virtual_man(&men[i], 1, (uint64_t)i);
    for (int k = AG_TRACT_SCALAR; k <= AG_TRACT_AVX512; k++) {
        options.kernel = (ag_tract_kernel)k;
        if (!ag_tract_kernel_available(options.kernel))
            continue;
        double time = run(out, men, k == AG_TRACT_SCALAR ? 16 : MEN, &options, REPEATS);
        scalar = k == AG_TRACT_SCALAR ? time : scalar;
        fastest = fmin(fastest, time);
        printf("%-13s %.3f ms a man, %.0f men a second, %.1f times scalar\n",
               ag_tract_kernel_name(options.kernel), 1e3 * time, 1 / time, scalar / time);
    }
    report_peak(fastest, steps_of(out, MEN));
    against_equal_steps(men, fastest);
#ifdef AG_HAVE_CVODE
    against_cvode(men, 1e-6);
#endif
    return 0;
}
