#include "nitro/nitro.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "attest/nsm.h"
#include "crypto/hash.h"

#define MISSION_PCR 16
#define BLOCK 64

static zc_result kernel_random(uint8_t *ret_bytes, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(ret_bytes, len, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return zc_fail(ZC_PLATFORM_NO_RANDOM);
        }
        ret_bytes += got;
        len -= (size_t)got;
    }
    return ZC_OK;
}

/* SHA-512 over 64 bytes of each: whoever knows one of the two sources knows nothing. */
static zc_result random_block(int nsm_fd, uint8_t ret_block[static BLOCK])
{
    uint8_t both[2 * BLOCK];
    zc_result got = kernel_random(both, BLOCK);
    if (zc_ok(got)) {
        got = zc_nitro_entropy(nsm_fd, both + BLOCK, BLOCK);
    }
    if (zc_ok(got)) {
        zc_sha512(ZC_SLICE_OF_ARRAY(both), ret_block);
    }
    zc_wipe(both, sizeof both);
    return got;
}

static zc_result nitro_random(void *self, uint8_t *ret_bytes, size_t len)
{
    const zc_nitro *nitro = self;
    uint8_t block[BLOCK];
    zc_result got = ZC_OK;
    while (len > 0 && zc_ok(got)) {
        got = random_block(nitro->fd, block);
        size_t take = len < BLOCK ? len : BLOCK;
        if (zc_ok(got)) {
            memcpy(ret_bytes, block, take);
            ret_bytes += take;
            len -= take;
        }
    }
    zc_wipe(block, sizeof block);
    return zc_ok(got) ? ZC_OK : zc_fail(ZC_PLATFORM_NO_RANDOM);
}

static zc_result nitro_nsm(void *self, zc_slice request, zc_buffer response, size_t *ret_len)
{
    const zc_nitro *nitro = self;
    return zc_nitro_request(nitro->fd, request, response, ret_len);
}

static zc_result nitro_wrap_key(void *self, zc_secret32 *ret_key)
{
    const zc_nitro *nitro = self;
    ZC_SECRET zc_secret32 key;
    if (!zc_ok(zc_nitro_check_locks(nitro->fd, MISSION_PCR)) ||
        !zc_ok(nitro_random(self, key.byte, sizeof key.byte))) {
        return zc_fail(ZC_PLATFORM_NO_WRAP_KEY);
    }
    *ret_key = key;
    return ZC_OK;
}

/* Raw: no time daemon and no parent steers it. */
static uint64_t nitro_monotonic_ns(void *self)
{
    (void)self;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* An anchor that can't be taken is tried again a second later; the old one serves meanwhile. */
static void anchor(zc_nitro *nitro, uint64_t now_ns)
{
    bool due = !nitro->anchored || now_ns - nitro->anchor_ns >= ZC_NITRO_ANCHOR_NS;
    bool rested = nitro->asked_ns == 0 || now_ns - nitro->asked_ns >= 1000000000;
    int64_t ms;
    if (!due || !rested) {
        return;
    }
    nitro->asked_ns = now_ns;
    if (zc_ok(zc_nitro_document_time(nitro->fd, &ms))) {
        nitro->anchored = true;
        nitro->anchor_ms = ms;
        nitro->anchor_ns = nitro_monotonic_ns(nitro);
    }
}

static zc_result nitro_now_ms(void *self, int64_t *ret_now)
{
    zc_nitro *nitro = self;
    anchor(nitro, nitro_monotonic_ns(nitro));
    uint64_t since = nitro_monotonic_ns(nitro) - nitro->anchor_ns;
    if (!nitro->anchored || since > ZC_NITRO_ANCHOR_MOST_NS) {
        return zc_fail(ZC_PLATFORM_NO_CLOCK);
    }
    int64_t now = nitro->anchor_ms + (int64_t)(since / 1000000);
    nitro->last_ms = now > nitro->last_ms ? now : nitro->last_ms;
    *ret_now = nitro->last_ms;
    return ZC_OK;
}

static uint32_t nitro_isolation(void *self)
{
    const zc_nitro *nitro = self;
    return nitro->isolation;
}

static const zc_platform_ops nitro_ops = {
    .name = "nitro",
    .random = nitro_random,
    .nsm = nitro_nsm,
    .wrap_key = nitro_wrap_key,
    .now_ms = nitro_now_ms,
    .monotonic_ns = nitro_monotonic_ns,
    .isolation = nitro_isolation,
    .now_is_trusted = true,
};

zc_platform zc_nitro_platform(zc_nitro *nitro, int nsm_fd, uint32_t isolation)
{
    *nitro = (zc_nitro){.fd = nsm_fd, .isolation = isolation};
    return (zc_platform){.ops = &nitro_ops, .self = nitro};
}
