/* JSON: trees, numbers as written, and the place of every fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"

typedef struct fixture {
    ag_arena *arena;
    ag_json_parser *parser;
} fixture;

static int make(void **state) {
    static fixture f;
    f.arena = ag_arena_new();
    f.parser = ag_json_parser_new();
    *state = &f;
    return f.arena == NULL || f.parser == NULL;
}

static int drop(void **state) {
    fixture *f = *state;
    ag_arena_free(f->arena);
    ag_json_parser_free(f->parser);
    return 0;
}

static void a_tree_keeps_numbers_as_written(void **state) {
    fixture *f = *state;
    const char *text = " {\"a\": [1.50, -0, 1e400, true, null, \"x\\u00e9\\n\\\"\"],\n \"b\": {}}";
    const ag_json_value *root;
    assert_int_equal(ag_json_parse(f->parser, f->arena, text, strlen(text), &root, NULL), AG_OK);
    const ag_json_value *item = ag_json_items(ag_json_get(root, "a"));
    assert_string_equal(item->text, "1.50");
    assert_int_equal(item->offset, strchr(text, '1') - text);
    item = item->next;
    assert_string_equal(item->text, "-0");
    item = item->next;
    assert_string_equal(item->text, "1e400");
    item = item->next;
    assert_int_equal(item->type, AG_JSON_TRUE);
    item = item->next;
    assert_int_equal(item->type, AG_JSON_NULL);
    assert_string_equal(ag_json_string(item->next), "x\xC3\xA9\n\"");
    const ag_json_value *b = ag_json_get(root, "b");
    assert_int_equal(b->type, AG_JSON_OBJECT);
    assert_null(b->first);
    assert_int_equal(text[b->offset], '{');
    assert_null(ag_json_get(root, "c"));
    assert_null(ag_json_get(b->first, "c"));
}

static void the_digest_ignores_the_order_of_keys(void **state) {
    fixture *f = *state;
    const char *text = "[{\"a\":1,\"b\":[2,3]}, {\"b\":[2,3],\"a\":1}, {\"b\":[3,2],\"a\":1}, "
                       "{\"a\":1.0,\"b\":[2,3]}]";
    const ag_json_value *root;
    assert_int_equal(ag_json_parse(f->parser, f->arena, text, strlen(text), &root, NULL), AG_OK);
    const ag_json_value *one = root->first, *two = one->next, *three = two->next;
    uint64_t digest = ag_json_digest(one);
    assert_true(digest == ag_json_digest(two));
    assert_false(digest == ag_json_digest(three));
    assert_false(digest == ag_json_digest(three->next));
}

static void every_fault_has_its_place(void **state) {
    fixture *f = *state;
    static const struct {
        const char *text;
        int line, column;
        const char *says;
    } cases[] = {{"", 1, 1, "empty"},
                 {"\xEF\xBB\xBF", 1, 1, "empty"},
                 {"  ", 1, 3, "value is expected"},
                 {"hello", 1, 1, "value is expected"},
                 {"{\n \"a\": 1,\n}", 3, 1, "key in quotes"},
                 {"[1 2]", 1, 4, "comma or ]"},
                 {"{\"a\" 1}", 1, 6, "colon"},
                 {"{\"a\": 1", 1, 8, "too soon"},
                 {"[\"abc", 1, 6, "not closed"},
                 {"[\"a\nb\"]", 1, 4, "not closed on its line"},
                 {"[\"\\x\"]", 1, 3, "backslash"},
                 {"[\"\\u12\"]", 1, 3, "hexadecimal"},
                 {"[01]", 1, 2, "leading zeros"},
                 {"[1.]", 1, 4, "decimal point"},
                 {"[1e]", 1, 4, "exponent"},
                 {"[tru]", 1, 2, "value is expected"},
                 {"[nulls]", 1, 6, "comma or ]"},
                 {"[1]]", 1, 4, "nothing may follow"},
                 {"{} {}", 1, 4, "nothing may follow"},
                 {"[\"\xff\"]", 1, 3, "UTF-8"},
                 {"{\"a\":[1}", 1, 8, "comma or ]"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ag_json_value *root;
        ag_error error = {0};
        ag_status status =
            ag_json_parse(f->parser, f->arena, cases[i].text, strlen(cases[i].text), &root, &error);
        if (status != AG_ERROR_SYNTAX || error.line != cases[i].line ||
            error.column != cases[i].column || strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s gives %d at %d:%d: %s", cases[i].text, (int)status, error.line,
                     error.column, error.message);
    }
}

static void deep_nesting_is_refused(void **state) {
    fixture *f = *state;
    char text[2 * (AG_JSON_DEEPEST + 8) + 1];
    for (int depth = AG_JSON_DEEPEST - 2; depth <= AG_JSON_DEEPEST + 8; depth += 10) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        const ag_json_value *root;
        ag_status status =
            ag_json_parse(f->parser, f->arena, text, (size_t)(2 * depth), &root, NULL);
        assert_int_equal(status, depth < AG_JSON_DEEPEST ? AG_OK : AG_ERROR_TOO_LARGE);
    }
}

/* The two readers must agree on what is JSON: every text with one byte changed or cut. */
static void both_looks_agree(void **state) {
    fixture *f = *state;
    const char *text = "{\"a\": [1.5e3, \"x\\n\\u00e9\", true, {\"b\": null}], \"c\": -0}";
    size_t length = strlen(text);
    static const char bytes[] = "\"\\{}[],:0-.eEtu \n\x01\xff";
    for (size_t at = 0; at < length; at++) {
        for (size_t b = 0; b < sizeof bytes - 1; b++) {
            char changed[128];
            memcpy(changed, text, length);
            changed[at] = bytes[b];
            const ag_json_value *root;
            ag_error error = {0};
            ag_status first = ag_json_parse(f->parser, f->arena, changed, length, &root, &error);
            ag_status second = ag_json_fault(changed, length, NULL);
            if ((first == AG_OK) != (second == AG_OK))
                fail_msg("%.*s: %d and %d (%s)", (int)length, changed, (int)first, (int)second,
                         error.message);
        }
    }
    for (size_t cut = 1; cut < length; cut++) {
        const ag_json_value *root;
        ag_error error = {0};
        assert_int_equal(ag_json_parse(f->parser, f->arena, text, cut, &root, &error),
                         AG_ERROR_SYNTAX);
        assert_true(error.line > 0);
    }
}

static void texts_are_found_without_a_tree(void **state) {
    fixture *f = *state;
    static const struct {
        const char *text, *id, *date; /* NULL: not both are found */
    } cases[] = {
        {"{\"id\":\"7\",\"meta\":{\"lastUpdated\":\"2020\"}}", "7", "2020"},
        {" { \"meta\" : { \"x\" : [ {} , 1 ] , \"lastUpdated\" : \"2020\" } , \"id\" : \"7\" } ",
         "7", "2020"},
        {"{\"contained\":[{\"id\":\"8\",\"meta\":{\"lastUpdated\":\"1999\"}}],\"code\":{\"id\":"
         "\"9\"},"
         "\"id\":\"7\",\"meta\":{\"id\":\"6\",\"lastUpdated\":\"2020\"}}",
         "7", "2020"},
        {"{\"id\":\"7\",\"id\":\"8\",\"meta\":{\"lastUpdated\":\"2020\"}}", "7", "2020"},
        {"{\"lastUpdated\":\"1999\",\"id\":\"\",\"meta\":{\"lastUpdated\":\"2020\"}}", "", "2020"},
        {"{\"meta\":{\"a\":\"b\"},\"meta\":{\"lastUpdated\":\"2020\"},\"id\":\"7\"}", NULL, NULL},
        {"{\"meta\":\"\",\"meta\":{\"lastUpdated\":\"2020\"},\"id\":\"7\"}", NULL, NULL},
        {"{\"id\":7,\"id\":\"8\",\"meta\":{\"lastUpdated\":\"2020\"}}", NULL, NULL},
        {"{\"id\":\"7\\n\",\"meta\":{\"lastUpdated\":\"2020\"}}", NULL, NULL},
        {"{\"meta\":{\"lastUpdated\":\"2020\"}}", NULL, NULL},
        {"{\"id\":\"7\",\"meta\":{}}", NULL, NULL},
        {"{\"id\":\"7\"", NULL, NULL},
        {"{\"id\" \"7\"}", NULL, NULL},
        {"[{\"id\":\"7\"}]", NULL, NULL},
        {"{}", NULL, NULL},
        {"{", NULL, NULL},
        {"", NULL, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_json_wanted wanted[] = {{.outer = "", .key = "id"},
                                   {.outer = "meta", .key = "lastUpdated"}};
        const char *text = cases[i].text, *expected[] = {cases[i].id, cases[i].date};
        bool found = expected[0] != NULL && expected[1] != NULL;
        assert_int_equal(ag_json_find_texts(f->parser, f->arena, text, strlen(text), wanted, 2),
                         found);
        for (int w = 0; found && w < 2; w++)
            assert_string_equal(wanted[w].text, expected[w]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_tree_keeps_numbers_as_written),
                                       cmocka_unit_test(the_digest_ignores_the_order_of_keys),
                                       cmocka_unit_test(every_fault_has_its_place),
                                       cmocka_unit_test(deep_nesting_is_refused),
                                       cmocka_unit_test(both_looks_agree),
                                       cmocka_unit_test(texts_are_found_without_a_tree)};
    return cmocka_run_group_tests(tests, make, drop);
}
