/* Attestation: a fresh document, and what a document proves. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "api/rest/rest.h"
#include "codec/base64.h"
#include "support/json.h"

#define NONCE_MAX 512
#define DOCUMENT_MAX ((size_t)16 << 10)
#define EVIDENCE_MAX ((size_t)128 << 10)

void zc_rest_attest(zc_rest_call *call)
{
    uint8_t nonce[NONCE_MAX];
    size_t nonce_len = 0;
    size_t len = 0;
    uint8_t document[DOCUMENT_MAX];
    zcp_session *session;
    zcp_error error;
    if (!zc_rest_members(call, " nonce ") ||
        (json_object_get(call->body, "nonce") != NULL &&
         !zc_rest_hex(call, "nonce", nonce, sizeof nonce, &nonce_len))) {
        return;
    }
    zcp_result asked = zc_api_session(call->api, &session, &error);
    asked = asked == ZCP_OK
                ? zcp_attest(session, nonce, nonce_len, document, sizeof document, &len, &error)
                : asked;
    call->api->result = asked;
    if (asked != ZCP_OK) {
        zc_rest_fail_session(call, asked, &error);
        return;
    }
    json_t *out = json_object();
    if (out == NULL || !zc_rest_set_base64(out, "document", zc_slice_of(document, len))) {
        json_decref(out);
        out = NULL;
    }
    zc_rest_reply(call, 200, out);
}

static json_t *checks_json(const zcp_conclusion *conclusion)
{
    static const char *const states[] = {[ZCP_CHECK_PASSED] = "passed",
                                         [ZCP_CHECK_FAILED] = "failed",
                                         [ZCP_CHECK_NOT_ASKED] = "not-asked"};
    json_t *list = json_array();
    for (size_t i = 0; i < conclusion->check_count; i++) {
        const zcp_check *check = &conclusion->check[i];
        bool known = check->state >= ZCP_CHECK_PASSED && check->state <= ZCP_CHECK_NOT_ASKED;
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", check->name, "state",
                                                    known ? states[check->state] : "failed",
                                                    "detail", check->detail));
    }
    return list;
}

static json_t *measurements_json(const zcp_conclusion *conclusion)
{
    json_t *out = json_object();
    for (size_t i = 0; i < conclusion->measurement_count; i++) {
        const zcp_measurement *one = &conclusion->measurement[i];
        (void)zc_json_set_hex(out, one->name, zc_slice_of(one->value, one->len));
    }
    return out;
}

static void answer(zc_rest_call *call, zcp_result result, const zcp_conclusion *conclusion,
                   const zcp_error *error)
{
    bool valid = result == ZCP_OK && conclusion->valid;
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_bool(out, "valid", valid) &&
        zc_json_set_text(out, "reason", valid ? "" : error->why) &&
        zc_json_set_bool(out, "hardware", valid && conclusion->hardware) &&
        zc_json_set_bool(out, "development", valid && conclusion->development) &&
        zc_json_set(out, "checks", checks_json(conclusion)) &&
        (!valid || zc_json_set(out, "measurements", measurements_json(conclusion))) &&
        (!valid || !conclusion->ours ||
         (zc_json_set_hex(out, "deployment_id", ZC_SLICE_OF_ARRAY(conclusion->deployment_id)) &&
          zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(conclusion->mission_hash)) &&
          zc_json_set_hex(out, "log_key", ZC_SLICE_OF_ARRAY(conclusion->log_key))));
    if (!made) {
        json_decref(out);
        out = NULL;
    }
    zc_rest_reply(call, 200, out);
}

static void verify(zc_rest_call *call, zc_slice evidence, const zcp_policy *policy)
{
    zcp_error error = {0};
    zcp_conclusion *conclusion = calloc(1, sizeof *conclusion);
    if (conclusion == NULL) {
        zc_rest_fail(call->response, 500, "GATEWAY_MEMORY", "cannot verify",
                     "the machine gave no memory", "ask again later");
        return;
    }
    zcp_result verified =
        zcp_verify_evidence(evidence.data, evidence.len, policy, conclusion, &error);
    if (verified == ZCP_OK || verified == ZCP_NOT_VERIFIED) {
        answer(call, verified, conclusion, &error);
    } else {
        zc_rest_fail_session(call, verified, &error);
    }
    free(conclusion);
}

void zc_rest_verify(zc_rest_call *call)
{
    ZC_BYTES zc_bytes document = {0};
    uint8_t nonce[NONCE_MAX];
    zcp_measurement pcr0 = {.name = "PCR0"};
    zcp_policy policy = {.at_seconds = (int64_t)time(NULL)};
    const char *text;
    if (!zc_rest_members(call, " document nonce pcr0 at deployment_root ") ||
        !zc_rest_text(call, "document", true, &text)) {
        return;
    }
    if (json_object_get(call->body, "nonce") != NULL) {
        if (!zc_rest_hex(call, "nonce", nonce, sizeof nonce, &policy.nonce.len)) {
            return;
        }
        policy.nonce.data = nonce;
    }
    if (json_object_get(call->body, "pcr0") != NULL) {
        if (!zc_rest_hex(call, "pcr0", pcr0.value, 48, &pcr0.len)) {
            return;
        }
        policy.measurements = &pcr0;
        policy.measurement_count = 1;
    }
    const json_t *at = json_object_get(call->body, "at");
    policy.at_seconds = json_is_integer(at) ? json_integer_value(at) : policy.at_seconds;
    /* A path can't be chosen by a request: either the maker's root, or that of this deployment. */
    policy.root_pem =
        json_is_true(json_object_get(call->body, "deployment_root")) ? call->rest->root_pem : NULL;
    size_t len = strlen(text);
    if (len > EVIDENCE_MAX || !zc_bytes_reserve(&document, len) ||
        !zc_ok(zc_base64_decode(zc_slice_of(text, len), document.data, len, &document.len))) {
        zc_rest_bad(call, "document must be base64 of at most 96 KiB");
        return;
    }
    verify(call, zc_bytes_slice(&document), &policy);
}

/* The running enclave, as `zcp verify` does: a fresh nonce, and what the session was held against.
 */
void zc_rest_verify_live(zc_rest_call *call)
{
    uint8_t nonce[32];
    uint8_t document[DOCUMENT_MAX];
    size_t len = 0;
    zcp_session *session;
    zcp_error error;
    zcp_result asked = zc_api_session(call->api, &session, &error);
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce) {
        zc_rest_bad(call, "the machine gives no random bytes");
        return;
    }
    asked = asked == ZCP_OK
                ? zcp_attest(session, nonce, sizeof nonce, document, sizeof document, &len, &error)
                : asked;
    call->api->result = asked;
    if (asked != ZCP_OK) {
        zc_rest_fail_session(call, asked, &error);
        return;
    }
    const zcp_evidence *known = zcp_session_evidence(session);
    zcp_measurement pcr0 = {.name = "PCR0", .len = sizeof known->pcr[0]};
    memcpy(pcr0.value, known->pcr[0], sizeof known->pcr[0]);
    const zcp_policy policy = {
        .at_seconds = (int64_t)time(NULL),
        .root_pem = call->rest->root_pem,
        .nonce = {.data = nonce, .len = sizeof nonce},
        .measurements = &pcr0,
        .measurement_count = 1,
        .deployment_id = known->deployment_id,
        .log_key = known->log_key,
    };
    verify(call, zc_slice_of(document, len), &policy);
}
