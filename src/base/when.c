/* Times as people write them, in English and Spanish. The grammar stands in docs/case-file.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dates.h"
#include "words.h"

/* Each list of words is named, to stand in a table and among the words that begin a time. */
#define MONTH_LISTS(X)                                                                             \
    X("|january|jan|enero|ene|")                                                                   \
    X("|february|feb|febrero|")                                                                    \
    X("|march|mar|marzo|")                                                                         \
    X("|april|apr|abril|abr|")                                                                     \
    X("|may|mayo|")                                                                                \
    X("|june|jun|junio|")                                                                          \
    X("|july|jul|julio|")                                                                          \
    X("|august|aug|agosto|ago|")                                                                   \
    X("|september|sep|sept|septiembre|setiembre|set|")                                             \
    X("|october|oct|octubre|")                                                                     \
    X("|november|nov|noviembre|")                                                                  \
    X("|december|dec|diciembre|dic|")

#define COUNT_LISTS(X)                                                                             \
    X("|half|medio|media|")                                                                        \
    X("|one|a|an|un|una|uno|")                                                                     \
    X("|two|dos|couple|")                                                                          \
    X("|three|tres|")                                                                              \
    X("|four|cuatro|")                                                                             \
    X("|five|cinco|")                                                                              \
    X("|six|seis|")                                                                                \
    X("|seven|siete|")                                                                             \
    X("|eight|ocho|")                                                                              \
    X("|nine|nueve|")                                                                              \
    X("|ten|diez|")                                                                                \
    X("|eleven|once|")                                                                             \
    X("|twelve|doce|")

#define LISTED(list) list,
#define JOINED(list) list
static const char *const MONTHS[12] = {MONTH_LISTS(LISTED)};
static const char *const COUNTS[13] = {COUNT_LISTS(LISTED)};

#define LEAD_LIST                                                                                  \
    "|since|from|in|on|at|for|about|around|approximately|approx|circa|the|some|during|started|"    \
    "began|desde|hace|en|el|la|los|las|unos|unas|aproximadamente|de|del|durante|a|"
static const char LEADS[] = LEAD_LIST;

static const char *const LIFELONG[] = {
    "lifelong",     "life long",    "always",     "birth",   "his whole life",
    "whole life",   "all his life", "congenital", "siempre", "toda la vida",
    "toda su vida", "nacimiento",   "por vida"};

/* Each time begins with a number or one of these: most texts are seen to be none at once. */
static const char BEGINNINGS[] = MONTH_LISTS(JOINED) COUNT_LISTS(JOINED) LEAD_LIST
    "|lifelong|life|always|birth|his|whole|all|congenital|siempre|toda|nacimiento|por|"
    "|age|aged|childhood|infancia|puberty|pubertad|adolescence|adolescencia|youth|juventud|"
    "|today|now|hoy|ahora|yesterday|ayer|before|antes|after|following|despues|tras|";

/* The words that join a time to what it is counted from, and are no part of its name. */
static const char LINKS[] = "|of|the|a|an|his|de|del|la|el|los|las|su|";
static const char STARTS[] = "|starting|start|started|beginning|begin|taking|inicio|iniciar|"
                             "empezar|comenzar|comienzo|tomar|";
static const char ENDS[] = "|stopping|stop|end|ending|dejar|suspender|fin|final|interrumpir|";

static int month_of(const ag_words *words, int i) {
    for (int m = 0; m < 12; m++)
        if (ag_words_in(words, i, MONTHS[m]))
            return m + 1;
    return 0;
}

/* A whole number of exactly `digits` digits. */
static bool whole(const ag_words *words, int i, int low_digits, int high_digits, int *out) {
    size_t length;
    const char *text = ag_words_span(words, i, 1, &length);
    double value;
    if ((int)length < low_digits || (int)length > high_digits ||
        !ag_words_number(words, i, &value) || memchr(text, '.', length) != NULL)
        return false;
    *out = (int)value;
    return true;
}

static bool make_date(int year, int month, int day, ag_days *out) {
    char iso[32];
    if (day != 0)
        snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
    else if (month != 0)
        snprintf(iso, sizeof iso, "%04d-%02d", year, month);
    else
        snprintf(iso, sizeof iso, "%04d", year);
    return ag_date_read(iso, out);
}

/* "15 march 2024", "march 15 2024", "march 2024", with "de" or "of" between. */
static bool named_month(const ag_words *words, int i, ag_days *out) {
    int day = 0, year, month = month_of(words, i);
    if (month == 0) {
        if (!whole(words, i, 1, 2, &day))
            return false;
        i += 1 + ag_words_in(words, i + 1, "|de|of|");
        month = month_of(words, i);
    } else if (whole(words, i + 1, 1, 2, &day)) {
        i++;
    }
    i += 1 + ag_words_in(words, i + 1, "|de|of|del|");
    return month != 0 && whole(words, i, 4, 4, &year) && i + 1 == words->count &&
           make_date(year, month, day, out);
}

/* "2024", "2024 03", "2024 03 15", "03 2024", "15 03 2024" where the order is certain. */
static bool numeric_date(const ag_words *words, int i, ag_days *out) {
    int a, b = 0, c = 0, left = words->count - i;
    if (left < 1 || left > 3)
        return false;
    if (whole(words, i, 4, 4, &a))
        return (left < 2 || whole(words, i + 1, 1, 2, &b)) &&
               (left < 3 || whole(words, i + 2, 1, 2, &c)) && (left < 2 || b > 0) &&
               (left < 3 || c > 0) && make_date(a, b, c, out);
    if (left == 2)
        return whole(words, i, 1, 2, &b) && whole(words, i + 1, 4, 4, &a) && b > 0 &&
               make_date(a, b, 0, out);
    if (left != 3 || !whole(words, i, 1, 2, &b) || !whole(words, i + 1, 1, 2, &c) ||
        !whole(words, i + 2, 4, 4, &a) || b == 0 || c == 0)
        return false;
    if (b > 12)
        return make_date(a, c, b, out);
    return (c > 12 || b == c) && make_date(a, b, c, out);
}

static bool count_word(const ag_words *words, int i, double *out) {
    if (ag_words_number(words, i, out))
        return true;
    for (int n = 0; n < 13; n++)
        if (ag_words_in(words, i, COUNTS[n])) {
            *out = n == 0 ? 0.5 : n;
            return true;
        }
    return false;
}

static double unit_days(const ag_words *words, int i) {
    if (ag_words_in(words, i, "|day|days|d|dia|dias|"))
        return 1;
    if (ag_words_in(words, i, "|week|weeks|wk|wks|w|semana|semanas|sem|"))
        return 7;
    if (ag_words_in(words, i, "|month|months|mo|mos|mth|mths|mes|meses|"))
        return AG_DAYS_PER_YEAR / 12;
    if (ag_words_in(words, i, "|year|years|yr|yrs|y|ano|anos|"))
        return AG_DAYS_PER_YEAR;
    return 0;
}

/* "10 years", "a couple of weeks", "2 3 weeks", "2 to 3 weeks": words used, or 0. */
static int duration(const ag_words *words, int i, ag_days *span) {
    int at = i;
    double low, high;
    if (ag_words_in(words, at, "|a|an|un|una|") && unit_days(words, at + 1) == 0)
        at++;
    if (!count_word(words, at, &low))
        return 0;
    at++;
    high = low;
    bool ranged = false;
    if (unit_days(words, at) == 0) {
        at += ag_words_in(words, at, "|of|a|an|to|or|o|de|");
        if (unit_days(words, at) == 0 && count_word(words, at, &high)) {
            ranged = true;
            at++;
        }
    }
    double unit = unit_days(words, at);
    if (unit == 0 || high < low || high > 200000)
        return 0;
    double slack = ranged || unit == 1 ? 0 : low == floor(low) ? 0.5 : 0.25;
    low = (low - slack) * unit;
    high = (high + slack) * unit;
    if (high > 80000)
        return 0;
    *span = (ag_days){(int)floor(low > 0 ? low : 0), (int)ceil(high)};
    return at + 1 - i;
}

/* The rest of the words, less its links, as the name of what the time is counted from. */
static bool read_anchor(const ag_words *words, int i, ag_when *out) {
    bool start = false;
    for (;; i++) {
        if (ag_words_in(words, i, ENDS) && !start)
            out->anchor_end = true;
        else if (ag_words_in(words, i, STARTS))
            start = true;
        else if (!ag_words_in(words, i, LINKS))
            break;
    }
    size_t length;
    const char *text = ag_words_span(words, i, words->count - i, &length);
    if (length >= sizeof out->anchor)
        return false;
    memcpy(out->anchor, text, length);
    out->anchor[length] = '\0';
    return true;
}

static bool read_age(const ag_words *words, int i, bool spanish, ag_when *out) {
    double age;
    if (ag_words_in(words, i, "|age|aged|")) {
        i += 1 + ag_words_is(words, i + 1, "of");
        if (!ag_words_number(words, i, &age) || i + 1 != words->count)
            return false;
    } else {
        if (!ag_words_number(words, i, &age) || !ag_words_in(words, i + 1, "|year|years|ano|anos|"))
            return false;
        int rest = words->count - (i + 2);
        bool said = ag_words_phrase(words, i + 2, "of age") == rest ||
                    ag_words_phrase(words, i + 2, "old") == rest ||
                    ag_words_phrase(words, i + 2, "de edad") == rest;
        if (!(rest > 0 ? said : spanish))
            return false;
    }
    *out = (ag_when){.kind = AG_WHEN_AGE, .age_low = age, .age_high = age + 1};
    return age <= 120;
}

static bool read_stage(const ag_words *words, int i, ag_when *out) {
    static const struct {
        const char *word;
        double low, high;
    } stages[] = {{"childhood", 0, 13}, {"infancia", 0, 13},     {"puberty", 11, 17},
                  {"pubertad", 11, 17}, {"adolescence", 11, 19}, {"adolescencia", 11, 19},
                  {"youth", 13, 25},    {"juventud", 13, 25}};
    for (size_t n = 0; n < sizeof stages / sizeof stages[0]; n++)
        if (ag_words_is(words, i, stages[n].word) && i + 1 == words->count) {
            *out = (ag_when){
                .kind = AG_WHEN_AGE, .age_low = stages[n].low, .age_high = stages[n].high};
            return true;
        }
    return false;
}

static bool read_fixed(const ag_words *words, int i, ag_when *out) {
    int left = words->count - i;
    for (size_t n = 0; n < sizeof LIFELONG / sizeof LIFELONG[0]; n++)
        if (left > 0 && ag_words_phrase(words, i, LIFELONG[n]) == left) {
            *out = (ag_when){.kind = AG_WHEN_LIFELONG};
            return true;
        }
    if (left == 1 && ag_words_in(words, i, "|today|now|hoy|ahora|yesterday|ayer|")) {
        int ago = ag_words_in(words, i, "|yesterday|ayer|");
        *out = (ag_when){.kind = AG_WHEN_BEFORE, .span = {ago, ago}};
        return true;
    }
    *out = (ag_when){.kind = AG_WHEN_DATE};
    return numeric_date(words, i, &out->days) || named_month(words, i, &out->days);
}

/* "10 years", "10 years ago", "3 years before TURP", "2 weeks after starting tamsulosin". */
static bool read_distance(const ag_words *words, int i, ag_when *out) {
    ag_days span;
    int used = duration(words, i, &span);
    if (used == 0)
        return false;
    *out = (ag_when){.kind = AG_WHEN_BEFORE, .span = span};
    i += used;
    if (i == words->count)
        return true;
    if (ag_words_in(words, i, "|ago|back|earlier|atras|now|"))
        return i + 1 == words->count;
    if (ag_words_in(words, i, "|before|prior|antes|")) {
        i += 1 + ag_words_is(words, i + 1, "to");
        return read_anchor(words, i, out);
    }
    if (!ag_words_in(words, i, "|after|following|despues|tras|"))
        return false;
    out->kind = AG_WHEN_AFTER;
    return read_anchor(words, i + 1, out) && out->anchor[0] != '\0';
}

/* "after TURP", "since tamsulosin": no distance is given. */
static bool read_bare_anchor(const ag_words *words, int i, ag_when *out) {
    *out = (ag_when){.kind = AG_WHEN_AFTER, .span = {0, INT_MAX}};
    if (ag_words_in(words, i, "|before|antes|"))
        out->kind = AG_WHEN_BEFORE;
    else if (ag_words_in(words, i, "|since|desde|"))
        out->span.last = 31; /* "since X" names X as the moment itself */
    else if (!ag_words_in(words, i, "|after|following|despues|tras|"))
        return false;
    return read_anchor(words, i + 1, out) && out->anchor[0] != '\0';
}

/* "2024-03/2024-06", "2024/..", "../2024-06-15": an interval of ISO 8601, open where there are
 * dots. */
static bool read_interval(const char *text, ag_days *out) {
    char from[40];
    const char *slash = strchr(text, '/');
    ag_days first = AG_DAYS_UNKNOWN, last = AG_DAYS_UNKNOWN;
    if (slash == NULL || (size_t)(slash - text) >= sizeof from)
        return false;
    memcpy(from, text, (size_t)(slash - text));
    from[slash - text] = '\0';
    bool opens = strcmp(from, "..") == 0, ends = strcmp(slash + 1, "..") == 0;
    if ((opens && ends) || (!opens && !ag_date_read(from, &first)) ||
        (!ends && !ag_date_read(slash + 1, &last)) || first.first > last.last)
        return false;
    *out = (ag_days){first.first, last.last};
    return true;
}

bool ag_when_read(const char *text, ag_when *out) {
    ag_words words;
    ag_words_read(&words, text);
    *out = (ag_when){.kind = AG_WHEN_DATE};
    double number;
    if (words.cut || (!ag_words_number(&words, 0, &number) && !ag_words_in(&words, 0, BEGINNINGS)))
        return false;
    if (ag_date_read(text, &out->days) || read_interval(text, &out->days))
        return true;
    int lead = 0;
    while (ag_words_in(&words, lead, LEADS) && unit_days(&words, lead + 1) == 0 &&
           lead + 1 < words.count)
        lead++;
    bool spanish = lead > 0 && ag_words_is(&words, lead - 1, "los");
    return read_age(&words, lead, spanish, out) || read_stage(&words, lead, out) ||
           read_fixed(&words, lead, out) || read_distance(&words, lead, out) ||
           read_bare_anchor(&words, 0, out);
}

bool ag_duration_read(const char *text, ag_days *out) {
    ag_words words;
    ag_words_read(&words, text);
    return words.count > 0 && !words.cut && duration(&words, 0, out) == words.count;
}
