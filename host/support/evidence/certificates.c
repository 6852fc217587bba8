#include "certificates.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static bool same_certificate(const zc_pool *pool, const X509 *certificate)
{
    for (size_t i = 0; i < pool->certificate_count; i++) {
        if (X509_cmp(pool->certificate[i], certificate) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the reference. */
static zc_result keep_certificate(zc_pool *pool, X509 *certificate)
{
    if (certificate == NULL || same_certificate(pool, certificate)) {
        X509_free(certificate);
        return certificate != NULL ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    if (pool->certificate_count == ZC_POOL_CERTIFICATES) {
        X509_free(certificate);
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    pool->certificate[pool->certificate_count++] = certificate;
    return ZC_OK;
}

static zc_result keep_crl(zc_pool *pool, X509_CRL *crl)
{
    if (crl == NULL || pool->crl_count == ZC_POOL_CRLS) {
        X509_CRL_free(crl);
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    pool->crl[pool->crl_count++] = crl;
    return ZC_OK;
}

/* One certificate or list, and nothing behind it. */
zc_result zc_pool_add_der(zc_pool *pool, zc_slice der)
{
    if (der.len == 0 || der.len > ZC_EVIDENCE_COLLATERAL_MAX) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    const unsigned char *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.len);
    if (certificate != NULL) {
        if (at == der.data + der.len) {
            return keep_certificate(pool, certificate);
        }
        X509_free(certificate);
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    at = der.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    if (crl != NULL && at != der.data + der.len) {
        X509_CRL_free(crl);
        crl = NULL;
    }
    return keep_crl(pool, crl);
}

static zc_result add_pem_block(zc_pool *pool, const char *name, zc_slice der)
{
    bool known = strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0 ||
                 strcmp(name, PEM_STRING_X509_TRUSTED) == 0 ||
                 strcmp(name, PEM_STRING_X509_CRL) == 0;
    return known ? zc_pool_add_der(pool, der) : zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
}

static zc_result add_pem(zc_pool *pool, zc_slice text)
{
    BIO *in = BIO_new_mem_buf(text.data, (int)text.len);
    zc_result added = in != NULL ? ZC_OK : zc_fail(ZC_EVIDENCE_NO_MEMORY);
    size_t blocks = 0;
    while (zc_ok(added)) {
        char *name = NULL;
        char *header = NULL;
        unsigned char *data = NULL;
        long len = 0;
        if (PEM_read_bio(in, &name, &header, &data, &len) != 1) {
            break;
        }
        added = add_pem_block(pool, name, zc_slice_of(data, (size_t)len));
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(data);
        blocks++;
    }
    BIO_free(in);
    return zc_ok(added) && blocks == 0 ? zc_fail(ZC_EVIDENCE_BAD_COLLATERAL) : added;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

zc_result zc_pool_add(zc_pool *pool, zc_slice piece)
{
    size_t at = 0;
    while (at < piece.len && is_space(piece.data[at])) {
        at++;
    }
    if (piece.len > ZC_EVIDENCE_COLLATERAL_MAX || at == piece.len) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    switch (piece.data[at]) {
    case '{':
        return zc_pool_add_json(pool, piece);
    case 0x30: /* SEQUENCE; also the digit '0' of hex, which is not taken here */
        return zc_pool_add_der(pool, piece);
    default:
        return add_pem(pool, piece);
    }
}

zc_result zc_pool_add_all(zc_pool *pool, const zc_evidence_options *options)
{
    if (options->collateral_count > ZC_EVIDENCE_COLLATERALS) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    for (size_t i = 0; i < options->collateral_count; i++) {
        ZC_TRY(zc_pool_add(pool, options->collateral[i]));
    }
    return options->root_der.len > 0 ? zc_pool_add_der(pool, options->root_der) : ZC_OK;
}

void zc_pool_clear(zc_pool *pool)
{
    for (size_t i = 0; i < pool->certificate_count; i++) {
        X509_free(pool->certificate[i]);
    }
    for (size_t i = 0; i < pool->crl_count; i++) {
        X509_CRL_free(pool->crl[i]);
    }
    for (size_t i = 0; i < pool->document_count; i++) {
        json_decref(pool->document[i]);
    }
    *pool = (zc_pool){0};
}

bool zc_certificate_point(X509 *certificate, int curve_nid, uint8_t *ret_point, size_t len)
{
    char group[32];
    size_t group_len;
    const EVP_PKEY *key = X509_get0_pubkey(certificate);
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(certificate);
    if (key == NULL || bits == NULL ||
        EVP_PKEY_get_group_name(key, group, sizeof group, &group_len) != 1 ||
        OBJ_txt2nid(group) != curve_nid || ASN1_STRING_length(bits) != (int)len) {
        return false;
    }
    memcpy(ret_point, ASN1_STRING_get0_data(bits), len);
    return true;
}

bool zc_certificate_extension(X509 *certificate, const char *oid, zc_slice *ret_value)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    int at = object != NULL ? X509_get_ext_by_OBJ(certificate, object, -1) : -1;
    bool once = at >= 0 && X509_get_ext_by_OBJ(certificate, object, at) < 0;
    ASN1_OBJECT_free(object);
    if (!once) {
        return false;
    }
    const ASN1_OCTET_STRING *data = X509_EXTENSION_get_data(X509_get_ext(certificate, at));
    *ret_value = zc_slice_of(ASN1_STRING_get0_data(data), (size_t)ASN1_STRING_length(data));
    return true;
}
