/* EIP-712 typed data, and EIP-191's data for a validator: what a key signs that is no transaction,
 * but has a shape.
 *
 * Wallets give typed data as JSON. The enclave has no JSON reader: the host (support/typed_data.h)
 * turns it into the form below, and all that is signed is computed from this form here. It is
 * deterministic CBOR, and there is one form for each thing that can be signed:
 *
 *   [ 1,                                  this version of the form
 *     semantics,                          3 or 4: eth_signTypedData_v3 or _v4
 *     [ [name, [ [member, type] … ] ] … ],  the types, names ascending bytewise, members in order
 *     primary type,
 *     domain,                             the value of the type EIP712Domain
 *     message ]                           the value of the primary type; null when that is
 *                                         EIP712Domain: then the domain alone is signed
 *
 * Every type that is there is used by the primary type or by EIP712Domain, which is always there.
 * Values follow their types:
 *
 *   uintN    byte string, shortest big-endian          struct   array of its members' values
 *   intN     the same, two's complement of 256 bits    T[n]     array of n values of T
 *   bytesN   byte string of N bytes                    T[]      array of any number of them
 *   bytes    byte string                               bool     false, true
 *   address  byte string of 20 bytes                   string   text (UTF-8)
 *
 * A null is a struct that is not there. Under _v4 its hash is 32 zero bytes; under _v3, which knows
 * no arrays, any member may be not there, and is then left out of the encoding.
 *
 * Nothing allocates or recurses; all input is public. */
#ifndef ZC_INTENT_TYPED_DATA_H
#define ZC_INTENT_TYPED_DATA_H

#include "intent/descriptor.h"
#include "intent/intent.h"

#define ZC_TYPED_DATA_MAX_SIZE 65536
#define ZC_TYPED_DATA_MAX_TYPES 64
#define ZC_TYPED_DATA_MAX_MEMBERS 64      /* of one type */
#define ZC_TYPED_DATA_MAX_ALL_MEMBERS 512 /* of all types */
#define ZC_TYPED_DATA_MAX_NAME 128        /* characters of the name of a type or a member */
/* Structs and arrays inside each other; the message itself is the first. */
#define ZC_TYPED_DATA_MAX_DEPTH 16
/* Values of all kinds, structs and arrays included. */
#define ZC_TYPED_DATA_MAX_VALUES 1024
/* Blocks of Keccak that one digest may take: a bound of time, a good half of a millisecond. */
#define ZC_TYPED_DATA_MAX_BLOCKS 1280

/* What the caller knows: where the signature is meant to be used, and the mission's descriptors for
 * calls that the data carries (a Safe's), or NULL. */
typedef struct zc_typed_data_expectation {
    bool has_chain;
    bool has_contract;
    uint64_t chain;
    uint8_t contract[ZC_EVM_ADDRESS_SIZE];
    const zc_descriptor_set *descriptors;
} zc_typed_data_expectation;

/* Decodes typed data that `account` would sign. Of the intent:
 *
 *   digest     Keccak-256(0x19 01 ‖ hashStruct(domain) ‖ hashStruct(message))
 *   chain_id   the domain's, unless it names none
 *   to         the domain's verifying contract, unless it names none
 *   arguments  first "type:name" (the primary type) and "type:hash" (its typeHash); then the
 *              domain's members as "domain:chainId" …; then each leaf of the message under its
 * path: "details[0].token". No member can be named so that it passes for one of the first two
 * kinds. An array without elements is the number 0 under "path.length()", a null an empty byte
 * string. A path that is too long loses its beginning: "..details.token" movements  where the
 * structure is one of those that are known, by its exact encodeType
 *
 * Flags: OPEN_DOMAIN when chain or contract are not named; WRONG_DOMAIN when they are not what is
 * expected, or the domain is not EIP-712's own (its five members, their types, their order);
 * PARTIAL_DECODE when there are more arguments than an intent holds, or a known structure says what
 * is not understood; others as the structure's meaning wants them.
 *
 * `expected` and `ret_offset` may be NULL. Errors: those of codec/cbor.h and ZC_INTENT_TYPED_…;
 * outputs are then untouched but `ret_offset`, which holds the place of the fault, and the intent,
 * which is reset. */
ZC_MUST_USE zc_result zc_intent_decode_typed_data(zc_slice form,
                                                  const uint8_t account[static ZC_EVM_ADDRESS_SIZE],
                                                  const zc_typed_data_expectation *expected,
                                                  zc_intent *ret_intent, size_t *ret_offset);

/* EIP-191 version 0x00: `data` for the contract `validator`, which alone knows what it means.
 * Digest Keccak-256(0x19 00 ‖ validator ‖ data). The intent borrows `data`; it is an OPEN_DOMAIN
 * without a chain, and UNREADABLE_MESSAGE unless it is plain text. Errors: ZC_INTENT_TOO_LONG. */
ZC_MUST_USE zc_result zc_intent_decode_validator_data(
    zc_slice data, const uint8_t validator[static ZC_EVM_ADDRESS_SIZE],
    const uint8_t account[static ZC_EVM_ADDRESS_SIZE], zc_intent *ret_intent);

#endif
