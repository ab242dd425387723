/*
 * One case: the probability that each forecaster gives to the known diagnosis and to every other
 * mechanism.
 *
 * Base rates: the share of each diagnosis among the other cases, with a half case spread over all.
 * Flow chart: its answers share the rate at which its answers were right in the other cases, the
 * rest is left to the base rates; where it has no answer, the base rates stand.
 */
#include <math.h>
#include <string.h>

#include "validation.h"

static void choose_events(ag_case_result *out, const ag_knowledge *knowledge) {
    out->event_count = 1;
    for (int m = 0; m < knowledge->mechanism_count; m++)
        if (!ag_indices_have(out->resolved->mechanisms, m) &&
            !ag_indices_have(out->resolved->also, m))
            out->mechanism_of[out->event_count++] = m;
}

/* ---- the model ---- */

static ag_status mean_of(ag_belief *belief, const ag_believer *believer, int mechanism, double *out,
                         ag_error *error) {
    return ag_belief_mean(belief, believer, (ag_indices){&mechanism, 1}, out, error);
}

static int by_value_down(const double *p, int count, int nth) {
    int best = -1;
    for (int round = 0, last = -1; round <= nth; round++, last = best) {
        best = -1;
        for (int m = 0; m < count; m++) {
            bool after = last < 0 || p[m] < p[last] || (p[m] == p[last] && m > last);
            if (after && (best < 0 || p[m] > p[best]))
                best = m;
        }
    }
    return best;
}

static void set_ranking(ag_forecast *out, const double *p, int count, ag_indices known) {
    out->top1 = ag_indices_have(known, by_value_down(p, count, 0));
    out->top2 = out->top1 || (count > 1 && ag_indices_have(known, by_value_down(p, count, 1)));
}

static ag_status all_mechanisms(ag_belief *belief, const ag_believer *believer, double *p,
                                ag_error *error) {
    ag_status status = AG_OK;
    for (int m = 0; m < believer->knowledge->mechanism_count && status == AG_OK; m++)
        status = mean_of(belief, believer, m, &p[m], error);
    return status;
}

static ag_status model_forecast(ag_validating *v, ag_case_result *out, const ag_believer *believer,
                                ag_belief *belief) {
    double p[AG_EVENTS], known[AG_DRAWS];
    int count, mechanisms = believer->knowledge->mechanism_count;
    ag_forecast *forecast = &out->by[AG_MODEL];
    ag_status status = all_mechanisms(belief, believer, p, v->error);
    if (status == AG_OK)
        status =
            ag_belief_any(belief, believer, out->resolved->mechanisms, known, &count, v->error);
    if (status != AG_OK)
        return status;
    ag_estimate estimate = ag_estimate_of(known, count);
    forecast->p[0] = count > 0 ? estimate.value : 0;
    out->known_low = estimate.low;
    out->known_high = estimate.high;
    for (int e = 1; e < out->event_count; e++)
        forecast->p[e] = p[out->mechanism_of[e]];
    set_ranking(forecast, p, mechanisms, out->resolved->mechanisms);
    out->leading = by_value_down(p, mechanisms, 0);
    out->leading_p = p[out->leading];
    return AG_OK;
}

/* What the record holds that was not used; NULL for nothing. */
static const char *unused_of(const ag_patient *patient, ag_arena *arena) {
    ag_buffer text = ag_buffer_start(arena);
    for (int i = 0; i < patient->unused_count; i++)
        ag_buffer_format(&text, "%s%s", i > 0 ? "; " : "", patient->unused[i].text);
    return text.length > 0 ? ag_buffer_text(&text) : NULL;
}

/* Once more with what settled it: no test of the model, but of the reading of the case. */
static ag_status settle(ag_validating *v, ag_case_result *out, const ag_believer *believer) {
    const ag_resolved *resolved = out->resolved;
    if (resolved->held_back == NULL)
        return AG_OK;
    const ag_node *both = ag_nodes_joined(v->arena, resolved->given, resolved->held_back);
    if (both == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    ag_belief belief;
    double p[AG_EVENTS];
    ag_forecast ranking;
    ag_status status = ag_belief_open(&belief, believer, both, v->error);
    if (status == AG_OK)
        status = all_mechanisms(&belief, believer, p, v->error);
    if (status == AG_OK)
        status = ag_belief_mean(&belief, believer, resolved->mechanisms, &out->settled_p, v->error);
    if (status == AG_OK) {
        set_ranking(&ranking, p, believer->knowledge->mechanism_count, resolved->mechanisms);
        out->settled_top1 = ranking.top1;
        out->has_settled = true;
    }
    ag_belief_close(&belief);
    return status;
}

static ag_status model_case(ag_validating *v, ag_case_result *out) {
    ag_without *without;
    ag_belief belief = {0};
    ag_status status =
        ag_validating_without(v, &out->resolved->source, &out->resolved->leave_out, &without);
    if (status == AG_OK)
        status = ag_without_forget(without, v->error);
    if (status == AG_OK)
        status = ag_belief_open(&belief, &without->believer, out->resolved->given, v->error);
    if (status == AG_OK)
        status = model_forecast(v, out, &without->believer, &belief);
    if (status == AG_OK) {
        out->unused = unused_of(belief.patient, v->arena);
        const ag_chart_step *step =
            v->result->has_chart ? ag_flow_chart_answer(&v->result->chart, belief.patient) : NULL;
        out->chart_step = step != NULL ? step->name : NULL;
    }
    ag_belief_close(&belief);
    if (status == AG_OK)
        status = settle(v, out, &without->believer);
    if (status == AG_OK)
        ag_without_used(without, &out->stood_in, &out->shaped);
    if (status != AG_OK)
        ag_fault_where(v->error, out->resolved->path);
    return status;
}

/* ---- baselines ---- */

static void base_rates(const ag_validation *result, int without, double *p) {
    int mechanisms = result->knowledge->mechanism_count;
    double others = result->case_count - 1 + 0.5;
    for (int m = 0; m < mechanisms; m++)
        p[m] = 0.5 / mechanisms / others;
    for (int i = 0; i < result->case_count; i++) {
        ag_indices known = result->cases[i].resolved->mechanisms;
        for (int k = 0; k < known.count && i != without; k++)
            p[known.items[k]] += 1.0 / known.count / others;
    }
}

static const ag_chart_step *step_of(const ag_validation *result, int i) {
    const char *name = result->cases[i].chart_step;
    for (int s = 0; s < result->chart.step_count && name != NULL; s++)
        if (result->chart.steps[s].name == name)
            return result->chart.steps[s].then.count > 0 ? &result->chart.steps[s] : NULL;
    return NULL;
}

static bool any_right(ag_indices answers, ag_indices known) {
    for (int i = 0; i < answers.count; i++)
        if (ag_indices_have(known, answers.items[i]))
            return true;
    return false;
}

/* How often the chart's answers were right in the other cases that it answered. */
static double chart_rate(const ag_validation *result, int without) {
    int right = 0, answered = 0;
    for (int i = 0; i < result->case_count; i++) {
        const ag_chart_step *step = i != without ? step_of(result, i) : NULL;
        answered += step != NULL;
        right += step != NULL && any_right(step->then, result->cases[i].resolved->mechanisms);
    }
    return (right + 0.5) / (answered + 1);
}

static void chart_forecast(const ag_validation *result, int i, double *p) {
    const ag_chart_step *step = step_of(result, i);
    base_rates(result, i, p);
    if (step == NULL)
        return;
    double rate = chart_rate(result, i), of_answers = 0;
    for (int a = 0; a < step->then.count; a++)
        of_answers += p[step->then.items[a]];
    for (int m = 0; m < result->knowledge->mechanism_count; m++)
        p[m] *= (1 - rate) / (1 - of_answers);
    for (int a = 0; a < step->then.count; a++) /* the first a little before the next */
        p[step->then.items[a]] = rate / step->then.count * (1 - 1e-9 * a);
}

static void set_baseline(const ag_validation *result, int i, ag_forecaster who) {
    double p[AG_EVENTS], known = 0;
    ag_case_result *out = &result->cases[i];
    if (who == AG_CHART)
        chart_forecast(result, i, p);
    else
        base_rates(result, i, p);
    for (int k = 0; k < out->resolved->mechanisms.count; k++)
        known += p[out->resolved->mechanisms.items[k]];
    out->by[who].p[0] = fmin(known, 1);
    for (int e = 1; e < out->event_count; e++)
        out->by[who].p[e] = p[out->mechanism_of[e]];
    set_ranking(&out->by[who], p, result->knowledge->mechanism_count, out->resolved->mechanisms);
}

static void score(ag_case_result *out, ag_forecaster who) {
    ag_forecast *f = &out->by[who];
    f->log = f->brier = 0;
    for (int e = 0; e < out->event_count; e++) {
        f->log += ag_score_log(f->p[e], e == 0);
        f->brier += ag_score_brier(f->p[e], e == 0);
    }
}

ag_status ag_validate_cases(ag_validating *v, const ag_resolved_list *cases) {
    ag_validation *result = v->result;
    result->cases = ag_arena_array(v->arena, (size_t)cases->count + 1, sizeof *result->cases);
    if (result->cases == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = AG_OK;
    for (int i = 0; i < cases->count && status == AG_OK; i++) {
        ag_case_result *out = &result->cases[result->case_count++];
        out->resolved = &cases->items[i];
        choose_events(out, result->knowledge);
        status = model_case(v, out);
    }
    for (int i = 0; i < result->case_count && status == AG_OK; i++) {
        set_baseline(result, i, AG_BASE_RATES);
        set_baseline(result, i, AG_CHART);
        for (int who = 0; who < AG_FORECASTERS; who++)
            score(&result->cases[i], (ag_forecaster)who);
    }
    return status;
}
