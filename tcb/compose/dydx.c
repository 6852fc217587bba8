#include "compose/dydx.h"

#include "codec/bech32.h"
#include "crypto/hash160.h"

#define HRP "dydx"
#define USDC_DENOM "ibc/8E27BA2D5493AF5636760E354E46004562C46AB7EC0CC4C1CA14E9E20E2545B5"

/* Room for the body and the auth info of a transaction. */
#define PART_MAX 1536

zc_result zc_dydx_market_of(const zc_order *order, zc_dydx_market *ret_market)
{
    zc_slice name;
    zc_slice numbers;
    zc_slice pair;
    zc_slice text;
    uint64_t number;
    int resolution;
    int conversion;
    if (!zc_compose_split_last(zc_slice_of_text(order->market), '@', &name, &numbers) ||
        name.len == 0 || !zc_compose_split_last(numbers, ',', &numbers, &text) ||
        !zc_compose_read_int(text, ZC_DYDX_MAX_RESOLUTION, &conversion) ||
        !zc_compose_split_last(numbers, ',', &pair, &text) ||
        !zc_compose_read_int(text, ZC_DYDX_MAX_RESOLUTION, &resolution) ||
        !zc_compose_read_u64(pair, UINT32_MAX, &number)) {
        return zc_fail(ZC_COMPOSE_MARKET);
    }
    *ret_market = (zc_dydx_market){
        .pair = (uint32_t)number,
        .quantity_exponent = -resolution,
        .price_exponent = resolution - conversion + ZC_DYDX_USDC_RESOLUTION,
    };
    return ZC_OK;
}

/* The ids in `list`, from the last to the first. */
static bool read_ids(zc_slice list, zc_dydx_client_id *id)
{
    zc_slice rest = list;
    zc_slice text;
    uint64_t number;
    bool more = true;
    while (more) {
        more = zc_compose_split_last(rest, ',', &rest, &text);
        if (id->count == ZC_DYDX_MAX_BATCH ||
            !zc_compose_read_u64(more ? text : rest, UINT32_MAX, &number)) {
            return false;
        }
        id->id[id->count++] = (uint32_t)number;
    }
    for (size_t i = 0; i < id->count / 2u; i++) {
        const uint32_t last = id->id[id->count - 1u - i];
        id->id[id->count - 1u - i] = id->id[i];
        id->id[i] = last;
    }
    return true;
}

zc_result zc_dydx_client_id_of(const zc_order *order, zc_dydx_client_id *ret_id)
{
    zc_dydx_client_id id = {0};
    uint64_t block = 0;
    zc_slice ids = zc_slice_of_text(order->client_id);
    id.is_short_term = zc_compose_split_number(ids, '@', UINT32_MAX, &ids, &block);
    if (!read_ids(ids, &id) || (id.is_short_term && block == 0)) {
        return zc_fail(ZC_COMPOSE_CLIENT_ID);
    }
    id.block = (uint32_t)block;
    *ret_id = id;
    return ZC_OK;
}

bool zc_dydx_is_address(zc_slice text)
{
    uint8_t account[20];
    size_t len;
    /* Upper case is legal bech32, but not what the chain compares. */
    return text.len > 0 && text.data[0] == 'd' &&
           zc_ok(zc_bech32_read(zc_slice_of_text(HRP), ZC_BECH32, text, account, sizeof(account),
                                &len)) &&
           len == sizeof(account);
}

/* The account's address: RIPEMD-160(SHA-256(compressed key)). */
static zc_result write_owner(const zc_compose_account *account, zc_dydx_account *ret)
{
    uint8_t compressed[33];
    uint8_t hash[20];
    zc_writer text = ZC_WRITER_OF_ARRAY(ret->address);
    if (account->pubkey == NULL || account->pubkey->curve != ZC_CURVE_SECP256K1) {
        return zc_fail(ZC_COMPOSE_KEY_KIND);
    }
    ZC_TRY(zc_pubkey_compress(account->pubkey, compressed));
    zc_hash160(ZC_SLICE_OF_ARRAY(compressed), hash);
    ZC_TRY(zc_bech32_write(zc_slice_of_text(HRP), ZC_BECH32, ZC_SLICE_OF_ARRAY(hash), &text));
    ret->len = (uint8_t)zc_writer_len(&text);
    return ZC_OK;
}

static zc_result read_account(const zc_order *order, zc_dydx_account *ret)
{
    zc_slice name;
    uint64_t subaccount = 0;
    if (!zc_compose_split_number(zc_slice_of_text(order->account), '@', UINT64_MAX, &name,
                                 &ret->number)) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    ret->is_wallet = zc_slice_eq_text(name, "wallet");
    if (!ret->is_wallet && !zc_compose_read_u64(name, ZC_DYDX_MAX_SUBACCOUNT, &subaccount)) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    ret->subaccount = (uint32_t)subaccount;
    return ZC_OK;
}

zc_result zc_dydx_begin(zc_dydx_tx *tx, zc_compose_job *job)
{
    *tx = (zc_dydx_tx){.job = job};
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ACCOUNT));
    zc_compose_take(job, ZC_ORDER_FIELD_TEST_NETWORK);
    zc_compose_take(job, ZC_ORDER_FIELD_TAG);
    ZC_TRY(read_account(job->order, &tx->account));
    return write_owner(job->account, &tx->account);
}

zc_slice zc_dydx_owner(const zc_dydx_tx *tx)
{
    return zc_slice_of(tx->account.address, tx->account.len);
}

zc_result zc_dydx_put_subaccount(zc_writer *writer, uint32_t field, zc_slice owner, uint32_t number)
{
    zc_pb_message message;
    zc_pb_begin(writer, field, &message);
    ZC_TRY(zc_pb_put_bytes(writer, 1, owner));
    ZC_TRY(zc_pb_put_uint(writer, 2, number));
    return zc_pb_end(writer, &message);
}

/* TxBody: the message as an Any, and the memo. */
static zc_result put_body(const zc_dydx_tx *tx, zc_writer *writer)
{
    zc_pb_message any;
    zc_pb_message value;
    zc_pb_begin(writer, 1, &any);
    ZC_TRY(zc_pb_put_text(writer, 1, tx->type_url));
    zc_pb_begin(writer, 2, &value);
    ZC_TRY(tx->put(tx, writer));
    ZC_TRY(zc_pb_end(writer, &value));
    ZC_TRY(zc_pb_end(writer, &any));
    return zc_pb_put_text(writer, 2, tx->job->order->tag);
}

static zc_result put_public_key(const zc_dydx_tx *tx, zc_writer *writer)
{
    uint8_t compressed[33];
    zc_pb_message any;
    zc_pb_message value;
    ZC_TRY(zc_pubkey_compress(tx->job->account->pubkey, compressed));
    zc_pb_begin(writer, 1, &any);
    ZC_TRY(zc_pb_put_text(writer, 1, "/cosmos.crypto.secp256k1.PubKey"));
    zc_pb_begin(writer, 2, &value);
    ZC_TRY(zc_pb_put_bytes(writer, 1, ZC_SLICE_OF_ARRAY(compressed)));
    ZC_TRY(zc_pb_end(writer, &value));
    return zc_pb_end(writer, &any);
}

static zc_result put_signer(const zc_dydx_tx *tx, zc_writer *writer)
{
    enum { SIGN_MODE_DIRECT = 1 };
    zc_pb_message info;
    zc_pb_message mode;
    zc_pb_message single;
    zc_pb_begin(writer, 1, &info);
    ZC_TRY(put_public_key(tx, writer));
    zc_pb_begin(writer, 2, &mode);
    zc_pb_begin(writer, 1, &single);
    ZC_TRY(zc_pb_put_uint(writer, 1, SIGN_MODE_DIRECT));
    ZC_TRY(zc_pb_end(writer, &single));
    ZC_TRY(zc_pb_end(writer, &mode));
    ZC_TRY(zc_pb_put_uint(writer, 3, tx->job->nonce));
    return zc_pb_end(writer, &info);
}

static zc_result put_fee_coin(zc_writer *writer)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 amount = zc_u256_of(ZC_DYDX_FEE);
    zc_pb_message coin;
    zc_u256_to_decimal(&amount, digits);
    zc_pb_begin(writer, 1, &coin);
    ZC_TRY(zc_pb_put_text(writer, 1, USDC_DENOM));
    ZC_TRY(zc_pb_put_text(writer, 2, digits));
    return zc_pb_end(writer, &coin);
}

static zc_result put_auth_info(const zc_dydx_tx *tx, zc_writer *writer)
{
    zc_pb_message fee;
    ZC_TRY(put_signer(tx, writer));
    zc_pb_begin(writer, 2, &fee);
    if (!tx->is_free) {
        ZC_TRY(put_fee_coin(writer));
    }
    ZC_TRY(zc_pb_put_uint(writer, 2, tx->is_free ? ZC_DYDX_ORDER_GAS : ZC_DYDX_GAS));
    return zc_pb_end(writer, &fee);
}

static zc_result put_sign_doc(const zc_dydx_tx *tx, zc_slice body, zc_slice auth_info)
{
    zc_composition *out = tx->job->out;
    const bool is_test = tx->job->order->test_network;
    zc_writer writer = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_pb_put_bytes(&writer, 1, body));
    ZC_TRY(zc_pb_put_bytes(&writer, 2, auth_info));
    ZC_TRY(zc_pb_put_text(&writer, 3, is_test ? "dydx-testnet-4" : "dydx-mainnet-1"));
    ZC_TRY(zc_pb_put_uint(&writer, 4, tx->account.number));
    zc_compose_end(&out->preimage, &writer);
    return zc_compose_add_signing(out, ZC_COMPOSE_ECDSA_SHA256);
}

/* TxRaw up to the signature, whose field the hole holds. */
static zc_result put_raw(const zc_dydx_tx *tx, zc_slice body, zc_slice auth_info)
{
    zc_composition *out = tx->job->out;
    zc_writer writer = zc_compose_begin(&out->body);
    ZC_TRY(zc_pb_put_bytes(&writer, 1, body));
    ZC_TRY(zc_pb_put_bytes(&writer, 2, auth_info));
    zc_compose_end(&out->body, &writer);
    return zc_compose_add_hole(out, ZC_COMPOSE_BODY, 0, ZC_COMPOSE_OWN);
}

zc_result zc_dydx_end(zc_dydx_tx *tx, const char *type_url, zc_dydx_put_fn *put)
{
    uint8_t body_byte[PART_MAX];
    uint8_t auth_byte[PART_MAX];
    zc_writer body = ZC_WRITER_OF_ARRAY(body_byte);
    zc_writer auth = ZC_WRITER_OF_ARRAY(auth_byte);
    zc_composition *out = tx->job->out;
    tx->type_url = type_url;
    tx->put = put;
    out->nonce = tx->job->nonce;
    zc_compose_set_call(out, ZC_COMPOSE_POST, type_url);
    ZC_TRY(put_body(tx, &body));
    ZC_TRY(put_auth_info(tx, &auth));
    zc_writer path = zc_compose_begin(&out->path);
    ZC_TRY(zc_write_text(&path, "/cosmos/tx/v1beta1/txs"));
    zc_compose_end(&out->path, &path);
    ZC_TRY(put_sign_doc(tx, zc_writer_written(&body), zc_writer_written(&auth)));
    return put_raw(tx, zc_writer_written(&body), zc_writer_written(&auth));
}

static zc_result prepare(zc_compose_job *job)
{
    switch ((zc_operation)job->order->action) {
    case ZC_OPERATION_ORDER_PLACE:
        return zc_dydx_place(job);
    case ZC_OPERATION_ORDER_CANCEL:
        return zc_dydx_cancel(job);
    case ZC_OPERATION_VENUE_WITHDRAW:
        return zc_dydx_withdraw(job);
    case ZC_OPERATION_VENUE_TRANSFER:
        return zc_dydx_transfer(job);
    default:
        return zc_fail(ZC_COMPOSE_CALL);
    }
}

static zc_result write_signature(const zc_composition *composition, const zc_compose_hole *hole,
                                 zc_slice signature, zc_writer *writer)
{
    (void)composition;
    (void)hole;
    return signature.len == 64 ? zc_pb_put_bytes(writer, 3, signature)
                               : zc_fail(ZC_COMPOSE_SIGNATURE);
}

static zc_result add_intent(const zc_order *order, const zc_composition *composition,
                            zc_intent *intent)
{
    (void)composition;
    const bool is_order =
        order->action == ZC_OPERATION_ORDER_PLACE || order->action == ZC_OPERATION_ORDER_CANCEL;
    return is_order ? zc_dydx_order_intent(order, intent) : zc_dydx_move_intent(order, intent);
}

const zc_compose_venue zc_compose_dydx = {
    .venue = ZC_VENUE_DYDX,
    .keys = UINT32_C(1) << ZC_COMPOSE_KEY_SECP256K1,
    .market_has_price = true,
    .prepare = prepare,
    .write_own = write_signature,
    .add_intent = add_intent,
};
