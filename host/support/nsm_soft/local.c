#include "nsm_soft/local.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "attest/nsm.h"
#include "codec/cbor.h"
#include "nsm_soft/nsm.h"

static zc_result local_random(void *self, uint8_t *ret_bytes, size_t len)
{
    (void)self;
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

static zc_result round_trip(int fd, zc_slice request, zc_buffer response, size_t *ret_len)
{
    ssize_t len;
    do {
        len = send(fd, request.data, request.len, MSG_NOSIGNAL);
    } while (len < 0 && errno == EINTR);
    if (len != (ssize_t)request.len) {
        return zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
    }
    do {
        len = recv(fd, response.data, response.len, MSG_TRUNC);
    } while (len < 0 && errno == EINTR);
    if (len <= 0) {
        return zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
    }
    if ((size_t)len > response.len) {
        return zc_fail(ZC_PLATFORM_NSM_RESPONSE_TOO_LONG);
    }
    *ret_len = (size_t)len;
    return ZC_OK;
}

static zc_result local_nsm(void *self, zc_slice request, zc_buffer response, size_t *ret_len)
{
    const zc_local *local = self;
    /* An empty packet could not be told from a closed link. */
    if (request.len == 0 || request.len > ZC_NSM_REQUEST_MAX) {
        return zc_fail(ZC_PLATFORM_NSM_REQUEST_TOO_LONG);
    }
    return round_trip(local->nsm_fd, request, response, ret_len);
}

static int local_nsm_fd(void *self)
{
    const zc_local *local = self;
    return local->nsm_fd;
}

static zc_result local_nsm_ask(void *self, zc_slice request)
{
    const zc_local *local = self;
    if (request.len == 0 || request.len > ZC_NSM_REQUEST_MAX) {
        return zc_fail(ZC_PLATFORM_NSM_REQUEST_TOO_LONG);
    }
    ssize_t sent = send(local->nsm_fd, request.data, request.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == (ssize_t)request.len ? ZC_OK : zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
}

static zc_result local_nsm_take(void *self, zc_buffer response, size_t *ret_len)
{
    const zc_local *local = self;
    ssize_t len = recv(local->nsm_fd, response.data, response.len, MSG_TRUNC | MSG_DONTWAIT);
    if (len <= 0) {
        return zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
    }
    if ((size_t)len > response.len) {
        return zc_fail(ZC_PLATFORM_NSM_RESPONSE_TOO_LONG);
    }
    *ret_len = (size_t)len;
    return ZC_OK;
}

static zc_result read_wrap_key(zc_slice response, zc_secret32 *ret_key)
{
    zc_reader reader = zc_reader_of(response);
    size_t count;
    zc_slice name;
    ZC_SECRET zc_secret32 key;
    ZC_TRY(zc_cbor_get_map(&reader, 1, &count));
    ZC_TRY(zc_cbor_get_text(&reader, &name));
    if (count != 1 || !zc_slice_eq_text(name, ZC_NSM_SOFT_WRAP_REQUEST)) {
        return zc_fail(ZC_PLATFORM_NO_WRAP_KEY);
    }
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, key.byte, sizeof key.byte));
    ZC_TRY(zc_reader_end(&reader));
    *ret_key = key;
    return ZC_OK;
}

static zc_result ask_wrap_key(const zc_local *local, zc_slice request, zc_secret32 *ret_key)
{
    uint8_t response[64];
    size_t len;
    ZC_TRY(round_trip(local->nsm_fd, request, (zc_buffer){.data = response, .len = sizeof response},
                      &len));
    zc_result result = read_wrap_key(zc_slice_of(response, len), ret_key);
    zc_wipe(response, sizeof response);
    return zc_ok(result) ? ZC_OK : zc_fail(ZC_PLATFORM_NO_WRAP_KEY);
}

static zc_result local_wrap_key(void *self, zc_secret32 *ret_key)
{
    uint8_t request[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(ZC_NSM_SOFT_WRAP_REQUEST)));
    return ask_wrap_key(self, zc_writer_written(&writer), ret_key);
}

static zc_result local_next_wrap_key(void *self, const uint8_t pcr16[static 48],
                                     zc_secret32 *ret_key)
{
    uint8_t request[96];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(zc_cbor_put_map(&writer, 1));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(ZC_NSM_SOFT_WRAP_REQUEST)));
    ZC_TRY(zc_cbor_put_bytes(&writer, zc_slice_of(pcr16, 48)));
    return ask_wrap_key(self, zc_writer_written(&writer), ret_key);
}

static zc_result local_now_ms(void *self, int64_t *ret_now)
{
    (void)self;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return zc_fail(ZC_PLATFORM_NO_CLOCK);
    }
    *ret_now = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return ZC_OK;
}

static uint64_t local_monotonic_ns(void *self)
{
    (void)self;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint32_t local_isolation(void *self)
{
    const zc_local *local = self;
    return local->isolation;
}

static const zc_platform_ops local_ops = {
    .name = "local",
    .random = local_random,
    .nsm = local_nsm,
    .wrap_key = local_wrap_key,
    .next_wrap_key = local_next_wrap_key,
    .now_ms = local_now_ms,
    .monotonic_ns = local_monotonic_ns,
    .isolation = local_isolation,
    .now_is_trusted = false,
    .nsm_fd = local_nsm_fd,
    .nsm_ask = local_nsm_ask,
    .nsm_take = local_nsm_take,
};

zc_platform zc_local_platform(zc_local *local, int nsm_fd, uint32_t isolation)
{
    *local = (zc_local){.nsm_fd = nsm_fd, .isolation = isolation};
    return (zc_platform){.ops = &local_ops, .self = local};
}
