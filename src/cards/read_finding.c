/* Fields of variables and findings that have a form of their own: names of states, codes, units,
 * words, ranges. */
#include <ctype.h>
#include <string.h>

#include "reader.h"

/* ---- names ---- */

void ag_read_names(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    ag_texts *names = (ag_texts *)(void *)((char *)owner + field->offset);
    *names = ag_read_texts(reader, node);
    if (node->kind == AG_NODE_LIST && node->count == 0)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "at least one name in each language is needed; add it");
}

static ag_texts read_language(ag_reader *reader, const ag_node *node, const char *language) {
    const ag_texts *states = &reader->variable->states;
    ag_texts names = {NULL, 0};
    const ag_node *map = ag_node_get(node, language);
    if (map == NULL) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "the names in \"%s\" are missing; add them",
                          language);
        return names;
    }
    const char **items = ag_reader_array(reader, states->count, sizeof *items);
    if (items == NULL || !ag_reader_is(reader, map, AG_NODE_MAP, "such as {full: complete}"))
        return names;
    for (const ag_node *n = map->first; n != NULL; n = n->next) {
        int state = ag_texts_find(states, n->key);
        if (state < 0)
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "there is no state \"%.60s\"%s (a name with a comma needs quotes)",
                              n->key, ag_reader_nearest(reader, n->key, states));
        else
            ag_read_text(reader, n, &items[state]);
    }
    for (int s = 0; s < states->count; s++) {
        if (items[s] != NULL)
            continue;
        if (ag_node_get(map, states->items[s]) == NULL)
            ag_reader_problem(reader, map, AG_ERROR_VALUE,
                              "the name of the state \"%s\" is missing", states->items[s]);
        return names;
    }
    return (ag_texts){items, states->count};
}

void ag_read_state_names(ag_reader *reader, const ag_node *node, const ag_field *field,
                         void *owner) {
    (void)field;
    static const char *const languages[] = {"en", "es", NULL};
    ag_variable *variable = owner;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {en: {…}, es: {…}}"))
        return;
    ag_reader_keys(reader, node, languages);
    variable->state_names_en = read_language(reader, node, "en");
    variable->state_names_es = read_language(reader, node, "es");
}

/* ---- codes ---- */

/* The check digit of SNOMED CT (Verhoeff 1969: the dihedral group D5 and a permutation of order 8).
 */
static bool verhoeff_holds(const char *digits) {
    static const char permutation[8][11] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                            "9453126870", "4286573901", "2793806415", "7046913258"};
    static const char product[10][11] = {"0123456789", "1234067895", "2340178956", "3401289567",
                                         "4012395678", "5987604321", "6598710432", "7659821043",
                                         "8765932104", "9876543210"};
    int check = 0;
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        int digit = permutation[i % 8][digits[length - 1 - i] - '0'] - '0';
        check = product[check][digit] - '0';
    }
    return check == 0;
}

/* The check digit of LOINC: modulus 10 with every other digit doubled (Luhn). */
static bool luhn_holds(const char *digits, size_t count) {
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';
        int twice = 2 * digit;
        sum += i % 2 == 0 ? digit : twice - (twice > 9 ? 9 : 0);
    }
    return sum % 10 == 0;
}

static bool all_digits(const char *text, size_t length) {
    return length > 0 && strspn(text, "0123456789") >= length;
}

static bool is_snomed(const char *code) {
    size_t length = strlen(code);
    return length >= 6 && length <= 18 && all_digits(code, length) && code[0] != '0' &&
           verhoeff_holds(code);
}

static bool is_rxnorm(const char *code) {
    size_t length = strlen(code);
    return length <= 8 && all_digits(code, length);
}

static bool is_loinc(const char *code) {
    size_t length = strlen(code);
    char digits[16];
    if (length < 3 || length > 9 || code[length - 2] != '-' || !all_digits(code, length - 2) ||
        !all_digits(code + length - 1, 1))
        return false;
    memcpy(digits, code, length - 2);
    digits[length - 2] = code[length - 1];
    return luhn_holds(digits, length - 1);
}

static bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool upper_or_digit(char c) {
    return upper(c) || (c >= '0' && c <= '9');
}

static bool is_icd10cm(const char *code) {
    size_t length = strlen(code);
    if (length > 0 && code[length - 1] == '*')
        length--;
    if (length < 1 || !upper(code[0]) || length > 8)
        return false;
    for (size_t i = 1; i < length; i++)
        if (i == 3 ? code[i] != '.' : !upper_or_digit(code[i]))
            return false;
    return (length >= 3 && length != 4) || (code[length] == '*' && length == 4);
}

/* One letter, two digits, one letter, one letter, two digits: cut off after any part. */
static bool is_atc(const char *code) {
    static const char pattern[] = "AddAAdd";
    size_t length = strlen(code);
    if (length > 0 && code[length - 1] == '*')
        length--;
    if (length != 1 && length != 3 && length != 4 && length != 5 && length != 7)
        return false;
    for (size_t i = 0; i < length; i++)
        if (pattern[i] == 'A' ? !upper(code[i]) : !isdigit((unsigned char)code[i]))
            return false;
    return true;
}

static const struct {
    const char *key;
    bool (*fits)(const char *code);
    const char *form;
} systems[] = {
    [AG_CODE_SNOMED] = {"snomed", is_snomed, "6 to 18 digits, the last a check digit"},
    [AG_CODE_ICD10CM] = {"icd10cm", is_icd10cm, "such as N53.14 or E10.*"},
    [AG_CODE_RXNORM] = {"rxnorm", is_rxnorm, "up to 8 digits"},
    [AG_CODE_ATC] = {"atc", is_atc, "such as G04CA02 or N06AB*"},
    [AG_CODE_LOINC] = {"loinc", is_loinc, "such as 2986-8, the last a check digit"},
};
enum { SYSTEMS = sizeof systems / sizeof systems[0] };

static void add_codes(ag_reader *reader, const ag_node *node, ag_code_system system, ag_code *items,
                      int *count) {
    ag_texts codes = ag_read_texts(reader, node);
    for (int i = 0; i < codes.count; i++) {
        if (!systems[system].fits(codes.items[i]))
            ag_reader_problem(reader, node, AG_ERROR_VALUE,
                              "\"%.40s\" is no code of this kind (%s); correct it or leave it out",
                              codes.items[i], systems[system].form);
        items[(*count)++] = (ag_code){system, codes.items[i]};
    }
}

void ag_read_codes(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    static const char *const known[] = {"snomed", "icd10cm", "rxnorm", "atc", "loinc", NULL};
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {atc: [\"G04CA02\"]}"))
        return;
    ag_reader_keys(reader, node, known);
    int most = 0, count = 0;
    for (const ag_node *n = node->first; n != NULL; n = n->next)
        most += n->kind == AG_NODE_LIST ? n->count : 1;
    ag_code *items = ag_reader_array(reader, most, sizeof *items);
    if (items == NULL)
        return;
    for (int system = 0; system < SYSTEMS; system++) {
        const ag_node *n = ag_node_get(node, systems[system].key);
        if (n != NULL)
            add_codes(reader, n, (ag_code_system)system, items, &count);
    }
    const ag_code *constant = items;
    memcpy((char *)owner + field->offset, &constant, sizeof constant);
    memcpy((char *)owner + field->count_offset, &count, sizeof count);
}

/* ---- measured values ---- */

void ag_read_range(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_finding *finding = owner;
    ag_read_interval(reader, node, &finding->range_low, &finding->range_high);
}

void ag_read_units(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_finding *finding = owner;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {mL: 1, L: 1000}"))
        return;
    ag_unit *units = ag_reader_array(reader, node->count, sizeof *units);
    if (units == NULL)
        return;
    finding->units = units;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        ag_unit *unit = &units[finding->unit_count++];
        unit->name = n->key;
        unit->factor = 1;
        if (ag_read_number(reader, n, &unit->factor) && unit->factor <= 0)
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "the factor %g of the unit \"%s\" is not positive; write how many of "
                              "the card's own unit it is",
                              unit->factor, n->key);
        if (finding->unit != NULL && strcmp(unit->name, finding->unit) == 0 && unit->factor != 1)
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "the factor of the card's own unit must be 1");
    }
}

static void read_range_of_word(ag_reader *reader, const ag_node *node, ag_word *word) {
    const ag_finding *finding = reader->finding;
    if (ag_read_interval(reader, node, &word->low, &word->high) &&
        (word->low < finding->range_low || word->high > finding->range_high))
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "[%g, %g] goes beyond the range of the finding, [%g, %g]", word->low,
                          word->high, finding->range_low, finding->range_high);
}

/* A word for a state: kept as the state's number, at both ends. */
static void read_state_of_word(ag_reader *reader, const ag_node *node, ag_word *word) {
    const ag_texts *states = &reader->variable->states;
    const char *id;
    if (!ag_read_text(reader, node, &id))
        return;
    int state = ag_texts_find(states, id);
    if (state < 0)
        ag_reader_problem(reader, node, AG_ERROR_NAME, "there is no state \"%.60s\"%s", id,
                          ag_reader_nearest(reader, id, states));
    word->low = word->high = state;
}

void ag_read_words(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_finding *finding = owner;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {low: [0, 1.4]} or {absent: none}"))
        return;
    ag_word *words = ag_reader_array(reader, node->count, sizeof *words);
    if (words == NULL)
        return;
    finding->words = words;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        ag_word *word = &words[finding->word_count++];
        word->word = n->key;
        if (finding->value == AG_VALUE_QUANTITY)
            read_range_of_word(reader, n, word);
        else
            read_state_of_word(reader, n, word);
        for (int i = 0; i + 1 < finding->word_count; i++)
            if (ag_text_same(words[i].word, word->word) &&
                (words[i].low != word->low || words[i].high != word->high))
                ag_reader_problem(reader, n, AG_ERROR_NAME,
                                  "the word \"%s\" has two meanings, as case does not matter",
                                  word->word);
    }
}
