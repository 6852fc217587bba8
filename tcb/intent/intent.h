/* The intent: what some bytes would do in the world, as policy, log and people see it.
 *
 * Every decoder makes the same struct. It holds no pointers but `message`, so it can be kept,
 * hashed and replayed; intent_cbor.h gives its one canonical encoding. Decoders decide nothing:
 * whatever they could not read with certainty is a flag, and policy judges flags.
 *
 * Amounts are in base units (wei, token units) and all numbers are public. */
#ifndef ZC_INTENT_INTENT_H
#define ZC_INTENT_INTENT_H

#include "base/slice.h"
#include "base/u256.h"
#include "intent/reasons.h"

#define ZC_INTENT_MAX_MOVEMENTS 128
/* The longest message that is signed: what a person could still be asked to read. */
#define ZC_INTENT_MAX_MESSAGE 16384
/* No encoding of an intent (intent_cbor.h) is longer. */
#define ZC_INTENT_MAX_ENCODED 20480
#define ZC_ADDRESS_SIZE 20

/* Numbers of these enumerations are in logs and missions: they are only ever added to. */

typedef enum zc_family {
    ZC_FAMILY_NONE = 0, /* no chain: messages and digests of keys that serve none */
    ZC_FAMILY_EVM = 1,
    ZC_FAMILY_BITCOIN = 2,
    ZC_FAMILY_SOLANA = 3,
    ZC_FAMILY_COSMOS = 4,
} zc_family;

/* X(NAME, number, name in missions and JSON, title for people) */
#define ZC_OPERATIONS(X)                                                                           \
    X(TRANSFER, 1, "transfer", "Transfer")                                                         \
    X(TOKEN_TRANSFER, 2, "token-transfer", "Token transfer")                                       \
    X(TOKEN_TRANSFER_FROM, 3, "token-transfer-from", "Token transfer under an allowance")          \
    X(APPROVE, 4, "approve", "Token allowance")                                                    \
    X(CONTRACT_CALL, 5, "contract-call", "Contract call")                                          \
    X(CONTRACT_CREATE, 6, "contract-create", "Contract creation")                                  \
    X(MESSAGE, 7, "message", "Message")                                                            \
    X(DIGEST, 8, "digest", "Raw digest")

typedef enum zc_operation {
#define ZC_DECLARE_OPERATION(name, number, text, title) ZC_OPERATION_##name = (number),
    ZC_OPERATIONS(ZC_DECLARE_OPERATION)
#undef ZC_DECLARE_OPERATION
} zc_operation;

/* The operation's bit in a mission's operation masks: bit 0 is operation 1. */
static inline uint64_t zc_operation_bit(zc_operation operation)
{
    return UINT64_C(1) << ((unsigned)operation - 1);
}

/* What a person must know before saying yes. X(NAME, bit, name in missions and JSON, in plain
 * words)
 */
#define ZC_FLAGS(X)                                                                                \
    X(DELEGATECALL, 0, "delegatecall",                                                             \
      "runs another contract's code with this account's own powers (delegatecall)")                \
    X(UNLIMITED_APPROVAL, 1, "unlimited-approval",                                                 \
      "lets the spender take this token without limit, now and later")                             \
    X(PROXY_UPGRADE, 2, "proxy-upgrade", "replaces the code of a contract")                        \
    X(UNKNOWN_CALLDATA, 3, "unknown-calldata",                                                     \
      "calls a contract with data that could not be read: anything may happen")                    \
    X(PARTIAL_DECODE, 4, "partial-decode", "part of the data could not be read")                   \
    X(CONTRACT_CREATION, 5, "contract-creation", "creates a contract from code not shown here")    \
    X(NO_REPLAY_PROTECTION, 6, "no-replay-protection",                                             \
      "names no chain: valid on every EVM chain where the account has this nonce")                 \
    X(RAW_DIGEST, 7, "raw-digest", "signs a digest: nobody can tell what it stands for")           \
    X(UNREADABLE_MESSAGE, 8, "unreadable-message",                                                 \
      "the message is not plain text, or hides characters")

enum {
#define ZC_DECLARE_FLAG(name, bit, text, plain) ZC_FLAG_##name = 1u << (bit),
    ZC_FLAGS(ZC_DECLARE_FLAG)
#undef ZC_DECLARE_FLAG
};
#define ZC_DECLARE_FLAG_MASK(name, bit, text, plain) | UINT64_C(1) << (bit)
#define ZC_FLAGS_KNOWN (UINT64_C(0) ZC_FLAGS(ZC_DECLARE_FLAG_MASK))

typedef enum zc_asset_kind {
    ZC_ASSET_NATIVE = 1,
    ZC_ASSET_TOKEN = 2,
} zc_asset_kind;

/* Which asset, by what the chain knows of it; names and decimals are in the catalog. */
typedef struct zc_asset_id {
    zc_asset_kind kind;
    uint64_t chain_id;                 /* 0 where the intent names no chain */
    uint8_t contract[ZC_ADDRESS_SIZE]; /* zeros for the native asset */
} zc_asset_id;

typedef enum zc_movement_kind {
    ZC_MOVEMENT_OUT = 1,       /* leaves the account */
    ZC_MOVEMENT_FEE = 2,       /* at most this much is paid to the network; `to` is zeros */
    ZC_MOVEMENT_ALLOWANCE = 3, /* may be taken from the account by `to`, from now on */
    ZC_MOVEMENT_PULL = 4,      /* taken from somebody else, `from`, under an allowance */
} zc_movement_kind;

typedef struct zc_movement {
    zc_movement_kind kind;
    zc_asset_id asset;
    uint8_t from[ZC_ADDRESS_SIZE];
    uint8_t to[ZC_ADDRESS_SIZE]; /* the counterparty: recipient or spender */
    zc_u256 amount; /* of an ERC-721, which looks the same in bytes, it is the token's id */
} zc_movement;

typedef struct zc_intent {
    zc_family family;
    zc_operation operation;
    uint64_t flags;                   /* ZC_FLAG_… */
    uint8_t account[ZC_ADDRESS_SIZE]; /* of the signing key; zeros for families without one */
    uint8_t digest[32];               /* what the key would sign */

    /* Transactions only; zero in messages and digests. */
    bool has_chain_id;
    bool has_to; /* false: contract creation */
    bool has_selector;
    bool has_expiry;
    uint8_t tx_type;             /* EVM: 0 legacy, 1 EIP-2930, 2 EIP-1559 */
    uint8_t to[ZC_ADDRESS_SIZE]; /* recipient or contract called */
    uint8_t selector[4];
    uint64_t chain_id;
    uint64_t nonce;
    uint64_t expiry_ms; /* Unix milliseconds */
    zc_u256 gas_limit;  /* beyond 64 bits no node would execute it, but the bytes are legal */
    zc_u256 gas_price;  /* at most, per gas */
    zc_u256 gas_tip;    /* EIP-1559 priority fee per gas; 0 otherwise */
    zc_u256 max_fee;    /* gas_limit × gas_price: also a FEE movement */
    zc_u256 value;      /* native, in base units: also an OUT movement unless 0 in a call */
    uint32_t data_len;  /* bytes of calldata or init code */
    uint32_t access_addresses;
    uint32_t access_keys;

    /* Messages only. Borrowed from the payload (or the encoding) that was decoded. */
    zc_slice message;

    uint32_t movement_count;
    /* Slots at or beyond movement_count hold nothing. */
    zc_movement movements[ZC_INTENT_MAX_MOVEMENTS];
} zc_intent;

/* Names as missions and JSON have them; NULL for a number that is none. */
const char *zc_operation_name(zc_operation operation);
const char *zc_operation_title(zc_operation operation);
/* `bit` is 0…63. */
const char *zc_flag_name(unsigned bit);
const char *zc_flag_text(unsigned bit);
const char *zc_family_name(zc_family family);
/* The other way; false for a name that is none. */
bool zc_operation_of_name(zc_slice name, zc_operation *ret_operation);
bool zc_flag_of_name(zc_slice name, unsigned *ret_bit);

bool zc_asset_id_eq(const zc_asset_id *a, const zc_asset_id *b);

/* Makes an intent without movements. Costs the same however many movements there were. */
void zc_intent_reset(zc_intent *intent);
/* Appends a movement. Errors: ZC_INTENT_TOO_MANY_MOVEMENTS. */
ZC_MUST_USE zc_result zc_intent_add_movement(zc_intent *intent, const zc_movement *movement);

#endif
