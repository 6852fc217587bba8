/* Attestation documents in the Nitro format: COSE_Sign1 under a chain of P-384 certificates.
 *
 * Parsing alone proves nothing; zc_attest_verify() is what makes a document mean something, and
 * zc_attest_check() holds it against what the caller expects. All results are views into the
 * document. Public values only.
 * Source: AWS Nitro Enclaves user guide, "Verifying the root of trust"; RFC 9052 §4.2. */
#ifndef ZC_ATTEST_DOCUMENT_H
#define ZC_ATTEST_DOCUMENT_H

#include "attest/reasons.h"
#include "base/reader.h"
#include "base/writer.h"

/* A response of the security module has 0x3000 bytes at most, its document fits with room. */
#define ZC_ATTEST_DOCUMENT_MAX ((size_t)0x3000)
#define ZC_ATTEST_PCRS 32
#define ZC_ATTEST_PCR_SIZE 48
#define ZC_ATTEST_CABUNDLE_MAX 8
#define ZC_ATTEST_FIELD_MAX ((size_t)1024)

/* Absent and null fields are the same: has_… is false and the slice is empty. */
typedef struct zc_attest_doc {
    zc_slice module_id; /* UTF-8; "i-…-enc…" */
    uint64_t timestamp_ms;
    uint32_t pcr_mask; /* bit i: pcr[i] is in the document */
    uint8_t pcr[ZC_ATTEST_PCRS][ZC_ATTEST_PCR_SIZE];
    zc_slice certificate;                      /* DER; its key signs the document */
    zc_slice cabundle[ZC_ATTEST_CABUNDLE_MAX]; /* DER, from the root to the issuer of the above */
    size_t cabundle_count;
    bool has_public_key;
    bool has_user_data;
    bool has_nonce;
    zc_slice public_key;
    zc_slice user_data;
    zc_slice nonce;
} zc_attest_doc;

/* Reads a document without trusting it: the whole input must be one COSE_Sign1 (tag 18 or none) in
 * canonical CBOR with the protected header {1: -35}, and its payload a Nitro payload (its map may
 * be of indefinite length, as real ones are; fields that are not known are passed over). Errors:
 * ZC_ATTEST_DOCUMENT_TOO_LONG … ZC_ATTEST_WRONG_DIGEST. */
ZC_MUST_USE zc_result zc_attest_parse(zc_slice document, zc_attest_doc *ret_doc);

/* Parses, and checks the chain up to `root_der` (compared byte for byte with the first certificate
 * of the bundle, never taken from it) at the given time, the signature over every byte, and that
 * the enclave was not in debug mode. For a live document the time is now; for an archived one it is
 * the time that the caller stands for. Errors: those of zc_attest_parse(), then, in this order,
 * ZC_ATTEST_FOREIGN_ROOT, ZC_ATTEST_NOT_YET_VALID, ZC_ATTEST_EXPIRED or ZC_ATTEST_BAD_CHAIN;
 * ZC_ATTEST_BAD_SIGNATURE; ZC_ATTEST_DEBUG_MODE. */
ZC_MUST_USE zc_result zc_attest_verify(zc_slice document, zc_slice root_der,
                                       int64_t at_unix_seconds, zc_attest_doc *ret_doc);

/* PCR0, PCR1 and PCR2 are all zero or not there at all. */
bool zc_attest_is_debug(const zc_attest_doc *doc);

typedef struct zc_attest_expect {
    uint32_t pcr_mask; /* bit i: the document must have pcr[i], and with this value. Never 0 */
    uint8_t pcr[ZC_ATTEST_PCRS][ZC_ATTEST_PCR_SIZE];
    bool has_nonce;
    zc_slice nonce;
    bool has_time; /* the document must not be older than max_age_ms, nor newer than now */
    int64_t now_ms;
    uint64_t max_age_ms;
} zc_attest_expect;

/* How far a document's clock may run ahead of the checker's. */
#define ZC_ATTEST_CLOCK_SKEW_MS ((int64_t)300000)

/* Holds a verified document against expectations. A zero measurement is never an expectation that a
 * document meets. Errors: ZC_ATTEST_EMPTY_EXPECTATION, ZC_ATTEST_DEBUG_MODE, ZC_ATTEST_MISSING_PCR,
 * ZC_ATTEST_WRONG_PCR, ZC_ATTEST_WRONG_NONCE, ZC_ATTEST_TOO_OLD, ZC_ATTEST_FROM_THE_FUTURE. */
ZC_MUST_USE zc_result zc_attest_check(const zc_attest_doc *doc, const zc_attest_expect *expect);

/* Signs a SHA-384 digest with the key of the document's certificate: r‖s, big-endian. */
typedef zc_result zc_attest_sign_fn(void *self, const uint8_t digest[static 48],
                                    uint8_t ret_signature[static 96]);

/* Writes a document of this content, as a security module does. `payload_scratch` is overwritten.
 * Errors: ZC_BASE_FULL (also when the document would pass ZC_ATTEST_DOCUMENT_MAX); those of `sign`.
 */
ZC_MUST_USE zc_result zc_attest_make(const zc_attest_doc *doc, zc_attest_sign_fn *sign, void *self,
                                     zc_buffer payload_scratch, zc_writer *out);

#endif
