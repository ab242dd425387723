/*
 * Running many men, as many at a time as the kernel is wide, shared out over threads. Each man's
 * result is a function of his own parameters, so that neither the kernel nor the number of threads
 * shows in it.
 */
#include "antegrade/tract.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "block.h"
#include "fault.h"

#ifndef __wasm__ /* where there are no threads, the calling one does all */
#include <pthread.h>
#endif

typedef struct kernel_row {
    ag_tract_kernel kernel;
    const char *name;
    int width;
    ag_tract_kernel_fn run;
} kernel_row;

/* Widest last. */
static const kernel_row kernels[] = {
    {AG_TRACT_SCALAR, "scalar", 1, ag_tract_kernel_scalar},
#if defined(__aarch64__)
    {AG_TRACT_NEON, "neon", 2, ag_tract_kernel_neon},
#endif
#if defined(__x86_64__)
    {AG_TRACT_AVX2, "avx2", 4, ag_tract_kernel_avx2},
    {AG_TRACT_AVX512, "avx512", 8, ag_tract_kernel_avx512},
#endif
};
#define KERNELS ((int)(sizeof kernels / sizeof kernels[0]))

static int runs_here(ag_tract_kernel kernel) {
#if defined(__x86_64__)
    if (kernel == AG_TRACT_AVX2)
        return __builtin_cpu_supports("avx2") != 0;
    if (kernel == AG_TRACT_AVX512)
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
               __builtin_cpu_supports("avx512vl") != 0;
#endif
    (void)kernel;
    return 1;
}

static const kernel_row *find_kernel(ag_tract_kernel wanted) {
    for (int i = KERNELS - 1; i >= 0; i--)
        if ((wanted == AG_TRACT_BEST || wanted == kernels[i].kernel) &&
            runs_here(kernels[i].kernel))
            return &kernels[i];
    return NULL;
}

int ag_tract_kernel_available(ag_tract_kernel kernel) {
    return find_kernel(kernel) != NULL;
}

const char *ag_tract_kernel_name(ag_tract_kernel kernel) {
    static const char *const names[] = {"best", "scalar", "neon", "avx2", "avx512"};
    return (unsigned)kernel <= AG_TRACT_AVX512 ? names[kernel] : "unknown";
}

void ag_tract_defaults(ag_tract_options *options) {
    *options = (ag_tract_options){.size = sizeof *options,
                                  .step_s = 0.002,
                                  .duration_s = 26,
                                  .threads = 1,
                                  .kernel = AG_TRACT_BEST,
                                  .own_steps = 1,
                                  .freeze = 1};
}

/* A run under way. Threads take the next man from `next`. */
typedef struct job {
    ag_tract_outcome *out;
    const ag_tract_man *men;
    size_t count;
    const kernel_row *kernel;
    const ag_tract_options *options;
    atomic_size_t next, done;
    atomic_size_t
        drained;   /* the first man one of whose pools was drained below nothing; or count */
    double told_s; /* when progress was last reported; the calling thread's own */
} job;

enum { STEPS_A_FRAME = 10 }; /* of the length that the caller named */

static const double DISAGREEMENT_ML = 1e-6; /* of a step's slopes, at a frame of 20 ms */

static void set_up(ag_tract_block *block, const ag_tract_options *options) {
    block->frames = ceil(options->duration_s / (STEPS_A_FRAME * options->step_s) - 1e-6);
    block->frame_s = options->duration_s / block->frames;
    block->until = block->frames;
    double scale = block->frame_s / 0.02;
    block->per_disagreement = 1 / (6 * DISAGREEMENT_ML * scale * scale * scale);
    block->fewest = options->own_steps ? 1 : STEPS_A_FRAME;
    block->most = options->own_steps ? 4 * STEPS_A_FRAME : STEPS_A_FRAME;
    block->freeze = options->freeze;
}

/* Give column i the next man; 0 when there is none left. The column then repeats a man, done. */
static int take_next(job *j, ag_tract_block *block, int i, size_t *man) {
    *man = atomic_fetch_add(&j->next, 1);
    ag_tract_prepare(block, j->kernel->width, i, &j->men[*man < j->count ? *man : 0]);
    if (*man >= j->count)
        block->frame[i] = block->frames;
    return *man < j->count;
}

static void note_drained(job *j, size_t man) {
    size_t first = atomic_load(&j->drained);
    while (man < first && !atomic_compare_exchange_weak(&j->drained, &first, man))
        continue;
}

/* Run men until none is left: a column whose man is done takes the next. */
static void run_men(job *j, ag_tract_block *block, void (*after)(job *j)) {
    size_t man[AG_TRACT_WIDEST];
    int width = j->kernel->width, running = 0;
    set_up(block, j->options);
    for (int i = 0; i < width; i++)
        running += take_next(j, block, i, &man[i]);
    while (running > 0) {
        j->kernel->run(block);
        for (int i = 0; i < width; i++) {
            if (man[i] >= j->count || block->frame[i] < block->frames)
                continue;
            if (!ag_tract_harvest(&j->out[man[i]], block, width, i, &j->men[man[i]]))
                note_drained(j, man[i]);
            atomic_fetch_add(&j->done, 1);
            running -= !take_next(j, block, i, &man[i]);
        }
        if (after != NULL)
            after(j);
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The calling thread works too, and reports. */
static void report(job *j) {
    if (j->options->progress == NULL || seconds() - j->told_s < 0.1)
        return;
    j->told_s = seconds();
    j->options->progress(j->options->user, atomic_load(&j->done), j->count);
}

static ag_status check_options(const ag_tract_options *o, ag_error *error) {
    if (o->size != sizeof *o)
        return ag_fail(error, AG_ERROR_ARGUMENT, "options must be filled by ag_tract_defaults");
    if (!(o->step_s >= 1e-4 && o->step_s <= 0.02))
        return ag_fail(error, AG_ERROR_VALUE, "step is %g s; allowed are 0.0001 to 0.02",
                       o->step_s);
    if (!(o->duration_s >= 1 && o->duration_s <= 60))
        return ag_fail(error, AG_ERROR_VALUE, "duration is %g s; allowed are 1 to 60",
                       o->duration_s);
    if (o->threads < 1 || o->threads > 1024)
        return ag_fail(error, AG_ERROR_VALUE, "threads is %d; allowed are 1 to 1024", o->threads);
    if (find_kernel(o->kernel) == NULL)
        return ag_fail(error, AG_ERROR_UNSUPPORTED, "this processor cannot run the %s kernel",
                       ag_tract_kernel_name(o->kernel));
    return AG_OK;
}

static void name_man(ag_error *error, size_t number) {
    char where[32];
    snprintf(where, sizeof where, "man %zu", number);
    ag_fault_where(error, where);
}

/* Only far from any man: the allowed ranges of the parameters are each wide. */
static ag_status refuse_drained(size_t number, ag_error *error) {
    ag_status status = ag_fail(
        error, AG_ERROR_VALUE,
        "the bladder or the urethra was drained to less than nothing: these parameters do "
        "not go together; closure of neck, sphincter or meatus is too weak for the pressure "
        "or volume of what lies behind");
    name_man(error, number);
    return status;
}

static ag_status check_man(const ag_tract_man *man, double step_s, size_t number, ag_error *error) {
    ag_status status = ag_tract_check(man, error);
    double largest = status == AG_OK ? ag_tract_largest_step(man) : 1;
    if (status == AG_OK && step_s > largest)
        status = ag_fail(error, AG_ERROR_VALUE,
                         "step %g s is too large for these parameters; take at most %.3g s", step_s,
                         largest);
    if (status != AG_OK)
        name_man(error, number);
    return status;
}

#ifdef __wasm__
static void run_threads(job *j, int threads) {
    ag_tract_block block;
    (void)threads;
    run_men(j, &block, report);
}
#else
static void *work(void *argument) {
    ag_tract_block block;
    run_men(argument, &block, NULL);
    return NULL;
}

static void run_threads(job *j, int threads) {
    pthread_t id[1024];
    ag_tract_block block;
    int started = 0;
    while (started < threads - 1 && pthread_create(&id[started], NULL, work, j) == 0)
        started++;
    run_men(j, &block, report);
    for (int i = 0; i < started; i++)
        pthread_join(id[i], NULL);
}
#endif

ag_status ag_tract_run(ag_tract_outcome *out, const ag_tract_man *men, size_t count,
                       const ag_tract_options *options, ag_error *error) {
    ag_tract_options standard;
    ag_tract_defaults(&standard);
    if (options == NULL)
        options = &standard;
    ag_status status = check_options(options, error);
    for (size_t i = 0; status == AG_OK && i < count; i++)
        status = check_man(&men[i], options->step_s, i + 1, error);
    if (status != AG_OK)
        return status;
    job j = {.out = out,
             .men = men,
             .count = count,
             .kernel = find_kernel(options->kernel),
             .options = options,
             .drained = count,
             .told_s = seconds()};
    run_threads(&j, options->threads);
    if (options->progress != NULL)
        options->progress(options->user, count, count);
    size_t drained = atomic_load(&j.drained);
    return drained < count ? refuse_drained(drained + 1, error) : AG_OK;
}

ag_status ag_tract_trace(ag_tract_sample *samples, size_t capacity, size_t *out_count,
                         ag_tract_outcome *out, const ag_tract_man *man, double every_s,
                         const ag_tract_options *options, ag_error *error) {
    ag_tract_options standard;
    ag_tract_block block;
    ag_tract_defaults(&standard);
    if (options == NULL)
        options = &standard;
    ag_status status = check_options(options, error);
    if (status == AG_OK)
        status = check_man(man, options->step_s, 1, error);
    if (status == AG_OK && !(every_s >= options->step_s && every_s <= options->duration_s))
        status = ag_fail(error, AG_ERROR_VALUE, "samples every %g s; allowed are %g to %g", every_s,
                         options->step_s, options->duration_s);
    if (status != AG_OK)
        return status;
    set_up(&block, options);
    double every = fmax(1, round(every_s / block.frame_s));
    ag_tract_prepare(&block, 1, 0, man);
    *out_count = 0;
    for (double at = 0; at < block.frames && *out_count < capacity; at += every) {
        block.until = at;
        ag_tract_kernel_scalar(&block);
        ag_tract_observe(&samples[(*out_count)++], &block, at * block.frame_s);
    }
    block.until = block.frames;
    ag_tract_kernel_scalar(&block);
    ag_tract_outcome outcome;
    int sound = ag_tract_harvest(out != NULL ? out : &outcome, &block, 1, 0, man);
    return sound ? AG_OK : refuse_drained(1, error);
}
