/*
 * Reading values. A quantity is a number or a range, with a comparator or without, and a unit that
 * the card lists or that converts to the card's own (units.h). A card's word stands for a range.
 */
#include "values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "units.h"
#include "words.h"

enum { LIST_TEXT = 300 };

/* ---- words for yes and no ---- */

static const char YES[] = "|yes|y|true|positive|pos|present|si|s|verdadero|positivo|positiva|"
                          "presente|+|";
static const char NO[] = "|no|n|false|negative|neg|absent|none|not found|not present|not detected|"
                         "undetected|never|nil|falso|negativo|negativa|ausente|ausentes|nunca|"
                         "ninguno|ninguna|no detectado|";

static bool listed(const char *text, const char *list) {
    size_t length = strlen(text);
    for (const char *at = list; at[1] != '\0'; at += 1 + strcspn(at + 1, "|"))
        if (strcspn(at + 1, "|") == length && memcmp(at + 1, text, length) == 0)
            return true;
    return false;
}

int ag_yes_or_no(const char *text) {
    ag_words words;
    ag_words_read(&words, text);
    if (words.count == 0 || words.cut)
        return text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
    return listed(words.text, YES) - listed(words.text, NO);
}

/* ---- what an error message offers ---- */

static void offer(char list[LIST_TEXT], const char *item) {
    size_t used = strlen(list);
    snprintf(list + used, LIST_TEXT - used, "%s%s", used > 0 ? ", " : "", item);
}

static void offer_texts(char list[LIST_TEXT], const ag_texts *texts) {
    for (int i = 0; i < texts->count; i++)
        offer(list, texts->items[i]);
}

static const char *finding_name(const ag_knowledge *knowledge, int finding, ag_language language) {
    const ag_variable *variable = &knowledge->variables[knowledge->findings[finding].variable];
    if (language == AG_SPANISH && variable->names.es.count > 0)
        return variable->names.es.items[0];
    return variable->names.en.count > 0 ? variable->names.en.items[0] : variable->id;
}

static const ag_texts *states_in(const ag_variable *variable, ag_language language) {
    bool named = language == AG_SPANISH && variable->state_names_es.count > 0;
    return named ? &variable->state_names_es : &variable->states;
}

static ag_status no_such_value(const ag_knowledge *knowledge, int finding, const char *value,
                               ag_language language, ag_error *error) {
    const ag_finding *card = &knowledge->findings[finding];
    char list[LIST_TEXT] = "";
    if (card->value == AG_VALUE_YES_NO)
        offer(list, ag_say(language, "yes, no"));
    else if (card->value == AG_VALUE_STATES)
        offer_texts(list, states_in(&knowledge->variables[card->variable], language));
    else
        snprintf(list, sizeof list, ag_say(language, "a number with its unit (%s)"), card->unit);
    for (int i = 0; i < card->word_count; i++)
        offer(list, card->words[i].word);
    const char *name = finding_name(knowledge, finding, language);
    if (*value == '\0')
        return ag_fail(error, AG_ERROR_VALUE, ag_say(language, "%s has no value. Give one of: %s"),
                       name, list);
    return ag_fail(error, AG_ERROR_VALUE,
                   ag_say(language, "%s cannot be \"%.80s\". Give one of: %s"), name, value, list);
}

/* ---- states ---- */

static int state_in(const ag_texts *texts, const char *value) {
    for (int i = 0; i < texts->count; i++)
        if (ag_text_same(texts->items[i], value))
            return i;
    return -1;
}

static const ag_word *find_word(const ag_finding *card, const char *value) {
    for (int i = 0; i < card->word_count; i++)
        if (ag_text_same(card->words[i].word, value))
            return &card->words[i];
    return NULL;
}

static int find_state(const ag_knowledge *knowledge, int finding, const char *value) {
    const ag_finding *card = &knowledge->findings[finding];
    const ag_variable *variable = &knowledge->variables[card->variable];
    int state = state_in(&variable->states, value);
    if (state < 0)
        state = state_in(&variable->state_names_en, value);
    if (state < 0)
        state = state_in(&variable->state_names_es, value);
    const ag_word *word = state < 0 ? find_word(card, value) : NULL;
    if (word != NULL)
        return (int)word->low;
    int yes = state < 0 && card->value == AG_VALUE_YES_NO ? ag_yes_or_no(value) : 0;
    return yes != 0 ? yes > 0 : state;
}

/* ---- numbers ---- */

bool ag_number_read(const char **text, double *out) {
    char digits[64];
    size_t n = 0;
    const char *at = *text;
    bool point = false;
    for (; n + 4 < sizeof digits; at++) {
        bool digit = *at >= '0' && *at <= '9';
        bool next = at[0] != '\0' && at[1] >= '0' && at[1] <= '9';
        if (digit) {
            digits[n++] = *at;
        } else if ((*at == '.' || *at == ',') && !point && next) {
            if (*at == ',' && n > 0 && !(n == 1 && digits[0] == '0') &&
                strspn(at + 1, "0123456789") == 3)
                return false;
            digits[n++] = '.';
            point = true;
        } else {
            break;
        }
    }
    if (n == 0 || (*at >= '0' && *at <= '9'))
        return false;
    if (*at == 'e' || *at == 'E') {
        size_t sign = at[1] == '-' || at[1] == '+', length = strspn(at + 1 + sign, "0123456789");
        if (length > 0 && length < 3) {
            memcpy(digits + n, at, 1 + sign + length);
            n += 1 + sign + length;
            at += 1 + sign + length;
        }
    }
    digits[n] = '\0';
    *text = at;
    return ag_text_number(digits, out);
}

typedef enum comparator { EXACTLY, BELOW, ABOVE } comparator;

static comparator read_comparator(const char **text) {
    static const struct {
        const char *text;
        comparator kind;
    } marks[] = {{"<=", BELOW},           {"<", BELOW},
                 {">=", ABOVE},           {">", ABOVE},
                 {"\xE2\x89\xA4", BELOW}, {"\xE2\x89\xA5", ABOVE},
                 {"less than ", BELOW},   {"under ", BELOW},
                 {"below ", BELOW},       {"more than ", ABOVE},
                 {"over ", ABOVE},        {"above ", ABOVE},
                 {"menos de ", BELOW},    {"m\xC3\xA1s de ", ABOVE},
                 {"mas de ", ABOVE},      {"at least ", ABOVE},
                 {"at most ", BELOW},     {"= ", EXACTLY}};
    bool marked = **text < '0' || **text > '9'; /* as none begins with a digit */
    for (size_t i = 0; marked && i < sizeof marks / sizeof marks[0]; i++) {
        size_t n = strlen(marks[i].text);
        if (strncmp(*text, marks[i].text, n) == 0) {
            *text += n;
            *text += strspn(*text, " ");
            return marks[i].kind;
        }
    }
    return EXACTLY;
}

/* "0.8", "< 1.5", "0.5-1", "0.5 to 1": the limits; `text` moves behind them, to the unit. */
static bool read_range(const char **text, double *low, double *high, comparator *how) {
    *how = read_comparator(text);
    if (!ag_number_read(text, low))
        return false;
    *high = *low;
    const char *at = *text + strspn(*text, " ");
    size_t joined = strncmp(at, "to ", 3) == 0                 ? 3
                    : strncmp(at, "\xE2\x80\x93", 3) == 0      ? 3
                    : *at == '-'                               ? 1
                    : strncmp(at, "a ", 2) == 0 && at[2] < 'A' ? 2
                                                               : 0;
    if (joined > 0 && *how == EXACTLY) {
        at += joined;
        at += strspn(at, " ");
        if (!ag_number_read(&at, high) || *high < *low)
            return false;
        *text = at;
    }
    *text += strspn(*text, " ");
    return true;
}

static bool unit_is_plain(const char *unit) {
    return unit == NULL || *unit == '\0' || strcmp(unit, "1") == 0 || strcmp(unit, "[pH]") == 0;
}

/* Laboratories print in capitals ("ML", "NG/DL"): so a unit of the card is known, where it is the
 * only one. */
static bool factor_in_any_case(const ag_finding *card, const char *unit, double *factor) {
    bool found = false;
    for (int i = 0; i < card->unit_count; i++) {
        if (strcasecmp(card->units[i].name, unit) != 0)
            continue;
        if (found && *factor != card->units[i].factor)
            return false;
        *factor = card->units[i].factor;
        found = true;
    }
    return found;
}

static bool unit_factor(const ag_finding *card, const char *unit, double *factor) {
    for (int i = 0; i < card->unit_count; i++)
        if (strcmp(card->units[i].name, unit) == 0) {
            *factor = card->units[i].factor;
            return true;
        }
    return ag_unit_factor(unit, card->unit != NULL ? card->unit : "1", factor) ||
           factor_in_any_case(card, unit, factor);
}

static ag_status need_unit(const ag_knowledge *knowledge, int finding, const char *value,
                           const char *unit, ag_language language, ag_error *error) {
    const ag_finding *card = &knowledge->findings[finding];
    char list[LIST_TEXT] = "";
    for (int i = 0; i < card->unit_count && i < 6; i++)
        offer(list, card->units[i].name);
    if (*unit == '\0')
        return ag_fail(error, AG_ERROR_VALUE,
                       ag_say(language, "%s \"%.60s\" has no unit. Give one (%s), or remove it"),
                       finding_name(knowledge, finding, language), value, list);
    return ag_fail(
        error, AG_ERROR_VALUE,
        ag_say(language,
               "%s \"%.60s\" has a unit, \"%.40s\", that cannot be converted. Use one of: %s"),
        finding_name(knowledge, finding, language), value, unit, list);
}

static ag_status read_quantity(const ag_knowledge *knowledge, int finding, const char *value,
                               const char *unit, ag_language language, ag_finding_value *out,
                               ag_error *error) {
    const ag_finding *card = &knowledge->findings[finding];
    const char *rest = value + strspn(value, " ");
    comparator how;
    double low, high, factor = 1;
    if (!read_range(&rest, &low, &high, &how))
        return no_such_value(knowledge, finding, value, language, error);
    if (*rest == '\0')
        rest = unit != NULL ? unit : "";
    bool nothing = *rest == '\0' && how == EXACTLY && low == 0 && high == 0; /* in any unit */
    bool plain = *rest == '\0' && (nothing || unit_is_plain(card->unit));
    if (!plain && (*rest == '\0' || !unit_factor(card, rest, &factor)))
        return need_unit(knowledge, finding, value, rest, language, error);
    low *= factor;
    high *= factor;
    if (low < card->range_low || high > card->range_high)
        return ag_fail(
            error, AG_ERROR_RANGE,
            ag_say(
                language,
                "%s \"%.60s\" is impossible: it lies between %g and %g %s. Check value and unit"),
            finding_name(knowledge, finding, language), value, card->range_low, card->range_high,
            card->unit);
    *out = (ag_finding_value){.state = -1,
                              .low = how == BELOW ? card->range_low : low,
                              .high = how == ABOVE ? card->range_high : high};
    return AG_OK;
}

ag_status ag_finding_value_read(const ag_knowledge *knowledge, int finding, const char *value,
                                const char *unit, ag_language language, ag_finding_value *out,
                                ag_error *error) {
    const ag_finding *card = &knowledge->findings[finding];
    *out = (ag_finding_value){.state = -1};
    if (card->value != AG_VALUE_QUANTITY) {
        out->state = find_state(knowledge, finding, value);
        bool known =
            out->state >= 0 && out->state < knowledge->variables[card->variable].states.count;
        return known ? AG_OK : no_such_value(knowledge, finding, value, language, error);
    }
    const ag_word *word = find_word(card, value);
    if (word == NULL)
        return read_quantity(knowledge, finding, value, unit, language, out, error);
    out->low = word->low;
    out->high = word->high;
    return AG_OK;
}

void ag_finding_value_write(const ag_knowledge *knowledge, int finding, ag_finding_value value,
                            char *out, size_t size) {
    const ag_finding *card = &knowledge->findings[finding];
    const char *unit = unit_is_plain(card->unit) ? "" : card->unit;
    const char *space = *unit != '\0' ? " " : "";
    if (value.state >= 0 && card->value == AG_VALUE_YES_NO)
        snprintf(out, size, "%s", value.state > 0 ? "yes" : "no");
    else if (value.state >= 0)
        snprintf(out, size, "%s", knowledge->variables[card->variable].states.items[value.state]);
    else if (value.low == value.high)
        snprintf(out, size, "%.15g%s%s", value.low, space, unit);
    else if (value.low <= card->range_low)
        snprintf(out, size, "< %.15g%s%s", value.high, space, unit);
    else if (value.high >= card->range_high)
        snprintf(out, size, "> %.15g%s%s", value.low, space, unit);
    else
        snprintf(out, size, "%.15g-%.15g%s%s", value.low, value.high, space, unit);
}

const char *ag_fact_kind_of_cause(ag_cause_kind kind, const char **key) {
    *key = kind == AG_CAUSE_MEDICINE    ? "medicines"
           : kind == AG_CAUSE_OPERATION ? "operations"
                                        : "conditions";
    return kind == AG_CAUSE_MEDICINE    ? "medicine"
           : kind == AG_CAUSE_OPERATION ? "operation"
                                        : "condition";
}

const char *ag_fact_kind_of_finding(ag_finding_kind kind, const char **key) {
    bool symptom = kind == AG_FINDING_SYMPTOM || kind == AG_FINDING_HISTORY;
    bool sign = kind == AG_FINDING_EXAMINATION;
    *key = symptom ? "symptoms" : sign ? "exam" : "tests";
    return kind == AG_FINDING_SETTING ? "setting" : symptom ? "symptom" : sign ? "sign" : "test";
}

bool ag_finding_value_absent(const ag_knowledge *knowledge, int finding, ag_finding_value *out) {
    static const char *const words[] = {"absent", "none", "no", "negative"};
    if (knowledge->findings[finding].value == AG_VALUE_YES_NO) {
        *out = (ag_finding_value){.state = 0};
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ag_finding_value_read(knowledge, finding, words[i], NULL, AG_ENGLISH, out, NULL) ==
            AG_OK)
            return true;
    return false;
}

void ag_unit_text(const char *unit, char *out, size_t size) {
    static const char *const printed[][2] = {{"10*6", "million"}, {"[IU]", "IU"},
                                             {"[iU]", "IU"},      {"/[HPF]", "per field"},
                                             {"umol", "µmol"},    {"[pH]", "pH"}};
    size_t used = 0;
    out[0] = '\0';
    while (*unit != '\0' && used + 16 < size) {
        size_t i = 0, count = sizeof printed / sizeof printed[0];
        while (i < count && strncmp(unit, printed[i][0], strlen(printed[i][0])) != 0)
            i++;
        if (i < count) {
            used += (size_t)snprintf(out + used, size - used, "%s", printed[i][1]);
            unit += strlen(printed[i][0]);
        } else {
            out[used++] = *unit++;
            out[used] = '\0';
        }
    }
}

static const char *word_of_range(const ag_finding *card, ag_finding_value value) {
    for (int i = 0; i < card->word_count; i++)
        if (card->words[i].low == value.low && card->words[i].high == value.high)
            return card->words[i].word;
    return NULL;
}

/* A share whose card knows per cent is written so. */
static bool in_percent(const ag_finding *card) {
    for (int i = 0; i < card->unit_count; i++)
        if (strcmp(card->units[i].name, "%") == 0 && card->units[i].factor == 0.01)
            return unit_is_plain(card->unit);
    return false;
}

/* Four digits, as no test of this field is surer. */
static const char *write_number(double value, char out[32]) {
    snprintf(out, 32, fabs(value) >= 1000 ? "%.0f" : "%.4g", value);
    return out;
}

void ag_quantity_text(const ag_finding *card, ag_finding_value value, const char *to, char *out,
                      size_t size) {
    char unit[64] = "", low[32], high[32];
    bool percent = in_percent(card);
    const char *word = value.low < value.high ? word_of_range(card, value) : NULL;
    double scale = percent ? 100 : 1;
    if (percent)
        snprintf(unit, sizeof unit, "%%");
    else if (!unit_is_plain(card->unit))
        ag_unit_text(card->unit, unit, sizeof unit);
    const char *space = *unit != '\0' && *unit != '/' ? " " : "";
    if (word != NULL)
        snprintf(out, size, "%s", word);
    else if (value.low == value.high)
        snprintf(out, size, "%s%s%s", write_number(scale * value.low, low), space, unit);
    else
        snprintf(out, size, "%s %s %s%s%s", write_number(scale * value.low, low), to,
                 write_number(scale * value.high, high), space, unit);
}

void ag_finding_text(const ag_knowledge *knowledge, int finding, ag_finding_value value, char *out,
                     size_t size) {
    const ag_finding *card = &knowledge->findings[finding];
    const ag_variable *variable = &knowledge->variables[card->variable];
    const char *name = finding_name(knowledge, finding, AG_ENGLISH);
    char quantity[128];
    if (card->value == AG_VALUE_QUANTITY) {
        ag_quantity_text(card, value, "to", quantity, sizeof quantity);
        snprintf(out, size, "%s %s", name, quantity);
    } else if (card->value == AG_VALUE_YES_NO)
        snprintf(out, size, "%s%s", value.state > 0 ? "" : "no ", name);
    else
        snprintf(out, size, "%s: %s", name,
                 value.state < variable->state_names_en.count
                     ? variable->state_names_en.items[value.state]
                     : variable->states.items[value.state]);
}
