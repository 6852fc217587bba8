/* COSE_Sign1 (RFC 9052 §4.2, §4.4): the envelope of attestation documents.
 *
 * Parsing finds the parts and checks no signature. Data is public. */
#ifndef ZC_CODEC_COSE_H
#define ZC_CODEC_COSE_H

#include "base/reader.h"
#include "base/writer.h"
#include "codec/reasons.h"

#define ZC_COSE_TAG_SIGN1 18
#define ZC_COSE_ALG_ES256 (-7)
#define ZC_COSE_ALG_EDDSA (-8)
#define ZC_COSE_ALG_ES384 (-35)
#define ZC_COSE_ALG_ES512 (-36)
/* Header parameters that one map may hold. */
#define ZC_COSE_MAX_HEADERS 32

typedef struct zc_cose_sign1 {
    zc_slice protected_header; /* content of the byte string: an encoded map, or nothing */
    zc_slice unprotected;      /* the encoded map; nobody has signed it */
    int64_t alg;
    zc_slice payload;
    zc_slice signature;
} zc_cose_sign1;

/* Parses exactly one COSE_Sign1, untagged or under tag 18, with its payload inside. The algorithm
 * is taken from the protected header alone.
 * Errors: ZC_BASE_TRUNCATED, ZC_BASE_TRAILING, those of the CBOR getters, ZC_CODEC_COSE_SHAPE,
 * ZC_CODEC_COSE_NO_ALGORITHM, ZC_CODEC_COSE_CRITICAL, ZC_CODEC_KEY_ORDER for a repeated or
 * misplaced protected label. */
ZC_MUST_USE zc_result zc_cose_sign1_parse(zc_slice message, zc_cose_sign1 *ret_message);
/* The same, and where the protected header names no algorithm the unprotected one may. Whoever
 * uses it must know beforehand which algorithm the key is for. For the published test vectors. */
ZC_MUST_USE zc_result zc_cose_sign1_parse_unprotected(zc_slice message, zc_cose_sign1 *ret_message);

/* The bytes that the signature covers: ["Signature1", protected, external_aad, payload]. An empty
 * protected map counts as no bytes. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_cose_sign1_tbs(const zc_cose_sign1 *message, zc_slice external_aad,
                                        zc_writer *writer);

/* Writes a message with no unprotected headers. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_cose_sign1_write(zc_writer *writer, zc_slice protected_header,
                                          zc_slice payload, zc_slice signature, bool tagged);

#endif
