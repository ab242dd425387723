/*
 * The expected counts of one case.
 *
 * A finding: in lane j one probability of one row is lowered by the factor 1 - STEP, which the rest
 * of the row takes up. With N the expected number of times that the row's state s was seen,
 *     d log P / d log p_s = N_s - N_rest p_s / p_rest.
 * States that were not seen have N = 0, so that the equations give every N. A finding that was seen
 * in all of its states (in several samples) leaves one equation too few, and is passed over.
 *
 * A median: with z how many spreads the one value lies above it, and w the probability that the row
 * was this man's,
 *     A = d log P / d (median / spread) = w z,   B = d log P / d log spread = w (z^2 - 1),
 * so that w = z A - B. A man with several values, or with a range, is passed over.
 *
 * A link: its marginal, in a man of whom cause and variant are recorded. A prior: a man of the age
 * whose record says that he has the cause now, or has it not.
 */
#include <math.h>
#include <string.h>

#include "case_node.h"
#include "learning.h"

static const double STEP = 1e-4;
enum { LANES_BY = 8, MOST_FINDINGS = 1024 };
enum { HIGHER_MEDIAN, WIDER_SPREAD }; /* the lanes of a median */

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
    uint32_t seen[MOST_FINDINGS]; /* states, a bit each */
    int measured[MOST_FINDINGS];  /* so many values; a range counts as two */
    double value[MOST_FINDINGS];  /* the last one */
} counting;

static ag_status no_memory(counting *c) {
    return ag_fail(c->l->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- lanes ---- */

static void note_seen(counting *c, const ag_patient *patient) {
    for (int i = 0; i < patient->finding_count; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        if (fact->finding >= MOST_FINDINGS)
            continue;
        if (fact->state >= 0) {
            c->seen[fact->finding] |= 1u << fact->state;
        } else {
            c->measured[fact->finding] += fact->low == fact->high ? 1 : 2;
            c->value[fact->finding] = fact->low;
        }
    }
}

static bool is_seen(const counting *c, const ag_learn_row *row) {
    return row->kind == AG_LEARN_FINDING && row->finding < MOST_FINDINGS &&
           c->seen[row->finding] != 0;
}

static bool is_measured(const counting *c, const ag_learn_row *row) {
    return row->kind == AG_LEARN_MEDIAN && row->finding < MOST_FINDINGS &&
           c->measured[row->finding] == 1 &&
           (row->measure->family == AG_FAMILY_NORMAL || c->value[row->finding] > 0);
}

static void add_lane(counting *c, int row, int state) {
    if (c->lane_count < AG_DRAWS - 1)
        c->lanes[c->lane_count++] = (lane){row, state};
}

static void choose_lanes(counting *c) {
    for (int r = 0; r < c->l->rows.count; r++) {
        const ag_learn_row *row = &c->l->rows.items[r];
        if (is_measured(c, row)) {
            add_lane(c, r, HIGHER_MEDIAN);
            add_lane(c, r, WIDER_SPREAD);
        }
        for (int s = 0; s < row->names->count && is_seen(c, row); s++)
            if (ag_learn_number(row, s)->kind == AG_PARAMETER_BETA)
                add_lane(c, r, s);
    }
}

static int lane_of(const counting *c, int row, int state) {
    for (int j = 0; j < c->lane_count; j++)
        if (c->lanes[j].row == row && c->lanes[j].state == state)
            return j;
    return -1;
}

/* `value` in all lanes but the one of this row and state, which has `other`. */
static bool set_number(counting *c, const ag_parameter *p, double value, int row, int state,
                       double other) {
    double draws[AG_DRAWS];
    int j = lane_of(c, row, state);
    for (int d = 0; d < AG_DRAWS; d++)
        draws[d] = value;
    if (j >= 0)
        draws[j + 1] = other;
    return ag_parameter_cache_set(c->believer.cache, p, draws);
}

static bool set_median(counting *c, int r) {
    const ag_learn_row *row = &c->l->rows.items[r];
    double spread = row->measure->spread.value, centre = c->values[r][0];
    return set_number(c, &row->measure->median, ag_learn_restored(row, centre), r, HIGHER_MEDIAN,
                      ag_learn_restored(row, centre + STEP * spread)) &&
           set_number(c, &row->measure->spread, spread, r, WIDER_SPREAD, spread * (1 + STEP));
}

/* Every learned number at its present value, and in its own lane a little lower (a median and its
 * spread a little higher). */
static ag_status set_values(counting *c) {
    for (int r = 0; r < c->l->rows.count; r++) {
        const ag_learn_row *row = &c->l->rows.items[r];
        if (row->kind == AG_LEARN_MEDIAN && !set_median(c, r))
            return no_memory(c);
        for (int s = 0; s < row->names->count; s++) {
            const ag_parameter *p = ag_learn_number(row, s);
            double value = c->values[r][s];
            if (p->kind == AG_PARAMETER_BETA && !set_number(c, p, value, r, s, value * (1 - STEP)))
                return no_memory(c);
        }
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

/* How much more probable the case is in a lane than as it stands, as a logarithm. */
static double gain(const counting *c, int lane_index) {
    const ag_query *query = c->belief.posterior.query;
    return ag_query_log_evidence(query, lane_index + 1) - ag_query_log_evidence(query, 0);
}

static double slope(const counting *c, int lane_index) {
    return expm1(gain(c, lane_index)) / -STEP;
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

static void count_median(counting *c, int row) {
    const ag_learn_row *r = &c->l->rows.items[row];
    int higher = lane_of(c, row, HIGHER_MEDIAN), wider = lane_of(c, row, WIDER_SPREAD);
    if (higher < 0 || wider < 0)
        return;
    double x = ag_learn_transformed(r, c->value[r->finding]);
    double z = (x - c->values[row][0]) / r->measure->spread.value;
    double own = fmin(fmax((z * gain(c, higher) - gain(c, wider)) / STEP, 0), 1);
    c->count[row][0] += own * x;
    c->count[row][1] += own;
}

static void count_prior(counting *c, const ag_patient *patient, int row) {
    const ag_learn_row *r = &c->l->rows.items[row];
    const ag_cause *cause = &c->l->knowledge->causes[r->cause];
    ag_exposure exposure = c->belief.man->situation.causes[r->cause].exposure;
    bool last = r->row + 1 == cause->prior_count, now = false;
    double age = patient->age_years, from = r->row == 0 ? 0 : cause->priors[r->row].from_age;
    if (!(age >= from) || (!last && age >= cause->priors[r->row + 1].from_age) ||
        exposure == AG_EXPOSURE_UNKNOWN)
        return;
    for (int i = 0; i < patient->cause_count; i++)
        now = now || (patient->causes[i].cause == r->cause && patient->causes[i].present &&
                      !patient->causes[i].ended && !patient->causes[i].planned);
    c->count[row][now ? 1 : 0] += 1;
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
        if (r->kind != AG_LEARN_EFFECT || r->cause != link->cause || r->variant != variant)
            continue;
        const ag_cause *cause = &c->l->knowledge->causes[r->cause];
        if (cause->variants[variant].actions[r->action].function != link->function)
            continue;
        const double *p = ag_query_marginal(c->belief.posterior.query, link->node);
        for (int s = 0; s < r->names->count; s++)
            c->count[row][s] += p[s * lanes];
    }
}

static void count_all(counting *c, const ag_patient *patient) {
    int links;
    const ag_model_link *items = ag_clinical_network_links(c->belief.posterior.clinical, &links);
    for (int row = 0; row < c->l->rows.count; row++) {
        if (is_seen(c, &c->l->rows.items[row]))
            count_row(c, row);
        else if (is_measured(c, &c->l->rows.items[row]))
            count_median(c, row);
        else if (c->l->rows.items[row].kind == AG_LEARN_PRIOR)
            count_prior(c, patient, row);
    }
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

ag_status ag_learn_believer(ag_learner *l, ag_believer *out) {
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
        count_all(c, patient);
    ag_belief_close(&c->belief);
    return status;
}

ag_status ag_learn_count(ag_learner *l, const ag_resolved *resolved,
                         const double (*values)[AG_MAX_STATES], ag_learn_values count) {
    counting c = {.l = l, .values = values, .count = count};
    ag_patient *patient = NULL;
    ag_status status = read_patient(l, resolved, &patient);
    if (status == AG_OK)
        status = ag_learn_believer(l, &c.believer);
    if (status == AG_OK)
        status = count_patient(&c, resolved, patient);
    ag_parameter_cache_free(c.believer.cache);
    ag_patient_free(patient);
    if (status != AG_OK)
        ag_fault_where(l->error, resolved->path);
    return status;
}
