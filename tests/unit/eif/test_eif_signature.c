#include "eif_test.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/hash.h"
#include "eif/signature.h"

typedef struct identity {
    zc_bytes certificate;
    zc_bytes key;
} identity;

static zc_bytes taken(BIO *bio)
{
    zc_bytes bytes = {0};
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    assert_true(zc_bytes_append(&bytes, zc_slice_of(data, (size_t)len)));
    BIO_free(bio);
    return bytes;
}

static identity make_identity(const char *curve)
{
    EVP_PKEY *key = EVP_EC_gen(curve);
    X509 *certificate = X509_new();
    assert_non_null(key);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"release", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    assert_true(X509_sign(certificate, key, EVP_sha384()) > 0);
    BIO *out = BIO_new(BIO_s_mem());
    BIO *secret = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(out, certificate), 1);
    assert_int_equal(PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return (identity){.certificate = taken(out), .key = taken(secret)};
}

static void identity_clear(identity *who)
{
    zc_bytes_clear(&who->certificate);
    zc_bytes_clear(&who->key);
}

static const uint8_t pcr0[48] = {1, 2, 3};

static zc_result sign(const identity *who, zc_bytes *ret_section)
{
    return zc_eif_sign(pcr0, zc_bytes_slice(&who->certificate), zc_bytes_slice(&who->key),
                       ret_section);
}

static void sign__each_curve__verifies(void **state)
{
    (void)state;
    static const char *const curves[][2] = {
        {"P-256", "ES256"}, {"P-384", "ES384"}, {"P-521", "ES512"}};
    for (size_t i = 0; i < 3; i++) {
        identity who = make_identity(curves[i][0]);
        zc_bytes section = {0};
        zc_eif_signer signer;
        assert_true(zc_ok(sign(&who, &section)));
        assert_true(zc_ok(zc_eif_verify(zc_bytes_slice(&section), pcr0, &signer)));
        assert_string_equal(signer.algorithm, curves[i][1]);
        assert_string_equal(signer.subject, "/CN=release");
        assert_int_equal(signer.not_after - signer.not_before, 86400);
        zc_bytes_clear(&section);
        identity_clear(&who);
    }
}

static void verify__another_pcr0__refused(void **state)
{
    (void)state;
    identity who = make_identity("P-384");
    zc_bytes section = {0};
    zc_eif_signer signer;
    uint8_t other[48];
    memcpy(other, pcr0, sizeof other);
    other[47] ^= 1;
    assert_true(zc_ok(sign(&who, &section)));
    assert_true(
        zc_is(zc_eif_verify(zc_bytes_slice(&section), other, &signer), ZC_EIF_WRONG_SIGNATURE));
    zc_bytes_clear(&section);
    identity_clear(&who);
}

/* Where the second half begins: what the certificate's key has signed. */
static size_t signature_at(const zc_bytes *section)
{
    static const char name[] = "isignature"; /* a text of nine characters */
    for (size_t at = 0; at + sizeof name < section->len; at++) {
        if (memcmp(section->data + at, name, sizeof name - 1) == 0) {
            return at;
        }
    }
    fail();
    return 0;
}

/* Each number altered, each length. The certificate vouches for itself in PCR8: one that is altered
 * there and still has the key is another certificate. */
static void verify__altered_section__no_other_signature(void **state)
{
    (void)state;
    identity who = make_identity("P-256");
    zc_bytes section = {0};
    zc_eif_signer signer;
    assert_true(zc_ok(sign(&who, &section)));
    assert_true(zc_ok(zc_eif_verify(zc_bytes_slice(&section), pcr0, &signer)));
    for (size_t at = signature_at(&section); at < section.len; at++) {
        section.data[at] ^= 1;
        assert_false(zc_ok(zc_eif_verify(zc_bytes_slice(&section), pcr0, &signer)));
        section.data[at] ^= 1;
    }
    for (size_t len = 0; len < section.len; len++) {
        assert_false(zc_ok(zc_eif_verify(zc_slice_of(section.data, len), pcr0, &signer)));
    }
    zc_bytes_clear(&section);
    identity_clear(&who);
}

static void sign__key_of_another__refused(void **state)
{
    (void)state;
    identity one = make_identity("P-384");
    identity other = make_identity("P-384");
    identity strange = make_identity("secp256k1");
    zc_bytes section = {0};
    const identity mixed = {.certificate = one.certificate, .key = other.key};
    assert_true(zc_is(sign(&mixed, &section), ZC_EIF_BAD_KEY));
    assert_true(zc_is(sign(&strange, &section), ZC_EIF_BAD_CERTIFICATE));
    const identity none = {.certificate = one.certificate};
    assert_true(zc_is(sign(&none, &section), ZC_EIF_BAD_KEY));
    assert_null(section.data);
    identity_clear(&one);
    identity_clear(&other);
    identity_clear(&strange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__each_curve__verifies),
        cmocka_unit_test(verify__another_pcr0__refused),
        cmocka_unit_test(verify__altered_section__no_other_signature),
        cmocka_unit_test(sign__key_of_another__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
