/*
 * A treated man. In the imagined epoch a withdrawn cause no longer acts; a cause that is brought in
 * acts on each of its functions, F' = max(F, effect); a treatment's response is an event that
 * brings the functions that it names back to normal, together, with its response rate.
 */
#include <math.h>
#include <string.h>

#include "plan_work.h"

enum { MOST_EVENTS = 48 };

uint32_t ag_plan_state_bits(const ag_knowledge *knowledge, int variable, ag_texts words) {
    ag_texts states = knowledge->variables[variable].states;
    uint32_t bits = 0;
    for (int w = 0; w < words.count; w++)
        for (int s = 0; s < states.count; s++)
            if (strcmp(states.items[s], words.items[w]) == 0)
                bits |= 1u << s;
    return bits;
}

/* ---- responses ---- */

static uint32_t claimed_before(const ag_applied *applied, int count, int function) {
    uint32_t claimed = 0;
    for (int i = 0; i < count; i++)
        for (int r = 0; r < applied[i].response->restore_count && r < 4; r++)
            if (applied[i].response->restores[r].function == function)
                claimed |= applied[i].states[r];
    return claimed;
}

/* The first response that applies to a function's state is used. */
int ag_plan_applied(const ag_planning *p, const ag_response *responses, int count, ag_applied *out,
                    int most) {
    int used = 0;
    for (int i = 0; i < count && used < most; i++) {
        if (!ag_plan_all(p, responses[i].when, responses[i].when_count))
            continue;
        ag_applied applied = {.response = &responses[i]};
        bool left = false;
        for (int r = 0; r < responses[i].restore_count && r < 4; r++) {
            const ag_restored *restored = &responses[i].restores[r];
            uint32_t states =
                ag_plan_state_bits(p->knowledge, restored->function, restored->states);
            applied.states[r] = states & ~claimed_before(out, used, restored->function);
            left = left || applied.states[r] != 0;
        }
        if (left)
            out[used++] = applied;
    }
    return used;
}

/* ---- events ---- */

typedef struct maker {
    ag_planning *p;
    ag_arena *arena;
    int draws;
    ag_event *events;
    int count;
    bool certain;
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

/* [state before][outcome]: with outcome 1 the states in `restored` become normal. */
static const int *restoring_rule(maker *m, int function, uint32_t restored) {
    int states = m->p->knowledge->variables[function].states.count;
    int *after = ag_arena_array(m->arena, (size_t)states * 2, sizeof *after);
    for (int s = 0; after != NULL && s < states; s++) {
        after[2 * s] = s;
        after[2 * s + 1] = restored >> s & 1 ? 0 : s;
    }
    m->failed = m->failed || after == NULL;
    return after;
}

static void add_response(maker *m, const ag_applied *applied) {
    const ag_response *response = applied->response;
    const double *p = ag_parameter_cache_draws(m->p->session->cache, &response->p, m->draws);
    double *values;
    ag_change *changes;
    m->failed = m->failed || p == NULL;
    if (m->failed || !new_event(m, 2, response->restore_count, &values, &changes))
        return;
    for (int d = 0; d < m->draws; d++) {
        double happens = m->certain ? 1 : p[d];
        values[d] = 1 - happens;
        values[m->draws + d] = happens;
    }
    for (int r = 0; r < response->restore_count; r++) {
        int function = response->restores[r].function;
        changes[r] = (ag_change){function, restoring_rule(m, function, applied->states[r])};
    }
}

static void add_treatment(maker *m, int index) {
    const ag_treatment *treatment = &m->p->knowledge->treatments[index];
    ag_applied applied[16];
    int count = ag_plan_applied(m->p, treatment->responses, treatment->response_count, applied, 16);
    for (int i = 0; i < count && !m->failed; i++)
        add_response(m, &applied[i]);
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
            !ag_parameter_cache_row(m->p->session->cache, action->states, states, m->draws, row))
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

static const double *const *activities(ag_planning *p, const ag_imagination *imagined,
                                       const ag_situation *base, ag_arena *arena) {
    size_t causes = (size_t)p->knowledge->cause_count;
    const double **all = ag_arena_array(arena, (size_t)base->epoch_count + 1, sizeof *all);
    double *activity = ag_arena_array(arena, causes, sizeof *activity);
    if (all == NULL || activity == NULL)
        return NULL;
    for (int e = 0; e < base->epoch_count; e++)
        all[e] = base->activity[e];
    memcpy(activity, base->activity[AG_EPOCH_TODAY], causes * sizeof *activity);
    for (int i = 0; i < imagined->withdrawn_count; i++)
        activity[imagined->withdrawn[i]] = 0;
    all[base->epoch_count] = activity;
    return all;
}

ag_situation *ag_plan_treated(ag_planning *p, const ag_imagination *imagined, int draws,
                              const ag_situation *base, ag_arena *arena) {
    maker m = {.p = p, .arena = arena, .draws = draws, .certain = imagined->certain};
    ag_situation *situation = ag_arena_array(arena, 1, sizeof *situation);
    int *also = ag_arena_array(arena, 1, sizeof *also);
    m.events = ag_arena_array(arena, MOST_EVENTS, sizeof *m.events);
    const double *const *activity = activities(p, imagined, base, arena);
    if (situation == NULL || also == NULL || m.events == NULL || activity == NULL)
        return NULL;
    for (int i = 0; i < imagined->added_count; i++)
        add_cause(&m, imagined->added[i]);
    for (int i = 0; i < imagined->treatment_count; i++)
        add_treatment(&m, imagined->treatments[i]);
    *situation = *base;
    *also = p->forward_sperm;
    situation->activity = activity;
    situation->imagined_epoch = base->epoch_count;
    situation->imagined_variable = p->forward_volume;
    situation->imagined_also = (ag_indices){also, 1};
    situation->epoch_count = base->epoch_count + 1;
    situation->events = m.events;
    situation->event_count = m.count;
    return m.failed ? NULL : situation;
}

/* ---- networks ---- */

ag_status ag_plan_compile(ag_planning *p, const ag_situation *situation, int draws,
                          ag_posterior *out) {
    ag_program_options options = ag_program_options_defaults();
    bool many_runs = draws == 1;
    options.slicing = many_runs ? AG_SLICING_NEVER : AG_SLICING_ALWAYS;
    options.effort = many_runs ? 1 : options.effort;
    *out = (ag_posterior){.draw_count = draws};
    ag_status status = ag_clinical_network_build(&out->clinical, p->knowledge, situation, draws,
                                                 p->session->cache, p->error);
    if (status == AG_OK)
        status = ag_program_compile(&out->program, ag_clinical_network_model(out->clinical),
                                    &options, p->error);
    if (status == AG_OK)
        status = ag_query_new(&out->query, out->program, p->error);
    return status == AG_OK ? ag_clinical_network_observe(out->clinical, out->query, p->error)
                           : status;
}

ag_status ag_plan_world_open(ag_planning *p, const ag_imagination *imagined, bool changed,
                             int draws, const ag_situation *base, ag_arena *arena, ag_world *out) {
    *out = (ag_world){.volume = -1, .sperm = -1};
    ag_situation *situation = ag_plan_treated(p, imagined, draws, base, arena);
    if (situation == NULL)
        return ag_plan_no_memory(p);
    situation->asks_change = true;
    situation->asks_today = !changed;
    ag_status status = ag_plan_compile(p, situation, draws, &out->posterior);
    if (status != AG_OK)
        return status;
    const ag_clinical_network *network = out->posterior.clinical;
    int epoch = changed ? situation->imagined_epoch : AG_EPOCH_TODAY;
    out->volume = ag_clinical_network_node(network, p->forward_volume, epoch, -1);
    out->sperm = ag_clinical_network_node(network, p->forward_sperm, epoch, -1);
    out->change = ag_clinical_network_changed_node(network);
    status = ag_query_run(out->posterior.query, p->error);
    if (status != AG_OK)
        return status;
    const double *share = ag_query_marginal(out->posterior.query, out->change) + changed * draws;
    for (int d = 0; d < draws; d++) {
        out->share[d] = share[d];
        out->exists = out->exists || share[d] > 0;
    }
    if (!out->exists)
        return AG_OK;
    status = ag_query_set_state(out->posterior.query, out->change, changed, p->error);
    return status == AG_OK ? ag_query_run(out->posterior.query, p->error) : status;
}

void ag_plan_world_close(ag_world *world) {
    ag_posterior_close(&world->posterior);
}

/* ---- outcomes ---- */

static void add_states(const ag_world *world, int node, double (*out)[AG_TREATED_DRAWS]) {
    int draws = world->posterior.draw_count;
    int states = ag_network_state_count(ag_clinical_network_model(world->posterior.clinical), node);
    const double *marginal = ag_query_marginal(world->posterior.query, node);
    for (int s = 0; s < states; s++)
        for (int d = 0; d < draws; d++)
            out[s][d] += world->share[d] * marginal[s * draws + d];
}

static ag_status compute_outcomes(ag_planning *p, const ag_imagination *imagined, int draws,
                                  ag_outcomes *out) {
    ag_status status = AG_OK;
    *out = (ag_outcomes){.draws = draws};
    for (int changed = 0; changed < 2 && status == AG_OK; changed++) {
        ag_arena *scratch = ag_arena_new();
        ag_world world = {.volume = -1};
        status = scratch == NULL ? ag_plan_no_memory(p)
                                 : ag_plan_world_open(p, imagined, changed, draws,
                                                      &p->man->situation, scratch, &world);
        if (status == AG_OK && world.exists) {
            add_states(&world, world.volume, out->volume);
            add_states(&world, world.sperm, out->sperm);
        }
        ag_plan_world_close(&world);
        ag_arena_free(scratch);
    }
    return status;
}

/* ---- treatments of a single response ---- */

/*
 * A response is independent of the man, so with V* the outcome where it happens
 *     P(outcome) = (1 - p) P(V) + p P(V*),
 * and V* is the same for all treatments that restore the same states.
 */
struct ag_sure_outcomes {
    ag_applied applied; /* no response: nothing is imagined */
    ag_outcomes outcomes;
    ag_sure_outcomes *next;
};

static bool same_restores(const ag_applied *a, const ag_applied *b) {
    if (a->response == NULL || b->response == NULL)
        return a->response == b->response;
    if (a->response->restore_count != b->response->restore_count)
        return false;
    for (int r = 0; r < a->response->restore_count; r++)
        if (a->response->restores[r].function != b->response->restores[r].function ||
            a->states[r] != b->states[r])
            return false;
    return true;
}

static ag_status sure_outcomes(ag_planning *p, const ag_applied *applied, int treatment, int draws,
                               const ag_outcomes **out) {
    for (const ag_sure_outcomes *s = p->sure; s != NULL; s = s->next)
        if (s->outcomes.draws == draws && same_restores(&s->applied, applied)) {
            *out = &s->outcomes;
            return AG_OK;
        }
    ag_sure_outcomes *made = ag_arena_array(p->arena, 1, sizeof *made);
    if (made == NULL)
        return ag_plan_no_memory(p);
    ag_imagination imagined = {
        .treatments = {treatment}, .treatment_count = applied->response != NULL, .certain = true};
    ag_status status = compute_outcomes(p, &imagined, draws, &made->outcomes);
    made->applied = *applied;
    made->next = p->sure;
    p->sure = made;
    *out = &made->outcomes;
    return status;
}

static ag_status mix_outcomes(ag_planning *p, const ag_applied *applied, int treatment, int draws,
                              ag_outcomes *out) {
    static const ag_applied nothing = {.response = NULL};
    const ag_outcomes *today, *sure;
    const double *chance =
        ag_parameter_cache_draws(p->session->cache, &applied->response->p, draws);
    if (chance == NULL)
        return ag_plan_no_memory(p);
    ag_status status = sure_outcomes(p, &nothing, treatment, draws, &today);
    if (status == AG_OK)
        status = sure_outcomes(p, applied, treatment, draws, &sure);
    if (status != AG_OK)
        return status;
    out->draws = draws;
    for (int s = 0; s < AG_MAX_STATES; s++)
        for (int d = 0; d < draws; d++) {
            double c = chance[d];
            out->volume[s][d] = (1 - c) * today->volume[s][d] + c * sure->volume[s][d];
            out->sperm[s][d] = (1 - c) * today->sperm[s][d] + c * sure->sperm[s][d];
        }
    return AG_OK;
}

ag_status ag_plan_outcomes(ag_planning *p, const ag_imagination *imagined, int draws,
                           ag_outcomes *out) {
    ag_applied applied[2];
    bool alone = imagined->withdrawn_count == 0 && imagined->added_count == 0 &&
                 imagined->treatment_count == 1;
    if (!alone)
        return compute_outcomes(p, imagined, draws, out);
    const ag_treatment *t = &p->knowledge->treatments[imagined->treatments[0]];
    if (ag_plan_applied(p, t->responses, t->response_count, applied, 2) != 1)
        return compute_outcomes(p, imagined, draws, out);
    return mix_outcomes(p, &applied[0], imagined->treatments[0], draws, out);
}

static ag_estimate estimate(double (*values)[AG_TREATED_DRAWS], int draws, uint32_t states) {
    double sums[AG_TREATED_DRAWS];
    int count = 0;
    for (int d = 0; d < draws; d++) {
        double sum = 0, all = 0;
        for (int s = 0; s < AG_MAX_STATES; s++) {
            sum += states >> s & 1 ? values[s][d] : 0;
            all += values[s][d];
        }
        if (all > 0) /* else the findings are impossible in this draw */
            sums[count++] = fmin(sum / all, 1);
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
