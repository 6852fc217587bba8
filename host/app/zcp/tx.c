/* `zcp tx decode`: what would this do? Offline: no enclave is asked. */
#include <stdio.h>

#include "base/hex.h"
#include "catalog.h"
#include "commands.h"
#include "intent/decode.h"
#include "intent/render.h"
#include "intent_json.h"
#include "key_origin.h"
#include "order_preview.h"
#include "payload.h"
#include "payload_form.h"
#include "support/json.h"
#include "support/reasons.h"

const zc_option zc_tx_decode_options[] = {
    {"chain", "CHAIN", "evm (default), eip712, bitcoin, solana, cosmos, venue:NAME"},
    {"from", "ADDRESS|KEY",
     "who would sign: an EVM address, a public key in hex, or of Bitcoin "
     "'[d34db33f/84h/0h/0h]xpub…/0/5'"},
    {"mission", "FILE",
     "compiled mission whose assets and contracts have names (default: the folder's)"},
    {NULL, NULL, NULL},
};

static int undecodable(const zc_invocation *invocation, zc_result result, size_t offset)
{
    zc_error error = {0};
    zc_result set = zc_error_from(&error, result, "cannot decode the transaction",
                                  "check that the file is whole and of this chain");
    (void)set;
    zc_error_what(&error, "cannot decode the transaction at byte %zu", offset);
    return zc_fail_with(invocation, &error);
}

static int print_decoded(const zc_invocation *invocation, const zc_intent *intent,
                         const zc_catalog *catalog)
{
    static char text[ZC_INTENT_MAX_RENDERED + 1];
    zc_writer writer = zc_writer_of(text, sizeof text - 1);
    zc_result rendered = zc_intent_render(intent, catalog, &writer);
    if (!zc_ok(rendered)) {
        return undecodable(invocation, rendered, 0);
    }
    text[zc_writer_len(&writer)] = '\0';
    if (!invocation->json) {
        (void)fputs(text, stdout);
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set(out, "intent", zc_intent_json(intent, catalog)) &&
                   zc_json_set(out, "flags", zc_intent_flags_json(intent)) &&
                   zc_json_set_text(out, "text", text) && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

/* Who would sign, as far as --from says. An address is enough for EVM alone. */
typedef struct signer_choice {
    bool has_key;
    bool has_address;
    bool has_branch;
    zc_pubkey key;
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    zc_bitcoin_branch branch; /* where the key comes from */
} signer_choice;

static int read_from(const zc_invocation *invocation, const zc_chain_choice *choice,
                     signer_choice *ret_signer)
{
    *ret_signer = (signer_choice){0};
    const char *text = zc_option_value(invocation, "from");
    if (text == NULL) {
        return ZC_EXIT_DONE;
    }
    if (choice->family == ZC_FAMILY_BITCOIN &&
        zc_key_origin_read(text, &ret_signer->branch, &ret_signer->key)) {
        ret_signer->has_key = true;
        ret_signer->has_branch = true;
        return ZC_EXIT_DONE;
    }
    uint8_t bytes[65];
    size_t len = 0;
    const zc_slice slice = zc_slice_of_text(text);
    zc_address address;
    if (!zc_ok(zc_hex_decode_some(slice, bytes, sizeof bytes, &len)) &&
        choice->family == ZC_FAMILY_SOLANA &&
        zc_ok(zc_address_read(ZC_CHAIN_SOLANA, slice, &address))) {
        memcpy(bytes, address.byte, address.len);
        len = address.len;
    }
    if (len == ZC_EVM_ADDRESS_SIZE && choice->family == ZC_FAMILY_EVM) {
        memcpy(ret_signer->address, bytes, len);
        ret_signer->has_address = true;
        return ZC_EXIT_DONE;
    }
    zc_curve curve = choice->family == ZC_FAMILY_SOLANA ? ZC_CURVE_ED25519 : ZC_CURVE_SECP256K1;
    ret_signer->has_key = zc_ok(zc_pubkey_parse(curve, zc_slice_of(bytes, len), &ret_signer->key));
    return ret_signer->has_key
               ? ZC_EXIT_DONE
               : zc_fail_usage(invocation, "cannot read the command line",
                               "--from wants a public key of this chain in hex, an EVM address, or "
                               "a Bitcoin key with its origin: '[d34db33f/84h/0h/0h]xpub…/0/5'");
}

/* An unsigned transaction of somebody, or a signed one, whose sender is in its signature. */
static zc_result decode_evm(zc_slice bytes, const signer_choice *signer,
                            const zc_descriptor_set *descriptors, zc_intent *intent,
                            size_t *ret_offset)
{
    zc_signature signature;
    const zc_address account = zc_address_of_evm(signer->address);
    zc_result decoded = zc_intent_decode_evm_tx(bytes, &account, descriptors, intent, ret_offset);
    return zc_is(decoded, ZC_INTENT_ALREADY_SIGNED)
               ? zc_intent_decode_evm_signed_tx(bytes, descriptors, intent, &signature, ret_offset)
               : decoded;
}

static zc_result decode(const zc_chain_choice *choice, zc_slice bytes, const signer_choice *signer,
                        const zc_descriptor_set *descriptors, zc_intent *intent, size_t *ret_offset)
{
    const zc_payload payload = {.kind =
                                    choice->is_typed_data ? ZC_PAYLOAD_TYPED_DATA : ZC_PAYLOAD_TX,
                                .family = choice->family,
                                .has_chain = choice->has_chain,
                                .chain_id = choice->chain_id,
                                .branch = signer->has_branch ? &signer->branch : NULL,
                                .bytes = bytes};
    if (choice->family == ZC_FAMILY_EVM && !choice->is_typed_data && !signer->has_key &&
        (bytes.len == 0 || bytes.data[0] != 0x05)) {
        return decode_evm(bytes, signer, descriptors, intent, ret_offset);
    }
    return zc_payload_decode(&payload, signer->has_key ? &signer->key : NULL, descriptors, intent,
                             ret_offset);
}

int zc_run_tx_decode(zc_invocation *invocation)
{
    static zc_intent intent;
    zc_chain_choice choice;
    signer_choice signer;
    ZC_BYTES zc_bytes payload = {0};
    size_t offset = 0;
    int code = zc_chain_option(invocation, ZC_FAMILY_EVM, &choice);
    if (code == ZC_EXIT_DONE) {
        code = read_from(invocation, &choice, &signer);
    }
    if (code == ZC_EXIT_DONE) {
        code = zc_payload_read(invocation, 0, false, &payload);
    }
    if (code == ZC_EXIT_DONE) {
        code = zc_payload_form(invocation, &choice, &payload);
    }
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    const zc_mission_names names =
        zc_names_of_folder(invocation, zc_option_value(invocation, "mission"));
    zc_result decoded = choice.family == ZC_FAMILY_VENUE
                            ? zc_order_preview(zc_bytes_slice(&payload), &intent)
                            : decode(&choice, zc_bytes_slice(&payload), &signer, &names.descriptors,
                                     &intent, &offset);
    return zc_ok(decoded) ? print_decoded(invocation, &intent, &names.catalog)
                          : undecodable(invocation, decoded, offset);
}
