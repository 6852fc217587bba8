/* A comparison that stops at the first difference: valgrind must see it. */
#include "base/ct.h"

int main(void)
{
    volatile uint8_t a[8] = {1, 2, 3};
    uint8_t b[8] = {1, 2, 4};
    zc_ct_secret(b, sizeof b);
    for (unsigned i = 0; i < sizeof b; i++) {
        if (a[i] != b[i]) {
            break;
        }
    }
    return 0;
}
