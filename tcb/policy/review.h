/* Approvals: what a REVIEW rule holds back until others agree.
 *
 * The enclave logs the decision REVIEW and hands the entry's leaf hash to zc_policy_hold(). An
 * approval is an Ed25519 signature by an approver's key over
 *
 *   {1: "zcp-approval-v1", 2: bstr .size 32 ; deployment id, 3: bstr .size 32 ; that leaf hash,
 *    4: bstr .size 32 ; hash of the mission, 5: expiry in Unix milliseconds}
 *
 * so it holds for this deployment, this request, this mission, and until then. The same request,
 * asked once more by the same principal with the same key, is decided anew; where a REVIEW rule
 * wants approvals, those of its panel that have not expired are counted, each principal once and
 * never the one who asks. When all that apply have enough, and enough organisations among them, the
 * request is allowed and the approvals are used up.
 *
 * The same request is the same digest. For orders at venues, whose bytes hold the time, it is the
 * envelope: all fields the same but price, trigger price, quantity, time and client id; no more
 * quantity than was approved, and prices within the rule's range of what was approved.
 *
 * Holding and approving change the state: both are entries of the log, and a replay calls these
 * functions for them. */
#ifndef ZC_POLICY_REVIEW_H
#define ZC_POLICY_REVIEW_H

#include "policy/policy.h"

#define ZC_APPROVAL_MAX 256

typedef struct zc_approval {
    uint32_t principal;
    uint8_t leaf[32];
    int64_t expires_ms;
    uint8_t signature[64];
} zc_approval;

/* What the signature of an approval is over. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_approval_write(const uint8_t deployment_id[static 32],
                                        const uint8_t leaf[static 32],
                                        const uint8_t mission_hash[static 32], int64_t expires_ms,
                                        zc_writer *writer);

/* Keeps a request that zc_policy_decide() answered with REVIEW. The same request in place of an
 * earlier one of the same principal and key keeps the earlier one, and its approvals. Errors:
 * ZC_POLICY_REVIEWS_FULL, when none of those kept is older than any rule lets it be. */
ZC_MUST_USE zc_result zc_policy_hold(zc_policy_state *state, const zc_mission *mission,
                                     const zc_request_context *context, const zc_intent *intent,
                                     const uint8_t leaf[static 32]);

/* The place of the review that keeps this very request, or ZC_POLICY_NONE. */
uint16_t zc_policy_held(const zc_policy_state *state, const zc_request_context *context,
                        const zc_intent *intent);

/* Checks an approval and counts it. Errors: ZC_POLICY_APPROVAL_…. */
ZC_MUST_USE zc_result zc_policy_approve(zc_policy_state *state, const zc_mission *mission,
                                        const uint8_t deployment_id[static 32],
                                        const uint8_t mission_hash[static 32],
                                        const zc_approval *approval, int64_t now_ms);

/* For the engine, after the RISK rules were asked: the review whose approvals satisfy all REVIEW
 * rules that the request touches, and the RISK rules whose score wants one.
 * Without one, how many approvals the first of those rules lacks. */
typedef struct zc_review_answer {
    uint16_t rule;   /* the rule that is not satisfied, or ZC_POLICY_NONE */
    uint16_t review; /* the review that is used up, or ZC_POLICY_NONE where none is needed */
    uint32_t have;
    uint32_t needed;
} zc_review_answer;
zc_review_answer zc_review_ask(const zc_policy_state *state, const zc_question *question);
void zc_review_use(zc_policy_state *state, uint16_t review);

#endif
