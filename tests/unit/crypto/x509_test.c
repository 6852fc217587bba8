#include "chain_maker.h"

#include "crypto/certificate.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/x509.h"

#define MIDDLE (CHAIN_START + CHAIN_LENGTH / 2)

static zc_result verify_at(const chain *made, int64_t at)
{
    uint8_t key[97];
    return zc_x509_verify_chain(made->der[0], made->der, made->count - 1,
                                made->der[made->count - 1], at, key);
}

/* Makes a chain of four whose certificate `at` differs from a good one, and says how it fares. */
static zc_result verify_with(size_t at, link different)
{
    link links[4] = {0};
    chain made;
    links[at] = different;
    chain_make(&made, links, 4);
    zc_result result = verify_at(&made, MIDDLE);
    chain_clear(&made);
    return result;
}

static void verify_chain__good_of_every_length__gives_the_leafs_key(void **state)
{
    (void)state;
    static const link links[MAX_LINKS];
    for (size_t count = 2; count <= 9; count++) {
        chain made;
        uint8_t found[97], expected[97];
        size_t len;
        chain_make(&made, links, count);
        assert_ok(zc_x509_verify_chain(made.der[0], made.der, count - 1, made.der[count - 1],
                                       MIDDLE, found));
        assert_int_equal(
            EVP_PKEY_get_octet_string_param(made.key[count - 1], "pub", expected, 97, &len), 1);
        assert_memory_equal(found, expected, 97);
        chain_clear(&made);
    }
}

static void verify_chain__too_long_or_empty__refused(void **state)
{
    (void)state;
    static const link links[MAX_LINKS];
    chain made;
    uint8_t key[97];
    chain_make(&made, links, 10);
    assert_fails(verify_at(&made, MIDDLE), ZC_CRYPTO_CHAIN_LENGTH);
    assert_fails(zc_x509_verify_chain(made.der[0], made.der, 0, made.der[0], MIDDLE, key),
                 ZC_CRYPTO_CHAIN_LENGTH);
    chain_clear(&made);
}

static void verify_chain__root_is_not_the_pinned_one__refused(void **state)
{
    (void)state;
    static const link links[3];
    chain ours, theirs;
    uint8_t key[97];
    chain_make(&ours, links, 3);
    chain_make(&theirs, links, 3);
    assert_fails(zc_x509_verify_chain(ours.der[0], theirs.der, 2, theirs.der[2], MIDDLE, key),
                 ZC_CRYPTO_ROOT_NOT_PINNED);
    /* Their chain under our root's certificate: the names fit, the signature does not. */
    theirs.der[0] = ours.der[0];
    assert_fails(zc_x509_verify_chain(ours.der[0], theirs.der, 2, theirs.der[2], MIDDLE, key),
                 ZC_CRYPTO_CERTIFICATE_SIGNATURE);
    /* Without the root, and with certificates left out or swapped. */
    assert_fails(zc_x509_verify_chain(ours.der[0], ours.der + 1, 1, ours.der[2], MIDDLE, key),
                 ZC_CRYPTO_ROOT_NOT_PINNED);
    assert_fails(zc_x509_verify_chain(ours.der[0], ours.der, 1, ours.der[2], MIDDLE, key),
                 ZC_CRYPTO_CERTIFICATE_NAME);
    chain_clear(&ours);
    chain_clear(&theirs);
}

static void verify_chain__time__both_ends_included(void **state)
{
    (void)state;
    static const link links[3];
    chain made;
    chain_make(&made, links, 3);
    assert_fails(verify_at(&made, CHAIN_START - 1), ZC_CRYPTO_NOT_YET_VALID);
    assert_ok(verify_at(&made, CHAIN_START));
    assert_ok(verify_at(&made, CHAIN_START + CHAIN_LENGTH));
    assert_fails(verify_at(&made, CHAIN_START + CHAIN_LENGTH + 1), ZC_CRYPTO_EXPIRED);
    assert_fails(verify_at(&made, 0), ZC_CRYPTO_NOT_YET_VALID);
    assert_fails(verify_at(&made, INT64_MIN), ZC_CRYPTO_NOT_YET_VALID);
    assert_fails(verify_at(&made, INT64_MAX), ZC_CRYPTO_EXPIRED);
    chain_clear(&made);
    for (size_t i = 0; i < 4; i++) {
        assert_fails(verify_with(i, (link){.not_after = 100}), ZC_CRYPTO_EXPIRED);
        assert_fails(verify_with(i, (link){.not_before = 9000}), ZC_CRYPTO_NOT_YET_VALID);
    }
}

static void verify_chain__one_rule_broken__its_own_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_fails(verify_with(i, (link){.basic_constraints = "critical,CA:FALSE"}),
                     ZC_CRYPTO_NOT_A_CA);
        assert_fails(verify_with(i, (link){.basic_constraints = ""}), ZC_CRYPTO_NOT_A_CA);
        assert_fails(verify_with(i, (link){.key_usage = "critical,digitalSignature"}),
                     ZC_CRYPTO_KEY_USAGE);
        assert_fails(verify_with(i, (link){.key_usage = ""}), ZC_CRYPTO_KEY_USAGE);
        assert_fails(verify_with(i, (link){.curve = "P-256"}), ZC_CRYPTO_CERTIFICATE_KEY);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_fails(verify_with(i, (link){.unknown_critical = true}),
                     ZC_CRYPTO_CRITICAL_EXTENSION);
    }
    for (size_t i = 1; i < 4; i++) {
        assert_fails(verify_with(i, (link){.issuer = "someone else"}), ZC_CRYPTO_CERTIFICATE_NAME);
        EVP_PKEY *stranger = make_key("P-384");
        assert_fails(verify_with(i, (link){.signer = stranger}), ZC_CRYPTO_CERTIFICATE_SIGNATURE);
        EVP_PKEY_free(stranger);
    }
    assert_fails(verify_with(0, (link){.signed_with = "sha256"}), ZC_CRYPTO_CERTIFICATE_ALGORITHM);
    assert_fails(verify_with(3, (link){.curve = "P-521"}), ZC_CRYPTO_CERTIFICATE_KEY);
    assert_fails(verify_with(3, (link){.basic_constraints = "critical,CA:TRUE"}),
                 ZC_CRYPTO_LEAF_IS_A_CA);
    assert_fails(verify_with(3, (link){.key_usage = "critical,keyAgreement"}), ZC_CRYPTO_KEY_USAGE);
    assert_ok(verify_with(3, (link){.key_usage = ""}));
}

static void verify_chain__path_length__counts_the_issuers_below(void **state)
{
    (void)state;
    /* Below the root are two issuers, below the next one, below the last none. */
    assert_fails(verify_with(0, (link){.basic_constraints = "critical,CA:TRUE,pathlen:1"}),
                 ZC_CRYPTO_PATH_LENGTH);
    assert_ok(verify_with(0, (link){.basic_constraints = "critical,CA:TRUE,pathlen:2"}));
    assert_fails(verify_with(1, (link){.basic_constraints = "critical,CA:TRUE,pathlen:0"}),
                 ZC_CRYPTO_PATH_LENGTH);
    assert_ok(verify_with(1, (link){.basic_constraints = "critical,CA:TRUE,pathlen:1"}));
    assert_ok(verify_with(2, (link){.basic_constraints = "critical,CA:TRUE,pathlen:0"}));
}

/* No byte of the certificates below the root can change unnoticed, and none can be cut off. */
static void verify_chain__any_byte_altered_or_cut__refused(void **state)
{
    (void)state;
    static const link links[3];
    chain made;
    chain_make(&made, links, 3);
    for (size_t which = 1; which < 3; which++) {
        zc_slice whole = made.der[which];
        for (size_t i = 0; i < whole.len; i++) {
            made.bytes[which][i] ^= (uint8_t)(1 << i % 8);
            assert_false(zc_ok(verify_at(&made, MIDDLE)));
            made.bytes[which][i] ^= (uint8_t)(1 << i % 8);
            made.der[which].len = i;
            assert_fails(verify_at(&made, MIDDLE), ZC_CRYPTO_BAD_CERTIFICATE);
            made.der[which] = whole;
        }
        made.der[which].len++;
        assert_fails(verify_at(&made, MIDDLE), ZC_CRYPTO_BAD_CERTIFICATE);
        made.der[which] = whole;
    }
    assert_ok(verify_at(&made, MIDDLE));
    chain_clear(&made);
}

static void unix_seconds__every_day_until_2400__counts_up(void **state)
{
    (void)state;
    static const unsigned days_in[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t expected = 0;
    for (unsigned year = 1970; year <= 2400; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (unsigned month = 1; month <= 12; month++) {
            unsigned days = days_in[month - 1] + (leap && month == 2);
            for (unsigned day = 1; day <= days; day++) {
                assert_int_equal(zc_unix_seconds(year, month, day, 0), expected);
                expected += 86400;
            }
        }
    }
}

/* The TLS side. */
typedef struct tls {
    zc_signer identity;
    uint8_t spki_bytes[256];
    zc_slice spki;
    uint8_t spki_hash[32];
    uint8_t der[1024];
    size_t len;
} tls;

static void tls_setup(tls *with)
{
    static const uint8_t seed[32] = {3};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    assert_ok(zc_signer_generate(&with->identity, ZC_CURVE_P256, &drbg));
    EVP_PKEY *key = make_key("P-256");
    uint8_t *to = with->spki_bytes;
    int len = i2d_PUBKEY(key, &to);
    with->spki = zc_slice_of(with->spki_bytes, (size_t)len);
    EVP_PKEY_free(key);
    zc_sha256(with->spki, with->spki_hash);
    assert_ok(zc_x509_make_tls(&with->identity, with->spki, zc_slice_of_text("zerocopy test"),
                               CHAIN_START, CHAIN_START + CHAIN_LENGTH, with->der, sizeof with->der,
                               &with->len));
}

static zc_result tls_check(const tls *with)
{
    return zc_x509_check_issued_by(zc_slice_of(with->der, with->len), &with->identity.pubkey,
                                   ZC_SLICE_OF_ARRAY(with->spki_hash));
}

static void make_tls__result__openssl_reads_and_verifies_it(void **state)
{
    (void)state;
    tls with;
    tls_setup(&with);
    const uint8_t *from = with.der;
    X509 *certificate = d2i_X509(NULL, &from, (long)with.len);
    assert_non_null(certificate);
    assert_ptr_equal(from, with.der + with.len);
    EC_KEY *identity = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    EVP_PKEY *key = EVP_PKEY_new();
    EC_KEY_oct2key(identity, with.identity.pubkey.byte, 65, NULL);
    EVP_PKEY_assign_EC_KEY(key, identity);
    assert_int_equal(X509_verify(certificate, key), 1);
    assert_int_equal(X509_get_version(certificate), 2);
    assert_int_equal(X509_get_key_usage(certificate), KU_DIGITAL_SIGNATURE);
    assert_int_equal(X509_get_extended_key_usage(certificate), XKU_SSL_SERVER);
    assert_int_equal(X509_check_ca(certificate), 0);
    assert_int_equal(X509_get_extension_flags(certificate) & (EXFLAG_INVALID | EXFLAG_CRITICAL), 0);
    char name[128];
    X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof name);
    assert_string_equal(name, "/CN=zerocopy test");
    time_t start = CHAIN_START, end = CHAIN_START + CHAIN_LENGTH;
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), start), 0);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), end), 0);
    /* What OpenSSL would write is what we wrote. */
    uint8_t again[1024], *to = again;
    assert_int_equal(i2d_re_X509_tbs(certificate, NULL) > 0, 1);
    assert_int_equal(i2d_X509(certificate, &to), (int)with.len);
    assert_memory_equal(again, with.der, with.len);
    EVP_PKEY_free(key);
    X509_free(certificate);
}

static void check_issued_by__another_key_issuer_or_byte__refused(void **state)
{
    (void)state;
    tls with, other;
    tls_setup(&with);
    assert_ok(tls_check(&with));
    other = with;
    other.spki_hash[0] ^= 1;
    assert_fails(tls_check(&other), ZC_CRYPTO_WRONG_CERTIFICATE_KEY);
    assert_fails(zc_x509_check_issued_by(zc_slice_of(with.der, with.len), &with.identity.pubkey,
                                         zc_slice_of(with.spki_hash, 0)),
                 ZC_CRYPTO_WRONG_CERTIFICATE_KEY);
    other = with;
    zc_secret32 stranger = {{1}};
    assert_ok(zc_signer_init(&other.identity, ZC_CURVE_P256, &stranger));
    assert_fails(tls_check(&other), ZC_CRYPTO_CERTIFICATE_SIGNATURE);
    assert_ok(zc_signer_init(&other.identity, ZC_CURVE_SECP256K1, &stranger));
    assert_fails(tls_check(&other), ZC_CRYPTO_CERTIFICATE_ALGORITHM);
    for (size_t i = 0; i < with.len; i++) {
        other = with;
        other.der[i] ^= (uint8_t)(1 << i % 8);
        assert_false(zc_ok(tls_check(&other)));
    }
}

static void make_tls__dates__as_openssl_reads_them(void **state)
{
    (void)state;
    static const int64_t times[] = {0,          68169599,   951782400,   2524607999,
                                    2524608000, 4107542400, 253402300799};
    tls with;
    tls_setup(&with);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_ok(zc_x509_make_tls(&with.identity, with.spki, zc_slice_of_text("x"), 0, times[i],
                                   with.der, sizeof with.der, &with.len));
        const uint8_t *from = with.der;
        X509 *certificate = d2i_X509(NULL, &from, (long)with.len);
        assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), times[i]), 0);
        X509_free(certificate);
        zc_certificate parsed;
        assert_ok(zc_certificate_parse(zc_slice_of(with.der, with.len), &parsed));
        assert_int_equal(parsed.not_after, times[i]);
    }
}

static zc_result make_with(const tls *with, zc_slice name, int64_t from, int64_t to,
                           size_t capacity)
{
    uint8_t der[1024];
    size_t len;
    return zc_x509_make_tls(&with->identity, with->spki, name, from, to, der, capacity, &len);
}

static void make_tls__bad_argument__refused(void **state)
{
    (void)state;
    tls with;
    tls_setup(&with);
    zc_slice name = zc_slice_of_text("name");
    static const uint8_t long_name[65] = {[0 ... 64] = 'a'};
    assert_ok(make_with(&with, zc_slice_of(long_name, 64), 0, 1, 1024));
    assert_fails(make_with(&with, zc_slice_of(long_name, 65), 0, 1, 1024), ZC_CRYPTO_BAD_NAME);
    assert_fails(make_with(&with, zc_slice_of(NULL, 0), 0, 1, 1024), ZC_CRYPTO_BAD_NAME);
    assert_fails(make_with(&with, zc_slice_of_text("a\nb"), 0, 1, 1024), ZC_CRYPTO_BAD_NAME);
    assert_fails(make_with(&with, name, 2, 1, 1024), ZC_CRYPTO_BAD_TIME);
    assert_fails(make_with(&with, name, -1, 1, 1024), ZC_CRYPTO_BAD_TIME);
    assert_fails(make_with(&with, name, 0, 253402300800, 1024), ZC_CRYPTO_BAD_TIME);
    assert_fails(make_with(&with, name, 0, 1, 100), ZC_BASE_FULL);
    with.spki.len--;
    assert_fails(make_with(&with, name, 0, 1, 1024), ZC_CRYPTO_BAD_DER);
    with.identity.pubkey.curve = ZC_CURVE_SECP256K1;
    assert_fails(make_with(&with, name, 0, 1, 1024), ZC_CRYPTO_WRONG_CURVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_chain__good_of_every_length__gives_the_leafs_key),
        cmocka_unit_test(verify_chain__too_long_or_empty__refused),
        cmocka_unit_test(verify_chain__root_is_not_the_pinned_one__refused),
        cmocka_unit_test(verify_chain__time__both_ends_included),
        cmocka_unit_test(verify_chain__one_rule_broken__its_own_reason),
        cmocka_unit_test(verify_chain__path_length__counts_the_issuers_below),
        cmocka_unit_test(verify_chain__any_byte_altered_or_cut__refused),
        cmocka_unit_test(unix_seconds__every_day_until_2400__counts_up),
        cmocka_unit_test(make_tls__result__openssl_reads_and_verifies_it),
        cmocka_unit_test(check_issued_by__another_key_issuer_or_byte__refused),
        cmocka_unit_test(make_tls__dates__as_openssl_reads_them),
        cmocka_unit_test(make_tls__bad_argument__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
