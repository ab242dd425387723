/*
 * What to ask or test next. Tests are ranked in groups of one network each by what they tell, then
 * the best by what they are worth. Central values of all numbers are used.
 */
#include "next_tests.h"

#include <stdlib.h>
#include <string.h>

/* So many tests, those that tell most for their burden and those that an option waits for, are
 * asked whether they would change the plan; the others count by what they tell. */
enum { MOST_TELLING = 6, MOST_VALUED = 10 };
static const double LEAST_BITS = 0.005;

static int by_net(const void *x, const void *y) {
    const ag_plan_test *a = x, *b = y;
    bool a_free = a->standing == AG_PLAN_FREE, b_free = b->standing == AG_PLAN_FREE;
    if (a_free != b_free)
        return a_free ? -1 : 1;
    if (a->due != b->due)
        return a->due ? -1 : 1;
    if (a->net != b->net)
        return a->net < b->net ? 1 : -1;
    return strcmp(a->id, b->id);
}

/* ---- groups ---- */

void ag_testing_close(ag_testing *t) {
    ag_posterior_close(&t->today);
    ag_arena_free(t->arena);
    *t = (ag_testing){.p = t->p};
}

/* The network of a group of tests, compiled and not yet run. */
ag_status ag_testing_open(ag_planning *p, const int *tests, const int *findings, int count,
                          ag_testing *t) {
    *t = (ag_testing){
        .p = p, .arena = ag_arena_new(), .tests = tests, .findings = findings, .test_count = count};
    if (t->arena == NULL || !ag_testing_ask(t))
        return ag_plan_no_memory(p);
    return ag_posterior_prepare(&t->today, p->knowledge, &t->situation, 1, p->strata.cache,
                                p->error);
}

static ag_status run_group(ag_planning *p, const int *tests, int count) {
    ag_testing group;
    ag_status status = ag_testing_open(p, tests, NULL, count, &group);
    if (status == AG_OK && group.asked_count > 0)
        status = ag_testing_run_mechanisms(&group);
    if (status == AG_OK)
        status = ag_testing_add_items(&group);
    ag_testing_close(&group);
    return status;
}

bool ag_testing_is_light(const ag_knowledge *knowledge, int index) {
    const ag_finding *finding = &knowledge->findings[index];
    const ag_variable *variable = &knowledge->variables[finding->variable];
    if (variable->parent_count > 2 || finding->sample == AG_SAMPLE_SEMEN)
        return false;
    for (int i = 0; i < variable->parent_count; i++)
        if (variable->parents[i].is_cause)
            return false;
    return true;
}

static bool is_light(const ag_planning *p, int test) {
    const ag_test *card = &p->knowledge->tests[test];
    for (int f = 0; f < card->findings.count; f++)
        if (!ag_testing_is_light(p->knowledge, card->findings.items[f]))
            return false;
    return true;
}

static ag_status run_groups(ag_planning *p, const int *tests, int light) {
    ag_status status = light > 0 ? run_group(p, tests, light) : AG_OK;
    for (int i = light; i < p->knowledge->test_count && status == AG_OK; i++)
        status = run_group(p, tests + i, 1);
    return status;
}

/* ---- what would change the plan ---- */

static bool would_free_something(const ag_planning *p, const ag_test *test) {
    for (int c = 0; c < p->candidate_count; c++) {
        const ag_treatment *t = &p->knowledge->treatments[p->candidates[c].treatment];
        if (p->candidates[c].standing == AG_PLAN_FIRST &&
            ag_plan_would_free(p, t->rules, t->rule_count, test->findings))
            return true;
    }
    return false;
}

static int test_of(const ag_knowledge *k, const char *id) {
    for (int i = 0; i < k->test_count; i++)
        if (strcmp(k->tests[i].id, id) == 0)
            return i;
    return -1;
}

static int finding_of(const ag_knowledge *k, const char *id) {
    int variable = ag_knowledge_variable(k, id);
    return (int)(ag_knowledge_finding_of(k, variable) - k->findings);
}

/* Those that tell most for their burden, and those that an option waits for. */
static int shortlist(const ag_planning *p, ag_plan_test **items, int *tests, int *findings) {
    int count = 0;
    for (int i = 0; i < p->plan->test_count && count < MOST_VALUED; i++) {
        ag_plan_test *item = &p->plan->tests[i];
        if (item->finding == NULL)
            continue;
        int test = test_of(p->knowledge, item->id);
        bool waited_for = would_free_something(p, &p->knowledge->tests[test]);
        if (!waited_for && (count >= MOST_TELLING || item->bits < LEAST_BITS))
            continue;
        items[count] = item;
        tests[count] = test;
        findings[count++] = finding_of(p->knowledge, item->finding);
    }
    return count;
}

static void keep_value(const ag_testing *t, const ag_asked *a, int first, ag_plan_test *item) {
    ag_planning *p = t->p;
    int now = ag_testing_best_now(t, a, first);
    item->value = a->value;
    ag_plan_result *results = ag_arena_array(p->arena, AG_MOST_CLASSES, sizeof *results);
    for (int c = 0; results != NULL && c < item->result_count; c++) {
        int place = ag_testing_place(p->knowledge, a, c);
        results[place] = item->results[place];
        if (a->best[c] >= 0 && a->best[c] != now)
            results[place].option =
                p->knowledge->treatments[p->candidates[a->best[c]].treatment].id;
    }
    if (results != NULL)
        item->results = results;
    ag_testing_set_net(p, item);
}

static ag_status value_tests(ag_planning *p, ag_plan_test *const *items, const int *tests,
                             const int *findings, int count) {
    ag_testing t;
    ag_status status = ag_testing_open(p, tests, findings, count, &t);
    if (status == AG_OK)
        status = ag_testing_run_today(&t);
    if (status == AG_OK)
        status = ag_testing_run_candidates(&t);
    if (status == AG_OK) {
        ag_testing_set_values(&t);
        for (int i = 0, first = 0; i < t.asked_count; first += t.asked[i++].class_count)
            keep_value(&t, &t.asked[i], first, items[i]);
    }
    ag_testing_close(&t);
    return status;
}

/* What leads is done whatever a test says. */
static bool is_decided(const ag_plan *plan) {
    for (int i = 0; i < plan->option_count; i++)
        if (plan->options[i].leads && plan->options[i].standing == AG_PLAN_FREE)
            return true;
    return false;
}

/* Tests that tie causes together are valued alone, as their networks are large. */
static ag_status value_shortlist(ag_planning *p) {
    ag_plan_test *items[MOST_VALUED], *light_items[MOST_VALUED];
    int tests[MOST_VALUED], findings[MOST_VALUED];
    int light_tests[MOST_VALUED], light_findings[MOST_VALUED], light = 0;
    int count = shortlist(p, items, tests, findings);
    ag_status status = AG_OK;
    for (int i = 0; i < count && status == AG_OK; i++) {
        if (is_light(p, tests[i])) {
            light_items[light] = items[i];
            light_tests[light] = tests[i];
            light_findings[light++] = findings[i];
        } else {
            status = value_tests(p, &items[i], &tests[i], &findings[i], 1);
        }
    }
    return status == AG_OK && light > 0
               ? value_tests(p, light_items, light_tests, light_findings, light)
               : status;
}

ag_status ag_plan_make_tests(ag_planning *p) {
    const ag_knowledge *k = p->knowledge;
    int *tests = ag_arena_array(p->arena, (size_t)k->test_count + 1, sizeof *tests);
    p->plan->tests = ag_arena_array(p->arena, (size_t)k->test_count + 1, sizeof *p->plan->tests);
    if (tests == NULL || p->plan->tests == NULL || k->mechanism_count > AG_MOST_MECHANISMS)
        return ag_plan_no_memory(p);
    int light = 0, count = 0;
    for (int i = 0; i < k->test_count; i++)
        if (is_light(p, i))
            tests[count++] = i;
    light = count;
    for (int i = 0; i < k->test_count; i++)
        if (!is_light(p, i))
            tests[count++] = i;
    ag_status status = run_groups(p, tests, light);
    qsort(p->plan->tests, (size_t)p->plan->test_count, sizeof *p->plan->tests, by_net);
    if (status == AG_OK && !is_decided(p->plan))
        status = value_shortlist(p);
    if (status == AG_OK)
        status = ag_testing_add_due(p);
    qsort(p->plan->tests, (size_t)p->plan->test_count, sizeof *p->plan->tests, by_net);
    return status;
}
