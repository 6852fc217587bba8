#include "api/kms/spki.h"

#include "crypto/reasons.h"

/* Everything before the key's own bytes is constant for a curve (RFC 5480, SEC 2, RFC 8410). */
static const uint8_t p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t secp256k1[] = {0x30, 0x56, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                    0x81, 0x04, 0x00, 0x0a, 0x03, 0x42, 0x00};
static const uint8_t ed25519[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

typedef struct spki_prefix {
    zcp_curve curve;
    zc_slice bytes;
} spki_prefix;

static const spki_prefix prefixes[] = {
    {ZCP_P256, {p256, sizeof p256}},
    {ZCP_SECP256K1, {secp256k1, sizeof secp256k1}},
    {ZCP_ED25519, {ed25519, sizeof ed25519}},
};

zc_result zc_spki_write(const zcp_key *key, zc_writer *writer)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (prefixes[i].curve == key->curve) {
            ZC_TRY(zc_write_slice(writer, prefixes[i].bytes));
            return zc_write_slice(writer, zc_slice_of(key->public_key, key->public_key_len));
        }
    }
    return zc_fail(ZC_CRYPTO_WRONG_CURVE);
}
