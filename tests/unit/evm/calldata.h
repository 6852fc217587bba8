/* Calldata for the tests, word by word, and what a decoder makes of it. */
#ifndef TESTS_UNIT_EVM_CALLDATA_H
#define TESTS_UNIT_EVM_CALLDATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "intent/decode.h"
#include "intent/evm/calldata.h"

static const zc_address account = {.len = 20, .byte = {0xac, 0xc0}};
static const zc_address contract = {.len = 20, .byte = {0xc0, 0xde}};
static const zc_address friend = {.len = 20, .byte = {0xf7, 0x1e}};
static const zc_address token = {.len = 20, .byte = {0x70, 0x6b}};
static const zc_address coin = {.len = 20, .byte = {0xc0, 0x19}};

static zc_intent intent;

typedef struct calldata {
    uint8_t data[32768];
    size_t len;
} calldata;

static inline zc_slice slice_of(const calldata *of)
{
    return zc_slice_of(of->data, of->len);
}

static inline void must(zc_result result)
{
    assert_int_equal(result.code, 0);
}

static inline void put_hex(calldata *out, const char *text)
{
    size_t len;
    must(zc_hex_decode_some(zc_slice_of_text(text), out->data + out->len,
                            sizeof(out->data) - out->len, &len));
    out->len += len;
}

static inline void put_number(calldata *out, uint64_t number)
{
    const zc_u256 value = zc_u256_of(number);
    zc_u256_to_be(&value, out->data + out->len);
    out->len += 32;
}

static inline void put_max(calldata *out)
{
    memset(out->data + out->len, 0xff, 32);
    out->len += 32;
}

static inline void put_address(calldata *out, const zc_address *address)
{
    memset(out->data + out->len, 0, 12);
    memcpy(out->data + out->len + 12, address->byte, 20);
    out->len += 32;
}

/* Length, content, padding. */
static inline void put_bytes(calldata *out, zc_slice bytes)
{
    put_number(out, bytes.len);
    memset(out->data + out->len, 0, bytes.len + 32);
    if (bytes.len > 0) {
        memcpy(out->data + out->len, bytes.data, bytes.len);
    }
    out->len += (bytes.len + 31) / 32 * 32;
}

/* transfer(friend, amount) */
static inline calldata transfer_of(uint64_t amount)
{
    calldata out = {.len = 0};
    put_hex(&out, "a9059cbb");
    put_address(&out, &friend);
    put_number(&out, amount);
    return out;
}

static inline zc_result read_call(const zc_address *target, const calldata *data, uint64_t value,
                                  const zc_descriptor_set *descriptors)
{
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_EVM;
    intent.chain_id = 1;
    intent.account = account;
    const zc_evm_call call = {.actor = account,
                              .target = *target,
                              .data = slice_of(data),
                              .value = zc_u256_of(value),
                              .parent = ZC_CALL_NONE};
    return zc_evm_read_calls(&call, descriptors, &intent);
}

static inline void check_movement(size_t index, zc_movement_kind kind, const zc_address *asset,
                                  const zc_address *from, const zc_address *to, uint64_t amount)
{
    const zc_u256 wanted = zc_u256_of(amount);
    assert_true(index < intent.movement_count);
    const zc_movement *movement = &intent.movements[index];
    assert_int_equal(movement->kind, kind);
    assert_int_equal(movement->asset.kind, asset != NULL ? ZC_ASSET_TOKEN : ZC_ASSET_NATIVE);
    if (asset != NULL) {
        assert_memory_equal(movement->asset.token, asset->byte, 20);
    }
    assert_true(zc_address_eq(&movement->from, from));
    assert_true(zc_address_eq(&movement->to, to));
    assert_true(zc_u256_eq(&movement->amount, &wanted));
}

/* The only argument of that label, or NULL. */
static inline const zc_argument *argument_of(const char *label)
{
    for (uint32_t i = 0; i < intent.argument_count; i++) {
        if (strcmp(intent.arguments[i].label, label) == 0) {
            return &intent.arguments[i];
        }
    }
    return NULL;
}

#endif
