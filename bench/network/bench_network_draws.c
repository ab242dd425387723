/*
 * One assessment-like query: a network of causes, links, functions (noisy-MAX) and findings with
 * 256 parameter draws; compiled anew, then run with changed values. The floor is a kernel that does
 * as many multiply-adds, eight lanes at a time, from cache.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "antegrade/network.h"
#include "random.h"

enum { CAUSES = 60, FUNCTIONS = 10, FINDINGS = 70, DRAWS = 256, STATES = 3 };

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t at;

static double uniform(void) {
    return ag_random_uniform(3, 3, at++);
}

/* A table of `rows` rows whose first state holds most of the weight. */
static double *table(int rows, int states, double first) {
    double *t = malloc(sizeof *t * (size_t)rows * (size_t)states * DRAWS);
    for (int i = 0; i < rows * states; i++)
        for (int d = 0; d < DRAWS; d++)
            t[i * DRAWS + d] = (i % states == 0 ? first : 1 - first) * (0.5 + uniform());
    return t;
}

static void add_findings(ag_network *n, const int *function) {
    char name[32];
    for (int f = 0; f < FINDINGS; f++) {
        int v;
        snprintf(name, sizeof name, "finding%d", f);
        ag_network_add_variable(n, name, 2, NULL, &v, NULL);
        int k = 1 + (int)(2 * uniform());
        int p[3];
        for (int i = 0; i < k; i++)
            p[i] = function[(f + i * 3) % FUNCTIONS];
        int rows = k == 1 ? STATES : STATES * STATES;
        double *t = table(rows, 2, 0.7);
        ag_network_set_table(n, v, p, k, t, DRAWS, NULL);
        free(t);
    }
}

static ag_network *build(void) {
    ag_network *n;
    char name[32];
    int cause[CAUSES];
    int function[FUNCTIONS];
    ag_network_new(&n, DRAWS, NULL);
    for (int c = 0; c < CAUSES; c++) {
        snprintf(name, sizeof name, "cause%d", c);
        ag_network_add_variable(n, name, 2, NULL, &cause[c], NULL);
        double *t = table(1, 2, 0.95);
        ag_network_set_table(n, cause[c], NULL, 0, t, DRAWS, NULL);
        free(t);
    }
    for (int f = 0; f < FUNCTIONS; f++) {
        ag_network_link links[CAUSES];
        int count = 0;
        for (int c = 0; c < CAUSES; c++) {
            if (c % 4 != f % 4 && c % 7 != f)
                continue;
            int link;
            snprintf(name, sizeof name, "link%d-%d", c, f);
            ag_network_add_variable(n, name, STATES, NULL, &link, NULL);
            double *t = table(2, STATES, 0.8);
            ag_network_set_table(n, link, &cause[c], 1, t, DRAWS, NULL);
            free(t);
            double *same = calloc(STATES * STATES, sizeof *same);
            for (int s = 0; s < STATES; s++)
                same[s * STATES + s] = 1;
            links[count++] = (ag_network_link){link, same, 1};
        }
        snprintf(name, sizeof name, "function%d", f);
        ag_network_add_variable(n, name, STATES, NULL, &function[f], NULL);
        double *leak = table(1, STATES, 0.9);
        ag_network_set_noisy_max(n, function[f], links, count, leak, DRAWS, NULL);
        free(leak);
        for (int i = 0; i < count; i++)
            free((double *)links[i].values);
    }
    add_findings(n, function);
    return n;
}

int main(void) {
    ag_network *n = build();
    double start = seconds();
    ag_program *program;
    ag_error error;
    if (ag_program_compile(&program, n, NULL, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    double compiled = seconds();
    ag_query *query;
    ag_query_new(&query, program, NULL);
    int count = ag_network_variable_count(n);
    for (int c = 0; c < CAUSES; c++) /* most causes are known from a record */
        if (c % 4)
            ag_query_set_state(query, c, c % 20 == 1, NULL);
    for (int f = 0; f < FINDINGS; f += 5)
        ag_query_set_state(query, count - FINDINGS + f, f % 10 == 0, NULL);
    for (int i = 0; i < 5; i++) {
        double before = seconds();
        if (ag_query_run(query, &error))
            fprintf(stderr, "%s\n", error.message);
        printf("run %d: %.2f ms\n", i, 1e3 * (seconds() - before));
    }
    printf("variables %d, entries %.0f, compile %.2f ms, log P(e) %.6f, memory %.1f MiB\n", count,
           ag_program_sizes(program).table_entries, 1e3 * (compiled - start),
           ag_query_log_evidence(query, 0), (double)ag_query_memory(query) / 1048576);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(n);
    return 0;
}
