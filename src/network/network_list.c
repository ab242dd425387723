/*
 * Listing terms: go through the loops of each operation, kept ones outside, and keep the terms
 * whose operands can all differ from 0. Outputs that are of no use, or have no term, are left out:
 * they are 0 in a block that starts as zeros.
 */
#include "network_list.h"

#include <stdlib.h>
#include <string.h>

typedef struct builder {
    const ag_flat *plan;
    const double *block;
    const unsigned char *support;
    size_t term_limit;
    ag_lists *lists;
    size_t front;    /* doubles of likelihoods and beliefs, which stay in their places */
    uint32_t *place; /* by old place / lanes: the new one; an entry of zeros where there is none */
} builder;

static bool grow_groups(ag_lists *l) {
    if (l->groups < l->group_capacity)
        return true;
    size_t capacity = l->group_capacity ? 2 * l->group_capacity : 1024;
    uint32_t *out = realloc(l->out, capacity * sizeof *out);
    l->out = out ? out : l->out;
    uint32_t *count = out ? realloc(l->count, capacity * sizeof *count) : NULL;
    l->count = count ? count : l->count;
    if (!count)
        return false;
    l->group_capacity = capacity;
    return true;
}

static bool grow_terms(ag_lists *l, size_t limit) {
    if (l->terms < l->term_capacity)
        return true;
    size_t capacity = l->term_capacity ? 2 * l->term_capacity : 4096;
    if (capacity > limit)
        return false;
    double *factor = realloc(l->factor, capacity * sizeof *factor);
    l->factor = factor ? factor : l->factor;
    uint32_t *a = factor ? realloc(l->a, capacity * sizeof *a) : NULL;
    l->a = a ? a : l->a;
    uint32_t *b = a ? realloc(l->b, capacity * sizeof *b) : NULL;
    l->b = b ? b : l->b;
    if (!b)
        return false;
    l->term_capacity = capacity;
    return true;
}

static uint32_t new_place(const builder *b, size_t old) {
    return old < b->front ? (uint32_t)old : b->place[old / AG_LANES];
}

/* The place of an output that has terms, made if it is new. */
static uint32_t make_place(builder *b, size_t old) {
    if (old >= b->front && b->place[old / AG_LANES] == b->front) {
        b->place[old / AG_LANES] = (uint32_t)b->lists->block_size;
        b->lists->block_size += AG_LANES;
    }
    return new_place(b, old);
}

/* A walk through some loops: a counter per loop, offsets of the output and the operands. */
typedef struct walk {
    const ag_loop *loops[64];
    size_t at[64];
    int count;
    ptrdiff_t out;
    ptrdiff_t in[AG_OPERANDS];
} walk;

static bool step(walk *w) {
    for (int d = w->count - 1; d >= 0; d--) {
        const ag_loop *loop = w->loops[d];
        ptrdiff_t by = 1;
        bool wraps = ++w->at[d] == loop->count;
        if (wraps) {
            by = 1 - (ptrdiff_t)loop->count;
            w->at[d] = 0;
        }
        w->out += loop->out * by;
        for (int i = 0; i < AG_OPERANDS; i++)
            w->in[i] += loop->in[i] * by;
        if (!wraps)
            return true;
    }
    return false;
}

/* Outputs are listed as they lie in the block. */
static void split_loops(const ag_flat *plan, const ag_op *op, walk *kept, walk *summed) {
    memset(kept, 0, sizeof *kept);
    memset(summed, 0, sizeof *summed);
    for (int i = 0; i < op->outer + 2; i++) {
        const ag_loop *loop = &plan->loops[op->loops + (uint32_t)i];
        walk *w = loop->out ? kept : summed;
        if (loop->count <= 1)
            continue;
        int j = w->count++;
        for (; j > 0 && w->loops[j - 1]->out < loop->out; j--)
            w->loops[j] = w->loops[j - 1];
        w->loops[j] = loop;
    }
}

static bool add_term(builder *b, const ag_op *op, const walk *kept, const walk *summed) {
    size_t place[AG_OPERANDS];
    for (int i = 0; i < op->operands; i++) {
        size_t offset = (size_t)(kept->in[i] + summed->in[i]);
        if (!b->support[op->in_shadow[i] + offset])
            return true;
        place[i] = op->in[i] + offset;
    }
    ag_lists *l = b->lists;
    if (!grow_terms(l, b->term_limit))
        return false;
    int first = op->broadcast;
    l->factor[l->terms] = first ? b->block[place[0]] : 1;
    l->a[l->terms] = op->operands > first ? new_place(b, place[first]) : 0;
    l->b[l->terms] = op->operands > first + 1 ? new_place(b, place[first + 1]) : 0;
    l->terms++;
    l->count[l->groups]++;
    return true;
}

/* All terms of one output. */
static bool add_group(builder *b, const ag_op *op, const walk *kept, walk *summed) {
    ag_lists *l = b->lists;
    if (!b->support[op->out_shadow + (size_t)kept->out])
        return true;
    if (!grow_groups(l))
        return false;
    l->count[l->groups] = 0;
    do
        if (!add_term(b, op, kept, summed))
            return false;
    while (step(summed));
    if (l->count[l->groups] > 0) {
        l->out[l->groups] = make_place(b, op->out + (size_t)kept->out);
        l->groups++;
    }
    return true;
}

static bool add_list(builder *b, const ag_op *op, ag_list *list) {
    ag_lists *l = b->lists;
    walk kept;
    walk summed;
    split_loops(b->plan, op, &kept, &summed);
    int lanes = op->operands - op->broadcast;
    *list =
        (ag_list){.rescale = op->rescale,
                  .first_group = l->groups,
                  .first_term = l->terms,
                  .parts = (uint8_t)((op->broadcast ? AG_LIST_FACTOR : 0) |
                                     (lanes > 0 ? AG_LIST_A : 0) | (lanes > 1 ? AG_LIST_B : 0))};
    do
        if (!add_group(b, op, &kept, &summed))
            return false;
    while (step(&kept));
    list->groups = (uint32_t)(l->groups - list->first_group);
    list->out = list->groups ? l->out[list->first_group] : b->front; /* the rest follows */
    list->out_entries = list->groups * (size_t)AG_LANES;
    list->uniform = list->groups ? l->count[list->first_group] : 0;
    for (uint32_t g = 1; g < list->groups; g++)
        if (l->count[list->first_group + g] != list->uniform)
            list->uniform = 0;
    return true;
}

static bool add_lists(builder *b, const ag_op_list *ops, ag_list **out, uint32_t *count) {
    *out = calloc((size_t)ops->count + 1, sizeof **out);
    if (!*out)
        return false;
    for (uint32_t i = 0; i < ops->count; i++)
        if (!add_list(b, &ops->ops[i], &(*out)[i]))
            return false;
    *count = ops->count;
    return true;
}

/* Likelihoods and beliefs come first in the block. */
static size_t find_front(const ag_flat *plan) {
    size_t front = plan->block_size;
    for (uint32_t i = 0; i < plan->up.count; i++)
        front = plan->up.ops[i].out < front ? plan->up.ops[i].out : front;
    for (uint32_t i = 0; i < plan->shared.count; i++)
        front = plan->shared.ops[i].out < front ? plan->shared.ops[i].out : front;
    return front;
}

static bool map_roots(builder *b) {
    b->lists->roots = malloc(((size_t)b->plan->root_count + 1) * sizeof *b->lists->roots);
    for (int i = 0; b->lists->roots && i < b->plan->root_count; i++)
        b->lists->roots[i] = new_place(b, b->plan->roots[i]);
    return b->lists->roots != NULL;
}

static bool build(builder *b) {
    const ag_flat *plan = b->plan;
    ag_lists *lists = b->lists;
    size_t entries = plan->block_size / AG_LANES + 1;
    b->front = find_front(plan);
    lists->block_size = b->front + AG_LANES; /* the entry of zeros lies between */
    b->place = malloc(entries * sizeof *b->place);
    for (size_t i = 0; b->place && i < entries; i++)
        b->place[i] = (uint32_t)b->front;
    return b->place && add_lists(b, &plan->up, &lists->up, &lists->up_count) && map_roots(b) &&
           add_lists(b, &plan->down, &lists->down, &lists->down_count);
}

ag_lists *ag_lists_new(const ag_flat *plan, const double *block, const unsigned char *support,
                       size_t term_limit) {
    ag_lists *lists = calloc(1, sizeof *lists);
    builder b = {plan, block, support, term_limit, lists, 0, NULL};
    bool ok = lists && plan->block_size < UINT32_MAX - 2 * AG_LANES && build(&b);
    free(b.place);
    if (ok)
        return lists;
    ag_lists_free(lists);
    return NULL;
}

void ag_lists_free(ag_lists *lists) {
    if (!lists)
        return;
    free(lists->roots);
    free(lists->up);
    free(lists->down);
    free(lists->out);
    free(lists->count);
    free(lists->factor);
    free(lists->a);
    free(lists->b);
    free(lists);
}

size_t ag_lists_bytes(const ag_lists *lists) {
    return sizeof *lists + (lists->up_count + lists->down_count) * sizeof(ag_list) +
           lists->group_capacity * 8 + lists->term_capacity * 16;
}
