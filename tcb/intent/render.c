#include "intent/render.h"

#include "intent/decode.h"
#include "intent/render_order.h"
#include "intent/render_page.h"
#include "intent/text.h"

static zc_result end_line(zc_page *page)
{
    return zc_page_text(page, "\n");
}

static zc_result put_title(zc_page *page)
{
    const zc_intent *intent = page->intent;
    const char *title = zc_operation_title(intent->operation);
    ZC_TRY(zc_page_text(page, title != NULL ? title : "Unknown operation"));
    if (!zc_intent_is_tx(intent)) {
        return end_line(page);
    }
    if (!intent->has_chain_id) {
        return zc_page_text(page, intent->family == ZC_FAMILY_EVM ? " on any EVM chain\n"
                                                                  : " on a chain not named\n");
    }
    if (intent->family == ZC_FAMILY_VENUE) {
        const char *venue = zc_venue_title(intent->order.venue);
        ZC_TRY(zc_page_text(page, " at "));
        ZC_TRY(zc_page_text(page, venue != NULL ? venue : "an unknown venue"));
        return end_line(page);
    }
    ZC_TRY(zc_page_text(page, " on "));
    ZC_TRY(zc_page_chain(page));
    return end_line(page);
}

static zc_result put_address_line(zc_page *page, const char *label, const zc_address *address)
{
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_address(page, address));
    return end_line(page);
}

static zc_result put_amount_line(zc_page *page, const char *label, const zc_movement *movement)
{
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_amount(page, &movement->asset, &movement->amount));
    if (movement->has_item) {
        ZC_TRY(zc_page_text(page, ", item "));
        ZC_TRY(zc_page_u256(page, &movement->item));
    }
    return end_line(page);
}

/* increaseAllowance: the amount comes on top of what may be spent already. */
static bool is_increase(const zc_intent *intent, const zc_movement *movement)
{
    static const uint8_t increase[] = {0x39, 0x50, 0x93, 0x51};
    return movement->call < intent->call_count &&
           zc_slice_eq(zc_slice_of(intent->calls[movement->call].method,
                                   intent->calls[movement->call].method_len),
                       ZC_SLICE_OF_ARRAY(increase));
}

/* Says who loses, where it isn't the account itself. */
static zc_result put_out_of(zc_page *page, const zc_movement *movement)
{
    bool own = movement->from.len == 0 || zc_address_eq(&movement->from, &page->intent->account);
    return own ? ZC_OK : put_address_line(page, "out of", &movement->from);
}

static zc_result put_movement(zc_page *page, const zc_movement *movement)
{
    switch (movement->kind) {
    case ZC_MOVEMENT_FEE:
        return put_amount_line(page, "fee at most", movement);
    case ZC_MOVEMENT_OUT:
        ZC_TRY(put_amount_line(page, "sends", movement));
        ZC_TRY(put_out_of(page, movement));
        return put_address_line(page, "to", &movement->to);
    case ZC_MOVEMENT_ALLOWANCE:
        ZC_TRY(put_amount_line(page, is_increase(page->intent, movement) ? "allows more" : "allows",
                               movement));
        ZC_TRY(put_out_of(page, movement));
        return put_address_line(page, "to be spent by", &movement->to);
    case ZC_MOVEMENT_PULL:
        ZC_TRY(put_amount_line(page, "takes", movement));
        ZC_TRY(put_address_line(page, "out of", &movement->from));
        return put_address_line(page, "to", &movement->to);
    case ZC_MOVEMENT_RECEIVE:
        ZC_TRY(put_amount_line(page, "receives", movement));
        return put_address_line(page, "at", &movement->to);
    case ZC_MOVEMENT_CONTROL:
        ZC_TRY(put_address_line(page, "control of", &movement->from));
        return put_address_line(page, "passes to", &movement->to);
    case ZC_MOVEMENT_LOCK:
        ZC_TRY(put_amount_line(page, "binds", movement));
        return put_address_line(page, "with", &movement->to);
    }
    return zc_page_text(page, "  an unknown movement\n");
}

static zc_result put_movements_of(zc_page *page, uint16_t call)
{
    for (size_t i = 0; i < page->intent->movement_count; i++) {
        if (page->intent->movements[i].call == call) {
            ZC_TRY(put_movement(page, &page->intent->movements[i]));
        }
    }
    return ZC_OK;
}

/* Two's complement, as people write it. */
static zc_result put_signed(zc_page *page, const zc_u256 *number)
{
    zc_u256 magnitude;
    if (number->limb[3] >> 63 == 0) {
        return zc_page_u256(page, number);
    }
    ZC_TRY(zc_page_text(page, "-"));
    zc_u256 inverted;
    for (size_t i = 0; i < 4; i++) {
        inverted.limb[i] = ~number->limb[i];
    }
    ZC_TRY(zc_u256_add(&inverted, &(zc_u256){{1, 0, 0, 0}}, &magnitude));
    return zc_page_u256(page, &magnitude);
}

static zc_result put_argument_value(zc_page *page, const zc_argument *argument)
{
    const zc_slice bytes = zc_slice_of(argument->byte, argument->len);
    const zc_address address = zc_address_of(bytes);
    if (argument->is_hash) {
        ZC_TRY(zc_page_text(page, "something longer whose SHA-256 is "));
        return zc_page_hex(page, bytes.data, bytes.len);
    }
    switch (argument->kind) {
    case ZC_ARGUMENT_NUMBER:
        return zc_page_u256(page, &argument->number);
    case ZC_ARGUMENT_SIGNED:
        return put_signed(page, &argument->number);
    case ZC_ARGUMENT_BOOL:
        return zc_page_text(page, zc_u256_is_zero(&argument->number) ? "no" : "yes");
    case ZC_ARGUMENT_ADDRESS:
        return zc_page_address(page, &address);
    case ZC_ARGUMENT_BYTES:
        return zc_page_hex(page, bytes.data, bytes.len);
    case ZC_ARGUMENT_TEXT:
        ZC_TRY(zc_page_text(page, "\""));
        ZC_TRY(zc_text_escape(bytes, NULL, &page->writer));
        return zc_page_text(page, "\"");
    }
    return zc_page_text(page, "of an unknown kind");
}

static zc_result put_arguments_of(zc_page *page, uint16_t call)
{
    for (size_t i = 0; i < page->intent->argument_count; i++) {
        const zc_argument *argument = &page->intent->arguments[i];
        if (argument->call != call || argument->is_said) {
            continue;
        }
        ZC_TRY(zc_page_label(page, "with"));
        ZC_TRY(zc_page_name(page, argument->label, sizeof argument->label));
        ZC_TRY(zc_page_text(page, ": "));
        ZC_TRY(put_argument_value(page, argument));
        ZC_TRY(end_line(page));
    }
    return ZC_OK;
}

/* EVM selectors and Solana discriminators are bytes; the others' methods are text. */
static zc_result put_method(zc_page *page, const zc_call *call)
{
    zc_family family = page->intent->family;
    if (call->method_len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, "method"));
    if (family == ZC_FAMILY_COSMOS || family == ZC_FAMILY_VENUE || family == ZC_FAMILY_BITCOIN) {
        ZC_TRY(zc_text_escape(zc_slice_of(call->method, call->method_len), NULL, &page->writer));
    } else {
        ZC_TRY(zc_page_hex(page, call->method, call->method_len));
    }
    return end_line(page);
}

static zc_result put_data_len(zc_page *page, const char *label, uint32_t len)
{
    if (len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_number(page, len));
    return zc_page_text(page, " bytes\n");
}

static size_t depth_of(const zc_intent *intent, size_t call)
{
    size_t depth = 0;
    while (intent->calls[call].parent < call) {
        call = intent->calls[call].parent;
        depth++;
    }
    return depth;
}

/* Code that runs with the account's own powers is named by the mission, or said to be nobody's. */
static zc_result put_target(zc_page *page, const zc_call *call)
{
    if (!call->is_delegate) {
        return put_address_line(page, "contract", &call->target);
    }
    ZC_TRY(zc_page_label(page, "runs code of"));
    ZC_TRY(zc_page_address(page, &call->target));
    bool named = zc_catalog_contract(page->catalog, page->intent->chain_id, &call->target) != NULL;
    return zc_page_text(page, named ? "\n" : " (unknown: the mission names no such contract)\n");
}

static zc_result put_call(zc_page *page, size_t index)
{
    const zc_call *call = &page->intent->calls[index];
    page->depth = depth_of(page->intent, index);
    if (call->target.len != 0) {
        ZC_TRY(put_target(page, call));
    }
    ZC_TRY(put_method(page, call));
    ZC_TRY(put_data_len(page, "data", call->data_len));
    if (!call->is_read && call->data_len != 0) {
        ZC_TRY(zc_page_label(page, "not read"));
        ZC_TRY(zc_page_text(page, "what this call does could not be established\n"));
    }
    ZC_TRY(put_movements_of(page, (uint16_t)index));
    ZC_TRY(put_arguments_of(page, (uint16_t)index));
    page->depth = 0;
    return ZC_OK;
}

static zc_result put_created(zc_page *page)
{
    const zc_intent *intent = page->intent;
    if (intent->operation != ZC_OPERATION_CONTRACT_CREATE) {
        return ZC_OK;
    }
    uint8_t created[ZC_EVM_ADDRESS_SIZE];
    zc_evm_create_address(intent->account.byte, intent->nonce, created);
    const zc_address address = zc_address_of_evm(created);
    ZC_TRY(put_address_line(page, "creates", &address));
    return put_data_len(page, "init code", intent->data_len);
}

static zc_result put_evm_gas(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(zc_page_label(page, "nonce"));
    ZC_TRY(zc_page_number(page, intent->nonce));
    ZC_TRY(end_line(page));
    ZC_TRY(zc_page_label(page, "gas"));
    ZC_TRY(zc_page_u256(page, &intent->gas_limit));
    ZC_TRY(zc_page_text(page, " at no more than "));
    ZC_TRY(zc_page_u256(page, &intent->gas_price));
    ZC_TRY(zc_page_text(page, " base units each\n"));
    if (intent->access_addresses == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, "access list"));
    ZC_TRY(zc_page_number(page, intent->access_addresses));
    ZC_TRY(zc_page_text(page, " addresses, "));
    ZC_TRY(zc_page_number(page, intent->access_keys));
    return zc_page_text(page, " keys\n");
}

/* A transaction's own numbers; typed data has none. */
static zc_result put_numbers(zc_page *page)
{
    const zc_intent *intent = page->intent;
    if (intent->family == ZC_FAMILY_EVM && !zc_u256_is_zero(&intent->gas_limit)) {
        ZC_TRY(put_evm_gas(page));
    } else if (intent->family == ZC_FAMILY_COSMOS) {
        ZC_TRY(zc_page_label(page, "sequence"));
        ZC_TRY(zc_page_number(page, intent->nonce));
        ZC_TRY(end_line(page));
    }
    if (intent->signatures > 1) {
        ZC_TRY(zc_page_label(page, "signatures"));
        ZC_TRY(zc_page_number(page, intent->signatures));
        ZC_TRY(end_line(page));
    }
    if (!intent->has_expiry) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, "valid until"));
    ZC_TRY(zc_page_time(page, intent->expiry_ms));
    return end_line(page);
}

static zc_result put_text_block(zc_page *page, const char *label)
{
    static const char margin[] = "  | ";
    const zc_slice message = page->intent->message;
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_number(page, message.len));
    ZC_TRY(zc_page_text(page, message.len == 1 ? " byte\n" : " bytes\n"));
    ZC_TRY(zc_page_text(page, margin));
    ZC_TRY(zc_text_escape(message, margin, &page->writer));
    return end_line(page);
}

static zc_result put_tx(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(put_created(page));
    if (intent->has_order) {
        ZC_TRY(zc_page_order(page, &intent->order));
    }
    for (size_t i = 0; i < intent->call_count; i++) {
        ZC_TRY(put_call(page, i));
    }
    ZC_TRY(put_movements_of(page, ZC_CALL_NONE));
    ZC_TRY(put_arguments_of(page, ZC_CALL_NONE));
    ZC_TRY(put_numbers(page));
    return intent->message.len != 0 ? put_text_block(page, "memo") : ZC_OK;
}

static zc_result put_digest(zc_page *page)
{
    ZC_TRY(zc_page_label(page, "digest"));
    ZC_TRY(zc_page_hex(page, page->intent->digest, sizeof(page->intent->digest)));
    return end_line(page);
}

static zc_result put_flags(zc_page *page)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        if ((page->intent->flags >> bit & 1) == 0) {
            continue;
        }
        const char *text = zc_flag_text(bit);
        const char *name = zc_flag_name(bit);
        ZC_TRY(zc_page_text(page, "  WARNING: "));
        ZC_TRY(
            zc_page_text(page, text != NULL ? text : "a risk that this version has no words for"));
        ZC_TRY(zc_page_text(page, " ["));
        ZC_TRY(zc_page_text(page, name != NULL ? name : "unknown"));
        ZC_TRY(zc_page_text(page, "]\n"));
    }
    return ZC_OK;
}

static zc_result put_account(zc_page *page)
{
    const zc_intent *intent = page->intent;
    if (intent->account.len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, "from"));
    ZC_TRY(zc_address_write(zc_page_address_chain(intent), &intent->account, &page->writer));
    return end_line(page);
}

static zc_result put_intent(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(put_title(page));
    ZC_TRY(put_flags(page));
    ZC_TRY(put_account(page));
    if (zc_intent_is_tx(intent)) {
        ZC_TRY(put_tx(page));
    } else if (intent->operation == ZC_OPERATION_MESSAGE) {
        ZC_TRY(put_text_block(page, "length"));
    }
    return put_digest(page);
}

zc_result zc_intent_render(const zc_intent *intent, const zc_catalog *catalog, zc_writer *writer)
{
    zc_page page = {.intent = intent, .catalog = catalog, .writer = *writer};
    ZC_TRY(put_intent(&page));
    *writer = page.writer;
    return ZC_OK;
}
