/* A key that somebody else encrypts a root to: RSA-2048, made here for one answer and then
 * forgotten.
 *
 * The other end is a key service that answers an attestation document (attest/kms_answer.h): it
 * wraps a fresh AES-256 key with RSAES-OAEP (SHA-256) and encrypts 32 bytes under it with
 * AES-256-CBC. Nothing in that answer is authenticated, and whoever carries it may change it. So
 * what comes out is secret and not yet believed: the caller holds it against something that it
 * knows, and says no more than yes or no. */
#ifndef ZC_CRYPTO_RECIPIENT_H
#define ZC_CRYPTO_RECIPIENT_H

#include "base/secret.h"
#include "base/slice.h"
#include "base/writer.h"
#include "crypto/reasons.h"

#define ZC_RECIPIENT_WRAPPED 256
#define ZC_RECIPIENT_IV 16
/* 32 bytes and a whole block of padding. */
#define ZC_RECIPIENT_CONTENT 48
/* SubjectPublicKeyInfo in DER, at most. */
#define ZC_RECIPIENT_SPKI_MAX 320

typedef struct zc_recipient {
    struct evp_pkey_st *key; /* in OpenSSL's memory, in the enclave its locked arena */
} zc_recipient;

#define ZC_RECIPIENT __attribute__((cleanup(zc_recipient_clear)))

/* Makes a key from OpenSSL's generator; takes some hundred milliseconds, and not always as many.
 * Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_recipient_init(zc_recipient *recipient);
/* Wipes and frees; fine on {0}. */
void zc_recipient_clear(zc_recipient *recipient);
/* Errors: ZC_BASE_FULL, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_recipient_write_spki(const zc_recipient *recipient, zc_writer *writer);

/* Unwraps and decrypts. Whatever is wrong (the wrapping, the padding) gives other 32 bytes and
 * success, in the same time: a caller that told one fault from another would decrypt for whoever
 * asks it often enough (Vaudenay 2002). `ret_plain` is secret. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_recipient_open(const zc_recipient *recipient,
                                        const uint8_t wrapped[static ZC_RECIPIENT_WRAPPED],
                                        const uint8_t iv[static ZC_RECIPIENT_IV],
                                        const uint8_t content[static ZC_RECIPIENT_CONTENT],
                                        zc_secret32 *ret_plain);

#endif
