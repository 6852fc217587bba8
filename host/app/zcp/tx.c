/* `zcp tx decode`: what would this do? Offline: no enclave is asked. */
#include <stdio.h>

#include "base/hex.h"
#include "catalog.h"
#include "commands.h"
#include "intent/decode.h"
#include "intent/render.h"
#include "intent_json.h"
#include "payload.h"
#include "support/json.h"
#include "support/reasons.h"

const zc_option zc_tx_decode_options[] = {
    {"chain", "CHAIN", "evm (others: not in this version)"},
    {"from", "ADDRESS", "the account that would sign (default: unknown, shown as zeros)"},
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

static int print_decoded(const zc_invocation *invocation, const zc_intent *intent)
{
    zc_catalog catalog = zc_catalog_of_folder(invocation, zc_option_value(invocation, "mission"));
    static char text[ZC_INTENT_MAX_RENDERED + 1];
    zc_writer writer = zc_writer_of(text, sizeof text - 1);
    zc_result rendered = zc_intent_render(intent, &catalog, &writer);
    if (!zc_ok(rendered)) {
        return undecodable(invocation, rendered, 0);
    }
    text[zc_writer_len(&writer)] = '\0';
    if (!invocation->json) {
        (void)fputs(text, stdout);
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set(out, "intent", zc_intent_json(intent, &catalog)) &&
                   zc_json_set(out, "flags", zc_intent_flags_json(intent)) &&
                   zc_json_set_text(out, "text", text) && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_tx_decode(zc_invocation *invocation)
{
    const char *chain = zc_option_value(invocation, "chain");
    if (chain != NULL && strcmp(chain, "evm") != 0) {
        return zc_fail_usage(invocation, "cannot decode", "this version reads --chain evm only");
    }
    uint8_t account[20] = {0};
    if (zc_option_given(invocation, "from")) {
        int read = zc_option_hex(invocation, "from", account, sizeof account);
        if (read != ZC_EXIT_DONE) {
            return read;
        }
    }
    ZC_BYTES zc_bytes payload = {0};
    int code = zc_payload_read(invocation, 0, true, &payload);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    static zc_intent intent;
    zc_signature signature;
    size_t offset = 0;
    zc_slice bytes = zc_bytes_slice(&payload);
    zc_result decoded = zc_intent_decode_evm_tx(bytes, account, &intent, &offset);
    if (zc_is(decoded, ZC_INTENT_ALREADY_SIGNED)) {
        decoded = zc_intent_decode_evm_signed_tx(bytes, &intent, &signature, &offset);
    }
    return zc_ok(decoded) ? print_decoded(invocation, &intent)
                          : undecodable(invocation, decoded, offset);
}
