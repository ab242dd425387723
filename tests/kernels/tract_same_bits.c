/*
 * Every kernel of the tract that this processor has gives the bits of the scalar reference, whoever
 * the neighbours are and however many threads share the work. Plain program without cmocka, so that
 * it can be built for another processor and run under an emulator: prints what it compared and
 * returns 0 or 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/tract.h"

enum { MOST = 45 };

/* How much to do. */
static int men_count = MOST;
static double duration_s = 26;

/* A population with failing parts in all combinations. */
static void make_men(ag_tract_man *men) {
    for (int i = 0; i < men_count; i++) {
        double *v = men[i].value;
        ag_tract_virtual_man(&men[i], 3, (uint64_t)i);
        if (i % 2 == 1)
            v[AG_TRACT_NECK_STRENGTH] = v[AG_TRACT_VERU_STRENGTH] = 0.02 * i;
        if (i % 3 == 1)
            v[AG_TRACT_RECEPTOR_OCCUPANCY] = 0.9;
        if (i % 5 == 1)
            v[AG_TRACT_DUCT_LEFT] = 0;
        if (i % 7 == 1)
            v[AG_TRACT_SPHINCTER_RELAX] = 0.1;
        if (i % 11 == 1)
            v[AG_TRACT_DRIVE] = 0;
        if (i % 13 == 1)
            v[AG_TRACT_STRICTURE] = 40;
        if (i % 4 < 2) { /* over early, so that some freeze long before the others */
            v[AG_TRACT_DRIVE_OFF_S] = 5;
            v[AG_TRACT_DRIVE_FALL_S] = 0.1;
            v[AG_TRACT_BURST_COUNT] = 3;
        }
    }
}

static int run(ag_tract_outcome *out, const ag_tract_man *men, ag_tract_kernel kernel,
               int threads) {
    ag_error error = {0};
    ag_tract_options options;
    ag_tract_defaults(&options);
    options.kernel = kernel;
    options.threads = threads;
    options.duration_s = duration_s;
    memset(out, 0, MOST * sizeof *out);
    if (ag_tract_run(out, men, (size_t)men_count, &options, &error) == AG_OK)
        return 1;
    fprintf(stderr, "%s: %s\n", error.where, error.message);
    return 0;
}

static int differ(const ag_tract_outcome *a, const ag_tract_outcome *b) {
    int count = 0;
    for (int i = 0; i < men_count; i++)
        count += memcmp(&a[i], &b[i], sizeof a[i]) != 0;
    return count;
}

/* The same men in reverse order have other neighbours in their lanes. */
static int reversed_differ(const ag_tract_man *men, const ag_tract_outcome *expected,
                           ag_tract_kernel kernel) {
    static ag_tract_man turned[MOST];
    static ag_tract_outcome out[MOST], back[MOST];
    for (int i = 0; i < men_count; i++)
        turned[i] = men[men_count - 1 - i];
    if (!run(out, turned, kernel, 1))
        return men_count;
    for (int i = 0; i < men_count; i++)
        back[i] = out[men_count - 1 - i];
    return differ(back, expected);
}

int main(int argc, char **argv) {
    static ag_tract_man men[MOST];
    static ag_tract_outcome expected[MOST], out[MOST];
    int failures = 0, compared = 0;
    if (argc == 3) {
        men_count = atoi(argv[1]);
        duration_s = atof(argv[2]);
        if (men_count < 1 || men_count > MOST)
            return 2;
    }
    make_men(men);
    if (!run(expected, men, AG_TRACT_SCALAR, 1))
        return 1;
    for (int k = AG_TRACT_SCALAR; k <= AG_TRACT_AVX512; k++) {
        ag_tract_kernel kernel = (ag_tract_kernel)k;
        if (!ag_tract_kernel_available(kernel))
            continue;
        int alone = run(out, men, kernel, 1) ? differ(out, expected) : men_count;
        int turned = reversed_differ(men, expected, kernel);
        int shared = run(out, men, kernel, 3) ? differ(out, expected) : men_count;
        printf("%s: %d of %d differ alone, %d with other neighbours, %d with 3 threads\n",
               ag_tract_kernel_name(kernel), alone, men_count, turned, shared);
        failures += alone + turned + shared;
        compared++;
    }
    return failures == 0 && compared > 0 ? 0 : 1;
}
