/* Which findings could be had, and what they could say: classes of a quantity are cut by the words
 * of its card, or by the middles between the medians of its rows. */
#include "next_tests.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_known(const ag_planning *p, int finding) {
    for (int i = 0; i < p->patient->finding_count; i++)
        if (p->patient->findings[i].finding == finding)
            return true;
    return false;
}

static bool any_known(const ag_planning *p, ag_indices findings) {
    for (int i = 0; i < findings.count; i++)
        if (is_known(p, findings.items[i]))
            return true;
    return false;
}

static int by_number(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* The upper ends of the card's words cut the range into classes. */
static int cuts_of_words(const ag_finding *finding, double *cuts, int most) {
    int count = 0;
    for (int w = 0; w < finding->word_count; w++) {
        double x = finding->words[w].high;
        bool inside = x > finding->range_low && x < finding->range_high;
        for (int i = 0; i < count; i++)
            inside = inside && x != cuts[i];
        if (inside && count < most)
            cuts[count++] = x;
    }
    return count;
}

/* Two digits are enough for where classes meet. */
static double rounded(double x) {
    double unit = pow(10, floor(log10(x)) - 1);
    return round(x / unit) * unit;
}

/* Where the words do not cut, the geometric middles between the medians of the card's rows do. */
static int cuts_of_rows(const ag_variable *variable, double *cuts, int most) {
    double medians[AG_MOST_CLASSES * 2];
    int rows = 0, count = 0;
    for (int r = 0; r < variable->row_count && rows < AG_MOST_CLASSES * 2; r++)
        if (variable->rows[r].measure.family != AG_FAMILY_NONE &&
            variable->rows[r].measure.median.value > 0)
            medians[rows++] = variable->rows[r].measure.median.value;
    qsort(medians, (size_t)rows, sizeof *medians, by_number);
    for (int r = 1; r < rows && count < most; r++)
        if (medians[r] > 1.5 * medians[r - 1])
            cuts[count++] = rounded(sqrt(medians[r] * medians[r - 1]));
    return count;
}

static void add_class(ag_asked *a, double low, double high) {
    if (a->class_count == AG_MOST_CLASSES)
        return;
    a->low[a->class_count] = low;
    a->high[a->class_count++] = high;
}

/* Nothing at all is a class of its own where the card allows it. */
static void classes_of_quantity(const ag_knowledge *knowledge, ag_asked *a) {
    const ag_finding *finding = &knowledge->findings[a->finding];
    const ag_variable *variable = &knowledge->variables[finding->variable];
    double cuts[AG_MOST_CLASSES];
    int count = cuts_of_words(finding, cuts, AG_MOST_CLASSES - 2);
    if (count == 0)
        count = cuts_of_rows(variable, cuts, AG_MOST_CLASSES - 2);
    qsort(cuts, (size_t)count, sizeof *cuts, by_number);
    bool zero = false;
    for (int r = 0; r < variable->row_count; r++)
        zero = zero || variable->rows[r].measure.zero.value > 0;
    double low = finding->range_low;
    if (zero && low <= 0) {
        add_class(a, 0, 0);
        low = DBL_MIN;
    }
    for (int c = 0; c < count; c++) {
        add_class(a, low, cuts[c]);
        low = cuts[c];
    }
    add_class(a, low, INFINITY);
    if (a->high[0] != 0) /* the classes share out all that a value can be */
        a->low[0] = -INFINITY;
}

static int add_observation(ag_testing *t, const ag_asked *a, int sample, double low, double high) {
    int index = t->situation.observation_count++;
    t->observations[index] = (ag_observation){
        .finding = a->finding, .sample = sample, .state = -1, .low = low, .high = high};
    return index;
}

static void add_results(ag_testing *t, ag_asked *a, int sample) {
    const ag_knowledge *knowledge = t->p->knowledge;
    const ag_finding *finding = &knowledge->findings[a->finding];
    if (finding->value == AG_VALUE_QUANTITY) {
        classes_of_quantity(knowledge, a);
        for (int c = 0; c < a->class_count; c++) {
            a->observation[c] = add_observation(t, a, sample, a->low[c], a->high[c]);
            a->state[c] = 1;
        }
        return;
    }
    int observation = add_observation(t, a, sample, 0, 0);
    a->class_count = knowledge->variables[finding->variable].states.count;
    for (int c = 0; c < a->class_count && c < AG_MOST_CLASSES; c++) {
        a->observation[c] = observation;
        a->state[c] = c;
    }
}

static void ask_finding(ag_testing *t, int test, int finding, const int *new_sample) {
    bool known = is_known(t->p, finding);
    if (known && (test < 0 || !t->p->knowledge->tests[test].repeatable))
        return;
    ag_asked *a = &t->asked[t->asked_count++];
    *a = (ag_asked){.test = test, .finding = finding, .repeat = known};
    add_results(t, a, new_sample[t->p->knowledge->findings[finding].sample]);
    t->class_total += a->class_count;
}

static void ask_all(ag_testing *t, const int *new_sample) {
    const ag_knowledge *knowledge = t->p->knowledge;
    for (int i = 0; i < t->test_count; i++) {
        if (t->findings != NULL) {
            ask_finding(t, t->tests == NULL ? -1 : t->tests[i], t->findings[i], new_sample);
            continue;
        }
        const ag_test *test = &knowledge->tests[t->tests[i]];
        if (test->kind == AG_TEST_QUESTION && any_known(t->p, test->findings))
            continue; /* it was answered in other words */
        for (int f = 0; f < test->findings.count; f++)
            ask_finding(t, t->tests[i], test->findings.items[f], new_sample);
    }
}

/* A supervised sample of semen and one of urine, given today after the usual abstinence. */
static bool add_samples(ag_testing *t, int *new_sample) {
    static const double whole[] = {1, 0, 0}, usual[] = {1, 0};
    const ag_situation *base = &t->p->man->situation;
    int count = base->sample_count;
    ag_situation_sample *samples = ag_arena_array(t->arena, (size_t)count + 2, sizeof *samples);
    if (samples == NULL)
        return false;
    for (int i = 0; i < count; i++)
        samples[i] = base->samples[i];
    samples[count] = samples[count + 1] = (ag_situation_sample){AG_EPOCH_TODAY, whole, usual};
    new_sample[AG_SAMPLE_NONE] = -1;
    new_sample[AG_SAMPLE_SEMEN] = count;
    new_sample[AG_SAMPLE_URINE] = count + 1;
    t->situation.samples = samples;
    t->situation.sample_count = count + 2;
    return true;
}

bool ag_testing_ask(ag_testing *t) {
    const ag_knowledge *knowledge = t->p->knowledge;
    const ag_situation *base = &t->p->man->situation;
    size_t most = 0, known = (size_t)base->observation_count;
    int new_sample[3];
    for (int i = 0; i < t->test_count; i++)
        most += t->findings != NULL ? 1 : (size_t)knowledge->tests[t->tests[i]].findings.count;
    t->situation = *base;
    t->observations =
        ag_arena_array(t->arena, known + most * AG_MOST_CLASSES + 1, sizeof *t->observations);
    t->asked = ag_arena_array(t->arena, most + 1, sizeof *t->asked);
    if (t->observations == NULL || t->asked == NULL || !add_samples(t, new_sample))
        return false;
    if (known > 0)
        memcpy(t->observations, base->observations, known * sizeof *t->observations);
    t->situation.observations = t->observations;
    ask_all(t, new_sample);
    size_t cells = (size_t)t->class_total * ((size_t)t->p->candidate_count + 1) + 1;
    t->utility = ag_arena_array(t->arena, cells, sizeof *t->utility);
    t->mechanism =
        ag_arena_array(t->arena, (size_t)knowledge->mechanism_count + 1, sizeof *t->mechanism);
    return t->utility != NULL && t->mechanism != NULL;
}
