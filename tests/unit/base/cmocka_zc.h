/* cmocka with the headers that it wants first, and two asserts of ours. */
#ifndef ZC_TESTS_BASE_CMOCKA_H
#define ZC_TESTS_BASE_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/reasons.h"

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

#endif
