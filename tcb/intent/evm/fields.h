/* Private to the module: the fields of an EVM transaction, as they stand in its bytes.
 *
 * One table a type says which fields follow each other; the signature, or EIP-155's (chain id, 0,
 * 0) in its place, comes after. */
#ifndef ZC_INTENT_EVM_FIELDS_H
#define ZC_INTENT_EVM_FIELDS_H

#include "base/reader.h"
#include "base/u256.h"
#include "intent/intent.h"

enum {
    ZC_EVM_LEGACY = 0,
    ZC_EVM_ACCESS_LIST = 1, /* EIP-2930 */
    ZC_EVM_FEE_MARKET = 2,  /* EIP-1559 */
    ZC_EVM_BLOB = 3,        /* EIP-4844 */
    ZC_EVM_SET_CODE = 4,    /* EIP-7702 */
};

typedef enum zc_evm_field {
    ZC_EVM_CHAIN_ID,
    ZC_EVM_NONCE,
    ZC_EVM_GAS_PRICE,
    ZC_EVM_GAS_TIP,
    ZC_EVM_GAS_LIMIT,
    ZC_EVM_TO,
    ZC_EVM_VALUE,
    ZC_EVM_DATA,
    ZC_EVM_ACCESSES,
    ZC_EVM_BLOB_FEE,
    ZC_EVM_BLOB_HASHES,
    ZC_EVM_AUTHORIZATIONS,
    ZC_EVM_V,
    ZC_EVM_R,
    ZC_EVM_S,
    ZC_EVM_FIELDS, /* how many there are */
} zc_evm_field;

typedef struct zc_evm_tx {
    uint8_t type;
    bool has_to;
    bool has_chain_id;
    bool is_signed;    /* v, r and s hold its signature */
    uint64_t chain_id; /* of a signed legacy transaction: from its v, by zc_evm_read_v() */
    uint64_t nonce;
    zc_u256 gas_limit;
    zc_u256 gas_price; /* EIP-1559: max fee per gas */
    zc_u256 gas_tip;
    zc_u256 value;
    uint8_t to[ZC_EVM_ADDRESS_SIZE];
    zc_slice data;
    uint32_t access_addresses;
    uint32_t access_keys;
    uint32_t blob_count;
    zc_u256 blob_fee;     /* at most, per unit of blob gas */
    zc_slice blob_hashes; /* the encoded hashes, which have been checked */
    uint32_t authorization_count;
    zc_slice authorizations; /* the encoded tuples, which have been checked */
    zc_slice body;           /* the encoded fields before EIP-155's three or the signature */
    zc_u256 v;
    zc_u256 r;
    zc_u256 s;
    uint32_t offset[ZC_EVM_FIELDS]; /* where each field begins in the transaction's bytes */
} zc_evm_tx;

/* Takes a signed or unsigned transaction apart. Every byte is accounted for; numbers are canonical
 * and fit; what the numbers say together is for zc_evm_check(). `*ret_offset` is set on failure. */
ZC_MUST_USE zc_result zc_evm_parse(zc_slice bytes, zc_evm_tx *ret_tx, size_t *ret_offset);

/* What the signature of an EIP-7702 authorization is made over begins with it. */
#define ZC_EVM_AUTHORIZATION_MAGIC 0x05

/* EIP-7702: [chain id, address, nonce], and in a transaction's list [… parity, r, s]. */
typedef struct zc_evm_authorization {
    uint64_t chain_id; /* 0: every chain */
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    uint64_t nonce;
    uint8_t parity;
    zc_u256 r;
    zc_u256 s;
    zc_slice body; /* the encoded first three */
} zc_evm_authorization;

/* The next tuple of a list; with signature. ZC_INTENT_AUTHORIZATIONS and codec errors. */
ZC_MUST_USE zc_result zc_evm_get_authorization(zc_reader *tuples, zc_evm_authorization *ret_tuple);
/* 0x05 ‖ rlp([chain id, address, nonce]), as it is signed. `*ret_offset` is set on failure. */
ZC_MUST_USE zc_result zc_evm_parse_authorization(zc_slice bytes, zc_evm_authorization *ret_tuple,
                                                 size_t *ret_offset);

/* What every node checks of the fields, and what an intent could not hold: the tip within the
 * maximum (EIP-1559), a fee within 256 bits (`ret_max_fee`, blobs included), the size of init code
 * (EIP-3860), a recipient where creation is not possible (EIP-4844, EIP-7702).
 * `*ret_offset` is set on failure. */
ZC_MUST_USE zc_result zc_evm_check(const zc_evm_tx *tx, zc_u256 *ret_max_fee, size_t *ret_offset);

/* Whether the bytes are a transaction of any type, signed or not, with blobs or without, or an
 * EIP-7702 authorization. */
bool zc_evm_is_transaction(zc_slice bytes);

#endif
