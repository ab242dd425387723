/* Each fault of a card is told with its file, its line and what would mend it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "card_set.h"

typedef struct fault_case {
    card_change change;
    int below;            /* lines from the change to where the fault is told */
    const char *fragment; /* of the message */
} fault_case;

static const fault_case cases[] = {
    /* the text itself */
    {{"route.yaml", "parents: [", "parents: [["}, 1, "not well-formed YAML"},
    {{"route.yaml", "scope:", "id: x\nscope:"}, 0, "\"id\" stands twice"},
    {{"route.yaml", "man-now", "*man"}, 0, "aliases"},
    {{"route.yaml", "camino", "cam\xFFino"}, 0, "save the file as UTF-8"},
    {{"turp.yaml", "id: turp\n", "- id: turp\n"}, 1, "not well-formed"},
    /* fields */
    {{"turp.yaml", "group:", "gruop:"}, 0, "did you mean \"group\""},
    {{"turp.yaml", "group: prostate-surgery\n", ""}, -2, "\"group\" is missing"},
    {{"turp.yaml", "kind: operation", "kind: surgery"}, 0, "medicine, operation"},
    {{"turp.yaml", "kind: operation", "kind: [operation]"}, 0, "but this is a list"},
    {{"turp.yaml", "group: prostate-surgery", "group: \"\""}, 0, "the text is empty"},
    {{"emission.yaml", "felt: true", "felt: maybe"}, 0, "none of the words"},
    {{"emission.yaml", "felt: true", "felt: true\nscope: man"}, 1, "\"scope\" is not known"},
    {{"turp.yaml", "es: [RTU de próstata]", "es: []"}, 0, "at least one name"},
    {{"turp.yaml", "\n  es: [RTU de próstata]", ""}, -1, "\"es\" is missing"},
    {{"version.yaml", "2026-01-31", "31 January"}, 0, "write it as 2026-11-22"},
    /* ids */
    {{"turp.yaml", "id: turp", "id: tur"}, 0, "file name"},
    {{"all.yaml", "counted-large-again", "counted-large"}, 0, "used twice"},
    {{"turp.yaml", "excludes: [silodosin]", "excludes: [silodosine]"}, 0, "mean \"silodosin\""},
    {{"turp.yaml", "function: bladder-neck", "function: blader-neck"}, 0, "mean \"bladder-neck\""},
    {{"turp.yaml", "function: bladder-neck", "function: route"}, 0, "no function"},
    {{"turp.yaml", "[counted-large]", "[counted-larg]"}, 0, "mean \"counted-large\""},
    {{"dry.yaml", "functions: [emission]", "functions: [route]"}, 0, "no function"},
    {{"retrograde.yaml", "mechanism: dry", "mechanism: route"}, 0, "no mechanism"},
    {{"retrograde.yaml", "[urine-sperm]", "[route]"}, 0, "no finding"},
    {{"cloudy-urine.yaml", "[retrograde]", "[retrogade]"}, 0, "mean \"retrograde\""},
    /* names and codes */
    {{"urine-sperm.yaml", "[sperm in urine]", "[SÍLODOSIN]"}, 0, "causes/silodosin.yaml"},
    {{"cloudy-urine.yaml", "orina turbia", "SILODOSINA"}, 0, "it can only mean one"},
    {{"cloudy-urine.yaml", "kind:", "absent_names: {en: [silodosina], es: [clara]}\nkind:"},
     0,
     "it can only mean one"},
    {{"cloudy-urine.yaml", "kind:", "absent_names: {en: [Orina turbia], es: [clara]}\nkind:"},
     0,
     "it can only mean one"},
    {{"urine-sperm.yaml", "kind:", "absent_names: {en: [clear], es: [clara]}\nkind:"},
     0,
     "only a yes-no finding"},
    {{"silodosin.yaml", "\"720825\"", "\"720825\", \"12a\""}, 0, "no code"},
    {{"turp.yaml", "90199006", "90199007"}, 0, "check digit"},
    {{"urine-sperm.yaml", "2986-8", "2986-7"}, 0, "check digit"},
    {{"silodosin.yaml", "G04CA04", "G4CA04"}, 0, "G04CA02"},
    {{"turp.yaml", "Z90.7*", "Z907"}, 0, "N53.14"},
    {{"turp.yaml", "snomed: [\"90199006\"]", "atc: [\"G04CA04\"]"}, 0, "also stands on"},
    /* numbers */
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.7, interval: [0.9, 0.5]"}, 0, "lower number"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.4, interval: [0.5, 0.9]"}, 0, "outside its"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.7, interval: [0.5, 1.9]"},
     0,
     "between 0 and 1"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.7, interval: [0.7, 0.7]"}, 0, "no width"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.7, interval: [0.5]"}, 0, "[low, high]"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "nan, interval: [0.5, 0.9]"}, 0, "plain number"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "\"0.7\", interval: [0.5, 0.9]"}, 0, "number"},
    {{"route.yaml", "0.7, interval: [0.5, 0.9]", "0.7"}, 0, "interval is missing"},
    {{"route.yaml", "{value: 0.7, interval: [0.5, 0.9], assumption: \"for the test\"}", "0.7"},
     0,
     "only the certain 0 and 1"},
    {{"route.yaml", ", assumption: \"for the test\"}", "}"}, 0, "nothing supports this number"},
    {{"route.yaml", "assumption: \"for", "because: \"x\", assumption: \"for"}, 0, "write one"},
    {{"route.yaml", ", because: \"for the test\"}", "}"}, 0, "add because"},
    {{"route.yaml", "[counted-large]", "[recalled]"}, 0, "only remembered"},
    {{"turp.yaml", "[counted-large]", "[recalled]"}, 0, "only remembered"},
    {{"turp.yaml", "[counted-large]", "[uncounted]"}, 0, "no events and total"},
    {{"silodosin.yaml", ", counted-small]", ", counted-large-again]"}, 0, "counted twice"},
    {{"all.yaml", "note: invented", "state: sure"}, 0, "none of the words"},
    {{"all.yaml", "statement: In words.", "statement: In words.\n  state: confirmed"},
     -4,
     "no title"},
    {{"all.yaml", "confidence: remembered",
      "source: {title: A}\n  confidence: remembered\n  state: confirmed"},
     -7,
     "remembered"},
    {{"turp.yaml", "[counted-large]", "[]"}, 0, "list of evidence is empty"},
    {{"all.yaml", "events: 40", "events: 140"}, -6, "more events"},
    {{"turp.yaml", "days: 1,", "days: 0,"}, 0, "outside its interval"},
    {{"turp.yaml", "interval: [0.5, 8]", "interval: [0, 8]"}, 0, "greater than 0"},
    {{"turp.yaml", "onset: {days: 1,", "onset: {value: 1,"}, 0, "\"days\" is missing"},
    {{"turp.yaml", "from_age: 60", "from_age: 18"}, -2, "not ascending"},
    /* rows */
    {{"route.yaml", "split: rest", "split: 0.5"}, 0, "only the certain 0 and 1"},
    {{"route.yaml", "split: rest", "split: 1"}, -2, "more than 1"},
    {{"route.yaml", "      split: rest\n", ""}, -2, "give one state \"rest\""},
    {{"route.yaml", "forward: rest", "forward: rest\n      none: rest"}, -3, "only one state"},
    {{"route.yaml", "  - when: {}\n    then: {forward: 1}\n", ""}, -12, "emission: full, bladder"},
    {{"route.yaml", "{bladder-neck: open}", "{emission: none}"}, 0, "never used"},
    {{"route.yaml", "{bladder-neck: open}", "{bladder-neck: opened}"}, 0, "closes, weak, open"},
    {{"route.yaml", "{bladder-neck: open}", "{prostate: open}"}, 0, "not among the parents"},
    {{"route.yaml", "{none: 1}", "{nothing: 1}"}, 0, "no state \"nothing\""},
    {{"route.yaml", "[emission, bladder-neck]", "[emission, bladder]"}, 0, "no variable"},
    {{"route.yaml", "[emission, bladder-neck]", "[emission, bladder-neck, semen-volume]"},
     0,
     "cannot be a parent"},
    {{"route.yaml", "[emission, bladder-neck]", "[emission, bladder-neck, collection]"},
     0,
     "belongs to each sample"},
    {{"emission.yaml", "none: none}", "nil: none}"}, 0, "no state \"nil\""},
    {{"emission.yaml", ", none: none}", "}"}, 0, "name of the state \"none\" is missing"},
    {{"emission.yaml", "states: [full, none]", "states: [full]"}, 0, "2 to 12 states"},
    {{"cloudy-urine.yaml", "turp: absent}", "turp: gone}"}, 0, "absent, turp-standard"},
    {{"retrograde.yaml", "{route: split, bladder-neck: open}", "{route: backward}"}, 0, "never"},
    {{"cloudy-urine.yaml", "parents: [route, turp]", "parents: [route, turp, urine-sperm]"},
     0,
     "add sample: semen"},
    /* findings */
    {{"semen-volume.yaml", "unit: mL\n", ""}, -7, "\"unit\" is missing"},
    {{"semen-volume.yaml", "µL: 0.001", "µL: -1"}, 0, "not positive"},
    {{"semen-volume.yaml", "{mL: 1, ", "{"}, 0, "add mL: 1"},
    {{"semen-volume.yaml", "low: [0, 1.4]", "low: [0, 31]"}, 0, "beyond the range"},
    {{"semen-volume.yaml", "family: log-normal", "family: gamma"}, 0, "log-normal, normal"},
    {{"semen-volume.yaml", "    family: log-normal\n", ""}, -1, "family, median and spread"},
    {{"urine-sperm.yaml", "absent: none", "absent: nil"}, 0, "no state \"nil\""},
    {{"urine-sperm.yaml", "absent: none", "absent: none, ABSENT: few"}, 0, "two meanings"},
    {{"urine-sperm.yaml", "value: states", "value: yes-no"}, 2, "cannot stand here"},
    {{"urine-sperm.yaml", "parents: [route]", "parents: [route]\ncoarser: [cloudy-urine]"},
     1,
     "neither makes the other redundant"},
    /* causes */
    {{"turp.yaml", "share: 0.9", "share: 0.8"}, -3, "sum to 0.9"},
    {{"turp.yaml", "share: 0.9", "share: 0"}, -2, "above 0"},
    {{"turp.yaml", "id: turp-sparing", "id: turp-standard"}, 0, "stands twice"},
    {{"turp.yaml", "{technique: sparing, grams: [0, 30], years: [1, 90]}", "{technique: standard}"},
     -3,
     "same \"when\""},
    {{"turp.yaml", "grams: [0, 30]", "gram: [0, 30]"}, 0, "not among the attributes"},
    {{"turp.yaml", "{technique: sparing", "{technique: spared"}, 0, "not among the values"},
    {{"turp.yaml", "grams: [0, 30]", "grams: [30, 30]"}, 0, "is empty"},
    {{"turp.yaml", "{values: [standard, sparing]}", "{}"}, 0, "either a unit"},
    {{"turp.yaml", "          weak: {value", "          closes: {value"}, 0, "normal state"},
    {{"turp.yaml", "variants:", "acts_on: []\nvariants:"}, -16, "remove one"},
    {{"silodosin.yaml", "offset: {days: 3, interval: [1, 9], assumption: \"for the test\"}\n", ""},
     -10,
     "\"offset\" is missing"},
    {{"finger-cracking.yaml", "cleared: {evidence: [uncounted], because: \"nothing was found\"}",
      ""},
     -9,
     "needs cleared"},
};

static bool told(const card_set *set, const fault_case *c) {
    for (int i = 0; i < ag_problems_count(set->problems); i++) {
        const ag_error *p = ag_problems_item(set->problems, i);
        if (ends_with(p->where, c->change.file) && p->line == set->line + c->below &&
            p->column > 0 && strstr(p->message, c->fragment) != NULL)
            return true;
    }
    return false;
}

static void faults_are_told(void **state) {
    (void)state;
    int missed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        card_set set;
        bool fits = card_set_load(&set, &cases[i].change);
        if (!fits || !told(&set, &cases[i])) {
            missed++;
            print_error("case %zu (%s): %s, line %d wanted\n", i, cases[i].change.replace,
                        fits ? cases[i].fragment : "text to change not found",
                        set.line + cases[i].below);
            for (int p = 0; p < ag_problems_count(set.problems); p++) {
                const ag_error *e = ag_problems_item(set.problems, p);
                print_error("    %s:%d:%d: %s\n", e->where, e->line, e->column, e->message);
            }
        }
        card_set_free(&set);
    }
    assert_int_equal(missed, 0);
}

/* The unchanged cards have no fault, so that every fault above comes from its change. */
static void good_cards_have_none(void **state) {
    (void)state;
    card_set set;
    assert_true(card_set_load(&set, NULL));
    assert_int_equal(ag_problems_count(set.problems), 0);
    card_set_free(&set);
}

/* All faults of a folder are told at once, in order of files and lines. */
static void all_faults_are_told_in_order(void **state) {
    (void)state;
    card_set set;
    const card_change change = {"turp.yaml", "share: 0.9\n    when: {technique: standard}",
                                "share: 2\n    when: {tecnique: standard}\n    colour: red"};
    assert_true(card_set_load(&set, &change));
    assert_true(ag_problems_count(set.problems) >= 4);
    for (int i = 1; i < ag_problems_count(set.problems); i++)
        assert_true(ag_problems_item(set.problems, i - 1)->line <=
                    ag_problems_item(set.problems, i)->line);
    card_set_free(&set);
}

/* A circle needs two cards: route asks cloudy-urine, which asks route. */
static void circles_are_told(void **state) {
    (void)state;
    card_set set;
    const card_change change = {"route.yaml", "[emission, bladder-neck]",
                                "[emission, bladder-neck, cloudy-urine]"};
    assert_true(card_set_load(&set, &change));
    bool found = false;
    for (int i = 0; i < ag_problems_count(set.problems); i++)
        found = found ||
                strstr(ag_problems_item(set.problems, i)->message, "depends on itself") != NULL;
    assert_true(found);
    card_set_free(&set);
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    card_set set;
    const card_change change = {
        "turp.yaml", "group: prostate-surgery",
        "group: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"};
    assert_true(card_set_load(&set, &change));
    bool found = false;
    for (int i = 0; i < ag_problems_count(set.problems); i++)
        found = found || strstr(ag_problems_item(set.problems, i)->message, "nested") != NULL;
    assert_true(found);
    card_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_cards_have_none),         cmocka_unit_test(faults_are_told),
        cmocka_unit_test(all_faults_are_told_in_order), cmocka_unit_test(circles_are_told),
        cmocka_unit_test(deep_nesting_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
