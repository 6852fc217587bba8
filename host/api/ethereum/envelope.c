/* A signed transaction as execution clients show one (execution-apis, "Transaction"): go-ethereum
 * reads the whole of it back, so nothing that was signed may be missing. */
#include <string.h>

#include "api/ethereum/quantity.h"
#include "api/ethereum/sign.h"
#include "crypto/hash.h"

#define WORD 32

static const json_t *given(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return value != NULL && json_is_null(value) ? NULL : value;
}

static bool put(json_t *out, const char *name, json_t *take)
{
    return take != NULL && json_object_set_new(out, name, take) == 0;
}

/* Under its own name, or what stands for its absence. */
static bool copy(json_t *out, const char *name, const json_t *value, json_t *take_instead)
{
    if (value == NULL) {
        return put(out, name, take_instead);
    }
    json_decref(take_instead);
    return json_object_set(out, name, (json_t *)(uintptr_t)value) == 0;
}

static bool put_word(json_t *out, const char *name, const uint8_t word[static WORD])
{
    zc_u256 value;
    return zc_ok(zc_u256_from_be(zc_slice_of(word, WORD), &value)) &&
           put(out, name, zc_quantity_json(&value));
}

static bool put_number(json_t *out, const char *name, uint64_t number)
{
    const zc_u256 value = zc_u256_of(number);
    return put(out, name, zc_quantity_json(&value));
}

/* EIP-155 where a legacy transaction names its chain; the parity for typed ones. */
static bool put_v(json_t *out, const json_t *object, const zc_signed_transaction *made)
{
    zc_u256 v;
    uint64_t parity = made->signature.recovery;
    const json_t *chain = given(object, "chainId");
    if (made->type != 0) {
        return put_number(out, "v", parity) && put_number(out, "yParity", parity);
    }
    if (chain == NULL) {
        return put_number(out, "v", 27 + parity);
    }
    const zc_u256 rest = zc_u256_of(35 + parity);
    return zc_quantity_read(chain, &v) && zc_ok(zc_u256_mul_u64(&v, 2, &v)) &&
           zc_ok(zc_u256_add(&v, &rest, &v)) && put(out, "v", zc_quantity_json(&v));
}

static bool put_price(json_t *out, const json_t *object, uint8_t type)
{
    if (type < 2) {
        return copy(out, "gasPrice", given(object, "gasPrice"), NULL);
    }
    return put(out, "gasPrice", json_null()) &&
           copy(out, "maxFeePerGas", given(object, "maxFeePerGas"), NULL) &&
           copy(out, "maxPriorityFeePerGas", given(object, "maxPriorityFeePerGas"), NULL);
}

static bool put_lists(json_t *out, const json_t *object, uint8_t type)
{
    return (type == 0 || copy(out, "accessList", given(object, "accessList"), json_array())) &&
           (type != 3 || (copy(out, "maxFeePerBlobGas", given(object, "maxFeePerBlobGas"), NULL) &&
                          copy(out, "blobVersionedHashes", given(object, "blobVersionedHashes"),
                               json_array()))) &&
           (type != 4 ||
            copy(out, "authorizationList", given(object, "authorizationList"), json_array()));
}

static bool put_fields(json_t *out, const json_t *object, uint8_t type)
{
    const json_t *gas = given(object, "gas");
    const json_t *data = given(object, "input");
    const json_t *chain = given(object, "chainId");
    return put_number(out, "type", type) && (chain == NULL || copy(out, "chainId", chain, NULL)) &&
           copy(out, "nonce", given(object, "nonce"), NULL) &&
           copy(out, "to", given(object, "to"), json_null()) &&
           copy(out, "gas", gas != NULL ? gas : given(object, "gasLimit"), NULL) &&
           put_price(out, object, type) &&
           copy(out, "value", given(object, "value"), json_string("0x0")) &&
           copy(out, "input", data != NULL ? data : given(object, "data"), json_string("0x")) &&
           put_lists(out, object, type);
}

json_t *zc_account_envelope(const json_t *object, const zc_signed_transaction *made)
{
    uint8_t hash[WORD];
    zc_slice raw = zc_bytes_slice(&made->raw);
    json_t *tx = json_object();
    zc_keccak256(raw, hash);
    bool whole = tx != NULL && put_fields(tx, object, made->type) && put_v(tx, object, made) &&
                 put_word(tx, "r", made->signature.signature) &&
                 put_word(tx, "s", made->signature.signature + WORD) &&
                 put(tx, "hash", zc_data_json(ZC_SLICE_OF_ARRAY(hash)));
    if (!whole) {
        json_decref(tx);
        return NULL;
    }
    return json_pack("{s:o, s:o}", "raw", zc_data_json(raw), "tx", tx);
}
