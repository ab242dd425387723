/*
 * A treated man. In the imagined epoch a withdrawn cause no longer acts; a cause that is brought
 * in, or left behind by one that is withdrawn, acts on each of its functions, F' = max(F, effect);
 * what the branch of a treatment restores is as normal as its card says. How its outcomes are read:
 * imagined.h.
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

static void add_restoration(maker *m, const ag_restoration *restored) {
    int states = m->p->knowledge->variables[restored->function].states.count;
    int *after = ag_arena_array(m->arena, (size_t)states, sizeof *after);
    double *values;
    ag_change *change;
    m->failed = m->failed || after == NULL;
    if (m->failed || !new_event(m, 1, 1, &values, &change))
        return;
    for (int s = 0; s < states; s++)
        after[s] = restored->to[s];
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

/* The effect of a cause on one function in one variant, or mixed over all (`only` -1). */
static void add_effect(maker *m, const ag_cause *cause, int only, int function) {
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
            !ag_parameter_cache_row(m->p->strata.cache, action->states, states, m->draws, row))
            m->failed = true;
        for (size_t i = 0; i < size; i++)
            values[i] += (only < 0 ? cause->variants[v].share : v == only) * row[i];
    }
    *change = (ag_change){function, worst_rule(m, states)};
}

static void add_cause(maker *m, int index, int only) {
    const ag_cause *cause = &m->p->knowledge->causes[index];
    for (int f = 0; f < m->p->knowledge->variable_count && !m->failed; f++) {
        bool acts = false;
        for (int v = 0; v < cause->variant_count; v++)
            acts = acts || (action_of(&cause->variants[v], f) != NULL && (only < 0 || v == only));
        if (acts)
            add_effect(m, cause, only, f);
    }
}

static void add_what_is_left(maker *m, int withdrawn) {
    ag_indices leaves = m->p->knowledge->causes[withdrawn].leaves;
    for (int i = 0; i < leaves.count; i++)
        add_cause(m, leaves.items[i], -1);
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

ag_situation *ag_plan_treated(ag_planning *p, const ag_branch *branch, int draws,
                              const ag_situation *base, ag_arena *arena) {
    maker m = {.p = p, .arena = arena, .draws = draws};
    ag_situation *situation = ag_arena_array(arena, 1, sizeof *situation);
    int *also = ag_arena_array(arena, 1, sizeof *also);
    m.events = ag_arena_array(arena, MOST_EVENTS, sizeof *m.events);
    const double *const *activity = activities(p, branch, base, arena);
    if (situation == NULL || also == NULL || m.events == NULL || activity == NULL)
        return NULL;
    for (int i = 0; i < branch->imagined->added_count; i++)
        add_cause(&m, branch->imagined->added[i], branch->imagined->variant - 1);
    for (int i = 0; i < branch->imagined->withdrawn_count; i++)
        add_what_is_left(&m, branch->imagined->withdrawn[i]);
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
    return m.failed ? NULL : situation;
}

/* ---- outcomes of a branch ---- */

static ag_status compute_branch(ag_planning *p, const ag_branch *branch, ag_outcomes *out) {
    ag_arena *scratch = ag_arena_new();
    const int variables[] = {p->forward_volume, p->forward_sperm};
    double(*const answers[])[AG_DRAWS] = {out->volume, out->sperm};
    int draws = out->draws > 1 ? AG_IMAGINED_DRAWS : 1;
    const ag_situation *situation =
        scratch == NULL ? NULL : ag_plan_treated(p, branch, draws, &p->man->situation, scratch);
    ag_status status = situation == NULL
                           ? ag_plan_no_memory(p)
                           : ag_imagined_answers(p->knowledge, situation, draws, p->strata.cache,
                                                 variables, 2, answers, p->error);
    for (int v = 0; v < 2 && draws > 1 && status == AG_OK; v++)
        ag_strata_spread(
            &p->strata, p->today,
            ag_clinical_network_node(p->today->clinical, variables[v], AG_EPOCH_TODAY, -1),
            answers[v]);
    ag_arena_free(scratch);
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
