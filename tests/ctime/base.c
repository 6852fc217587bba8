/* Comparisons and wiping with everything secret: nothing may branch on it but the one answer. */
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

int main(void)
{
    uint8_t a[32] = {1}, b[32] = {1}, zero[32] = {0};
    ZC_SECRET zc_secret32 wiped = {{5}};
    zc_ct_secret(a, sizeof a);
    zc_ct_secret(b, sizeof b);
    zc_ct_secret(zero, sizeof zero);
    bool right = zc_ct_eq(a, b, sizeof a) && !zc_ct_eq(a, zero, sizeof a) &&
                 zc_ct_is_zero(zero, sizeof zero) && !zc_ct_is_zero(b, sizeof b);
    zc_ct_secret(wiped.byte, sizeof wiped.byte);
    zc_secret32_wipe(&wiped);
    /* Wiped memory is not secret any more, without anybody saying so. */
    return right && memcmp(wiped.byte, (uint8_t[32]){0}, sizeof wiped.byte) == 0 ? 0 : 1;
}
