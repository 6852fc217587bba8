#include <stdio.h>
#include <stdlib.h>

#include "api/rest/rest.h"
#include "codec/base64.h"
#include "support/json.h"

#define FORM_MAX ((size_t)60 << 10)
#define SIGNED_ROOM 80

static void refuse(zc_rest_call *call, const zcp_sign_request *request, zcp_result result,
                   const zcp_decision *decision, const zcp_error *error)
{
    char pending[64];
    bool review = result == ZCP_APPROVAL_NEEDED;
    if (!review && result != ZCP_DENIED) {
        zc_rest_fail_session(call, result, error);
        return;
    }
    zc_api_pending_id(decision, request, pending);
    zc_rest_reply(call, review ? 202 : 403,
                  zc_api_refusal_json(result, decision, review ? pending : NULL));
}

/* "signed": what goes out, where that is more than the signature. */
static bool add_artefact(const zcp_sign_request *request, const zcp_signature *signature,
                         json_t *out)
{
    if (request->use != ZCP_TX || request->chain != ZCP_CHAIN_EVM) {
        zc_slice artefact = zc_slice_of(signature->artefact, signature->artefact_len);
        return artefact.len == 0 || (zc_json_set_hex0x(out, "signed", artefact) &&
                                     zc_rest_set_base64(out, "signed_base64", artefact));
    }
    size_t capacity = request->payload_len + SIGNED_ROOM;
    size_t len = 0;
    uint8_t *signed_tx = malloc(capacity);
    bool made = signed_tx != NULL &&
                zcp_evm_signed(request->payload, request->payload_len, signature, signed_tx,
                               capacity, &len, NULL) == ZCP_OK &&
                zc_json_set_hex0x(out, "signed", zc_slice_of(signed_tx, len));
    free(signed_tx);
    return made;
}

/* As wallets give it: r ‖ s ‖ v with v of 27 or 28, where a key of Ethereum's curve signed for it.
 */
static bool add_signature(zc_rest_call *call, const zcp_sign_request *request,
                          const zcp_signature *signature, json_t *out)
{
    uint8_t bytes[65];
    zcp_key key;
    memcpy(bytes, signature->signature, 64);
    bytes[64] = (uint8_t)(27 + signature->recovery);
    bool evm = (request->chain == ZCP_CHAIN_EVM || request->chain == ZCP_CHAIN_NONE) &&
               zc_api_key(call->api, request->key, &key, NULL) == ZCP_OK &&
               key.curve == ZCP_SECP256K1;
    return zc_json_set_hex0x(out, "signature", zc_slice_of(bytes, evm ? 65 : 64));
}

static void sign(zc_rest_call *call, const zcp_sign_request *request)
{
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error;
    zcp_key key;
    /* Known before signing: the artefact lasts until the session's next call. */
    zcp_result result = zc_api_key(call->api, request->key, &key, &error);
    if (result == ZCP_OK) {
        result = zc_api_sign(call->api, request, &signature, &decision, &error);
    }
    if (result != ZCP_OK) {
        refuse(call, request, result, &decision, &error);
        return;
    }
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "decision", "allow") &&
                zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(signature.digest)) &&
                add_artefact(request, &signature, out) &&
                add_signature(call, request, &signature, out) &&
                zc_json_set_text(out, "rule", signature.decision.rule) &&
                zc_json_set_u64(out, "entry", signature.entry) &&
                zc_json_set_hex(out, "leaf", ZC_SLICE_OF_ARRAY(signature.leaf));
    if (!made) {
        json_decref(out);
        out = NULL;
    }
    zc_rest_reply(call, 200, out);
}

typedef struct chain_name {
    const char *name;
    zcp_chain chain;
    bool exact;
} chain_name;

static const chain_name chains[] = {
    {"evm", ZCP_CHAIN_EVM, true},         {"bitcoin", ZCP_CHAIN_BITCOIN, false},
    {"solana", ZCP_CHAIN_SOLANA, false},  {"cosmos", ZCP_CHAIN_COSMOS, true},
    {"cosmos:", ZCP_CHAIN_COSMOS, false}, {"none", ZCP_CHAIN_NONE, true},
};

/* "evm", "bitcoin", "bitcoin-test", "solana", "cosmos", "cosmos:ID". */
static bool read_chain(zc_rest_call *call, const char *otherwise, zcp_sign_request *request)
{
    const char *text = NULL;
    if (!zc_rest_text(call, "chain", false, &text)) {
        return false;
    }
    text = text != NULL ? text : otherwise;
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        const chain_name *one = &chains[i];
        bool fits = one->exact ? strcmp(text, one->name) == 0
                               : strncmp(text, one->name, strlen(one->name)) == 0;
        if (!fits) {
            continue;
        }
        request->chain = one->chain;
        request->chain_id = one->exact ? 0 : zcp_chain_id(text);
        if (one->exact || request->chain_id != 0) {
            return true;
        }
    }
    zc_rest_bad(call, "chain is evm, bitcoin, bitcoin-test, bitcoin-regtest, solana, cosmos or "
                      "cosmos:ID");
    return false;
}

static void sign_payload(zc_rest_call *call, zcp_use use, const char *chain)
{
    ZC_BYTES zc_bytes payload = {0};
    zcp_sign_request request = {.use = use};
    if (!zc_rest_text(call, "key", true, &request.key) || !read_chain(call, chain, &request) ||
        !zc_rest_payload(call, &payload)) {
        return;
    }
    request.payload = payload.data;
    request.payload_len = payload.len;
    sign(call, &request);
}

void zc_rest_sign_tx(zc_rest_call *call)
{
    if (zc_rest_members(call, " key chain payload payload_base64 ")) {
        sign_payload(call, ZCP_TX, "evm");
    }
}

void zc_rest_sign_message(zc_rest_call *call)
{
    if (zc_rest_members(call, " key chain payload payload_base64 text ")) {
        sign_payload(call, ZCP_MESSAGE, "none");
    }
}

void zc_rest_sign_digest(zc_rest_call *call)
{
    if (zc_rest_members(call, " key payload payload_base64 ")) {
        sign_payload(call, ZCP_DIGEST, "none");
    }
}

/* An object of the body in the form that the enclave reads; signed when it has one. */
static void sign_form(zc_rest_call *call, zcp_use use, zcp_chain chain, const char *member,
                      zcp_result (*form_of)(const char *json, size_t len, uint8_t *ret_form,
                                            size_t capacity, size_t *ret_len, zcp_error *error))
{
    zcp_error error;
    zcp_sign_request request = {.use = use, .chain = chain};
    const json_t *object = json_object_get(call->body, member);
    const json_t *chain_id = json_object_get(call->body, "chain_id");
    if (!zc_rest_text(call, "key", true, &request.key)) {
        return;
    }
    if (!json_is_object(object) || (chain_id != NULL && json_integer_value(chain_id) <= 0)) {
        zc_rest_bad(call, "what is to be signed must be an object, and a chain_id a number");
        return;
    }
    request.chain_id = chain_id != NULL ? (uint64_t)json_integer_value(chain_id) : 0;
    char *text = json_dumps(object, JSON_COMPACT);
    uint8_t *form = malloc(FORM_MAX);
    zcp_result formed = ZCP_FAILED;
    if (text == NULL || form == NULL) {
        zc_rest_fail(call->response, 500, "GATEWAY_MEMORY", "cannot sign",
                     "the machine gave no memory", "ask again later");
    } else {
        formed = form_of(text, strlen(text), form, FORM_MAX, &request.payload_len, &error);
        if (formed == ZCP_OK) {
            request.payload = form;
            sign(call, &request);
        } else {
            zc_rest_fail_session(call, ZCP_USAGE, &error);
        }
    }
    free(form);
    free(text);
}

void zc_rest_sign_typed_data(zc_rest_call *call)
{
    if (zc_rest_members(call, " key typed_data chain_id ")) {
        sign_form(call, ZCP_TYPED_DATA, ZCP_CHAIN_EVM, "typed_data", zcp_typed_data);
    }
}

void zc_rest_sign_order(zc_rest_call *call)
{
    if (zc_rest_members(call, " key order ")) {
        sign_form(call, ZCP_ORDER, ZCP_CHAIN_VENUE, "order", zcp_order);
    }
}
