/*
 * Times of a case. They are read as written and resolved when everything is known, as one may be
 * counted from another ("2 weeks after tamsulosin"). Rounds of resolving go on until none is left;
 * what then is left refers to itself or to something that is not in the case.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "case_reader.h"

static const char ONSET_WORDS[] = "|onset|symptom|symptoms|complaint|complaints|problem|problems|"
                                  "sintoma|sintomas|problema|problemas|molestia|molestias|";
static const char OPERATION_WORDS[] = "|operation|surgery|operacion|cirugia|intervencion|";

ag_status ag_case_days_exist(ag_case *c, const ag_node *node, const char *text) {
    char day[AG_DATE_TEXT];
    if (!ag_date_impossible(text, day))
        return AG_OK;
    return ag_case_fail(c, node, AG_ERROR_RANGE, "there is no day \"%s\". Check the date", day);
}

ag_status ag_case_time_read(ag_case *c, const ag_node *node, const char *text, ag_case_time *out) {
    *out = (ag_case_time){.given = true, .node = node};
    ag_status status = ag_case_days_exist(c, node, text);
    if (status != AG_OK)
        return status;
    if (ag_when_read(text, &out->when))
        return AG_OK;
    return ag_case_fail(c, node, AG_ERROR_VALUE,
                        "\"%.60s\" is no time. Write a date (2024, 2024-03, 2024-03-15, March "
                        "2024), a length (10 years), or \"2 weeks after NAME\"",
                        text);
}

static int add_days(int day, long long more) {
    if (day == INT_MIN || day == INT_MAX)
        return day;
    long long sum = day + more;
    return sum <= INT_MIN ? INT_MIN : sum >= INT_MAX ? INT_MAX : (int)sum;
}

static ag_days not_after(ag_days days, int last) {
    if (days.first != INT_MIN && days.first <= last && days.last > last)
        days.last = last;
    return days;
}

/* The span before or after `base`; an open span ends today, or has no beginning. */
static ag_days counted(const ag_when *when, ag_days base, int today) {
    bool open = when->span.last == INT_MAX;
    if (when->kind == AG_WHEN_AFTER) {
        ag_days days = {add_days(base.first, when->span.first),
                        open ? today : add_days(base.last, when->span.last)};
        return not_after(days, today);
    }
    return (ag_days){open ? INT_MIN : add_days(base.first, -(long long)when->span.last),
                     add_days(base.last, -(long long)when->span.first)};
}

/* The time that an anchor names; NULL when the case has none. */
static const ag_case_time *find_anchor(const ag_case *c, const ag_when *when) {
    ag_words words;
    ag_words_read(&words, when->anchor);
    if (words.count == 1 && ag_words_in(&words, 0, ONSET_WORDS) && c->onset.given)
        return &c->onset;
    bool any_operation = words.count == 1 && ag_words_in(&words, 0, OPERATION_WORDS);
    ag_term term = {AG_TERM_CAUSE, -1};
    if (!any_operation &&
        !ag_vocabulary_find_words(c->vocabulary, AG_TERM_CAUSE, &words, 0, words.count, &term))
        return NULL;
    const ag_case_time *found = NULL;
    for (const ag_case_cause *cause = c->causes; cause != NULL; cause = cause->next) {
        bool named = any_operation
                         ? c->knowledge->causes[cause->fact.cause].kind == AG_CAUSE_OPERATION
                         : cause->fact.cause == term.index;
        const ag_case_time *time = when->anchor_end ? &cause->end : &cause->start;
        if (named && cause->fact.present && time->given) {
            if (found != NULL && any_operation)
                return NULL;
            found = time;
        }
    }
    return found;
}

/* Whether `time` could be resolved now. */
static bool resolve(ag_case *c, ag_case_time *time) {
    const ag_when *when = &time->when;
    const ag_patient *patient = c->patient;
    ag_days base = ag_days_on(patient->as_of);
    switch (when->kind) {
    case AG_WHEN_DATE:
        time->days = when->days;
        break;
    case AG_WHEN_LIFELONG:
        time->days = patient->birth;
        break;
    case AG_WHEN_AGE:
        if (ag_days_unknown(patient->birth))
            return false;
        time->days = (ag_days){
            add_days(patient->birth.first, (long long)floor(when->age_low * AG_DAYS_PER_YEAR)),
            add_days(patient->birth.last, (long long)ceil(when->age_high * AG_DAYS_PER_YEAR))};
        time->days = not_after(time->days, patient->as_of);
        break;
    default:
        if (when->anchor[0] != '\0') {
            const ag_case_time *anchor = find_anchor(c, when);
            if (anchor == NULL || !anchor->resolved)
                return false;
            base = anchor->days;
        }
        time->days = counted(when, base, patient->as_of);
    }
    time->resolved = true;
    return true;
}

static ag_status cannot_resolve(ag_case *c, const ag_case_time *time) {
    if (time->when.kind == AG_WHEN_AGE)
        return ag_case_fail(c, time->node, AG_ERROR_VALUE,
                            "this time counts from his age, which the case does not give. Add "
                            "\"age\"");
    return time->when.anchor_end
               ? ag_case_fail(c, time->node, AG_ERROR_VALUE,
                              "this time counts from \"%.80s\", but the case does not say when "
                              "that ended. Give it a date, or give this time without it",
                              time->when.anchor)
               : ag_case_fail(c, time->node, AG_ERROR_VALUE,
                              "this time counts from \"%.80s\", but the case does not say when "
                              "that began. Give it a date, or give this time without it",
                              time->when.anchor);
}

/* "In two months" of something that is planned lies ahead. */
static void look_ahead(ag_case_cause *cause) {
    ag_when *when = &cause->start.when;
    if (cause->fact.planned && cause->start.given && when->kind == AG_WHEN_BEFORE &&
        when->anchor[0] == '\0')
        when->kind = AG_WHEN_AFTER;
}

/* ---- rounds ---- */

typedef struct rounds {
    ag_case *c;
    int done;
    const ag_case_time *stuck;
} rounds;

static void try_time(rounds *r, ag_case_time *time) {
    if (!time->given || time->resolved)
        return;
    if (resolve(r->c, time))
        r->done++;
    else
        r->stuck = time;
}

static void resolve_in_rounds(rounds *r) {
    ag_case *c = r->c;
    do {
        r->done = 0;
        r->stuck = NULL;
        try_time(r, &c->onset);
        for (ag_case_cause *cause = c->causes; cause != NULL; cause = cause->next) {
            try_time(r, &cause->start);
            try_time(r, &cause->end);
        }
        for (ag_case_finding *finding = c->findings; finding != NULL; finding = finding->next) {
            try_time(r, &finding->date);
            try_time(r, &finding->since);
        }
        for (ag_case_sample *sample = c->samples; sample != NULL; sample = sample->next)
            try_time(r, &sample->date);
    } while (r->done > 0 && r->stuck != NULL);
}

static bool is_recorded(const ag_case *c, const ag_when *when) {
    ag_words words;
    ag_term term = {AG_TERM_CAUSE, -1};
    ag_words_read(&words, when->anchor);
    if (!ag_vocabulary_find_words(c->vocabulary, AG_TERM_CAUSE, &words, 0, words.count, &term))
        return false;
    for (const ag_case_cause *cause = c->causes; cause != NULL; cause = cause->next)
        if (cause->fact.cause == term.index)
            return true;
    return false;
}

/* What it counts from may be among what was set aside, as a medicine that is not known: that costs
 * this time, not the case. */
static ag_status leave_out_unread(ag_case *c, ag_case_time *time) {
    if (!time->given || time->resolved || time->when.anchor[0] == '\0' || !c->lenient ||
        c->patient->unused_count == 0 || is_recorded(c, &time->when))
        return AG_OK;
    time->given = false;
    return ag_case_unused(c, time->node, AG_UNUSED_SETTLED, time->when.anchor,
                          "a time counts from it, and it was not understood; the time is not used",
                          0);
}

/* "Cloudy urine after sex" counts from nothing in the case: the finding stays, its time goes. */
static bool left_out(ag_case_time *time) {
    bool out = time->given && !time->resolved && time->in_passing && time->when.anchor[0] != '\0';
    if (out)
        time->given = false;
    return out;
}

static ag_status leave_out(ag_case *c) {
    ag_status status = leave_out_unread(c, &c->onset);
    for (ag_case_cause *cause = c->causes; cause != NULL && status == AG_OK; cause = cause->next) {
        status = leave_out_unread(c, &cause->start);
        if (status == AG_OK)
            status = leave_out_unread(c, &cause->end);
    }
    for (ag_case_sample *sample = c->samples; sample != NULL; sample = sample->next)
        left_out(&sample->date);
    for (ag_case_finding *f = c->findings; f != NULL && status == AG_OK; f = f->next) {
        const ag_case_time *time = f->since.given ? &f->since : &f->date;
        bool date = left_out(&f->date), since = left_out(&f->since);
        if (date || since)
            status = ag_case_unused(c, time->node, AG_UNUSED_SETTLED, f->fact.text,
                                    "its time counts from something that the case gives no time "
                                    "for; the finding is used without it",
                                    0);
    }
    return status;
}

static ag_status resolve_all(ag_case *c) {
    rounds r = {.c = c};
    resolve_in_rounds(&r);
    if (r.stuck == NULL)
        return AG_OK;
    ag_status status = leave_out(c);
    resolve_in_rounds(&r);
    return status == AG_OK && r.stuck != NULL ? cannot_resolve(c, r.stuck) : status;
}

/* ---- into the patient ---- */

/* Where the case gives no onset, the one time that its symptoms give is it. */
static ag_status set_onset(ag_case *c) {
    ag_patient *patient = c->patient;
    if (c->onset.given) {
        patient->onset = c->onset.days;
        if (patient->onset.first != INT_MIN && patient->onset.first > patient->as_of)
            return ag_case_fail(c, c->onset.node, AG_ERROR_VALUE,
                                "the onset lies after the day of the assessment");
        return AG_OK;
    }
    const ag_case_time *only = NULL;
    for (const ag_case_finding *f = c->findings; f != NULL; f = f->next) {
        if (!f->since.given)
            continue;
        if (only != NULL && memcmp(&only->days, &f->since.days, sizeof only->days) != 0)
            return ag_case_unused(c, f->since.node, AG_UNUSED_SETTLED,
                                  ag_say(c->patient->language, "the beginnings of the symptoms"),
                                  "they differ; give \"since\" for the complaint itself", 0);
        only = &f->since;
    }
    if (only != NULL && only->when.kind == AG_WHEN_LIFELONG)
        patient->lifelong = true;
    else if (only != NULL)
        patient->onset = only->days;
    return AG_OK;
}

static ag_status place_samples(ag_case *c) {
    for (const ag_case_sample *sample = c->samples; sample != NULL; sample = sample->next)
        for (int kind = 0; kind < 3; kind++)
            if (sample->index[kind] >= 0)
                c->patient->samples[sample->index[kind]].date =
                    sample->date.given ? sample->date.days : AG_DAYS_UNKNOWN;
    return AG_OK;
}

ag_status ag_case_settle(ag_case *c) {
    for (ag_case_cause *cause = c->causes; cause != NULL; cause = cause->next)
        look_ahead(cause);
    ag_status status = resolve_all(c);
    if (status == AG_OK)
        status = set_onset(c);
    if (status == AG_OK)
        status = place_samples(c);
    for (ag_case_cause *cause = c->causes; cause != NULL && status == AG_OK; cause = cause->next) {
        cause->fact.start = cause->start.given ? cause->start.days : AG_DAYS_UNKNOWN;
        cause->fact.end = cause->end.given ? cause->end.days : AG_DAYS_UNKNOWN;
        cause->fact.ended = cause->fact.ended || cause->end.given;
        status = ag_patient_add_cause(c->patient, &cause->fact);
    }
    for (ag_case_finding *f = c->findings; f != NULL && status == AG_OK; f = f->next) {
        f->fact.date = f->fact.sample >= 0 ? c->patient->samples[f->fact.sample].date
                       : f->date.given     ? f->date.days
                                           : ag_days_on(c->patient->as_of);
        status = ag_patient_add_finding(c->patient, &f->fact);
    }
    if (status == AG_ERROR_MEMORY)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    return status;
}
