/* Solidity's contract ABI (Contract ABI Specification, "Formal Specification of the Encoding").
 *
 * First, single words of 32 bytes: each read takes one. A word with bits set outside its value is
 * refused (ZC_CODEC_ABI_DIRTY): contracts differ in whether they ignore such bits, so what the call
 * does is not known. Other errors: ZC_BASE_TRUNCATED. A read that fails leaves the reader where it
 * was.
 *
 * Then whole encodings of any type, driven by type programs: a walk yields leaf after leaf. It
 * takes only the encoding that every compiler and library writes: heads, then tails in their order,
 * without gap, overlap or sharing, padding zero. So each byte belongs to exactly one value. */
#ifndef ZC_CODEC_ABI_H
#define ZC_CODEC_ABI_H

#include "base/reader.h"
#include "base/u256.h"
#include "codec/reasons.h"

#define ZC_ABI_WORD 32

ZC_MUST_USE zc_result zc_abi_get_word(zc_reader *reader, uint8_t ret_word[static ZC_ABI_WORD]);
ZC_MUST_USE zc_result zc_abi_get_u256(zc_reader *reader, zc_u256 *ret_value);
ZC_MUST_USE zc_result zc_abi_get_u64(zc_reader *reader, uint64_t *ret_value);
ZC_MUST_USE zc_result zc_abi_get_address(zc_reader *reader, uint8_t ret_address[static 20]);
ZC_MUST_USE zc_result zc_abi_get_bool(zc_reader *reader, bool *ret_value);

/* A type program: the types of the arguments one after the other, each in prefix form.
 *
 *   0x01…0x20  uint8 … uint256        0x61  address     0x70 t    t[]
 *   0x21…0x40  int8 … int256          0x62  bool        0x71 n t  t[n], n of 1…255
 *   0x41…0x60  bytes1 … bytes32       0x63  bytes       0x72 n …  a tuple of n types
 *                                     0x64  string */
enum {
    ZC_ABI_UINT = 0x00, /* + bytes */
    ZC_ABI_INT = 0x20,
    ZC_ABI_FIXED = 0x40,
    ZC_ABI_ADDRESS = 0x61,
    ZC_ABI_BOOL = 0x62,
    ZC_ABI_BYTES = 0x63,
    ZC_ABI_STRING = 0x64,
    ZC_ABI_ARRAY = 0x70,
    ZC_ABI_ARRAY_OF = 0x71,
    ZC_ABI_TUPLE = 0x72,
};
#define ZC_ABI_UINT256 (ZC_ABI_UINT + 32)
#define ZC_ABI_BYTES32 (ZC_ABI_FIXED + 32)

#define ZC_ABI_MAX_TYPES 96
#define ZC_ABI_MAX_DEPTH 8
/* Words that a type may take in its head; and elements of one array in the data. */
#define ZC_ABI_MAX_HEAD 1024
#define ZC_ABI_MAX_ELEMENTS 1024

/* What follows from the types: of each type, by its offset in the program. */
typedef struct zc_abi_shape {
    uint8_t end;     /* offset behind it; 0 where no type begins */
    uint8_t height;  /* types within types; 0 of elementary ones */
    bool is_dynamic; /* its head is an offset, its value in the tail */
    uint16_t words;  /* of its head */
} zc_abi_shape;

/* Checks a program and works out its shapes (entries where no type begins keep what they had).
 * ZC_CODEC_ABI_TYPES when it is not well formed or passes a limit. */
ZC_MUST_USE zc_result zc_abi_shape_types(zc_slice types,
                                         zc_abi_shape ret_shape[static ZC_ABI_MAX_TYPES]);
/* Whether a byte of a program is an elementary type. */
static inline bool zc_abi_is_leaf(uint8_t type)
{
    return type >= 1 && type <= ZC_ABI_STRING;
}

/* One value of an elementary type. */
typedef struct zc_abi_leaf {
    uint8_t at;     /* offset of its type in the program */
    uint8_t type;   /* ZC_ABI_… */
    uint8_t arrays; /* that hold it */
    uint16_t index; /* element of the innermost of them */
    zc_slice value; /* a word; of bytes and strings their content */
} zc_abi_leaf;

/* One tuple or array whose items are being read. */
typedef struct zc_abi_frame {
    bool is_array;
    uint8_t type;   /* offset of the type of the next item */
    uint8_t arrays; /* that hold the items, this one included */
    uint16_t index; /* of the element, of the innermost array, that holds the items; of an array:
                       of the next item */
    uint16_t left;  /* items to come */
    size_t base;    /* what offsets count from */
    size_t head;    /* where the next item's head is */
} zc_abi_frame;

typedef struct zc_abi_walk {
    zc_slice types;
    zc_slice data;
    size_t tail;    /* where the next tail begins: heads and tails before it are accounted for */
    uint32_t words; /* of the heads of all types together */
    uint16_t items; /* types that stand side by side */
    uint8_t depth;  /* open frames */
    bool is_flat;   /* nothing but words side by side */
    zc_abi_shape shape[ZC_ABI_MAX_TYPES];
    zc_abi_frame frame[ZC_ABI_MAX_DEPTH + 1];
} zc_abi_walk;

/* `data` is what follows the selector; both slices are borrowed. Fails on types as
 * zc_abi_shape_types() does, and where not even the heads are there (ZC_BASE_TRUNCATED). */
ZC_MUST_USE zc_result zc_abi_walk_begin(zc_abi_walk *walk, zc_slice types, zc_slice data);
/* The same types once more, over other data. The walk has been begun, and not failed on its types.
 */
ZC_MUST_USE zc_result zc_abi_walk_again(zc_abi_walk *walk, zc_slice data);
/* The next leaf; `*ret_more` is false after the last. Errors: ZC_BASE_TRUNCATED,
 * ZC_CODEC_ABI_DIRTY, ZC_CODEC_ABI_OFFSET (not where the standard encoding has the value),
 * ZC_CODEC_TOO_MANY elements. */
ZC_MUST_USE zc_result zc_abi_walk_next(zc_abi_walk *walk, zc_abi_leaf *ret_leaf, bool *ret_more);
/* All leaves that are to come, at most `max`, in one go: what a walk with zc_abi_walk_next()
 * yields, for less. Errors: those, and ZC_CODEC_TOO_MANY leaves; the array may then hold some of
 * them. */
ZC_MUST_USE zc_result zc_abi_walk_all(zc_abi_walk *walk, size_t max, zc_abi_leaf *ret_leaves,
                                      size_t *ret_count);
/* Bytes behind the last value, once the walk is over. */
size_t zc_abi_walk_left(const zc_abi_walk *walk);

#endif
