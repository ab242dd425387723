/*
 * Units: a unit is read into a factor to base units and the powers of seven base dimensions; two
 * units convert where the powers agree. Names and prefixes are those of UCUM (case-sensitive) and,
 * for the units of this field, what laboratories print.
 */
#include "units.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "dates.h"

enum { MASS, VOLUME, AMOUNT, TIME, LENGTH, ACTIVITY, DOSE, DIMENSIONS };

typedef struct unit {
    double factor;
    int powers[DIMENSIONS];
} unit;

typedef struct atom {
    const char *name;
    int dimension; /* DIMENSIONS: a pure number */
    double factor;
    bool prefixed; /* takes a metric prefix */
} atom;

static const atom ATOMS[] = {
    {"g", MASS, 1, true},
    {"gram", MASS, 1, true},
    {"grams", MASS, 1, true},
    {"mcg", MASS, 1e-6, false},
    {"L", VOLUME, 1, true},
    {"l", VOLUME, 1, true},
    {"cc", VOLUME, 1e-3, false},
    {"cm3", VOLUME, 1e-3, false},
    {"mm3", VOLUME, 1e-6, false},
    {"mol", AMOUNT, 1, true},
    {"d", TIME, 1, false},
    {"day", TIME, 1, false},
    {"days", TIME, 1, false},
    {"dia", TIME, 1, false},
    {"dias", TIME, 1, false},
    {"h", TIME, 1.0 / 24, false},
    {"hr", TIME, 1.0 / 24, false},
    {"hour", TIME, 1.0 / 24, false},
    {"hours", TIME, 1.0 / 24, false},
    {"min", TIME, 1.0 / 1440, false},
    {"minutes", TIME, 1.0 / 1440, false},
    {"s", TIME, 1.0 / 86400, false},
    {"wk", TIME, 7, false},
    {"week", TIME, 7, false},
    {"weeks", TIME, 7, false},
    {"mo", TIME, AG_DAYS_PER_YEAR / 12, false},
    {"month", TIME, AG_DAYS_PER_YEAR / 12, false},
    {"months", TIME, AG_DAYS_PER_YEAR / 12, false},
    {"a", TIME, AG_DAYS_PER_YEAR, false},
    {"y", TIME, AG_DAYS_PER_YEAR, false},
    {"yr", TIME, AG_DAYS_PER_YEAR, false},
    {"year", TIME, AG_DAYS_PER_YEAR, false},
    {"years", TIME, AG_DAYS_PER_YEAR, false},
    {"m", LENGTH, 1, true},
    {"U", ACTIVITY, 1, true},
    {"IU", ACTIVITY, 1, true},
    {"UI", ACTIVITY, 1, true},
    {"[iU]", ACTIVITY, 1, true},
    {"[IU]", ACTIVITY, 1, true},
    {"Gy", DOSE, 1, true},
    {"1", DIMENSIONS, 1, false},
    {"%", DIMENSIONS, 0.01, false},
    {"percent", DIMENSIONS, 0.01, false},
    {"million", DIMENSIONS, 1e6, false},
    {"millions", DIMENSIONS, 1e6, false},
    {"millones", DIMENSIONS, 1e6, false},
    {"mill", DIMENSIONS, 1e6, false},
    {"sperm", DIMENSIONS, 1, false},
    {"sperms", DIMENSIONS, 1, false},
    {"spermatozoa", DIMENSIONS, 1, false},
    {"cells", DIMENSIONS, 1, false},
    {"cell", DIMENSIONS, 1, false},
    {"ejaculate", DIMENSIONS, 1, false},
    {"ejac", DIMENSIONS, 1, false},
    {"sample", DIMENSIONS, 1, false},
};

static const struct {
    const char *text;
    double factor;
} PREFIXES[] = {{"f", 1e-15},       {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"\xC2\xB5", 1e-6},
                {"\xCE\xBC", 1e-6}, {"m", 1e-3},  {"c", 1e-2}, {"d", 1e-1}, {"k", 1e3}};

static bool same(const char *text, size_t length, const char *name) {
    return strlen(name) == length && memcmp(text, name, length) == 0;
}

static const atom *find_atom(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof ATOMS / sizeof ATOMS[0]; i++)
        if (same(text, length, ATOMS[i].name))
            return &ATOMS[i];
    return NULL;
}

/* "10*6", "10^6", "10e6" and "x10^6": the power of ten. */
static bool read_power(const char *text, size_t length, double *factor) {
    size_t i = length > 0 && text[0] == 'x';
    if (length < i + 4 || text[i] != '1' || text[i + 1] != '0' ||
        strchr("*^eE", text[i + 2]) == NULL)
        return false;
    int exponent = 0;
    for (i += 3; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || exponent > 18)
            return false;
        exponent = exponent * 10 + (text[i] - '0');
    }
    *factor = pow(10, exponent);
    return true;
}

static bool read_word(const char *text, size_t length, int sign, unit *out) {
    double scale = 1;
    const atom *found = find_atom(text, length);
    for (size_t i = 0; found == NULL && i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        size_t n = strlen(PREFIXES[i].text);
        if (length <= n || memcmp(text, PREFIXES[i].text, n) != 0)
            continue;
        const atom *rest = find_atom(text + n, length - n);
        if (rest != NULL && rest->prefixed) {
            found = rest;
            scale = PREFIXES[i].factor;
        }
    }
    if (found != NULL)
        scale *= found->factor;
    else if (!read_power(text, length, &scale))
        return false;
    out->factor *= sign > 0 ? scale : 1 / scale;
    if (found != NULL && found->dimension < DIMENSIONS)
        out->powers[found->dimension] += sign;
    return true;
}

/* The words of one term ("million sperm", "10*6"); none at all is a pure number. */
static bool read_term(const char *text, size_t length, int sign, unit *out) {
    size_t i = 0;
    while (i < length) {
        if (text[i] == ' ' || text[i] == '.') {
            i++;
        } else if (text[i] == '{') {
            while (i < length && text[i] != '}')
                i++;
            if (i++ == length)
                return false;
        } else {
            size_t from = i;
            while (i < length && text[i] != ' ' && text[i] != '{' && text[i] != '.')
                i++;
            if (!read_word(text + from, i - from, sign, out))
                return false;
        }
    }
    return true;
}

static const char *find_per(const char *text, size_t *skip) {
    const char *slash = strchr(text, '/'), *per = strstr(text, " per ");
    *skip = per != NULL && (slash == NULL || per < slash) ? 5 : 1;
    return *skip == 5 ? per : slash;
}

static bool read_unit(const char *text, unit *out) {
    *out = (unit){.factor = 1};
    int sign = 1;
    for (;;) {
        size_t skip;
        const char *end = find_per(text, &skip);
        if (!read_term(text, end != NULL ? (size_t)(end - text) : strlen(text), sign, out))
            return false;
        if (end == NULL)
            return true;
        text = end + skip;
        sign = -1;
    }
}

bool ag_unit_factor(const char *from, const char *to, double *factor) {
    unit a, b;
    if (!read_unit(from, &a) || !read_unit(to, &b) ||
        memcmp(a.powers, b.powers, sizeof a.powers) != 0)
        return false;
    *factor = a.factor / b.factor;
    return true;
}
