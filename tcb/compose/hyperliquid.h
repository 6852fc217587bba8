/* Hyperliquid: what its files share. Private to the venue.
 *
 * A request is POST /exchange with {action, nonce, signature, vaultAddress, expiresAfter}, where
 * the last two are left out when there are none. How an order's fields become an action:
 *
 *   market     "BTC@0": a name for people, then the venue's number of the asset, which is what the
 *              venue gets. Policy judges the whole text, so a name with another's number is simply
 *              not on a list that names the market.
 *   account    the vault or subaccount that acts (vaultAddress): 0x and 40 lower-case digits
 *   time       the nonce, in milliseconds and near the clock, as the venue wants it
 *   window     expiresAfter, as milliseconds from the time of the request (not in user-signed
 *              actions, which the venue lets expire by their nonce alone)
 *   numbers    the same value without needless zeros, at most 8 places: any other text of the same
 *              value is hashed differently by the venue
 *   types      the venue has no market orders: "market" is a limit order, IOC, at the worst price
 *              that the order gives, and a triggered one likewise. A stop triggers against the
 *              position: tpsl is "sl"
 *   client id  0x and 32 lower-case digits. In a change, with an order id: the new one; without:
 *              the order that is changed, which keeps it
 *
 * Cancel all is scheduleCancel ZC_HL_CANCEL_ALL_MS after the nonce: the venue has none that acts at
 * once. Reading needs no signature there, so there is no such call here. Withdrawals, transfers and
 * administration: hyperliquid_move.c. */
#ifndef ZC_COMPOSE_HYPERLIQUID_H
#define ZC_COMPOSE_HYPERLIQUID_H

#include "compose/chain_number.h"
#include "compose/hyperliquid_action.h"
#include "compose/hyperliquid_sign.h"
#include "compose/venue.h"

/* The venue takes no time within five seconds. */
#define ZC_HL_CANCEL_ALL_MS 10000
/* A nonce is at most two days older and one day newer than the venue's clock. */
#define ZC_HL_NONCE_PAST_MS UINT64_C(172800000)
#define ZC_HL_NONCE_FUTURE_MS UINT64_C(86400000)
/* The chain in whose name user-signed actions are made: the venue takes any, its clients this. */
#define ZC_HL_USER_CHAIN 0x66eee
#define ZC_HL_USER_CHAIN_TEXT "0x66eee"

/* One request on its way. */
typedef struct zc_hl_request {
    zc_compose_job *job;
    zc_writer body;
    zc_json envelope;
    zc_hl_action action;
    zc_writer packed;
    uint8_t packed_byte[ZC_COMPOSE_TEXT_MAX];
} zc_hl_request;

/* Fields. */

/* "0x" and `digits` lower-case hexadecimal digits. */
bool zc_hl_is_hex(zc_slice text, size_t digits);
/* The number behind the last '@' of the order's market; takes the field. ZC_COMPOSE_MARKET. */
ZC_MUST_USE zc_result zc_hl_asset(zc_compose_job *job, uint32_t *ret_asset);
/* A decimal as the venue's clients write it. ZC_COMPOSE_NUMBER beyond 8 places. */
ZC_MUST_USE zc_result zc_hl_write_decimal(zc_writer *writer, const zc_decimal *decimal);
/* The amount in millionths. ZC_COMPOSE_NUMBER when it is no whole number of them. */
ZC_MUST_USE zc_result zc_hl_millionths(zc_compose_job *job, uint64_t *ret_amount);

/* An L1 action: begin, write `action`, end. `may_act_for` says whether the action can be that of a
 * vault, named by the account. */
ZC_MUST_USE zc_result zc_hl_l1_begin(zc_hl_request *request, zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_l1_end(zc_hl_request *request, bool may_act_for);

/* What both kinds of action share: nonce and signature, and the end. */
ZC_MUST_USE zc_result zc_hl_envelope(zc_hl_request *request);
ZC_MUST_USE zc_result zc_hl_seal(zc_hl_request *request,
                                 const uint8_t preimage[static ZC_HL_PREIMAGE_SIZE]);

/* hyperliquid_order.c */
ZC_MUST_USE zc_result zc_hl_place(zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_amend(zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_cancel(zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_cancel_all(zc_compose_job *job);

/* hyperliquid_move.c */
ZC_MUST_USE zc_result zc_hl_withdraw(zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_transfer(zc_compose_job *job);
ZC_MUST_USE zc_result zc_hl_admin(zc_compose_job *job);

/* A user-signed action (hyperliquid_user.c): its members are written to the JSON and to what is
 * signed in one step. */
typedef struct zc_hl_user {
    zc_hl_request request;
    zc_hl_typed typed;
} zc_hl_user;

/* `type` in the action, and encodeType of what is signed. */
ZC_MUST_USE zc_result zc_hl_user_begin(zc_hl_user *user, zc_compose_job *job, const char *type,
                                       const char *encoded);
ZC_MUST_USE zc_result zc_hl_user_text(zc_hl_user *user, const char *key, zc_slice text);
ZC_MUST_USE zc_result zc_hl_user_address(zc_hl_user *user, const char *key, zc_slice text);
ZC_MUST_USE zc_result zc_hl_user_bool(zc_hl_user *user, const char *key, bool value);
/* The last member is the nonce, under the name that the action has for it. */
ZC_MUST_USE zc_result zc_hl_user_end(zc_hl_user *user, const char *nonce_key);

#endif
