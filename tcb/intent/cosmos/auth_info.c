#include "intent/cosmos/sign_doc.h"

#define MAX_SIGNERS 16
#define SIGN_MODE_DIRECT 1
#define SIGN_MODE_TEXTUAL 2
#define SIGN_MODE_LEGACY_AMINO_JSON 127

/* The next field of a message whose fields occur once, but for `repeated`; false at its end. */
static zc_result next(zc_cosmos_reading *reading, zc_reader *reader, zc_pb_sequence *sequence,
                      uint32_t repeated, zc_pb_field *ret_field, bool *ret_more)
{
    *ret_more = zc_reader_left(reader) != 0;
    if (!*ret_more) {
        return ZC_OK;
    }
    reading->fault = reader->at;
    ZC_TRY(zc_pb_get_field(reader, ret_field));
    return zc_pb_sequence_check(sequence, ret_field->number, ret_field->number == repeated);
}

static zc_result want(const zc_pb_field *field, zc_pb_wire wire)
{
    return field->wire == wire ? ZC_OK : zc_fail(ZC_INTENT_COSMOS_WIRE);
}

static zc_result check_mode(uint64_t mode)
{
    switch (mode) {
    case SIGN_MODE_DIRECT:
        return ZC_OK;
    case SIGN_MODE_LEGACY_AMINO_JSON:
        return zc_fail(ZC_INTENT_COSMOS_AMINO);
    case SIGN_MODE_TEXTUAL:
        return zc_fail(ZC_INTENT_COSMOS_TEXTUAL);
    default:
        return zc_fail(ZC_INTENT_COSMOS_SIGN_MODE);
    }
}

/* ModeInfo { single { mode = 1 } } and nothing else. */
static zc_result read_mode(zc_cosmos_reading *reading, zc_slice mode_info)
{
    zc_reader outer = zc_reader_of(mode_info);
    zc_pb_field field;
    reading->fault = outer.at;
    ZC_TRY(zc_pb_get_field(&outer, &field));
    if (field.number != 1 || field.wire != ZC_PB_BYTES || zc_reader_left(&outer) != 0) {
        return zc_fail(ZC_INTENT_COSMOS_SIGN_MODE);
    }
    zc_reader inner = zc_reader_of(field.bytes);
    if (zc_reader_left(&inner) == 0) {
        return zc_fail(ZC_INTENT_COSMOS_SIGN_MODE);
    }
    ZC_TRY(zc_pb_get_field(&inner, &field));
    if (field.number != 1 || field.wire != ZC_PB_VARINT || zc_reader_left(&inner) != 0) {
        return zc_fail(ZC_INTENT_COSMOS_SIGN_MODE);
    }
    return check_mode(field.value);
}

/* public_key, mode_info, sequence. */
static zc_result read_signer(zc_cosmos_reading *reading, zc_slice signer)
{
    zc_reader reader = zc_reader_of(signer);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    zc_slice type_url;
    zc_slice value;
    bool has_mode = false;
    bool more;
    for (;;) {
        ZC_TRY(next(reading, &reader, &sequence, 0, &field, &more));
        if (!more) {
            return has_mode ? ZC_OK : zc_fail(ZC_INTENT_COSMOS_SIGN_MODE);
        }
        switch (field.number) {
        case 1:
            ZC_TRY(want(&field, ZC_PB_BYTES));
            ZC_TRY(zc_cosmos_get_any(field.bytes, &type_url, &value));
            break;
        case 2:
            ZC_TRY(want(&field, ZC_PB_BYTES));
            ZC_TRY(read_mode(reading, field.bytes));
            has_mode = true;
            break;
        case 3:
            ZC_TRY(want(&field, ZC_PB_VARINT));
            reading->intent->nonce = field.value;
            break;
        default:
            reading->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
            break;
        }
    }
}

static zc_result add_fee(zc_cosmos_reading *reading, const zc_pb_field *field)
{
    zc_intent *intent = reading->intent;
    zc_cosmos_coin coin;
    ZC_TRY(zc_cosmos_get_coin(field, intent->chain_id, &coin));
    const zc_movement fee = {
        .kind = ZC_MOVEMENT_FEE,
        .call = ZC_CALL_NONE,
        .asset = coin.asset,
        .from = intent->account,
        .amount = coin.amount,
    };
    intent->max_fee = intent->movement_count == 0 ? coin.amount : ZC_U256_ZERO;
    return zc_intent_add_movement(intent, &fee);
}

/* Whoever pays in the account's place stands in each FEE movement and as an argument. */
static zc_result add_payer(zc_cosmos_reading *reading, const zc_pb_field *field, const char *label)
{
    zc_intent *intent = reading->intent;
    zc_slice text;
    zc_address payer;
    ZC_TRY(zc_cosmos_get_text(field, &text));
    if (text.len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_cosmos_get_address(text, &payer));
    for (size_t i = 0; i < intent->movement_count; i++) {
        intent->movements[i].from = payer;
    }
    if (zc_address_eq(&payer, &intent->account)) {
        reading->is_involved = true;
    }
    return zc_cosmos_add_text(intent, ZC_CALL_NONE, label, ZC_ARGUMENT_TEXT, text);
}

/* amount, gas_limit, payer, granter. */
static zc_result read_fee(zc_cosmos_reading *reading, zc_slice fee)
{
    zc_reader reader = zc_reader_of(fee);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    bool more;
    for (;;) {
        ZC_TRY(next(reading, &reader, &sequence, 1, &field, &more));
        if (!more) {
            return ZC_OK;
        }
        switch (field.number) {
        case 1:
            ZC_TRY(add_fee(reading, &field));
            break;
        case 2:
            ZC_TRY(want(&field, ZC_PB_VARINT));
            reading->intent->gas_limit = zc_u256_of(field.value);
            break;
        case 3:
            ZC_TRY(add_payer(reading, &field, "fee.payer"));
            break;
        case 4:
            ZC_TRY(add_payer(reading, &field, "fee.granter"));
            break;
        default:
            reading->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
            break;
        }
    }
}

static zc_result on_field(zc_cosmos_reading *reading, const zc_pb_field *field, bool *ret_has_fee)
{
    switch (field->number) {
    case 1:
        ZC_TRY(want(field, ZC_PB_BYTES));
        if (++reading->signers > MAX_SIGNERS) {
            return zc_fail(ZC_INTENT_COSMOS_SIGNERS);
        }
        return read_signer(reading, field->bytes);
    case 2:
        ZC_TRY(want(field, ZC_PB_BYTES));
        *ret_has_fee = true;
        return read_fee(reading, field->bytes);
    default:
        /* A tip, or what a later version adds. */
        reading->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        return ZC_OK;
    }
}

zc_result zc_cosmos_read_auth_info(zc_cosmos_reading *reading, zc_slice auth_info)
{
    zc_intent *intent = reading->intent;
    zc_reader reader = zc_reader_of(auth_info);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    bool has_fee = false;
    bool more;
    for (;;) {
        ZC_TRY(next(reading, &reader, &sequence, 1, &field, &more));
        if (!more) {
            break;
        }
        ZC_TRY(on_field(reading, &field, &has_fee));
    }
    if (reading->signers == 0) {
        return zc_fail(ZC_INTENT_COSMOS_SIGNERS);
    }
    if (!has_fee) {
        return zc_fail(ZC_INTENT_COSMOS_MISSING);
    }
    if (reading->signers == 1) {
        return ZC_OK;
    }
    /* Which of the sequences is this key's the document does not say. */
    intent->nonce = 0;
    return zc_cosmos_add_number(intent, ZC_CALL_NONE, "signers", ZC_ARGUMENT_NUMBER,
                                reading->signers);
}
