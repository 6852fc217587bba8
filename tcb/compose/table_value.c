#include "compose/table_value.h"

void zc_account_split(const zc_order *order, zc_account_parts *ret_parts)
{
    const char *at = order->account;
    *ret_parts = (zc_account_parts){0};
    for (size_t i = 0; i < ZC_ACCOUNT_MAX_PARTS; i++) {
        size_t len = strcspn(at, ":");
        ret_parts->part[i] = zc_slice_of(at, len);
        ret_parts->left |= (len > 0 ? 1u : 0u) << i;
        ret_parts->count = i + 1;
        if (at[len] == '\0') {
            return;
        }
        at += len + 1;
    }
    ret_parts->count = ZC_ACCOUNT_MAX_PARTS + 1;
}

static zc_result set_text(zc_value *value, const char *before, zc_slice text)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if (before != NULL) {
        ZC_TRY(zc_write_text(&writer, before));
    }
    ZC_TRY(zc_write_slice(&writer, text));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_decimal(zc_value *value, const zc_compose_param *param,
                             const zc_decimal *decimal, zc_order_side side)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if ((param->form & (ZC_PARAM_SIGNED | ZC_PARAM_WHOLE)) != 0 && decimal->scale != 0) {
        return zc_fail(ZC_COMPOSE_QUANTITY);
    }
    if ((param->form & ZC_PARAM_SIGNED) != 0) {
        if (side == ZC_SIDE_NONE) {
            return zc_fail(ZC_COMPOSE_NEEDS(ZC_ORDER_FIELD_SIDE));
        }
        if (side == ZC_SIDE_SELL) {
            ZC_TRY(zc_write_u8(&writer, '-'));
        }
    }
    ZC_TRY(zc_decimal_write(decimal, &writer));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_number(zc_value *value, const zc_compose_param *param, uint64_t number)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if ((param->form & ZC_PARAM_SECONDS) != 0) {
        number /= 1000;
    }
    ZC_TRY(zc_compose_write_u64(&writer, number));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_word(zc_value *value, const zc_compose_param *param, unsigned which)
{
    const char *word = param->words[which];
    if (word == NULL) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    return set_text(value, param->text, zc_slice_of_text(word));
}

static zc_result value_of_field(const zc_order *order, const zc_compose_param *param,
                                zc_value *value)
{
    switch ((zc_order_field)param->source) {
    case ZC_ORDER_FIELD_SIDE:
        return set_word(value, param, order->side);
    case ZC_ORDER_FIELD_TYPE:
        return set_word(value, param, order->type);
    case ZC_ORDER_FIELD_TIF:
        return set_word(value, param, order->tif);
    case ZC_ORDER_FIELD_REDUCE_ONLY:
    case ZC_ORDER_FIELD_POST_ONLY:
    case ZC_ORDER_FIELD_TEST_NETWORK:
        return set_text(value, NULL, zc_slice_of_text(param->text == NULL ? "true" : param->text));
    case ZC_ORDER_FIELD_PRICE:
        return set_decimal(value, param, &order->price, order->side);
    case ZC_ORDER_FIELD_TRIGGER_PRICE:
        return set_decimal(value, param, &order->trigger_price, order->side);
    case ZC_ORDER_FIELD_QUANTITY:
        return set_decimal(value, param, &order->quantity, order->side);
    case ZC_ORDER_FIELD_QUOTE_QUANTITY:
        return set_decimal(value, param, &order->quote_quantity, order->side);
    case ZC_ORDER_FIELD_AMOUNT:
        return set_decimal(value, param, &order->amount, order->side);
    case ZC_ORDER_FIELD_TIME:
        return set_number(value, param, order->time_ms);
    case ZC_ORDER_FIELD_WINDOW:
        return set_number(value, param, order->window_ms);
    case ZC_ORDER_FIELD_EXPIRY:
        return set_number(value, param, order->expiry_ms);
    case ZC_ORDER_FIELD_ACCOUNT:
        return set_text(value, param->text, zc_slice_of_text(order->account));
    case ZC_ORDER_FIELD_MARKET:
        return set_text(value, param->text, zc_slice_of_text(order->market));
    case ZC_ORDER_FIELD_CLIENT_ID:
        return set_text(value, param->text, zc_slice_of_text(order->client_id));
    case ZC_ORDER_FIELD_ORDER_ID:
        return set_text(value, param->text, zc_slice_of_text(order->order_id));
    case ZC_ORDER_FIELD_ASSET:
        return set_text(value, param->text, zc_slice_of_text(order->asset));
    case ZC_ORDER_FIELD_NETWORK:
        return set_text(value, param->text, zc_slice_of_text(order->network));
    case ZC_ORDER_FIELD_TO:
        return set_text(value, param->text, zc_slice_of_text(order->to));
    case ZC_ORDER_FIELD_TAG:
        return set_text(value, param->text, zc_slice_of_text(order->tag));
    case ZC_ORDER_FIELD_CALL:
        break;
    }
    return zc_fail(ZC_COMPOSE_CALL);
}

static zc_result value_of_part(zc_account_parts *parts, const zc_compose_param *param,
                               zc_value *value)
{
    if (param->index >= parts->count || parts->part[param->index].len == 0) {
        return ZC_OK;
    }
    zc_slice part = parts->part[param->index];
    for (const char *const *word = param->words; *word != NULL; word++) {
        /* "*" is any name. */
        if (zc_slice_eq_text(part, *word) || strcmp(*word, "*") == 0) {
            parts->left &= ~(1u << param->index);
            return set_text(value, param->text, part);
        }
    }
    return zc_fail(ZC_COMPOSE_ACCOUNT);
}

static zc_result value_of_to_and_tag(zc_compose_job *job, zc_value *value)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    zc_compose_take(job, ZC_ORDER_FIELD_TO);
    ZC_TRY(zc_write_text(&writer, job->order->to));
    if (zc_compose_has(job, ZC_ORDER_FIELD_TAG)) {
        zc_compose_take(job, ZC_ORDER_FIELD_TAG);
        ZC_TRY(zc_write_u8(&writer, ':'));
        ZC_TRY(zc_write_text(&writer, job->order->tag));
    }
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

zc_result zc_compose_value_of(zc_compose_job *job, zc_account_parts *parts,
                              const zc_compose_style *style, const zc_compose_param *param,
                              zc_value *value)
{
    switch (param->source) {
    case ZC_PARAM_FIXED:
        return set_text(value, NULL, zc_slice_of_text(param->text));
    case ZC_PARAM_STYLE:
        if (style == NULL || style->word[param->index] == NULL) {
            return ZC_OK;
        }
        return set_text(value, NULL, zc_slice_of_text(style->word[param->index]));
    case ZC_PARAM_NOW:
        return set_number(value, param, job->time_ms);
    case ZC_PARAM_NONCE:
        job->out->nonce = job->nonce;
        return set_number(value, param, job->nonce);
    case ZC_PARAM_RESULT_ID:
        if (!zc_compose_has(job, ZC_ORDER_FIELD_CLIENT_ID)) {
            return set_number(value, param, job->nonce);
        }
        zc_compose_take(job, ZC_ORDER_FIELD_CLIENT_ID);
        return set_text(value, param->text, zc_slice_of_text(job->order->client_id));
    case ZC_PARAM_PART:
        return value_of_part(parts, param, value);
    case ZC_PARAM_TO_AND_TAG:
        return value_of_to_and_tag(job, value);
    default:
        break;
    }
    zc_order_field field = (zc_order_field)param->source;
    if (!zc_compose_has(job, field)) {
        return ZC_OK;
    }
    if ((param->form & ZC_PARAM_UNTAKEN) == 0) {
        zc_compose_take(job, field);
    }
    if ((param->form & ZC_PARAM_SIGNED) != 0) {
        zc_compose_take(job, ZC_ORDER_FIELD_SIDE);
    }
    return value_of_field(job->order, param, value);
}
