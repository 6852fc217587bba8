/* Descriptors: what a contract's method means, as data of the mission. A firm describes its own
 * contracts with them (ERC-7730 files compile to descriptors on the host), and they are measured
 * with the mission. The methods that everybody uses are in evm/ and need none.
 *
 * A descriptor names the types of the arguments (codec/abi.h), says which of them people see under
 * which label, and which value the call moves. Arguments are numbered by their place in the type
 * program: the offset of the leaf's byte. A leaf within an array stands for each of its elements.
 */
#ifndef ZC_INTENT_DESCRIPTOR_H
#define ZC_INTENT_DESCRIPTOR_H

#include "base/writer.h"
#include "codec/abi.h"
#include "intent/intent.h"

#define ZC_DESCRIPTOR_MAX_FIELDS 24
#define ZC_DESCRIPTOR_MAX_MOVEMENTS 4
#define ZC_DESCRIPTOR_NAME_SIZE 32
#define ZC_DESCRIPTOR_LABEL_SIZE 32
/* No encoding of one descriptor is longer. */
#define ZC_DESCRIPTOR_MAX_ENCODED 2048
#define ZC_SELECTOR_SIZE 4

/* In the place of an argument. */
#define ZC_DESCRIPTOR_NOTHING 0xff /* nobody; the native asset */
#define ZC_DESCRIPTOR_CALLEE 0xfe  /* the contract that is called */
#define ZC_DESCRIPTOR_CALLER 0xfd  /* who calls it */
#define ZC_DESCRIPTOR_VALUE 0xfc   /* the native value that is sent along */
/* In the place of an item: `asset` is a path (address[], or packed address, fee, address, …), and
 * its first or last token is meant. */
#define ZC_DESCRIPTOR_FIRST 0xfb
#define ZC_DESCRIPTOR_LAST 0xfa

/* How people see an argument. Numbers are in missions. */
typedef enum zc_field_format {
    ZC_FORMAT_RAW = 1,
    ZC_FORMAT_TOKEN_AMOUNT = 2, /* of the token that `token` names */
    ZC_FORMAT_NATIVE_AMOUNT = 3,
    ZC_FORMAT_ADDRESS = 4,
    ZC_FORMAT_DATE = 5,     /* Unix seconds, shown as UTC too */
    ZC_FORMAT_DURATION = 6, /* seconds */
} zc_field_format;

typedef struct zc_descriptor_field {
    uint8_t leaf;
    uint8_t format;                       /* zc_field_format */
    uint8_t token;                        /* TOKEN_AMOUNT: a leaf, or CALLEE; else NOTHING */
    char label[ZC_DESCRIPTOR_LABEL_SIZE]; /* terminated, printable ASCII */
} zc_descriptor_field;

/* Each place is a leaf or one of the words above that fits it. */
typedef struct zc_descriptor_movement {
    uint8_t kind;   /* zc_movement_kind */
    uint8_t asset;  /* a leaf, CALLEE, or NOTHING: native */
    uint8_t from;   /* a leaf, CALLEE or CALLER */
    uint8_t to;     /* the same, or NOTHING */
    uint8_t amount; /* a leaf, VALUE, or NOTHING: none (CONTROL), or one (of an NFT) */
    uint8_t item;   /* a leaf: which NFT; FIRST or LAST; else NOTHING */
} zc_descriptor_movement;

typedef struct zc_descriptor {
    uint64_t chain_id;   /* 0: any EVM chain */
    zc_address contract; /* nobody: any contract */
    uint8_t selector[ZC_SELECTOR_SIZE];
    uint8_t operation; /* zc_operation; CONTRACT_CALL where nothing else fits */
    uint8_t types_len;
    uint8_t field_count;
    uint8_t movement_count;
    uint8_t types[ZC_ABI_MAX_TYPES];
    char name[ZC_DESCRIPTOR_NAME_SIZE]; /* of the method; terminated, printable ASCII */
    zc_descriptor_field fields[ZC_DESCRIPTOR_MAX_FIELDS];
    zc_descriptor_movement movements[ZC_DESCRIPTOR_MAX_MOVEMENTS];
} zc_descriptor;

/* In ascending order of (selector, contract, chain), none twice: zc_descriptor_compare(). The array
 * is the caller's. */
typedef struct zc_descriptor_set {
    const zc_descriptor *items; /* may be NULL when the count is 0 */
    size_t count;
} zc_descriptor_set;

int zc_descriptor_compare(const zc_descriptor *a, const zc_descriptor *b);
/* Ascending, unique, and each one sound by itself (ZC_INTENT_DESCRIPTOR, ZC_CODEC_ABI_TYPES). */
ZC_MUST_USE zc_result zc_descriptor_check(const zc_descriptor *descriptor);
ZC_MUST_USE zc_result zc_descriptor_set_check(const zc_descriptor_set *set);

/* The most special entry: this contract on this chain, on any chain, any contract on this chain, on
 * any chain. NULL if there is none; `set` may be NULL. O(log n). */
const zc_descriptor *zc_descriptor_find(const zc_descriptor_set *set, uint64_t chain_id,
                                        const zc_address *contract,
                                        const uint8_t selector[static ZC_SELECTOR_SIZE]);

/* The one canonical encoding (CBOR array), as a mission holds it. Reading checks as
 * zc_descriptor_check() does. */
ZC_MUST_USE zc_result zc_descriptor_write(const zc_descriptor *descriptor, zc_writer *writer);
ZC_MUST_USE zc_result zc_descriptor_read(zc_reader *reader, zc_descriptor *ret_descriptor);

#endif
