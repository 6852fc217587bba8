/* The compiled mission: who may do what, as the enclave reads it.
 *
 * `zcp mission compile` turns the YAML that people review into this one canonical CBOR form; its
 * SHA-256 is measured into PCR16. One parser and one writer define it, so for all bytes that parse,
 * write(parse(bytes)) == bytes. All of it is public.
 *
 *   mission   = {1: "zcp-mission-v1", 2: name, 3: [* principal], 4: quorum, 5: [* asset],
 *                6: [* contract], 7: [* rule], 8: audit, 9: bool ; open: a test mission,
 *                10: [* descriptor] ; intent/descriptor.h, ascending }
 *   principal = {1: name, 2: organisation, 3: bstr .size 32 ; Ed25519, 4: roles }
 *   quorum    = {1: founders needed, 2: approvers needed to resume}
 *   asset     = {1: name, 2: chain, 3: bstr / null ; token or native, 4: decimals}
 *   contract  = {1: name, 2: chain, 3: bstr ; address}
 *   rule      = {1: name, 2: kind, 3: scope, 4: asset index / null, 5: u256 / null ; amount,
 *                6: window in seconds, 7: count}
 *   scope     = {1: [* principal index] / null, 2: [* key pattern] / null, 3: [* chain] / null,
 *                4: operations / null, 5: [* bstr] / null ; contracts,
 *                6: [* bstr] / null ; methods, 7: [* asset index] / null,
 *                8: [* bstr] / null ; counterparties, 9: accepted flags, 10: uses}
 *   audit     = {1: max_unacked, 2: denials logged per principal and minute}
 *
 * Every map has all its keys. u256 is a byte string without leading zeros. Names are printable
 * ASCII. Chains are those of intent/chain.h, addresses and tokens as intent/address.h has them,
 * methods 1 to 64 bytes. Lists of a scope ascend without repeats: numbers by value, text strings
 * bytewise, byte strings by length and then bytewise.
 * null is "any"; a list that is present and empty matches nothing.
 *
 * Which fields a rule has follows from its kind, and it has no others (null or 0):
 *   ALLOW, DENY      scope (accepted flags in ALLOW only)
 *   LIMIT_PER_TX     scope, asset, amount
 *   LIMIT_WINDOW     scope, asset, amount, window
 *   LIMIT_RATE       scope, window, count
 *   RESTRICT_CHAINS  scope, whose list of chains is then the restriction */
#ifndef ZC_POLICY_MISSION_H
#define ZC_POLICY_MISSION_H

#include "base/slice.h"
#include "base/u256.h"
#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/descriptor.h"
#include "policy/reasons.h"
#include "wire/kinds.h"

#define ZC_MISSION_MAX_BYTES ((size_t)960 * 1024)
#define ZC_MISSION_MAX_PRINCIPALS 64
#define ZC_MISSION_MAX_ASSETS 256
#define ZC_MISSION_MAX_CONTRACTS 1024
#define ZC_MISSION_MAX_RULES 1024
#define ZC_MISSION_MAX_DESCRIPTORS 256
/* Items in the lists of all rules together. */
#define ZC_MISSION_MAX_CHAINS 4096
#define ZC_MISSION_MAX_ADDRESSES 16384
#define ZC_MISSION_MAX_METHODS 4096
#define ZC_MISSION_MAX_KEY_PATTERNS 2048
#define ZC_MISSION_MAX_WINDOW_SECONDS UINT32_C(31622400) /* 366 days */
#define ZC_MISSION_MAX_DENIAL_QUOTA 100000
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
} zc_rule_kind;
#define ZC_RULE_KINDS 7

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

/* A key name, or with a trailing * every name that begins with what stands before it. */
typedef struct zc_key_pattern {
    char text[ZC_MISSION_NAME_SIZE];
} zc_key_pattern;

/* An EVM selector, a Solana discriminator, a type URL or a venue's call (zc_call.method). */
typedef struct zc_method {
    uint8_t len;
    uint8_t byte[ZC_METHOD_MAX];
} zc_method;

/* A list of a scope: a run of items in one of the mission's pools. */
typedef struct zc_list {
    bool listed; /* false: any */
    uint16_t count;
    uint16_t first;
} zc_list;

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
    zc_list contracts;
    zc_list methods;
    zc_list counterparties;
} zc_scope;

typedef struct zc_rule {
    char name[ZC_MISSION_NAME_SIZE];
    zc_rule_kind kind;
    bool has_asset;
    bool has_amount;
    uint16_t asset;
    uint32_t window_s;
    uint32_t count;
    zc_u256 amount;
    zc_scope scope;
} zc_rule;

/* About 2 MiB: give it static storage. */
typedef struct zc_mission {
    char name[ZC_MISSION_NAME_SIZE];
    bool open;
    uint32_t founders_needed;
    uint32_t resume_needed;
    uint32_t max_unacked;
    uint32_t denial_quota;
    size_t principal_count;
    size_t asset_count;
    size_t contract_count;
    size_t rule_count;
    size_t chain_count;
    size_t address_count;
    size_t method_count;
    size_t key_pattern_count;
    size_t descriptor_count;
    zc_principal principals[ZC_MISSION_MAX_PRINCIPALS];
    zc_asset assets[ZC_MISSION_MAX_ASSETS];
    zc_contract contracts[ZC_MISSION_MAX_CONTRACTS];
    zc_rule rules[ZC_MISSION_MAX_RULES];
    zc_descriptor descriptors[ZC_MISSION_MAX_DESCRIPTORS];
    /* The pools that zc_list points into. */
    uint64_t chains[ZC_MISSION_MAX_CHAINS];
    zc_address addresses[ZC_MISSION_MAX_ADDRESSES];
    zc_method methods[ZC_MISSION_MAX_METHODS];
    zc_key_pattern key_patterns[ZC_MISSION_MAX_KEY_PATTERNS];
} zc_mission;

/* Reads a compiled mission and checks all of it: form, bounds, indices, names and keys that must
 * differ, rules that have what their kind needs, quorums that can be reached. The result borrows
 * nothing.
 *
 * Unlike other outputs, *ret_mission is written from the start (it is too large for a copy): on
 * failure it is left zeroed, a mission without principals and rules.
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

/* Names as missions have them; NULL for a number that is none. */
const char *zc_rule_kind_name(zc_rule_kind kind);
const char *zc_use_name(zc_use use);
/* The other way; false for a name that is none. */
bool zc_use_of_name(zc_slice name, zc_use *ret_use);

#endif
