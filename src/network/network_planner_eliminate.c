/* Symbolic elimination: from the tables and messages at each place to operations of the way up. */
#include <math.h>
#include <string.h>

#include "network_planner.h"

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

/* The union of the scopes of a table and two messages, any of which may be NULL. */
static int unite_parts(const ag_tensor *table, const ag_tensor *a, const ag_tensor *b, int *scope) {
    const ag_tensor *parts[3] = {table, a, b};
    int before[AG_RANK_MAX];
    int rank = 0;
    for (int i = 0; i < 3; i++)
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
    p->nodes[p->node_count++] = (ag_node){t->table, t->a, t->b, t};
    return true;
}

/* The pending product of the parts, summed over its first place if `sums`. */
static ag_tensor *postpone(ag_planner *p, ag_tensor *table, ag_tensor *a, ag_tensor *b, bool sums) {
    int scope[AG_RANK_MAX];
    int rank = unite_parts(table, a, b, scope);
    ag_tensor *t = ag_planner_shape(p, scope + sums, rank - sums, p->plan->lanes);
    if (!t)
        return NULL;
    t->pending = true;
    t->table = table;
    t->a = a;
    t->b = b;
    return t;
}

/* The product of two messages, computed now. */
static ag_tensor *multiply(ag_planner *p, ag_tensor *a, ag_tensor *b) {
    ag_tensor *t = postpone(p, NULL, a, b, false);
    return t && materialise(p, t) ? t : NULL;
}

static double united_entries(const ag_planner *p, const ag_tensor *a, const ag_tensor *b) {
    int scope[AG_RANK_MAX];
    int rank = ag_planner_unite(a->scope, a->rank, b->scope, b->rank, scope);
    double entries = 1;
    for (int i = 0; i < rank; i++)
        entries *= (double)p->emitter.states[scope[i]];
    return entries;
}

/* Replace the pair of least union by its product; among many, look at the smallest only. */
static bool join_pair(ag_planner *p, ag_tensor **inputs, int *count) {
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
    if (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE)
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

/* Can the factors at `place` join the table of a pending message without making it larger than
 * pays? */
static bool factors_fit(const ag_planner *p, int place, const ag_tensor *message) {
    int all[AG_RANK_MAX];
    int table[AG_RANK_MAX];
    int joined[AG_RANK_MAX];
    int rank = unite_parts(message->table, message->a, message->b, all);
    int table_rank = unite_parts(message->table, NULL, NULL, table);
    double before = message->table ? message->table->entries : 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        ag_sliced s;
        ag_planner_slice_factor(p, f, &s);
        if (ag_planner_unite(all, rank, s.scope, s.rank, joined) != rank)
            return false;
        table_rank = ag_planner_unite(table, table_rank, s.scope, s.rank, joined);
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
static bool can_merge(const ag_planner *p, int place, const ag_tensor *message,
                      const ag_tensor *likelihood) {
    int v = p->at[place];
    bool asked =
        likelihood || (v < p->request->network_count && p->request->patterns[v] == AG_PATTERN_FREE);
    if (!message->pending || (asked && !holds(message->a, place) && !holds(message->b, place)))
        return false;
    return factors_fit(p, place, message);
}

static bool merge(ag_planner *p, int place, ag_tensor *message, ag_tensor *likelihood) {
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        ag_sliced s;
        ag_planner_slice_factor(p, f, &s);
        message->table = ag_planner_multiply_in(p, message->table, &s);
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
