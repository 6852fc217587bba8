#include "intent/solana/instruction.h"

#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/text.h"

#define NON_BUILTIN_UNITS 200000
#define BUILTIN_UNITS 3000
/* Of the System program. */
#define ADVANCE_NONCE 4
/* Of the Compute Budget program. */
#define SET_UNIT_LIMIT 2
#define SET_UNIT_PRICE 3
/* How much of unknown data stands for its method. */
#define UNKNOWN_METHOD 8

zc_result zc_solana_add_bytes(zc_intent *intent, uint16_t call, const char *label,
                              zc_argument_kind kind, zc_slice bytes)
{
    zc_argument *argument;
    uint8_t hash[32];
    ZC_TRY(zc_intent_add_argument(intent, call, kind, label, &argument));
    if (bytes.len > ZC_ARGUMENT_BYTES_MAX) {
        zc_sha256(bytes, hash);
        bytes = ZC_SLICE_OF_ARRAY(hash);
        argument->is_hash = true;
    }
    argument->len = (uint8_t)bytes.len;
    if (bytes.len != 0) {
        memcpy(argument->byte, bytes.data, bytes.len);
    }
    return ZC_OK;
}

static zc_result add_number(zc_intent *intent, uint16_t call, const char *label, uint64_t value,
                            bool is_signed)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(intent, call, is_signed ? ZC_ARGUMENT_SIGNED : ZC_ARGUMENT_NUMBER,
                                  label, &argument));
    argument->number = zc_u256_of(value);
    if (is_signed && value >> 63 != 0) {
        argument->number.limb[1] = UINT64_MAX;
        argument->number.limb[2] = UINT64_MAX;
        argument->number.limb[3] = UINT64_MAX;
    }
    return ZC_OK;
}

static zc_result add_field(const zc_solana_step *step, size_t i)
{
    zc_intent *intent = step->reading->intent;
    const zc_solana_field *field = &step->method->field[i];
    const zc_slice bytes = step->bytes[i];
    switch (field->kind) {
    case ZC_SOLANA_OPTION_U64:
    case ZC_SOLANA_OPTION_I64:
        return bytes.len == 0 ? ZC_OK
                              : add_number(intent, step->call, field->label, step->number[i],
                                           field->kind == ZC_SOLANA_OPTION_I64);
    case ZC_SOLANA_U8:
    case ZC_SOLANA_U32:
    case ZC_SOLANA_U64:
    case ZC_SOLANA_I64:
        return add_number(intent, step->call, field->label, step->number[i],
                          field->kind == ZC_SOLANA_I64);
    case ZC_SOLANA_KEY:
    case ZC_SOLANA_OPTION_KEY:
        return bytes.len == 0 ? ZC_OK
                              : zc_solana_add_bytes(intent, step->call, field->label,
                                                    ZC_ARGUMENT_ADDRESS, bytes);
    case ZC_SOLANA_TEXT:
        return zc_solana_add_bytes(intent, step->call, field->label,
                                   zc_utf8_valid(bytes) ? ZC_ARGUMENT_TEXT : ZC_ARGUMENT_BYTES,
                                   bytes);
    case ZC_SOLANA_KEYS:
        return zc_solana_add_bytes(intent, step->call, field->label, ZC_ARGUMENT_BYTES, bytes);
    case ZC_SOLANA_END:
        break;
    }
    return ZC_OK;
}

static zc_result add_arguments(const zc_solana_step *step)
{
    zc_intent *intent = step->reading->intent;
    ZC_TRY(zc_solana_add_bytes(intent, step->call, "instruction", ZC_ARGUMENT_TEXT,
                               zc_slice_of_text(step->method->name)));
    for (size_t i = 0; i < ZC_SOLANA_MAX_FIELDS; i++) {
        ZC_TRY(add_field(step, i));
    }
    for (uint8_t i = 0; i < ZC_SOLANA_MAX_ROLES; i++) {
        const zc_address party = zc_solana_party(step, i);
        if (step->method->role[i] != NULL && party.len != 0) {
            ZC_TRY(zc_solana_add_bytes(intent, step->call, step->method->role[i],
                                       ZC_ARGUMENT_ADDRESS, zc_address_slice(&party)));
        }
    }
    return ZC_OK;
}

static void take_budget(zc_solana_budget *budget, const zc_solana_step *step)
{
    const uint32_t units = (uint32_t)step->number[0];
    if (step->method->id == SET_UNIT_LIMIT) {
        budget->limit = budget->has_limit && budget->limit > units ? budget->limit : units;
        budget->has_limit = true;
    } else if (step->method->id == SET_UNIT_PRICE && step->number[0] > budget->price) {
        budget->price = step->number[0];
    }
}

/* Accounts behind those of the method: SPL Token's further signers. What is no signer there goes to
 * a transfer hook of Token-2022, whose work is not shown. */
static void check_extra_accounts(const zc_solana_step *step)
{
    if (step->program->special != ZC_SOLANA_TOKEN_2022) {
        return;
    }
    for (size_t i = step->method->least; i < step->instruction->accounts.len; i++) {
        if (!zc_solana_is_signer(step->reading->message, step->instruction->accounts.data[i])) {
            step->reading->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        }
    }
}

static zc_result read_known(zc_solana_step *step, bool *ret_is_read)
{
    zc_intent *intent = step->reading->intent;
    size_t left;
    if (step->instruction->accounts.len < step->method->least ||
        !zc_ok(zc_solana_read_fields(step, &left))) {
        /* No program runs it; what one of a later version would make of it nobody knows. */
        intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE;
        return ZC_OK;
    }
    *ret_is_read = left == 0;
    if (left != 0) {
        intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    }
    intent->flags |= step->method->flags;
    check_extra_accounts(step);
    if (step->program->special == ZC_SOLANA_BUDGET) {
        take_budget(&step->reading->budget, step);
    }
    ZC_TRY(add_arguments(step));
    return zc_solana_add_effects(step);
}

/* The first memo is the transaction's; further ones are arguments. */
static zc_result read_memo(zc_solana_step *step)
{
    zc_intent *intent = step->reading->intent;
    const zc_slice text = step->instruction->data;
    if (!zc_text_is_plain(text)) {
        intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    }
    if (intent->message.len == 0) {
        intent->message = text;
        return ZC_OK;
    }
    return zc_solana_add_bytes(intent, step->call, "memo",
                               zc_utf8_valid(text) ? ZC_ARGUMENT_TEXT : ZC_ARGUMENT_BYTES, text);
}

static zc_result read_unknown(zc_solana_step *step)
{
    zc_intent *intent = step->reading->intent;
    const zc_slice data = step->instruction->data;
    intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA;
    if (step->program != NULL && step->program->special == ZC_SOLANA_PRECOMPILE && data.len != 0) {
        step->reading->budget.extra_signatures += data.data[0];
    }
    return zc_solana_add_bytes(intent, step->call, "data", ZC_ARGUMENT_BYTES, data);
}

static void set_method(const zc_solana_step *step, zc_call *call)
{
    const zc_slice data = step->instruction->data;
    size_t len = UNKNOWN_METHOD;
    if (step->method != NULL) {
        len = (size_t)step->program->id_size + (step->method->has_sub ? 1 : 0);
    } else if (step->program != NULL && step->program->special == ZC_SOLANA_MEMO) {
        len = 0;
    }
    call->method_len = (uint8_t)(data.len < len ? data.len : len);
    if (call->method_len != 0) {
        memcpy(call->method, data.data, call->method_len);
    }
    call->data_len = (uint32_t)data.len;
}

/* What the transaction is called by: its one instruction that does more than prepare. */
static void weigh(zc_solana_reading *reading, const zc_solana_step *step, bool is_read,
                  size_t first_movement)
{
    const zc_operation operation =
        step->method != NULL ? (zc_operation)step->method->operation : ZC_OPERATION_CONTRACT_CALL;
    if (is_read && operation == ZC_OPERATION_CONTRACT_CALL) {
        return;
    }
    if (reading->weighty++ == 0) {
        reading->operation = operation;
        reading->first_movement = first_movement;
        reading->first_program =
            zc_address_of(zc_solana_key(reading->message, step->instruction->program));
    }
}

zc_result zc_solana_read_instruction(zc_solana_reading *reading,
                                     const zc_solana_instruction *instruction, size_t index)
{
    zc_intent *intent = reading->intent;
    const zc_slice key = zc_solana_key(reading->message, instruction->program);
    const zc_address target = zc_address_of(key);
    zc_solana_step step = {.reading = reading, .instruction = instruction};
    const size_t first_movement = intent->movement_count;
    zc_call *call;
    bool is_read = false;
    step.program = zc_solana_find_program(key.data);
    step.method =
        step.program != NULL ? zc_solana_find_method(step.program, instruction->data) : NULL;
    step.call = (uint16_t)intent->call_count;
    ZC_TRY(zc_intent_add_call(intent, &target, ZC_CALL_NONE, &call));
    set_method(&step, call);
    intent->data_len += (uint32_t)instruction->data.len;
    if (step.method != NULL) {
        ZC_TRY(read_known(&step, &is_read));
    } else if (step.program != NULL && step.program->special == ZC_SOLANA_MEMO) {
        is_read = true;
        ZC_TRY(read_memo(&step));
    } else {
        ZC_TRY(read_unknown(&step));
    }
    call->is_read = is_read;
    /* A nonce in the place of a recent block hash: the signature holds until the nonce moves on. */
    if (index == 0 && is_read && step.program->special == ZC_SOLANA_SYSTEM &&
        step.method->id == ADVANCE_NONCE) {
        intent->flags |= ZC_FLAG_NO_EXPIRY;
    }
    reading->budget.default_limit +=
        step.program != NULL && step.program->is_builtin ? BUILTIN_UNITS : NON_BUILTIN_UNITS;
    weigh(reading, &step, is_read, first_movement);
    return ZC_OK;
}
