#include "compose/chain_number.h"

bool zc_compose_read_u64(zc_slice text, uint64_t max, uint64_t *ret_value)
{
    zc_u256 number;
    uint64_t value;
    if (text.len > 20 || (text.len > 1 && text.data[0] == '0') ||
        !zc_ok(zc_u256_from_decimal(text, &number)) || !zc_ok(zc_u256_to_u64(&number, &value)) ||
        value > max) {
        return false;
    }
    *ret_value = value;
    return true;
}

bool zc_compose_read_int(zc_slice text, int max, int *ret_value)
{
    uint64_t magnitude;
    const bool negative = text.len > 0 && text.data[0] == '-';
    const zc_slice digits = negative ? zc_slice_of(text.data + 1, text.len - 1) : text;
    if (!zc_compose_read_u64(digits, (uint64_t)max, &magnitude) || (negative && magnitude == 0)) {
        return false;
    }
    *ret_value = negative ? -(int)magnitude : (int)magnitude;
    return true;
}

bool zc_compose_split_last(zc_slice text, char mark, zc_slice *ret_before, zc_slice *ret_behind)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.data[i - 1] == (uint8_t)mark) {
            *ret_before = zc_slice_of(text.data, i - 1);
            *ret_behind = zc_slice_of(text.data + i, text.len - i);
            return true;
        }
    }
    return false;
}

bool zc_compose_split_number(zc_slice text, char mark, uint64_t max, zc_slice *ret_before,
                             uint64_t *ret_number)
{
    zc_slice before;
    zc_slice behind;
    if (!zc_compose_split_last(text, mark, &before, &behind) ||
        !zc_compose_read_u64(behind, max, ret_number)) {
        return false;
    }
    *ret_before = before;
    return true;
}

zc_result zc_compose_scaled_u64(const zc_decimal *decimal, int exponent, uint64_t *ret_value)
{
    zc_u256 units = decimal->units;
    uint64_t value;
    uint64_t rest = 0;
    for (exponent -= decimal->scale; exponent < 0 && rest == 0; exponent++) {
        ZC_TRY(zc_u256_div_u64(&units, 10, &units, &rest));
    }
    if (rest != 0) {
        return zc_fail(ZC_COMPOSE_NUMBER);
    }
    for (; exponent > 0; exponent--) {
        if (!zc_ok(zc_u256_mul_u64(&units, 10, &units))) {
            return zc_fail(ZC_COMPOSE_NUMBER);
        }
    }
    if (!zc_ok(zc_u256_to_u64(&units, &value))) {
        return zc_fail(ZC_COMPOSE_NUMBER);
    }
    *ret_value = value;
    return ZC_OK;
}
