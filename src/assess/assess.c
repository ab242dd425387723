/* Engine, session, and the order of the steps of an assessment. */
#include "assessment.h"

#include "fitting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ag_assess_options ag_assess_options_defaults(void) {
    return (ag_assess_options){.size = sizeof(ag_assess_options), .explain = true};
}

ag_status ag_engine_new(ag_engine **out, const ag_knowledge *knowledge, ag_error *error) {
    *out = NULL;
    if (knowledge == NULL)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "no knowledge: pass ag_knowledge_builtin() or a loaded folder");
    ag_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    engine->knowledge = knowledge;
    *out = engine;
    return AG_OK;
}

void ag_engine_free(ag_engine *engine) {
    free(engine);
}

const ag_knowledge *ag_engine_knowledge(const ag_engine *engine) {
    return engine->knowledge;
}

ag_status ag_session_new(ag_session **out, const ag_engine *engine, ag_error *error) {
    *out = NULL;
    ag_session *session = calloc(1, sizeof *session);
    if (session != NULL)
        session->cache = ag_parameter_cache_new();
    if (session == NULL || session->cache == NULL) {
        ag_session_free(session);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    session->engine = engine;
    ag_parameter_cache_read(session->cache, engine->knowledge->quantiles);
    *out = session;
    return AG_OK;
}

void ag_session_free(ag_session *session) {
    if (session == NULL)
        return;
    ag_parameter_cache_free(session->cache);
    free(session);
}

void ag_session_trim(ag_session *session) {
    enum { KEPT_BYTES = 16 << 20 };
    ag_workspace *workspace = ag_parameter_cache_workspace(session->cache);
    if (workspace != NULL)
        ag_workspace_trim(workspace, KEPT_BYTES);
}

ag_status ag_assess_no_memory(ag_assessing *a) {
    return ag_fail(a->error, AG_ERROR_MEMORY, "out of memory during the assessment");
}

/* Name the findings that cannot all be true. */
static ag_status explain_conflict(ag_assessing *a) {
    enum { MOST = 32 };
    int nodes[MOST], count = 0;
    char list[400] = "";
    if (ag_query_conflict(a->result->today.query, nodes, MOST, &count, NULL) != AG_OK)
        count = 0;
    for (int i = 0; i < count; i++)
        for (int o = 0; o < a->man->situation.observation_count; o++)
            if (ag_clinical_network_observation_node(a->result->today.clinical, o) == nodes[i]) {
                size_t length = strlen(list);
                snprintf(list + length, sizeof list - length, "%s%s", length > 0 ? "; " : "",
                         a->patient->findings[a->man->fact_of[o]].text);
            }
    return ag_fail(
        a->error, AG_ERROR_IMPOSSIBLE,
        "these findings cannot all be true under the model: %s. Check them, or remove one",
        list[0] != '\0' ? list : "time of onset and causes");
}

static ag_status open_today(ag_assessing *a) {
    ag_status status = ag_posterior_open(&a->result->today, a->knowledge, &a->man->situation,
                                         AG_DRAWS, a->session->cache, a->error);
    return status == AG_ERROR_IMPOSSIBLE ? explain_conflict(a) : status;
}

static ag_status find_failures(ag_assessing *a) {
    a->man->situation.only_mechanisms = true;
    ag_status status = open_today(a);
    if (status == AG_OK) {
        a->result->log_evidence = ag_posterior_log_evidence(&a->result->today);
        status = ag_assess_mechanisms(a);
    }
    if (status == AG_OK)
        status = ag_assess_causes(a);
    return status == AG_OK ? ag_assess_ranking(a) : status;
}

/* Another network, with the routes and volumes, is for all else: so that a brief assessment has the
 * same mechanisms and causes to the last bit. */
static ag_status find_more(ag_assessing *a, bool explain) {
    ag_posterior_close(&a->result->today);
    a->man->situation.only_mechanisms = false;
    ag_status status = ag_assess_ask_routes(a);
    if (status == AG_OK)
        status = open_today(a);
    if (status != AG_OK)
        return status;
    ag_assess_routes(a);
    status = ag_assess_beside(a);
    if (status == AG_OK)
        status = ag_assess_findings(a, explain);
    if (status == AG_OK)
        status = ag_assess_expected(a);
    if (status == AG_OK && explain)
        status = ag_assess_unresolved(a);
    if (status == AG_OK && explain)
        status = ag_assess_counterfactuals(a);
    return status == AG_OK ? ag_assess_sources(a) : status;
}

static ag_status run_steps(ag_assessing *a, const ag_assess_options *options) {
    a->brief = options->brief;
    for (int r = 0; r < AG_SEMEN_ROUTES; r++)
        a->result->routes[r] = (ag_estimate){NAN, NAN, NAN};
    ag_status status = find_failures(a);
    return status == AG_OK && !options->brief ? find_more(a, options->explain) : status;
}

ag_status ag_assess(ag_assessment **out, ag_session *session, const ag_patient *patient,
                    const ag_assess_options *options, ag_error *error) {
    *out = NULL;
    ag_assess_options chosen = options != NULL ? *options : ag_assess_options_defaults();
    if (patient->knowledge != session->engine->knowledge)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "the patient was read with other knowledge than the engine's");
    ag_assessing a = {.session = session,
                      .knowledge = session->engine->knowledge,
                      .patient = patient,
                      .error = error};
    a.result = calloc(1, sizeof *a.result);
    if (a.result == NULL || (a.result->arena = ag_arena_new()) == NULL) {
        ag_assessment_free(a.result);
        return ag_assess_no_memory(&a);
    }
    a.result->patient = patient;
    a.man = a.result->man = ag_man_situation_fitting(patient, session->cache, a.result->arena);
    ag_status status = a.man != NULL ? run_steps(&a, &chosen) : ag_assess_no_memory(&a);
    ag_posterior_settle(&a.result->today);
    ag_session_trim(session);
    if (status != AG_OK) {
        ag_assessment_free(a.result);
        return status;
    }
    *out = a.result;
    return AG_OK;
}

void ag_assessment_free(ag_assessment *assessment) {
    if (assessment == NULL)
        return;
    ag_posterior_close(&assessment->today);
    ag_arena_free(assessment->arena);
    free(assessment);
}
