#include "certificate.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>

#include "codec/cbor.h"
#include "codec/cose.h"

#define COSE_MAX ((size_t)2048)
#define TBS_MAX ((size_t)2048)

/* An array of numbers below 256. */
static zc_result get_numbers(zc_reader *reader, uint8_t *ret_bytes, size_t capacity,
                             size_t *ret_len)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, capacity, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t number;
        ZC_TRY(zc_cbor_get_uint_max(reader, UINT8_MAX, &number));
        ret_bytes[i] = (uint8_t)number;
    }
    *ret_len = count;
    return ZC_OK;
}

static zc_result get_key(zc_reader *reader, const char *name)
{
    zc_slice key;
    ZC_TRY(zc_cbor_get_text(reader, &key));
    return zc_slice_eq_text(key, name) ? ZC_OK : zc_fail(ZC_EIF_BAD_SIGNATURE);
}

typedef struct zc_eif_proof {
    uint8_t pem[ZC_EIF_PEM_MAX];
    size_t pem_len;
    uint8_t cose[COSE_MAX];
    size_t cose_len;
} zc_eif_proof;

static zc_result read_section(zc_slice section, zc_eif_proof *ret_proof)
{
    zc_reader reader = zc_reader_of(section);
    size_t count;
    ZC_TRY(zc_cbor_get_array(&reader, 1, &count));
    size_t fields = 0;
    if (count == 1) {
        ZC_TRY(zc_cbor_get_map(&reader, 2, &fields));
    }
    if (count != 1 || fields != 2) {
        return zc_fail(ZC_EIF_BAD_SIGNATURE);
    }
    ZC_TRY(get_key(&reader, "signing_certificate"));
    ZC_TRY(get_numbers(&reader, ret_proof->pem, sizeof ret_proof->pem, &ret_proof->pem_len));
    ZC_TRY(get_key(&reader, "signature"));
    ZC_TRY(get_numbers(&reader, ret_proof->cose, sizeof ret_proof->cose, &ret_proof->cose_len));
    return zc_reader_end(&reader);
}

/* The payload names register 0 and holds its value. */
static zc_result check_payload(zc_slice payload, const uint8_t pcr0[static ZC_EIF_PCR_SIZE])
{
    zc_reader reader = zc_reader_of(payload);
    uint8_t value[ZC_EIF_PCR_SIZE];
    size_t fields;
    size_t len;
    uint64_t index;
    ZC_TRY(zc_cbor_get_map(&reader, 2, &fields));
    ZC_TRY(get_key(&reader, "register_index"));
    ZC_TRY(zc_cbor_get_uint(&reader, &index));
    ZC_TRY(get_key(&reader, "register_value"));
    ZC_TRY(get_numbers(&reader, value, sizeof value, &len));
    ZC_TRY(zc_reader_end(&reader));
    bool same =
        fields == 2 && index == 0 && len == sizeof value && memcmp(value, pcr0, sizeof value) == 0;
    return same ? ZC_OK : zc_fail(ZC_EIF_WRONG_SIGNATURE);
}

static bool raw_is_valid(EVP_PKEY *key, const zc_eif_algorithm *algorithm, zc_slice message,
                         zc_slice raw)
{
    if (raw.len != 2 * algorithm->half) {
        return false;
    }
    int half = (int)algorithm->half;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.data, half, NULL);
    BIGNUM *s = BN_bin2bn(raw.data + half, half, NULL);
    uint8_t *der = NULL;
    int len = -1;
    if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL; /* the signature's now */
        len = i2d_ECDSA_SIG(signature, &der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX *ctx = len > 0 ? EVP_MD_CTX_new() : NULL;
    bool valid = ctx != NULL &&
                 EVP_DigestVerifyInit(ctx, NULL, algorithm->digest(), NULL, key) == 1 &&
                 EVP_DigestVerify(ctx, der, (size_t)len, message.data, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);
    ERR_clear_error();
    return valid;
}

static zc_result check_message(zc_slice bytes, X509 *certificate,
                               const uint8_t pcr0[static ZC_EIF_PCR_SIZE])
{
    uint8_t tbs_bytes[TBS_MAX];
    zc_cose_sign1 message;
    zc_writer tbs = ZC_WRITER_OF_ARRAY(tbs_bytes);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const zc_eif_algorithm *algorithm = zc_eif_algorithm_of(key);
    if (!zc_ok(zc_cose_sign1_parse(bytes, &message)) ||
        !zc_ok(zc_cose_sign1_tbs(&message, (zc_slice){0}, &tbs))) {
        return zc_fail(ZC_EIF_BAD_SIGNATURE);
    }
    if (message.alg != algorithm->cose ||
        !raw_is_valid(key, algorithm, zc_writer_written(&tbs), message.signature)) {
        return zc_fail(ZC_EIF_WRONG_SIGNATURE);
    }
    zc_result payload = check_payload(message.payload, pcr0);
    return zc_ok(payload) || zc_is(payload, ZC_EIF_WRONG_SIGNATURE) ? payload
                                                                    : zc_fail(ZC_EIF_BAD_SIGNATURE);
}

zc_result zc_eif_verify(zc_slice section, const uint8_t pcr0[static ZC_EIF_PCR_SIZE],
                        zc_eif_signer *ret_signer)
{
    zc_eif_proof proof;
    X509 *certificate;
    if (!zc_ok(read_section(section, &proof))) {
        return zc_fail(ZC_EIF_BAD_SIGNATURE);
    }
    ZC_TRY(zc_eif_certificate_read(zc_slice_of(proof.pem, proof.pem_len), &certificate));
    zc_eif_signer signer;
    zc_result held = check_message(zc_slice_of(proof.cose, proof.cose_len), certificate, pcr0);
    if (zc_ok(held)) {
        held = zc_eif_certificate_describe(certificate, &signer);
    }
    X509_free(certificate);
    ZC_TRY(held);
    *ret_signer = signer;
    return ZC_OK;
}
