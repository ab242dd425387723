/* Texts are found in a language that the caller names, whatever the process's locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>

#include "localized.h"

/* Two texts, "a" and "cat", translated as "A" and "gato": written by hand after the manual of
 * gettext. */
static const unsigned char small[] = {
    0xde, 0x12, 0x04, 0x95, 0,   0, 0,   0, 2,   0,   0,   0,   28, 0, 0, 0,
    44,   0,    0,    0,                                                     /* header */
    0,    0,    0,    0,    0,   0, 0,   0,                                  /* no hash table */
    1,    0,    0,    0,    60,  0, 0,   0, 3,   0,   0,   0,   62, 0, 0, 0, /* originals */
    1,    0,    0,    0,    66,  0, 0,   0, 4,   0,   0,   0,   68, 0, 0, 0, /* translations */
    'a',  0,    'c',  'a',  't', 0, 'A', 0, 'g', 'a', 't', 'o', 0};

static void test_find(void **state) {
    (void)state;
    assert_string_equal(ag_catalogue_find(small, "a"), "A");
    assert_string_equal(ag_catalogue_find(small, "cat"), "gato");
    assert_null(ag_catalogue_find(small, ""));
    assert_null(ag_catalogue_find(small, "b"));
    assert_null(ag_catalogue_find(small, "dog"));
    assert_null(ag_catalogue_find(NULL, "cat"));
}

static void test_codes(void **state) {
    (void)state;
    assert_int_equal(ag_language_of("en"), AG_ENGLISH);
    assert_int_equal(ag_language_of("es"), AG_SPANISH);
    assert_int_equal(ag_language_of(NULL), AG_ENGLISH);
    assert_int_equal(ag_language_of("xx"), AG_ENGLISH);
    assert_string_equal(ag_language_code(AG_SPANISH), "es");
}

static void test_locale_does_not_matter(void **state) {
    (void)state;
    setenv("LANGUAGE", "es", 1);
    setenv("LC_ALL", "es_ES.UTF-8", 1);
    setlocale(LC_ALL, "");
    assert_string_equal(ag_say(AG_ENGLISH, "Most likely"), "Most likely");
    setenv("LANGUAGE", "en", 1);
    assert_string_equal(ag_say(AG_SPANISH, "Most likely"), "Lo más probable");
}

static void test_no_translation(void **state) {
    (void)state;
    assert_string_equal(ag_say(AG_SPANISH, "no such text"), "no such text");
    assert_string_equal(ag_say(AG_SPANISH, ""), "");
}

static void test_cards(void **state) {
    (void)state;
    const char *const english[] = {"cat", "kitty"}, *const spanish[] = {"gato"};
    ag_names both = {.en = {english, 2}, .es = {spanish, 1}}, one = {.en = {english, 2}};
    assert_string_equal(ag_first_name(&both, AG_SPANISH), "gato");
    assert_string_equal(ag_first_name(&both, AG_ENGLISH), "cat");
    assert_string_equal(ag_first_name(&one, AG_SPANISH), "cat");
    assert_string_equal(ag_localized_text((ag_localized){"cat", NULL}, AG_SPANISH), "cat");
    assert_null(ag_localized_text((ag_localized){NULL, NULL}, AG_ENGLISH));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_locale_does_not_matter),
        cmocka_unit_test(test_no_translation),
        cmocka_unit_test(test_cards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
