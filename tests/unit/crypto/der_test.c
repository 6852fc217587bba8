#include "cmocka_zc.h"

#include "crypto/der.h"

/* What else a lax parser would take for r = 1, s = 2, each a way to make two of one signature. */
static void read_signature__not_the_one_encoding__refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "30",
        "3006",
        "30060201010201",       /* truncated */
        "30800201010201020000", /* indefinite length */
        "308106020101020102",   /* long form of a short length */
        "30820006020101020102",
        "3006020101020102ff", /* something after it */
        "30070201010201020a",
        "3007020101020102", /* length beyond the end */
        "3005020101020102",
        "300702020001020102",     /* padded r */
        "300702010102020002",     /* padded s */
        "3006020181020102",       /* negative r */
        "3006020101020182",       /* negative s */
        "30050200020102",         /* empty integer */
        "3006030101020102",       /* another type */
        "3106020101020102",       /* a set */
        "1006020101020102",       /* a primitive sequence */
        "300702810101020102",     /* long form inside */
        "3003020101",             /* one integer */
        "3009020101020102020103", /* three */
        "30840000000006020101020102",
        "3f06020101020102",
    };
    uint8_t sig[64];
    memset(sig, 0x77, sizeof sig);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t der[64];
        size_t len;
        assert_ok(zc_hex_decode_some(zc_slice_of_text(bad[i]), der, sizeof der, &len));
        assert_fails(zc_der_read_signature(zc_slice_of(der, len), 32, sig), ZC_CRYPTO_BAD_DER);
        assert_int_equal(sig[0], 0x77);
    }
}

static void signature__written_and_read__same(void **state)
{
    (void)state;
    static const uint8_t firsts[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (size_t scalar_len = 32; scalar_len <= 48; scalar_len += 16) {
        for (size_t i = 0; i < sizeof firsts; i++) {
            for (size_t zeros = 0; zeros <= scalar_len; zeros++) {
                uint8_t sig[96], back[96], der[ZC_DER_MAX_SIGNATURE];
                memset(sig, firsts[i], sizeof sig);
                memset(sig, 0, zeros);
                zc_writer writer = ZC_WRITER_OF_ARRAY(der);
                assert_ok(zc_der_write_signature(&writer, sig, scalar_len));
                zc_slice written = zc_writer_written(&writer);
                assert_ok(zc_der_read_signature(written, scalar_len, back));
                assert_memory_equal(back, sig, 2 * scalar_len);
                for (size_t len = 0; len < written.len; len++) {
                    assert_fails(zc_der_read_signature(zc_slice_of(der, len), scalar_len, back),
                                 ZC_CRYPTO_BAD_DER);
                }
            }
        }
    }
}

static void read_signature__scalar_longer_than_the_curve__refused(void **state)
{
    (void)state;
    uint8_t sig[96], der[ZC_DER_MAX_SIGNATURE], back[96];
    memset(sig, 0x11, sizeof sig);
    zc_writer writer = ZC_WRITER_OF_ARRAY(der);
    assert_ok(zc_der_write_signature(&writer, sig, 33));
    assert_fails(zc_der_read_signature(zc_writer_written(&writer), 32, back), ZC_CRYPTO_BAD_DER);
    assert_fails(zc_der_read_signature(zc_writer_written(&writer), 49, back), ZC_CRYPTO_BAD_DER);
}

static void write__every_length__shortest_header_that_reads_back(void **state)
{
    (void)state;
    static uint8_t content[70000], out[70010];
    static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 70000};
    static const size_t headers[] = {2, 2, 2, 3, 3, 4, 4, 5, 5};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(out);
        zc_slice back;
        assert_ok(zc_der_write(&writer, ZC_DER_OCTET_STRING, zc_slice_of(content, lengths[i])));
        assert_int_equal(zc_writer_len(&writer), lengths[i] + headers[i]);
        zc_reader reader = zc_reader_of(zc_writer_written(&writer));
        assert_ok(zc_der_read(&reader, ZC_DER_OCTET_STRING, &back));
        assert_int_equal(back.len, lengths[i]);
        assert_ok(zc_reader_end(&reader));
        /* One byte of room less, and nothing is written. */
        writer = zc_writer_of(out, lengths[i] + headers[i] - 1);
        assert_fails(zc_der_write(&writer, ZC_DER_OCTET_STRING, zc_slice_of(content, lengths[i])),
                     ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

static void check__nesting_and_fit__to_the_limit(void **state)
{
    (void)state;
    uint8_t deep[64];
    for (size_t depth = 1; depth <= 20; depth++) {
        for (size_t i = 0; i < depth; i++) {
            deep[2 * i] = 0x30;
            deep[2 * i + 1] = (uint8_t)(2 * (depth - 1 - i));
        }
        assert_int_equal(zc_ok(zc_der_check(zc_slice_of(deep, 2 * depth))), depth < 16);
    }
    static const uint8_t two[] = {0x05, 0x00, 0x05, 0x00};
    static const uint8_t inner_too_long[] = {0x30, 0x02, 0x04, 0x01};
    static const uint8_t inner_indefinite[] = {0x30, 0x04, 0x30, 0x80, 0x00, 0x00};
    assert_ok(zc_der_check(zc_slice_of(two, 2)));
    assert_fails(zc_der_check(ZC_SLICE_OF_ARRAY(two)), ZC_CRYPTO_BAD_DER);
    assert_fails(zc_der_check(ZC_SLICE_OF_ARRAY(inner_too_long)), ZC_CRYPTO_BAD_DER);
    assert_fails(zc_der_check(ZC_SLICE_OF_ARRAY(inner_indefinite)), ZC_CRYPTO_BAD_DER);
    assert_fails(zc_der_check(zc_slice_of(NULL, 0)), ZC_CRYPTO_BAD_DER);
}

static void read__failure__leaves_the_cursor(void **state)
{
    (void)state;
    static const uint8_t integer[] = {0x02, 0x01, 0x05};
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(integer));
    zc_slice content;
    uint8_t value[4];
    assert_fails(zc_der_read(&reader, ZC_DER_SEQUENCE, &content), ZC_CRYPTO_BAD_DER);
    assert_int_equal(zc_reader_offset(&reader), 0);
    assert_fails(zc_der_read_unsigned(&reader, value, 0), ZC_CRYPTO_BAD_DER);
    assert_int_equal(zc_reader_offset(&reader), 0);
    assert_ok(zc_der_read_unsigned(&reader, value, sizeof value));
    assert_hex(value, 4, "00000005");
    assert_ok(zc_reader_end(&reader));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_signature__not_the_one_encoding__refused),
        cmocka_unit_test(signature__written_and_read__same),
        cmocka_unit_test(read_signature__scalar_longer_than_the_curve__refused),
        cmocka_unit_test(write__every_length__shortest_header_that_reads_back),
        cmocka_unit_test(check__nesting_and_fit__to_the_limit),
        cmocka_unit_test(read__failure__leaves_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
