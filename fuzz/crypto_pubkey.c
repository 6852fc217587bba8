/* Public keys: first byte the curve, the rest the key. What parses comes back from its compressed
 * form. */
#include <stdlib.h>
#include <string.h>

#include "crypto/curve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_pubkey key, again;
    uint8_t compressed[33];
    if (size == 0 ||
        !zc_ok(zc_pubkey_parse((zc_curve)data[0], zc_slice_of(data + 1, size - 1), &key))) {
        return 0;
    }
    if (!zc_curve_is_known(data[0]) || zc_curve_name(key.curve) == NULL ||
        !zc_ok(zc_pubkey_parse(key.curve, zc_pubkey_slice(&key), &again)) ||
        !zc_pubkey_eq(&key, &again)) {
        abort();
    }
    if (key.curve == ZC_CURVE_ED25519) {
        return 0;
    }
    if (!zc_ok(zc_pubkey_compress(&key, compressed)) ||
        !zc_ok(zc_pubkey_parse(key.curve, ZC_SLICE_OF_ARRAY(compressed), &again)) ||
        !zc_pubkey_eq(&key, &again)) {
        abort();
    }
    return 0;
}
