/* Block payloads of an OP Stack sequencer: Keccak-256 over domain, chain and payload hash. The
 * first version of the call has Go's own forms (a list of numbers, a number, base64); the second
 * has Ethereum's. */
#include <string.h>

#include "api/ethereum/quantity.h"
#include "api/public_key.h"
#include "api/web3signer/web3signer.h"
#include "crypto/hash.h"

#define WORD 32

typedef struct payload_words {
    uint8_t domain[WORD];
    uint8_t chain[WORD];
    uint8_t hash[WORD];
} payload_words;

static void sign_words(zc_rpc_call *call, const json_t *object, const payload_words *words)
{
    uint8_t bytes[3 * WORD];
    uint8_t digest[WORD];
    zcp_signature signature;
    memcpy(bytes, words->domain, WORD);
    memcpy(bytes + WORD, words->chain, WORD);
    memcpy(bytes + (size_t)2 * WORD, words->hash, WORD);
    zc_keccak256(ZC_SLICE_OF_ARRAY(bytes), digest);
    if (zc_account_sign_digest(call, json_object_get(object, "senderAddress"), digest,
                               &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_PARITY);
    }
}

static bool read_numbers(const json_t *list, uint8_t ret_bytes[static WORD])
{
    bool read = json_array_size(list) == WORD;
    for (size_t i = 0; read && i < WORD; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t value = json_is_integer(item) ? json_integer_value(item) : -1;
        read = value >= 0 && value <= UINT8_MAX;
        ret_bytes[i] = read ? (uint8_t)value : 0;
    }
    return read;
}

static bool read_chain_number(const json_t *value, uint8_t ret_bytes[static WORD])
{
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    if (number < 0) {
        return false;
    }
    const zc_u256 chain = zc_u256_of((uint64_t)number);
    zc_u256_to_be(&chain, ret_bytes);
    return true;
}

static bool read_base64_word(const json_t *value, uint8_t ret_bytes[static WORD])
{
    ZC_BYTES zc_bytes bytes = {0};
    const char *text = json_string_value(value);
    bool read = text != NULL && zc_base64_read(text, WORD, &bytes) && bytes.len == WORD;
    if (read) {
        memcpy(ret_bytes, bytes.data, WORD);
    }
    return read;
}

void zc_opsigner_sign_payload(zc_rpc_call *call)
{
    payload_words words;
    const json_t *object = zc_rpc_parameter(call, 0);
    bool read = read_numbers(json_object_get(object, "domain"), words.domain) &&
                read_chain_number(json_object_get(object, "chainId"), words.chain) &&
                read_base64_word(json_object_get(object, "payloadHash"), words.hash);
    if (!read) {
        zc_rpc_fail(call, ZC_RPC_PARAMS,
                    "a payload has a domain of 32 numbers, a chainId and a payloadHash in base64");
        return;
    }
    sign_words(call, object, &words);
}

void zc_opsigner_sign_payload_v2(zc_rpc_call *call)
{
    payload_words words;
    zc_u256 chain;
    const json_t *object = zc_rpc_parameter(call, 0);
    bool read = zc_data_read_fixed(json_object_get(object, "domain"), words.domain, WORD) &&
                zc_quantity_read(json_object_get(object, "chainId"), &chain) &&
                zc_data_read_fixed(json_object_get(object, "payloadHash"), words.hash, WORD);
    if (!read) {
        zc_rpc_fail(call, ZC_RPC_PARAMS,
                    "a payload has domain, chainId and payloadHash in hexadecimal");
        return;
    }
    zc_u256_to_be(&chain, words.chain);
    sign_words(call, object, &words);
}
