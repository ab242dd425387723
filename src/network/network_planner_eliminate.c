/* Symbolic elimination: from the tables and messages at each place to operations of the way up. */
#include <math.h>
#include <string.h>

#include "network_planner.h"

/* A product of two inputs pays where it is smaller than all they span together by this factor. */
#define JOIN_WORTH 3

static void push_message(ag_planner *p, ag_tensor *t) {
    p->tensors[p->tensor_count] = t;
    p->next_message[p->tensor_count] = p->first_message[t->scope[0]];
    p->first_message[t->scope[0]] = p->tensor_count++;
}

static bool holds_network_only(const ag_planner *p, const ag_tensor *t) {
    for (int i = 0; i < t->rank; i++)
        if (p->at[t->scope[i]] >= p->request->network_count)
            return false;
    return true;
}

/* The union of the scopes of the parts, any of which may be NULL. */
static int unite_parts(ag_tensor *const *parts, int *scope) {
    int before[AG_RANK_MAX];
    int rank = 0;
    for (int i = 0; i < AG_OPERANDS; i++)
        if (parts[i]) {
            memcpy(before, scope, (size_t)rank * sizeof *before);
            rank = ag_planner_unite(before, rank, parts[i]->scope, parts[i]->rank, scope);
        }
    return rank;
}

/* Give a pending tensor its place and emit the operation that fills it. */
static bool materialise(ag_planner *p, ag_tensor *t) {
    if (!t->pending)
        return true;
    double bound = 0;
    for (int i = 0; i < AG_OPERANDS; i++)
        bound += t->parts[i] ? t->parts[i]->log2_least : 0;
    bool rescale = bound < AG_RESCALE_BELOW;
    t->pending = false;
    t->log2_least = rescale ? 0 : bound;
    t->at = t->shadow = ag_emit_reserve(&p->emitter, t->entries, t->lanes);
    if (!ag_emit_product(&p->emitter, &p->plan->up, t, t->parts, rescale))
        return false;
    p->plan->up.ops[p->plan->up.count - 1].counts = holds_network_only(p, t);
    ag_node *node = &p->nodes[p->node_count++];
    memcpy(node->parts, t->parts, sizeof node->parts);
    node->out = t;
    return true;
}

/* The pending product of the parts, summed over its first place if `sums`. */
static ag_tensor *postpone(ag_planner *p, ag_tensor *const *parts, bool sums) {
    int scope[AG_RANK_MAX];
    int rank = unite_parts(parts, scope);
    ag_tensor *t = ag_planner_shape(p, scope + sums, rank - sums, p->plan->lanes);
    if (!t)
        return NULL;
    t->pending = true;
    memcpy(t->parts, parts, sizeof t->parts);
    return t;
}

/* The product of two parts, computed now. A static table comes first. */
static ag_tensor *multiply(ag_planner *p, ag_tensor *a, ag_tensor *b) {
    ag_tensor *parts[AG_OPERANDS] = {a->is_table ? a : NULL, a->is_table ? NULL : a, b};
    ag_tensor *t = postpone(p, parts, false);
    return t && materialise(p, t) ? t : NULL;
}

static double entries_of(const ag_planner *p, const int *scope, int rank) {
    double entries = 1;
    for (int i = 0; i < rank; i++)
        entries *= (double)p->emitter.states[scope[i]];
    return entries;
}

static double united_entries(const ag_planner *p, const ag_tensor *a, const ag_tensor *b) {
    int scope[AG_RANK_MAX];
    int rank = ag_planner_unite(a->scope, a->rank, b->scope, b->rank, scope);
    return entries_of(p, scope, rank);
}

/* The pair of least union; among many, the smallest only are looked at. Returns its entries. */
static double find_pair(const ag_planner *p, ag_tensor **inputs, int count, int *x, int *y) {
    double least = INFINITY;
    int window = count < 8 ? count : 8;
    for (int i = 0; i < window; i++)
        for (int j = i + 1; j < window; j++) {
            double entries = united_entries(p, inputs[i], inputs[j]);
            if (entries < least) {
                least = entries;
                *x = i;
                *y = j;
            }
        }
    return least;
}

/* Replace two of the inputs by their product. */
static bool join_pair(ag_planner *p, ag_tensor **inputs, int *count, int x, int y) {
    ag_tensor *joined = multiply(p, inputs[x], inputs[y]);
    if (!joined)
        return false;
    inputs[x] = joined;
    inputs[y] = inputs[--*count];
    return true;
}

/* The input that grows least when a table is multiplied into it. */
static int find_host(const ag_planner *p, const ag_tensor *table, ag_tensor **inputs, int count) {
    int host = 0;
    for (int i = 1; i < count; i++)
        if (united_entries(p, table, inputs[i]) < united_entries(p, table, inputs[host]))
            host = i;
    return host;
}

/*
 * Bring a table (may be NULL) and the inputs down to what one operation takes. A product of two
 * inputs is a table of its own, to be written, differentiated and read again: that pays where it is
 * smaller by JOIN_WORTH than what all of them span together. Else the table goes into one of three
 * inputs, if that spans it, or nearly so.
 */
static bool join_inputs(ag_planner *p, ag_tensor **table, ag_tensor **inputs, int *count) {
    bool three = !(p->plan->lanes && p->request->loads_once); /* lists of batches take two */
    while (*count > 2) {
        int x = 0, y = 1, scope[AG_RANK_MAX];
        double pair = find_pair(p, inputs, *count, &x, &y);
        double all = *count > 3 || !three ? 0 : entries_of(p, scope, unite_parts(inputs, scope));
        int host = *table ? find_host(p, *table, inputs, *count) : -1;
        double hosted = host < 0 ? 0 : united_entries(p, *table, inputs[host]);
        if (all < JOIN_WORTH * hosted || all == 0 || JOIN_WORTH * pair <= all) {
            if (!join_pair(p, inputs, count, x, y))
                return false;
            continue;
        }
        if (host >= 0)
            inputs[host] = multiply(p, *table, inputs[host]);
        *table = NULL;
        return host < 0 || inputs[host] != NULL;
    }
    return true;
}

static ag_tensor *likelihood_tensor(ag_planner *p, int place) {
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
    t->is_needed = ag_planner_is_asked(p, v);
    t->variable = v;
    t->log2_least = AG_LIKELIHOOD_LOG2;
    return t;
}

static int gather_inputs(ag_planner *p, int place, ag_tensor **inputs) {
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
static void wish_belief(ag_planner *p, int place, ag_tensor *message) {
    int v = p->at[place];
    if (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE &&
        ag_planner_is_asked(p, v))
        p->wishes[p->wish_count++] = (ag_wish){v, message, p->node_count};
}

/* A message goes on to the first variable left in it; one without any is a root. */
static bool send(ag_planner *p, ag_tensor *t) {
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

/* The message among the parts of a pending one that holds a place, or NULL. */
static ag_tensor **holder_of(ag_tensor *message, int place) {
    for (int i = 0; i < AG_OPERANDS; i++)
        if (message->parts[i] && !message->parts[i]->is_table && holds(message->parts[i], place))
            return &message->parts[i];
    return NULL;
}

/* Can the factors at `place` join the table of a pending message without making it larger than
 * pays? */
static bool factors_fit(const ag_planner *p, int place, const ag_tensor *message) {
    int all[AG_RANK_MAX];
    int table[AG_RANK_MAX];
    int joined[AG_RANK_MAX];
    const ag_tensor *first = message->parts[0];
    int rank = unite_parts(message->parts, all);
    int table_rank =
        ag_planner_unite(NULL, 0, first ? first->scope : NULL, first ? first->rank : 0, table);
    double before = first ? first->entries : 0;
    if (first && !first->is_table) /* three messages leave no room for a table */
        return p->first_factor[place] < 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        ag_sliced s;
        ag_planner_slice_factor(p, f, &s);
        if (ag_planner_unite(all, rank, s.scope, s.rank, joined) != rank)
            return false;
        table_rank = ag_planner_unite(table, table_rank, s.scope, s.rank, joined);
        memcpy(table, joined, (size_t)table_rank * sizeof *table);
        before += s.entries;
    }
    return p->request->loads_once || entries_of(p, table, table_rank) <= 2 * before;
}

/* Where the only message to `place` is pending and all else there fits into it, sum out this
 * variable along with the last: one pass over the larger table instead of two, and no message in
 * between. */
static bool can_merge(const ag_planner *p, int place, ag_tensor *message,
                      const ag_tensor *likelihood) {
    int v = p->at[place];
    bool asked =
        likelihood || (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE);
    if (!message->pending || (asked && !holder_of(message, place)))
        return false;
    return factors_fit(p, place, message);
}

static bool merge(ag_planner *p, int place, ag_tensor *message, ag_tensor *likelihood) {
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        ag_sliced s;
        ag_planner_slice_factor(p, f, &s);
        message->parts[0] = ag_planner_multiply_in(p, message->parts[0], &s);
        if (!message->parts[0])
            return false;
    }
    ag_tensor **holder = holder_of(message, place);
    if (likelihood) {
        *holder = multiply(p, likelihood, *holder);
        if (!*holder)
            return false;
    } else if (holder) {
        wish_belief(p, place, *holder);
    }
    message->entries /= (double)p->emitter.states[place];
    message->scope++;
    message->rank--;
    return send(p, message);
}

bool ag_planner_eliminate(ag_planner *p, int place, ag_tensor **inputs) {
    bool failed = false;
    int count = gather_inputs(p, place, inputs);
    ag_tensor *likelihood = likelihood_tensor(p, place);
    if (count == 1 && can_merge(p, place, inputs[0], likelihood))
        return merge(p, place, inputs[0], likelihood);
    for (int i = 0; i < count; i++)
        if (!materialise(p, inputs[i]))
            return false;
    ag_tensor *table = ag_planner_table(p, place, &failed);
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
    if (!join_inputs(p, &table, inputs, &count))
        return false;
    ag_tensor *parts[AG_OPERANDS] = {table};
    for (int i = 0; i < count; i++)
        parts[count == AG_OPERANDS ? i : i + 1] = inputs[i];
    ag_tensor *out = postpone(p, parts, true);
    if (!out)
        return false;
    if (count == 0) { /* the belief comes from the table and the derivative of what is sent */
        wish_belief(p, place, NULL);
        if (!materialise(p, out))
            return false;
    }
    return send(p, out);
}
