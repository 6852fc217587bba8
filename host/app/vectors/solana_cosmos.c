#include "solana_cosmos.h"

#include <string.h>

#include "codec/base58.h"
#include "codec/bech32.h"
#include "crypto/hash160.h"
#include "crypto/verify.h"
#include "group.h"
#include "intent/cosmos.h"
#include "intent/solana.h"

static zc_intent intent;
static const uint8_t no_entropy[32];

/* Whether the message, signed by this signer, is the transaction. */
static void check_signed(zc_report *report, const zc_signer *signer, zc_slice message,
                         zc_slice transaction)
{
    uint8_t room[2 * ZC_SOLANA_MAX_MESSAGE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_signature signature;
    if (zc_report_ok(report, "signing", zc_sign_message_ed25519(signer, message, &signature)) &&
        zc_report_ok(
            report, "writing",
            zc_solana_write_signed(message, signer->pubkey.byte, signature.byte, &writer))) {
        zc_report_bytes(report, "transaction", zc_writer_written(&writer), transaction);
    }
}

static void check_transfer(zc_report *report, const json_t *test, const zc_signer *signer)
{
    uint8_t recipient[32];
    zc_slice message;
    const zc_slice wire = zc_base64_of(report, json_object_get(test, "transaction_base64"));
    const zc_u256 lamports = zc_field_number(report, test, "lamports");
    if (!zc_solana_key_of(report, zc_field_text(test, "recipient"), recipient) ||
        !zc_report_ok(report, "parsing", zc_solana_take_message(wire, &message)) ||
        !zc_report_ok(report, "decoding",
                      zc_intent_decode_solana_tx(message, signer->pubkey.byte, &intent, NULL))) {
        return;
    }
    const zc_movement *out = &intent.movements[0];
    if (intent.operation != ZC_OPERATION_TRANSFER || intent.flags != 0 ||
        out->kind != ZC_MOVEMENT_OUT || !zc_u256_eq(&out->amount, &lamports)) {
        zc_report_problem(report, "the intent is not a transfer of so many lamports");
    }
    zc_report_bytes(report, "recipient", zc_address_slice(&out->to), ZC_SLICE_OF_ARRAY(recipient));
    check_signed(report, signer, message, wire);
}

void zc_run_solana_transfer(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_t *list = json_is_array(root) ? json_incref(root) : json_pack("[O]", root);
    json_array_foreach(list, i, test)
    {
        zc_signer signer = {0};
        zc_secret32 seed;
        zc_report_begin(report, "%s", zc_case_name(test, "source", i));
        zc_field_copy(report, test, "sender_seed_hex", seed.byte, 32);
        if (zc_report_ok(report, "making the signer",
                         zc_signer_init(&signer, ZC_CURVE_ED25519, &seed))) {
            check_transfer(report, test, &signer);
        }
        zc_signer_clear(&signer);
        zc_report_end(report);
    }
    json_decref(list);
}

/* The keys that the message itself names follow its version, three counts and their own number. */
static zc_slice key_at(zc_slice message, size_t index)
{
    const size_t at = (message.data[0] >= 0x80 ? 5u : 4u) + 32 * index;
    return at + 32 <= message.len ? zc_slice_of(message.data + at, 32) : zc_slice_of(NULL, 0);
}

static void check_signer(zc_report *report, zc_slice wire, zc_slice message, size_t index,
                         bool is_valid)
{
    zc_slice signature;
    const zc_slice key = key_at(message, index);
    if (key.len == 0 || !zc_report_ok(report, "the signature's place",
                                      zc_solana_take_signature(wire, key.data, &signature))) {
        zc_report_problem(report, "signature %zu has no key", index);
        return;
    }
    if (zc_ok(zc_verify_ed25519(key.data, message, signature.data)) != is_valid) {
        zc_report_problem(report, "signature %zu: not the published verdict", index);
    }
    (void)zc_report_ok(report, "decoding",
                       zc_intent_decode_solana_tx(message, key.data, &intent, NULL));
}

static void check_signed_transaction(zc_report *report, const json_t *test)
{
    size_t i;
    json_t *valid;
    zc_slice message;
    const zc_slice wire = zc_base64_of(report, json_object_get(test, "transaction_base64"));
    if (!zc_report_ok(report, "parsing", zc_solana_take_message(wire, &message))) {
        return;
    }
    zc_report_bytes(report, "message", message, zc_field_hex(report, test, "message_hex"));
    if (zc_field_is(test, "version", "legacy") != (message.data[0] < 0x80)) {
        zc_report_problem(report, "not the published version");
    }
    zc_report_u64(report, "signatures", wire.data[0], zc_field_u64(report, test, "num_signatures"));
    zc_report_bytes(report, "fee payer", key_at(message, 0),
                    zc_field_hex(report, test, "fee_payer_hex"));
    json_array_foreach(json_object_get(test, "signatures_valid"), i, valid)
    {
        check_signer(report, wire, message, i, json_is_true(valid));
    }
}

void zc_run_solana_signed(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu %s", i, zc_field_text(test, "source"));
        check_signed_transaction(report, test);
        zc_report_end(report);
    }
}

static void check_address(zc_report *report, const zc_signer *signer, const char *wanted)
{
    uint8_t text[ZC_BASE58_MAX_TEXT];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    if (zc_report_ok(report, "address",
                     zc_base58_write(zc_slice_of(signer->pubkey.byte, 32), &writer))) {
        zc_report_bytes(report, "address", zc_writer_written(&writer), zc_slice_of_text(wanted));
    }
}

/* Whether the case lists an account twice. Wallets sign such a message; no network takes it, and
 * the product refuses it by that name. */
static bool lists_twice(const json_t *accounts)
{
    for (size_t i = 0; i < json_array_size(accounts); i++) {
        for (size_t j = 0; j < i; j++) {
            if (json_equal(json_array_get(accounts, i), json_array_get(accounts, j))) {
                return true;
            }
        }
    }
    return false;
}

/* Each instruction whose fields the case names was read to its end, and no other. */
static void check_read(zc_report *report, const json_t *construct, size_t known)
{
    size_t read = 0;
    for (size_t i = 0; i < intent.call_count; i++) {
        read += intent.calls[i].is_read ? 1 : 0;
    }
    zc_report_u64(report, "instructions", intent.call_count,
                  json_array_size(json_object_get(construct, "instructions")));
    zc_report_u64(report, "instructions that were read", read, known);
    if (known < intent.call_count && (intent.flags & ZC_FLAG_UNKNOWN_CALLDATA) == 0) {
        zc_report_problem(report, "an unknown instruction is not flagged");
    }
}

static void check_construct(zc_report *report, const zc_signer *signer, const json_t *construct,
                            const json_t *result)
{
    size_t known;
    zc_signature signature;
    const zc_slice message = zc_build_solana(report, construct, &known);
    if (!zc_report_ok(report, "signing", zc_sign_message_ed25519(signer, message, &signature))) {
        return;
    }
    zc_report_bytes(report, "signature", zc_slice_of(signature.byte, 64),
                    zc_field_hex(report, result, "expected_signature"));
    const zc_result decoded =
        zc_intent_decode_solana_tx(message, signer->pubkey.byte, &intent, NULL);
    if (lists_twice(json_object_get(construct, "accounts"))) {
        if (!zc_is(decoded, ZC_INTENT_SOLANA_DUPLICATE)) {
            zc_report_problem(report, "a message that lists an account twice is not refused");
        }
    } else if (zc_report_ok(report, "decoding", decoded)) {
        check_read(report, construct, known);
    }
}

static void check_trezor(zc_report *report, const json_t *setup, const json_t *test)
{
    const json_t *parameters = json_object_get(test, "parameters");
    const json_t *result = json_object_get(test, "result");
    const json_t *construct = json_object_get(parameters, "construct");
    const char *path = zc_field_text(parameters, construct != NULL ? "address" : "path");
    zc_signer signer = {0};
    if (zc_mnemonic_signer(report, ZC_CURVE_ED25519, zc_field_text(setup, "mnemonic"),
                           zc_field_text(setup, "passphrase"), path, &signer)) {
        if (construct != NULL) {
            check_construct(report, &signer, construct, result);
        } else if (zc_field_has(result, "expected_address")) {
            check_address(report, &signer, zc_field_text(result, "expected_address"));
        } else {
            zc_report_bytes(report, "public key", zc_slice_of(signer.pubkey.byte, 32),
                            zc_field_hex(report, result, "expected_public_key"));
        }
    }
    zc_signer_clear(&signer);
}

void zc_run_solana_trezor(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(root, "tests"), i, test)
    {
        const json_t *result = json_object_get(test, "result");
        zc_report_begin(report, "%s", zc_case_name(test, "description", i));
        if (zc_field_has(result, "expected_signature") ||
            zc_field_has(result, "expected_address") ||
            zc_field_has(result, "expected_public_key")) {
            check_trezor(report, json_object_get(root, "setup"), test);
            zc_report_end(report);
        } else {
            zc_report_skip(report, "the case publishes no output of a signer");
        }
    }
}

static void check_bech32(zc_report *report, zc_slice account, const char *wanted)
{
    const char *separator = strrchr(wanted, '1');
    uint8_t text[ZC_BECH32_MAX_TEXT];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    const zc_slice prefix =
        zc_slice_of(wanted, separator == NULL ? 0 : (size_t)(separator - wanted));
    if (zc_report_ok(report, "address", zc_bech32_write(prefix, ZC_BECH32, account, &writer))) {
        zc_report_bytes(report, "address", zc_writer_written(&writer), zc_slice_of_text(wanted));
    }
}

static void check_sign_doc(zc_report *report, const json_t *test, const zc_signer *signer)
{
    uint8_t account[20];
    uint8_t key[33];
    uint8_t *room = zc_report_room(report, ZC_COSMOS_MAX_SIGN_DOC);
    zc_writer writer = zc_writer_of(room, ZC_COSMOS_MAX_SIGN_DOC);
    zc_signature signature;
    const zc_slice sign_doc = zc_field_hex(report, test, "sign_doc_bytes");
    if (!zc_report_ok(report, "compressing", zc_pubkey_compress(&signer->pubkey, key))) {
        return;
    }
    zc_hash160(ZC_SLICE_OF_ARRAY(key), account);
    check_bech32(report, ZC_SLICE_OF_ARRAY(account), zc_field_text(test, "address"));
    if (!zc_report_ok(
            report, "decoding",
            zc_intent_decode_cosmos(sign_doc, ZC_SLICE_OF_ARRAY(account), &intent, NULL)) ||
        !zc_report_ok(report, "signing",
                      zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, intent.digest,
                                     &signature))) {
        return;
    }
    if (strcmp(intent.chain_name, zc_field_text(test, "chain_id")) != 0) {
        zc_report_problem(report, "the chain is '%s'", intent.chain_name);
    }
    zc_report_u64(report, "sequence", intent.nonce, zc_field_u64(report, test, "sequence"));
    zc_report_bytes(report, "signature", zc_slice_of(signature.byte, 64),
                    zc_field_hex(report, test, "signature"));
    if (zc_report_ok(report, "writing",
                     zc_cosmos_write_signed(sign_doc, signature.byte, &writer))) {
        zc_report_bytes(report, "transaction", zc_writer_written(&writer),
                        zc_field_hex(report, test, "tx_raw_bytes"));
    }
}

void zc_run_cosmos_sign_doc(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_signer signer = {0};
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        if (zc_mnemonic_signer(report, ZC_CURVE_SECP256K1, zc_field_text(test, "mnemonic"), "",
                               zc_field_text(test, "hd_path"), &signer)) {
            check_sign_doc(report, test, &signer);
        }
        zc_signer_clear(&signer);
        zc_report_end(report);
    }
}

static const zc_group groups[] = {
    {{"setup", "tests", NULL}, zc_run_solana_trezor, NULL},
    {{"transaction_base64", "message_hex", "signatures_valid"}, zc_run_solana_signed, NULL},
    {{"transaction_base64", "sender_seed_hex", "lamports"}, zc_run_solana_transfer, NULL},
    {{"sign_doc_bytes", "mnemonic", "signature"}, zc_run_cosmos_sign_doc, NULL},
    {{NULL, NULL, NULL}, NULL, "nothing in this version uses cases of this form"},
};

void zc_run_solana_cosmos(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    zc_group_run(report, groups, root);
}
