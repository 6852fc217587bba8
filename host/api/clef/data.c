/* Data with a content type, and whose key a signature is of. */
#include <string.h>

#include "api/clef/clef.h"
#include "api/ethereum/personal.h"
#include "api/ethereum/quantity.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#define ADDRESS 20
#define SIGNATURE 65

/* EIP-191 version 0x00: a contract alone knows what it means, so for policy it is a digest. */
static void sign_validator_data(zc_rpc_call *call, const json_t *address, const json_t *data)
{
    uint8_t head[2 + ADDRESS] = {0x19, 0x00};
    uint8_t digest[32];
    zcp_signature signature;
    ZC_BYTES zc_bytes message = {0};
    ZC_BYTES zc_bytes whole = {0};
    bool read = zc_data_read_fixed(json_object_get(data, "address"), head + 2, ADDRESS) &&
                zc_data_read(json_object_get(data, "message"), &message) &&
                zc_bytes_append(&whole, ZC_SLICE_OF_ARRAY(head)) &&
                zc_bytes_append(&whole, zc_bytes_slice(&message));
    if (!read) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "validator data has an address and a message");
        return;
    }
    zc_keccak256(zc_bytes_slice(&whole), digest);
    if (zc_account_sign_digest(call, address, digest, &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_WALLET);
    }
}

/* A header without its seal; who seals blocks needs the raw use of the key. */
static void sign_clique(zc_rpc_call *call, const json_t *address, const json_t *data)
{
    uint8_t digest[32];
    zcp_signature signature;
    ZC_BYTES zc_bytes header = {0};
    if (!zc_data_read(data, &header)) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "the header is no data (0x and pairs of digits)");
        return;
    }
    zc_keccak256(zc_bytes_slice(&header), digest);
    if (zc_account_sign_digest(call, address, digest, &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_PARITY);
    }
}

static void sign_typed(zc_rpc_call *call, const json_t *address, const json_t *data)
{
    zcp_signature signature;
    if (zc_account_sign_typed_data(call, address, data, &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_WALLET);
    }
}

static const struct {
    const char *type;
    void (*sign)(zc_rpc_call *call, const json_t *address, const json_t *data);
} types[] = {
    {"text/plain", zc_account_sign_message},
    {"data/plain", zc_account_sign_message},
    {"data/typed", sign_typed},
    {"data/validator", sign_validator_data},
    {"application/x-clique-header", sign_clique},
};

void zc_clef_sign_data(zc_rpc_call *call)
{
    const char *type = json_string_value(zc_rpc_parameter(call, 0));
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].type, type) == 0) {
            types[i].sign(call, zc_rpc_parameter(call, 1), zc_rpc_parameter(call, 2));
            return;
        }
    }
    zc_rpc_fail(
        call, ZC_RPC_PARAMS,
        "the content type is none of text/plain, data/plain, data/typed, data/validator and "
        "application/x-clique-header");
}

void zc_clef_recover(zc_rpc_call *call)
{
    uint8_t bytes[SIGNATURE];
    uint8_t hash[32];
    zc_signature signature;
    zc_pubkey key;
    ZC_BYTES zc_bytes text = {0};
    bool read = zc_data_read(zc_rpc_parameter(call, 0), &text) &&
                zc_data_read_fixed(zc_rpc_parameter(call, 1), bytes, sizeof bytes) &&
                (bytes[64] == 27 || bytes[64] == 28);
    if (!read || !zc_personal_hash(zc_bytes_slice(&text), hash)) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "data and a signature of 65 bytes whose v is 27 or 28");
        return;
    }
    memcpy(signature.byte, bytes, sizeof signature.byte);
    signature.recovery = (uint8_t)(bytes[64] - 27);
    if (!zc_ok(zc_recover_secp256k1(hash, &signature, &key))) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "no key makes this signature");
        return;
    }
    zc_keccak256(zc_slice_of(key.byte + 1, 64), hash);
    call->result = zc_data_json(zc_slice_of(hash + 12, ADDRESS));
}
