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
#include "intent/address.h"
#include "intent/chain.h"
#include "intent/family.h"
#include "intent/order.h"
#include "intent/reasons.h"

#define ZC_INTENT_MAX_MOVEMENTS 128
#define ZC_INTENT_MAX_CALLS 128
/* Four for each call. */
#define ZC_INTENT_MAX_ARGUMENTS 512
/* The longest message that is signed: what a person could still be asked to read. */
#define ZC_INTENT_MAX_MESSAGE 16384
/* What an encoding (intent_cbor.h) may take in the log. Nothing that anybody sends comes near; what
 * would need more is refused before it is decided. */
#define ZC_INTENT_MAX_ENCODED 65536

/* Numbers of these enumerations are in logs and missions: they are only ever added to. */

/* X(NAME, number, name in missions and JSON, title for people) */
#define ZC_OPERATIONS(X)                                                                           \
    X(TRANSFER, 1, "transfer", "Transfer")                                                         \
    X(TOKEN_TRANSFER, 2, "token-transfer", "Token transfer")                                       \
    X(TOKEN_TRANSFER_FROM, 3, "token-transfer-from", "Token transfer under an allowance")          \
    X(APPROVE, 4, "approve", "Token allowance")                                                    \
    X(CONTRACT_CALL, 5, "contract-call", "Contract call")                                          \
    X(CONTRACT_CREATE, 6, "contract-create", "Contract creation")                                  \
    X(MESSAGE, 7, "message", "Message")                                                            \
    X(DIGEST, 8, "digest", "Raw digest")                                                           \
    X(BATCH, 9, "batch", "Several calls at once")                                                  \
    X(SWAP, 10, "swap", "Exchange of tokens")                                                      \
    X(TYPED_DATA, 11, "typed-data", "Typed data")                                                  \
    X(PERMIT, 12, "permit", "Signed token allowance")                                              \
    X(CODE_DELEGATION, 13, "code-delegation", "Code delegation (EIP-7702)")                        \
    X(CONTROL, 14, "control", "Change of control")                                                 \
    X(STAKE, 15, "stake", "Stake")                                                                 \
    X(UNSTAKE, 16, "unstake", "Withdrawal of a stake")                                             \
    X(BRIDGE, 17, "bridge", "Transfer to another chain")                                           \
    X(GRANT, 18, "grant", "Authorisation of another account")                                      \
    X(ORDER_PLACE, 19, "order-place", "Order")                                                     \
    X(ORDER_AMEND, 20, "order-amend", "Change of an order")                                        \
    X(ORDER_CANCEL, 21, "order-cancel", "Cancellation of an order")                                \
    X(ORDER_CANCEL_ALL, 22, "order-cancel-all", "Cancellation of all orders")                      \
    X(VENUE_READ, 23, "venue-read", "Reading at a venue")                                          \
    X(VENUE_WITHDRAW, 24, "venue-withdraw", "Withdrawal from a venue")                             \
    X(VENUE_TRANSFER, 25, "venue-transfer", "Transfer within a venue")                             \
    X(VENUE_ADMIN, 26, "venue-admin", "Administration of a venue account")

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
      "the message is not plain text, or hides characters")                                        \
    X(CONTROL_CHANGE, 9, "control-change",                                                         \
      "hands control over an account or a contract to somebody else")                              \
    X(CODE_DELEGATION, 10, "code-delegation",                                                      \
      "lets a contract's code act as this account until that is revoked (EIP-7702)")               \
    X(APPROVAL_FOR_ALL, 11, "approval-for-all",                                                    \
      "lets the operator take every token of this collection, now and later")                      \
    X(UNRESOLVED_ADDRESS, 12, "unresolved-address",                                                \
      "names accounts by an address table that is not shown here: nobody can tell which")          \
    X(UNUSUAL_SIGHASH, 13, "unusual-sighash",                                                      \
      "signs only a part: others can still change where the money goes")                           \
    X(ODD_SCRIPT, 14, "odd-script", "pays to a script that is no address")                         \
    X(GRANT, 15, "grant", "lets another account act for this one")                                 \
    X(OPEN_DOMAIN, 16, "open-domain",                                                              \
      "names no chain or no contract: the signature may be used elsewhere")                        \
    X(UNKNOWN_FEE, 17, "unknown-fee", "what is spent, and so the fee, could not be established")   \
    X(NO_EXPIRY, 18, "no-expiry", "never expires")                                                 \
    X(WITHDRAWAL, 19, "withdrawal", "takes assets out of the venue")                               \
    X(KEY_MANAGEMENT, 20, "key-management", "changes who may act at the venue")                    \
    X(WRONG_DOMAIN, 21, "wrong-domain",                                                            \
      "the domain does not fit what is signed: another chain or contract")                         \
    X(OPAQUE_HASH, 22, "opaque-hash", "signs the hash of something that is not shown here")        \
    X(EXCESSIVE_FEE, 23, "excessive-fee", "pays a fee far beyond what such a transaction costs")

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

/* A token's own name on its chain: the EVM contract's 20 bytes, the Solana mint's 32, the Cosmos
 * denomination as text (at most 128), the venue's symbol. */
#define ZC_TOKEN_MAX 128

/* Which asset, by what the chain knows of it; names and decimals are in the catalog. */
typedef struct zc_asset_id {
    zc_asset_kind kind;
    uint8_t token_len;           /* 0 for the native asset */
    uint64_t chain_id;           /* chain.h; 0 where the intent names no chain */
    uint8_t token[ZC_TOKEN_MAX]; /* what follows token_len is not looked at */
} zc_asset_id;

/* X(NAME, number, name in JSON) */
#define ZC_MOVEMENT_KINDS(X)                                                                       \
    /* Leaves the account, or something that it commands (a Safe, a vault). */                     \
    X(OUT, 1, "out")                                                                               \
    /* At most this much is paid to the network; nobody is `to`. */                                \
    X(FEE, 2, "fee")                                                                               \
    /* May be taken from the account by `to`, from now on. */                                      \
    X(ALLOWANCE, 3, "allowance")                                                                   \
    /* Taken from somebody else, `from`, under an allowance. */                                    \
    X(PULL, 4, "pull")                                                                             \
    /* Comes to the account: proven change, or the least that a swap must bring. */                \
    X(RECEIVE, 5, "receive")                                                                       \
    /* Power passes to `to`: an owner, an implementation, a delegate, an authority. No amount. */  \
    X(CONTROL, 6, "control")                                                                       \
    /* Stays the account's, but is bound: staked with or lent to `to`. */                          \
    X(LOCK, 7, "lock")

typedef enum zc_movement_kind {
#define ZC_DECLARE_MOVEMENT(name, number, text) ZC_MOVEMENT_##name = (number),
    ZC_MOVEMENT_KINDS(ZC_DECLARE_MOVEMENT)
#undef ZC_DECLARE_MOVEMENT
} zc_movement_kind;

/* No call: the account itself, or the transaction as such. */
#define ZC_CALL_NONE UINT16_MAX

typedef struct zc_movement {
    zc_movement_kind kind;
    bool has_item; /* an NFT: which one is in `item`, and amount is how many of it */
    uint16_t call; /* the call that does it, or ZC_CALL_NONE */
    zc_asset_id asset;
    zc_address from;
    zc_address to; /* the counterparty: recipient, spender, new owner */
    zc_u256 amount;
    zc_u256 item;
} zc_movement;

/* A method: EVM's 4-byte selector, a Solana instruction's discriminator, the type URL of a Cosmos
 * message, a venue's call as text. */
#define ZC_METHOD_MAX 64

/* One call of code: what a transaction calls, and what that is known to call in turn. A parent
 * stands before its children. */
typedef struct zc_call {
    zc_address target; /* contract, program, or for Cosmos and venues nobody */
    uint16_t parent;   /* ZC_CALL_NONE: called by the account itself */
    bool is_delegate;  /* the target's code runs with its caller's powers */
    bool is_read;      /* method and arguments were understood to the last byte */
    uint8_t method_len;
    uint8_t method[ZC_METHOD_MAX];
    uint32_t data_len;
    zc_u256 value; /* of the native asset, sent along */
} zc_call;

typedef enum zc_argument_kind {
    ZC_ARGUMENT_NUMBER = 1,  /* `number` */
    ZC_ARGUMENT_SIGNED = 2,  /* `number` in two's complement */
    ZC_ARGUMENT_BOOL = 3,    /* `number` 0 or 1 */
    ZC_ARGUMENT_ADDRESS = 4, /* `bytes` */
    ZC_ARGUMENT_BYTES = 5,   /* `bytes`; longer ones as their SHA-256, with `is_hash` */
    ZC_ARGUMENT_TEXT = 6,    /* the same of text */
} zc_argument_kind;

#define ZC_ARGUMENT_LABEL_SIZE 48
#define ZC_ARGUMENT_BYTES_MAX 64

/* One thing that a call or typed data says, for people to read and rules to compare. */
typedef struct zc_argument {
    zc_argument_kind kind;
    uint16_t call; /* the call it belongs to, or ZC_CALL_NONE (typed data) */
    bool is_hash;
    bool is_said; /* a movement of the same call tells people: they need not read it twice */
    uint8_t len;
    char
        label[ZC_ARGUMENT_LABEL_SIZE]; /* terminated printable ASCII: "amountIn", "details.token" */
    uint8_t byte[ZC_ARGUMENT_BYTES_MAX];
    zc_u256 number;
} zc_argument;

typedef struct zc_intent {
    zc_family family;
    zc_operation operation;
    uint64_t flags;     /* ZC_FLAG_… */
    zc_address account; /* of the signing key; nobody for families without one */
    /* What the key would sign. Of Ed25519, which signs the bytes themselves: their SHA-256. Of
     * several signatures at once (a PSBT): SHA-256 of all digests in the order of the inputs. */
    uint8_t digest[32];

    /* Transactions and orders; zero in messages and digests. */
    bool has_chain_id;
    bool has_expiry;
    bool has_order;
    uint8_t tx_type;   /* EVM: 0 legacy, 1 EIP-2930, 2 EIP-1559, 3 EIP-4844, 4 EIP-7702 */
    uint64_t chain_id; /* chain.h */
    char chain_name[ZC_CHAIN_ID_SIZE]; /* Cosmos: the chain's id as text; terminated */
    zc_address to; /* who is paid or called in the first place; nobody: contract creation */
    uint64_t nonce;
    uint64_t expiry_ms; /* Unix milliseconds */
    zc_u256 gas_limit;  /* beyond 64 bits no node would execute it, but the bytes are legal */
    zc_u256 gas_price;  /* at most, per gas */
    zc_u256 gas_tip;    /* EIP-1559 priority fee per gas; 0 otherwise */
    zc_u256 max_fee;    /* the most that the network takes: also a FEE movement */
    zc_u256 value;      /* native, in base units: also an OUT movement unless 0 in a call */
    uint32_t data_len;  /* bytes of calldata or init code */
    uint32_t access_addresses;
    uint32_t access_keys;
    uint32_t signatures; /* that the key would make: 1, or one an input of a PSBT */

    /* A message's text, or a transaction's memo. Borrowed from the payload (or the encoding) that
     * was decoded. */
    zc_slice message;

    zc_order order; /* where has_order */

    /* Slots at or beyond these counts hold nothing. */
    uint32_t movement_count;
    uint32_t call_count;
    uint32_t argument_count;
    zc_movement movements[ZC_INTENT_MAX_MOVEMENTS];
    zc_call calls[ZC_INTENT_MAX_CALLS]; /* EVM: the first is the transaction's own call */
    zc_argument arguments[ZC_INTENT_MAX_ARGUMENTS];
} zc_intent;

/* Names as missions and JSON have them; NULL for a number that is none. */
const char *zc_operation_name(zc_operation operation);
const char *zc_operation_title(zc_operation operation);
/* `bit` is 0…63. */
const char *zc_flag_name(unsigned bit);
const char *zc_flag_text(unsigned bit);
const char *zc_movement_kind_name(zc_movement_kind kind);
/* The other way; false for a name that is none. */
bool zc_operation_of_name(zc_slice name, zc_operation *ret_operation);
bool zc_flag_of_name(zc_slice name, unsigned *ret_bit);

bool zc_asset_id_eq(const zc_asset_id *a, const zc_asset_id *b);

/* Makes an intent without movements. Costs the same however many movements there were. */
void zc_intent_reset(zc_intent *intent);
/* Appends a movement. Errors: ZC_INTENT_TOO_MANY_MOVEMENTS. */
ZC_MUST_USE zc_result zc_intent_add_movement(zc_intent *intent, const zc_movement *movement);
/* Where the next movement stands, still with what was there before; it counts once the caller has
 * filled in all of it and raised the count. Errors: ZC_INTENT_TOO_MANY_MOVEMENTS. */
ZC_MUST_USE zc_result zc_intent_next_movement(zc_intent *intent, zc_movement **ret_movement);
/* Appends a call without method, data or value. Errors: ZC_INTENT_TOO_MANY_CALLS. */
ZC_MUST_USE zc_result zc_intent_add_call(zc_intent *intent, const zc_address *target,
                                         uint16_t parent, zc_call **ret_call);
/* Appends an argument; its label is cut to fit. Errors: ZC_INTENT_TOO_MANY_ARGUMENTS. */
ZC_MUST_USE zc_result zc_intent_add_argument(zc_intent *intent, uint16_t call,
                                             zc_argument_kind kind, const char *label,
                                             zc_argument **ret_argument);
/* The same with a label that is not terminated, and holds no NUL. */
ZC_MUST_USE zc_result zc_intent_add_labelled(zc_intent *intent, uint16_t call,
                                             zc_argument_kind kind, zc_slice label,
                                             zc_argument **ret_argument);
/* Whether it is a transaction, an order or typed data, rather than a message or a bare digest. */
static inline bool zc_intent_is_tx(const zc_intent *intent)
{
    return intent->operation != ZC_OPERATION_MESSAGE && intent->operation != ZC_OPERATION_DIGEST;
}

/* Whether an argument's value is its number rather than its bytes. */
static inline bool zc_argument_is_number(zc_argument_kind kind)
{
    return kind <= ZC_ARGUMENT_BOOL;
}

/* The method of the first call, where there is one; else empty. Borrows the intent. */
zc_slice zc_intent_method(const zc_intent *intent);

/* An asset's id. `token` is at most ZC_TOKEN_MAX bytes, which the caller has checked. */
zc_asset_id zc_asset_id_native(uint64_t chain_id);
zc_asset_id zc_asset_id_token(uint64_t chain_id, zc_slice token);
zc_slice zc_asset_id_slice(const zc_asset_id *id);

#endif
