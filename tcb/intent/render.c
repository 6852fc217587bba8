#include "intent/render.h"

#include "intent/decode.h"
#include "intent/render_page.h"
#include "intent/text.h"

static bool is_tx(const zc_intent *intent)
{
    return intent->operation != ZC_OPERATION_MESSAGE && intent->operation != ZC_OPERATION_DIGEST;
}

static zc_result put_title(zc_page *page)
{
    const zc_intent *intent = page->intent;
    const char *title = zc_operation_title(intent->operation);
    ZC_TRY(zc_page_text(page, title != NULL ? title : "Unknown operation"));
    if (!is_tx(intent)) {
        return zc_page_text(page, "\n");
    }
    if (!intent->has_chain_id) {
        return zc_page_text(page, " on any EVM chain\n");
    }
    ZC_TRY(zc_page_text(page, " on chain "));
    ZC_TRY(zc_page_number(page, intent->chain_id));
    return zc_page_text(page, "\n");
}

static zc_result put_address_line(zc_page *page, const char *label,
                                  const uint8_t address[static ZC_ADDRESS_SIZE])
{
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_address(page, address));
    return zc_page_text(page, "\n");
}

static zc_result put_amount_line(zc_page *page, const char *label, const zc_movement *movement)
{
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_amount(page, &movement->asset, &movement->amount));
    return zc_page_text(page, "\n");
}

/* increaseAllowance: the amount comes on top of what may be spent already. */
static bool is_increase(const zc_intent *intent)
{
    static const uint8_t increase[] = {0x39, 0x50, 0x93, 0x51};
    return intent->has_selector && memcmp(intent->selector, increase, sizeof(increase)) == 0;
}

static zc_result put_movement(zc_page *page, const zc_movement *movement)
{
    switch (movement->kind) {
    case ZC_MOVEMENT_FEE:
        return put_amount_line(page, "fee at most", movement);
    case ZC_MOVEMENT_OUT:
        ZC_TRY(put_amount_line(page, "sends", movement));
        return put_address_line(page, "to", movement->to);
    case ZC_MOVEMENT_ALLOWANCE:
        ZC_TRY(
            put_amount_line(page, is_increase(page->intent) ? "allows more" : "allows", movement));
        return put_address_line(page, "to be spent by", movement->to);
    case ZC_MOVEMENT_PULL:
        ZC_TRY(put_amount_line(page, "takes", movement));
        ZC_TRY(put_address_line(page, "out of", movement->from));
        return put_address_line(page, "to", movement->to);
    }
    return zc_page_text(page, "  an unknown movement\n");
}

static zc_result put_call(zc_page *page)
{
    const zc_intent *intent = page->intent;
    if (!intent->has_to) {
        uint8_t created[ZC_ADDRESS_SIZE];
        zc_evm_create_address(intent->account, intent->nonce, created);
        ZC_TRY(put_address_line(page, "creates", created));
    } else if (intent->operation != ZC_OPERATION_TRANSFER) {
        ZC_TRY(put_address_line(page, "contract", intent->to));
    }
    if (intent->has_selector) {
        ZC_TRY(zc_page_label(page, "method"));
        ZC_TRY(zc_page_hex(page, intent->selector, sizeof(intent->selector)));
        ZC_TRY(zc_page_text(page, "\n"));
    }
    if (intent->data_len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, intent->has_to ? "data" : "init code"));
    ZC_TRY(zc_page_number(page, intent->data_len));
    return zc_page_text(page, " bytes\n");
}

static zc_result put_gas(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(zc_page_label(page, "nonce"));
    ZC_TRY(zc_page_number(page, intent->nonce));
    ZC_TRY(zc_page_text(page, "\n"));
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

static zc_result put_tx(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(put_call(page));
    for (size_t i = 0; i < intent->movement_count; i++) {
        ZC_TRY(put_movement(page, &intent->movements[i]));
    }
    ZC_TRY(put_gas(page));
    if (!intent->has_expiry) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, "valid until"));
    ZC_TRY(zc_page_number(page, intent->expiry_ms));
    return zc_page_text(page, " milliseconds after 1970\n");
}

static zc_result put_message(zc_page *page)
{
    static const char margin[] = "  | ";
    const zc_slice message = page->intent->message;
    ZC_TRY(zc_page_label(page, "length"));
    ZC_TRY(zc_page_number(page, message.len));
    ZC_TRY(zc_page_text(page, message.len == 1 ? " byte\n" : " bytes\n"));
    ZC_TRY(zc_page_text(page, margin));
    ZC_TRY(zc_text_escape(message, margin, &page->writer));
    return zc_page_text(page, "\n");
}

static zc_result put_digest(zc_page *page)
{
    ZC_TRY(zc_page_label(page, "digest"));
    ZC_TRY(zc_page_hex(page, page->intent->digest, sizeof(page->intent->digest)));
    return zc_page_text(page, "\n");
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

static zc_result put_intent(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(put_title(page));
    ZC_TRY(put_flags(page));
    if (intent->family == ZC_FAMILY_EVM) {
        char text[ZC_EVM_ADDRESS_TEXT_SIZE];
        zc_evm_address_text(intent->account, text);
        ZC_TRY(zc_page_label(page, "from"));
        ZC_TRY(zc_page_text(page, text));
        ZC_TRY(zc_page_text(page, "\n"));
    }
    if (is_tx(intent)) {
        ZC_TRY(put_tx(page));
    } else if (intent->operation == ZC_OPERATION_MESSAGE) {
        ZC_TRY(put_message(page));
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
