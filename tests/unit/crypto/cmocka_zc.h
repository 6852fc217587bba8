/* cmocka with the headers that it wants first, and two asserts of ours. */
#ifndef ZC_TESTS_CRYPTO_CMOCKA_H
#define ZC_TESTS_CRYPTO_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

/* Fills an array from hexadecimal text of exactly its size. */
#define FROM_HEX(array, text)                                                                      \
    assert_ok(zc_hex_decode(zc_slice_of_text(text), (array), sizeof(array)))
#define assert_hex(bytes, len, text)                                                               \
    do {                                                                                           \
        char found_[2 * 256 + 1];                                                                  \
        assert_true((len) <= 256);                                                                 \
        zc_hex_encode(zc_slice_of((bytes), (len)), found_);                                        \
        assert_string_equal(found_, (text));                                                       \
    } while (0)

#endif
