/* Which rules an intent falls under.
 *
 * The index holds, for each principal, use, operation and chain, the set of rules that it could
 * match, as bits: four ANDs leave the few rules that are looked at one by one, so rules that can't
 * match cost nothing.
 *
 * Two ways of matching, each on the safe side. An ALLOW must hold for all of the intent (strict);
 * any other rule applies when a part of the intent falls under it (wide). docs: policy.h. */
#ifndef ZC_POLICY_SCOPE_H
#define ZC_POLICY_SCOPE_H

#include "base/slice.h"
#include "intent/intent.h"
#include "policy/mission.h"

#define ZC_RULE_WORDS (ZC_MISSION_MAX_RULES / 64)
#define ZC_SCOPE_INDEX_CHAINS 128
#define ZC_SCOPE_USES 5
#define ZC_SCOPE_OPERATIONS 64

/* Bit i: rule i. */
typedef struct zc_rule_set {
    uint64_t word[ZC_RULE_WORDS];
} zc_rule_set;

typedef struct zc_scope_index {
    zc_rule_set principal[ZC_MISSION_MAX_PRINCIPALS];
    zc_rule_set use[ZC_SCOPE_USES];
    zc_rule_set operation[ZC_SCOPE_OPERATIONS];
    zc_rule_set kind[ZC_RULE_KINDS];
    /* Chains that scopes list, ascending; a rule that lists a chain beyond these is in every set.
     */
    size_t chain_count;
    uint64_t chain[ZC_SCOPE_INDEX_CHAINS];
    zc_rule_set on_chain[ZC_SCOPE_INDEX_CHAINS];
    zc_rule_set other_chain; /* rules that match a chain that is not listed above */
} zc_scope_index;

/* Who asks for what: the part of a request that is not in the intent. */
typedef struct zc_request_context {
    uint32_t principal; /* index in the mission */
    zc_slice key_name;
    uint8_t key_id[16];
    uint8_t use; /* zc_use */
    int64_t now_ms;
    bool halted;
} zc_request_context;

void zc_scope_index_init(zc_scope_index *index, const zc_mission *mission);

/* The rules of these kinds (bit k: kind k) that may match; each is still to be asked. */
void zc_scope_candidates(const zc_scope_index *index, const zc_request_context *context,
                         const zc_intent *intent, uint32_t kinds, zc_rule_set *ret_rules);
/* Takes the lowest rule out of a set; false when it is empty. */
bool zc_rule_set_take(zc_rule_set *rules, uint16_t *ret_rule);

/* Strict: whether the rule covers the whole intent, but for its flags. */
bool zc_scope_covers(const zc_mission *mission, const zc_scope *scope,
                     const zc_request_context *context, const zc_intent *intent);
/* Wide: whether any part of the intent falls under the rule. `chains` false leaves the list of
 * chains out, for RESTRICT_CHAINS. */
bool zc_scope_touches(const zc_mission *mission, const zc_scope *scope, bool chains,
                      const zc_request_context *context, const zc_intent *intent);
/* Whether the intent's chain is in the scope's list. A message belongs to no chain and is not held
 * to one; a digest or a transaction that names no chain could be for any, and is in no list. */
bool zc_scope_chain_permitted(const zc_mission *mission, const zc_scope *scope,
                              const zc_intent *intent);

/* What the intent charges to a limit: the sum of its OUT, FEE and ALLOWANCE movements of the rule's
 * asset, and among the scope's counterparties where it lists them. ZC_BASE_OVERFLOW. */
ZC_MUST_USE zc_result zc_scope_amount(const zc_mission *mission, const zc_rule *rule,
                                      const zc_intent *intent, zc_u256 *ret_amount);

#endif
