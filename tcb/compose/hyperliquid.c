#include "compose/hyperliquid.h"

#include "base/hex.h"

bool zc_hl_is_hex(zc_slice text, size_t digits)
{
    if (text.len != digits + 2 || text.data[0] != '0' || text.data[1] != 'x') {
        return false;
    }
    for (size_t i = 2; i < text.len; i++) {
        const uint8_t c = text.data[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
            return false;
        }
    }
    return true;
}

zc_result zc_hl_asset(zc_compose_job *job, uint32_t *ret_asset)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_MARKET));
    const zc_slice market = zc_slice_of_text(job->order->market);
    zc_slice name;
    uint64_t number;
    if (!zc_compose_split_number(market, '@', UINT32_MAX, &name, &number) || name.len == 0) {
        return zc_fail(ZC_COMPOSE_MARKET);
    }
    *ret_asset = (uint32_t)number;
    return ZC_OK;
}

zc_result zc_hl_write_decimal(zc_writer *writer, const zc_decimal *decimal)
{
    zc_decimal shortest = *decimal;
    while (shortest.scale > 0) {
        zc_u256 tenth;
        uint64_t digit;
        ZC_TRY(zc_u256_div_u64(&shortest.units, 10, &tenth, &digit));
        if (digit != 0) {
            break;
        }
        shortest.units = tenth;
        shortest.scale--;
    }
    return shortest.scale <= 8 ? zc_compose_write_decimal(writer, &shortest)
                               : zc_fail(ZC_COMPOSE_NUMBER);
}

zc_result zc_hl_millionths(zc_compose_job *job, uint64_t *ret_amount)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    return zc_compose_scaled_u64(&job->order->amount, 6, ret_amount);
}

static zc_result check_nonce(const zc_compose_job *job)
{
    const uint64_t now = job->time_ms;
    return job->nonce + ZC_HL_NONCE_PAST_MS > now && job->nonce < now + ZC_HL_NONCE_FUTURE_MS
               ? ZC_OK
               : zc_fail(ZC_COMPOSE_TIME);
}

zc_result zc_hl_l1_begin(zc_hl_request *request, zc_compose_job *job)
{
    ZC_TRY(check_nonce(job));
    request->job = job;
    request->body = zc_compose_begin(&job->out->body);
    request->packed = ZC_WRITER_OF_ARRAY(request->packed_byte);
    request->envelope = zc_json_of(&request->body);
    request->action = zc_hl_action_of(&request->body, &request->packed);
    job->out->nonce = job->nonce;
    zc_compose_take(job, ZC_ORDER_FIELD_TEST_NETWORK);
    ZC_TRY(zc_json_open_object(&request->envelope));
    ZC_TRY(zc_json_key(&request->envelope, "action"));
    return zc_json_elsewhere(&request->envelope);
}

zc_result zc_hl_envelope(zc_hl_request *request)
{
    zc_compose_job *job = request->job;
    ZC_TRY(zc_json_key(&request->envelope, "nonce"));
    ZC_TRY(zc_json_u64(&request->envelope, job->nonce));
    ZC_TRY(zc_json_key(&request->envelope, "signature"));
    ZC_TRY(zc_json_elsewhere(&request->envelope));
    zc_compose_end(&job->out->body, &request->body);
    return zc_compose_add_hole(job->out, ZC_COMPOSE_BODY, 0, ZC_COMPOSE_OWN);
}

zc_result zc_hl_seal(zc_hl_request *request, const uint8_t preimage[static ZC_HL_PREIMAGE_SIZE])
{
    static const char type[] = "application/json";
    zc_composition *out = request->job->out;
    ZC_TRY(zc_json_close_object(&request->envelope));
    ZC_TRY(zc_json_end(&request->envelope));
    zc_compose_end(&out->body, &request->body);
    zc_writer path = zc_compose_begin(&out->path);
    ZC_TRY(zc_write_text(&path, "/exchange"));
    zc_compose_end(&out->path, &path);
    ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text(type)));
    ZC_TRY(zc_compose_preimage_add(out, zc_slice_of(preimage, ZC_HL_PREIMAGE_SIZE)));
    return zc_compose_add_signing(out, ZC_COMPOSE_ECDSA_KECCAK256);
}

/* The vault that acts, where the order names one. */
static zc_result take_vault(zc_compose_job *job, bool *ret_has, uint8_t ret_vault[static 20])
{
    const zc_slice account = zc_slice_of_text(job->order->account);
    *ret_has = account.len != 0;
    if (!*ret_has) {
        return ZC_OK;
    }
    if (!zc_hl_is_hex(account, 40)) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_ACCOUNT);
    return zc_hex_decode(account, ret_vault, 20);
}

static zc_result take_window(zc_compose_job *job)
{
    if (job->order->window_ms == 0) {
        return ZC_OK;
    }
    zc_compose_take(job, ZC_ORDER_FIELD_WINDOW);
    if (job->order->window_ms > ZC_HL_NONCE_FUTURE_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    job->out->has_expiry = true;
    job->out->expiry_ms = job->time_ms + job->order->window_ms;
    return ZC_OK;
}

zc_result zc_hl_l1_end(zc_hl_request *request, bool may_act_for)
{
    zc_compose_job *job = request->job;
    uint8_t vault[20];
    uint8_t id[32];
    uint8_t preimage[ZC_HL_PREIMAGE_SIZE];
    bool has_vault = false;
    ZC_TRY(zc_hl_action_end(&request->action));
    if (may_act_for) {
        ZC_TRY(take_vault(job, &has_vault, vault));
    }
    ZC_TRY(take_window(job));
    ZC_TRY(zc_hl_connection_id(&request->packed, job->nonce, has_vault ? vault : NULL,
                               job->out->has_expiry, job->out->expiry_ms, id));
    ZC_TRY(zc_hl_agent_preimage(id, job->order->test_network, preimage));
    ZC_TRY(zc_hl_envelope(request));
    if (has_vault) {
        ZC_TRY(zc_json_pair(&request->envelope, "vaultAddress",
                            zc_slice_of_text(job->order->account)));
    }
    if (job->out->has_expiry) {
        ZC_TRY(zc_json_key(&request->envelope, "expiresAfter"));
        ZC_TRY(zc_json_u64(&request->envelope, job->out->expiry_ms));
    }
    return zc_hl_seal(request, preimage);
}

static zc_result prepare(zc_compose_job *job)
{
    switch ((zc_operation)job->order->action) {
    case ZC_OPERATION_ORDER_PLACE:
        return zc_hl_place(job);
    case ZC_OPERATION_ORDER_AMEND:
        return zc_hl_amend(job);
    case ZC_OPERATION_ORDER_CANCEL:
        return zc_hl_cancel(job);
    case ZC_OPERATION_ORDER_CANCEL_ALL:
        return zc_hl_cancel_all(job);
    case ZC_OPERATION_VENUE_WITHDRAW:
        return zc_hl_withdraw(job);
    case ZC_OPERATION_VENUE_TRANSFER:
        return zc_hl_transfer(job);
    case ZC_OPERATION_VENUE_ADMIN:
        return zc_hl_admin(job);
    default:
        return zc_fail(ZC_COMPOSE_CALL);
    }
}

/* {"r":"0x…","s":"0x…","v":27} of r ‖ s ‖ recovery id. */
static zc_result write_signature(const zc_composition *composition, const zc_compose_hole *hole,
                                 zc_slice signature, zc_writer *writer)
{
    (void)composition;
    (void)hole;
    if (signature.len != 65 || signature.data[64] > 1) {
        return zc_fail(ZC_COMPOSE_SIGNATURE);
    }
    ZC_TRY(zc_write_text(writer, "{\"r\":\"0x"));
    ZC_TRY(zc_write_hex(writer, zc_slice_of(signature.data, 32)));
    ZC_TRY(zc_write_text(writer, "\",\"s\":\"0x"));
    ZC_TRY(zc_write_hex(writer, zc_slice_of(signature.data + 32, 32)));
    ZC_TRY(zc_write_text(writer, "\",\"v\":"));
    ZC_TRY(zc_compose_write_u64(writer, 27u + signature.data[64]));
    return zc_write_u8(writer, '}');
}

/* Who is given power over the account, where that is what is asked. */
static zc_result add_intent(const zc_order *order, const zc_composition *composition,
                            zc_intent *intent)
{
    if (!composition->is_key_call) {
        return ZC_OK;
    }
    zc_movement movement = {.kind = ZC_MOVEMENT_CONTROL, .call = 0};
    movement.asset = zc_asset_id_native(ZC_CHAIN_VENUE(order->venue));
    movement.to = zc_address_of(zc_slice_of_text(order->to));
    intent->to = movement.to;
    return zc_intent_add_movement(intent, &movement);
}

const zc_compose_venue zc_compose_hyperliquid = {
    .venue = ZC_VENUE_HYPERLIQUID,
    .keys = UINT32_C(1) << ZC_COMPOSE_KEY_SECP256K1,
    .market_has_price = true,
    .prepare = prepare,
    .write_own = write_signature,
    .add_intent = add_intent,
};
