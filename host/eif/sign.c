#include "certificate.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "codec/cbor.h"
#include "codec/cose.h"

#define COSE_MAX 1024

/* Bytes as AWS's tools write them: an array of numbers. */
static zc_result put_numbers(zc_writer *writer, zc_slice bytes)
{
    ZC_TRY(zc_cbor_put_array(writer, bytes.len));
    for (size_t i = 0; i < bytes.len; i++) {
        ZC_TRY(zc_cbor_put_uint(writer, bytes.data[i]));
    }
    return ZC_OK;
}

static zc_result write_payload(const uint8_t pcr0[static ZC_EIF_PCR_SIZE], zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_map(writer, 2));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text("register_index")));
    ZC_TRY(zc_cbor_put_uint(writer, 0));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text("register_value")));
    return put_numbers(writer, zc_slice_of(pcr0, ZC_EIF_PCR_SIZE));
}

/* ECDSA over `message` as r ‖ s. */
static bool sign_raw(EVP_PKEY *key, const zc_eif_algorithm *algorithm, zc_slice message,
                     uint8_t ret_raw[static 132])
{
    uint8_t der[256];
    size_t len = sizeof der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool done = ctx != NULL && EVP_DigestSignInit(ctx, NULL, algorithm->digest(), NULL, key) == 1 &&
                EVP_DigestSign(ctx, der, &len, message.data, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    const uint8_t *at = der;
    ECDSA_SIG *signature = done ? d2i_ECDSA_SIG(NULL, &at, (long)len) : NULL;
    int half = (int)algorithm->half;
    done = signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret_raw, half) == half &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret_raw + half, half) == half;
    ECDSA_SIG_free(signature);
    return done;
}

static zc_result write_cose(EVP_PKEY *key, const zc_eif_algorithm *algorithm, zc_slice payload,
                            zc_writer *writer)
{
    uint8_t protected_header[8];
    uint8_t tbs[COSE_MAX];
    uint8_t raw[132];
    zc_writer header = ZC_WRITER_OF_ARRAY(protected_header);
    zc_writer signed_bytes = ZC_WRITER_OF_ARRAY(tbs);
    ZC_TRY(zc_cbor_put_map(&header, 1));
    ZC_TRY(zc_cbor_put_uint(&header, 1));
    ZC_TRY(zc_cbor_put_int(&header, algorithm->cose));
    const zc_cose_sign1 message = {
        .protected_header = zc_writer_written(&header), .alg = algorithm->cose, .payload = payload};
    ZC_TRY(zc_cose_sign1_tbs(&message, (zc_slice){0}, &signed_bytes));
    if (!sign_raw(key, algorithm, zc_writer_written(&signed_bytes), raw)) {
        return zc_fail(ZC_EIF_BAD_KEY);
    }
    return zc_cose_sign1_write(writer, message.protected_header, payload,
                               zc_slice_of(raw, 2 * algorithm->half), false);
}

static zc_result write_section(zc_slice certificate_pem, zc_slice cose, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 1));
    ZC_TRY(zc_cbor_put_map(writer, 2));
    /* The certificate first, as the readers out there expect. */
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text("signing_certificate")));
    ZC_TRY(put_numbers(writer, certificate_pem));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text("signature")));
    return put_numbers(writer, cose);
}

static zc_result sign_with(X509 *certificate, zc_slice certificate_pem, EVP_PKEY *key,
                           const uint8_t pcr0[static ZC_EIF_PCR_SIZE], zc_bytes *ret_section)
{
    uint8_t payload_bytes[256];
    uint8_t cose_bytes[COSE_MAX];
    static uint8_t section_bytes[ZC_EIF_SIGNATURE_SECTION_MAX];
    zc_writer payload = ZC_WRITER_OF_ARRAY(payload_bytes);
    zc_writer cose = ZC_WRITER_OF_ARRAY(cose_bytes);
    zc_writer section = ZC_WRITER_OF_ARRAY(section_bytes);
    if (X509_check_private_key(certificate, key) != 1) {
        return zc_fail(ZC_EIF_BAD_KEY);
    }
    ZC_TRY(write_payload(pcr0, &payload));
    ZC_TRY(write_cose(key, zc_eif_algorithm_of(key), zc_writer_written(&payload), &cose));
    ZC_TRY(write_section(certificate_pem, zc_writer_written(&cose), &section));
    ZC_BYTES zc_bytes bytes = {0};
    if (!zc_bytes_append(&bytes, zc_writer_written(&section))) {
        return zc_fail(ZC_EIF_NO_MEMORY);
    }
    *ret_section = bytes;
    bytes = (zc_bytes){0};
    return ZC_OK;
}

/* No password is asked for: a build has nobody to ask. */
static int no_password(char *buffer, int size, int writing, void *self)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)self;
    return -1;
}

zc_result zc_eif_sign(const uint8_t pcr0[static ZC_EIF_PCR_SIZE], zc_slice certificate_pem,
                      zc_slice key_pem, zc_bytes *ret_section)
{
    X509 *certificate;
    ZC_TRY(zc_eif_certificate_read(certificate_pem, &certificate));
    BIO *bio = key_pem.len > 0 && key_pem.len <= ZC_EIF_PEM_MAX
                   ? BIO_new_mem_buf(key_pem.data, (int)key_pem.len)
                   : NULL;
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
    BIO_free(bio);
    zc_result signed_ = key == NULL
                            ? zc_fail(ZC_EIF_BAD_KEY)
                            : sign_with(certificate, certificate_pem, key, pcr0, ret_section);
    EVP_PKEY_free(key);
    X509_free(certificate);
    ERR_clear_error();
    return signed_;
}
