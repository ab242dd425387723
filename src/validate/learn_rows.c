/* The rows that can be learned: those with a rest and at least one probability of a distribution,
 * and medians that have one. */
#include <math.h>
#include <string.h>

#include "learning.h"

static const double HALF_WIDTH_IN_SD = 1.96; /* of a 95 % interval */
static const char *const presence_items[] = {"absent", "present"};
static const ag_texts presence = {presence_items, 2};
static const char *const median_items[] = {"median"};
static const ag_texts median = {median_items, 1};

const ag_parameter *ag_learn_number(const ag_learn_row *row, int state) {
    static const ag_parameter rest = {.kind = AG_PARAMETER_REST};
    if (row->kind != AG_LEARN_PRIOR)
        return &row->states[state];
    return state == row->rest ? &rest : row->states;
}

bool ag_learn_is_written(const ag_learn_row *row, int state) {
    return row->total >= AG_LEARN_ROW_LEAST &&
           (row->kind == AG_LEARN_MEDIAN || ag_learn_number(row, state)->kind == AG_PARAMETER_BETA);
}

/* ---- what was learned ---- */

double ag_learn_transformed(const ag_learn_row *row, double value) {
    return row->measure->family == AG_FAMILY_LOGNORMAL ? log(value) : value;
}

double ag_learn_restored(const ag_learn_row *row, double transformed) {
    return row->measure->family == AG_FAMILY_LOGNORMAL ? exp(transformed) : transformed;
}

/* The precision of the mean of `men` values, each with the spread of the row. */
static double precision(const ag_learn_row *row, double men) {
    return men / (row->measure->spread.value * row->measure->spread.value);
}

double ag_learn_centre(const ag_learn_row *row, double sum, double men) {
    const ag_parameter *p = &row->measure->median;
    double before = 1 / (p->b * p->b);
    return (p->a * before + sum * precision(row, 1)) / (before + precision(row, men));
}

static ag_learned learned_median(const ag_learn_row *row) {
    const ag_parameter *p = &row->measure->median;
    ag_learned out = {.a = ag_learn_centre(row, row->count[0], row->count[1]),
                      .b = 1 / sqrt(1 / (p->b * p->b) + precision(row, row->count[1]))};
    out.value = ag_learn_restored(row, out.a);
    out.low = ag_learn_restored(row, out.a - HALF_WIDTH_IN_SD * out.b);
    out.high = ag_learn_restored(row, out.a + HALF_WIDTH_IN_SD * out.b);
    return out;
}

/* The interval is as wide as 3.92 standard deviations, holds the mean and lies within 0 to 1. */
static ag_learned learned_probability(const ag_learn_row *row, int state) {
    const ag_parameter *p = ag_learn_number(row, state);
    ag_learned out = {.a = p->a + row->count[state], .b = p->b + row->total - row->count[state]};
    double size = out.a + out.b, m = out.a / size;
    double width = 2 * HALF_WIDTH_IN_SD * sqrt(m * (1 - m) / (size + 1));
    out.value = m;
    out.low = fmax(m - width / 2, 0);
    if (out.low + width > 1)
        out.low = 1 - width;
    out.high = out.low + width;
    return out;
}

ag_learned ag_learn_result(const ag_learn_row *row, int state) {
    return row->kind == AG_LEARN_MEDIAN ? learned_median(row) : learned_probability(row, state);
}

/* ---- rows ---- */

static int rest_of(const ag_parameter *states, int count) {
    int rest = -1;
    bool beta = false;
    for (int s = 0; s < count; s++) {
        rest = states[s].kind == AG_PARAMETER_REST ? s : rest;
        beta = beta || states[s].kind == AG_PARAMETER_BETA;
    }
    return beta ? rest : -1;
}

static void add(ag_learner *l, ag_learn_row row) {
    row.rest = rest_of(row.states, row.names->count);
    if (row.rest >= 0)
        l->rows.items[l->rows.count++] = row;
}

/* Of the families whose median is uncertain on the scale on which men vary. */
static bool has_median(const ag_measure *measure) {
    return (measure->family == AG_FAMILY_LOGNORMAL &&
            measure->median.kind == AG_PARAMETER_LOGNORMAL) ||
           (measure->family == AG_FAMILY_NORMAL && measure->median.kind == AG_PARAMETER_NORMAL);
}

static void add_finding(ag_learner *l, int finding) {
    const ag_variable *v = &l->knowledge->variables[l->knowledge->findings[finding].variable];
    ag_learn_row row = {.card = {AG_CARD_FINDING, finding}, .finding = finding};
    for (row.row = 0; row.row < v->row_count; row.row++) {
        const ag_row *from = &v->rows[row.row];
        if (from->states != NULL) {
            row.kind = AG_LEARN_FINDING;
            row.names = &v->states;
            row.states = from->states;
            add(l, row);
        } else if (has_median(&from->measure)) {
            row.kind = AG_LEARN_MEDIAN;
            row.names = &median;
            row.measure = &from->measure;
            row.states = &from->measure.median;
            row.rest = -1;
            l->rows.items[l->rows.count++] = row;
        }
    }
}

static void add_effects(ag_learner *l, int cause) {
    const ag_cause *c = &l->knowledge->causes[cause];
    for (int v = 0; v < c->variant_count; v++)
        for (int a = 0; a < c->variants[v].action_count; a++) {
            const ag_action *action = &c->variants[v].actions[a];
            add(l, (ag_learn_row){.kind = AG_LEARN_EFFECT,
                                  .card = {AG_CARD_CAUSE, cause},
                                  .finding = -1,
                                  .cause = cause,
                                  .variant = v,
                                  .action = a,
                                  .names = &l->knowledge->variables[action->function].states,
                                  .states = action->states});
        }
}

static void add_priors(ag_learner *l, int cause) {
    const ag_cause *c = &l->knowledge->causes[cause];
    for (int i = 0; i < c->prior_count; i++)
        if (c->priors[i].p.kind == AG_PARAMETER_BETA)
            l->rows.items[l->rows.count++] = (ag_learn_row){.kind = AG_LEARN_PRIOR,
                                                            .card = {AG_CARD_CAUSE, cause},
                                                            .finding = -1,
                                                            .cause = cause,
                                                            .row = i,
                                                            .names = &presence,
                                                            .states = &c->priors[i].p,
                                                            .rest = 0};
}

static int most_rows(const ag_knowledge *k) {
    int most = 0;
    for (int f = 0; f < k->finding_count; f++)
        most += k->variables[k->findings[f].variable].row_count;
    for (int c = 0; c < k->cause_count; c++) {
        most += k->causes[c].prior_count;
        for (int v = 0; v < k->causes[c].variant_count; v++)
            most += k->causes[c].variants[v].action_count;
    }
    return most;
}

ag_status ag_learn_rows_of(ag_learner *l) {
    size_t room = (size_t)most_rows(l->knowledge) + 1;
    l->rows = (ag_learn_rows){ag_arena_array(l->arena, room, sizeof *l->rows.items), 0};
    if (l->rows.items == NULL)
        return ag_fail(l->error, AG_ERROR_MEMORY, "out of memory");
    for (int f = 0; f < l->knowledge->finding_count; f++)
        if (l->knowledge->findings[f].kind != AG_FINDING_SETTING) /* how the cases were chosen */
            add_finding(l, f);
    for (int c = 0; c < l->knowledge->cause_count; c++) {
        if (l->causes)
            add_effects(l, c);
        if (l->priors)
            add_priors(l, c);
    }
    return AG_OK;
}

void ag_learn_start(const ag_learner *l, ag_learn_values values) {
    for (int r = 0; r < l->rows.count; r++) {
        const ag_learn_row *row = &l->rows.items[r];
        double left = 1;
        for (int s = 0; s < row->names->count; s++) {
            values[r][s] = ag_parameter_draw(ag_learn_number(row, s), -1);
            left -= values[r][s];
        }
        if (row->kind == AG_LEARN_MEDIAN)
            values[r][0] = ag_learn_transformed(row, values[r][0]);
        else
            values[r][row->rest] = left > 0 ? left : 0;
    }
}
