/* The first look at a connection: whatever it says whole must be whole, and no longer than what is
 * looked at; a prefix of something that is not wrong is not wrong either. */
#include <stddef.h>
#include <stdint.h>

#include "runtime/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_hello all = zc_hello_look(zc_slice_of(data, size));
    if (all == ZC_HELLO_WHOLE && (size < 9 || size > (1u << 20) || data[0] != 22)) {
        __builtin_trap();
    }
    for (size_t len = 0; len < size && len < 16; len++) {
        zc_hello part = zc_hello_look(zc_slice_of(data, len));
        if (part == ZC_HELLO_WRONG && all != ZC_HELLO_WRONG) {
            __builtin_trap();
        }
    }
    return 0;
}
