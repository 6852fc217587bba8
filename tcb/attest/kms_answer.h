/* The answer of AWS KMS to a request that carried an attestation document with a public key
 * (CiphertextForRecipient): CMS EnvelopedData in BER.
 *
 * Lengths may be definite or indefinite at every level, as BER allows and KMS mixes; the content is
 * one string or a string of strings. Everything else has one form: version 2, one recipient by
 * subject key identifier, RSAES-OAEP with SHA-256 and MGF1 of it, AES-256-CBC, no attributes,
 * nothing behind. What it must open to is known: the deployment's root, whose commitment its
 * founders signed.
 * Source: RFC 5652 §6, RFC 8017 A.2.1; AWS KMS developer guide, "Cryptographic attestation". */
#ifndef ZC_ATTEST_KMS_ANSWER_H
#define ZC_ATTEST_KMS_ANSWER_H

#include "attest/reasons.h"
#include "base/reader.h"
#include "base/secret.h"
#include "crypto/recipient.h"

/* KMS encrypts 4,096 bytes at most. */
#define ZC_KMS_CONTENT_MAX ((size_t)4096 + 16)
#define ZC_KMS_ANSWER_MAX ((size_t)8192)
#define ZC_KMS_CHUNKS_MAX 64

typedef struct zc_kms_answer {
    zc_slice wrapped_key; /* ZC_RECIPIENT_WRAPPED bytes of the answer */
    zc_slice iv;          /* ZC_RECIPIENT_IV */
    size_t content_len;   /* not 0, whole blocks of 16 */
    uint8_t content[ZC_KMS_CONTENT_MAX];
} zc_kms_answer;

/* Public bytes. Errors: ZC_ATTEST_BAD_KMS_ANSWER. */
ZC_MUST_USE zc_result zc_kms_answer_parse(zc_slice bytes, zc_kms_answer *ret_answer);

/* Opens the answer and holds the root against its commitment: success, or one reason for whatever
 * is wrong inside. The recipient's key must not be used again whatever comes out. `ret_root` is
 * secret. Errors: ZC_ATTEST_BAD_KMS_ANSWER (the form, which is public),
 * ZC_ATTEST_ROOT_NOT_RELEASED, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_kms_open_root(const zc_recipient *recipient, zc_slice answer,
                                       const uint8_t root_commitment[static 32],
                                       zc_secret32 *ret_root);

#endif
