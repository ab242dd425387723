/*
 * Treatments in the tract and on their cards agree in direction. A card says in whom a treatment
 * restores a function and in how many; the tract says what the same treatment does to the forward
 * volume of such men. What a card promises must raise the volume, what it denies must not, and
 * nothing may lower it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "antegrade/scenario.h"
#include "knowledge.h"

enum { MEN = 80, SEED = 77 };

static const double PROMISED = 0.25; /* a card that restores more men than this promises */
static const double DENIED = 0.1;    /* fewer: denies */

/* A response of a treatment's card, and a cause in the tract that makes such men. */
typedef struct claim {
    const char *treatment; /* of knowledge/tract */
    const char *card, *response;
    const char *men;
} claim;

static const claim claims[] = {
    {"pseudoephedrine", "pseudoephedrine", "neck-after-nerve-surgery", "rplnd-mesenteric-root"},
    {"pseudoephedrine", "pseudoephedrine", "emission-after-nerve-surgery", "rplnd-bilateral"},
    {"pseudoephedrine", "pseudoephedrine", "neck-after-prostate-surgery", "turp"},
    {"pseudoephedrine", "pseudoephedrine", "neck-open", "neuropathy=0.85"},
    {"pseudoephedrine", "pseudoephedrine", "neck-weak", "neuropathy=0.75"},
    {"pseudoephedrine", "pseudoephedrine", "emission", "spinal-injury-t10-l2"},
    {"imipramine", "imipramine-before-fertile-days", "neck-after-prostate-surgery", "turp"},
    {"imipramine", "imipramine-before-fertile-days", "emission-after-nerve-surgery",
     "rplnd-bilateral"},
    {"imipramine", "imipramine-before-fertile-days", "neck-after-nerve-surgery",
     "rplnd-mesenteric-root"},
    {"imipramine", "imipramine-before-fertile-days", "neck", "neuropathy=0.8"},
    {"amoxapine", "amoxapine", "neck-after-prostate-surgery", "turp"},
    {"amoxapine", "amoxapine", "neck", "neuropathy=0.8"},
    {"midodrine", "midodrine", "emission-after-nerve-surgery", "rplnd-bilateral"},
    {"midodrine", "midodrine", "emission", "spinal-injury-t10-l2"},
    {"midodrine", "midodrine", "neck", "neuropathy=0.8"},
    {"bulking-injection", "bladder-neck-bulking", "neck", "turp"},
    {"duct-resection", "duct-resection", "blocked-by-cyst", "ejaculatory-duct-obstruction"},
    {"duct-resection", "duct-resection", "blocked", "ejaculatory-duct-obstruction"},
    {"duct-resection", "duct-resection", "partial-by-cyst", "one-sided-duct-obstruction"},
    {"duct-resection", "duct-resection", "partial", "one-sided-duct-obstruction"},
    {"urethrotomy", "stricture-treatment", "urethra", "urethral-stricture"},
    {"penile-vibration", "penile-vibration", "cord-high", "spinal-injury-complete"},
    {"penile-vibration", "penile-vibration", "cord-low", "spinal-injury-incomplete"},
    {"penile-vibration", "penile-vibration", "cord-conus", "conus-or-cauda-injury"},
};
enum { CLAIMS = sizeof claims / sizeof claims[0] };

typedef struct fixture {
    ag_scenarios *rules;
    ag_knowledge *knowledge;
} fixture;

static int open_all(void **state) {
    static fixture f;
    ag_error error = {0};
    *state = &f;
    return ag_scenarios_open(&f.rules, NULL, &error) != AG_OK ||
           ag_knowledge_load(&f.knowledge, AG_SOURCE_DIR "/knowledge", NULL, &error) != AG_OK;
}

static int close_all(void **state) {
    fixture *f = *state;
    ag_scenarios_free(f->rules);
    ag_knowledge_free(f->knowledge);
    return 0;
}

static void change(const fixture *f, ag_tract_man *men, ag_scenario_kind kind, const char *text) {
    ag_scenario_use use;
    ag_error error = {0};
    if (ag_scenario_read(&use, f->rules, kind, text, &error) != AG_OK)
        fail_msg("%s: %s", text, error.message);
    for (uint64_t i = 0; i < MEN; i++)
        assert_int_equal(ag_scenario_apply(&use, &men[i], SEED, i, 0, NULL), AG_OK);
}

static void forward_ml(double *out, const ag_tract_man *men) {
    static ag_tract_outcome outcomes[MEN];
    assert_int_equal(ag_tract_run(outcomes, men, MEN, NULL, NULL), AG_OK);
    for (int i = 0; i < MEN; i++)
        out[i] = outcomes[i].antegrade_ml;
}

/* Mean gain of forward volume by the treatment, in mL, and its standard error. */
static double gain_of(const fixture *f, const claim *c, double *error_ml) {
    static ag_tract_man men[MEN];
    double before[MEN], after[MEN], mean = 0, squares = 0;
    for (uint64_t i = 0; i < MEN; i++)
        ag_tract_virtual_man(&men[i], SEED, i);
    change(f, men, AG_SCENARIO_CAUSE, c->men);
    forward_ml(before, men);
    change(f, men, AG_SCENARIO_TREATMENT, c->treatment);
    forward_ml(after, men);
    for (int i = 0; i < MEN; i++)
        mean += (after[i] - before[i]) / MEN;
    for (int i = 0; i < MEN; i++)
        squares += pow(after[i] - before[i] - mean, 2);
    *error_ml = sqrt(squares / (MEN - 1.0) / MEN);
    return mean;
}

static const ag_treatment *card_of(const fixture *f, const char *id) {
    int index = ag_knowledge_treatment(f->knowledge, id);
    if (index < 0)
        fail_msg("no card %s", id);
    return &f->knowledge->treatments[index];
}

static const ag_response *response_in(const ag_response *responses, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (strcmp(responses[i].id, id) == 0)
            return &responses[i];
    return NULL;
}

/* Share of such men in whom the card says that it works. */
static double claimed(const fixture *f, const claim *c) {
    const ag_treatment *t = card_of(f, c->card);
    const ag_response *r = response_in(t->responses, t->response_count, c->response);
    if (r == NULL)
        r = response_in(t->yields, t->yield_count, c->response);
    if (r == NULL)
        fail_msg("%s has no response %s", c->card, c->response);
    double mean = 0;
    for (int draw = 0; draw < AG_DRAWS; draw++)
        mean += ag_parameter_draw(&r->p, draw) / AG_DRAWS;
    return mean;
}

/* What 5 % of a healthy man's volume comes to: less is no effect that anyone would see. */
static const double SEEN_ML = 0.15;

static void tract_and_cards_agree(void **state) {
    const fixture *f = *state;
    int disagreements = 0;
    for (int i = 0; i < CLAIMS; i++) {
        const claim *c = &claims[i];
        double error_ml, gain = gain_of(f, c, &error_ml), share = claimed(f, c);
        const char *wrong = "";
        if (gain < -2 * error_ml)
            wrong = "lowers the volume";
        else if (share > PROMISED && !(gain > SEEN_ML && gain > 2 * error_ml))
            wrong = "promised, but no gain";
        else if (share < DENIED && gain > SEEN_ML)
            wrong = "denied, but a gain";
        print_message("  %-18s %-28s %-30s card %.2f, tract %+.2f mL (%.2f) %s\n", c->treatment,
                      c->response, c->men, share, gain, error_ml, wrong);
        disagreements += wrong[0] != '\0';
    }
    assert_int_equal(disagreements, 0);
}

static int has_claim(const char *treatment, const char *card, const char *response) {
    for (int i = 0; i < CLAIMS; i++)
        if ((treatment == NULL || strcmp(claims[i].treatment, treatment) == 0) &&
            (card == NULL || strcmp(claims[i].card, card) == 0) &&
            (response == NULL || strcmp(claims[i].response, response) == 0))
            return 1;
    return 0;
}

/* Every treatment of the tract is compared, in every response of its card. */
static void none_is_left_out(void **state) {
    const fixture *f = *state;
    for (size_t i = 0; i < ag_scenarios_count(f->rules); i++) {
        const ag_scenario *s = ag_scenarios_at(f->rules, i);
        if (s->kind == AG_SCENARIO_TREATMENT && !has_claim(s->name, NULL, NULL))
            fail_msg("treatment %s of the tract is compared with no card", s->name);
    }
    for (int i = 0; i < CLAIMS; i++) {
        const ag_treatment *t = card_of(f, claims[i].card);
        for (int r = 0; r < t->response_count; r++)
            if (!has_claim(NULL, claims[i].card, t->responses[r].id))
                fail_msg("%s: response %s is not compared", claims[i].card, t->responses[r].id);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tract_and_cards_agree),
        cmocka_unit_test(none_is_left_out),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
