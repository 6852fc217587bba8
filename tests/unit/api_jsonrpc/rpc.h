/* What tests of the JSON-RPC interfaces share: a gateway of one translator before a fake libzcp.
 * The file that includes this names the translator first: #define TRANSLATOR "clef". */
#ifndef ZC_TESTS_API_RPC_H
#define ZC_TESTS_API_RPC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../api_kms/fake_zcp.h"

static zc_gateway gateway;

static int begin(void **state)
{
    (void)state;
    fake_begin(&gateway, zc_translator_by_name(TRANSLATOR), "/nonexistent");
    return 0;
}

static int end(void **state)
{
    (void)state;
    fake_end(&gateway);
    return 0;
}

/* The answer to a body; the caller decrefs. NULL: there is none. */
static json_t *ask(const char *body, unsigned status)
{
    zc_api_call call;
    zc_http_response response = {0};
    const zc_http_request request = {
        .method = "POST", .target = "/", .path = "/", .query = "", .body = zc_slice_of_text(body)};
    fake_call(&gateway, &call, &request);
    gateway.listener[0].translator->handle(gateway.listener[0].state, &call, &response);
    zc_call_end(&call, &gateway.listener[0], response.status);
    assert_int_equal(response.status, status);
    json_t *answer = json_loadb((const char *)response.body.data, response.body.len, 0, NULL);
    zc_http_response_clear(&response);
    return answer;
}

/* Calls a method; the whole answer. */
static json_t *call_method(const char *method, const char *params)
{
    char body[4096];
    (void)snprintf(body, sizeof body,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}", method,
                   params);
    json_t *answer = ask(body, 200);
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
