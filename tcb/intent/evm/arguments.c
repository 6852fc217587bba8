/* What a call says, as labelled facts: of a known method by its labels, of a described one by its
 * fields. */
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/evm/scope.h"

#define SECONDS_A_DAY 86400

static void put_bytes(zc_argument *argument, zc_slice bytes)
{
    if (bytes.len > ZC_ARGUMENT_BYTES_MAX) {
        argument->is_hash = true;
        argument->len = 32;
        zc_sha256(bytes, argument->byte);
        return;
    }
    argument->len = (uint8_t)bytes.len;
    if (bytes.len > 0) {
        memcpy(argument->byte, bytes.data, bytes.len);
    }
}

static zc_argument_kind kind_of(const zc_abi_leaf *leaf)
{
    if (leaf->type <= ZC_ABI_INT) {
        return ZC_ARGUMENT_NUMBER;
    }
    if (leaf->type <= ZC_ABI_FIXED) {
        return ZC_ARGUMENT_SIGNED;
    }
    switch (leaf->type) {
    case ZC_ABI_ADDRESS:
        return ZC_ARGUMENT_ADDRESS;
    case ZC_ABI_BOOL:
        return ZC_ARGUMENT_BOOL;
    case ZC_ABI_STRING:
        return zc_utf8_valid(leaf->value) ? ZC_ARGUMENT_TEXT : ZC_ARGUMENT_BYTES;
    default:
        return ZC_ARGUMENT_BYTES;
    }
}

static zc_result add_leaf(const zc_evm_scope *scope, zc_slice label, const zc_abi_leaf *leaf,
                          bool is_said)
{
    zc_argument *argument;
    const zc_argument_kind kind = kind_of(leaf);
    ZC_TRY(zc_intent_add_labelled(scope->intent, scope->index, kind, label, &argument));
    argument->is_said = is_said;
    switch (kind) {
    case ZC_ARGUMENT_NUMBER:
    case ZC_ARGUMENT_SIGNED:
    case ZC_ARGUMENT_BOOL:
        argument->number = zc_evm_value_number(leaf);
        break;
    case ZC_ARGUMENT_ADDRESS:
        argument->len = ZC_EVM_ADDRESS_SIZE;
        memcpy(argument->byte, leaf->value.data + 12, ZC_EVM_ADDRESS_SIZE);
        break;
    case ZC_ARGUMENT_BYTES:
    case ZC_ARGUMENT_TEXT:
        put_bytes(argument, leaf->type > ZC_ABI_FIXED && leaf->type < ZC_ABI_ADDRESS
                                ? zc_slice_of(leaf->value.data, leaf->type - ZC_ABI_FIXED)
                                : leaf->value);
        break;
    }
    return ZC_OK;
}

zc_result zc_evm_add_value(const zc_evm_scope *scope, const char *label, const zc_abi_leaf *leaf)
{
    return add_leaf(scope, zc_slice_of_text(label), leaf, false);
}

static zc_result add_column(const zc_evm_scope *scope, uint8_t leaf, zc_slice label)
{
    const bool is_said = label.data[0] == '=';
    if (is_said) {
        label = zc_slice_of(label.data + 1, label.len - 1);
    }
    zc_evm_column column = zc_evm_column_of(scope->values, leaf);
    for (uint16_t i = 0; i < column.count; i++) {
        ZC_TRY(add_leaf(scope, label, zc_evm_column_next(&column), is_said));
    }
    return ZC_OK;
}

zc_result zc_evm_add_arguments(const zc_evm_scope *scope, zc_slice types, const char *labels)
{
    for (size_t at = 0; at < types.len; at++) {
        const uint8_t type = types.data[at];
        if (!zc_abi_is_leaf(type)) {
            at += type == ZC_ABI_ARRAY ? 0 : 1; /* a count follows */
            continue;
        }
        size_t len = 0;
        while (labels[len] != '\0' && labels[len] != ',') {
            len++;
        }
        if (len > 0) {
            ZC_TRY(add_column(scope, (uint8_t)at, zc_slice_of(labels, len)));
        }
        labels += labels[len] == ',' ? len + 1 : len;
    }
    return ZC_OK;
}

static void put_digits(char *text, uint64_t number, size_t digits)
{
    for (size_t i = digits; i-- > 0;) {
        text[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Days since 1970 to a date of the Gregorian calendar, in eras of 400 years that begin in March. */
static void put_date(uint64_t days, char *text)
{
    const uint64_t shifted = days + 719468;
    const uint64_t era = shifted / 146097;
    const uint64_t day_of_era = shifted % 146097;
    const uint64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const uint64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const uint64_t month = (5 * day_of_year + 2) / 153;
    const bool next_year = month >= 10;
    put_digits(text, era * 400 + year_of_era + (next_year ? 1 : 0), 4);
    put_digits(text + 5, next_year ? month - 9 : month + 3, 2);
    put_digits(text + 8, day_of_year - (153 * month + 2) / 5 + 1, 2);
}

static void put_time(uint64_t seconds, char *text)
{
    put_digits(text, seconds / 3600, 2);
    put_digits(text + 3, seconds / 60 % 60, 2);
    put_digits(text + 6, seconds % 60, 2);
}

static zc_result add_text(const zc_evm_scope *scope, const char *label, zc_slice text)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(scope->intent, scope->index, ZC_ARGUMENT_TEXT, label, &argument));
    put_bytes(argument, text);
    return ZC_OK;
}

/* The moment in words, for people; the number itself stands beside it. Beyond the year 9999 the
 * number alone must do. */
static zc_result add_moment(const zc_evm_scope *scope, const zc_descriptor_field *field,
                            const zc_abi_leaf *leaf)
{
    char text[] = "0000-00-00 00:00:00 UTC";
    uint64_t seconds;
    const zc_u256 number = zc_evm_value_number(leaf);
    if (!zc_ok(zc_u256_to_u64(&number, &seconds)) || seconds > UINT64_C(253402300799)) {
        return ZC_OK;
    }
    put_date(seconds / SECONDS_A_DAY, text);
    put_time(seconds % SECONDS_A_DAY, text + 11);
    return add_text(scope, field->label, zc_slice_of_text(text));
}

static zc_result add_duration(const zc_evm_scope *scope, const zc_descriptor_field *field,
                              const zc_abi_leaf *leaf)
{
    char text[] = "00000 days 00:00:00";
    uint64_t seconds;
    const zc_u256 number = zc_evm_value_number(leaf);
    if (!zc_ok(zc_u256_to_u64(&number, &seconds)) || seconds / SECONDS_A_DAY > 99999) {
        return ZC_OK;
    }
    put_digits(text, seconds / SECONDS_A_DAY, 5);
    put_time(seconds % SECONDS_A_DAY, text + 11);
    return add_text(scope, field->label, zc_slice_of_text(text));
}

/* Which token an amount is of stands beside the amount. */
static zc_result add_token(const zc_evm_scope *scope, const zc_descriptor_field *field)
{
    zc_argument *argument;
    const zc_abi_leaf *leaf =
        zc_evm_is_leaf_place(field->token) ? zc_evm_value_first(scope->values, field->token) : NULL;
    zc_address token;
    zc_evm_place_address(scope, field->token, leaf, &token);
    ZC_TRY(zc_intent_add_argument(scope->intent, scope->index, ZC_ARGUMENT_ADDRESS, "token",
                                  &argument));
    put_bytes(argument, zc_address_slice(&token));
    return ZC_OK;
}

static zc_result add_field(const zc_evm_scope *scope, const zc_descriptor_field *field)
{
    zc_evm_column column = zc_evm_column_of(scope->values, field->leaf);
    for (uint16_t i = 0; i < column.count; i++) {
        const zc_abi_leaf *leaf = zc_evm_column_next(&column);
        ZC_TRY(zc_evm_add_value(scope, field->label, leaf));
        if (field->format == ZC_FORMAT_DATE) {
            ZC_TRY(add_moment(scope, field, leaf));
        } else if (field->format == ZC_FORMAT_DURATION) {
            ZC_TRY(add_duration(scope, field, leaf));
        }
    }
    return field->format == ZC_FORMAT_TOKEN_AMOUNT && column.count > 0 ? add_token(scope, field)
                                                                       : ZC_OK;
}

zc_result zc_evm_add_fields(const zc_evm_scope *scope, const zc_descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->field_count; i++) {
        ZC_TRY(add_field(scope, &descriptor->fields[i]));
    }
    return ZC_OK;
}
