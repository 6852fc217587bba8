/* What of HTTP and JSON every translator relies on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "api/http.h"
#include "api/json_flat.h"

static bool split(const char *text, char *ret_path, const char **ret_query)
{
    static char target[256];
    (void)snprintf(target, sizeof target, "%s", text);
    return zc_http_target_split(target, ret_path, ret_query);
}

static void target__plain__path_and_query(void **state)
{
    (void)state;
    char path[256];
    const char *query;
    assert_true(split("/v1/keys/a%2Db%20c?x=1&y=%32", path, &query));
    assert_string_equal(path, "/v1/keys/a-b c");
    assert_string_equal(query, "x=1&y=%32");
    assert_true(split("/", path, &query));
    assert_string_equal(query, "");
    assert_true(split("/a?b?c", path, &query));
    assert_string_equal(query, "b?c");
}

static void target__what_servers_disagree_about__refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",       "*",     "x",       "http://h/",   "/..",  "/a/../b", "/a/./b", "/.",
        "//",     "/a//b", "/%2e%2e", "/a/%2e%2e/b", "/%2f", "/a%2Fb",  "/%5c",   "/%00",
        "/a%0ab", "/a%7f", "/%",      "/%2",         "/%zz", "/a\tb",   "/a\x7f", "/a%1f",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char path[256];
        const char *query;
        assert_false(split(wrong[i], path, &query));
    }
}

static void query__parameters__decoded_or_refused(void **state)
{
    (void)state;
    char value[8];
    zc_http_request request = {.query = "a=1&bb=%41+c&c=%4&d=1&d=2&e=123456789&f=%00&g"};
    assert_true(zc_http_query(&request, "a", value, sizeof value));
    assert_string_equal(value, "1");
    assert_true(zc_http_query(&request, "bb", value, sizeof value));
    assert_string_equal(value, "A c");
    static const char *const wrong[] = {"b", "c", "d", "e", "f", "g", "h", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(zc_http_query(&request, wrong[i], value, sizeof value));
    }
}

static void header__twice__is_none(void **state)
{
    (void)state;
    zc_http_request request = {.headers = {{"Host", "a"}, {"X-A", "1"}, {"x-a", "2"}},
                               .header_count = 3};
    assert_string_equal(zc_http_header_value(&request, "host"), "a");
    assert_null(zc_http_header_value(&request, "X-A"));
    assert_null(zc_http_header_value(&request, "other"));
}

static void header__control_characters__never_go_out(void **state)
{
    (void)state;
    zc_http_response response = {0};
    zc_http_header_add(&response, "x", "a\r\nset-cookie: b\x7f");
    assert_string_equal(response.headers[0].value, "a??set-cookie: b?");
    for (size_t i = 0; i < 20; i++) {
        zc_http_header_add(&response, "x", "y");
    }
    assert_int_equal(response.header_count, 8);
}

static void json__strict(void **state)
{
    (void)state;
    char why[96];
    static const char *const wrong[] = {"",
                                        "{",
                                        "{}x",
                                        "{\"a\":1,\"a\":2}",
                                        "[1,]",
                                        "nul",
                                        "{\"a\":\"\xff\"}",
                                        "{'a':1}",
                                        "\"\\ud800\"",
                                        "{}{}",
                                        "[01]",
                                        "[1e999]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        why[0] = '\0';
        assert_null(zc_http_json(zc_slice_of_text(wrong[i]), why));
        assert_true(why[0] != '\0');
    }
    assert_null(zc_http_json(zc_slice_of("[1\0]", 4), why));
    assert_null(zc_http_json(zc_slice_of("{\"a\":1\0}", 8), why));
    assert_string_equal(why, "it holds a zero byte");
    char deep[200];
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    assert_null(zc_http_json(zc_slice_of(deep, 130), why));
    json_t *fits = zc_http_json(zc_slice_of(deep + 1, 128), why);
    assert_non_null(fits);
    json_decref(fits);
    json_t *brackets = zc_http_json(zc_slice_of_text("\"[[[[[\\\"[[[[\""), why);
    assert_non_null(brackets);
    json_decref(brackets);
}

static void flat__plain_objects__as_jansson(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"a\":\"b\"}",
        " {\t\"a\" :\r\"b c\"\n, \"d\": \"\" } \n",
        "{\"\":\"x\",\"a\":\"{}[],:\"}",
        "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"ab\":\"~\"}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        json_t *flat = zc_json_flat(zc_slice_of_text(bodies[i]));
        json_t *whole = json_loads(bodies[i], JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(flat);
        assert_true(json_equal(flat, whole));
        json_decref(flat);
        json_decref(whole);
    }
}

static void flat__anything_else__left_to_jansson(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "{",
        "{}",
        "[]",
        "\"a\"",
        "{\"a\"}",
        "{\"a\":\"b\"",
        "{\"a\":\"b}",
        "{\"a\":\"b\",}",
        "{\"a\":\"b\"}x",
        "{\"a\":\"b\"}{}",
        "{\"a\":1}",
        "{\"a\":\"b\",\"a\":\"b\"}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"\xc3\xa4\"}",
        "{\"a\":\"\x7f\"}",
        "{\"a\":\"\n\"}",
        "{'a':'b'}",
        "{\"1\":\"\",\"2\":\"\",\"3\":\"\",\"4\":\"\",\"5\":\"\",\"6\":\"\",\"7\":\"\",\"8\":\"\","
        "\"9\":\"\",\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\",\"g\":\"\","
        "\"h\":\"\"}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_null(zc_json_flat(zc_slice_of_text(bodies[i])));
    }
    assert_null(zc_json_flat(zc_slice_of("{\"a\":\"\0\"}", 9)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat__plain_objects__as_jansson),
        cmocka_unit_test(flat__anything_else__left_to_jansson),
        cmocka_unit_test(target__plain__path_and_query),
        cmocka_unit_test(target__what_servers_disagree_about__refused),
        cmocka_unit_test(query__parameters__decoded_or_refused),
        cmocka_unit_test(header__twice__is_none),
        cmocka_unit_test(header__control_characters__never_go_out),
        cmocka_unit_test(json__strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
