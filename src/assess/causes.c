/* Which causes bring the failure about, and what would be without them. */
#include "assessment.h"
#include "imagined.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CAUSE_LEAST = 0.01;
static const double COUNTERFACTUAL_LEAST = 0.05;
/* Sums below this hold no overlap worth taking out. */
static const double SUM_LEAST = 0.1;
/* Mechanisms below this need no cause named. */
static const double EXPLAINED_LEAST = 0.02;

/* The states of `function` that make the mechanism true by its own rule; all failing states where
 * the rule is about something that follows from the function, such as the route. 0 when the
 * function is none of the mechanism's. */
static uint32_t states_for(const ag_knowledge *knowledge, const ag_mechanism *mechanism,
                           int function) {
    if (!ag_indices_have(mechanism->functions, function))
        return 0;
    const ag_variable *rule = &knowledge->variables[mechanism->variable];
    uint32_t states = 0;
    for (int r = 0; r < rule->row_count; r++)
        for (int w = 0; w < rule->rows[r].when_count; w++) {
            const ag_condition *when = &rule->rows[r].when[w];
            ag_ref parent = rule->parents[when->parent];
            if (!parent.is_cause && parent.index == function && rule->rows[r].states[1].value > 0.5)
                states |= when->states;
        }
    return states != 0 ? states : ~(uint32_t)1;
}

static const ag_cause_fact *recorded_fact(const ag_patient *patient, int cause) {
    for (int i = 0; i < patient->cause_count; i++)
        if (patient->causes[i].cause == cause && patient->causes[i].present)
            return &patient->causes[i];
    return NULL;
}

static void cause_sources(const ag_assessing *a, int cause, ag_source_list *list) {
    const ag_cause *card = &a->knowledge->causes[cause];
    for (int v = 0; v < card->variant_count; v++)
        for (int i = 0; i < card->variants[v].action_count; i++) {
            const ag_action *action = &card->variants[v].actions[i];
            int states = a->knowledge->variables[action->function].states.count;
            for (int s = 0; s < states; s++)
                ag_source_list_add(list, a->knowledge, &action->states[s]);
        }
}

static ag_estimate least(ag_estimate a, ag_estimate b) {
    return (ag_estimate){fmin(a.value, b.value), fmin(a.low, b.low), fmin(a.high, b.high)};
}

static ag_estimate sum(ag_estimate a, ag_estimate b) {
    return (ag_estimate){fmin(a.value + b.value, 1), fmin(a.low + b.low, 1),
                         fmin(a.high + b.high, 1)};
}

/* The most probable mechanisms so far, in no order; conjunctions come later and have no causes. */
static int most_probable(const ag_assessing *a, int *out) {
    int count = 0;
    for (int m = 0; m < a->result->mechanism_count; m++) {
        int ahead = 0;
        double p = a->result->mechanisms[m].probability.value;
        for (int o = 0; o < a->result->mechanism_count; o++)
            ahead += a->result->mechanisms[o].probability.value > p;
        if (p >= EXPLAINED_LEAST && ahead < AG_LEADING_MECHANISMS && count < AG_LEADING_MECHANISMS)
            out[count++] = m;
    }
    return count;
}

/* The states of a function that one of the mechanisms rests on. */
static uint32_t states_for_any(const ag_assessing *a, const int *mechanisms, int count,
                               int function) {
    uint32_t states = 0;
    for (int i = 0; i < count; i++)
        states |= states_for(a->knowledge, &a->knowledge->mechanisms[mechanisms[i]], function);
    return states;
}

/*
 * The probability that the cause brings about one of the most probable mechanisms: the sum over its
 * links in the states that these rest on. Where the onset of the complaint is known, a link counts
 * as far as its failure began then. Several links may fail together, so that their sum is only a
 * bound; `summed` tells of how many it is made.
 */
typedef struct cause_share {
    ag_estimate p;
    int summed;
    const char *mechanism; /* that it most likely brings about */
    double overlap;        /* the greatest of min(P(link in its states), P(mechanism)) */
} cause_share;

static double mean(const double *values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / count : NAN;
}

static void find_overlap(const ag_assessing *a, const ag_link_posterior *link, int function,
                         cause_share *out) {
    double values[AG_DRAWS];
    for (int m = 0; m < a->knowledge->mechanism_count; m++) {
        const ag_mechanism *mechanism = &a->knowledge->mechanisms[m];
        uint32_t states = states_for(a->knowledge, mechanism, function);
        if (states == 0)
            continue;
        const ag_mechanism_result *result = &a->result->mechanisms[m]; /* not yet ranked */
        double p = mean(values, ag_link_draws(&a->result->today, link, states, values));
        double overlap = fmin(p, result->probability.value);
        if (overlap > out->overlap) {
            out->mechanism = result->id;
            out->overlap = overlap;
        }
    }
}

static void add_share(const ag_assessing *a, const ag_link_posterior *link, int function,
                      cause_share *out) {
    const ag_posterior *today = &a->result->today;
    double values[AG_DRAWS];
    int mechanisms[AG_LEADING_MECHANISMS], count = most_probable(a, mechanisms);
    uint32_t states = states_for_any(a, mechanisms, count, function);
    if (states == 0 || !link->has_effect)
        return;
    ag_estimate p = ag_estimate_of(values, ag_link_draws(today, link, states, values));
    if (a->man->situation.onset == NULL && link->effect_is_part)
        p = least(p, ag_estimate_of(values, ag_effect_draws(today, link, values)));
    out->p = sum(out->p, p);
    out->summed++;
}

static cause_share share_of(const ag_assessing *a, int cause) {
    cause_share share = {.p = {0, 0, 0}};
    int link_count;
    const ag_model_link *links = ag_clinical_network_links(a->result->today.clinical, &link_count);
    for (int l = 0; l < link_count; l++) {
        ag_link_posterior link;
        if (links[l].cause != cause)
            continue;
        ag_posterior_link(&a->result->today, l, &link);
        find_overlap(a, &link, links[l].function, &share);
        add_share(a, &link, links[l].function, &share);
    }
    return share;
}

/* Whether a cause that is not recorded could have a share that is shown. */
static bool may_count(const ag_assessing *a, int cause) {
    int link_count;
    const ag_model_link *links = ag_clinical_network_links(a->result->today.clinical, &link_count);
    double most = 0, rounding = 1e-9;
    for (int l = 0; l < link_count && most < CAUSE_LEAST; l++)
        if (links[l].cause == cause)
            most += ag_posterior_link_bound(&a->result->today, l);
    return most >= CAUSE_LEAST * (1 - rounding);
}

static ag_status add_cause(ag_assessing *a, int cause) {
    ag_assessment *result = a->result;
    const ag_cause *card = &a->knowledge->causes[cause];
    const ag_cause_fact *fact = recorded_fact(a->patient, cause);
    if (fact == NULL && !may_count(a, cause))
        return AG_OK;
    cause_share share = share_of(a, cause);
    if (fact == NULL && (share.p.value < CAUSE_LEAST || share.mechanism == NULL))
        return AG_OK;
    ag_source_list sources = {.count = 0};
    if (!a->brief)
        cause_sources(a, cause, &sources);
    ag_cause_result *out = &result->causes[result->cause_count];
    *out = (ag_cause_result){.id = card->id,
                             .name = card->names.en.items[0],
                             .recorded = fact != NULL ? fact->text : NULL,
                             .mechanism = share.mechanism,
                             .probability = share.p,
                             .without = {NAN, NAN, NAN},
                             .sources = ag_source_list_keep(&sources, result->arena),
                             .source_count = sources.count};
    if (out->sources == NULL)
        return ag_assess_no_memory(a);
    a->summed[result->cause_count++] = share.summed;
    return AG_OK;
}

/* A sum over links is not more than that any of them does something; where the onset of the
 * complaint is known, that the failure of any of them began then. */
static ag_status bound_by_effect(ag_assessing *a) {
    bool onset = a->man->situation.onset != NULL;
    for (int i = 0; i < a->result->cause_count; i++) {
        ag_cause_result *cause = &a->result->causes[i];
        ag_estimate effect;
        bool bound = a->summed[i] > 1 || (a->summed[i] == 1 && onset);
        if (!bound || cause->probability.value < (onset ? CAUSE_LEAST : SUM_LEAST))
            continue;
        ag_status status = ag_posterior_effect(
            &a->result->today, ag_knowledge_cause(a->knowledge, cause->id), &effect, a->error);
        if (status != AG_OK)
            return status;
        cause->probability = least(cause->probability, effect);
    }
    return AG_OK;
}

static int by_probability(const void *x, const void *y) {
    const ag_cause_result *a = x, *b = y;
    if (a->probability.value != b->probability.value)
        return a->probability.value < b->probability.value ? 1 : -1;
    return strcmp(a->id, b->id);
}

ag_status ag_assess_causes(ag_assessing *a) {
    ag_assessment *result = a->result;
    size_t room = (size_t)a->knowledge->cause_count;
    result->causes = ag_arena_array(result->arena, room, sizeof *result->causes);
    a->summed = ag_arena_array(result->arena, room, sizeof *a->summed);
    if (result->causes == NULL || a->summed == NULL)
        return ag_assess_no_memory(a);
    for (int c = 0; c < a->knowledge->cause_count; c++) {
        ag_status status = add_cause(a, c);
        if (status != AG_OK)
            return status;
    }
    ag_status status = bound_by_effect(a);
    qsort(result->causes, (size_t)result->cause_count, sizeof *result->causes, by_probability);
    return status;
}

/* The mechanism of this node today in an imagined epoch in which the cause does not act. */
static ag_status without(ag_assessing *a, const ag_strata *strata, int cause, int mechanism,
                         int node, ag_estimate *out) {
    const ag_posterior *today = &a->result->today;
    ag_arena *arena = ag_arena_new();
    ag_imagined imagined = {cause, a->knowledge->mechanisms[mechanism].variable};
    ag_man_situation *man =
        arena != NULL ? ag_man_situation_of(a->patient, &imagined, a->man->past_epochs, arena)
                      : NULL;
    double values[AG_MAX_STATES][AG_DRAWS] = {{0}}, possible[AG_DRAWS];
    double(*const answers[])[AG_DRAWS] = {values};
    int count = 0;
    ag_status status =
        man == NULL ? ag_assess_no_memory(a)
                    : ag_imagined_answers(a->knowledge, &man->situation, AG_IMAGINED_DRAWS,
                                          strata->cache, &imagined.variable, 1, answers, a->error);
    if (status == AG_OK)
        ag_strata_spread(strata, today, node, values);
    for (int d = 0; d < AG_DRAWS; d++)
        if (!isinf(today->log_evidence[d]))
            possible[count++] = values[1][d];
    if (status == AG_OK)
        *out = ag_estimate_of(possible, count);
    ag_arena_free(arena);
    return status;
}

static bool can_bring_about(const ag_assessing *a, int cause, int mechanism) {
    int link_count;
    const ag_model_link *links = ag_clinical_network_links(a->result->today.clinical, &link_count);
    for (int l = 0; l < link_count; l++)
        if (links[l].cause == cause &&
            states_for(a->knowledge, &a->knowledge->mechanisms[mechanism], links[l].function) != 0)
            return true;
    return false;
}

ag_status ag_assess_counterfactuals(ag_assessing *a) {
    ag_assessment *result = a->result;
    if (result->leading_count == 0)
        return AG_OK;
    const char *leading = result->mechanisms[result->leading[0]].id;
    int mechanism = ag_assess_mechanism_index(a->knowledge, leading);
    /* A constitutional volume has no cause to be without. */
    if (a->knowledge->variables[a->knowledge->mechanisms[mechanism].variable].conjunction)
        return AG_OK;
    int node = ag_clinical_network_node(
        result->today.clinical, a->knowledge->mechanisms[mechanism].variable, AG_EPOCH_TODAY, 0);
    ag_strata strata;
    ag_status status =
        ag_strata_open(&strata, &result->today, node, 1 << 1, a->session->cache, a->error);
    for (int i = 0; i < result->cause_count && status == AG_OK; i++) {
        ag_cause_result *cause = &result->causes[i];
        int index = ag_knowledge_cause(a->knowledge, cause->id);
        if (cause->recorded != NULL && cause->probability.value >= COUNTERFACTUAL_LEAST &&
            can_bring_about(a, index, mechanism))
            status = without(a, &strata, index, mechanism, node, &cause->without);
    }
    ag_strata_close(&strata);
    return status;
}
