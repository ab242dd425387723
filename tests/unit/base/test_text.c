#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

static void buffer_grows_and_formats(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_buffer buffer = ag_buffer_start(arena);
    assert_string_equal(ag_buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++)
        ag_buffer_format(&buffer, "%d,", i % 10);
    ag_buffer_add_char(&buffer, '!');
    assert_int_equal(strlen(ag_buffer_text(&buffer)), 2001);
    assert_memory_equal(ag_buffer_text(&buffer), "0,1,2,3,4,5,6,7,8,9,0,", 22);
    ag_arena_free(arena);
}

static void utf8_is_checked(void **state) {
    (void)state;
    size_t at = 99;
    assert_true(ag_utf8_valid("eyaculación µL €", strlen("eyaculación µL €"), &at));
    const char *bad[] = {"ab\xFF", "ab\xC0\x80", "ab\xED\xA0\x80", "ab\xE2\x82",
                         "ab\xF5\x80\x80\x80"};
    for (int i = 0; i < 5; i++) {
        assert_false(ag_utf8_valid(bad[i], strlen(bad[i]), &at));
        assert_int_equal(at, 2);
    }
}

static void texts_are_cut_between_characters(void **state) {
    (void)state;
    static const int cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 10}; /* of "aé€😀": 1+2+3+4 */
    for (int most = 0; most < 13; most++)
        assert_int_equal(ag_utf8_cut("aé€😀", most), cuts[most]);
}

static void folding(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"Próstata", "prostata"},
        {"  TURP \t", "turp"},
        {"bladder-neck", "bladder neck"},
        {"Müllerian  duct_cyst", "mullerian duct cyst"},
        {"Straße", "strasse"},
        {"Œdème", "oedeme"},
        {"µL", "μl"},
        {"ΑΩ", "αω"},
        {"cafe\xCC\x81", "cafe"},
        {"o’clock", "o'clock"},
        {"Ÿž", "yz"},
        {"5 × 3", "5 × 3"},
        {"ŁÓDŹ", "lodz"},
        {"- ", ""},
        {"Kalkavağı", "kalkavagi"},
        {"Ångström", "angstrom"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char out[64];
        size_t length = ag_text_fold(pairs[i][0], strlen(pairs[i][0]), out, sizeof out);
        assert_string_equal(out, pairs[i][1]);
        assert_int_equal(length, strlen(out));
        assert_true(length <= strlen(pairs[i][0]));
        assert_true(ag_text_same(pairs[i][0], pairs[i][1]));
        assert_true(ag_text_same(pairs[i][1], pairs[i][0]));
    }
    assert_false(ag_text_same("emission", "emissions"));
    assert_false(ag_text_same("a b", "ab"));
}

static void folding_cuts_to_the_buffer(void **state) {
    (void)state;
    char out[4];
    assert_int_equal(ag_text_fold("TAMSULOSIN", 10, out, sizeof out), 10);
    assert_string_equal(out, "tam");
    assert_int_equal(ag_text_fold("abc", 3, NULL, 0), 3);
}

static void trimming(void **state) {
    (void)state;
    const char *text = " \t dry orgasm\xC2\xA0\n";
    size_t length = strlen(text);
    ag_text_trim(&text, &length);
    assert_int_equal(length, 10);
    assert_memory_equal(text, "dry orgasm", 10);
}

/* Distances counted by hand; "kitten" and "sitting" is the textbook pair. */
static void distances(void **state) {
    (void)state;
    assert_int_equal(ag_text_distance("kitten", "sitting", 5), 3);
    assert_int_equal(ag_text_distance("kitten", "sitting", 2), 3);
    assert_int_equal(ag_text_distance("", "abc", 5), 3);
    assert_int_equal(ag_text_distance("tamsulosin", "tamsulsoin", 5), 1);
    assert_int_equal(ag_text_distance("same", "same", 0), 0);
    assert_int_equal(ag_text_distance("same", "sane", 0), 1);
}

static void numbers_are_decimal(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"3", 3}, {"-0.5", -0.5}, {".25", 0.25}, {"+1.", 1}, {"1.25e-2", 0.0125}};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(ag_text_number(good[i].text, &value));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = {"",    ".",     "-",  "1,5", "0x1p3", "nan", "inf", "1e",
                                      "1e+", "1.2.3", " 1", "1 ",  "1e999", "--1", "one", "1.5mL"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(ag_text_number(bad[i], &value));
}

/* Published values of the 64-bit FNV-1a hash. */
static void hashes(void **state) {
    (void)state;
    assert_true(ag_text_hash(AG_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(ag_text_hash(AG_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(ag_text_hash(AG_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    uint64_t half = ag_text_hash(AG_HASH_START, "foo", 3);
    assert_true(ag_text_hash(half, "bar", 3) == UINT64_C(0x85944171f73967e8));
}

static void nearest_names(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_nearest nearest;
    ag_nearest_start(&nearest, "Silodosine");
    static const char *const names[] = {"doxazosin",  "silodosin", "tadalafil",
                                        "silodosina", "silodosin", "silodosinae"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ag_nearest_offer(&nearest, names[i]);
    ag_buffer buffer = ag_buffer_start(arena);
    ag_nearest_list(&nearest, &buffer);
    assert_string_equal(ag_buffer_text(&buffer),
                        "\"silodosin\", \"silodosina\" or \"silodosinae\"");
    ag_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_grows_and_formats),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(texts_are_cut_between_characters),
        cmocka_unit_test(folding),
        cmocka_unit_test(folding_cuts_to_the_buffer),
        cmocka_unit_test(trimming),
        cmocka_unit_test(distances),
        cmocka_unit_test(numbers_are_decimal),
        cmocka_unit_test(hashes),
        cmocka_unit_test(nearest_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
