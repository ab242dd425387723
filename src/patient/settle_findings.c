/* Findings and samples: dates that cannot be, repeats, what another finding says better. */
#include "settling.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

enum { SAMPLES_USED = 3 };

/* ---- dates that cannot be ---- */

static ag_days finding_date(const ag_settling *s, const ag_finding_fact *fact) {
    return fact->sample >= 0 ? s->patient->samples[fact->sample].date : fact->date;
}

static void check_date(ag_settling *s, int i) {
    ag_finding_fact *fact = &s->patient->findings[i];
    ag_days date = finding_date(s, fact);
    if (date.first != INT_MIN && date.first > s->patient->as_of) {
        ag_settling_drop_finding(s, i, "it lies after the day of the assessment");
    } else if (ag_settling_before_birth(s, date)) {
        ag_settling_note_before_birth(s, fact->text, fact->where, date);
        fact->date = AG_DAYS_UNKNOWN;
        if (fact->sample >= 0)
            s->patient->samples[fact->sample].date = AG_DAYS_UNKNOWN;
    }
}

void ag_settling_finding_dates(ag_settling *s) {
    for (int i = 0; i < s->patient->finding_count; i++)
        check_date(s, i);
}

/* ---- findings ---- */

/* By sample, finding, then latest first. */
static int compare_findings(const void *left, const void *right) {
    const ag_finding_fact *a = left, *b = right;
    if (a->sample != b->sample)
        return a->sample < b->sample ? -1 : 1;
    if (a->finding != b->finding)
        return a->finding - b->finding;
    int days = ag_days_order(b->date, a->date);
    if (days != 0)
        return days;
    if (a->state != b->state)
        return b->state - a->state;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return ag_text_order(a->where, b->where);
}

static bool same_value(const ag_finding_fact *a, const ag_finding_fact *b) {
    return a->state == b->state && (a->state >= 0 || (a->low == b->low && a->high == b->high));
}

/* Of one finding in one place, the latest value counts. */
static void settle_repeats(ag_settling *s) {
    ag_patient *patient = s->patient;
    int kept = -1;
    for (int i = 0; i < patient->finding_count; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        if (s->drop_finding[i])
            continue;
        const ag_finding_fact *latest = kept >= 0 ? &patient->findings[kept] : NULL;
        if (latest == NULL || latest->finding != fact->finding || latest->sample != fact->sample) {
            kept = i;
        } else if (ag_days_order(latest->date, fact->date) != 0) {
            ag_settling_drop_finding(s, i, "a later value of the same finding is used");
        } else if (same_value(latest, fact)) {
            ag_settling_drop_finding(s, i, NULL);
        } else {
            char sentence[512];
            snprintf(
                sentence, sizeof sentence,
                ag_say(s->patient->language,
                       "\"%.150s\" (%.60s) and \"%.150s\" (%.60s) contradict each other; the first "
                       "counts"),
                ag_settling_text(latest->text), ag_settling_text(latest->where),
                ag_settling_text(fact->text), ag_settling_text(fact->where));
            ag_settling_contradict(s, sentence);
            ag_settling_drop_finding(s, i, "another entry of the same day says otherwise");
        }
    }
}

/* Said of no sample, or of one without a date: "azoospermia" on a list of problems or complaints.
 */
static bool of_no_certain_sample(const ag_patient *patient, const ag_finding_fact *fact) {
    if (fact->sample < 0)
        return patient->knowledge->findings[fact->finding].sample != AG_SAMPLE_NONE;
    return ag_days_unknown(patient->samples[fact->sample].date);
}

/* A coarser finding of a later day says something new; one of no certain sample is most likely said
 * of the one that was measured. */
static bool makes_redundant(const ag_patient *patient, const ag_finding_fact *fine,
                            const ag_finding_fact *coarse) {
    if (!ag_indices_have(patient->knowledge->findings[fine->finding].coarser, coarse->finding))
        return false;
    if (fine->sample >= 0 && of_no_certain_sample(patient, coarse))
        return true;
    bool later = coarse->date.first != INT_MIN && fine->date.last != INT_MAX &&
                 coarse->date.first > fine->date.last;
    return coarse->sample == fine->sample && !later;
}

/* The assessment rests on the finer finding; for the chances of a child the coarser counts too. */
static bool counts_sperm(const ag_knowledge *knowledge, int finding) {
    for (int i = 0; i < knowledge->source_count; i++)
        for (int m = 0; m < knowledge->sources[i].measured_count; m++) {
            ag_indices product = knowledge->sources[i].measured[m].product;
            if (product.count == 1 && product.items[0] == finding)
                return true;
        }
    return false;
}

static void drop_coarser(ag_settling *s, int i, const ag_finding_fact *fine) {
    const ag_finding_fact *fact = &s->patient->findings[i];
    bool counts =
        fact->sample == fine->sample && counts_sperm(s->patient->knowledge, fact->finding);
    if (counts)
        s->patient->coarser[s->patient->coarser_count++] = *fact;
    bool used = counts && s->patient->wish == AG_WISH_CHILD;
    ag_settling_drop_finding(s, i,
                             used ? NULL : "a more exact finding of the same time is used instead");
}

/* A plain no says nothing finer. */
static void settle_coarser(ag_settling *s, int fine) {
    ag_patient *patient = s->patient;
    const ag_finding_fact *fact = &patient->findings[fine];
    if (patient->knowledge->findings[fact->finding].value == AG_VALUE_YES_NO && fact->state == 0)
        return;
    for (int i = 0; i < patient->finding_count; i++)
        if (i != fine && !s->drop_finding[i] &&
            makes_redundant(patient, fact, &patient->findings[i]))
            drop_coarser(s, i, fact);
}

/* ---- samples ---- */

typedef struct ranked {
    ag_sample_kind kind;
    ag_days date;
    int sample;
} ranked;

/* By kind, then latest first; of one day the first in the record first. */
static int compare_ranked(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int days = ag_days_order(b->date, a->date);
    return days != 0 ? days : a->sample - b->sample;
}

/* The samples that have findings, in order. */
static int rank_samples(const ag_settling *s, ranked *order, bool *used) {
    const ag_patient *patient = s->patient;
    int count = 0;
    for (int i = 0; i < patient->finding_count; i++)
        if (!s->drop_finding[i] && patient->findings[i].sample >= 0)
            used[patient->findings[i].sample] = true;
    for (int i = 0; i < patient->sample_count; i++)
        if (used[i])
            order[count++] = (ranked){patient->samples[i].kind, patient->samples[i].date, i};
    if (count > 1)
        qsort(order, (size_t)count, sizeof *order, compare_ranked);
    return count;
}

static void settle_coarser_samples(ag_patient *patient, const int *place) {
    int kept = 0;
    for (int i = 0; i < patient->coarser_count; i++) {
        ag_finding_fact fact = patient->coarser[i];
        fact.sample = fact.sample < 0 ? -1 : place[fact.sample];
        if (fact.sample >= 0 || patient->coarser[i].sample < 0)
            patient->coarser[kept++] = fact;
    }
    patient->coarser_count = kept;
}

/* Only the three latest of each kind stay; they are numbered anew, by kind and latest first. */
static void settle_samples(ag_settling *s) {
    ag_patient *patient = s->patient;
    size_t size = (size_t)patient->sample_count + 1;
    ranked *order = ag_arena_array(patient->arena, size, sizeof *order);
    bool *used = ag_arena_array(patient->arena, size, sizeof *used);
    int *place = ag_arena_array(patient->arena, size, sizeof *place);
    ag_sample *kept = ag_arena_array(patient->arena, size, sizeof *kept);
    if (order == NULL || used == NULL || place == NULL || kept == NULL) {
        s->status = AG_ERROR_MEMORY;
        return;
    }
    int count = rank_samples(s, order, used), stay = 0, of_kind = 0;
    for (int i = 0; i < count; i++) {
        of_kind = i > 0 && order[i].kind == order[i - 1].kind ? of_kind + 1 : 0;
        place[order[i].sample] = of_kind < SAMPLES_USED ? stay : -1;
        if (of_kind < SAMPLES_USED)
            kept[stay++] = patient->samples[order[i].sample];
    }
    for (int i = 0; i < patient->finding_count; i++) {
        ag_finding_fact *fact = &patient->findings[i];
        if (s->drop_finding[i] || fact->sample < 0)
            continue;
        if (place[fact->sample] < 0)
            ag_settling_drop_finding(s, i, "only the three latest samples are used");
        else
            fact->sample = place[fact->sample];
    }
    settle_coarser_samples(patient, place);
    patient->samples = kept;
    patient->sample_count = stay;
}

/* ---- all of them ---- */

void ag_settling_sort_findings(ag_patient *patient) {
    if (patient->finding_count > 1)
        qsort(patient->findings, (size_t)patient->finding_count, sizeof *patient->findings,
              compare_findings);
}

void ag_settling_findings(ag_settling *s) {
    settle_repeats(s);
    for (int i = 0; i < s->patient->finding_count; i++)
        if (!s->drop_finding[i])
            settle_coarser(s, i);
    settle_samples(s);
}
