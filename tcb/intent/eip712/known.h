/* Private to the module: the structures whose meaning is known, by the exact text of their
 * encodeType.
 *
 * A reader is given the message's value, which has been checked against its types. It reads it
 * again, in the order of the members, and adds what it means. Whatever it then fails to understand
 * is taken back and flagged as partly decoded. */
#ifndef ZC_INTENT_EIP712_KNOWN_H
#define ZC_INTENT_EIP712_KNOWN_H

#include "intent/eip712/types.h"

typedef struct zc_eip712_meaning {
    zc_slice text;        /* encodeType of the primary type */
    zc_slice domain_name; /* empty where there is none */
    uint64_t chain;       /* 0: the domain names none */
    bool has_contract;
    zc_address contract; /* the domain's; nobody: none */
    const zc_eip712_types *types;
    const zc_descriptor_set *descriptors;
    zc_intent *intent;
} zc_eip712_meaning;

/* Reads the message if its structure is known; anything else is left as it is. */
void zc_eip712_understand(const zc_eip712_meaning *meaning, const zc_reader *message);

/* Readers: `message` is before the primary type's value. */
typedef zc_result zc_eip712_reader_fn(const zc_eip712_meaning *meaning, zc_reader *message);
zc_eip712_reader_fn zc_eip712_read_permit;
zc_eip712_reader_fn zc_eip712_read_dai_permit;
zc_eip712_reader_fn zc_eip712_read_item_permit;
zc_eip712_reader_fn zc_eip712_read_token_transfer;
zc_eip712_reader_fn zc_eip712_read_permit2_single;
zc_eip712_reader_fn zc_eip712_read_permit2_batch;
zc_eip712_reader_fn zc_eip712_read_permit2_transfer;
zc_eip712_reader_fn zc_eip712_read_permit2_batch_transfer;
zc_eip712_reader_fn zc_eip712_read_safe_tx;
zc_eip712_reader_fn zc_eip712_read_safe_message;
zc_eip712_reader_fn zc_eip712_read_user_operation;
zc_eip712_reader_fn zc_eip712_read_seaport;
zc_eip712_reader_fn zc_eip712_read_seaport_bulk;
zc_eip712_reader_fn zc_eip712_read_cow_order;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_usd_send;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_spot_send;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_send_asset;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_withdraw;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_class;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_agent;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_builder;
zc_eip712_reader_fn zc_eip712_read_hyperliquid_phantom;

/* Structures whose texts vary in one place. */
bool zc_eip712_is_permit2_witness(const zc_eip712_meaning *meaning, bool *ret_is_batch);
bool zc_eip712_is_seaport_bulk(const zc_eip712_meaning *meaning);
#define ZC_EIP712_SEAPORT_ITEMS                                                                    \
    "ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,"                 \
    "uint256 startAmount,uint256 endAmount,address recipient)"                                     \
    "OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,"                         \
    "uint256 startAmount,uint256 endAmount)"
#define ZC_EIP712_SEAPORT_ORDER                                                                    \
    "OrderComponents(address offerer,address zone,OfferItem[] offer,"                              \
    "ConsiderationItem[] consideration,uint8 orderType,uint256 startTime,uint256 endTime,"         \
    "bytes32 zoneHash,uint256 salt,bytes32 conduitKey,uint256 counter)"

/* What readers read and make. */

/* Enters a struct of exactly `count` members. */
ZC_MUST_USE zc_result zc_eip712_enter(zc_reader *reader, size_t count);
ZC_MUST_USE zc_result zc_eip712_get_address(zc_reader *reader, zc_address *ret_address);
bool zc_eip712_is_zero_address(const zc_address *address);
/* A movement of a token of the domain's chain; the zero address is not the native asset. */
zc_movement zc_eip712_token_movement(const zc_eip712_meaning *meaning, zc_movement_kind kind,
                                     const zc_address *token);
/* Adds an allowance; flags one without limit. */
ZC_MUST_USE zc_result zc_eip712_add_allowance(const zc_eip712_meaning *meaning,
                                              const zc_address *token, const zc_address *owner,
                                              const zc_address *spender, const zc_u256 *amount);
/* Whether an amount is one that nobody means to use up: half of what `bits` bits can hold or more.
 */
bool zc_eip712_is_unlimited(const zc_u256 *amount);
/* When the signature ends, in Unix seconds; a time that no one will see is never. */
void zc_eip712_set_expiry(zc_intent *intent, const zc_u256 *seconds);
/* Whether a time in Unix seconds is so late that it means never. */
bool zc_eip712_is_never(const zc_u256 *seconds);
/* a · b and a + b, or the largest number. */
zc_u256 zc_eip712_mul_or_max(const zc_u256 *a, const zc_u256 *b);
zc_u256 zc_eip712_add_or_max(const zc_u256 *a, const zc_u256 *b);

#endif
