#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "json_writer.h"

/* Expected texts are written by hand from RFC 8259. */
static void nested_values_on_one_line(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    ag_json_text(&json, "id", "a \"b\"\\\n\x01");
    ag_json_array(&json, "list");
    ag_json_number(&json, NULL, 0.1);
    ag_json_integer(&json, NULL, -7);
    ag_json_bool(&json, NULL, true);
    ag_json_number(&json, NULL, NAN);
    ag_json_end(&json);
    ag_json_array(&json, "empty");
    ag_json_end(&json);
    ag_json_end(&json);
    assert_string_equal(ag_buffer_text(&buffer), "{\"id\":\"a \\\"b\\\"\\\\\\n\\u0001\","
                                                 "\"list\":[0.1,-7,true,null],\"empty\":[]}");
    ag_arena_free(arena);
}

static void indented(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 2);
    ag_json_object(&json, NULL);
    ag_json_decimal(&json, "p", 0.123456, 3);
    ag_json_end(&json);
    assert_string_equal(ag_buffer_text(&buffer), "{\n  \"p\": 0.123\n}");
    ag_arena_free(arena);
}

static void bad_bytes_become_the_replacement_character(void **state) {
    (void)state;
    ag_arena *arena = ag_arena_new();
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_text(&json, NULL, "\xc3\xa9\xff");
    assert_string_equal(ag_buffer_text(&buffer), "\"\xc3\xa9\xef\xbf\xbd\"");
    ag_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_values_on_one_line),
        cmocka_unit_test(indented),
        cmocka_unit_test(bad_bytes_become_the_replacement_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
