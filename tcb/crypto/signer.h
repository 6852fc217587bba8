/* Private keys, prepared once and then used many times.
 *
 * A signer is one flat secret of fixed size: put it in a vault, move it with memcpy, clear it in
 * place. Time depends on the curve, the mode and the message length, not on the key or the nonce.
 */
#ifndef ZC_CRYPTO_SIGNER_H
#define ZC_CRYPTO_SIGNER_H

#include "base/secret.h"
#include "crypto/curve.h"
#include "crypto/random.h"

typedef struct zc_signer {
    zc_pubkey pubkey;
    zc_secret32 private_key; /* big-endian scalar, or RFC 8032's seed */
    zc_secret64 expanded; /* the key again: a fault in one of the two is noticed. Ed25519: seed ‖
                             public key; ECDSA: the scalar times 2^256, then zeros */
} zc_signer;

/* How a nonce is made. The numbers are part of sealed keys and messages. */
typedef enum zc_nonce_mode {
    ZC_NONCE_HEDGED = 1, /* with fresh randomness: survives injected faults. ECDSA as RFC 6979
                            §3.6; Ed25519 hashes fresh bytes, prefix and message */
    ZC_NONCE_DETERMINISTIC = 2, /* RFC 6979 or RFC 8032 exactly; computed twice before release,
                                   because a fault in one of two signatures of the same message
                                   would give the key away */
} zc_nonce_mode;

typedef struct zc_signature {
    uint8_t byte[64]; /* r ‖ s, big-endian; or Ed25519's R ‖ S */
    uint8_t recovery; /* secp256k1: 0..3, which point r came from; otherwise 0 */
} zc_signature;

/* Computes the public key. Errors: ZC_CRYPTO_BAD_PRIVATE_KEY (zero or not below the order; any 32
 * bytes are an Ed25519 seed), ZC_CRYPTO_WRONG_CURVE, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_signer_init(zc_signer *signer, zc_curve curve,
                                     const zc_secret32 *private_key);
/* Draws until the number is a private key: unbiased. */
ZC_MUST_USE zc_result zc_signer_generate(zc_signer *signer, zc_curve curve, zc_drbg *drbg);
/* A private key whose public key is known: that it belongs to it is believed, not computed, so both
 * come from what this enclave sealed itself. Errors: ZC_CRYPTO_BAD_PRIVATE_KEY,
 * ZC_CRYPTO_WRONG_CURVE. */
ZC_MUST_USE zc_result zc_signer_restore(zc_signer *signer, const zc_pubkey *public_key,
                                        const zc_secret32 *private_key);
void zc_signer_clear(zc_signer *signer);

/* ECDSA over a 32-byte digest. secp256k1 gives low s always (EIP-2, BIP-62); P-256 gives s as
 * RFC 6979 does: see zc_signature_make_low_s(). `fresh` is 32 bytes never used before; in
 * deterministic mode it is not looked at.
 * Errors: ZC_CRYPTO_WRONG_CURVE (Ed25519), ZC_CRYPTO_FAULT, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_sign_digest(const zc_signer *signer, zc_nonce_mode mode,
                                     const uint8_t fresh[static 32],
                                     const uint8_t digest[static 32], zc_signature *ret_signature);
/* Ed25519, verified by anyone as RFC 8032's. `fresh` as above. Errors as above. */
ZC_MUST_USE zc_result zc_sign_ed25519(const zc_signer *signer, zc_nonce_mode mode,
                                      const uint8_t fresh[static 32], zc_slice message,
                                      zc_signature *ret_signature);
/* The same in deterministic mode. */
ZC_MUST_USE zc_result zc_sign_message_ed25519(const zc_signer *signer, zc_slice message,
                                              zc_signature *ret_signature);

#define ZC_SIGN_MAX_BATCH 64

/* One signature that is wanted of zc_sign_digest_batch(). */
typedef struct zc_sign_job {
    const zc_signer *signer;
    zc_nonce_mode mode;
    const uint8_t *fresh;  /* 32 bytes, another for each job */
    const uint8_t *digest; /* 32 bytes */
} zc_sign_job;

/* The same signatures as `count` calls of zc_sign_digest(), for less: P-256 keys share their
 * inversions. All or none: on failure nothing was released. Errors: ZC_CRYPTO_BATCH_SIZE (none, or
 * more than ZC_SIGN_MAX_BATCH), and as above. */
ZC_MUST_USE zc_result zc_sign_digest_batch(const zc_sign_job *jobs, size_t count,
                                           zc_signature *ret_signatures);

/* Replaces s by order − s when that is smaller (both verify), and turns the recovery bit with it.
 * Does nothing for Ed25519. */
void zc_signature_make_low_s(zc_curve curve, zc_signature *signature);

/* Clears and frees what signing keeps for the calling thread: a thread that signed calls it before
 * it ends. Signing afterwards makes it anew. */
void zc_signer_leave_thread(void);

#endif
