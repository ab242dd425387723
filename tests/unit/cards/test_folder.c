/* The project's own cards, and cards that a contributor adds, are read from disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "knowledge.h"

static void own_cards_load(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_problems *problems;
    ag_error error;
    ag_status status = ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/knowledge", &problems, &error);
    for (int i = 0; i < ag_problems_count(problems); i++) {
        const ag_error *p = ag_problems_item(problems, i);
        print_error("%s:%d:%d: %s\n", p->where, p->line, p->column, p->message);
    }
    ag_problems_free(problems);
    assert_int_equal(status, AG_OK);
    assert_true(ag_card_count(knowledge, AG_CARD_FUNCTION) >= 12);
    ag_knowledge_free(knowledge);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_cards_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
