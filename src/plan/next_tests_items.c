/* The items of the plan: a test, what each result would mean, and what it is worth. */
#include "next_tests.h"
#include "values.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A mechanism this probable needs no further test, unless a result this probable changes more than
 * its probability. */
static const double SETTLED = 0.95, LIKELY_RESULT = 0.05;

static ag_plan_text class_text(ag_planning *p, const ag_asked *a, int c) {
    const ag_finding *finding = &p->knowledge->findings[a->finding];
    const ag_variable *variable = &p->knowledge->variables[finding->variable];
    if (finding->value == AG_VALUE_YES_NO) /* not "yes": its question may be put the other way */
        return c == 0 ? (ag_plan_text){"not so", "no es así"} : ag_plan_names(&variable->names);
    if (finding->value == AG_VALUE_STATES) {
        const char *id = variable->states.items[c];
        return (ag_plan_text){
            variable->state_names_en.count > 0 ? variable->state_names_en.items[c] : id,
            variable->state_names_es.count > 0 ? variable->state_names_es.items[c] : id};
    }
    bool share = strcmp(finding->unit, "1") == 0;
    double scale = share ? 100 : 1, low = a->low[c] * scale, high = a->high[c] * scale;
    char unit[32];
    ag_unit_text(share ? "%" : finding->unit, unit, sizeof unit);
    const char *unit_es = strcmp(unit, "million") == 0 ? "millones" : unit;
    if (a->high[c] == 0)
        return (ag_plan_text){"none", "nada"};
    if (isinf(a->high[c]))
        return (ag_plan_text){ag_arena_format(p->arena, "%g %s or more", low, unit),
                              ag_arena_format(p->arena, "%g %s o más", low, unit_es)};
    if (!(a->low[c] > DBL_MIN))
        return (ag_plan_text){ag_arena_format(p->arena, "under %g %s", high, unit),
                              ag_arena_format(p->arena, "menos de %g %s", high, unit_es)};
    return (ag_plan_text){ag_arena_format(p->arena, "%g to %g %s", low, high, unit),
                          ag_arena_format(p->arena, "%g a %g %s", low, high, unit_es)};
}

int ag_testing_place(const ag_knowledge *knowledge, const ag_asked *a, int c) {
    return knowledge->findings[a->finding].value == AG_VALUE_YES_NO ? a->class_count - 1 - c : c;
}

/* A mechanism of the sample, not of the man: part of it was lost, or the abstinence short. */
static bool is_of_sample(const ag_planning *p, int mechanism) {
    const ag_mechanism *m = &p->knowledge->mechanisms[mechanism];
    return p->knowledge->variables[m->variable].scope == AG_SCOPE_SAMPLE && m->functions.count == 0;
}

/* What leads after a result; the faults of an earlier sample remain, and are not worth saying. */
static ag_plan_result result_of(ag_testing *t, const ag_asked *a, int c) {
    ag_planning *p = t->p;
    ag_plan_result result = {.text = class_text(p, a, c), .probability = a->p[c]};
    for (int m = 0; m < p->knowledge->mechanism_count && a->p[c] > AG_LEAST_CHANCE; m++) {
        const ag_variable *variable =
            &p->knowledge->variables[p->knowledge->mechanisms[m].variable];
        double given = fmin(a->given_mechanism[c][m] * t->mechanism[m] / a->p[c], 1);
        if (strcmp(variable->id, "none") == 0 || is_of_sample(p, m) ||
            given <= result.mechanism_probability)
            continue;
        result.mechanism = variable->id;
        result.mechanism_name = ag_plan_names(&variable->names);
        result.mechanism_probability = given;
    }
    return result;
}

/* Whether a result that may well come would change what is done, or open the question again. */
static bool may_change_something(const ag_planning *p, const ag_plan_test *item) {
    bool decides = item->value >= p->values->worth;
    for (int c = 0; c < item->result_count; c++) {
        const ag_plan_result *result = &item->results[c];
        if (result->probability >= LIKELY_RESULT &&
            ((result->option != NULL && decides) || result->mechanism_probability < SETTLED))
            return true;
    }
    return false;
}

/* P(the leading mechanism) where it is one of the sample. */
static double sample_at_fault(const ag_planning *p) {
    if (ag_assessment_leading_count(p->assessment) == 0)
        return 0;
    const ag_mechanism_result *leading = ag_assessment_leading(p->assessment, 0);
    int variable = ag_knowledge_variable(p->knowledge, leading->id);
    for (int m = 0; m < p->knowledge->mechanism_count; m++)
        if (p->knowledge->mechanisms[m].variable == variable && is_of_sample(p, m))
            return leading->probability.value;
    return 0;
}

static bool is_settled(const ag_planning *p) {
    return ag_assessment_leading_count(p->assessment) > 0 && sample_at_fault(p) == 0 &&
           ag_assessment_leading(p->assessment, 0)->probability.value >= SETTLED;
}

/* A sound sample in place of one at fault says what that one did not: it counts as a bit. */
static double bits_of(const ag_planning *p, const ag_plan_test *item) {
    int variable = ag_knowledge_variable(p->knowledge, item->finding);
    const ag_finding *finding = ag_knowledge_finding_of(p->knowledge, variable);
    bool again = item->repeat && finding->sample == AG_SAMPLE_SEMEN;
    return item->bits + (again ? sample_at_fault(p) : 0);
}

void ag_testing_set_net(const ag_planning *p, ag_plan_test *item) {
    item->net = item->value + p->values->bit * bits_of(p, item) - item->burden;
    bool tells = item->net >= p->values->worth && (!is_settled(p) || may_change_something(p, item));
    item->worth = item->standing == AG_PLAN_FREE && (item->due || tells);
}

static bool is_due(const ag_plan_note *notes, int count) {
    for (int i = 0; i < count; i++)
        if (notes[i].effect == AG_PLAN_DUE)
            return true;
    return false;
}

/* What stands on the card, and what its rules say. */
static bool describe(ag_planning *p, const ag_test *card, ag_plan_test *item) {
    ag_plan_note *notes;
    *item = (ag_plan_test){.id = card->id,
                           .name = ag_plan_names(&card->names),
                           .kind = (ag_plan_test_kind)card->kind,
                           .invasive = card->invasive,
                           .cost = card->cost,
                           .days = card->days,
                           .by = ag_plan_localized(card->by)};
    if (!ag_plan_judge(p, card->rules, card->rule_count, &notes, &item->note_count,
                       &item->standing))
        return false;
    item->notes = notes;
    item->due = is_due(notes, item->note_count);
    item->burden =
        p->values->test_scale * ag_plan_burden(p->values, card->invasive, card->cost, card->days);
    return true;
}

ag_status ag_testing_add_due(ag_planning *p) {
    for (int i = 0; i < p->knowledge->test_count; i++) {
        const ag_test *card = &p->knowledge->tests[i];
        if (card->findings.count > 0)
            continue;
        ag_plan_test *item = &p->plan->tests[p->plan->test_count];
        if (!describe(p, card, item))
            return ag_plan_no_memory(p);
        item->net = -item->burden;
        item->worth = item->due && item->standing == AG_PLAN_FREE;
        p->plan->test_count += item->due;
    }
    return AG_OK;
}

static ag_status add_item(ag_testing *t, const ag_asked *a) {
    ag_planning *p = t->p;
    const ag_test *card = &p->knowledge->tests[a->test];
    const ag_variable *variable =
        &p->knowledge->variables[p->knowledge->findings[a->finding].variable];
    ag_plan_test *item = &p->plan->tests[p->plan->test_count++];
    ag_plan_result *results = ag_arena_array(p->arena, AG_MOST_CLASSES, sizeof *results);
    if (results == NULL || !describe(p, card, item))
        return ag_plan_no_memory(p);
    item->finding = variable->id;
    item->finding_name = ag_plan_names(&variable->names);
    item->repeat = a->repeat;
    item->bits = a->bits;
    item->results = results;
    item->result_count = a->class_count;
    for (int c = 0; c < a->class_count; c++)
        results[ag_testing_place(p->knowledge, a, c)] = result_of(t, a, c);
    ag_testing_set_net(p, item);
    return AG_OK;
}

/* A test is worth what its most telling finding is worth: a lower bound. */
ag_status ag_testing_add_items(ag_testing *t) {
    ag_status status = AG_OK;
    for (int i = 0; i < t->asked_count && status == AG_OK;) {
        const ag_asked *best = &t->asked[i];
        int test = best->test;
        for (; i < t->asked_count && t->asked[i].test == test; i++)
            if (t->asked[i].bits > best->bits)
                best = &t->asked[i];
        status = add_item(t, best);
    }
    return status;
}
