/* Choosing the elimination order of what is left of a network. */
#include <math.h>
#include <string.h>

#include "network_order.h"
#include "network_planner.h"

/* Entries per variable from which a second search for an order pays. */
#define SEARCH_WORTH 400.0
/* Nanoseconds of a run by table entry and of a search by node, and the share of the run that
 * searches may take. */
#define NS_PER_ENTRY 3.0
#define NS_PER_NODE 700.0
#define SEARCH_SHARE 0.15

/* An order that was good for other evidence, and now is nearly the best, needs no search. */
#define NEARLY 1.1
/* Bytes for the graph that is searched. */
#define GRAPH_MOST 0x1p32

enum { MOST_SEARCHES = 64 };

static void build_graph(const ag_planner *p, ag_graph *graph) {

    for (int i = 0; i < p->factors->count; i++) {
        const ag_factor *f = &p->factors->factors[i];
        if (ag_planner_cuts(p, f))
            continue;
        for (int j = 0; j < f->rank; j++) {
            int u = p->compact[f->scope[j]];
            for (int k = 0; u >= 0 && k < f->rank; k++) {
                int w = p->compact[f->scope[k]];
                if (w >= 0 && w != u)
                    graph->adjacent[(int64_t)u * graph->words + w / 64] |= (uint64_t)1 << (w % 64);
            }
        }
    }
}

static int filter_order(const ag_planner *p, const int *full, int full_count, int *out) {
    int count = 0;
    for (int i = 0; i < full_count; i++)
        if (full[i] >= 0 && full[i] < p->factors->variable_count && p->compact[full[i]] >= 0)
            out[count++] = p->compact[full[i]];
    return count;
}

/* A permutation of the active variables? */
static bool is_order(const ag_planner *p, const int *order, int count, int *scratch) {
    memset(scratch, 0, (size_t)p->count * sizeof *scratch);
    for (int i = 0; i < count; i++)
        if (scratch[order[i]]++)
            return false;
    return count == p->count;
}

/* The search for an order: the graph as it was, a copy to consume, and the best order so far. */
typedef struct hunt {
    ag_graph graph;
    const uint64_t *pristine;
    ag_order_search *search;
    int *candidate;
    int *order;
    ag_order_cost best;
} hunt;

static void restore_graph(hunt *h) {
    memcpy(h->graph.adjacent, h->pristine,
           (size_t)h->graph.count * (size_t)h->graph.words * sizeof *h->pristine);
}

static void keep_better(hunt *h, ag_order_cost cost) {
    if (!(cost.entries < h->best.entries))
        return;
    h->best = cost;
    memcpy(h->order, h->candidate, (size_t)h->graph.count * sizeof *h->order);
}

static void try_heuristic(hunt *h, ag_heuristic heuristic, uint64_t seed) {
    restore_graph(h);
    keep_better(
        h, ag_order_find(h->search, &h->graph, heuristic, seed, h->best.entries, h->candidate));
}

/* The entries of the order given; INFINITY where it is clearly worse than the best, or does not
 * fit. */
static double try_order(const ag_planner *p, hunt *h, const int *order, int count) {
    if (filter_order(p, order, count, h->candidate) != p->count)
        return INFINITY;
    restore_graph(h);
    ag_order_cost cost =
        ag_order_measure(h->search, &h->graph, h->candidate, NEARLY * h->best.entries);
    keep_better(h, cost);
    return cost.entries;
}

/* Is a further search, after so many, still a small part of what one run takes? */
static bool pays(const ag_planner *p, const hunt *h, int tried) {
    double run = h->best.entries * p->request->passes * NS_PER_ENTRY;
    double search = (double)(tried + 1) * p->count * NS_PER_NODE;
    return tried < MOST_SEARCHES && search < SEARCH_SHARE * run;
}

/* The cheapest of the hint, the three heuristics and further random ties. */
static void search_order(const ag_planner *p, hunt *h) {
    const ag_flat_request *request = p->request;
    try_heuristic(h, AG_MIN_FILL, 0);
    /* A further search is worth while as long as it takes a small part of what a run would. */
    if (h->best.entries < SEARCH_WORTH * p->count && request->effort < 1)
        return;
    double hinted = INFINITY;
    if (request->hint)
        hinted = try_order(p, h, request->hint, request->order_count);
    try_heuristic(h, AG_MIN_WEIGHTED_FILL, 0);
    try_heuristic(h, AG_MIN_WEIGHT, 0);
    if (hinted <= NEARLY * h->best.entries && request->effort < 1)
        return; /* it was searched for before */
    for (int i = 0; i < request->effort || pays(p, h, i); i++)
        try_heuristic(h, i % 3 == 2 ? AG_MIN_WEIGHTED_FILL : AG_MIN_FILL,
                      request->seed * 0x9e3779b97f4a7c15u + (uint64_t)i + 1);
}

/* Neighbours are rows of bits, twice: the square of the variables, refused where it is out of
 * proportion. */
static ag_status check_graph(const ag_planner *p, ag_error *error) {
    double bytes = 2 * (double)p->count * ((double)p->count + 63) / 8;
    if (bytes <= GRAPH_MOST)
        return AG_OK;
    return ag_fail(
        error, AG_ERROR_TOO_LARGE,
        "the search for an elimination order of %d variables needs %.1f GiB; the limit is "
        "%.0f GiB",
        p->count, bytes / 0x1p30, GRAPH_MOST / 0x1p30);
}

static bool start_hunt(ag_planner *p, hunt *h) {
    int words = (p->count + 63) / 64;
    size_t n = (size_t)p->count + 1;
    size_t size = n * (size_t)(words + 1);
    double *log2_size = ag_arena_array(p->arena, n, sizeof *log2_size);
    uint64_t *pristine = ag_arena_array(p->arena, 2 * size, sizeof *pristine);
    *h = (hunt){.search = ag_order_search_new(p->arena, p->count),
                .candidate = ag_arena_array(p->arena, n, sizeof *h->candidate),
                .order = ag_arena_array(p->arena, n, sizeof *h->order),
                .best = {INFINITY, INFINITY}};
    if (!log2_size || !pristine || !h->search || !h->candidate || !h->order)
        return false;
    for (int i = 0; i < p->count; i++)
        log2_size[i] = log2(p->states[p->active[i]]);
    h->graph = (ag_graph){p->count, words, log2_size, pristine};
    build_graph(p, &h->graph);
    h->pristine = pristine;
    h->graph.adjacent = pristine + size;
    return true;
}

ag_status ag_planner_choose_order(ag_planner *p, ag_error *error) {
    const ag_flat_request *request = p->request;
    hunt h;
    ag_status fits = check_graph(p, error);
    if (fits)
        return fits;
    if (!start_hunt(p, &h))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for an elimination order");
    if (request->order) {
        int count = filter_order(p, request->order, request->order_count, h.candidate);
        if (!is_order(p, h.candidate, count, h.order))
            return ag_fail(error, AG_ERROR_ARGUMENT,
                           "the elimination order given does not name every variable once");
        try_order(p, &h, request->order, request->order_count);
    } else {
        search_order(p, &h);
    }
    if (p->count == 0)
        h.best = (ag_order_cost){0, 0};
    p->plan->entries = h.best.entries;
    p->plan->largest = h.best.largest;
    for (int i = 0; i < p->count; i++) {
        p->position[h.order[i]] = i;
        p->at[i] = p->active[h.order[i]];
        p->plan->order[i] = p->at[i];
    }
    p->plan->order_count = p->count;
    return AG_OK;
}
