/* EIP-191 personal messages, and signatures whose signers are published. */
#include "ethereum.h"
#include "ethereum_typed.h"
#include "group.h"
#include "intent/decode.h"
#include "intent/message.h"

static bool message_digest(zc_report *report, zc_slice message, uint8_t ret_digest[static 32])
{
    static const zc_address nobody = {.len = ZC_EVM_ADDRESS_SIZE};
    static zc_intent intent;
    zc_result result = zc_intent_decode_message(ZC_FAMILY_EVM, message, &nobody, &intent);
    if (!zc_report_ok(report, "decoding the message", result)) {
        return false;
    }
    memcpy(ret_digest, intent.digest, 32);
    return true;
}

static void check_personal(zc_report *report, const json_t *test)
{
    uint8_t digest[32];
    uint8_t account[ZC_EVM_ADDRESS_SIZE];
    if (!message_digest(report, zc_field_hex(report, test, "message"), digest)) {
        return;
    }
    zc_check_rsv(report, test, digest);
    if (zc_field_has(test, "address") &&
        zc_recover_rsv(report, digest, zc_field_hex(report, test, "signature"), account)) {
        zc_report_bytes(report, "signer", ZC_SLICE_OF_ARRAY(account),
                        zc_field_hex(report, test, "address"));
    }
}

void zc_run_personal_sign(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        check_personal(report, test);
        zc_report_end(report);
    }
}

/* Messages with the signer's address need no derivation: the signature recovers to it. */
static void check_trezor_message(zc_report *report, const json_t *parameters, const json_t *result)
{
    uint8_t digest[32];
    const json_t *signed_by = zc_field_has(result, "address") ? result : parameters;
    const json_t *holder = zc_field_has(result, "sig") ? result : parameters;
    const json_t *message = json_object_get(parameters, "msg");
    zc_slice text = zc_slice_of(json_string_value(message), json_string_length(message));
    uint8_t account[20];
    if (message_digest(report, text, digest) &&
        zc_recover_rsv(report, digest, zc_field_hex(report, holder, "sig"), account)) {
        zc_report_bytes(report, "signer", ZC_SLICE_OF_ARRAY(account),
                        zc_field_hex(report, signed_by, "address"));
    }
}

static void run_trezor_typed(zc_report *report, const json_t *parameters, const json_t *result)
{
    const char *skip = zc_trezor_typed_skip(parameters);
    if (skip != NULL) {
        zc_report_skip(report, skip);
        return;
    }
    zc_check_trezor_typed(report, parameters, result);
    zc_report_end(report);
}

void zc_run_trezor(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(root, "tests"), i, test)
    {
        const json_t *parameters = json_object_get(test, "parameters");
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        if (json_object_get(parameters, "data") != NULL &&
            json_object_get(parameters, "metamask_v4_compat") != NULL) {
            run_trezor_typed(report, parameters, json_object_get(test, "result"));
        } else if (json_is_string(json_object_get(parameters, "msg"))) {
            check_trezor_message(report, parameters, json_object_get(test, "result"));
            zc_report_end(report);
        } else {
            zc_run_trezor_derived(report, json_object_get(root, "setup"), test);
        }
    }
}

static bool is_among(zc_report *report, const json_t *addresses, const uint8_t address[static 20])
{
    size_t i;
    json_t *text;
    json_array_foreach(addresses, i, text)
    {
        if (zc_slice_eq(zc_hex_of(report, text), zc_slice_of(address, 20))) {
            return true;
        }
    }
    return false;
}

/* The validators signed the hash as a personal message. The last argument of the call holds one
 * signature behind the other: 0x01 ‖ r ‖ s ‖ v. */
static void check_ronin(zc_report *report, const json_t *test)
{
    enum { SIGNATURE = 66 };
    uint8_t digest[32];
    uint8_t account[20];
    const json_t *args = json_object_get(test, "args");
    const json_t *validators = json_object_get(test, "recovered_validators");
    zc_slice all = zc_hex_of(report, json_array_get(args, json_array_size(args) - 1));
    if (!message_digest(report, zc_field_hex(report, test, "signing_hash"), digest)) {
        return;
    }
    zc_report_u64(report, "bytes of signatures", all.len,
                  SIGNATURE * (uint64_t)json_array_size(validators));
    for (size_t at = 0; at + SIGNATURE <= all.len; at += SIGNATURE) {
        if (zc_recover_rsv(report, digest, zc_slice_of(all.data + at + 1, SIGNATURE - 1),
                           account) &&
            !is_among(report, validators, account)) {
            zc_report_problem(report, "the signature at byte %zu is of nobody in the list", at);
        }
    }
}

void zc_run_ronin(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        check_ronin(report, test);
        zc_check_incident(report, test);
        zc_report_end(report);
    }
}
