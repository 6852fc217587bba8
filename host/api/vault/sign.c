#include <stdio.h>
#include <string.h>

#include "api/public_key.h"
#include "api/vault/vault.h"
#include "crypto/der.h"
#include "support/json.h"

/* "vault:v1:" and the signature in the form that was asked for. */
static json_t *signature_json(const zc_vault_terms *terms, const zcp_signature *signature)
{
    uint8_t der[ZC_DER_MAX_SIGNATURE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(der);
    zc_slice bytes = ZC_SLICE_OF_ARRAY(signature->signature);
    if (terms->key.curve == ZCP_P256 && !terms->jws) {
        if (!zc_ok(zc_der_write_signature(&writer, signature->signature, 32))) {
            return NULL;
        }
        bytes = zc_writer_written(&writer);
    }
    json_t *encoded = terms->jws ? zc_base64url_json(bytes) : zc_base64_json(bytes);
    json_t *text = encoded != NULL ? json_sprintf("vault:v1:%s", json_string_value(encoded)) : NULL;
    json_decref(encoded);
    return text;
}

static json_t *refused(const zcp_sign_request *request, zcp_result result,
                       const zcp_decision *decision, unsigned *ret_status)
{
    char text[640];
    char message[680];
    json_t *details = zc_api_refusal(result, decision, request, text);
    (void)snprintf(message, sizeof message, "permission denied: %s", text);
    json_t *out = zc_vault_item_error(message, 403, ret_status);
    if (out != NULL && details != NULL) {
        (void)json_object_update(out, details);
    }
    json_decref(details);
    return out;
}

static json_t *sign_item(zc_vault_call *call, const zc_vault_terms *terms, const json_t *item,
                         unsigned *ret_status)
{
    static const uint8_t empty = 0;
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error = {0};
    ZC_BYTES zc_bytes input = {0};
    const char *why = zc_vault_input(terms, item, &input);
    if (why != NULL) {
        return zc_vault_item_error(why, 400, ret_status);
    }
    const zcp_sign_request request = {.key = terms->key.name,
                                      .use = terms->prehashed ? ZCP_DIGEST : ZCP_MESSAGE,
                                      .payload = input.len != 0 ? input.data : &empty,
                                      .payload_len = input.len};
    zcp_result result = zc_api_sign(call->api, &request, &signature, &decision, &error);
    if (result == ZCP_DENIED || result == ZCP_APPROVAL_NEEDED) {
        return refused(&request, result, &decision, ret_status);
    }
    if (result != ZCP_OK) {
        char text[640];
        unsigned status = zc_vault_failure(result, &error, text);
        return zc_vault_item_error(text, status, ret_status);
    }
    return json_pack("{s:o, s:i}", "signature", signature_json(terms, &signature), "key_version",
                     1);
}

void zc_vault_sign(zc_vault_call *call)
{
    zc_vault_terms terms;
    if (zc_vault_terms_read(call, "signing key not found", &terms)) {
        zc_vault_each(call, &terms, sign_item);
    }
}
