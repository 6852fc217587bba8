/* What tests of the JSON-RPC interfaces share beyond unit.h. */
#ifndef ZC_TEST_API_RPC_H
#define ZC_TEST_API_RPC_H

#include "unit.h"

/* Calls a method; the whole answer. */
static json_t *call_method(const char *method, const char *params)
{
    char body[4096];
    (void)snprintf(body, sizeof body,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}", method,
                   params);
    json_t *answer = ask("POST", "/", body, 200);
    assert_non_null(answer);
    return answer;
}

static void expect_code(const char *method, const char *params, int code)
{
    json_t *answer = call_method(method, params);
    json_t *found = json_object_get(json_object_get(answer, "error"), "code");
    assert_int_equal(json_integer_value(found), code);
    json_decref(answer);
}

#endif
