/* Compiling: slice the factors by what is known, choose an order, eliminate symbolically, emit. */
#include "network_flat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_emit.h"
#include "network_list.h"
#include "network_order.h"

/* Entries per variable from which a second search for an order pays. */
#define SEARCH_WORTH 400.0

/* The sliced model and the lists of the elimination; all arrays lie in one arena. */
typedef struct planner {
    const ag_flat_request *request;
    const ag_factors *factors;
    ag_arena *arena;
    ag_flat *plan;
    ag_emitter emitter;
    int count;                         /* active variables */
    int *active;                       /* by compact number: variable */
    int *compact;                      /* by variable: compact number, or -1 */
    int *states;                       /* by variable: states left */
    int *position;                     /* by compact number: place in the elimination order */
    int *at;                           /* by place: variable */
    int *first_factor, *next_factor;   /* by place; by factor */
    int *first_message, *next_message; /* by place; by tensor */
    ag_tensor **tensors;
    int tensor_count;
    struct node {
        ag_tensor *table, *a, *b, *out;
    } * nodes;
    int node_count;
    int **bucket_inputs; /* scratch */
    struct wish {
        int variable;
        ag_tensor *message; /* belief = sum of message * its derivative; or of table * derivative */
        int node;
    } * wishes;
    int wish_count;
} planner;

/* ---- Slicing ---- */

static void slice_variables(planner *p) {
    const ag_factors *fs = p->factors;
    for (int v = 0; v < fs->variable_count; v++) {
        p->states[v] = fs->state_count[v];
        p->compact[v] = 0;
    }
    for (int v = 0; v < p->request->network_count; v++) {
        uint8_t pattern = p->request->patterns[v];
        int a = fs->auxiliary[v];
        if (pattern <= AG_PATTERN_SOFT)
            continue;
        p->compact[v] = -1;
        p->states[v] = 1;
        if (a < 0)
            continue;
        if (pattern == AG_PATTERN_HARD) {
            p->states[a] = 2; /* the states below and at the one observed */
        } else {
            p->compact[a] = -1;
            p->states[a] = 1;
        }
    }
    for (int v = 0; v < fs->variable_count; v++)
        if (p->states[v] == 1) { /* nothing to sum over */
            p->compact[v] = -1;
        } else if (p->compact[v] == 0) {
            p->compact[v] = p->count;
            p->active[p->count++] = v;
        }
}

static bool factor_is_cut(const planner *p, const ag_factor *f) {
    return p->request->patterns[f->owner] == AG_PATTERN_DO;
}

/* ---- Order ---- */

static void build_graph(const planner *p, ag_graph *graph) {

    for (int i = 0; i < p->factors->count; i++) {
        const ag_factor *f = &p->factors->factors[i];
        if (factor_is_cut(p, f))
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

static int filter_order(const planner *p, const int *full, int full_count, int *out) {
    int count = 0;
    for (int i = 0; i < full_count; i++)
        if (full[i] >= 0 && full[i] < p->factors->variable_count && p->compact[full[i]] >= 0)
            out[count++] = p->compact[full[i]];
    return count;
}

/* A permutation of the active variables? */
static bool is_order(const planner *p, const int *order, int count, int *scratch) {
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

static void try_order(const planner *p, hunt *h, const int *order, int count) {
    if (filter_order(p, order, count, h->candidate) != p->count)
        return;
    restore_graph(h);
    keep_better(h, ag_order_measure(h->search, &h->graph, h->candidate, h->best.entries));
}

/* The cheapest of the hint, the three heuristics and further random ties. */
static void search_order(const planner *p, hunt *h) {
    const ag_flat_request *request = p->request;
    try_heuristic(h, AG_MIN_FILL, 0);
    /* A further search is worth while as long as it takes a small part of what a run would. */
    if (h->best.entries < SEARCH_WORTH * p->count && request->effort < 1)
        return;
    if (request->hint)
        try_order(p, h, request->hint, request->order_count);
    try_heuristic(h, AG_MIN_WEIGHTED_FILL, 0);
    try_heuristic(h, AG_MIN_WEIGHT, 0);
    for (int i = 0; i < request->effort; i++)
        try_heuristic(h, i % 3 == 2 ? AG_MIN_WEIGHTED_FILL : AG_MIN_FILL,
                      request->seed * 0x9e3779b97f4a7c15u + (uint64_t)i + 1);
}

static bool start_hunt(planner *p, hunt *h) {
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

static ag_status choose_order(planner *p, ag_error *error) {
    const ag_flat_request *request = p->request;
    hunt h;
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

/* ---- Tensors ---- */

/* A dense table over `rank` places, ascending; the last is the fastest. It has no place in the
 * block yet. NULL when out of memory. */
static ag_tensor *new_shape(planner *p, const int *scope, int rank, bool lanes) {
    ag_tensor *t = ag_arena_alloc(p->arena, sizeof *t + (size_t)(rank + 1) * sizeof *t->scope);
    if (!t)
        return NULL;
    t->scope = (int *)(t + 1);
    t->rank = rank;
    t->lanes = lanes;
    t->entries = 1;
    for (int i = 0; i < rank; i++) {
        t->scope[i] = scope[i];
        t->entries *= (double)p->emitter.states[scope[i]];
    }
    t->gradient = AG_NOWHERE;
    return t;
}

static ag_tensor *new_tensor(planner *p, const int *scope, int rank, bool lanes) {
    ag_tensor *t = new_shape(p, scope, rank, lanes);
    if (t)
        t->at = t->shadow = ag_emit_reserve(&p->emitter, t->entries, lanes);
    return t;
}

/* The union of two ascending scopes. */
static int unite(const int *a, int na, const int *b, int nb, int *out) {
    int i = 0;
    int j = 0;
    int n = 0;
    while (i < na || j < nb) {
        int x = i < na ? a[i] : INT32_MAX;
        int y = j < nb ? b[j] : INT32_MAX;
        out[n++] = x < y ? x : y;
        i += x <= y;
        j += y <= x;
    }
    return n;
}

static void push_message(planner *p, ag_tensor *t) {
    p->tensors[p->tensor_count] = t;
    p->next_message[p->tensor_count] = p->first_message[t->scope[0]];
    p->first_message[t->scope[0]] = p->tensor_count++;
}

/* ---- Static tables ---- */

typedef struct sliced {
    int factor;
    int rank;
    int scope[AG_RANK_MAX];
    size_t stride[AG_RANK_MAX];
    double entries;
} sliced;

/* The places that a factor still ranges over, ascending, with the steps of its source. */
static void slice_factor(const planner *p, int index, sliced *out) {
    const ag_factor *f = &p->factors->factors[index];
    out->factor = index;
    out->rank = 0;
    out->entries = 1;
    for (int i = 0; i < f->rank; i++) {
        int c = p->compact[f->scope[i]];
        if (c < 0)
            continue;
        int place = p->position[c];
        int j = out->rank++;
        for (; j > 0 && out->scope[j - 1] > place; j--) {
            out->scope[j] = out->scope[j - 1];
            out->stride[j] = out->stride[j - 1];
        }
        out->scope[j] = place;
        out->stride[j] = f->stride[i];
        out->entries *= p->states[f->scope[i]];
    }
}

static bool is_lane_factor(const planner *p, const sliced *s) {
    return p->plan->lanes && p->factors->factors[s->factor].draw_stride > 1;
}

/* Small and shared ones first, so that products grow slowly. */
static bool comes_before(const planner *p, const sliced *a, const sliced *b) {
    bool x = is_lane_factor(p, a);
    bool y = is_lane_factor(p, b);
    return x != y ? y : a->entries < b->entries;
}

/* table := table * factor, over the union of their scopes. */
static ag_tensor *multiply_in(planner *p, ag_tensor *table, const sliced *s) {
    bool lanes = is_lane_factor(p, s);
    int scope[AG_RANK_MAX];
    int rank = table ? unite(table->scope, table->rank, s->scope, s->rank, scope) : s->rank;
    bool in_place = table && rank == table->rank && table->lanes == (lanes || table->lanes);
    ag_tensor *out = table;
    if (!in_place)
        out = new_tensor(p, table ? scope : s->scope, rank, lanes || (table && table->lanes));
    if (!out)
        return NULL;
    out->log2_least = (table ? table->log2_least : 0) + p->factors->factors[s->factor].log2_min;
    ag_operand operands[2] = {{.rank = s->rank,
                               .scope = s->scope,
                               .stride = s->stride,
                               .lanes = lanes,
                               .external = true,
                               .factor = s->factor}};
    if (table)
        operands[1] = ag_operand_of(table);
    return ag_emit_load(&p->emitter, out->lanes ? &p->plan->loads : &p->plan->shared, out, operands,
                        table ? 2 : 1)
               ? out
               : NULL;
}

/* The product of the factors whose first variable is at `place`; NULL if none, or out of memory. */
static ag_tensor *build_table(planner *p, int place, bool *failed) {
    int count = 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f])
        count++;
    sliced *list = count ? ag_arena_array(p->arena, (size_t)count, sizeof *list) : NULL;
    if (count && !list)
        *failed = true;
    if (!list)
        return NULL;
    int n = 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        sliced s;
        slice_factor(p, f, &s);
        int j = n++;
        for (; j > 0 && comes_before(p, &s, &list[j - 1]); j--)
            list[j] = list[j - 1];
        list[j] = s;
    }
    ag_tensor *table = NULL;
    for (int i = 0; i < n; i++) {
        table = multiply_in(p, table, &list[i]);
        if (!table) {
            *failed = true;
            return NULL;
        }
    }
    return table;
}

/* Give every factor to the variable of it that goes first. */
static void distribute_factors(planner *p) {
    for (int i = 0; i < p->count; i++)
        p->first_factor[i] = p->first_message[i] = -1;
    for (int i = p->factors->count - 1; i >= 0; i--) {
        const ag_factor *f = &p->factors->factors[i];
        if (factor_is_cut(p, f))
            continue;
        p->plan->log2_least += f->log2_min;
        p->plan->has_draws = p->plan->has_draws || f->draw_stride > 1;
        int first = INT32_MAX;
        for (int j = 0; j < f->rank; j++) {
            int c = p->compact[f->scope[j]];
            if (c >= 0 && p->position[c] < first)
                first = p->position[c];
        }
        if (first == INT32_MAX) {
            p->plan->constants[p->plan->constant_count++] = i;
        } else {
            p->plan->has_differences = p->plan->has_differences || f->is_difference;
            p->next_factor[i] = p->first_factor[first];
            p->first_factor[first] = i;
        }
    }
}

/* ---- Elimination ---- */

static bool holds_network_only(const planner *p, const ag_tensor *t) {
    for (int i = 0; i < t->rank; i++)
        if (p->at[t->scope[i]] >= p->request->network_count)
            return false;
    return true;
}

/* The union of the scopes of a table and two messages, any of which may be NULL. */
static int unite_parts(const ag_tensor *table, const ag_tensor *a, const ag_tensor *b, int *scope) {
    const ag_tensor *parts[3] = {table, a, b};
    int before[AG_RANK_MAX];
    int rank = 0;
    for (int i = 0; i < 3; i++)
        if (parts[i]) {
            memcpy(before, scope, (size_t)rank * sizeof *before);
            rank = unite(before, rank, parts[i]->scope, parts[i]->rank, scope);
        }
    return rank;
}

/* Give a pending tensor its place and emit the operation that fills it. */
static bool materialise(planner *p, ag_tensor *t) {
    if (!t->pending)
        return true;
    const ag_tensor *parts[3] = {t->table, t->a, t->b};
    double bound = 0;
    for (int i = 0; i < 3; i++)
        bound += parts[i] ? parts[i]->log2_least : 0;
    bool rescale = bound < AG_RESCALE_BELOW;
    t->pending = false;
    t->log2_least = rescale ? 0 : bound;
    t->at = t->shadow = ag_emit_reserve(&p->emitter, t->entries, t->lanes);
    if (!ag_emit_product(&p->emitter, &p->plan->up, t, parts, rescale))
        return false;
    p->plan->up.ops[p->plan->up.count - 1].counts = holds_network_only(p, t);
    p->nodes[p->node_count++] = (struct node){t->table, t->a, t->b, t};
    return true;
}

/* The pending product of the parts, summed over its first place if `sums`. */
static ag_tensor *postpone(planner *p, ag_tensor *table, ag_tensor *a, ag_tensor *b, bool sums) {
    int scope[AG_RANK_MAX];
    int rank = unite_parts(table, a, b, scope);
    ag_tensor *t = new_shape(p, scope + sums, rank - sums, p->plan->lanes);
    if (!t)
        return NULL;
    t->pending = true;
    t->table = table;
    t->a = a;
    t->b = b;
    return t;
}

/* The product of two messages, computed now. */
static ag_tensor *multiply(planner *p, ag_tensor *a, ag_tensor *b) {
    ag_tensor *t = postpone(p, NULL, a, b, false);
    return t && materialise(p, t) ? t : NULL;
}

static double united_entries(const planner *p, const ag_tensor *a, const ag_tensor *b) {
    int scope[AG_RANK_MAX];
    int rank = unite(a->scope, a->rank, b->scope, b->rank, scope);
    double entries = 1;
    for (int i = 0; i < rank; i++)
        entries *= (double)p->emitter.states[scope[i]];
    return entries;
}

/* Replace the pair of least union by its product; among many, look at the smallest only. */
static bool join_pair(planner *p, ag_tensor **inputs, int *count) {
    int x = 0;
    int y = 1;
    double least = INFINITY;
    int window = *count < 8 ? *count : 8;
    for (int i = 0; i < window; i++)
        for (int j = i + 1; j < window; j++) {
            double entries = united_entries(p, inputs[i], inputs[j]);
            if (entries < least) {
                least = entries;
                x = i;
                y = j;
            }
        }
    ag_tensor *joined = multiply(p, inputs[x], inputs[y]);
    if (!joined)
        return false;
    inputs[x] = joined;
    inputs[y] = inputs[--*count];
    return true;
}

static ag_tensor *likelihood_tensor(planner *p, int place) {
    int v = p->at[place];
    if (v >= p->request->network_count || p->request->patterns[v] != AG_PATTERN_SOFT)
        return NULL;
    ag_tensor *t = ag_arena_alloc(p->arena, sizeof *t + sizeof(int));
    if (!t)
        return NULL;
    t->scope = (int *)(t + 1);
    t->scope[0] = place;
    t->rank = 1;
    t->lanes = p->plan->lanes;
    t->entries = p->states[v];
    t->at = t->shadow = p->plan->likelihood[v];
    t->gradient = AG_NOWHERE;
    t->is_likelihood = true;
    t->variable = v;
    t->log2_least = AG_LIKELIHOOD_LOG2;
    return t;
}

static int gather_inputs(planner *p, int place, ag_tensor **inputs) {
    int count = 0;
    for (int i = p->first_message[place]; i >= 0; i = p->next_message[i]) {
        ag_tensor *t = p->tensors[i];
        int j = count++;
        for (; j > 0 && inputs[j - 1]->entries > t->entries; j--)
            inputs[j] = inputs[j - 1];
        inputs[j] = t;
    }
    return count;
}

/* Ask for the belief of the variable at `place` from the smallest message that holds it. */
static void wish_belief(planner *p, int place, ag_tensor *message) {
    int v = p->at[place];
    if (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE)
        p->wishes[p->wish_count++] = (struct wish){v, message, p->node_count};
}

/* A message goes on to the first variable left in it; one without any is a root. */
static bool send(planner *p, ag_tensor *t) {
    if (t->rank > 0) {
        push_message(p, t);
        return true;
    }
    if (!materialise(p, t))
        return false;
    p->plan->roots[p->plan->root_count++] = t->at;
    return true;
}

static bool holds(const ag_tensor *t, int place) {
    for (int i = 0; t && i < t->rank; i++)
        if (t->scope[i] == place)
            return true;
    return false;
}

/* Can the factors at `place` join the table of a pending message without making it larger than
 * pays? */
static bool factors_fit(const planner *p, int place, const ag_tensor *message) {
    int all[AG_RANK_MAX];
    int table[AG_RANK_MAX];
    int joined[AG_RANK_MAX];
    int rank = unite_parts(message->table, message->a, message->b, all);
    int table_rank = unite_parts(message->table, NULL, NULL, table);
    double before = message->table ? message->table->entries : 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        sliced s;
        slice_factor(p, f, &s);
        if (unite(all, rank, s.scope, s.rank, joined) != rank)
            return false;
        table_rank = unite(table, table_rank, s.scope, s.rank, joined);
        memcpy(table, joined, (size_t)table_rank * sizeof *table);
        before += s.entries;
    }
    double entries = 1;
    for (int i = 0; i < table_rank; i++)
        entries *= (double)p->emitter.states[table[i]];
    return p->request->loads_once || entries <= 2 * before;
}

/* Where the only message to `place` is pending and all else there fits into it, sum out this
 * variable along with the last: one pass over the larger table instead of two, and no message in
 * between. */
static bool can_merge(const planner *p, int place, const ag_tensor *message,
                      const ag_tensor *likelihood) {
    int v = p->at[place];
    bool asked =
        likelihood || (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE);
    if (!message->pending || (asked && !holds(message->a, place) && !holds(message->b, place)))
        return false;
    return factors_fit(p, place, message);
}

static bool merge(planner *p, int place, ag_tensor *message, ag_tensor *likelihood) {
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        sliced s;
        slice_factor(p, f, &s);
        message->table = multiply_in(p, message->table, &s);
        if (!message->table)
            return false;
    }
    ag_tensor **holder = holds(message->a, place) ? &message->a : &message->b;
    if (likelihood) {
        *holder = multiply(p, likelihood, *holder);
        if (!*holder)
            return false;
    } else {
        wish_belief(p, place, *holder);
    }
    message->entries /= (double)p->emitter.states[place];
    message->scope++;
    message->rank--;
    return send(p, message);
}

static bool eliminate(planner *p, int place, ag_tensor **inputs) {
    bool failed = false;
    int count = gather_inputs(p, place, inputs);
    ag_tensor *likelihood = likelihood_tensor(p, place);
    if (count == 1 && can_merge(p, place, inputs[0], likelihood))
        return merge(p, place, inputs[0], likelihood);
    for (int i = 0; i < count; i++)
        if (!materialise(p, inputs[i]))
            return false;
    ag_tensor *table = build_table(p, place, &failed);
    if (failed)
        return false;
    ag_tensor *smallest = count ? inputs[0] : NULL;
    if (likelihood && count > 0) {
        inputs[0] = multiply(p, likelihood, inputs[0]);
        if (!inputs[0])
            return false;
    } else if (likelihood) {
        inputs[count++] = likelihood;
    } else if (smallest) {
        wish_belief(p, place, smallest);
    }
    while (count > 2)
        if (!join_pair(p, inputs, &count))
            return false;
    ag_tensor *out =
        postpone(p, table, count > 0 ? inputs[0] : NULL, count > 1 ? inputs[1] : NULL, true);
    if (!out)
        return false;
    if (count == 0) { /* the belief comes from the table and the derivative of what is sent */
        wish_belief(p, place, NULL);
        if (!materialise(p, out))
            return false;
    }
    return send(p, out);
}

/* ---- Derivatives ---- */

/* The derivative by `input` of its node: the product of the node's other parts and its own
 * derivative. */
static bool differentiate(planner *p, const struct node *node, ag_tensor *input, ag_tensor *other) {
    const ag_tensor *parts[3] = {node->table, other, NULL};
    ag_tensor out_gradient = *node->out;
    double bound = (node->table ? node->table->log2_least : 0) + (other ? other->log2_least : 0);
    if (node->out->gradient != AG_NOWHERE) {
        out_gradient.at = node->out->gradient;
        parts[2] = &out_gradient;
        bound += node->out->gradient_log2;
    }
    if (!parts[0] && !parts[1] && !parts[2])
        return true; /* the derivative is 1 everywhere */
    ag_tensor gradient = *input;
    bool rescale = bound < AG_RESCALE_BELOW;
    input->gradient_log2 = rescale ? 0 : bound;
    gradient.at = input->is_likelihood ? p->plan->belief[input->variable]
                                       : ag_emit_reserve(&p->emitter, input->entries, input->lanes);
    input->gradient = gradient.at;
    return ag_emit_product(&p->emitter, &p->plan->down, &gradient, parts, rescale);
}

static bool fulfil_wish(planner *p, const struct wish *wish) {
    const ag_tensor *parts[3] = {NULL, NULL, NULL};
    const ag_tensor *source = wish->message;
    const struct node *node = &p->nodes[wish->node];
    ag_tensor gradient;
    if (!source) { /* a leaf: its table and the derivative of what it sent */
        parts[0] = node->table;
        gradient = *node->out;
        gradient.at = node->out->gradient;
    } else {
        parts[0] = source;
        gradient = *source;
        gradient.at = source->gradient;
    }
    if (gradient.at != AG_NOWHERE)
        parts[1] = &gradient;
    int place = p->position[p->compact[wish->variable]];
    ag_tensor belief = {.rank = 1,
                        .scope = &place,
                        .entries = p->states[wish->variable],
                        .at = p->plan->belief[wish->variable],
                        .shadow = p->plan->belief[wish->variable],
                        .lanes = p->plan->lanes};
    return ag_emit_product(&p->emitter, &p->plan->down, &belief, parts, false);
}

static bool differentiate_all(planner *p) {
    int wish = p->wish_count;
    for (int i = p->node_count - 1; i >= 0; i--) {
        const struct node *node = &p->nodes[i];
        if (node->a && !differentiate(p, node, node->a, node->b))
            return false;
        if (node->b && !differentiate(p, node, node->b, node->a))
            return false;
        for (; wish > 0 && p->wishes[wish - 1].node == i; wish--)
            if (!fulfil_wish(p, &p->wishes[wish - 1]))
                return false;
    }
    return true;
}

/* ---- The whole ---- */

static bool allocate_planner(planner *p) {
    size_t all = (size_t)p->factors->variable_count + 1;
    size_t factors = (size_t)p->factors->count + 1;
    ag_arena *arena = p->arena;
    p->active = ag_arena_array(arena, all, sizeof *p->active);
    p->compact = ag_arena_array(arena, all, sizeof *p->compact);
    p->states = ag_arena_array(arena, all, sizeof *p->states);
    p->position = ag_arena_array(arena, all, sizeof *p->position);
    p->at = ag_arena_array(arena, all, sizeof *p->at);
    p->emitter.states = ag_arena_array(arena, all, sizeof *p->emitter.states);
    p->first_factor = ag_arena_array(arena, all, sizeof *p->first_factor);
    p->next_factor = ag_arena_array(arena, factors, sizeof *p->next_factor);
    p->first_message = ag_arena_array(arena, all, sizeof *p->first_message);
    p->next_message = ag_arena_array(arena, all, sizeof *p->next_message);
    p->tensors = ag_arena_array(arena, all, sizeof(ag_tensor *));
    p->nodes = ag_arena_array(arena, 3 * all, sizeof *p->nodes);
    p->wishes = ag_arena_array(arena, all, sizeof *p->wishes);
    return p->active && p->compact && p->states && p->position && p->at && p->emitter.states &&
           p->first_factor && p->next_factor && p->first_message && p->next_message && p->tensors &&
           p->nodes && p->wishes;
}

static bool allocate_plan(ag_flat *plan, const ag_flat_request *request) {
    size_t n = (size_t)request->network_count + 1;
    size_t all = (size_t)request->factors->variable_count + 1;
    plan->patterns = malloc(n);
    plan->order = malloc(all * sizeof *plan->order);
    plan->likelihood = malloc(n * sizeof *plan->likelihood);
    plan->belief = malloc(n * sizeof *plan->belief);
    plan->roots = malloc(all * sizeof *plan->roots);
    plan->constants = malloc(((size_t)request->factors->count + 1) * sizeof *plan->constants);
    if (!plan->patterns || !plan->order || !plan->likelihood || !plan->belief || !plan->roots ||
        !plan->constants)
        return false;
    memcpy(plan->patterns, request->patterns, n - 1);
    return true;
}

/* Likelihoods first, then beliefs, each in the order of the variables. */
static void place_evidence(planner *p) {
    for (int v = 0; v < p->request->network_count; v++) {
        p->plan->likelihood[v] = p->plan->belief[v] = AG_NOWHERE;
        if (p->request->patterns[v] == AG_PATTERN_SOFT && p->compact[v] >= 0)
            p->plan->likelihood[v] =
                ag_emit_reserve_tight(&p->emitter, p->states[v], p->plan->lanes);
    }
    for (int v = 0; v < p->request->network_count; v++)
        if (p->compact[v] >= 0)
            p->plan->belief[v] = ag_emit_reserve_tight(&p->emitter, p->states[v], p->plan->lanes);
}

static ag_status check_size(const planner *p, ag_error *error) {
    double bytes = p->emitter.block_size * (double)sizeof(double);
    if (!(bytes <= (double)p->request->memory_limit))
        return ag_fail(error, AG_ERROR_TOO_LARGE,
                       "this query needs %.0f MiB of memory; the limit is %.0f MiB (raise it, or "
                       "observe more variables)",
                       bytes / 1048576, (double)p->request->memory_limit / 1048576);
    return AG_OK;
}

static ag_status compile(planner *p, ag_error *error) {
    slice_variables(p);
    ag_status status = choose_order(p, error);
    if (status)
        return status;
    for (int i = 0; i < p->count; i++)
        p->emitter.states[i] = (size_t)p->states[p->at[i]];
    if (p->plan->largest > 0x1p50)
        return ag_fail(error, AG_ERROR_TOO_LARGE,
                       "the best order found needs a table of 2^%.0f entries",
                       log2(p->plan->largest));
    place_evidence(p);
    distribute_factors(p);
    ag_tensor **inputs = ag_arena_array(p->arena, (size_t)p->count + 2, sizeof(ag_tensor *));
    bool ok = inputs != NULL;
    for (int i = 0; ok && i < p->count; i++)
        ok = eliminate(p, i, inputs);
    ok = ok && differentiate_all(p);
    if (!ok)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the compiled program");
    /* Lists of live terms want one entry more than they replace. */
    p->plan->block_size = (size_t)p->emitter.block_size + (p->plan->lanes ? AG_LANES : 0);
    return check_size(p, error);
}

ag_status ag_flat_new(ag_flat **out, const ag_flat_request *request, ag_error *error) {
    *out = NULL;
    planner p = {.request = request, .factors = request->factors, .arena = ag_arena_new()};
    p.plan = calloc(1, sizeof *p.plan);
    ag_status status;
    if (!p.arena || !p.plan || !allocate_plan(p.plan, request) || !allocate_planner(&p)) {
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled program");
    } else {
        p.plan->lanes = request->lanes;
        p.emitter.plan = p.plan;
        status = compile(&p, error);
    }
    ag_arena_free(p.arena);
    if (status)
        ag_flat_free(p.plan);
    else
        *out = p.plan;
    return status;
}

void ag_flat_free(ag_flat *plan) {
    if (!plan)
        return;
    ag_lists_free(plan->lists);
    free(plan->patterns);
    free(plan->order);
    free(plan->shared.ops);
    free(plan->loads.ops);
    free(plan->up.ops);
    free(plan->down.ops);
    free(plan->loops);
    free(plan->likelihood);
    free(plan->belief);
    free(plan->roots);
    free(plan->constants);
    free(plan);
}

size_t ag_flat_bytes(const ag_flat *plan) {
    size_t ops = (size_t)plan->shared.capacity + plan->loads.capacity + plan->up.capacity +
                 plan->down.capacity;
    return sizeof *plan + (plan->lists ? ag_lists_bytes(plan->lists) : 0) + ops * sizeof(ag_op) +
           plan->loop_capacity * sizeof(ag_loop);
}
