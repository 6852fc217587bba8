#ifndef ZC_BASE_REASONS_H
#define ZC_BASE_REASONS_H

#include "base/result.h"

#define ZC_BASE_REASONS(X)                                                                         \
    X(TRUNCATED, 1, "the input ends before the value that it announces")                           \
    X(TRAILING, 2, "bytes are left over after the last value")                                     \
    X(FULL, 3, "the output buffer is full")                                                        \
    X(OVERFLOW, 4, "a number does not fit")                                                        \
    X(BAD_HEX, 5, "not hexadecimal: an even number of the digits 0-9 and a-f is wanted")           \
    X(BAD_DECIMAL, 6, "not a decimal number")                                                      \
    X(NO_MEMORY, 7, "the kernel gave no memory")                                                   \
    X(NO_LOCKED_MEMORY, 8, "memory for secrets could not be locked")                               \
    X(TOO_LONG, 9, "longer than the limit allows")

#define ZC_DECLARE_BASE_REASON(name, number, text)                                                 \
    ZC_BASE_##name = ZC_REASON_CODE(ZC_MODULE_BASE, number),
enum { ZC_BASE_REASONS(ZC_DECLARE_BASE_REASON) };

#endif
