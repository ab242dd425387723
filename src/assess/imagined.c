/* The two worlds of an imagined epoch, and what is read from both. */
#include "imagined.h"

#include <assert.h>
#include <math.h>

enum { MOST_ASKED = 4 };

ag_status ag_imagined_open(ag_posterior *out, const ag_knowledge *knowledge,
                           const ag_situation *situation, bool changed, int draws,
                           ag_parameter_cache *cache, ag_error *error) {
    ag_situation world = *situation;
    world.asks_change = true;
    world.asks_today = !changed;
    ag_status status = ag_posterior_prepare(out, knowledge, &world, draws, cache, error);
    return status == AG_OK
               ? ag_query_set_state(out->query, ag_clinical_network_changed_node(out->clinical),
                                    changed, error)
               : status;
}

int ag_imagined_node(const ag_posterior *world, const ag_situation *situation, bool changed,
                     int variable) {
    int epoch = changed ? situation->imagined_epoch : AG_EPOCH_TODAY;
    return ag_clinical_network_node(world->clinical, variable, epoch, 0);
}

/* Add P(world, variable, findings) / exp(scale) of each draw. */
static void add_states(const ag_posterior *world, int node, const double *scale,
                       double (*out)[AG_DRAWS]) {
    int draws = world->draw_count;
    int states = ag_network_state_count(ag_clinical_network_model(world->clinical), node);
    const double *marginal = ag_query_marginal(world->query, node);
    for (int d = 0; d < draws; d++) {
        double share = exp(ag_query_log_evidence(world->query, d) - scale[d]);
        for (int s = 0; s < states && share > 0; s++)
            out[s][d] += share * marginal[s * draws + d];
    }
}

/* `scale` [draw] is the log evidence of the first world in which the findings are possible. */
static void read_world(const ag_posterior *world, const ag_situation *situation, bool changed,
                       const int *variables, int count, double *scale,
                       double (*const *out)[AG_DRAWS]) {
    for (int d = 0; d < world->draw_count; d++)
        if (isinf(scale[d]))
            scale[d] = ag_query_log_evidence(world->query, d);
    for (int v = 0; v < count; v++)
        add_states(world, ag_imagined_node(world, situation, changed, variables[v]), scale, out[v]);
}

static void normalise(double (*values)[AG_DRAWS], int draws) {
    for (int d = 0; d < draws; d++) {
        double all = 0;
        for (int s = 0; s < AG_MAX_STATES; s++)
            all += values[s][d];
        for (int s = 0; s < AG_MAX_STATES && all > 0; s++)
            values[s][d] /= all;
    }
}

/* Nothing but these variables is read: the largest networks of all. */
static ag_status ask(const ag_posterior *world, const ag_situation *situation, bool changed,
                     const int *variables, int count, ag_error *error) {
    int nodes[MOST_ASKED];
    assert(count <= MOST_ASKED);
    for (int v = 0; v < count; v++)
        nodes[v] = ag_imagined_node(world, situation, changed, variables[v]);
    return ag_query_ask(world->query, nodes, count, error);
}

ag_status ag_imagined_answers(const ag_knowledge *knowledge, const ag_situation *situation,
                              int draws, ag_parameter_cache *cache, const int *variables, int count,
                              double (*const *out)[AG_DRAWS], ag_error *error) {
    double scale[AG_IMAGINED_DRAWS];
    ag_status status = AG_OK;
    for (int d = 0; d < AG_IMAGINED_DRAWS; d++)
        scale[d] = -INFINITY;
    for (int changed = 0; changed < 2 && status == AG_OK; changed++) {
        ag_posterior world = {0};
        status = ag_imagined_open(&world, knowledge, situation, changed, draws, cache, error);
        if (status == AG_OK)
            status = ask(&world, situation, changed, variables, count, error);
        if (status == AG_OK)
            status = ag_query_run(world.query, error);
        if (status == AG_OK)
            read_world(&world, situation, changed, variables, count, scale, out);
        if (status == AG_ERROR_IMPOSSIBLE) /* this world has no part in the man */
            status = AG_OK;
        ag_posterior_close(&world);
    }
    for (int v = 0; v < count; v++)
        normalise(out[v], draws);
    return status;
}
