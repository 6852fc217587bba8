#include "crypto/hash.h"
#include "intent/solana/instruction.h"

static zc_result add_native_value(zc_intent *intent, const zc_movement *movement)
{
    if (movement->kind != ZC_MOVEMENT_OUT || movement->asset.kind != ZC_ASSET_NATIVE) {
        return ZC_OK;
    }
    return zc_u256_add(&intent->value, &movement->amount, &intent->value);
}

/* What the whole is called, whom it concerns first and what it is worth. */
static zc_result conclude(zc_solana_reading *reading)
{
    zc_intent *intent = reading->intent;
    intent->operation = reading->weighty == 0   ? ZC_OPERATION_CONTRACT_CALL
                        : reading->weighty == 1 ? reading->operation
                                                : ZC_OPERATION_BATCH;
    intent->to = reading->first_program;
    if (reading->weighty == 0 && intent->call_count != 0) {
        intent->to = intent->calls[0].target;
    } else if (reading->weighty != 0 && reading->first_movement < intent->movement_count) {
        intent->to = intent->movements[reading->first_movement].to;
    }
    for (size_t i = 0; i < intent->movement_count; i++) {
        ZC_TRY(add_native_value(intent, &intent->movements[i]));
    }
    return zc_solana_add_fee(reading);
}

static void begin(const zc_solana_message *message, const uint8_t *account, zc_intent *intent)
{
    zc_intent_reset(intent);
    intent->family = ZC_FAMILY_SOLANA;
    intent->account = zc_address_of(zc_slice_of(account, ZC_SOLANA_KEY_SIZE));
    intent->has_chain_id = true;
    intent->chain_id = ZC_CHAIN_SOLANA;
    intent->signatures = 1;
    zc_sha256(message->bytes, intent->digest);
    if (message->table_count != 0) {
        intent->flags |= ZC_FLAG_UNRESOLVED_ADDRESS;
    }
}

static zc_result read_all(zc_solana_reading *reading, size_t *ret_offset)
{
    zc_reader reader = reading->message->instructions;
    zc_solana_instruction instruction;
    for (size_t i = 0; i < reading->message->instruction_count; i++) {
        *ret_offset = zc_reader_offset(&reader);
        ZC_TRY(zc_solana_next(&reader, &instruction));
        ZC_TRY(zc_solana_read_instruction(reading, &instruction, i));
    }
    ZC_TRY(zc_solana_add_bytes(reading->intent, ZC_CALL_NONE, "feePayer", ZC_ARGUMENT_ADDRESS,
                               zc_solana_key(reading->message, 0)));
    return conclude(reading);
}

zc_result zc_intent_decode_solana_tx(zc_slice bytes,
                                     const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                     zc_intent *ret_intent, size_t *ret_offset)
{
    zc_solana_message message;
    size_t signer;
    size_t ignored;
    size_t *fault = ret_offset != NULL ? ret_offset : &ignored;
    zc_intent_reset(ret_intent);
    ZC_TRY(zc_solana_parse(bytes, &message, fault));
    if (!zc_solana_signer_index(&message, account, &signer)) {
        *fault = (size_t)(message.keys.data - bytes.data);
        return zc_fail(ZC_INTENT_SOLANA_NOT_SIGNER);
    }
    begin(&message, account, ret_intent);
    zc_solana_reading reading = {.message = &message, .account = account, .intent = ret_intent};
    zc_result result = read_all(&reading, fault);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}
