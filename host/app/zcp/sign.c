#include <stdio.h>
#include <time.h>

#include "artefact.h"
#include "base/hex.h"
#include "catalog.h"
#include "amount.h"
#include "commands.h"
#include "payload.h"
#include "payload_form.h"
#include "support/json.h"
#include "support/reasons.h"

#define SIGNED_ROOM 128

#define KEY_OPTION                                                                                 \
    {                                                                                              \
        "key", "NAME", "the key that signs"                                                        \
    }
#define NO_OPTION                                                                                  \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }

const zc_option zc_sign_tx_options[] = {
    KEY_OPTION,
    {"chain", "CHAIN", "evm (default), bitcoin, bitcoin-test, bitcoin-regtest, solana, cosmos"},
    NO_OPTION,
};
const zc_option zc_sign_message_options[] = {
    KEY_OPTION,
    {"chain", "CHAIN", "whose form of message: evm (default with secp256k1 keys), bitcoin, solana"},
    {"hex", NULL, "the message is given in hexadecimal"},
    {"address-type", "TYPE",
     "of the Bitcoin address that a message is for: p2wpkh (default), p2pkh, p2sh-p2wpkh, p2tr"},
    {"legacy", NULL, "sign a Bitcoin message in the form before BIP-322"},
    NO_OPTION,
};
const zc_option zc_sign_typed_data_options[] = {KEY_OPTION, NO_OPTION};
const zc_option zc_sign_order_options[] = {
    KEY_OPTION,
    {"chain", "CHAIN", "venue:NAME; an order for another venue is then refused"},
    NO_OPTION,
};
const zc_option zc_sign_digest_options[] = {
    KEY_OPTION,
    {"chain", "CHAIN", "evm, where the digest is an account's"},
    NO_OPTION,
};

/* r ‖ s ‖ v as Ethereum tools want it for its keys, r ‖ s for others, and what a venue's scheme
 * makes as it is. */
static size_t full_signature(const zcp_signature *signature, bool evm,
                             uint8_t ret_bytes[static 512])
{
    if (signature->raw_len != 64 && signature->raw_len <= 512) {
        memcpy(ret_bytes, signature->raw, signature->raw_len);
        return signature->raw_len;
    }
    memcpy(ret_bytes, signature->signature, 64);
    ret_bytes[64] = (uint8_t)(27 + signature->recovery);
    return evm ? 65 : 64;
}

static bool add_decision(json_t *out, const zcp_decision *decision)
{
    return zc_json_set_text(out, "rule", decision->rule) &&
           zc_json_set_text(out, "measured", decision->measured) &&
           zc_json_set_text(out, "limit", decision->limit) &&
           zc_json_set_text(out, "fed_by", decision->feed);
}

static int print_signed(const zc_invocation *invocation, const zcp_signature *signature, bool evm,
                        const zc_artefact *artefact, uint64_t took_us)
{
    uint8_t bytes[512];
    size_t len = full_signature(signature, evm, bytes);
    if (invocation->json) {
        json_t *out = json_object();
        bool printed = out != NULL && zc_json_set_text(out, "decision", "allow") &&
                       zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(signature->digest)) &&
                       zc_json_set_hex0x(out, "signature", zc_slice_of(bytes, len)) &&
                       zc_artefact_json(artefact, out) &&
                       zc_json_set_u64(out, "entry", signature->entry) &&
                       zc_json_set_u64(out, "max_unacked", signature->max_unacked) &&
                       zc_json_set_hex(out, "leaf", ZC_SLICE_OF_ARRAY(signature->leaf)) &&
                       add_decision(out, &signature->decision) &&
                       zc_json_set_u64(out, "took_us", took_us) && zc_json_print(stdout, out);
        json_decref(out);
        return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    char hex[2 * sizeof bytes + 1];
    char digest[65];
    zc_hex_encode(zc_slice_of(bytes, len), hex);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(signature->digest), digest);
    (void)printf("allowed by  %s\nlog entry   %llu\ndigest      0x%s\nsignature   0x%s\n"
                 "took        %llu us, from the request to the signature, its log entry on disk\n",
                 signature->decision.rule, (unsigned long long)signature->entry, digest, hex,
                 (unsigned long long)took_us);
    zc_artefact_print(artefact, stdout);
    return ZC_EXIT_DONE;
}

static json_t *margin_json(const zcp_decision *decision)
{
    json_t *margin = json_object();
    bool made = margin != NULL && zc_json_set_text(margin, "measured", decision->measured) &&
                zc_json_set_text(margin, "limit", decision->limit) &&
                zc_json_set_text(margin, "asset", decision->asset);
    if (!made) {
        json_decref(margin);
        return NULL;
    }
    return margin;
}

/* A refusal is an answer: with --json it goes to standard output like any other. */
static int print_refused(const zc_invocation *invocation, const zcp_decision *decision,
                         const zcp_error *error)
{
    bool review = error->result == ZCP_APPROVAL_NEEDED;
    if (!invocation->json) {
        zc_error edge = {0};
        zc_result set = zc_error_set(&edge, ZC_SUPPORT_IO, error->what, error->why, error->next);
        (void)set;
        if (decision->rule[0] != '\0') {
            zc_error_what(&edge, "%s by rule %s", error->what, decision->rule);
            const zc_catalog catalog = zc_names_of_folder(invocation, NULL).catalog;
            char measured[128];
            char limit[128];
            zc_amount_text(&catalog, decision->measured, decision->asset, measured);
            zc_amount_text(&catalog, decision->limit, decision->asset, limit);
            zc_error_why(&edge, "%s: %s, the limit is %s%s%s", error->why, measured, limit,
                         decision->feed[0] != '\0' ? ", by the word of " : "", decision->feed);
        }
        if (review && decision->has_entry) {
            zc_error_next(&edge, "have approvers run `zcp approve %llu`, then ask again",
                          (unsigned long long)decision->entry);
        }
        edge.exit_code = (int)error->result;
        return zc_fail_with(invocation, &edge);
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_text(out, "decision", review ? "review" : "deny") &&
                   zc_json_set_text(out, "rule", decision->rule) &&
                   zc_json_set_text(out, "reason", decision->reason) &&
                   zc_json_set_text(out, "why", decision->why) &&
                   zc_json_set(out, "margin", margin_json(decision)) &&
                   zc_json_set_text(out, "fed_by", decision->feed) &&
                   (!decision->has_entry || zc_json_set_u64(out, "entry", decision->entry)) &&
                   zc_json_print(stdout, out);
    json_decref(out);
    return printed ? (int)error->result : ZC_EXIT_FAILED;
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* What goes out: made by the enclave, but for EVM transactions, whose signature is put in here. */
static zcp_result artefact_of(const zcp_sign_request *request, const zcp_signature *signature,
                              zc_artefact *ret_artefact, zcp_error *error)
{
    static uint8_t signed_tx[(64 << 10) + SIGNED_ROOM];
    size_t len = 0;
    *ret_artefact = (zc_artefact){
        .chain = request->chain,
        .use = request->use,
        .bytes = zc_slice_of(signature->artefact, signature->artefact_len),
    };
    if (request->use != ZCP_TX || request->chain != ZCP_CHAIN_EVM) {
        return ZCP_OK;
    }
    zcp_result made = zcp_evm_signed(request->payload, request->payload_len, signature, signed_tx,
                                     sizeof signed_tx, &len, error);
    ret_artefact->bytes = zc_slice_of(signed_tx, len);
    return made;
}

static int sign_payload(const zc_invocation *invocation, zcp_session *session,
                        const zcp_sign_request *request)
{
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error;
    zcp_key key;
    zc_artefact artefact;
    /* Asked first: the signature's artefact lasts until the session's next call. */
    bool evm = zcp_key_show(session, request->key, &key, NULL) == ZCP_OK &&
               key.curve == ZCP_SECP256K1 &&
               (request->chain == ZCP_CHAIN_EVM || request->chain == ZCP_CHAIN_NONE);
    uint64_t began_us = now_us();
    zcp_result signed_ok = zcp_sign(session, request, &signature, &decision, &error);
    uint64_t took_us = now_us() - began_us;
    if (signed_ok == ZCP_DENIED || signed_ok == ZCP_APPROVAL_NEEDED) {
        return print_refused(invocation, &decision, &error);
    }
    if (signed_ok != ZCP_OK || artefact_of(request, &signature, &artefact, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    return print_signed(invocation, &signature, evm, &artefact, took_us);
}

static int read_form(const zc_invocation *invocation, const zc_chain_choice *choice,
                     uint8_t *ret_form)
{
    static const char *const types[] = {[ZC_BITCOIN_P2PKH] = "p2pkh",
                                        [ZC_BITCOIN_P2SH_P2WPKH] = "p2sh-p2wpkh",
                                        [ZC_BITCOIN_P2WPKH] = "p2wpkh",
                                        [ZC_BITCOIN_P2TR] = "p2tr"};
    const char *type = zc_option_value(invocation, "address-type");
    uint8_t form = zc_option_given(invocation, "legacy") ? ZC_PAYLOAD_BITCOIN_LEGACY : 0;
    if (choice->family != ZC_FAMILY_BITCOIN) {
        *ret_form = 0;
        return type == NULL && form == 0
                   ? ZC_EXIT_DONE
                   : zc_fail_usage(invocation, "cannot sign",
                                   "--address-type and --legacy belong to Bitcoin messages");
    }
    for (unsigned lock = ZC_BITCOIN_P2PKH; lock <= ZC_BITCOIN_P2TR; lock++) {
        if (strcmp(type != NULL ? type : "p2wpkh", types[lock]) == 0) {
            *ret_form = (uint8_t)(form | lock);
            return ZC_EXIT_DONE;
        }
    }
    return zc_fail_usage(invocation, "cannot sign",
                         "--address-type is p2wpkh, p2pkh, p2sh-p2wpkh or p2tr");
}

/* The payload as the enclave reads it. Messages and digests are taken as they stand. */
static int read_payload(const zc_invocation *invocation, zcp_use use, const zc_chain_choice *choice,
                        zc_bytes *ret_payload)
{
    bool hex = use == ZCP_DIGEST || (use == ZCP_MESSAGE && zc_option_given(invocation, "hex"));
    int code = zc_payload_read(invocation, 0, hex, ret_payload);
    bool formed = use == ZCP_TX || use == ZCP_TYPED_DATA || use == ZCP_ORDER;
    return code == ZC_EXIT_DONE && formed ? zc_payload_form(invocation, choice, ret_payload) : code;
}

/* Which chain, when the option is not given, and whether the use goes with the one that is. */
static int read_chain(const zc_invocation *invocation, zcp_use use, zc_chain_choice *ret_choice)
{
    bool chainless = use == ZCP_MESSAGE || use == ZCP_DIGEST;
    int code = zc_chain_option(invocation, chainless ? ZC_FAMILY_NONE : ZC_FAMILY_EVM, ret_choice);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (use == ZCP_TYPED_DATA) {
        ret_choice->is_typed_data = true;
    }
    if (use == ZCP_ORDER && zc_option_value(invocation, "chain") == NULL) {
        *ret_choice = (zc_chain_choice){.family = ZC_FAMILY_VENUE};
    }
    bool is_venue = ret_choice->family == ZC_FAMILY_VENUE;
    return is_venue == (use == ZCP_ORDER) &&
                   (!ret_choice->is_typed_data || use == ZCP_TYPED_DATA) &&
                   (use != ZCP_TYPED_DATA || ret_choice->family == ZC_FAMILY_EVM)
               ? ZC_EXIT_DONE
               : zc_fail_usage(invocation, "cannot sign",
                               "this --chain does not go with what is to be signed: orders are for "
                               "venues, typed data for evm");
}

static int sign(zc_invocation *invocation, zcp_use use)
{
    zc_chain_choice choice;
    zcp_session *session;
    uint8_t form = 0;
    ZC_BYTES zc_bytes payload = {0};
    const char *key = zc_option_value(invocation, "key");
    if (key == NULL) {
        return zc_fail_usage(invocation, "cannot sign", "--key is missing");
    }
    int code = read_chain(invocation, use, &choice);
    if (code == ZC_EXIT_DONE) {
        code = read_form(invocation, &choice, &form);
    }
    if (code == ZC_EXIT_DONE) {
        code = read_payload(invocation, use, &choice, &payload);
    }
    if (code == ZC_EXIT_DONE) {
        code = zc_session_open(invocation, &session);
    }
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_sign_request request = {.key = key,
                                .use = use,
                                .chain = (zcp_chain)choice.family,
                                .chain_id = choice.has_chain ? choice.chain_id : 0,
                                .form = form,
                                .payload = payload.data,
                                .payload_len = payload.len};
    code = sign_payload(invocation, session, &request);
    zcp_close(session);
    return code;
}

int zc_run_sign_tx(zc_invocation *invocation)
{
    return sign(invocation, ZCP_TX);
}

int zc_run_sign_message(zc_invocation *invocation)
{
    return sign(invocation, ZCP_MESSAGE);
}

int zc_run_sign_typed_data(zc_invocation *invocation)
{
    return sign(invocation, ZCP_TYPED_DATA);
}

int zc_run_sign_order(zc_invocation *invocation)
{
    return sign(invocation, ZCP_ORDER);
}

int zc_run_sign_digest(zc_invocation *invocation)
{
    return sign(invocation, ZCP_DIGEST);
}
