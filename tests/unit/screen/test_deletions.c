/* What is deleted, and when; which entries name what they delete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "deletions.h"
#include "export_notes.h"

static void test_versions_up_to_the_deletion_are_deleted(void **state) {
    (void)state;
    ag_deletions *d = ag_deletions_new();
    assert_true(ag_deletions_add(d, "Condition/1", "2023-05-01T12:00:00Z"));
    assert_true(ag_deletions_add(d, "Condition/1", "2023-04-01T12:00:00Z"));
    assert_true(ag_deletions_have(d, "Condition/1", "2023-05-01T11:59:59Z"));
    assert_true(ag_deletions_have(d, "Condition/1", "2023-05-01T14:00:00+02:00"));
    assert_true(ag_deletions_have(d, "Condition/1", ""));
    assert_false(ag_deletions_have(d, "Condition/1", "2023-05-01T12:00:01Z"));
    assert_false(ag_deletions_have(d, "Condition/2", ""));
    assert_false(ag_deletions_have(d, "Procedure/1", ""));
    assert_true(ag_deletions_add(d, "Condition/2", ""));
    assert_true(ag_deletions_have(d, "Condition/2", "2999-01-01"));
    ag_deletions_free(d);
}

static void test_nothing_is_deleted_of_nothing(void **state) {
    (void)state;
    ag_deletions *d = ag_deletions_new();
    assert_false(ag_deletions_have(NULL, "Condition/1", ""));
    assert_false(ag_deletions_have(d, "Condition/1", ""));
    ag_deletions_free(d);
}

static void test_many(void **state) {
    enum { MANY = 5000 };
    char name[32];
    (void)state;
    ag_deletions *d = ag_deletions_new();
    for (int i = 0; i < MANY; i += 2) {
        snprintf(name, sizeof name, "Condition/%d", i);
        assert_true(ag_deletions_add(d, name, ""));
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "Condition/%d", i);
        assert_int_equal(ag_deletions_have(d, name, ""), i % 2 == 0);
    }
    ag_deletions_free(d);
}

static void test_what_an_entry_names(void **state) {
    static const struct {
        const char *url, *named; /* NULL: nothing */
    } CASES[] = {{"Condition/17", "Condition/17"},
                 {"/Condition/a.b-c", "Condition/a.b-c"},
                 {"https://example.org/fhir/Patient/17", "Patient/17"},
                 {"Condition/17/_history/2", NULL},
                 {"Condition?code=1", NULL},
                 {"Condition?url=a/b", NULL},
                 {"Condition/", NULL},
                 {"Condition", NULL},
                 {"/17", NULL},
                 {"https://example.org/17", NULL},
                 {"", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[200], name[AG_EXPORT_NAME];
        const ag_json_value *entry;
        ag_json_parser *parser = ag_json_parser_new();
        ag_arena *arena = ag_arena_new();
        snprintf(text, sizeof text, "{\"request\":{\"method\":\"DELETE\",\"url\":\"%s\"}}",
                 CASES[i].url);
        assert_int_equal(ag_json_parse(parser, arena, text, strlen(text), &entry, NULL), AG_OK);
        assert_true(ag_export_deletion(entry));
        assert_int_equal(ag_export_deleted(entry, name), CASES[i].named != NULL);
        if (CASES[i].named != NULL)
            assert_string_equal(name, CASES[i].named);
        ag_arena_free(arena);
        ag_json_parser_free(parser);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions_up_to_the_deletion_are_deleted),
        cmocka_unit_test(test_nothing_is_deleted_of_nothing),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_what_an_entry_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
