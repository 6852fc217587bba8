#include "bench.h"

#include <stdio.h>

#include "support/reason.h"

const char *zc_bench_why(zc_result result)
{
    return zc_ok(result) ? NULL : zc_reason_text(result);
}

static char failure[160] = "it failed without a word";

bool zc_bench_fail(const char *why)
{
    (void)snprintf(failure, sizeof failure, "%s", why);
    return false;
}

const char *zc_bench_failure(void)
{
    return failure;
}
