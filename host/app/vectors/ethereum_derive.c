/* Trezor's cases give a mnemonic and a path in place of a key: BIP-39 and BIP-32 make the key here,
 * in the runner, because it is no part of what the cases judge. The result must be the published
 * signature, which Trezor makes deterministically. */
#include "base/secret.h"
#include "codec/rlp.h"
#include "crypto/hmac.h"
#include "ethereum.h"
#include "intent/decode.h"

#define HARDENED UINT32_C(0x80000000)
#define BIP39_ROUNDS 2048

static const uint8_t no_entropy[32];

/* The order of secp256k1. */
static const zc_u256 order = {
    {0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff}};

/* PBKDF2-HMAC-SHA512 with one block; the salt is "mnemonic" and the passphrase. */
static void seed_of(const char *mnemonic, const char *passphrase, uint8_t ret_seed[static 64])
{
    uint8_t salt[256];
    uint8_t round[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(salt);
    const zc_slice key = zc_slice_of_text(mnemonic);
    if (!zc_ok(zc_write_text(&writer, "mnemonic")) || !zc_ok(zc_write_text(&writer, passphrase)) ||
        !zc_ok(zc_write_u32(&writer, 1))) {
        return;
    }
    zc_hmac_sha512_once(key.data, key.len, zc_writer_written(&writer), round);
    memcpy(ret_seed, round, 64);
    for (size_t i = 1; i < BIP39_ROUNDS; i++) {
        zc_hmac_sha512_once(key.data, key.len, ZC_SLICE_OF_ARRAY(round), round);
        for (size_t b = 0; b < 64; b++) {
            ret_seed[b] ^= round[b];
        }
    }
}

/* Key and chain code. */
typedef struct zc_node {
    uint8_t key[32];
    uint8_t chain[32];
} zc_node;

static void node_of(const uint8_t mac[static 64], zc_node *node)
{
    memcpy(node->key, mac, 32);
    memcpy(node->chain, mac + 32, 32);
}

static bool signer_of(zc_report *report, const zc_node *node, zc_signer *signer)
{
    ZC_SECRET zc_secret32 secret;
    memcpy(secret.byte, node->key, 32);
    return zc_report_ok(report, "derived key", zc_signer_init(signer, ZC_CURVE_SECP256K1, &secret));
}

static void compress(const zc_pubkey *key, uint8_t ret_point[static 33])
{
    ret_point[0] = (uint8_t)(2 + (key->byte[64] & 1));
    memcpy(ret_point + 1, key->byte + 1, 32);
}

/* The sum modulo the order. */
static void add_scalars(const uint8_t added[static 32], uint8_t key[static 32])
{
    zc_u256 a;
    zc_u256 b;
    zc_u256 room;
    zc_u256 sum;
    if (!zc_ok(zc_u256_from_be(zc_slice_of(added, 32), &a)) ||
        !zc_ok(zc_u256_from_be(zc_slice_of(key, 32), &b)) ||
        !zc_ok(zc_u256_sub(&order, &b, &room))) {
        return;
    }
    bool wraps = zc_u256_cmp(&a, &room) >= 0;
    if (zc_ok(wraps ? zc_u256_sub(&a, &room, &sum) : zc_u256_add(&a, &b, &sum))) {
        zc_u256_to_be(&sum, key);
    }
}

static bool step(zc_report *report, uint32_t index, zc_node *node)
{
    uint8_t data[37] = {0};
    uint8_t mac[64];
    uint8_t parent[32];
    zc_writer tail = zc_writer_of(data + 33, 4);
    if (index >= HARDENED) {
        memcpy(data + 1, node->key, 32);
    } else {
        zc_signer signer = {0};
        if (!signer_of(report, node, &signer)) {
            return false;
        }
        compress(&signer.pubkey, data);
        zc_signer_clear(&signer);
    }
    if (!zc_ok(zc_write_u32(&tail, index))) {
        return false;
    }
    memcpy(parent, node->key, 32);
    zc_hmac_sha512_once(node->chain, 32, ZC_SLICE_OF_ARRAY(data), mac);
    node_of(mac, node);
    add_scalars(parent, node->key);
    return true;
}

/* "m/44'/60'/0'/0/0" */
static bool follow(zc_report *report, const char *path, zc_node *node)
{
    while (*path != '\0') {
        uint32_t index = 0;
        path += *path == 'm' || *path == '/' ? 1 : 0;
        if (*path == '/' || *path == '\0') {
            continue;
        }
        if (*path < '0' || *path > '9') {
            zc_report_problem(report, "the case is malformed: not a path");
            return false;
        }
        while (*path >= '0' && *path <= '9') {
            index = index * 10 + (uint32_t)(*path++ - '0');
        }
        if (*path == '\'') {
            index += HARDENED;
            path++;
        }
        if (!step(report, index, node)) {
            return false;
        }
    }
    return true;
}

static bool derive(zc_report *report, const json_t *setup, const json_t *parameters,
                   zc_signer *signer)
{
    uint8_t seed[64];
    uint8_t mac[64];
    zc_node node;
    seed_of(zc_field_text(setup, "mnemonic"), zc_field_text(setup, "passphrase"), seed);
    zc_hmac_sha512_once((const uint8_t *)"Bitcoin seed", 12, ZC_SLICE_OF_ARRAY(seed), mac);
    node_of(mac, &node);
    return follow(report, zc_field_text(parameters, "path"), &node) &&
           signer_of(report, &node, signer);
}

static void put_number(zc_report *report, const json_t *fields, const char *key, zc_writer *writer)
{
    const zc_u256 number = zc_field_number(report, fields, key);
    (void)zc_report_ok(report, key, zc_rlp_put_u256(writer, &number));
}

static void put_bytes(zc_report *report, const json_t *fields, const char *key, zc_writer *writer)
{
    const bool has = zc_field_has(fields, key) && zc_field_text(fields, key)[0] != '\0';
    const zc_slice bytes = has ? zc_field_hex(report, fields, key) : zc_slice_of(NULL, 0);
    (void)zc_report_ok(report, key, zc_rlp_put_string(writer, bytes));
}

/* [chain, address, nonce] of an authorization, or with parity, r and s in `tuple`. */
static void put_published(zc_report *report, const json_t *tuples, zc_writer *writer)
{
    zc_rlp_list all;
    zc_rlp_list one;
    size_t i;
    size_t k;
    json_t *tuple;
    json_t *item;
    zc_rlp_list_begin(writer, &all);
    json_array_foreach(tuples, i, tuple)
    {
        zc_rlp_list_begin(writer, &one);
        json_array_foreach(tuple, k, item)
        {
            (void)zc_report_ok(report, "tuple", zc_rlp_put_string(writer, zc_hex_of(report, item)));
        }
        (void)zc_report_ok(report, "tuple", zc_rlp_list_end(writer, &one));
    }
    (void)zc_report_ok(report, "tuples", zc_rlp_list_end(writer, &all));
}

/* 0 legacy with chain, 2 EIP-1559, 4 EIP-7702. */
static zc_slice build(zc_report *report, const json_t *fields, const json_t *tuples, unsigned type)
{
    const size_t capacity = (size_t)1 << 18;
    zc_rlp_list list;
    zc_rlp_list none;
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    if (type > 0) {
        (void)zc_report_ok(report, "type", zc_write_u8(&writer, (uint8_t)type));
    }
    zc_rlp_list_begin(&writer, &list);
    if (type > 0) {
        put_number(report, fields, "chain_id", &writer);
    }
    put_number(report, fields, "nonce", &writer);
    if (type > 0) {
        put_number(report, fields, "max_priority_fee", &writer);
    }
    put_number(report, fields, type > 0 ? "max_gas_fee" : "gas_price", &writer);
    put_number(report, fields, "gas_limit", &writer);
    put_bytes(report, fields, "to_address", &writer);
    put_number(report, fields, "value", &writer);
    put_bytes(report, fields, "data", &writer);
    if (type > 0) {
        zc_rlp_list_begin(&writer, &none);
        (void)zc_report_ok(report, "access list", zc_rlp_list_end(&writer, &none));
    } else {
        put_number(report, fields, "chain_id", &writer);
        (void)zc_report_ok(report, "r", zc_rlp_put_u64(&writer, 0));
        (void)zc_report_ok(report, "s", zc_rlp_put_u64(&writer, 0));
    }
    if (type == 4) {
        put_published(report, tuples, &writer);
    }
    (void)zc_report_ok(report, "transaction", zc_rlp_list_end(&writer, &list));
    return zc_writer_written(&writer);
}

static zc_slice build_authorization(zc_report *report, const json_t *fields)
{
    zc_rlp_list list;
    zc_writer writer = zc_writer_of(zc_report_room(report, 256), 256);
    (void)zc_report_ok(report, "magic", zc_write_u8(&writer, 5));
    zc_rlp_list_begin(&writer, &list);
    put_number(report, fields, "chain_id", &writer);
    put_bytes(report, fields, "delegate", &writer);
    put_number(report, fields, "tuple_nonce", &writer);
    (void)zc_report_ok(report, "authorization", zc_rlp_list_end(&writer, &list));
    return zc_writer_written(&writer);
}

/* Trezor gives r and s as numbers: without leading zeros. */
static void check_part(zc_report *report, const json_t *result, const char *key,
                       const uint8_t got[static 32])
{
    uint8_t wanted[32] = {0};
    const zc_slice bytes = zc_field_hex(report, result, key);
    if (bytes.len > sizeof wanted) {
        zc_report_problem(report, "the case is malformed: %s is too long", key);
        return;
    }
    memcpy(wanted + sizeof wanted - bytes.len, bytes.data, bytes.len);
    zc_report_bytes(report, key, zc_slice_of(got, 32), ZC_SLICE_OF_ARRAY(wanted));
}

static bool sign(zc_report *report, const zc_signer *signer, zc_slice bytes, bool is_authorization,
                 zc_signature *ret_signature)
{
    static zc_intent intent;
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    if (!zc_report_ok(report, "address", zc_evm_address(&signer->pubkey, address))) {
        return false;
    }
    const zc_address account = zc_address_of_evm(address);
    zc_result result = is_authorization
                           ? zc_intent_decode_evm_authorization(bytes, &account, &intent, NULL)
                           : zc_intent_decode_evm_tx(bytes, &account, NULL, &intent, NULL);
    return zc_report_ok(report, "decoding", result) &&
           zc_report_ok(report, "signing",
                        zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, intent.digest,
                                       ret_signature));
}

/* v as Trezor has it: the parity, or (legacy) 35 + 2 · chain + parity. */
static void check_signature(zc_report *report, const json_t *parameters, const json_t *result,
                            const zc_signature *signature, bool is_legacy)
{
    uint64_t v = signature->recovery;
    if (is_legacy) {
        v += 35 + 2 * zc_field_u64(report, parameters, "chain_id");
    }
    zc_report_u64(report, "sig_v", zc_field_u64(report, result, "sig_v"), v);
    check_part(report, result, "sig_r", signature->byte);
    check_part(report, result, "sig_s", signature->byte + 32);
}

static void check_tx_bytes(zc_report *report, zc_slice unsigned_tx, const json_t *result,
                           const zc_signature *signature)
{
    const size_t capacity = unsigned_tx.len + 256;
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    if (zc_report_ok(report, "writing", zc_evm_write_signed(unsigned_tx, signature, &writer))) {
        zc_report_bytes(report, "signed transaction", zc_writer_written(&writer),
                        zc_field_hex(report, result, "tx_bytes_hex"));
    }
}

static void check_address(zc_report *report, const zc_signer *signer, const json_t *result)
{
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    char text[ZC_EVM_ADDRESS_TEXT_SIZE];
    if (zc_report_ok(report, "address", zc_evm_address(&signer->pubkey, address))) {
        zc_evm_address_text(address, text);
        zc_report_bytes(report, "address", zc_slice_of_text(text),
                        zc_slice_of_text(zc_field_text(result, "address")));
    }
}

/* False for a case of another form. */
static bool check_derived(zc_report *report, const zc_signer *signer, const json_t *parameters,
                          const json_t *result)
{
    zc_signature signature;
    uint8_t point[33];
    if (zc_field_has(parameters, "tuple_nonce")) {
        if (sign(report, signer, build_authorization(report, parameters), true, &signature)) {
            check_signature(report, parameters, result, &signature, false);
        }
    } else if (zc_field_has(result, "tx_bytes_hex")) {
        const zc_slice tx =
            build(report, parameters, json_object_get(result, "auth7702_list_hex"), 4);
        if (sign(report, signer, tx, false, &signature)) {
            check_tx_bytes(report, tx, result, &signature);
        }
    } else if (zc_field_has(parameters, "gas_limit")) {
        const bool is_legacy = !zc_field_has(parameters, "max_gas_fee");
        if (sign(report, signer, build(report, parameters, NULL, is_legacy ? 0 : 2), false,
                 &signature)) {
            check_signature(report, parameters, result, &signature, is_legacy);
        }
    } else if (zc_field_has(result, "public_key")) {
        compress(&signer->pubkey, point);
        zc_report_bytes(report, "public key", ZC_SLICE_OF_ARRAY(point),
                        zc_field_hex(report, result, "public_key"));
    } else if (zc_field_has(result, "address")) {
        check_address(report, signer, result);
    } else {
        return false;
    }
    return true;
}

void zc_run_trezor_derived(zc_report *report, const json_t *setup, const json_t *test)
{
    zc_signer signer = {0};
    const json_t *parameters = json_object_get(test, "parameters");
    bool is_known = true;
    if (zc_field_has(parameters, "tx_type")) {
        zc_report_skip(report, "transactions with Wanchain's own type are not in the product");
        return;
    }
    if (zc_field_has(parameters, "chain_id") &&
        zc_field_u64(report, parameters, "chain_id") >= ZC_CHAIN_TAG) {
        zc_report_skip(report, "the chain id is 2^63 or more, which EIP-2294 rules out");
        return;
    }
    if (derive(report, setup, parameters, &signer)) {
        is_known = check_derived(report, &signer, parameters, json_object_get(test, "result"));
    }
    zc_signer_clear(&signer);
    if (is_known) {
        zc_report_end(report);
    } else {
        zc_report_skip(report, "no case of a form that is known");
    }
}
