/*
 * Many cases at once: microseconds per case, all marginals, a fifth of the nodes observed, a
 * different set in every case; for each kernel that this machine can run. Floor: six multiply-adds
 * per table entry and case, eight lanes at a time from cache, measured in the same run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "antegrade/network.h"
#include "network_query.h"
#include "random.h"

/* The fastest of so many rounds counts: other work on the machine only ever adds. */
enum { REPEATS = 12 };

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const struct target {
    const char *file;
    double peer_us, bar_us;
    size_t cases;
} TARGETS[] = {
    {"asia.bif", 12, 0.12, 4000},         {"child.bif", 52, 0.52, 2000},
    {"alarm.bif", 94, 0.94, 2000},        {"hepar2.bif", 321, 3.21, 1000},
    {"win95pts.bif", 382, 3.82, 1000},    {"hailfinder.bif", 366, 3.66, 1000},
    {"insurance.bif", 1160, 11.6, 400},   {"andes.bif", 9300, 186, 64},
    {"pathfinder.bif.gz", 5600, 56, 128}, {"pigs.bif.gz", 17200, 0, 32},
    {"water.bif.gz", 5300, 0, 64},
};

static double measure_floor(void) {
    enum { N = 4096, ROUNDS = 2000 };
    static double a[N];
    static double b[N];
    for (int i = 0; i < N; i++)
        a[i] = b[i] = 1 + i * 1e-9;
    double start = seconds();
    volatile double keep = 0;
    for (int r = 0; r < ROUNDS; r++) {
        double sum[8] = {0};
        for (int i = 0; i < N; i += 8)
            for (int k = 0; k < 8; k++)
                sum[k] += a[i + k] * b[i + k];
        keep = keep + sum[0] + sum[r & 7];
    }
    return (seconds() - start) / ((double)N * ROUNDS) * 1e9;
}

static int draw_state(const ag_network *network, int v, const int *state, double u) {
    const ag_variable *variable = &network->variables[v];
    size_t row = 0;
    for (int p = 0; p < variable->parent_count; p++)
        row = row * (size_t)network->variables[variable->parents[p]].state_count +
              (size_t)state[variable->parents[p]];
    const double *values = variable->table.data + row * (size_t)variable->state_count;
    int s = 0;
    while (s + 1 < variable->state_count && (u -= values[s]) > 0)
        s++;
    while (values[s] == 0)
        s = s ? s - 1 : variable->state_count - 1;
    return s;
}

static int *draw_cases(const ag_network *network, size_t cases) {
    size_t n = (size_t)network->count;
    int *order = malloc(n * sizeof *order);
    int *states = malloc(cases * n * sizeof *states);
    ag_network_topological(network, order, NULL);
    for (size_t c = 0; c < cases; c++) {
        int *state = states + c * n;
        for (size_t i = 0; i < n; i++)
            state[order[i]] =
                draw_state(network, order[i], state, ag_random_uniform(11, c, (uint64_t)order[i]));
        for (size_t i = 0; i < n; i++) /* hide all but a fifth */
            if (ag_random_uniform(12, c, i) > 0.2)
                state[i] = -1;
    }
    free(order);
    return states;
}

static void bench(const struct target *t, double floor_ns) {
    char path[512];
    ag_network *network;
    ag_program *program;
    ag_query *query;
    ag_error error;
    snprintf(path, sizeof path, "%s/tests/networks/%s", AG_SOURCE_DIR, t->file);
    if (ag_network_read(&network, path, &error) ||
        ag_program_compile(&program, network, NULL, &error)) {
        printf("%s: %s\n", t->file, error.message);
        return;
    }
    int *states = draw_cases(network, t->cases);
    double *marginals = malloc(t->cases * ag_program_state_total(program) * sizeof *marginals);
    double *evidence = malloc(t->cases * sizeof *evidence);
    double entries = ag_program_sizes(program).table_entries;
    printf("%-18s %10.0f", t->file, entries);
    double best = INFINITY;
    for (int k = 0; ag_kernels_at(k); k++) {
        double least = INFINITY;
        for (int round = 0; round < REPEATS; round++) {
            ag_query_new(&query, program, NULL);
            query->kernels = ag_kernels_at(k);
            ag_query_run_batch(query, states, 8, evidence, marginals, NULL);
            double start = seconds();
            if (ag_query_run_batch(query, states, t->cases, evidence, marginals, &error))
                printf("%s\n", error.message);
            double us = 1e6 * (seconds() - start) / (double)t->cases;
            least = us < least ? us : least;
            ag_query_free(query);
        }
        printf(" %10.3f", least);
        best = least < best ? least : best;
    }
    printf(" %8.1fx %8.0fx", best / (entries * 6 * floor_ns * 1e-3), t->peer_us / best);
    if (t->bar_us > 0)
        printf(" %s %.2f", best <= t->bar_us ? "met   " : "MISSED", t->bar_us);
    printf("\n");
    fflush(stdout);
    free(states);
    free(marginals);
    free(evidence);
    ag_program_free(program);
    ag_network_free(network);
}

int main(int argc, char **argv) {
    double floor_ns = measure_floor();
    printf("floor: %.3f ns per multiply-add\n%-18s %10s", floor_ns, "us per case", "entries");
    for (int k = 0; ag_kernels_at(k); k++)
        printf(" %10s", ag_kernels_at(k)->name);
    printf(" %9s %9s bar\n", "to floor", "to peer");
    for (size_t i = 0; i < sizeof TARGETS / sizeof *TARGETS; i++)
        if (argc < 2 || strstr(TARGETS[i].file, argv[1]))
            bench(&TARGETS[i], floor_ns);
    return 0;
}
