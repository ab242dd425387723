/* Reverse differentiation of the way up, and the beliefs that follow. */
#include "network_planner.h"

/* The derivative by one part of a node: the product of the other parts and of the node's own
 * derivative. */
static bool differentiate(ag_planner *p, const ag_node *node, int by) {
    ag_tensor *input = node->parts[by];
    ag_tensor *parts[AG_OPERANDS] = {NULL};
    ag_tensor out_gradient = *node->out;
    double bound = 0;
    int count = 0;
    for (int i = 0; i < AG_OPERANDS; i++)
        if (i != by && node->parts[i]) {
            parts[count++] = node->parts[i];
            bound += node->parts[i]->log2_least;
        }
    if (node->out->gradient != AG_NOWHERE) {
        out_gradient.at = node->out->gradient;
        parts[count++] = &out_gradient;
        bound += node->out->gradient_log2;
    }
    if (count == 0)
        return true; /* the derivative is 1 everywhere */
    ag_tensor gradient = *input;
    bool rescale = bound < AG_RESCALE_BELOW;
    input->gradient_log2 = rescale ? 0 : bound;
    gradient.at = input->is_likelihood ? p->plan->belief[input->variable]
                                       : ag_emit_reserve(&p->emitter, input->entries, input->lanes);
    input->gradient = gradient.at;
    return ag_emit_product(&p->emitter, &p->plan->down, &gradient, parts, rescale);
}

static bool fulfil_wish(ag_planner *p, const ag_wish *wish) {
    ag_tensor *parts[AG_OPERANDS] = {NULL};
    ag_tensor *source = wish->message;
    const ag_node *node = &p->nodes[wish->node];
    ag_tensor gradient;
    if (!source) { /* a leaf: its table and the derivative of what it sent */
        parts[0] = node->parts[0];
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

/* Derivatives are wanted by what was wished for, and by what follows from something wanted. */
static void mark_needed(ag_planner *p) {
    for (int w = 0; w < p->wish_count; w++)
        if (p->wishes[w].message)
            p->wishes[w].message->is_needed = true;
        else
            p->nodes[p->wishes[w].node].out->is_needed = true;
    for (int i = 0; i < p->node_count; i++)
        for (int part = 0; part < AG_OPERANDS; part++)
            if (p->nodes[i].parts[part] && p->nodes[i].parts[part]->is_needed)
                p->nodes[i].out->is_needed = true;
}

bool ag_planner_differentiate(ag_planner *p) {
    mark_needed(p);
    int wish = p->wish_count;
    for (int i = p->node_count - 1; i >= 0; i--) {
        const ag_node *node = &p->nodes[i];
        for (int part = 0; part < AG_OPERANDS; part++)
            if (node->parts[part] && node->parts[part]->is_needed && !differentiate(p, node, part))
                return false;
        for (; wish > 0 && p->wishes[wish - 1].node == i; wish--)
            if (!fulfil_wish(p, &p->wishes[wish - 1]))
                return false;
    }
    return true;
}
