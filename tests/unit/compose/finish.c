/* The finished request: signatures and passphrase in their places, and nothing without them. */
#include "support.h"

#include "codec/cbor.h"
#include "crypto/hmac.h"

static const zc_compose_passphrase passphrase = {.len = 6, .byte = "p@ss 1"};

/* Each with a secret of the tests. */
static void sign(const zc_composition *composition, uint8_t tags[2][64], zc_slice ret_signatures[2])
{
    const uint8_t secret[] = "secret";
    for (size_t i = 0; i < composition->signing_count; i++) {
        zc_slice preimage = composition->signings[i].is_passphrase
                                ? zc_slice_of(passphrase.byte, passphrase.len)
                                : zc_compose_preimage(composition, i);
        const bool sha512 = composition->signings[i].scheme == ZC_COMPOSE_HMAC_SHA512;
        if (sha512) {
            zc_hmac_sha512_once(secret, 6, preimage, tags[i]);
        } else {
            zc_hmac_sha256_once(secret, 6, preimage, tags[i]);
        }
        ret_signatures[i] = zc_slice_of(tags[i], sha512 ? 64 : 32);
    }
}

static bool contains(zc_slice bytes, const char *text)
{
    return memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
}

static void finish__each_venue__canonical_and_signed(void **state)
{
    (void)state;
    for (int venue = ZC_VENUE_BINANCE_SPOT; venue <= ZC_VENUE_BITMEX; venue++) {
        static zc_composition composition;
        static uint8_t bytes[ZC_COMPOSE_MAX_FINISHED];
        uint8_t tags[2][64];
        zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
        if (venue == ZC_VENUE_COINBASE) {
            continue;
        }
        const zc_order order = limit_order((zc_venue)venue);
        assert_int_equal(prepare(&order, &composition).code, 0);
        sign(&composition, tags, signatures);
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        assert_int_equal(zc_compose_finish(&composition, signatures, &passphrase, &writer).code, 0);
        zc_slice request = zc_writer_written(&writer);
        assert_true(zc_ok(zc_cbor_check_canonical(request)));
        /* In plain at OKX and Bitget; KuCoin's is signed, and nobody else's is sent. */
        assert_int_equal(contains(request, "p@ss 1"),
                         venue == ZC_VENUE_OKX || venue == ZC_VENUE_BITGET);
    }
}

static void finish__something_missing__refused_and_untouched(void **state)
{
    (void)state;
    static zc_composition composition;
    static uint8_t bytes[ZC_COMPOSE_MAX_FINISHED];
    uint8_t tags[2][64];
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    const zc_slice none[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    const zc_order order = limit_order(ZC_VENUE_KUCOIN);
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_int_equal(prepare(&order, &composition).code, 0);
    sign(&composition, tags, signatures);
    assert_int_equal(zc_compose_finish(&composition, none, &passphrase, &writer).code,
                     ZC_COMPOSE_SIGNATURE);
    signatures[1].len = 31;
    assert_int_equal(zc_compose_finish(&composition, signatures, &passphrase, &writer).code,
                     ZC_COMPOSE_SIGNATURE);
    signatures[1].len = 32;
    assert_int_equal(zc_compose_finish(&composition, signatures, NULL, &writer).code,
                     ZC_COMPOSE_PASSPHRASE_MISSING);
    zc_compose_passphrase odd = {.len = 3, .byte = "a\nb"};
    assert_int_equal(zc_compose_finish(&composition, signatures, &odd, &writer).code,
                     ZC_COMPOSE_PASSPHRASE_MISSING);
    odd = (zc_compose_passphrase){.len = 1, .byte = {0xff}};
    assert_int_equal(zc_compose_finish(&composition, signatures, &odd, &writer).code,
                     ZC_COMPOSE_PASSPHRASE_MISSING);
    odd = (zc_compose_passphrase){.len = 65};
    assert_int_equal(zc_compose_finish(&composition, signatures, &odd, &writer).code,
                     ZC_COMPOSE_PASSPHRASE_MISSING);
    assert_int_equal(zc_writer_len(&writer), 0);
}

/* A buffer of every size too small: refused, and the passphrase is not left behind in it. */
static void finish__no_room__nothing_left_behind(void **state)
{
    (void)state;
    static zc_composition composition;
    static uint8_t bytes[ZC_COMPOSE_MAX_FINISHED];
    uint8_t tags[2][64];
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    const zc_order order = limit_order(ZC_VENUE_OKX);
    assert_int_equal(prepare(&order, &composition).code, 0);
    sign(&composition, tags, signatures);
    zc_writer whole = ZC_WRITER_OF_ARRAY(bytes);
    assert_int_equal(zc_compose_finish(&composition, signatures, &passphrase, &whole).code, 0);
    size_t len = zc_writer_len(&whole);
    for (size_t room = 0; room < len; room++) {
        memset(bytes, 0, sizeof bytes);
        zc_writer writer = zc_writer_of(bytes, room);
        assert_int_equal(zc_compose_finish(&composition, signatures, &passphrase, &writer).code,
                         ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
        assert_false(contains(ZC_SLICE_OF_ARRAY(bytes), "p@ss"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finish__each_venue__canonical_and_signed),
        cmocka_unit_test(finish__something_missing__refused_and_untouched),
        cmocka_unit_test(finish__no_room__nothing_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
