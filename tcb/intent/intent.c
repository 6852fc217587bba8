#include "intent/intent.h"

const char *zc_operation_name(zc_operation operation)
{
#define ZC_CASE(name, number, text, title)                                                         \
    case ZC_OPERATION_##name:                                                                      \
        return text;
    switch (operation) {
        ZC_OPERATIONS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_operation_title(zc_operation operation)
{
#define ZC_CASE(name, number, text, title)                                                         \
    case ZC_OPERATION_##name:                                                                      \
        return title;
    switch (operation) {
        ZC_OPERATIONS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_flag_name(unsigned bit)
{
#define ZC_CASE(name, number, text, plain)                                                         \
    case (number):                                                                                 \
        return text;
    switch (bit) {
        ZC_FLAGS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_flag_text(unsigned bit)
{
#define ZC_CASE(name, number, text, plain)                                                         \
    case (number):                                                                                 \
        return plain;
    switch (bit) {
        ZC_FLAGS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_family_name(zc_family family)
{
    switch (family) {
    case ZC_FAMILY_NONE:
        return "none";
    case ZC_FAMILY_EVM:
        return "evm";
    case ZC_FAMILY_BITCOIN:
        return "bitcoin";
    case ZC_FAMILY_SOLANA:
        return "solana";
    case ZC_FAMILY_COSMOS:
        return "cosmos";
    }
    return NULL;
}

bool zc_operation_of_name(zc_slice name, zc_operation *ret_operation)
{
#define ZC_MATCH(operation, number, text, title)                                                   \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_operation = ZC_OPERATION_##operation;                                                 \
        return true;                                                                               \
    }
    ZC_OPERATIONS(ZC_MATCH)
#undef ZC_MATCH
    return false;
}

bool zc_flag_of_name(zc_slice name, unsigned *ret_bit)
{
#define ZC_MATCH(flag, number, text, plain)                                                        \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_bit = (number);                                                                       \
        return true;                                                                               \
    }
    ZC_FLAGS(ZC_MATCH)
#undef ZC_MATCH
    return false;
}

bool zc_asset_id_eq(const zc_asset_id *a, const zc_asset_id *b)
{
    return a->kind == b->kind && a->chain_id == b->chain_id &&
           memcmp(a->contract, b->contract, sizeof(a->contract)) == 0;
}

void zc_intent_reset(zc_intent *intent)
{
    /* The slots are left alone: clearing them would cost more than the whole decoding. */
    memset(intent, 0, offsetof(zc_intent, movements));
}

zc_result zc_intent_add_movement(zc_intent *intent, const zc_movement *movement)
{
    if (intent->movement_count >= ZC_INTENT_MAX_MOVEMENTS) {
        return zc_fail(ZC_INTENT_TOO_MANY_MOVEMENTS);
    }
    intent->movements[intent->movement_count++] = *movement;
    return ZC_OK;
}
