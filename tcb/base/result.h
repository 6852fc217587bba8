/* What a call that can fail returns: which module refused, and for which reason.
 *
 * A result is two bytes and never text. Text for people is made at the edge of the host
 * (support/reason.h) from the lists that each module keeps in its reasons.h. */
#ifndef ZC_BASE_RESULT_H
#define ZC_BASE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct zc_result {
    uint16_t code; /* module << 8 | reason; 0 is success */
} zc_result;

enum zc_module_id {
    ZC_MODULE_NONE = 0,
    ZC_MODULE_BASE,
    ZC_MODULE_CRYPTO,
    ZC_MODULE_CODEC,
    ZC_MODULE_WIRE,
    ZC_MODULE_ATTEST,
    ZC_MODULE_INTENT,
    ZC_MODULE_PLATFORM,
    ZC_MODULE_COMPOSE,
    ZC_MODULE_POLICY,
    ZC_MODULE_AUDIT,
    ZC_MODULE_MPC,
    ZC_MODULE_KEYS,
    ZC_MODULE_ENCLAVE,
    ZC_MODULE_RUNTIME,
    ZC_MODULE_SUPPORT = 32,
    ZC_MODULE_NSM_SOFT,
    ZC_MODULE_CLIENT,
    ZC_MODULE_MISSION,
    ZC_MODULE_APP,
    ZC_MODULE_EVIDENCE,
    ZC_MODULE_EIF,
    ZC_MODULE_LOG = 40,
};

#define ZC_MUST_USE __attribute__((warn_unused_result))
#define ZC_OK ((zc_result){0})

/* A module's reasons are `#define ZC_<MODULE>_REASONS(X) X(NAME, number, "why, in plain words") …`
 * in its reasons.h, followed by `enum { ZC_<MODULE>_REASONS(ZC_DECLARE_<MODULE>_REASON) }`. Each
 * enumerator is the whole code, so that `zc_fail(ZC_CODEC_TRUNCATED)` and `zc_is(result,
 * ZC_CODEC_TRUNCATED)` read as they should. */
#define ZC_REASON_CODE(module, reason) (((module) << 8) | (reason))

static inline bool zc_ok(zc_result result)
{
    return result.code == 0;
}

static inline bool zc_is(zc_result result, int code)
{
    return result.code == (uint16_t)code;
}

static inline zc_result zc_fail(int code)
{
    return (zc_result){.code = (uint16_t)code};
}

/* Returns from the calling function with the result of `expr` unless it succeeded. */
#define ZC_TRY(expr)                                                                               \
    do {                                                                                           \
        zc_result zc_try_result_ = (expr);                                                         \
        if (!zc_ok(zc_try_result_)) {                                                              \
            return zc_try_result_;                                                                 \
        }                                                                                          \
    } while (0)

#endif
