/* Sources of a report: each publication has one number, however many of its figures are used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "references.h"

/* By id, as the knowledge keeps them. */
static const ag_evidence RECORDS[] = {
    {.id = "a", .first_author = "Smith", .title = "On dry orgasm", .year = 2020, .doi = "10.1/X"},
    {.id = "b", .first_author = "Smith J", .title = "The same, misspelt", .doi = "10.1/x"},
    {.id = "c",
     .first_author = "SMITH",
     .title = "On dry orgasm",
     .year = 2020,
     .audit = AG_AUDIT_NOT_CONFIRMABLE},
    {.id = "d", .first_author = "Smith", .title = "On dry orgasm", .year = 2021},
    {.id = "e",
     .first_author = "Jones",
     .journal = "J Urol",
     .year = 1999,
     .pmid = "7",
     .confidence = AG_REMEMBERED},
    {.id = "f", .first_author = "Jones", .journal = "J Urol", .year = 1999, .pmid = "8"},
    {.id = "g", .year = 1999},
    {.id = "h", .year = 1999}};
static const ag_knowledge KNOWLEDGE = {.evidence = RECORDS,
                                       .evidence_count = sizeof RECORDS / sizeof RECORDS[0]};

static void each_publication_once(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_references *r = ag_references_new(arena, &KNOWLEDGE);
    static const char *const ids[] = {"a", "d", "b", "c", "nothing", "e", "f", "g", "h", "a"};
    static const int expected[] = {1, 2, 1, 1, 0, 3, 4, 5, 6, 1};
    for (int i = 0; i < 10; i++)
        assert_int_equal(ag_references_number(r, ids[i]), expected[i]);
    assert_int_equal(ag_references_count(r), 6);
    int numbers[3];
    assert_int_equal(ag_references_numbers(r, ids, 10, numbers, 3), 6);
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 2);
    assert_int_equal(numbers[2], 3);
    ag_arena_free(arena);
}

static void the_mark_is_that_of_all_figures(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_references *r = ag_references_new(arena, &KNOWLEDGE);
    ag_references_number(r, "a");
    assert_string_equal(ag_references_text(r, 1, AG_ENGLISH),
                        "Smith. On dry orgasm 2020. doi:10.1/X");
    ag_references_number(r, "c");
    assert_string_equal(ag_references_text(r, 1, AG_ENGLISH),
                        "Smith. On dry orgasm 2020. doi:10.1/X (in part not confirmed)");
    ag_references_number(r, "e");
    assert_string_equal(ag_references_text(r, 2, AG_SPANISH),
                        "Jones. J Urol 1999. PMID 7 (sin releer)");
    ag_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_publication_once),
                                       cmocka_unit_test(the_mark_is_that_of_all_figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
