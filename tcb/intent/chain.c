#include "intent/chain.h"

#include "base/hex.h"
#include "base/u256.h"
#include "crypto/hash.h"
#include "intent/order.h"

#define FAMILY_SHIFT 56
#define NUMBER_MASK ((UINT64_C(1) << FAMILY_SHIFT) - 1)

static const struct {
    const char *name;
    uint64_t chain;
} fixed_names[] = {
    {"bitcoin", ZC_CHAIN_BITCOIN},
    {"bitcoin-test", ZC_CHAIN_BITCOIN_TEST},
    {"bitcoin-regtest", ZC_CHAIN_BITCOIN_REGTEST},
    {"solana", ZC_CHAIN_SOLANA},
};
#define FIXED_NAMES (sizeof fixed_names / sizeof fixed_names[0])

static const char cosmos_prefix[] = "cosmos:";
static const char venue_prefix[] = "venue:";

zc_family zc_chain_family(uint64_t chain)
{
    if (chain == 0) {
        return ZC_FAMILY_NONE;
    }
    if ((chain & ZC_CHAIN_TAG) == 0) {
        return ZC_FAMILY_EVM;
    }
    zc_family family = (zc_family)((chain & ~ZC_CHAIN_TAG) >> FAMILY_SHIFT);
    return zc_family_name(family) != NULL ? family : ZC_FAMILY_NONE;
}

uint64_t zc_chain_of_cosmos(zc_slice chain_id)
{
    uint8_t hash[32];
    uint64_t number = 0;
    zc_sha256(chain_id, hash);
    for (size_t i = 0; i < FAMILY_SHIFT / 8; i++) {
        number = number << 8 | hash[i];
    }
    return ZC_CHAIN_OF(ZC_FAMILY_COSMOS, number);
}

static zc_result write_number(uint64_t number, zc_writer *writer)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 value = zc_u256_of(number);
    zc_u256_to_decimal(&value, digits);
    return zc_write_text(writer, digits);
}

static zc_result write_hex_number(uint64_t number, zc_writer *writer)
{
    uint8_t bytes[FAMILY_SHIFT / 8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> (FAMILY_SHIFT - 8 - 8 * i));
    }
    return zc_write_hex(writer, ZC_SLICE_OF_ARRAY(bytes));
}

static zc_result write_name(uint64_t chain, zc_slice id, zc_writer *writer)
{
    for (size_t i = 0; i < FIXED_NAMES; i++) {
        if (fixed_names[i].chain == chain) {
            return zc_write_text(writer, fixed_names[i].name);
        }
    }
    const char *venue = zc_venue_name((zc_venue)(chain & NUMBER_MASK));
    switch (zc_chain_family(chain)) {
    case ZC_FAMILY_EVM:
        return write_number(chain, writer);
    case ZC_FAMILY_COSMOS:
        ZC_TRY(zc_write_text(writer, cosmos_prefix));
        return id.len != 0 ? zc_write_slice(writer, id)
                           : write_hex_number(chain & NUMBER_MASK, writer);
    case ZC_FAMILY_VENUE:
        ZC_TRY(zc_write_text(writer, venue_prefix));
        return zc_write_text(writer, venue != NULL ? venue : "unknown");
    case ZC_FAMILY_NONE:
    case ZC_FAMILY_BITCOIN:
    case ZC_FAMILY_SOLANA:
        break;
    }
    return zc_write_text(writer, chain == 0 ? "no chain" : "unknown chain");
}

zc_result zc_chain_write(uint64_t chain, zc_slice id, zc_writer *writer)
{
    zc_writer trial = *writer;
    ZC_TRY(write_name(chain, id, &trial));
    *writer = trial;
    return ZC_OK;
}

static bool begins_with(zc_slice name, const char *prefix, zc_slice *ret_rest)
{
    size_t len = strlen(prefix);
    if (name.len <= len || memcmp(name.data, prefix, len) != 0) {
        return false;
    }
    *ret_rest = zc_slice_of(name.data + len, name.len - len);
    return true;
}

/* A chain id in decimal, without leading zeros, below 2^63. */
static bool evm_of_digits(zc_slice name, uint64_t *ret_chain)
{
    zc_u256 value;
    uint64_t chain = 0;
    if (name.len == 0 || name.data[0] == '0' || !zc_ok(zc_u256_from_decimal(name, &value)) ||
        !zc_ok(zc_u256_to_u64(&value, &chain)) || (chain & ZC_CHAIN_TAG) != 0) {
        return false;
    }
    *ret_chain = chain;
    return true;
}

static bool plain(zc_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] <= 0x20 || text.data[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

bool zc_chain_of_name(zc_slice name, uint64_t *ret_chain)
{
    zc_slice rest;
    zc_venue venue;
    for (size_t i = 0; i < FIXED_NAMES; i++) {
        if (zc_slice_eq_text(name, fixed_names[i].name)) {
            *ret_chain = fixed_names[i].chain;
            return true;
        }
    }
    if (begins_with(name, cosmos_prefix, &rest) && rest.len < ZC_CHAIN_ID_SIZE && plain(rest)) {
        *ret_chain = zc_chain_of_cosmos(rest);
        return true;
    }
    if (begins_with(name, venue_prefix, &rest) && zc_venue_of_name(rest, &venue)) {
        *ret_chain = ZC_CHAIN_VENUE(venue);
        return true;
    }
    return evm_of_digits(name, ret_chain);
}
