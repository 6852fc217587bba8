/* What the enclave needs of the machine it runs on, and nothing more.
 *
 * One implementation per platform: nitro and qemu (/dev/nsm), local (host/support/nsm_soft). Calls
 * may block for one round trip with the security module; they are never on the path of a signature.
 */
#ifndef ZC_PLATFORM_PLATFORM_H
#define ZC_PLATFORM_PLATFORM_H

#include "base/secret.h"
#include "base/slice.h"
#include "platform/reasons.h"

typedef struct zc_platform_ops {
    /* Static text for status: "local", "nitro". */
    const char *name;
    /* Errors: ZC_PLATFORM_NO_RANDOM, after which `ret_bytes` must not be used. */
    zc_result (*random)(void *self, uint8_t *ret_bytes, size_t len);
    /* One request to the security module and its answer (attest/nsm.h).
     * Errors: ZC_PLATFORM_NSM_…. */
    zc_result (*nsm)(void *self, zc_slice request, zc_buffer response, size_t *ret_len);
    /* The key that wraps the root secret, bound to PCR0 and PCR16; NULL where the platform releases
     * the root in another way. PCR16 must have been locked. Errors: ZC_PLATFORM_NO_WRAP_KEY. */
    zc_result (*wrap_key)(void *self, zc_secret32 *ret_key);
    /* The key that will wrap it for the same PCR0 under another PCR16, for an enclave that seals
     * its root for the mission which takes this one's place; NULL where that can't be. As above. */
    zc_result (*next_wrap_key)(void *self, const uint8_t pcr16[static 48], zc_secret32 *ret_key);
    /* Milliseconds since 1970: trusted on nitro, the host's word on local. */
    zc_result (*now_ms)(void *self, int64_t *ret_now);
    /* Never goes backwards; for measuring and waiting. */
    uint64_t (*monotonic_ns)(void *self);
    /* Bits of platform/isolation.h. */
    uint32_t (*isolation)(void *self);
    bool now_is_trusted;
    /* Where an answer need not be waited for; all three or none. One request at a time: nsm_ask()
     * sends it, nsm_take() takes the answer once nsm_fd() is readable. Neither blocks. */
    int (*nsm_fd)(void *self);
    zc_result (*nsm_ask)(void *self, zc_slice request);
    zc_result (*nsm_take)(void *self, zc_buffer response, size_t *ret_len);
} zc_platform_ops;

typedef struct zc_platform {
    const zc_platform_ops *ops;
    void *self; /* the implementation's; outlives this */
} zc_platform;

ZC_MUST_USE static inline zc_result zc_platform_random(const zc_platform *platform,
                                                       uint8_t *ret_bytes, size_t len)
{
    return platform->ops->random(platform->self, ret_bytes, len);
}

ZC_MUST_USE static inline zc_result zc_platform_nsm(const zc_platform *platform, zc_slice request,
                                                    zc_buffer response, size_t *ret_len)
{
    return platform->ops->nsm(platform->self, request, response, ret_len);
}

ZC_MUST_USE static inline zc_result zc_platform_wrap_key(const zc_platform *platform,
                                                         zc_secret32 *ret_key)
{
    if (platform->ops->wrap_key == NULL) {
        return zc_fail(ZC_PLATFORM_NO_WRAP_KEY);
    }
    return platform->ops->wrap_key(platform->self, ret_key);
}

ZC_MUST_USE static inline zc_result zc_platform_next_wrap_key(const zc_platform *platform,
                                                              const uint8_t pcr16[static 48],
                                                              zc_secret32 *ret_key)
{
    if (platform->ops->next_wrap_key == NULL) {
        return zc_fail(ZC_PLATFORM_NO_WRAP_KEY);
    }
    return platform->ops->next_wrap_key(platform->self, pcr16, ret_key);
}

ZC_MUST_USE static inline zc_result zc_platform_now_ms(const zc_platform *platform,
                                                       int64_t *ret_now)
{
    return platform->ops->now_ms(platform->self, ret_now);
}

static inline uint64_t zc_platform_monotonic_ns(const zc_platform *platform)
{
    return platform->ops->monotonic_ns(platform->self);
}

static inline uint32_t zc_platform_isolation(const zc_platform *platform)
{
    return platform->ops->isolation(platform->self);
}

#endif
