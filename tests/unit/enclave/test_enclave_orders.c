/* Venue orders: composed, judged, logged and signed inside, by keys that sign nothing else. */
#include "check.h"

#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/hmac.h"
#include "crypto/verify.h"
#include "intent/order_cbor.h"
#include "ring.h"

static zc_decimal decimal(const char *text)
{
    zc_decimal value;
    assert_ok(zc_decimal_read(zc_slice_of_text(text), &value));
    return value;
}

static zc_order limit_order(zc_venue venue, const char *market)
{
    zc_order order = {.venue = venue,
                      .action = ZC_OPERATION_ORDER_PLACE,
                      .side = ZC_SIDE_BUY,
                      .type = ZC_ORDER_LIMIT,
                      .tif = ZC_TIF_GTC,
                      .price = decimal("30000.10"),
                      .quantity = decimal("0.5")};
    strcpy(order.market, market);
    if (venue == ZC_VENUE_OKX) {
        order.tif = ZC_TIF_NONE;
        strcpy(order.account, "cash");
    }
    if (venue == ZC_VENUE_KUCOIN) {
        strcpy(order.client_id, "maker-1");
    }
    return order;
}

static void import_mac(driver *drv, const char *name, zc_key_kind kind, const char *secret,
                       const char *passphrase)
{
    const zc_key_material material = driver_mac(kind, secret, passphrase);
    assert_int_equal(
        driver_import(drv, driver_connect(drv, ALICE), name, &material, "my-api-key", 0).status,
        ZC_STATUS_OK);
}

/* The finished request's parts. */
typedef struct finished {
    zc_slice method, path, body;
    size_t count;
    zc_slice name[16], value[16];
} finished;

static finished read_finished(const zc_reply *reply)
{
    finished request = {0};
    size_t fields;
    assert_true(reply->sign.has_artefact);
    zc_reader in = zc_reader_of(reply->sign.artefact);
    assert_ok(zc_cbor_get_map(&in, 4, &fields));
    assert_ok(zc_cbor_get_key_uint(&in, 1));
    assert_ok(zc_cbor_get_text(&in, &request.method));
    assert_ok(zc_cbor_get_key_uint(&in, 2));
    assert_ok(zc_cbor_get_text(&in, &request.path));
    assert_ok(zc_cbor_get_key_uint(&in, 3));
    assert_ok(zc_cbor_get_array(&in, 16, &request.count));
    for (size_t i = 0; i < request.count; i++) {
        assert_ok(zc_cbor_get_array(&in, 2, &fields));
        assert_ok(zc_cbor_get_text(&in, &request.name[i]));
        assert_ok(zc_cbor_get_text(&in, &request.value[i]));
    }
    assert_ok(zc_cbor_get_key_uint(&in, 4));
    assert_ok(zc_cbor_get_bytes(&in, &request.body));
    assert_ok(zc_reader_end(&in));
    return request;
}

static void assert_order_signed(const zc_reply *reply)
{
    assert_int_equal(reply->status, ZC_STATUS_OK);
    assert_true(reply->sign.has_artefact);
}

static void order__hmac__signs_the_parameters_that_leave(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "binance", ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    const zc_order order = limit_order(ZC_VENUE_BINANCE_SPOT, "BTCUSDT");
    zc_reply reply = driver_sign_order(drv, driver_connect(drv, BOT), "binance", &order);
    assert_order_signed(&reply);
    const finished request = read_finished(&reply);
    /* The parameters in the body, and the signature as the last of them. */
    const size_t tail = strlen("&signature=") + 64;
    assert_true(request.body.len > tail);
    const zc_slice signed_part = zc_slice_of(request.body.data, request.body.len - tail);
    uint8_t tag[32];
    zc_hmac_sha256_once((const uint8_t *)"secret", 6, signed_part, tag);
    assert_int_equal(reply.sign.signature.len, 32);
    assert_memory_equal(reply.sign.signature.data, tag, 32);
    assert_int_equal(driver_last_entry(drv).kind, ZC_AUDIT_DECISION);
    assert_memory_equal(driver_last_entry(drv).digest, reply.sign.digest, 32);
    driver_free(drv);
}

static void order__passphrase__is_in_the_request_and_nowhere_else(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "okx", ZC_KEY_KIND_HMAC_SHA256, "venue api secret", "hunter two");
    const zc_order order = limit_order(ZC_VENUE_OKX, "BTC-USDT");
    zc_reply reply = driver_sign_order(drv, driver_connect(drv, BOT), "okx", &order);
    assert_order_signed(&reply);
    assert_non_null(memmem(drv->reply, drv->reply_len, "hunter two", 10));
    assert_null(memmem(drv->reply, drv->reply_len, "venue api secret", 16));
    /* What the host keeps: entries, openings, sealed keys. */
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        const driver_entry *entry = &drv->store.entry[i];
        assert_null(memmem(entry->entry.data, entry->entry.len, "hunter two", 10));
        assert_null(memmem(entry->opening.data, entry->opening.len, "hunter two", 10));
        assert_null(memmem(entry->opening.data, entry->opening.len, "venue api secret", 16));
    }
    assert_null(memmem(drv->store.key[0].sealed.data, drv->store.key[0].sealed.len, "hunter", 6));
    /* And the enclave's own memory outside its vault. */
    assert_null(memmem(drv->enclave, zc_enclave_size(DRIVER_KEYS), "hunter two", 10));
    assert_null(memmem(drv->enclave, zc_enclave_size(DRIVER_KEYS), "venue api secret", 16));
    driver_free(drv);
}

static void order__passphrase_that_is_signed__never_leaves(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "kucoin", ZC_KEY_KIND_HMAC_SHA256, "secret", "hunter two");
    const zc_order order = limit_order(ZC_VENUE_KUCOIN, "BTC-USDT");
    zc_reply reply = driver_sign_order(drv, driver_connect(drv, BOT), "kucoin", &order);
    assert_order_signed(&reply);
    assert_null(memmem(drv->reply, drv->reply_len, "hunter", 6));
    driver_free(drv);
}

static void
order__key_that_lacks_what_the_venue_wants__refused_before_anything_is_spent(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    import_mac(drv, "sha256", ZC_KEY_KIND_HMAC_SHA256, "one", "");
    import_mac(drv, "sha512", ZC_KEY_KIND_HMAC_SHA512, "two", "");
    driver_create(drv, alice, "p256", ZC_CURVE_P256);
    driver_create(drv, alice, "secp", ZC_CURVE_SECP256K1);
    const struct {
        const char *key;
        zc_venue venue;
        const char *market;
        int reason;
    } rows[] = {
        {"sha256", ZC_VENUE_KRAKEN, "XBTUSD", ZC_ENCLAVE_HMAC_KIND},
        {"sha512", ZC_VENUE_BINANCE_SPOT, "BTCUSDT", ZC_ENCLAVE_HMAC_KIND},
        {"sha256", ZC_VENUE_OKX, "BTC-USDT", ZC_COMPOSE_PASSPHRASE_MISSING},
        {"sha256", ZC_VENUE_KUCOIN, "BTC-USDT", ZC_COMPOSE_PASSPHRASE_MISSING},
        {"p256", ZC_VENUE_BINANCE_SPOT, "BTCUSDT", ZC_COMPOSE_KEY_KIND},
        {"secp", ZC_VENUE_KRAKEN, "XBTUSD", ZC_COMPOSE_KEY_KIND},
    };
    size_t entries = drv->store.entry_count;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const zc_order order = limit_order(rows[i].venue, rows[i].market);
        assert_failed(driver_sign_order(drv, bot, rows[i].key, &order), rows[i].reason);
    }
    assert_int_equal(drv->store.entry_count, entries);
    driver_free(drv);
}

static void venue_key__anything_but_an_order__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    zc_key_material material = {.kind = ZC_KEY_KIND_ED25519};
    memset(material.secret.scalar.byte, 0x31, 32);
    assert_int_equal(driver_import(drv, alice, "named", &material, "my-api-key", 0).status, 0);
    memset(material.secret.scalar.byte, 0x32, 32);
    assert_int_equal(
        driver_import(drv, alice, "bound", &material, "", ZC_VENUE_BINANCE_SPOT).status, 0);
    memset(material.secret.scalar.byte, 0x33, 32);
    memcpy(material.passphrase.byte, "pass", material.passphrase.len = 4);
    assert_int_equal(driver_import(drv, alice, "phrase", &material, "", 0).status, 0);
    import_mac(drv, "mac", ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    zc_request create = {.op = ZC_OP_KEY_CREATE,
                         .key_create = {.name = zc_slice_of_text("agent"),
                                        .kind = ZC_KEY_KIND_SECP256K1,
                                        .tier = ZC_TIER_HOT,
                                        .nonce_mode = ZC_NONCE_HEDGED,
                                        .has_venue = true,
                                        .venue = ZC_VENUE_HYPERLIQUID}};
    assert_int_equal(driver_ask(drv, alice, &create).status, ZC_STATUS_OK);
    static const char *const names[] = {"named", "bound", "phrase", "mac", "agent"};
    /* What Binance takes for an order, once it is signed. */
    const zc_slice text = zc_slice_of_text("symbol=BTCUSDT&side=BUY&timestamp=1767225600000");
    uint8_t digest[32] = {1};
    for (int boot = 0; boot < 2; boot++) {
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            for (int family = ZC_FAMILY_NONE; family <= ZC_FAMILY_COSMOS; family++) {
                assert_failed(
                    driver_sign(drv, bot, names[i], ZC_USE_MESSAGE, (zc_family)family, text),
                    ZC_ENCLAVE_VENUE_KEY);
                assert_failed(driver_sign(drv, bot, names[i], ZC_USE_TX, (zc_family)family, text),
                              ZC_ENCLAVE_VENUE_KEY);
            }
            assert_failed(driver_sign(drv, bot, names[i], ZC_USE_DIGEST, ZC_FAMILY_NONE,
                                      ZC_SLICE_OF_ARRAY(digest)),
                          ZC_ENCLAVE_VENUE_KEY);
            assert_failed(driver_sign(drv, bot, names[i], ZC_USE_TYPED_DATA, ZC_FAMILY_EVM, text),
                          ZC_ENCLAVE_VENUE_KEY);
        }
        driver_start(drv); /* and they know it after a restart */
        bot = driver_connect(drv, BOT);
    }
    driver_free(drv);
}

static void bound_key__order_for_another_venue__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    const zc_key_material material = driver_mac(ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    zc_reply reply = driver_import(drv, alice, "k", &material, "api", ZC_VENUE_BINANCE_SPOT);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_true(reply.key.has_venue && reply.key.venue == ZC_VENUE_BINANCE_SPOT);
    assert_true(zc_slice_eq_text(reply.key.api_key, "api"));
    zc_order order = limit_order(ZC_VENUE_BYBIT, "BTCUSDT");
    strcpy(order.account, "spot");
    assert_failed(driver_sign_order(drv, bot, "k", &order), ZC_ENCLAVE_OTHER_VENUE);
    order = limit_order(ZC_VENUE_BINANCE_SPOT, "BTCUSDT");
    reply = driver_sign_order(drv, bot, "k", &order);
    assert_order_signed(&reply);
    driver_free(drv);
}

static void order__ed25519_key__signs_the_preimage_itself(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    zc_key_material material = {.kind = ZC_KEY_KIND_ED25519};
    memset(material.secret.scalar.byte, 0x31, 32);
    driver_import(drv, driver_connect(drv, ALICE), "ed", &material, "my-api-key", 0);
    const zc_order order = limit_order(ZC_VENUE_BINANCE_SPOT, "BTCUSDT");
    zc_reply reply = driver_sign_order(drv, driver_connect(drv, BOT), "ed", &order);
    assert_order_signed(&reply);
    const zc_key *key = ring_named(drv, "ed");
    const zc_slice preimage = zc_compose_preimage(&drv->enclave->composition, 0);
    assert_true(preimage.len > 0);
    assert_ok(zc_verify_ed25519(key->signer->pubkey.byte, preimage, reply.sign.signature.data));
    driver_free(drv);
}

/* The nonce that a Kraken request carries. */
static uint64_t kraken_nonce(driver *drv, uint64_t bot, uint64_t time_ms)
{
    zc_order order = limit_order(ZC_VENUE_KRAKEN, "XBTUSD");
    order.time_ms = time_ms;
    zc_reply reply = driver_sign_order(drv, bot, "kraken", &order);
    assert_order_signed(&reply);
    const finished request = read_finished(&reply);
    const char *at = memmem(request.body.data, request.body.len, "nonce=", 6);
    assert_non_null(at);
    uint64_t nonce = 0;
    for (at += 6; *at >= '0' && *at <= '9'; at++) {
        nonce = 10 * nonce + (uint64_t)(*at - '0');
    }
    assert_true(nonce > 0);
    return nonce;
}

static void nonce__same_clock_and_restarts__always_grows(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "kraken", ZC_KEY_KIND_HMAC_SHA512, "secret", "");
    uint64_t bot = driver_connect(drv, BOT);
    uint64_t last = 0;
    for (int i = 0; i < 60; i++) {
        if (i % 20 == 10) {
            driver_start(drv);
            bot = driver_connect(drv, BOT);
        }
        if (i % 20 == 15) { /* of its own, within the minute */
            uint64_t own = (uint64_t)drv->now_ms + 30000;
            assert_true(kraken_nonce(drv, bot, own) >= own);
            last = own;
        }
        uint64_t nonce = kraken_nonce(drv, bot, 0);
        assert_true(nonce > last);
        last = nonce;
    }
    /* It follows the clock again once that is ahead. */
    drv->now_ms += 3600 * DRIVER_SECOND;
    assert_int_equal(kraken_nonce(drv, bot, 0), drv->now_ms);
    driver_free(drv);
}

static void nonce__denied_order__uses_none(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    import_mac(drv, "kraken", ZC_KEY_KIND_HMAC_SHA512, "secret", "");
    const zc_order order = limit_order(ZC_VENUE_KRAKEN, "XBTUSD");
    zc_reply reply = driver_sign_order(drv, driver_connect(drv, BOT), "kraken", &order);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(drv->enclave->keyring.place[0].last_nonce, 0);
    assert_int_equal(ring_track(drv, 0).uses, 0);
    assert_null(memmem(drv->reply, drv->reply_len, "/0/private", 10));
    driver_start(drv);
    assert_true(drv->serving);
    assert_int_equal(drv->enclave->keyring.place[0].last_nonce, 0);
    driver_free(drv);
}

static void time__of_the_order__is_neither_tomorrow_nor_over(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "binance", ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    uint64_t bot = driver_connect(drv, BOT);
    zc_order order = limit_order(ZC_VENUE_BINANCE_SPOT, "BTCUSDT");
    order.time_ms = (uint64_t)drv->now_ms + 60001;
    assert_failed(driver_sign_order(drv, bot, "binance", &order), ZC_ENCLAVE_ORDER_TIME);
    order.time_ms = (uint64_t)drv->now_ms + 60000;
    zc_reply reply = driver_sign_order(drv, bot, "binance", &order);
    assert_order_signed(&reply);
    /* Binance takes it for five seconds. */
    order.time_ms = (uint64_t)drv->now_ms - 60000;
    assert_failed(driver_sign_order(drv, bot, "binance", &order), ZC_ENCLAVE_ORDER_EXPIRED);
    order.time_ms = (uint64_t)drv->now_ms - 4000;
    reply = driver_sign_order(drv, bot, "binance", &order);
    assert_order_signed(&reply);
    driver_free(drv);
}

static void order__texts_that_would_begin_another_field__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "okx", ZC_KEY_KIND_HMAC_SHA256, "secret", "pass");
    import_mac(drv, "binance", ZC_KEY_KIND_HMAC_SHA256, "secret2", "");
    uint64_t bot = driver_connect(drv, BOT);
    static const char *const texts[] = {
        "a\",\"sz\":\"99", "a&quantity=99", "a\\", "a%22", "a b", "a?b", "a#b", "a{}"};
    size_t entries = drv->store.entry_count;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        zc_order order = limit_order(ZC_VENUE_OKX, "BTC-USDT");
        strcpy(order.client_id, texts[i]);
        assert_int_equal(driver_sign_order(drv, bot, "okx", &order).status, ZC_STATUS_FAILED);
        order = limit_order(ZC_VENUE_BINANCE_SPOT, texts[i]);
        assert_int_equal(driver_sign_order(drv, bot, "binance", &order).status, ZC_STATUS_FAILED);
    }
    assert_int_equal(drv->store.entry_count, entries);
    driver_free(drv);
}

static void order__bytes_that_are_none__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    import_mac(drv, "binance", ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    uint64_t bot = driver_connect(drv, BOT);
    const zc_order order = limit_order(ZC_VENUE_BINANCE_SPOT, "BTCUSDT");
    uint8_t encoded[ZC_ORDER_MAX_ENCODED + 1] = {0};
    zc_writer writer = ZC_WRITER_OF_ARRAY(encoded);
    assert_ok(zc_order_write(&order, &writer));
    size_t len = zc_writer_len(&writer);
    for (size_t cut = 0; cut <= len + 1; cut++) {
        zc_reply reply = driver_sign(drv, bot, "binance", ZC_USE_ORDER, ZC_FAMILY_VENUE,
                                     zc_slice_of(encoded, cut));
        assert_int_equal(reply.status, cut == len ? ZC_STATUS_OK : ZC_STATUS_FAILED);
    }
    driver_free(drv);
}

static void create__kinds_that_venues_make__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE);
    for (int kind = ZC_KEY_KIND_HMAC_SHA256; kind <= ZC_KEY_KIND_RSA; kind++) {
        assert_failed(driver_create(drv, alice, "k", (zc_curve)kind), ZC_ENCLAVE_NOT_MADE_HERE);
    }
    assert_int_equal(drv->store.key_count, 0);
    driver_free(drv);
}

/* Both are Ed25519's own bytes: neither family lets a transaction through as a message. */
static void message__that_is_a_solana_transaction__refused_for_each_family(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    driver_create(drv, driver_connect(drv, ALICE), "ed", ZC_CURVE_ED25519);
    const zc_key *key = ring_key(drv, 0);
    uint8_t tx[3 + 1 + 2 * 32 + 32 + 1 + 1 + 1 + 2 + 1 + 12] = {1, 0, 1, 2};
    memcpy(tx + 4, key->signer->pubkey.byte, 32);
    uint8_t *at = tx + 4 + 64; /* the system program is all zeros */
    memset(at, 0x77, 32);
    at[32] = 1; /* instructions */
    at[33] = 1; /* program */
    at[34] = 2; /* accounts */
    at[35] = at[36] = 0;
    at[37] = 12; /* data: transfer, lamports */
    at[38] = 2;
    at[42] = 1;
    uint64_t bot = driver_connect(drv, BOT);
    static const zc_family families[] = {ZC_FAMILY_NONE, ZC_FAMILY_SOLANA};
    for (size_t i = 0; i < 2; i++) {
        assert_failed(
            driver_sign(drv, bot, "ed", ZC_USE_MESSAGE, families[i], ZC_SLICE_OF_ARRAY(tx)),
            ZC_INTENT_MESSAGE_IS_TRANSACTION);
        assert_signed(
            driver_sign(drv, bot, "ed", ZC_USE_MESSAGE, families[i], zc_slice_of_text("hello")));
    }
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order__hmac__signs_the_parameters_that_leave),
        cmocka_unit_test(order__passphrase__is_in_the_request_and_nowhere_else),
        cmocka_unit_test(order__passphrase_that_is_signed__never_leaves),
        cmocka_unit_test(
            order__key_that_lacks_what_the_venue_wants__refused_before_anything_is_spent),
        cmocka_unit_test(venue_key__anything_but_an_order__refused),
        cmocka_unit_test(bound_key__order_for_another_venue__refused),
        cmocka_unit_test(order__ed25519_key__signs_the_preimage_itself),
        cmocka_unit_test(nonce__same_clock_and_restarts__always_grows),
        cmocka_unit_test(nonce__denied_order__uses_none),
        cmocka_unit_test(time__of_the_order__is_neither_tomorrow_nor_over),
        cmocka_unit_test(order__texts_that_would_begin_another_field__refused),
        cmocka_unit_test(order__bytes_that_are_none__refused),
        cmocka_unit_test(create__kinds_that_venues_make__refused),
        cmocka_unit_test(message__that_is_a_solana_transaction__refused_for_each_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
