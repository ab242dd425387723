/* Where his semen goes at his next orgasm, today. */
#include "assessment.h"

#include <math.h>
#include <string.h>

/* What is asked of the network: that it takes a route, and less than a visible volume comes out. */
enum { UNSEEN_FORWARD, UNSEEN_SPLIT, QUESTIONS };

static const char *const route_names[AG_SEMEN_ROUTES] = {"forward", "split", "backward", "retained",
                                                         "none"};

/* The states of a variable among `words`, with a bit each. */
static uint32_t states_of(const ag_assessing *a, int variable, const char *const *words,
                          int count) {
    const ag_texts *states = &a->knowledge->variables[variable].states;
    uint32_t bits = 0;
    for (int s = 0; s < states->count; s++)
        for (int w = 0; w < count; w++)
            bits |= (uint32_t)(strcmp(states->items[s], words[w]) == 0) << s;
    return bits;
}

ag_status ag_assess_ask_routes(ag_assessing *a) {
    static const char *const less[] = {"trace", "none"};
    static const ag_semen_route routes[QUESTIONS] = {AG_SEMEN_FORWARD, AG_SEMEN_SPLIT};
    int route = ag_knowledge_variable(a->knowledge, "route");
    int volume = ag_knowledge_variable(a->knowledge, "forward-volume");
    if (route < 0 || volume < 0)
        return AG_OK;
    ag_both *both = ag_arena_array(a->result->arena, QUESTIONS, sizeof *both);
    if (both == NULL)
        return ag_assess_no_memory(a);
    for (int q = 0; q < QUESTIONS; q++)
        both[q] = (ag_both){
            {route, volume},
            {states_of(a, route, &route_names[routes[q]], 1), states_of(a, volume, less, 2)}};
    a->man->situation.both = both;
    a->man->situation.both_count = QUESTIONS;
    return AG_OK;
}

/* P(route, and less than a visible volume comes forward) in each possible draw: 0 where the
 * knowledge has no volumes. */
static void unseen(const ag_assessing *a, int question, double *out) {
    const ag_posterior *today = &a->result->today;
    memset(out, 0, AG_DRAWS * sizeof *out);
    if (question < a->man->situation.both_count)
        ag_posterior_draws(today, ag_clinical_network_both_node(today->clinical, question), 1 << 1,
                           out);
}

/* What goes forward unseen counts as nothing; so does the forward half of what goes both ways. */
static void move_unseen(double (*p)[AG_DRAWS], int d, double forward, double split) {
    p[AG_SEMEN_FORWARD][d] = fmax(p[AG_SEMEN_FORWARD][d] - forward, 0);
    p[AG_SEMEN_SPLIT][d] = fmax(p[AG_SEMEN_SPLIT][d] - split, 0);
    p[AG_SEMEN_BACKWARD][d] += split / 2;
    p[AG_SEMEN_NONE][d] += forward + split / 2;
}

void ag_assess_routes(ag_assessing *a) {
    double p[AG_SEMEN_ROUTES][AG_DRAWS], forward[AG_DRAWS], split[AG_DRAWS];
    const ag_posterior *today = &a->result->today;
    int variable = ag_knowledge_variable(a->knowledge, "route"), draws = 0;
    if (variable >= 0) {
        int node = ag_clinical_network_node(today->clinical, variable, AG_EPOCH_TODAY, -1);
        for (int r = 0; r < AG_SEMEN_ROUTES; r++)
            draws =
                ag_posterior_draws(today, node, states_of(a, variable, &route_names[r], 1), p[r]);
        unseen(a, UNSEEN_FORWARD, forward);
        unseen(a, UNSEEN_SPLIT, split);
    }
    for (int d = 0; d < draws; d++)
        move_unseen(p, d, forward[d], split[d]);
    for (int r = 0; r < AG_SEMEN_ROUTES; r++) /* none of no draws: not a number */
        a->result->routes[r] = ag_estimate_of(p[r], draws);
}
