#include "crypto/bip32.h"

#include "crypto/hash160.h"
#include "crypto/hmac.h"
#include "crypto/library.h"

zc_result zc_bip32_derive_public(const zc_bip32_public *parent, uint32_t number,
                                 zc_bip32_public *ret_child)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_pubkey point;
    zc_bip32_public child;
    uint8_t data[37];
    uint8_t tag[64];
    size_t len = sizeof(child.key);
    if (number >= ZC_BIP32_HARDENED) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    memcpy(data, parent->key, sizeof(parent->key));
    for (unsigned i = 0; i < 4; i++) {
        data[33 + i] = (uint8_t)(number >> (24 - 8 * i));
    }
    zc_hmac_sha512_once(parent->chain_code, sizeof(parent->chain_code), ZC_SLICE_OF_ARRAY(data),
                        tag);
    /* The library refuses a tweak that is not below the order, and the point at infinity. */
    if (secp256k1_ec_pubkey_parse(ctx, &point, parent->key, sizeof(parent->key)) != 1 ||
        secp256k1_ec_pubkey_tweak_add(ctx, &point, tag) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    secp256k1_ec_pubkey_serialize(ctx, child.key, &len, &point, SECP256K1_EC_COMPRESSED);
    memcpy(child.chain_code, tag + 32, sizeof(child.chain_code));
    *ret_child = child;
    return ZC_OK;
}

void zc_bip32_fingerprint(const uint8_t key[static 33], uint8_t ret_fingerprint[static 4])
{
    uint8_t hash[20];
    zc_hash160(zc_slice_of(key, 33), hash);
    memcpy(ret_fingerprint, hash, 4);
}
