/*
 * patient-view: one card for a man who is being worked up for little or no semen, or whose record
 * makes it likely; nothing for all others, whose doctor would soon stop reading.
 */
#include <math.h>
#include <string.h>

#include "antegrade/plan.h"
#include "hook_call.h"
#include "man_interest.h"
#include "report_parts.h"

static const ag_own_code TOPIC = {"assessment", AG_SAID("little or no semen: cause and next step")};

static const ag_own_code REASONS[] = {
    {"known", AG_SAID("Known and being looked after")},
    {"not-of-concern", AG_SAID("Of no concern to him")},
    {"does-not-fit", AG_SAID("Does not fit this man")},
    {"later", AG_SAID("Not today")},
    {NULL, NULL},
};

enum { SHOWN_OPTIONS = 2 };

typedef struct view_card {
    ag_hook *hook;
    ag_view view;
    ag_buffer detail;
} view_card;

static const char *say(const view_card *c, const char *english) AG_FORMAT_ARGUMENT(2);
static const char *say(const view_card *c, const char *english) {
    return ag_call_say(c->hook->call, english);
}

static const char *percent(const view_card *c, ag_estimate p) {
    return ag_hook_percent(c->hook->call, p);
}

static const char *plain(const view_card *c, const char *text) {
    return ag_markdown(c->hook->call->arena, text);
}

static void heading(view_card *c, const char *text) {
    ag_buffer_format(&c->detail, "%s**%s** ", c->detail.length > 0 ? "\n\n" : "", text);
}

/* The recorded cause that most probably does it; NULL when none probably does. */
static const ag_cause_result *culprit(const ag_assessment *a) {
    for (int i = 0; i < ag_assessment_cause_count(a); i++) {
        const ag_cause_result *cause = ag_assessment_cause(a, i);
        if (cause->recorded != NULL)
            return cause->probability.value >= 0.5 ? cause : NULL;
    }
    return NULL;
}

/* ---- lines ---- */

static int present_flags(const ag_plan *plan, bool urgent) {
    int count = 0;
    for (int i = 0; plan != NULL && i < ag_plan_flag_count(plan); i++) {
        const ag_plan_flag *flag = ag_plan_flag_at(plan, i);
        count += flag->present && (!urgent || flag->urgency <= AG_PLAN_URGENT);
    }
    return count;
}

static const char *in_language(const view_card *c, ag_plan_text text) {
    const char *said = ag_localized_text((ag_localized){text.en, text.es}, c->hook->call->language);
    return said != NULL ? said : "";
}

static void add_flags(view_card *c) {
    for (int i = 0; present_flags(c->view.plan, false) > 0 && i < ag_plan_flag_count(c->view.plan);
         i++) {
        const ag_plan_flag *flag = ag_plan_flag_at(c->view.plan, i);
        if (!flag->present)
            continue;
        heading(c, say(c, "First"));
        ag_buffer_format(&c->detail, "%s: %s", plain(c, in_language(c, flag->name)),
                         plain(c, in_language(c, flag->text)));
    }
}

static void add_mechanisms(view_card *c) {
    double rest;
    int shown = ag_view_mechanisms(&c->view, &rest);
    heading(c, say(c, "Most likely"));
    for (int i = 0; i < shown; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(c->view.assessment, i);
        ag_buffer_format(&c->detail, "%s%s %s", i > 0 ? "; " : "",
                         plain(c, ag_view_name(&c->view, m->id)), percent(c, m->probability));
    }
}

static void add_causes(view_card *c) {
    int shown = 0;
    for (int i = 0; i < ag_view_causes(&c->view); i++) {
        const ag_cause_result *cause = ag_assessment_cause(c->view.assessment, i);
        if (cause->recorded == NULL)
            continue;
        if (shown++ == 0)
            heading(c, say(c, "Because of"));
        else
            ag_buffer_add(&c->detail, "; ");
        ag_buffer_format(&c->detail, "%s %s", plain(c, ag_view_name(&c->view, cause->id)),
                         percent(c, cause->probability));
    }
}

/* The question or test that yields a finding; the finding itself where no card does. */
static const char *test_for(const view_card *c, const char *finding) {
    const ag_knowledge *k = c->view.knowledge;
    for (int t = 0; t < k->test_count; t++)
        for (int f = 0; f < k->tests[t].findings.count; f++) {
            const ag_finding *yielded = &k->findings[k->tests[t].findings.items[f]];
            if (strcmp(k->variables[yielded->variable].id, finding) == 0)
                return ag_first_name(&k->tests[t].names, c->view.language);
        }
    return ag_view_name(&c->view, finding);
}

/* What to ask or test next: what is usual in the leading mechanism and not known yet. Weighing all
 * tests, as the whole assessment does, takes longer than a call may. */
static const char *next_step(const view_card *c) {
    const ag_assessment *a = c->view.assessment;
    return ag_assessment_expected_count(a) > 0 ? test_for(c, ag_assessment_expected(a, 0)->id)
                                               : NULL;
}

static void add_next(view_card *c) {
    const char *next = next_step(c);
    if (next == NULL)
        return;
    heading(c, say(c, "Next"));
    ag_buffer_add(&c->detail, plain(c, next));
}

static void add_options(view_card *c) {
    int shown = 0;
    for (int i = 0; c->view.plan != NULL && i < ag_plan_option_count(c->view.plan); i++) {
        const ag_plan_option *option = ag_plan_option_at(c->view.plan, i);
        if (option->kind != AG_PLAN_SWITCH || option->standing != AG_PLAN_FREE ||
            shown == SHOWN_OPTIONS)
            continue;
        if (shown++ == 0)
            heading(c, say(c, "What may help"));
        else
            ag_buffer_add(&c->detail, "; ");
        ag_buffer_format(&c->detail, say(c, "%s: semen forward in %s"),
                         plain(c, in_language(c, option->name)), percent(c, option->semen));
    }
}

static void add_end(view_card *c) {
    const char *unseen = ag_hook_unseen(c->hook);
    if (unseen != NULL)
        ag_buffer_format(&c->detail, "\n\n%s", plain(c, unseen));
    ag_buffer_format(&c->detail, "\n\n_%s_", say(c, AG_REPORT_NOTICE));
}

/* ---- the card ---- */

static const char *summary(const view_card *c) {
    const ag_mechanism_result *first = ag_assessment_leading(c->view.assessment, 0);
    const char *name = ag_view_capital(&c->view, ag_view_name(&c->view, first->id));
    const ag_cause_result *cause = culprit(c->view.assessment);
    const char *next = next_step(c);
    ag_arena *arena = c->hook->call->arena;
    if (cause != NULL)
        return ag_arena_format(arena, say(c, "%s %s, probably through %s"), name,
                               percent(c, first->probability), ag_view_name(&c->view, cause->id));
    return next != NULL ? ag_arena_format(arena, say(c, "%s %s; next: %s"), name,
                                          percent(c, first->probability), next)
                        : ag_arena_format(arena, "%s %s", name, percent(c, first->probability));
}

/* The study behind the first number, else the program itself. */
static void set_source(const view_card *c, ag_hook_card *card) {
    const ag_assessment *a = c->view.assessment;
    const ag_knowledge *k = c->view.knowledge;
    const ag_cause_result *cause = culprit(a);
    ag_arena *arena = c->hook->call->arena;
    card->source_label =
        ag_arena_format(arena, "Antegrade, %s %s", say(c, "knowledge"), ag_knowledge_version(k));
    int count = cause != NULL ? cause->source_count : 0;
    for (int i = 0; i < count && card->source_url == NULL; i++) {
        int index = ag_knowledge_evidence(k, cause->sources[i]);
        if (index < 0)
            continue;
        card->source_url = ag_study_address(arena, &k->evidence[index]);
        if (card->source_url != NULL)
            card->source_label = ag_study_label(arena, &k->evidence[index]);
    }
}

static void write_card(view_card *c) {
    ag_call *call = c->hook->call;
    c->detail = ag_buffer_start(call->arena);
    add_flags(c);
    add_mechanisms(c);
    add_causes(c);
    add_next(c);
    add_options(c);
    add_end(c);
    ag_hook_card card = {.summary = summary(c),
                         .indicator = present_flags(c->view.plan, true) > 0 ? "warning" : "info",
                         .detail = ag_buffer_text(&c->detail),
                         .topic = TOPIC,
                         .reasons = REASONS,
                         .page = ag_record_hold(call, ag_record_text(c->hook), ""),
                         .launch = true};
    set_source(c, &card);
    if (card.summary == NULL || card.detail == NULL || card.source_label == NULL)
        ag_call_outcome(call, 500, "exception", "out of memory");
    else
        ag_hook_answer(c->hook, &card, 1);
}

/* Whether what was found is worth a card: in a man with a complaint half as probable as in others,
 * who must be young enough to mind, and in whom the record names what does it. */
static bool worth_a_card(const ag_hook *hook, const ag_patient *man, const ag_assessment *a) {
    const ag_hooks_options *options = &hook->call->hooks->options;
    if (ag_assessment_leading_count(a) == 0)
        return false;
    double leading = ag_assessment_leading(a, 0)->probability.value;
    return (ag_man_complains(man) && leading >= 0.5 * options->from) ||
           (ag_man_minds(man, options->below_age) && culprit(a) != NULL &&
            leading >= options->from);
}

/* Whether there may be another medicine in the place of what does it. */
static bool may_switch(const ag_knowledge *k, const ag_cause_result *cause) {
    int index = cause != NULL ? ag_knowledge_cause(k, cause->id) : -1;
    return index >= 0 && k->causes[index].kind == AG_CAUSE_MEDICINE;
}

static void show(ag_hook *hook, const ag_patient *man, const ag_assessment *a) {
    const ag_call *call = hook->call;
    const ag_knowledge *k = call->hooks->knowledge;
    ag_plan *plan = NULL;
    ag_plan_options wanted = ag_plan_options_defaults();
    wanted.tests = wanted.child = false;
    wanted.treatments = may_switch(k, culprit(a));
    ag_plan_make(&plan, call->session, man, a, &wanted, NULL); /* without it less is said */
    ag_report_options report = ag_report_options_defaults();
    report.language = ag_language_code(call->language);
    report.plan = plan;
    view_card c = {.hook = hook, .view = ag_view_of(a, man, k, &report, call->arena)};
    write_card(&c);
    ag_plan_free(plan);
}

static void assess(ag_hook *hook, const ag_patient *man) {
    ag_assess_options brief = ag_assess_options_defaults();
    ag_assessment *a = NULL;
    ag_error error = {.code = AG_OK};
    brief.explain = false; /* a card has no room for reasons */
    ag_status status = ag_assess(&a, hook->call->session, man, &brief, &error);
    if (status == AG_OK && worth_a_card(hook, man, a))
        show(hook, man, a);
    else if (status == AG_OK || status == AG_ERROR_IMPOSSIBLE)
        ag_hook_answer(hook, NULL, 0);
    else
        ag_call_outcome(hook->call, 500, "exception", "the man could not be assessed: %s",
                        error.message);
    ag_assessment_free(a);
}

void ag_serve_patient_view(ag_hook *hook) {
    if (!ag_hook_gather(hook))
        return;
    ag_patient *man = ag_hook_man(hook);
    if (man == NULL)
        return;
    if (ag_man_complains(man) || ag_man_exposed(man))
        assess(hook, man);
    else
        ag_hook_answer(hook, NULL, 0);
    ag_patient_free(man);
}
