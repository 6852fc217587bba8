/* Why a mission was refused, and why a request was denied.
 *
 * The codes of the second list also stand in zc_decision.reason, in denials on the wire and in the
 * log: they are only ever added to. */
#ifndef ZC_POLICY_REASONS_H
#define ZC_POLICY_REASONS_H

#include "base/result.h"

#define ZC_POLICY_REASONS(X)                                                                       \
    X(MISSION_VERSION, 1, "not a compiled mission of the version that this program reads")         \
    X(MISSION_TOO_LONG, 2, "the compiled mission is longer than the limit")                        \
    X(MISSION_NAME, 3,                                                                             \
      "a name in the mission is empty, too long, or has other than printable ASCII characters")    \
    X(MISSION_DUPLICATE, 4,                                                                        \
      "the mission names two principals, keys, assets, contracts or rules the same")               \
    X(MISSION_INDEX, 5, "a rule points to a principal or an asset that the mission lacks")         \
    X(MISSION_ORDER, 6, "a list in the mission is not in ascending order, or repeats an item")     \
    X(MISSION_UNKNOWN_BIT, 7, "the mission uses a role, operation, flag or use that is not known") \
    X(MISSION_RULE_KIND, 8, "the mission has a rule of a kind that is not known")                  \
    X(MISSION_RULE_SHAPE, 9, "a rule lacks a field that its kind needs, or has one it must not")   \
    X(MISSION_WINDOW, 10, "a window is shorter than a second or longer than 366 days")             \
    X(MISSION_QUORUM, 11, "a quorum is zero, or greater than the number of principals for it")     \
    X(MISSION_AUDIT, 12, "the log settings are out of range, or its witnesses can't be enough")    \
    X(MISSION_LISTS_FULL, 13, "the lists of all rules together have too many items")               \
    X(MISSION_ASSET, 14,                                                                           \
      "an asset has more than 77 decimals, or an asset or contract is on chain 0")                 \
    X(MISSION_KEY_PATTERN, 15, "a key pattern in a rule is not a key name or a prefix and *")      \
    X(REQUEST, 16,                                                                                 \
      "the request does not fit together: unknown principal or use, or another use than intended") \
    X(MISSION_ZONE, 17, "a time zone, opening hours or a date in the mission make no sense")       \
    X(MISSION_FEED, 18, "a feed, a price, a market or a breaker in the mission makes no sense")    \
    X(FEED_FORM, 19, "not a feed's message, or it says what this feed may not")                    \
    X(FEED_SIGNATURE, 20, "the feed's message is not signed by the mission's key for it")          \
    X(FEED_SEQUENCE, 21, "the feed said something newer already")                                  \
    X(FEED_TIME, 22, "the feed's message is too old, or from the future")                          \
    X(APPROVAL_UNKNOWN, 23, "nothing under review has this entry")                                 \
    X(APPROVAL_PRINCIPAL, 24, "this principal may not approve this, or has done so")               \
    X(APPROVAL_SIGNATURE, 25, "the approval is not signed by the principal's key")                 \
    X(APPROVAL_EXPIRY, 26, "the approval has expired, or would live longer than the rule lets it") \
    X(REVIEWS_FULL, 27, "too many requests are under review")                                      \
    X(MISSION_RISK, 28, "a risk rule has no thresholds that make sense, or no model")              \
    X(MISSION_CHANGE, 29,                                                                          \
      "who may change the mission can't be enough, are no approvers, or have no time for it")      \
    X(NOT_CARRIED, 30,                                                                             \
      "not all that was signed before the change of the mission could be counted")                 \
    X(NO_RULE, 32, "no rule allows this")                                                          \
    X(DENIED_BY_RULE, 33, "a rule denies this")                                                    \
    X(PER_TX, 34, "the amount is above the limit for one transaction")                             \
    X(WINDOW, 35, "the amounts in the window would be above the limit")                            \
    X(RATE, 36, "there would be more requests in the window than the limit")                       \
    X(CHAIN, 37, "the chain is not among those that a rule restricts this to")                     \
    X(HALTED, 38, "signing is halted until a quorum resumes it")                                   \
    X(OVERFLOW, 39, "the amounts together do not fit in 256 bits")                                 \
    X(RESERVATIONS_FULL, 40,                                                                       \
      "replacements of this one nonce still count against as many limits as can be kept for it")   \
    X(FLAGS, 41, "the request has a risk flag that the rule which would allow it does not accept") \
    X(RAW_DIGEST, 42, "no rule grants the signing of raw digests, which tell policy nothing")      \
    X(NOT_A_SIGNER, 43, "the principal does not have the role of a signer")                        \
    X(TOO_MANY_LIMITS, 44, "more limits apply to this one request than can be charged at once")    \
    X(NEEDS_APPROVAL, 45, "a rule wants this approved first")                                      \
    X(HOURS, 46, "a rule allows this only at other hours")                                         \
    X(BLACKOUT, 47, "a rule forbids this on this date")                                            \
    X(CONFINED, 48, "this is outside what a rule confines the principal or key to")                \
    X(REDUCE_ONLY, 49, "only cancels and orders that reduce a position may be signed")             \
    X(STALE, 50, "what the feed said last is too old to decide by")                                \
    X(NO_PRICE, 51, "this can't be valued: no price, or a market that the mission does not name")  \
    X(POSITION, 52, "the positions would be above the limit")                                      \
    X(DRAWDOWN, 53, "equity is too far below its peak")                                            \
    X(FEE, 54, "the fee is above the limit")                                                       \
    X(GAS_PRICE, 55, "the price of gas is above the limit")                                        \
    X(ALLOWANCE, 56, "the allowance is above the limit")                                           \
    X(ROWS_FULL, 57, "too many keys, principals or counterparties have a window of their own")     \
    X(REVOKED, 58, "the principal was revoked")                                                    \
    X(RISK_SCORE, 59, "the risk model's score is at or above the one from which it is denied")

#define ZC_DECLARE_POLICY_REASON(name, number, text)                                               \
    ZC_POLICY_##name = ZC_REASON_CODE(ZC_MODULE_POLICY, number),
enum { ZC_POLICY_REASONS(ZC_DECLARE_POLICY_REASON) };
#undef ZC_DECLARE_POLICY_REASON

#endif
