/* Knowledge without a study: what is pooled anew, what gives way to numbers of its kind, and what
 * they come to, worked by hand from the small cards of data/. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card_set.h"
#include "leave_out.h"

static void close_to(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("found %.12g, expected %.12g", found, expected);
}

static void load_without(card_set *set, const card_change *change, const char *record) {
    const char *ids[] = {record};
    assert_true(card_set_load_without(set, change, (ag_texts){ids, 1}));
    assert_int_equal(ag_problems_count(set->problems), 0);
}

static const ag_variant *variants(const card_set *set, const char *cause) {
    int index = ag_knowledge_cause(set->knowledge, cause);
    assert_true(index >= 0);
    return set->knowledge->causes[index].variants;
}

static const ag_row *rows(const card_set *set, const char *variable) {
    int index = ag_knowledge_variable(set->knowledge, variable);
    assert_true(index >= 0);
    return set->knowledge->variables[index].rows;
}

/* Of 40/100 and 18/20 the second is left. */
static void counts_are_pooled_anew(void **state) {
    (void)state;
    card_set set;
    load_without(&set, NULL, "counted-large");
    const ag_parameter *none = &variants(&set, "silodosin")[0].actions[0].states[1];
    close_to(none->a, 18.5);
    close_to(none->b, 2.5);
    assert_null(none->reason);
    card_set_free(&set);
}

/* The neck open after TURP has no count left, the route of a weak neck was read from the same men:
 * too few numbers are of their kind. */
static void without_kin_anything_is_possible(void **state) {
    (void)state;
    card_set set;
    load_without(&set, NULL, "counted-large");
    const ag_parameter *open = &variants(&set, "turp")[0].actions[0].states[2];
    const ag_parameter *backward = &rows(&set, "route")[2].states[2];
    close_to(open->a, 0.5);
    close_to(open->b, 0.5);
    close_to(backward->a, 0.5);
    close_to(backward->b, 0.5);
    assert_ptr_equal(open->reason, ag_stand_in_reason);
    assert_ptr_equal(backward->reason, ag_stand_in_reason);
    card_set_free(&set);
    load_without(&set, NULL, "counted-small");
    assert_string_equal(rows(&set, "route")[2].states[2].reason, "for the test");
    card_set_free(&set);
}

#define SMALLER(id, grams, open)                                                                   \
    "  - id: " id "\n"                                                                             \
    "    names: {en: [" id "], es: [" id "]}\n"                                                    \
    "    share: 0.025\n"                                                                           \
    "    when: {grams: [" grams "]}\n"                                                             \
    "    acts_on:\n"                                                                               \
    "      - function: bladder-neck\n"                                                             \
    "        states: {open: {value: " open ", assumption: \"for the test\"}}\n"

static const card_change more_variants = {
    "turp.yaml",
    "  - id: turp-sparing\n    names: {en: [sparing], es: [con preservación]}\n    share: 0.1",
    SMALLER("a", "40, 50", "0.3, interval: [0.2, 0.4]")
        SMALLER("b", "50, 60", "0.4, interval: [0.3, 0.5]")
            SMALLER("c", "60, 70",
                    "0.5, interval: [0.4, 0.6]") "  - id: turp-sparing\n    names: {en: [sparing], "
                                                 "es: [con preservación]}\n    share: 0.025"};

/*
 * Variants open the neck in 0.2, 0.3, 0.4 and 0.5, each with an sd of 0.2/3.92. Mean 0.35, variance
 * between them 0.05/3, of one more 0.05/3 * 5/4 * 3/1 = 0.0625, and that of each number is added.
 */
static void one_more_of_its_kind(void **state) {
    (void)state;
    card_set set;
    load_without(&set, &more_variants, "counted-large");
    const ag_parameter *open = &variants(&set, "turp")[0].actions[0].states[2];
    double size = 0.35 * 0.65 / (0.0625 + 0.04 / (3.92 * 3.92)) - 1;
    close_to(open->value, 0.35);
    close_to(open->a, 0.35 * size);
    close_to(open->b, 0.65 * size);
    assert_true(open->low < 0.05 && open->high > 0.8);
    card_set_free(&set);
}

/* A number that rests on the same study is no kin of another: three are left, which is too few. */
static void kin_does_not_rest_on_the_study(void **state) {
    (void)state;
    card_set set;
    card_change change = more_variants;
    ag_arena *arena = ag_arena_new();
    ag_buffer text = ag_buffer_start(arena);
    const char *at = strstr(change.replace, "assumption: \"for the test\"");
    ag_buffer_add_bytes(&text, change.replace, (size_t)(at - change.replace));
    ag_buffer_add(&text, "evidence: [counted-large-again], because: \"for the test\"");
    ag_buffer_add(&text, at + strlen("assumption: \"for the test\""));
    change.replace = ag_buffer_text(&text);
    const char *ids[] = {"counted-large", "counted-large-again"};
    assert_true(card_set_load_without(&set, &change, (ag_texts){ids, 2}));
    assert_int_equal(ag_problems_count(set.problems), 0);
    close_to(variants(&set, "turp")[0].actions[0].states[2].a, 0.5);
    close_to(variants(&set, "turp")[1].actions[0].states[2].a, 0.5);
    card_set_free(&set);
    ag_arena_free(arena);
}

/* A median may lie anywhere in the range of its card, 0 to 30 mL, of which the lower end counts as
 * 0.03 mL. The only other spread of its family is none; a time has no kin and stays. */
static void quantities(void **state) {
    (void)state;
    card_set set;
    const card_change median = {
        "semen-volume.yaml", "median: {value: 3, interval: [2, 4.5], assumption",
        "median: {value: 3, interval: [2, 4.5], evidence: [doubted], because"};
    load_without(&set, &median, "doubted");
    const ag_parameter *p = &rows(&set, "semen-volume")[0].measure.median;
    close_to(p->low, 0.03);
    close_to(p->high, 30);
    close_to(p->value, sqrt(0.9));
    close_to(p->b, log(1000) / 3.92);
    card_set_free(&set);
    load_without(&set, NULL, "uncounted");
    const ag_cause *silodosin =
        &set.knowledge->causes[ag_knowledge_cause(set.knowledge, "silodosin")];
    close_to(silodosin->onset_days.value, 2);
    assert_string_equal(silodosin->onset_days.reason, "for the test");
    card_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_pooled_anew),
        cmocka_unit_test(without_kin_anything_is_possible),
        cmocka_unit_test(one_more_of_its_kind),
        cmocka_unit_test(kin_does_not_rest_on_the_study),
        cmocka_unit_test(quantities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
