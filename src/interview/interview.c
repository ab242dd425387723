/*
 * The interview. Its whole state is the list of answers: the case is written anew from them, read,
 * and assessed, so that going back is to drop one, and what it saves is what it judged.
 *
 * Questions are ranked as the plan ranks next tests (finding_bits.h), restricted to what a man can
 * answer. The last one is for the signs that must not wait (signs.h).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "answers.h"
#include "dates.h"
#include "finding_bits.h"
#include "readers.h"
#include "signs.h"
#include "urgent_flags.h"

enum { MOST_QUESTIONS = 64, MOST_ADAPTIVE = 12 };

/* Questions that are expected to tell less, in bits, are not worth a man's time. */
static const double LEAST_BITS = 0.02;

/* A list of answers, judged. */
typedef struct ag_judgement {
    ag_arena *arena; /* of the text and the flags */
    const char *text;
    ag_patient *patient;
    ag_assessment *assessment;
    const ag_plan_flag *flags;
    int flag_count;
} ag_judgement;

struct ag_interview {
    ag_arena *arena; /* what stays: questions, answers */
    const ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
    ag_language language;
    char date[AG_DATE_TEXT];
    ag_question *questions;
    int question_count;
    ag_answer answers[MOST_QUESTIONS];
    int answer_count;
    ag_judgement now;
    const ag_question *next;
    const ag_sign *signs; /* the choices of the closing question, once it is asked */
    int sign_count;
};

/* ---- judging a list of answers ---- */

static void judgement_free(ag_judgement *j) {
    ag_assessment_free(j->assessment);
    ag_patient_free(j->patient);
    ag_arena_free(j->arena);
}

/* Whether the knowledge says how men who come with a complaint are selected. */
static bool has_setting(const ag_interview *v) {
    const ag_knowledge *knowledge = ag_engine_knowledge(v->engine);
    for (int i = 0; i < knowledge->finding_count; i++)
        if (knowledge->findings[i].kind == AG_FINDING_SETTING)
            return true;
    return false;
}

static ag_status judge(ag_judgement *out, ag_interview *v, int count, ag_error *error) {
    *out = (ag_judgement){.arena = ag_arena_new()};
    if (out->arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    out->text = ag_answers_case(v->answers, count, v->date, has_setting(v), out->arena);
    if (out->text == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_assess_options options = ag_assess_options_defaults();
    options.explain = false;
    ag_patient_options reading = ag_patient_options_defaults();
    reading.language = ag_language_code(v->language);
    ag_status status = ag_patient_read_case(&out->patient, v->vocabulary, out->text,
                                            strlen(out->text), &reading, error);
    if (status == AG_OK)
        status = ag_assess(&out->assessment, v->session, out->patient, &options, error);
    if (status == AG_OK)
        status = ag_plan_urgent_flags(v->session, out->patient, out->assessment, out->arena,
                                      &out->flags, &out->flag_count, error);
    return status;
}

/* ---- the next question ---- */

static bool asked(const ag_interview *v, const char *id) {
    for (int i = 0; i < v->answer_count; i++)
        if (strcmp(v->answers[i].question->id, id) == 0)
            return true;
    return false;
}

static ag_question *question_of(ag_interview *v, const char *id) {
    for (int i = 0; i < v->question_count; i++)
        if (strcmp(v->questions[i].id, id) == 0)
            return &v->questions[i];
    return NULL;
}

static bool is_opening(const char *id) {
    for (int i = 0; i < AG_OPENINGS; i++)
        if (strcmp(ag_openings[i].id, id) == 0)
            return true;
    return false;
}

/* Whether another answer has settled it: the record has this finding, or one that makes it
 * redundant. */
static bool settled(const ag_interview *v, const char *id) {
    const ag_knowledge *knowledge = ag_engine_knowledge(v->engine);
    for (int i = 0; i < v->now.patient->finding_count; i++) {
        const ag_finding *f = &knowledge->findings[v->now.patient->findings[i].finding];
        if (strcmp(knowledge->variables[f->variable].id, id) == 0)
            return true;
    }
    return ag_knowledge_variable(knowledge, id) < 0;
}

/* The open question that tells most. */
static const ag_question *most_telling(ag_interview *v) {
    const ag_knowledge *knowledge = ag_engine_knowledge(v->engine);
    ag_question *open[MOST_QUESTIONS];
    int findings[MOST_QUESTIONS], count = 0;
    double bits[MOST_QUESTIONS];
    const ag_question *best = NULL;
    if (v->answer_count >= AG_OPENINGS + MOST_ADAPTIVE)
        return NULL;
    for (int i = 0; i < v->question_count; i++) {
        ag_question *q = &v->questions[i];
        if (is_opening(q->id) || asked(v, q->id) || settled(v, q->id))
            continue;
        const ag_finding *finding =
            ag_knowledge_finding_of(knowledge, ag_knowledge_variable(knowledge, q->id));
        open[count] = q;
        findings[count++] = (int)(finding - knowledge->findings);
    }
    if (ag_plan_finding_bits(v->session, v->now.patient, v->now.assessment, findings, count, bits,
                             NULL) != AG_OK)
        return NULL;
    for (int i = 0; i < count; i++) {
        open[i]->bits = bits[i];
        if (bits[i] >= LEAST_BITS && (best == NULL || bits[i] > best->bits))
            best = open[i];
    }
    return best;
}

/* The signs of which he has said nothing yet; NULL where there are none. */
static const ag_question *closing(ag_interview *v) {
    ag_question *q = question_of(v, AG_CLOSING);
    v->signs = ag_signs_open(v->vocabulary, v->session, v->now.patient, v->now.assessment,
                             v->language, v->arena, &v->sign_count);
    if (q == NULL || v->signs == NULL || v->sign_count == 0)
        return NULL;
    q->choices = ag_signs_names(v->signs, v->sign_count, v->arena);
    q->choice_count = q->choices != NULL ? v->sign_count : 0;
    return q;
}

static const ag_question *choose(ag_interview *v) {
    bool enough = false;
    for (int i = 0; i < v->answer_count; i++)
        enough = enough || v->answers[i].enough;
    for (int i = 0; i < AG_OPENINGS && !enough; i++)
        if (!asked(v, ag_openings[i].id))
            return question_of(v, ag_openings[i].id);
    if (asked(v, AG_CLOSING))
        return NULL;
    const ag_question *next = enough ? NULL : most_telling(v);
    return next != NULL ? next : closing(v);
}

/* Take over a judgement of the answers so far, and choose what to ask next. */
static void settle(ag_interview *v, const ag_judgement *j) {
    judgement_free(&v->now);
    v->now = *j;
    v->next = choose(v);
}

/* ---- understanding an answer ---- */

static bool among(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (ag_text_same(text, words[i]))
            return true;
    return false;
}
#define AMONG(text, words) among(text, words, sizeof(words) / sizeof((words)[0]))

static bool is_unknown(const char *text) {
    static const char *const words[] = {"",
                                        "don't know",
                                        "dont know",
                                        "do not know",
                                        "i don't know",
                                        "unknown",
                                        "no sé",
                                        "no lo sé",
                                        "no se sabe",
                                        "-",
                                        "idk",
                                        "not sure",
                                        "unsure",
                                        "no idea",
                                        "ni idea",
                                        "no estoy seguro"};
    return AMONG(text, words);
}

static ag_status understand_choice(const ag_interview *v, const ag_question *q, const char *text,
                                   ag_answer *out, ag_error *error) {
    double number;
    if (ag_text_number(text, &number) && number >= 1 && number <= q->choice_count &&
        number == floor(number))
        out->choice = (int)number - 1;
    for (int i = 0; i < q->choice_count; i++)
        if (ag_text_same(text, q->choices[i]))
            out->choice = i;
    if (out->choice < 0)
        return ag_fail(error, AG_ERROR_VALUE, ag_say(v->language, "Give a number from 1 to %d."),
                       q->choice_count);
    const ag_knowledge *knowledge = ag_engine_knowledge(v->engine);
    int variable = is_opening(q->id) ? -1 : ag_knowledge_variable(knowledge, q->id);
    if (variable >= 0)
        out->state = knowledge->variables[variable].states.items[out->choice];
    return AG_OK;
}

static ag_status understand(ag_interview *v, const ag_question *q, const char *text, ag_answer *out,
                            ag_error *error) {
    static const char *const yes[] = {"yes", "y", "sí", "s"}, *const no[] = {"no", "n"},
                             *const enough[] = {"enough", "basta"};
    *out = (ag_answer){.question = q, .choice = -1};
    const char *start = text;
    size_t length = strlen(text);
    ag_text_trim(&start, &length);
    char *trimmed = ag_arena_text(v->arena, start, length);
    if (trimmed == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    out->enough = AMONG(trimmed, enough);
    if (out->enough || is_unknown(trimmed))
        return AG_OK;
    out->text = trimmed;
    if (q->kind == AG_ANSWER_CHOICE)
        return understand_choice(v, q, trimmed, out, error);
    if (q->kind == AG_ANSWER_SEVERAL)
        return ag_signs_answer(v->signs, v->sign_count, v->vocabulary, v->language, v->arena, out,
                               error);
    if (q->kind == AG_ANSWER_LIST && AMONG(trimmed, yes))
        return ag_fail(error, AG_ERROR_VALUE, "%s",
                       ag_say(v->language, "Write the names, with commas between them."));
    if (q->kind == AG_ANSWER_NUMBER && strspn(trimmed, "0123456789") == 0)
        return ag_fail(error, AG_ERROR_VALUE, "%s", ag_say(v->language, "Give a number."));
    if (q->kind == AG_ANSWER_YES_NO) {
        out->choice = AMONG(trimmed, yes) ? 1 : AMONG(trimmed, no) ? 0 : -1;
        if (out->choice < 0)
            return ag_fail(error, AG_ERROR_VALUE, "%s", ag_say(v->language, "Answer yes or no."));
    }
    return AG_OK;
}

ag_status ag_interview_answer(ag_interview *v, const char *answer, ag_error *error) {
    ag_answer understood;
    ag_status status = understand(v, v->next, answer, &understood, error);
    if (status != AG_OK)
        return status;
    ag_judgement j;
    v->answers[v->answer_count] = understood;
    status = judge(&j, v, v->answer_count + 1, error);
    if (status != AG_OK) {
        judgement_free(&j);
        return status;
    }
    v->answer_count++;
    settle(v, &j);
    return AG_OK;
}

bool ag_interview_back(ag_interview *v) {
    if (v->answer_count == 0)
        return false;
    const ag_question *again = v->answers[v->answer_count - 1].question;
    ag_judgement j;
    if (judge(&j, v, v->answer_count - 1, NULL) != AG_OK) {
        judgement_free(&j);
        return false;
    }
    v->answer_count--;
    settle(v, &j);
    v->next = again;
    return true;
}

/* ---- beginning and end ---- */

/* Findings with states are choices, in the words of their cards. */
static void add_states(ag_interview *v) {
    const ag_knowledge *knowledge = ag_engine_knowledge(v->engine);
    for (int i = 0; i < v->question_count; i++) {
        ag_question *q = &v->questions[i];
        int variable = is_opening(q->id) ? -1 : ag_knowledge_variable(knowledge, q->id);
        const ag_finding *finding =
            variable < 0 ? NULL : ag_knowledge_finding_of(knowledge, variable);
        if (finding == NULL || finding->value != AG_VALUE_STATES)
            continue;
        const ag_variable *card = &knowledge->variables[variable];
        const ag_texts *names =
            ag_localized_texts(&card->state_names_en, &card->state_names_es, v->language);
        const ag_texts *states = names->count > 0 ? names : &card->states;
        q->kind = AG_ANSWER_CHOICE;
        q->choices = states->items;
        q->choice_count = states->count;
    }
}

static ag_status set_date(ag_interview *v, const char *as_of, ag_error *error) {
    ag_days day = ag_days_on(ag_day_today());
    if (as_of != NULL && (!ag_date_read(as_of, &day) || day.first != day.last))
        return ag_fail(error, AG_ERROR_VALUE, "\"%.40s\" is no day. Write it like 2024-05-31",
                       as_of);
    ag_days_write(day, v->date);
    return AG_OK;
}

static ag_status open_interview(ag_interview *v, const char *as_of, ag_error *error) {
    ag_status status = set_date(v, as_of, error);
    if (status == AG_OK)
        status = ag_session_new(&v->session, v->engine, error);
    if (status != AG_OK)
        return status;
    v->vocabulary = ag_vocabulary_new(ag_engine_knowledge(v->engine));
    v->questions = ag_questions_read(v->language, v->arena, &v->question_count);
    assert(v->question_count < MOST_QUESTIONS);
    if (v->vocabulary == NULL || v->questions == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    add_states(v);
    ag_judgement j;
    status = judge(&j, v, 0, error);
    if (status == AG_OK)
        settle(v, &j);
    else
        judgement_free(&j);
    return status;
}

ag_status ag_interview_new(ag_interview **out, const ag_engine *engine, const char *language,
                           const char *as_of, ag_error *error) {
    *out = NULL;
    ag_arena *arena = ag_arena_new();
    ag_interview *v = arena == NULL ? NULL : ag_arena_alloc(arena, sizeof *v);
    if (v == NULL) {
        ag_arena_free(arena);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    *v = (ag_interview){.arena = arena, .engine = engine, .language = ag_language_of(language)};
    ag_status status = open_interview(v, as_of, error);
    if (status == AG_OK)
        *out = v;
    else
        ag_interview_free(v);
    return status;
}

void ag_interview_free(ag_interview *v) {
    if (v == NULL)
        return;
    judgement_free(&v->now);
    ag_vocabulary_free(v->vocabulary);
    ag_session_free(v->session);
    ag_arena_free(v->arena);
}

/* ---- what is known ---- */

const ag_question *ag_interview_question(const ag_interview *v) {
    return v->next;
}

const ag_patient *ag_interview_patient(const ag_interview *v) {
    return v->now.patient;
}

const ag_assessment *ag_interview_assessment(const ag_interview *v) {
    return v->now.assessment;
}

const ag_plan_flag *ag_interview_flags(const ag_interview *v, int *count) {
    *count = v->now.flag_count;
    return v->now.flags;
}

const char *ag_interview_case(const ag_interview *v) {
    return v->now.text;
}

char *ag_interview_estimate(const ag_interview *v) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_report_options options = ag_report_options_defaults();
    options.language = ag_language_code(v->language);
    ag_view view = ag_view_of(v->now.assessment, v->now.patient, ag_engine_knowledge(v->engine),
                              &options, arena);
    const ag_mechanism_result *first = ag_assessment_mechanism(v->now.assessment, 0);
    ag_buffer line = ag_buffer_start(arena);
    ag_buffer_format(&line, ag_say(v->language, "Most likely so far: %s (%s)"),
                     ag_view_name(&view, first->id), ag_frequency(&view, first->probability.value));
    char *text = ag_report_take(&line);
    ag_arena_free(arena);
    return text;
}
