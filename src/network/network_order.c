/*
 * Greedy elimination: remove the node of least score, join its neighbours, score these anew. Where
 * the node removed is simplicial (its neighbours are joined already, as most are) their scores
 * change by a term known without a count. Scores of nodes two steps away are left as they were,
 * which keeps a step local. The least score is found by way of the least of each block of nodes.
 */
#include "network_order.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { BLOCK = 32 };
/* A score is the fill, and among equal fills the log2 of the table. */
#define FILL_WEIGHT 4096.0

/* Factors of the two parts of a node's score. */
typedef struct fill_noise {
    double fill, entries;
} fill_noise;

struct ag_order_search {
    fill_noise *noise;
    double *fill;    /* missing arcs among the neighbours, counted or weighed */
    double *entries; /* log2 of the table on elimination */
    double *weight;  /* sum of the neighbours' states */
    double *score;   /* INFINITY once eliminated */
    double *least;   /* by block of nodes */
    double *states;
    int *degree;
    int *list;
    int *other;
};

ag_order_search *ag_order_search_new(ag_arena *arena, int count) {
    size_t n = (size_t)count + BLOCK;
    ag_order_search *s = ag_arena_alloc(arena, sizeof *s);
    double *doubles = ag_arena_array(arena, 6 * n, sizeof *doubles);
    int *ints = ag_arena_array(arena, 3 * n, sizeof *ints);
    fill_noise *noise = ag_arena_array(arena, n, sizeof *noise);
    if (!s || !doubles || !ints || !noise)
        return NULL;
    *s = (ag_order_search){noise,           doubles,         doubles + n,     doubles + 2 * n,
                           doubles + 3 * n, doubles + 4 * n, doubles + 5 * n, ints,
                           ints + n,        ints + 2 * n};
    return s;
}

static uint64_t *row_of(const ag_graph *graph, int node) {
    return graph->adjacent + (int64_t)node * graph->words;
}

static bool are_joined(const ag_graph *graph, int a, int b) {
    return row_of(graph, a)[b / 64] >> (b % 64) & 1;
}

static int count_bits(uint64_t x) {
    x -= (x >> 1) & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int)((x * 0x0101010101010101u) >> 56);
}

/* The neighbours of a node as a list. */
static int list_neighbours(const ag_graph *graph, int node, int *out) {
    const uint64_t *row = row_of(graph, node);
    int count = 0;
    for (int w = 0; w < graph->words; w++)
        for (uint64_t bits = row[w]; bits; bits &= bits - 1)
            out[count++] = w * 64 + count_bits((bits & (~bits + 1)) - 1);
    return count;
}

/* Arcs missing among the neighbours: by pairs where these are few, else by whole rows. */
static double count_fill(const ag_graph *graph, int node, const int *list, int count) {
    int missing = 0;
    if (count < 4 * graph->words) {
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++)
                missing += !are_joined(graph, list[i], list[j]);
        return missing;
    }
    const uint64_t *mine = row_of(graph, node);
    missing = -count; /* a node is not its own neighbour */
    for (int i = 0; i < count; i++) {
        const uint64_t *row = row_of(graph, list[i]);
        for (int w = 0; w < graph->words; w++)
            missing += count_bits(mine[w] & ~row[w]);
    }
    return missing / 2;
}

static double weigh_fill(const ag_graph *graph, const int *list, int count, const double *states) {
    double fill = 0;
    for (int i = 0; i < count; i++)
        for (int j = i + 1; j < count; j++)
            if (!are_joined(graph, list[i], list[j]))
                fill += states[list[i]] * states[list[j]];
    return fill;
}

static void set_score(ag_order_search *s, int node, ag_heuristic heuristic) {
    const fill_noise *noise = &s->noise[node];
    double score = heuristic == AG_MIN_WEIGHT ? s->entries[node] * noise->fill
                                              : s->fill[node] * noise->fill * FILL_WEIGHT +
                                                    s->entries[node] * noise->entries;
    double *least = &s->least[node / BLOCK];
    bool was_least = s->score[node] == *least;
    s->score[node] = score;
    if (score <= *least) {
        *least = score;
    } else if (was_least) {
        *least = INFINITY;
        for (int i = node / BLOCK * BLOCK; i < (node / BLOCK + 1) * BLOCK; i++)
            *least = s->score[i] < *least ? s->score[i] : *least;
    }
}

static void remove_score(ag_order_search *s, int node) {
    s->entries[node] = INFINITY;
    set_score(s, node, AG_MIN_WEIGHT);
}

static void count_node(ag_order_search *s, const ag_graph *graph, int node, ag_heuristic heuristic,
                       int *list) {
    int count = list_neighbours(graph, node, list);
    double entries = graph->log2_size[node];
    double weight = 0;
    for (int i = 0; i < count; i++) {
        entries += graph->log2_size[list[i]];
        weight += s->states[list[i]];
    }
    s->degree[node] = count;
    s->entries[node] = entries;
    s->weight[node] = weight;
    if (heuristic != AG_MIN_WEIGHT)
        s->fill[node] = heuristic == AG_MIN_FILL ? count_fill(graph, node, list, count)
                                                 : weigh_fill(graph, list, count, s->states);
}

/* Join the neighbours of a node with each other and take the node out. */
static void eliminate(ag_graph *graph, int node, const int *neighbours, int count,
                      bool simplicial) {
    const uint64_t *mine = row_of(graph, node);
    for (int i = 0; i < count; i++) {
        int u = neighbours[i];
        uint64_t *row = row_of(graph, u);
        for (int w = 0; !simplicial && w < graph->words; w++)
            row[w] |= mine[w];
        row[u / 64] &= ~((uint64_t)1 << (u % 64));
        row[node / 64] &= ~((uint64_t)1 << (node % 64));
    }
}

/* What a neighbour `u` of the simplicial node `v` is after v has gone. */
static void discount(ag_order_search *s, const ag_graph *graph, int u, int v,
                     ag_heuristic heuristic) {
    double missing = s->degree[u] - s->degree[v];
    if (heuristic == AG_MIN_WEIGHTED_FILL)
        missing = s->states[v] * (s->weight[u] - s->states[v] - (s->weight[v] - s->states[u]));
    s->fill[u] = s->fill[u] > missing ? s->fill[u] - missing : 0;
    s->degree[u]--;
    s->entries[u] -= graph->log2_size[v];
    s->weight[u] -= s->states[v];
}

static int find_least(const ag_order_search *s, int count) {
    int blocks = (count + BLOCK - 1) / BLOCK;
    double least = INFINITY;
    int best = 0;
    for (int b = 0; b < blocks; b++)
        if (s->least[b] < least) {
            least = s->least[b];
            best = b * BLOCK;
        }
    while (s->score[best] != least)
        best++;
    return best;
}

static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Random searches order equal fills at random, and some of them unequal ones too, by up to 30 %. */
static void draw_noise(ag_order_search *s, int count, uint64_t seed) {
    double spread = seed % 4 == 0 ? 0 : 0.1 * (double)(seed % 4);
    for (int i = 0; i < count; i++) {
        double u = (double)(next_random(&seed) >> 11) * 0x1p-53;
        s->noise[i] = (fill_noise){1 + spread * u, u};
    }
}

static void start(ag_order_search *s, const ag_graph *graph, ag_heuristic heuristic,
                  uint64_t seed) {
    int blocks = (graph->count + BLOCK - 1) / BLOCK;
    for (int i = 0; i < blocks * BLOCK; i++)
        s->score[i] = INFINITY;
    for (int b = 0; b < blocks; b++)
        s->least[b] = INFINITY;
    for (int i = 0; i < graph->count; i++) {
        s->states[i] = exp2(graph->log2_size[i]);
        s->noise[i] = (fill_noise){1, 1};
    }
    if (seed)
        draw_noise(s, graph->count, seed);
    for (int i = 0; i < graph->count; i++) {
        count_node(s, graph, i, heuristic, s->list);
        set_score(s, i, heuristic);
    }
}

ag_order_cost ag_order_find(ag_order_search *s, ag_graph *graph, ag_heuristic heuristic,
                            uint64_t seed, double limit, int *order) {
    ag_order_cost cost = {0, 0};
    start(s, graph, heuristic, seed);
    for (int i = 0; i < graph->count; i++) {
        int node = find_least(s, graph->count);
        int count = list_neighbours(graph, node, s->list);
        double entries = exp2(s->entries[node]);
        cost.entries += entries;
        cost.largest = entries > cost.largest ? entries : cost.largest;
        if (cost.entries > limit)
            return (ag_order_cost){INFINITY, INFINITY};
        bool simplicial = heuristic != AG_MIN_WEIGHT && s->fill[node] == 0;
        eliminate(graph, node, s->list, count, simplicial);
        order[i] = node;
        remove_score(s, node);
        for (int j = 0; j < count; j++) {
            if (simplicial)
                discount(s, graph, s->list[j], node, heuristic);
            else
                count_node(s, graph, s->list[j], heuristic, s->other);
            set_score(s, s->list[j], heuristic);
        }
    }
    return cost;
}

ag_order_cost ag_order_measure(ag_order_search *s, ag_graph *graph, const int *order,
                               double limit) {
    ag_order_cost cost = {0, 0};
    for (int i = 0; i < graph->count; i++) {
        int count = list_neighbours(graph, order[i], s->list);
        double log2_entries = graph->log2_size[order[i]];
        for (int j = 0; j < count; j++)
            log2_entries += graph->log2_size[s->list[j]];
        eliminate(graph, order[i], s->list, count, false);
        double entries = exp2(log2_entries);
        cost.entries += entries;
        cost.largest = entries > cost.largest ? entries : cost.largest;
        if (cost.entries > limit)
            return (ag_order_cost){INFINITY, INFINITY};
    }
    return cost;
}
