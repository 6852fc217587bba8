/* One X.509 certificate (RFC 5280), taken apart: internal to this module.
 *
 * The strict profile of attestation chains: DER throughout, version 3, no unique identifiers, one
 * algorithm inside and outside, known extensions at most once. Nothing is copied but numbers. */
#ifndef ZC_CRYPTO_CERTIFICATE_H
#define ZC_CRYPTO_CERTIFICATE_H

#include "base/slice.h"
#include "crypto/reasons.h"

/* Bits of the first byte of a key usage (RFC 5280 §4.2.1.3). */
enum { ZC_KEY_USAGE_DIGITAL_SIGNATURE = 0x80, ZC_KEY_USAGE_CERT_SIGN = 0x04 };

/* Slices are views of the certificate. "Whole" ones include their DER header. */
typedef struct zc_certificate {
    zc_slice tbs;       /* whole: what is signed */
    zc_slice algorithm; /* whole: AlgorithmIdentifier */
    zc_slice issuer;    /* whole */
    zc_slice subject;   /* whole */
    zc_slice spki;      /* whole: SubjectPublicKeyInfo */
    zc_slice signature; /* the bits, which for ECDSA are DER again */
    int64_t not_before; /* seconds since 1970 */
    int64_t not_after;
    bool has_basic_constraints;
    bool is_ca;
    bool has_path_length;
    bool has_key_usage;
    bool has_unknown_critical;
    uint8_t path_length;
    uint8_t key_usage;
} zc_certificate;

/* The AlgorithmIdentifiers of RFC 5758 §3.2. */
extern const zc_slice zc_ecdsa_with_sha256;
extern const zc_slice zc_ecdsa_with_sha384;

/* ZC_CRYPTO_BAD_CERTIFICATE for whatever is not in the profile. */
ZC_MUST_USE zc_result zc_certificate_parse(zc_slice der, zc_certificate *ret_certificate);
/* The key as 04 ‖ x ‖ y: ZC_CRYPTO_CERTIFICATE_KEY unless its algorithm is P-384. The point is not
 * checked here but when it verifies something. */
ZC_MUST_USE zc_result zc_certificate_p384_key(const zc_certificate *certificate,
                                              uint8_t ret_point[static 97]);

/* Seconds since 1970 of a UTC date: month 1 to 12; the year from 1970 on. */
int64_t zc_unix_seconds(int64_t year, unsigned month, unsigned day, unsigned second_of_day);

#endif
