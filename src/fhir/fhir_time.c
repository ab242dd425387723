/* Times in FHIR: dates, partial dates, instants, periods, ages and, where all else fails, words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fhir_facts.h"
#include "text.h"
#include "units.h"

ag_fhir_time ag_fhir_read_date(const ag_json_value *value) {
    ag_fhir_time time = {.given = false, .days = AG_DAYS_UNKNOWN};
    const char *text = ag_json_string(value);
    if (text != NULL)
        time.given = ag_date_read(text, &time.days);
    return time;
}

double ag_fhir_days(const ag_json_value *quantity) {
    const ag_json_value *value = ag_json_get(quantity, "value");
    const char *unit = ag_json_get_text(quantity, "code");
    double number, factor;
    if (unit == NULL)
        unit = ag_json_get_text(quantity, "unit");
    if (value == NULL || value->type != AG_JSON_NUMBER || unit == NULL ||
        !ag_text_number(value->text, &number) || !ag_unit_factor(unit, "d", &factor))
        return NAN;
    return number * factor;
}

static double years(const ag_json_value *quantity) {
    return ag_fhir_days(quantity) / AG_DAYS_PER_YEAR;
}

static ag_fhir_time by_age(double low, double high) {
    ag_fhir_time time = {.given = true, .days = AG_DAYS_UNKNOWN, .by_age = true};
    time.age_low = low;
    time.age_high = high;
    time.given = low >= 0 && high < 150 && low <= high;
    return time;
}

static ag_fhir_time from_words(const char *text) {
    ag_fhir_time time = {.given = false, .days = AG_DAYS_UNKNOWN};
    ag_when when;
    if (!ag_when_read(text, &when))
        return time;
    if (when.kind == AG_WHEN_AGE)
        return by_age(when.age_low, when.age_high);
    if (when.kind == AG_WHEN_LIFELONG)
        return by_age(0, 0);
    if (when.kind == AG_WHEN_DATE) {
        time.given = true;
        time.days = when.days;
    }
    return time;
}

/* The first member at or behind `from` whose key begins with `name`. */
static const ag_json_value *begins_with(const ag_json_value *from, const char *name,
                                        size_t length) {
    while (from != NULL && (from->key_length < length || memcmp(from->key, name, length) != 0))
        from = from->next;
    return from;
}

/* The member whose key is the name with the type behind it. */
static const ag_json_value *member(const ag_json_value *resource, const char *name,
                                   const char *type) {
    size_t length = strlen(name);
    const ag_json_value *m = begins_with(resource->first, name, length);
    while (m != NULL && strcmp(m->key + length, type) != 0)
        m = begins_with(m->next, name, length);
    return m == NULL || m->type == AG_JSON_NULL ? NULL : m;
}

ag_fhir_time ag_fhir_read_time(const ag_json_value *resource, const char *name, bool end) {
    static const char *const dates[] = {"DateTime", "Date", "Instant", ""};
    if (resource == NULL || resource->type != AG_JSON_OBJECT ||
        begins_with(resource->first, name, strlen(name)) == NULL)
        return (ag_fhir_time){.given = false, .days = AG_DAYS_UNKNOWN};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        const ag_json_value *date = member(resource, name, dates[i]);
        if (date != NULL && date->type == AG_JSON_STRING)
            return ag_fhir_read_date(date);
    }
    const ag_json_value *period = member(resource, name, "Period");
    if (period != NULL)
        return ag_fhir_read_date(ag_json_get(period, end ? "end" : "start"));
    double age = years(member(resource, name, "Age"));
    if (!isnan(age))
        return by_age(age, age + 1);
    const ag_json_value *range = member(resource, name, "Range");
    double low = years(ag_json_get(range, "low"));
    double high = years(ag_json_get(range, "high"));
    if (!isnan(low) && !isnan(high))
        return by_age(low, high + 1);
    const char *words = ag_json_string(member(resource, name, "String"));
    return words != NULL ? from_words(words)
                         : (ag_fhir_time){.given = false, .days = AG_DAYS_UNKNOWN};
}

static int two_digits(const char *text) {
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return 0;
    return 10 * (text[0] - '0') + (text[1] - '0');
}

/* Of the seconds and what may follow their point. */
static int64_t read_microseconds(const char **text) {
    int64_t sum = 1000000 * (int64_t)two_digits(*text), unit = 100000;
    for (*text += 2; (**text >= '0' && **text <= '9') || **text == '.'; ++*text) {
        if (**text == '.')
            continue;
        sum += unit * (**text - '0');
        unit /= 10;
    }
    return sum;
}

int64_t ag_fhir_instant(const char *text) {
    ag_days days;
    if (text == NULL || !ag_date_read(text, &days))
        return AG_FHIR_NO_INSTANT;
    int64_t minutes = 24 * 60 * (int64_t)days.first, microseconds = 0;
    size_t length = strlen(text);
    if (length >= 16) {
        const char *zone = text + 16;
        minutes += 60 * two_digits(text + 11) + two_digits(text + 14);
        if (*zone == ':' && length >= 19) {
            zone++;
            microseconds = read_microseconds(&zone);
        }
        int shift = strlen(zone) == 6 ? 60 * two_digits(zone + 1) + two_digits(zone + 4) : 0;
        minutes += *zone == '-' ? shift : *zone == '+' ? -shift : 0;
    }
    return 60000000 * minutes + microseconds;
}
