/*
 * A typed line is cut at commas, semicolons and line ends. Each piece is read as the case reader
 * reads an entry, so that what is understood here is what the case will mean. A piece that says
 * nothing alone may belong to the piece before ("RPLND, bilateral, 2015"); then it is cut at "and".
 */
#include "antegrade/understand.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case_reader.h"
#include "json_writer.h"
#include "text.h"
#include "typed.h"

enum { LONGEST = 2000, FACTS = 64, SUGGESTIONS = 20 };

typedef struct problem {
    char text[AG_TYPED_TEXT];
    const char *reason;
    char message[AG_TYPED_WHY];
    char nearest[3][AG_TYPED_ID]; /* "" behind the last */
} problem;

typedef struct reading {
    const ag_vocabulary *vocabulary;
    const ag_knowledge *knowledge;
    ag_language language;
    int as_of;
    ag_typed_fact facts[FACTS];
    int fact_count;
    problem problems[FACTS];
    int problem_count;
    bool out_of_memory;
} reading;

/* ---- one piece as an entry of a list ---- */

static void write_time(const ag_case_time *time, char out[AG_DATE_TEXT]) {
    bool known = time->given && time->resolved && !ag_days_unknown(time->days) &&
                 time->days.first != INT_MIN;
    out[0] = '\0';
    if (known)
        ag_days_write(time->days, out);
}

static void take_cause(const reading *r, const ag_case *c, ag_typed_fact *out) {
    const ag_case_cause *cause = c->causes;
    out->term = (ag_term){AG_TERM_CAUSE, cause->fact.cause};
    out->kind = ag_fact_kind_of_cause(r->knowledge->causes[cause->fact.cause].kind, &out->key);
    out->is_cause = true;
    out->denied = !cause->fact.present;
    write_time(&cause->start, out->since);
    write_time(&cause->end, out->until);
}

static void take_finding(const reading *r, const ag_case *c, ag_typed_fact *out) {
    const ag_case_finding *finding = c->findings;
    const ag_finding *card = &r->knowledge->findings[finding->fact.finding];
    ag_finding_value no;
    out->term = (ag_term){AG_TERM_FINDING, finding->fact.finding};
    out->kind = ag_fact_kind_of_finding(card->kind, &out->key);
    out->denied = card->value == AG_VALUE_YES_NO &&
                  ag_finding_value_absent(r->knowledge, finding->fact.finding, &no) &&
                  no.state == finding->fact.state;
    write_time(finding->since.given ? &finding->since : &finding->date, out->since);
}

/* Two causes in one entry are better apart, but for words that are said of both ("stopped a and
 * b").
 */
static bool several(const reading *r, const ag_case *c) {
    const ag_case_cause *one = c->causes, *two = one != NULL ? one->next : NULL;
    if (two == NULL)
        return false;
    const ag_cause *causes = r->knowledge->causes;
    bool alike = causes[one->fact.cause].kind == causes[two->fact.cause].kind;
    bool plain = one->fact.present && !one->fact.ended && !one->fact.planned;
    return plain && (!alike || (!one->start.given && !one->end.given));
}

static void fill_problem(problem *out, const char *text, const ag_patient *patient,
                         ag_status status, const ag_error *error) {
    *out = (problem){.reason = "value"};
    snprintf(out->text, sizeof out->text, "%s", text);
    if (status != AG_OK) {
        snprintf(out->message, sizeof out->message, "%s", error->message);
        return;
    }
    const ag_unused *unused = patient->unused_count > 0 ? &patient->unused[0] : NULL;
    out->reason = ag_unused_reason_name(unused != NULL ? unused->reason : AG_UNUSED_UNKNOWN);
    snprintf(out->message, sizeof out->message, "%s",
             unused != NULL ? unused->why : ag_say(patient->language, "it is not known"));
    for (int i = 0; unused != NULL && i < 3 && unused->nearest[i] != NULL; i++)
        snprintf(out->nearest[i], AG_TYPED_ID, "%s", unused->nearest[i]);
}

typedef enum outcome { NOTHING, IN_PART, WHOLLY } outcome;

/* Times that count from the rest of the case are not resolved here, which is no fault. */
static outcome take_entry(reading *r, ag_case *c, ag_status status, const char *text,
                          ag_typed_fact *out, problem *wrong) {
    ag_patient *patient = c->patient;
    if (status != AG_OK || (c->causes == NULL && c->findings == NULL)) {
        fill_problem(wrong, text, patient, status, c->error);
        return NOTHING;
    }
    bool noted = patient->unused_count > 0;
    if (noted)
        snprintf(out->note, sizeof out->note, "%s", patient->unused[0].why);
    c->error = NULL;
    (void)ag_case_settle(c);
    out->is_several = several(r, c);
    if (c->causes != NULL)
        take_cause(r, c, out);
    else
        take_finding(r, c, out);
    out->is_list = true;
    snprintf(out->value, sizeof out->value, "%s", text);
    return noted ? IN_PART : WHOLLY;
}

static outcome read_in(reading *r, const char *text, ag_case_section section, ag_typed_fact *out,
                       problem *wrong) {
    ag_error error = {0};
    ag_patient *patient = ag_patient_new(r->knowledge);
    if (patient == NULL) {
        r->out_of_memory = true;
        return NOTHING;
    }
    patient->as_of = r->as_of;
    patient->language = r->language;
    ag_case c = {.vocabulary = r->vocabulary,
                 .knowledge = r->knowledge,
                 .patient = patient,
                 .arena = patient->arena,
                 .error = &error};
    c.causes_end = &c.causes;
    c.findings_end = &c.findings;
    c.samples_end = &c.samples;
    ag_node node = {.kind = AG_NODE_TEXT, .text = text, .line = 1, .column = 1};
    ag_status status = ag_case_entries(&c, &node, section, NULL);
    outcome result = take_entry(r, &c, status, text, out, wrong);
    r->out_of_memory = r->out_of_memory || status == AG_ERROR_MEMORY;
    ag_patient_free(patient);
    return result;
}

/* A finding first; what fails as such may still be a cause ("testosterone gel"). */
static outcome read_entry(reading *r, const char *text, ag_typed_fact *out, problem *wrong) {
    ag_typed_fact finding = {.kind = NULL}, cause = {.kind = NULL};
    problem other;
    outcome first = read_in(r, text, AG_SECTION_SYMPTOMS, &finding, wrong);
    outcome second =
        first == WHOLLY ? NOTHING : read_in(r, text, AG_SECTION_MEDICINES, &cause, &other);
    *out = second > first ? cause : finding;
    return second > first ? second : first;
}

static outcome read_piece(reading *r, const char *typed, ag_typed_fact *out, problem *wrong) {
    char text[AG_TYPED_TEXT];
    ag_typed_with_years(typed, r->as_of, text);
    *out = (ag_typed_fact){.kind = NULL};
    outcome result =
        ag_typed_person(r->vocabulary, text, out) ? WHOLLY : read_entry(r, text, out, wrong);
    snprintf(out->text, sizeof out->text, "%s", typed);
    return result;
}

/* ---- pieces ---- */

static void add_fact(reading *r, const ag_typed_fact *fact) {
    if (r->fact_count < FACTS)
        r->facts[r->fact_count++] = *fact;
}

static void add_problem(reading *r, const problem *wrong) {
    if (r->problem_count < FACTS)
        r->problems[r->problem_count++] = *wrong;
}

/* Whether the piece belongs to the cause before it, and is now part of it. */
static bool joined(reading *r, const char *text) {
    ag_typed_fact *last = r->fact_count > 0 ? &r->facts[r->fact_count - 1] : NULL, both;
    char longer[2 * AG_TYPED_TEXT + 2];
    problem wrong;
    if (last == NULL || !last->is_list || last->is_empty || last->since[0] != '\0')
        return false;
    snprintf(longer, sizeof longer, "%s %s", last->text, text);
    if (strlen(longer) >= AG_TYPED_TEXT || read_piece(r, longer, &both, &wrong) != WHOLLY ||
        both.term.kind != last->term.kind || both.term.index != last->term.index)
        return false;
    *last = both;
    return true;
}

/* The second half of "a and b", when there is one; `text` then ends before the "and". */
static char *cut_at_and(char *text) {
    static const char *const joints[] = {" and ", " plus ", " with ", " y ", " e ", " con ", " & "};
    char *first = NULL;
    size_t skip = 0;
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        size_t n = strlen(joints[i]);
        for (char *at = text; *at != '\0'; at++)
            if (strncasecmp(at, joints[i], n) == 0 && (first == NULL || at < first)) {
                first = at;
                skip = n;
            }
    }
    if (first == NULL)
        return NULL;
    *first = '\0';
    return first + skip;
}

static bool is_bare_years(const char *text) {
    ag_words words;
    double number;
    ag_words_read(&words, text);
    return words.count == 2 && ag_words_number(&words, 0, &number) && number >= 18 &&
           ag_words_in(&words, 1, "|years|year|anos|");
}

static void understand_piece(reading *r, const char *text);

/* Read "a and b" as two pieces, where there is an "and". */
static bool in_halves(reading *r, const char *text) {
    char halves[AG_TYPED_TEXT];
    snprintf(halves, sizeof halves, "%s", text);
    char *second = cut_at_and(halves);
    if (second == NULL)
        return false;
    understand_piece(r, halves);
    understand_piece(r, second);
    return true;
}

/* The same, undone where the halves do not tell two things ("a child with his wife"). */
static bool apart(reading *r, const char *text) {
    int facts = r->fact_count, problems = r->problem_count;
    ag_typed_fact last = {.kind = NULL};
    if (facts > 0)
        last = r->facts[facts - 1]; /* a half may be joined to it */
    if (!in_halves(r, text))
        return false;
    if (r->fact_count >= facts + 2)
        return true;
    r->fact_count = facts;
    r->problem_count = problems;
    if (facts > 0)
        r->facts[facts - 1] = last;
    return false;
}

/* Behind a test of semen the words "semen" and "sperm" may be left out ("…, pH 6.5"). */
static bool of_the_sample(reading *r, const char *text) {
    static const char *const forms[] = {"semen %s", "%s in semen", "sperm %s"};
    ag_typed_fact *last = r->fact_count > 0 ? &r->facts[r->fact_count - 1] : NULL, fact;
    problem wrong;
    if (last == NULL || last->term.kind != AG_TERM_FINDING ||
        r->knowledge->findings[last->term.index].sample != AG_SAMPLE_SEMEN)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char longer[AG_TYPED_TEXT + 16];
        snprintf(longer, sizeof longer, forms[i], text);
        if (strlen(longer) < AG_TYPED_TEXT - 40 && read_piece(r, longer, &fact, &wrong) == WHOLLY) {
            add_fact(r, &fact);
            return true;
        }
    }
    return false;
}

static void explain(const reading *r, problem *wrong, const char *text) {
    if (ag_typed_age_outside(text)) {
        wrong->reason = "value";
        snprintf(wrong->message, sizeof wrong->message, "%s",
                 ag_say(r->language, "only adults are assessed, from 18 years"));
    } else if (is_bare_years(text)) {
        wrong->reason = "unclear";
        snprintf(wrong->message, sizeof wrong->message,
                 ag_say(r->language,
                        "an age or a length of time? Write \"aged %.60s\" or \"for %.60s\""),
                 text, text);
    }
}

static void understand_piece(reading *r, const char *text) {
    ag_typed_fact fact;
    problem wrong = {.reason = "unknown"};
    if (ag_typed_time(text) && joined(r, text))
        return;
    outcome result = read_piece(r, text, &fact, &wrong);
    if (result == WHOLLY) {
        if (!fact.is_several || !apart(r, text))
            add_fact(r, &fact);
        return;
    }
    if (joined(r, text) || of_the_sample(r, text) || in_halves(r, text))
        return;
    if (result == IN_PART) {
        add_fact(r, &fact);
        return;
    }
    explain(r, &wrong, text);
    add_problem(r, &wrong);
}

static bool is_cut(const char *text, size_t i) {
    bool decimal = text[i] == ',' && i > 0 && isdigit((unsigned char)text[i - 1]) &&
                   isdigit((unsigned char)text[i + 1]);
    return text[i] == ';' || text[i] == '\n' || text[i] == '\r' || (text[i] == ',' && !decimal) ||
           (text[i] == '.' && (text[i + 1] == ' ' || text[i + 1] == '\0'));
}

/* "…, and no pain": the piece is what follows. */
static void skip_and(const char **piece, size_t *length) {
    static const char *const joints[] = {"and ", "y ", "e "};
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        size_t n = strlen(joints[i]);
        if (*length > n && strncasecmp(*piece, joints[i], n) == 0) {
            *piece += n;
            *length -= n;
            return;
        }
    }
}

/* The pieces one after the other; the last one is returned for what may be meant to follow. */
static void understand_all(reading *r, const char *text, char last[AG_TYPED_TEXT]) {
    size_t start = 0;
    last[0] = '\0';
    for (size_t i = 0;; i++) {
        if (text[i] != '\0' && !is_cut(text, i))
            continue;
        const char *piece = text + start;
        size_t length = i - start;
        ag_text_trim(&piece, &length);
        skip_and(&piece, &length);
        start = i + 1;
        snprintf(last, AG_TYPED_TEXT, "%.*s", (int)length, piece);
        if (length >= AG_TYPED_TEXT - 40) {
            problem wrong = {.reason = "unclear"};
            snprintf(wrong.text, sizeof wrong.text, "%.60s …", piece);
            snprintf(wrong.message, sizeof wrong.message, "%s",
                     ag_say(r->language, "it is too long; write each fact apart"));
            add_problem(r, &wrong);
        } else if (length > 0) {
            understand_piece(r, last);
        }
        if (text[i] == '\0')
            return;
    }
}

/* ---- the answer ---- */

static const char *kind_of(const reading *r, ag_term term) {
    const char *key;
    if (term.kind == AG_TERM_CAUSE)
        return ag_fact_kind_of_cause(r->knowledge->causes[term.index].kind, &key);
    return ag_fact_kind_of_finding(r->knowledge->findings[term.index].kind, &key);
}

static void write_card(const reading *r, ag_json *json, ag_term term) {
    bool named = term.kind != 0;
    ag_json_text(json, "id", named ? ag_vocabulary_id(r->vocabulary, term) : NULL);
    ag_json_text(json, "name",
                 named ? ag_vocabulary_name_in(r->vocabulary, term, r->language == AG_SPANISH)
                       : NULL);
}

static void write_entry(ag_json *json, const ag_typed_fact *fact) {
    ag_json_object(json, "entry");
    if (fact->is_list) {
        ag_json_array(json, fact->key);
        if (!fact->is_empty)
            ag_json_text(json, NULL, fact->value);
        ag_json_end(json);
    } else if (fact->is_number)
        ag_json_number(json, fact->key, strtod(fact->value, NULL));
    else
        ag_json_text(json, fact->key, fact->value);
    ag_json_end(json);
}

static void write_facts(const reading *r, ag_json *json) {
    ag_json_array(json, "facts");
    for (int i = 0; i < r->fact_count; i++) {
        const ag_typed_fact *fact = &r->facts[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "kind", fact->kind);
        write_card(r, json, fact->term);
        ag_json_text(json, "text", fact->text);
        ag_json_bool(json, "denied", fact->denied);
        ag_json_text(json, "since", fact->since[0] != '\0' ? fact->since : NULL);
        ag_json_text(json, "until", fact->until[0] != '\0' ? fact->until : NULL);
        ag_json_text(json, "note", fact->note[0] != '\0' ? fact->note : NULL);
        write_entry(json, fact);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_problems(const reading *r, ag_json *json) {
    ag_json_array(json, "not_understood");
    for (int i = 0; i < r->problem_count; i++) {
        const problem *p = &r->problems[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "text", p->text);
        ag_json_text(json, "reason", p->reason);
        ag_json_text(json, "message", p->message);
        ag_json_array(json, "nearest");
        for (int n = 0; n < 3 && p->nearest[n][0] != '\0'; n++)
            ag_json_text(json, NULL, p->nearest[n]);
        ag_json_end(json);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_suggestions(const reading *r, ag_json *json, const char *last, int most) {
    ag_suggestion found[SUGGESTIONS];
    int count = ag_vocabulary_suggest(r->vocabulary, AG_TERM_CAUSE | AG_TERM_FINDING, last,
                                      r->language == AG_SPANISH, found,
                                      most < SUGGESTIONS ? most : SUGGESTIONS);
    ag_json_array(json, "suggestions");
    for (int i = 0; i < count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "kind", kind_of(r, found[i].term));
        write_card(r, json, found[i].term);
        ag_json_text(json, "match", found[i].name);
        ag_json_end(json);
    }
    ag_json_end(json);
}

static char *write_all(const reading *r, const char *last, int most) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    write_facts(r, &json);
    write_problems(r, &json);
    write_suggestions(r, &json, last, most);
    ag_json_end(&json);
    const char *text = ag_buffer_text(&buffer);
    char *copy = text != NULL ? strdup(text) : NULL;
    ag_arena_free(arena);
    return copy;
}

ag_understand_options ag_understand_options_defaults(void) {
    return (ag_understand_options){
        .size = sizeof(ag_understand_options), .language = "en", .suggestions = 8};
}

static ag_status start(reading *r, const ag_vocabulary *vocabulary, const char *text,
                       const ag_understand_options *options, ag_error *error) {
    ag_days day;
    r->vocabulary = vocabulary;
    r->knowledge = ag_vocabulary_knowledge(vocabulary);
    r->language = ag_language_of(options->language);
    r->as_of = ag_day_today();
    if (strlen(text) > LONGEST)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "the text is longer than %d bytes", LONGEST);
    if (!ag_utf8_valid(text, strlen(text), NULL))
        return ag_fail(error, AG_ERROR_SYNTAX, "the text is not UTF-8");
    if (options->as_of == NULL)
        return AG_OK;
    if (!ag_date_read(options->as_of, &day) || day.first != day.last)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "the day of the assessment \"%.60s\" is no date like 2024-03-15",
                       options->as_of);
    r->as_of = day.first;
    return AG_OK;
}

ag_status ag_understand(char **out, const ag_vocabulary *vocabulary, const char *text,
                        const ag_understand_options *options, ag_error *error) {
    ag_understand_options defaults = ag_understand_options_defaults();
    const ag_understand_options *used = options != NULL ? options : &defaults;
    char last[AG_TYPED_TEXT];
    *out = NULL;
    reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = start(r, vocabulary, text, used, error);
    if (status == AG_OK) {
        understand_all(r, text, last);
        *out = r->out_of_memory ? NULL : write_all(r, last, used->suggestions);
        if (*out == NULL)
            status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    free(r);
    return status;
}

void ag_understand_free(char *json) {
    free(json);
}
