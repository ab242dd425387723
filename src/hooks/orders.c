/*
 * order-select and order-sign: a medicine that often takes a man's semen or orgasm away is being
 * ordered. How often, from the man's own assessment with the medicine added; what else there is, by
 * the rules of the switch cards in this man. A medicine for the mind is never exchanged by a click.
 */
#include <math.h>
#include <string.h>

#include "antegrade/plan.h"
#include "drafted.h"
#include "man_interest.h"
#include "posterior.h"
#include "report_parts.h"

static const ag_own_code TOPIC = {"medicine-order", AG_SAID("medicines and ejaculation")};

static const ag_own_code REASONS[] = {
    {"told", AG_SAID("He knows, and agrees")},
    {"benefit", AG_SAID("The benefit outweighs it")},
    {"no-alternative", AG_SAID("Alternatives do not suit or were tried")},
    {"not-of-concern", AG_SAID("Of no concern to him")},
    {NULL, NULL},
};

/* Medicines that are changed only by whoever treats the illness. */
static const char *const mind[] = {"ssri",          "snri",          "tricyclic",
                                   "antipsychotic", "mao-inhibitor", "other-antidepressant",
                                   "antiepileptic", "stimulant",     "sedative",
                                   "dopaminergic",  "opioid"};

/* What is drafted for a switch card: products whose RxNorm code its medicine's card carries. */
typedef struct product {
    const char *treatment, *rxnorm, *display;
    const char *name; /* short */
} product;

static const product products[] = {
    {"switch-to-alfuzosin", "861132",
     "24 HR alfuzosin hydrochloride 10 MG Extended Release Oral Tablet",
     AG_SAID("alfuzosin 10 mg prolonged release")},
    {"switch-to-tadalafil", "403957", "tadalafil 5 MG Oral Tablet", AG_SAID("tadalafil 5 mg")},
};

/* Assumptions on what is worth a doctor's attention. A rise counts as such from a quarter of men
 * on; where he complains already or wants a child, from a tenth on. */
static const double RISE = 0.25, RISE_THAT_MATTERS = 0.1, BETTER = 0.1;

typedef struct effect {
    ag_estimate semen_before, semen, usual_before, usual;
    ag_estimate orgasm; /* delayed, weak or none */
} effect;

typedef struct order_view {
    ag_hook *hook;
    const ag_knowledge *knowledge;
    ag_patient *man;
    ag_assessment *assessment;
    bool matters; /* he complains, or wants a child */
} order_view;

static const char *say(const order_view *v, const char *english) AG_FORMAT_ARGUMENT(2);
static const char *say(const order_view *v, const char *english) {
    return ag_call_say(v->hook->call, english);
}

static ag_estimate without(ag_estimate p) {
    return (ag_estimate){1 - p.value, 1 - p.high, 1 - p.low};
}

static const char *percent(const order_view *v, ag_estimate p) {
    return ag_hook_percent(v->hook->call, p);
}

/* ---- what it does ---- */

/* The probability that the function is not in its first, normal state through this cause alone. */
static ag_estimate failure(const ag_knowledge *k, const ag_cause *cause, int function) {
    double sums[AG_DRAWS] = {0}, draws[AG_DRAWS], share = 0;
    for (int v = 0; v < cause->variant_count; v++) {
        const ag_variant *variant = &cause->variants[v];
        share += variant->share;
        for (int a = 0; a < variant->action_count; a++)
            for (int s = 1; variant->actions[a].function == function &&
                            s < k->variables[function].states.count;
                 s++) {
                ag_parameter_draws(&variant->actions[a].states[s], draws);
                for (int d = 0; d < AG_DRAWS; d++)
                    sums[d] += variant->share * draws[d];
            }
    }
    for (int d = 0; d < AG_DRAWS; d++)
        sums[d] = fmin(1, sums[d] / share);
    return ag_estimate_of(sums, AG_DRAWS);
}

static ag_estimate orgasm_of(const order_view *v, int cause) {
    int orgasm = ag_knowledge_variable(v->knowledge, "orgasm");
    return orgasm < 0 ? (ag_estimate){0, 0, 0}
                      : failure(v->knowledge, &v->knowledge->causes[cause], orgasm);
}

static ag_what_if *imagine(const order_view *v, const char *changes) {
    ag_what_if *imagined = NULL;
    ag_what_if_make(&imagined, v->hook->call->session, v->man, v->assessment, changes, NULL);
    return imagined;
}

static void read_lines(const ag_what_if *imagined, effect *out) {
    for (int i = 0; i < ag_what_if_line_count(imagined); i++) {
        const ag_what_if_line *line = ag_what_if_line_at(imagined, i);
        if (strcmp(line->id, "semen") == 0) {
            out->semen_before = line->before;
            out->semen = line->after;
        } else if (strcmp(line->id, "usual-volume") == 0) {
            out->usual_before = line->before;
            out->usual = line->after;
        }
    }
}

/* With it and without it. What he takes already is imagined away, not added a second time. */
static bool effect_of(const order_view *v, int cause, effect *out) {
    bool takes = ag_man_takes(v->man, cause);
    const char *change = ag_arena_format(v->hook->call->arena, "%s %s", takes ? "stop" : "add",
                                         v->knowledge->causes[cause].id);
    ag_what_if *imagined = change != NULL ? imagine(v, change) : NULL;
    if (imagined == NULL)
        return false;
    *out = (effect){.orgasm = orgasm_of(v, cause)};
    read_lines(imagined, out);
    ag_what_if_free(imagined);
    if (takes)
        *out = (effect){.orgasm = out->orgasm,
                        .semen_before = out->semen,
                        .semen = out->semen_before,
                        .usual_before = out->usual,
                        .usual = out->usual_before};
    return true;
}

static double fall(const effect *e) {
    return fmax(e->semen_before.value - e->semen.value, e->usual_before.value - e->usual.value);
}

static bool about_orgasm(const effect *e) {
    return fall(e) < RISE && e->orgasm.value > fall(e);
}

static bool worth_a_card(const order_view *v, int cause, const effect *e) {
    const ag_hooks_options *options = &v->hook->call->hooks->options;
    double rate = about_orgasm(e) ? e->orgasm.value : 1 - e->usual.value;
    double rise = about_orgasm(e) ? e->orgasm.value : fall(e);
    if (v->matters)
        return rise >= RISE_THAT_MATTERS;
    return ag_man_minds(v->man, options->below_age) && !ag_man_takes(v->man, cause) &&
           rate >= options->from && rise >= RISE;
}

/* ---- what else ---- */

typedef struct alternative {
    const ag_treatment *treatment;
    effect effect;
    const char *mind_of; /* warnings */
} alternative;

static bool among(ag_texts list, const char *text) {
    for (int i = 0; i < list.count; i++)
        if (strcmp(list.items[i], text) == 0)
            return true;
    return false;
}

static bool for_the_mind(const ag_cause *cause) {
    for (size_t i = 0; i < sizeof mind / sizeof mind[0]; i++)
        if (strcmp(mind[i], cause->group) == 0)
            return true;
    return false;
}

/* A product of several medicines: another would have to stand in for all of them. Its id is made of
 * theirs. */
static bool is_combination(const ag_knowledge *k, const ag_cause *cause) {
    for (int c = 0; c < k->cause_count; c++) {
        const char *part = strstr(cause->id, k->causes[c].id);
        size_t length = strlen(k->causes[c].id);
        if (part != NULL && &k->causes[c] != cause &&
            (part == cause->id ? part[length] == '-' : part[-1] == '-' && part[length] == '\0'))
            return true;
    }
    return false;
}

static bool instead_of(const order_view *v, const ag_treatment *t, int cause) {
    const ag_cause *ordered = &v->knowledge->causes[cause];
    return t->kind == AG_TREATMENT_SWITCH && among(t->withdraws, ordered->group) &&
           !among(t->instead_of, ordered->id) && t->adds.count > 0 && t->adds.items[0] != cause &&
           !ag_man_takes(v->man, t->adds.items[0]);
}

/* Its warnings in one line; NULL where it is refused in this man or something comes first. */
static const char *warnings(const order_view *v, const ag_what_if *imagined) {
    ag_buffer out = ag_buffer_start(v->hook->call->arena);
    for (int i = 0; i < ag_what_if_note_count(imagined); i++) {
        const ag_plan_note *note = ag_what_if_note_at(imagined, i);
        if (note->effect == AG_PLAN_REFUSED || note->effect == AG_PLAN_FIRST)
            return NULL;
        const char *text = ag_localized_text((ag_localized){note->text.en, note->text.es},
                                             v->hook->call->language);
        ag_buffer_format(&out, " %s", text != NULL ? text : "");
    }
    return out.length == 0 ? "" : ag_buffer_text(&out);
}

static bool try_alternative(const order_view *v, const ag_treatment *t, const effect *ordered,
                            alternative *out) {
    ag_what_if *imagined = imagine(v, t->id);
    if (imagined == NULL)
        return false;
    *out = (alternative){.treatment = t, .mind_of = warnings(v, imagined)};
    read_lines(imagined, &out->effect);
    ag_what_if_free(imagined);
    return out->mind_of != NULL && (out->effect.semen.value > ordered->semen.value + BETTER ||
                                    out->effect.usual.value > ordered->usual.value + BETTER);
}

/* What must be known before anything else is proposed: his illnesses and his medicines. */
static bool knows_enough(const order_view *v) {
    return v->hook->seen[AG_PART_CONDITIONS] == AG_SEEN &&
           v->hook->seen[AG_PART_MEDICINES] == AG_SEEN;
}

static int find_alternatives(const order_view *v, int cause, const effect *with_it,
                             alternative out[AG_CARD_SUGGESTIONS]) {
    int count = 0;
    const ag_cause *ordered = &v->knowledge->causes[cause];
    if (!knows_enough(v) || for_the_mind(ordered) || is_combination(v->knowledge, ordered))
        return 0;
    for (int t = 0; t < v->knowledge->treatment_count && count < AG_CARD_SUGGESTIONS; t++)
        if (instead_of(v, &v->knowledge->treatments[t], cause) &&
            try_alternative(v, &v->knowledge->treatments[t], with_it, &out[count]))
            count++;
    return count;
}

/* ---- the card ---- */

static const char *name_of(const order_view *v, const char *id) {
    ag_view view = {.knowledge = v->knowledge,
                    .arena = v->hook->call->arena,
                    .language = v->hook->call->language};
    return ag_view_capital(&view, ag_view_name(&view, id));
}

static const char *summary(const order_view *v, const ag_drafted *drafted, const effect *e) {
    const char *name = name_of(v, v->knowledge->causes[drafted->cause].id);
    ag_arena *arena = v->hook->call->arena;
    if (about_orgasm(e))
        return ag_arena_format(arena, say(v, "%s: orgasm delayed, weak or absent in %s"), name,
                               percent(v, e->orgasm));
    if (1 - e->semen.value >= 0.5)
        return ag_arena_format(arena, say(v, "%s: no semen at orgasm in %s of men like him"), name,
                               percent(v, without(e->semen)));
    return ag_arena_format(arena,
                           say(v, "%s: less semen than usual, or none, in %s of men like him"),
                           name, percent(v, without(e->usual)));
}

static void add_effect(const order_view *v, const effect *e, ag_buffer *out) {
    if (about_orgasm(e)) {
        ag_buffer_format(out,
                         say(v, "On it, at usual doses: orgasm delayed, weak or absent in %s."),
                         percent(v, e->orgasm));
        return;
    }
    ag_buffer_format(
        out, say(v, "On it, at usual doses: no semen in %s, less than usual or none in %s."),
        percent(v, without(e->semen)), percent(v, without(e->usual)));
    ag_buffer_add_char(out, ' ');
    ag_buffer_format(out, say(v, "Without it: %s and %s."), percent(v, without(e->semen_before)),
                     percent(v, without(e->usual_before)));
}

static const product *product_of(const ag_treatment *t) {
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
        if (strcmp(products[i].treatment, t->id) == 0)
            return &products[i];
    return NULL;
}

static void add_alternatives(const order_view *v, const alternative *list, int count,
                             ag_buffer *out) {
    for (int i = 0; i < count; i++) {
        const ag_treatment *t = list[i].treatment;
        const product *p = product_of(t);
        ag_buffer_format(out, "\n- **%s**: ",
                         p != NULL ? say(v, p->name)
                                   : name_of(v, v->knowledge->causes[t->adds.items[0]].id));
        ag_buffer_format(out, say(v, "no semen in %s, less than usual or none in %s."),
                         percent(v, without(list[i].effect.semen)),
                         percent(v, without(list[i].effect.usual)));
        ag_buffer_add(out, list[i].mind_of);
    }
}

static void add_advice(const order_view *v, const ag_drafted *drafted, const alternative *list,
                       int count, ag_buffer *out) {
    ag_buffer_add(out, "\n\n");
    if (for_the_mind(&v->knowledge->causes[drafted->cause]))
        ag_buffer_add(out, say(v, "Talk with him, and with whoever treats the illness, before "
                                  "anything is changed: a change can bring a relapse."));
    else if (!knows_enough(v))
        ag_buffer_add(out, say(v, "Alternatives are not offered, as not all of his illnesses and "
                                  "medicines were seen."));
    else if (count > 0)
        ag_buffer_add(out, say(v, "Instead, if it suits what it is given for (checked against his "
                                  "recorded illnesses and medicines):"));
    else
        ag_buffer_add(out, say(v, "Tell him beforehand; it is harmless in itself."));
    add_alternatives(v, list, count, out);
}

static const char *detail(const order_view *v, const ag_drafted *drafted, const effect *e,
                          const alternative *list, int count) {
    ag_arena *arena = v->hook->call->arena;
    ag_buffer out = ag_buffer_start(arena);
    ag_buffer_format(&out, "**%s**: ", ag_markdown(arena, drafted->text));
    add_effect(v, e, &out);
    add_advice(v, drafted, list, count, &out);
    const char *unseen = ag_hook_unseen(v->hook);
    if (unseen != NULL)
        ag_buffer_format(&out, "\n\n%s", ag_markdown(arena, unseen));
    ag_buffer_format(&out, "\n\n_%s_", say(v, AG_REPORT_NOTICE));
    return ag_buffer_text(&out);
}

/* A click removes the draft: only where it can be named, and what comes instead has a code. */
static void suggest(const order_view *v, const ag_drafted *drafted, const alternative *list,
                    int count, ag_hook_card *card) {
    for (int i = 0; i < count; i++) {
        const ag_treatment *t = list[i].treatment;
        const product *p = product_of(t);
        if (p == NULL || drafted->reference == NULL)
            continue;
        card->suggestions[card->suggestion_count++] = (ag_order_suggestion){
            .label =
                ag_arena_format(v->hook->call->arena, say(v, "Draft %s instead"), say(v, p->name)),
            .rxnorm = p->rxnorm,
            .display = p->display,
            .dose = ag_localized_text(t->dose, v->hook->call->language),
            .replaces = drafted->reference};
    }
}

/* The first study behind what the medicine does that can be found by its address. */
static void set_source(const order_view *v, int cause, ag_hook_card *card) {
    const ag_cause *c = &v->knowledge->causes[cause];
    ag_arena *arena = v->hook->call->arena;
    card->source_label = ag_arena_format(arena, "Antegrade, %s %s", say(v, "knowledge"),
                                         ag_knowledge_version(v->knowledge));
    for (int n = 0; n < c->variant_count; n++)
        for (int a = 0; a < c->variants[n].action_count; a++) {
            const ag_action *action = &c->variants[n].actions[a];
            for (int s = 0; s < v->knowledge->variables[action->function].states.count; s++)
                for (int e = 0; e < action->states[s].evidence.count; e++) {
                    const ag_evidence *study =
                        &v->knowledge->evidence[action->states[s].evidence.items[e]];
                    card->source_url = ag_study_address(arena, study);
                    if (card->source_url == NULL)
                        continue;
                    card->source_label = ag_study_label(arena, study);
                    return;
                }
        }
}

static ag_hook_card make_card(const order_view *v, const ag_drafted *drafted, const effect *e) {
    alternative list[AG_CARD_SUGGESTIONS];
    int count = find_alternatives(v, drafted->cause, e, list);
    ag_hook_card card = {.summary = summary(v, drafted, e),
                         .indicator = v->matters ? "warning" : "info",
                         .detail = detail(v, drafted, e, list, count),
                         .topic = TOPIC,
                         .reasons = REASONS};
    suggest(v, drafted, list, count, &card);
    set_source(v, drafted->cause, &card);
    card.page = ag_record_hold(v->hook->call, ag_record_text(v->hook), "");
    return card;
}

static void judge(order_view *v, const ag_drafted *drafted, int count) {
    ag_hook_card cards[AG_DRAFTED];
    int made = 0;
    bool whole = true;
    for (int i = 0; i < count; i++) {
        effect e;
        if (!effect_of(v, drafted[i].cause, &e) || !worth_a_card(v, drafted[i].cause, &e))
            continue;
        cards[made] = make_card(v, &drafted[i], &e);
        whole = whole && cards[made].summary != NULL && cards[made].detail != NULL &&
                cards[made].source_label != NULL;
        made++;
    }
    if (whole)
        ag_hook_answer(v->hook, cards, made);
    else
        ag_call_outcome(v->hook->call, 500, "exception", "out of memory");
}

static void assess(order_view *v, const ag_drafted *drafted, int count) {
    ag_assess_options options = ag_assess_options_defaults();
    options.explain = false;
    ag_error error = {.code = AG_OK};
    ag_status status = ag_assess(&v->assessment, v->hook->call->session, v->man, &options, &error);
    if (status == AG_OK)
        judge(v, drafted, count);
    else if (status == AG_ERROR_IMPOSSIBLE)
        ag_hook_answer(v->hook, NULL, 0);
    else
        ag_call_outcome(v->hook->call, 500, "exception", "the man could not be assessed: %s",
                        error.message);
    ag_assessment_free(v->assessment);
}

void ag_serve_orders(ag_hook *hook) {
    ag_drafted drafted[AG_DRAFTED];
    int count = ag_drafted_medicines(hook, drafted);
    if (count < 0)
        return;
    if (count == 0) {
        ag_hook_answer(hook, NULL, 0);
        return;
    }
    if (!ag_hook_gather(hook))
        return;
    order_view v = {
        .hook = hook, .knowledge = hook->call->hooks->knowledge, .man = ag_hook_man(hook)};
    if (v.man == NULL)
        return;
    v.matters = ag_man_complains(v.man) || ag_man_wants_child(v.man);
    if (v.matters || ag_man_minds(v.man, hook->call->hooks->options.below_age))
        assess(&v, drafted, count);
    else
        ag_hook_answer(hook, NULL, 0);
    ag_patient_free(v.man);
}
