#include "intent/cosmos/shapes.h"

static const zc_cosmos_shape grant = {
    .may_expire = true,
    .field = {{1, ZC_COSMOS_ANY, ZC_COSMOS_SHOW, "authorization", NULL},
              {2, ZC_COSMOS_TIME, ZC_COSMOS_EXPIRY, "expiration", NULL}}};
static const zc_cosmos_shape allowed = {
    .field = {{1, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "allow_list.address", NULL}}};
static const zc_cosmos_shape denied = {
    .field = {{1, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "deny_list.address", NULL}}};
static const zc_cosmos_shape allocation = {
    .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "source_port", NULL},
              {2, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "source_channel", NULL},
              {3, ZC_COSMOS_COINS, ZC_COSMOS_LIMIT, "spend_limit", NULL},
              {4, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "allow_list", NULL},
              {5, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "allowed_packet_data", NULL}}};
static const zc_cosmos_shape basic = {
    .is_open = true,
    .may_expire = true,
    .field = {{1, ZC_COSMOS_COINS, ZC_COSMOS_LIMIT, "spend_limit", NULL},
              {2, ZC_COSMOS_TIME, ZC_COSMOS_EXPIRY, "expiration", NULL}}};

/* Who may act or pay for whom. What MsgExec runs are messages like any other. */
const zc_cosmos_shape zc_cosmos_grant_messages[] = {
    {.type_url = "/cosmos.authz.v1beta1.MsgGrant",
     .operation = ZC_OPERATION_GRANT,
     .movement = ZC_MOVEMENT_ALLOWANCE,
     .hands_control = true,
     .flags = ZC_FLAG_GRANT,
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_ACTOR, "granter", NULL},
               {2, ZC_COSMOS_TEXT, ZC_COSMOS_TO, "grantee", NULL},
               {3, ZC_COSMOS_SUB, ZC_COSMOS_SHOW, "grant", &grant}}},
    {.type_url = "/cosmos.authz.v1beta1.MsgExec",
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_ACTOR, "grantee", NULL},
               {2, ZC_COSMOS_MESSAGES, ZC_COSMOS_SHOW, "msgs", NULL}}},
    {.type_url = "/cosmos.authz.v1beta1.MsgRevoke",
     .operation = ZC_OPERATION_GRANT,
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_ACTOR, "granter", NULL},
               {2, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "grantee", NULL},
               {3, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "msg_type_url", NULL}}},
    {.type_url = "/cosmos.feegrant.v1beta1.MsgGrantAllowance",
     .operation = ZC_OPERATION_GRANT,
     .movement = ZC_MOVEMENT_ALLOWANCE,
     .hands_control = true,
     .flags = ZC_FLAG_GRANT,
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_ACTOR, "granter", NULL},
               {2, ZC_COSMOS_TEXT, ZC_COSMOS_TO, "grantee", NULL},
               {3, ZC_COSMOS_ANY, ZC_COSMOS_SHOW, "allowance", NULL}}},
    {.type_url = "/cosmos.feegrant.v1beta1.MsgRevokeAllowance",
     .operation = ZC_OPERATION_GRANT,
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_ACTOR, "granter", NULL},
               {2, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "grantee", NULL}}},
    {.type_url = NULL},
};

/* What is granted: authorizations of authz, allowances of feegrant. */
static const zc_cosmos_shape grants[] = {
    {.type_url = "/cosmos.bank.v1beta1.SendAuthorization",
     .is_open = true,
     .field = {{1, ZC_COSMOS_COINS, ZC_COSMOS_LIMIT, "spend_limit", NULL},
               {2, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "allow_list", NULL}}},
    {.type_url = "/cosmos.authz.v1beta1.GenericAuthorization",
     .is_open = true,
     .field = {{1, ZC_COSMOS_TEXT, ZC_COSMOS_SHOW, "msg", NULL}}},
    {.type_url = "/cosmos.staking.v1beta1.StakeAuthorization",
     .is_open = true,
     .field = {{1, ZC_COSMOS_COIN, ZC_COSMOS_LIMIT, "max_tokens", NULL},
               {2, ZC_COSMOS_SUB, ZC_COSMOS_SHOW, "allow_list", &allowed},
               {3, ZC_COSMOS_SUB, ZC_COSMOS_SHOW, "deny_list", &denied},
               {4, ZC_COSMOS_UINT, ZC_COSMOS_SHOW, "authorization_type", NULL}}},
    {.type_url = "/ibc.applications.transfer.v1.TransferAuthorization",
     .is_open = true,
     .field = {{1, ZC_COSMOS_SUBS, ZC_COSMOS_SHOW, "allocations", &allocation}}},
    {.type_url = "/cosmos.feegrant.v1beta1.BasicAllowance",
     .is_open = true,
     .may_expire = true,
     .field = {{1, ZC_COSMOS_COINS, ZC_COSMOS_LIMIT, "spend_limit", NULL},
               {2, ZC_COSMOS_TIME, ZC_COSMOS_EXPIRY, "expiration", NULL}}},
    {.type_url = "/cosmos.feegrant.v1beta1.PeriodicAllowance",
     .field = {{1, ZC_COSMOS_SUB, ZC_COSMOS_SHOW, "basic", &basic},
               {2, ZC_COSMOS_TIME, ZC_COSMOS_SHOW, "period", NULL},
               {3, ZC_COSMOS_COINS, ZC_COSMOS_SHOW, "period_spend_limit", NULL},
               {4, ZC_COSMOS_COINS, ZC_COSMOS_SHOW, "period_can_spend", NULL},
               {5, ZC_COSMOS_TIME, ZC_COSMOS_SHOW, "period_reset", NULL}}},
    {.type_url = "/cosmos.feegrant.v1beta1.AllowedMsgAllowance",
     .field = {{1, ZC_COSMOS_ANY, ZC_COSMOS_SHOW, "allowance", NULL},
               {2, ZC_COSMOS_TEXTS, ZC_COSMOS_SHOW, "allowed_messages", NULL}}},
    {.type_url = NULL},
};

static const zc_cosmos_shape *find(const zc_cosmos_shape *table, zc_slice type_url)
{
    for (; table->type_url != NULL; table++) {
        if (zc_slice_eq_text(type_url, table->type_url)) {
            return table;
        }
    }
    return NULL;
}

const zc_cosmos_shape *zc_cosmos_message_shape(zc_slice type_url)
{
    const zc_cosmos_shape *const tables[] = {zc_cosmos_sdk_messages, zc_cosmos_grant_messages,
                                             zc_cosmos_other_messages};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        const zc_cosmos_shape *shape = find(tables[i], type_url);
        if (shape != NULL) {
            return shape;
        }
    }
    return NULL;
}

const zc_cosmos_shape *zc_cosmos_grant_shape(zc_slice type_url)
{
    return find(grants, type_url);
}
