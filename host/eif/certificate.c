#include "certificate.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>

static const zc_eif_algorithm algorithms[] = {
    {NID_X9_62_prime256v1, -7, "ES256", EVP_sha256, 32},
    {NID_secp384r1, -35, "ES384", EVP_sha384, 48},
    {NID_secp521r1, -36, "ES512", EVP_sha512, 66},
};

const zc_eif_algorithm *zc_eif_algorithm_of(const EVP_PKEY *key)
{
    char name[64] = {0};
    if (key == NULL || EVP_PKEY_get_group_name(key, name, sizeof name, NULL) != 1) {
        return NULL;
    }
    int curve = OBJ_txt2nid(name);
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (algorithms[i].curve == curve) {
            return &algorithms[i];
        }
    }
    return NULL;
}

zc_result zc_eif_certificate_read(zc_slice pem, X509 **ret_certificate)
{
    BIO *bio =
        pem.len > 0 && pem.len <= ZC_EIF_PEM_MAX ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ERR_clear_error();
    if (certificate == NULL) {
        return zc_fail(ZC_EIF_BAD_CERTIFICATE);
    }
    if (zc_eif_algorithm_of(X509_get0_pubkey(certificate)) == NULL) {
        X509_free(certificate);
        return zc_fail(ZC_EIF_BAD_CERTIFICATE);
    }
    *ret_certificate = certificate;
    return ZC_OK;
}

static bool seconds_of(const ASN1_TIME *time, int64_t *ret_seconds)
{
    int days;
    int seconds;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool read = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);
    if (read) {
        *ret_seconds = (int64_t)days * 86400 + seconds;
    }
    return read;
}

zc_result zc_eif_certificate_describe(X509 *certificate, zc_eif_signer *ret_signer)
{
    zc_eif_signer signer = {.algorithm = zc_eif_algorithm_of(X509_get0_pubkey(certificate))->name};
    int len = i2d_X509(certificate, NULL);
    if (len <= 0 || (size_t)len > sizeof signer.certificate) {
        return zc_fail(ZC_EIF_BAD_CERTIFICATE);
    }
    uint8_t *at = signer.certificate;
    signer.certificate_len = (size_t)i2d_X509(certificate, &at);
    if (!seconds_of(X509_get0_notBefore(certificate), &signer.not_before) ||
        !seconds_of(X509_get0_notAfter(certificate), &signer.not_after)) {
        return zc_fail(ZC_EIF_BAD_CERTIFICATE);
    }
    (void)X509_NAME_oneline(X509_get_subject_name(certificate), signer.subject,
                            (int)sizeof signer.subject);
    *ret_signer = signer;
    return ZC_OK;
}
