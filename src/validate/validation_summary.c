/* Scores over all cases with their intervals, the reliability bins, and the worst misses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/assess.h"
#include "validation.h"

static const unsigned long long SEED = 2026; /* of all bootstrap intervals */
const double ag_bin_edges[AG_BINS + 1] = {0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1};

static void summarise(ag_validation *v, ag_forecaster who, double *a, double *b) {
    ag_summary *s = &v->summary[who];
    int top1 = 0, top2 = 0, n = v->case_count;
    for (int i = 0; i < n; i++) {
        const ag_forecast *f = &v->cases[i].by[who], *model = &v->cases[i].by[AG_MODEL];
        top1 += f->top1;
        top2 += f->top2;
        a[i] = model->log - f->log;
        b[i] = model->brier - f->brier;
    }
    s->top1 = ag_score_share(top1, n);
    s->top2 = ag_score_share(top2, n);
    s->log_less = ag_score_mean(a, n, SEED);
    s->brier_less = ag_score_mean(b, n, SEED);
    for (int i = 0; i < n; i++) {
        a[i] = v->cases[i].by[who].log;
        b[i] = v->cases[i].by[who].brier;
    }
    s->log = ag_score_mean(a, n, SEED);
    s->brier = ag_score_mean(b, n, SEED);
}

static void fill_bins(ag_validation *v) {
    for (int i = 0; i < v->case_count; i++)
        for (int e = 0; e < v->cases[i].event_count; e++) {
            double p = v->cases[i].by[AG_MODEL].p[e];
            int bin = 0;
            while (bin + 1 < AG_BINS && p >= ag_bin_edges[bin + 1])
                bin++;
            v->bins[bin].count++;
            v->bins[bin].happened += e == 0;
            v->bins[bin].mean += p;
        }
    for (int bin = 0; bin < AG_BINS; bin++)
        if (v->bins[bin].count > 0)
            v->bins[bin].mean /= v->bins[bin].count;
}

/* ---- misses ---- */

static int worst_first(const void *x, const void *y) {
    const ag_case_result *a = *(const ag_case_result *const *)x;
    const ag_case_result *b = *(const ag_case_result *const *)y;
    double p = a->by[AG_MODEL].p[0], q = b->by[AG_MODEL].p[0];
    return p != q ? (p > q) - (p < q) : strcmp(a->resolved->id, b->resolved->id);
}

static int leading_place(const ag_assessment *assessment, const ag_case_result *result,
                         const ag_knowledge *knowledge) {
    for (int l = 0; l < ag_assessment_leading_count(assessment); l++)
        for (int k = 0; k < result->resolved->mechanisms.count; k++)
            if (strcmp(ag_assessment_leading(assessment, l)->id,
                       ag_mechanism_id(knowledge, result->resolved->mechanisms.items[k])) == 0)
                return l;
    return -1;
}

static ag_status copy_findings(ag_validating *v, ag_miss *out, const ag_assessment *assessment) {
    int count = ag_assessment_finding_count(assessment);
    int known = leading_place(assessment, out->result, v->result->knowledge);
    ag_miss_finding *items = ag_arena_array(v->arena, (size_t)count + 1, sizeof *items);
    if (items == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    for (int i = 0; i < count; i++) {
        const ag_finding_result *f = ag_assessment_finding(assessment, i);
        items[i] = (ag_miss_finding){.text = ag_arena_copy(v->arena, f->text),
                                     .for_leading = f->weight[0],
                                     .for_known = known >= 0 ? f->weight[known] : NAN};
    }
    out->findings = items;
    out->finding_count = count;
    return AG_OK;
}

static ag_status explain(ag_validating *v, ag_session *session, const ag_believer *believer,
                         ag_miss *out) {
    ag_belief belief = {0};
    ag_assessment *assessment = NULL;
    ag_status status = ag_belief_open(&belief, believer, out->result->resolved->given, v->error);
    if (status == AG_OK)
        status = ag_assess(&assessment, session, belief.patient, NULL, v->error);
    if (status == AG_OK)
        status = copy_findings(v, out, assessment);
    ag_assessment_free(assessment);
    ag_belief_close(&belief);
    return status;
}

/* The knowledge is the whole one here: what is explained is the assessment that a reader sees. */
static ag_status explain_all(ag_validating *v) {
    ag_engine *engine = NULL;
    ag_session *session = NULL;
    ag_believer believer = {0};
    ag_status status = ag_engine_new(&engine, v->result->knowledge, v->error);
    if (status == AG_OK)
        status = ag_session_new(&session, engine, v->error);
    if (status == AG_OK)
        status = ag_believer_open(&believer, v->result->knowledge, v->error);
    for (int i = 0; i < v->result->miss_count && status == AG_OK; i++)
        status = explain(v, session, &believer, &v->result->misses[i]);
    ag_believer_close(&believer);
    ag_session_free(session);
    ag_engine_free(engine);
    return status;
}

static ag_status find_misses(ag_validating *v) {
    ag_validation *result = v->result;
    const ag_case_result **order =
        ag_arena_array(v->arena, (size_t)result->case_count + 1, sizeof *order);
    if (order == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    int count = 0;
    for (int i = 0; i < result->case_count; i++)
        if (!result->cases[i].by[AG_MODEL].top1)
            order[count++] = &result->cases[i];
    if (count > 0)
        qsort(order, (size_t)count, sizeof *order, worst_first);
    for (int i = 0; i < count && i < AG_MISSES; i++)
        result->misses[result->miss_count++].result = order[i];
    return result->miss_count > 0 ? explain_all(v) : AG_OK;
}

ag_status ag_validate_summary(ag_validating *v) {
    ag_validation *result = v->result;
    size_t room = (size_t)result->case_count + 1;
    double *a = ag_arena_array(v->arena, room, sizeof *a);
    double *b = ag_arena_array(v->arena, room, sizeof *b);
    if (a == NULL || b == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    for (int who = 0; who < AG_FORECASTERS; who++)
        summarise(result, (ag_forecaster)who, a, b);
    fill_bins(result);
    return find_misses(v);
}
