/* Money at dYdX: USDC in and out of subaccounts.
 *
 *   transfer   account "0@…", to "dydx1…/1"       MsgCreateTransfer: between subaccounts, of
 *                                                 whoever owns the other one
 *              account "wallet@…", to "dydx1…/0"  MsgDepositToSubaccount
 *   withdraw   account "0@…", to "dydx1…"         MsgWithdrawFromSubaccount: to an account's own
 *                                                 balance, from where it may leave the chain */
#include "compose/dydx.h"

enum { USDC = 0 };

static zc_result begin(zc_dydx_tx *tx, zc_compose_job *job)
{
    ZC_TRY(zc_dydx_begin(tx, job));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ASSET));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TO));
    return strcmp(job->order->asset, "USDC") == 0 ? ZC_OK : zc_fail(ZC_COMPOSE_ASSET);
}

static zc_result read_subaccount(const char *to, zc_slice *ret_owner, uint32_t *ret_number)
{
    uint64_t number;
    zc_slice owner;
    if (!zc_compose_split_number(zc_slice_of_text(to), '/', ZC_DYDX_MAX_SUBACCOUNT, &owner,
                                 &number) ||
        !zc_dydx_is_address(owner)) {
        return zc_fail(ZC_COMPOSE_DESTINATION);
    }
    *ret_owner = owner;
    *ret_number = (uint32_t)number;
    return ZC_OK;
}

static zc_result put_recipient(const zc_dydx_tx *tx, zc_writer *writer)
{
    zc_slice owner;
    uint32_t number;
    ZC_TRY(read_subaccount(tx->job->order->to, &owner, &number));
    return zc_dydx_put_subaccount(writer, 2, owner, number);
}

static zc_result put_amount(const zc_dydx_tx *tx, zc_writer *writer)
{
    uint64_t quantums;
    ZC_TRY(zc_compose_scaled_u64(&tx->job->order->amount, ZC_DYDX_USDC_RESOLUTION, &quantums));
    ZC_TRY(zc_pb_put_uint(writer, 3, USDC));
    return zc_pb_put_uint(writer, 4, quantums);
}

static zc_result put_transfer(const zc_dydx_tx *tx, zc_writer *writer)
{
    zc_pb_message transfer;
    zc_pb_begin(writer, 1, &transfer);
    ZC_TRY(zc_dydx_put_subaccount(writer, 1, zc_dydx_owner(tx), tx->account.subaccount));
    ZC_TRY(put_recipient(tx, writer));
    ZC_TRY(put_amount(tx, writer));
    return zc_pb_end(writer, &transfer);
}

static zc_result put_deposit(const zc_dydx_tx *tx, zc_writer *writer)
{
    ZC_TRY(zc_pb_put_bytes(writer, 1, zc_dydx_owner(tx)));
    ZC_TRY(put_recipient(tx, writer));
    return put_amount(tx, writer);
}

static zc_result put_withdrawal(const zc_dydx_tx *tx, zc_writer *writer)
{
    ZC_TRY(zc_pb_put_text(writer, 1, tx->job->order->to));
    ZC_TRY(zc_dydx_put_subaccount(writer, 2, zc_dydx_owner(tx), tx->account.subaccount));
    return put_amount(tx, writer);
}

zc_result zc_dydx_transfer(zc_compose_job *job)
{
    zc_dydx_tx tx;
    ZC_TRY(begin(&tx, job));
    return tx.account.is_wallet
               ? zc_dydx_end(&tx, "/dydxprotocol.sending.MsgDepositToSubaccount", put_deposit)
               : zc_dydx_end(&tx, "/dydxprotocol.sending.MsgCreateTransfer", put_transfer);
}

zc_result zc_dydx_withdraw(zc_compose_job *job)
{
    zc_dydx_tx tx;
    ZC_TRY(begin(&tx, job));
    if (tx.account.is_wallet) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    if (!zc_dydx_is_address(zc_slice_of_text(job->order->to))) {
        return zc_fail(ZC_COMPOSE_DESTINATION);
    }
    return zc_dydx_end(&tx, "/dydxprotocol.sending.MsgWithdrawFromSubaccount", put_withdrawal);
}

/* The fee, in the same unit as every amount at a venue. */
zc_result zc_dydx_move_intent(const zc_order *order, zc_intent *intent)
{
    zc_movement fee = {.kind = ZC_MOVEMENT_FEE, .call = ZC_CALL_NONE};
    fee.asset = zc_asset_id_token(ZC_CHAIN_VENUE(order->venue), zc_slice_of_text("USDC"));
    fee.amount = zc_u256_of(UINT64_C(1000000000000) * ZC_DYDX_FEE);
    intent->max_fee = fee.amount;
    return zc_intent_add_movement(intent, &fee);
}
