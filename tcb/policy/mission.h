/* The compiled mission: who may do what, as the enclave reads it.
 *
 * `zcp mission compile` turns the YAML that people review into this one canonical CBOR form; its
 * SHA-256 is measured into PCR16. One parser and one writer define it, so for all bytes that parse,
 * write(parse(bytes)) == bytes. All of it is public.
 *
 *   mission   = {1: "zcp-mission-v1", 2: name, 3: [* principal], 4: quorum, 5: [* asset],
 *                6: [* contract], 7: [* rule], 8: audit, 9: bool ; open: a test mission,
 *                10: [* descriptor] ; intent/descriptor.h, ascending,
 *                11: reference / null, 12: [* feed], 13: [* market], 14: [* price], 15: [* zone],
 *                16: [* breaker], 17: what a halt lets pass ; zc_pass bits,
 *                18: [* risk model], ? 19: change ; without it the mission can't be changed}
 *   principal = {1: name, 2: organisation, 3: bstr .size 32 ; Ed25519, 4: roles }
 *   quorum    = {1: founders needed, 2: approvers needed to resume}
 *   asset     = {1: name, 2: chain, 3: bstr / null ; token or native, 4: decimals}
 *   contract  = {1: name, 2: chain, 3: bstr ; address}
 *   rule      = {1: name, 2: kind, 3: scope, 4: measure, 5: asset index / null,
 *                6: u256 / null ; amount, 7: count, 8: window in seconds, 9: period, 10: per,
 *                11: zone index / null, 12: [* hours], 13: [* date ; days since 1970],
 *                14: [* condition], 15: panel / null, 16: feed index / null,
 *                17: u256 / null ; lease, 18: lease in seconds, 19: u256 / null ; release,
 *                20: thresholds / null}
 *   scope     = {1: [* principal index] / null, 2: [* key pattern] / null, 3: [* chain] / null,
 *                4: operations / null, 5: addresses ; contracts,
 *                6: [* bstr] / null ; methods, 7: [* asset index] / null,
 *                8: addresses ; counterparties, 9: accepted flags, 10: uses,
 *                11: [* market index] / null}
 *   addresses = [* bstr] / null / rule index ; the first rule's that has the same, not empty, list
 *   hours     = [days ; bit 0 is Monday, first minute, minute after the last]
 *   condition = {1: label / "" ; of the argument, 2: index / null ; of the argument, where there is
 *                no label, 3: test, 4: u256, 5: [* bstr] / null}
 *   panel     = {1: approvals needed, 2: organisations needed, 3: valid for seconds,
 *                4: range in basis points, 5: [* principal index]}
 *   change    = {1: approvals needed, 2: organisations needed, 3: a change may take effect for so
 *                many seconds after it was begun, 4: and not before so many,
 *                5: [* principal index]}
 *   audit     = {1: max_unacked, 2: denials logged per principal and minute,
 *                3: witnesses needed, 4: [* {1: name, 2: bstr .size 32 ; Ed25519}]}
 *   thresholds = {1: risk model index, 2: int / null ; review from this score on, in millionths,
 *                3: int / null ; deny from this one on}
 *   risk model = {1: name, 2: model ; policy/risk.h}
 *   reference = {1: name, 2: decimals} ; the currency in which unlike assets are added up
 *   feed      = {1: name, 2: bstr .size 32 ; Ed25519, 3: zc_says bits, 4: oldest in seconds}
 *   market    = {1: name, 2: chain ; a venue, 3: text ; the market as the venue writes it,
 *                4: asset index ; of prices, 5: u256, 6: scale ; of the base that one unit of
 *                quantity is, 7: asset index / null ; the base}
 *   price     = {1: asset index, 2: feed index / null, 3: haircut in basis points,
 *                4: u256 / null ; fixed: in the reference's base units for one whole asset}
 *   zone      = {1: name, 2: int ; seconds east of UTC at first,
 *                3: [* [time in seconds since 1970, int ; seconds east from then on]]}
 *   breaker   = {1: name, 2: trip, 3: mode, 4: feed index / null, 5: window in seconds, 6: count,
 *                7: u256 ; amount}
 *
 * Every map has all its keys. u256 is a byte string without leading zeros. Names are printable
 * ASCII. Chains are those of intent/chain.h, addresses and tokens as intent/address.h has them,
 * methods 1 to 64 bytes. Lists of a scope ascend without repeats: numbers by value, text strings
 * bytewise, byte strings by length and then bytewise. Dates and transitions ascend, too.
 * null is "any"; a list that is present and empty matches nothing.
 *
 * Which fields a rule has follows from its kind, and it has no others (null, 0 or empty):
 *   ALLOW, DENY      scope, conditions (accepted flags in ALLOW only)
 *   LIMIT_PER_TX     scope, measure, asset (none for NOTIONAL), amount
 *   LIMIT_WINDOW     the same, window or period and zone, per; lease, release with its feed
 *   LIMIT_RATE       scope, window or period and zone, count, per
 *   RESTRICT_CHAINS  scope, whose list of chains is then the restriction
 *   REVIEW           scope, conditions, panel
 *   HOURS            scope, zone, hours and dates
 *   CONFINE          scope: whom it lists (principals, keys) is confined to the rest of it
 *   REDUCE_ONLY      scope
 *   POSITION         scope, amount in the reference, feed, window, per (MARKET or none)
 *   DRAWDOWN         scope, count in basis points, feed, period (day) and zone, or none: since the
 *                    first report
 *   RISK             scope, conditions, thresholds (one at least; review below deny), and a panel
 *                    where there is one for review */
#ifndef ZC_POLICY_MISSION_H
#define ZC_POLICY_MISSION_H

#include "base/slice.h"
#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/descriptor.h"
#include "policy/mission_bounds.h"
#include "policy/mission_lists.h"
#include "policy/mission_sources.h"
#include "policy/reasons.h"
#include "policy/risk.h"
#include "policy/rule.h"

typedef enum zc_role {
    ZC_ROLE_FOUNDER = 1,
    ZC_ROLE_KEY_ADMIN = 2,
    ZC_ROLE_APPROVER = 4, /* halts and resumes */
    ZC_ROLE_AUDITOR = 8,
    ZC_ROLE_SIGNER = 16, /* without it, no rule lets a principal sign */
} zc_role;
#define ZC_ROLES_KNOWN 31u

typedef struct zc_principal {
    char name[ZC_MISSION_NAME_SIZE];
    char organisation[ZC_MISSION_NAME_SIZE];
    uint8_t pubkey[32]; /* Ed25519 */
    uint32_t roles;     /* zc_role bits */
} zc_principal;

/* Who cosigns the log's checkpoints (C2SP tlog-cosignature). */
typedef struct zc_witness {
    char name[ZC_MISSION_NAME_SIZE]; /* as in a signed note: no space, no plus */
    uint8_t pubkey[32];
} zc_witness;

typedef struct zc_named_model {
    char name[ZC_MISSION_NAME_SIZE];
    zc_risk_model model;
} zc_named_model;

/* About 11 MiB: give it static storage. */
typedef struct zc_mission {
    char name[ZC_MISSION_NAME_SIZE];
    bool open;
    uint32_t founders_needed;
    uint32_t resume_needed;
    uint32_t max_unacked; /* log entries that may wait for the disk while signatures leave */
    uint32_t denial_quota;
    uint32_t witnesses_needed; /* 0: nobody witnesses this log */
    size_t witness_count;
    zc_witness witnesses[ZC_MISSION_MAX_WITNESSES];
    size_t principal_count;
    size_t asset_count;
    size_t contract_count;
    size_t rule_count;
    size_t chain_count;
    size_t evm_count;
    size_t other_count;
    size_t method_count;
    size_t key_pattern_count;
    size_t descriptor_count;
    size_t feed_count;
    size_t market_count;
    size_t price_count;
    size_t zone_count;
    size_t breaker_count;
    size_t condition_count;
    size_t hours_count;
    size_t date_count;
    size_t transition_count;
    size_t risk_model_count;
    bool has_reference;
    uint8_t reference_decimals;
    uint8_t halt_passes; /* zc_pass bits */
    bool has_change;
    uint32_t change_delay_s; /* less than change.valid_s */
    zc_panel change;         /* who agrees to another mission in its place; no range */
    char reference[ZC_ASSET_NAME_SIZE];
    zc_principal principals[ZC_MISSION_MAX_PRINCIPALS];
    zc_asset assets[ZC_MISSION_MAX_ASSETS];
    zc_contract contracts[ZC_MISSION_MAX_CONTRACTS];
    zc_rule rules[ZC_MISSION_MAX_RULES];
    zc_descriptor descriptors[ZC_MISSION_MAX_DESCRIPTORS];
    zc_feed feeds[ZC_MISSION_MAX_FEEDS];
    zc_market markets[ZC_MISSION_MAX_MARKETS];
    zc_price prices[ZC_MISSION_MAX_ASSETS];
    zc_zone zones[ZC_MISSION_MAX_ZONES];
    zc_breaker breakers[ZC_MISSION_MAX_BREAKERS];
    /* The pools that zc_list points into. */
    uint64_t chains[ZC_MISSION_MAX_CHAINS];
    zc_method methods[ZC_MISSION_MAX_METHODS];
    zc_condition conditions[ZC_MISSION_MAX_CONDITIONS];
    zc_hours hours[ZC_MISSION_MAX_HOURS];
    uint32_t dates[ZC_MISSION_MAX_DATES];
    zc_transition transitions[ZC_MISSION_MAX_TRANSITIONS];
    zc_key_pattern key_patterns[ZC_MISSION_MAX_KEY_PATTERNS];
    /* What is too large to be cleared first stands last: mission_parse.c. */
    zc_evm_item evm[ZC_MISSION_MAX_EVM];
    zc_address others[ZC_MISSION_MAX_OTHERS];
    zc_named_model risk_models[ZC_MISSION_MAX_RISK_MODELS];
} zc_mission;

/* Reads a compiled mission and checks all of it: form, bounds, indices, names and keys that must
 * differ, rules that have what their kind needs, quorums that can be reached. The result borrows
 * nothing.
 *
 * Unlike other outputs, *ret_mission is written from the start (it is too large for a copy): on
 * failure it is left empty, a mission without principals, rules and risk models. What lies beyond
 * `evm_count`, `other_count` and `risk_model_count` is never looked at.
 * Errors: base (truncated, trailing), codec (form), ZC_POLICY_MISSION_…. */
ZC_MUST_USE zc_result zc_mission_parse(zc_slice bytes, zc_mission *ret_mission);

/* Writes the compiled form. It does not check: what it writes of a mission that breaks a rule above
 * does not parse. The writer is unchanged on failure. Errors: ZC_BASE_FULL; ZC_POLICY_MISSION_INDEX
 * when a count, an index or a list is out of bounds. */
ZC_MUST_USE zc_result zc_mission_write(const zc_mission *mission, zc_writer *writer);

/* SHA-256 of the compiled form: what PCR16 measures. */
void zc_mission_hash(zc_slice bytes, uint8_t ret_hash[static 32]);

/* Assets and contracts as rendering wants them; borrows the mission. */
zc_catalog zc_mission_catalog(const zc_mission *mission);
/* What is known of contracts' methods, as decoders want it; borrows the mission. */
zc_descriptor_set zc_mission_descriptors(const zc_mission *mission);

/* How many organisations these principals (bit i: principal i) are of. */
uint32_t zc_mission_organisations(const zc_mission *mission, uint64_t principals);
/* Whether they are enough to put another mission in this one's place. */
bool zc_mission_change_agreed(const zc_mission *mission, uint64_t principals);

/* The principal with this key; false when there is none. */
bool zc_mission_find_principal(const zc_mission *mission, const uint8_t pubkey[static 32],
                               uint32_t *ret_index);

/* The addresses of a list in the form's order: by length, then bytewise. */
zc_address zc_address_list_at(const zc_mission *mission, const zc_address_list *list, size_t index);

#endif
