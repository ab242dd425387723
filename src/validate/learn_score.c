/* What the learned numbers make of a case, against what the cards do. */
#include "case_node.h"
#include "learning.h"

enum { LANES = 8 }; /* of which two are used */

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
        if (!ag_indices_have(resolved->mechanisms, m) && !ag_indices_have(resolved->also, m))
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
            const ag_learn_row *row = &l->rows.items[r];
            const ag_parameter *p = ag_learn_number(row, s);
            bool is_median = row->kind == AG_LEARN_MEDIAN;
            if (p->kind != AG_PARAMETER_BETA && !is_median)
                continue;
            for (int d = 0; d < AG_DRAWS; d++)
                draws[d] = p->value;
            draws[1] = is_median ? ag_learn_restored(row, values[r][s]) : values[r][s];
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
        status = ag_learn_believer(l, &believer);
    believer.draw_count = LANES;
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
