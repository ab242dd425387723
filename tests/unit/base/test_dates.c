/* Dates: civil days against days known by heart or by the C library, and times in words. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "dates.h"
#include "words.h"

static void days_agree_with_the_c_library(void **state) {
    (void)state;
    for (int day = -60000; day <= 80000; day += 13) {
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        int year, month, date;
        ag_day_split(day, &year, &month, &date);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(date, tm.tm_mday);
        assert_int_equal(ag_day_of(year, month, date), day);
    }
    assert_int_equal(ag_day_of(1970, 1, 1), 0);
    assert_int_equal(ag_day_of(2000, 3, 1), 11017);
}

static void expect_date(const char *text, const char *first, const char *last) {
    ag_days days;
    char a[AG_DATE_TEXT], b[AG_DATE_TEXT];
    if (!ag_date_read(text, &days))
        fail_msg("%s is not read", text);
    assert_string_equal(ag_days_write(ag_days_on(days.first), a), first);
    assert_string_equal(ag_days_write(ag_days_on(days.last), b), last);
}

static void partial_dates_are_ranges(void **state) {
    (void)state;
    expect_date("2024", "2024-01-01", "2024-12-31");
    expect_date("2024-02", "2024-02-01", "2024-02-29");
    expect_date("2023-12", "2023-12-01", "2023-12-31");
    expect_date("2024-02-29", "2024-02-29", "2024-02-29");
    expect_date("2015-02-07T13:28:17.239+02:00", "2015-02-07", "2015-02-07");
    expect_date("2015-02-07T13:28Z", "2015-02-07", "2015-02-07");
}

static void days_that_do_not_exist_are_found(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"since 2024-02-31", "2024-02-31"},
                                           {"2023-02-29 at noon", "2023-02-29"},
                                           {"on 31/06/2024.", "31/06/2024"},
                                           {"from 2024-01-01 until 2024-13-01", "2024-13-01"},
                                           {"2024-02-29", NULL},
                                           {"03/04/2024 or 12/25/2024", NULL},
                                           {"0.5-1 mL, 3160-9, 1/2, 12024-02-31", NULL},
                                           {"2024-02-311", NULL},
                                           {"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char day[AG_DATE_TEXT];
        assert_int_equal(ag_date_impossible(cases[i][0], day), cases[i][1] != NULL);
        if (cases[i][1] != NULL)
            assert_string_equal(day, cases[i][1]);
    }
}

static void bad_dates_are_refused(void **state) {
    (void)state;
    const char *bad[] = {"",         "20",         "2024-13",     "2023-02-29",      "2024-00",
                         "2024-1-1", "1024",       "2024-02-30",  "2024-02-01x",     "x2024",
                         "2024-",    "2024-04-31", "2024-01-01T", "2024-01-01T25:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ag_days days;
        if (ag_date_read(bad[i], &days))
            fail_msg("%s is read", bad[i]);
    }
}

static void ranges_are_written_as_people_would(void **state) {
    (void)state;
    const char *texts[] = {"2024", "2024-02", "2024-02-11"};
    for (size_t i = 0; i < 3; i++) {
        ag_days days;
        char out[AG_DATE_TEXT];
        assert_true(ag_date_read(texts[i], &days));
        assert_string_equal(ag_days_write(days, out), texts[i]);
    }
    char out[AG_DATE_TEXT];
    assert_string_equal(ag_days_write(AG_DAYS_UNKNOWN, out), "unknown");
    assert_string_equal(ag_days_write((ag_days){0, 40}, out), "1970-01-01/1970-02-10");
    assert_string_equal(ag_days_write((ag_days){0, INT_MAX}, out), "after 1970-01-01");
}

static void spans_may_be_open(void **state) {
    (void)state;
    int day = ag_day_of(2024, 3, 15);
    char out[AG_SPAN_TEXT];
    assert_string_equal(ag_days_span((ag_days){day, INT_MAX}, out), "2024-03-15/..");
    assert_string_equal(ag_days_span((ag_days){INT_MIN, day}, out), "../2024-03-15");
    assert_string_equal(ag_days_span((ag_days){day, day}, out), "2024-03-15");
    assert_null(ag_days_span(AG_DAYS_UNKNOWN, out));
}

static void absolute_times_in_words(void **state) {
    (void)state;
    static const struct {
        const char *text, *same;
    } cases[] = {{"March 2024", "2024-03"},
                 {"since mar 2024", "2024-03"},
                 {"marzo de 2024", "2024-03"},
                 {"desde marzo del 2024", "2024-03"},
                 {"15 March 2024", "2024-03-15"},
                 {"March 15, 2024", "2024-03-15"},
                 {"el 15 de septiembre de 2023", "2023-09-15"},
                 {"03/2024", "2024-03"},
                 {"2024/03/05", "2024-03-05"},
                 {"25/03/2024", "2024-03-25"},
                 {"03/25/2024", "2024-03-25"},
                 {"in 2019", "2019"},
                 {"since 2019-07", "2019-07"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_when when;
        ag_days same;
        if (!ag_when_read(cases[i].text, &when))
            fail_msg("%s is not read", cases[i].text);
        assert_true(ag_date_read(cases[i].same, &same));
        assert_int_equal(when.kind, AG_WHEN_DATE);
        assert_int_equal(when.days.first, same.first);
        assert_int_equal(when.days.last, same.last);
    }
}

static void intervals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int first, last;
    } cases[] = {{"2024-03-15/2024-04-01", 19797, 19814}, /* days since 1970-01-01, by date(1) */
                 {"2024-03/2024-06", 19783, 19904},
                 {"2024-03-15/..", 19797, INT_MAX},
                 {"../2024-03-15", INT_MIN, 19797}};
    ag_when when;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (!ag_when_read(cases[i].text, &when))
            fail_msg("%s is not read", cases[i].text);
        assert_int_equal(when.kind, AG_WHEN_DATE);
        assert_int_equal(when.days.first, cases[i].first);
        assert_int_equal(when.days.last, cases[i].last);
    }
    assert_false(ag_when_read("../..", &when));
    assert_false(ag_when_read("2024-06/2024-03", &when));
}

static void relative_times_in_words(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ag_when_kind kind;
        int first, last;
        const char *anchor;
        bool end;
    } cases[] = {{"10 days", AG_WHEN_BEFORE, 10, 10, "", false},
                 {"2 weeks ago", AG_WHEN_BEFORE, 10, 18, "", false},
                 {"10 years", AG_WHEN_BEFORE, 3469, 3836, "", false},
                 {"for ten years", AG_WHEN_BEFORE, 3469, 3836, "", false},
                 {"10 años", AG_WHEN_BEFORE, 3469, 3836, "", false},
                 {"desde hace 10 AÑOS", AG_WHEN_BEFORE, 3469, 3836, "", false},
                 {"2-3 weeks", AG_WHEN_BEFORE, 14, 21, "", false},
                 {"2 to 3 weeks after TURP", AG_WHEN_AFTER, 14, 21, "turp", false},
                 {"a week", AG_WHEN_BEFORE, 3, 11, "", false},
                 {"2 weeks after tamsulosin", AG_WHEN_AFTER, 10, 18, "tamsulosin", false},
                 {"2 weeks after starting tamsulosin", AG_WHEN_AFTER, 10, 18, "tamsulosin", false},
                 {"5 days after stopping tamsulosin", AG_WHEN_AFTER, 5, 5, "tamsulosin", true},
                 {"2 semanas después de tamsulosina", AG_WHEN_AFTER, 10, 18, "tamsulosina", false},
                 {"3 years before", AG_WHEN_BEFORE, 913, 1279, "", false},
                 {"3 años antes de la operación", AG_WHEN_BEFORE, 913, 1279, "operacion", false},
                 {"after TURP", AG_WHEN_AFTER, 0, INT_MAX, "turp", false},
                 {"since the TURP", AG_WHEN_AFTER, 0, 31, "turp", false},
                 {"before tamsulosin", AG_WHEN_BEFORE, 0, INT_MAX, "tamsulosin", false},
                 {"today", AG_WHEN_BEFORE, 0, 0, "", false},
                 {"ayer", AG_WHEN_BEFORE, 1, 1, "", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_when when;
        if (!ag_when_read(cases[i].text, &when))
            fail_msg("%s is not read", cases[i].text);
        assert_int_equal(when.kind, cases[i].kind);
        assert_int_equal(when.span.first, cases[i].first);
        assert_int_equal(when.span.last, cases[i].last);
        assert_string_equal(when.anchor, cases[i].anchor);
        assert_int_equal(when.anchor_end, cases[i].end);
    }
}

static void ages_and_lifelong(void **state) {
    (void)state;
    const char *ages[] = {"at age 30",     "since the age of 30", "at 30 years of age",
                          "a los 30 años", "desde los 30 años",   "30 years old"};
    ag_when when;
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        if (!ag_when_read(ages[i], &when) || when.kind != AG_WHEN_AGE)
            fail_msg("%s is not read as an age", ages[i]);
        assert_float_equal(when.age_low, 30, 0);
        assert_float_equal(when.age_high, 31, 0);
    }
    const char *lifelong[] = {"lifelong", "always",        "since birth", "de toda la vida",
                              "Siempre",  "desde siempre", "life-long"};
    for (size_t i = 0; i < sizeof lifelong / sizeof lifelong[0]; i++)
        if (!ag_when_read(lifelong[i], &when) || when.kind != AG_WHEN_LIFELONG)
            fail_msg("%s is not read as lifelong", lifelong[i]);
}

static void what_is_no_time_is_refused(void **state) {
    (void)state;
    const char *bad[] = {"",           "soon",         "03/04/2024",    "10",
                         "years",      "10 foos",      "since",         "march",
                         "31/13/2024", "10 years foo", "32 March 2024", "3 weeks to 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ag_when when;
        if (ag_when_read(bad[i], &when))
            fail_msg("%s is read", bad[i]);
    }
}

static void words_drop_case_accents_and_punctuation(void **state) {
    (void)state;
    ag_words words;
    ag_words_read(&words, "Tamsulosina 0,4mg/d\xC3\xAD"
                          "a (Parkinson's) T10-L2");
    assert_string_equal(words.text, "tamsulosina 0.4 mg dia parkinsons t10 l2");
    assert_int_equal(words.count, 7);
    double dose;
    assert_true(ag_words_number(&words, 1, &dose));
    assert_float_equal(dose, 0.4, 1e-15);
    assert_false(ag_words_number(&words, 5, &dose));
    assert_true(ag_words_in(&words, 3, "|day|dia|"));
    assert_int_equal(ag_words_phrase(&words, 5, "t10 l2"), 2);
    char longer[4000];
    memset(longer, 'a', sizeof longer);
    for (int i = 5; i < 4000; i += 6)
        longer[i] = ' ';
    longer[3999] = '\0';
    ag_words_read(&words, longer);
    assert_true(words.cut);
    assert_int_equal(words.count, AG_WORDS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(days_agree_with_the_c_library),
                                       cmocka_unit_test(partial_dates_are_ranges),
                                       cmocka_unit_test(days_that_do_not_exist_are_found),
                                       cmocka_unit_test(bad_dates_are_refused),
                                       cmocka_unit_test(ranges_are_written_as_people_would),
                                       cmocka_unit_test(spans_may_be_open),
                                       cmocka_unit_test(absolute_times_in_words),
                                       cmocka_unit_test(intervals),
                                       cmocka_unit_test(relative_times_in_words),
                                       cmocka_unit_test(ages_and_lifelong),
                                       cmocka_unit_test(what_is_no_time_is_refused),
                                       cmocka_unit_test(words_drop_case_accents_and_punctuation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
