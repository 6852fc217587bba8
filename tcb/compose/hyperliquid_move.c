/* Money and power at Hyperliquid.
 *
 *   withdraw   withdraw3: USDC to the address `to` on Arbitrum
 *   transfer   by where it goes:
 *                to "spot" or "perp"       usdClassTransfer, between the two sides of the account,
 *                                          or of the subaccount that `account` names
 *                to "vault:0x…", "sub:0x…" vaultTransfer, subAccountTransfer: into it
 *                to "self", account "vault:0x…" or "sub:0x…"     the same, out of it
 *                to "0x…"                  usdSend, or spotSend of an asset "NAME:0x…" (the token
 *                                          as the venue writes it): to another account for good
 *   admin      call updateLeverage.cross, updateLeverage.isolated: amount is the leverage
 *              call updateIsolatedMargin.add, .remove: amount in USD
 *              call scheduleCancel: all orders at `expiry`; without it, never (lifts a schedule)
 *              call approveAgent: the key `to` may trade for this account from then on; `tag` is
 *              the agent's name (without one it replaces the unnamed agent)
 *
 * Addresses are in lower case, because the venue hashes them as such. */
#include "compose/hyperliquid.h"

#define TYPED "HyperliquidTransaction:"

static bool is_text(const char *text, const char *wanted)
{
    return strcmp(text, wanted) == 0;
}

static bool is_address(const char *text)
{
    return zc_hl_is_hex(zc_slice_of_text(text), 40);
}

/* The address behind a prefix; empty when `text` is something else. */
static zc_slice address_behind(const char *text, const char *prefix)
{
    const size_t len = strlen(prefix);
    if (strncmp(text, prefix, len) != 0 || !is_address(text + len)) {
        return zc_slice_of(NULL, 0);
    }
    return zc_slice_of_text(text + len);
}

static zc_result need_usdc(zc_compose_job *job)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ASSET));
    return is_text(job->order->asset, "USDC") ? ZC_OK : zc_fail(ZC_COMPOSE_ASSET);
}

static zc_result put_amount(zc_hl_user *user, zc_slice suffix)
{
    uint8_t text[192];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    zc_compose_job *job = user->request.job;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    ZC_TRY(zc_hl_write_decimal(&writer, &job->order->amount));
    ZC_TRY(zc_write_slice(&writer, suffix));
    return zc_hl_user_text(user, "amount", zc_writer_written(&writer));
}

static zc_result put_destination(zc_hl_user *user)
{
    zc_compose_job *job = user->request.job;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TO));
    if (!is_address(job->order->to)) {
        return zc_fail(ZC_COMPOSE_DESTINATION);
    }
    return zc_hl_user_text(user, "destination", zc_slice_of_text(job->order->to));
}

zc_result zc_hl_withdraw(zc_compose_job *job)
{
    zc_hl_user user;
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange withdraw3");
    ZC_TRY(need_usdc(job));
    if (zc_compose_has(job, ZC_ORDER_FIELD_NETWORK)) {
        zc_compose_take(job, ZC_ORDER_FIELD_NETWORK);
        if (!is_text(job->order->network, "arbitrum")) {
            return zc_fail(ZC_COMPOSE_NETWORK);
        }
    }
    ZC_TRY(zc_hl_user_begin(&user, job, "withdraw3",
                            TYPED "Withdraw(string hyperliquidChain,string destination,"
                                  "string amount,uint64 time)"));
    ZC_TRY(put_destination(&user));
    ZC_TRY(put_amount(&user, zc_slice_of(NULL, 0)));
    return zc_hl_user_end(&user, "time");
}

static zc_result usd_send(zc_compose_job *job)
{
    zc_hl_user user;
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange usdSend");
    zc_compose_take(job, ZC_ORDER_FIELD_ASSET);
    ZC_TRY(zc_hl_user_begin(&user, job, "usdSend",
                            TYPED "UsdSend(string hyperliquidChain,string destination,"
                                  "string amount,uint64 time)"));
    ZC_TRY(put_destination(&user));
    ZC_TRY(put_amount(&user, zc_slice_of(NULL, 0)));
    return zc_hl_user_end(&user, "time");
}

/* A token is "NAME:0x" and its 16 bytes. */
static bool is_token(const char *asset)
{
    zc_slice name;
    zc_slice id;
    return zc_compose_split_last(zc_slice_of_text(asset), ':', &name, &id) && name.len > 0 &&
           zc_hl_is_hex(id, 32);
}

static zc_result spot_send(zc_compose_job *job)
{
    zc_hl_user user;
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange spotSend");
    if (!is_token(job->order->asset)) {
        return zc_fail(ZC_COMPOSE_ASSET);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_ASSET);
    ZC_TRY(zc_hl_user_begin(&user, job, "spotSend",
                            TYPED "SpotSend(string hyperliquidChain,string destination,"
                                  "string token,string amount,uint64 time)"));
    ZC_TRY(put_destination(&user));
    ZC_TRY(zc_hl_user_text(&user, "token", zc_slice_of_text(job->order->asset)));
    ZC_TRY(put_amount(&user, zc_slice_of(NULL, 0)));
    return zc_hl_user_end(&user, "time");
}

static zc_result class_transfer(zc_compose_job *job, bool to_perp)
{
    zc_hl_user user;
    uint8_t suffix[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(suffix);
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange usdClassTransfer");
    ZC_TRY(need_usdc(job));
    zc_compose_take(job, ZC_ORDER_FIELD_TO);
    if (zc_compose_has(job, ZC_ORDER_FIELD_ACCOUNT)) {
        zc_compose_take(job, ZC_ORDER_FIELD_ACCOUNT);
        if (!is_address(job->order->account)) {
            return zc_fail(ZC_COMPOSE_ACCOUNT);
        }
        ZC_TRY(zc_write_text(&writer, " subaccount:"));
        ZC_TRY(zc_write_text(&writer, job->order->account));
    }
    ZC_TRY(zc_hl_user_begin(&user, job, "usdClassTransfer",
                            TYPED "UsdClassTransfer(string hyperliquidChain,string amount,"
                                  "bool toPerp,uint64 nonce)"));
    ZC_TRY(put_amount(&user, zc_writer_written(&writer)));
    ZC_TRY(zc_hl_user_bool(&user, "toPerp", to_perp));
    return zc_hl_user_end(&user, "nonce");
}

static zc_result put_text(zc_hl_action *action, const char *key, zc_slice text)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_text(action, text);
}

static zc_result put_bool(zc_hl_action *action, const char *key, bool value)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_bool(action, value);
}

static zc_result put_u64(zc_hl_action *action, const char *key, uint64_t value)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_u64(action, value);
}

/* Between the account and a vault or a subaccount. */
static zc_result account_transfer(zc_compose_job *job, const char *type, const char *key,
                                  zc_slice other, bool is_deposit)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    uint64_t usd;
    ZC_TRY(need_usdc(job));
    ZC_TRY(zc_hl_millionths(job, &usd));
    zc_compose_take(job, ZC_ORDER_FIELD_TO);
    if (!is_deposit) {
        zc_compose_take(job, ZC_ORDER_FIELD_ACCOUNT);
    }
    ZC_TRY(zc_hl_l1_begin(&request, job));
    ZC_TRY(zc_hl_open_map(action, 4));
    ZC_TRY(put_text(action, "type", zc_slice_of_text(type)));
    ZC_TRY(put_text(action, key, other));
    ZC_TRY(put_bool(action, "isDeposit", is_deposit));
    ZC_TRY(put_u64(action, "usd", usd));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, false);
}

/* What the vault's or subaccount's text says; false when it is neither. */
static bool names_other(const char *text, bool *ret_is_vault, zc_slice *ret_address)
{
    zc_slice vault = address_behind(text, "vault:");
    zc_slice sub = address_behind(text, "sub:");
    *ret_is_vault = vault.len != 0;
    *ret_address = vault.len != 0 ? vault : sub;
    return ret_address->len != 0;
}

static zc_result other_transfer(zc_compose_job *job, const char *text, bool is_deposit)
{
    bool is_vault;
    zc_slice other;
    if (!names_other(text, &is_vault, &other)) {
        return zc_fail(is_deposit ? ZC_COMPOSE_DESTINATION : ZC_COMPOSE_ACCOUNT);
    }
    zc_compose_set_call(job->out, ZC_COMPOSE_POST,
                        is_vault ? "/exchange vaultTransfer" : "/exchange subAccountTransfer");
    return is_vault
               ? account_transfer(job, "vaultTransfer", "vaultAddress", other, is_deposit)
               : account_transfer(job, "subAccountTransfer", "subAccountUser", other, is_deposit);
}

zc_result zc_hl_transfer(zc_compose_job *job)
{
    const zc_order *order = job->order;
    if (is_text(order->to, "perp") || is_text(order->to, "spot")) {
        return class_transfer(job, is_text(order->to, "perp"));
    }
    if (is_address(order->to)) {
        return is_text(order->asset, "USDC") ? usd_send(job) : spot_send(job);
    }
    return is_text(order->to, "self") ? other_transfer(job, order->account, false)
                                      : other_transfer(job, order->to, true);
}

static zc_result update_leverage(zc_compose_job *job, bool is_cross)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    uint32_t asset;
    uint64_t leverage;
    ZC_TRY(zc_hl_asset(job, &asset));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_AMOUNT));
    ZC_TRY(zc_compose_scaled_u64(&job->order->amount, 0, &leverage));
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange updateLeverage");
    ZC_TRY(zc_hl_open_map(action, 4));
    ZC_TRY(put_text(action, "type", zc_slice_of_text("updateLeverage")));
    ZC_TRY(put_u64(action, "asset", asset));
    ZC_TRY(put_bool(action, "isCross", is_cross));
    ZC_TRY(put_u64(action, "leverage", leverage));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

static zc_result update_margin(zc_compose_job *job, bool is_added)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    uint32_t asset;
    uint64_t usd;
    ZC_TRY(zc_hl_asset(job, &asset));
    ZC_TRY(zc_hl_millionths(job, &usd));
    if (usd > INT64_MAX) {
        return zc_fail(ZC_COMPOSE_AMOUNT);
    }
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange updateIsolatedMargin");
    ZC_TRY(zc_hl_open_map(action, 4));
    ZC_TRY(put_text(action, "type", zc_slice_of_text("updateIsolatedMargin")));
    ZC_TRY(put_u64(action, "asset", asset));
    /* The side means nothing until the venue has hedged positions; its clients say true. */
    ZC_TRY(put_bool(action, "isBuy", true));
    ZC_TRY(zc_hl_key(action, "ntli"));
    ZC_TRY(zc_hl_i64(action, is_added ? (int64_t)usd : -(int64_t)usd));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

static zc_result schedule_cancel(zc_compose_job *job)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    const bool has_time = zc_compose_has(job, ZC_ORDER_FIELD_EXPIRY);
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange scheduleCancel");
    ZC_TRY(zc_hl_open_map(action, has_time ? 2 : 1));
    ZC_TRY(put_text(action, "type", zc_slice_of_text("scheduleCancel")));
    if (has_time) {
        zc_compose_take(job, ZC_ORDER_FIELD_EXPIRY);
        ZC_TRY(put_u64(action, "time", job->order->expiry_ms));
    }
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

static zc_result approve_agent(zc_compose_job *job)
{
    zc_hl_user user;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TO));
    if (!is_address(job->order->to)) {
        return zc_fail(ZC_COMPOSE_DESTINATION);
    }
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange approveAgent");
    job->out->is_key_call = true;
    ZC_TRY(zc_hl_user_begin(&user, job, "approveAgent",
                            TYPED "ApproveAgent(string hyperliquidChain,address agentAddress,"
                                  "string agentName,uint64 nonce)"));
    ZC_TRY(zc_hl_user_address(&user, "agentAddress", zc_slice_of_text(job->order->to)));
    zc_compose_take(job, ZC_ORDER_FIELD_TAG);
    if (job->order->tag[0] == '\0') {
        /* No name: it is signed as an empty one and left out of the action. */
        ZC_TRY(zc_hl_typed_text(&user.typed, zc_slice_of(NULL, 0)));
    } else {
        ZC_TRY(zc_hl_user_text(&user, "agentName", zc_slice_of_text(job->order->tag)));
    }
    return zc_hl_user_end(&user, "nonce");
}

zc_result zc_hl_admin(zc_compose_job *job)
{
    const char *call = job->order->call;
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_CALL));
    if (is_text(call, "updateLeverage.cross") || is_text(call, "updateLeverage.isolated")) {
        return update_leverage(job, is_text(call, "updateLeverage.cross"));
    }
    if (is_text(call, "updateIsolatedMargin.add") || is_text(call, "updateIsolatedMargin.remove")) {
        return update_margin(job, is_text(call, "updateIsolatedMargin.add"));
    }
    if (is_text(call, "scheduleCancel")) {
        return schedule_cancel(job);
    }
    return is_text(call, "approveAgent") ? approve_agent(job) : zc_fail(ZC_COMPOSE_CALL);
}
