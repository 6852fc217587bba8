/* What a key is: one number for each, whether it lives on a curve or not.
 *
 * The first three numbers are those of zc_curve, so records and messages that carry a curve today
 * carry a kind without a new format. Each kind has its own signer type:
 *
 *     curves         zc_signer   (signer.h; schnorr.h for BIP-340 on secp256k1)
 *     HMAC           zc_mac_key  (mac.h)
 *     RSA            zc_rsa_key  (rsa.h)
 */
#ifndef ZC_CRYPTO_KIND_H
#define ZC_CRYPTO_KIND_H

#include "crypto/curve.h"

/* The numbers are part of sealed keys, log entries and messages: never renumber. */
typedef enum zc_key_kind {
    ZC_KEY_KIND_SECP256K1 = ZC_CURVE_SECP256K1,
    ZC_KEY_KIND_P256 = ZC_CURVE_P256,
    ZC_KEY_KIND_ED25519 = ZC_CURVE_ED25519,
    ZC_KEY_KIND_HMAC_SHA256 = 4,
    ZC_KEY_KIND_HMAC_SHA384 = 5,
    ZC_KEY_KIND_HMAC_SHA512 = 6,
    ZC_KEY_KIND_RSA = 7,
} zc_key_kind;

bool zc_key_kind_is_known(uint64_t number);
/* "p256", "hmac-sha256", "rsa"…; NULL for another number. */
const char *zc_key_kind_name(zc_key_kind kind);
/* Whether keys of this kind are zc_signers; its zc_curve has the same number then. */
bool zc_key_kind_has_curve(zc_key_kind kind);
/* Whether they are zc_mac_keys. */
bool zc_key_kind_is_mac(zc_key_kind kind);

#endif
