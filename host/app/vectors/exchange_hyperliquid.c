/* Hyperliquid's published action hashes and signatures. */
#include "base/hex.h"
#include "compose/hyperliquid_action.h"
#include "compose/hyperliquid_sign.h"
#include "crypto/hash.h"
#include "crypto/signer.h"
#include "ethereum.h"
#include "exchange_chain.h"
#include "group.h"

#define MAX_DEPTH 12
#define MAX_ACTION 65536

static const uint8_t no_entropy[32];

static zc_slice text_of(const json_t *text)
{
    return zc_slice_of(json_string_value(text), json_string_length(text));
}

/* A member of a case is `key`'s value; an integer of more than 18 digits has become a text, which
 * no action of these cases holds. */
static zc_result put_value(zc_hl_action *action, json_t *value, unsigned depth)
{
    const char *key;
    json_t *member;
    size_t i;
    if (depth == MAX_DEPTH) {
        return zc_fail(ZC_CODEC_TOO_DEEP);
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        ZC_TRY(zc_hl_open_map(action, json_object_size(value)));
        json_object_foreach(value, key, member)
        {
            ZC_TRY(zc_hl_key(action, key));
            ZC_TRY(put_value(action, member, depth + 1));
        }
        return zc_hl_close_map(action);
    case JSON_ARRAY:
        ZC_TRY(zc_hl_open_array(action, json_array_size(value)));
        json_array_foreach(value, i, member)
        {
            ZC_TRY(put_value(action, member, depth + 1));
        }
        return zc_hl_close_array(action);
    case JSON_STRING:
        return zc_hl_text(action, text_of(value));
    case JSON_INTEGER:
        return zc_hl_i64(action, json_integer_value(value));
    case JSON_TRUE:
    case JSON_FALSE:
        return zc_hl_bool(action, json_is_true(value));
    case JSON_NULL:
        return zc_hl_null(action);
    case JSON_REAL:
        break;
    }
    return zc_fail(ZC_CODEC_JSON_SHAPE); /* the venue signs no floats */
}

/* The JSON that the same calls wrote is the action again. */
static void check_json(zc_report *report, const json_t *action, zc_slice written)
{
    json_t *again = json_loadb((const char *)written.data, written.len, 0, NULL);
    if (!json_equal(again, action)) {
        zc_report_problem(report, "the JSON that is sent is not the action");
    }
    json_decref(again);
}

static bool connection_id(zc_report *report, const json_t *test, uint8_t ret_id[static 32])
{
    json_t *action = json_object_get(test, "action");
    uint8_t vault[20];
    const bool has_vault = zc_field_has(test, "vault_address");
    const bool has_expiry = zc_field_has(test, "expires_after");
    zc_writer json = zc_writer_of(zc_report_room(report, MAX_ACTION), MAX_ACTION);
    zc_writer packed = zc_writer_of(zc_report_room(report, MAX_ACTION), MAX_ACTION);
    zc_hl_action out = zc_hl_action_of(&json, &packed);
    if (!zc_report_ok(report, "writing the action", put_value(&out, action, 0))) {
        return false;
    }
    check_json(report, action, zc_writer_written(&json));
    if (has_vault) {
        zc_field_copy(report, test, "vault_address", vault, sizeof vault);
    }
    return zc_report_ok(
        report, "hashing the action",
        zc_hl_connection_id(&packed, zc_field_u64(report, test, "nonce"), has_vault ? vault : NULL,
                            has_expiry,
                            has_expiry ? zc_field_u64(report, test, "expires_after") : 0, ret_id));
}

static bool l1_preimage(zc_report *report, const json_t *test, uint8_t *ret_preimage)
{
    uint8_t id[32];
    const bool is_test = zc_field_is(test, "network", "testnet");
    if (!is_test && !zc_field_is(test, "network", "mainnet")) {
        zc_report_problem(report, "the case is malformed: no network of the venue's");
        return false;
    }
    return connection_id(report, test, id) &&
           zc_report_ok(report, "agent", zc_hl_agent_preimage(id, is_test, ret_preimage));
}

/* "Name(type member,type member)" out of [[member, type]…]. */
static zc_slice encode_type(zc_report *report, const json_t *test)
{
    const json_t *types = json_object_get(test, "types");
    uint8_t *room = zc_report_room(report, 2048);
    zc_writer writer = zc_writer_of(room, 2048);
    size_t i;
    json_t *pair;
    bool good = zc_ok(zc_write_text(&writer, zc_field_text(test, "primary_type"))) &&
                zc_ok(zc_write_u8(&writer, '('));
    json_array_foreach(types, i, pair)
    {
        good = good && (i == 0 || zc_ok(zc_write_u8(&writer, ','))) &&
               zc_ok(zc_write_slice(&writer, text_of(json_array_get(pair, 1)))) &&
               zc_ok(zc_write_u8(&writer, ' ')) &&
               zc_ok(zc_write_slice(&writer, text_of(json_array_get(pair, 0))));
    }
    if (!good || !zc_ok(zc_write_u8(&writer, ')'))) {
        zc_report_problem(report, "the case is malformed: its types are too long");
    }
    return zc_writer_written(&writer);
}

static zc_result put_member(zc_report *report, zc_hl_typed *typed, const json_t *message,
                            const char *name, const char *type)
{
    uint8_t bytes[32];
    if (strcmp(type, "string") == 0) {
        return zc_hl_typed_text(typed, text_of(json_object_get(message, name)));
    }
    if (strcmp(type, "address") == 0) {
        zc_field_copy(report, message, name, bytes, 20);
        return zc_hl_typed_address(typed, bytes);
    }
    if (strcmp(type, "bytes32") == 0) {
        zc_field_copy(report, message, name, bytes, 32);
        return zc_hl_typed_word(typed, bytes);
    }
    if (strcmp(type, "bool") == 0) {
        return zc_hl_typed_u64(typed, json_is_true(json_object_get(message, name)));
    }
    if (strncmp(type, "uint", 4) == 0) {
        zc_u256 number = zc_field_number(report, message, name);
        zc_u256_to_be(&number, bytes);
        return zc_hl_typed_word(typed, bytes);
    }
    zc_report_problem(report, "a member of type '%s', which the venue does not use", type);
    return ZC_OK;
}

static bool user_preimage(zc_report *report, const json_t *test, uint8_t *ret_preimage)
{
    static const uint8_t nobody[20];
    const json_t *given = json_object_get(test, "domain");
    uint8_t contract[20];
    uint8_t domain[32];
    zc_hl_typed typed;
    size_t i;
    json_t *pair;
    zc_field_copy(report, given, "verifyingContract", contract, sizeof contract);
    zc_report_bytes(report, "the domain's contract", ZC_SLICE_OF_ARRAY(nobody),
                    ZC_SLICE_OF_ARRAY(contract));
    zc_hl_domain(zc_field_text(given, "name"), zc_field_text(given, "version"),
                 zc_field_u64(report, given, "chainId"), domain);
    zc_hl_typed_begin(&typed, encode_type(report, test));
    json_array_foreach(json_object_get(test, "types"), i, pair)
    {
        const char *name = json_string_value(json_array_get(pair, 0));
        const char *type = json_string_value(json_array_get(pair, 1));
        if (name == NULL || type == NULL) {
            zc_report_problem(report, "the case is malformed: a type is no pair of texts");
            return false;
        }
        if (!zc_report_ok(
                report, name,
                put_member(report, &typed, json_object_get(test, "message"), name, type))) {
            return false;
        }
    }
    zc_hl_typed_end(&typed, domain, ret_preimage);
    return true;
}

static void check_signature(zc_report *report, const json_t *test,
                            const uint8_t preimage[static ZC_HL_PREIMAGE_SIZE])
{
    const json_t *wanted = json_object_get(test, "signature");
    uint8_t digest[32];
    uint8_t rs[64];
    zc_signer signer = {0};
    zc_signature signature;
    zc_u256 r = zc_field_number(report, wanted, "r");
    zc_u256 s = zc_field_number(report, wanted, "s");
    zc_u256_to_be(&r, rs);
    zc_u256_to_be(&s, rs + 32);
    zc_keccak256(zc_slice_of(preimage, ZC_HL_PREIMAGE_SIZE), digest);
    if (zc_field_signer(report, test, "private_key", &signer) &&
        zc_report_ok(
            report, "signing",
            zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest, &signature))) {
        zc_report_bytes(report, "r and s", zc_slice_of(signature.byte, 64), ZC_SLICE_OF_ARRAY(rs));
        zc_report_u64(report, "v", 27u + signature.recovery, zc_field_u64(report, wanted, "v"));
    }
    zc_signer_clear(&signer);
}

static void check_case(zc_report *report, const json_t *test)
{
    uint8_t preimage[ZC_HL_PREIMAGE_SIZE];
    uint8_t id[32];
    if (zc_field_has(test, "connection_id") && connection_id(report, test, id)) {
        zc_report_bytes(report, "connection id", ZC_SLICE_OF_ARRAY(id),
                        zc_field_hex(report, test, "connection_id"));
    }
    if (!zc_field_has(test, "signature")) {
        return;
    }
    if (zc_field_has(test, "primary_type") ? user_preimage(report, test, preimage)
                                           : l1_preimage(report, test, preimage)) {
        check_signature(report, test, preimage);
    }
}

void zc_run_hyperliquid(zc_report *report, const json_t *cases)
{
    size_t i;
    json_t *test;
    json_array_foreach(cases, i, test)
    {
        const char *network = zc_field_text(test, "network");
        zc_report_begin(report, "%s%s%s", zc_case_name(test, "name", i), *network ? ": " : "",
                        network);
        if (zc_field_has(test, "connection_id") || zc_field_has(test, "signature")) {
            check_case(report, test);
            zc_report_end(report);
        } else {
            zc_report_skip(report, "publishes neither a hash nor a signature");
        }
    }
}
