#include "chain_maker.h"

#include <openssl/ec.h>

EVP_PKEY *make_key(const char *curve)
{
    EVP_PKEY *key = EVP_EC_gen(curve);
    assert_non_null(key);
    return key;
}

static void set_name(X509_NAME *name, const char *text)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)text, -1, -1, 0),
                     1);
}

static void add_extension(X509 *certificate, int nid, const char *value)
{
    if (value[0] == '\0') {
        return;
    }
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static const char *or_else(const char *given, const char *otherwise)
{
    return given != NULL ? given : otherwise;
}

static const char *const names[MAX_LINKS] = {"root", "one",   "two",   "three", "four", "five",
                                             "six",  "seven", "eight", "nine",  "ten",  "eleven"};

static void make_one(chain *made, const link *as, size_t at)
{
    bool leaf = at + 1 == made->count;
    size_t above = at == 0 ? 0 : at - 1;
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), (long)at + 1);
    set_name(X509_get_subject_name(certificate), or_else(as->subject, names[at]));
    set_name(X509_get_issuer_name(certificate), or_else(as->issuer, names[above]));
    ASN1_TIME_set(X509_getm_notBefore(certificate), CHAIN_START + as->not_before);
    ASN1_TIME_set(X509_getm_notAfter(certificate),
                  CHAIN_START + (as->not_after != 0 ? as->not_after : CHAIN_LENGTH));
    X509_set_pubkey(certificate, made->key[at]);
    add_extension(certificate, NID_basic_constraints,
                  or_else(as->basic_constraints, leaf ? "critical,CA:FALSE" : "critical,CA:TRUE"));
    add_extension(certificate, NID_key_usage,
                  or_else(as->key_usage,
                          leaf ? "critical,digitalSignature" : "critical,keyCertSign,cRLSign"));
    if (as->unknown_critical) {
        add_extension(certificate, NID_name_constraints, "critical,permitted;DNS:example.com");
    }
    const EVP_PKEY *signer = as->signer != NULL ? as->signer : made->key[above];
    X509_sign(certificate, (EVP_PKEY *)(uintptr_t)signer,
              EVP_get_digestbyname(or_else(as->signed_with, "sha384")));
    uint8_t *to = made->bytes[at];
    int len = i2d_X509(certificate, NULL);
    assert_true(len > 0 && len <= MAX_DER);
    assert_int_equal(i2d_X509(certificate, &to), len);
    made->der[at] = zc_slice_of(made->bytes[at], (size_t)len);
    X509_free(certificate);
}

void chain_make(chain *ret_chain, const link *links, size_t count)
{
    *ret_chain = (chain){.count = count};
    for (size_t i = 0; i < count; i++) {
        ret_chain->key[i] = make_key(or_else(links[i].curve, "P-384"));
    }
    for (size_t i = 0; i < count; i++) {
        make_one(ret_chain, &links[i], i);
    }
}

void chain_clear(chain *made)
{
    for (size_t i = 0; i < made->count; i++) {
        EVP_PKEY_free(made->key[i]);
    }
}
