/* Any order for the venues that sign like chains: it is refused, or what comes out is one request
 * whose texts stayed where they belong. */
#include "codec/cbor.h"
#include "compose/compose.h"
#include "crypto/signer.h"
#include "fuzz.h"

/* The fuzzer's bytes, used up as they are asked for; then zeros. */
typedef struct input {
    const uint8_t *at;
    size_t left;
} input;

static uint8_t next(input *in)
{
    if (in->left == 0) {
        return 0;
    }
    in->left--;
    return *in->at++;
}

/* A text: one that a venue knows, or one byte for byte. */
static void text(input *in, char *ret, size_t size)
{
    static const char *const known[] = {
        "",
        "BTC@0",
        "BTC-USD@0,-10,-9",
        "BTC-USD",
        "0@12345",
        "wallet@1",
        "77",
        "77@1000000",
        "1,2,3@9",
        "0x00000000000000000000000000000001",
        "0x5e9ee1089755c3435139848e47e6635505d5a13a",
        "vault:0x5e9ee1089755c3435139848e47e6635505d5a13a",
        "self",
        "perp",
        "USDC",
        "PURR:0xc4bf3f870c0e9465323c0b6ed28096c2",
        "dydx165sfn2k3vucvq7gklauy2r3agyjw4c3m60ascn",
        "dydx165sfn2k3vucvq7gklauy2r3agyjw4c3m60ascn/1",
        "approveAgent",
        "updateLeverage.cross",
        "updateIsolatedMargin.remove",
        "scheduleCancel",
        "accounts",
        "order",
        "orders",
        "websocket",
        "arbitrum",
        "a-1",
    };
    const uint8_t choice = next(in);
    const size_t count = sizeof(known) / sizeof(*known);
    if (choice < count) {
        memcpy(ret, known[choice], strlen(known[choice]) < size ? strlen(known[choice]) + 1 : 0);
        return;
    }
    for (size_t i = 0; i + 1 < size && i < (size_t)choice - count; i++) {
        ret[i] = (char)next(in);
    }
}

static zc_decimal number(input *in)
{
    zc_decimal decimal = {.present = (next(in) & 1) != 0};
    if (decimal.present) {
        decimal.scale = next(in) % 40;
        for (size_t i = 0; i < 8; i++) {
            decimal.units.limb[i / 6] = decimal.units.limb[i / 6] << 8 | next(in);
        }
    }
    return decimal;
}

static zc_order order_of(input *in)
{
    static const zc_venue venues[] = {ZC_VENUE_HYPERLIQUID, ZC_VENUE_DYDX, ZC_VENUE_COINBASE};
    zc_order order = {.venue = venues[next(in) % 3]};
    order.action = (uint8_t)(ZC_OPERATION_ORDER_PLACE + next(in) % 9);
    order.side = (zc_order_side)(next(in) % 4);
    order.type = (zc_order_type)(next(in) % 6);
    order.tif = (zc_time_in_force)(next(in) % 6);
    const uint8_t flags = next(in);
    order.reduce_only = (flags & 1) != 0;
    order.post_only = (flags & 2) != 0;
    order.test_network = (flags & 4) != 0;
    order.window_ms = (flags & 8) != 0 ? next(in) * UINT64_C(1000) : 0;
    order.expiry_ms = (flags & 16) != 0 ? UINT64_C(1770000000000) + next(in) * 1000 : 0;
    text(in, order.account, sizeof(order.account));
    text(in, order.market, sizeof(order.market));
    text(in, order.client_id, sizeof(order.client_id));
    text(in, order.order_id, sizeof(order.order_id));
    text(in, order.asset, sizeof(order.asset));
    text(in, order.network, sizeof(order.network));
    text(in, order.to, sizeof(order.to));
    text(in, order.tag, sizeof(order.tag));
    text(in, order.call, sizeof(order.call));
    order.price = number(in);
    order.trigger_price = number(in);
    order.quantity = number(in);
    order.quote_quantity = number(in);
    order.amount = number(in);
    return order;
}

static const zc_signer *signer_of(zc_venue venue, bool choice)
{
    static zc_signer signers[4];
    const zc_curve curve = venue != ZC_VENUE_COINBASE ? ZC_CURVE_SECP256K1
                           : choice                   ? ZC_CURVE_P256
                                                      : ZC_CURVE_ED25519;
    zc_secret32 secret;
    if (signers[curve].pubkey.len == 0) {
        memset(secret.byte, 1, sizeof(secret.byte));
        FUZZ_CHECK(zc_ok(zc_signer_init(&signers[curve], curve, &secret)));
    }
    return &signers[curve];
}

/* Printable ASCII whose quotes pair up and whose brackets close: a text that left its quotes would
 * break one of them sooner or later. */
static void check_json(zc_slice body)
{
    bool in_text = false;
    int depth = 0;
    for (size_t i = 0; i < body.len; i++) {
        const uint8_t c = body.data[i];
        FUZZ_CHECK(c >= 0x20 && c < 0x7f);
        if (in_text && c == '\\') {
            i++;
        } else if (c == '"') {
            in_text = !in_text;
        } else if (!in_text) {
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= c == '}' || c == ']' ? 1 : 0;
            FUZZ_CHECK(depth >= 0 && (depth > 0 || i + 1 == body.len));
        }
    }
    FUZZ_CHECK(!in_text && depth == 0);
}

static zc_slice body_of(zc_slice request)
{
    zc_reader reader = zc_reader_of(request);
    size_t count;
    zc_slice value = {0};
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(request)) &&
               zc_ok(zc_cbor_get_map(&reader, 4, &count)));
    FUZZ_CHECK(zc_ok(zc_cbor_get_key_uint(&reader, 1)) && zc_ok(zc_cbor_get_text(&reader, &value)));
    FUZZ_CHECK(zc_ok(zc_cbor_get_key_uint(&reader, 2)) && zc_ok(zc_cbor_get_text(&reader, &value)));
    for (size_t i = 0; i < value.len; i++) {
        FUZZ_CHECK(value.data[i] > 0x20 && value.data[i] < 0x7f && value.data[i] != '#');
    }
    FUZZ_CHECK(zc_ok(zc_cbor_get_key_uint(&reader, 3)));
    FUZZ_CHECK(zc_ok(zc_cbor_get_array(&reader, ZC_COMPOSE_MAX_HEADERS, &count)));
    for (size_t i = 0; i < count; i++) {
        size_t two;
        FUZZ_CHECK(zc_ok(zc_cbor_get_array(&reader, 2, &two)));
        FUZZ_CHECK(zc_ok(zc_cbor_get_text(&reader, &value)) &&
                   zc_ok(zc_cbor_get_text(&reader, &value)));
        FUZZ_CHECK(memchr(value.data, '\n', value.len) == NULL);
    }
    FUZZ_CHECK(zc_ok(zc_cbor_get_key_uint(&reader, 4)) &&
               zc_ok(zc_cbor_get_bytes(&reader, &value)));
    FUZZ_CHECK(zc_ok(zc_reader_end(&reader)));
    return value;
}

static void finish(const zc_order *order, const zc_composition *composition)
{
    static uint8_t request[ZC_COMPOSE_MAX_FINISHED];
    static const uint8_t signature[65] = {0x5a};
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    const size_t len = composition->signings[0].scheme == ZC_COMPOSE_ECDSA_KECCAK256 ? 65 : 64;
    const zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {zc_slice_of(signature, len)};
    FUZZ_CHECK(composition->signing_count == 1);
    FUZZ_CHECK(zc_ok(zc_compose_finish(composition, signatures, NULL, &writer)));
    zc_slice body = body_of(zc_writer_written(&writer));
    if (order->venue != ZC_VENUE_DYDX && body.len != 0) {
        check_json(body);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_composition composition;
    static zc_composition again;
    static zc_intent intent;
    input in = {data, size};
    const zc_order order = order_of(&in);
    const zc_signer *signer = signer_of(order.venue, (next(&in) & 1) != 0);
    static const char name[] = "organizations/o/apiKeys/k";
    const bool named = order.venue == ZC_VENUE_COINBASE;
    const zc_compose_account account = {
        .key = signer->pubkey.curve == ZC_CURVE_ED25519 ? ZC_COMPOSE_KEY_ED25519
               : signer->pubkey.curve == ZC_CURVE_P256  ? ZC_COMPOSE_KEY_P256
                                                        : ZC_COMPOSE_KEY_SECP256K1,
        .api_key = named ? zc_slice_of_text(name) : zc_slice_of(NULL, 0),
        .pubkey = &signer->pubkey,
    };
    const uint64_t now = UINT64_C(1770000000000);
    memset(&composition, 0xa5, sizeof(composition));
    if (!zc_ok(zc_compose_prepare(&order, &account, now, now + next(&in), &composition))) {
        /* Untouched on failure. */
        FUZZ_CHECK(composition.path.len == 0xa5a5 && composition.body.len == 0xa5a5);
        return 0;
    }
    FUZZ_CHECK(zc_ok(zc_compose_prepare(&order, &account, now, composition.nonce, &again)));
    FUZZ_CHECK(zc_slice_eq(zc_compose_preimage(&composition, 0), zc_compose_preimage(&again, 0)));
    zc_result result = zc_compose_intent(&order, &composition, &intent);
    FUZZ_CHECK(zc_ok(result) || zc_is(result, ZC_COMPOSE_AMOUNT));
    finish(&order, &composition);
    return 0;
}
