/* When a rule, a response or a red flag applies to this man. */
#include <math.h>
#include <string.h>

#include "plan_work.h"

/* A medicine that was stopped counts for as long as an MAO inhibitor forbids others. */
static const int MEDICINE_LINGERS_DAYS = 14;

enum { MOST_CAUSES_OF_A_RULE = 64 };

const ag_cause_fact *ag_plan_recorded(const ag_planning *p, int cause) {
    if (p->withdrawn != NULL && p->withdrawn[cause])
        return NULL;
    bool medicine = p->knowledge->causes[cause].kind == AG_CAUSE_MEDICINE;
    for (int i = 0; i < p->patient->cause_count; i++) {
        const ag_cause_fact *fact = &p->patient->causes[i];
        bool begun = fact->start.first == INT_MIN || fact->start.first <= p->patient->as_of;
        bool gone = medicine && fact->ended && fact->end.last != INT_MAX &&
                    fact->end.last + MEDICINE_LINGERS_DAYS <= p->patient->as_of;
        if (fact->cause == cause && fact->present && begun && !gone)
            return fact;
    }
    return NULL;
}

static bool is_present(const ag_planning *p, int cause, const ag_cause_fact **fact) {
    *fact = ag_plan_recorded(p, cause);
    return *fact != NULL || (p->added != NULL && p->added[cause]);
}

/* An attribute that is not recorded matches where the card says so: for safety, unknown is not
 * safe. */
static bool attribute_fits(const ag_criterion *criterion, const ag_cause_fact *fact) {
    if (criterion->attribute == NULL)
        return true;
    for (int i = 0; fact != NULL && i < fact->attribute_count; i++)
        if (strcmp(fact->attributes[i].name, criterion->attribute) == 0)
            return ag_texts_have(criterion->values, fact->attributes[i].word);
    return criterion->unrecorded;
}

static bool cause_holds(const ag_planning *p, const ag_criterion *criterion, const char **because) {
    for (int c = 0; c < p->knowledge->cause_count; c++) {
        const ag_cause *cause = &p->knowledge->causes[c];
        const ag_cause_fact *fact;
        bool named =
            ag_indices_have(criterion->causes, c) || ag_texts_have(criterion->groups, cause->group);
        bool other = p->focus >= 0 && c != p->focus && ag_texts_have(p->focus_groups, cause->group);
        if (!named || other || !is_present(p, c, &fact) || !attribute_fits(criterion, fact))
            continue;
        if (because != NULL)
            *because = fact != NULL ? fact->text : cause->names.en.items[0];
        return true;
    }
    return false;
}

static bool any_of_groups(const ag_planning *p, ag_texts groups) {
    const ag_cause_fact *fact;
    for (int c = 0; c < p->knowledge->cause_count; c++)
        if (ag_texts_have(groups, p->knowledge->causes[c].group) && is_present(p, c, &fact))
            return true;
    return false;
}

static bool tried_of_groups(const ag_planning *p, ag_texts groups) {
    for (int i = 0; i < p->patient->tried_count; i++) {
        int cause = p->patient->tried[i].cause;
        if (cause >= 0 && ag_texts_have(groups, p->knowledge->causes[cause].group))
            return true;
    }
    return any_of_groups(p, groups);
}

static bool value_fits(const ag_planning *p, const ag_finding_fact *fact, ag_texts words) {
    const ag_finding *finding = &p->knowledge->findings[fact->finding];
    if (finding->value != AG_VALUE_QUANTITY) {
        ag_texts states = p->knowledge->variables[finding->variable].states;
        return fact->state >= 0 && ag_texts_have(words, states.items[fact->state]);
    }
    for (int w = 0; w < finding->word_count; w++)
        if (ag_texts_have(words, finding->words[w].word) && fact->low >= finding->words[w].low &&
            fact->high <= finding->words[w].high)
            return true;
    return false;
}

static bool finding_holds(const ag_planning *p, const ag_criterion *criterion,
                          const char **because) {
    for (int i = 0; i < p->patient->finding_count; i++) {
        const ag_finding_fact *fact = &p->patient->findings[i];
        if (!ag_indices_have(criterion->findings, fact->finding) ||
            !value_fits(p, fact, criterion->states))
            continue;
        if (because != NULL)
            *because = fact->text;
        return true;
    }
    return false;
}

static bool none_known(const ag_planning *p, ag_indices findings) {
    for (int i = 0; i < p->patient->finding_count; i++)
        if (ag_indices_have(findings, p->patient->findings[i].finding))
            return false;
    return true;
}

static bool any_probable(const ag_planning *p, ag_indices mechanisms, double at_least) {
    for (int i = 0; i < mechanisms.count; i++) {
        int variable = p->knowledge->mechanisms[mechanisms.items[i]].variable;
        for (int m = 0; m < p->assessment->mechanism_count; m++) {
            const ag_mechanism_result *result = &p->assessment->mechanisms[m];
            if (strcmp(result->id, p->knowledge->variables[variable].id) == 0 &&
                result->probability.value >= at_least)
                return true;
        }
    }
    return false;
}

static bool mechanisms_hold(const ag_planning *p, const ag_criterion *c) {
    return (c->mechanisms.count == 0 || any_probable(p, c->mechanisms, c->at_least)) &&
           !any_probable(p, c->barring, 0.5);
}

static bool ages_hold(const ag_planning *p, const ag_criterion *c) {
    double age = p->patient->age_years, partner = p->patient->partner_age_years;
    return (c->under_age <= 0 || age < c->under_age) && (c->from_age <= 0 || age >= c->from_age) &&
           (c->partner_from_age <= 0 || partner >= c->partner_from_age);
}

static bool bank_before(const ag_plan *plan) {
    for (int i = 0; plan != NULL && i < plan->planned_count; i++)
        if (plan->planned[i].bank)
            return true;
    return false;
}

/* Ending or exchanging a medicine is simpler than all else. */
int ag_plan_effort(ag_plan_option_kind kind, int invasive) {
    return kind == AG_PLAN_STOP || kind == AG_PLAN_SWITCH ? -1 : invasive;
}

/* Options are made in the order of their effort. */
static bool simpler_exists(const ag_planning *p, double least) {
    bool child = p->patient->wish == AG_WISH_CHILD;
    for (int i = 0; p->plan != NULL && i < p->plan->option_count; i++) {
        const ag_plan_option *o = &p->plan->options[i];
        double gives = child || !o->restores ? o->sperm.value : o->semen.value;
        if (ag_plan_effort(o->kind, o->invasive) < p->effort && o->standing == AG_PLAN_FREE &&
            gives >= least)
            return true;
    }
    return false;
}

/* Who denies a sign that must not wait has not been asked for his illnesses. */
static bool records_any(const ag_planning *p, unsigned kinds) {
    for (int i = 0; i < p->patient->cause_count; i++) {
        const ag_cause *cause = &p->knowledge->causes[p->patient->causes[i].cause];
        if ((kinds >> cause->kind & 1) != 0 && (p->patient->causes[i].present || !cause->safety))
            return true;
    }
    return false;
}

/* Nothing is recorded of a list, nor is it said to be empty. */
static bool is_unlisted(const ag_planning *p, ag_texts lists) {
    static const unsigned conditions =
        1u << AG_CAUSE_DISEASE | 1u << AG_CAUSE_INJURY | 1u << AG_CAUSE_CONGENITAL;
    const ag_patient *patient = p->patient;
    return (ag_texts_have(lists, "medicines") && !patient->medicines_complete &&
            !records_any(p, 1u << AG_CAUSE_MEDICINE)) ||
           (ag_texts_have(lists, "operations") && !patient->operations_complete &&
            !records_any(p, 1u << AG_CAUSE_OPERATION)) ||
           (ag_texts_have(lists, "conditions") && !patient->conditions_complete &&
            !patient->conditions_asked && !records_any(p, conditions));
}

/* A reason is plain from here on; up to the other, nothing explains. Between them tests still tell.
 */
static const double EXPLAINS_LEAST = 0.8;
static const double UNEXPLAINED_MOST = 0.5;

/* The probability of the recorded cause that explains most, given that anything fails. */
static double best_explanation(const ag_assessment *assessment) {
    double best = 0, fails = 1;
    for (int i = 0; i < assessment->mechanism_count; i++)
        if (strcmp(assessment->mechanisms[i].id, "none") == 0)
            fails -= assessment->mechanisms[i].probability.value;
    for (int i = 0; i < assessment->cause_count; i++)
        if (assessment->causes[i].recorded != NULL)
            best = fmax(best, assessment->causes[i].probability.value);
    return fails > 0 ? fmin(best / fails, 1) : 0;
}

static bool wish_holds(const ag_planning *p, const ag_criterion *c) {
    ag_wish wish = p->patient->wish;
    return (!c->child || wish == AG_WISH_CHILD) &&
           (!c->unasked || (wish != AG_WISH_CHILD && wish != AG_WISH_RELIEF));
}

static bool history_holds(const ag_planning *p, const ag_criterion *c) {
    return (c->unlisted.count == 0 || is_unlisted(p, c->unlisted)) &&
           (!c->explained || best_explanation(p->assessment) >= EXPLAINS_LEAST) &&
           (!c->unexplained || best_explanation(p->assessment) <= UNEXPLAINED_MOST);
}

bool ag_plan_holds(const ag_planning *p, const ag_criterion *c, const char **because) {
    if (c->causes.count + c->groups.count > 0 && !cause_holds(p, c, because))
        return false;
    if (c->findings.count > 0 && !finding_holds(p, c, because))
        return false;
    return !any_of_groups(p, c->unless) && (c->unknown.count == 0 || none_known(p, c->unknown)) &&
           (c->untried.count == 0 || !tried_of_groups(p, c->untried)) && mechanisms_hold(p, c) &&
           (!c->planned || bank_before(p->plan)) && wish_holds(p, c) && history_holds(p, c) &&
           ages_hold(p, c) && (c->simpler <= 0 || simpler_exists(p, c->simpler));
}

bool ag_plan_any(const ag_planning *p, const ag_criterion *criteria, int count,
                 const char **because) {
    for (int i = 0; i < count; i++)
        if (ag_plan_holds(p, &criteria[i], because))
            return true;
    return false;
}

bool ag_plan_all(const ag_planning *p, const ag_criterion *criteria, int count) {
    for (int i = 0; i < count; i++)
        if (!ag_plan_holds(p, &criteria[i], NULL))
            return false;
    return true;
}

/* ---- rules ---- */

static bool rule_applies(const ag_planning *p, const ag_rule *rule, const char **because) {
    return rule->when_count == 0 || ag_plan_any(p, rule->when, rule->when_count, because);
}

bool ag_plan_judge(ag_planning *p, const ag_rule *rules, int count, ag_plan_note **notes,
                   int *note_count, ag_plan_effect *standing) {
    *notes = ag_arena_array(p->arena, (size_t)count + 1, sizeof **notes);
    *note_count = 0;
    *standing = AG_PLAN_FREE;
    for (int effect = AG_RULE_REFUSE; *notes != NULL && effect <= AG_RULE_DUE; effect++)
        for (int i = 0; i < count; i++) {
            const char *because = NULL;
            if ((int)rules[i].effect != effect || !rule_applies(p, &rules[i], &because))
                continue;
            ag_plan_note *note = &(*notes)[(*note_count)++];
            *note = (ag_plan_note){.id = rules[i].id,
                                   .effect = (ag_plan_effect)effect,
                                   .text = ag_plan_localized(rules[i].text),
                                   .clinician = rules[i].clinician,
                                   .because = because};
            note->sources = ag_plan_sources(p, rules[i].evidence, &note->source_count);
            if (effect < (int)*standing && effect < AG_RULE_WARN)
                *standing = (ag_plan_effect)effect;
        }
    return *notes != NULL;
}

/* A criterion that asks for findings not to be known would no longer hold. */
static bool still_holds(const ag_planning *p, const ag_criterion *c, ag_indices findings) {
    for (int i = 0; i < c->unknown.count; i++)
        if (ag_indices_have(findings, c->unknown.items[i]))
            return false;
    return ag_plan_holds(p, c, NULL);
}

bool ag_plan_would_free(const ag_planning *p, const ag_rule *rules, int count,
                        ag_indices findings) {
    for (int i = 0; i < count; i++) {
        bool holds = rules[i].when_count == 0;
        for (int w = 0; w < rules[i].when_count; w++)
            holds = holds || still_holds(p, &rules[i].when[w], findings);
        if (holds && rules[i].effect < AG_RULE_WARN)
            return false;
    }
    return true;
}
