/* Private to the module: the values of typed data, their hash and what they say. */
#ifndef ZC_INTENT_EIP712_VALUES_H
#define ZC_INTENT_EIP712_VALUES_H

#include "intent/eip712/types.h"

#define ZC_EIP712_WORD 32
/* Words that wait to be hashed: values, and the typeHash of each open struct. */
#define ZC_EIP712_MAX_WORDS (ZC_TYPED_DATA_MAX_VALUES + ZC_TYPED_DATA_MAX_DEPTH)

/* One computation. Texts of types are hashed before the first value is read, in the same room. */
typedef struct zc_eip712 {
    unsigned semantics;
    size_t values_left;
    size_t blocks_left;
    const uint8_t *fault; /* of an error: where in the form */
    zc_eip712_types types;
    size_t words;
    uint8_t room[ZC_EIP712_MAX_WORDS * ZC_EIP712_WORD];
} zc_eip712;

/* A value that is neither struct nor array. */
typedef struct zc_eip712_leaf {
    zc_u256 number; /* UINT, INT, BOOL */
    zc_slice bytes; /* the others */
} zc_eip712_leaf;

/* Keccak-256 within what may still be hashed: ZC_INTENT_TYPED_TOO_LARGE beyond. */
ZC_MUST_USE zc_result zc_eip712_hash(zc_eip712 *run, zc_slice bytes, uint8_t ret_hash[static 32]);

/* Computes the hash of every type in the table. */
ZC_MUST_USE zc_result zc_eip712_hash_types(zc_eip712 *run);

/* Reads one leaf and holds it against its type. */
ZC_MUST_USE zc_result zc_eip712_leaf_read(zc_reader *reader, const zc_eip712_member *member,
                                          zc_eip712_leaf *ret_leaf);
/* Its encodeData: 32 bytes. */
ZC_MUST_USE zc_result zc_eip712_leaf_encode(zc_eip712 *run, const zc_eip712_member *member,
                                            const zc_eip712_leaf *leaf,
                                            uint8_t ret_word[static ZC_EIP712_WORD]);
/* Adds it to the intent's arguments; flags a partial decoding when there is no room. */
void zc_eip712_leaf_show(const zc_eip712_member *member, const zc_eip712_leaf *leaf,
                         const char *label, zc_intent *intent);
/* The same of a number, and of bytes or a text. */
void zc_eip712_show_number(const char *label, uint64_t number, zc_intent *intent);
void zc_eip712_show_bytes(const char *label, zc_argument_kind kind, zc_slice bytes,
                          zc_intent *intent);

/* hashStruct of the value of type `index`, which stands next in the form; its leaves become
 * arguments under their paths, behind `prefix` ("domain:" or nothing). */
ZC_MUST_USE zc_result zc_eip712_hash_struct(zc_eip712 *run, zc_reader *reader, size_t index,
                                            const char *prefix, zc_intent *intent,
                                            uint8_t ret_hash[static 32]);

#endif
