#include "enclave/order.h"

#include "crypto/hash.h"
#include "intent/order_cbor.h"

static zc_compose_key compose_key_of(zc_key_kind kind)
{
    switch (kind) {
    case ZC_KEY_KIND_SECP256K1:
        return ZC_COMPOSE_KEY_SECP256K1;
    case ZC_KEY_KIND_P256:
        return ZC_COMPOSE_KEY_P256;
    case ZC_KEY_KIND_ED25519:
        return ZC_COMPOSE_KEY_ED25519;
    case ZC_KEY_KIND_RSA:
        return ZC_COMPOSE_KEY_RSA;
    case ZC_KEY_KIND_HMAC_SHA256:
    case ZC_KEY_KIND_HMAC_SHA384:
    case ZC_KEY_KIND_HMAC_SHA512:
        break;
    }
    return ZC_COMPOSE_KEY_HMAC;
}

/* Greater than any that the key has used, and near the clock: venues count in milliseconds. */
static uint64_t next_nonce(const zc_enclave *enclave, const zc_key *key)
{
    const uint64_t now_ms = (uint64_t)enclave->now_ms;
    return now_ms > key->place->last_nonce ? now_ms : key->place->last_nonce + 1;
}

void zc_order_nonce_used(zc_key_place *key, const zc_intent *intent)
{
    if (intent->family == ZC_FAMILY_VENUE && intent->nonce > key->last_nonce) {
        key->last_nonce = intent->nonce;
    }
}

static bool makes(zc_key_kind kind, zc_compose_scheme scheme)
{
    switch (scheme) {
    case ZC_COMPOSE_HMAC_SHA256:
        return kind == ZC_KEY_KIND_HMAC_SHA256;
    case ZC_COMPOSE_HMAC_SHA512:
        return kind == ZC_KEY_KIND_HMAC_SHA512;
    case ZC_COMPOSE_ED25519:
        return kind == ZC_KEY_KIND_ED25519;
    case ZC_COMPOSE_RSA_PKCS1_SHA256:
        return kind == ZC_KEY_KIND_RSA;
    case ZC_COMPOSE_ECDSA_SHA256:
        return kind == ZC_KEY_KIND_P256 || kind == ZC_KEY_KIND_SECP256K1;
    case ZC_COMPOSE_ECDSA_KECCAK256:
        return kind == ZC_KEY_KIND_SECP256K1;
    }
    return false;
}

static bool has_passphrase(const zc_key *key)
{
    return key->venue_secret != NULL && key->venue_secret->passphrase.len > 0;
}

static zc_result check_key(const zc_key *key, const zc_composition *composition)
{
    for (size_t i = 0; i < composition->signing_count; i++) {
        if (!makes(key->kind, composition->signings[i].scheme)) {
            return zc_fail(zc_key_kind_is_mac(key->kind) ? ZC_ENCLAVE_HMAC_KIND
                                                         : ZC_COMPOSE_KEY_KIND);
        }
        if (composition->signings[i].is_passphrase && !has_passphrase(key)) {
            return zc_fail(ZC_COMPOSE_PASSPHRASE_MISSING);
        }
    }
    return composition->needs_passphrase && !has_passphrase(key)
               ? zc_fail(ZC_COMPOSE_PASSPHRASE_MISSING)
               : ZC_OK;
}

static zc_result check_time(const zc_enclave *enclave, const zc_order *order,
                            const zc_composition *composition)
{
    const uint64_t now_ms = (uint64_t)enclave->now_ms;
    if (order->time_ms > now_ms + ZC_ENCLAVE_ORDER_AHEAD_MS) {
        return zc_fail(ZC_ENCLAVE_ORDER_TIME);
    }
    return composition->has_expiry && composition->expiry_ms <= now_ms
               ? zc_fail(ZC_ENCLAVE_ORDER_EXPIRED)
               : ZC_OK;
}

zc_result zc_order_compose(zc_enclave *enclave, const zc_key *key, zc_slice encoded)
{
    zc_order order;
    zc_composition *composition = &enclave->composition;
    const zc_compose_account account = {
        .key = compose_key_of(key->kind),
        .api_key = zc_slice_of_text(key->api_key),
        .pubkey = key->signer != NULL ? &key->signer->pubkey : NULL,
    };
    ZC_TRY(zc_order_read(encoded, &order));
    if (key->venue != 0 && key->venue != order.venue) {
        return zc_fail(ZC_ENCLAVE_OTHER_VENUE);
    }
    ZC_TRY(zc_compose_prepare(&order, &account, (uint64_t)enclave->now_ms, next_nonce(enclave, key),
                              composition));
    ZC_TRY(check_key(key, composition));
    ZC_TRY(check_time(enclave, &order, composition));
    return zc_compose_intent(&order, composition, &enclave->intent);
}

/* A signature of whatever scheme. */
typedef struct raw_signature {
    size_t len;
    uint8_t byte[ZC_COMPOSE_MAX_SIGNATURE];
} raw_signature;

static zc_result sign_mac(const zc_key *key, const zc_compose_signing *signing, zc_slice preimage,
                          raw_signature *ret_signature)
{
    const zc_compose_passphrase *passphrase = &key->venue_secret->passphrase;
    const zc_slice message =
        signing->is_passphrase ? zc_slice_of(passphrase->byte, passphrase->len) : preimage;
    return zc_mac_sign(&key->venue_secret->key.mac, message, ret_signature->byte,
                       &ret_signature->len);
}

static zc_result sign_curve(const zc_key *key, zc_compose_scheme scheme,
                            const uint8_t fresh[static 32], zc_slice preimage,
                            raw_signature *ret_signature)
{
    uint8_t digest[32];
    zc_signature signature;
    if (scheme == ZC_COMPOSE_ED25519) {
        ZC_TRY(zc_sign_ed25519(key->signer, key->nonce_mode, fresh, preimage, &signature));
    } else {
        if (scheme == ZC_COMPOSE_ECDSA_KECCAK256) {
            zc_keccak256(preimage, digest);
        } else {
            zc_sha256(preimage, digest);
        }
        ZC_TRY(zc_sign_digest(key->signer, key->nonce_mode, fresh, digest, &signature));
    }
    memcpy(ret_signature->byte, signature.byte, sizeof signature.byte);
    ret_signature->len = sizeof signature.byte;
    if (scheme == ZC_COMPOSE_ECDSA_KECCAK256) {
        ret_signature->byte[ret_signature->len++] = signature.recovery;
    }
    return ZC_OK;
}

static zc_result sign_one(zc_enclave *enclave, const zc_key *key, size_t index,
                          raw_signature *ret_signature)
{
    const zc_compose_signing *signing = &enclave->composition.signings[index];
    const zc_slice preimage = zc_compose_preimage(&enclave->composition, index);
    uint8_t fresh[32];
    if (zc_key_kind_is_mac(key->kind)) {
        return sign_mac(key, signing, preimage, ret_signature);
    }
    if (signing->is_passphrase) {
        return zc_fail(ZC_COMPOSE_KEY_KIND); /* its length would be all that hides it */
    }
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    if (key->kind == ZC_KEY_KIND_RSA) {
        return zc_rsa_sign(&key->venue_secret->key.rsa, ZC_RSA_PKCS1_SHA256, fresh, preimage,
                           ret_signature->byte, &ret_signature->len);
    }
    return sign_curve(key, signing->scheme, fresh, preimage, ret_signature);
}

zc_result zc_order_sign(zc_enclave *enclave, zc_key *key, zc_reply_sign *ret_reply)
{
    const zc_composition *composition = &enclave->composition;
    raw_signature made[ZC_COMPOSE_MAX_SIGNINGS] = {0};
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {0};
    zc_writer finished = ZC_WRITER_OF_ARRAY(enclave->secrets->request_bytes);
    for (size_t i = 0; i < composition->signing_count; i++) {
        ZC_TRY(sign_one(enclave, key, i, &made[i]));
        signatures[i] = zc_slice_of(made[i].byte, made[i].len);
    }
    ZC_TRY(zc_compose_finish(composition, signatures,
                             has_passphrase(key) ? &key->venue_secret->passphrase : NULL,
                             &finished));
    zc_order_nonce_used(key->place, &enclave->intent);
    memcpy(enclave->venue_signature, made[0].byte, made[0].len);
    ret_reply->signature = zc_slice_of(enclave->venue_signature, made[0].len);
    ret_reply->recovery = 0;
    ret_reply->has_artefact = true;
    ret_reply->artefact = zc_writer_written(&finished);
    return ZC_OK;
}
