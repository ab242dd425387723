/* What is taken out of a record, and what is said of it. */
#include "settling.h"

#include <limits.h>
#include <stdio.h>

#include "text.h"

/* Facts of one card that are dropped for one reason: long series of tests are told in one line. */
struct ag_dropped {
    bool of_finding;
    int card;
    const char *why;
    const char *text, *where; /* of the first */
    int count;
    struct ag_dropped *next;
};

const char *ag_settling_text(const char *text) {
    return text != NULL && *text != '\0' ? text : "an entry";
}

static void count_dropped(ag_settling *s, ag_dropped one) {
    for (ag_dropped *t = s->dropped; t != NULL; t = t->next)
        if (t->of_finding == one.of_finding && t->card == one.card && t->why == one.why) {
            t->count++;
            return;
        }
    ag_dropped *added = ag_arena_alloc(s->patient->arena, sizeof *added);
    if (added == NULL) {
        s->status = AG_ERROR_MEMORY;
        return;
    }
    *added = one;
    added->count = 1;
    *s->last_dropped = added;
    s->last_dropped = &added->next;
}

void ag_settling_drop_cause(ag_settling *s, int i, const char *why) {
    const ag_cause_fact *fact = &s->patient->causes[i];
    s->drop_cause[i] = true;
    if (why != NULL)
        count_dropped(s, (ag_dropped){false, fact->cause, why, fact->text, fact->where, 0, NULL});
}

void ag_settling_drop_finding(ag_settling *s, int i, const char *why) {
    const ag_finding_fact *fact = &s->patient->findings[i];
    s->drop_finding[i] = true;
    if (why != NULL)
        count_dropped(s, (ag_dropped){true, fact->finding, why, fact->text, fact->where, 0, NULL});
}

void ag_settling_drop_plan(ag_settling *s, const ag_cause_fact *plan, const char *why) {
    count_dropped(s, (ag_dropped){false, plan->cause, why, plan->text, plan->where, 0, NULL});
}

void ag_settling_list(ag_settling *s) {
    for (const ag_dropped *t = s->dropped; t != NULL; t = t->next) {
        char text[300];
        if (t->count > 1)
            snprintf(text, sizeof text, ag_say(s->patient->language, "%.200s and %d more"),
                     ag_settling_text(t->text), t->count - 1);
        else
            snprintf(text, sizeof text, "%.200s", ag_settling_text(t->text));
        ag_unused entry = {.text = text, .where = t->where, .why = t->why};
        if (ag_patient_add_unused(s->patient, &entry) != AG_OK)
            s->status = AG_ERROR_MEMORY;
    }
}

void ag_settling_contradict(ag_settling *s, const char *sentence) {
    ag_status status = ag_patient_add_contradiction(s->patient, "%s", sentence);
    if (status != AG_OK)
        s->status = status;
}

bool ag_settling_before_birth(const ag_settling *s, ag_days days) {
    return s->patient->birth.first != INT_MIN && days.last < s->patient->birth.first;
}

void ag_settling_note_before_birth(ag_settling *s, const char *text, const char *where,
                                   ag_days days) {
    char sentence[512], date[AG_DATE_TEXT];
    snprintf(
        sentence, sizeof sentence,
        ag_say(s->patient->language,
               "\"%.200s\" (%.80s) is dated %s, before he was born; the date is taken as unknown"),
        ag_settling_text(text), ag_settling_text(where), ag_days_write(days, date));
    ag_settling_contradict(s, sentence);
}

bool ag_settling_is_after(const ag_settling *s, ag_days days) {
    return days.first != INT_MIN && days.first > s->patient->as_of;
}
