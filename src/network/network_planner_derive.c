/* Reverse differentiation of the way up, and the beliefs that follow. */
#include "network_planner.h"

/* The derivative by `input` of its node: the product of the node's other parts and its own
 * derivative. */
static bool differentiate(ag_planner *p, const ag_node *node, ag_tensor *input, ag_tensor *other) {
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

static bool fulfil_wish(ag_planner *p, const ag_wish *wish) {
    const ag_tensor *parts[3] = {NULL, NULL, NULL};
    const ag_tensor *source = wish->message;
    const ag_node *node = &p->nodes[wish->node];
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

bool ag_planner_differentiate(ag_planner *p) {
    int wish = p->wish_count;
    for (int i = p->node_count - 1; i >= 0; i--) {
        const ag_node *node = &p->nodes[i];
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
