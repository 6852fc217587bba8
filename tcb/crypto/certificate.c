#include "crypto/certificate.h"

#include "crypto/der.h"
#include "crypto/x509.h"

enum {
    VERSION_TAG = 0xa0,
    EXTENSIONS_TAG = 0xa3,
    MAX_EXTENSIONS = 32,
    SECONDS_A_DAY = 86400,
    MAX_CERTIFICATE = ZC_X509_MAX_CERTIFICATE,
    MAX_SERIAL = 21,
};

/* A slice of a constant: the pointer form of ZC_SLICE_OF_ARRAY is no constant expression. */
#define CONSTANT_SLICE(bytes)                                                                      \
    {                                                                                              \
        .data = (bytes), .len = sizeof(bytes)                                                      \
    }

static const uint8_t sha256_bytes[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                       0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
static const uint8_t sha384_bytes[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                       0x48, 0xce, 0x3d, 0x04, 0x03, 0x03};
const zc_slice zc_ecdsa_with_sha256 = CONSTANT_SLICE(sha256_bytes);
const zc_slice zc_ecdsa_with_sha384 = CONSTANT_SLICE(sha384_bytes);

/* Everything of a P-384 SubjectPublicKeyInfo before the point (RFC 5480). */
static const uint8_t p384_spki[] = {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00};
static const uint8_t basic_constraints[] = {0x55, 0x1d, 0x13};
static const uint8_t key_usage[] = {0x55, 0x1d, 0x0f};

static zc_result bad(void)
{
    return zc_fail(ZC_CRYPTO_BAD_CERTIFICATE);
}

/* Reads the next value, which must have the tag, with its header. */
static zc_result read_whole(zc_reader *reader, uint8_t tag, zc_slice *ret_whole)
{
    uint8_t found;
    zc_slice content;
    ZC_TRY(zc_der_read_any(reader, &found, &content, ret_whole));
    return found == tag ? ZC_OK : bad();
}

static bool next_is(const zc_reader *reader, uint8_t tag)
{
    uint8_t found;
    return zc_ok(zc_peek_u8(reader, &found)) && found == tag;
}

int64_t zc_unix_seconds(int64_t year, unsigned month, unsigned day, unsigned second_of_day)
{
    static const uint16_t days_before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t past = year - 1;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    /* 719162 days lie before 1970. */
    int64_t days = past * 365 + past / 4 - past / 100 + past / 400 - 719162 +
                   days_before[month - 1] + (leap && month > 2) + (int64_t)day - 1;
    return days * SECONDS_A_DAY + second_of_day;
}

/* `count` decimal digits. */
static zc_result read_digits(zc_reader *reader, size_t count, unsigned *ret_value)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t digit;
        ZC_TRY(zc_read_u8(reader, &digit));
        if (digit < '0' || digit > '9') {
            return bad();
        }
        value = value * 10 + (unsigned)(digit - '0');
    }
    *ret_value = value;
    return ZC_OK;
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
    static const uint8_t days_in[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= days_in[month - 1] &&
           (month != 2 || day < 29 || leap);
}

/* RFC 5280 §4.1.2.5: UTCTime or GeneralizedTime, with seconds, in Z. */
static zc_result read_time(zc_reader *reader, int64_t *ret_seconds)
{
    zc_reader text;
    bool two_digits = next_is(reader, ZC_DER_UTC_TIME);
    ZC_TRY(zc_der_enter(reader, two_digits ? ZC_DER_UTC_TIME : ZC_DER_GENERALIZED_TIME, &text));
    unsigned year, month, day, hour, minute, second;
    uint8_t zone;
    ZC_TRY(read_digits(&text, two_digits ? 2 : 4, &year));
    ZC_TRY(read_digits(&text, 2, &month));
    ZC_TRY(read_digits(&text, 2, &day));
    ZC_TRY(read_digits(&text, 2, &hour));
    ZC_TRY(read_digits(&text, 2, &minute));
    ZC_TRY(read_digits(&text, 2, &second));
    ZC_TRY(zc_read_u8(&text, &zone));
    if (two_digits) {
        year += year < 50 ? 2000 : 1900;
    }
    if (zone != 'Z' || !is_date(year, month, day) || hour > 23 || minute > 59 || second > 59) {
        return bad();
    }
    *ret_seconds = zc_unix_seconds(year, month, day, (hour * 60 + minute) * 60 + second);
    return zc_reader_end(&text);
}

static zc_result read_boolean(zc_reader *reader, bool *ret_value)
{
    zc_slice content;
    ZC_TRY(zc_der_read(reader, ZC_DER_BOOLEAN, &content));
    if (content.len != 1 || (content.data[0] != 0x00 && content.data[0] != 0xff)) {
        return bad();
    }
    *ret_value = content.data[0] == 0xff;
    return ZC_OK;
}

static zc_result read_basic_constraints(zc_slice value, zc_certificate *certificate)
{
    if (certificate->has_basic_constraints) {
        return bad();
    }
    zc_reader reader = zc_reader_of(value);
    zc_reader inside;
    ZC_TRY(zc_der_enter(&reader, ZC_DER_SEQUENCE, &inside));
    if (next_is(&inside, ZC_DER_BOOLEAN)) {
        ZC_TRY(read_boolean(&inside, &certificate->is_ca));
    }
    if (next_is(&inside, ZC_DER_INTEGER)) {
        ZC_TRY(zc_der_read_unsigned(&inside, &certificate->path_length, 1));
        certificate->has_path_length = true;
    }
    certificate->has_basic_constraints = true;
    ZC_TRY(zc_reader_end(&inside));
    return zc_reader_end(&reader);
}

static zc_result read_key_usage(zc_slice value, zc_certificate *certificate)
{
    zc_reader reader = zc_reader_of(value);
    zc_slice bits;
    ZC_TRY(zc_der_read(&reader, ZC_DER_BIT_STRING, &bits));
    if (certificate->has_key_usage || bits.len < 2 || bits.len > 3 || bits.data[0] > 7) {
        return bad();
    }
    certificate->key_usage = bits.data[1];
    certificate->has_key_usage = true;
    return zc_reader_end(&reader);
}

static zc_result read_extension(zc_reader *list, zc_certificate *certificate)
{
    zc_reader inside;
    zc_slice oid;
    zc_slice value;
    bool critical = false;
    ZC_TRY(zc_der_enter(list, ZC_DER_SEQUENCE, &inside));
    ZC_TRY(zc_der_read(&inside, ZC_DER_OID, &oid));
    if (next_is(&inside, ZC_DER_BOOLEAN)) {
        ZC_TRY(read_boolean(&inside, &critical));
    }
    ZC_TRY(zc_der_read(&inside, ZC_DER_OCTET_STRING, &value));
    ZC_TRY(zc_reader_end(&inside));
    if (zc_slice_eq(oid, ZC_SLICE_OF_ARRAY(basic_constraints))) {
        return read_basic_constraints(value, certificate);
    }
    if (zc_slice_eq(oid, ZC_SLICE_OF_ARRAY(key_usage))) {
        return read_key_usage(value, certificate);
    }
    certificate->has_unknown_critical = certificate->has_unknown_critical || critical;
    return ZC_OK;
}

static zc_result read_extensions(zc_reader *tbs, zc_certificate *certificate)
{
    zc_reader tagged;
    zc_reader list;
    ZC_TRY(zc_der_enter(tbs, EXTENSIONS_TAG, &tagged));
    ZC_TRY(zc_der_enter(&tagged, ZC_DER_SEQUENCE, &list));
    ZC_TRY(zc_reader_end(&tagged));
    for (size_t i = 0; i < MAX_EXTENSIONS && zc_reader_left(&list) > 0; i++) {
        ZC_TRY(read_extension(&list, certificate));
    }
    return zc_reader_end(&list);
}

static zc_result read_version_and_serial(zc_reader *tbs)
{
    zc_reader tagged;
    zc_slice serial;
    uint8_t version;
    ZC_TRY(zc_der_enter(tbs, VERSION_TAG, &tagged));
    ZC_TRY(zc_der_read_unsigned(&tagged, &version, 1));
    ZC_TRY(zc_reader_end(&tagged));
    ZC_TRY(zc_der_read(tbs, ZC_DER_INTEGER, &serial));
    return version == 2 && serial.len > 0 && serial.len <= MAX_SERIAL ? ZC_OK : bad();
}

static zc_result read_tbs(zc_slice tbs, zc_certificate *certificate, zc_slice *ret_algorithm)
{
    zc_reader reader = zc_reader_of(tbs);
    zc_reader inside;
    zc_reader validity;
    ZC_TRY(zc_der_enter(&reader, ZC_DER_SEQUENCE, &inside));
    ZC_TRY(read_version_and_serial(&inside));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, ret_algorithm));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, &certificate->issuer));
    ZC_TRY(zc_der_enter(&inside, ZC_DER_SEQUENCE, &validity));
    ZC_TRY(read_time(&validity, &certificate->not_before));
    ZC_TRY(read_time(&validity, &certificate->not_after));
    ZC_TRY(zc_reader_end(&validity));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, &certificate->subject));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, &certificate->spki));
    if (zc_reader_left(&inside) > 0) {
        ZC_TRY(read_extensions(&inside, certificate));
    }
    return zc_reader_end(&inside);
}

static zc_result read_certificate(zc_slice der, zc_certificate *certificate)
{
    zc_reader reader = zc_reader_of(der);
    zc_reader inside;
    zc_slice inner_algorithm;
    zc_slice bits;
    ZC_TRY(zc_der_check(der));
    ZC_TRY(zc_der_enter(&reader, ZC_DER_SEQUENCE, &inside));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, &certificate->tbs));
    ZC_TRY(read_whole(&inside, ZC_DER_SEQUENCE, &certificate->algorithm));
    ZC_TRY(zc_der_read(&inside, ZC_DER_BIT_STRING, &bits));
    ZC_TRY(zc_reader_end(&inside));
    ZC_TRY(read_tbs(certificate->tbs, certificate, &inner_algorithm));
    if (bits.len < 2 || bits.data[0] != 0 ||
        !zc_slice_eq(inner_algorithm, certificate->algorithm)) {
        return bad();
    }
    certificate->signature = zc_slice_of(bits.data + 1, bits.len - 1);
    return ZC_OK;
}

zc_result zc_certificate_parse(zc_slice der, zc_certificate *ret_certificate)
{
    zc_certificate certificate = {0};
    if (der.len > MAX_CERTIFICATE || !zc_ok(read_certificate(der, &certificate))) {
        return bad();
    }
    *ret_certificate = certificate;
    return ZC_OK;
}

zc_result zc_certificate_p384_key(const zc_certificate *certificate, uint8_t ret_point[static 97])
{
    zc_slice spki = certificate->spki;
    if (spki.len != sizeof p384_spki + 97 || memcmp(spki.data, p384_spki, sizeof p384_spki) != 0 ||
        spki.data[sizeof p384_spki] != 0x04) {
        return zc_fail(ZC_CRYPTO_CERTIFICATE_KEY);
    }
    memcpy(ret_point, spki.data + sizeof p384_spki, 97);
    return ZC_OK;
}
