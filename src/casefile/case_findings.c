/*
 * Findings: symptoms, signs and tests. A line is a name ("dry orgasm"), a denied name ("no blood in
 * semen", "vas not palpable"), or a name with a value before or behind it ("low semen volume",
 * "semen volume 0.8 mL"). The longest name that fits is taken.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case_reader.h"
#include "text.h"

enum { LINE = 400, MOST_DAYS = 3650 };

/* ---- samples ---- */

static ag_case_sample *new_sample(ag_case *c) {
    ag_case_sample *sample = ag_arena_alloc(c->arena, sizeof *sample);
    if (sample == NULL)
        return NULL;
    *sample = (ag_case_sample){.abstinence_days = NAN, .index = {-1, -1, -1}};
    *c->samples_end = sample;
    c->samples_end = &sample->next;
    return sample;
}

static bool same_time(const ag_case_time *a, const ag_case_time *b) {
    const ag_when *x = &a->when, *y = &b->when;
    return x->kind == y->kind && x->days.first == y->days.first && x->days.last == y->days.last &&
           x->span.first == y->span.first && x->span.last == y->span.last &&
           x->age_low == y->age_low && strcmp(x->anchor, y->anchor) == 0;
}

/* A test of semen or urine that stands outside the samples: those of one date are one sample. */
static ag_case_sample *loose_sample(ag_case *c, const ag_case_time *date) {
    for (ag_case_sample *sample = c->samples; sample != NULL; sample = sample->next) {
        if (sample->date.given == date->given && (!date->given || same_time(&sample->date, date)))
            return sample;
    }
    ag_case_sample *sample = new_sample(c);
    if (sample != NULL)
        sample->date = *date;
    return sample;
}

static int sample_index(ag_case *c, ag_case_sample *sample, ag_sample_kind kind) {
    if (sample->index[kind] < 0)
        sample->index[kind] = ag_patient_add_sample(
            c->patient, &(ag_sample){.kind = kind,
                                     .date = AG_DAYS_UNKNOWN,
                                     .abstinence_days = sample->abstinence_days,
                                     .collection = sample->collection});
    return sample->index[kind];
}

/* ---- adding ---- */

static ag_status add_finding(ag_case *c, const ag_node *node, int finding, ag_finding_value value,
                             const ag_case_finding *times, ag_case_sample *sample) {
    ag_case_finding *copy = ag_arena_alloc(c->arena, sizeof *copy);
    const ag_finding *card = &c->knowledge->findings[finding];
    if (copy == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    *copy = times != NULL ? *times : (ag_case_finding){.next = NULL};
    copy->fact = (ag_finding_fact){
        .finding = finding, .state = value.state, .low = value.low, .high = value.high};
    copy->fact.sample = -1;
    if (card->sample != AG_SAMPLE_NONE) {
        if (sample == NULL)
            sample = loose_sample(c, &copy->date);
        copy->fact.sample = sample != NULL ? sample_index(c, sample, card->sample) : -1;
        if (copy->fact.sample < 0)
            return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    }
    char text[256];
    ag_finding_text(c->knowledge, finding, value, text, sizeof text);
    copy->fact.text = ag_arena_copy(c->arena, text);
    copy->fact.where = ag_case_where(c, node);
    if (copy->fact.text == NULL || copy->fact.where == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    *c->findings_end = copy;
    c->findings_end = &copy->next;
    return AG_OK;
}

/* Within a sample "volume" is the semen's, "concentration" that of the sperm. */
static bool find_finding(const ag_case *c, const char *name, bool in_sample, int *out) {
    char longer[LINE];
    ag_term term = {AG_TERM_FINDING, -1};
    bool found = ag_vocabulary_find(c->vocabulary, AG_TERM_FINDING, name, &term);
    bool of_man = found && c->knowledge->findings[term.index].sample == AG_SAMPLE_NONE;
    static const char *const forms[] = {"semen %.300s", "%.300s in semen", "sperm %.300s",
                                        "urine %.300s", "%.300s in urine"};
    for (size_t i = 0; in_sample && (!found || of_man) && i < 5; i++) {
        ag_term other;
        snprintf(longer, sizeof longer, forms[i], name);
        if (ag_vocabulary_find(c->vocabulary, AG_TERM_FINDING, longer, &other)) {
            term = other;
            found = true;
            of_man = false;
        }
    }
    *out = term.index;
    return found;
}

static ag_status add_present(ag_case *c, const ag_node *node, int finding, bool absent,
                             const ag_case_finding *times, ag_case_sample *sample) {
    ag_finding_value value = {.state = 1};
    ag_status status = AG_OK;
    if (absent) {
        if (!ag_finding_value_absent(c->knowledge, finding, &value))
            status = ag_finding_value_read(c->knowledge, finding, "absent", NULL,
                                           c->patient->language, &value, c->error);
    } else if (c->knowledge->findings[finding].value != AG_VALUE_YES_NO) {
        status =
            ag_finding_value_read(c->knowledge, finding, "present", NULL, AG_ENGLISH, &value, NULL);
        if (status != AG_OK)
            status = ag_finding_value_read(c->knowledge, finding, "", NULL, c->patient->language,
                                           &value, c->error);
    }
    if (status != AG_OK)
        return ag_case_at(c, node, status);
    return add_finding(c, node, finding, value, times, sample);
}

/* ---- values ---- */

/* "0.8 mL on 2024-03", "0.8 mL (2024-03)": cut the date off `value` where there is one. */
static bool cut_date(char *value, ag_when *when) {
    static const char *const joints[] = {" (",    ", ",      " on ", " in ", " since ",
                                         " for ", " desde ", " en ", " el "};
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        char *at = strstr(value, joints[i]);
        char tail[LINE];
        if (at == NULL)
            continue;
        snprintf(tail, sizeof tail, "%s", at); /* with its joint, as "since TURP" needs it */
        size_t length = strlen(tail);
        if (tail[length - 1] == ')')
            tail[length - 1] = '\0';
        if (ag_when_read(tail, when)) {
            *at = '\0';
            return true;
        }
    }
    return false;
}

static const char *skip_joint(const char *value) {
    static const char *const joints[] = {"is ", "was ", "of ", "es ", "de ", "fue "};
    value += strspn(value, " :=,");
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++)
        if (strncmp(value, joints[i], strlen(joints[i])) == 0)
            value += strlen(joints[i]);
    return value + strspn(value, " ");
}

/* Read a value of `*finding`. A quantity that only a finer finding can hold is that finding's:
 * "sperm in urine: 15 per field" counts them. */
static ag_status read_as_finest(ag_case *c, int *finding, const char *text, const char *unit,
                                ag_finding_value *value) {
    const ag_knowledge *k = c->knowledge;
    if (ag_finding_value_read(k, *finding, text, unit, AG_ENGLISH, value, NULL) == AG_OK)
        return AG_OK;
    for (int i = 0; i < k->finding_count; i++) {
        const ag_finding *finer = &k->findings[i];
        bool measures = false;
        for (int j = 0; j < finer->coarser.count; j++)
            measures = measures || finer->coarser.items[j] == *finding;
        if (measures && finer->value == AG_VALUE_QUANTITY && strcmp(finer->unit, "1") != 0 &&
            ag_finding_value_read(k, i, text, unit, AG_ENGLISH, value, NULL) == AG_OK) {
            *finding = i;
            return AG_OK;
        }
    }
    return ag_finding_value_read(k, *finding, text, unit, c->patient->language, value, c->error);
}

/* A value with a date, or a date alone for a finding that is present. */
static ag_status read_value(ag_case *c, const ag_node *node, int finding, const char *value,
                            ag_case_sample *sample, bool *understood) {
    char text[LINE];
    ag_finding_value read;
    ag_case_finding times = {.next = NULL};
    const ag_finding *card = &c->knowledge->findings[finding];
    snprintf(text, sizeof text, " %.300s", skip_joint(value));
    ag_when when;
    bool timed = ag_when_read(text, &when) && card->value == AG_VALUE_YES_NO;
    if (timed)
        text[0] = '\0';
    else
        timed = cut_date(text, &when);
    ag_case_time time = {.given = timed, .in_passing = true, .when = when, .node = node};
    if (card->kind == AG_FINDING_SYMPTOM)
        times.since = time;
    else
        times.date = time;
    const char *rest = text + strspn(text, " ");
    *understood = true;
    if (*rest == '\0')
        return add_present(c, node, finding, false, &times, sample);
    ag_status status = read_as_finest(c, &finding, rest, NULL, &read);
    if (status == AG_OK)
        return add_finding(c, node, finding, read, &times, sample);
    if (card->value == AG_VALUE_YES_NO) {
        *understood = false;
        return AG_OK;
    }
    return ag_case_at(c, node, status);
}

/* ---- a line ---- */

static bool is_break(char c) {
    return c == ' ' || c == ':' || c == '=' || c == '\0';
}

/* The longest beginning of `text` that is a finding; `value` is what follows it. */
static bool split_front(const ag_case *c, const char *text, bool in_sample, int *finding,
                        const char **value) {
    char name[LINE];
    for (size_t n = strlen(text) < LINE ? strlen(text) : LINE - 1; n > 0; n--) {
        if (!is_break(text[n]) || is_break(text[n - 1]))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)n, text);
        if (find_finding(c, name, in_sample, finding)) {
            *value = text + n;
            return true;
        }
    }
    return false;
}

/* The longest end of `text` that is a finding, with a value of it before. */
static bool split_back(const ag_case *c, const char *text, bool in_sample, int *finding,
                       ag_finding_value *value) {
    size_t length = strlen(text);
    for (size_t n = 1; n + 1 < length && n < LINE; n++) {
        char front[LINE];
        if (text[n] != ' ' || !find_finding(c, text + n + 1, in_sample, finding))
            continue;
        snprintf(front, sizeof front, "%.*s", (int)n, text);
        if (ag_finding_value_read(c->knowledge, *finding, front, NULL, AG_ENGLISH, value, NULL) ==
            AG_OK)
            return true;
    }
    return false;
}

/* "Normal libido" */
static bool says_absent(const ag_case *c, const char *text, int *finding) {
    ag_term term;
    bool found = ag_vocabulary_find(c->vocabulary, AG_TERM_ABSENCE, text, &term);
    if (found)
        *finding = term.index;
    return found;
}

/* `text` less the word at `words[from]..`, or less a "not" within it, as a finding. */
static bool denied(const ag_case *c, const char *text, bool in_sample, int *finding) {
    ag_words words;
    size_t length;
    ag_words_read(&words, text);
    int used = ag_negation(&words, 0);
    char rest[AG_WORDS_TEXT];
    const char *tail = ag_words_span(&words, used, words.count - used, &length);
    snprintf(rest, sizeof rest, "%.*s", (int)length, tail);
    if (used > 0 && find_finding(c, rest, in_sample, finding))
        return true;
    for (int i = 1; i + 1 < words.count; i++) {
        if (!ag_words_in(&words, i, "|not|no|"))
            continue;
        size_t before;
        const char *front = ag_words_span(&words, 0, i, &before);
        tail = ag_words_span(&words, i + 1, words.count - i - 1, &length);
        snprintf(rest, sizeof rest, "%.*s %.*s", (int)before, front, (int)length, tail);
        if (find_finding(c, rest, in_sample, finding))
            return true;
    }
    return false;
}

ag_status ag_case_finding_line(ag_case *c, const ag_node *node, const char *text, bool absent,
                               ag_case_sample *sample, bool *understood) {
    int finding;
    ag_finding_value value;
    const char *rest;
    *understood = true;
    if (strlen(text) >= LINE) {
        *understood = false;
        return AG_OK;
    }
    if (find_finding(c, text, sample != NULL, &finding))
        return add_present(c, node, finding, absent, NULL, sample);
    if (denied(c, text, sample != NULL, &finding) || (!absent && says_absent(c, text, &finding)))
        return add_present(c, node, finding, true, NULL, sample);
    if (split_front(c, text, sample != NULL, &finding, &rest))
        return absent ? add_present(c, node, finding, true, NULL, sample)
                      : read_value(c, node, finding, rest, sample, understood);
    if (split_back(c, text, sample != NULL, &finding, &value))
        return add_finding(c, node, finding, value, NULL, sample);
    *understood = false;
    return AG_OK;
}

ag_status ag_case_finding_pair(ag_case *c, const ag_node *node, const char *name, const char *value,
                               ag_case_sample *sample, bool *understood) {
    int finding;
    *understood = find_finding(c, name, sample != NULL, &finding);
    if (!*understood)
        return AG_OK;
    ag_status status = read_value(c, node, finding, value, sample, understood);
    if (status != AG_OK || *understood)
        return status;
    ag_finding_value out; /* a yes-no finding with another word: say what it may be */
    return ag_case_at(c, node,
                      ag_finding_value_read(c->knowledge, finding, value, NULL,
                                            c->patient->language, &out, c->error));
}

/* ---- a map ---- */

typedef struct test {
    const char *value;
    const char *unit;
    const ag_node *value_node;
    bool absent;
    ag_case_finding times;
} test;

static ag_status read_test_field(ag_case *c, const ag_node *node, test *t) {
    const char *text;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK || ag_case_is_unknown(node))
        return status;
    if (ag_case_key_in(node->key, "|name|nombre|test|finding|note|"))
        return AG_OK;
    if (ag_case_key_in(node->key, "|value|result|state|valor|resultado|present|")) {
        t->value = text;
        t->value_node = node;
    } else if (ag_case_key_in(node->key, "|unit|unidad|units|")) {
        t->unit = text;
    } else if (ag_case_key_in(node->key, "|date|fecha|")) {
        return ag_case_time_read(c, node, text, &t->times.date);
    } else if (ag_case_key_in(node->key, "|since|onset|desde|")) {
        return ag_case_time_read(c, node, text, &t->times.since);
    } else {
        return ag_case_fail(c, node, AG_ERROR_NAME,
                            "\"%.60s\" is no key of a finding. Use name, value, unit, date or "
                            "since",
                            node->key);
    }
    return AG_OK;
}

ag_status ag_case_finding_map(ag_case *c, const ag_node *map, const char *name, bool absent,
                              ag_case_sample *sample, bool *understood) {
    int finding;
    bool found = find_finding(c, name, sample != NULL, &finding);
    bool no = !found && denied(c, name, sample != NULL, &finding);
    bool normal = !found && !no && !absent && says_absent(c, name, &finding);
    *understood = found || no || normal;
    if (!*understood)
        return AG_OK;
    test t = {.absent = absent || no || normal, .times = {.next = NULL}};
    ag_status status = AG_OK;
    for (const ag_node *node = map->first; node != NULL && status == AG_OK; node = node->next)
        status = read_test_field(c, node, &t);
    if (status != AG_OK)
        return status;
    if (normal && t.value != NULL && ag_yes_or_no(t.value) <= 0)
        return ag_case_fail(c, t.value_node, AG_ERROR_VALUE,
                            "\"%.60s\" says that there is no %.60s. Leave the value out, or name "
                            "what there is",
                            name,
                            ag_vocabulary_name_in(c->vocabulary,
                                                  (ag_term){AG_TERM_FINDING, finding},
                                                  c->patient->language == AG_SPANISH));
    if (sample != NULL && t.times.date.given)
        return ag_case_fail(c, map, AG_ERROR_VALUE,
                            "a test of a sample has the sample's date; remove this one, or make "
                            "another sample");
    if (t.value == NULL || t.absent)
        return add_present(c, map, finding, t.absent, &t.times, sample);
    ag_finding_value value;
    status = read_as_finest(c, &finding, t.value, t.unit, &value);
    if (status != AG_OK)
        return ag_case_at(c, t.value_node, status);
    return add_finding(c, map, finding, value, &t.times, sample);
}

/* ---- the list of samples ---- */

/* A length of time, or a number or range of days. */
static ag_status read_abstinence(ag_case *c, const ag_node *node, ag_case_sample *sample) {
    char in_days[80];
    ag_days span;
    snprintf(in_days, sizeof in_days, "%.60s days", node->text);
    if ((!ag_duration_read(node->text, &span) && !ag_duration_read(in_days, &span)) ||
        span.last > MOST_DAYS)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "abstinence_days \"%.60s\" must be a number of days", node->text);
    sample->abstinence_days = 0.5 * ((double)span.first + span.last);
    return AG_OK;
}

static ag_status read_complete(ag_case *c, const ag_node *node, ag_case_sample *sample) {
    int yes = ag_yes_or_no(node->text);
    if (yes > 0 || ag_case_key_in(node->text, "|whole|complete|completa|nothing_lost|none|"))
        sample->collection = AG_COLLECTION_WHOLE;
    else if (ag_case_key_in(node->text, "|first|first_lost|first_part|first_part_lost|"
                                        "primera_parte|"))
        sample->collection = AG_COLLECTION_FIRST_LOST;
    else if (ag_case_key_in(node->text, "|later|last|later_lost|last_lost|later_part_lost|"
                                        "last_part_lost|last_part|ultima_parte|"))
        sample->collection = AG_COLLECTION_LATER_LOST;
    else if (yes < 0 || ag_case_key_in(node->text, "|part|part_lost|some_lost|incomplete|partial|"
                                                   "incompleta|"))
        sample->collection = AG_COLLECTION_PART_LOST;
    else
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "complete cannot be \"%.60s\". Give one of: yes, no, first part lost, "
                            "last part lost, unknown",
                            node->text);
    return AG_OK;
}

static const char SAMPLE_DATE[] = "|date|fecha|";
static const char SAMPLE_ABSTINENCE[] = "|abstinence_days|abstinence|abstinencia|";
static const char SAMPLE_COMPLETE[] = "|complete|completa|lost|";

static ag_status read_sample_head(ag_case *c, const ag_node *node, ag_case_section section,
                                  ag_case_sample *sample) {
    (void)section;
    bool date = ag_case_key_in(node->key, SAMPLE_DATE);
    bool abstinence = ag_case_key_in(node->key, SAMPLE_ABSTINENCE);
    bool complete = ag_case_key_in(node->key, SAMPLE_COMPLETE);
    const char *text;
    if ((!date && !abstinence && !complete) || ag_case_is_unknown(node))
        return AG_OK;
    ag_status status = ag_case_text(c, node, &text);
    if (status != AG_OK)
        return status;
    if (date)
        return ag_case_time_read(c, node, text, &sample->date);
    return abstinence ? read_abstinence(c, node, sample) : read_complete(c, node, sample);
}

static ag_status read_sample_key(ag_case *c, const ag_node *node, ag_case_section section,
                                 ag_case_sample *sample) {
    if (ag_case_is_unknown(node) || ag_case_key_in(node->key, "|note|") ||
        ag_case_key_in(node->key, SAMPLE_DATE) || ag_case_key_in(node->key, SAMPLE_ABSTINENCE) ||
        ag_case_key_in(node->key, SAMPLE_COMPLETE))
        return AG_OK;
    if (ag_case_key_in(node->key, "|tests|pruebas|"))
        return ag_case_entries(c, node, section, sample);
    bool understood = false;
    const char *value;
    ag_status status = ag_case_text(c, node, &value);
    if (status == AG_OK)
        status = ag_case_finding_pair(c, node, node->key, value, sample, &understood);
    if (status == AG_OK && !understood)
        status = ag_case_fail(c, node, AG_ERROR_NAME,
                              "\"%.60s\" is neither a key of a sample (date, abstinence_days, "
                              "complete, tests) nor a known test",
                              node->key);
    return status;
}

/* The head first, as the samples of semen and of urine are made with it. */
static ag_status read_sample(ag_case *c, const ag_node *map) {
    ag_case_sample *sample = new_sample(c);
    if (sample == NULL)
        return ag_fail(c->error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = AG_OK;
    for (const ag_node *node = map->first; node != NULL && status == AG_OK; node = node->next)
        status = ag_case_entry(c, node, AG_SECTION_TESTS, sample, read_sample_head);
    for (const ag_node *node = map->first; node != NULL && status == AG_OK; node = node->next)
        status = ag_case_entry(c, node, AG_SECTION_TESTS, sample, read_sample_key);
    return status;
}

ag_status ag_case_samples(ag_case *c, const ag_node *node) {
    if (node->kind == AG_NODE_MAP)
        return read_sample(c, node);
    if (node->kind != AG_NODE_LIST)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "samples is a list, each with date, abstinence_days, complete, tests");
    ag_status status = AG_OK;
    for (const ag_node *item = node->first; item != NULL && status == AG_OK; item = item->next)
        status = item->kind == AG_NODE_MAP
                     ? read_sample(c, item)
                     : ag_case_fail(c, item, AG_ERROR_VALUE,
                                    "a sample is a map with date, abstinence_days, complete, "
                                    "tests");
    return status;
}
