/* The rows that can be learned: those with a rest and at least one probability of a distribution.
 */
#include <string.h>

#include "learning.h"

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

static void add_finding(ag_learner *l, int finding) {
    const ag_variable *v = &l->knowledge->variables[l->knowledge->findings[finding].variable];
    for (int r = 0; r < v->row_count; r++)
        if (v->rows[r].states != NULL)
            add(l, (ag_learn_row){.card = {AG_CARD_FINDING, finding},
                                  .finding = finding,
                                  .row = r,
                                  .names = &v->states,
                                  .states = v->rows[r].states});
}

static void add_cause(ag_learner *l, int cause) {
    const ag_cause *c = &l->knowledge->causes[cause];
    for (int v = 0; v < c->variant_count; v++)
        for (int a = 0; a < c->variants[v].action_count; a++) {
            const ag_action *action = &c->variants[v].actions[a];
            add(l, (ag_learn_row){.card = {AG_CARD_CAUSE, cause},
                                  .finding = -1,
                                  .cause = cause,
                                  .variant = v,
                                  .action = a,
                                  .names = &l->knowledge->variables[action->function].states,
                                  .states = action->states});
        }
}

static int most_rows(const ag_knowledge *k) {
    int most = 0;
    for (int f = 0; f < k->finding_count; f++)
        most += k->variables[k->findings[f].variable].row_count;
    for (int c = 0; c < k->cause_count; c++)
        for (int v = 0; v < k->causes[c].variant_count; v++)
            most += k->causes[c].variants[v].action_count;
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
    for (int c = 0; c < l->knowledge->cause_count && l->causes; c++)
        add_cause(l, c);
    return AG_OK;
}

void ag_learn_start(const ag_learner *l, ag_learn_values values) {
    for (int r = 0; r < l->rows.count; r++) {
        double left = 1;
        for (int s = 0; s < l->rows.items[r].names->count; s++) {
            values[r][s] = ag_parameter_draw(&l->rows.items[r].states[s], -1);
            left -= values[r][s];
        }
        values[r][l->rows.items[r].rest] = left > 0 ? left : 0;
    }
}
