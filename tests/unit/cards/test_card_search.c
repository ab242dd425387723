/* Cards found by what people type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/knowledge.h"

enum { MOST = 500 };

static int search(const char *text, ag_card_match *out) {
    return ag_card_search(ag_knowledge_builtin(), text, out, MOST);
}

static const char *id(ag_card_match match) {
    return ag_card_id(ag_knowledge_builtin(), match.card);
}

static void first_is(const char *text, const char *expected, const char *name) {
    ag_card_match found[MOST];
    int count = search(text, found);
    assert_true(count > 0);
    assert_string_equal(id(found[0]), expected);
    assert_string_equal(found[0].name, name);
}

static void any_name_finds_a_card(void **state) {
    (void)state;
    first_is("Flomax", "tamsulosin", "Flomax");
    first_is("FLOMAX", "tamsulosin", "Flomax");
    first_is("flom", "tamsulosin", "Flomax");
    first_is("tamsulosina", "tamsulosin", "tamsulosina");
    first_is("G04CA02", "tamsulosin", "G04CA02");
    first_is("clorhidrato tamsulosina", "tamsulosin", "clorhidrato de tamsulosina");
    first_is("tamsulosine", "tamsulosin", "tamsulosine");
    first_is("tamsulosinn", "tamsulosin", "tamsulosin"); /* a slip of a key */
}

static void what_is_called_just_so_comes_first(void **state) {
    (void)state;
    ag_card_match found[MOST];
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    for (int i = 0; i < ag_card_count(knowledge, AG_CARD_CAUSE); i++) {
        ag_card card = {AG_CARD_CAUSE, i};
        assert_true(search(ag_card_name(knowledge, card, "en"), found) > 0);
        assert_int_equal(found[0].card.kind, AG_CARD_CAUSE);
        assert_int_equal(found[0].card.index, i);
    }
}

static void nothing_is_found_for_nonsense(void **state) {
    (void)state;
    ag_card_match found[MOST];
    char text[4000];
    assert_int_equal(search("xqzzyplugh", found), 0);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(search(text, found), 0);
}

static void an_empty_text_finds_all_by_kind(void **state) {
    (void)state;
    ag_card_match found[MOST];
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    int all = 0;
    for (int kind = 0; kind < AG_CARD_VALUES; kind++)
        all += ag_card_count(knowledge, (ag_card_kind)kind);
    assert_true(all < MOST);
    assert_int_equal(search(" ", found), all);
    for (int i = 1; i < all; i++)
        if (found[i].card.kind == found[i - 1].card.kind)
            assert_int_equal(found[i].card.index, found[i - 1].card.index + 1);
    assert_int_equal(ag_card_search(knowledge, "", found, 7), 7);
    assert_int_equal(ag_card_search(knowledge, "", found, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_name_finds_a_card),
        cmocka_unit_test(what_is_called_just_so_comes_first),
        cmocka_unit_test(nothing_is_found_for_nonsense),
        cmocka_unit_test(an_empty_text_finds_all_by_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
