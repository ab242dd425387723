/*
 * A treated man. In the imagined epoch a withdrawn cause no longer acts; a cause that is brought in
 * acts on each of its functions, F' = max(F, effect); what the branch of a treatment restores is
 * normal. With V today's outcome, V' that of the imagined epoch and A = "some function differs",
 *
 *     P(outcome | e) = sum over the worlds not-A and A of P(world, outcome, e) / P(e),
 *
 * read from V in the first and from V' in the second. What no changed function reaches is the same
 * node in both epochs, so that it keeps today's outcome.
 */
#include <math.h>
#include <string.h>

#include "plan_work.h"

enum { MOST_EVENTS = 48 };

/* ---- events ---- */

typedef struct maker {
    ag_planning *p;
    ag_arena *arena;
    int draws;
    ag_event *events;
    int count;
    bool failed;
} maker;

/* An event's probabilities ([outcome][draw], zeros) and changes, to be filled; false when out of
 * memory. */
static bool new_event(maker *m, int outcomes, int changes, double **values, ag_change **items) {
    *values = ag_arena_array(m->arena, (size_t)outcomes * (size_t)m->draws, sizeof **values);
    *items = ag_arena_array(m->arena, (size_t)changes, sizeof **items);
    m->failed = m->failed || *values == NULL || *items == NULL || m->count == MOST_EVENTS;
    if (m->failed)
        return false;
    m->events[m->count++] = (ag_event){.outcome_count = outcomes,
                                       .p = *values,
                                       .draw_count = m->draws,
                                       .changes = *items,
                                       .change_count = changes};
    return true;
}

/* The states in `restored` become normal. */
static void add_restoration(maker *m, const ag_restoration *restored) {
    int states = m->p->knowledge->variables[restored->function].states.count;
    int *after = ag_arena_array(m->arena, (size_t)states, sizeof *after);
    double *values;
    ag_change *change;
    m->failed = m->failed || after == NULL;
    if (m->failed || !new_event(m, 1, 1, &values, &change))
        return;
    for (int s = 0; s < states; s++)
        after[s] = restored->states >> s & 1 ? 0 : s;
    *change = (ag_change){restored->function, after};
}

/* [state before][outcome]: the worse of the two. */
static const int *worst_rule(maker *m, int states) {
    int *after = ag_arena_array(m->arena, (size_t)states * (size_t)states, sizeof *after);
    for (int s = 0; after != NULL && s < states; s++)
        for (int o = 0; o < states; o++)
            after[s * states + o] = s > o ? s : o;
    m->failed = m->failed || after == NULL;
    return after;
}

static const ag_action *action_of(const ag_variant *variant, int function) {
    for (int a = 0; a < variant->action_count; a++)
        if (variant->actions[a].function == function)
            return &variant->actions[a];
    return NULL;
}

/* The effect of a cause on one function, mixed over its variants. */
static void add_effect(maker *m, const ag_cause *cause, int function) {
    int states = m->p->knowledge->variables[function].states.count;
    size_t size = (size_t)states * (size_t)m->draws;
    double *row = ag_arena_array(m->arena, size, sizeof *row);
    double *values;
    ag_change *change;
    m->failed = m->failed || row == NULL;
    if (m->failed || !new_event(m, states, 1, &values, &change))
        return;
    for (int v = 0; v < cause->variant_count; v++) {
        const ag_action *action = action_of(&cause->variants[v], function);
        for (size_t i = 0; i < size; i++)
            row[i] = i < (size_t)m->draws;
        if (action != NULL &&
            !ag_parameter_cache_row(m->p->cache, action->states, states, m->draws, row))
            m->failed = true;
        for (size_t i = 0; i < size; i++)
            values[i] += cause->variants[v].share * row[i];
    }
    *change = (ag_change){function, worst_rule(m, states)};
}

static void add_cause(maker *m, int index) {
    const ag_cause *cause = &m->p->knowledge->causes[index];
    for (int f = 0; f < m->p->knowledge->variable_count && !m->failed; f++) {
        bool acts = false;
        for (int v = 0; v < cause->variant_count; v++)
            acts = acts || action_of(&cause->variants[v], f) != NULL;
        if (acts)
            add_effect(m, cause, f);
    }
}

/* ---- the situation ---- */

static const double *const *activities(ag_planning *p, const ag_branch *branch,
                                       const ag_situation *base, ag_arena *arena) {
    size_t causes = (size_t)p->knowledge->cause_count;
    const double **all = ag_arena_array(arena, (size_t)base->epoch_count + 1, sizeof *all);
    double *activity = ag_arena_array(arena, causes, sizeof *activity);
    if (all == NULL || activity == NULL)
        return NULL;
    for (int e = 0; e < base->epoch_count; e++)
        all[e] = base->activity[e];
    memcpy(activity, base->activity[AG_EPOCH_TODAY], causes * sizeof *activity);
    for (int i = 0; i < branch->imagined->withdrawn_count; i++)
        activity[branch->imagined->withdrawn[i]] = 0;
    all[base->epoch_count] = activity;
    return all;
}

/* The man's situation with an imagined epoch in which that has come to pass; forward volume and
 * forward sperm are asked for in it. NULL when out of memory. */
static ag_situation *treated(ag_planning *p, const ag_branch *branch, int draws,
                             const ag_situation *base, ag_arena *arena) {
    maker m = {.p = p, .arena = arena, .draws = draws};
    ag_situation *situation = ag_arena_array(arena, 1, sizeof *situation);
    int *also = ag_arena_array(arena, 1, sizeof *also);
    m.events = ag_arena_array(arena, MOST_EVENTS, sizeof *m.events);
    const double *const *activity = activities(p, branch, base, arena);
    if (situation == NULL || also == NULL || m.events == NULL || activity == NULL)
        return NULL;
    for (int i = 0; i < branch->imagined->added_count; i++)
        add_cause(&m, branch->imagined->added[i]);
    for (int i = 0; i < branch->restored_count; i++)
        add_restoration(&m, &branch->restored[i]);
    *situation = *base;
    *also = p->forward_sperm;
    situation->activity = activity;
    situation->imagined_epoch = base->epoch_count;
    situation->imagined_variable = p->forward_volume;
    situation->imagined_also = (ag_indices){also, 1};
    situation->epoch_count = base->epoch_count + 1;
    situation->events = m.events;
    situation->event_count = m.count;
    situation->asks_change = true;
    return m.failed ? NULL : situation;
}

/* ---- networks ---- */

ag_status ag_plan_compile(ag_planning *p, const ag_situation *situation, int draws,
                          ag_posterior *out) {
    ag_program_options options = ag_program_options_defaults();
    options.slicing = AG_SLICING_ALWAYS;
    *out = (ag_posterior){.draw_count = draws};
    ag_status status = ag_clinical_network_build(&out->clinical, p->knowledge, situation, draws,
                                                 p->cache, p->error);
    if (status == AG_OK)
        status = ag_program_compile(&out->program, ag_clinical_network_model(out->clinical),
                                    &options, p->error);
    if (status == AG_OK)
        status = ag_query_new(&out->query, out->program, p->error);
    return status == AG_OK ? ag_clinical_network_observe(out->clinical, out->query, p->error)
                           : status;
}

ag_status ag_plan_world_open(ag_planning *p, const ag_branch *branch, bool changed, int draws,
                             const ag_situation *base, ag_arena *arena, ag_world *out) {
    *out = (ag_world){.volume = -1, .sperm = -1};
    ag_situation *situation = treated(p, branch, draws, base, arena);
    if (situation == NULL)
        return ag_plan_no_memory(p);
    situation->asks_today = !changed;
    ag_status status = ag_plan_compile(p, situation, draws, &out->posterior);
    if (status != AG_OK)
        return status;
    const ag_clinical_network *network = out->posterior.clinical;
    int epoch = changed ? situation->imagined_epoch : AG_EPOCH_TODAY;
    out->volume = ag_clinical_network_node(network, p->forward_volume, epoch, -1);
    out->sperm = ag_clinical_network_node(network, p->forward_sperm, epoch, -1);
    return ag_query_set_state(out->posterior.query, ag_clinical_network_changed_node(network),
                              changed, p->error);
}

void ag_plan_world_close(ag_world *world) {
    ag_posterior_close(&world->posterior);
}

/* ---- outcomes of a branch ---- */

/* Add P(world, outcome, findings) / exp(scale) of each draw. */
static void add_states(const ag_world *world, int node, const double *scale,
                       double (*out)[AG_DRAWS]) {
    int draws = world->posterior.draw_count;
    int states = ag_network_state_count(ag_clinical_network_model(world->posterior.clinical), node);
    const double *marginal = ag_query_marginal(world->posterior.query, node);
    for (int d = 0; d < draws; d++) {
        double share = exp(ag_query_log_evidence(world->posterior.query, d) - scale[d]);
        for (int s = 0; s < states && share > 0; s++)
            out[s][d] += share * marginal[s * draws + d];
    }
}

static ag_status add_world(ag_planning *p, const ag_branch *branch, bool changed, int draws,
                           double *scale, ag_outcomes *out) {
    ag_arena *scratch = ag_arena_new();
    ag_world world = {.volume = -1};
    ag_status status = scratch == NULL ? ag_plan_no_memory(p)
                                       : ag_plan_world_open(p, branch, changed, draws,
                                                            &p->man->situation, scratch, &world);
    if (status == AG_OK)
        status = ag_query_run(world.posterior.query, p->error);
    if (status == AG_OK) {
        for (int d = 0; d < draws; d++)
            if (isinf(scale[d])) /* the first world in which the findings are possible */
                scale[d] = ag_query_log_evidence(world.posterior.query, d);
        add_states(&world, world.volume, scale, out->volume);
        add_states(&world, world.sperm, scale, out->sperm);
    }
    ag_plan_world_close(&world);
    ag_arena_free(scratch);
    return status == AG_ERROR_IMPOSSIBLE ? AG_OK : status;
}

/* Each draw's shares are made to sum to 1; where the findings are impossible they are all 0. */
static void normalise(double (*values)[AG_DRAWS], int draws) {
    for (int d = 0; d < draws; d++) {
        double all = 0;
        for (int s = 0; s < AG_MAX_STATES; s++)
            all += values[s][d];
        for (int s = 0; s < AG_MAX_STATES && all > 0; s++)
            values[s][d] /= all;
    }
}

static ag_status compute_branch(ag_planning *p, const ag_branch *branch, ag_outcomes *out) {
    double scale[AG_TREATED_DRAWS];
    bool intervals = out->draws > 1;
    int draws = intervals ? AG_TREATED_DRAWS : 1;
    for (int d = 0; d < AG_TREATED_DRAWS; d++)
        scale[d] = -INFINITY;
    ag_status status = add_world(p, branch, false, draws, scale, out);
    if (status == AG_OK)
        status = add_world(p, branch, true, draws, scale, out);
    normalise(out->volume, draws);
    normalise(out->sperm, draws);
    if (status == AG_OK && intervals) {
        ag_plan_spread_draws(p, p->forward_volume, out->volume);
        ag_plan_spread_draws(p, p->forward_sperm, out->sperm);
    }
    return status;
}

/* Where nothing changes, all is as today. */
static void read_today(const ag_planning *p, ag_outcomes *out) {
    const ag_posterior *today = out->draws == 1 ? &p->central : p->today;
    const int nodes[] = {
        ag_clinical_network_node(today->clinical, p->forward_volume, AG_EPOCH_TODAY, -1),
        ag_clinical_network_node(today->clinical, p->forward_sperm, AG_EPOCH_TODAY, -1)};
    for (int i = 0; i < 2; i++) {
        int states = ag_network_state_count(ag_clinical_network_model(today->clinical), nodes[i]);
        const double *marginal = ag_posterior_marginal(today, nodes[i]);
        double(*values)[AG_DRAWS] = i == 0 ? out->volume : out->sperm;
        for (int s = 0; s < states; s++)
            for (int d = 0; d < out->draws; d++)
                values[s][d] = marginal[s * out->draws + d];
    }
}

struct ag_solved_branch {
    ag_imagination imagined;
    ag_branch branch;
    ag_outcomes outcomes;
    ag_solved_branch *next;
};

static ag_status outcomes_of_branch(ag_planning *p, const ag_branch *branch, int draws,
                                    const ag_outcomes **out) {
    for (ag_solved_branch *s = p->solved; s != NULL; s = s->next)
        if (s->outcomes.draws == draws && ag_plan_same_branch(&s->branch, branch)) {
            *out = &s->outcomes;
            return AG_OK;
        }
    ag_solved_branch *made = ag_arena_array(p->arena, 1, sizeof *made);
    if (made == NULL)
        return ag_plan_no_memory(p);
    made->imagined = *branch->imagined;
    made->branch = *branch;
    made->branch.imagined = &made->imagined;
    made->outcomes.draws = draws;
    made->next = p->solved;
    p->solved = made;
    *out = &made->outcomes;
    if (ag_plan_changes_nothing(branch)) {
        read_today(p, &made->outcomes);
        return AG_OK;
    }
    return compute_branch(p, branch, &made->outcomes);
}

/* ---- outcomes of a treatment ---- */

ag_status ag_plan_outcomes(ag_planning *p, const ag_imagination *imagined, bool intervals,
                           ag_outcomes *out) {
    ag_branch branches[AG_MOST_BRANCHES];
    int draws = intervals ? AG_DRAWS : 1, count;
    *out = (ag_outcomes){.draws = draws};
    ag_status status = ag_plan_branches(p, imagined, draws, branches, &count);
    for (int b = 0; b < count && status == AG_OK; b++) {
        const ag_outcomes *one = NULL;
        status = outcomes_of_branch(p, &branches[b], draws, &one);
        for (int s = 0; s < AG_MAX_STATES && status == AG_OK; s++)
            for (int d = 0; d < draws; d++) {
                out->volume[s][d] += branches[b].p[d] * one->volume[s][d];
                out->sperm[s][d] += branches[b].p[d] * one->sperm[s][d];
            }
    }
    return status;
}

static ag_estimate estimate(double (*values)[AG_DRAWS], int draws, uint32_t states) {
    double sums[AG_DRAWS];
    int count = 0;
    for (int d = 0; d < draws; d++) {
        double sum = 0, all = 0;
        for (int s = 0; s < AG_MAX_STATES; s++) {
            sum += states >> s & 1 ? values[s][d] : 0;
            all += values[s][d];
        }
        if (all > 0) /* else the findings are impossible in this draw */
            sums[count++] = fmin(sum, 1);
    }
    return ag_estimate_of(sums, count);
}

ag_estimate ag_plan_volume_estimate(ag_outcomes *outcomes, uint32_t states) {
    return estimate(outcomes->volume, outcomes->draws, states);
}

ag_estimate ag_plan_sperm_estimate(ag_outcomes *outcomes, uint32_t states) {
    return estimate(outcomes->sperm, outcomes->draws, states);
}

ag_outcome_states ag_plan_outcome_states(const ag_planning *p) {
    static const char *const semen[] = {"usual", "low", "scant"}, *const sperm[] = {"usual", "few"};
    return (ag_outcome_states){
        ag_plan_state_bits(p->knowledge, p->forward_volume, (ag_texts){semen, 3}),
        ag_plan_state_bits(p->knowledge, p->forward_volume, (ag_texts){semen, 1}),
        ag_plan_state_bits(p->knowledge, p->forward_sperm, (ag_texts){sperm, 2})};
}
