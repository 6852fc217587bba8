/* Reports, quotes and wrappers that somebody put together: each fault refused, by its own reason.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "evidence/evidence.h"
#include "evidence/quote_parse.h"
#include "evidence/snp_parse.h"

static uint8_t bytes[8192];

static void put_u16(size_t at, unsigned value)
{
    bytes[at] = (uint8_t)value;
    bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put_u32(size_t at, size_t value)
{
    put_u16(at, (unsigned)value & 0xffff);
    put_u16(at + 2, (unsigned)(value >> 16));
}

static zc_slice sound_report(void)
{
    memset(bytes, 0, sizeof bytes);
    put_u32(0, 2);
    put_u32(0x34, 1);
    memset(bytes + 0x90, 0xaa, 48);
    memset(bytes + 0x2a0, 0x11, 48);
    memset(bytes + 0x2a0 + 72, 0x22, 48);
    return zc_slice_of(bytes, ZC_SNP_REPORT_SIZE);
}

static void snp_parse__sound__fields_in_place(void **state)
{
    (void)state;
    zc_snp_report report;
    zc_slice sound = sound_report();
    bytes[0x180] = 3;
    bytes[0x1ea] = 1;
    for (unsigned version = 2; version <= 5; version++) {
        put_u32(0, version);
        assert_true(zc_ok(zc_snp_parse(sound, &report)));
        assert_int_equal(report.version, version);
        assert_int_equal(report.has_model, version >= 3);
    }
    assert_int_equal(report.measurement.data[0], 0xaa);
    assert_int_equal(report.reported_tcb[0], 3);
    assert_int_equal(report.current_major, 1);
    assert_int_equal(report.signature[0], 0x11);
    assert_int_equal(report.signature[48], 0x22);
}

static void snp_parse__unsound__own_reason(void **state)
{
    (void)state;
    zc_snp_report report;
    zc_slice sound = sound_report();
    assert_true(
        zc_is(zc_snp_parse(zc_slice_of(bytes, sound.len - 1), &report), ZC_EVIDENCE_BAD_REPORT));
    assert_true(
        zc_is(zc_snp_parse(zc_slice_of(bytes, sound.len + 1), &report), ZC_EVIDENCE_BAD_REPORT));
    put_u32(0, 6);
    assert_true(zc_is(zc_snp_parse(sound, &report), ZC_EVIDENCE_UNSUPPORTED));
    put_u32(0, 1);
    assert_true(zc_is(zc_snp_parse(sound, &report), ZC_EVIDENCE_UNSUPPORTED));
    put_u32(0, 2);
    put_u32(0x34, 2); /* another signature algorithm */
    assert_true(zc_is(zc_snp_parse(sound, &report), ZC_EVIDENCE_UNSUPPORTED));
    put_u32(0x34, 1);
    bytes[0x48] = 7 << 2; /* not signed */
    assert_true(zc_is(zc_snp_parse(sound, &report), ZC_EVIDENCE_UNSUPPORTED));
    bytes[0x48] = 0;
    /* Every byte behind the signature's numbers is required to be zero: none is signed. */
    for (size_t at = 0x2a0; at < sound.len; at++) {
        bool counts = at < 0x2a0 + 48 || (at >= 0x2a0 + 72 && at < 0x2a0 + 120);
        bytes[at] ^= 1;
        assert_int_equal(zc_ok(zc_snp_parse(sound, &report)), counts);
        bytes[at] ^= 1;
    }
}

static const uint8_t vendor[16] = {0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
                                   0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};

/* A quote of zeros with right lengths; returns where its signature data begin. */
static size_t put_head(unsigned version, bool tdx, unsigned body)
{
    static const size_t sizes[] = {0, ZC_SGX_REPORT_SIZE, ZC_TD_REPORT_SIZE, ZC_TD_REPORT15_SIZE};
    memset(bytes, 0, sizeof bytes);
    put_u16(0, version);
    put_u16(2, 2);
    put_u32(4, tdx ? 0x81 : 0);
    memcpy(bytes + 12, vendor, sizeof vendor);
    if (version == 5) {
        put_u16(48, body);
        put_u32(50, sizes[body]);
        return 54 + sizes[body];
    }
    return 48 + sizes[body];
}

static zc_slice sound_quote(unsigned version, bool tdx, unsigned body)
{
    size_t at = put_head(version, tdx, body);
    size_t qe = ZC_SGX_REPORT_SIZE + 64 + 2 + 4 + 2 + 4 + 6; /* auth data of 4, a chain of 6 */
    size_t signature = 128 + (version == 3 ? 0U : 6U) + qe;
    put_u32(at, signature);
    at += 4 + 128;
    if (version != 3) {
        put_u16(at, 6);
        put_u32(at + 2, qe);
        at += 6;
    }
    at += ZC_SGX_REPORT_SIZE + 64;
    put_u16(at, 4);
    put_u16(at + 6, 5);
    put_u32(at + 8, 6);
    memcpy(bytes + at + 12, "-----B", 6);
    return zc_slice_of(bytes, at + 18);
}

static void quote_parse__each_version__parts_in_place(void **state)
{
    (void)state;
    static const struct {
        unsigned version;
        bool tdx;
        unsigned body;
        size_t signed_len;
    } forms[] = {{3, false, 1, 432}, {4, false, 1, 432}, {4, true, 2, 632},
                 {5, false, 1, 438}, {5, true, 2, 638},  {5, true, 3, 702}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        zc_quote quote;
        zc_slice sound = sound_quote(forms[i].version, forms[i].tdx, forms[i].body);
        assert_true(zc_ok(zc_quote_parse(sound, &quote)));
        assert_int_equal(quote.is_tdx, forms[i].tdx);
        assert_int_equal(quote.signed_bytes.len, forms[i].signed_len);
        assert_int_equal(quote.pck_chain.len, 6);
        assert_int_equal(quote.qe_auth_data.len, 4);
        assert_true(zc_ok(zc_quote_parse(zc_slice_of(bytes, sound.len + 9), &quote)));
        bytes[sound.len + 8] = 1; /* only zeros may follow */
        assert_true(zc_is(zc_quote_parse(zc_slice_of(bytes, sound.len + 9), &quote),
                          ZC_EVIDENCE_BAD_QUOTE));
        for (size_t len = 0; len < sound.len; len++) {
            assert_false(zc_ok(zc_quote_parse(zc_slice_of(bytes, len), &quote)));
        }
    }
}

static void refused(size_t at, unsigned value, int reason)
{
    zc_quote quote;
    zc_slice sound = sound_quote(4, true, 2);
    put_u16(at, value);
    assert_int_equal(zc_quote_parse(sound, &quote).code, reason);
}

static void quote_parse__unsound__own_reason(void **state)
{
    (void)state;
    refused(0, 2, ZC_EVIDENCE_UNSUPPORTED);
    refused(0, 6, ZC_EVIDENCE_UNSUPPORTED);
    refused(2, 3, ZC_EVIDENCE_UNSUPPORTED);         /* an ECDSA P-384 key */
    refused(4, 0x82, ZC_EVIDENCE_UNSUPPORTED);      /* another kind of environment */
    refused(12, 0, ZC_EVIDENCE_UNSUPPORTED);        /* another maker's quoting enclave */
    refused(632, 0xffff, ZC_EVIDENCE_BAD_QUOTE);    /* signature data beyond the end */
    refused(632 + 132, 5, ZC_EVIDENCE_UNSUPPORTED); /* no QE report */
    refused(632 + 134, 1, ZC_EVIDENCE_BAD_QUOTE);   /* its length */
}

static void detect__first_bytes__decide(void **state)
{
    (void)state;
    assert_int_equal(zc_evidence_detect(sound_report()), ZC_EVIDENCE_SNP);
    assert_int_equal(zc_evidence_detect(sound_quote(3, false, 1)), ZC_EVIDENCE_SGX);
    assert_int_equal(zc_evidence_detect(sound_quote(5, true, 3)), ZC_EVIDENCE_TDX);
    assert_int_equal(zc_evidence_detect(zc_slice_of("\x84", 1)), ZC_EVIDENCE_NITRO);
    assert_int_equal(zc_evidence_detect(zc_slice_of("\xd2\x84", 2)), ZC_EVIDENCE_NITRO);
    assert_int_equal(zc_evidence_detect(zc_slice_of_text("hello, world")), ZC_EVIDENCE_ANY);
    assert_int_equal(zc_evidence_detect(zc_slice_of(NULL, 0)), ZC_EVIDENCE_ANY);
}

static int reason_of(const char *text, size_t len)
{
    static zc_evidence_result result;
    zc_evidence_options options = {.at_seconds = 0};
    zc_result verified = zc_evidence_verify(zc_slice_of(text, len), &options, &result);
    assert_false(result.valid);
    return verified.code;
}

#define REASON_OF(text) reason_of(text, sizeof(text) - 1)

static void wrapper__unsound__refused(void **state)
{
    (void)state;
    assert_int_equal(REASON_OF(""), ZC_EVIDENCE_UNKNOWN_KIND);
    assert_int_equal(REASON_OF("[1]"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("[\"a/b\", \"hA\", 1]"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("[\"a/b\", \"hA\", -4]"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("[\"a/b\", \"hA==\"]"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("[\"a/b\", \"hB\"]"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("[\"a/b\", \"hA\"]"), ZC_ATTEST_NOT_SIGN1);
    assert_int_equal(REASON_OF("\x82\x60\x41\x84"), ZC_ATTEST_NOT_SIGN1);
    assert_int_equal(REASON_OF("\x82\x60\x41\x84\x00"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("\x82\xf6\x41\x84"), ZC_EVIDENCE_BAD_WRAPPER);
    assert_int_equal(REASON_OF("\xda\x63\x74\x01\x01\x41\x84"), ZC_ATTEST_NOT_SIGN1);
    assert_int_equal(REASON_OF("\xda\x00\x74\x01\x01\x41\x84"), ZC_EVIDENCE_BAD_WRAPPER);
}

static void verify__reports_without_certificates__missing(void **state)
{
    (void)state;
    zc_slice report = sound_report();
    assert_int_equal(reason_of((const char *)report.data, report.len), ZC_EVIDENCE_NO_CERTIFICATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snp_parse__sound__fields_in_place),
        cmocka_unit_test(snp_parse__unsound__own_reason),
        cmocka_unit_test(quote_parse__each_version__parts_in_place),
        cmocka_unit_test(quote_parse__unsound__own_reason),
        cmocka_unit_test(detect__first_bytes__decide),
        cmocka_unit_test(wrapper__unsound__refused),
        cmocka_unit_test(verify__reports_without_certificates__missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
