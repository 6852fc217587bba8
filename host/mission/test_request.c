#include "mission/test_request.h"

#include <string.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "compose/compose.h"
#include "intent/payload.h"
#include "support/order_json.h"
#include "support/typed_data.h"

typedef struct request_reading {
    const zc_mission *mission;
    const zc_test_asker *asker;
    const zc_place *form;
    zc_test_request *request;
} request_reading;

static void refuse(zc_test_request *request, zc_result result)
{
    request->refused = !zc_ok(result);
    request->reason = result.code;
}

/* What the enclave would read; a refusal is an answer, not a fault of the file. */
static bool decode(const request_reading *reading, zc_payload_kind kind, zc_family family)
{
    const zc_test_asker *asker = reading->asker;
    const zc_descriptor_set descriptors = zc_mission_descriptors(reading->mission);
    size_t offset;
    const zc_payload payload = {.kind = kind,
                                .family = family,
                                .has_chain = asker->has_chain && family == ZC_FAMILY_BITCOIN,
                                .chain_id = asker->chain,
                                .bytes = zc_bytes_slice(&reading->request->bytes)};
    refuse(reading->request, zc_payload_decode(&payload, asker->has_pubkey ? &asker->pubkey : NULL,
                                               &descriptors, &reading->request->intent, &offset));
    return true;
}

/* Base64 or hexadecimal. */
static bool take_bytes(const request_reading *reading)
{
    zc_slice text = zc_place_text(reading->form);
    zc_bytes *bytes = &reading->request->bytes;
    if (!zc_bytes_reserve(bytes, text.len + 1)) {
        return false;
    }
    if (text.len > 0 && (zc_ok(zc_hex_decode_some(text, bytes->data, text.len, &bytes->len)) ||
                         zc_ok(zc_base64_decode(text, bytes->data, text.len, &bytes->len)))) {
        return true;
    }
    zc_place_error(reading->form, "this is neither hexadecimal nor base64");
    return false;
}

static bool read_evm(const request_reading *reading)
{
    reading->request->use = ZC_USE_TX;
    bool words = reading->form->node->type == YAML_MAPPING_NODE;
    return (words ? zc_test_evm_write(reading->mission, reading->asker, reading->form,
                                      &reading->request->bytes)
                  : take_bytes(reading)) &&
           decode(reading, ZC_PAYLOAD_TX, ZC_FAMILY_EVM);
}

static bool read_psbt(const request_reading *reading)
{
    reading->request->use = ZC_USE_TX;
    return take_bytes(reading) && decode(reading, ZC_PAYLOAD_TX, ZC_FAMILY_BITCOIN);
}

static bool read_solana(const request_reading *reading)
{
    reading->request->use = ZC_USE_TX;
    return take_bytes(reading) && decode(reading, ZC_PAYLOAD_TX, ZC_FAMILY_SOLANA);
}

static bool read_cosmos(const request_reading *reading)
{
    reading->request->use = ZC_USE_TX;
    return take_bytes(reading) && decode(reading, ZC_PAYLOAD_TX, ZC_FAMILY_COSMOS);
}

static bool read_message(const request_reading *reading)
{
    reading->request->use = ZC_USE_MESSAGE;
    return zc_bytes_append(&reading->request->bytes, zc_place_text(reading->form)) &&
           decode(reading, ZC_PAYLOAD_MESSAGE, ZC_FAMILY_EVM);
}

static bool read_digest(const request_reading *reading)
{
    reading->request->use = ZC_USE_DIGEST;
    return take_bytes(reading) && decode(reading, ZC_PAYLOAD_DIGEST, ZC_FAMILY_EVM);
}

static bool read_typed_data(const request_reading *reading)
{
    zc_error error = {0};
    json_t *json = zc_test_json(reading->form);
    reading->request->use = ZC_USE_TYPED_DATA;
    if (json == NULL) {
        return false;
    }
    zc_result result = zc_typed_data_of_json(json, 4, &reading->request->bytes, &error);
    json_decref(json);
    if (!zc_ok(result)) {
        zc_place_error(reading->form, "%s: %s", error.what, error.why);
        return false;
    }
    return decode(reading, ZC_PAYLOAD_TYPED_DATA, ZC_FAMILY_EVM);
}

/* Which kind of key a venue wants does not change what the order does: the first that it takes. */
static zc_result compose(const zc_order *order, int64_t at_ms, zc_intent *ret_intent)
{
    static const uint8_t ed25519[] = {0x58, [1 ... 31] = 0x66};
    static const uint8_t secp256k1[] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac,
                                        0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02,
                                        0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2,
                                        0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
    static const uint8_t p256[] = {0x03, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47,
                                   0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77,
                                   0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
                                   0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96};
    static const struct {
        zc_compose_key kind;
        zc_curve curve;
        zc_slice point;
    } keys[] = {
        {ZC_COMPOSE_KEY_HMAC, ZC_CURVE_SECP256K1, {NULL, 0}},
        {ZC_COMPOSE_KEY_SECP256K1, ZC_CURVE_SECP256K1, {secp256k1, sizeof secp256k1}},
        {ZC_COMPOSE_KEY_P256, ZC_CURVE_P256, {p256, sizeof p256}},
        {ZC_COMPOSE_KEY_ED25519, ZC_CURVE_ED25519, {ed25519, sizeof ed25519}},
        {ZC_COMPOSE_KEY_RSA, ZC_CURVE_SECP256K1, {NULL, 0}},
    };
    static zc_composition composition;
    zc_result result = zc_fail(ZC_COMPOSE_KEY_KIND);
    for (size_t i = 0; i < sizeof keys / sizeof *keys && zc_is(result, ZC_COMPOSE_KEY_KIND); i++) {
        zc_pubkey pubkey = {0};
        zc_compose_account account = {.key = keys[i].kind, .api_key = zc_slice_of_text("test")};
        if (keys[i].point.len > 0 &&
            zc_ok(zc_pubkey_parse(keys[i].curve, keys[i].point, &pubkey))) {
            account.pubkey = &pubkey;
        }
        result =
            zc_compose_prepare(order, &account, (uint64_t)at_ms, (uint64_t)at_ms, &composition);
    }
    ZC_TRY(result);
    return zc_compose_intent(order, &composition, ret_intent);
}

static bool read_order(const request_reading *reading)
{
    zc_order order;
    zc_error error = {0};
    json_t *json = zc_test_json(reading->form);
    reading->request->use = ZC_USE_ORDER;
    if (json == NULL) {
        return false;
    }
    zc_result result = zc_order_of_json(json, &order, &error);
    json_decref(json);
    if (!zc_ok(result)) {
        zc_place_error(reading->form, "%s: %s", error.what, error.why);
        return false;
    }
    /* The same order once more carries another time, as it would from a desk. */
    int64_t at_ms = reading->asker->at_ms + (int64_t)reading->asker->nonce;
    refuse(reading->request, compose(&order, at_ms, &reading->request->intent));
    return true;
}

static const struct form {
    const char *key;
    bool (*read)(const request_reading *reading);
} forms[] = {
    {"evm", read_evm},       {"message", read_message}, {"typed-data", read_typed_data},
    {"order", read_order},   {"psbt", read_psbt},       {"solana", read_solana},
    {"cosmos", read_cosmos}, {"digest", read_digest},
};
static const char *const form_keys[] = {"evm",    "message", "typed-data", "order", "psbt",
                                        "solana", "cosmos",  "digest",     NULL};

bool zc_test_request_read(const zc_mission *mission, const zc_test_asker *asker,
                          const zc_place *place, zc_test_request *ret_request)
{
    size_t errors = place->document->report->errors;
    zc_place form;
    ret_request->refused = false;
    ret_request->bytes.len = 0;
    if (!zc_place_want_mapping(place, "a request: evm, message, typed-data, order, …")) {
        return false;
    }
    zc_place_only_keys(place, form_keys);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (zc_place_member(place, forms[i].key, &form)) {
            const request_reading reading = {mission, asker, &form, ret_request};
            return forms[i].read(&reading) && zc_place_pairs(place) == 1 &&
                   place->document->report->errors == errors;
        }
    }
    zc_place_error(place, "a request is one of evm, message, typed-data, order, psbt, solana, "
                          "cosmos and digest");
    return false;
}
