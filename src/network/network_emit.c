/* From a product of tables to loops: walk the variables from the fastest to the slowest, merge
 * neighbours that all operands step through alike, then choose which loops are innermost. */
#include "network_emit.h"

#include <stdlib.h>
#include <string.h>

size_t ag_emit_reserve_tight(ag_emitter *emitter, double entries, bool lanes) {
    double at = emitter->block_size;
    emitter->block_size += entries * (lanes ? AG_LANES : 1);
    return at < 0x1p60 ? (size_t)at : AG_NOWHERE - 1;
}

size_t ag_emit_reserve(ag_emitter *emitter, double entries, bool lanes) {
    double unit = emitter->plan->lanes ? AG_LANES : entries >= 8 ? 8 : 1; /* start on a vector */
    double excess = emitter->block_size - unit * (double)(uint64_t)(emitter->block_size / unit);
    emitter->block_size += excess > 0 ? unit - excess : 0;
    return ag_emit_reserve_tight(emitter, entries, lanes);
}

ag_operand ag_operand_of(const ag_tensor *t) {
    return (ag_operand){
        .rank = t->rank, .scope = t->scope, .at = t->at, .shadow = t->shadow, .lanes = t->lanes};
}

static ag_op *new_op(ag_op_list *list) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? 2 * list->capacity : 64;
        ag_op *ops = realloc(list->ops, capacity * sizeof *ops);
        if (!ops)
            return NULL;
        list->ops = ops;
        list->capacity = capacity;
    }
    ag_op *op = &list->ops[list->count++];
    memset(op, 0, sizeof *op);
    return op;
}

static ag_loop *new_loops(ag_flat *plan, uint32_t count) {
    if (plan->loop_count + count > plan->loop_capacity) {
        uint32_t capacity = plan->loop_capacity ? 2 * plan->loop_capacity : 256;
        while (capacity < plan->loop_count + count)
            capacity *= 2;
        ag_loop *loops = realloc(plan->loops, capacity * sizeof *loops);
        if (!loops)
            return NULL;
        plan->loops = loops;
        plan->loop_capacity = capacity;
    }
    ag_loop *loops = plan->loops + plan->loop_count;
    plan->loop_count += count;
    return loops;
}

/* The loops of an operation before their order is chosen, fastest first; kept ones step the output.
 */
typedef struct loop_nest {
    ag_loop loops[AG_RANK_MAX + 2];
    bool kept[AG_RANK_MAX + 2];
    int count;
} loop_nest;

typedef struct cursor {
    const ag_operand *operand;
    int left;      /* scope places not yet passed */
    size_t stride; /* step of the next place of a dense operand */
} cursor;

static ptrdiff_t cursor_step(cursor *c, int place, size_t states) {
    if (c->left == 0 || c->operand->scope[c->left - 1] != place)
        return 0;
    c->left--;
    size_t step = c->operand->stride ? c->operand->stride[c->left] : c->stride;
    c->stride *= states;
    return (ptrdiff_t)step;
}

static bool can_merge(const ag_loop *fast, bool fast_kept, const ag_loop *slow, bool slow_kept,
                      int operands) {
    ptrdiff_t n = (ptrdiff_t)fast->count;
    if (fast_kept != slow_kept || slow->out != fast->out * n)
        return false;
    for (int i = 0; i < operands; i++)
        if (slow->in[i] != fast->in[i] * n)
            return false;
    return true;
}

static void build_nest(const ag_emitter *e, const ag_operand *out, const ag_operand *operands,
                       int count, loop_nest *nest) {
    cursor cursors[1 + AG_OPERANDS];
    for (int i = 0; i <= count; i++) {
        const ag_operand *o = i == 0 ? out : &operands[i - 1];
        cursors[i] = (cursor){o, o->rank, o->lanes ? AG_LANES : 1};
    }
    nest->count = 0;
    for (;;) {
        int place = -1;
        for (int i = 0; i <= count; i++)
            if (cursors[i].left && cursors[i].operand->scope[cursors[i].left - 1] > place)
                place = cursors[i].operand->scope[cursors[i].left - 1];
        if (place < 0)
            return;
        size_t states = e->states[place];
        ag_loop loop = {.count = states};
        bool kept = cursors[0].left && out->scope[cursors[0].left - 1] == place;
        loop.out = cursor_step(&cursors[0], place, states);
        for (int i = 0; i < count; i++)
            loop.in[i] = cursor_step(&cursors[i + 1], place, states);
        if (states == 1)
            continue;
        int last = nest->count - 1;
        if (last >= 0 && can_merge(&nest->loops[last], nest->kept[last], &loop, kept, count)) {
            nest->loops[last].count *= states;
        } else {
            nest->loops[nest->count] = loop;
            nest->kept[nest->count++] = kept;
        }
    }
}

static const ag_loop ONCE = {.count = 1};

/* Index of the fastest loop of the kind that is not `taken`, or -1. */
static int find_loop(const loop_nest *nest, bool kept, int taken) {
    for (int i = 0; i < nest->count; i++)
        if (i != taken && nest->kept[i] == kept)
            return i;
    return -1;
}

/* Store the loops: outer ones (kept before summed, slow before fast), then the middle and inner
 * one. */
static bool store_loops(ag_flat *plan, ag_op *op, const loop_nest *nest, int middle, int inner) {
    uint32_t first = plan->loop_count;
    ag_loop *loops = new_loops(plan, (uint32_t)nest->count + 2);
    if (!loops)
        return false;
    int n = 0;
    for (int kept = 1; kept >= 0; kept--)
        for (int i = nest->count - 1; i >= 0; i--)
            if (i != middle && i != inner && nest->kept[i] == (kept == 1)) {
                loops[n++] = nest->loops[i];
                op->adds |= (uint8_t)(kept == 0);
            }
    op->outer = (uint8_t)n;
    loops[n++] = middle >= 0 ? nest->loops[middle] : ONCE;
    loops[n++] = inner >= 0 ? nest->loops[inner] : ONCE;
    op->loops = first;
    plan->loop_count = first + (uint32_t)n;
    return true;
}

static void swap_operands(loop_nest *nest, ag_operand *operands, int a, int b) {
    ag_operand o = operands[a];
    operands[a] = operands[b];
    operands[b] = o;
    for (int i = 0; i < nest->count; i++) {
        ptrdiff_t step = nest->loops[i].in[a];
        nest->loops[i].in[a] = nest->loops[i].in[b];
        nest->loops[i].in[b] = step;
    }
}

/* Scalar forms want the operands that step along the inner loop first. */
static int vectors_first(loop_nest *nest, ag_operand *operands, int count) {
    int vectors = 0;
    for (int i = 0; i < count; i++)
        if (nest->count && nest->loops[0].in[i]) {
            if (i != vectors)
                swap_operands(nest, operands, i, vectors);
            vectors++;
        }
    return vectors;
}

/* Lane forms want the operands that all lanes share first. */
static int shared_first(loop_nest *nest, ag_operand *operands, int count) {
    int shared = 0;
    for (int i = 0; i < count; i++)
        if (!operands[i].lanes) {
            if (i != shared)
                swap_operands(nest, operands, i, shared);
            shared++;
        }
    return shared;
}

static double entries_of(const loop_nest *nest, int operand) {
    double entries = 1;
    for (int i = 0; i < nest->count; i++)
        entries *= nest->loops[i].in[operand] ? (double)nest->loops[i].count : 1;
    return entries;
}

/*
 * The kept loop whose steps the kernel takes side by side: one along which an operand of lanes
 * stays where it is, which is then read once for all of them, the largest operand if possible; else
 * the longest loop. The steady operand becomes the last one: x * y = y * x to the last bit.
 */
static int choose_middle(ag_op *op, loop_nest *nest, ag_operand *operands, int count) {
    int middle = -1, steady = -1;
    int first = count - 2 > op->broadcast ? count - 2 : op->broadcast;
    double most = 0;
    for (int i = 0; i < nest->count; i++) {
        const ag_loop *loop = &nest->loops[i];
        if (!nest->kept[i])
            continue;
        if (middle < 0 || (steady < 0 && loop->count > nest->loops[middle].count))
            middle = i;
        for (int o = first; o < count && count > 1 && loop->count >= AG_ABREAST; o++)
            if (loop->in[o] == 0 && entries_of(nest, o) > most) {
                most = entries_of(nest, o);
                middle = i;
                steady = o;
            }
    }
    op->steady = steady >= 0;
    if (op->steady)
        swap_operands(nest, operands, steady, count - 1);
    return middle;
}

static void fill_operands(ag_op *op, const ag_operand *operands, int count) {
    op->operands = (uint8_t)count;
    for (int i = 0; i < count; i++) {
        op->in[i] = operands[i].at;
        op->in_shadow[i] = operands[i].shadow;
        if (operands[i].external) {
            op->external = (uint8_t)(i + 1);
            op->factor = (uint32_t)operands[i].factor;
        }
    }
}

bool ag_emit_product(ag_emitter *e, ag_op_list *list, const ag_tensor *out,
                     ag_tensor *const parts[AG_OPERANDS], bool rescale) {
    ag_operand operands[AG_OPERANDS];
    int count = 0;
    for (int i = 0; i < AG_OPERANDS; i++)
        if (parts[i])
            operands[count++] = ag_operand_of(parts[i]);
    ag_operand to = ag_operand_of(out);
    loop_nest nest;
    build_nest(e, &to, operands, count, &nest);
    ag_op *op = new_op(list);
    if (!op)
        return false;
    int inner;
    int middle;
    if (out->lanes) {
        op->broadcast = (uint8_t)shared_first(&nest, operands, count);
        inner = find_loop(&nest, false, -1);
        op->form = inner >= 0 ? AG_FORM_LANES : AG_FORM_LANES_EACH;
        if (inner < 0)
            inner = find_loop(&nest, true, -1);
        middle = op->form == AG_FORM_LANES ? choose_middle(op, &nest, operands, count)
                                           : find_loop(&nest, true, inner);
    } else {
        op->vectors = (uint8_t)vectors_first(&nest, operands, count);
        inner = nest.count ? 0 : -1;
        bool kept = inner < 0 || nest.kept[0];
        op->form = kept ? AG_FORM_KEPT : AG_FORM_SUMMED;
        middle = find_loop(&nest, !kept, inner);
    }
    fill_operands(op, operands, count);
    op->out = out->at;
    op->out_shadow = out->shadow;
    op->out_entries = (size_t)out->entries * (out->lanes ? AG_LANES : 1);
    op->rescale = rescale;
    return store_loops(e->plan, op, &nest, middle, inner);
}

/* Walk an operand of a nest without sums in the order in which it is stored. */
static void follow(loop_nest *nest, int operand) {
    for (int i = 1; i < nest->count; i++) {
        ag_loop loop = nest->loops[i];
        int j = i;
        for (; j > 0 && nest->loops[j - 1].in[operand] > loop.in[operand]; j--)
            nest->loops[j] = nest->loops[j - 1];
        nest->loops[j] = loop;
    }
}

bool ag_emit_load(ag_emitter *e, ag_op_list *list, const ag_tensor *out, const ag_operand *given,
                  int count) {
    ag_operand operands[2] = {given[0], count > 1 ? given[1] : given[0]};
    ag_operand to = ag_operand_of(out);
    loop_nest nest;
    build_nest(e, &to, operands, count, &nest);
    ag_op *op = new_op(list);
    if (!op)
        return false;
    if (out->lanes)
        op->broadcast = (uint8_t)shared_first(&nest, operands, count);
    op->form = out->lanes ? AG_FORM_LANES_EACH : AG_FORM_STRIDED;
    fill_operands(op, operands, count);
    follow(&nest, op->external - 1); /* it comes from far, the rest from the block */
    op->out = out->at;
    op->out_shadow = out->shadow;
    op->out_entries = (size_t)out->entries * (out->lanes ? AG_LANES : 1);
    int inner = find_loop(&nest, true, -1);
    return store_loops(e->plan, op, &nest, find_loop(&nest, true, inner), inner);
}
