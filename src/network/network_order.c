/* Greedy elimination: remove the node of least score, join its neighbours, score these anew. Scores
 * of nodes two steps away are left as they were (upper bounds), which keeps a step local. */
#include "network_order.h"

#include <math.h>

static uint64_t *row_of(const ag_graph *graph, int node) {
    return graph->adjacent + (int64_t)node * graph->words;
}

static int count_bits(uint64_t x) {
    x -= (x >> 1) & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int)((x * 0x0101010101010101u) >> 56);
}

static int lowest_bit(uint64_t x) {
    return count_bits((x & (~x + 1)) - 1);
}

/* The neighbours of a node as a list. */
static int list_neighbours(const ag_graph *graph, int node, int *out) {
    const uint64_t *row = row_of(graph, node);
    int count = 0;
    for (int w = 0; w < graph->words; w++)
        for (uint64_t bits = row[w]; bits; bits &= bits - 1)
            out[count++] = w * 64 + lowest_bit(bits);
    return count;
}

static double log2_table(const ag_graph *graph, int node, const int *neighbours, int count) {
    double sum = graph->log2_size[node];
    for (int i = 0; i < count; i++)
        sum += graph->log2_size[neighbours[i]];
    return sum;
}

/* Arcs missing among the neighbours: their number, or the sum of their weights. */
static double count_fill(const ag_graph *graph, int node, const int *neighbours, int count,
                         const double *size) {
    const uint64_t *mine = row_of(graph, node);
    double fill = 0;
    for (int i = 0; i < count; i++) {
        const uint64_t *other = row_of(graph, neighbours[i]);
        int missing = -1; /* a node is not its own neighbour */
        double weight = -size[neighbours[i]];
        for (int w = 0; w < graph->words; w++) {
            uint64_t bits = mine[w] & ~other[w];
            missing += count_bits(bits);
            for (; size && bits; bits &= bits - 1)
                weight += size[w * 64 + lowest_bit(bits)];
        }
        fill += size ? weight * size[neighbours[i]] : missing;
    }
    return fill / 2;
}

static double fill_of(const ag_graph *graph, int node, const int *neighbours, int count) {
    const uint64_t *mine = row_of(graph, node);
    int missing = -count;
    for (int i = 0; i < count; i++) {
        const uint64_t *other = row_of(graph, neighbours[i]);
        for (int w = 0; w < graph->words; w++)
            missing += count_bits(mine[w] & ~other[w]);
    }
    return missing / 2;
}

static double score_node(const ag_graph *graph, int node, ag_heuristic heuristic,
                         const double *size, int *list) {
    int count = list_neighbours(graph, node, list);
    double entries = log2_table(graph, node, list, count);
    switch (heuristic) {
    case AG_MIN_FILL:
        return fill_of(graph, node, list, count) * 4096 + entries;
    case AG_MIN_WEIGHTED_FILL:
        return count_fill(graph, node, list, count, size) * 4096 + entries;
    default:
        return entries;
    }
}

/* Join the neighbours of a node with each other and take the node out. */
static void eliminate(ag_graph *graph, int node, const int *neighbours, int count) {
    const uint64_t *mine = row_of(graph, node);
    for (int i = 0; i < count; i++) {
        int u = neighbours[i];
        uint64_t *row = row_of(graph, u);
        for (int w = 0; w < graph->words; w++)
            row[w] |= mine[w];
        row[u / 64] &= ~((uint64_t)1 << (u % 64));
        row[node / 64] &= ~((uint64_t)1 << (node % 64));
    }
}

static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The place in `alive` of the least score. */
static int find_least(const double *score, int count, uint64_t *random) {
    int best = 0;
    int ties = 1;
    for (int i = 1; i < count; i++) {
        if (score[i] < score[best]) {
            best = i;
            ties = 1;
        } else if (*random && score[i] == score[best]) {
            ties++;
            if (next_random(random) % (uint64_t)ties == 0)
                best = i;
        }
    }
    return best;
}

int ag_order_scratch(int count, int words) {
    (void)words;
    return 4 * count + 4;
}

double ag_order_search(ag_graph *graph, ag_heuristic heuristic, uint64_t seed, double limit,
                       double *scratch, int *order) {
    int n = graph->count;
    double *score = scratch; /* by place */
    double *size = scratch + n;
    int *alive = (int *)(scratch + 2 * (int64_t)n); /* by place */
    int *place = alive + n;                         /* by node */
    int *list = place + n;
    int *other = list + n;
    for (int i = 0; i < n; i++) {
        alive[i] = place[i] = i;
        size[i] = exp2(graph->log2_size[i]);
    }
    for (int i = 0; i < n; i++)
        score[i] = score_node(graph, i, heuristic, size, list);
    double cost = 0;
    for (int left = n; left > 0; left--) {
        int at = find_least(score, left, &seed);
        int node = alive[at];
        int count = list_neighbours(graph, node, list);
        cost += exp2(log2_table(graph, node, list, count));
        if (cost > limit)
            return INFINITY;
        eliminate(graph, node, list, count);
        order[n - left] = node;
        alive[at] = alive[left - 1];
        score[at] = score[left - 1];
        place[alive[at]] = at;
        for (int i = 0; i < count; i++)
            score[place[list[i]]] = score_node(graph, list[i], heuristic, size, other);
    }
    return cost;
}

double ag_order_cost(ag_graph *graph, const int *order, double *largest) {
    double cost = 0;
    *largest = 0;
    for (int i = 0; i < graph->count; i++) {
        int list[64];
        double entries = graph->log2_size[order[i]];
        const uint64_t *row = row_of(graph, order[i]);
        for (int w = 0; w < graph->words; w++)
            for (uint64_t bits = row[w]; bits; bits &= bits - 1) {
                list[0] = w * 64 + lowest_bit(bits);
                entries += graph->log2_size[list[0]];
            }
        for (int w = 0; w < graph->words; w++)
            for (uint64_t bits = row[w]; bits; bits &= bits - 1) {
                list[0] = w * 64 + lowest_bit(bits);
                eliminate(graph, order[i], list, 1);
            }
        cost += exp2(entries);
        if (exp2(entries) > *largest)
            *largest = exp2(entries);
    }
    return cost;
}
