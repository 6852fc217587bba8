/* Orders, withdrawals and whatever else a venue is asked, in words. */
#include "intent/render_order.h"

static zc_result put_text_line(zc_page *page, const char *label, const char *text, size_t size)
{
    if (text[0] == '\0') {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_name(page, text, size));
    return zc_page_text(page, "\n");
}

static zc_result put_decimal_line(zc_page *page, const char *label, const zc_decimal *decimal,
                                  const char *unit, size_t unit_size)
{
    if (!decimal->present) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_decimal(page, &decimal->units, decimal->scale, false));
    if (unit[0] != '\0') {
        ZC_TRY(zc_page_text(page, " "));
        ZC_TRY(zc_page_name(page, unit, unit_size));
    }
    return zc_page_text(page, "\n");
}

static const char *type_words(zc_order_type type)
{
    switch (type) {
    case ZC_ORDER_LIMIT:
        return "at a limit";
    case ZC_ORDER_MARKET:
        return "at the market's price";
    case ZC_ORDER_STOP_LIMIT:
        return "at a limit once triggered";
    case ZC_ORDER_STOP_MARKET:
        return "at the market's price once triggered";
    case ZC_ORDER_TYPE_NONE:
        break;
    }
    return NULL;
}

static const char *tif_words(zc_time_in_force tif)
{
    switch (tif) {
    case ZC_TIF_GTC:
        return "until cancelled";
    case ZC_TIF_IOC:
        return "at once, the rest is dropped";
    case ZC_TIF_FOK:
        return "at once and whole, or not at all";
    case ZC_TIF_GTD:
        return "until a date";
    case ZC_TIF_NONE:
        break;
    }
    return NULL;
}

static zc_result put_words_line(zc_page *page, const char *label, const char *words)
{
    if (words == NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_label(page, label));
    ZC_TRY(zc_page_text(page, words));
    return zc_page_text(page, "\n");
}

static zc_result put_trade(zc_page *page, const zc_order *order)
{
    static const char none[] = "";
    const char *side = order->side == ZC_SIDE_BUY    ? "buy"
                       : order->side == ZC_SIDE_SELL ? "sell"
                                                     : NULL;
    ZC_TRY(put_words_line(page, "side", side));
    ZC_TRY(put_decimal_line(page, "quantity", &order->quantity, none, 1));
    ZC_TRY(put_decimal_line(page, "for", &order->quote_quantity, none, 1));
    ZC_TRY(put_words_line(page, "price", type_words(order->type)));
    ZC_TRY(put_decimal_line(page, "limit", &order->price, none, 1));
    ZC_TRY(put_decimal_line(page, "trigger", &order->trigger_price, none, 1));
    ZC_TRY(put_words_line(page, "valid", tif_words(order->tif)));
    ZC_TRY(put_words_line(page, "only reduces",
                          order->reduce_only ? "a position, never opens one" : NULL));
    return put_words_line(page, "only rests", order->post_only ? "in the book, never takes" : NULL);
}

zc_result zc_page_order(zc_page *page, const zc_order *order)
{
    ZC_TRY(put_words_line(page, "system", order->test_network ? "the venue's test system" : NULL));
    ZC_TRY(put_text_line(page, "account", order->account, sizeof order->account));
    ZC_TRY(put_text_line(page, "market", order->market, sizeof order->market));
    ZC_TRY(put_trade(page, order));
    ZC_TRY(put_text_line(page, "order", order->order_id, sizeof order->order_id));
    ZC_TRY(put_text_line(page, "client id", order->client_id, sizeof order->client_id));
    ZC_TRY(put_decimal_line(page, "amount", &order->amount, order->asset, sizeof order->asset));
    if (!order->amount.present) {
        ZC_TRY(put_text_line(page, "asset", order->asset, sizeof order->asset));
    }
    ZC_TRY(put_text_line(page, "to", order->to, sizeof order->to));
    ZC_TRY(put_text_line(page, "network", order->network, sizeof order->network));
    ZC_TRY(put_text_line(page, "tag", order->tag, sizeof order->tag));
    return put_text_line(page, "call", order->call, sizeof order->call);
}
