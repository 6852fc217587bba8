#include "base/ct.h"

#if defined(ZC_CTIME) && ZC_CTIME
#include <valgrind/memcheck.h>
#endif

void zc_ct_secret(const void *bytes, size_t len)
{
#if defined(ZC_CTIME) && ZC_CTIME
    VALGRIND_MAKE_MEM_UNDEFINED(bytes, len);
#else
    (void)bytes;
    (void)len;
#endif
}

void zc_ct_public(const void *bytes, size_t len)
{
#if defined(ZC_CTIME) && ZC_CTIME
    VALGRIND_MAKE_MEM_DEFINED(bytes, len);
#else
    (void)bytes;
    (void)len;
#endif
}

/* Whether every bit that was gathered is clear; the barrier keeps the compiler from a shortcut. */
static bool nothing_gathered(uint8_t gathered)
{
    __asm__("" : "+r"(gathered));
    /* Equal or not is what the caller asked to know. */
    zc_ct_public(&gathered, sizeof gathered);
    return gathered == 0;
}

bool zc_ct_eq(const void *a, const void *b, size_t len)
{
    const uint8_t *left = a;
    const uint8_t *right = b;
    uint8_t difference = 0;
    for (size_t i = 0; i < len; i++) {
        difference = (uint8_t)(difference | (left[i] ^ right[i]));
    }
    return nothing_gathered(difference);
}

bool zc_ct_is_zero(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    uint8_t set = 0;
    for (size_t i = 0; i < len; i++) {
        set |= at[i];
    }
    return nothing_gathered(set);
}
