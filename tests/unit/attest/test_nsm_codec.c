#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "attest/measure.h"
#include "attest/nsm.h"
#include "base/hex.h"

static uint8_t bytes[ZC_NSM_RESPONSE_MAX];

static zc_slice from_hex(const char *hex)
{
    size_t len;
    assert_true(zc_ok(zc_hex_decode_some(zc_slice_of_text(hex), bytes, sizeof bytes, &len)));
    return zc_slice_of(bytes, len);
}

static void assert_written(zc_writer *writer, const char *hex)
{
    char text[512];
    zc_slice written = zc_writer_written(writer);
    assert_true(written.len * 2 < sizeof text);
    zc_hex_encode(written, text);
    assert_string_equal(text, hex);
    writer->at = writer->start;
}

/* As serde_cbor encodes the same values for the published library. */
static void request_write__each_kind__known_bytes(void **state)
{
    (void)state;
    uint8_t out[256];
    zc_writer w = ZC_WRITER_OF_ARRAY(out);
    assert_true(zc_ok(zc_nsm_request_describe(&w)));
    assert_written(&w, "6b44657363726962654e534d");
    assert_true(zc_ok(zc_nsm_request_random(&w)));
    assert_written(&w, "6947657452616e646f6d");
    assert_true(zc_ok(zc_nsm_request_describe_pcr(&w, 16)));
    assert_written(&w, "a16b4465736372696265504352a165696e64657810");
    assert_true(zc_ok(zc_nsm_request_extend_pcr(&w, 16, zc_slice_of_text("ab"))));
    assert_written(&w, "a169457874656e64504352a265696e6465781064646174614261"
                       "62");
    assert_true(zc_ok(zc_nsm_request_lock_pcr(&w, 300)));
    assert_written(&w, "a1674c6f636b504352a165696e64657819012c");
    assert_true(zc_ok(zc_nsm_request_lock_pcrs(&w, 17)));
    assert_written(&w, "a1684c6f636b50435273a16572616e676511");
    assert_true(zc_ok(zc_nsm_request_attestation(&w, zc_nsm_field_of(zc_slice_of_text("u")),
                                                 (zc_nsm_field){0}, (zc_nsm_field){0})));
    assert_written(&w, "a16b4174746573746174696f6ea369757365725f646174614175656e6f6e6365f66a707562"
                       "6c69635f6b6579f6");
}

static void request_parse__other_encoders__taken(void **state)
{
    (void)state;
    zc_nsm_request request;
    /* Indefinite maps, wide numbers, keys in another order, absent fields. */
    assert_true(zc_ok(zc_nsm_request_parse(from_hex("bf69457874656e64504352bf6464617461425858"
                                                    "65696e6465781a00000010ffff"),
                                           &request)));
    assert_int_equal(request.op, ZC_NSM_EXTEND_PCR);
    assert_int_equal(request.index, 16);
    assert_int_equal(request.data.len, 2);
    assert_true(zc_ok(zc_nsm_request_parse(from_hex("a16b4174746573746174696f6ea0"), &request)));
    assert_false(request.nonce.present);
}

static void request_parse__malformed__refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",                                                       /* nothing */
        "a0",                                                     /* an empty map */
        "6947657452616e646f6e",                                   /* GetRandon */
        "6947657452616e646f6d00",                                 /* trailing */
        "a16947657452616e646f6da0",                               /* a body that it has not */
        "674c6f636b504352",                                       /* a body that it lacks */
        "a1674c6f636b504352a0",                                   /* no index */
        "a1674c6f636b504352a16572616e676501",                     /* the wrong field */
        "a1674c6f636b504352a165696e6465781a00010000",             /* index above 16 bits */
        "a1674c6f636b504352a165696e64657820",                     /* negative */
        "a1674c6f636b504352a265696e6465780165696e64657802",       /* index twice */
        "a2674c6f636b504352a165696e64657801674c6f636b504352a165", /* two requests */
        "bf674c6f636b504352a165696e64657801",                     /* no break */
        "9fffff",
    };
    zc_nsm_request request = {.index = 77};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(
            zc_is(zc_nsm_request_parse(from_hex(cases[i]), &request), ZC_ATTEST_BAD_REQUEST));
    }
    assert_int_equal(request.index, 77);
    assert_true(zc_is(zc_nsm_request_parse(zc_slice_of(bytes, ZC_NSM_REQUEST_MAX + 1), &request),
                      ZC_ATTEST_BAD_REQUEST));
}

static zc_nsm_response sample(zc_nsm_op op)
{
    static const uint8_t value[48] = {1, 2, 3};
    return (zc_nsm_response){.op = op,
                             .bytes = ZC_SLICE_OF_ARRAY(value),
                             .locked = true,
                             .version = {1, 2, 300},
                             .max_pcrs = 32,
                             .locked_pcrs = 0x8001ffff,
                             .module_id = zc_slice_of_text("i-1-enc2"),
                             .digest = zc_slice_of_text("SHA384")};
}

static void response__each_kind__round_trip(void **state)
{
    (void)state;
    for (int op = ZC_NSM_DESCRIBE; op <= ZC_NSM_ATTESTATION; op++) {
        zc_nsm_response written = sample((zc_nsm_op)op);
        zc_nsm_response read;
        zc_writer w = ZC_WRITER_OF_ARRAY(bytes);
        assert_true(zc_ok(zc_nsm_response_write(&w, &written)));
        zc_slice response = zc_writer_written(&w);
        assert_true(zc_ok(zc_nsm_response_expect(response, (zc_nsm_op)op, &read)));
        if (read.bytes.len != 0) {
            assert_true(zc_slice_eq(read.bytes, written.bytes));
        }
        if (op == ZC_NSM_DESCRIBE) {
            assert_int_equal(read.locked_pcrs, 0x8001ffff);
            assert_int_equal(read.version[2], 300);
            assert_true(zc_slice_eq(read.module_id, written.module_id));
        }
        zc_nsm_op other = op == ZC_NSM_DESCRIBE ? ZC_NSM_GET_RANDOM : ZC_NSM_DESCRIBE;
        assert_true(
            zc_is(zc_nsm_response_expect(response, other, &read), ZC_ATTEST_WRONG_RESPONSE));
        for (size_t len = 0; len < response.len; len++) {
            assert_true(zc_is(zc_nsm_response_parse(zc_slice_of(bytes, len), &read),
                              ZC_ATTEST_BAD_RESPONSE));
        }
    }
}

static void response__each_error__own_reason(void **state)
{
    (void)state;
    static const int reasons[] = {
        [ZC_NSM_ERROR_INVALID_ARGUMENT] = ZC_ATTEST_NSM_INVALID_ARGUMENT,
        [ZC_NSM_ERROR_INVALID_INDEX] = ZC_ATTEST_NSM_INVALID_INDEX,
        [ZC_NSM_ERROR_INVALID_RESPONSE] = ZC_ATTEST_NSM_INTERNAL,
        [ZC_NSM_ERROR_READ_ONLY_INDEX] = ZC_ATTEST_NSM_READ_ONLY,
        [ZC_NSM_ERROR_INVALID_OPERATION] = ZC_ATTEST_NSM_INVALID_OPERATION,
        [ZC_NSM_ERROR_BUFFER_TOO_SMALL] = ZC_ATTEST_NSM_TOO_LARGE,
        [ZC_NSM_ERROR_INPUT_TOO_LARGE] = ZC_ATTEST_NSM_TOO_LARGE,
        [ZC_NSM_ERROR_INTERNAL] = ZC_ATTEST_NSM_INTERNAL,
    };
    for (int error = 1; error <= ZC_NSM_ERROR_INTERNAL; error++) {
        zc_writer w = ZC_WRITER_OF_ARRAY(bytes);
        zc_nsm_response response = {.error = (zc_nsm_error)error};
        assert_true(zc_ok(zc_nsm_response_write(&w, &response)));
        assert_true(
            zc_is(zc_nsm_response_done(zc_writer_written(&w), ZC_NSM_LOCK_PCR), reasons[error]));
    }
    /* "Success" and names from the future are errors all the same. */
    assert_true(
        zc_is(zc_nsm_response_done(from_hex("a1654572726f726753756363657373"), ZC_NSM_LOCK_PCR),
              ZC_ATTEST_NSM_INTERNAL));
    assert_true(zc_is(zc_nsm_response_done(from_hex("a1654572726f72634e6577"), ZC_NSM_LOCK_PCR),
                      ZC_ATTEST_NSM_INTERNAL));
}

static void response__useless_content__refused(void **state)
{
    (void)state;
    zc_slice out;
    uint8_t pcr[48];
    bool locked;
    assert_true(
        zc_is(zc_nsm_response_random(from_hex("a16947657452616e646f6da16672616e646f6d40"), &out),
              ZC_ATTEST_BAD_RESPONSE));
    assert_true(zc_is(zc_nsm_response_document(
                          from_hex("a16b4174746573746174696f6ea168646f63756d656e7440"), &out),
                      ZC_ATTEST_BAD_RESPONSE));
    assert_true(zc_is(zc_nsm_response_pcr(from_hex("a16b4465736372696265504352a2646c6f636bf5646461"
                                                   "74614101"),
                                          pcr, &locked),
                      ZC_ATTEST_BAD_RESPONSE));
}

/* SHA384(0^48 ‖ …), computed with another implementation. */
static void measure__known_values__match(void **state)
{
    (void)state;
    uint8_t pcr[48] = {0};
    char text[97];
    zc_measure_pcr(zc_slice_of_text("abc"), pcr);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(pcr), text);
    assert_string_equal(text, "93732e3733514a841c982cfa75ea76ab55fe011acb9cd980ef4523913c65be1b0998"
                              "e04d77f8c174f81a82151619ca40");
    memset(pcr, 0, sizeof pcr);
    zc_pcr_extend(pcr, zc_slice_of_text("abc"));
    zc_hex_encode(ZC_SLICE_OF_ARRAY(pcr), text);
    assert_string_equal(text, "b1c16eb7634112b7c9d5ebd27e62a2d4528bbfcfd68b62d3afd9ecf98e0f413a8431"
                              "4acce78317fb69fd895155343e09");
    uint8_t hash[32] = {0};
    uint8_t mission[48];
    zc_measure_mission(hash, mission);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(mission), text);
    assert_string_equal(text, "6c524a55033dc4d549c9167996954c6c2a0dc75cfdf669d6df72422fd18629cab16c"
                              "6aca05866b445eacc215760e5be2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_write__each_kind__known_bytes),
        cmocka_unit_test(request_parse__other_encoders__taken),
        cmocka_unit_test(request_parse__malformed__refused),
        cmocka_unit_test(response__each_kind__round_trip),
        cmocka_unit_test(response__each_error__own_reason),
        cmocka_unit_test(response__useless_content__refused),
        cmocka_unit_test(measure__known_values__match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
