/*
 * One number moved in the small knowledge of the plan's tests: on the pill the bladder neck is open
 * in 0.8 instead of 0.6. What follows is worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "card_changes.h"

static const char *const cards = AG_SOURCE_DIR "/tests/unit/plan/knowledge";
static const char *const cases = AG_SOURCE_DIR "/tests/unit/validate/data/cases";

static ag_knowledge *before, *after;

static int open_both(void **state) {
    (void)state;
    if (ag_knowledge_load(&before, cards, NULL, NULL) != AG_OK ||
        ag_knowledge_load(&after, cards, NULL, NULL) != AG_OK)
        return 1;
    const ag_cause *pill = &after->causes[ag_knowledge_cause(after, "pill")];
    ag_parameter *open = (ag_parameter *)(uintptr_t)&pill->variants[0].actions[0].states[1];
    open->value = 0.8;
    open->a = 800; /* so narrow that the mean over the draws is the value */
    open->b = 200;
    open = (ag_parameter *)(uintptr_t)&before->causes[ag_knowledge_cause(before, "pill")]
               .variants[0]
               .actions[0]
               .states[1];
    open->a = 600;
    open->b = 400;
    return 0;
}

static int close_both(void **state) {
    (void)state;
    ag_knowledge_free(before);
    ag_knowledge_free(after);
    return 0;
}

static void near(double got, double wanted) {
    if (!(fabs(got - wanted) <= 0.004))
        fail_msg("%.6f is not %.6f", got, wanted);
}

static double open_when_cloudy(double open) {
    return open * 0.7 / (open * 0.7 + (1 - open) * 0.1);
}

static void what_one_number_moves(void **state) {
    (void)state;
    ag_card_changes *changes;
    assert_int_equal(ag_card_changes_of(&changes, before, after, &cases, 1, NULL), AG_OK);
    assert_int_equal(changes->number_count, 1);
    assert_string_equal(changes->numbers[0].card, "pill");
    near(changes->numbers[0].before->value, 0.6);
    near(changes->numbers[0].after->value, 0.8);
    assert_int_equal(changes->tried, 2);
    assert_int_equal(changes->case_count, 1);
    const ag_case_change *moved = &changes->cases[0];
    assert_string_equal(moved->id, "cloudy");
    near(moved->after - moved->before > 0 ? moved->before : 1 - moved->before,
         open_when_cloudy(0.6));
    near(moved->after - moved->before > 0 ? moved->after : 1 - moved->after, open_when_cloudy(0.8));
    assert_string_equal(moved->leading_before, "backward flow");
    assert_string_equal(moved->leading_after, "backward flow");
    assert_non_null(strstr(moved->lines, "gone: "));
    assert_non_null(strstr(moved->lines, "new: "));
    ag_card_changes_free(changes);
}

static void the_same_cards_change_nothing(void **state) {
    (void)state;
    ag_card_changes *changes;
    char *text;
    assert_int_equal(ag_card_changes_of(&changes, before, before, &cases, 1, NULL), AG_OK);
    assert_int_equal(changes->number_count, 0);
    assert_int_equal(changes->case_count, 0);
    assert_int_equal(ag_card_changes_show(changes, AG_SHEET_JSON, 80, &text, NULL), AG_OK);
    assert_non_null(strstr(text, "\"cases_tried\": 2"));
    free(text);
    ag_card_changes_free(changes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_number_moves),
        cmocka_unit_test(the_same_cards_change_nothing),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
