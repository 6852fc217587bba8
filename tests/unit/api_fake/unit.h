/* What unit tests of HTTP interfaces share: a gateway of one translator before a fake libzcp. The
 * file that includes this names the translator first: #define TRANSLATOR "vault". */
#ifndef ZC_TEST_API_UNIT_H
#define ZC_TEST_API_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake.h"

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

/* The answer to a request, as JSON; NULL: it has none. The caller decrefs. */
static json_t *ask(const char *method, const char *path, const char *body, unsigned status)
{
    json_t *answer;
    const zc_http_request request = {.method = method,
                                     .target = path,
                                     .path = path,
                                     .query = "",
                                     .body = zc_slice_of_text(body),
                                     .headers = {{"content-type", "application/json"}},
                                     .header_count = 1};
    assert_int_equal(fake_ask(&gateway, &request, &answer), status);
    return answer;
}

#endif
