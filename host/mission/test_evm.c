/* A transaction in words: {to: treasury, value: 1 ETH} or {to: usdc, call: "transfer(address,
 * uint256)", with: [treasury, "5,000 USDC"]}, as the bytes that a wallet would have signed. */
#include <stdlib.h>

#include "base/hex.h"
#include "codec/rlp.h"
#include "crypto/hash.h"
#include "mission/test_request.h"
#include "mission/value.h"

#define WORDS_MAX 32
#define CALLDATA_MAX ((size_t)16384)

static const char *const evm_keys[] = {"to",    "value", "data", "call",          "with",
                                       "chain", "nonce", "gas",  "max-gas-price", NULL};

/* "5,000 USDC" of the mission's assets, or a whole number of base units. */
static bool read_amount(const zc_mission *mission, const zc_place *place, zc_u256 *ret_amount)
{
    zc_slice text = zc_place_text(place);
    const uint8_t *space = text.len == 0 ? NULL : memchr(text.data, ' ', text.len);
    if (space == NULL) {
        return zc_ok(zc_u256_from_decimal(text, ret_amount));
    }
    size_t at = (size_t)(space - text.data);
    zc_slice name = zc_slice_of(space + 1, text.len - at - 1);
    for (size_t i = 0; i < mission->asset_count; i++) {
        const zc_asset *asset = &mission->assets[i];
        if (zc_slice_eq_text(name, asset->name)) {
            return zc_text_amount(zc_slice_of(text.data, at), asset->decimals, ret_amount) == NULL;
        }
    }
    return false;
}

bool zc_test_address(const zc_mission *mission, uint64_t chain, const zc_place *place,
                     zc_address *ret_address)
{
    zc_slice text = zc_place_text(place);
    for (size_t i = 0; i < mission->contract_count; i++) {
        if (zc_slice_eq_text(text, mission->contracts[i].name)) {
            *ret_address = mission->contracts[i].address;
            return true;
        }
    }
    /* A token is called by the name of its asset. */
    for (size_t i = 0; i < mission->asset_count; i++) {
        const zc_asset *asset = &mission->assets[i];
        if (zc_slice_eq_text(text, asset->name) && asset->id.token_len == ZC_EVM_ADDRESS_SIZE) {
            *ret_address = zc_address_of_evm(asset->id.token);
            return true;
        }
    }
    return zc_ok(zc_address_read(chain, text, ret_address));
}

/* One argument in 32 bytes. */
static bool put_word(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                     uint8_t word[static 32])
{
    zc_slice text = zc_place_text(place);
    zc_address address;
    zc_u256 number;
    size_t len;
    uint8_t raw[32];
    memset(word, 0, 32);
    if (zc_slice_eq_text(text, "max") || zc_slice_eq_text(text, "true")) {
        number = text.len == 3 ? ZC_U256_MAX : zc_u256_of(1);
    } else if (zc_test_address(mission, asker->chain, place, &address) &&
               address.len == ZC_EVM_ADDRESS_SIZE) {
        memcpy(word + 12, address.byte, ZC_EVM_ADDRESS_SIZE);
        return true;
    } else if (text.len > 2 && text.data[1] == 'x' &&
               zc_ok(zc_hex_decode_some(text, raw, sizeof raw, &len))) {
        memcpy(word + 32 - len, raw, len);
        return true;
    } else if (zc_slice_eq_text(text, "false")) {
        return true;
    } else if (!read_amount(mission, place, &number)) {
        zc_place_error(place,
                       "'%.*s' is no argument: a name or address, '5,000 USDC', a whole number, "
                       "true, false, max, or up to 32 bytes in hexadecimal with 0x",
                       ZC_TEXT(text));
        return false;
    }
    zc_u256_to_be(&number, word);
    return true;
}

/* The selector of `call`, and a word for each item of `with`. */
static bool put_call(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                     const zc_place *call, zc_writer *writer)
{
    zc_method method;
    zc_place with;
    if (!zc_value_method(call, &method) ||
        !zc_ok(zc_write_slice(writer, zc_slice_of(method.byte, method.len)))) {
        return false;
    }
    size_t count = zc_place_member(place, "with", &with) ? zc_place_items(&with) : 0;
    if (count > WORDS_MAX) {
        zc_place_error(&with, "at most %d words", WORDS_MAX);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        uint8_t word[32];
        zc_place item = zc_place_item(&with, i);
        if (!put_word(mission, asker, &item, word) ||
            !zc_ok(zc_write_slice(writer, ZC_SLICE_OF_ARRAY(word)))) {
            return false;
        }
    }
    return true;
}

static bool put_data(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                     zc_writer *writer)
{
    zc_place part;
    uint8_t *room;
    size_t len;
    if (zc_place_member(place, "call", &part)) {
        return put_call(mission, asker, place, &part, writer);
    }
    if (!zc_place_member(place, "data", &part)) {
        return true;
    }
    room = writer->at;
    if (!zc_ok(zc_hex_decode_some(zc_place_text(&part), room, zc_writer_left(writer), &len))) {
        zc_place_error(&part, "data is at most %zu bytes in hexadecimal", CALLDATA_MAX);
        return false;
    }
    writer->at += len;
    return true;
}

static bool read_number(const zc_place *place, const char *key, uint64_t missing,
                        uint64_t *ret_number)
{
    zc_place part;
    *ret_number = missing;
    return !zc_place_member(place, key, &part) ||
           zc_value_number(&part, key, 0, UINT64_MAX / 2, ret_number);
}

typedef struct evm_parts {
    zc_slice to;
    zc_slice data;
    zc_u256 value;
    uint64_t nonce;
    uint64_t gas;
    uint64_t price;
} evm_parts;

static zc_result encode(uint64_t chain, const evm_parts *parts, zc_writer *writer)
{
    zc_rlp_list list;
    zc_rlp_list access;
    ZC_TRY(zc_write_u8(writer, 2));
    zc_rlp_list_begin(writer, &list);
    ZC_TRY(zc_rlp_put_u64(writer, chain));
    ZC_TRY(zc_rlp_put_u64(writer, parts->nonce));
    ZC_TRY(zc_rlp_put_u64(writer, 0));
    ZC_TRY(zc_rlp_put_u64(writer, parts->price));
    ZC_TRY(zc_rlp_put_u64(writer, parts->gas));
    ZC_TRY(zc_rlp_put_string(writer, parts->to));
    ZC_TRY(zc_rlp_put_u256(writer, &parts->value));
    ZC_TRY(zc_rlp_put_string(writer, parts->data));
    zc_rlp_list_begin(writer, &access);
    ZC_TRY(zc_rlp_list_end(writer, &access));
    return zc_rlp_list_end(writer, &list);
}

static bool read_parts(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                       zc_address *to, evm_parts *parts)
{
    zc_place part;
    if (zc_place_member(place, "to", &part)) {
        if (!zc_test_address(mission, asker->chain, &part, to)) {
            zc_place_error(&part, "'%.*s' is neither a name of this mission nor an address",
                           ZC_TEXT(zc_place_text(&part)));
            return false;
        }
        parts->to = zc_address_slice(to);
    }
    if (zc_place_member(place, "value", &part) && !read_amount(mission, &part, &parts->value)) {
        zc_place_error(&part, "a value is '1.5 ETH', by an asset of this mission, or whole wei");
        return false;
    }
    return read_number(place, "nonce", asker->nonce, &parts->nonce) &&
           read_number(place, "gas", parts->data.len > 0 ? 300000 : 21000, &parts->gas) &&
           read_number(place, "max-gas-price", UINT64_C(20000000000), &parts->price);
}

bool zc_test_evm_write(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                       zc_bytes *ret_bytes)
{
    static uint8_t data[CALLDATA_MAX];
    zc_writer calldata = ZC_WRITER_OF_ARRAY(data);
    zc_test_asker on = *asker;
    zc_place part;
    zc_address to;
    evm_parts parts = {0};
    on.chain = asker->has_chain ? asker->chain : 1;
    zc_place_only_keys(place, evm_keys);
    if (zc_place_member(place, "chain", &part) && !zc_value_chain(&part, &on.chain)) {
        return false;
    }
    if (!put_data(mission, &on, place, &calldata)) {
        return false;
    }
    parts.data = zc_writer_written(&calldata);
    if (!read_parts(mission, &on, place, &to, &parts) ||
        !zc_bytes_reserve(ret_bytes, CALLDATA_MAX + 512)) {
        return false;
    }
    zc_writer writer = zc_writer_of(ret_bytes->data, CALLDATA_MAX + 512);
    if (!zc_ok(encode(on.chain, &parts, &writer))) {
        zc_place_error(place, "this is too long for a transaction");
        return false;
    }
    ret_bytes->len = zc_writer_len(&writer);
    return true;
}
