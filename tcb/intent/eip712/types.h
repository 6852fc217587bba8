/* Private to the module: the types of EIP-712 typed data.
 *
 * The table borrows the form. Once zc_eip712_types_read() has succeeded, everything in it is sound:
 * names are plain, every member's type is known, every struct type is used, and each has its hash.
 */
#ifndef ZC_INTENT_EIP712_TYPES_H
#define ZC_INTENT_EIP712_TYPES_H

#include "base/reader.h"
#include "intent/typed_data.h"

typedef enum zc_eip712_kind {
    ZC_EIP712_UINT = 1,
    ZC_EIP712_INT,
    ZC_EIP712_BYTES_N,
    ZC_EIP712_BYTES,
    ZC_EIP712_STRING,
    ZC_EIP712_ADDRESS,
    ZC_EIP712_BOOL,
    ZC_EIP712_STRUCT,
} zc_eip712_kind;

typedef struct zc_eip712_member {
    zc_slice name;
    zc_slice type; /* as it is written: "Person[2][]" */
    zc_eip712_kind kind;
    uint8_t width;       /* bytes of a UINT, INT or BYTES_N */
    uint8_t struct_type; /* index of a STRUCT's type */
    uint8_t dims;        /* of an array: how deep; 0: none */
    uint16_t first_dim;  /* in zc_eip712_types.dim, in the order of the text */
} zc_eip712_member;

typedef struct zc_eip712_type {
    zc_slice name;
    uint16_t first; /* in zc_eip712_types.member */
    uint16_t count;
    uint64_t uses; /* bit i: type i is used, itself or by what it uses */
    uint8_t hash[32];
} zc_eip712_type;

typedef struct zc_eip712_types {
    size_t count;
    size_t member_count;
    size_t dim_count;
    zc_eip712_type type[ZC_TYPED_DATA_MAX_TYPES];
    zc_eip712_member member[ZC_TYPED_DATA_MAX_ALL_MEMBERS];
    uint32_t dim[ZC_TYPED_DATA_MAX_ALL_MEMBERS]; /* elements; 0: any number */
    uint8_t domain;                              /* index of EIP712Domain */
    uint8_t primary;                             /* index of the primary type */
} zc_eip712_types;

/* Reads the list of types and the primary type's name, which stand next in the form. Hashes are not
 * yet there. On failure `*ret_fault` is where in the form the fault is. */
ZC_MUST_USE zc_result zc_eip712_types_read(zc_reader *reader, zc_eip712_types *ret_types,
                                           const uint8_t **ret_fault);

/* The index of a type, or -1. */
int zc_eip712_type_find(const zc_eip712_types *types, zc_slice name);

/* encodeType: the type itself, then all that it uses in the order of their names. Errors:
 * ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_eip712_encode_type(const zc_eip712_types *types, size_t index,
                                            zc_writer *writer);

/* Reads the type of a member as it is written, without looking up structs: a name that is none of
 * EIP-712's own types comes back as a STRUCT with `ret_base`. Dimensions are appended to `types`.
 */
ZC_MUST_USE zc_result zc_eip712_type_parse(zc_slice text, zc_eip712_types *types,
                                           zc_eip712_member *ret_member, zc_slice *ret_base);
/* Whether a name may stand for a struct type or a member, and is not too long. Hyperliquid's types
 * have a colon in their names. */
bool zc_eip712_name_is_good(zc_slice name, bool of_type);

#endif
