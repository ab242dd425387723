/*
 * The expected counts of one case.
 *
 * A finding: in lane j one probability of one row is lowered by the factor 1 - STEP, which the rest
 * of the row takes up. With N the expected number of times that the row's state s was seen,
 *     d log P / d log p_s = N_s - N_rest p_s / p_rest.
 * States that were not seen have N = 0, so that the equations give every N. A finding that was seen
 * in all of its states (in several samples) leaves one equation too few, and is passed over.
 *
 * A link: its marginal, in a man of whom cause and variant are recorded.
 */
#include <math.h>
#include <string.h>

#include "case_node.h"
#include "learning.h"

static const double STEP = 1e-4;
enum { LANES_BY = 8 };

typedef struct lane {
    int row, state;
} lane;

typedef struct counting {
    ag_learner *l;
    ag_believer believer;
    ag_belief belief;
    const double (*values)[AG_MAX_STATES];
    ag_learn_values count;
    lane lanes[AG_DRAWS];
    int lane_count;
    uint32_t seen[1024]; /* [finding]: states, a bit each */
} counting;

static ag_status no_memory(counting *c) {
    return ag_fail(c->l->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- lanes ---- */

static void note_seen(counting *c, const ag_patient *patient) {
    for (int i = 0; i < patient->finding_count; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        if (fact->state >= 0 && fact->finding < 1024)
            c->seen[fact->finding] |= 1u << fact->state;
    }
}

static bool is_seen(const counting *c, const ag_learn_row *row) {
    return row->finding >= 0 && row->finding < 1024 && c->seen[row->finding] != 0;
}

static void choose_lanes(counting *c) {
    for (int r = 0; r < c->l->rows.count; r++)
        for (int s = 0; s < c->l->rows.items[r].names->count; s++)
            if (is_seen(c, &c->l->rows.items[r]) &&
                c->l->rows.items[r].states[s].kind == AG_PARAMETER_BETA &&
                c->lane_count < AG_DRAWS - 1)
                c->lanes[c->lane_count++] = (lane){r, s};
}

/* Every learned number at its present value, and in its own lane a little lower. */
static ag_status set_values(counting *c) {
    double draws[AG_DRAWS];
    for (int r = 0; r < c->l->rows.count; r++)
        for (int s = 0; s < c->l->rows.items[r].names->count; s++) {
            const ag_parameter *p = &c->l->rows.items[r].states[s];
            if (p->kind != AG_PARAMETER_BETA)
                continue;
            for (int d = 0; d < AG_DRAWS; d++)
                draws[d] = c->values[r][s];
            for (int j = 0; j < c->lane_count; j++)
                if (c->lanes[j].row == r && c->lanes[j].state == s)
                    draws[j + 1] *= 1 - STEP;
            if (!ag_parameter_cache_set(c->believer.cache, p, draws))
                return no_memory(c);
        }
    return AG_OK;
}

/* ---- the diagnosis as evidence ---- */

static ag_status enter_diagnosis(counting *c, ag_indices known) {
    ag_posterior *p = &c->belief.posterior;
    const ag_knowledge *k = c->l->knowledge;
    if (known.count != 1) /* one of several: left open */
        return AG_OK;
    int variable = k->mechanisms[known.items[0]].variable;
    ag_status status = AG_OK;
    if (k->variables[variable].conjunction) {
        status = ag_clinical_network_suppose(p->clinical, variable, true, p->query, c->l->error);
    } else {
        int node = ag_clinical_network_node(p->clinical, variable, AG_EPOCH_TODAY, 0);
        if (node >= 0)
            status = ag_query_set_state(p->query, node, 1, c->l->error);
    }
    return status == AG_OK ? ag_query_run(p->query, c->l->error) : status;
}

/* ---- counts ---- */

static double slope(const counting *c, int lane_index) {
    const ag_query *query = c->belief.posterior.query;
    double less = ag_query_log_evidence(query, lane_index + 1) - ag_query_log_evidence(query, 0);
    return expm1(less) / -STEP;
}

/* N of the rest, from a state of the row that was not seen; NaN where all were. */
static double rest_count(const counting *c, int row) {
    const ag_learn_row *r = &c->l->rows.items[row];
    uint32_t seen = c->seen[r->finding];
    if ((seen >> r->rest & 1) == 0)
        return 0;
    for (int j = 0; j < c->lane_count; j++)
        if (c->lanes[j].row == row && (seen >> c->lanes[j].state & 1) == 0)
            return -slope(c, j) * c->values[row][r->rest] / c->values[row][c->lanes[j].state];
    return NAN;
}

static void count_row(counting *c, int row) {
    const ag_learn_row *r = &c->l->rows.items[row];
    double rest = rest_count(c, row), left = c->values[row][r->rest];
    if (isnan(rest))
        return;
    c->count[row][r->rest] += fmax(rest, 0);
    for (int j = 0; j < c->lane_count; j++) {
        int s = c->lanes[j].state;
        if (c->lanes[j].row == row && (c->seen[r->finding] >> s & 1) != 0)
            c->count[row][s] +=
                fmax(slope(c, j) + (rest > 0 ? rest * c->values[row][s] / left : 0), 0);
    }
}

/* The variant that the record leaves no doubt about, or -1. */
static int variant_of(const counting *c, int cause) {
    const ag_situation_cause *s = &c->belief.man->situation.causes[cause];
    int count = c->l->knowledge->causes[cause].variant_count;
    if (s->exposure != AG_EXPOSURE_PRESENT)
        return -1;
    if (count == 1)
        return 0;
    for (int v = 0; v < count && s->variant_weights != NULL; v++)
        if (s->variant_weights[v] > 1 - 1e-9)
            return v;
    return -1;
}

static void count_link(counting *c, const ag_model_link *link) {
    int variant = variant_of(c, link->cause), lanes = c->believer.draw_count;
    for (int row = 0; row < c->l->rows.count && variant >= 0; row++) {
        const ag_learn_row *r = &c->l->rows.items[row];
        if (r->finding >= 0 || r->cause != link->cause || r->variant != variant)
            continue;
        const ag_cause *cause = &c->l->knowledge->causes[r->cause];
        if (cause->variants[variant].actions[r->action].function != link->function)
            continue;
        const double *p = ag_query_marginal(c->belief.posterior.query, link->node);
        for (int s = 0; s < r->names->count; s++)
            c->count[row][s] += p[s * lanes];
    }
}

static void count_all(counting *c) {
    int links;
    const ag_model_link *items = ag_clinical_network_links(c->belief.posterior.clinical, &links);
    for (int row = 0; row < c->l->rows.count; row++)
        if (is_seen(c, &c->l->rows.items[row]))
            count_row(c, row);
    for (int i = 0; i < links && c->l->causes; i++)
        count_link(c, &items[i]);
}

/* ---- a case ---- */

static ag_status read_patient(ag_learner *l, const ag_resolved *resolved, ag_patient **out) {
    const ag_node *node = resolved->given;
    if (resolved->held_back != NULL)
        node = ag_nodes_joined(l->arena, node, resolved->held_back);
    return node != NULL ? ag_patient_read_node(out, l->vocabulary, node, NULL, l->error)
                        : ag_fail(l->error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status open_believer(ag_learner *l, ag_believer *out) {
    *out = (ag_believer){
        .knowledge = l->knowledge, .vocabulary = l->vocabulary, .cache = ag_parameter_cache_new()};
    if (out->cache == NULL)
        return ag_fail(l->error, AG_ERROR_MEMORY, "out of memory");
    ag_parameter_cache_hold(out->cache);
    return AG_OK;
}

static ag_status count_patient(counting *c, const ag_resolved *resolved,
                               const ag_patient *patient) {
    note_seen(c, patient);
    choose_lanes(c);
    c->believer.draw_count = (c->lane_count + 1 + LANES_BY - 1) / LANES_BY * LANES_BY;
    ag_status status = set_values(c);
    if (status == AG_OK)
        status = ag_belief_of(&c->belief, &c->believer, patient, c->l->error);
    if (status == AG_OK)
        status = enter_diagnosis(c, resolved->mechanisms);
    if (status == AG_OK)
        count_all(c);
    ag_belief_close(&c->belief);
    return status;
}

ag_status ag_learn_count(ag_learner *l, const ag_resolved *resolved,
                         const double (*values)[AG_MAX_STATES], ag_learn_values count) {
    counting c = {.l = l, .values = values, .count = count};
    ag_patient *patient = NULL;
    ag_status status = read_patient(l, resolved, &patient);
    if (status == AG_OK)
        status = open_believer(l, &c.believer);
    if (status == AG_OK)
        status = count_patient(&c, resolved, patient);
    ag_parameter_cache_free(c.believer.cache);
    ag_patient_free(patient);
    if (status != AG_OK)
        ag_fault_where(l->error, resolved->path);
    return status;
}

/* ---- scores ---- */

static bool contains(ag_indices list, int index) {
    for (int i = 0; i < list.count; i++)
        if (list.items[i] == index)
            return true;
    return false;
}

static ag_status add_scores(ag_learner *l, ag_belief *belief, const ag_believer *believer,
                            ag_indices mechanisms, int happened, double log[2], double brier[2]) {
    double p[AG_DRAWS];
    int count;
    ag_status status = ag_belief_any(belief, believer, mechanisms, p, &count, l->error);
    for (int d = 0; d < 2 && status == AG_OK && count >= 2; d++) {
        log[d] += ag_score_log(p[d], happened);
        brier[d] += ag_score_brier(p[d], happened);
    }
    return status;
}

static ag_status score_patient(ag_learner *l, const ag_resolved *resolved,
                               const ag_believer *believer, const ag_patient *patient,
                               double log[2], double brier[2]) {
    ag_belief belief;
    ag_status status = ag_belief_of(&belief, believer, patient, l->error);
    if (status == AG_OK)
        status = add_scores(l, &belief, believer, resolved->mechanisms, 1, log, brier);
    for (int m = 0; m < l->knowledge->mechanism_count && status == AG_OK; m++)
        if (!contains(resolved->mechanisms, m) && !contains(resolved->also, m))
            status = add_scores(l, &belief, believer, (ag_indices){&m, 1}, 0, log, brier);
    ag_belief_close(&belief);
    return status;
}

/* Lane 0 keeps the cards' numbers, lane 1 has the learned ones. */
static ag_status set_pair(ag_learner *l, ag_believer *believer,
                          const double (*values)[AG_MAX_STATES]) {
    double draws[AG_DRAWS];
    for (int r = 0; r < l->rows.count; r++)
        for (int s = 0; s < l->rows.items[r].names->count; s++) {
            const ag_parameter *p = &l->rows.items[r].states[s];
            if (p->kind != AG_PARAMETER_BETA)
                continue;
            for (int d = 0; d < AG_DRAWS; d++)
                draws[d] = d == 1 ? values[r][s] : p->value;
            if (!ag_parameter_cache_set(believer->cache, p, draws))
                return ag_fail(l->error, AG_ERROR_MEMORY, "out of memory");
        }
    return AG_OK;
}

ag_status ag_learn_score(ag_learner *l, const ag_resolved *resolved,
                         const double (*values)[AG_MAX_STATES], double log[2], double brier[2]) {
    ag_believer believer = {0};
    ag_patient *patient = NULL;
    log[0] = log[1] = brier[0] = brier[1] = 0;
    ag_status status =
        ag_patient_read_node(&patient, l->vocabulary, resolved->given, NULL, l->error);
    if (status == AG_OK)
        status = open_believer(l, &believer);
    believer.draw_count = LANES_BY;
    if (status == AG_OK)
        status = set_pair(l, &believer, values);
    if (status == AG_OK)
        status = score_patient(l, resolved, &believer, patient, log, brier);
    ag_parameter_cache_free(believer.cache);
    ag_patient_free(patient);
    if (status != AG_OK)
        ag_fault_where(l->error, resolved->path);
    return status;
}
