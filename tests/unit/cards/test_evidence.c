/* What rests on what: the numbers of the cards, found and told with their support. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "card_set.h"
#include "number_list.h"

/* The numbers that the cards of the folder write, counted by hand. */
static void every_number_is_found(void **state) {
    (void)state;
    static const struct {
        const char *id;
        int count;
    } cards[] = {{"silodosin", 4}, {"finger-cracking", 1}, {"route", 3}, {"cloudy-urine", 2}};
    card_set set;
    assert_true(card_set_load(&set, NULL));
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        ag_arena *arena = ag_arena_new();
        ag_number_list list;
        ag_card card;
        assert_true(ag_card_find(set.knowledge, cards[i].id, &card));
        assert_true(ag_number_list_make(&list, set.knowledge, card, arena));
        assert_int_equal(list.count, cards[i].count);
        ag_arena_free(arena);
    }
    card_set_free(&set);
}

static const ag_number *number(const ag_number_list *list, const char *place) {
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->items[i].place, place) == 0)
            return &list->items[i];
    fail_msg("no number at \"%s\"", place);
    return NULL;
}

static void support_is_that_of_the_best_record(void **state) {
    (void)state;
    static const card_change changes[] = {
        {"all.yaml", "note: invented", "note: invented"},
        {"all.yaml", "note: invented", "state: not-confirmable"},
        {"all.yaml", "note: invented", "state: corrected"},
    };
    /* none at the neck rests on counted-large, which changes, and on counted-small, not audited */
    static const ag_support both[] = {AG_SUPPORT_NOT_AUDITED, AG_SUPPORT_NOT_AUDITED,
                                      AG_SUPPORT_FOUND};
    static const ag_support alone[] = {AG_SUPPORT_NOT_AUDITED, AG_SUPPORT_NOT_CONFIRMABLE,
                                       AG_SUPPORT_FOUND};
    for (int i = 0; i < 3; i++) {
        card_set set;
        ag_number_list list;
        ag_arena *arena = ag_arena_new();
        assert_true(card_set_load(&set, &changes[i]));
        assert_true(ag_number_list_make(&list, set.knowledge, (ag_card){AG_CARD_KINDS, 0}, arena));
        assert_int_equal(number(&list, "emission none")->support, both[i]);
        assert_int_equal(number(&list, "turp-standard bladder-neck open")->support, alone[i]);
        assert_int_equal(number(&list, "prior from 60")->support, AG_SUPPORT_ASSUMPTION);
        ag_arena_free(arena);
        card_set_free(&set);
    }
}

static char *shown(const ag_knowledge *knowledge, const char *id) {
    ag_card card;
    char *text = NULL;
    assert_true(ag_card_find(knowledge, id, &card));
    assert_int_equal(ag_evidence_show(knowledge, &card, AG_CARD_TEXT, &text, NULL), AG_OK);
    return text;
}

static void weakest_is_told_first(void **state) {
    (void)state;
    card_set set;
    assert_true(card_set_load(&set, NULL));
    char *text = shown(set.knowledge, "silodosin");
    const char *assumed = strstr(text, "prior from 18"), *counted = strstr(text, "emission none");
    assert_non_null(assumed);
    assert_non_null(counted);
    assert_true(assumed < counted);
    assert_non_null(strstr(text, "counted-small (not audited)"));
    free(text);
    text = shown(set.knowledge, "counted-small");
    assert_non_null(strstr(text, "silodosin emission none"));
    free(text);
    assert_int_equal(ag_evidence_show(set.knowledge, NULL, AG_CARD_TEXT, &text, NULL), AG_OK);
    assert_non_null(strstr(text, "not confirmable   0  doubted"));
    assert_non_null(strstr(text, "not audited       3  counted-small"));
    free(text);
    card_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_found),
        cmocka_unit_test(support_is_that_of_the_best_record),
        cmocka_unit_test(weakest_is_told_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
