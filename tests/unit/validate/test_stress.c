/*
 * A man on the pill whose urine holds a few sperm, in the small knowledge of the plan's tests. Open
 * neck: 0.6 x 0.14 = 0.084, closed: 0.4 x 0.25 = 0.1, so that the closed neck leads. Three numbers
 * at an end of their intervals turn this: the pill opens in 0.65 (0.091 against 0.0875), few sperm
 * where open 0.19 (0.114 against 0.1), few where closed 0.2 (0.084 against 0.08).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "stress.h"
#include "validation.h"

static ag_knowledge *knowledge;
static ag_arena *arena;

static int open_all(void **state) {
    (void)state;
    arena = ag_arena_new();
    return arena == NULL ||
           ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/plan/knowledge", NULL, NULL);
}

static int close_all(void **state) {
    (void)state;
    ag_arena_free(arena);
    ag_knowledge_free(knowledge);
    return 0;
}

static const ag_stress *stressed(const char *text, const char *known) {
    ag_resolved resolved;
    ag_resolved_list list = {&resolved, 1};
    const ag_stress *out = NULL;
    ag_error error = {0};
    const char *whole = ag_arena_format(arena, "known: {mechanisms: [%s]}\n%s", known, text);
    if (ag_resolved_parse(&resolved, arena, knowledge, "made", whole, strlen(whole), &error) ||
        ag_stress_of(&out, arena, knowledge, &list, &error) != AG_OK)
        fail_msg("%d: %s", error.line, error.message);
    return out;
}

static const char *const few = "date: 2026-01-01\nage: 40\nmedicines: [pill]\nabsent: [leak]\n"
                               "tests: [{name: sperm in urine, value: few}]\n";

static const ag_stress_move *move_of(const ag_stress *stress, const char *card, double to) {
    for (int i = 0; i < stress->move_count; i++)
        if (strcmp(ag_card_id(knowledge, stress->moves[i].at.card), card) == 0 &&
            fabs(stress->moves[i].to - to) < 1e-9)
            return &stress->moves[i];
    fail_msg("nothing of %s to %g changes what leads", card, to);
    return NULL;
}

static void check_move(const ag_stress *stress, const char *card, double to, double open,
                       double closed) {
    const ag_stress_move *m = move_of(stress, card, to);
    assert_string_equal(ag_mechanism_id(knowledge, m->leading_before), "none");
    assert_string_equal(ag_mechanism_id(knowledge, m->leading_after), "retrograde-complete");
    assert_true(fabs(m->p_before - 0.1 / 0.184) < 1e-6);
    assert_true(fabs(m->p_after - closed / (open + closed)) < 1e-6);
}

static void three_numbers_turn_it(void **state) {
    (void)state;
    const ag_stress *stress = stressed(few, "none");
    assert_int_equal(stress->move_count, 3);
    check_move(stress, "pill", 0.65, 0.65 * 0.14, 0.35 * 0.25);
    check_move(stress, "urine-sperm", 0.19, 0.6 * 0.19, 0.1);
    check_move(stress, "urine-sperm", 0.2, 0.084, 0.4 * 0.2);
    assert_int_equal(stress->right, 1);
    assert_int_equal(stress->conflict_count, 0);
}

static void a_clear_case_stands(void **state) {
    (void)state;
    const ag_stress *stress =
        stressed("age: 40\nmedicines: [pill]\nabsent: [leak]\nsymptoms: [cloudy urine]\n", "none");
    assert_int_equal(stress->move_count, 0);
    assert_int_equal(stress->right, 0);
    assert_true(stress->tried > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(three_numbers_turn_it),
                                       cmocka_unit_test(a_clear_case_stands)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
