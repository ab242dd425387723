/* The order of the steps of a plan, and access to its items. */
#include <stdlib.h>
#include <string.h>

#include "plan_work.h"

ag_plan_options ag_plan_options_defaults(void) {
    return (ag_plan_options){.size = sizeof(ag_plan_options),
                             .tests = true,
                             .treatments = true,
                             .child = true,
                             .intervals = true};
}

ag_status ag_plan_no_memory(ag_planning *p) {
    return ag_fail(p->error, AG_ERROR_MEMORY, "out of memory while planning");
}

ag_plan_text ag_plan_localized(ag_localized text) {
    return (ag_plan_text){text.en, text.es != NULL ? text.es : text.en};
}

ag_plan_text ag_plan_names(const ag_names *names) {
    const char *en = names->en.count > 0 ? names->en.items[0] : NULL;
    return (ag_plan_text){en, names->es.count > 0 ? names->es.items[0] : en};
}

void ag_plan_add_sources(const ag_planning *p, ag_indices evidence, ag_source_list *list) {
    ag_parameter carrier = {.evidence = evidence};
    ag_source_list_add(list, p->knowledge, &carrier);
}

const char *const *ag_plan_sources(ag_planning *p, ag_indices evidence, int *count) {
    ag_source_list list = {.count = 0};
    ag_plan_add_sources(p, evidence, &list);
    *count = list.count;
    return ag_source_list_keep(&list, p->arena);
}

ag_status ag_planning_start(ag_planning *p, ag_session *session, const ag_patient *patient,
                            const ag_assessment *assessment, const ag_plan_options *options,
                            ag_arena *arena, ag_error *error) {
    const ag_knowledge *knowledge = session->engine->knowledge;
    *p = (ag_planning){.session = session,
                       .knowledge = knowledge,
                       .patient = patient,
                       .assessment = assessment,
                       .values = knowledge->values,
                       .options = options != NULL ? *options : ag_plan_options_defaults(),
                       .arena = arena,
                       .forward_volume = ag_knowledge_variable(knowledge, "forward-volume"),
                       .forward_sperm = ag_knowledge_variable(knowledge, "forward-sperm"),
                       .focus = -1,
                       .error = error};
    if (patient->knowledge != knowledge)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "the patient was read with other knowledge than the engine's");
    if (knowledge->values_count == 0 || p->forward_volume < 0 || p->forward_sperm < 0)
        return ag_fail(error, AG_ERROR_UNSUPPORTED,
                       "the knowledge has no card in values/, or lacks forward-volume or "
                       "forward-sperm: no plan can be made with it");
    p->man = assessment->man;
    p->today = p->options.intervals ? &assessment->today : &p->central;
    ag_status status =
        ag_posterior_open(&p->central, knowledge, &p->man->situation, 1, session->cache, error);
    if (status != AG_OK)
        return status;
    int node = ag_clinical_network_node(p->today->clinical, p->forward_volume, AG_EPOCH_TODAY, -1);
    return ag_strata_open(&p->strata, p->today, node, ag_plan_outcome_states(p).semen,
                          session->cache, error);
}

void ag_planning_end(ag_planning *p) {
    ag_strata_close(&p->strata);
    ag_posterior_close(&p->central);
    ag_session_trim(p->session);
}

static ag_status run_steps(ag_planning *p) {
    ag_status status = AG_OK;
    if (p->options.treatments || p->options.tests || p->options.child) {
        status = ag_plan_make_planned(p);
        if (status == AG_OK)
            status = ag_plan_make_options(p);
    }
    if (status == AG_OK && p->options.tests)
        status = ag_plan_make_tests(p);
    if (status == AG_OK && p->options.child)
        status = ag_plan_make_child(p);
    if (status == AG_OK)
        status = ag_plan_make_flags(p);
    for (int i = 0; ag_plan_is_emergency(p->plan) && i < p->plan->test_count; i++) {
        ag_plan_test *test = &p->plan->tests[i];
        test->worth = test->worth && test->due && test->kind != AG_PLAN_QUESTION;
    }
    return status;
}

ag_status ag_plan_make(ag_plan **out, ag_session *session, const ag_patient *patient,
                       const ag_assessment *assessment, const ag_plan_options *options,
                       ag_error *error) {
    *out = NULL;
    ag_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL || (plan->arena = ag_arena_new()) == NULL) {
        free(plan);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory while planning");
    }
    ag_planning p;
    ag_status status =
        ag_planning_start(&p, session, patient, assessment, options, plan->arena, error);
    p.plan = plan;
    if (status == AG_OK)
        status = run_steps(&p);
    ag_planning_end(&p);
    if (status != AG_OK) {
        ag_plan_free(plan);
        return status;
    }
    *out = plan;
    return AG_OK;
}

void ag_plan_free(ag_plan *plan) {
    if (plan == NULL)
        return;
    ag_arena_free(plan->arena);
    free(plan);
}

int ag_plan_test_count(const ag_plan *plan) {
    return plan->test_count;
}

const ag_plan_test *ag_plan_test_at(const ag_plan *plan, int i) {
    return &plan->tests[i];
}

int ag_plan_option_count(const ag_plan *plan) {
    return plan->option_count;
}

const ag_plan_option *ag_plan_option_at(const ag_plan *plan, int i) {
    return &plan->options[i];
}

int ag_plan_planned_count(const ag_plan *plan) {
    return plan->planned_count;
}

const ag_plan_planned *ag_plan_planned_at(const ag_plan *plan, int i) {
    return &plan->planned[i];
}

int ag_plan_source_count(const ag_plan *plan) {
    return plan->source_count;
}

const ag_plan_source *ag_plan_source_at(const ag_plan *plan, int i) {
    return &plan->sources[i];
}

int ag_plan_child_count(const ag_plan *plan) {
    return plan->child_count;
}

const ag_plan_child *ag_plan_child_at(const ag_plan *plan, int i) {
    return &plan->children[i];
}

int ag_plan_flag_count(const ag_plan *plan) {
    return plan->flag_count;
}

const ag_plan_flag *ag_plan_flag_at(const ag_plan *plan, int i) {
    return &plan->flags[i];
}

bool ag_plan_tests_done(const ag_plan *plan) {
    for (int i = 0; i < plan->test_count; i++)
        if (plan->tests[i].worth)
            return false;
    return true;
}

bool ag_plan_is_emergency(const ag_plan *plan) {
    return plan->flag_count > 0 && plan->flags[0].present &&
           plan->flags[0].urgency == AG_PLAN_SAME_DAY;
}

int ag_plan_child_note_count(const ag_plan *plan) {
    return plan->child_note_count;
}

const ag_plan_note *ag_plan_child_note_at(const ag_plan *plan, int i) {
    return &plan->child_notes[i];
}
