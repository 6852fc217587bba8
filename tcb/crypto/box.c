#include "crypto/box.h"

#include <sodium.h>

#include "base/ct.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/library.h"

enum { PUBLIC_LEN = 32, TAG_LEN = 16 };

/* The key is used once. */
static const uint8_t nonce[12];

void zc_x25519_public(const zc_secret32 *private_key, uint8_t ret_public[static 32])
{
    zc_library_sodium();
    (void)crypto_scalarmult_base(ret_public, private_key->byte);
}

zc_result zc_x25519(const zc_secret32 *private_key, const uint8_t peer[static 32],
                    zc_secret32 *ret_shared)
{
    ZC_SECRET zc_secret32 shared;
    zc_library_sodium();
    int refused = crypto_scalarmult(shared.byte, private_key->byte, peer);
    zc_ct_public(&refused,
                 sizeof refused); /* that the peer's point has small order is its affair */
    if (refused != 0) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    *ret_shared = shared;
    return ZC_OK;
}

static zc_result box_key(const zc_secret32 *own, const uint8_t peer[static PUBLIC_LEN],
                         const uint8_t ephemeral[static PUBLIC_LEN],
                         const uint8_t recipient[static PUBLIC_LEN], zc_secret32 *ret_key)
{
    ZC_SECRET zc_secret32 shared;
    uint8_t salt[2 * PUBLIC_LEN];
    ZC_TRY(zc_x25519(own, peer, &shared));
    memcpy(salt, ephemeral, PUBLIC_LEN);
    memcpy(salt + PUBLIC_LEN, recipient, PUBLIC_LEN);
    return zc_hkdf_sha256_secret(&shared, ZC_SLICE_OF_ARRAY(salt), zc_slice_of_text("zcp import"),
                                 ret_key->byte, sizeof ret_key->byte);
}

zc_result zc_box_seal(const uint8_t recipient[static 32], zc_drbg *drbg, const uint8_t *plain,
                      size_t len, uint8_t *ret_sealed)
{
    if (len > ZC_BOX_MAX_PLAIN) {
        return zc_fail(ZC_CRYPTO_BAD_SEALED_BOX);
    }
    ZC_SECRET zc_secret32 ephemeral;
    ZC_SECRET zc_secret32 key;
    uint8_t public[PUBLIC_LEN];
    zc_aead aead = {0};
    zc_drbg_bytes(drbg, ephemeral.byte, sizeof ephemeral.byte);
    zc_x25519_public(&ephemeral, public);
    ZC_TRY(box_key(&ephemeral, recipient, public, recipient, &key));
    ZC_TRY(zc_aead_init(&aead, &key));
    memcpy(ret_sealed, public, PUBLIC_LEN);
    zc_result result = zc_aead_seal(&aead, nonce, zc_slice_of(NULL, 0), plain, len,
                                    ret_sealed + PUBLIC_LEN, ret_sealed + PUBLIC_LEN + len);
    zc_aead_clear(&aead);
    return result;
}

zc_result zc_box_open(const zc_secret32 *private_key, zc_slice sealed, uint8_t *ret_plain,
                      size_t len)
{
    if (len > ZC_BOX_MAX_PLAIN || sealed.len != len + ZC_BOX_OVERHEAD) {
        return zc_fail(ZC_CRYPTO_BAD_SEALED_BOX);
    }
    ZC_SECRET zc_secret32 key;
    uint8_t public[PUBLIC_LEN];
    zc_aead aead = {0};
    zc_x25519_public(private_key, public);
    ZC_TRY(box_key(private_key, sealed.data, sealed.data, public, &key));
    ZC_TRY(zc_aead_init(&aead, &key));
    const uint8_t *cipher = sealed.data + PUBLIC_LEN;
    zc_result result =
        zc_aead_open(&aead, nonce, zc_slice_of(NULL, 0), cipher, len, cipher + len, ret_plain);
    zc_aead_clear(&aead);
    return result;
}
