/*
 * Causes on which the record is silent, summed up. Each acts on a function by itself, so that only
 * the greatest of their links on it counts: the background B of the function, one node instead of
 * one for each link. With M the greatest of all of them but one link L,
 *
 *     B = max(L, M),    P(L = l | e) = sum over m of P(L = l) P(M = m) P(B = b | e) / P(B = b),
 *                                      b = max(l, m),
 *
 * and P(M) follows from P(B) and P(L) state by state, the least first. Where the man names the
 * onset of the complaint and would notice the failure, a state of L, M and B is a pair: the state
 * of the function, and when it would have begun. Each half of a maximum is then a maximum.
 */
#include "clinical_network_builder.h"

#include <math.h>
#include <string.h>

enum { ONSETS = 3, MOST_STATES = 16 };
enum { ABREAST = 8 }; /* draws side by side */

/* ---- states ---- */

static int function_state(const ag_background *g, int state) {
    return g->with_onset ? (state + ONSETS - 1) / ONSETS : state;
}

static int onset_state(int state) {
    return state == 0 ? 0 : (state - 1) % ONSETS;
}

static int greater(int a, int b) {
    return a > b ? a : b;
}

/* The maximum of two states. */
static int join(const ag_background *g, int a, int b) {
    int function = greater(function_state(g, a), function_state(g, b));
    if (!g->with_onset || function == 0)
        return function;
    return 1 + ONSETS * (function - 1) + greater(onset_state(a), onset_state(b));
}

/* Whether the link does something that counts: it fails, and, where that is known, then. */
static bool counts(const ag_background *g, int state) {
    return g->with_onset ? state > 0 && onset_state(state) == 1 : state > 0;
}

/* P(L = state) in each draw, into `room` where it is not at hand. */
static const double *link_row(const ag_background *g, const ag_silent_link *link, int state,
                              int draws, double *room) {
    const double *p = link->prior->p + (size_t)function_state(g, state) * (size_t)draws;
    if (!g->with_onset || state == 0)
        return p;
    const double shares[ONSETS] = {link->onset.later, link->onset.within, link->onset.earlier};
    double share = shares[onset_state(state)];
    for (int d = 0; d < draws; d++)
        room[d] = share * p[d];
    return room;
}

/* ---- building ---- */

static int states_of(const ag_builder *b, int function) {
    const ag_variable *variable = &b->model->knowledge->variables[function];
    int states = variable->states.count;
    return b->situation->onset != NULL && variable->felt ? 1 + (states - 1) * ONSETS : states;
}

int ag_clinical_network_background_count(const ag_clinical_network *model) {
    return model->background_count;
}

int ag_clinical_network_background_node(const ag_clinical_network *model, int background) {
    return model->backgrounds[background].node;
}

bool ag_builder_sums_up(const ag_builder *b, int cause, int function, const ag_link_prior *prior) {
    if (prior->surely_fails || states_of(b, function) > MOST_STATES)
        return false;
    for (int e = 0; e < b->situation->epoch_count; e++)
        if (ag_builder_activity(b, e, cause) != 1)
            return false;
    return true;
}

static inline void join_ordered(double *restrict p, const double *restrict link, int states,
                                int draws, int abreast) {
    double below[ABREAST] = {0}, up_to[ABREAST] = {0};
    for (int s = 0; s < states; s++, p += draws, link += draws)
        for (int i = 0; i < abreast; i++) {
            double before = p[i];
            up_to[i] += link[i];
            p[i] = before * up_to[i] + below[i] * link[i];
            below[i] += before;
        }
}

/* P(max(B, L)) from P(B) and P(L), in place: one is at a state, and the other not above it. */
static void add_ordered_link(const ag_background *g, const ag_silent_link *link, int draws,
                             double *p) {
    int d = 0;
    for (; d + ABREAST <= draws; d += ABREAST)
        join_ordered(p + d, link->prior->p + d, g->state_count, draws, ABREAST);
    for (; d < draws; d++)
        join_ordered(p + d, link->prior->p + d, g->state_count, draws, 1);
}

/* The same where states are pairs, of which not each is above or below another. */
static void add_link(const ag_background *g, const ag_silent_link *link, int draws, double *p,
                     double *sum) {
    double room[AG_DRAWS];
    memset(sum, 0, (size_t)g->state_count * (size_t)draws * sizeof *sum);
    for (int l = 0; l < g->state_count; l++) {
        const double *row = link_row(g, link, l, draws, room);
        bool any = false;
        for (int d = 0; d < draws && !any; d++)
            any = row[d] > 0;
        for (int c = 0; c < g->state_count && any; c++) {
            double *to = sum + (size_t)join(g, c, l) * (size_t)draws;
            const double *from = p + (size_t)c * (size_t)draws;
            for (int d = 0; d < draws; d++)
                to[d] += from[d] * row[d];
        }
    }
    memcpy(p, sum, (size_t)g->state_count * (size_t)draws * sizeof *p);
}

static ag_status sum_links(ag_builder *b, ag_background *g, int index) {
    size_t size = (size_t)g->state_count * (size_t)b->draws;
    double *p = ag_arena_array(b->model->arena, size, sizeof *p);
    double *sum = ag_builder_values(b, size);
    if (p == NULL || sum == NULL)
        return ag_builder_no_memory(b);
    for (int d = 0; d < b->draws; d++)
        p[d] = 1;
    for (int l = 0; l < b->model->link_count; l++)
        if (b->model->links[l].background == index && g->with_onset)
            add_link(g, &b->model->silent[l], b->draws, p, sum);
        else if (b->model->links[l].background == index)
            add_ordered_link(g, &b->model->silent[l], b->draws, p);
    g->p = p;
    return AG_OK;
}

static ag_status add_node(ag_builder *b, ag_background *g, int index) {
    const ag_variable *function = &b->model->knowledge->variables[g->function];
    char *name = ag_arena_format(b->scratch, "%s background", function->id);
    if (name == NULL)
        return ag_builder_no_memory(b);
    TRY(ag_network_add_variable(b->model->network, name, g->state_count,
                                g->with_onset ? NULL : function->states.items, &g->node, b->error));
    for (int l = 0; l < b->model->link_count; l++)
        if (b->model->links[l].background == index)
            b->model->links[l].node = g->node;
    return ag_network_set_table(b->model->network, g->node, NULL, 0, g->p, b->draws, b->error);
}

int ag_builder_background(ag_builder *b, int function) {
    ag_clinical_network *model = b->model;
    for (int g = 0; g < model->background_count; g++)
        if (model->backgrounds[g].function == function)
            return g;
    model->backgrounds[model->background_count] = (ag_background){
        .function = function,
        .with_onset = b->situation->onset != NULL && model->knowledge->variables[function].felt,
        .state_count = states_of(b, function)};
    return model->background_count++;
}

ag_status ag_builder_add_backgrounds(ag_builder *b) {
    for (int g = 0; g < b->model->background_count; g++) {
        TRY(sum_links(b, &b->model->backgrounds[g], g));
        TRY(add_node(b, &b->model->backgrounds[g], g));
    }
    return AG_OK;
}

const ag_background *ag_builder_background_of(const ag_builder *b, int function) {
    for (int g = 0; g < b->model->background_count; g++)
        if (b->model->backgrounds[g].function == function)
            return &b->model->backgrounds[g];
    return NULL;
}

/* [state of the background][state of the other]: 1 where the one says the other. */
static ag_status set_parts(ag_builder *b, const ag_background *g, bool onset, int states,
                           ag_network_link *out) {
    double *values = ag_builder_doubles(b, (size_t)g->state_count * (size_t)states);
    if (values == NULL)
        return ag_builder_no_memory(b);
    for (int c = 0; c < g->state_count; c++)
        values[c * states + (onset ? onset_state(c) : function_state(g, c))] = 1;
    *out = (ag_network_link){g->node, values, 1};
    return AG_OK;
}

ag_status ag_builder_background_function(ag_builder *b, const ag_background *g,
                                         ag_network_link *out) {
    return set_parts(b, g, false, b->model->knowledge->variables[g->function].states.count, out);
}

ag_status ag_builder_background_onset(ag_builder *b, const ag_background *g, ag_network_link *out) {
    return set_parts(b, g, true, ONSETS, out);
}

/* ---- reading ---- */

static void add_product(const double *row, const double *other, double scale, int draws,
                        double *to) {
    for (int d = 0; d < draws; d++)
        to[d] += scale * (row[d] * other[d]);
}

/* P(M = m) of the other links together, [states][draws]: P(B = b) less what L brings to b in
 * company of lower M, over P(L <= b). */
static void others(const ag_background *g, const ag_silent_link *link, int draws, double *out) {
    double room[AG_DRAWS], up_to[AG_DRAWS];
    memcpy(out, g->p, (size_t)g->state_count * (size_t)draws * sizeof *out);
    for (int c = 0; c < g->state_count; c++) {
        double *to = out + c * draws;
        memset(up_to, 0, sizeof up_to);
        for (int l = 0; l <= c; l++) {
            const double *row = link_row(g, link, l, draws, room);
            for (int d = 0; d < draws && join(g, l, c) == c; d++)
                up_to[d] += row[d];
            for (int m = 0; m < c; m++)
                if (join(g, l, m) == c)
                    add_product(row, out + m * draws, -1, draws, to);
        }
        for (int d = 0; d < draws; d++)
            to[d] = to[d] > 0 ? to[d] / up_to[d] : 0;
    }
}

double ag_clinical_network_raised(const ag_clinical_network *model, int background,
                                  const double *marginal) {
    const ag_background *g = &model->backgrounds[background];
    int draws = ag_network_draw_count(model->network);
    double most = 0;
    for (int i = draws; i < g->state_count * draws; i++) {
        double ratio = g->p[i] > 0 ? marginal[i] / g->p[i] : 0;
        most = ratio > most ? ratio : most;
    }
    return most;
}

/* P(L = l | e) = P(l) sum over m of P(m) P(b | e) / P(b), with b = max(l, m) above normal. */
double ag_clinical_network_link_bound(const ag_clinical_network *model, int index, double raised) {
    return model->silent[index].prior->fails * raised;
}

void ag_clinical_network_link_posterior(const ag_clinical_network *model, int index,
                                        const double *marginal, double (*states)[AG_DRAWS],
                                        double *effect) {
    const ag_background *g = &model->backgrounds[model->links[index].background];
    const ag_silent_link *link = &model->silent[index];
    int draws = ag_network_draw_count(model->network);
    double ratio[MOST_STATES * AG_DRAWS], rest[MOST_STATES * AG_DRAWS], room[AG_DRAWS];
    for (int i = 0; i < g->state_count * draws; i++)
        ratio[i] = g->p[i] > 0 ? marginal[i] / g->p[i] : 0;
    others(g, link, draws, rest);
    memset(states, 0, (size_t)ag_clinical_network_link_states(model, index) * sizeof *states);
    if (effect != NULL)
        memset(effect, 0, AG_DRAWS * sizeof *effect);
    for (int l = 0; l < g->state_count; l++) {
        double one[AG_DRAWS] = {0};
        for (int m = 0; m < g->state_count; m++)
            add_product(rest + m * draws, ratio + join(g, l, m) * draws, 1, draws, one);
        const double *row = link_row(g, link, l, draws, room);
        add_product(row, one, 1, draws, states[function_state(g, l)]);
        if (effect != NULL && counts(g, l))
            add_product(row, one, 1, draws, effect);
    }
}

/* P(the link does nothing that counts | B) as a likelihood of B. */
ag_status ag_background_suppose_no_effect(const ag_clinical_network *model, int index,
                                          ag_query *query, ag_error *error) {
    const ag_background *g = &model->backgrounds[model->links[index].background];
    const ag_silent_link *link = &model->silent[index];
    int draws = ag_network_draw_count(model->network);
    double rest[MOST_STATES * AG_DRAWS], chance[MOST_STATES * AG_DRAWS] = {0}, room[AG_DRAWS];
    others(g, link, draws, rest);
    for (int l = 0; l < g->state_count; l++) {
        const double *row = link_row(g, link, l, draws, room);
        for (int m = 0; m < g->state_count && !counts(g, l); m++)
            add_product(row, rest + m * draws, 1, draws, chance + join(g, l, m) * draws);
    }
    for (int i = 0; i < g->state_count * draws; i++)
        chance[i] = g->p[i] > 0 ? fmin(chance[i] / g->p[i], 1) : 1;
    return ag_query_set_likelihood(query, g->node, chance, draws, error);
}
