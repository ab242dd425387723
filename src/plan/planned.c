/*
 * What is planned and has not begun: what to expect of ejaculation after it, what is done for the
 * same with better odds, and whether sperm should be frozen first.
 *
 * It acts in an imagined epoch, F' = max(F, effect). Its variants are worlds of their own, mixed by
 * their shares:  P(outcome) = sum over v of share(v) P(outcome | v),  as what a variant does to
 * several functions goes together. Variants that contradict what is planned take no part, nor do
 * those that go by years of exposure other than LASTING_YEARS: what lasts is meant, not the first
 * weeks.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan_work.h"

enum { MOST_ALTERNATIVES = 6, MOST_CANDIDATES = 64 };

static const double LASTING_YEARS = 1;
/* What wears off sooner is waited for, and needs no frozen sperm. */
static const double LASTING_DAYS = 180;
/* A smaller loss of sperm is not worth freezing any. */
static const double LOSS_LEAST = 0.02;
/* Where so little comes forward today, a loss would not show there. */
static const double FORWARD_LEAST = 0.5;
/* An alternative is named where so many more men keep their semen. */
static const double GAIN_LEAST = 0.05;

/* ---- what follows from a cause that is brought in ---- */

enum { VOLUME, SPERM, ROUTE, OUTCOMES };

typedef struct world {
    ag_planning *p;
    int variables[OUTCOMES];
    int count; /* of them: knowledge without the route has none */
    int draws; /* AG_DRAWS, or 1: central values */
    double values[OUTCOMES][AG_MAX_STATES][AG_DRAWS];
} world;

static world *new_world(ag_planning *p, ag_arena *arena, int draws) {
    world *w = ag_arena_array(arena, 1, sizeof *w);
    int route = ag_knowledge_variable(p->knowledge, "route");
    if (w != NULL)
        *w = (world){.p = p,
                     .draws = draws,
                     .count = route < 0 ? ROUTE : OUTCOMES,
                     .variables = {p->forward_volume, p->forward_sperm, route}};
    return w;
}

static const ag_posterior *today_of(const world *w) {
    return w->draws == 1 ? &w->p->central : w->p->today;
}

static int node_today(const world *w, int outcome) {
    return ag_clinical_network_node(today_of(w)->clinical, w->variables[outcome], AG_EPOCH_TODAY,
                                    -1);
}

static int states_of(const world *w, int outcome) {
    return w->p->knowledge->variables[w->variables[outcome]].states.count;
}

static void read_today(world *w) {
    for (int o = 0; o < w->count; o++) {
        const double *marginal = ag_posterior_marginal(today_of(w), node_today(w, o));
        for (int s = 0; s < states_of(w, o); s++)
            for (int d = 0; d < w->draws; d++)
                w->values[o][s][d] = marginal[s * w->draws + d];
    }
}

static bool fits(const ag_cause_fact *fact, const ag_requirement *need) {
    if (strcmp(need->attribute, "years") == 0)
        return LASTING_YEARS >= need->low && LASTING_YEARS < need->high;
    for (int i = 0; fact != NULL && i < fact->attribute_count; i++) {
        const ag_recorded_attribute *recorded = &fact->attributes[i];
        if (strcmp(recorded->name, need->attribute) != 0)
            continue;
        if (need->numeric)
            return recorded->word != NULL ||
                   (recorded->number >= need->low && recorded->number < need->high);
        bool listed = recorded->word == NULL;
        for (int w = 0; w < need->words.count && !listed; w++)
            listed = strcmp(need->words.items[w], recorded->word) == 0;
        return listed;
    }
    return true;
}

/* The shares of the variants that fit what is planned; where none fits, the card's. */
static double *shares_of(const ag_cause *cause, const ag_cause_fact *fact, ag_arena *arena) {
    double *shares = ag_arena_array(arena, (size_t)cause->variant_count, sizeof *shares);
    double sum = 0;
    for (int v = 0; shares != NULL && v < cause->variant_count; v++) {
        bool possible = true;
        for (int w = 0; w < cause->variants[v].when_count; w++)
            possible = possible && fits(fact, &cause->variants[v].when[w]);
        shares[v] = possible ? cause->variants[v].share : 0;
        sum += shares[v];
    }
    for (int v = 0; shares != NULL && v < cause->variant_count; v++)
        shares[v] = sum > 0 ? shares[v] / sum : cause->variants[v].share;
    return shares;
}

/* Add share P(outcome | variant) to what is computed, in the draws that are computed. */
static ag_status add_variant(world *w, int cause, int variant, double share) {
    ag_planning *p = w->p;
    ag_arena *scratch = ag_arena_new();
    ag_imagination imagined = {.added = {cause}, .added_count = 1, .variant = variant + 1};
    ag_branch branch = {.imagined = &imagined};
    int draws = w->draws > 1 ? AG_IMAGINED_DRAWS : 1;
    world *one = scratch == NULL ? NULL : new_world(p, scratch, w->draws);
    ag_situation *situation =
        one == NULL ? NULL : ag_plan_treated(p, &branch, draws, &p->man->situation, scratch);
    ag_status status = situation == NULL ? ag_plan_no_memory(p) : AG_OK;
    if (status == AG_OK) {
        double(*const answers[])[AG_DRAWS] = {one->values[VOLUME], one->values[SPERM],
                                              one->values[ROUTE]};
        situation->imagined_also = (ag_indices){&one->variables[SPERM], w->count - 1};
        status = ag_imagined_answers(p->knowledge, situation, draws, p->strata.cache,
                                     one->variables, w->count, answers, p->error);
    }
    for (int o = 0; o < w->count && status == AG_OK; o++)
        for (int s = 0; s < states_of(w, o); s++)
            for (int d = 0; d < draws; d++)
                w->values[o][s][d] += share * one->values[o][s][d];
    ag_arena_free(scratch);
    return status;
}

/* The man after `cause`; `only` is a variant, or -1: those that fit `fact` (may be NULL). */
static ag_status after_cause(world *w, int cause, int only, const ag_cause_fact *fact) {
    const ag_cause *card = &w->p->knowledge->causes[cause];
    double *shares = shares_of(card, fact, w->p->arena);
    ag_status status = shares == NULL ? ag_plan_no_memory(w->p) : AG_OK;
    for (int v = 0; v < card->variant_count && status == AG_OK; v++) {
        double share = only < 0 ? shares[v] : v == only;
        if (share > 0)
            status = add_variant(w, cause, v, share);
    }
    for (int o = 0; o < w->count && w->draws > 1 && status == AG_OK; o++)
        ag_strata_spread(&w->p->strata, w->p->today, node_today(w, o), w->values[o]);
    return status;
}

static ag_estimate estimate(const world *w, int outcome, uint32_t states) {
    double sums[AG_DRAWS];
    int count = 0;
    for (int d = 0; d < w->draws && outcome < w->count; d++) {
        double sum = 0, all = 0;
        for (int s = 0; s < states_of(w, outcome); s++) {
            sum += states >> s & 1 ? w->values[outcome][s][d] : 0;
            all += w->values[outcome][s][d];
        }
        if (all > 0)
            sums[count++] = fmin(sum, 1);
    }
    return ag_estimate_of(sums, count);
}

static ag_plan_outlook outlook_of(const world *w) {
    static const char *const backward[] = {"backward"};
    ag_outcome_states states = ag_plan_outcome_states(w->p);
    uint32_t back = w->count <= ROUTE ? 0
                                      : ag_plan_state_bits(w->p->knowledge, w->variables[ROUTE],
                                                           (ag_texts){backward, 1});
    return (ag_plan_outlook){.semen = estimate(w, VOLUME, states.semen),
                             .usual_volume = estimate(w, VOLUME, states.usual_volume),
                             .backward = estimate(w, ROUTE, back),
                             .sperm = estimate(w, SPERM, states.sperm)};
}

static ag_status look(ag_planning *p, int cause, int variant, const ag_cause_fact *fact,
                      bool intervals, ag_plan_outlook *out) {
    ag_arena *scratch = ag_arena_new();
    world *w = scratch == NULL ? NULL : new_world(p, scratch, intervals ? AG_DRAWS : 1);
    ag_status status = w == NULL   ? ag_plan_no_memory(p)
                       : cause < 0 ? (read_today(w), AG_OK)
                                   : after_cause(w, cause, variant, fact);
    if (status == AG_OK)
        *out = outlook_of(w);
    ag_arena_free(scratch);
    return status;
}

/* ---- sources ---- */

static bool add_sources(ag_planning *p, int cause, int variant, const char *const **sources,
                        int *count) {
    const ag_cause *card = &p->knowledge->causes[cause];
    ag_source_list list = {.count = 0};
    for (int v = 0; v < card->variant_count; v++)
        for (int a = 0; a < card->variants[v].action_count && (variant < 0 || v == variant); a++) {
            const ag_action *action = &card->variants[v].actions[a];
            int states = p->knowledge->variables[action->function].states.count;
            for (int s = 0; s < states; s++)
                ag_source_list_add(&list, p->knowledge, &action->states[s]);
        }
    *sources = ag_source_list_keep(&list, p->arena);
    *count = list.count;
    return *sources != NULL;
}

/* ---- alternatives ---- */

typedef struct alternative {
    int cause, variant; /* variant -1: the cause as it is usually done */
    double semen;
} alternative;

typedef struct alternatives {
    alternative items[MOST_CANDIDATES];
    int count;
} alternatives;

static void offer(alternatives *all, int cause, int variant) {
    for (int i = 0; i < all->count; i++)
        if (all->items[i].cause == cause && all->items[i].variant == variant)
            return;
    if (all->count < MOST_CANDIDATES)
        all->items[all->count++] = (alternative){cause, variant, 0};
}

/* Others done for the same, and ways of doing this one that the card tells apart by a technique. */
static void offer_operations(const ag_planning *p, int cause, alternatives *all) {
    const ag_cause *card = &p->knowledge->causes[cause];
    for (int c = 0; c < p->knowledge->cause_count; c++) {
        const char *treats = p->knowledge->causes[c].treats;
        if (c != cause && treats != NULL && card->treats != NULL &&
            strcmp(treats, card->treats) == 0)
            offer(all, c, -1);
    }
    for (int v = 0; v < card->variant_count; v++)
        if (card->variants[v].when_count == 1 &&
            strcmp(card->variants[v].when[0].attribute, "technique") == 0)
            offer(all, cause, v);
}

/* What prescribers switch such a medicine to. */
static void offer_medicines(const ag_planning *p, int cause, alternatives *all) {
    const ag_cause *card = &p->knowledge->causes[cause];
    for (int t = 0; t < p->knowledge->treatment_count; t++) {
        const ag_treatment *treatment = &p->knowledge->treatments[t];
        bool other = treatment->adds.count == 1 && treatment->adds.items[0] != cause;
        if (other && ag_texts_have(treatment->withdraws, card->group) &&
            !ag_texts_have(treatment->instead_of, card->id) &&
            ag_plan_recorded(p, treatment->adds.items[0]) == NULL)
            offer(all, treatment->adds.items[0], -1);
    }
}

static int by_semen(const void *x, const void *y) {
    const alternative *a = x, *b = y;
    if (a->semen != b->semen)
        return a->semen < b->semen ? 1 : -1;
    return a->cause != b->cause ? a->cause - b->cause : a->variant - b->variant;
}

/* At central values first; only those that are shown are computed with intervals. */
static ag_status choose(ag_planning *p, const ag_cause_fact *fact, alternatives *all) {
    ag_plan_outlook planned = {.semen = {NAN, NAN, NAN}}, one = planned;
    int kept = 0;
    ag_status status = all->count > 0 ? look(p, fact->cause, -1, fact, false, &planned) : AG_OK;
    for (int i = 0; i < all->count && status == AG_OK; i++) {
        alternative *a = &all->items[i];
        status = look(p, a->cause, a->variant, NULL, false, &one);
        a->semen = one.semen.value;
        if (status == AG_OK && a->semen >= planned.semen.value + GAIN_LEAST)
            all->items[kept++] = *a;
    }
    all->count = kept;
    if (kept > 1)
        qsort(all->items, (size_t)kept, sizeof *all->items, by_semen);
    all->count = kept < MOST_ALTERNATIVES ? kept : MOST_ALTERNATIVES;
    return status;
}

static ag_plan_text variant_name(const ag_planning *p, const alternative *a) {
    const ag_cause *card = &p->knowledge->causes[a->cause];
    return ag_plan_names(a->variant < 0 ? &card->names : &card->variants[a->variant].names);
}

static ag_status add_alternatives(ag_planning *p, const ag_cause_fact *fact,
                                  ag_plan_planned *item) {
    alternatives all = {.count = 0};
    offer_operations(p, fact->cause, &all);
    offer_medicines(p, fact->cause, &all);
    ag_status status = choose(p, fact, &all);
    ag_plan_alternative *list = ag_arena_array(p->arena, (size_t)all.count + 1, sizeof *list);
    if (status == AG_OK && list == NULL)
        return ag_plan_no_memory(p);
    for (int i = 0; i < all.count && status == AG_OK; i++) {
        const alternative *a = &all.items[i];
        const ag_cause *card = &p->knowledge->causes[a->cause];
        list[i] =
            (ag_plan_alternative){.cause = card->id,
                                  .variant = a->variant < 0 ? NULL : card->variants[a->variant].id,
                                  .name = variant_name(p, a),
                                  .suits = ag_plan_localized(card->suits)};
        status = look(p, a->cause, a->variant, NULL, p->options.intervals, &list[i].after);
        if (status == AG_OK &&
            !add_sources(p, a->cause, a->variant, &list[i].sources, &list[i].source_count))
            status = ag_plan_no_memory(p);
    }
    item->alternatives = list;
    item->alternative_count = all.count;
    return status;
}

/* ---- items ---- */

static bool needs_bank(const ag_planning *p, const ag_cause *cause, const ag_plan_outlook *today,
                       const ag_plan_outlook *after) {
    bool lasting = cause->permanent || cause->offset_days.value >= LASTING_DAYS;
    bool may_want = p->patient->wish == AG_WISH_CHILD || p->patient->wish == AG_WISH_UNKNOWN;
    return lasting && may_want &&
           (today->sperm.value - after->sperm.value >= LOSS_LEAST ||
            today->sperm.value < FORWARD_LEAST);
}

static ag_status add_item(ag_planning *p, const ag_cause_fact *fact, const ag_plan_outlook *today) {
    const ag_cause *card = &p->knowledge->causes[fact->cause];
    ag_plan_planned *item = &p->plan->planned[p->plan->planned_count];
    char when[AG_DATE_TEXT];
    bool dated = fact->start.first != INT_MIN && fact->start.last != INT_MAX;
    *item = (ag_plan_planned){.cause = card->id,
                              .name = ag_plan_names(&card->names),
                              .text = fact->text,
                              .medicine = card->kind == AG_CAUSE_MEDICINE,
                              .today = *today};
    if (dated)
        item->when = ag_arena_text(p->arena, ag_days_write(fact->start, when), strlen(when));
    ag_status status = dated && item->when == NULL ? ag_plan_no_memory(p) : AG_OK;
    if (status == AG_OK)
        status = look(p, fact->cause, -1, fact, p->options.intervals, &item->after);
    if (status == AG_OK && !add_sources(p, fact->cause, -1, &item->sources, &item->source_count))
        status = ag_plan_no_memory(p);
    if (status == AG_OK)
        status = add_alternatives(p, fact, item);
    item->bank = status == AG_OK && needs_bank(p, card, today, &item->after);
    p->plan->planned_count++;
    return status;
}

ag_status ag_plan_make_planned(ag_planning *p) {
    ag_plan_outlook today = {.semen = {NAN, NAN, NAN}};
    p->plan->planned =
        ag_arena_array(p->arena, (size_t)p->patient->planned_count + 1, sizeof *p->plan->planned);
    if (p->plan->planned == NULL)
        return ag_plan_no_memory(p);
    ag_status status =
        p->patient->planned_count > 0 ? look(p, -1, -1, NULL, p->options.intervals, &today) : AG_OK;
    for (int i = 0; i < p->patient->planned_count && status == AG_OK; i++) {
        status = add_item(p, &p->patient->planned[i], &today);
    }
    return status;
}
