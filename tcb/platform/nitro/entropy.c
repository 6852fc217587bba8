#include "nitro/nitro.h"

#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "attest/nsm.h"
#include "base/secret.h"

#define SEED_BYTES 64
/* An answer of the module has up to 256 bytes; one with a single byte is still progress. */
#define ROUNDS_MAX 4096

static zc_result ask(int nsm_fd, zc_buffer response, zc_slice *ret_random)
{
    uint8_t request[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    size_t len;
    ZC_TRY(zc_nsm_request_random(&writer));
    ZC_TRY(zc_nitro_request(nsm_fd, zc_writer_written(&writer), response, &len));
    return zc_nsm_response_random(zc_slice_of(response.data, len), ret_random);
}

zc_result zc_nitro_entropy(int nsm_fd, uint8_t *ret_bytes, size_t len)
{
    uint8_t response[ZC_NSM_RANDOM_MAX + 64];
    zc_result asked = ZC_OK;
    size_t rounds = 0;
    while (len > 0 && zc_ok(asked) && rounds++ < ROUNDS_MAX) {
        zc_slice random;
        asked = ask(nsm_fd, (zc_buffer){.data = response, .len = sizeof response}, &random);
        if (zc_ok(asked)) {
            size_t take = random.len < len ? random.len : len;
            memcpy(ret_bytes, random.data, take);
            ret_bytes += take;
            len -= take;
        }
    }
    zc_wipe(response, sizeof response);
    return zc_ok(asked) && len == 0 ? ZC_OK : zc_fail(ZC_PLATFORM_NO_RANDOM);
}

zc_result zc_nitro_seed_kernel(int nsm_fd)
{
    /* struct rand_pool_info ends in an array of no stated length: it lies at the buffer's start. */
    _Alignas(struct rand_pool_info) uint8_t seed[sizeof(struct rand_pool_info) + SEED_BYTES];
    const struct rand_pool_info head = {.entropy_count = SEED_BYTES * 8, .buf_size = SEED_BYTES};
    memcpy(seed, &head, sizeof head);
    zc_result got = zc_nitro_entropy(nsm_fd, seed + sizeof head, SEED_BYTES);
    if (zc_ok(got)) {
        int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
        bool given = fd >= 0 && ioctl(fd, RNDADDENTROPY, seed) == 0;
        if (fd >= 0) {
            close(fd);
        }
        got = given ? ZC_OK : zc_fail(ZC_PLATFORM_NO_RANDOM);
    }
    zc_wipe(seed, sizeof seed);
    return got;
}
