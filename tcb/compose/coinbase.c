#include "compose/coinbase.h"

#include "compose/jwt.h"
#include "crypto/hash.h"

bool zc_coinbase_is_id(zc_slice text)
{
    return text.len > 0 && zc_compose_is_made_of(text, "-");
}

zc_result zc_coinbase_pair(zc_json *json, const char *key, const char *text)
{
    return zc_json_pair(json, key, zc_slice_of_text(text));
}

zc_result zc_coinbase_decimal(zc_json *json, const char *key, const zc_decimal *decimal)
{
    uint8_t text[ZC_U256_DECIMAL_SIZE + ZC_DECIMAL_MAX_SCALE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_compose_write_decimal(&writer, decimal));
    return zc_json_pair(json, key, zc_writer_written(&writer));
}

zc_result zc_coinbase_path(zc_compose_job *job, const char *text)
{
    zc_writer path = zc_compose_begin(&job->out->path);
    ZC_TRY(zc_write_text(&path, text));
    zc_compose_end(&job->out->path, &path);
    return ZC_OK;
}

/* A number that no other token of this key has: 256 bits, because the venue remembers them. */
static void make_nonce(const zc_compose_job *job, zc_slice uri, zc_jwt *jwt)
{
    uint8_t text[ZC_COMPOSE_MAX_API_KEY + ZC_JWT_MAX_TEXT + 64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    bool whole = zc_ok(zc_write_u64(&writer, job->nonce)) &&
                 zc_ok(zc_write_u64(&writer, job->time_ms)) &&
                 zc_ok(zc_write_slice(&writer, job->account->api_key)) &&
                 zc_ok(zc_write_slice(&writer, uri));
    (void)whole; /* the first eight bytes alone make it unique */
    zc_sha256(zc_writer_written(&writer), jwt->nonce);
}

static zc_result put_token(zc_compose_job *job, zc_slice uri, zc_compose_part part)
{
    zc_composition *out = job->out;
    const bool is_ed25519 = job->account->key == ZC_COMPOSE_KEY_ED25519;
    zc_jwt jwt = {
        .algorithm = is_ed25519 ? ZC_JWT_EDDSA : ZC_JWT_ES256,
        .key_id = job->account->api_key,
        .not_before = job->time_ms / 1000,
        .uri = uri,
    };
    make_nonce(job, uri, &jwt);
    zc_writer preimage = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_jwt_write(&jwt, &preimage));
    zc_compose_end(&out->preimage, &preimage);
    zc_slice signed_part = zc_compose_text_slice(&out->preimage);
    if (part == ZC_COMPOSE_HEADER) {
        ZC_TRY(zc_compose_add_header(out, "Authorization", zc_slice_of_text("Bearer ")));
        ZC_TRY(zc_compose_header_add(out, signed_part));
        ZC_TRY(zc_compose_header_add(out, zc_slice_of_text(".")));
    } else {
        zc_writer body = zc_compose_begin(&out->body);
        ZC_TRY(zc_write_slice(&body, signed_part));
        ZC_TRY(zc_write_u8(&body, '.'));
        zc_compose_end(&out->body, &body);
    }
    out->nonce = job->nonce;
    out->has_expiry = true;
    out->expiry_ms = (jwt.not_before + ZC_JWT_SECONDS) * 1000;
    ZC_TRY(zc_compose_add_signing(out, is_ed25519 ? ZC_COMPOSE_ED25519 : ZC_COMPOSE_ECDSA_SHA256));
    return zc_compose_add_hole(out, part, 0, ZC_COMPOSE_BASE64_URL);
}

zc_result zc_coinbase_end(zc_compose_job *job, zc_compose_method method, zc_slice query)
{
    zc_composition *out = job->out;
    uint8_t text[ZC_JWT_MAX_TEXT];
    char call[ZC_METHOD_MAX] = {0};
    zc_writer uri = ZC_WRITER_OF_ARRAY(text);
    zc_slice path = zc_compose_text_slice(&out->path);
    memcpy(call, path.data, path.len < sizeof(call) - 1 ? path.len : sizeof(call) - 1);
    zc_compose_set_call(out, method, call);
    ZC_TRY(zc_write_text(&uri, zc_compose_method_name(method)));
    ZC_TRY(zc_write_text(&uri, " " ZC_COINBASE_HOST));
    ZC_TRY(zc_write_slice(&uri, path));
    ZC_TRY(put_token(job, zc_writer_written(&uri), ZC_COMPOSE_HEADER));
    if (out->body.len != 0) {
        ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    }
    if (query.len != 0) {
        zc_writer whole = zc_compose_begin(&out->path);
        ZC_TRY(zc_write_u8(&whole, '?'));
        ZC_TRY(zc_write_slice(&whole, query));
        zc_compose_end(&out->path, &whole);
    }
    return ZC_OK;
}

/* The message that opens a WebSocket channel of the user's, with its token inside. */
zc_result zc_coinbase_subscribe(zc_compose_job *job)
{
    zc_composition *out = job->out;
    zc_writer body = zc_compose_begin(&out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_coinbase_pair(&json, "type", "subscribe"));
    ZC_TRY(zc_coinbase_pair(&json, "channel", "user"));
    if (zc_compose_has(job, ZC_ORDER_FIELD_MARKET)) {
        zc_compose_take(job, ZC_ORDER_FIELD_MARKET);
        ZC_TRY(zc_json_key(&json, "product_ids"));
        ZC_TRY(zc_json_open_array(&json));
        ZC_TRY(zc_json_text(&json, zc_slice_of_text(job->order->market)));
        ZC_TRY(zc_json_close_array(&json));
    }
    ZC_TRY(zc_json_key(&json, "jwt"));
    ZC_TRY(zc_write_u8(&body, '"'));
    zc_compose_end(&out->body, &body);
    ZC_TRY(put_token(job, zc_slice_of(NULL, 0), ZC_COMPOSE_BODY));
    body = zc_compose_begin(&out->body);
    ZC_TRY(zc_write_text(&body, "\"}"));
    zc_compose_end(&out->body, &body);
    zc_compose_set_call(out, ZC_COMPOSE_GET, "websocket user");
    return ZC_OK;
}

/* POST /v2/accounts/:account/transactions: out of a wallet, to an address. */
static zc_result withdraw(zc_compose_job *job)
{
    const zc_order *order = job->order;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ACCOUNT));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ASSET));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TO));
    if (!zc_coinbase_is_id(zc_slice_of_text(order->account))) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    ZC_TRY(zc_coinbase_path(job, "/v2/accounts/"));
    ZC_TRY(zc_coinbase_path(job, order->account));
    ZC_TRY(zc_coinbase_path(job, "/transactions"));
    zc_writer body = zc_compose_begin(&job->out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_coinbase_pair(&json, "type", "send"));
    ZC_TRY(zc_coinbase_pair(&json, "to", order->to));
    ZC_TRY(zc_coinbase_decimal(&json, "amount", &order->amount));
    ZC_TRY(zc_coinbase_pair(&json, "currency", order->asset));
    if (zc_compose_has(job, ZC_ORDER_FIELD_TAG)) {
        zc_compose_take(job, ZC_ORDER_FIELD_TAG);
        ZC_TRY(zc_coinbase_pair(&json, "destination_tag", order->tag));
    }
    if (zc_compose_has(job, ZC_ORDER_FIELD_NETWORK)) {
        zc_compose_take(job, ZC_ORDER_FIELD_NETWORK);
        ZC_TRY(zc_coinbase_pair(&json, "network", order->network));
    }
    if (zc_compose_has(job, ZC_ORDER_FIELD_CLIENT_ID)) {
        zc_compose_take(job, ZC_ORDER_FIELD_CLIENT_ID);
        ZC_TRY(zc_coinbase_pair(&json, "idem", order->client_id));
    }
    ZC_TRY(zc_json_close_object(&json));
    zc_compose_end(&job->out->body, &body);
    return zc_coinbase_end(job, ZC_COMPOSE_POST, zc_slice_of(NULL, 0));
}

static zc_result transfer(zc_compose_job *job)
{
    const zc_order *order = job->order;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ACCOUNT));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ASSET));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TO));
    if (!zc_coinbase_is_id(zc_slice_of_text(order->account))) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    if (!zc_coinbase_is_id(zc_slice_of_text(order->to))) {
        return zc_fail(ZC_COMPOSE_DESTINATION);
    }
    ZC_TRY(zc_coinbase_path(job, "/api/v3/brokerage/portfolios/move_funds"));
    zc_writer body = zc_compose_begin(&job->out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_json_key(&json, "funds"));
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_coinbase_decimal(&json, "value", &order->amount));
    ZC_TRY(zc_coinbase_pair(&json, "currency", order->asset));
    ZC_TRY(zc_json_close_object(&json));
    ZC_TRY(zc_coinbase_pair(&json, "source_portfolio_uuid", order->account));
    ZC_TRY(zc_coinbase_pair(&json, "target_portfolio_uuid", order->to));
    ZC_TRY(zc_json_close_object(&json));
    zc_compose_end(&job->out->body, &body);
    return zc_coinbase_end(job, ZC_COMPOSE_POST, zc_slice_of(NULL, 0));
}

static zc_result prepare(zc_compose_job *job)
{
    const zc_curve curve =
        job->account->key == ZC_COMPOSE_KEY_ED25519 ? ZC_CURVE_ED25519 : ZC_CURVE_P256;
    if (job->account->pubkey != NULL && job->account->pubkey->curve != curve) {
        return zc_fail(ZC_COMPOSE_KEY_KIND);
    }
    switch ((zc_operation)job->order->action) {
    case ZC_OPERATION_ORDER_PLACE:
        return zc_coinbase_place(job);
    case ZC_OPERATION_ORDER_AMEND:
        return zc_coinbase_amend(job);
    case ZC_OPERATION_ORDER_CANCEL:
        return zc_coinbase_cancel(job);
    case ZC_OPERATION_VENUE_READ:
        return zc_coinbase_read(job);
    case ZC_OPERATION_VENUE_WITHDRAW:
        return withdraw(job);
    case ZC_OPERATION_VENUE_TRANSFER:
        return transfer(job);
    default:
        return zc_fail(ZC_COMPOSE_CALL);
    }
}

/* The token binds the path and not the body: for two minutes it lets its bearer make the same call
 * with another one. With a cancellation that is another cancellation: no flag keeps one back. */
static zc_result add_intent(const zc_order *order, const zc_composition *composition,
                            zc_intent *intent)
{
    (void)composition;
    if (order->action != ZC_OPERATION_VENUE_READ && order->action != ZC_OPERATION_ORDER_CANCEL) {
        intent->flags |= ZC_FLAG_UNUSUAL_SIGHASH;
    }
    return ZC_OK;
}

const zc_compose_venue zc_compose_coinbase = {
    .venue = ZC_VENUE_COINBASE,
    .keys = UINT32_C(1) << ZC_COMPOSE_KEY_ED25519 | UINT32_C(1) << ZC_COMPOSE_KEY_P256,
    .api_key_max = ZC_COMPOSE_MAX_API_KEY,
    .prepare = prepare,
    .add_intent = add_intent,
};
