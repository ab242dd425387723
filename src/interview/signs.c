#include "signs.h"

#include <math.h>
#include <string.h>

#include "localized.h"
#include "patient.h"
#include "text.h"
#include "urgent_flags.h"

/* ---- which are asked for ---- */

static bool concerns_cause(const ag_knowledge *k, const ag_criterion *criterion, int cause) {
    return ag_texts_have(criterion->groups, k->causes[cause].group) ||
           ag_indices_have(criterion->causes, cause);
}

/* Whether the record speaks of what the card rests on. */
static bool is_known(const ag_knowledge *k, const ag_patient *patient, const ag_red_flag *card) {
    for (int w = 0; w < card->when_count; w++) {
        for (int i = 0; i < patient->finding_count; i++)
            if (ag_indices_have(card->when[w].findings, patient->findings[i].finding))
                return true;
        for (int i = 0; i < patient->cause_count; i++)
            if (concerns_cause(k, &card->when[w], patient->causes[i].cause))
                return true;
    }
    return false;
}

static bool entry_of_finding(const ag_knowledge *k, const ag_criterion *criterion, ag_sign *out) {
    int index = criterion->findings.items[0];
    const ag_finding *finding = &k->findings[index];
    const char *state = criterion->states.count > 0 ? criterion->states.items[0] : "yes";
    bool yes_no = finding->value == AG_VALUE_YES_NO;
    out->term = (ag_term){AG_TERM_FINDING, index};
    out->entry = (ag_said){k->variables[finding->variable].id, yes_no ? NULL : state, true};
    return !yes_no || strcmp(state, "yes") == 0;
}

/* The first finding or cause on which the card rests. */
static bool entry_of(const ag_knowledge *k, const ag_red_flag *card, ag_sign *out) {
    const ag_criterion *first = card->when;
    if (card->when_count > 0 && first->findings.count > 0)
        return entry_of_finding(k, first, out);
    for (int c = 0; card->when_count > 0 && c < k->cause_count; c++)
        if (concerns_cause(k, first, c)) {
            out->term = (ag_term){AG_TERM_CAUSE, c};
            out->entry = (ag_said){k->causes[c].id, NULL, true};
            return true;
        }
    return false;
}

static bool names_term(const ag_vocabulary *vocabulary, const char *text, ag_term term) {
    ag_term named;
    return ag_vocabulary_find(vocabulary, term.kind, text, &named) && named.index == term.index;
}

static bool shown_name_is(const ag_vocabulary *vocabulary, const ag_texts *names,
                          const ag_sign *sign) {
    return names->count == 0 || names_term(vocabulary, names->items[0], sign->term);
}

static bool make(const ag_vocabulary *vocabulary, const ag_red_flag *card, ag_language language,
                 ag_sign *out) {
    const ag_texts *names = ag_localized_texts(&card->names.en, &card->names.es, language);
    *out = (ag_sign){.name = names->count > 0 ? names->items[0] : card->id, .names = &card->names};
    if (!entry_of(ag_vocabulary_knowledge(vocabulary), card, out))
        return false;
    out->deniable = out->entry.state == NULL && shown_name_is(vocabulary, &card->names.en, out) &&
                    shown_name_is(vocabulary, &card->names.es, out);
    return true;
}

const ag_sign *ag_signs_open(const ag_vocabulary *vocabulary, const ag_session *session,
                             const ag_patient *patient, const ag_assessment *assessment,
                             ag_language language, ag_arena *arena, int *count) {
    const ag_knowledge *k = ag_vocabulary_knowledge(vocabulary);
    ag_sign *signs = ag_arena_array(arena, (size_t)k->red_flag_count + 1, sizeof *signs);
    *count = 0;
    for (int urgency = AG_SAME_DAY; signs != NULL && urgency <= AG_ROUTINE; urgency++)
        for (int i = 0; i < k->red_flag_count; i++) {
            const ag_red_flag *card = &k->red_flags[i];
            if ((int)card->urgency == urgency && !is_known(k, patient, card) &&
                ag_plan_asks_for(session, patient, assessment, card) &&
                make(vocabulary, card, language, &signs[*count]))
                ++*count;
        }
    return signs;
}

const char *const *ag_signs_names(const ag_sign *signs, int count, ag_arena *arena) {
    const char **names = ag_arena_array(arena, (size_t)count + 1, sizeof *names);
    for (int i = 0; names != NULL && i < count; i++)
        names[i] = signs[i].name;
    return names;
}

/* ---- what is answered ---- */

static bool is_among(const ag_texts *texts, const char *text) {
    for (int i = 0; i < texts->count; i++)
        if (ag_text_same(texts->items[i], text))
            return true;
    return false;
}

static int sign_named(const ag_sign *signs, int count, const ag_vocabulary *vocabulary,
                      const char *text) {
    double number;
    if (ag_text_number(text, &number))
        return number >= 1 && number <= count && number == floor(number) ? (int)number - 1 : -1;
    for (int i = 0; i < count; i++)
        if (is_among(&signs[i].names->en, text) || is_among(&signs[i].names->es, text) ||
            names_term(vocabulary, text, signs[i].term))
            return i;
    return -1;
}

static void say_once(ag_answer *answer, ag_said *said, ag_said entry) {
    for (int i = 0; i < answer->said_count; i++)
        if (strcmp(said[i].name, entry.name) == 0)
            return;
    said[answer->said_count++] = entry;
}

static void deny_all(const ag_sign *signs, int count, ag_answer *answer, ag_said *said) {
    for (int i = 0; i < count; i++)
        if (signs[i].deniable)
            say_once(answer, said, (ag_said){signs[i].entry.name, NULL, false});
}

ag_status ag_signs_answer(const ag_sign *signs, int count, const ag_vocabulary *vocabulary,
                          ag_language language, ag_arena *arena, ag_answer *answer,
                          ag_error *error) {
    ag_said *said = ag_arena_array(arena, (size_t)count + 1, sizeof *said);
    if (said == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    answer->said = said;
    if (ag_answer_is_none(answer->text)) {
        deny_all(signs, count, answer, said);
        return AG_OK;
    }
    const char *text = answer->text;
    size_t length;
    for (const char *part; (part = ag_answer_part(&text, &length)) != NULL;) {
        const char *name = ag_arena_text(arena, part, length);
        if (name == NULL)
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
        int sign = sign_named(signs, count, vocabulary, name);
        if (sign < 0)
            return ag_fail(error, AG_ERROR_VALUE,
                           ag_say(language, "\"%.60s\" is not in the list. Give numbers from 1 to "
                                            "%d with commas between them, or \"none\"."),
                           name, count);
        say_once(answer, said, signs[sign].entry);
    }
    return AG_OK;
}
