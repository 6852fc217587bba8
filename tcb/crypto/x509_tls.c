#include "crypto/x509.h"

#include "crypto/certificate.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

enum { SECONDS_A_DAY = 86400, SERIAL_LEN = 16, MAX_NAME = 64, MAX_PART = 256 };

/* basicConstraints critical {}, keyUsage critical digitalSignature, extKeyUsage serverAuth: the
 * whole of [3], since nothing in it ever varies. */
/* clang-format off */
static const uint8_t extensions[] = {
    0xa3, 0x35, 0x30, 0x33,
    0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x02, 0x30, 0x00,
    0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80,
    0x30, 0x13, 0x06, 0x03, 0x55, 0x1d, 0x25, 0x04, 0x0c,
                0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
};
/* clang-format on */

static const uint8_t version_3[] = {0xa0, 0x03, 0x02, 0x01, 0x02};
static const uint8_t common_name_oid[] = {0x55, 0x04, 0x03};

/* SEQUENCE { SET { SEQUENCE { OID commonName, UTF8String } } } */
static zc_result write_name(zc_writer *writer, zc_slice common_name)
{
    uint8_t pair_bytes[MAX_PART], sequence_bytes[MAX_PART], set_bytes[MAX_PART];
    zc_writer pair = ZC_WRITER_OF_ARRAY(pair_bytes);
    zc_writer sequence = ZC_WRITER_OF_ARRAY(sequence_bytes);
    zc_writer set = ZC_WRITER_OF_ARRAY(set_bytes);
    ZC_TRY(zc_der_write(&pair, ZC_DER_OID, ZC_SLICE_OF_ARRAY(common_name_oid)));
    ZC_TRY(zc_der_write(&pair, ZC_DER_UTF8_STRING, common_name));
    ZC_TRY(zc_der_write(&sequence, ZC_DER_SEQUENCE, zc_writer_written(&pair)));
    ZC_TRY(zc_der_write(&set, ZC_DER_SET, zc_writer_written(&sequence)));
    return zc_der_write(writer, ZC_DER_SEQUENCE, zc_writer_written(&set));
}

static void put_digits(uint8_t **at, unsigned value, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        (*at)[i] = (uint8_t)('0' + value % 10);
        value /= 10;
    }
    *at += count;
}

/* UTCTime until 2049 and GeneralizedTime from 2050 on, as RFC 5280 §4.1.2.5 wants. */
static zc_result write_time(zc_writer *writer, int64_t seconds)
{
    if (seconds < 0 || seconds >= zc_unix_seconds(10000, 1, 1, 0)) {
        return zc_fail(ZC_CRYPTO_BAD_TIME);
    }
    unsigned in_day = (unsigned)(seconds % SECONDS_A_DAY);
    int64_t day_start = seconds - in_day;
    unsigned year = 1970 + (unsigned)(seconds / SECONDS_A_DAY / 366);
    while (zc_unix_seconds(year + 1, 1, 1, 0) <= day_start) {
        year++;
    }
    unsigned month = 12;
    while (zc_unix_seconds(year, month, 1, 0) > day_start) {
        month--;
    }
    unsigned day = 1 + (unsigned)((day_start - zc_unix_seconds(year, month, 1, 0)) / SECONDS_A_DAY);
    uint8_t text[15];
    uint8_t *at = text;
    bool two_digits = year < 2050;
    put_digits(&at, two_digits ? year % 100 : year, two_digits ? 2 : 4);
    put_digits(&at, month, 2);
    put_digits(&at, day, 2);
    put_digits(&at, in_day / 3600, 2);
    put_digits(&at, in_day / 60 % 60, 2);
    put_digits(&at, in_day % 60, 2);
    *at++ = 'Z';
    return zc_der_write(writer, two_digits ? ZC_DER_UTC_TIME : ZC_DER_GENERALIZED_TIME,
                        zc_slice_of(text, (size_t)(at - text)));
}

static zc_result write_validity(zc_writer *writer, int64_t not_before, int64_t not_after)
{
    uint8_t bytes[MAX_PART];
    zc_writer times = ZC_WRITER_OF_ARRAY(bytes);
    if (not_after < not_before) {
        return zc_fail(ZC_CRYPTO_BAD_TIME);
    }
    ZC_TRY(write_time(&times, not_before));
    ZC_TRY(write_time(&times, not_after));
    return zc_der_write(writer, ZC_DER_SEQUENCE, zc_writer_written(&times));
}

/* Positive, not zero, and the same for the same key. */
static zc_result write_serial(zc_writer *writer, zc_slice spki_der)
{
    uint8_t hash[32];
    zc_sha256(spki_der, hash);
    hash[0] = (uint8_t)((hash[0] & 0x3f) | 0x40);
    return zc_der_write_unsigned(writer, zc_slice_of(hash, SERIAL_LEN));
}

static zc_result write_tbs(zc_writer *writer, zc_slice spki_der, zc_slice common_name,
                           int64_t not_before, int64_t not_after)
{
    uint8_t bytes[ZC_X509_MAX_CERTIFICATE];
    zc_writer fields = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(zc_write_slice(&fields, ZC_SLICE_OF_ARRAY(version_3)));
    ZC_TRY(write_serial(&fields, spki_der));
    ZC_TRY(zc_write_slice(&fields, zc_ecdsa_with_sha256));
    ZC_TRY(write_name(&fields, common_name));
    ZC_TRY(write_validity(&fields, not_before, not_after));
    ZC_TRY(write_name(&fields, common_name));
    ZC_TRY(zc_write_slice(&fields, spki_der));
    ZC_TRY(zc_write_slice(&fields, ZC_SLICE_OF_ARRAY(extensions)));
    return zc_der_write(writer, ZC_DER_SEQUENCE, zc_writer_written(&fields));
}

/* BIT STRING of the DER signature of everything written so far, which is the TBS. */
static zc_result write_signature(zc_writer *writer, const zc_signer *identity, zc_slice tbs)
{
    static const uint8_t no_fresh[32];
    uint8_t digest[32];
    uint8_t bits[1 + ZC_DER_MAX_SIGNATURE];
    zc_writer inner = ZC_WRITER_OF_ARRAY(bits);
    zc_signature signature;
    zc_sha256(tbs, digest);
    ZC_TRY(zc_sign_digest(identity, ZC_NONCE_DETERMINISTIC, no_fresh, digest, &signature));
    ZC_TRY(zc_write_u8(&inner, 0)); /* no unused bits */
    ZC_TRY(zc_der_write_signature(&inner, signature.byte, 32));
    return zc_der_write(writer, ZC_DER_BIT_STRING, zc_writer_written(&inner));
}

static bool is_printable(zc_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] < 0x20 || name.data[i] > 0x7e) {
            return false;
        }
    }
    return name.len > 0 && name.len <= MAX_NAME;
}

zc_result zc_x509_make_tls(const zc_signer *identity, zc_slice spki_der, zc_slice common_name,
                           int64_t not_before, int64_t not_after, uint8_t *ret_der, size_t capacity,
                           size_t *ret_len)
{
    if (identity->pubkey.curve != ZC_CURVE_P256) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    if (!is_printable(common_name)) {
        return zc_fail(ZC_CRYPTO_BAD_NAME);
    }
    ZC_TRY(zc_der_check(spki_der));
    uint8_t bytes[ZC_X509_MAX_CERTIFICATE];
    zc_writer parts = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer out = zc_writer_of(ret_der, capacity);
    ZC_TRY(write_tbs(&parts, spki_der, common_name, not_before, not_after));
    zc_slice tbs = zc_writer_written(&parts);
    ZC_TRY(zc_write_slice(&parts, zc_ecdsa_with_sha256));
    ZC_TRY(write_signature(&parts, identity, tbs));
    ZC_TRY(zc_der_write(&out, ZC_DER_SEQUENCE, zc_writer_written(&parts)));
    *ret_len = zc_writer_len(&out);
    return ZC_OK;
}

zc_result zc_x509_check_issued_by(zc_slice cert_der, const zc_pubkey *issuer,
                                  zc_slice expected_spki_sha256)
{
    zc_certificate certificate;
    uint8_t hash[32];
    ZC_TRY(zc_certificate_parse(cert_der, &certificate));
    if (!zc_slice_eq(certificate.algorithm, zc_ecdsa_with_sha256) ||
        issuer->curve != ZC_CURVE_P256) {
        return zc_fail(ZC_CRYPTO_CERTIFICATE_ALGORITHM);
    }
    zc_sha256(certificate.spki, hash);
    if (!zc_slice_eq(ZC_SLICE_OF_ARRAY(hash), expected_spki_sha256)) {
        return zc_fail(ZC_CRYPTO_WRONG_CERTIFICATE_KEY);
    }
    zc_sha256(certificate.tbs, hash);
    return zc_ok(zc_verify_digest_der(issuer, hash, certificate.signature))
               ? ZC_OK
               : zc_fail(ZC_CRYPTO_CERTIFICATE_SIGNATURE);
}
