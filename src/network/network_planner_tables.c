/* The sliced model: which variables are left, and the static tables of each place. */
#include "network_planner.h"

bool ag_planner_is_asked(const ag_planner *p, int variable) {
    return !p->request->asked || p->request->asked[variable];
}

/* What is neither asked for nor known, nor has such descendants, sums to 1 whatever its parents. */
static void find_needed(ag_planner *p) {
    const ag_flat_request *request = p->request;
    for (int v = 0; v < request->network_count; v++)
        p->needed[v] =
            request->whole || ag_planner_is_asked(p, v) || request->patterns[v] != AG_PATTERN_FREE;
    for (bool more = true; more;) {
        more = false;
        for (int i = p->factors->count - 1; i >= 0; i--) { /* mostly children behind parents */
            const ag_factor *f = &p->factors->factors[i];
            for (int j = 0; j < f->rank && !ag_planner_cuts(p, f); j++)
                if (f->scope[j] < request->network_count && !p->needed[f->scope[j]])
                    p->needed[f->scope[j]] = more = true;
        }
    }
}

static void leave_out(ag_planner *p, int variable) {
    p->compact[variable] = -1;
    p->states[variable] = 1;
}

void ag_planner_slice(ag_planner *p) {
    const ag_factors *fs = p->factors;
    find_needed(p);
    for (int v = 0; v < fs->variable_count; v++) {
        p->states[v] = fs->state_count[v];
        p->compact[v] = 0;
    }
    for (int v = 0; v < p->request->network_count; v++) {
        uint8_t pattern = p->request->patterns[v];
        int a = fs->auxiliary[v];
        if (p->needed[v] && pattern <= AG_PATTERN_SOFT)
            continue;
        leave_out(p, v);
        if (a < 0)
            continue;
        if (pattern == AG_PATTERN_HARD)
            p->states[a] = 2; /* the states below and at the one observed */
        else
            leave_out(p, a);
    }
    for (int v = 0; v < fs->variable_count; v++)
        if (p->states[v] == 1) { /* nothing to sum over */
            p->compact[v] = -1;
        } else if (p->compact[v] == 0) {
            p->compact[v] = p->count;
            p->active[p->count++] = v;
        }
}

bool ag_planner_cuts(const ag_planner *p, const ag_factor *f) {
    return p->request->patterns[f->owner] == AG_PATTERN_DO || !p->needed[f->owner];
}

/* A dense table over `rank` places, ascending; the last is the fastest. It has no place in the
 * block yet. NULL when out of memory. */
ag_tensor *ag_planner_shape(ag_planner *p, const int *scope, int rank, bool lanes) {
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

static ag_tensor *new_tensor(ag_planner *p, const int *scope, int rank, bool lanes) {
    ag_tensor *t = ag_planner_shape(p, scope, rank, lanes);
    if (!t)
        return NULL;
    t->is_table = true;
    t->at = t->shadow = ag_emit_reserve(&p->emitter, t->entries, lanes);
    return t;
}

/* The union of two ascending scopes. */
int ag_planner_unite(const int *a, int na, const int *b, int nb, int *out) {
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

/* The places that a factor still ranges over, ascending, with the steps of its source. */
void ag_planner_slice_factor(const ag_planner *p, int index, ag_sliced *out) {
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

static bool is_lane_factor(const ag_planner *p, const ag_sliced *s) {
    return p->plan->lanes && p->factors->factors[s->factor].draws > 1;
}

/* Small and shared ones first, so that products grow slowly. */
static bool comes_before(const ag_planner *p, const ag_sliced *a, const ag_sliced *b) {
    bool x = is_lane_factor(p, a);
    bool y = is_lane_factor(p, b);
    return x != y ? y : a->entries < b->entries;
}

/* table := table * factor, over the union of their scopes. */
ag_tensor *ag_planner_multiply_in(ag_planner *p, ag_tensor *table, const ag_sliced *s) {
    bool lanes = is_lane_factor(p, s);
    int scope[AG_RANK_MAX];
    int rank =
        table ? ag_planner_unite(table->scope, table->rank, s->scope, s->rank, scope) : s->rank;
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

static ag_sliced *reserve_slices(ag_planner *p, int count) {
    if (count > p->slice_room) {
        p->slices = ag_arena_array(p->arena, (size_t)count, sizeof *p->slices);
        p->slice_room = p->slices ? count : 0;
    }
    return p->slices;
}

/* The product of the factors whose first variable is at `place`; NULL if none, or out of memory. */
ag_tensor *ag_planner_table(ag_planner *p, int place, bool *failed) {
    int count = 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f])
        count++;
    ag_sliced *list = count ? reserve_slices(p, count) : NULL;
    if (count && !list)
        *failed = true;
    if (!list)
        return NULL;
    int n = 0;
    for (int f = p->first_factor[place]; f >= 0; f = p->next_factor[f]) {
        ag_sliced s;
        ag_planner_slice_factor(p, f, &s);
        int j = n++;
        for (; j > 0 && comes_before(p, &s, &list[j - 1]); j--)
            list[j] = list[j - 1];
        list[j] = s;
    }
    ag_tensor *table = NULL;
    for (int i = 0; i < n; i++) {
        table = ag_planner_multiply_in(p, table, &list[i]);
        if (!table) {
            *failed = true;
            return NULL;
        }
    }
    return table;
}

/* Give every factor to the variable of it that goes first. */
void ag_planner_distribute(ag_planner *p) {
    for (int i = 0; i < p->count; i++)
        p->first_factor[i] = p->first_message[i] = -1;
    for (int i = p->factors->count - 1; i >= 0; i--) {
        const ag_factor *f = &p->factors->factors[i];
        if (ag_planner_cuts(p, f))
            continue;
        p->plan->log2_least += f->log2_min;
        p->plan->has_draws = p->plan->has_draws || f->draws > 1;
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
