#include "cases.h"

#include "codec/cbor.h"
#include "codec/cose.h"

/* [<<{1: −35}>>, {}, 'pay', 'sig'] */
#define GOOD "8444a1013822a04370617943736967"

static void parse__untagged_and_tagged__the_parts(void **state)
{
    (void)state;
    static const char *const cases[] = {GOOD, "d2" GOOD};
    for (size_t i = 0; i < 2; i++) {
        test_bytes input = from_hex(cases[i]);
        zc_cose_sign1 message;
        assert_ok(zc_cose_sign1_parse(view(&input), &message));
        assert_int_equal(message.alg, ZC_COSE_ALG_ES384);
        assert_int_equal(message.protected_header.len, 4);
        assert_true(zc_slice_eq_text(message.payload, "pay"));
        assert_true(zc_slice_eq_text(message.signature, "sig"));
        uint8_t buffer[32];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_cose_sign1_write(&writer, message.protected_header, message.payload,
                                      message.signature, i == 1));
        assert_written(&writer, cases[i]);
    }
}

static void parse__anything_else__refused(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int reason;
    } cases[] = {
        {GOOD "00", ZC_BASE_TRAILING},
        {"d3"
         "8444a1013822a04370617943736967",
         ZC_CODEC_COSE_SHAPE}, /* another tag */
        {"d2d2"
         "8444a1013822a04370617943736967",
         ZC_CODEC_WRONG_TYPE},                                        /* tagged twice */
        {"9f44a1013822a04370617943736967ff", ZC_CODEC_NOT_CANONICAL}, /* indefinite */
        {"980444a1013822a04370617943736967", ZC_CODEC_NOT_CANONICAL}, /* long count */
        {"8344a1013822a043706179", ZC_CODEC_COSE_SHAPE},              /* three parts */
        {"8544a1013822a0437061794373696700", ZC_CODEC_TOO_MANY},      /* five */
        {"8444a1013822a0f643736967", ZC_CODEC_WRONG_TYPE},            /* detached payload */
        {"8440a04370617943736967", ZC_CODEC_COSE_NO_ALGORITHM},       /* nothing protected */
        {"8441a0a04370617943736967", ZC_CODEC_COSE_NO_ALGORITHM},     /* an empty map */
        {"8440a101264370617943736967", ZC_CODEC_COSE_NO_ALGORITHM},   /* only unprotected */
        {"8444a1013822a101264370617943736967", ZC_CODEC_KEY_ORDER},   /* in both maps */
        {"8446a201260126"
         "a04370617943736967",
         ZC_BASE_TRUNCATED}, /* map of two, cut */
        {"8445a201260126"
         "a04370617943736967",
         ZC_CODEC_KEY_ORDER}, /* alg twice */
        {"8446a2012602810a"
         "a04370617943736967",
         ZC_CODEC_COSE_CRITICAL},
        {"8446a204410a0126"
         "a04370617943736967",
         ZC_CODEC_KEY_ORDER},                                    /* kid before alg */
        {"8444a1016122a04370617943736967", ZC_CODEC_WRONG_TYPE}, /* alg as text */
        {"8445a10138"
         "2200a04370617943736967",
         ZC_BASE_TRAILING}, /* bytes after the map */
        {"84431901"
         "00a04370617943736967",
         ZC_CODEC_WRONG_TYPE},                                   /* no map */
        {"8444a1013822804370617943736967", ZC_CODEC_WRONG_TYPE}, /* headers as array */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i].hex);
        zc_cose_sign1 message;
        zc_result result = zc_cose_sign1_parse(view(&input), &message);
        if (!zc_is(result, cases[i].reason)) {
            fail_msg("%s: reason %#x", cases[i].hex, result.code);
        }
    }
}

static void parse__every_prefix__truncated(void **state)
{
    (void)state;
    test_bytes input = from_hex("d2" GOOD);
    for (size_t len = 0; len < input.len; len++) {
        zc_cose_sign1 message;
        assert_fails(zc_cose_sign1_parse(zc_slice_of(input.data, len), &message),
                     ZC_BASE_TRUNCATED);
    }
}

static void parse_unprotected__algorithm_outside__taken(void **state)
{
    (void)state;
    test_bytes input = from_hex("8440a201260442313143706179"
                                "43736967");
    zc_cose_sign1 message;
    assert_ok(zc_cose_sign1_parse_unprotected(view(&input), &message));
    assert_int_equal(message.alg, ZC_COSE_ALG_ES256);
}

static void tbs__empty_map_or_nothing__same_bytes(void **state)
{
    (void)state;
    static const char *const cases[] = {"8440a101264370617943736967",
                                        "8441a0a101264370617943736967"};
    for (size_t i = 0; i < 2; i++) {
        test_bytes input = from_hex(cases[i]);
        zc_cose_sign1 message;
        assert_ok(zc_cose_sign1_parse_unprotected(view(&input), &message));
        uint8_t buffer[64];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_cose_sign1_tbs(&message, zc_slice_of_text("aad"), &writer));
        assert_written(&writer, "846a5369676e61747572653140"
                                "43616164"
                                "43706179");
    }
}

static void tbs__one_byte_short_of_room__writer_unmoved(void **state)
{
    (void)state;
    test_bytes input = from_hex(GOOD);
    zc_cose_sign1 message;
    assert_ok(zc_cose_sign1_parse(view(&input), &message));
    uint8_t buffer[21];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_fails(zc_cose_sign1_tbs(&message, zc_slice_of(NULL, 0), &writer), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__untagged_and_tagged__the_parts),
        cmocka_unit_test(parse__anything_else__refused),
        cmocka_unit_test(parse__every_prefix__truncated),
        cmocka_unit_test(parse_unprotected__algorithm_outside__taken),
        cmocka_unit_test(tbs__empty_map_or_nothing__same_bytes),
        cmocka_unit_test(tbs__one_byte_short_of_room__writer_unmoved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
