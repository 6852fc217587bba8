/* Evidence as it comes in a session: in its wrapper, with what endorses and what binds it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/measure.h"
#include "attest/wrapper.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "evidence/internal.h"
#include "maker.h"

#define IN_2025 INT64_C(1751328000)
#define CERTIFICATE "application/pem-certificate-chain"
#define REPORT "application/octet-stream"

typedef struct loaded {
    uint8_t bytes[16384];
    size_t len;
} loaded;

static loaded report, vcek, milan;
static bool have;
static zc_evidence_result result;
static uint8_t wrapped[65536];
static zc_writer out;

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
    return to->len > 0;
}

static void unhex(loaded *text)
{
    size_t count = 0;
    unsigned value;
    for (size_t i = 0; i + 1 < text->len; i += 2) {
        while (i < text->len && text->bytes[i] <= ' ') {
            i++;
        }
        char pair[3] = {(char)text->bytes[i], (char)text->bytes[i + 1], '\0'};
        if (sscanf(pair, "%2x", &value) == 1) {
            text->bytes[count++] = (uint8_t)value;
        }
    }
    text->len = count;
}

static int start(void **state)
{
    (void)state;
    maker_start();
    have = load("sev_snp_go/report.hex", &report) && load("sev_snp_go/vcek.pem", &vcek) &&
           load("sev_snp_go/ask_ark_milan.pem", &milan);
    unhex(&report);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    maker_stop();
    return 0;
}

static zc_slice of(const loaded *file)
{
    return zc_slice_of(file->bytes, file->len);
}

static void ok(zc_result done)
{
    assert_true(zc_ok(done));
}

static void begin(size_t members)
{
    out = ZC_WRITER_OF_ARRAY(wrapped);
    ok(zc_cbor_put_map(&out, members));
}

/* An indicator of 0 is left out. */
static void record(const char *type, zc_slice value, unsigned indicator)
{
    ok(zc_cbor_put_array(&out, indicator != 0 ? 3 : 2));
    ok(zc_cbor_put_text(&out, zc_slice_of_text(type)));
    ok(zc_cbor_put_bytes(&out, value));
    if (indicator != 0) {
        ok(zc_cbor_put_uint(&out, indicator));
    }
}

static void member(const char *label, const char *type, zc_slice value, unsigned indicator)
{
    ok(zc_cbor_put_text(&out, zc_slice_of_text(label)));
    record(type, value, indicator);
}

static int judge(zc_evidence_options options)
{
    zc_result verified = zc_evidence_verify(zc_writer_written(&out), &options, &result);
    assert_int_equal(zc_ok(verified), result.valid);
    return verified.code;
}

static const zc_evidence_options snp = {.at_seconds = IN_2025, .accept_debug = true};

static zc_evidence_options nitro(void)
{
    return (zc_evidence_options){.at_seconds = MAKER_NOW, .root_der = maker_root()};
}

static void wrap__document__one_record(void **state)
{
    (void)state;
    uint8_t hash[32];
    zc_slice document = maker_document(maker_content());
    out = ZC_WRITER_OF_ARRAY(wrapped);
    ok(zc_attest_wrap(document, &out));
    assert_in_range(zc_writer_len(&out), document.len + 1, document.len + ZC_CMW_OVERHEAD);
    assert_memory_equal(wrapped, "\x83\x78\x1e" ZC_CMW_TYPE_NITRO, 33);
    assert_int_equal(wrapped[zc_writer_len(&out) - 1], ZC_CMW_EVIDENCE);
    assert_int_equal(judge(nitro()), 0);
    zc_sha256(document, hash);
    assert_memory_equal(result.evidence_sha256, hash, 32);
}

static void wrap__no_room__nothing_written(void **state)
{
    (void)state;
    zc_slice document = maker_document(maker_content());
    zc_writer small = zc_writer_of(wrapped, document.len);
    assert_false(zc_ok(zc_attest_wrap(document, &small)));
    assert_int_equal(zc_writer_len(&small), 0);
}

/* What the label promises must be what is inside. */
static void record__type_of_another_kind__refused(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    out = ZC_WRITER_OF_ARRAY(wrapped);
    record(ZC_CMW_TYPE_NITRO, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    out = ZC_WRITER_OF_ARRAY(wrapped);
    record(REPORT, of(&report), ZC_CMW_ENDORSEMENTS);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    out = ZC_WRITER_OF_ARRAY(wrapped);
    record(REPORT, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_NO_CERTIFICATE);
}

/* Endorsements beside the evidence count as if they were given, and only then. */
static void collection__with_endorsements__judged_with_them(void **state)
{
    (void)state;
    if (!have) {
        skip();
    }
    begin(3);
    member("vcek", CERTIFICATE, of(&vcek), ZC_CMW_ENDORSEMENTS);
    member("chain", CERTIFICATE, of(&milan), ZC_CMW_ENDORSEMENTS);
    member("evidence", REPORT, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), 0);
    assert_int_equal(result.kind, ZC_EVIDENCE_SNP);
    assert_false(result.hardware);
    assert_int_equal(judge((zc_evidence_options){.at_seconds = IN_2025}), ZC_EVIDENCE_DEBUG_MODE);
    /* Whoever brings collateral means that and no other. */
    const zc_slice own[] = {of(&vcek)};
    zc_evidence_options with = snp;
    with.collateral = own;
    with.collateral_count = 1;
    assert_int_equal(judge(with), ZC_EVIDENCE_FOREIGN_ROOT);
    begin(2);
    member("vcek", CERTIFICATE, of(&vcek), ZC_CMW_ENDORSEMENTS);
    member("evidence", REPORT, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_FOREIGN_ROOT);
    begin(2);
    member("vcek", CERTIFICATE, of(&vcek), 0);
    member("evidence", REPORT, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
}

static void collection__unsound__refused(void **state)
{
    (void)state;
    const zc_slice some = zc_slice_of_text("\x84");
    begin(1);
    member("vcek", CERTIFICATE, some, ZC_CMW_ENDORSEMENTS);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    begin(2);
    member("evidence", REPORT, some, ZC_CMW_EVIDENCE);
    member("evidence", REPORT, some, ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    begin(2);
    member("evidence", REPORT, some, ZC_CMW_EVIDENCE);
    member("chain", CERTIFICATE, some, ZC_CMW_ENDORSEMENTS); /* not in order */
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    begin(1);
    member("evidence", REPORT, some, ZC_CMW_EVIDENCE);
    ok(zc_cbor_put_uint(&out, 0)); /* something behind */
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
    begin(ZC_EVIDENCE_COLLATERALS + 2);
    for (int i = 0; i <= ZC_EVIDENCE_COLLATERALS; i++) {
        const char label[] = {(char)('a' + i), '\0'};
        member(label, CERTIFICATE, some, ZC_CMW_ENDORSEMENTS);
    }
    member("evidence", REPORT, some, ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_BAD_WRAPPER);
}

static zc_attest_binding some_binding(void)
{
    zc_attest_binding binding;
    memset(&binding, 0x42, sizeof binding);
    return binding;
}

static zc_slice write_binding(uint8_t room[static ZC_ATTEST_BINDING_SIZE])
{
    zc_writer writer = zc_writer_of(room, ZC_ATTEST_BINDING_SIZE);
    zc_attest_binding binding = some_binding();
    ok(zc_attest_binding_write(&binding, &writer));
    return zc_writer_written(&writer);
}

/* A genuine report that knows nothing of the deployment does not vouch for it. */
static void binding__beside_a_foreign_report__refused(void **state)
{
    (void)state;
    uint8_t room[ZC_ATTEST_BINDING_SIZE];
    if (!have) {
        skip();
    }
    begin(4);
    member("vcek", CERTIFICATE, of(&vcek), ZC_CMW_ENDORSEMENTS);
    member("chain", CERTIFICATE, of(&milan), ZC_CMW_ENDORSEMENTS);
    member("binding", ZC_CMW_TYPE_BINDING, write_binding(room), 0);
    member("evidence", REPORT, of(&report), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(snp), ZC_EVIDENCE_NOT_BOUND);
    assert_false(result.has_binding);
}

static void binding__beside_a_nitro_document__refused(void **state)
{
    (void)state;
    uint8_t room[ZC_ATTEST_BINDING_SIZE];
    begin(2);
    member("binding", ZC_CMW_TYPE_BINDING, write_binding(room), 0);
    member("evidence", ZC_CMW_TYPE_NITRO, maker_document(maker_content()), ZC_CMW_EVIDENCE);
    assert_int_equal(judge(nitro()), ZC_EVIDENCE_BAD_WRAPPER);
}

static void binding__hash_in_the_report_data__taken_and_each_bit_counts(void **state)
{
    (void)state;
    uint8_t room[ZC_ATTEST_BINDING_SIZE];
    zc_wrapped from = {.has_binding = true, .binding = write_binding(room)};
    zc_evidence_result bound = {.kind = ZC_EVIDENCE_SNP, .nonce_len = 64};
    zc_sha512(from.binding, bound.nonce);
    ok(zc_bound_take(&from, &bound));
    assert_true(bound.has_binding);
    assert_int_equal(bound.user_data_len, from.binding.len);
    zc_attest_binding wanted = some_binding();
    assert_memory_equal(&bound.binding, &wanted, sizeof wanted);
    for (size_t bit = 0; bit < 8 * sizeof room; bit++) {
        zc_evidence_result other = {.kind = ZC_EVIDENCE_SNP, .nonce_len = 64};
        memcpy(other.nonce, bound.nonce, 64);
        room[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(zc_is(zc_bound_take(&from, &other), ZC_EVIDENCE_NOT_BOUND));
        assert_false(other.has_binding);
        room[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void mission__by_kind__only_where_it_is_measured(void **state)
{
    (void)state;
    const uint8_t mission[32] = {7};
    uint8_t pcr[48];
    zc_measure_mission(mission, pcr);
    static const zc_evidence_kind kinds[] = {ZC_EVIDENCE_NITRO, ZC_EVIDENCE_SNP, ZC_EVIDENCE_SGX,
                                             ZC_EVIDENCE_TDX};
    for (size_t i = 0; i < 4; i++) {
        zc_evidence_result with = {.kind = kinds[i]};
        assert_false(zc_bound_mission(&with, mission));
        zc_claim_measurement(&with, "PCR16", ZC_SLICE_OF_ARRAY(pcr));
        assert_int_equal(zc_bound_mission(&with, mission), kinds[i] != ZC_EVIDENCE_SNP);
        with.measurement_count = 0;
        zc_claim_measurement(&with, "HOST_DATA", ZC_SLICE_OF_ARRAY(mission));
        assert_int_equal(zc_bound_mission(&with, mission), kinds[i] == ZC_EVIDENCE_SNP);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrap__document__one_record),
        cmocka_unit_test(wrap__no_room__nothing_written),
        cmocka_unit_test(record__type_of_another_kind__refused),
        cmocka_unit_test(collection__with_endorsements__judged_with_them),
        cmocka_unit_test(collection__unsound__refused),
        cmocka_unit_test(binding__beside_a_foreign_report__refused),
        cmocka_unit_test(binding__beside_a_nitro_document__refused),
        cmocka_unit_test(binding__hash_in_the_report_data__taken_and_each_bit_counts),
        cmocka_unit_test(mission__by_kind__only_where_it_is_measured),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
