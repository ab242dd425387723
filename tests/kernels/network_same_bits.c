/*
 * Every kernel of the network engine that this processor has gives the bits of a plain scalar loop,
 * operation by operation, and the same answers for batches, single cases and parameter draws; each
 * is timed. Plain program without cmocka, so that it can be built for another processor and run
 * under an emulator.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "antegrade/network.h"
#include "network_list.h"
#include "network_query.h"
#include "random.h"

enum { VARIABLES = 40, STATES = 4, CASES = 53, DRAWS = 21, TABLE = 256 };

static uint64_t at;

static double uniform(void) {
    return ag_random_uniform(5, 5, at++);
}

static int below(int n) {
    return (int)(uniform() * n);
}

static void fill_table(double *table, int rows, int states, int draws) {
    for (int r = 0; r < rows; r++) {
        bool zero = uniform() < 0.2;
        for (int s = 0; s < states; s++)
            for (int d = 0; d < draws; d++)
                table[(r * states + s) * draws + d] = zero && s == 0 ? 0 : 0.05 + uniform();
    }
}

static ag_network *random_network(int draws) {
    static double table[TABLE * DRAWS];
    ag_network *network;
    ag_network_new(&network, draws, NULL);
    at = 0;
    for (int v = 0; v < VARIABLES; v++) {
        char name[16];
        int parents[3];
        int count = 0;
        int rows = 1;
        snprintf(name, sizeof name, "v%d", v);
        ag_network_add_variable(network, name, 2 + below(STATES - 1), NULL, NULL, NULL);
        for (int p = v < 7 ? 0 : v - 7; p < v && count < 3; p++)
            if (uniform() < 0.4) {
                parents[count++] = p;
                rows *= ag_network_state_count(network, p);
            }
        fill_table(table, rows, ag_network_state_count(network, v), draws);
        ag_network_set_table(network, v, parents, count, table, draws, NULL);
    }
    return network;
}

/* ---- Operation by operation ---- */

/* All loops, kept ones outside, without vectors: the definition of the lane forms. */
static void plain_lane(const ag_op *op, const ag_loop *loops, int count, double *out,
                       const double *in[3], int lane) {
    if (count == 0) {
        double x = in[0][op->broadcast > 0 ? 0 : lane];
        if (op->operands > 1) {
            double y = in[1][op->broadcast > 1 ? 0 : lane];
            x = op->operands > 2 ? x * (y * in[2][lane]) : x * y;
        }
        out[lane] = op->form == AG_FORM_LANES ? out[lane] + x : x;
        return;
    }
    for (size_t i = 0; i < loops->count; i++) {
        const double *from[3];
        for (int k = 0; k < 3; k++)
            from[k] = in[k] + loops->in[k] * (ptrdiff_t)i;
        plain_lane(op, loops + 1, count - 1, out + loops->out * (ptrdiff_t)i, from, lane);
    }
}

static int compare_op(const ag_kernels *kernels, const ag_flat *plan, const ag_op *op,
                      const double *block, double *a, double *b) {
    const double *in[3] = {block + op->in[0], block + op->in[1], block + op->in[2]};
    const ag_loop *loops = plan->loops + op->loops;
    memset(a, 0, op->out_entries * sizeof *a);
    memset(b, 0, op->out_entries * sizeof *b);
    kernels->contract(op, loops, a, in);
    for (int lane = 0; lane < AG_LANES; lane++)
        plain_lane(op, loops, op->outer + 2, b, in, lane);
    return memcmp(a, b, op->out_entries * sizeof *a) != 0;
}

static int compare_list(const ag_kernels *kernels, const ag_lists *lists, const ag_list *list,
                        double *block, double *copy, size_t size) {
    ag_terms t = {lists->out + list->first_group, lists->count + list->first_group,
                  lists->factor + list->first_term, lists->a + list->first_term,
                  lists->b + list->first_term};
    memcpy(copy, block, size * sizeof *copy);
    kernels->sum_list(list, t, copy);
    size_t term = 0;
    int wrong = 0;
    for (uint32_t g = 0; g < list->groups; g++) {
        double sum[AG_LANES];
        for (uint32_t j = 0; j < t.count[g]; j++, term++)
            for (int l = 0; l < AG_LANES; l++) {
                double x = 1;
                if (list->parts & AG_LIST_A)
                    x = block[t.a[term] + (uint32_t)l];
                if (list->parts & AG_LIST_B)
                    x = x * block[t.b[term] + (uint32_t)l];
                if (list->parts & AG_LIST_FACTOR)
                    x = t.factor[term] * x;
                sum[l] = j ? sum[l] + x : x;
            }
        wrong |= memcmp(sum, copy + t.out[g], sizeof sum) != 0;
    }
    return wrong;
}

static int compare_operations(const ag_kernels *kernels, const ag_flat *plan) {
    size_t size = plan->block_size;
    double *block = aligned_alloc(64, (size * sizeof *block + 63) / 64 * 64);
    double *a = malloc(size * sizeof *a);
    double *b = malloc(size * sizeof *b);
    int wrong = 0;
    for (size_t i = 0; i < size; i++)
        block[i] = uniform();
    for (uint32_t i = 0; i < plan->up.count; i++)
        wrong += compare_op(kernels, plan, &plan->up.ops[i], block, a, b);
    for (uint32_t i = 0; i < plan->down.count; i++)
        wrong += compare_op(kernels, plan, &plan->down.ops[i], block, a, b);
    for (uint32_t i = 0; plan->lists && i < plan->lists->up_count; i++)
        wrong += compare_list(kernels, plan->lists, &plan->lists->up[i], block, a, size);
    for (uint32_t i = 0; plan->lists && i < plan->lists->down_count; i++)
        wrong += compare_list(kernels, plan->lists, &plan->lists->down[i], block, a, size);
    free(block);
    free(a);
    free(b);
    return wrong;
}

/* ---- Whole answers ---- */

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct answers {
    double batch[CASES * (VARIABLES * STATES + 1)];
    double single[2 * (VARIABLES * STATES + 1)];
    double draws[DRAWS * (VARIABLES * STATES + 1)];
    int wrong; /* operations that differ from the plain loop */
    double batch_s, draws_s;
} answers;

static void run_single(const ag_network *network, const ag_kernels *kernels, ag_slicing slicing,
                       double *out, ag_query **keep_query, ag_program **keep_program) {
    ag_program_options options = ag_program_options_defaults();
    ag_program *program;
    ag_query *query;
    options.slicing = slicing;
    if (ag_program_compile(&program, network, &options, NULL) ||
        ag_query_new(&query, program, NULL))
        exit(2);
    query->kernels = kernels;
    for (int v = 3; v < VARIABLES; v += 6)
        ag_query_set_state(query, v, 1, NULL);
    if (ag_query_run(query, NULL))
        exit(2);
    size_t draws = (size_t)ag_network_draw_count(network);
    memcpy(out, query->marginals, ag_program_state_total(program) * draws * sizeof *out);
    memcpy(out + VARIABLES * STATES * draws, query->log_evidence, draws * sizeof *out);
    if (keep_query) {
        *keep_query = query;
        *keep_program = program;
        return;
    }
    ag_query_free(query);
    ag_program_free(program);
}

static void run_kernels(const ag_kernels *kernels, answers *out) {
    ag_network *network = random_network(1);
    ag_network *drawn = random_network(DRAWS);
    ag_query *query;
    ag_program *program;
    int states[CASES * VARIABLES];
    for (int i = 0; i < CASES * VARIABLES; i++)
        states[i] = uniform() < 0.2 ? below(2) : -1;
    run_single(network, kernels, AG_SLICING_ALWAYS, out->single, NULL, NULL);
    run_single(network, kernels, AG_SLICING_NEVER, out->single + VARIABLES * STATES + 1, &query,
               &program);
    ag_query_retract_all(query);
    double *log_evidence = out->batch + CASES * VARIABLES * STATES;
    for (int round = 0; round < 3; round++) {
        out->batch_s = seconds();
        if (ag_query_run_batch(query, states, CASES, log_evidence, out->batch, NULL))
            exit(2);
        out->batch_s = seconds() - out->batch_s;
    }
    out->wrong = compare_operations(kernels, query->loaded);
    ag_query_free(query);
    ag_program_free(program);
    out->draws_s = seconds();
    run_single(drawn, kernels, AG_SLICING_AUTO, out->draws, NULL, NULL);
    out->draws_s = seconds() - out->draws_s;
    ag_network_free(network);
    ag_network_free(drawn);
}

int main(void) {
    int failed = 0;
    answers *first = calloc(1, sizeof *first);
    for (int k = 0; ag_kernels_at(k); k++) {
        answers *now = k == 0 ? first : calloc(1, sizeof *now);
        run_kernels(ag_kernels_at(k), now);
        bool same = memcmp(first->batch, now->batch, sizeof now->batch) == 0 &&
                    memcmp(first->single, now->single, sizeof now->single) == 0 &&
                    memcmp(first->draws, now->draws, sizeof now->draws) == 0;
        printf("%-8s %s the bits of the first; %d operations differ from a plain loop; "
               "%.1f us per case of a batch, %.2f ms for %d draws\n",
               ag_kernels_at(k)->name, same ? "has" : "DOES NOT HAVE", now->wrong,
               1e6 * now->batch_s / CASES, 1e3 * now->draws_s, DRAWS);
        failed |= !same || now->wrong;
        if (k > 0)
            free(now);
    }
    free(first);
    return failed;
}
