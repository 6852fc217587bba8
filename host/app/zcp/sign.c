#include <stdio.h>
#include <time.h>

#include "base/hex.h"
#include "commands.h"
#include "intent/decode.h"
#include "catalog.h"
#include "payload.h"
#include "support/json.h"
#include "support/reasons.h"

#define SIGNED_ROOM 128

const zc_option zc_sign_options[] = {
    {"key", "NAME", "the key that signs"},
    {"chain", "CHAIN", "evm (default for transactions)"},
    {"hex", NULL, "the message is given in hexadecimal"},
    {NULL, NULL, NULL},
};

/* r ‖ s ‖ v as Ethereum tools want it for its keys, r ‖ s for all others. */
static size_t full_signature(const zcp_signature *signature, bool evm, uint8_t ret_bytes[static 65])
{
    memcpy(ret_bytes, signature->signature, 64);
    ret_bytes[64] = (uint8_t)(27 + signature->recovery);
    return evm ? 65 : 64;
}

static bool add_decision(json_t *out, const zcp_decision *decision)
{
    return zc_json_set_text(out, "rule", decision->rule) &&
           zc_json_set_text(out, "measured", decision->measured) &&
           zc_json_set_text(out, "limit", decision->limit);
}

static int print_signed(const zc_invocation *invocation, const zcp_signature *signature, bool evm,
                        zc_slice signed_tx, uint64_t took_us)
{
    uint8_t bytes[65];
    size_t len = full_signature(signature, evm, bytes);
    if (invocation->json) {
        json_t *out = json_object();
        bool printed = out != NULL && zc_json_set_text(out, "decision", "allow") &&
                       zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(signature->digest)) &&
                       zc_json_set_hex0x(out, "signature", zc_slice_of(bytes, len)) &&
                       (signed_tx.len == 0 || zc_json_set_hex0x(out, "signed", signed_tx)) &&
                       zc_json_set_u64(out, "entry", signature->entry) &&
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
    if (signed_tx.len > 0) {
        (void)fputs("signed      0x", stdout);
        for (size_t i = 0; i < signed_tx.len; i++) {
            (void)printf("%02x", signed_tx.data[i]);
        }
        (void)puts("");
    }
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

/* Base units as people write them, where the folder's mission knows the asset. */
static void amount_text(const zc_invocation *invocation, const char *base_units, const char *asset,
                        char ret_text[static 128])
{
    zc_catalog catalog = zc_catalog_of_folder(invocation, NULL);
    unsigned decimals = 0;
    for (size_t i = 0; i < catalog.asset_count; i++) {
        decimals =
            strcmp(catalog.assets[i].name, asset) == 0 ? catalog.assets[i].decimals : decimals;
    }
    char digits[80 + ZC_ASSET_MAX_DECIMALS + 1];
    size_t len = strlen(base_units);
    size_t zeros = len <= decimals ? decimals + 1 - len : 0;
    memset(digits, '0', zeros);
    memcpy(digits + zeros, base_units, len + 1);
    size_t whole = zeros + len - decimals;
    char *end = digits + zeros + len;
    while (end > digits + whole && end[-1] == '0') {
        end--;
    }
    int fraction = (int)(end - (digits + whole));
    (void)snprintf(ret_text, 128, "%.*s%s%.*s%s%s", (int)whole, digits, fraction > 0 ? "." : "",
                   fraction, digits + whole, asset[0] != '\0' ? " " : "", asset);
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
            char measured[128];
            char limit[128];
            amount_text(invocation, decision->measured, decision->asset, measured);
            amount_text(invocation, decision->limit, decision->asset, limit);
            zc_error_why(&edge, "%s: %s, the limit is %s", error->why, measured, limit);
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

static int sign_payload(const zc_invocation *invocation, zcp_session *session,
                        const zcp_sign_request *request)
{
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error;
    uint64_t began_us = now_us();
    zcp_result signed_ok = zcp_sign(session, request, &signature, &decision, &error);
    uint64_t took_us = now_us() - began_us;
    if (signed_ok == ZCP_DENIED || signed_ok == ZCP_APPROVAL_NEEDED) {
        return print_refused(invocation, &decision, &error);
    }
    if (signed_ok != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    zcp_key key;
    bool evm =
        zcp_key_show(session, request->key, &key, NULL) == ZCP_OK && key.curve == ZCP_SECP256K1;
    static uint8_t signed_tx[(64 << 10) + SIGNED_ROOM];
    size_t signed_len = 0;
    if (request->use == ZCP_TX &&
        zcp_evm_signed(request->payload, request->payload_len, &signature, signed_tx,
                       sizeof signed_tx, &signed_len, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    return print_signed(invocation, &signature, evm, zc_slice_of(signed_tx, signed_len), took_us);
}

static int sign(zc_invocation *invocation, zcp_use use, bool hex)
{
    const char *key = zc_option_value(invocation, "key");
    const char *chain = zc_option_value(invocation, "chain");
    if (key == NULL) {
        return zc_fail_usage(invocation, "cannot sign", "--key is missing");
    }
    if (chain != NULL && strcmp(chain, "evm") != 0) {
        return zc_fail_usage(invocation, "cannot sign", "this version signs for --chain evm only");
    }
    ZC_BYTES zc_bytes payload = {0};
    int code = zc_payload_read(invocation, 0, hex, &payload);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_session *session;
    code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    bool evm = use == ZCP_TX || chain != NULL;
    zcp_sign_request request = {.key = key,
                                .use = use,
                                .chain = evm ? ZCP_CHAIN_EVM : ZCP_CHAIN_NONE,
                                .payload = payload.data,
                                .payload_len = payload.len};
    code = sign_payload(invocation, session, &request);
    zcp_close(session);
    return code;
}

int zc_run_sign_tx(zc_invocation *invocation)
{
    return sign(invocation, ZCP_TX, true);
}

int zc_run_sign_message(zc_invocation *invocation)
{
    return sign(invocation, ZCP_MESSAGE, zc_option_given(invocation, "hex"));
}

int zc_run_sign_digest(zc_invocation *invocation)
{
    return sign(invocation, ZCP_DIGEST, true);
}
