#include "maker.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

typedef struct issued {
    EVP_PKEY *key;
    X509 *certificate;
    uint8_t der[1024];
    size_t len;
} issued;

static issued root;
static issued authority;
static issued leaf;

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void issue(issued *to, const issued *by, const char *name, const char *constraints,
                  const char *usage)
{
    to->key = EVP_EC_gen("P-384");
    to->certificate = X509_new();
    X509 *issuer = by == to ? to->certificate : by->certificate;
    assert_non_null(to->key);
    assert_int_equal(X509_set_version(to->certificate, 2), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(to->certificate), 7);
    ASN1_TIME_set(X509_getm_notBefore(to->certificate), (time_t)(MAKER_NOW - 3600));
    ASN1_TIME_set(X509_getm_notAfter(to->certificate), (time_t)(MAKER_NOW + 3600));
    X509_NAME *subject = X509_get_subject_name(to->certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(to->certificate, X509_get_subject_name(issuer));
    X509_set_pubkey(to->certificate, to->key);
    extend(to->certificate, issuer, NID_basic_constraints, constraints);
    extend(to->certificate, issuer, NID_key_usage, usage);
    assert_true(X509_sign(to->certificate, by->key, EVP_sha384()) > 0);
    unsigned char *at = to->der;
    int len = i2d_X509(to->certificate, NULL);
    assert_in_range(len, 1, sizeof to->der);
    to->len = (size_t)i2d_X509(to->certificate, &at);
}

void maker_start(void)
{
    issue(&root, &root, "root", "critical,CA:TRUE", "critical,keyCertSign");
    issue(&authority, &root, "authority", "critical,CA:TRUE,pathlen:0", "critical,keyCertSign");
    issue(&leaf, &authority, "leaf", "critical,CA:FALSE", "critical,digitalSignature");
}

static void drop(issued *one)
{
    X509_free(one->certificate);
    EVP_PKEY_free(one->key);
    *one = (issued){0};
}

void maker_stop(void)
{
    drop(&root);
    drop(&authority);
    drop(&leaf);
}

zc_slice maker_root(void)
{
    return zc_slice_of(root.der, root.len);
}

static zc_result sign(void *self, const uint8_t digest[static 48], uint8_t ret_signature[static 96])
{
    (void)self;
    unsigned char der[128];
    size_t len = sizeof der;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(leaf.key, NULL);
    assert_int_equal(EVP_PKEY_sign_init(context), 1);
    assert_int_equal(EVP_PKEY_sign(context, der, &len, digest, 48), 1);
    EVP_PKEY_CTX_free(context);
    const unsigned char *at = der;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)len);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret_signature, 48), 48);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret_signature + 48, 48), 48);
    ECDSA_SIG_free(signature);
    return ZC_OK;
}

zc_attest_doc maker_content(void)
{
    static const uint8_t nonce[32] = {0x5a};
    zc_attest_doc doc = {.module_id = zc_slice_of_text("i-1-enc1"),
                         .timestamp_ms = (uint64_t)MAKER_NOW * 1000,
                         .pcr_mask = 0x1ffff,
                         .has_nonce = true,
                         .nonce = ZC_SLICE_OF_ARRAY(nonce)};
    for (unsigned i = 0; i < 3; i++) {
        memset(doc.pcr[i], (int)(0x10 + i), sizeof doc.pcr[i]);
    }
    return doc;
}

zc_slice maker_document(zc_attest_doc content)
{
    static uint8_t payload[ZC_ATTEST_DOCUMENT_MAX];
    static uint8_t document[ZC_ATTEST_DOCUMENT_MAX];
    zc_writer out = ZC_WRITER_OF_ARRAY(document);
    content.certificate = zc_slice_of(leaf.der, leaf.len);
    content.cabundle[0] = maker_root();
    content.cabundle[1] = zc_slice_of(authority.der, authority.len);
    content.cabundle_count = 2;
    assert_true(zc_ok(zc_attest_make(&content, sign, NULL,
                                     (zc_buffer){.data = payload, .len = sizeof payload}, &out)));
    return zc_writer_written(&out);
}
