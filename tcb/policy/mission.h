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
 *                18: [* risk model]}
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
 *                4: operations / null, 5: [* bstr] / null ; contracts,
 *                6: [* bstr] / null ; methods, 7: [* asset index] / null,
 *                8: [* bstr] / null ; counterparties, 9: accepted flags, 10: uses,
 *                11: [* market index] / null}
 *   hours     = [days ; bit 0 is Monday, first minute, minute after the last]
 *   condition = {1: label / "" ; of the argument, 2: index / null ; of the argument, where there is
 *                no label, 3: test, 4: u256, 5: [* bstr] / null}
 *   panel     = {1: approvals needed, 2: organisations needed, 3: valid for seconds,
 *                4: range in basis points, 5: [* principal index]}
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
#include "base/u256.h"
#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/descriptor.h"
#include "policy/reasons.h"
#include "policy/risk.h"
#include "wire/kinds.h"

/* 100,000 addresses and 1,000 rules. The host's link takes less in one frame (wire/limits.h). */
#define ZC_MISSION_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define ZC_MISSION_MAX_PRINCIPALS 64
#define ZC_MISSION_MAX_ASSETS 256
#define ZC_MISSION_MAX_CONTRACTS 1024
#define ZC_MISSION_MAX_RULES 1024
#define ZC_MISSION_MAX_DESCRIPTORS 256
/* Items in the lists of all rules together. */
#define ZC_MISSION_MAX_CHAINS 4096
#define ZC_MISSION_MAX_EVM 131072   /* addresses of 20 bytes */
#define ZC_MISSION_MAX_OTHERS 16384 /* addresses of any other length */
#define ZC_MISSION_MAX_METHODS 4096
#define ZC_MISSION_MAX_KEY_PATTERNS 2048
#define ZC_MISSION_MAX_CONDITIONS 1024
#define ZC_MISSION_MAX_HOURS 1024
#define ZC_MISSION_MAX_DATES 4096
#define ZC_MISSION_MAX_FEEDS 16
#define ZC_MISSION_MAX_MARKETS 256
#define ZC_MISSION_MAX_ZONES 16
#define ZC_MISSION_MAX_TRANSITIONS 4096 /* of all zones together */
#define ZC_MISSION_MAX_BREAKERS 32
#define ZC_MISSION_MAX_RISK_MODELS 2
#define ZC_MISSION_MAX_SCALE 36
#define ZC_BASIS_POINTS 10000
#define ZC_MISSION_MAX_WINDOW_SECONDS UINT32_C(31622400) /* 366 days */
#define ZC_MISSION_MAX_DENIAL_QUOTA 100000
#define ZC_MISSION_MAX_UNACKED 65536
#define ZC_MISSION_MAX_WITNESSES 16
/* Room for a name of mission, principal, organisation, rule or key pattern and its terminator. */
#define ZC_MISSION_NAME_SIZE 64

typedef enum zc_role {
    ZC_ROLE_FOUNDER = 1,
    ZC_ROLE_KEY_ADMIN = 2,
    ZC_ROLE_APPROVER = 4, /* halts and resumes */
    ZC_ROLE_AUDITOR = 8,
    ZC_ROLE_SIGNER = 16, /* without it, no rule lets a principal sign */
} zc_role;
#define ZC_ROLES_KNOWN 31u

typedef enum zc_rule_kind {
    ZC_RULE_ALLOW = 1,
    ZC_RULE_DENY = 2,
    ZC_RULE_LIMIT_PER_TX = 3,
    ZC_RULE_LIMIT_WINDOW = 4,
    ZC_RULE_LIMIT_RATE = 5,
    ZC_RULE_RESTRICT_CHAINS = 6,
    ZC_RULE_REVIEW = 7,
    ZC_RULE_HOURS = 8,
    ZC_RULE_CONFINE = 9,
    ZC_RULE_REDUCE_ONLY = 10,
    ZC_RULE_POSITION = 11,
    ZC_RULE_DRAWDOWN = 12,
    ZC_RULE_RISK = 13,
} zc_rule_kind;
#define ZC_RULE_KINDS 14

/* What a limit on amounts adds up. X(NAME, number, name) */
#define ZC_MEASURES(X)                                                                             \
    /* What leaves, is locked, may be taken, and fees, of one asset; an order's price × quantity. \
     */                                                                                            \
    X(VALUE, 1, "value")                                                                           \
    X(FEE, 2, "fee")                                                                               \
    X(ALLOWANCE, 3, "allowance")                                                                   \
    /* The most that is paid for one unit of gas, in the asset's base units. */                    \
    X(GAS_PRICE, 4, "gas-price")                                                                   \
    /* VALUE of every asset, in the reference currency. */                                         \
    X(NOTIONAL, 5, "notional")

typedef enum zc_measure_kind {
    ZC_MEASURE_NONE = 0,
#define ZC_DECLARE_MEASURE(name, number, text) ZC_MEASURE_##name = (number),
    ZC_MEASURES(ZC_DECLARE_MEASURE)
#undef ZC_DECLARE_MEASURE
} zc_measure_kind;
#define ZC_MEASURE_KINDS 6

/* What has a window of its own. X(NAME, number, name) */
#define ZC_PERS(X)                                                                                 \
    X(KEY, 1, "key")                                                                               \
    X(PRINCIPAL, 2, "principal")                                                                   \
    X(ASSET, 3, "asset")               /* NOTIONAL only */                                         \
    X(COUNTERPARTY, 4, "counterparty") /* amounts only; fees and orders belong to none */          \
    X(CHAIN, 5, "chain")               /* a chain or a venue */                                    \
    X(MARKET, 6, "market")             /* POSITION only */

typedef enum zc_per {
    ZC_PER_NONE = 0,
#define ZC_DECLARE_PER(name, number, text) ZC_PER_##name = (number),
    ZC_PERS(ZC_DECLARE_PER)
#undef ZC_DECLARE_PER
} zc_per;
#define ZC_PER_KINDS 7

/* A window that begins anew at midnight in a zone: each day, on Mondays, on the first of a month.
 */
typedef enum zc_period {
    ZC_PERIOD_NONE = 0, /* it rolls */
    ZC_PERIOD_DAY = 1,
    ZC_PERIOD_WEEK = 2,
    ZC_PERIOD_MONTH = 3,
} zc_period;

/* How an argument is held against a condition. */
typedef enum zc_test {
    ZC_TEST_IN = 1,     /* its bytes are in the list; a number as its shortest bytes, 0 as one */
    ZC_TEST_NOT_IN = 2, /* they are not */
    ZC_TEST_AT_MOST = 3,
    ZC_TEST_AT_LEAST = 4,
} zc_test;

typedef enum zc_says {
    ZC_SAYS_PRICES = 1,
    ZC_SAYS_POSITIONS = 2,
    ZC_SAYS_EQUITY = 4,
    ZC_SAYS_SETTLEMENTS = 8,
} zc_says;
#define ZC_SAYS_KNOWN 15u

/* What goes on while risk is stopped, as far as the rules allow it. */
typedef enum zc_pass {
    ZC_PASS_CANCELS = 1,
    ZC_PASS_REDUCTIONS = 2, /* orders that the venue itself holds to reducing a position */
} zc_pass;
#define ZC_PASS_KNOWN 3u

/* How much an enclave still does. */
typedef enum zc_mode {
    ZC_MODE_NORMAL = 0,
    ZC_MODE_REDUCE_ONLY = 1, /* cancels and reductions */
    ZC_MODE_HALTED = 2,      /* what the mission lets pass */
} zc_mode;

/* What a breaker watches. X(NAME, number, name) */
#define ZC_TRIPS(X)                                                                                \
    X(DENIALS, 1, "denials")        /* more than `count` denials within the window */              \
    X(LOSS, 2, "loss")              /* equity fell by more than `amount` within the window */      \
    X(DRAWDOWN, 3, "drawdown")      /* equity is more than `count` basis points below its peak */  \
    X(UNACKED, 4, "unacknowledged") /* more than `count` log entries are not acknowledged */       \
    X(STALE, 5, "stale-feed")       /* the feed's last word is older than the window */            \
    X(CLOCK, 6, "clock-step")       /* the clock moved more than the window beside the machine's   \
                                       own counter */

typedef enum zc_trip {
#define ZC_DECLARE_TRIP(name, number, text) ZC_TRIP_##name = (number),
    ZC_TRIPS(ZC_DECLARE_TRIP)
#undef ZC_DECLARE_TRIP
} zc_trip;
#define ZC_TRIP_KINDS 7

#define ZC_USES_KNOWN 31u

/* A use's bit in zc_scope.uses: bit 0 is use 1. */
static inline uint32_t zc_use_bit(zc_use use)
{
    return UINT32_C(1) << ((unsigned)use - 1);
}

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

/* A key name, or with a trailing * every name that begins with what stands before it. */
typedef struct zc_key_pattern {
    char text[ZC_MISSION_NAME_SIZE];
} zc_key_pattern;

/* An EVM selector, a Solana discriminator, a type URL or a venue's call (zc_call.method). */
typedef struct zc_method {
    uint8_t len;
    uint8_t byte[ZC_METHOD_MAX];
} zc_method;

/* A list: a run of items in one of the mission's pools. */
typedef struct zc_list {
    bool listed; /* false: any */
    uint16_t count;
    uint16_t first;
} zc_list;

/* A list of addresses: those of 20 bytes in one pool, all others in another. */
typedef struct zc_address_list {
    bool listed;
    uint32_t evm_count;
    uint32_t evm_first;
    uint32_t other_count;
    uint32_t other_first;
} zc_address_list;

typedef struct zc_evm_item {
    uint8_t byte[ZC_EVM_ADDRESS_SIZE];
} zc_evm_item;

typedef struct zc_scope {
    bool principals_listed;
    bool operations_listed;
    bool assets_listed;
    uint32_t uses;                               /* zc_use_bit() */
    uint64_t principals;                         /* bit i: principal i */
    uint64_t operations;                         /* zc_operation_bit() */
    uint64_t accepted_flags;                     /* ZC_FLAG_… that an ALLOW tolerates */
    uint64_t assets[ZC_MISSION_MAX_ASSETS / 64]; /* bit i: asset i */
    zc_list keys;
    zc_list chains;
    zc_address_list contracts;
    zc_list methods;
    zc_address_list counterparties;
    bool markets_listed;
    uint64_t markets[ZC_MISSION_MAX_MARKETS / 64]; /* bit i: market i */
} zc_scope;

typedef struct zc_hours {
    uint8_t days; /* bit 0: Monday */
    uint16_t from_minute;
    uint16_t to_minute; /* at most 1440; not beyond midnight */
} zc_hours;

typedef struct zc_condition {
    char label[ZC_ARGUMENT_LABEL_SIZE]; /* empty: by index */
    uint16_t index;
    zc_test test;
    zc_u256 number;
    zc_address_list bytes;
} zc_condition;

/* Who must agree to what a REVIEW rule holds back. */
typedef struct zc_panel {
    uint32_t needed;
    uint32_t organisations;
    uint32_t valid_s;
    uint32_t range_bps;  /* an order may differ so far in price from what was approved */
    uint64_t principals; /* bit i: principal i */
} zc_panel;

/* What a RISK rule makes of a score, in millionths. */
typedef struct zc_thresholds {
    uint16_t model;
    bool has_review;
    bool has_deny;
    int64_t review_at; /* from this score on it needs the rule's panel */
    int64_t deny_at;
} zc_thresholds;

typedef struct zc_rule {
    char name[ZC_MISSION_NAME_SIZE];
    zc_rule_kind kind;
    zc_measure_kind measure;
    zc_per per;
    zc_period period;
    bool has_asset;
    bool has_amount;
    bool has_zone;
    bool has_panel;
    bool has_feed;
    bool has_lease;
    bool has_release;
    bool has_thresholds;
    uint16_t asset;
    uint16_t zone;
    uint16_t feed; /* whose word it takes; of a LIMIT_WINDOW: for releases */
    uint32_t window_s;
    uint32_t count;
    zc_u256 amount;
    zc_u256 lease;    /* budget becomes spendable in slices of this size… */
    uint32_t lease_s; /* …and for this long */
    zc_u256 release;  /* at most so much is given back within the window */
    zc_list hours;
    zc_list dates;
    zc_list conditions;
    zc_panel panel;
    zc_thresholds thresholds;
    zc_scope scope;
} zc_rule;

typedef struct zc_feed {
    char name[ZC_MISSION_NAME_SIZE];
    uint8_t pubkey[32];
    uint32_t says; /* zc_says bits */
    uint32_t oldest_s;
} zc_feed;

typedef struct zc_market {
    char name[ZC_MISSION_NAME_SIZE];
    char symbol[ZC_ORDER_NAME_SIZE];
    uint64_t chain_id; /* of the venue */
    uint16_t asset;    /* in which prices are */
    uint8_t scale;
    bool has_base;
    uint16_t base;      /* the asset that is traded: what orders without a price are valued by */
    zc_u256 multiplier; /* × 10^-scale: how much of the base one unit of quantity is */
} zc_market;

typedef struct zc_price {
    uint16_t asset;
    bool has_feed;
    bool has_fixed;
    uint16_t feed;
    uint32_t haircut_bps;
    zc_u256 fixed;
} zc_price;

typedef struct zc_transition {
    int64_t at_s;
    int32_t offset_s;
} zc_transition;

typedef struct zc_zone {
    char name[ZC_MISSION_NAME_SIZE];
    int32_t offset_s;
    uint16_t count;
    uint16_t first;
} zc_zone;

typedef struct zc_breaker {
    char name[ZC_MISSION_NAME_SIZE];
    zc_trip trip;
    zc_mode mode;
    bool has_feed;
    uint16_t feed;
    uint32_t window_s;
    uint32_t count;
    zc_u256 amount;
} zc_breaker;

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
    zc_evm_item evm[ZC_MISSION_MAX_EVM];
    zc_address others[ZC_MISSION_MAX_OTHERS];
    zc_method methods[ZC_MISSION_MAX_METHODS];
    zc_condition conditions[ZC_MISSION_MAX_CONDITIONS];
    zc_hours hours[ZC_MISSION_MAX_HOURS];
    uint32_t dates[ZC_MISSION_MAX_DATES];
    zc_transition transitions[ZC_MISSION_MAX_TRANSITIONS];
    zc_key_pattern key_patterns[ZC_MISSION_MAX_KEY_PATTERNS];
    zc_named_model risk_models[ZC_MISSION_MAX_RISK_MODELS]; /* last: mission_parse.c */
} zc_mission;

/* Reads a compiled mission and checks all of it: form, bounds, indices, names and keys that must
 * differ, rules that have what their kind needs, quorums that can be reached. The result borrows
 * nothing.
 *
 * Unlike other outputs, *ret_mission is written from the start (it is too large for a copy): on
 * failure it is left empty, a mission without principals, rules and risk models. What lies beyond
 * `risk_model_count` is never looked at.
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

/* The principal with this key; false when there is none. */
bool zc_mission_find_principal(const zc_mission *mission, const uint8_t pubkey[static 32],
                               uint32_t *ret_index);

/* How many addresses a list has, and each of them in the form's order: by length, then bytewise. */
size_t zc_address_list_count(const zc_address_list *list);
zc_address zc_address_list_at(const zc_mission *mission, const zc_address_list *list, size_t index);

/* Whether a rule of this kind keeps a window. */
bool zc_rule_has_window(const zc_rule *rule);
/* Whether a rule of this kind is a limit that a request is held against. */
bool zc_rule_is_limit(const zc_rule *rule);

/* Names as missions have them; NULL for a number that is none. */
const char *zc_rule_kind_name(zc_rule_kind kind);
const char *zc_measure_name(zc_measure_kind measure);
const char *zc_per_name(zc_per per);
const char *zc_trip_name(zc_trip trip);
const char *zc_use_name(zc_use use);
/* The other way; false for a name that is none. */
bool zc_use_of_name(zc_slice name, zc_use *ret_use);

#endif
