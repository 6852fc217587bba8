/* A transaction of a Safe: typed data that is made of the object's members. */
#include <stdlib.h>
#include <string.h>

#include "api/clef/clef.h"
#include "api/ethereum/quantity.h"
#include "intent/payload.h"

#define FORM_MAX ((size_t)60 << 10)

static const struct {
    const char *name;
    const char *type;
    const char *absent; /* NULL: it must be there */
} fields[] = {
    {"to", "address", NULL},
    {"value", "uint256", "0"},
    {"data", "bytes", "0x"},
    {"operation", "uint8", "0"},
    {"safeTxGas", "uint256", "0"},
    {"baseGas", "uint256", "0"},
    {"gasPrice", "uint256", "0"},
    {"gasToken", "address", "0x0000000000000000000000000000000000000000"},
    {"refundReceiver", "address", "0x0000000000000000000000000000000000000000"},
    {"nonce", "uint256", NULL},
};
#define FIELDS (sizeof fields / sizeof fields[0])

static json_t *message_of(const json_t *object)
{
    json_t *message = json_object();
    for (size_t i = 0; message != NULL && i < FIELDS; i++) {
        json_t *value = json_object_get(object, fields[i].name);
        bool absent = value == NULL || json_is_null(value);
        json_t *taken = !absent                    ? json_incref(value)
                        : fields[i].absent != NULL ? json_string(fields[i].absent)
                                                   : NULL;
        if (taken == NULL || json_object_set_new(message, fields[i].name, taken) != 0) {
            json_decref(message);
            return NULL;
        }
    }
    return message;
}

static json_t *types_of(bool has_chain)
{
    json_t *list = json_array();
    for (size_t i = 0; i < FIELDS; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s}", "name", fields[i].name, "type", fields[i].type));
    }
    json_t *domain = json_pack("[{s:s, s:s}]", "name", "verifyingContract", "type", "address");
    if (has_chain) {
        (void)json_array_insert_new(domain, 0,
                                    json_pack("{s:s, s:s}", "name", "chainId", "type", "uint256"));
    }
    return json_pack("{s:o, s:o}", "EIP712Domain", domain, "SafeTx", list);
}

/* NULL when a member is missing. A Safe before version 1.3.0 has no chain in its domain. */
static json_t *typed_data_of(const zc_rpc_call *call, const json_t *object)
{
    json_t *chain = json_object_get(object, "chainId");
    json_t *domain = json_pack("{s:O?}", "verifyingContract", json_object_get(object, "safe"));
    json_t *message = message_of(object);
    bool has_chain = true;
    if (chain != NULL && !json_is_null(chain)) {
        (void)json_object_set(domain, "chainId", chain);
    } else if (call->rpc->chain_id != 0) {
        const zc_u256 number = zc_u256_of(call->rpc->chain_id);
        (void)json_object_set_new(domain, "chainId", zc_quantity_json(&number));
    } else {
        has_chain = false;
    }
    json_t *made = domain != NULL && message != NULL && json_object_get(object, "safe") != NULL
                       ? json_pack("{s:o, s:s, s:O, s:O}", "types", types_of(has_chain),
                                   "primaryType", "SafeTx", "domain", domain, "message", message)
                       : NULL;
    json_decref(domain);
    json_decref(message);
    return made;
}

/* The hash that the enclave will come to, computed before it is asked: what the caller shows people
 * and what is signed are to be the same. */
static bool hash_of(const json_t *typed_data, uint8_t ret_hash[static 32])
{
    zcp_error error;
    size_t len = 0;
    size_t offset = 0;
    char *text = json_dumps(typed_data, JSON_COMPACT);
    uint8_t *form = malloc(FORM_MAX);
    zc_intent *intent = calloc(1, sizeof *intent);
    bool made = text != NULL && form != NULL && intent != NULL &&
                zcp_typed_data(text, strlen(text), form, FORM_MAX, &len, &error) == ZCP_OK;
    if (made) {
        const zc_payload payload = {.kind = ZC_PAYLOAD_TYPED_DATA,
                                    .family = ZC_FAMILY_EVM,
                                    .bytes = zc_slice_of(form, len)};
        made = zc_ok(zc_payload_decode(&payload, NULL, NULL, intent, &offset));
    }
    if (made) {
        memcpy(ret_hash, intent->digest, sizeof intent->digest);
    }
    free(intent);
    free(form);
    free(text);
    return made;
}

/* Whether it is the transaction that the caller's own hash names, where there is one. */
static bool is_expected(zc_rpc_call *call, const json_t *object, const json_t *typed_data)
{
    uint8_t wanted[32];
    uint8_t hash[32];
    const json_t *said = json_object_get(object, "safeTxHash");
    if (said == NULL || json_is_null(said)) {
        return true;
    }
    bool same = zc_data_read_fixed(said, wanted, sizeof wanted) && hash_of(typed_data, hash) &&
                memcmp(wanted, hash, sizeof hash) == 0;
    if (!same) {
        zc_rpc_fail(call, ZC_RPC_PARAMS,
                    "mismatched safeTxHash: it is not the hash of these members");
    }
    return same;
}

void zc_clef_sign_safe(zc_rpc_call *call)
{
    zcp_signature signature;
    json_t *address = zc_rpc_parameter(call, 0);
    json_t *object = zc_rpc_parameter(call, 1);
    json_t *typed_data = typed_data_of(call, object);
    if (typed_data == NULL) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "a Safe's transaction has safe, to and nonce");
        return;
    }
    if (is_expected(call, object, typed_data) &&
        zc_account_sign_typed_data(call, address, typed_data, &signature)) {
        json_t *answer = json_copy(object);
        bool made = answer != NULL &&
                    json_object_set_new(answer, "signature",
                                        zc_account_signature_json(&signature, ZC_V_WALLET)) == 0 &&
                    json_object_set_new(answer, "contractTransactionHash",
                                        zc_data_json(ZC_SLICE_OF_ARRAY(signature.digest))) == 0 &&
                    json_object_set(answer, "sender", address) == 0;
        call->result = made ? json_incref(answer) : NULL;
        json_decref(answer);
    }
    json_decref(typed_data);
}
