/** @file random_network.h Random small networks and evidence, and sums over all their joint states.
 */
#ifndef AG_TEST_RANDOM_NETWORK_H
#define AG_TEST_RANDOM_NETWORK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/network.h"
#include "random.h"

enum { VARIABLES = 7, PARENTS = 3, STATES = 4, TABLE = 256 };

typedef struct source {
    uint64_t seed, at;
} source;

static inline double uniform(source *s) {
    return ag_random_uniform(s->seed, 7, s->at++);
}

static inline int below(source *s, int n) {
    return (int)(uniform(s) * n);
}

/* The network as a person would write it down: one full table per variable and draw. */
typedef struct model {
    int count, draws;
    int states[VARIABLES];
    int parent_count[VARIABLES];
    int parents[VARIABLES][PARENTS];
    double table[VARIABLES][8][TABLE]; /* [draw] */
} model;

static inline void random_row(source *s, double *row, int states) {
    double sum = 0;
    int kind = below(s, 4);
    for (int i = 0; i < states; i++) {
        row[i] = kind == 0 || uniform(s) < 0.25 ? 0 : uniform(s);
        sum += row[i];
    }
    if (sum == 0)
        row[below(s, states)] = sum = 1;
    for (int i = 0; i < states; i++)
        row[i] /= sum;
}

static inline int row_count(const model *m, int v) {
    int rows = 1;
    for (int i = 0; i < m->parent_count[v]; i++)
        rows *= m->states[m->parents[v][i]];
    return rows;
}

static inline void add_table(source *s, model *m, ag_network *network, int v) {
    double given[TABLE * 8];
    int rows = row_count(m, v);
    int n = m->states[v];
    int draws = m->draws > 1 && below(s, 2) ? m->draws : 1;
    for (int d = 0; d < draws; d++)
        for (int r = 0; r < rows; r++)
            random_row(s, &m->table[v][d][r * n], n);
    for (int d = draws; d < m->draws; d++)
        memcpy(m->table[v][d], m->table[v][0], sizeof m->table[v][0]);
    for (int i = 0; i < rows * n; i++)
        for (int d = 0; d < draws; d++)
            given[i * draws + d] = m->table[v][d][i];
    assert_int_equal(
        ag_network_set_table(network, v, m->parents[v], m->parent_count[v], given, draws, NULL),
        AG_OK);
}

/* Enumerate the effects of all parents and the leak: the child is their greatest. */
static inline void expand(model *m, int v, int draw, double link[PARENTS + 1][STATES][STATES]) {
    int n = m->states[v];
    int k = m->parent_count[v];
    int rows = row_count(m, v);
    for (int r = 0; r < rows; r++) {
        int at[PARENTS];
        for (int i = k - 1, rest = r; i >= 0; i--) {
            at[i] = rest % m->states[m->parents[v][i]];
            rest /= m->states[m->parents[v][i]];
        }
        double *row = &m->table[v][draw][r * n];
        memset(row, 0, (size_t)n * sizeof *row);
        int combos = 1;
        for (int i = 0; i <= k; i++)
            combos *= n;
        for (int c = 0; c < combos; c++) {
            double p = 1;
            int greatest = 0;
            for (int i = 0, rest = c; i <= k; i++) {
                int z = rest % n;
                rest /= n;
                p *= link[i][i < k ? at[i] : 0][z];
                greatest = z > greatest ? z : greatest;
            }
            row[greatest] += p;
        }
    }
}

static inline void add_noisy_max(source *s, model *m, ag_network *network, int v) {
    int n = m->states[v];
    int k = m->parent_count[v];
    static double link[8][PARENTS + 1][STATES][STATES];
    static double given[PARENTS + 1][STATES * STATES * 8];
    ag_network_link links[PARENTS];
    int draws[PARENTS + 1];
    for (int i = 0; i <= k; i++) {
        int rows = i < k ? m->states[m->parents[v][i]] : 1;
        draws[i] = m->draws > 1 && below(s, 2) ? m->draws : 1;
        for (int d = 0; d < m->draws; d++)
            for (int r = 0; r < rows; r++) {
                if (d < draws[i])
                    random_row(s, link[d][i][r], n);
                else
                    memcpy(link[d][i][r], link[0][i][r], sizeof link[d][i][r]);
            }
        for (int r = 0; r < rows; r++)
            for (int x = 0; x < n; x++)
                for (int d = 0; d < draws[i]; d++)
                    given[i][(r * n + x) * draws[i] + d] = link[d][i][r][x];
        if (i < k)
            links[i] = (ag_network_link){m->parents[v][i], given[i], draws[i]};
    }
    for (int d = 0; d < m->draws; d++)
        expand(m, v, d, link[d]);
    assert_int_equal(ag_network_set_noisy_max(network, v, links, k, given[k], draws[k], NULL),
                     AG_OK);
}

static inline ag_network *random_network(source *s, model *m, int draws) {
    ag_network *network;
    memset(m, 0, sizeof *m);
    m->draws = draws;
    m->count = 1 + below(s, VARIABLES);
    assert_int_equal(ag_network_new(&network, draws, NULL), AG_OK);
    for (int v = 0; v < m->count; v++) {
        char name[16];
        snprintf(name, sizeof name, "v%d", v);
        m->states[v] = below(s, 6) == 0 ? 1 : 2 + below(s, STATES - 1);
        assert_int_equal(ag_network_add_variable(network, name, m->states[v], NULL, NULL, NULL),
                         AG_OK);
    }
    for (int v = 0; v < m->count; v++) {
        for (int p = 0; p < v && m->parent_count[v] < PARENTS; p++)
            if (below(s, 2))
                m->parents[v][m->parent_count[v]++] = p;
        if (below(s, 3) == 0)
            add_noisy_max(s, m, network, v);
        else
            add_table(s, m, network, v);
    }
    return network;
}

/* What is observed: 0 nothing, 1 a state, 2 a likelihood, 3 an intervention. */
typedef struct findings {
    int kind[VARIABLES];
    int state[VARIABLES];
    double likelihood[VARIABLES][8][STATES];
} findings;

static inline void random_findings(source *s, const model *m, findings *f, ag_query *query) {
    for (int v = 0; v < m->count; v++) {
        f->kind[v] = below(s, 3) ? below(s, 3) : 0;
        if (below(s, 12) == 0)
            f->kind[v] = 3;
        f->state[v] = below(s, m->states[v]);
        double given[STATES * 8];
        int draws = m->draws > 1 && below(s, 2) ? m->draws : 1;
        for (int d = 0; d < m->draws; d++)
            for (int x = 0; x < m->states[v]; x++) {
                double l = below(s, 3) == 0 && x != f->state[v] ? 0 : 3 * uniform(s);
                f->likelihood[v][d][x] = d < draws ? l : f->likelihood[v][0][x];
                if (d < draws)
                    given[x * draws + d] = l;
            }
        if (m->states[v] == 1) /* a factor that must be the same for all draws */
            draws = 1;
        for (int d = 1; d < m->draws && m->states[v] == 1; d++)
            f->likelihood[v][d][0] = f->likelihood[v][0][0];
        if (f->kind[v] == 0)
            assert_int_equal(ag_query_retract(query, v, NULL), AG_OK);
        else if (f->kind[v] == 1)
            assert_int_equal(ag_query_set_state(query, v, f->state[v], NULL), AG_OK);
        else if (f->kind[v] == 2)
            assert_int_equal(ag_query_set_likelihood(query, v, given, draws, NULL), AG_OK);
        else
            assert_int_equal(ag_query_set_intervention(query, v, f->state[v], NULL), AG_OK);
    }
}

static inline long joint_count(const model *m) {
    long joint = 1;
    for (int v = 0; v < m->count; v++)
        joint *= m->states[v];
    return joint;
}

/* P(joint state j, evidence); the states are written to `x`. */
static inline double joint_probability(const model *m, const findings *f, int draw, long j,
                                       int *x) {
    double p = 1;
    for (int v = 0; v < m->count; v++) {
        x[v] = (int)(j % m->states[v]);
        j /= m->states[v];
    }
    for (int v = 0; v < m->count; v++) {
        int row = 0;
        for (int i = 0; i < m->parent_count[v]; i++)
            row = row * m->states[m->parents[v][i]] + x[m->parents[v][i]];
        if (f->kind[v] != 3)
            p *= m->table[v][draw][row * m->states[v] + x[v]];
        if (f->kind[v] == 1 || f->kind[v] == 3)
            p *= x[v] == f->state[v];
        else if (f->kind[v] == 2)
            p *= f->likelihood[v][draw][x[v]];
    }
    return p;
}

/* P(evidence) and the joint sums of every state. */
static inline double enumerate(const model *m, const findings *f, int draw,
                               double sums[VARIABLES][STATES]) {
    double total = 0;
    memset(sums, 0, sizeof(double) * VARIABLES * STATES);
    for (long j = 0; j < joint_count(m); j++) {
        int x[VARIABLES];
        double p = joint_probability(m, f, draw, j, x);
        for (int v = 0; v < m->count; v++)
            sums[v][x[v]] += p;
        total += p;
    }
    return total;
}

#endif
