/* Which rules an intent falls under.
 *
 * The index holds, for each principal, use, operation and chain, the set of rules that it could
 * match, as bits: four ANDs leave the few rules that are looked at one by one, so rules that can't
 * match cost next to nothing. Addresses of 20 bytes, assets and markets are found by hash, whatever
 * the length of the list; all other lists are short and searched by halves.
 *
 * There are two ways of matching, each on the safe side: an ALLOW must cover all of the intent, any
 * other rule applies when it touches a part of it (policy.h has the rules in full). */
#ifndef ZC_POLICY_SCOPE_H
#define ZC_POLICY_SCOPE_H

#include "base/slice.h"
#include "intent/intent.h"
#include "policy/mission.h"

#define ZC_RULE_WORDS (ZC_MISSION_MAX_RULES / 64)
#define ZC_SCOPE_INDEX_CHAINS 128
#define ZC_SCOPE_USES 5
#define ZC_SCOPE_OPERATIONS 64
/* Twice the assets, a power of two: a free place is always near. */
#define ZC_SCOPE_ASSET_PLACES 512
#define ZC_SCOPE_MARKET_PLACES 512
#define ZC_SCOPE_EVM_PLACES ((size_t)2 * ZC_MISSION_MAX_EVM)

/* The stations of a decision (policy.h), each with its kinds of rules. */
typedef enum zc_station {
    ZC_STATION_DENIALS = 0,
    ZC_STATION_ALLOWANCE = 1,
    ZC_STATION_LIMITS = 2,
    ZC_STATION_RISK = 3,
    ZC_STATION_REVIEW = 4, /* REVIEW, and RISK with a panel */
} zc_station;
#define ZC_STATIONS 5

/* Bit i: rule i. */
typedef struct zc_rule_set {
    uint64_t word[ZC_RULE_WORDS];
    uint32_t live; /* bit i: word i is not zero; of sets that rules are taken out of */
} zc_rule_set;

typedef struct zc_scope_index {
    zc_rule_set principal[ZC_MISSION_MAX_PRINCIPALS];
    zc_rule_set use[ZC_SCOPE_USES];
    zc_rule_set operation[ZC_SCOPE_OPERATIONS];
    zc_rule_set station[ZC_STATIONS];
    /* The first chains that scopes list, and the rules for each. A RESTRICT_CHAINS rule is for
     * every chain, and a rule without a list too. */
    size_t chain_count;
    uint64_t chain[ZC_SCOPE_INDEX_CHAINS];
    zc_rule_set on_chain[ZC_SCOPE_INDEX_CHAINS];
    zc_rule_set other_chain; /* the rules that may be for any other chain */
    /* Open addressing; the index + 1, or 0. */
    uint16_t asset[ZC_SCOPE_ASSET_PLACES];
    uint16_t market[ZC_SCOPE_MARKET_PLACES];
    uint16_t price_of[ZC_MISSION_MAX_ASSETS]; /* index of the asset's price + 1, or 0 */
    /* Rules in a row that list the same keys have the same number; 0: any key. */
    uint16_t key_group[ZC_MISSION_MAX_RULES];
    uint8_t key_len[ZC_MISSION_MAX_KEY_PATTERNS]; /* without its asterisk */
    bool key_is_prefix[ZC_MISSION_MAX_KEY_PATTERNS];
    /* The addresses of 20 bytes of all lists: index in the pool + 1, or 0. Half of the places are
     * free at least, so that a search ends soon. */
    uint32_t evm[ZC_SCOPE_EVM_PLACES];
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

/* Places of the index that have been asked for from memory, and will be looked at. */
#define ZC_SCOPE_AWAITED 4
typedef struct zc_awaited {
    size_t count;
    uint32_t place[ZC_SCOPE_AWAITED];
} zc_awaited;

/* One request, and what it is held against; all borrowed. */
typedef struct zc_question {
    const zc_mission *mission;
    const zc_scope_index *index;
    const zc_request_context *context;
    const zc_intent *intent;
    uint16_t market; /* the mission's market that an order is for, or UINT16_MAX */
    /* By zc_scope_candidates(): */
    zc_rule_set rules; /* those that may match */
    zc_awaited awaited;
    /* The mission's asset that each movement is of, or UINT16_MAX. */
    uint16_t asset_of[ZC_INTENT_MAX_MOVEMENTS];
} zc_question;

void zc_scope_index_init(zc_scope_index *index, const zc_mission *mission);

/* The rules that may match: whoever asks is among their principals, and his key among their keys.
 * Each is still to be asked, and no other may be. The question's principal, use and operation are
 * in range; `ret_rules` is the question's own. Finds the assets of the movements, too, and asks
 * for the places where the first payees stand in the index. */
void zc_scope_candidates(zc_question *question, zc_rule_set *ret_rules);
/* Those of them that belong to a station. */
void zc_scope_station(const zc_question *question, zc_station station, zc_rule_set *ret_rules);
/* Takes the lowest rule out of a set; false when it is empty. */
bool zc_rule_set_take(zc_rule_set *rules, uint16_t *ret_rule);

/* A hint to the processor, some time after the candidates were found: whose payees they list. */
void zc_scope_expect(const zc_question *question);

/* Both for candidates alone. Whether the rule covers the whole intent, but for its flags. */
bool zc_scope_covers(const zc_question *question, const zc_rule *rule);
/* Whether any part of the intent falls under the rule. The chains of a RESTRICT_CHAINS rule are its
 * restriction and left out of this. */
bool zc_scope_touches(const zc_question *question, const zc_rule *rule);
/* Whether a RESTRICT_CHAINS rule permits the intent's chain. */
bool zc_scope_chain_permitted(const zc_question *question, const zc_rule *rule);

/* Whether the conditions of a rule hold. For an ALLOW each must be met by every argument that it
 * names, of which there is one at least; for any other rule each by one argument. */
bool zc_scope_conditions(const zc_question *question, const zc_rule *rule);

/* Whether a list has this address. */
bool zc_address_listed(const zc_question *question, const zc_address_list *list, zc_slice address);

/* Whether an order takes risk away or only asks: cancels; orders that the venue itself holds to
 * reducing a position. */
bool zc_intent_cancels(const zc_intent *intent);
bool zc_intent_reduces(const zc_intent *intent);

/* Whether movements of this kind count for the rule's measure. */
bool zc_scope_spends(const zc_rule *rule, zc_movement_kind kind);
/* Whether a movement goes to whom the rule lists, if it lists anybody. */
bool zc_scope_pays(const zc_question *question, const zc_rule *rule, const zc_movement *movement);

#endif
