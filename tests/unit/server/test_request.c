/* A request's address taken apart, its headers looked up, and the table of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "routes.h"

static ag_status take(ag_request *request, const char *target) {
    static char copy[AG_REQUEST_TARGET];
    ag_error error;
    *request = (ag_request){.method = "GET"};
    snprintf(copy, sizeof copy, "%s", target);
    return ag_request_target(request, copy, &error);
}

static void plain_addresses_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *target, *path;
    } good[] = {{"/", "/"},
                {"/a", "/a"},
                {"/a/b.c", "/a/b.c"},
                {"/a%20b", "/a b"},
                {"/a+b", "/a+b"}, /* only in a query is it a space */
                {"/caf%C3%A9", "/caf\xc3\xa9"},
                {"/..a/...", "/..a/..."},
                {"/?", "/"}};
    ag_request r;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(take(&r, good[i].target), AG_OK);
        assert_string_equal(r.path, good[i].path);
        assert_int_equal(r.query_count, 0);
    }
}

static void tricks_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",        "a",       "*",       "http://x/", "//",      "/a//b",      "/.",
        "/..",     "/a/../b", "/a/.",    "/%2e",      "/%2E%2e", "/a%2fb",     "/a%2Fb",
        "/a\\b",   "/a%5cb",  "/%00",    "/a%0ab",    "/a\x01",  "/%",         "/%1",
        "/%zz",    "/%1g",    "/\xff",   "/%ff",      "/%c0%af", "/%ed%a0%80", "/%7f",
        "/?a=%ff", "/?a=%00", "/?%0a=1", "/?a=%",     "/?a=%c3"};
    ag_request r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (take(&r, bad[i]) != AG_ERROR_SYNTAX)
            fail_msg("taken: %s", bad[i]);
}

static void parameters_are_read(void **state) {
    (void)state;
    ag_request r;
    assert_int_equal(take(&r, "/a?b=c&d=e+f%2Bg&h&i=&b=2&&j=k=l%26"), AG_OK);
    assert_int_equal(r.query_count, 6);
    assert_string_equal(ag_request_query(&r, "b"), "c"); /* the first */
    assert_string_equal(ag_request_query(&r, "d"), "e f+g");
    assert_string_equal(ag_request_query(&r, "h"), "");
    assert_string_equal(ag_request_query(&r, "i"), "");
    assert_string_equal(ag_request_query(&r, "j"), "k=l&");
    assert_null(ag_request_query(&r, "c"));
    char many[AG_REQUEST_TARGET] = "/?";
    for (int i = 0; i < AG_REQUEST_QUERY; i++)
        strcat(many, "a=1&");
    assert_int_equal(take(&r, many), AG_OK);
    assert_int_equal(r.query_count, AG_REQUEST_QUERY);
    strcat(many, "b=1");
    assert_int_equal(take(&r, many), AG_ERROR_TOO_LARGE);
}

static void headers_are_found_in_any_case(void **state) {
    (void)state;
    const ag_request r = {.headers = {{"content-TYPE", "Application/JSON ; charset=utf-8"},
                                      {"Host", "a"},
                                      {"host", "b"}},
                          .header_count = 3};
    assert_string_equal(ag_request_header(&r, "Host"), "a");
    assert_int_equal(ag_request_header_count(&r, "HOST"), 2);
    assert_null(ag_request_header(&r, "Hos"));
    assert_true(ag_request_is_type(&r, "text/yaml application/json"));
    assert_false(ag_request_is_type(&r, "application/jso application/jsonp text/yaml"));
    const ag_request none = {.header_count = 0};
    assert_false(ag_request_is_type(&none, "application/json"));
}

/* The table of RFC 3629, section 4, at its edges; in all places of the groups of eight bytes. */
static void utf8_is_told(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        bool good;
    } cases[] = {{"a", 1, true},
                 {"\x7f", 1, true},
                 {"\0", 1, false},
                 {"\x80", 1, false},
                 {"\xc1\xbf", 2, false},
                 {"\xc2\x80", 2, true},
                 {"\xdf\xbf", 2, true},
                 {"\xc2", 1, false},
                 {"\xc2\x41", 2, false},
                 {"\xe0\x9f\xbf", 3, false},
                 {"\xe0\xa0\x80", 3, true},
                 {"\xed\x9f\xbf", 3, true},
                 {"\xed\xa0\x80", 3, false},
                 {"\xef\xbf\xbf", 3, true},
                 {"\xe1\x80", 2, false},
                 {"\xf0\x8f\xbf\xbf", 4, false},
                 {"\xf0\x90\x80\x80", 4, true},
                 {"\xf4\x8f\xbf\xbf", 4, true},
                 {"\xf4\x90\x80\x80", 4, false},
                 {"\xf5\x80\x80\x80", 4, false},
                 {"\xff", 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t before = 0; before < 18; before++) {
            char text[48];
            size_t at;
            memset(text, 'x', sizeof text);
            memcpy(text + before, cases[i].bytes, cases[i].length);
            size_t length = before + cases[i].length + (before % 3) * 9;
            bool cut = cases[i].length == 1 || length == before + cases[i].length;
            if (cut || cases[i].good) {
                assert_int_equal(ag_utf8_plain(text, length, &at), cases[i].good);
                assert_int_equal(at, cases[i].good ? length : before);
            }
        }
}

static const ag_route *find(const char *method, const char *target, ag_request *r,
                            char allowed[64]) {
    static char id[32];
    assert_int_equal(take(r, target), AG_OK);
    r->method = method;
    return ag_route_find(r, id, sizeof id, allowed);
}

static void routes_are_found(void **state) {
    (void)state;
    ag_request r;
    char allowed[64];
    assert_string_equal(find("GET", "/healthz", &r, allowed)->path, "/healthz");
    assert_string_equal(find("HEAD", "/healthz", &r, allowed)->path, "/healthz");
    assert_string_equal(find("GET", "/api/cards", &r, allowed)->path, "/api/cards");
    assert_null(r.id);
    assert_string_equal(find("GET", "/api/cards/dry%20climax", &r, allowed)->path,
                        "/api/cards/{id}");
    assert_string_equal(r.id, "dry climax");
    assert_string_equal(find("GET", "/index.html", &r, allowed)->path, "/*");
    assert_null(find("GET", "/api/assess", &r, allowed)); /* not the page's */
    assert_string_equal(allowed, "POST");
    assert_null(find("DELETE", "/api/cards/a", &r, allowed));
    assert_string_equal(allowed, "GET");
    assert_null(find("POST", "/nothing", &r, allowed));
    char longer[100] = "/api/cards/";
    memset(longer + 11, 'a', 40);
    assert_string_equal(find("GET", longer, &r, allowed)->path, "/*"); /* no id is so long */
}

/* What the table says of bodies and methods holds together. */
static void the_table_is_sound(void **state) {
    (void)state;
    int count = 0;
    for (const ag_route *route = ag_routes; route->method != NULL; route++, count++) {
        assert_true(route->path[0] == '/');
        assert_non_null(route->handle);
        bool has_body = strcmp(route->method, "POST") == 0 || strcmp(route->method, "PUT") == 0;
        assert_true(has_body || (route->types == NULL && route->body_most == 0));
    }
    assert_true(count < AG_METRICS_ROUTES);
}

/* The description has all routes but the page's, and no others. */
static void all_routes_are_described(void **state) {
    (void)state;
    json_error_t error;
    json_t *described = json_load_file(AG_SOURCE_DIR "/share/openapi.json", 0, &error);
    json_t *paths = json_object_get(described, "paths"), *methods, *operation;
    const char *path, *name;
    size_t routes = 0, operations = 0;
    for (const ag_route *route = ag_routes; route->method != NULL; route++) {
        if (strcmp(route->path, "/*") == 0)
            continue;
        char method[16] = "";
        for (size_t i = 0; route->method[i] != '\0'; i++)
            method[i] = (char)(route->method[i] + 'a' - 'A');
        if (json_object_get(json_object_get(paths, route->path), method) == NULL)
            fail_msg("not described: %s %s", route->method, route->path);
        routes++;
    }
    json_object_foreach(paths, path, methods) {
        json_object_foreach(methods, name, operation) {
            operations += json_object_get(operation, "operationId") != NULL;
        }
    }
    assert_int_equal(routes, operations);
    json_decref(described);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_addresses_are_taken),
        cmocka_unit_test(tricks_are_refused),
        cmocka_unit_test(parameters_are_read),
        cmocka_unit_test(headers_are_found_in_any_case),
        cmocka_unit_test(utf8_is_told),
        cmocka_unit_test(routes_are_found),
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(all_routes_are_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
