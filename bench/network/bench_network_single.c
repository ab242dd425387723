/*
 * One case at a time: load, compile, and all marginals with a fifth of the nodes observed at states
 * drawn from the joint, a new set of observed nodes for each of 100 cases. Next to each median
 * stand the best peer's (measured elsewhere on a like machine, see docs/network.md) and the floor
 * of this run: the time of as many multiply-adds from cache as the program has table entries, six
 * per entry.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "antegrade/network.h"
#include "network_query.h"
#include "random.h"

enum { CASES = 100 };

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Median times of the best peer and the bar for one case, in microseconds; 0 where there is none.
 */
static const struct target {
    const char *file;
    double peer_us, bar_us;
} TARGETS[] = {
    {"asia.bif", 12, 1.2},
    {"cancer.bif", 0, 0},
    {"earthquake.bif", 0, 0},
    {"survey.bif", 0, 0},
    {"sachs.bif", 0, 0},
    {"child.bif", 52, 5.2},
    {"alarm.bif", 94, 9.4},
    {"insurance.bif", 1160, 58},
    {"hepar2.bif", 321, 32.1},
    {"win95pts.bif", 382, 38.2},
    {"hailfinder.bif", 366, 36.6},
    {"andes.bif", 9300, 1000},
    {"pathfinder.bif.gz", 5600, 600},
    {"pigs.bif.gz", 17200, 1000},
    {"water.bif.gz", 5300, 1000},
    {"mildew.bif.gz", 4900, 1000},
    {"barley.bif.gz", 6600, 2000},
    {"diabetes.bif.gz", 50000, 10000},
    {"munin.bif.gz", 69000, 5000},
    {"munin1.bif.gz", 18000, 0},
    {"munin2.bif.gz", 50000, 0},
    {"munin3.bif.gz", 0, 0},
    {"munin4.bif.gz", 77000, 0},
    {"link.bif.gz", 322000, 0},
};

/* Nanoseconds of one multiply-add on doubles from cache, contiguous. */
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

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A state of every variable, drawn parents first. */
static void draw_case(const ag_network *network, const int *order, uint64_t number, int *state) {
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[order[i]];
        size_t row = 0;
        for (int p = 0; p < v->parent_count; p++)
            row = row * (size_t)network->variables[v->parents[p]].state_count +
                  (size_t)state[v->parents[p]];
        double u = ag_random_uniform(11, number, (uint64_t)order[i]);
        int s = 0;
        const double *values = v->table.data + row * (size_t)v->state_count;
        while (s + 1 < v->state_count && (u -= values[s]) > 0)
            s++;
        while (values[s] == 0)
            s = s ? s - 1 : v->state_count - 1;
        state[order[i]] = s;
    }
}

static void observe(ag_query *query, const ag_network *network, const int *state, uint64_t set) {
    int n = network->count;
    int *all = malloc((size_t)n * sizeof *all);
    for (int i = 0; i < n; i++)
        all[i] = i;
    ag_query_retract_all(query);
    for (int i = 0; i < (int)lround(0.2 * n); i++) {
        int j = i + (int)(ag_random_uniform(12, set, (uint64_t)i) * (n - i));
        int v = all[j];
        all[j] = all[i];
        ag_query_set_state(query, v, state[v], NULL);
    }
    free(all);
}

typedef struct times {
    double median, p90;
} times;

static times summarise(double *us) {
    qsort(us, CASES, sizeof *us, compare);
    return (times){us[CASES / 2], us[CASES * 9 / 10]};
}

/* Time all cases; `same_set` keeps the set of observed nodes and changes their states only. */
static times time_cases(const ag_network *network, const int *order, ag_query *query, bool same_set,
                        double *entries) {
    double us[CASES];
    double sizes[CASES];
    int *state = malloc((size_t)network->count * sizeof *state);
    for (int i = 0; i < CASES; i++) {
        draw_case(network, order, (uint64_t)i, state);
        observe(query, network, state, same_set ? 0 : (uint64_t)i);
        double start = seconds();
        ag_error error;
        int repeats = 1;
        if (ag_query_run(query, &error))
            printf("  %s\n", error.message);
        us[i] = 1e6 * (seconds() - start);
        if (us[i] < 100 && !same_set) { /* repeat short ones; a set seen before would not count */
            const ag_flat *plan = query->loaded;
            repeats = plan == query->program->fixed ? 50 : 1;
        } else if (us[i] < 100) {
            repeats = 50;
        }
        if (repeats > 1) {
            start = seconds();
            for (int r = 0; r < repeats; r++)
                ag_query_run(query, NULL);
            us[i] = 1e6 * (seconds() - start) / repeats;
        }
        sizes[i] = query->loaded ? query->loaded->entries : 0;
    }
    free(state);
    qsort(sizes, CASES, sizeof *sizes, compare);
    *entries = sizes[CASES / 2];
    return summarise(us);
}

static void bench(const struct target *t, double floor_ns) {
    char path[512];
    ag_error error;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    snprintf(path, sizeof path, "%s/tests/networks/%s", AG_SOURCE_DIR, t->file);
    double start = seconds();
    if (ag_network_read(&network, path, &error)) {
        printf("%s: %s\n", t->file, error.message);
        return;
    }
    double loaded = seconds();
    if (ag_program_compile(&program, network, NULL, &error)) {
        printf("%s: %s\n", t->file, error.message);
        return;
    }
    double compiled = seconds();
    ag_query_new(&query, program, NULL);
    int *order = malloc((size_t)network->count * sizeof *order);
    ag_network_topological(network, order, NULL);
    double entries;
    double same_entries;
    times one = time_cases(network, order, query, false, &entries);
    ag_query_free(query);
    ag_query_new(&query, program, NULL);
    times same = time_cases(network, order, query, true, &same_entries);
    double floor_us = entries * 6 * floor_ns * 1e-3;
    printf("%-18s %8.2f %8.2f %11.0f %9.0f %10.2f %10.2f %10.2f %8.1fx", t->file,
           1e3 * (loaded - start), 1e3 * (compiled - loaded),
           ag_program_sizes(program).table_entries, entries, one.median, one.p90, same.median,
           one.median / floor_us);
    if (t->peer_us > 0)
        printf(" %8.1fx", t->peer_us / one.median);
    if (t->bar_us > 0)
        printf(" %s %.1f", one.median <= t->bar_us ? "met   " : "MISSED", t->bar_us);
    printf("\n");
    fflush(stdout);
    free(order);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

int main(int argc, char **argv) {
    double floor_ns = measure_floor();
    printf("floor: %.3f ns per multiply-add\n", floor_ns);
    printf("%-18s %8s %8s %11s %9s %10s %10s %10s %9s %9s bar\n", "network", "load ms", "comp ms",
           "full", "entries", "median us", "p90 us", "same set", "to floor", "to peer");
    for (size_t i = 0; i < sizeof TARGETS / sizeof *TARGETS; i++)
        if (argc < 2 || strstr(TARGETS[i].file, argv[1]))
            bench(&TARGETS[i], floor_ns);
    return 0;
}
