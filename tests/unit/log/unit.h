/* cmocka with what it needs, and short forms for results. */
#ifndef ZC_TEST_LOG_UNIT_H
#define ZC_TEST_LOG_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

#endif
