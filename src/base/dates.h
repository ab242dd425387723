/**
 * @file dates.h
 * Civil dates as days since 1970-01-01 (proleptic Gregorian), partial dates as ranges of days, and
 * times written by people: "2024-03", "15 March 2024", "10 years", "2 weeks after tamsulosin",
 * "hace 3 meses", "at age 30", "lifelong".
 */
#ifndef AG_DATES_H
#define AG_DATES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/** A date known within limits, both ends included. Unknown: {INT_MIN, INT_MAX}. */
typedef struct ag_days {
    int first;
    int last;
} ag_days;

#define AG_DAYS_UNKNOWN ((ag_days){INT_MIN, INT_MAX})

#define AG_DAYS_PER_YEAR 365.2425

/** The day number of a civil date; the date is not checked. */
int ag_day_of(int year, int month, int day);

/** The civil date of a day number. Each of the outputs may be NULL. */
void ag_day_split(int day, int *year, int *month, int *date);

/** Today in UTC, by the system's clock. */
int ag_day_today(void);

/** Whether nothing is known of the date. */
bool ag_days_unknown(ag_days days);

/** A single day. */
ag_days ag_days_on(int day);

/** What both ranges allow; when they share no day, `a`. */
ag_days ag_days_meet(ag_days a, ag_days b);

/** Below 0, 0 or above 0: by the first day, then by the last. */
int ag_days_order(ag_days a, ag_days b);

enum { AG_DATE_TEXT = 32 };

/**
 * Write the range as people would: "2024", "2024-03", "2024-03-15", "2024-03-15/2024-03-20", or
 * "unknown". Returns `out`.
 */
const char *ag_days_write(ag_days days, char out[AG_DATE_TEXT]);

enum { AG_SPAN_TEXT = 2 * AG_DATE_TEXT };

/** The same, also of what is open on one side ("2024-03-15/..", "../2024-03-15"), as a case file
 * takes it; NULL when nothing is known. */
const char *ag_days_span(ag_days days, char out[AG_SPAN_TEXT]);

/**
 * Read an ISO 8601 date, partial date or instant: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-MM-DDThh:mm...;
 * of an instant the date as written counts. Years 1800 to 2199. False when it is none of them.
 */
bool ag_date_read(const char *text, ag_days *out);

/**
 * Whether a text holds a date in figures that is none, such as 2024-02-31 or 31/02/2024; `day` is
 * set to it as written. A date that is one in either order of day and month is not meant.
 */
bool ag_date_impossible(const char *text, char day[AG_DATE_TEXT]);

typedef enum ag_when_kind {
    AG_WHEN_DATE,    /**< `days` */
    AG_WHEN_BEFORE,  /**< `span` days before the anchor */
    AG_WHEN_AFTER,   /**< `span` days after the anchor */
    AG_WHEN_AGE,     /**< when he was `age_low` to `age_high` years old */
    AG_WHEN_LIFELONG /**< always */
} ag_when_kind;

enum { AG_ANCHOR_TEXT = 128 };

/** A time as written; see ag_when_read. */
typedef struct ag_when {
    ag_when_kind kind;
    ag_days days;
    ag_days span;                /**< distances in days, 0 or more; last is INT_MAX when open */
    double age_low, age_high;    /**< years */
    char anchor[AG_ANCHOR_TEXT]; /**< folded name of what it is counted from; "": the assessment */
    bool anchor_end;             /**< counted from the anchor's end ("after stopping X") */
} ag_when;

/**
 * Read a time in English or Spanish, in any case, with or without accents. A number of months or
 * years is known to half a unit. False when the text is no time; dates like 03/04/2024, whose order
 * of day and month cannot be known, are refused too.
 */
bool ag_when_read(const char *text, ag_when *out);

/**
 * Read a length of time, such as "3 days", "2-3 weeks" or "10 años", in days: exact for days, else
 * to half a unit. False when the text is none.
 */
bool ag_duration_read(const char *text, ag_days *out);

#endif
