/*
 * The last step of reading a patient: facts that cannot be, that say the same twice, or that say
 * opposite things are settled here, once for all readers. What is taken out is listed in `unused`
 * or told as a contradiction; nothing vanishes. The rules stand in docs/case-file.md.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patient.h"
#include "text.h"
#include "values.h"

/* An episode of a medicine that begins within so many days of the end of another continues it: a
 * renewed prescription. Where only the beginning of the earlier one is known, a year's supply and
 * some delay are allowed for. */
enum {
    RENEWAL_DAYS = 31,
    RENEWAL_DAYS_UNKNOWN_END = 400,
    YEAR_DAYS = 366,
    SAMPLES_USED = 3,
    PLANNED_USED = 12
};

/* Facts of one card that are dropped for one reason: long series of tests are told in one line. */
typedef struct tally {
    bool of_finding;
    int card;
    const char *why;
    const char *text, *where; /* of the first */
    int count;
    struct tally *next;
} tally;

typedef struct settle {
    ag_patient *patient;
    bool *drop_cause;
    bool *drop_finding;
    tally *tallies, **last_tally;
    ag_status status;
} settle;

static const char *text_of(const char *text) {
    return text != NULL && *text != '\0' ? text : "an entry";
}

static void count_dropped(settle *s, tally one) {
    for (tally *t = s->tallies; t != NULL; t = t->next)
        if (t->of_finding == one.of_finding && t->card == one.card && t->why == one.why) {
            t->count++;
            return;
        }
    tally *added = ag_arena_alloc(s->patient->arena, sizeof *added);
    if (added == NULL) {
        s->status = AG_ERROR_MEMORY;
        return;
    }
    *added = one;
    added->count = 1;
    *s->last_tally = added;
    s->last_tally = &added->next;
}

/* `why` NULL: it says nothing that is not said elsewhere. */
static void drop_cause(settle *s, int i, const char *why) {
    const ag_cause_fact *fact = &s->patient->causes[i];
    s->drop_cause[i] = true;
    if (why != NULL)
        count_dropped(s, (tally){false, fact->cause, why, fact->text, fact->where, 0, NULL});
}

static void drop_finding(settle *s, int i, const char *why) {
    const ag_finding_fact *fact = &s->patient->findings[i];
    s->drop_finding[i] = true;
    if (why != NULL)
        count_dropped(s, (tally){true, fact->finding, why, fact->text, fact->where, 0, NULL});
}

static void list_dropped(settle *s) {
    for (const tally *t = s->tallies; t != NULL; t = t->next) {
        char text[300];
        if (t->count > 1)
            snprintf(text, sizeof text, ag_say(s->patient->language, "%.200s and %d more"),
                     text_of(t->text), t->count - 1);
        else
            snprintf(text, sizeof text, "%.200s", text_of(t->text));
        ag_unused entry = {.text = text, .where = t->where, .why = t->why};
        if (ag_patient_add_unused(s->patient, &entry) != AG_OK)
            s->status = AG_ERROR_MEMORY;
    }
}

static void contradict(settle *s, const char *sentence) {
    ag_status status = ag_patient_add_contradiction(s->patient, "%s", sentence);
    if (status != AG_OK)
        s->status = status;
}

/* ---- dates that cannot be ---- */

static bool before_birth(const settle *s, ag_days days) {
    return s->patient->birth.first != INT_MIN && days.last < s->patient->birth.first;
}

static void note_before_birth(settle *s, const char *text, const char *where, ag_days days) {
    char sentence[512], date[AG_DATE_TEXT];
    snprintf(
        sentence, sizeof sentence,
        ag_say(s->patient->language,
               "\"%.200s\" (%.80s) is dated %s, before he was born; the date is taken as unknown"),
        text_of(text), text_of(where), ag_days_write(days, date));
    contradict(s, sentence);
}

static bool is_after(const settle *s, ag_days days) {
    return days.first != INT_MIN && days.first > s->patient->as_of;
}

/* What was planned for a day that has passed may have been done: the list does not say. */
static void doubt_list(ag_patient *patient, ag_cause_kind kind) {
    if (kind == AG_CAUSE_MEDICINE)
        patient->medicines_complete = false;
    else if (kind == AG_CAUSE_OPERATION)
        patient->operations_complete = false;
}

/* What is to come does not act yet: it leaves the causes. */
static void settle_planned(settle *s, int i) {
    ag_cause_fact *fact = &s->patient->causes[i];
    ag_cause_kind kind = s->patient->knowledge->causes[fact->cause].kind;
    if (!fact->present) {
        drop_cause(s, i, "it says only what is not planned");
    } else if (kind != AG_CAUSE_MEDICINE && kind != AG_CAUSE_OPERATION) {
        drop_cause(s, i,
                   is_after(s, fact->start)
                       ? "it lies after the day of the assessment"
                       : AG_SAID("only operations and medicines can be planned"));
    } else if (fact->start.last < s->patient->as_of) {
        drop_cause(s, i,
                   "the day it was planned for has passed; if it was done, write it without "
                   "\"planned\"");
        doubt_list(s->patient, kind);
    } else {
        s->drop_cause[i] = true;
        fact->planned = true;
        fact->ended = false;
        if (ag_patient_add_planned(s->patient, fact) != AG_OK)
            s->status = AG_ERROR_MEMORY;
    }
}

static void check_cause_dates(settle *s, int i) {
    ag_cause_fact *fact = &s->patient->causes[i];
    char sentence[512];
    if (fact->planned || is_after(s, fact->start)) {
        settle_planned(s, i);
        return;
    }
    if (before_birth(s, fact->start)) {
        note_before_birth(s, fact->text, fact->where, fact->start);
        fact->start = AG_DAYS_UNKNOWN;
    }
    if (fact->ended && fact->end.first != INT_MIN && fact->end.first > s->patient->as_of)
        fact->ended = false;
    if (fact->ended && fact->start.first != INT_MIN && fact->end.last < fact->start.first) {
        snprintf(sentence, sizeof sentence,
                 ag_say(s->patient->language,
                        "\"%.200s\" (%.80s) ends before it starts; its start is taken as unknown"),
                 text_of(fact->text), text_of(fact->where));
        contradict(s, sentence);
        fact->start = (ag_days){INT_MIN, fact->end.last};
    }
}

static ag_days finding_date(const settle *s, const ag_finding_fact *fact) {
    return fact->sample >= 0 ? s->patient->samples[fact->sample].date : fact->date;
}

static void check_finding_date(settle *s, int i) {
    ag_finding_fact *fact = &s->patient->findings[i];
    ag_days date = finding_date(s, fact);
    if (date.first != INT_MIN && date.first > s->patient->as_of) {
        drop_finding(s, i, "it lies after the day of the assessment");
    } else if (before_birth(s, date)) {
        note_before_birth(s, fact->text, fact->where, date);
        fact->date = AG_DAYS_UNKNOWN;
        if (fact->sample >= 0)
            s->patient->samples[fact->sample].date = AG_DAYS_UNKNOWN;
    }
}

/* ---- causes ---- */

static int compare_days(ag_days a, ag_days b) {
    if (a.first != b.first)
        return a.first < b.first ? -1 : 1;
    return (a.last > b.last) - (a.last < b.last);
}

/* By what is said before where it stands: places are names, and must not matter. */
static int compare_causes(const void *left, const void *right) {
    const ag_cause_fact *a = left, *b = right;
    if (a->cause != b->cause)
        return a->cause - b->cause;
    if (a->present != b->present)
        return b->present - a->present;
    int days = compare_days(a->start, b->start);
    if (days != 0)
        return days;
    if (a->ended != b->ended)
        return b->ended - a->ended;
    int order = a->ended ? compare_days(a->end, b->end) : 0;
    if (order == 0)
        order = ag_attributes_order(a->attributes, a->attribute_count, b->attributes,
                                    b->attribute_count);
    if (order == 0)
        order = ag_text_order(a->text, b->text);
    return order != 0 ? order : ag_text_order(a->where, b->where);
}

/* Whether `b`, which does not begin before `a`, is the same episode. */
static bool continues(const settle *s, const ag_cause_fact *a, const ag_cause_fact *b) {
    bool unknown = ag_days_unknown(a->start) || ag_days_unknown(b->start);
    if (!a->present)
        return true;
    if (s->patient->knowledge->causes[a->cause].kind == AG_CAUSE_OPERATION)
        return unknown || b->start.first <= a->start.last;
    if (!a->ended || b->start.first == INT_MIN)
        return true;
    if (a->end.first == INT_MIN || a->end.last - a->end.first <= YEAR_DAYS)
        return b->start.first <= (long long)a->end.last + RENEWAL_DAYS;
    return unknown || b->start.first <= a->end.first + RENEWAL_DAYS_UNKNOWN_END;
}

static bool same_attribute(const ag_recorded_attribute *a, const ag_recorded_attribute *b) {
    if (a->word != NULL || b->word != NULL)
        return a->word != NULL && b->word != NULL && strcmp(a->word, b->word) == 0;
    return a->number == b->number;
}

/* The attributes of both; of two different values the later fact's counts. */
static void merge_attributes(settle *s, ag_cause_fact *into, const ag_cause_fact *later) {
    int most = into->attribute_count + later->attribute_count;
    if (later->attribute_count == 0)
        return;
    ag_recorded_attribute *all = ag_arena_array(s->patient->arena, (size_t)most, sizeof *all);
    if (all == NULL) {
        s->status = AG_ERROR_MEMORY;
        return;
    }
    int count = 0;
    for (int i = 0; i < into->attribute_count; i++)
        all[count++] = into->attributes[i];
    for (int i = 0; i < later->attribute_count; i++) {
        const ag_recorded_attribute *attribute = &later->attributes[i];
        int at = 0;
        while (at < count && strcmp(all[at].name, attribute->name) != 0)
            at++;
        if (at < count && !same_attribute(&all[at], attribute) &&
            compare_days(into->start, later->start) == 0) {
            char sentence[512];
            snprintf(
                sentence, sizeof sentence,
                ag_say(
                    s->patient->language,
                    "\"%.150s\" (%.60s) and \"%.150s\" (%.60s) differ in %.40s; the second counts"),
                text_of(into->text), text_of(into->where), text_of(later->text),
                text_of(later->where), attribute->name);
            contradict(s, sentence);
        }
        all[at] = *attribute;
        count += at == count;
    }
    into->attributes = all;
    into->attribute_count = count;
}

static void merge_causes(settle *s, ag_cause_fact *into, const ag_cause_fact *later) {
    merge_attributes(s, into, later);
    bool operation = s->patient->knowledge->causes[into->cause].kind == AG_CAUSE_OPERATION;
    bool since_before = into->start.first == INT_MIN; /* only known to have begun by some day */
    if (since_before && later->start.first != INT_MIN && later->start.first <= into->start.last)
        into->start = later->start;
    else if (operation && !ag_days_unknown(later->start))
        into->start = ag_days_meet(into->start, later->start);
    if (!into->ended || !later->ended)
        into->ended = false;
    else if (into->end.last < later->end.last)
        into->end = later->end;
    if (later->text != NULL && *later->text != '\0') {
        into->text = later->text;
        into->where = later->where;
    }
}

/* An episode of unknown end was over when the next of the same medicine began. */
static void bound_end(ag_cause_fact *episode, const ag_cause_fact *next) {
    if (episode->ended && next->start.last != INT_MAX && episode->end.last > next->start.last &&
        episode->end.first <= next->start.last)
        episode->end.last = next->start.last;
}

static void settle_episodes(settle *s) {
    ag_patient *patient = s->patient;
    int current = -1;
    for (int i = 0; i < patient->cause_count; i++) {
        if (s->drop_cause[i])
            continue;
        ag_cause_fact *fact = &patient->causes[i];
        ag_cause_fact *into = current >= 0 ? &patient->causes[current] : NULL;
        if (into != NULL && into->cause == fact->cause && into->present == fact->present) {
            if (continues(s, into, fact)) {
                merge_causes(s, into, fact);
                drop_cause(s, i, NULL);
                continue;
            }
            bound_end(into, fact);
        }
        current = i;
    }
}

static bool together(const ag_cause_fact *a, const ag_cause_fact *b) {
    bool a_over = a->ended && b->start.first != INT_MIN && a->end.last < b->start.first;
    bool b_over = b->ended && a->start.first != INT_MIN && b->end.last < a->start.first;
    return a->present && b->present && !a_over && !b_over;
}

/* Present and absent, or two that exclude each other. */
static void settle_cause_pair(settle *s, int i, int j) {
    const ag_cause_fact *a = &s->patient->causes[i], *b = &s->patient->causes[j];
    const ag_cause *causes = s->patient->knowledge->causes;
    char sentence[512];
    if (a->cause == b->cause && a->present && !b->present && !a->ended) {
        snprintf(sentence, sizeof sentence,
                 ag_say(s->patient->language,
                        "\"%.150s\" (%.60s) is both present and absent (%.60s); present counts"),
                 text_of(a->text), text_of(a->where), text_of(b->where));
        contradict(s, sentence);
        drop_cause(s, j, "the record also says that it is present");
    } else if (a->cause != b->cause && together(a, b) &&
               (ag_indices_have(causes[a->cause].excludes, b->cause) ||
                ag_indices_have(causes[b->cause].excludes, a->cause))) {
        int older = compare_days(a->start, b->start) <= 0 ? i : j;
        const ag_cause_fact *counts = older == i ? b : a;
        const char *said =
            counts == b
                ? AG_SAID("\"%.150s\" (%.60s) and \"%.150s\" (%.60s) cannot both be; the second "
                          "counts")
                : AG_SAID("\"%.150s\" (%.60s) and \"%.150s\" (%.60s) cannot both be; the first "
                          "counts");
        snprintf(sentence, sizeof sentence, ag_say(s->patient->language, said), text_of(a->text),
                 text_of(a->where), text_of(b->text), text_of(b->where));
        contradict(s, sentence);
        drop_cause(s, older, "it cannot be present together with another entry");
    }
}

static void settle_causes(settle *s) {
    settle_episodes(s);
    for (int i = 0; i < s->patient->cause_count; i++)
        for (int j = i + 1; j < s->patient->cause_count && !s->drop_cause[i]; j++)
            if (!s->drop_cause[j])
                settle_cause_pair(s, i, j);
}

/* ---- findings ---- */

/* By sample, finding, then latest first. */
static int compare_findings(const void *left, const void *right) {
    const ag_finding_fact *a = left, *b = right;
    if (a->sample != b->sample)
        return a->sample < b->sample ? -1 : 1;
    if (a->finding != b->finding)
        return a->finding - b->finding;
    int days = compare_days(b->date, a->date);
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
static void settle_repeats(settle *s) {
    ag_patient *patient = s->patient;
    int kept = -1;
    for (int i = 0; i < patient->finding_count; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        if (s->drop_finding[i])
            continue;
        const ag_finding_fact *latest = kept >= 0 ? &patient->findings[kept] : NULL;
        if (latest == NULL || latest->finding != fact->finding || latest->sample != fact->sample) {
            kept = i;
        } else if (compare_days(latest->date, fact->date) != 0) {
            drop_finding(s, i, "a later value of the same finding is used");
        } else if (same_value(latest, fact)) {
            drop_finding(s, i, NULL);
        } else {
            char sentence[512];
            snprintf(
                sentence, sizeof sentence,
                ag_say(s->patient->language,
                       "\"%.150s\" (%.60s) and \"%.150s\" (%.60s) contradict each other; the first "
                       "counts"),
                text_of(latest->text), text_of(latest->where), text_of(fact->text),
                text_of(fact->where));
            contradict(s, sentence);
            drop_finding(s, i, "another entry of the same day says otherwise");
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

static void drop_coarser(settle *s, int i, const ag_finding_fact *fine) {
    const ag_finding_fact *fact = &s->patient->findings[i];
    bool counts =
        fact->sample == fine->sample && counts_sperm(s->patient->knowledge, fact->finding);
    if (counts)
        s->patient->coarser[s->patient->coarser_count++] = *fact;
    bool used = counts && s->patient->wish == AG_WISH_CHILD;
    drop_finding(s, i, used ? NULL : "a more exact finding of the same time is used instead");
}

/* A plain no says nothing finer. */
static void settle_coarser(settle *s, int fine) {
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
    int days = compare_days(b->date, a->date);
    return days != 0 ? days : a->sample - b->sample;
}

/* The samples that have findings, in order. */
static int rank_samples(const settle *s, ranked *order, bool *used) {
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
static void settle_samples(settle *s) {
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
            drop_finding(s, i, "only the three latest samples are used");
        else
            fact->sample = place[fact->sample];
    }
    settle_coarser_samples(patient, place);
    patient->samples = kept;
    patient->sample_count = stay;
}

/* ---- all together ---- */

/* What a card puts outside the intended use is declined, however the record came to say it. */
static ag_status decline_outside(const ag_patient *patient, ag_error *error) {
    for (int i = 0; i < patient->cause_count; i++) {
        const ag_cause_fact *fact = &patient->causes[i];
        if (fact->present && !fact->planned && patient->knowledge->causes[fact->cause].outside)
            return ag_fail(
                error, AG_ERROR_DECLINED,
                ag_say(patient->language,
                       "\"%.120s\" (%.80s) is outside the intended use: only male anatomy that "
                       "was not operated on so is assessed"),
                text_of(fact->text), text_of(fact->where));
    }
    return AG_OK;
}

static void compact_facts(settle *s) {
    ag_patient *patient = s->patient;
    int causes = 0, findings = 0;
    for (int i = 0; i < patient->cause_count; i++)
        if (!s->drop_cause[i])
            patient->causes[causes++] = patient->causes[i];
    for (int i = 0; i < patient->finding_count; i++)
        if (!s->drop_finding[i])
            patient->findings[findings++] = patient->findings[i];
    patient->cause_count = causes;
    patient->finding_count = findings;
}

static int compare_attributes(const void *left, const void *right) {
    const ag_recorded_attribute *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* The list is a copy in the patient's own arena, const only to its readers. */
static void sort_attributes(ag_cause_fact *fact) {
    if (fact->attribute_count > 1)
        qsort((ag_recorded_attribute *)fact->attributes, (size_t)fact->attribute_count,
              sizeof *fact->attributes, compare_attributes);
}

static void sort_facts(ag_patient *patient) {
    for (int i = 0; i < patient->cause_count; i++)
        sort_attributes(&patient->causes[i]);
    if (patient->cause_count > 1)
        qsort(patient->causes, (size_t)patient->cause_count, sizeof *patient->causes,
              compare_causes);
    if (patient->finding_count > 1)
        qsort(patient->findings, (size_t)patient->finding_count, sizeof *patient->findings,
              compare_findings);
}

/* ---- what is to come ---- */

static int compare_planned(const void *left, const void *right) {
    const ag_cause_fact *a = left, *b = right;
    int days = compare_days(a->start, b->start);
    return days != 0 ? days : compare_causes(a, b);
}

static bool takes_now(const ag_patient *patient, int cause) {
    bool medicine = patient->knowledge->causes[cause].kind == AG_CAUSE_MEDICINE;
    for (int i = 0; i < patient->cause_count && medicine; i++) {
        const ag_cause_fact *fact = &patient->causes[i];
        if (fact->cause == cause && fact->present && !fact->ended)
            return true;
    }
    return false;
}

static bool acts(const ag_cause *cause) {
    for (int v = 0; v < cause->variant_count; v++)
        if (cause->variants[v].action_count > 0)
            return true;
    return false;
}

static bool planned_before(const ag_patient *patient, int count, int cause) {
    for (int i = 0; i < count; i++)
        if (patient->planned[i].cause == cause)
            return true;
    return false;
}

/* Of one thing planned twice the earliest is kept; a medicine that he takes is not to come. */
static void settle_plans(settle *s) {
    ag_patient *patient = s->patient;
    int kept = 0;
    for (int i = 0; i < patient->planned_count; i++)
        sort_attributes(&patient->planned[i]);
    if (patient->planned_count > 1)
        qsort(patient->planned, (size_t)patient->planned_count, sizeof *patient->planned,
              compare_planned);
    for (int i = 0; i < patient->planned_count; i++) {
        const ag_cause_fact *fact = &patient->planned[i];
        const char *why = takes_now(patient, fact->cause) ? "it is planned, and he takes it already"
                          : !acts(&patient->knowledge->causes[fact->cause])
                              ? "it is planned, and not known to touch ejaculation"
                          : kept == PLANNED_USED ? "only the twelve earliest plans are used"
                                                 : NULL;
        if (why != NULL)
            count_dropped(s, (tally){false, fact->cause, why, fact->text, fact->where, 0, NULL});
        else if (!planned_before(patient, kept, fact->cause))
            patient->planned[kept++] = *fact;
    }
    patient->planned_count = kept;
}

bool ag_finding_shows_semen(const ag_knowledge *knowledge, const ag_finding_fact *fact) {
    const ag_finding *finding = &knowledge->findings[fact->finding];
    bool nothing = finding->value == AG_VALUE_QUANTITY && fact->low <= 0;
    return finding->kind == AG_FINDING_SEMEN && !nothing;
}

/* What was found in a sample says that he could give one. Once, for the latest. */
static ag_status note_sample_given(ag_patient *patient) {
    const ag_knowledge *k = patient->knowledge;
    int given = ag_knowledge_variable(k, "semen-sample-given");
    const ag_finding_fact *latest = NULL;
    for (int i = 0; i < patient->finding_count && given >= 0; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        bool later = latest == NULL || fact->date.last > latest->date.last;
        if (ag_finding_shows_semen(k, fact) && later)
            latest = fact;
    }
    if (latest == NULL)
        return AG_OK;
    ag_finding_fact fact = {.finding = (int)(ag_knowledge_finding_of(k, given) - k->findings),
                            .state = 1,
                            .sample = -1,
                            .date = latest->sample >= 0 ? patient->samples[latest->sample].date
                                                        : latest->date,
                            .text = "a semen sample was given",
                            .where = latest->where};
    return ag_patient_add_finding(patient, &fact);
}

ag_status ag_patient_finish(ag_patient *patient, ag_error *error) {
    settle s = {.patient = patient};
    ag_status declined = decline_outside(patient, error);
    if (declined != AG_OK)
        return declined;
    s.last_tally = &s.tallies;
    s.drop_cause = ag_arena_array(patient->arena, (size_t)patient->cause_count + 1, sizeof(bool));
    s.drop_finding =
        ag_arena_array(patient->arena, (size_t)patient->finding_count + 1, sizeof(bool));
    patient->coarser = ag_arena_array(patient->arena, (size_t)patient->finding_count + 1,
                                      sizeof *patient->coarser);
    if (s.drop_cause == NULL || s.drop_finding == NULL || patient->coarser == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    for (int i = 0; i < patient->cause_count; i++)
        check_cause_dates(&s, i);
    for (int i = 0; i < patient->finding_count; i++)
        check_finding_date(&s, i);
    compact_facts(&s);
    memset(s.drop_cause, 0, (size_t)patient->cause_count);
    memset(s.drop_finding, 0, (size_t)patient->finding_count);
    sort_facts(patient);
    settle_causes(&s);
    settle_plans(&s);
    settle_repeats(&s);
    for (int i = 0; i < patient->finding_count; i++)
        if (!s.drop_finding[i])
            settle_coarser(&s, i);
    settle_samples(&s);
    list_dropped(&s);
    compact_facts(&s);
    if (s.status == AG_OK)
        s.status = note_sample_given(patient);
    sort_facts(patient);
    if (s.status != AG_OK)
        return ag_fail(error, s.status, "out of memory");
    return AG_OK;
}
