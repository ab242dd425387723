/* Loading and showing cards when memory runs out, at one place after another: a status, never a
 * crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../support/failing_memory.h"
#include "knowledge.h"

WRAP(ag_arena_alloc, (ag_arena * arena, size_t size), (arena, size))
WRAP(ag_arena_array, (ag_arena * arena, size_t count, size_t size), (arena, count, size))
WRAP(ag_arena_text, (ag_arena * arena, const char *text, size_t length), (arena, text, length))
WRAP(calloc, (size_t count, size_t size), (count, size))

static const char folder[] = AG_SOURCE_DIR "/tests/unit/cards/data";

/* The status of loading, having checked that it is told. */
static ag_status load(long limit, bool with_problems) {
    ag_knowledge *knowledge;
    ag_problems *problems = NULL;
    ag_error error = {0};
    allowed = limit;
    ag_status status =
        ag_knowledge_load(&knowledge, folder, with_problems ? &problems : NULL, &error);
    allowed = -1;
    if (status != AG_OK) {
        assert_null(knowledge);
        assert_int_equal(error.code, status);
        assert_true(error.message[0] != '\0');
    }
    ag_problems_free(problems);
    ag_knowledge_free(knowledge);
    return status;
}

static void loading_without_memory(void **state) {
    (void)state;
    long limit = 1, failures = 0;
    while (load(limit, limit % 2 == 0) != AG_OK) {
        failures++;
        limit += 1 + limit / 50; /* every place at first, then ever wider steps */
        assert_true(limit < 1000000);
    }
    assert_true(failures > 100);
}

static void showing_without_memory(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_card card;
    char *text, *whole;
    assert_int_equal(ag_knowledge_load(&knowledge, folder, NULL, NULL), AG_OK);
    assert_true(ag_card_find(knowledge, "turp", &card));
    for (int format = AG_CARD_TEXT; format <= AG_CARD_JSON; format++) {
        ag_status status = AG_ERROR_MEMORY;
        assert_int_equal(ag_card_show(knowledge, card, (ag_card_format)format, &whole, NULL),
                         AG_OK);
        for (long limit = 1; status != AG_OK; limit++) {
            allowed = limit;
            status = ag_card_show(knowledge, card, (ag_card_format)format, &text, NULL);
            allowed = -1;
            assert_true(status == AG_ERROR_MEMORY || status == AG_OK);
            assert_true((text != NULL) == (status == AG_OK));
            if (status == AG_OK)
                assert_string_equal(text, whole);
            free(text);
        }
        free(whole);
    }
    ag_knowledge_free(knowledge);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_without_memory),
        cmocka_unit_test(showing_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
