/*
 * The man's own report. What is his is said first: what is likely, why, what is open. Then the
 * leaflet on it, and the questions that everybody has.
 */
#include <math.h>
#include <string.h>

#include "drawing.h"
#include "leaflets.h"
#include "plan_document.h"
#include "readers.h"

/* Below this a further possibility is not worth a man's worry. */
static const double WORTH_SAYING = 0.1;

static const char *say(const ag_view *view, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const ag_view *view, const char *english) {
    return ag_view_say(view, english);
}

const char *ag_frequency(const ag_view *view, double p) {
    int tenths = (int)floor(10 * p + 0.5);
    const char *text = tenths < 1 ? say(view, "fewer than 1 of 10")
                       : tenths > 9
                           ? say(view, "more than 9 of 10")
                           : ag_arena_format(view->arena, say(view, "about %d of 10"), tenths);
    return text != NULL ? text : "";
}

static void answer(ag_document *d, const ag_view *view) {
    const ag_mechanism_result *first = ag_assessment_mechanism(view->assessment, 0);
    const char *summary = ag_view_summary(view, first->id);
    const char *name = ag_view_name(view, first->id);
    ag_document_add(d, AG_BLOCK_HEADING, say(view, "The short answer"));
    if (first->probability.value < 0.5)
        ag_document_add(d, AG_BLOCK_TEXT,
                        say(view, "It is not clear yet. This is the most likely so far:"));
    else
        ag_document_add(d, AG_BLOCK_TEXT, say(view, "This is the most likely:"));
    ag_document_add(d, AG_BLOCK_STRONG, summary != NULL ? summary : name);
    ag_document_format(d, AG_BLOCK_TEXT, say(view, "The medical name is: %s."), name);
    ag_document_format(d, AG_BLOCK_TEXT, say(view, "Of men with answers like yours, this fits %s."),
                       ag_frequency(view, first->probability.value));
}

static void others(ag_document *d, const ag_view *view) {
    int said = 0;
    for (int i = 1; i < ag_assessment_mechanism_count(view->assessment) && said < 2; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(view->assessment, i);
        if (m->probability.value < WORTH_SAYING)
            break;
        const char *summary = ag_view_summary(view, m->id);
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_TEXT, say(view, "It could also be, or go along with:"));
        ag_document_format(d, AG_BLOCK_ITEM, "%s %s: %s.", summary != NULL ? summary : "",
                           ag_view_capital(view, ag_view_name(view, m->id)),
                           ag_frequency(view, m->probability.value));
    }
}

static void beside(ag_document *d, const ag_view *view) {
    int count = ag_assessment_beside_count(view->assessment);
    if (count > 0)
        ag_document_add(d, AG_BLOCK_TEXT,
                        say(view, "This goes along with it, or stands by itself:"));
    for (int i = 0; i < count; i++) {
        const ag_beside_result *b = ag_assessment_beside(view->assessment, i);
        ag_document_format(d, AG_BLOCK_ITEM, "%s: %s.", ag_view_beside(view, b),
                           ag_frequency(view, b->probability.value));
        if (b->cause != NULL)
            ag_document_format(d, AG_BLOCK_TEXT, say(view, "The likely reason for it: %s (%s)."),
                               ag_view_name(view, b->cause),
                               ag_frequency(view, b->cause_probability.value));
    }
}

static const ag_cause *cause_of(const ag_view *view, const char *id) {
    int index = ag_knowledge_cause(view->knowledge, id);
    return index < 0 ? NULL : &view->knowledge->causes[index];
}

static void reasons(ag_document *d, const ag_view *view) {
    bool medicine = false;
    int said = 0;
    for (int i = 0; i < ag_view_causes(view); i++) {
        const ag_cause_result *c = ag_assessment_cause(view->assessment, i);
        const ag_cause *card = cause_of(view, c->id);
        if (c->probability.value < WORTH_SAYING || card == NULL)
            continue;
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "The likely reason"));
        if (card->kind == AG_CAUSE_UNKNOWN)
            ag_document_format(d, AG_BLOCK_ITEM,
                               say(view, "No clear reason (%s). That is common too."),
                               ag_frequency(view, c->probability.value));
        else
            ag_document_format(d, AG_BLOCK_ITEM, "%s (%s)",
                               ag_view_capital(view, ag_view_name(view, c->id)),
                               ag_frequency(view, c->probability.value));
        medicine = medicine || card->kind == AG_CAUSE_MEDICINE;
    }
    if (medicine)
        ag_document_add(d, AG_BLOCK_ALERT,
                        say(view, "Do not stop or skip a medicine on your own. Talk to the doctor "
                                  "who prescribed it."));
}

static void open_questions(ag_document *d, const ag_view *view) {
    int unresolved = ag_assessment_unresolved_count(view->assessment);
    int expected = ag_assessment_expected_count(view->assessment);
    if (unresolved + expected == 0)
        return;
    ag_document_add(d, AG_BLOCK_HEADING, say(view, "What is still open"));
    for (int i = 0; i < unresolved; i++) {
        const ag_unresolved_result *u = ag_assessment_unresolved(view->assessment, i);
        ag_document_format(d, AG_BLOCK_TEXT,
                           say(view, "We cannot tell these two apart yet: %s, and %s. One of "
                                     "these would help:"),
                           ag_view_name(view, u->mechanism[0]),
                           ag_view_name(view, u->mechanism[1]));
        for (int t = 0; t < u->separated_by_count; t++)
            ag_document_add(d, AG_BLOCK_ITEM,
                            ag_view_capital(view, ag_view_name(view, u->separated_by[t])));
    }
    if (expected > 0)
        ag_document_add(d, AG_BLOCK_TEXT, say(view, "Tell your doctor if you know about this:"));
    for (int i = 0; i < expected; i++)
        ag_document_add(
            d, AG_BLOCK_ITEM,
            ag_view_capital(view,
                            ag_view_name(view, ag_assessment_expected(view->assessment, i)->id)));
}

static const ag_leaflet_file *leaflet_of_cause(const ag_view *view, const ag_cause *card) {
    const ag_leaflet_file *file = ag_leaflet_about(card->id, view->arena);
    return file != NULL ? file : ag_leaflet_about(card->group, view->arena);
}

/* Semen comes as it should, and something else fails. */
static bool only_beside(const ag_view *view) {
    const ag_mechanism_result *first = ag_assessment_mechanism(view->assessment, 0);
    bool comes = strcmp(first->id, "none") == 0 || strcmp(first->id, "unexplained") == 0;
    return comes && ag_assessment_beside_count(view->assessment) > 0;
}

static const ag_leaflet_file *leaflet_on_beside(const ag_view *view) {
    const ag_beside_result *first = ag_assessment_beside(view->assessment, 0);
    const ag_cause *card = first->cause != NULL ? cause_of(view, first->cause) : NULL;
    return card != NULL ? leaflet_of_cause(view, card) : NULL;
}

/* Where one recorded reason is more likely than not, what helps depends on it. */
static const ag_leaflet_file *leaflet_on_reason(const ag_view *view) {
    if (only_beside(view))
        return leaflet_on_beside(view);
    if (ag_view_causes(view) == 0)
        return NULL;
    const ag_cause_result *first = ag_assessment_cause(view->assessment, 0);
    const ag_cause *card = cause_of(view, first->id);
    bool likely = card != NULL && first->recorded != NULL && first->probability.value >= 0.5;
    return likely ? leaflet_of_cause(view, card) : NULL;
}

static void explain(ag_document *d, const ag_view *view, const ag_leaflet_file *mechanism,
                    const ag_leaflet_file *reason) {
    if (mechanism == NULL && reason != NULL)
        ag_leaflet_add(d, reason->text[view->language], AG_LEAFLET_SECTIONS);
    if (mechanism == NULL)
        return;
    const char *what = mechanism->text[view->language];
    if (reason == NULL || reason == mechanism) {
        ag_leaflet_add(d, what, AG_LEAFLET_SECTIONS);
        return;
    }
    const char *why = reason->text[view->language];
    ag_leaflet_add(d, what, AG_LEAFLET_FIRST_SECTION);
    ag_leaflet_add(d, why, AG_LEAFLET_SECTIONS);
    if (!ag_leaflet_same_end(what, why))
        ag_leaflet_add(d, what, AG_LEAFLET_LAST_SECTION);
}

static void questions(ag_document *d, const ag_view *view) {
    const ag_leaflet_file *file = ag_leaflet_named("questions");
    if (file != NULL)
        ag_leaflet_add(d, file->text[view->language], AG_LEAFLET_SECTIONS);
}

/* What the answer leaves out is told before it; why, at the end. */
static void missed(ag_document *d, const ag_view *view) {
    ag_buffer names = ag_buffer_start(view->arena);
    for (int i = 0; i < ag_view_unused_count(view); i++)
        if (ag_view_missed(view, ag_view_unused_at(view, i)))
            ag_buffer_format(&names, "%s%s", names.length > 0 ? "; " : "",
                             ag_view_unused_at(view, i)->text);
    if (names.length > 0)
        ag_document_format(d, AG_BLOCK_STRONG, say(view, "Not understood, and left out: %s"),
                           ag_buffer_text(&names));
}

static void not_used(ag_document *d, const ag_view *view) {
    for (int i = 0; i < view->patient->contradiction_count; i++)
        ag_document_add(d, AG_BLOCK_ALERT, view->patient->contradictions[i]);
    if (ag_view_unused_count(view) > 0)
        ag_document_add(d, AG_BLOCK_HEADING, say(view, "What was not used"));
    for (int i = 0; i < ag_view_unused_count(view); i++) {
        const ag_unused *unused = ag_view_unused_at(view, i);
        ag_document_add(d, unused->reason == AG_UNUSED_VALUE ? AG_BLOCK_ALERT : AG_BLOCK_ITEM,
                        ag_view_unused(view, unused));
    }
}

static void further_reading(ag_document *d, const ag_view *view, const ag_leaflet_file *given,
                            const ag_leaflet_file *reason) {
    int said = 0;
    for (int i = 0; i < ag_view_causes(view); i++) {
        const ag_cause_result *c = ag_assessment_cause(view->assessment, i);
        const ag_cause *card = cause_of(view, c->id);
        if (card == NULL || c->probability.value < WORTH_SAYING)
            continue;
        const ag_leaflet_file *file = leaflet_of_cause(view, card);
        if (file == NULL || file == given || file == reason)
            continue;
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "To read"));
        ag_document_format(d, AG_BLOCK_ITEM, "%s (antegrade leaflet %s)",
                           ag_leaflet_title(file->text[view->language], view->arena), file->id);
    }
}

static void what_is_his(ag_document *d, const ag_view *view) {
    const ag_mechanism_result *first = ag_assessment_mechanism(view->assessment, 0);
    const ag_leaflet_file *about =
        only_beside(view)
            ? ag_leaflet_about(ag_assessment_beside(view->assessment, 0)->function, view->arena)
            : ag_leaflet_about(first->id, view->arena);
    const ag_leaflet_file *reason = leaflet_on_reason(view);
    if (!only_beside(view))
        ag_document_add(d, AG_BLOCK_TEXT,
                        say(view, "A dry orgasm is common, and in itself it does no harm. Here is "
                                  "what your answers say."));
    ag_document_add(d, AG_BLOCK_PICTURE, ag_drawing(view, false));
    answer(d, view);
    others(d, view);
    beside(d, view);
    reasons(d, view);
    open_questions(d, view);
    ag_plan_for_patient(d, view);
    explain(d, view, about, reason);
    questions(d, view);
    further_reading(d, view, about, reason);
}

void ag_patient_document(ag_document *d, const ag_view *view) {
    ag_document_add(d, AG_BLOCK_TITLE, say(view, "Little or no semen: what it may mean for you"));
    ag_document_add(d, AG_BLOCK_FAINT,
                    say(view, "This helps you to get ready for a visit. It is not a diagnosis."));
    ag_flags_for_patient(d, view);
    missed(d, view);
    if (ag_view_background(view) == NULL) {
        what_is_his(d, view);
    } else {
        ag_document_add(d, AG_BLOCK_STRONG,
                        say(view, "Your answers say nothing yet that bears on this. Add what you "
                                  "notice, take and have had done. Until then, here is what many "
                                  "men ask."));
        questions(d, view);
    }
    not_used(d, view);
    ag_document_end(d);
}
