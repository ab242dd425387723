/*
 * The chances of a child. A source of sperm gives, in state v of the variable that decides, a
 * log-normal number of motile sperm, narrowed by what was counted in his own samples (counted.c);
 * the number for this man is the mixture over P(v). Under a treatment what was counted holds for
 * the share min(P(v today), P(v treated)) that stays in its state. With F the distribution of the
 * number and classes k of the method's table of counts, in each draw of all numbers
 *
 *     P(live birth per attempt) = sum over k of F(k) expit(logit(births(her age)) + ln odds_k)
 *     P(pregnancy per attempt)  = P(live birth) / (1 - losses(her age))
 *     P(live birth in n)        = sum over k of F(k) (1 - product over i < n of (1 - p_ki))
 *
 * p_ki falling by the odds ratio `repeat` with each attempt that failed. The class of a couple
 * stays the same over attempts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counted.h"

enum { MOST_ROUTES = 64 };

static const double SUCCESS_LEAST = 0.0005;

/* Where a source's variable is read: today, or under a treatment that brings semen forward. */
typedef struct source_state {
    const ag_sperm_source *card;
    ag_plan_source *item;
    int treatment;              /* -1: none */
    double (*states)[AG_DRAWS]; /* [state of the variable][draw]: P(state), yield included */
    double (*stays)[AG_DRAWS];  /* the part of it in which what was counted holds */
    ag_counted counted;
} source_state;

typedef struct conceiving {
    ag_planning *p;
    source_state *sources;
} conceiving;

/* ---- sources ---- */

static const ag_plan_option *option_of(const ag_planning *p, int treatment) {
    for (int i = 0; i < p->plan->option_count; i++)
        if (strcmp(p->plan->options[i].id, p->knowledge->treatments[treatment].id) == 0)
            return &p->plan->options[i];
    return NULL;
}

/* The best option that brings sperm forward; options are sorted, free ones first. */
static int best_forward(const ag_planning *p) {
    double least = 0;
    int best = -1;
    for (int i = 0; i < p->candidate_count; i++) {
        const ag_candidate *c = &p->candidates[i];
        const ag_treatment *t = &p->knowledge->treatments[c->treatment];
        if (t->kind == AG_TREATMENT_NONE)
            least = fmax(least, c->sperm);
    }
    double utility = -INFINITY;
    for (int i = 0; i < p->candidate_count; i++) {
        const ag_candidate *c = &p->candidates[i];
        const ag_treatment *t = &p->knowledge->treatments[c->treatment];
        if (t->obtains.count > 0 || c->standing != AG_PLAN_FREE || c->sperm <= least + 0.02 ||
            c->utility <= utility)
            continue;
        utility = c->utility;
        best = i;
    }
    return best;
}

static ag_status new_states(conceiving *c, source_state *s) {
    s->states = ag_arena_array(c->p->arena, AG_MAX_STATES, sizeof *s->states);
    s->stays = ag_arena_array(c->p->arena, AG_MAX_STATES, sizeof *s->stays);
    return s->states != NULL && s->stays != NULL ? AG_OK : ag_plan_no_memory(c->p);
}

static int state_count(const ag_planning *p, const source_state *s) {
    return p->knowledge->variables[s->card->variable.items[0]].states.count;
}

/* P(state of the source's variable today), [state][draw of today's posterior]. */
static const double *marginal_today(const ag_planning *p, const source_state *s) {
    int node = ag_clinical_network_node(p->today->clinical, s->card->variable.items[0],
                                        AG_EPOCH_TODAY, -1);
    return ag_posterior_marginal(p->today, node);
}

static ag_status read_today(conceiving *c, source_state *s) {
    int draws = c->p->today->draw_count, states = state_count(c->p, s);
    const double *marginal = marginal_today(c->p, s);
    double yields[AG_MAX_STATES];
    ag_status status = new_states(c, s);
    for (int d = 0; d < AG_DRAWS && status == AG_OK; d++) {
        if (s->treatment >= 0)
            ag_plan_yields(c->p, &c->p->knowledge->treatments[s->treatment], d, yields);
        for (int v = 0; v < states; v++)
            s->states[v][d] = s->stays[v][d] =
                marginal[v * draws + d % draws] * (s->treatment >= 0 ? yields[v] : 1);
    }
    return status;
}

/* Forward sperm under the treatment. */
static ag_status read_treated(conceiving *c, source_state *s, int candidate) {
    ag_planning *p = c->p;
    ag_imagination imagined = ag_plan_imagination(p, &p->candidates[candidate]);
    ag_outcomes outcomes;
    ag_status status = ag_plan_outcomes(p, &imagined, p->options.intervals, &outcomes);
    if (status == AG_OK)
        status = new_states(c, s);
    int draws = p->today->draw_count, states = state_count(p, s);
    const double *marginal = marginal_today(p, s);
    for (int v = 0; v < states && status == AG_OK; v++)
        for (int d = 0; d < AG_DRAWS; d++) {
            s->states[v][d] = outcomes.sperm[v][d % outcomes.draws];
            s->stays[v][d] = fmin(s->states[v][d], marginal[v * draws + d % draws]);
        }
    return status;
}

static const ag_yield *yield_of(const ag_planning *p, const ag_sperm_source *card, int state) {
    const char *id = p->knowledge->variables[card->variable.items[0]].states.items[state];
    for (int y = 0; y < card->yield_count; y++)
        if (strcmp(card->yields[y].state, id) == 0)
            return &card->yields[y];
    return NULL;
}

static double normal_cdf(double z) {
    return 0.5 * erfc(-z / sqrt(2.0));
}

static double log_normal_cdf(ag_log_normal x, double million) {
    return million <= 0 ? 0 : isinf(million) ? 1 : normal_cdf((log(million) - x.mean) / x.spread);
}

/* P(state v and low < motile sperm <= high), `states` and `stays` being those of v; draw -1: at
 * central numbers of the card. */
static double state_between(const ag_planning *p, const source_state *s, const ag_yield *yield,
                            double states, double stays, double low, double high, int draw) {
    ag_log_normal men = ag_plan_yield(p, yield, draw);
    ag_log_normal own = ag_plan_counted(p, &s->counted, men, draw);
    return (states - stays) * (log_normal_cdf(men, high) - log_normal_cdf(men, low)) +
           stays * (log_normal_cdf(own, high) - log_normal_cdf(own, low));
}

static double mean_of(const double *values) {
    double mean = 0;
    for (int d = 0; d < AG_DRAWS; d++)
        mean += values[d] / AG_DRAWS;
    return mean;
}

/* P(motile sperm <= million | there are any), at central numbers of the card. */
static double count_cdf(const ag_planning *p, const source_state *s, double million) {
    double below = 0, all = 0;
    for (int v = 0; v < state_count(p, s); v++) {
        const ag_yield *yield = yield_of(p, s->card, v);
        if (yield == NULL)
            continue;
        double states = mean_of(s->states[v]), stays = mean_of(s->stays[v]);
        all += states;
        below += state_between(p, s, yield, states, stays, 0, million, -1);
    }
    return all > 0 ? below / all : 1;
}

static double count_quantile(const ag_planning *p, const source_state *s, double share) {
    double low = log(1e-6), high = log(1e5);
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        if (count_cdf(p, s, exp(middle)) < share)
            low = middle;
        else
            high = middle;
    }
    return exp(0.5 * (low + high));
}

static void measure_source(conceiving *c, source_state *s) {
    ag_planning *p = c->p;
    int states = state_count(p, s);
    double values[AG_DRAWS];
    for (int d = 0; d < AG_DRAWS; d++) {
        values[d] = 0;
        for (int v = 0; v < states; v++)
            if (yield_of(p, s->card, v) != NULL)
                values[d] += s->states[v][d];
        values[d] = fmin(values[d], 1);
    }
    s->item->any = ag_estimate_of(values, AG_DRAWS);
    if (s->item->any.value > 0) {
        s->item->motile = count_quantile(p, s, 0.5);
        s->item->motile_low = count_quantile(p, s, 0.05);
        s->item->motile_high = count_quantile(p, s, 0.95);
    }
}

/* The treatment that obtains it with the greatest chance and is not refused; -1 when none is. */
static int choose_retrieval(const ag_planning *p, const ag_sperm_source *card) {
    int best = -1;
    double chance = -1;
    for (int i = 0; i < card->treatments.count; i++) {
        int treatment = card->treatments.items[i];
        const ag_plan_option *option = option_of(p, treatment);
        if (option != NULL && option->standing != AG_PLAN_REFUSED && option->sperm.value > chance) {
            best = treatment;
            chance = option->sperm.value;
        }
    }
    return best;
}

static void refuse(source_state *s) {
    s->item->offered = false;
    s->item->why_not = ag_plan_localized(s->card->refused);
}

/* Why it is refused by a rule of its treatment, rather than by the card's general words. */
static void refuse_by_rule(const ag_planning *p, source_state *s) {
    refuse(s);
    for (int i = 0; i < s->card->treatments.count; i++) {
        const ag_plan_option *option = option_of(p, s->card->treatments.items[i]);
        if (option != NULL && option->standing == AG_PLAN_REFUSED && option->note_count > 0)
            s->item->why_not = option->notes[0].text;
    }
}

static ag_status fill_states(conceiving *c, source_state *s) {
    ag_planning *p = c->p;
    int candidate = -1;
    if (s->card->treated) {
        candidate = best_forward(p);
        if (candidate < 0)
            return AG_OK;
        s->treatment = p->candidates[candidate].treatment;
        return read_treated(c, s, candidate);
    }
    if (s->card->treatments.count > 0 && (s->treatment = choose_retrieval(p, s->card)) < 0)
        return AG_OK;
    return read_today(c, s);
}

static ag_status add_source(conceiving *c, const ag_sperm_source *card) {
    ag_planning *p = c->p;
    source_state *s = &c->sources[p->plan->source_count];
    *s = (source_state){
        .card = card, .item = &p->plan->sources[p->plan->source_count++], .treatment = -1};
    ag_plan_count(p, card, &s->counted);
    ag_plan_note *notes;
    ag_plan_effect standing;
    *s->item = (ag_plan_source){.id = card->id,
                                .name = ag_plan_names(&card->names),
                                .offered = true,
                                .any = {0, 0, 0},
                                .motile = NAN,
                                .motile_low = NAN,
                                .motile_high = NAN};
    if (!ag_plan_judge(p, card->rules, card->rule_count, &notes, &s->item->note_count, &standing))
        return ag_plan_no_memory(p);
    s->item->notes = notes;
    ag_status status = fill_states(c, s);
    if (status != AG_OK)
        return status;
    if (s->states == NULL) {
        refuse_by_rule(p, s);
        return AG_OK;
    }
    if (s->treatment >= 0) {
        s->item->treatment = p->knowledge->treatments[s->treatment].id;
        s->item->treatment_name = ag_plan_names(&p->knowledge->treatments[s->treatment].names);
    }
    measure_source(c, s);
    if (s->item->any.value < card->least)
        refuse(s);
    else if (standing == AG_PLAN_REFUSED || standing == AG_PLAN_FIRST) {
        s->item->offered = false;
        s->item->why_not = notes[0].text;
    }
    return AG_OK;
}

/* ---- methods ---- */

static const ag_parameter *by_age(const ag_step *steps, int count, double age) {
    const ag_parameter *p = &steps[0].p;
    for (int i = 1; i < count; i++)
        if (age >= steps[i].from_age)
            p = &steps[i].p;
    return p;
}

static double expit(double x) {
    return 1 / (1 + exp(-x));
}

typedef struct chances {
    double birth, pregnancy, cumulative;
} chances;

/* P(one attempt succeeds) and P(one of n does), in a couple whose first has log odds `x`. */
static void add_class(chances *out, double weight, double x, double log_repeat, int cycles) {
    double none = 1;
    for (int i = 0; i < cycles; i++)
        none *= 1 - expit(x + i * log_repeat);
    out->birth += weight * expit(x);
    out->cumulative += weight * (1 - none);
}

/* The share of attempts with motile sperm between two counts, in one draw. */
static double share_between(conceiving *c, const source_state *s, double low, double high, int d) {
    double sum = 0;
    for (int v = 0; v < state_count(c->p, s); v++) {
        const ag_yield *yield = yield_of(c->p, s->card, v);
        if (yield != NULL)
            sum += state_between(c->p, s, yield, s->states[v][d], s->stays[v][d], low, high, d);
    }
    return sum;
}

/* What semen by this treatment is worth to this method, beside the number of its sperm; NULL: as
 * much as other semen. */
static const ag_parameter *brought_by(const ag_method *m, const source_state *s) {
    for (int i = 0; s->treatment >= 0 && i < m->brought_count; i++)
        if (ag_indices_have(m->brought[i].treatments, s->treatment))
            return &m->brought[i].odds;
    return NULL;
}

static chances chances_of(conceiving *c, const source_state *s, const ag_method *m, double age,
                          int d) {
    ag_parameter_cache *cache = c->p->session->cache;
    chances out = {0, 0, 0};
    double birth =
        ag_parameter_cache_draws(cache, by_age(m->births, m->birth_count, age), AG_DRAWS)[d];
    double loss =
        ag_parameter_cache_draws(cache, by_age(m->losses, m->loss_count, age), AG_DRAWS)[d];
    double log_repeat = fmin(log(ag_parameter_cache_draws(cache, &m->repeat, AG_DRAWS)[d]), 0);
    double base = log(birth / (1 - birth));
    const ag_parameter *brought = brought_by(m, s);
    if (brought != NULL)
        base += log(ag_parameter_cache_draws(cache, brought, AG_DRAWS)[d]);
    for (int k = 0; k < m->count_count; k++) {
        double high = k + 1 < m->count_count ? m->counts[k + 1].from_million : INFINITY;
        double odds = ag_parameter_cache_draws(cache, &m->counts[k].odds, AG_DRAWS)[d];
        double share = share_between(c, s, m->counts[k].from_million, high, d);
        add_class(&out, share, base + log(odds), log_repeat, m->cycles);
    }
    out.pregnancy = fmin(out.birth / (1 - loss), 1);
    return out;
}

/* The draws are made once; that they can be is checked before they are used. */
static bool draws_made(conceiving *c, const source_state *s, const ag_method *m) {
    ag_parameter_cache *cache = c->p->session->cache;
    bool made = ag_counted_draws_made(c->p, &s->counted) &&
                ag_parameter_cache_draws(cache, &m->repeat, AG_DRAWS) != NULL;
    const ag_parameter *brought = brought_by(m, s);
    made = made && (brought == NULL || ag_parameter_cache_draws(cache, brought, AG_DRAWS) != NULL);
    for (int i = 0; i < m->birth_count; i++)
        made = made && ag_parameter_cache_draws(cache, &m->births[i].p, AG_DRAWS) != NULL;
    for (int i = 0; i < m->loss_count; i++)
        made = made && ag_parameter_cache_draws(cache, &m->losses[i].p, AG_DRAWS) != NULL;
    for (int i = 0; i < m->count_count; i++)
        made = made && ag_parameter_cache_draws(cache, &m->counts[i].odds, AG_DRAWS) != NULL;
    for (int i = 0; i < s->card->yield_count; i++)
        made = made &&
               ag_parameter_cache_draws(cache, &s->card->yields[i].motile, AG_DRAWS) != NULL &&
               ag_parameter_cache_draws(cache, &s->card->yields[i].spread, AG_DRAWS) != NULL;
    return made;
}

static bool suits(const ag_method *m, const char *source) {
    for (int i = 0; i < m->sources.count; i++)
        if (strcmp(m->sources.items[i], source) == 0)
            return true;
    return false;
}

static ag_status add_child(conceiving *c, const source_state *s, const ag_method *m) {
    ag_planning *p = c->p;
    double birth[AG_DRAWS], pregnancy[AG_DRAWS], cumulative[AG_DRAWS];
    if (!draws_made(c, s, m))
        return ag_plan_no_memory(p);
    for (int d = 0; d < AG_DRAWS; d++) {
        chances x = chances_of(c, s, m, p->patient->partner_age_years, d);
        birth[d] = x.birth;
        pregnancy[d] = x.pregnancy;
        cumulative[d] = x.cumulative;
    }
    ag_plan_child item = {.method = m->id,
                          .method_name = ag_plan_names(&m->names),
                          .source = s->card->id,
                          .source_name = s->item->name,
                          .cycle = ag_plan_localized(m->cycle),
                          .many = ag_plan_localized(m->many.en != NULL ? m->many : m->cycle),
                          .live_birth = ag_estimate_of(birth, AG_DRAWS),
                          .pregnancy = ag_estimate_of(pregnancy, AG_DRAWS),
                          .cumulative = ag_estimate_of(cumulative, AG_DRAWS),
                          .cycles = m->cycles};
    if (item.live_birth.value >= SUCCESS_LEAST && p->plan->child_count < MOST_ROUTES)
        p->plan->children[p->plan->child_count++] = item;
    return AG_OK;
}

/* ---- all ---- */

static void add_note(ag_planning *p, const char *id, ag_plan_effect effect, const char *en,
                     const char *es) {
    p->plan->child_notes[p->plan->child_note_count++] =
        (ag_plan_note){.id = id, .effect = effect, .text = {en, es}};
}

static ag_status fill(conceiving *c) {
    ag_planning *p = c->p;
    const ag_knowledge *k = p->knowledge;
    ag_status status = AG_OK;
    for (int order = 0; order < 100 && status == AG_OK; order++)
        for (int i = 0; i < k->source_count && status == AG_OK; i++)
            if (k->sources[i].order == order)
                status = add_source(c, &k->sources[i]);
    if (isnan(p->patient->partner_age_years)) {
        add_note(
            p, "partner-age", AG_PLAN_FIRST,
            "The chances of a child depend above all on the partner's age: give it.",
            "Las posibilidades de un hijo dependen sobre todo de la edad de la pareja: indíquela.");
        return status;
    }
    for (int order = 0; order < 100 && status == AG_OK; order++)
        for (int m = 0; m < k->method_count; m++)
            for (int s = 0; s < p->plan->source_count && status == AG_OK; s++)
                if (k->methods[m].order == order && c->sources[s].item->offered &&
                    suits(&k->methods[m], c->sources[s].card->id))
                    status = add_child(c, &c->sources[s], &k->methods[m]);
    return status;
}

ag_status ag_plan_make_child(ag_planning *p) {
    conceiving c = {.p = p};
    p->plan->child_notes = ag_arena_array(p->arena, 4, sizeof *p->plan->child_notes);
    p->plan->children = ag_arena_array(p->arena, MOST_ROUTES, sizeof *p->plan->children);
    p->plan->sources =
        ag_arena_array(p->arena, (size_t)p->knowledge->source_count + 1, sizeof *p->plan->sources);
    c.sources = ag_arena_array(p->arena, (size_t)p->knowledge->source_count + 1, sizeof *c.sources);
    if (p->plan->child_notes == NULL || p->plan->children == NULL || p->plan->sources == NULL ||
        c.sources == NULL)
        return ag_plan_no_memory(p);
    if (p->patient->wish != AG_WISH_CHILD) {
        add_note(p, "no-wish", AG_PLAN_WARNING,
                 "Chances of a child are given when the record says that one is wanted.",
                 "Las posibilidades de un hijo se dan cuando consta que se desea.");
        return AG_OK;
    }
    return fill(&c);
}
