/* What policy said, in the words that all interfaces share. */
#include <inttypes.h>
#include <stdio.h>

#include "api/gateway.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "support/json.h"

void zc_api_pending_id(const zcp_decision *decision, const zcp_sign_request *request,
                       char ret_id[static 64])
{
    if (decision->has_entry) {
        (void)snprintf(ret_id, 64, "review-%" PRIu64, decision->entry);
        return;
    }
    uint8_t hash[32];
    char hex[65];
    zc_sha256(zc_slice_of(request->payload, request->payload_len), hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), hex);
    (void)snprintf(ret_id, 64, "review-%.32s", hex);
}

void zc_api_refusal_text(zcp_result result, const zcp_decision *decision, char ret_text[static 512])
{
    const char *word = result == ZCP_APPROVAL_NEEDED ? "approval is needed" : "denied";
    const char *why = decision->why[0] != '\0' ? decision->why : "policy refused";
    bool has_rule = decision->rule[0] != '\0';
    bool has_margin = decision->limit[0] != '\0' &&
                      (strcmp(decision->limit, "0") != 0 || strcmp(decision->measured, "0") != 0);
    int len = snprintf(ret_text, 512, "%s%s%s: %s", word, has_rule ? " by rule " : "",
                       decision->rule, why);
    if (has_margin && len > 0 && len < 512) {
        (void)snprintf(ret_text + len, 512 - (size_t)len, " (measured %s, limit %s%s%s)",
                       decision->measured, decision->limit,
                       decision->asset[0] != '\0' ? " base units of " : "", decision->asset);
    }
}

static json_t *margin(const zcp_decision *decision)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "measured", decision->measured) &&
                zc_json_set_text(out, "limit", decision->limit) &&
                zc_json_set_text(out, "asset", decision->asset);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *zc_api_refusal_json(zcp_result result, const zcp_decision *decision, const char *pending)
{
    json_t *out = json_object();
    bool made =
        out != NULL &&
        zc_json_set_text(out, "decision", result == ZCP_APPROVAL_NEEDED ? "review" : "deny") &&
        zc_json_set_text(out, "rule", decision->rule) &&
        zc_json_set_text(out, "reason", decision->reason) &&
        zc_json_set_text(out, "why", decision->why) &&
        zc_json_set(out, "margin", margin(decision)) &&
        (!decision->has_entry || zc_json_set_u64(out, "entry", decision->entry)) &&
        (pending == NULL || zc_json_set_text(out, "pending", pending));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *zc_api_refusal(zcp_result result, const zcp_decision *decision,
                       const zcp_sign_request *request, char ret_text[static 640])
{
    char text[512];
    char pending[64];
    bool review = result == ZCP_APPROVAL_NEEDED;
    zc_api_refusal_text(result, decision, text);
    zc_api_pending_id(decision, request, pending);
    (void)snprintf(ret_text, 640, "%s%s%s%s", text, review ? "; pending as " : "",
                   review ? pending : "", review ? ", ask again once it is approved" : "");
    return zc_api_refusal_json(result, decision, review ? pending : NULL);
}
