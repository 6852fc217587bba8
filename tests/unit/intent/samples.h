/* Transactions for the tests, built field by field or given as published. */
#ifndef TESTS_UNIT_INTENT_SAMPLES_H
#define TESTS_UNIT_INTENT_SAMPLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/rlp.h"
#include "intent/decode.h"
#include "intent/message.h"

/* The example of EIP-155: unsigned, signed, digest and sender. */
#define EIP155_UNSIGNED                                                                            \
    "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"           \
    "80018080"
#define EIP155_SIGNED                                                                              \
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"         \
    "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"                       \
    "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
#define EIP155_DIGEST "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
#define EIP155_SENDER "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"

static const zc_address account = {.len = 20, .byte = {0xac, 0xc0}};
static const uint8_t token[20] = {0x70, 0x6b};
static const uint8_t friend[20] = {0xf7, 0x1e};

typedef struct sample {
    uint8_t type; /* 0 without chain, 1, 2; 155 for legacy with one */
    uint64_t chain_id, nonce, tip, price, gas;
    const uint8_t *to; /* NULL: creation */
    uint64_t value;
    zc_slice data;
    size_t accesses; /* addresses, each with two keys */
} sample;

typedef struct bytes {
    uint8_t data[4096];
    size_t len;
} bytes;

static inline zc_slice slice_of(const bytes *of)
{
    return zc_slice_of(of->data, of->len);
}

static inline void must(zc_result result)
{
    assert_int_equal(result.code, 0);
}

static inline bytes from_hex(const char *text)
{
    bytes out;
    must(zc_hex_decode_some(zc_slice_of_text(text), out.data, sizeof(out.data), &out.len));
    return out;
}

static inline void put_accesses(zc_writer *writer, size_t count)
{
    zc_rlp_list all, entry, keys;
    static const uint8_t key[32] = {1};
    zc_rlp_list_begin(writer, &all);
    for (size_t i = 0; i < count; i++) {
        zc_rlp_list_begin(writer, &entry);
        must(zc_rlp_put_string(writer, ZC_SLICE_OF_ARRAY(token)));
        zc_rlp_list_begin(writer, &keys);
        must(zc_rlp_put_string(writer, ZC_SLICE_OF_ARRAY(key)));
        must(zc_rlp_put_string(writer, ZC_SLICE_OF_ARRAY(key)));
        must(zc_rlp_list_end(writer, &keys));
        must(zc_rlp_list_end(writer, &entry));
    }
    must(zc_rlp_list_end(writer, &all));
}

static inline bytes build(sample of)
{
    bytes out;
    zc_rlp_list list;
    bool typed = of.type == 1 || of.type == 2;
    zc_writer writer = ZC_WRITER_OF_ARRAY(out.data);
    if (typed) {
        must(zc_write_u8(&writer, of.type));
    }
    zc_rlp_list_begin(&writer, &list);
    if (typed) {
        must(zc_rlp_put_u64(&writer, of.chain_id));
    }
    must(zc_rlp_put_u64(&writer, of.nonce));
    if (of.type == 2) {
        must(zc_rlp_put_u64(&writer, of.tip));
    }
    must(zc_rlp_put_u64(&writer, of.price));
    must(zc_rlp_put_u64(&writer, of.gas));
    must(zc_rlp_put_string(&writer, zc_slice_of(of.to, of.to != NULL ? 20 : 0)));
    must(zc_rlp_put_u64(&writer, of.value));
    must(zc_rlp_put_string(&writer, of.data));
    if (typed) {
        put_accesses(&writer, of.accesses);
    } else if (of.type == 155) {
        must(zc_rlp_put_u64(&writer, of.chain_id));
        must(zc_rlp_put_u64(&writer, 0));
        must(zc_rlp_put_u64(&writer, 0));
    }
    must(zc_rlp_list_end(&writer, &list));
    out.len = zc_writer_len(&writer);
    return out;
}

/* Selector, then words: addresses as their 20 bytes, right aligned; then the amount. */
static inline bytes call(const char *selector, const uint8_t *first, const uint8_t *second,
                         zc_u256 amount)
{
    bytes out = from_hex(selector);
    const uint8_t *addresses[2] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        if (addresses[i] != NULL) {
            memset(out.data + out.len, 0, 12);
            memcpy(out.data + out.len + 12, addresses[i], 20);
            out.len += 32;
        }
    }
    zc_u256_to_be(&amount, out.data + out.len);
    out.len += 32;
    return out;
}

static inline sample token_call(const bytes *calldata)
{
    return (sample){.type = 2,
                    .chain_id = 1,
                    .nonce = 7,
                    .tip = 1,
                    .price = 100,
                    .gas = 60000,
                    .to = token,
                    .data = slice_of(calldata)};
}

static inline zc_result decode(const bytes *tx, zc_intent *ret_intent)
{
    return zc_intent_decode_evm_tx(slice_of(tx), &account, NULL, ret_intent, NULL);
}

#endif
