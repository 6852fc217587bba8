/* cmocka with what it needs, and short forms. */
#ifndef ZC_TESTS_ENCLAVE_CHECK_H
#define ZC_TESTS_ENCLAVE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "enclave/state.h"

#define assert_ok(expr) assert_int_equal((expr).code, 0)

/* The enclave told the host why, and left. */
#define assert_fatal(drv, reason)                                                                  \
    do {                                                                                           \
        assert_int_equal((drv)->fatal, (reason));                                                  \
        assert_true((drv)->exited);                                                                \
    } while (0)
#define assert_alive(drv)                                                                          \
    do {                                                                                           \
        assert_int_equal((drv)->fatal, 0);                                                         \
        assert_false((drv)->exited);                                                               \
    } while (0)

static inline void assert_failed(zc_reply reply, int reason)
{
    assert_int_equal(reply.status, ZC_STATUS_FAILED);
    assert_int_equal(reply.failed.code, reason);
}

static inline void assert_signed(zc_reply reply)
{
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(reply.sign.signature.len, 64);
}

#endif
