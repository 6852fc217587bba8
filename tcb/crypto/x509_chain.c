#include "crypto/x509.h"

#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

static zc_result check_signed_by(const zc_certificate *certificate, const zc_certificate *issuer)
{
    uint8_t key[97];
    uint8_t digest[48];
    if (!zc_slice_eq(certificate->issuer, issuer->subject)) {
        return zc_fail(ZC_CRYPTO_CERTIFICATE_NAME);
    }
    ZC_TRY(zc_certificate_p384_key(issuer, key));
    zc_sha384(certificate->tbs, digest);
    return zc_ok(zc_verify_p384_der(key, digest, certificate->signature))
               ? ZC_OK
               : zc_fail(ZC_CRYPTO_CERTIFICATE_SIGNATURE);
}

static zc_result check_dates(const zc_certificate *certificate, int64_t at)
{
    if (at < certificate->not_before) {
        return zc_fail(ZC_CRYPTO_NOT_YET_VALID);
    }
    return at <= certificate->not_after ? ZC_OK : zc_fail(ZC_CRYPTO_EXPIRED);
}

/* What holds for every certificate of the chain. */
static zc_result check_common(const zc_certificate *certificate, int64_t at)
{
    if (!zc_slice_eq(certificate->algorithm, zc_ecdsa_with_sha384)) {
        return zc_fail(ZC_CRYPTO_CERTIFICATE_ALGORITHM);
    }
    if (certificate->has_unknown_critical) {
        return zc_fail(ZC_CRYPTO_CRITICAL_EXTENSION);
    }
    return check_dates(certificate, at);
}

/* What holds for one that issues another, with `below` more issuers between it and the leaf. */
static zc_result check_issuer(const zc_certificate *certificate, size_t below)
{
    if (!certificate->is_ca) {
        return zc_fail(ZC_CRYPTO_NOT_A_CA);
    }
    if (!certificate->has_key_usage || (certificate->key_usage & ZC_KEY_USAGE_CERT_SIGN) == 0) {
        return zc_fail(ZC_CRYPTO_KEY_USAGE);
    }
    if (certificate->has_path_length && below > certificate->path_length) {
        return zc_fail(ZC_CRYPTO_PATH_LENGTH);
    }
    return ZC_OK;
}

static zc_result check_leaf(const zc_certificate *leaf)
{
    if (leaf->is_ca) {
        return zc_fail(ZC_CRYPTO_LEAF_IS_A_CA);
    }
    if (leaf->has_key_usage && (leaf->key_usage & ZC_KEY_USAGE_DIGITAL_SIGNATURE) == 0) {
        return zc_fail(ZC_CRYPTO_KEY_USAGE);
    }
    return ZC_OK;
}

zc_result zc_x509_verify_chain(zc_slice root_der, const zc_slice *chain, size_t count,
                               zc_slice leaf_der, int64_t at_unix_seconds,
                               uint8_t ret_leaf_pub[static 97])
{
    zc_certificate issuer;
    zc_certificate next;
    if (count == 0 || count > ZC_X509_MAX_CHAIN) {
        return zc_fail(ZC_CRYPTO_CHAIN_LENGTH);
    }
    if (!zc_slice_eq(chain[0], root_der)) {
        return zc_fail(ZC_CRYPTO_ROOT_NOT_PINNED);
    }
    ZC_TRY(zc_certificate_parse(root_der, &issuer));
    ZC_TRY(check_common(&issuer, at_unix_seconds));
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        ZC_TRY(check_issuer(&issuer, count - 1 - i));
        ZC_TRY(zc_certificate_parse(is_last ? leaf_der : chain[i + 1], &next));
        ZC_TRY(check_signed_by(&next, &issuer));
        ZC_TRY(check_common(&next, at_unix_seconds));
        issuer = next;
    }
    ZC_TRY(check_leaf(&next));
    return zc_certificate_p384_key(&next, ret_leaf_pub);
}

zc_result zc_x509_check_dates(const zc_slice *chain, size_t count, zc_slice leaf_der,
                              int64_t at_unix_seconds)
{
    zc_certificate certificate;
    if (count == 0 || count > ZC_X509_MAX_CHAIN) {
        return zc_fail(ZC_CRYPTO_CHAIN_LENGTH);
    }
    for (size_t i = 0; i <= count; i++) {
        ZC_TRY(zc_certificate_parse(i < count ? chain[i] : leaf_der, &certificate));
        ZC_TRY(check_dates(&certificate, at_unix_seconds));
    }
    return ZC_OK;
}
