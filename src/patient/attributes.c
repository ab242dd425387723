/* Attributes of causes: checked against the card, with the card's own strings in the result. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "units.h"
#include "values.h"

/* `name` is `whole`, or its first word: "dose" is "dose_mg". */
static bool names_attribute(const char *name, const char *whole) {
    if (ag_text_same(name, whole))
        return true;
    char first[64];
    size_t length = strcspn(whole, "_-");
    if (whole[length] == '\0' || length >= sizeof first)
        return false;
    memcpy(first, whole, length);
    first[length] = '\0';
    return ag_text_same(name, first);
}

const ag_attribute *ag_attribute_find(const ag_cause *cause, const char *name) {
    for (int i = 0; i < cause->attribute_count; i++)
        if (ag_text_same(name, cause->attributes[i].name))
            return &cause->attributes[i];
    for (int i = 0; i < cause->attribute_count; i++)
        if (names_attribute(name, cause->attributes[i].name))
            return &cause->attributes[i];
    return NULL;
}

static ag_status unknown_attribute(const ag_cause *cause, const char *name, ag_language language,
                                   ag_error *error) {
    char list[200] = "name, since, start, stop, date, years, status";
    for (int i = 0; i < cause->attribute_count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, ", %s", cause->attributes[i].name);
    }
    return ag_fail(error, AG_ERROR_NAME, ag_say(language, "%s has no \"%.60s\". It may have: %s"),
                   cause->id, name, list);
}

static bool denies(const char *word) {
    return strncmp(word, "not-", 4) == 0 || ag_text_same(word, "absent") ||
           ag_text_same(word, "none");
}

/* "Nerve sparing: no" where the card has a word that denies; NULL: neither yes nor no, or none. */
static const char *word_of_yes_or_no(const ag_attribute *attribute, const char *value) {
    int said = ag_yes_or_no(value);
    const char *yes = NULL, *no = NULL;
    for (int i = attribute->values.count - 1; i >= 0; i--) {
        const char *item = attribute->values.items[i];
        *(denies(item) ? &no : &yes) = item;
    }
    return no == NULL || said == 0 ? NULL : said > 0 ? yes : no;
}

static ag_status read_word(const ag_attribute *attribute, const char *value, ag_language language,
                           ag_recorded_attribute *out, ag_error *error) {
    char list[200] = "";
    const char *plain = word_of_yes_or_no(attribute, value);
    for (int i = 0; i < attribute->values.count; i++) {
        const char *item = attribute->values.items[i];
        if (ag_text_same(item, value) || item == plain) {
            *out = (ag_recorded_attribute){.name = attribute->name, .number = NAN, .word = item};
            return AG_OK;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", item);
    }
    return ag_fail(error, AG_ERROR_VALUE,
                   ag_say(language, "%s cannot be \"%.60s\". Give one of: %s"), attribute->name,
                   value, list);
}

/* "dose_mg: 0.4" carries its unit in the key: the attribute's name ends in the unit's beginning. */
static bool key_states_unit(const ag_attribute *attribute, const char *name) {
    const char *last = strrchr(name, '_');
    return last != NULL && last[1] != '\0' &&
           strncmp(last + 1, attribute->unit, strlen(last + 1)) == 0;
}

static ag_status read_quantity(const ag_attribute *attribute, const char *name, const char *value,
                               ag_language language, ag_recorded_attribute *out, ag_error *error) {
    const char *unit = value + strspn(value, " ");
    double number, factor = 1;
    bool plain = strcmp(attribute->unit, "1") == 0 || *attribute->unit == '\0';
    if (!ag_number_read(&unit, &number))
        return ag_fail(error, AG_ERROR_VALUE,
                       ag_say(language, "%s \"%.60s\" is no number. Write it like 1 %s"),
                       attribute->name, value, attribute->unit);
    unit += strspn(unit, " ");
    if (*unit == '\0' && !plain && !key_states_unit(attribute, name))
        return ag_fail(error, AG_ERROR_VALUE,
                       ag_say(language, "%s \"%.60s\" has no unit. Give one (%s)"), attribute->name,
                       value, attribute->unit);
    if (*unit != '\0' && !ag_unit_factor(unit, attribute->unit, &factor))
        return ag_fail(error, AG_ERROR_VALUE,
                       ag_say(language, "%s \"%.60s\" has a unit that cannot be converted to %s"),
                       attribute->name, value, attribute->unit);
    *out = (ag_recorded_attribute){.name = attribute->name, .number = number * factor};
    return AG_OK;
}

ag_status ag_attribute_read(const ag_cause *cause, const char *name, const char *value,
                            ag_language language, ag_recorded_attribute *out, ag_error *error) {
    const ag_attribute *attribute = ag_attribute_find(cause, name);
    if (attribute == NULL)
        return unknown_attribute(cause, name, language, error);
    if (attribute->values.count > 0)
        return read_word(attribute, value, language, out, error);
    return read_quantity(attribute, name, value, language, out, error);
}

int ag_attributes_order(const ag_recorded_attribute *a, int a_count, const ag_recorded_attribute *b,
                        int b_count) {
    int order = a_count - b_count;
    for (int i = 0; order == 0 && i < a_count; i++) {
        order = ag_text_order(a[i].name, b[i].name);
        if (order == 0)
            order = ag_text_order(a[i].word, b[i].word);
        if (order == 0 && a[i].word == NULL)
            order = (a[i].number > b[i].number) - (a[i].number < b[i].number);
    }
    return order;
}
