/* Every reference value, met and missed; and the mistakes that others' verifiers shipped with. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "attest/measure.h"
#include "evidence/evidence.h"
#include "maker.h"

static zc_evidence_result result;

static int start(void **state)
{
    (void)state;
    maker_start();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    maker_stop();
    return 0;
}

static zc_evidence_options sound(void)
{
    return (zc_evidence_options){.at_seconds = MAKER_NOW, .root_der = maker_root()};
}

static zc_result verify(zc_attest_doc content, zc_evidence_options options)
{
    return zc_evidence_verify(maker_document(content), &options, &result);
}

static void refuses(zc_attest_doc content, zc_evidence_options options, int reason)
{
    zc_result verified = verify(content, options);
    assert_int_equal(verified.code, reason);
    assert_int_equal(result.reason.code, reason);
    assert_false(result.valid || result.hardware || result.has_binding);
    assert_int_equal(result.measurement_count + result.nonce_len + result.user_data_len, 0);
    assert_int_equal(result.check[result.check_count - 1].state, ZC_CHECK_FAILED);
}

static void verify__sound_under_own_root__valid_never_hardware(void **state)
{
    (void)state;
    assert_true(zc_ok(verify(maker_content(), sound())));
    assert_true(result.valid && result.development);
    assert_false(result.hardware);
    assert_int_equal(result.measurement_count, 17);
    assert_string_equal(result.module_id, "i-1-enc1");
    zc_evidence_options options = sound();
    options.accept_debug = true;
    assert_true(zc_ok(verify(maker_content(), options)));
    assert_false(result.hardware);
}

static void verify__no_root_named__aws_alone_is_trusted(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    options.root_der = zc_slice_of(NULL, 0);
    refuses(maker_content(), options, ZC_ATTEST_FOREIGN_ROOT);
}

/* Debug mode under a perfect signature, whatever flags are given. */
static void verify__zero_pcrs__refused_whatever_the_flags(void **state)
{
    (void)state;
    zc_attest_doc doc = maker_content();
    zc_evidence_options options = sound();
    memset(doc.pcr, 0, sizeof doc.pcr);
    refuses(doc, options, ZC_ATTEST_DEBUG_MODE);
    assert_true(result.debug);
    options.accept_debug = true;
    options.tcb_accepted = UINT32_MAX;
    refuses(doc, options, ZC_ATTEST_DEBUG_MODE);
}

static void verify__zero_measurement_expected__refused(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_measurement zero = {.name = "PCR8", .len = 48};
    options.measurements = &zero;
    options.measurement_count = 1;
    refuses(maker_content(), options, ZC_ATTEST_WRONG_PCR);
    zero.len = 0;
    refuses(maker_content(), options, ZC_EVIDENCE_EMPTY_EXPECTATION);
}

static void verify__measurements__each_must_hold(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_measurement wanted[3] = {
        {.name = "PCR0", .len = 48}, {.name = "PCR1", .len = 48}, {.name = "PCR2", .len = 48}};
    for (unsigned i = 0; i < 3; i++) {
        memset(wanted[i].value, (int)(0x10 + i), 48);
    }
    options.measurements = wanted;
    options.measurement_count = 3;
    assert_true(zc_ok(verify(maker_content(), options)));
    for (unsigned i = 0; i < 3; i++) {
        wanted[i].value[47] ^= 1;
        refuses(maker_content(), options, ZC_ATTEST_WRONG_PCR);
        wanted[i].value[47] ^= 1;
    }
    wanted[2].len = 32; /* a prefix is not the value */
    refuses(maker_content(), options, ZC_ATTEST_WRONG_PCR);
    strcpy(wanted[2].name, "PCR31");
    wanted[2].len = 48;
    refuses(maker_content(), options, ZC_ATTEST_MISSING_PCR);
    options.measurement_count = ZC_EVIDENCE_MEASUREMENTS + 1;
    refuses(maker_content(), options, ZC_EVIDENCE_EMPTY_EXPECTATION);
}

static void verify__nonce__exactly_this_one(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_attest_doc doc = maker_content();
    uint8_t nonce[32] = {0x5a};
    options.has_nonce = true;
    options.nonce = ZC_SLICE_OF_ARRAY(nonce);
    assert_true(zc_ok(verify(doc, options)));
    options.nonce.len = 1; /* Nitro's nonce is no report data: nothing is padded */
    refuses(doc, options, ZC_ATTEST_WRONG_NONCE);
    options.nonce.len = 0;
    refuses(doc, options, ZC_ATTEST_WRONG_NONCE);
    doc.has_nonce = false;
    options.nonce.len = 32;
    refuses(doc, options, ZC_ATTEST_WRONG_NONCE);
}

static void verify__module_and_user_data__as_expected(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_attest_doc doc = maker_content();
    doc.has_user_data = true;
    doc.user_data = zc_slice_of_text("hello");
    options.has_module_id = true;
    options.module_id = zc_slice_of_text("i-1-enc1");
    options.has_user_data = true;
    options.user_data = zc_slice_of_text("hello");
    assert_true(zc_ok(verify(doc, options)));
    options.user_data = zc_slice_of_text("hell");
    refuses(doc, options, ZC_EVIDENCE_WRONG_USER_DATA);
    options.module_id = zc_slice_of_text("i-1-enc");
    refuses(doc, options, ZC_EVIDENCE_WRONG_MODULE);
}

static zc_attest_doc bound(const uint8_t mission[static 32], uint8_t room[static 256])
{
    zc_attest_doc doc = maker_content();
    zc_attest_binding binding = {.log_key = {3}, .deployment_id = {4}};
    zc_writer out = zc_writer_of(room, 256);
    memcpy(binding.mission_hash, mission, 32);
    assert_true(zc_ok(zc_attest_binding_write(&binding, &out)));
    zc_measure_mission(mission, doc.pcr[16]);
    doc.has_user_data = true;
    doc.user_data = zc_writer_written(&out);
    return doc;
}

static void verify__mission__measured_not_only_said(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    uint8_t room[256];
    uint8_t mission[32] = {9};
    uint8_t other[32] = {8};
    zc_attest_doc doc = bound(mission, room);
    assert_true(zc_ok(verify(doc, options)));
    assert_true(result.has_binding);
    options.mission_hash = mission;
    assert_true(zc_ok(verify(doc, options)));
    options.mission_hash = other;
    refuses(doc, options, ZC_EVIDENCE_WRONG_MISSION);
    /* The code says one mission; PCR16 holds another. */
    zc_measure_mission(other, doc.pcr[16]);
    refuses(doc, options, ZC_EVIDENCE_WRONG_MISSION);
    options.mission_hash = NULL;
    refuses(doc, options, ZC_EVIDENCE_WRONG_MISSION);
    /* Without a binding PCR16 alone decides. */
    doc.has_user_data = false;
    options.mission_hash = other;
    assert_true(zc_ok(verify(doc, options)));
    doc.pcr_mask &= 0xffff;
    refuses(doc, options, ZC_EVIDENCE_WRONG_MISSION);
}

static void verify__log_key_and_deployment__from_the_binding(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    uint8_t room[256];
    uint8_t mission[32] = {9};
    uint8_t log_key[32] = {3};
    uint8_t deployment[32] = {4};
    options.log_key = log_key;
    options.deployment_id = deployment;
    assert_true(zc_ok(verify(bound(mission, room), options)));
    log_key[31] = 1;
    refuses(bound(mission, room), options, ZC_EVIDENCE_WRONG_LOG_KEY);
    deployment[0] = 5;
    refuses(bound(mission, room), options, ZC_EVIDENCE_WRONG_DEPLOYMENT);
    refuses(maker_content(), options, ZC_EVIDENCE_NOT_BOUND);
}

static void verify__time__inside_every_certificate_and_after_the_document(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_attest_doc doc = maker_content();
    options.at_seconds = MAKER_NOW + 3601;
    refuses(doc, options, ZC_ATTEST_EXPIRED);
    options.at_seconds = MAKER_NOW - 3601;
    refuses(doc, options, ZC_ATTEST_NOT_YET_VALID);
    options.at_seconds = MAKER_NOW - 301;
    refuses(doc, options, ZC_ATTEST_FROM_THE_FUTURE);
    options.at_seconds = MAKER_NOW - 300;
    assert_true(zc_ok(verify(doc, options)));
}

/* A cache spares signatures, never dates, roots or documents. */
static void verify__cached_chain__the_same_verdicts(void **state)
{
    (void)state;
    zc_attest_cache cache = {0};
    zc_evidence_options options = sound();
    zc_attest_doc doc = maker_content();
    options.cache = &cache;
    assert_true(zc_ok(verify(doc, options)));
    assert_true(zc_ok(verify(doc, options)));
    assert_int_equal(cache.next, 1);
    options.at_seconds = MAKER_NOW + 3601;
    refuses(doc, options, ZC_ATTEST_EXPIRED);
    options.at_seconds = MAKER_NOW - 3601;
    refuses(doc, options, ZC_ATTEST_NOT_YET_VALID);
    options = (zc_evidence_options){.at_seconds = MAKER_NOW, .cache = &cache};
    refuses(doc, options, ZC_ATTEST_FOREIGN_ROOT);
    options = sound();
    options.cache = &cache;
    zc_slice good = maker_document(doc);
    uint8_t altered[ZC_ATTEST_DOCUMENT_MAX];
    memcpy(altered, good.data, good.len);
    altered[good.len - 1] ^= 1;
    assert_true(zc_is(zc_evidence_verify(zc_slice_of(altered, good.len), &options, &result),
                      ZC_ATTEST_BAD_SIGNATURE));
}

static void verify__wrapped__the_same_document(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    zc_slice good = maker_document(maker_content());
    uint8_t bytes[ZC_ATTEST_DOCUMENT_MAX + 64];
    zc_writer out = ZC_WRITER_OF_ARRAY(bytes);
    assert_true(zc_ok(zc_write_slice(&out, ZC_SLICE_OF_ARRAY(((const uint8_t[]){0x83, 0x60})))));
    assert_true(zc_ok(zc_write_u8(&out, 0x59)));
    assert_true(zc_ok(zc_write_u16(&out, (uint16_t)good.len)));
    assert_true(zc_ok(zc_write_slice(&out, good)));
    assert_true(zc_ok(zc_write_u8(&out, 4)));
    zc_slice wrapped = zc_writer_written(&out);
    assert_true(zc_ok(zc_evidence_verify(wrapped, &options, &result)));
    bytes[wrapped.len - 1] = 1; /* reference values are no evidence */
    assert_true(zc_is(zc_evidence_verify(wrapped, &options, &result), ZC_EVIDENCE_BAD_WRAPPER));
    bytes[wrapped.len - 1] = 4;
    assert_true(zc_is(zc_evidence_verify(zc_slice_of(bytes, wrapped.len - 1), &options, &result),
                      ZC_EVIDENCE_BAD_WRAPPER));
}

static void verify__another_kind_asked_for__refused(void **state)
{
    (void)state;
    zc_evidence_options options = sound();
    options.kind = ZC_EVIDENCE_SNP;
    refuses(maker_content(), options, ZC_EVIDENCE_UNKNOWN_KIND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify__sound_under_own_root__valid_never_hardware),
        cmocka_unit_test(verify__no_root_named__aws_alone_is_trusted),
        cmocka_unit_test(verify__zero_pcrs__refused_whatever_the_flags),
        cmocka_unit_test(verify__zero_measurement_expected__refused),
        cmocka_unit_test(verify__measurements__each_must_hold),
        cmocka_unit_test(verify__nonce__exactly_this_one),
        cmocka_unit_test(verify__module_and_user_data__as_expected),
        cmocka_unit_test(verify__mission__measured_not_only_said),
        cmocka_unit_test(verify__log_key_and_deployment__from_the_binding),
        cmocka_unit_test(verify__time__inside_every_certificate_and_after_the_document),
        cmocka_unit_test(verify__cached_chain__the_same_verdicts),
        cmocka_unit_test(verify__wrapped__the_same_document),
        cmocka_unit_test(verify__another_kind_asked_for__refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
