/*
 * Running many men: blocks of as many as the kernel is wide, shared out over threads. Each man's
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
                                  .freeze = 1};
}

/* A run under way. Threads take the next block from `next`. */
typedef struct job {
    ag_tract_outcome *out;
    const ag_tract_man *men;
    size_t *order; /* the men, alike in how long they take, so that a block's lanes end together */
    size_t count;
    const kernel_row *kernel;
    const ag_tract_options *options;
    atomic_size_t next, done;
} job;

static void set_up(ag_tract_block *block, const ag_tract_options *options) {
    block->step_s = options->step_s;
    block->steps = lround(options->duration_s / options->step_s);
    block->freeze = options->freeze;
    block->samples = NULL;
}

/* Columns beyond the last man repeat him. */
static void run_block(job *j, ag_tract_block *block, size_t first) {
    int width = j->kernel->width;
    size_t left = j->count - first;
    int used = left < (size_t)width ? (int)left : width;
    set_up(block, j->options);
    for (int i = 0; i < width; i++)
        ag_tract_prepare(block, width, i,
                         &j->men[j->order[first + (size_t)(i < used ? i : used - 1)]]);
    j->kernel->run(block);
    for (int i = 0; i < used; i++) {
        size_t man = j->order[first + (size_t)i];
        ag_tract_harvest(&j->out[man], block, width, i, &j->men[man]);
    }
    atomic_fetch_add(&j->done, (size_t)used);
}

static int next_block(job *j, size_t *first) {
    *first = atomic_fetch_add(&j->next, (size_t)j->kernel->width);
    return *first < j->count;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The calling thread works too, and reports. */
static void work_and_report(job *j) {
    ag_tract_block block;
    size_t first;
    double told = seconds();
    while (next_block(j, &first)) {
        run_block(j, &block, first);
        if (j->options->progress != NULL && seconds() - told > 0.1) {
            told = seconds();
            j->options->progress(j->options->user, atomic_load(&j->done), j->count);
        }
    }
}

typedef struct place {
    double busy_s;
    size_t man;
} place;

/* How long a man's contractions go on; men with a slack neck never come to rest. */
static double busy_of(const ag_tract_man *man) {
    const double *p = man->value;
    double n = p[AG_TRACT_BURST_COUNT];
    if (p[AG_TRACT_NECK_STRENGTH] * p[AG_TRACT_NECK_PASSIVE_CMH2O] < p[AG_TRACT_BLADDER_CMH2O] + 10)
        return 1e3;
    return n * (p[AG_TRACT_BURST_INTERVAL_S] + 0.5 * n * p[AG_TRACT_BURST_INCREMENT_S]);
}

static int shorter_first(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->busy_s != y->busy_s)
        return x->busy_s < y->busy_s ? -1 : 1;
    return x->man < y->man ? -1 : 1;
}

static size_t *order_of(const ag_tract_man *men, size_t count) {
    place *places = malloc((count + 1) * sizeof *places);
    size_t *order = malloc((count + 1) * sizeof *order);
    for (size_t i = 0; places != NULL && i < count; i++)
        places[i] = (place){busy_of(&men[i]), i};
    if (places != NULL)
        qsort(places, count, sizeof *places, shorter_first);
    for (size_t i = 0; places != NULL && order != NULL && i < count; i++)
        order[i] = places[i].man;
    if (places == NULL) {
        free(order);
        order = NULL;
    }
    free(places);
    return order;
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

static ag_status check_man(const ag_tract_man *man, double step_s, size_t number, ag_error *error) {
    ag_status status = ag_tract_check(man, error);
    double largest = status == AG_OK ? ag_tract_largest_step(man) : 1;
    if (status == AG_OK && step_s > largest)
        status = ag_fail(error, AG_ERROR_VALUE,
                         "step %g s is too large for these parameters; take at most %.3g s", step_s,
                         largest);
    if (status != AG_OK) {
        char where[32];
        snprintf(where, sizeof where, "man %zu", number);
        ag_fault_where(error, where);
    }
    return status;
}

#ifdef __wasm__
static void run_threads(job *j, int threads) {
    (void)threads;
    work_and_report(j);
}
#else
static void *work(void *argument) {
    job *j = argument;
    ag_tract_block block;
    size_t first;
    while (next_block(j, &first))
        run_block(j, &block, first);
    return NULL;
}

static void run_threads(job *j, int threads) {
    pthread_t id[1024];
    int started = 0;
    while (started < threads - 1 && pthread_create(&id[started], NULL, work, j) == 0)
        started++;
    work_and_report(j);
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
             .order = order_of(men, count),
             .count = count,
             .kernel = find_kernel(options->kernel),
             .options = options};
    if (j.order == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for %zu men", count);
    run_threads(&j, options->threads);
    free(j.order);
    if (options->progress != NULL)
        options->progress(options->user, count, count);
    return AG_OK;
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
    block.samples = samples;
    block.sample_capacity = capacity;
    block.sample_count = 0;
    block.sample_every = lround(every_s / options->step_s);
    ag_tract_prepare(&block, 1, 0, man);
    ag_tract_kernel_scalar(&block);
    *out_count = block.sample_count;
    if (out != NULL)
        ag_tract_harvest(out, &block, 1, 0, man);
    return AG_OK;
}
