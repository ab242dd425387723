/* Causes and plans: dates that cannot be, episodes, contradictions, what is to come. */
#include "settling.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "values.h"

/* An episode of a medicine that begins within so many days of the end of another continues it: a
 * renewed prescription. Where only the beginning of the earlier one is known, a year's supply and
 * some delay are allowed for. */
enum { RENEWAL_DAYS = 31, RENEWAL_DAYS_UNKNOWN_END = 400, YEAR_DAYS = 366, PLANNED_USED = 12 };

/* ---- dates that cannot be ---- */

/* What was planned for a day that has passed may have been done: the list does not say. */
static void doubt_list(ag_patient *patient, ag_cause_kind kind) {
    if (kind == AG_CAUSE_MEDICINE)
        patient->medicines_complete = false;
    else if (kind == AG_CAUSE_OPERATION)
        patient->operations_complete = false;
}

/* What is to come does not act yet: it leaves the causes. */
static void settle_planned(ag_settling *s, int i) {
    ag_cause_fact *fact = &s->patient->causes[i];
    ag_cause_kind kind = s->patient->knowledge->causes[fact->cause].kind;
    if (!fact->present) {
        ag_settling_drop_cause(s, i, "it says only what is not planned");
    } else if (kind != AG_CAUSE_MEDICINE && kind != AG_CAUSE_OPERATION) {
        ag_settling_drop_cause(s, i,
                               ag_settling_is_after(s, fact->start)
                                   ? "it lies after the day of the assessment"
                                   : AG_SAID("only operations and medicines can be planned"));
    } else if (fact->start.last < s->patient->as_of) {
        ag_settling_drop_cause(
            s, i,
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

static void check_dates(ag_settling *s, int i) {
    ag_cause_fact *fact = &s->patient->causes[i];
    char sentence[512];
    if (fact->planned || ag_settling_is_after(s, fact->start)) {
        settle_planned(s, i);
        return;
    }
    if (ag_settling_before_birth(s, fact->start)) {
        ag_settling_note_before_birth(s, fact->text, fact->where, fact->start);
        fact->start = AG_DAYS_UNKNOWN;
    }
    if (fact->ended && fact->end.first != INT_MIN && fact->end.first > s->patient->as_of)
        fact->ended = false;
    if (fact->ended && fact->start.first != INT_MIN && fact->end.last < fact->start.first) {
        snprintf(sentence, sizeof sentence,
                 ag_say(s->patient->language,
                        "\"%.200s\" (%.80s) ends before it starts; its start is taken as unknown"),
                 ag_settling_text(fact->text), ag_settling_text(fact->where));
        ag_settling_contradict(s, sentence);
        fact->start = (ag_days){INT_MIN, fact->end.last};
    }
}

void ag_settling_cause_dates(ag_settling *s) {
    for (int i = 0; i < s->patient->cause_count; i++)
        check_dates(s, i);
}

/* ---- episodes ---- */

/* By what is said before where it stands: places are names, and must not matter. */
static int compare_causes(const void *left, const void *right) {
    const ag_cause_fact *a = left, *b = right;
    if (a->cause != b->cause)
        return a->cause - b->cause;
    if (a->present != b->present)
        return b->present - a->present;
    int days = ag_days_order(a->start, b->start);
    if (days != 0)
        return days;
    if (a->ended != b->ended)
        return b->ended - a->ended;
    int order = a->ended ? ag_days_order(a->end, b->end) : 0;
    if (order == 0)
        order = ag_attributes_order(a->attributes, a->attribute_count, b->attributes,
                                    b->attribute_count);
    if (order == 0)
        order = ag_text_order(a->text, b->text);
    return order != 0 ? order : ag_text_order(a->where, b->where);
}

/* Whether `b`, which does not begin before `a`, is the same episode. */
static bool continues(const ag_settling *s, const ag_cause_fact *a, const ag_cause_fact *b) {
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
static void merge_attributes(ag_settling *s, ag_cause_fact *into, const ag_cause_fact *later) {
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
            ag_days_order(into->start, later->start) == 0) {
            char sentence[512];
            snprintf(
                sentence, sizeof sentence,
                ag_say(
                    s->patient->language,
                    "\"%.150s\" (%.60s) and \"%.150s\" (%.60s) differ in %.40s; the second counts"),
                ag_settling_text(into->text), ag_settling_text(into->where),
                ag_settling_text(later->text), ag_settling_text(later->where), attribute->name);
            ag_settling_contradict(s, sentence);
        }
        all[at] = *attribute;
        count += at == count;
    }
    into->attributes = all;
    into->attribute_count = count;
}

static void merge_causes(ag_settling *s, ag_cause_fact *into, const ag_cause_fact *later) {
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

static void settle_episodes(ag_settling *s) {
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
                ag_settling_drop_cause(s, i, NULL);
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
static void settle_cause_pair(ag_settling *s, int i, int j) {
    const ag_cause_fact *a = &s->patient->causes[i], *b = &s->patient->causes[j];
    const ag_cause *causes = s->patient->knowledge->causes;
    char sentence[512];
    if (a->cause == b->cause && a->present && !b->present && !a->ended) {
        snprintf(sentence, sizeof sentence,
                 ag_say(s->patient->language,
                        "\"%.150s\" (%.60s) is both present and absent (%.60s); present counts"),
                 ag_settling_text(a->text), ag_settling_text(a->where), ag_settling_text(b->where));
        ag_settling_contradict(s, sentence);
        ag_settling_drop_cause(s, j, "the record also says that it is present");
    } else if (a->cause != b->cause && together(a, b) &&
               (ag_indices_have(causes[a->cause].excludes, b->cause) ||
                ag_indices_have(causes[b->cause].excludes, a->cause))) {
        int older = ag_days_order(a->start, b->start) <= 0 ? i : j;
        const ag_cause_fact *counts = older == i ? b : a;
        const char *said =
            counts == b
                ? AG_SAID("\"%.150s\" (%.60s) and \"%.150s\" (%.60s) cannot both be; the second "
                          "counts")
                : AG_SAID("\"%.150s\" (%.60s) and \"%.150s\" (%.60s) cannot both be; the first "
                          "counts");
        snprintf(sentence, sizeof sentence, ag_say(s->patient->language, said),
                 ag_settling_text(a->text), ag_settling_text(a->where), ag_settling_text(b->text),
                 ag_settling_text(b->where));
        ag_settling_contradict(s, sentence);
        ag_settling_drop_cause(s, older, "it cannot be present together with another entry");
    }
}

void ag_settling_causes(ag_settling *s) {
    settle_episodes(s);
    for (int i = 0; i < s->patient->cause_count; i++)
        for (int j = i + 1; j < s->patient->cause_count && !s->drop_cause[i]; j++)
            if (!s->drop_cause[j])
                settle_cause_pair(s, i, j);
}

/* ---- order ---- */

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

void ag_settling_sort_causes(ag_patient *patient) {
    for (int i = 0; i < patient->cause_count; i++)
        sort_attributes(&patient->causes[i]);
    if (patient->cause_count > 1)
        qsort(patient->causes, (size_t)patient->cause_count, sizeof *patient->causes,
              compare_causes);
}

/* ---- what is to come ---- */

static int compare_planned(const void *left, const void *right) {
    const ag_cause_fact *a = left, *b = right;
    int days = ag_days_order(a->start, b->start);
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

void ag_settling_plans(ag_settling *s) {
    ag_patient *patient = s->patient;
    int kept = 0;
    for (int i = 0; i < patient->planned_count; i++)
        sort_attributes(&patient->planned[i]);
    if (patient->planned_count > 1)
        qsort(patient->planned, (size_t)patient->planned_count, sizeof *patient->planned,
              compare_planned);
    for (int i = 0; i < patient->planned_count; i++) {
        const ag_cause_fact *fact = &patient->planned[i];
        const char *why =
            takes_now(patient, fact->cause) ? AG_SAID("it is planned, and he takes it already")
            : !acts(&patient->knowledge->causes[fact->cause])
                ? AG_SAID("it is planned, and not known to touch ejaculation")
            : kept == PLANNED_USED ? AG_SAID("only the twelve earliest plans are used")
                                   : NULL;
        if (why != NULL)
            ag_settling_drop_plan(s, fact, why);
        else if (!planned_before(patient, kept, fact->cause))
            patient->planned[kept++] = *fact;
    }
    patient->planned_count = kept;
}
