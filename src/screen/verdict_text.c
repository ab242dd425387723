/* A verdict as members of a JSON object and as columns of CSV. */
#include "verdict_text.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json_writer.h"

enum { DECIMALS = 6, MOST_STEPS = 16 };

/* A recorded cause with at least this probability explains a low volume. */
static const double EXPLAINS = 0.1;
/* A medicine that brings about less than this is not worth a change. */
static const double WORTH_A_CHANGE = 0.02;

const char AG_VERDICT_COLUMNS[] =
    "age_years,risk,risk_low,risk_high,leading_mechanism,leading_probability,causes,planned,steps";

typedef struct writing {
    ag_verdict *verdict;
    const ag_patient *patient;
    const ag_knowledge *knowledge;
    const ag_assessed *assessed;
    const ag_assessed_item *leading; /* the most probable mechanism but `none` */
    ag_arena *arena;
    const char *steps[MOST_STEPS]; /* sentences */
    int step_count;
} writing;

bool ag_cause_concerns(const ag_cause *cause) {
    bool acts = false;
    for (int v = 0; v < cause->variant_count; v++)
        acts = acts || cause->variants[v].action_count > 0;
    return acts && !cause->safety && !cause->cleared;
}

static const ag_assessed_item *share_of(const writing *w, const char *cause) {
    for (int i = 0; i < w->assessed->cause_count; i++)
        if (strcmp(w->assessed->causes[i].id, cause) == 0)
            return &w->assessed->causes[i];
    return NULL;
}

static double probability_of(const writing *w, const char *cause) {
    const ag_assessed_item *share = share_of(w, cause);
    return share != NULL ? share->probability.value : 0;
}

/* ---- steps ---- */

static void add_step(writing *w, unsigned step, const char *sentence) {
    w->verdict->steps |= step;
    if (sentence != NULL && w->step_count < MOST_STEPS)
        w->steps[w->step_count++] = sentence;
}

/* A medicine that he takes, or an operation that he has had. */
static bool takes(const writing *w, int cause) {
    for (int i = 0; i < w->patient->cause_count; i++) {
        const ag_cause_fact *fact = &w->patient->causes[i];
        if (fact->cause == cause && fact->present && !fact->ended)
            return true;
    }
    return false;
}

/* Whether a rule of the card forbids it in this man, as far as his causes go. */
static bool refused(const writing *w, const ag_treatment *t) {
    for (int r = 0; r < t->rule_count; r++)
        for (int c = 0; t->rules[r].effect == AG_RULE_REFUSE && c < t->rules[r].when_count; c++)
            for (int k = 0; k < w->knowledge->cause_count; k++) {
                const ag_criterion *when = &t->rules[r].when[c];
                bool named = ag_texts_have(when->groups, w->knowledge->causes[k].group) ||
                             ag_indices_have(when->causes, k);
                if (named && takes(w, k))
                    return true;
            }
    return false;
}

static void offer_alternatives(writing *w, const ag_cause_fact *fact) {
    const ag_cause *cause = &w->knowledge->causes[fact->cause];
    if (!fact->present || fact->ended || cause->kind != AG_CAUSE_MEDICINE ||
        probability_of(w, cause->id) < WORTH_A_CHANGE)
        return;
    for (int t = 0; t < w->knowledge->treatment_count; t++) {
        const ag_treatment *treatment = &w->knowledge->treatments[t];
        if (treatment->kind != AG_TREATMENT_SWITCH ||
            !ag_texts_have(treatment->withdraws, cause->group) ||
            ag_texts_have(treatment->instead_of, cause->id) || refused(w, treatment) ||
            (treatment->adds.count > 0 && takes(w, treatment->adds.items[0])))
            continue;
        add_step(w, AG_SCREEN_ALTERNATIVE,
                 ag_arena_format(w->arena, "%s: consider to %s", fact->text,
                                 treatment->names.en.items[0]));
    }
}

/* Orders stay open after the operation: one without a day, of what he has had, is not to come. */
static bool probably_done(const writing *w, const ag_cause_fact *planned) {
    return ag_days_unknown(planned->start) && takes(w, planned->cause);
}

static void offer_banking(writing *w) {
    for (int i = 0; i < w->patient->planned_count; i++) {
        const ag_cause_fact *fact = &w->patient->planned[i];
        const ag_cause *cause = &w->knowledge->causes[fact->cause];
        if (cause->kind == AG_CAUSE_OPERATION && ag_cause_concerns(cause) &&
            !probably_done(w, fact))
            add_step(w, AG_SCREEN_BANK,
                     ag_arena_format(w->arena, "%s is planned: offer to freeze sperm before it",
                                     fact->text));
    }
}

/* The volume that the card calls low. */
static double low_volume(const ag_finding *finding) {
    for (int i = 0; i < finding->word_count; i++)
        if (strcmp(finding->words[i].word, "low") == 0)
            return finding->words[i].high;
    return 0;
}

static ag_days date_of(const writing *w, const ag_finding_fact *fact) {
    return fact->sample >= 0 ? w->patient->samples[fact->sample].date : fact->date;
}

typedef enum volume { NO_VOLUME, LOW_VOLUME, OTHER_VOLUME } volume;

static volume volume_of(const writing *w, const ag_finding_fact *fact) {
    const ag_finding *finding = &w->knowledge->findings[fact->finding];
    const char *id = w->knowledge->variables[finding->variable].id;
    if (strcmp(id, "semen-volume") == 0)
        return fact->high < low_volume(finding) ? LOW_VOLUME : OTHER_VOLUME;
    if (strcmp(id, "hypospermia") == 0)
        return fact->state == 1 ? LOW_VOLUME : OTHER_VOLUME;
    return NO_VOLUME;
}

/* The latest counts: a low volume may have been repeated. Of one day, a low one; one without a day
 * is before all others. */
static bool last_volume_is_low(const writing *w) {
    bool low = false;
    int last = INT_MIN;
    for (int i = 0; i < w->patient->finding_count; i++) {
        const ag_finding_fact *fact = &w->patient->findings[i];
        volume found = volume_of(w, fact);
        int day = date_of(w, fact).first;
        if (found == NO_VOLUME || day < last)
            continue;
        low = found == LOW_VOLUME || (low && day == last);
        last = day;
    }
    return low;
}

static bool explained(const writing *w) {
    for (int i = 0; i < w->patient->cause_count; i++) {
        const ag_cause_fact *fact = &w->patient->causes[i];
        if (fact->present && probability_of(w, w->knowledge->causes[fact->cause].id) >= EXPLAINS)
            return true;
    }
    return false;
}

static void ask_for_a_second_sample(writing *w) {
    if (last_volume_is_low(w) && !explained(w))
        add_step(w, AG_SCREEN_LOW_VOLUME,
                 "low semen volume that nothing recorded explains: repeat with the whole sample, "
                 "then look for sperm in the urine after orgasm");
}

static void choose_steps(writing *w) {
    offer_banking(w);
    for (int i = 0; i < w->patient->cause_count; i++)
        offer_alternatives(w, &w->patient->causes[i]);
    ask_for_a_second_sample(w);
    if (w->step_count == 0)
        add_step(w, AG_SCREEN_ASK, "ask him whether semen has become less or stays away");
}

/* ---- numbers ---- */

static void set_numbers(writing *w) {
    ag_verdict *v = w->verdict;
    for (int i = 0; i < w->assessed->mechanism_count; i++) {
        const ag_assessed_item *m = &w->assessed->mechanisms[i];
        if (strcmp(m->id, "none") == 0)
            v->risk = (ag_estimate){1 - m->probability.value, 1 - m->probability.high,
                                    1 - m->probability.low};
        else if (w->leading == NULL)
            w->leading = m;
    }
    if (w->leading != NULL)
        v->leading_id = w->leading->id;
}

static void add_cause(ag_verdict *v, int cause) {
    for (int i = 0; i < v->cause_count; i++)
        if (v->causes[i] == cause)
            return;
    if (v->cause_count < AG_VERDICT_CAUSES)
        v->causes[v->cause_count++] = cause;
}

static void set_causes(writing *w) {
    for (int i = 0; i < w->patient->cause_count; i++)
        if (w->patient->causes[i].present)
            add_cause(w->verdict, w->patient->causes[i].cause);
    for (int i = 0; i < w->patient->planned_count; i++)
        add_cause(w->verdict, w->patient->planned[i].cause);
}

/* ---- JSON ---- */

static void number(ag_json *json, const char *key, double value) {
    ag_json_decimal(json, key, value, DECIMALS);
}

static void interval(ag_json *json, ag_estimate p) {
    ag_json_array(json, "interval");
    number(json, NULL, p.low);
    number(json, NULL, p.high);
    ag_json_end(json);
}

static void write_days(ag_json *json, const char *key, ag_days days) {
    char text[AG_DATE_TEXT];
    bool known = days.first != INT_MIN && days.last != INT_MAX;
    bool by_then = days.first == INT_MIN && days.last != INT_MAX;
    if (known)
        ag_json_text(json, key, ag_days_write(days, text));
    else if (by_then) { /* began by that day */
        char key_by[32];
        snprintf(key_by, sizeof key_by, "%s_by", key);
        ag_json_text(json, key_by, ag_days_write(ag_days_on(days.last), text));
    }
}

static void write_mechanisms(ag_json *json, const writing *w) {
    ag_json_array(json, "mechanisms");
    for (int i = 0; i < w->assessed->mechanism_count; i++) {
        const ag_assessed_item *m = &w->assessed->mechanisms[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "id", m->id);
        number(json, "probability", m->probability.value);
        interval(json, m->probability);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_causes(ag_json *json, const writing *w) {
    ag_json_array(json, "causes");
    for (int i = 0; i < w->patient->cause_count; i++) {
        const ag_cause_fact *fact = &w->patient->causes[i];
        const ag_cause *cause = &w->knowledge->causes[fact->cause];
        const ag_assessed_item *share = share_of(w, cause->id);
        if (!fact->present)
            continue;
        ag_json_object(json, NULL);
        ag_json_text(json, "id", cause->id);
        ag_json_text(json, "recorded", fact->text);
        write_days(json, "start", fact->start);
        if (fact->ended)
            write_days(json, "end", fact->end);
        ag_json_bool(json, "ended", fact->ended);
        ag_json_text(json, "mechanism", share != NULL ? share->mechanism : NULL);
        number(json, "probability", share != NULL ? share->probability.value : 0);
        interval(json, share != NULL ? share->probability : (ag_estimate){0, 0, 0});
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_findings(ag_json *json, const writing *w) {
    ag_json_array(json, "findings");
    for (int i = 0; i < w->patient->finding_count; i++) {
        const ag_finding_fact *fact = &w->patient->findings[i];
        int variable = w->knowledge->findings[fact->finding].variable;
        ag_json_object(json, NULL);
        ag_json_text(json, "id", w->knowledge->variables[variable].id);
        ag_json_text(json, "text", fact->text);
        write_days(json, "date", date_of(w, fact));
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_planned(ag_json *json, const writing *w) {
    ag_json_array(json, "planned");
    for (int i = 0; i < w->patient->planned_count; i++) {
        const ag_cause_fact *fact = &w->patient->planned[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "id", w->knowledge->causes[fact->cause].id);
        ag_json_text(json, "recorded", fact->text);
        write_days(json, "date", fact->start);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static const char *write_json(writing *w) {
    ag_buffer text = ag_buffer_start(w->arena);
    ag_json json = ag_json_start(&text, 0);
    ag_json_object(&json, NULL);
    ag_json_number(&json, "age_years", w->verdict->age_years);
    number(&json, "risk", w->verdict->risk.value);
    ag_json_array(&json, "risk_interval");
    number(&json, NULL, w->verdict->risk.low);
    number(&json, NULL, w->verdict->risk.high);
    ag_json_end(&json);
    write_mechanisms(&json, w);
    write_causes(&json, w);
    write_findings(&json, w);
    write_planned(&json, w);
    ag_json_array(&json, "steps");
    for (int i = 0; i < w->step_count; i++)
        ag_json_text(&json, NULL, w->steps[i]);
    ag_json_end(&json);
    ag_json_end(&json);
    char *all = ag_buffer_text(&text);
    if (all == NULL)
        return NULL;
    all[text.length - 1] = '\0'; /* the members only */
    return all + 1;
}

/* ---- CSV ---- */

/* Words of the record may begin as a formula does, which a spreadsheet would reckon: a blank keeps
 * it from that. */
static void add_field(ag_buffer *out, const char *text) {
    ag_buffer_add(out, strchr("=+-@", text[0]) != NULL ? "\" " : "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            ag_buffer_add_char(out, '"');
        ag_buffer_add_char(out, *text);
    }
    ag_buffer_add_char(out, '"');
}

static void add_number(ag_buffer *out, double value) {
    if (isnan(value))
        return;
    char text[32];
    snprintf(text, sizeof text, "%.*f", DECIMALS, value);
    char *comma = strchr(text, ','); /* of the locale */
    if (comma != NULL)
        *comma = '.';
    ag_buffer_add(out, text);
}

static void add_list_item(ag_buffer *list, const char *text) {
    if (list->length > 0)
        ag_buffer_add(list, "; ");
    ag_buffer_add(list, text);
}

static const char *write_csv(writing *w) {
    const ag_verdict *v = w->verdict;
    ag_buffer out = ag_buffer_start(w->arena), causes = ag_buffer_start(w->arena);
    ag_buffer planned = ag_buffer_start(w->arena), steps = ag_buffer_start(w->arena);
    for (int i = 0; i < w->patient->cause_count; i++)
        if (w->patient->causes[i].present)
            add_list_item(&causes, w->knowledge->causes[w->patient->causes[i].cause].id);
    for (int i = 0; i < w->patient->planned_count; i++)
        add_list_item(&planned, w->knowledge->causes[w->patient->planned[i].cause].id);
    for (int i = 0; i < w->step_count; i++)
        add_list_item(&steps, w->steps[i]);
    const ag_assessed_item *leading = w->leading;
    if (!isnan(v->age_years))
        ag_buffer_format(&out, "%d", (int)v->age_years);
    const double numbers[] = {v->risk.value, v->risk.low, v->risk.high};
    for (int i = 0; i < 3; i++) {
        ag_buffer_add_char(&out, ',');
        add_number(&out, numbers[i]);
    }
    ag_buffer_add_char(&out, ',');
    ag_buffer_add(&out, leading != NULL ? leading->id : "");
    ag_buffer_add_char(&out, ',');
    add_number(&out, leading != NULL ? leading->probability.value : NAN);
    const ag_buffer *lists[] = {&causes, &planned, &steps};
    for (int i = 0; i < 3; i++) {
        ag_buffer_add_char(&out, ',');
        if (lists[i]->length > 0)
            add_field(&out, lists[i]->data);
    }
    w->verdict->step_text = ag_buffer_text(&steps);
    return ag_buffer_text(&out);
}

ag_status ag_verdict_write(ag_verdict *verdict, const ag_patient *patient,
                           const ag_assessed *assessed, ag_arena *arena, ag_error *error) {
    writing w = {.verdict = verdict,
                 .patient = patient,
                 .knowledge = patient->knowledge,
                 .assessed = assessed,
                 .arena = arena};
    set_numbers(&w);
    set_causes(&w);
    choose_steps(&w);
    verdict->json = write_json(&w);
    verdict->csv = write_csv(&w);
    for (int i = 0; i < w.step_count; i++)
        if (w.steps[i] == NULL)
            verdict->json = NULL;
    return verdict->json != NULL && verdict->csv != NULL
               ? AG_OK
               : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}
