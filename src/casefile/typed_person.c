/* What a typed line says of the man himself, and of times. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "typed.h"
#include "values.h"

enum { ADULT = 18, OLDEST = 110, NO_LENGTH = 30, MONTH_LETTERS = 3 };

/* ---- kinds ---- */

/* ---- the man ---- */

/* How many of the words are in a list; the one number is written to `number`. */
typedef struct count {
    int listed, numbers, other;
    double number;
} count;

static count count_words(const ag_words *words, const char *list) {
    count c = {0};
    for (int i = 0; i < words->count; i++) {
        if (ag_words_number(words, i, &c.number))
            c.numbers++;
        else if (ag_words_in(words, i, list))
            c.listed++;
        else
            c.other++;
    }
    return c;
}

static bool any_word(const ag_words *words, const char *list) {
    return count_words(words, list).listed > 0;
}

static bool say(ag_typed_fact *out, const char *kind, const char *key, const char *value) {
    out->kind = kind;
    out->key = key;
    snprintf(out->value, sizeof out->value, "%s", value);
    return true;
}

/* "62", "62 years old", "man of 62", "hombre, 62 años". "20 years" may be a length of time as well,
 * and is left; hardly so "62 years". */
static const char ABOUT_AGE[] = "|i|im|am|he|hes|is|a|an|the|of|at|age|aged|edad|man|male|hombre|"
                                "varon|patient|paciente|years|year|old|y|yo|yr|yrs|anos|ano|de|"
                                "tengo|tiene|un|el|con|";
static const char TELLS_AGE[] = "|i|im|hes|age|aged|edad|man|male|hombre|varon|old|y|yo|patient|"
                                "paciente|tengo|tiene|";

static bool read_age(const ag_words *words, ag_typed_fact *out) {
    count c = count_words(words, ABOUT_AGE);
    if (c.numbers != 1 || c.other > 0 || c.number < ADULT || c.number > OLDEST ||
        (words->count > 1 && c.number < NO_LENGTH && !any_word(words, TELLS_AGE)))
        return false;
    char value[32];
    snprintf(value, sizeof value, "%g", c.number);
    out->is_number = true;
    return say(out, "age", "age", value);
}

bool ag_typed_age_outside(const char *text) {
    ag_words words;
    ag_words_read(&words, text);
    count c = count_words(&words, ABOUT_AGE);
    return c.numbers == 1 && c.other == 0 && any_word(&words, TELLS_AGE) &&
           (c.number < ADULT || c.number > OLDEST);
}

static bool read_partner(const ag_words *words, ag_typed_fact *out) {
    static const char partner[] =
        "|partner|partners|wife|wifes|husband|girlfriend|boyfriend|pareja|"
        "esposa|esposo|mujer|marido|novia|novio|";
    static const char about[] = "|partner|partners|wife|wifes|husband|girlfriend|boyfriend|pareja|"
                                "esposa|esposo|mujer|marido|novia|novio|my|his|mi|su|is|aged|age|"
                                "years|old|yo|y|tiene|anos|de|edad|";
    count c = count_words(words, about);
    if (c.numbers != 1 || c.other > 0 || !any_word(words, partner) || c.number < ADULT ||
        c.number > OLDEST)
        return false;
    char value[32];
    snprintf(value, sizeof value, "%g", c.number);
    out->is_number = true;
    return say(out, "partner-age", "partner_age", value);
}

static bool read_wish(const ag_words *words, ag_typed_fact *out) {
    static const char want[] = "|want|wants|wish|wishes|hope|hopes|try|trying|tries|would|desire|"
                               "desires|plan|plans|planning|quiere|quiero|queremos|desea|deseo|"
                               "deseamos|busca|buscan|buscamos|gustaria|intentan|intentamos|";
    static const char child[] = "|child|children|baby|kid|kids|father|dad|pregnancy|conceive|"
                                "hijo|hijos|nino|ninos|bebe|padre|embarazo|";
    if (!any_word(words, want) || any_word(words, "|no|not|dont|doesnt|never|nunca|tampoco|"))
        return false;
    out->is_several = true; /* the words beside it may say more */
    if (any_word(words, child))
        return say(out, "wish", "wants", "child");
    if (any_word(words, "|relief|treatment|alivio|tratamiento|"))
        return say(out, "wish", "wants", "relief");
    return any_word(words, "|answers|explanation|respuestas|explicacion|") &&
           say(out, "wish", "wants", "answers");
}

/* "No medicines", "takes nothing else", "no other operations". */
static bool read_none(const ag_words *words, ag_typed_fact *out) {
    static const char no[] = "|no|none|nothing|never|any|other|else|takes|take|taking|other|sin|"
                             "ningun|ninguno|ninguna|nada|mas|otro|otra|otros|otras|toma|"
                             "not|had|has|have|been|a|i|he|de|";
    static const char medicines[] = "|medicine|medicines|medication|medications|drugs|pills|"
                                    "medicina|medicinas|medicamento|medicamentos|farmacos|";
    static const char operations[] = "|operation|operations|operated|surgery|surgeries|operacion|"
                                     "operaciones|operado|cirugia|cirugias|";
    static const char denial[] = "|no|none|nothing|never|not|sin|ningun|ninguno|ninguna|nada|";
    bool medicine = any_word(words, medicines) || any_word(words, "|takes|take|taking|toma|");
    bool operation = any_word(words, operations);
    if (!any_word(words, denial) || medicine == operation)
        return false;
    for (int i = 0; i < words->count; i++)
        if (!ag_words_in(words, i, no) && !ag_words_in(words, i, medicines) &&
            !ag_words_in(words, i, operations))
            return false;
    out->is_list = out->is_empty = true;
    return say(out, "none", medicine ? "medicines" : "operations", "");
}

static bool read_anatomy(const ag_words *words, ag_typed_fact *out) {
    if (words->count != 1)
        return false;
    if (ag_words_in(words, 0, "|man|male|hombre|varon|"))
        return say(out, "anatomy", "anatomy", "male");
    return ag_words_in(words, 0, "|woman|female|mujer|") &&
           say(out, "anatomy", "anatomy", "female");
}

static bool read_setting(const ag_vocabulary *vocabulary, const char *text, ag_typed_fact *out) {
    const ag_knowledge *k = ag_vocabulary_knowledge(vocabulary);
    ag_finding_value value;
    for (int i = 0; i < k->finding_count; i++)
        if (k->findings[i].kind == AG_FINDING_SETTING &&
            ag_finding_value_read(k, i, text, NULL, AG_ENGLISH, &value, NULL) == AG_OK) {
            out->term = (ag_term){AG_TERM_FINDING, i};
            return say(out, "setting", "setting", text);
        }
    return false;
}

bool ag_typed_time(const char *text) {
    ag_when when;
    return ag_when_read(text, &when);
}

/* A time alone is when the complaint began, where it says so; a bare date may be anything's. */
static bool read_onset(const ag_words *words, const char *text, ag_typed_fact *out) {
    static const char begins[] = "|since|for|from|desde|hace|lifelong|always|siempre|began|started|"
                                 "onset|empezo|comenzo|ago|";
    char time[AG_TYPED_TEXT];
    size_t length;
    int skip = 0;
    while (ag_words_in(words, skip, "|it|began|started|onset|empezo|comenzo|complaint|"))
        skip++;
    const char *rest = ag_words_span(words, skip, words->count - skip, &length);
    snprintf(time, sizeof time, "%.*s", (int)length, rest);
    if (!any_word(words, begins))
        return false;
    if (ag_typed_time(text))
        return say(out, "onset", "since", text);
    return skip > 0 && ag_typed_time(time) && say(out, "onset", "since", time);
}

bool ag_typed_person(const ag_vocabulary *vocabulary, const char *text, ag_typed_fact *out) {
    ag_words words;
    ag_words_read(&words, text);
    return read_age(&words, out) || read_partner(&words, out) || read_wish(&words, out) ||
           read_none(&words, out) || read_anatomy(&words, out) ||
           read_setting(vocabulary, text, out) || read_onset(&words, text, out);
}

/* ---- months ---- */

static const char *const MONTHS[12][2] = {
    {"january", "enero"},   {"february", "febrero"},   {"march", "marzo"},
    {"april", "abril"},     {"may", "mayo"},           {"june", "junio"},
    {"july", "julio"},      {"august", "agosto"},      {"september", "septiembre"},
    {"october", "octubre"}, {"november", "noviembre"}, {"december", "diciembre"}};

/* The month, from 1, that a word of `length` letters names in full or by its first three; 0 none.
 */
static int month_of(const char *word, size_t length) {
    for (int m = 0; m < 12; m++)
        for (int l = 0; l < 2; l++)
            if ((length == MONTH_LETTERS || length == strlen(MONTHS[m][l])) &&
                strncasecmp(word, MONTHS[m][l], length) == 0)
                return m + 1;
    return 0;
}

static bool begins_time(const char *word, size_t length) {
    static const char *const joints[] = {"since", "from",  "until", "till", "in",    "on",
                                         "began", "desde", "hasta", "en",   "inicio"};
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++)
        if (strlen(joints[i]) == length && strncasecmp(word, joints[i], length) == 0)
            return true;
    return false;
}

static bool year_follows(const char *text) {
    text += strspn(text, " ,");
    if (strncasecmp(text, "de ", 3) == 0 || strncasecmp(text, "of ", 3) == 0)
        text += 3;
    if (strncasecmp(text, "del ", 4) == 0)
        text += 4;
    return strspn(text, "0123456789") == 4;
}

void ag_typed_with_years(const char *text, int as_of, char out[AG_TYPED_TEXT]) {
    int year, month;
    size_t used = 0;
    bool joint = false;
    ag_day_split(as_of, &year, &month, NULL);
    for (const char *at = text; *at != '\0' && used + 8 < AG_TYPED_TEXT;) {
        size_t length = 0;
        while (isalpha((unsigned char)at[length]))
            length++;
        int named = joint ? month_of(at, length) : 0;
        if (length > 0)
            joint = begins_time(at, length) || (joint && length < MONTH_LETTERS);
        size_t n = length > 0 ? length : 1;
        if (used + n + 8 >= AG_TYPED_TEXT)
            break;
        memcpy(out + used, at, n);
        used += n;
        at += n;
        if (named > 0 && !year_follows(at))
            used += (size_t)snprintf(out + used, 8, " %d", named <= month ? year : year - 1);
    }
    out[used] = '\0';
}
