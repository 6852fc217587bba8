/* Safe transactions: the typed data that a Safe's owners sign, made of a case's fields. */
#include <stdlib.h>

#include "crypto/hash.h"
#include "ethereum.h"
#include "ethereum_typed.h"
#include "group.h"
#include "intent/message.h"

/* "1.3.0" as 1003. */
static unsigned version_of(const json_t *test)
{
    const char *text = zc_field_text(test, "safe_version");
    char *end;
    const unsigned long major = strtoul(text, &end, 10);
    const unsigned long minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
    return (unsigned)(major * 1000 + minor);
}

static json_t *member(const char *name, const char *type)
{
    return json_pack("{s:s, s:s}", "name", name, "type", type);
}

/* Below 1.0.0 baseGas is called dataGas; below 1.3.0 the domain names no chain. */
static json_t *safe_types(unsigned version)
{
    json_t *tx = json_array();
    static const char *const members[][2] = {
        {"to", "address"},       {"value", "uint256"},     {"data", "bytes"},
        {"operation", "uint8"},  {"safeTxGas", "uint256"}, {"baseGas", "uint256"},
        {"gasPrice", "uint256"}, {"gasToken", "address"},  {"refundReceiver", "address"},
        {"nonce", "uint256"}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const bool is_base_gas = strcmp(members[i][0], "baseGas") == 0;
        const char *name = is_base_gas && version < 1000 ? "dataGas" : members[i][0];
        (void)json_array_append_new(tx, member(name, members[i][1]));
    }
    return json_pack("{s:o}", "SafeTx", tx);
}

static json_t *safe_domain(const json_t *test, unsigned version)
{
    json_t *domain = json_pack("{s:O}", "verifyingContract", json_object_get(test, "safe"));
    if (version >= 1003) {
        (void)json_object_set(domain, "chainId", json_object_get(test, "chain_id"));
    }
    return domain;
}

static json_t *safe_message(const json_t *test, unsigned version)
{
    return json_pack(
        "{s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O}", "to", json_object_get(test, "to"),
        "value", json_object_get(test, "value"), "data", json_object_get(test, "data"), "operation",
        json_object_get(test, "operation"), "safeTxGas", json_object_get(test, "safe_tx_gas"),
        version < 1000 ? "dataGas" : "baseGas", json_object_get(test, "base_gas"), "gasPrice",
        json_object_get(test, "gas_price"), "gasToken", json_object_get(test, "gas_token"),
        "refundReceiver", json_object_get(test, "refund_receiver"), "nonce",
        json_object_get(test, "nonce"));
}

/* What a person must see of it, whatever its data says: the call, and whether it is a delegatecall.
 */
static void check_meaning(zc_report *report, const json_t *test, const zc_intent *intent)
{
    const bool is_delegate = zc_field_u64(report, test, "operation") == 1;
    if (((intent->flags & ZC_FLAG_DELEGATECALL) != 0) != is_delegate && is_delegate) {
        zc_report_problem(report, "the delegatecall is not flagged");
    }
    if (intent->call_count == 0) {
        zc_report_problem(report, "the Safe's call is not among the calls");
        return;
    }
    zc_report_bytes(report, "target", zc_address_slice(&intent->calls[0].target),
                    zc_field_hex(report, test, "to"));
    zc_report_u64(report, "delegatecall", intent->calls[0].is_delegate, is_delegate);
}

static void check_hashes(zc_report *report, const json_t *test, const zc_intent *intent)
{
    uint8_t preimage[2 + 32 + 32] = {0x19, 0x01};
    uint8_t digest[32];
    zc_report_bytes(report, "safeTxHash", ZC_SLICE_OF_ARRAY(intent->digest),
                    zc_field_hex(report, test, "safe_tx_hash"));
    if (zc_field_has(test, "domain_hash") && zc_field_has(test, "message_hash")) {
        zc_field_copy(report, test, "domain_hash", preimage + 2, 32);
        zc_field_copy(report, test, "message_hash", preimage + 34, 32);
        zc_keccak256(ZC_SLICE_OF_ARRAY(preimage), digest);
        zc_report_bytes(report, "digest of the hashes", ZC_SLICE_OF_ARRAY(intent->digest),
                        ZC_SLICE_OF_ARRAY(digest));
    }
}

/* Owners may sign the hash as a personal message: v is then 4 more. */
static void check_owners(zc_report *report, const json_t *test, const zc_intent *intent)
{
    static zc_intent message;
    static const zc_address account = {.len = ZC_EVM_ADDRESS_SIZE};
    const zc_slice all = zc_field_hex(report, test, "signatures");
    const json_t *owners = json_object_get(test, "recovered_signers_eth_sign");
    if (!zc_report_ok(report, "the hash as a message",
                      zc_intent_decode_message(ZC_FAMILY_EVM, ZC_SLICE_OF_ARRAY(intent->digest),
                                               &account, &message))) {
        return;
    }
    if ((message.flags & ZC_FLAG_OPAQUE_HASH) == 0) {
        zc_report_problem(report, "a hash signed as a message is not flagged");
    }
    zc_report_u64(report, "bytes of signatures", all.len, 65 * (uint64_t)json_array_size(owners));
    for (size_t i = 0; 65 * (i + 1) <= all.len; i++) {
        uint8_t rsv[65];
        uint8_t signer[ZC_EVM_ADDRESS_SIZE];
        memcpy(rsv, all.data + 65 * i, sizeof rsv);
        rsv[64] = (uint8_t)(rsv[64] - 4);
        if (zc_recover_rsv(report, message.digest, ZC_SLICE_OF_ARRAY(rsv), signer)) {
            zc_report_bytes(report, "owner", ZC_SLICE_OF_ARRAY(signer),
                            zc_hex_of(report, json_array_get(owners, i)));
        }
    }
}

static void check_safe_tx(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    const unsigned version = version_of(test);
    json_t *typed_data =
        json_pack("{s:s, s:o, s:o, s:o}", "primaryType", "SafeTx", "types", safe_types(version),
                  "domain", safe_domain(test, version), "message", safe_message(test, version));
    if (typed_data == NULL) {
        zc_report_problem(report, "the case is malformed: not the fields of a Safe transaction");
        return;
    }
    if (zc_typed_decode(report, typed_data, NULL, &intent)) {
        check_hashes(report, test, &intent);
        check_meaning(report, test, &intent);
        if (zc_field_has(test, "signatures") && zc_field_has(test, "recovered_signers_eth_sign")) {
            check_owners(report, test, &intent);
        }
    }
    json_decref(typed_data);
}

void zc_run_safe_tx(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        check_safe_tx(report, test);
        zc_report_end(report);
    }
}
