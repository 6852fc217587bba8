/* What the fuzz targets share: a property that does not hold ends the process. */
#ifndef ZC_FUZZ_FUZZ_H
#define ZC_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): it must hold in every build. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* For a call whose answer does not matter, only that it comes back. */
static inline void fuzz_any(zc_result result)
{
    (void)result;
}

/* The largest input that a round trip is tried on. */
#define FUZZ_BUFFER ((size_t)1 << 17)

#endif
