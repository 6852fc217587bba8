/* Real reports and quotes with what stands beside them: the whole way, and each step of it spoiled.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "evidence/evidence.h"

#define ROOM ((size_t)1 << 17)
#define IN_2025 INT64_C(1751328000) /* 2025-07-01: inside Intel's statements */

typedef struct loaded {
    uint8_t bytes[ROOM];
    size_t len;
} loaded;

static loaded report, vcek, milan, vlek, turin, sgx, sgx_collateral, tdx, tdx_collateral;
static zc_evidence_result result;

static bool load(const char *name, loaded *to)
{
    char path[1024];
    const char *vectors = getenv("ZCP_VECTORS");
    (void)snprintf(path, sizeof path, "%s/tee/%s", vectors != NULL ? vectors : VECTORS, name);
    FILE *file = fopen(path, "rb");
    to->len = file != NULL ? fread(to->bytes, 1, sizeof to->bytes, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (strstr(name, ".hex") != NULL) {
        size_t kept = 0;
        for (size_t i = 0; i < to->len; i++) {
            if (isxdigit(to->bytes[i])) {
                to->bytes[kept++] = to->bytes[i];
            }
        }
        assert_true(zc_ok(zc_hex_decode_some(zc_slice_of(to->bytes, kept), to->bytes,
                                             sizeof to->bytes, &to->len)));
    }
    return to->len > 0;
}

static bool have;

static int start(void **state)
{
    (void)state;
    have =
        load("sev_snp_go/report.hex", &report) && load("sev_snp_go/vcek.pem", &vcek) &&
        load("sev_snp_go/ask_ark_milan.pem", &milan) &&
        load("sev_snp_go/asvk_ark_milan_vlek.pem", &vlek) &&
        load("sev_snp_virtee/cert_chain_turin.pem", &turin) && load("dcap/sgx_quote.hex", &sgx) &&
        load("dcap/sgx_quote_collateral.json", &sgx_collateral) &&
        load("dcap/tdx_quote.hex", &tdx) && load("dcap/tdx_quote_collateral.json", &tdx_collateral);
    if (!have) {
        print_message("no vectors (set ZCP_VECTORS): skipped\n");
    }
    return 0;
}

static zc_slice of(const loaded *file)
{
    return zc_slice_of(file->bytes, file->len);
}

static int verify(const loaded *evidence, const loaded *one, const loaded *two,
                  zc_evidence_options options)
{
    zc_slice pieces[2];
    if (one != NULL) {
        pieces[options.collateral_count++] = of(one);
    }
    if (two != NULL) {
        pieces[options.collateral_count++] = of(two);
    }
    options.collateral = pieces;
    options.at_seconds = options.at_seconds != 0 ? options.at_seconds : IN_2025;
    return zc_evidence_verify(of(evidence), &options, &result).code;
}

static const zc_evidence_options none = {0};

static void snp__real_report__debug_is_never_hardware(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    assert_int_equal(verify(&report, &vcek, &milan, none), ZC_EVIDENCE_DEBUG_MODE);
    zc_evidence_options options = {.accept_debug = true};
    assert_int_equal(verify(&report, &vcek, &milan, options), 0);
    assert_true(result.valid && result.debug);
    assert_false(result.hardware);
    uint8_t nonce[8] = {0, 1, 2, 3, 4, 5};
    options.has_nonce = true;
    options.nonce = zc_slice_of(result.nonce, 64);
    uint8_t data[64];
    memcpy(data, result.nonce, 64);
    options.nonce.data = data;
    assert_int_equal(verify(&report, &vcek, &milan, options), 0);
    options.nonce = zc_slice_of(nonce, sizeof nonce);
    assert_int_equal(verify(&report, &vcek, &milan, options), ZC_EVIDENCE_WRONG_NONCE);
    options.has_nonce = false;
    options.has_module_id = true;
    assert_int_equal(verify(&report, &vcek, &milan, options), ZC_EVIDENCE_NOT_APPLICABLE);
}

static void snp__other_certificates__refused(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    assert_int_equal(verify(&report, &milan, NULL, none), ZC_EVIDENCE_NO_CERTIFICATE);
    assert_int_equal(verify(&report, &vcek, NULL, none), ZC_EVIDENCE_FOREIGN_ROOT);
    assert_int_equal(verify(&report, &vcek, &vlek, none), ZC_EVIDENCE_FOREIGN_ROOT);
    assert_int_equal(verify(&report, &vcek, &turin, none), ZC_EVIDENCE_FOREIGN_ROOT);
    zc_evidence_options options = {.at_seconds = INT64_C(1640995200)}; /* 2022-01-01 */
    assert_int_equal(verify(&report, &vcek, &milan, options), ZC_EVIDENCE_NOT_YET_VALID);
    options.at_seconds = INT64_C(1893456000); /* 2030-01-01 */
    assert_int_equal(verify(&report, &vcek, &milan, options), ZC_EVIDENCE_EXPIRED);
}

/* No byte of it may change: what is signed, nor the signature, nor what must be zero. */
static void every_byte(const loaded *evidence, const loaded *one, const loaded *two, size_t step,
                       zc_evidence_options options)
{
    static loaded altered;
    memcpy(&altered, evidence, sizeof altered);
    for (size_t at = 0; at < evidence->len; at += step) {
        altered.bytes[at] ^= 0x04;
        if (verify(&altered, one, two, options) == 0) {
            fail_msg("byte %zu", at);
        }
        altered.bytes[at] ^= 0x04;
    }
}

static void snp__any_byte_altered__refused(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    every_byte(&report, &vcek, &milan, 7, (zc_evidence_options){.accept_debug = true});
}

static void quotes__real__rated_as_published(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    assert_int_equal(verify(&tdx, &tdx_collateral, NULL, none), 0);
    assert_true(result.hardware);
    assert_int_equal(result.kind, ZC_EVIDENCE_TDX);
    assert_int_equal(result.tcb_status, ZC_TCB_UP_TO_DATE);
    assert_int_equal(result.advisory_count, 0);
    /* A configuration that needs hardening is taken only when asked for. */
    assert_int_equal(verify(&sgx, &sgx_collateral, NULL, none), ZC_EVIDENCE_TCB_NOT_ACCEPTED);
    zc_evidence_options options = {.tcb_accepted =
                                       ZC_TCB_BIT(ZC_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED)};
    assert_int_equal(verify(&sgx, &sgx_collateral, NULL, options), 0);
    assert_int_equal(result.tcb_status, ZC_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED);
    assert_int_equal(result.advisory_count, 2);
    assert_string_equal(result.advisory[0], "INTEL-SA-00289");
    assert_string_equal(result.advisory[1], "INTEL-SA-00615");
}

static void quotes__without_or_with_others_collateral__refused(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    assert_int_equal(verify(&tdx, NULL, NULL, none), ZC_EVIDENCE_NO_COLLATERAL);
    assert_int_equal(verify(&tdx, &sgx_collateral, NULL, none), ZC_EVIDENCE_NO_COLLATERAL);
    assert_int_equal(verify(&sgx, &tdx_collateral, NULL, none), ZC_EVIDENCE_NO_COLLATERAL);
    zc_evidence_options options = {.at_seconds = INT64_C(1795219200)}; /* 2026-11-21 */
    assert_int_equal(verify(&tdx, &tdx_collateral, NULL, options), ZC_EVIDENCE_EXPIRED);
    options.at_seconds = INT64_C(1735689600);
    assert_int_equal(verify(&tdx, &tdx_collateral, NULL, options), ZC_EVIDENCE_NOT_YET_VALID);
    options = (zc_evidence_options){.root_der = of(&vcek)};
    assert_int_equal(verify(&tdx, &tdx_collateral, NULL, options), ZC_EVIDENCE_BAD_COLLATERAL);
}

/* Replaces `from` by `to` of the same length in a collateral object. */
static loaded spoiled(const loaded *collateral, const char *from, const char *to)
{
    loaded copy = *collateral;
    uint8_t *at = memmem(copy.bytes, copy.len, from, strlen(from));
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    return copy;
}

static void quotes__statements_altered__intel_did_not_sign_them(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    static loaded changed;
    changed = spoiled(&tdx_collateral, "\\\"tcbStatus\\\":\\\"OutOfDate\\\"",
                      "\\\"tcbStatus\\\":\\\"UpToDatee\\\"");
    assert_int_equal(verify(&tdx, &changed, NULL, none), ZC_EVIDENCE_BAD_STATEMENT_SIGNATURE);
    changed = spoiled(&tdx_collateral, "2025-07-19T10:16", "2099-07-19T10:16");
    assert_int_equal(verify(&tdx, &changed, NULL, none), ZC_EVIDENCE_BAD_STATEMENT_SIGNATURE);
    changed = spoiled(&tdx_collateral, "\\\"isvsvn\\\":4", "\\\"isvsvn\\\":1");
    assert_int_equal(verify(&tdx, &changed, NULL, none), ZC_EVIDENCE_BAD_STATEMENT_SIGNATURE);
    changed = spoiled(&tdx_collateral, "\"pck_crl\"", "\"pck_lrc\"");
    assert_int_equal(verify(&tdx, &changed, NULL, none), ZC_EVIDENCE_NO_COLLATERAL);
    changed = spoiled(&tdx_collateral, "\"root_ca_crl\"", "\"root_ca_lrc\"");
    assert_int_equal(verify(&tdx, &changed, NULL, none), ZC_EVIDENCE_NO_COLLATERAL);
}

static void quotes__any_byte_altered__refused(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    /* The text of the certificates inside may vary in white space alone: up to there every byte. */
    static loaded cut;
    cut = tdx;
    uint8_t *pem = memmem(cut.bytes, cut.len, "-----BEGIN", 10);
    assert_non_null(pem);
    size_t end = (size_t)(pem - cut.bytes);
    for (size_t at = 0; at < end; at += 3) {
        cut.bytes[at] ^= 0x01;
        if (verify(&cut, &tdx_collateral, NULL, none) == 0) {
            fail_msg("byte %zu", at);
        }
        cut.bytes[at] ^= 0x01;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snp__real_report__debug_is_never_hardware),
        cmocka_unit_test(snp__other_certificates__refused),
        cmocka_unit_test(snp__any_byte_altered__refused),
        cmocka_unit_test(quotes__real__rated_as_published),
        cmocka_unit_test(quotes__without_or_with_others_collateral__refused),
        cmocka_unit_test(quotes__statements_altered__intel_did_not_sign_them),
        cmocka_unit_test(quotes__any_byte_altered__refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
