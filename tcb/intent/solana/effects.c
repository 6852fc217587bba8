#include "intent/solana/instruction.h"

/* 165 bytes of a token account, at the rate that has stood since genesis. */
#define TOKEN_ACCOUNT_RENT 2039280
#define ASSOCIATED_TOKEN_PROGRAM 5
#define FIELD_BIT 0x40

static bool in_message(const zc_solana_step *step, uint8_t place, size_t *ret_index)
{
    if (place >= step->instruction->accounts.len) {
        return false;
    }
    *ret_index = step->instruction->accounts.data[place];
    return true;
}

zc_address zc_solana_party(const zc_solana_step *step, uint8_t place)
{
    size_t index;
    if (place < FIELD_BIT) {
        return in_message(step, place, &index)
                   ? zc_address_of(zc_solana_key(step->reading->message, index))
                   : (zc_address){0};
    }
    const uint8_t field = place & (FIELD_BIT - 1);
    return place < 0x80 && field < ZC_SOLANA_MAX_FIELDS ? zc_address_of(step->bytes[field])
                                                        : (zc_address){0};
}

/* A mint by its key; one that a table would load by its place there, which is no mint's key. */
static zc_asset_id asset_of(const zc_solana_step *step, const zc_solana_effect *effect)
{
    uint8_t entry[ZC_SOLANA_KEY_SIZE + 1] = {0};
    size_t index;
    if (effect->asset == ZC_SOLANA_LAMPORTS || !in_message(step, effect->mint, &index)) {
        return zc_asset_id_native(ZC_CHAIN_SOLANA);
    }
    const zc_slice key = zc_solana_key(step->reading->message, index);
    if (key.len != 0) {
        return zc_asset_id_token(ZC_CHAIN_SOLANA, key);
    }
    zc_solana_table_entry(step->reading->message, index, entry);
    return zc_asset_id_token(ZC_CHAIN_SOLANA, ZC_SLICE_OF_ARRAY(entry));
}

static bool is_own(const zc_solana_step *step, const zc_address *address)
{
    return address->len == ZC_SOLANA_KEY_SIZE &&
           memcmp(address->byte, step->reading->account, ZC_SOLANA_KEY_SIZE) == 0;
}

/* Whether this key is what lets the effect happen: the authority itself, or one of the signers that
 * follow the method's accounts where the authority is a multisig of SPL Token's. */
static bool is_authorised_here(const zc_solana_step *step, uint8_t authority)
{
    const zc_address named = zc_solana_party(step, authority);
    if (authority == ZC_SOLANA_NOBODY || is_own(step, &named)) {
        return true;
    }
    for (size_t i = step->method->least; i < step->instruction->accounts.len; i++) {
        const zc_address extra = zc_solana_party(step, (uint8_t)(i < FIELD_BIT ? i : 0xff));
        if (is_own(step, &extra)) {
            return true;
        }
    }
    return false;
}

/* What the same message put into an account that it made: all that is in it. */
static bool created_with(const zc_solana_step *step, const zc_address *account, zc_u256 *ret_amount)
{
    const zc_intent *intent = step->reading->intent;
    /* Two accounts out of tables are nobody both, and yet not the same. */
    for (size_t i = 0; account->len != 0 && i < intent->movement_count; i++) {
        const zc_movement *movement = &intent->movements[i];
        if (movement->kind != ZC_MOVEMENT_OUT || movement->call == ZC_CALL_NONE ||
            !zc_address_eq(&movement->to, account)) {
            continue;
        }
        const zc_call *call = &intent->calls[movement->call];
        const zc_address system = zc_address_of(zc_slice_of((const uint8_t[32]){0}, 32));
        if (zc_address_eq(&call->target, &system) && call->is_read &&
            (call->method[0] == 0 || call->method[0] == 3)) {
            *ret_amount = movement->amount;
            return true;
        }
    }
    return false;
}

static void set_amount(const zc_solana_step *step, uint8_t amount, zc_movement *movement)
{
    zc_intent *intent = step->reading->intent;
    if (amount < ZC_SOLANA_MAX_FIELDS) {
        movement->amount = zc_u256_of(step->number[amount]);
    } else if (amount == ZC_SOLANA_RENT) {
        const zc_address program = zc_solana_party(step, ASSOCIATED_TOKEN_PROGRAM);
        const zc_solana_program *known =
            program.len == 0 ? NULL : zc_solana_find_program(program.byte);
        movement->amount = zc_u256_of(TOKEN_ACCOUNT_RENT);
        if (known == NULL || known->special != ZC_SOLANA_TOKEN) {
            intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        }
    } else if (amount == ZC_SOLANA_ALL && movement->kind != ZC_MOVEMENT_RECEIVE) {
        if (movement->kind != ZC_MOVEMENT_LOCK ||
            !created_with(step, &movement->from, &movement->amount)) {
            intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        }
    }
}

static void settle_kind(const zc_solana_step *step, uint8_t authority, zc_movement *movement)
{
    if (movement->kind != ZC_MOVEMENT_OUT) {
        return;
    }
    if (is_own(step, &movement->to)) {
        movement->kind = ZC_MOVEMENT_RECEIVE;
    } else if (!is_authorised_here(step, authority)) {
        movement->kind = ZC_MOVEMENT_PULL;
    }
}

static zc_result add_effect(const zc_solana_step *step, const zc_solana_effect *effect)
{
    zc_intent *intent = step->reading->intent;
    zc_movement movement = {
        .kind = (zc_movement_kind)effect->kind,
        .call = step->call,
        .asset = asset_of(step, effect),
        .from = zc_solana_party(step, effect->from),
        .to = zc_solana_party(step, effect->to),
    };
    /* Control that stays where it is, or of something new that begins here, is not handed on. */
    if (movement.kind == ZC_MOVEMENT_CONTROL) {
        if (is_own(step, &movement.to)) {
            return ZC_OK;
        }
        intent->flags |= ZC_FLAG_CONTROL_CHANGE;
    }
    settle_kind(step, effect->authority, &movement);
    set_amount(step, effect->amount, &movement);
    if (movement.kind == ZC_MOVEMENT_ALLOWANCE && step->number[0] == UINT64_MAX) {
        intent->flags |= ZC_FLAG_UNLIMITED_APPROVAL;
    }
    return zc_intent_add_movement(intent, &movement);
}

zc_result zc_solana_add_effects(const zc_solana_step *step)
{
    for (size_t i = 0; i < ZC_SOLANA_MAX_EFFECTS; i++) {
        if (step->method->effect[i].kind != 0) {
            ZC_TRY(add_effect(step, &step->method->effect[i]));
        }
    }
    return ZC_OK;
}
