#include "intent/address.h"

#include "base/hex.h"
#include "codec/base58.h"
#include "codec/bech32.h"
#include "intent/bitcoin/base58check.h"
#include "intent/chain.h"
#include "intent/decode.h"
#include "intent/text.h"

#define SOLANA_SIZE 32

zc_address zc_address_of(zc_slice bytes)
{
    zc_address address;
    address.len = (uint8_t)(bytes.len < ZC_ADDRESS_MAX ? bytes.len : ZC_ADDRESS_MAX);
    if (address.len != 0) {
        memcpy(address.byte, bytes.data, address.len);
    }
    return address;
}

zc_slice zc_address_slice(const zc_address *address)
{
    return zc_slice_of(address->byte, address->len);
}

bool zc_address_eq(const zc_address *a, const zc_address *b)
{
    return a->len == b->len && memcmp(a->byte, b->byte, a->len) == 0;
}

int zc_address_compare(const zc_address *a, const zc_address *b)
{
    if (a->len != b->len) {
        return a->len < b->len ? -1 : 1;
    }
    int order = memcmp(a->byte, b->byte, a->len);
    return (order > 0) - (order < 0);
}

/* Bitcoin: what each network puts before an address, and the scripts that have one. */

typedef struct bitcoin_network {
    uint64_t chain;
    const char *hrp;
    uint8_t key_hash;    /* version byte of P2PKH */
    uint8_t script_hash; /* of P2SH */
} bitcoin_network;

static const bitcoin_network bitcoin_networks[] = {
    {ZC_CHAIN_BITCOIN, "bc", 0x00, 0x05},
    {ZC_CHAIN_BITCOIN_TEST, "tb", 0x6f, 0xc4},
    {ZC_CHAIN_BITCOIN_REGTEST, "bcrt", 0x6f, 0xc4},
};

static const bitcoin_network *bitcoin_network_of(uint64_t chain)
{
    for (size_t i = 0; i < sizeof bitcoin_networks / sizeof bitcoin_networks[0]; i++) {
        if (bitcoin_networks[i].chain == chain) {
            return &bitcoin_networks[i];
        }
    }
    return NULL;
}

enum {
    OP_0 = 0x00,
    OP_1 = 0x51,
    OP_16 = 0x60,
    OP_DUP = 0x76,
    OP_EQUAL = 0x87,
    OP_EQUALVERIFY = 0x88,
    OP_HASH160 = 0xa9,
    OP_CHECKSIG = 0xac,
    HASH160_SIZE = 20,
};

static const uint8_t p2pkh_head[] = {OP_DUP, OP_HASH160, HASH160_SIZE};
static const uint8_t p2pkh_tail[] = {OP_EQUALVERIFY, OP_CHECKSIG};
static const uint8_t p2sh_head[] = {OP_HASH160, HASH160_SIZE};
static const uint8_t p2sh_tail[] = {OP_EQUAL};

/* The 20 bytes between a script's fixed head and tail, or NULL. */
static const uint8_t *hash_between(zc_slice script, zc_slice head, zc_slice tail)
{
    if (script.len != head.len + HASH160_SIZE + tail.len ||
        memcmp(script.data, head.data, head.len) != 0 ||
        memcmp(script.data + head.len + HASH160_SIZE, tail.data, tail.len) != 0) {
        return NULL;
    }
    return script.data + head.len;
}

static zc_result write_versioned(uint8_t version, const uint8_t *hash, zc_writer *writer)
{
    uint8_t payload[1 + HASH160_SIZE];
    payload[0] = version;
    memcpy(payload + 1, hash, HASH160_SIZE);
    return zc_base58check_write(ZC_SLICE_OF_ARRAY(payload), writer);
}

/* False for a script that has no address. */
static bool write_bitcoin(const bitcoin_network *network, zc_slice script, zc_writer *writer)
{
    const uint8_t *hash =
        hash_between(script, ZC_SLICE_OF_ARRAY(p2pkh_head), ZC_SLICE_OF_ARRAY(p2pkh_tail));
    if (hash != NULL) {
        return zc_ok(write_versioned(network->key_hash, hash, writer));
    }
    hash = hash_between(script, ZC_SLICE_OF_ARRAY(p2sh_head), ZC_SLICE_OF_ARRAY(p2sh_tail));
    if (hash != NULL) {
        return zc_ok(write_versioned(network->script_hash, hash, writer));
    }
    bool versioned =
        script.len >= 4 && script.data[1] == script.len - 2 &&
        (script.data[0] == OP_0 || (script.data[0] >= OP_1 && script.data[0] <= OP_16));
    if (!versioned) {
        return false;
    }
    uint8_t version = (uint8_t)(script.data[0] == OP_0 ? 0 : script.data[0] - OP_1 + 1);
    return zc_ok(zc_segwit_write(zc_slice_of_text(network->hrp), version,
                                 zc_slice_of(script.data + 2, script.len - 2), writer));
}

static bool read_bitcoin(const bitcoin_network *network, zc_slice text, zc_address *ret_address)
{
    uint8_t version;
    uint8_t program[ZC_SEGWIT_MAX_PROGRAM];
    uint8_t payload[1 + HASH160_SIZE];
    size_t len;
    zc_writer script = zc_writer_of(ret_address->byte, sizeof ret_address->byte);
    zc_result written;
    if (zc_ok(zc_segwit_read(zc_slice_of_text(network->hrp), text, &version, program, &len))) {
        written = zc_write_u8(&script, (uint8_t)(version == 0 ? OP_0 : OP_1 + version - 1));
        written = zc_ok(written) ? zc_write_u8(&script, (uint8_t)len) : written;
        written = zc_ok(written) ? zc_write_slice(&script, zc_slice_of(program, len)) : written;
    } else {
        if (!zc_ok(zc_base58check_read(text, payload, sizeof payload, &len)) ||
            len != sizeof payload ||
            (payload[0] != network->key_hash && payload[0] != network->script_hash)) {
            return false;
        }
        bool key = payload[0] == network->key_hash;
        written = zc_write_slice(&script, key ? ZC_SLICE_OF_ARRAY(p2pkh_head)
                                              : ZC_SLICE_OF_ARRAY(p2sh_head));
        written = zc_ok(written) ? zc_write_slice(&script, zc_slice_of(payload + 1, HASH160_SIZE))
                                 : written;
        written = zc_ok(written) ? zc_write_slice(&script, key ? ZC_SLICE_OF_ARRAY(p2pkh_tail)
                                                               : ZC_SLICE_OF_ARRAY(p2sh_tail))
                                 : written;
    }
    ret_address->len = (uint8_t)zc_writer_len(&script);
    return zc_ok(written);
}

/* Cosmos: the prefix belongs to the chain and is in no address; these are the chains whose prefix
 * is known here. */

static const struct {
    const char *chain_id;
    const char *prefix;
} cosmos_prefixes[] = {
    {"cosmoshub-4", "cosmos"},   {"osmosis-1", "osmo"},           {"juno-1", "juno"},
    {"noble-1", "noble"},        {"celestia", "celestia"},        {"neutron-1", "neutron"},
    {"dydx-mainnet-1", "dydx"},  {"injective-1", "inj"},          {"stargaze-1", "stars"},
    {"axelar-dojo-1", "axelar"}, {"akashnet-2", "akash"},         {"stride-1", "stride"},
    {"kaiyo-1", "kujira"},       {"secret-4", "secret"},          {"pacific-1", "sei"},
    {"phoenix-1", "terra"},      {"theta-testnet-001", "cosmos"},
};

static const char *cosmos_prefix_of(uint64_t chain)
{
    for (size_t i = 0; i < sizeof cosmos_prefixes / sizeof cosmos_prefixes[0]; i++) {
        if (zc_chain_of_cosmos(zc_slice_of_text(cosmos_prefixes[i].chain_id)) == chain) {
            return cosmos_prefixes[i].prefix;
        }
    }
    return NULL;
}

/* Any prefix is taken: which chain it is for stands beside the address in a mission. */
static bool read_cosmos(zc_slice text, zc_address *ret_address)
{
    zc_bech32_text parsed;
    size_t len;
    if (!zc_ok(zc_bech32_read_groups(text, &parsed)) || parsed.kind != ZC_BECH32 ||
        !zc_ok(zc_bech32_read(zc_slice_of(parsed.hrp, parsed.hrp_len), ZC_BECH32, text,
                              ret_address->byte, sizeof ret_address->byte, &len))) {
        return false;
    }
    ret_address->len = (uint8_t)len;
    return len == 20 || len == 32;
}

/* The chain's own form; false where this address has none. */
static bool write_native(uint64_t chain, const zc_address *address, zc_writer *writer)
{
    char evm[ZC_EVM_ADDRESS_TEXT_SIZE];
    const zc_slice bytes = zc_address_slice(address);
    const bitcoin_network *network = bitcoin_network_of(chain);
    const char *prefix;
    switch (zc_chain_family(chain)) {
    case ZC_FAMILY_EVM:
        if (address->len != ZC_EVM_ADDRESS_SIZE) {
            return false;
        }
        zc_evm_address_text(address->byte, evm);
        return zc_ok(zc_write_text(writer, evm));
    case ZC_FAMILY_BITCOIN:
        return network != NULL && write_bitcoin(network, bytes, writer);
    case ZC_FAMILY_SOLANA:
        return address->len == SOLANA_SIZE && zc_ok(zc_base58_write(bytes, writer));
    case ZC_FAMILY_COSMOS:
        prefix = cosmos_prefix_of(chain);
        return prefix != NULL &&
               zc_ok(zc_bech32_write(zc_slice_of_text(prefix), ZC_BECH32, bytes, writer));
    case ZC_FAMILY_VENUE:
        return zc_ok(zc_text_escape(bytes, NULL, writer));
    case ZC_FAMILY_NONE:
        break;
    }
    return false;
}

zc_result zc_address_write(uint64_t chain, const zc_address *address, zc_writer *writer)
{
    zc_writer trial = *writer;
    if (!write_native(chain, address, &trial)) {
        trial = *writer;
        ZC_TRY(zc_write_text(&trial, "0x"));
        ZC_TRY(zc_write_hex(&trial, zc_address_slice(address)));
    }
    *writer = trial;
    return ZC_OK;
}

static bool read_hex(zc_slice text, zc_address *ret_address)
{
    size_t len;
    if (text.len < 4 || text.data[0] != '0' || text.data[1] != 'x' ||
        !zc_ok(zc_hex_decode_some(zc_slice_of(text.data + 2, text.len - 2), ret_address->byte,
                                  sizeof ret_address->byte, &len))) {
        return false;
    }
    ret_address->len = (uint8_t)len;
    return true;
}

/* In one case throughout, or in EIP-55's. */
static bool evm_case_is_right(zc_slice text, const zc_address *address)
{
    char checked[ZC_EVM_ADDRESS_TEXT_SIZE];
    bool lower = false;
    bool upper = false;
    for (size_t i = 2; i < text.len; i++) {
        lower = lower || (text.data[i] >= 'a' && text.data[i] <= 'f');
        upper = upper || (text.data[i] >= 'A' && text.data[i] <= 'F');
    }
    zc_evm_address_text(address->byte, checked);
    return !(lower && upper) || zc_slice_eq_text(text, checked);
}

static bool read_native(uint64_t chain, zc_slice text, zc_address *ret_address)
{
    size_t len;
    const bitcoin_network *network = bitcoin_network_of(chain);
    switch (zc_chain_family(chain)) {
    case ZC_FAMILY_EVM:
        return read_hex(text, ret_address) && ret_address->len == ZC_EVM_ADDRESS_SIZE &&
               evm_case_is_right(text, ret_address);
    case ZC_FAMILY_BITCOIN:
        return network != NULL &&
               (read_bitcoin(network, text, ret_address) || read_hex(text, ret_address));
    case ZC_FAMILY_SOLANA:
        if (!zc_ok(zc_base58_read(text, ret_address->byte, sizeof ret_address->byte, &len))) {
            return false;
        }
        ret_address->len = (uint8_t)len;
        return len == SOLANA_SIZE;
    case ZC_FAMILY_COSMOS:
        return read_cosmos(text, ret_address);
    case ZC_FAMILY_VENUE:
        if (text.len == 0 || text.len > ZC_ADDRESS_MAX) {
            return false;
        }
        *ret_address = zc_address_of(text);
        return true;
    case ZC_FAMILY_NONE:
        break;
    }
    return false;
}

zc_result zc_address_read(uint64_t chain, zc_slice text, zc_address *ret_address)
{
    zc_address address = {0};
    if (!read_native(chain, text, &address)) {
        return zc_fail(ZC_INTENT_ADDRESS);
    }
    *ret_address = address;
    return ZC_OK;
}
