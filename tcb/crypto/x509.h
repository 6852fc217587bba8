/* X.509 certificates: chains of attestation documents, and the certificate that binds a TLS key to
 * a deployment's identity.
 *
 * All of it is public and variable-time. Times are seconds since 1970, UTC. */
#ifndef ZC_CRYPTO_X509_H
#define ZC_CRYPTO_X509_H

#include "crypto/signer.h"

#define ZC_X509_MAX_CHAIN 8
#define ZC_X509_MAX_CERTIFICATE 8192

/* Whether `leaf_der` was issued, through `chain` (root first, then towards the leaf's issuer),
 * under the root certificate that the caller pins. Every certificate is strict DER, was signed with
 * ECDSA P-384 and SHA-384 by the one before it and names it as issuer, is valid at
 * `at_unix_seconds`, has no critical extension that is not understood; every issuer is a CA with
 * keyCertSign and a sufficient path length; the leaf is none and may sign. chain[0] must equal the
 * pinned root byte for byte: a bundled root is never trusted. On success `ret_leaf_pub` is 04 ‖ x ‖
 * y on P-384.
 *
 * OpenSSL's own path validation is not used: its strict flags refuse all real Nitro documents (the
 * leaf has no authority key identifier), and its lax ones do not say which rule failed.
 * Errors: one reason per rule, ZC_CRYPTO_ROOT_NOT_PINNED … ZC_CRYPTO_LEAF_IS_A_CA. */
ZC_MUST_USE zc_result zc_x509_verify_chain(zc_slice root_der, const zc_slice *chain, size_t count,
                                           zc_slice leaf_der, int64_t at_unix_seconds,
                                           uint8_t ret_leaf_pub[static 97]);

/* For a chain that zc_x509_verify_chain() accepted before: whether every certificate of it is valid
 * at this time too. Looks at dates alone. Errors: ZC_CRYPTO_NOT_YET_VALID, ZC_CRYPTO_EXPIRED,
 * ZC_CRYPTO_CHAIN_LENGTH, ZC_CRYPTO_BAD_CERTIFICATE. */
ZC_MUST_USE zc_result zc_x509_check_dates(const zc_slice *chain, size_t count, zc_slice leaf_der,
                                          int64_t at_unix_seconds);

/* Makes the certificate of a TLS key: version 3, issuer and subject CN=`common_name` (1 to 64
 * printable ASCII characters), the given SubjectPublicKeyInfo, serverAuth, signed by `identity`
 * (P-256) with SHA-256. Deterministic: the same arguments give the same bytes. The serial number
 * comes from the hash of the key. Errors: ZC_CRYPTO_WRONG_CURVE, ZC_CRYPTO_BAD_NAME,
 * ZC_CRYPTO_BAD_TIME (also when not_after is before not_before), ZC_CRYPTO_BAD_DER (the key),
 * ZC_BASE_FULL (capacity), and those of signing. */
ZC_MUST_USE zc_result zc_x509_make_tls(const zc_signer *identity, zc_slice spki_der,
                                       zc_slice common_name, int64_t not_before, int64_t not_after,
                                       uint8_t *ret_der, size_t capacity, size_t *ret_len);

/* Whether such a certificate carries the key whose SubjectPublicKeyInfo hashes (SHA-256) to
 * `expected_spki_sha256` (32 bytes) and was signed by `issuer` (P-256). Validity dates are not
 * looked at: the attested session, not the calendar, says how long the key lives. Errors:
 * ZC_CRYPTO_BAD_CERTIFICATE, ZC_CRYPTO_CERTIFICATE_ALGORITHM, ZC_CRYPTO_WRONG_CERTIFICATE_KEY,
 * ZC_CRYPTO_CERTIFICATE_SIGNATURE. */
ZC_MUST_USE zc_result zc_x509_check_issued_by(zc_slice cert_der, const zc_pubkey *issuer,
                                              zc_slice expected_spki_sha256);

#endif
