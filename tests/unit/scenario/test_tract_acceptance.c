/*
 * What the tract must show, case by case, in bands taken from published figures (the evidence id
 * stands behind each). Single cases are the default man with the typical form of a cause;
 * populations are 1000 virtual men.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/scenario.h"

enum { MEN = 1000, SEED = 2026 };

static ag_scenarios *all;

static int open_rules(void **state) {
    (void)state;
    ag_error error = {0};
    if (ag_scenarios_open(&all, NULL, &error) == AG_OK)
        return 0;
    print_error("%s:%d: %s\n", error.where, error.line, error.message);
    return 1;
}

static int close_rules(void **state) {
    (void)state;
    ag_scenarios_free(all);
    return 0;
}

/* Apply "cause; cause; +treatment" to a man. */
static void change(ag_tract_man *man, const char *what, uint64_t number, int typical) {
    char copy[200];
    strcpy(copy, what);
    for (char *part = copy; part != NULL && *part != '\0';) {
        char *next = strchr(part, ';');
        if (next != NULL)
            *next++ = '\0';
        ag_scenario_kind kind = *part == '+' ? AG_SCENARIO_TREATMENT : AG_SCENARIO_CAUSE;
        ag_scenario_use use;
        ag_error error = {0};
        if (ag_scenario_read(&use, all, kind, part + (*part == '+'), &error) != AG_OK ||
            ag_scenario_apply(&use, man, SEED, number, typical, &error) != AG_OK)
            fail_msg("%s: %s", what, error.message);
        part = next;
    }
}

static ag_tract_outcome run_man(const ag_tract_man *man) {
    ag_tract_outcome out;
    ag_error error = {0};
    if (ag_tract_run(&out, man, 1, NULL, &error) != AG_OK)
        fail_msg("%s", error.message);
    return out;
}

static ag_tract_outcome single(const char *what) {
    ag_tract_man man;
    ag_tract_default(&man);
    change(&man, what, 0, 1);
    return run_man(&man);
}

static ag_tract_outcome *population(const char *what) {
    static ag_tract_man men[MEN];
    ag_tract_outcome *out = malloc(MEN * sizeof *out);
    ag_tract_options options;
    ag_error error = {0};
    ag_tract_defaults(&options);
    options.threads = 2;
    assert_non_null(out);
    for (int i = 0; i < MEN; i++) {
        ag_tract_virtual_man(&men[i], SEED, (uint64_t)i);
        change(&men[i], what, (uint64_t)i, 0);
    }
    if (ag_tract_run(out, men, MEN, &options, &error) != AG_OK)
        fail_msg("%s: %s", error.where, error.message);
    return out;
}

/* Share of all emitted semen that went back. */
static double back(const ag_tract_outcome *o) {
    return o->emitted_ml > 0 ? o->retrograde_ml / o->emitted_ml : 0;
}

/* Share of all emitted sperm that the next void holds. */
static double urine_share(const ag_tract_outcome *o) {
    return o->post_ejaculatory_urine_sperm_million /
           (o->post_ejaculatory_urine_sperm_million + o->antegrade_sperm_million);
}

static double part(const ag_tract_outcome *o, ag_tract_fluid fluid) {
    return o->antegrade_fluid_ml[fluid] / o->antegrade_ml;
}

/* The healthy men, run once. */
static const ag_tract_outcome *healthy(void) {
    static ag_tract_outcome *men;
    if (men == NULL)
        men = population("");
    return men;
}

static void expect(const char *what, double value, double low, double high) {
    print_message("  %-44s %8.3f   %g to %g\n", what, value, low, high);
    if (!(value >= low && value <= high))
        fail_msg("%s is %g, not in %g to %g", what, value, low, high);
}

static void normal_man(void **state) {
    (void)state;
    ag_tract_outcome o = single("");
    /* phys-semen-volume-distribution, phys-semen-fractions */
    expect("antegrade mL", o.antegrade_ml, 2.7, 3.7);
    expect("retrograde mL", o.retrograde_ml, 0, 0);
    expect("share of vesicles", part(&o, AG_TRACT_VESICLE_FLUID), 0.55, 0.70);
    expect("share of prostate", part(&o, AG_TRACT_PROSTATE_FLUID), 0.20, 0.35);
    expect("share of vasa", part(&o, AG_TRACT_VAS_FLUID), 0, 0.0999);
    /* phys-sv-contraction-mri, phys-orgasm-contractions-men, phys-ejaculation-distance */
    expect("vesicle ejection fraction", o.vesicle_ejection_fraction, 0.32, 0.45);
    expect("bursts", o.bursts, 4, 8);
    expect("first burst", o.first_burst, 1, 2);
    expect("spurt m/s", o.peak_speed_m_s, 1.2, 2.5);
    /* phys-bladder-neck-pressure-ejaculation */
    expect("closure peak cmH2O", o.peak_cmh2o[AG_TRACT_P_NECK], 400, 500);
    /* phys-peu-sperm-fertile, phys-peu-urethral-washout */
    expect("share of sperm in urine", urine_share(&o), 0.03, 0.20);
    expect("share of sperm in bladder", o.bladder_sperm_million / o.antegrade_sperm_million, 0,
           0.00499);
}

/* phys-sperm-front-loaded */
static void sperm_come_first(void **state) {
    (void)state;
    enum { ROWS = 1300 };
    static ag_tract_sample rows[ROWS];
    size_t count;
    ag_tract_man man;
    ag_tract_default(&man);
    assert_int_equal(ag_tract_trace(rows, ROWS, &count, NULL, &man, 0.02, NULL, NULL), AG_OK);
    const double *end = rows[count - 1].state + AG_TRACT_OUTSIDE;
    double whole = end[0] + end[1] + end[2] + end[3] + end[4];
    size_t i = 0;
    for (; i < count; i++) {
        const double *out = rows[i].state + AG_TRACT_OUTSIDE;
        if (out[0] + out[1] + out[2] + out[3] + out[4] >= 0.45 * whole)
            break;
    }
    expect("sperm in the first 45 % of volume",
           rows[i].state[AG_TRACT_OUTSIDE + AG_TRACT_FLUIDS] / end[AG_TRACT_FLUIDS], 0.60, 1);
}

/* phys-tuip-ejaculation, phys-turp-ejd */
static void weaker_necks_leak_more(void **state) {
    (void)state;
    const double strengths[] = {1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0.02, 0};
    double last = 0;
    for (size_t i = 0; i < sizeof strengths / sizeof strengths[0]; i++) {
        ag_tract_man man;
        ag_tract_default(&man);
        man.value[AG_TRACT_NECK_STRENGTH] = man.value[AG_TRACT_VERU_STRENGTH] = strengths[i];
        ag_tract_outcome o = run_man(&man);
        print_message("  strength %.2f\n", strengths[i]);
        expect("share gone back", back(&o), last, strengths[i] >= 0.25 ? 0.05 : 1);
        last = back(&o);
        if (strengths[i] == 0.1)
            expect("share gone back at 0.1", last, 0.1, 0.3);
    }
    expect("share gone back at 0", last, 0.7000001, 1);
}

static void blocked_receptors(void **state) {
    (void)state;
    ag_tract_outcome normal = single(""), o = single("silodosin=8mg");
    /* pharm-silodosin-8-kobayashi, pharm-silodosin-8-uzun */
    expect("silodosin mL", o.antegrade_ml, 0, 0.0999);
    expect("silodosin sperm forward", o.antegrade_sperm_million, 0, 0);
    expect("silodosin sperm in urine", o.post_ejaculatory_urine_sperm_million, 0, 0);
    /* pharm-tamsulosin-08-hellstrom */
    o = single("alfuzosin=10mg");
    expect("alfuzosin, of normal", o.antegrade_ml / normal.antegrade_ml, 0.95, 1.05);
    /* pharm-silodosin-8-kobayashi: back three days after stopping */
    o = single("silodosin=8mg,stopped=3 days");
    expect("silodosin stopped 3 days, of normal", o.antegrade_ml / normal.antegrade_ml, 0.8, 1);
}

static void blocked_ducts(void **state) {
    (void)state;
    ag_tract_outcome normal = single(""), o = single("ejaculatory-duct-obstruction");
    /* phys-edo-imaging-limits */
    expect("both blocked mL", o.antegrade_ml, 0.4, 1.2);
    expect("both blocked sperm", o.antegrade_sperm_million, 0, 0);
    expect("both blocked vesicle fluid", o.antegrade_fluid_ml[AG_TRACT_VESICLE_FLUID], 0, 0);
    expect("both blocked vesicle cmH2O", o.peak_cmh2o[AG_TRACT_P_VESICLE_LEFT], 90.0001, 400);
    o = single("absent-vasa"); /* phys-cbavd-volume */
    expect("absent vasa mL", o.antegrade_ml, 0.4, 1.2);
    expect("absent vasa sperm", o.antegrade_sperm_million, 0, 0);
    o = single("one-sided-duct-obstruction"); /* phys-ipsilateral-emission */
    expect("one blocked, volume of normal", o.antegrade_ml / normal.antegrade_ml, 0.50, 0.75);
    expect("one blocked, sperm of normal",
           o.antegrade_sperm_million / normal.antegrade_sperm_million, 0.40, 0.60);
    o = single("ejaculatory-duct-obstruction=0.3"); /* phys-sv-ejection-fraction-cutoff */
    expect("narrow mL", o.antegrade_ml, 0, 1.4999);
    expect("narrow sperm", o.antegrade_sperm_million, 1e-9, 1e9);
    expect("narrow vesicle ejection fraction", o.vesicle_ejection_fraction, 0, 0.2159);
}

static void glands_and_nerves(void **state) {
    (void)state;
    ag_tract_outcome normal = single(""), o = single("5-alpha-reductase-inhibitor");
    /* pharm-5ari-volume */
    expect("5-ARI volume change", o.antegrade_ml / normal.antegrade_ml - 1, -0.30, -0.15);
    o = single("rplnd-bilateral"); /* phys-rplnd-bilateral-dry */
    expect("both chains cut mL", o.antegrade_ml, 0, 0.1499);
    expect("both chains cut sperm forward", o.antegrade_sperm_million, 0, 0);
    expect("both chains cut sperm in urine", o.post_ejaculatory_urine_sperm_million, 0, 0);
    o = single("rplnd-unilateral");
    expect("one chain cut, of normal", o.antegrade_ml / normal.antegrade_ml, 0.5000001, 1);
}

/* pharm-pseudoephedrine-shoshany; useless where the muscle is gone */
static void sympathomimetic(void **state) {
    (void)state;
    ag_tract_outcome before = single("neuropathy=0.7");
    ag_tract_outcome after = single("neuropathy=0.7;+pseudoephedrine");
    expect("neuropathy, bladder sperm left",
           after.bladder_sperm_million / before.bladder_sperm_million, 0, 0.40);
    expect("neuropathy, forward sperm gained",
           after.antegrade_sperm_million - before.antegrade_sperm_million, 1e-9, 1e9);
    ag_tract_man man;
    ag_tract_default(&man);
    man.value[AG_TRACT_NECK_STRENGTH] = man.value[AG_TRACT_VERU_STRENGTH] = 0;
    before = run_man(&man);
    change(&man, "+pseudoephedrine", 0, 1);
    after = run_man(&man);
    expect("no neck, share gone back", back(&before), 0.7000001, 1);
    expect("no neck, change by the drug", fabs(back(&after) - back(&before)), 0, 0.0499);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void healthy_population(void **state) {
    (void)state;
    static double volume[MEN], sperm[MEN];
    const ag_tract_outcome *men = healthy();
    for (int i = 0; i < MEN; i++) {
        volume[i] = men[i].antegrade_ml;
        sperm[i] = men[i].antegrade_sperm_million;
    }
    qsort(volume, MEN, sizeof *volume, ascending);
    qsort(sperm, MEN, sizeof *sperm, ascending);
    /* phys-semen-volume-distribution */
    expect("volume, 5th centile", volume[MEN / 20], 1.4 * 0.8, 1.4 * 1.2);
    expect("volume, median", volume[MEN / 2], 3.0 * 0.8, 3.0 * 1.2);
    expect("volume, 95th centile", volume[MEN * 19 / 20], 6.2 * 0.8, 6.2 * 1.2);
    /* phys-total-sperm-distribution */
    expect("sperm, 5th centile", sperm[MEN / 20], 39 * 0.8, 39 * 1.2);
    expect("sperm, median", sperm[MEN / 2], 210 * 0.8, 210 * 1.2);
    expect("sperm, 95th centile", sperm[MEN * 19 / 20], 701 * 0.75, 701 * 1.25);
}

/* Shares of a population: mean volume over the same men before, dry, mostly backward, a fifth less
 * volume. */
typedef struct shares {
    double volume, dry, backward, fallen;
} shares;

static shares compare(const ag_tract_outcome *before, const char *what) {
    ag_tract_outcome *after = population(what);
    shares s = {0};
    double sum = 0;
    for (int i = 0; i < MEN; i++) {
        sum += before[i].antegrade_ml;
        s.volume += after[i].antegrade_ml;
        s.dry += after[i].antegrade_ml < 0.2;
        s.backward += back(&after[i]) > 0.5;
        s.fallen += after[i].antegrade_ml < 0.8 * before[i].antegrade_ml;
    }
    free(after);
    return (shares){s.volume / sum, s.dry / MEN, s.backward / MEN, s.fallen / MEN};
}

static void treated_populations(void **state) {
    (void)state;
    const ag_tract_outcome *before = healthy();
    shares s = compare(before, "tamsulosin=0.4mg"); /* pharm-tamsulosin-volume-hisasue */
    expect("tamsulosin 0.4, mean volume", s.volume, 0.42, 0.70);
    expect("tamsulosin 0.4, mostly backward", s.backward, 0, 0);
    s = compare(before, "tamsulosin=0.8mg"); /* pharm-tamsulosin-08-hellstrom */
    expect("tamsulosin 0.8, dry", s.dry, 0.25, 0.45);
    expect("tamsulosin 0.8, a fifth less", s.fallen, 0.8000001, 1);
    s = compare(before, "silodosin=8mg"); /* pharm-silodosin-8-kobayashi, pharm-silodosin-8-uzun */
    expect("silodosin 8, dry", s.dry, 0.80, 1);
    s = compare(before, "turp"); /* phys-turp-ejd */
    expect("resection, mostly backward", s.backward, 0.50, 0.80);
    s = compare(before, "bladder-neck-incision"); /* phys-tuip-ejaculation: 3 and 14 of 61 */
    expect("neck incision, mostly backward", s.backward, 0.01, 0.12);
    expect("neck incision, a fifth less", s.fallen, 0.10, 0.35);
    s = compare(before, "tuip"); /* tuip-retrograde-ejaculation-review-range */
    expect("incision through the prostate, mostly backward", s.backward, 0.21, 0.35);
}

/* diabetes-retrograde-ejaculation-fedder: 9 of 26 against 0 of 16; nobody is at exactly no risk. */
static void diabetic_population(void **state) {
    (void)state;
    const ag_tract_outcome *before = healthy();
    ag_tract_outcome *after = population("diabetes=15years");
    double backward = 0, volume = 0;
    for (int i = 0; i < MEN; i++) {
        backward += after[i].bladder_sperm_million > 1;
        volume += (after[i].antegrade_ml - before[i].antegrade_ml) / MEN;
    }
    /* 95 % interval of 9 of 26; diabetes-semen-volume-meta-analysis */
    expect("diabetes 15 years, sperm in the bladder", backward / MEN, 0.17, 0.56);
    expect("diabetes 15 years, mL", volume, -0.63, -0.27);
    free(after);
    ag_tract_man man, whole;
    ag_tract_default(&whole);
    man = whole;
    change(&man, "diabetes=0years", 0, 1);
    assert_true(man.value[AG_TRACT_NERVE_NECK] < whole.value[AG_TRACT_NERVE_NECK]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_man),
        cmocka_unit_test(sperm_come_first),
        cmocka_unit_test(weaker_necks_leak_more),
        cmocka_unit_test(blocked_receptors),
        cmocka_unit_test(blocked_ducts),
        cmocka_unit_test(glands_and_nerves),
        cmocka_unit_test(sympathomimetic),
        cmocka_unit_test(healthy_population),
        cmocka_unit_test(treated_populations),
        cmocka_unit_test(diabetic_population),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
