/* Answers as a case file (docs/case-file.md): YAML, every text in double quotes. */
#include "answers.h"

#include <string.h>

static void quoted(ag_buffer *out, const char *text, size_t length) {
    ag_buffer_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            ag_buffer_add_char(out, '\\');
        ag_buffer_add_char(out, c < ' ' ? ' ' : text[i]);
    }
    ag_buffer_add_char(out, '"');
}

static void line(ag_buffer *out, const char *key, const char *text) {
    ag_buffer_format(out, "%s: ", key);
    quoted(out, text, strlen(text));
    ag_buffer_add_char(out, '\n');
}

bool ag_answer_is_none(const char *text) {
    static const char *const none[] = {"none",
                                       "no",
                                       "nothing",
                                       "never",
                                       "n",
                                       "ninguna",
                                       "ninguno",
                                       "nada",
                                       "nunca",
                                       "no tomo",
                                       "no medicines",
                                       "no operations",
                                       "no illnesses",
                                       "no tomo nada",
                                       "no tengo",
                                       "none of these",
                                       "nada de esto"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (ag_text_same(text, none[i]))
            return true;
    return false;
}

const char *ag_answer_part(const char **text, size_t *length) {
    while (**text != '\0') {
        const char *part = *text;
        size_t whole = strcspn(part, ",;");
        *text += whole + (part[whole] != '\0');
        *length = whole;
        ag_text_trim(&part, length);
        if (*length > 0)
            return part;
    }
    return NULL;
}

/* The names between the commas; a word for none gives an empty list, which says that there is none.
 */
static void list(ag_buffer *out, const char *key, const char *text) {
    if (ag_answer_is_none(text)) {
        ag_buffer_format(out, "%s: []\n", key);
        return;
    }
    ag_buffer_format(out, "%s:\n", key);
    size_t length;
    for (const char *name; (name = ag_answer_part(&text, &length)) != NULL;) {
        ag_buffer_add(out, "  - ");
        quoted(out, name, length);
        ag_buffer_add_char(out, '\n');
    }
}

/* A number without a unit means millilitres here, as the question says. */
static void volume(ag_buffer *out, const char *text) {
    bool bare = strspn(text, "0123456789.,<> ") == strlen(text);
    ag_buffer_add(out, "tests:\n  - {name: semen-volume, value: ");
    ag_buffer amount = ag_buffer_start(out->arena);
    ag_buffer_format(&amount, "%s%s", text, bare ? " mL" : "");
    quoted(out, ag_buffer_text(&amount) != NULL ? amount.data : "", amount.length);
    ag_buffer_add(out, "}\n");
}

static const char *const complaints[] = {"dry-orgasm", "low-volume", "no-orgasm"};
static const char *const wishes[] = {"child", "relief", "answers"};

static bool is(const ag_answer *answer, const char *id) {
    return strcmp(answer->question->id, id) == 0;
}

static void opening(ag_buffer *out, const ag_answer *answer) {
    const char *id = answer->question->id;
    if (answer->question->kind == AG_ANSWER_LIST)
        list(out, id, answer->text);
    else if (is(answer, "wants"))
        line(out, id, wishes[answer->choice]);
    else if (is(answer, "volume"))
        volume(out, answer->text);
    else if (is(answer, "age"))
        ag_buffer_format(out, "age: %s\n", answer->text);
    else if (is(answer, "since"))
        line(out, id, answer->text);
}

/* A finding, or the complaint, which is one: those that are there, or those that are not. */
static const char *finding_of(const ag_answer *answer, bool present) {
    int most = (int)(sizeof complaints / sizeof complaints[0]);
    if (is(answer, "complaint"))
        return present && answer->choice < most ? complaints[answer->choice] : NULL;
    bool yes_no = answer->question->kind == AG_ANSWER_YES_NO;
    return yes_no && (answer->choice == 1) == present ? answer->question->id : NULL;
}

typedef struct entries {
    ag_buffer *out;
    const char *key;
    int written;
} entries;

static void entry(entries *e, const char *name, const char *state) {
    if (e->written++ == 0)
        ag_buffer_format(e->out, "%s:\n", e->key);
    if (state == NULL)
        ag_buffer_format(e->out, "  - %s\n", name);
    else
        ag_buffer_format(e->out, "  - {name: %s, value: %s}\n", name, state);
}

static void findings(ag_buffer *out, const char *key, const ag_answer *answers, int count,
                     bool present) {
    entries e = {out, key, 0};
    for (int i = 0; i < count; i++) {
        const ag_answer *answer = &answers[i];
        const char *id = answer->text == NULL ? NULL : finding_of(answer, present);
        if (id != NULL)
            entry(&e, id, NULL);
        else if (present && answer->state != NULL)
            entry(&e, answer->question->id, answer->state);
        for (int s = 0; s < answer->said_count; s++)
            if (answer->said[s].present == present)
                entry(&e, answer->said[s].name, answer->said[s].state);
    }
}

/* Whether he says that something is wrong with what comes out, or with his orgasm. */
static bool complains(const ag_answer *answers, int count) {
    for (int i = 0; i < count; i++)
        if (answers[i].text != NULL && is(&answers[i], "complaint") &&
            finding_of(&answers[i], true) != NULL)
            return true;
    return false;
}

const char *ag_answers_case(const ag_answer *answers, int count, const char *date, bool has_setting,
                            ag_arena *arena) {
    ag_buffer out = ag_buffer_start(arena);
    ag_buffer_format(&out, "date: %s\n", date);
    if (has_setting && complains(answers, count))
        ag_buffer_add(&out, "setting: complaint\n");
    for (int i = 0; i < count; i++)
        if (answers[i].text != NULL && answers[i].state == NULL)
            opening(&out, &answers[i]);
    findings(&out, "symptoms", answers, count, true);
    findings(&out, "absent", answers, count, false);
    return ag_buffer_text(&out);
}
