/* A validation for programs. */
#include "json_writer.h"
#include "stress.h"
#include "validation.h"

static void scored(ag_json *json, const char *key, ag_scored s) {
    ag_json_object(json, key);
    ag_json_decimal(json, "value", s.value, 6);
    ag_json_decimal(json, "low", s.low, 6);
    ag_json_decimal(json, "high", s.high, 6);
    ag_json_end(json);
}

static void summary(ag_json *json, const char *key, const ag_summary *s) {
    ag_json_object(json, key);
    scored(json, "top1", s->top1);
    scored(json, "top2", s->top2);
    scored(json, "log_score", s->log);
    scored(json, "brier_score", s->brier);
    scored(json, "model_log_score_less_this", s->log_less);
    scored(json, "model_brier_score_less_this", s->brier_less);
    ag_json_end(json);
}

static void one_case(ag_json *json, const ag_validation *v, const ag_case_result *r) {
    ag_json_object(json, NULL);
    ag_json_text(json, "id", r->resolved->id);
    ag_json_array(json, "known");
    for (int k = 0; k < r->resolved->mechanisms.count; k++)
        ag_json_text(json, NULL, ag_mechanism_id(v->knowledge, r->resolved->mechanisms.items[k]));
    ag_json_end(json);
    ag_json_decimal(json, "probability", r->by[AG_MODEL].p[0], 6);
    ag_json_decimal(json, "low", r->known_low, 6);
    ag_json_decimal(json, "high", r->known_high, 6);
    ag_json_text(json, "leading", ag_mechanism_id(v->knowledge, r->leading));
    ag_json_decimal(json, "leading_probability", r->leading_p, 6);
    ag_json_bool(json, "top1", r->by[AG_MODEL].top1);
    ag_json_bool(json, "top2", r->by[AG_MODEL].top2);
    ag_json_decimal(json, "log_score", r->by[AG_MODEL].log, 6);
    ag_json_decimal(json, "brier_score", r->by[AG_MODEL].brier, 6);
    ag_json_decimal(json, "base_rate", r->by[AG_BASE_RATES].p[0], 6);
    if (v->has_chart)
        ag_json_text(json, "flow_chart_step", r->chart_step);
    if (r->has_settled)
        ag_json_decimal(json, "settled_probability", r->settled_p, 6);
    ag_json_integer(json, "numbers_stood_in_for", r->stood_in);
    ag_json_integer(json, "numbers_of_the_same_study", r->shaped);
    ag_json_text(json, "not_used", r->unused);
    ag_json_end(json);
}

static void one_cohort(ag_json *json, const ag_cohort_result *c) {
    ag_json_object(json, NULL);
    ag_json_text(json, "id", c->cohort->id);
    ag_json_integer(json, "events", c->cohort->events);
    ag_json_integer(json, "total", c->cohort->total);
    ag_json_decimal(json, "probability", c->mean, 6);
    ag_json_integer(json, "low", c->predicted.low);
    ag_json_integer(json, "high", c->predicted.high);
    ag_json_bool(json, "held", c->covered);
    ag_json_decimal(json, "log_gain", c->predicted.log_gain, 6);
    ag_json_decimal(json, "probability_with_its_study", c->mean_in_use, 6);
    ag_json_bool(json, "held_with_its_study", c->covered_in_use);
    ag_json_integer(json, "numbers_stood_in_for", c->stood_in);
    ag_json_integer(json, "numbers_of_the_same_study", c->shaped);
    ag_json_end(json);
}

static void bins(ag_json *json, const ag_validation *v) {
    ag_json_array(json, "reliability");
    for (int b = 0; b < AG_BINS; b++) {
        ag_json_object(json, NULL);
        ag_json_number(json, "from", ag_bin_edges[b]);
        ag_json_number(json, "to", ag_bin_edges[b + 1]);
        ag_json_integer(json, "count", v->bins[b].count);
        ag_json_integer(json, "happened", v->bins[b].happened);
        ag_json_decimal(json, "mean", v->bins[b].mean, 6);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void stress(ag_json *json, const ag_validation *v) {
    ag_json_object(json, "stress");
    ag_json_integer(json, "cases", v->stress->case_count);
    ag_json_integer(json, "runs", v->stress->tried);
    ag_json_array(json, "moves");
    for (int i = 0; i < v->stress->move_count; i++) {
        const ag_stress_move *m = &v->stress->moves[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "case", m->case_id);
        ag_json_text(json, "card", ag_card_id(v->knowledge, m->at.card));
        ag_json_text(json, "place", m->at.place);
        ag_json_number(json, "from", m->from);
        ag_json_number(json, "to", m->to);
        ag_json_text(json, "because_of", m->because);
        ag_json_text(json, "leading_before", ag_mechanism_id(v->knowledge, m->leading_before));
        ag_json_text(json, "leading_after", ag_mechanism_id(v->knowledge, m->leading_after));
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_end(json);
}

ag_status ag_validation_json(const ag_validation *v, char **out, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    *out = NULL;
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer text = ag_buffer_start(arena);
    ag_json json = ag_json_start(&text, 2);
    ag_json_object(&json, NULL);
    ag_json_text(&json, "knowledge", v->knowledge->version);
    ag_json_bool(&json, "studies_left_out", v->cards != NULL);
    summary(&json, "model", &v->summary[AG_MODEL]);
    summary(&json, "base_rates", &v->summary[AG_BASE_RATES]);
    if (v->has_chart)
        summary(&json, "flow_chart", &v->summary[AG_CHART]);
    bins(&json, v);
    ag_json_array(&json, "cases");
    for (int i = 0; i < v->case_count; i++)
        one_case(&json, v, &v->cases[i]);
    ag_json_end(&json);
    ag_json_array(&json, "counts");
    for (int i = 0; i < v->cohort_count; i++)
        one_cohort(&json, &v->cohorts[i]);
    ag_json_end(&json);
    if (v->stress != NULL)
        stress(&json, v);
    ag_json_end(&json);
    ag_buffer_add_char(&text, '\n');
    ag_status status = ag_text_out(&text, out, error);
    ag_arena_free(arena);
    return status;
}
