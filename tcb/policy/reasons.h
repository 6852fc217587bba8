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
    X(MISSION_AUDIT, 12, "the log settings are out of range (max_unacked must be 0)")              \
    X(MISSION_LISTS_FULL, 13, "the lists of all rules together have too many items")               \
    X(MISSION_ASSET, 14,                                                                           \
      "an asset has more than 77 decimals, or an asset or contract is on chain 0")                 \
    X(MISSION_KEY_PATTERN, 15, "a key pattern in a rule is not a key name or a prefix and *")      \
    X(REQUEST, 16,                                                                                 \
      "the request does not fit together: unknown principal or use, or another use than intended") \
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
    X(TOO_MANY_LIMITS, 44, "more limits apply to this one request than can be charged at once")

#define ZC_DECLARE_POLICY_REASON(name, number, text)                                               \
    ZC_POLICY_##name = ZC_REASON_CODE(ZC_MODULE_POLICY, number),
enum { ZC_POLICY_REASONS(ZC_DECLARE_POLICY_REASON) };
#undef ZC_DECLARE_POLICY_REASON

#endif
