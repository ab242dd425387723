#include "exposure.h"

#include <math.h>
#include <string.h>

enum { QUADRATURE_POINTS = 16 };

static const double DAYS_A_YEAR = 365.25;
static const double ADULT_AGE_YEARS = 18;
/* Without a date, a medicine that a man takes now was begun within so many years. */
static const double MEDICINE_YEARS = 10;
static const double SHORTEST_RECALL_DAYS = 3;
/* People place the beginning of a complaint to about a tenth of the time since. */
static const double RECALL_ERROR = 0.1;

/* P(lag <= days) */
static double lag_cdf(const ag_parameter *median, double spread, double days) {
    if (days <= 0)
        return 0;
    if (median->value <= 0)
        return 1;
    if (spread <= 0)
        return days >= median->value;
    return 0.5 * erfc(-log(days / median->value) / spread / sqrt(2.0));
}

static bool known(ag_days days) {
    return days.first != INT_MIN && days.last != INT_MAX;
}

typedef struct span {
    double first, last;
} span;

/* The mean of P(start + lag <= day) over a start uniform in the span. */
static double reached(const ag_parameter *median, double spread, span start, double day) {
    double sum = 0;
    for (int i = 0; i < QUADRATURE_POINTS; i++) {
        double s = start.first + (start.last - start.first) * (i + 0.5) / QUADRATURE_POINTS;
        sum += lag_cdf(median, spread, day - s);
    }
    return sum / QUADRATURE_POINTS;
}

static span span_of(ag_days days, double open_first, double open_last) {
    return (span){days.first == INT_MIN ? open_first : days.first,
                  days.last == INT_MAX ? open_last : days.last};
}

/* Where a card's variants go by the years since the exposure began, they already say how far it has
 * come. */
static bool variants_go_by_years(const ag_cause *cause) {
    for (int v = 0; v < cause->variant_count; v++)
        for (int w = 0; w < cause->variants[v].when_count; w++)
            if (strcmp(cause->variants[v].when[w].attribute, "years") == 0)
                return true;
    return false;
}

double ag_exposure_activity(const ag_cause *cause, const ag_cause_fact *fact, int day) {
    /* A day counts in full: what began in the morning may act at night. */
    double moment = day + 1.0;
    double begun = 1;
    if (fact->start.first != INT_MIN || fact->start.last != INT_MAX) {
        span start = span_of(fact->start, fact->start.last - DAYS_A_YEAR, moment);
        ag_parameter at_once = {.value = 0};
        bool lags = !variants_go_by_years(cause);
        begun = reached(lags ? &cause->onset_days : &at_once, cause->onset_spread, start, moment);
    }
    double gone = 0;
    if (fact->ended && !cause->permanent) {
        span end = span_of(fact->end, moment - DAYS_A_YEAR, moment);
        gone = reached(&cause->offset_days, cause->offset_spread, end, moment);
    }
    return begun * (1 - gone);
}

bool ag_exposure_onset_known(const ag_patient *patient) {
    return (patient->lifelong && !isnan(patient->age_years)) || known(patient->onset);
}

static span onset_window(const ag_patient *patient) {
    double birth = patient->as_of - patient->age_years * DAYS_A_YEAR;
    if (patient->lifelong)
        return (span){birth, birth + ADULT_AGE_YEARS * DAYS_A_YEAR};
    double middle = 0.5 * ((double)patient->onset.first + patient->onset.last);
    double error = fmax(SHORTEST_RECALL_DAYS, RECALL_ERROR * (patient->as_of - middle));
    return (span){patient->onset.first - error, patient->onset.last + error + 1};
}

static ag_onset_odds odds_for(const ag_cause *cause, span start, span window) {
    double before = reached(&cause->onset_days, cause->onset_spread, start, window.first);
    double until = reached(&cause->onset_days, cause->onset_spread, start, window.last);
    return (ag_onset_odds){1 - until, until - before, before};
}

static ag_onset_odds mixture(ag_onset_odds a, ag_onset_odds b, double share) {
    return (ag_onset_odds){share * a.later + (1 - share) * b.later,
                           share * a.within + (1 - share) * b.within,
                           share * a.earlier + (1 - share) * b.earlier};
}

ag_onset_odds ag_exposure_onset(const ag_cause *cause, const ag_cause_fact *fact,
                                const ag_patient *patient) {
    span window = onset_window(patient);
    double now = patient->as_of;
    double age = isnan(patient->age_years) ? 40 : patient->age_years;
    double birth = now - age * DAYS_A_YEAR;
    double adult = fmin(birth + ADULT_AGE_YEARS * DAYS_A_YEAR, now - 1);
    if (fact != NULL && (fact->start.first != INT_MIN || fact->start.last != INT_MAX))
        return odds_for(cause, span_of(fact->start, adult, now), window);
    span from_birth = {birth, birth + 1};
    if (cause->kind == AG_CAUSE_CONGENITAL)
        return odds_for(cause, from_birth, window);
    if (cause->kind == AG_CAUSE_MEDICINE)
        adult = fmax(adult, now - MEDICINE_YEARS * DAYS_A_YEAR);
    /* Of an exposure without date only the time of its effect matters: anywhere in that span. */
    double length = now - adult;
    double until = fmin(fmax((window.last - adult) / length, 0), 1);
    double before = fmin(fmax((window.first - adult) / length, 0), 1);
    ag_onset_odds acquired = {1 - until, until - before, before};
    bool in = window.first <= birth + ADULT_AGE_YEARS * DAYS_A_YEAR;
    ag_onset_odds lifelong = {0, in, !in};
    return mixture(lifelong, acquired, cause->lifelong.value);
}
