#include "attest_chain.h"

#include <stdio.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "attest/document.h"

/* As in documents of AWS: G1, the partition, the zone, the instance, the enclave. */
enum { ROOT, LEAF = 4, CERTIFICATES };

typedef struct issued {
    EVP_PKEY *key;
    X509 *certificate;
    uint8_t der[1024];
    size_t len;
} issued;

static bool extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool fill(X509 *certificate, const X509 *issuer, EVP_PKEY *key, const char *name,
                 bool is_leaf)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) != NULL &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
           X509_set_pubkey(certificate, key) == 1 &&
           extend(certificate, NID_basic_constraints,
                  is_leaf ? "critical,CA:FALSE" : "critical,CA:TRUE") &&
           extend(certificate, NID_key_usage,
                  is_leaf ? "critical,digitalSignature" : "critical,keyCertSign");
}

static bool issue(issued *to, const issued *by, size_t number)
{
    char name[16];
    (void)snprintf(name, sizeof name, "bench %zu", number);
    to->key = EVP_EC_gen("P-384");
    to->certificate = X509_new();
    if (to->key == NULL || to->certificate == NULL ||
        !fill(to->certificate, by->certificate, to->key, name, number == LEAF) ||
        X509_sign(to->certificate, by->key, EVP_sha384()) <= 0) {
        return false;
    }
    int len = i2d_X509(to->certificate, NULL);
    unsigned char *at = to->der;
    to->len = len > 0 && (size_t)len <= sizeof to->der ? (size_t)i2d_X509(to->certificate, &at) : 0;
    return to->len > 0;
}

static zc_result sign(void *self, const uint8_t digest[static 48], uint8_t ret_signature[static 96])
{
    const issued *leaf = self;
    unsigned char der[128];
    size_t len = sizeof der;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(leaf->key, NULL);
    bool made = context != NULL && EVP_PKEY_sign_init(context) == 1 &&
                EVP_PKEY_sign(context, der, &len, digest, 48) == 1;
    EVP_PKEY_CTX_free(context);
    const unsigned char *at = der;
    ECDSA_SIG *signature = made ? d2i_ECDSA_SIG(NULL, &at, (long)len) : NULL;
    made = signature != NULL &&
           BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret_signature, 48) == 48 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret_signature + 48, 48) == 48;
    ECDSA_SIG_free(signature);
    return made ? ZC_OK : zc_fail(ZC_BASE_NO_MEMORY);
}

static bool make_document(const issued *chain, zc_slice *ret_document)
{
    static uint8_t payload[ZC_ATTEST_DOCUMENT_MAX];
    static uint8_t document[ZC_ATTEST_DOCUMENT_MAX];
    zc_attest_doc doc = {.module_id = zc_slice_of_text("i-0123456789abcdef0-enc0123456789abcdef"),
                         .timestamp_ms = (uint64_t)time(NULL) * 1000,
                         .pcr_mask = 0x1ffff,
                         .certificate = zc_slice_of(chain[LEAF].der, chain[LEAF].len),
                         .cabundle_count = LEAF};
    for (size_t i = ROOT; i < LEAF; i++) {
        doc.cabundle[i] = zc_slice_of(chain[i].der, chain[i].len);
        memset(doc.pcr[i], (int)(i + 1), sizeof doc.pcr[i]);
    }
    issued leaf = chain[LEAF];
    zc_writer out = ZC_WRITER_OF_ARRAY(document);
    zc_buffer room = {.data = payload, .len = sizeof payload};
    bool made = zc_ok(zc_attest_make(&doc, sign, &leaf, room, &out));
    *ret_document = zc_writer_written(&out);
    return made;
}

bool zc_bench_chain(zc_slice *ret_document, zc_slice *ret_root)
{
    static issued chain[CERTIFICATES];
    static zc_slice document;
    bool made = document.len > 0 || issue(&chain[ROOT], &chain[ROOT], ROOT);
    for (size_t i = ROOT + 1; i < CERTIFICATES && made && document.len == 0; i++) {
        made = issue(&chain[i], &chain[i - 1], i);
    }
    made = made && (document.len > 0 || make_document(chain, &document));
    *ret_document = document;
    *ret_root = zc_slice_of(chain[ROOT].der, chain[ROOT].len);
    return made;
}
