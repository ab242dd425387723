/*
 * Dates. Civil date and day number by the usual arithmetic on years that begin in March, whose last
 * day is then the leap day (H. Fliegel and T. van Flandern 1968, in its proleptic form).
 */
#include "dates.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

static int floor_div(int a, int b) {
    return a / b - (a % b < 0);
}

int ag_day_of(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = floor_div(y, 400), of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void ag_day_split(int day, int *year, int *month, int *date) {
    long long shifted = (long long)day + 719468;
    long long era = shifted >= 0 ? shifted / 146097 : (shifted - 146096) / 146097;
    int of_era = (int)(shifted - era * 146097);
    int of_era_year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
    int from_march = (5 * of_year + 2) / 153;
    int m = from_march < 10 ? from_march + 3 : from_march - 9;
    if (year != NULL)
        *year = of_era_year + (int)(era * 400) + (m <= 2);
    if (month != NULL)
        *month = m;
    if (date != NULL)
        *date = of_year - (153 * from_march + 2) / 5 + 1;
}

int ag_day_today(void) {
    return (int)(time(NULL) / 86400);
}

bool ag_days_unknown(ag_days days) {
    return days.first == INT_MIN && days.last == INT_MAX;
}

ag_days ag_days_on(int day) {
    return (ag_days){day, day};
}

ag_days ag_days_meet(ag_days a, ag_days b) {
    ag_days both = {a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
    return both.first <= both.last ? both : a;
}

int ag_days_order(ag_days a, ag_days b) {
    if (a.first != b.first)
        return a.first < b.first ? -1 : 1;
    return (a.last > b.last) - (a.last < b.last);
}

static bool is_month_end(int day) {
    int date;
    ag_day_split(day + 1, NULL, NULL, &date);
    return date == 1;
}

const char *ag_days_write(ag_days days, char out[AG_DATE_TEXT]) {
    if (days.first == INT_MIN || days.last == INT_MAX) {
        const char *side = days.first != INT_MIN ? "after " : days.last != INT_MAX ? "before " : "";
        int y, m, d;
        ag_day_split(days.first != INT_MIN ? days.first : days.last, &y, &m, &d);
        if (*side == '\0')
            snprintf(out, AG_DATE_TEXT, "unknown");
        else
            snprintf(out, AG_DATE_TEXT, "%s%04d-%02d-%02d", side, y % 10000, m, d);
        return out;
    }
    int y, m, d, last_y, last_m, last_d;
    ag_day_split(days.first, &y, &m, &d);
    ag_day_split(days.last, &last_y, &last_m, &last_d);
    bool whole = d == 1 && y == last_y && is_month_end(days.last);
    y %= 10000;
    if (whole && m == 1 && last_m == 12)
        snprintf(out, AG_DATE_TEXT, "%04d", y);
    else if (whole && m == last_m)
        snprintf(out, AG_DATE_TEXT, "%04d-%02d", y, m);
    else if (days.first == days.last)
        snprintf(out, AG_DATE_TEXT, "%04d-%02d-%02d", y, m, d);
    else
        snprintf(out, AG_DATE_TEXT, "%04d-%02d-%02d/%04d-%02d-%02d", y, m, d, last_y % 10000,
                 last_m, last_d);
    return out;
}

/* Exactly `count` digits; moves `text` behind them. */
static bool digits(const char **text, int count, int *out) {
    *out = 0;
    for (int i = 0; i < count; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        *out = *out * 10 + (c - '0');
    }
    *text += count;
    return true;
}

/* What may stand behind the date of an instant. */
static bool is_clock(const char *text) {
    int hour, minute;
    if (*text++ != 'T' || !digits(&text, 2, &hour) || *text++ != ':' || !digits(&text, 2, &minute))
        return false;
    for (; *text != '\0'; text++)
        if ((*text < '0' || *text > '9') && *text != ':' && *text != '.' && *text != 'Z' &&
            *text != '+' && *text != '-')
            return false;
    return hour < 24 && minute < 60;
}

bool ag_date_read(const char *text, ag_days *out) {
    int year, month, day;
    if (!digits(&text, 4, &year) || year < 1800 || year > 2199)
        return false;
    if (*text == '\0') {
        *out = (ag_days){ag_day_of(year, 1, 1), ag_day_of(year, 12, 31)};
        return true;
    }
    if (*text++ != '-' || !digits(&text, 2, &month) || month < 1 || month > 12)
        return false;
    int first = ag_day_of(year, month, 1);
    int next = month == 12 ? ag_day_of(year + 1, 1, 1) : ag_day_of(year, month + 1, 1);
    if (*text == '\0') {
        *out = (ag_days){first, next - 1};
        return true;
    }
    if (*text++ != '-' || !digits(&text, 2, &day) || day < 1 || day > next - first)
        return false;
    if (*text != '\0' && !is_clock(text))
        return false;
    *out = ag_days_on(first + day - 1);
    return true;
}

static bool is_day(int year, int month, int day) {
    char iso[48];
    ag_days read;
    snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
    return ag_date_read(iso, &read);
}

/* Three figures of so many digits with one separator between, and no digit behind; characters. */
static int three_figures(const char *text, const int counts[3], int out[3]) {
    const char *at = text;
    char separator = '\0';
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            separator = *at;
        if (i > 0 && (*at != separator || (separator != '-' && separator != '/')))
            return 0;
        at += i > 0;
        if (!digits(&at, counts[i], &out[i]))
            return 0;
    }
    return *at >= '0' && *at <= '9' ? 0 : (int)(at - text);
}

bool ag_date_impossible(const char *text, char day[AG_DATE_TEXT]) {
    static const int year_first[] = {4, 2, 2}, year_last[] = {2, 2, 4};
    for (const char *at = text; *at != '\0'; at++) {
        int n[3], year = 0, used = 0;
        bool possible = true;
        if (at > text && at[-1] >= '0' && at[-1] <= '9')
            continue;
        if ((used = three_figures(at, year_first, n)) > 0) {
            year = n[0];
            possible = is_day(n[0], n[1], n[2]);
        } else if ((used = three_figures(at, year_last, n)) > 0) {
            year = n[2];
            possible = is_day(n[2], n[1], n[0]) || is_day(n[2], n[0], n[1]);
        }
        if (possible || year < 1800 || year > 2199)
            continue;
        snprintf(day, AG_DATE_TEXT, "%.*s", used, at);
        return true;
    }
    return false;
}

const char *ag_days_span(ag_days days, char out[AG_SPAN_TEXT]) {
    char day[AG_DATE_TEXT];
    if (ag_days_unknown(days))
        return NULL;
    if (days.first != INT_MIN && days.last != INT_MAX)
        return ag_days_write(days, out);
    if (days.first != INT_MIN)
        snprintf(out, AG_SPAN_TEXT, "%s/..", ag_days_write(ag_days_on(days.first), day));
    else
        snprintf(out, AG_SPAN_TEXT, "../%s", ag_days_write(ag_days_on(days.last), day));
    return out;
}
