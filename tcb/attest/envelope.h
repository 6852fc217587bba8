/* The envelope of a document, between its parser, its verifier and its maker. Only for this module.
 */
#ifndef ZC_ATTEST_ENVELOPE_H
#define ZC_ATTEST_ENVELOPE_H

#include "attest/cache.h"
#include "codec/cose.h"

/* {1: -35}, ES384: the protected header of every document. */
#define ZC_ATTEST_PROTECTED_ES384 0xa1, 0x01, 0x38, 0x22
#define ZC_ATTEST_SIGNATURE_SIZE 96
/* Around the payload in what is signed: array, "Signature1", protected header, empty, length. */
#define ZC_ATTEST_TBS_MAX (ZC_ATTEST_DOCUMENT_MAX + 32)

/* Errors: ZC_ATTEST_DOCUMENT_TOO_LONG, ZC_ATTEST_NOT_SIGN1, ZC_ATTEST_WRONG_ALGORITHM. */
ZC_MUST_USE zc_result zc_attest_open_envelope(zc_slice document, zc_cose_sign1 *ret_envelope);
ZC_MUST_USE zc_result zc_attest_parse_opened(const zc_cose_sign1 *envelope, zc_attest_doc *ret_doc);
/* SHA-384 of the bytes that the signature covers. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_attest_signed_digest(const zc_cose_sign1 *envelope,
                                              uint8_t ret_digest[static 48]);

/* The key of the document's certificate, once its chain holds: from the cache (which may be NULL)
 * or verified now and kept there. Errors: those of zc_x509_verify_chain(). */
ZC_MUST_USE zc_result zc_attest_chain_key(zc_attest_cache *cache, const zc_attest_doc *doc,
                                          zc_slice root_der, int64_t at_unix_seconds,
                                          uint8_t ret_key[static 97]);

#endif
