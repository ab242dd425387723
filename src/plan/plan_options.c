/* What can be done for this man, with what odds, harm, time and burden. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exposure.h"
#include "plan_work.h"

enum { MOST_CANDIDATES = 64 };

static const double DAYS_A_MONTH = 30.4375;
static const double WIDTH_IN_SD = 1.96;
/* A recorded medicine with less than this part in the failure is not worth stopping for it. */
static const double WITHDRAWAL_LEAST = 0.02;

double ag_plan_burden(const ag_values *values, int invasive, int cost, double days) {
    const double invasiveness[] = {0, values->tablet, values->needle, values->operation};
    const double costs[] = {0, values->low_cost, values->middle_cost, values->high_cost};
    double months = isnan(days) ? 0 : days / DAYS_A_MONTH;
    return invasiveness[invasive < 0 || invasive > 3 ? 3 : invasive] +
           costs[cost < 0 || cost > 3 ? 3 : cost] + values->month * months;
}

double ag_plan_semen_weight(const ag_planning *p) {
    return p->patient->wish == AG_WISH_CHILD ? p->values->semen_child : p->values->semen_relief;
}

double ag_plan_sperm_weight(const ag_planning *p) {
    return p->patient->wish == AG_WISH_CHILD ? p->values->sperm_child : p->values->sperm_relief;
}

/* ---- candidates ---- */

static double part_in_failure(const ag_planning *p, const char *cause) {
    for (int i = 0; i < p->assessment->cause_count; i++)
        if (strcmp(p->assessment->causes[i].id, cause) == 0)
            return p->assessment->causes[i].probability.value;
    return 0;
}

static void add_candidate(ag_planning *p, int treatment, int withdrawn) {
    if (p->candidate_count < MOST_CANDIDATES)
        p->candidates[p->candidate_count++] =
            (ag_candidate){.treatment = treatment, .withdrawn = withdrawn};
}

/* For a child also what only lowers sperm production counts, which he does not notice. */
static bool lowers_sperm(const ag_planning *p, const ag_cause *cause) {
    int production = ag_knowledge_variable(p->knowledge, "spermatogenesis");
    for (int v = 0; v < cause->variant_count; v++)
        for (int a = 0; a < cause->variants[v].action_count; a++)
            if (cause->variants[v].actions[a].function == production)
                return p->patient->wish == AG_WISH_CHILD;
    return false;
}

static bool is_withdrawn_by(const ag_planning *p, const ag_treatment *t, int c) {
    const ag_cause *cause = &p->knowledge->causes[c];
    const ag_cause_fact *fact = ag_plan_recorded(p, c);
    return fact != NULL && !fact->ended && ag_texts_have(t->withdraws, cause->group) &&
           !ag_texts_have(t->instead_of, cause->id) &&
           (part_in_failure(p, cause->id) >= WITHDRAWAL_LEAST || lowers_sperm(p, cause));
}

/* Medicines that do the same are one decision: whether it was joined to an earlier candidate. */
static bool withdrawn_together(ag_planning *p, const ag_treatment *t, int c) {
    const char *group = p->knowledge->causes[c].group;
    for (int i = 0; i < p->candidate_count && ag_texts_have(t->together, group); i++) {
        ag_candidate *earlier = &p->candidates[i];
        if (&p->knowledge->treatments[earlier->treatment] != t || earlier->withdrawn < 0 ||
            strcmp(p->knowledge->causes[earlier->withdrawn].group, group) != 0 ||
            earlier->also_count == AG_MOST_WITHDRAWN)
            continue;
        earlier->also[earlier->also_count++] = c;
        return true;
    }
    return false;
}

/* One candidate for each recorded cause that it would withdraw. */
static void add_withdrawals(ag_planning *p, int index) {
    const ag_treatment *t = &p->knowledge->treatments[index];
    bool taken = t->adds.count > 0 && ag_plan_recorded(p, t->adds.items[0]) != NULL;
    for (int c = 0; c < p->knowledge->cause_count && !taken; c++)
        if (is_withdrawn_by(p, t, c) && !withdrawn_together(p, t, c))
            add_candidate(p, index, c);
}

/* What a treatment brings with it and he has already is no change. */
static bool has_already(const ag_planning *p, const ag_treatment *t) {
    const ag_cause_fact *fact = t->adds.count > 0 ? ag_plan_recorded(p, t->adds.items[0]) : NULL;
    return fact != NULL && !fact->ended;
}

static bool is_offered(const ag_planning *p, const ag_treatment *t) {
    return t->kind == AG_TREATMENT_NONE ||
           (ag_plan_any(p, t->offered, t->offered_count, NULL) && !has_already(p, t));
}

static int effort_of(const ag_planning *p, const ag_candidate *c) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    return ag_plan_effort((ag_plan_option_kind)t->kind, t->invasive);
}

/* Rules on the simpler ones first need those before them; a stable sort of a few. */
static void sort_candidates(ag_planning *p) {
    for (int i = 1; i < p->candidate_count; i++)
        for (int k = i;
             k > 0 && effort_of(p, &p->candidates[k]) < effort_of(p, &p->candidates[k - 1]); k--) {
            ag_candidate moved = p->candidates[k];
            p->candidates[k] = p->candidates[k - 1];
            p->candidates[k - 1] = moved;
        }
}

static ag_status choose_candidates(ag_planning *p) {
    p->candidates = ag_arena_array(p->arena, MOST_CANDIDATES, sizeof *p->candidates);
    if (p->candidates == NULL)
        return ag_plan_no_memory(p);
    for (int t = 0; t < p->knowledge->treatment_count; t++) {
        const ag_treatment *treatment = &p->knowledge->treatments[t];
        if (treatment->withdraws.count > 0)
            add_withdrawals(p, t);
        else if (is_offered(p, treatment))
            add_candidate(p, t, -1);
    }
    sort_candidates(p);
    return AG_OK;
}

/* ---- outcomes ---- */

ag_imagination ag_plan_imagination(const ag_planning *p, const ag_candidate *c) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    ag_imagination imagined = {.treatments = {c->treatment}, .treatment_count = 1};
    if (c->withdrawn >= 0)
        imagined.withdrawn[imagined.withdrawn_count++] = c->withdrawn;
    for (int i = 0; i < c->also_count; i++)
        imagined.withdrawn[imagined.withdrawn_count++] = c->also[i];
    for (int i = 0; i < t->adds.count && i < AG_MOST_TREATMENTS; i++)
        imagined.added[imagined.added_count++] = t->adds.items[i];
    return imagined;
}

static ag_status outcomes_of(ag_planning *p, const ag_candidate *c, bool intervals,
                             ag_plan_option *option) {
    ag_outcomes outcomes;
    ag_imagination imagined = ag_plan_imagination(p, c);
    ag_outcome_states states = ag_plan_outcome_states(p);
    ag_status status = ag_plan_outcomes(p, &imagined, intervals, &outcomes);
    if (status != AG_OK)
        return status;
    option->semen = ag_plan_volume_estimate(&outcomes, states.semen);
    option->usual_volume = ag_plan_volume_estimate(&outcomes, states.usual_volume);
    option->sperm = ag_plan_sperm_estimate(&outcomes, states.sperm);
    return AG_OK;
}

void ag_plan_yields(const ag_planning *p, const ag_treatment *t, int draw, double *out) {
    int variable = t->obtains.items[0];
    uint32_t left = ag_plan_state_bits(p->knowledge, variable, t->obtains_from);
    memset(out, 0, AG_MAX_STATES * sizeof *out);
    for (int i = 0; i < t->yield_count; i++) {
        const ag_response *yield = &t->yields[i];
        if (!ag_plan_all(p, yield->when, yield->when_count))
            continue;
        uint32_t states = left;
        if (yield->restore_count > 0)
            states &= ag_plan_state_bits(p->knowledge, variable, yield->restores[0].states);
        for (int s = 0; s < AG_MAX_STATES; s++)
            if (states >> s & 1)
                out[s] = ag_parameter_draw(&yield->p, draw);
        left &= ~states;
    }
}

/* P(sperm) = sum over the states of what it is obtained from of P(state) P(yield | state). */
static void retrieval_of(ag_planning *p, const ag_candidate *c, ag_plan_option *option) {
    const ag_posterior *today = p->today;
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    int node = ag_clinical_network_node(today->clinical, t->obtains.items[0], AG_EPOCH_TODAY, -1);
    int states = p->knowledge->variables[t->obtains.items[0]].states.count;
    const double *marginal = ag_posterior_marginal(today, node);
    double values[AG_DRAWS], yields[AG_MAX_STATES];
    int count = 0;
    for (int d = 0; d < today->draw_count; d++) {
        if (isinf(today->log_evidence[d]))
            continue;
        ag_plan_yields(p, t, today->draw_count == 1 ? -1 : d, yields);
        double sum = 0;
        for (int s = 0; s < states; s++)
            sum += marginal[s * today->draw_count + d] * yields[s];
        values[count++] = fmin(sum, 1);
    }
    option->sperm = ag_estimate_of(values, count);
}

static ag_estimate estimate_of_parameter(ag_planning *p, const ag_parameter *parameter) {
    double values[AG_DRAWS];
    const double *draws = ag_parameter_cache_draws(p->session->cache, parameter, AG_DRAWS);
    if (draws == NULL)
        return (ag_estimate){NAN, NAN, NAN};
    memcpy(values, draws, sizeof values);
    return ag_estimate_of(values, AG_DRAWS);
}

/* ---- the item ---- */

/* Of what is withdrawn, that which acts longest afterwards. */
static const ag_cause *slowest_of(const ag_planning *p, const ag_candidate *c) {
    const ag_cause *slowest = &p->knowledge->causes[c->withdrawn];
    for (int i = 0; i < c->also_count; i++) {
        const ag_cause *cause = &p->knowledge->causes[c->also[i]];
        if (cause->permanent || cause->offset_days.value > slowest->offset_days.value)
            slowest = cause;
    }
    return slowest;
}

static void set_days(const ag_planning *p, const ag_candidate *c, ag_plan_option *option) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    double median = t->days.value, spread = t->days_spread;
    if (c->withdrawn >= 0) {
        const ag_cause *cause = slowest_of(p, c);
        median = cause->permanent ? 0 : cause->offset_days.value;
        spread = cause->offset_spread;
    }
    if (median <= 0) {
        option->days = option->days_low = option->days_high = NAN;
        return;
    }
    option->days = median;
    option->days_low = median * exp(-WIDTH_IN_SD * spread);
    option->days_high = median * exp(WIDTH_IN_SD * spread);
}

static bool add_harms(ag_planning *p, const ag_treatment *t, ag_plan_option *option) {
    ag_plan_harm *harms = ag_arena_array(p->arena, (size_t)t->harm_count + 1, sizeof *harms);
    for (int i = 0; harms != NULL && i < t->harm_count; i++)
        harms[i] = (ag_plan_harm){ag_plan_localized(t->harms[i].text),
                                  estimate_of_parameter(p, &t->harms[i].p)};
    option->harms = harms;
    option->harm_count = t->harm_count;
    return harms != NULL;
}

static void add_response_sources(const ag_planning *p, const ag_response *responses, int count,
                                 ag_source_list *list) {
    for (int i = 0; i < count; i++)
        if (ag_plan_all(p, responses[i].when, responses[i].when_count))
            ag_source_list_add(list, p->knowledge, &responses[i].p);
}

static void add_cause_sources(const ag_planning *p, int cause, ag_source_list *list) {
    ag_source_list_add(list, p->knowledge, &p->knowledge->causes[cause].offset_days);
    for (int i = 0; i < p->assessment->cause_count; i++)
        if (strcmp(p->assessment->causes[i].id, p->knowledge->causes[cause].id) == 0)
            for (int s = 0; s < p->assessment->causes[i].source_count; s++)
                if (list->count < (int)(sizeof list->items / sizeof list->items[0]))
                    list->items[list->count++] = p->assessment->causes[i].sources[s];
}

static bool add_sources(ag_planning *p, const ag_candidate *c, ag_plan_option *option) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    ag_source_list list = {.count = 0};
    add_response_sources(p, t->responses, t->response_count, &list);
    add_response_sources(p, t->yields, t->yield_count, &list);
    ag_source_list_add(&list, p->knowledge, &t->days);
    ag_plan_add_sources(p, t->dose_evidence, &list);
    if (c->withdrawn >= 0)
        add_cause_sources(p, c->withdrawn, &list);
    option->sources = ag_source_list_keep(&list, p->arena);
    option->source_count = list.count;
    return option->sources != NULL;
}

static const ag_tried *tried_already(const ag_planning *p, const ag_treatment *t) {
    for (int i = 0; i < p->patient->tried_count; i++) {
        const ag_tried *tried = &p->patient->tried[i];
        const char *group = tried->cause >= 0 ? p->knowledge->causes[tried->cause].group : NULL;
        if (t->group != NULL && group != NULL && strcmp(group, t->group) == 0)
            return tried;
    }
    return NULL;
}

static bool add_notes(ag_planning *p, const ag_candidate *c, ag_plan_option *option) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    ag_plan_note *notes;
    p->focus = c->withdrawn;
    p->focus_groups = t->withdraws;
    p->effort = effort_of(p, c);
    bool judged =
        ag_plan_judge(p, t->rules, t->rule_count, &notes, &option->note_count, &option->standing);
    p->focus = -1;
    p->effort = 0;
    if (!judged)
        return false;
    option->notes = notes;
    const ag_tried *tried = tried_already(p, t);
    if (tried != NULL && option->note_count <= t->rule_count)
        notes[option->note_count++] = (ag_plan_note){
            .id = "tried",
            .effect = AG_PLAN_WARNING,
            .text = {"Something of this kind was tried already.", "Ya se probó algo de este tipo."},
            .because = tried->result != NULL ? tried->result : tried->name};
    return true;
}

static bool name_also(ag_planning *p, const ag_candidate *c, ag_plan_option *option) {
    const char **ids = ag_arena_array(p->arena, (size_t)c->also_count + 1, sizeof *ids);
    for (int i = 0; ids != NULL && i < c->also_count; i++)
        ids[i] = p->knowledge->causes[c->also[i]].id;
    option->also = ids;
    option->also_count = c->also_count;
    return ids != NULL;
}

static bool describe(ag_planning *p, ag_candidate *c) {
    const ag_treatment *t = &p->knowledge->treatments[c->treatment];
    const ag_cause_fact *fact = c->withdrawn >= 0 ? ag_plan_recorded(p, c->withdrawn) : NULL;
    ag_plan_option *option = c->option;
    *option = (ag_plan_option){
        .id = t->id,
        .name = ag_plan_names(&t->names),
        .kind = (ag_plan_option_kind)t->kind,
        .cause = c->withdrawn >= 0 ? p->knowledge->causes[c->withdrawn].id : NULL,
        .cause_text = fact != NULL ? fact->text : NULL,
        .restores = t->obtains.count == 0,
        .semen = {NAN, NAN, NAN},
        .usual_volume = {NAN, NAN, NAN},
        .invasive = t->invasive,
        .cost = t->cost,
        .off_label = t->off_label,
        .by = ag_plan_localized(t->by),
        .dose = ag_plan_localized(t->dose),
    };
    option->leads = ag_plan_any(p, t->leads, t->lead_count, NULL);
    set_days(p, c, option);
    return name_also(p, c, option) && add_harms(p, t, option) && add_sources(p, c, option) &&
           add_notes(p, c, option);
}

static void weigh(ag_planning *p, ag_candidate *c) {
    const ag_plan_option *option = c->option;
    c->semen = option->restores ? option->semen.value : 0;
    c->sperm = option->sperm.value;
    c->standing = option->standing;
    c->burden = ag_plan_burden(p->values, option->invasive, option->cost, option->days);
    for (int i = 0; i < option->harm_count; i++)
        c->burden += p->values->harm * option->harms[i].probability.value;
    c->utility =
        ag_plan_semen_weight(p) * c->semen + ag_plan_sperm_weight(p) * c->sperm - c->burden;
    c->option->utility = c->utility;
}

static ag_status fill(ag_planning *p, ag_candidate *c) {
    if (!describe(p, c))
        return ag_plan_no_memory(p);
    ag_status status = AG_OK;
    bool exact = p->options.intervals && c->option->standing != AG_PLAN_REFUSED;
    if (c->option->restores)
        status = outcomes_of(p, c, exact, c->option);
    else
        retrieval_of(p, c, c->option);
    if (status == AG_OK)
        weigh(p, c);
    return status;
}

static int in_order(const void *x, const void *y) {
    const ag_plan_option *a = x, *b = y;
    bool a_free = a->standing == AG_PLAN_FREE, b_free = b->standing == AG_PLAN_FREE;
    if (a_free != b_free)
        return a_free ? -1 : 1;
    if (a->standing != b->standing)
        return a->standing == AG_PLAN_FIRST ? -1 : 1;
    if (a->leads != b->leads)
        return a->leads ? -1 : 1;
    if (a->utility != b->utility)
        return a->utility < b->utility ? 1 : -1;
    int order = strcmp(a->id, b->id);
    return order != 0 || a->cause == NULL || b->cause == NULL ? order : strcmp(a->cause, b->cause);
}

/* Candidates point into the options, which are sorted last. */
static void sort_options(ag_planning *p) {
    for (int i = 0; i < p->candidate_count; i++)
        p->candidates[i].option = NULL;
    qsort(p->plan->options, (size_t)p->plan->option_count, sizeof *p->plan->options, in_order);
}

ag_status ag_plan_make_options(ag_planning *p) {
    ag_status status = choose_candidates(p);
    p->plan->options = ag_arena_array(p->arena, MOST_CANDIDATES, sizeof *p->plan->options);
    if (status == AG_OK && p->plan->options == NULL)
        status = ag_plan_no_memory(p);
    for (int i = 0; i < p->candidate_count && status == AG_OK; i++) {
        p->candidates[i].option = &p->plan->options[p->plan->option_count];
        status = fill(p, &p->candidates[i]);
        p->plan->option_count++;
    }
    if (status == AG_OK)
        sort_options(p);
    return status;
}
