#include "intent/bitcoin/base58check.h"

#include "codec/base58.h"
#include "crypto/hash160.h"

enum { CHECKSUM_LEN = 4 };

_Static_assert(ZC_BASE58CHECK_MAX + CHECKSUM_LEN == ZC_BASE58_MAX, "what base58 takes");

zc_result zc_base58check_write(zc_slice payload, zc_writer *writer)
{
    uint8_t bytes[ZC_BASE58_MAX];
    uint8_t hash[32];
    if (payload.len > ZC_BASE58CHECK_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    zc_hash256(payload, hash);
    if (payload.len > 0) {
        memcpy(bytes, payload.data, payload.len);
    }
    memcpy(bytes + payload.len, hash, CHECKSUM_LEN);
    return zc_base58_write(zc_slice_of(bytes, payload.len + CHECKSUM_LEN), writer);
}

zc_result zc_base58check_read(zc_slice text, uint8_t *ret_payload, size_t capacity, size_t *ret_len)
{
    uint8_t bytes[ZC_BASE58_MAX];
    uint8_t hash[32];
    size_t len;
    ZC_TRY(zc_base58_read(text, bytes, sizeof(bytes), &len));
    if (len < CHECKSUM_LEN) {
        return zc_fail(ZC_CODEC_BAD_BASE58);
    }
    len -= CHECKSUM_LEN;
    zc_hash256(zc_slice_of(bytes, len), hash);
    if (memcmp(hash, bytes + len, CHECKSUM_LEN) != 0) {
        return zc_fail(ZC_CODEC_BAD_BASE58);
    }
    if (len > capacity) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    memcpy(ret_payload, bytes, len);
    *ret_len = len;
    return ZC_OK;
}
