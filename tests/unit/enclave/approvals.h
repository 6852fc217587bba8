/* Approvers at work: what tests of reviews and of what follows from them share. */
#ifndef ZC_TESTS_ENCLAVE_APPROVALS_H
#define ZC_TESTS_ENCLAVE_APPROVALS_H

#include "check.h"
#include "policy/review.h"

#define VALID_S 900

/* Everything is allowed, but transactions only with approvals of two of the three, of two
 * organisations. */
static inline zc_rule *review_rule(zc_mission *mission)
{
    driver_mission(mission);
    driver_allow_all(mission);
    zc_rule *rule = driver_rule(mission, "big", ZC_RULE_REVIEW);
    rule->has_panel = true;
    rule->panel = (zc_panel){.needed = 2,
                             .organisations = 2,
                             .valid_s = VALID_S,
                             .principals = (1u << ALICE) | (1u << BOB) | (1u << CAROL)};
    rule->scope = zc_scope_any(zc_use_bit(ZC_USE_TX));
    return rule;
}

static inline zc_reply review_list(driver *drv, unsigned who)
{
    zc_request request = {.op = ZC_OP_REVIEWS};
    return driver_ask(drv, driver_connect(drv, who), &request);
}

static inline zc_reply review_show(driver *drv, unsigned who, uint64_t entry)
{
    zc_request request = {.op = ZC_OP_REVIEW, .review = {.entry = entry}};
    return driver_ask(drv, driver_connect(drv, who), &request);
}

/* The request of an approval by `signer` in a session of `who`. */
static inline zc_reply approve_as(driver *drv, unsigned who, unsigned signer,
                                  const uint8_t leaf[static 32], int64_t expires_ms)
{
    uint8_t bytes[ZC_APPROVAL_MAX];
    uint8_t mission_hash[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_signature signature;
    zc_request request = {.op = ZC_OP_APPROVE, .approve = {.expires_ms = (uint64_t)expires_ms}};
    zc_mission_hash(driver_slice(&drv->store.mission), mission_hash);
    assert_ok(zc_approval_write(drv->deployment_id, leaf, mission_hash, expires_ms, &writer));
    assert_ok(
        zc_sign_message_ed25519(driver_principal(signer), zc_writer_written(&writer), &signature));
    memcpy(request.approve.leaf, leaf, 32);
    memcpy(request.approve.signature, signature.byte, 64);
    return driver_ask(drv, driver_connect(drv, who), &request);
}

static inline void leaf_of(const driver *drv, uint64_t entry, uint8_t ret_leaf[static 32])
{
    zc_audit_leaf(driver_slice(&drv->store.entry[entry].entry), ret_leaf);
}

/* Approves the request that this entry holds, for a minute. */
static inline zc_reply approve(driver *drv, unsigned who, uint64_t entry)
{
    uint8_t leaf[32];
    leaf_of(drv, entry, leaf);
    return approve_as(drv, who, who, leaf, drv->now_ms + DRIVER_MINUTE);
}

#endif
