/* Arithmetic on numbers that came from outside: it succeeds exactly or fails with ZC_BASE_OVERFLOW.
 */
#ifndef ZC_BASE_CHECKED_H
#define ZC_BASE_CHECKED_H

#include <stddef.h>

#include "base/reasons.h"

#define ZC_CHECKED(name, type, builtin)                                                            \
    ZC_MUST_USE static inline zc_result name(type a, type b, type *ret_value)                      \
    {                                                                                              \
        type value;                                                                                \
        if (builtin(a, b, &value)) {                                                               \
            return zc_fail(ZC_BASE_OVERFLOW);                                                      \
        }                                                                                          \
        *ret_value = value;                                                                        \
        return ZC_OK;                                                                              \
    }

ZC_CHECKED(zc_add_u32, uint32_t, __builtin_add_overflow)
ZC_CHECKED(zc_add_u64, uint64_t, __builtin_add_overflow)
ZC_CHECKED(zc_sub_u64, uint64_t, __builtin_sub_overflow)
ZC_CHECKED(zc_mul_u64, uint64_t, __builtin_mul_overflow)
ZC_CHECKED(zc_add_size, size_t, __builtin_add_overflow)
ZC_CHECKED(zc_mul_size, size_t, __builtin_mul_overflow)

#undef ZC_CHECKED

#endif
