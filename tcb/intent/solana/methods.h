/* Private to the module: what the instructions of known programs take and do, as data.
 *
 * A method names its accounts and the fields of its data in order, and what it moves. One loop
 * (instruction.c) reads them all. Layouts are those of the programs' own sources: bincode
 * (little-endian, texts behind 64-bit lengths, options behind one byte) and SPL Token's packing. */
#ifndef ZC_INTENT_SOLANA_METHODS_H
#define ZC_INTENT_SOLANA_METHODS_H

#include "intent/intent.h"

#define ZC_SOLANA_MAX_FIELDS 6
#define ZC_SOLANA_MAX_ROLES 8
#define ZC_SOLANA_MAX_EFFECTS 2

typedef enum zc_solana_kind {
    ZC_SOLANA_END = 0,
    ZC_SOLANA_U8,
    ZC_SOLANA_U32,
    ZC_SOLANA_U64,
    ZC_SOLANA_I64,
    ZC_SOLANA_KEY,
    ZC_SOLANA_TEXT, /* behind a 64-bit length */
    ZC_SOLANA_KEYS, /* behind a 64-bit count */
    ZC_SOLANA_OPTION_U64,
    ZC_SOLANA_OPTION_I64,
    ZC_SOLANA_OPTION_KEY,
} zc_solana_kind;

typedef struct zc_solana_field {
    zc_solana_kind kind;
    const char *label;
} zc_solana_field;

/* Where a party or an amount of an effect stands: an account of the instruction, or one of the
 * fields of its data. */
#define ZC_SOLANA_FIELD(i) ((uint8_t)(0x40 | (i)))
#define ZC_SOLANA_NOBODY 0xff
/* An amount that only the chain knows: all that there is. */
#define ZC_SOLANA_ALL 0xfe
/* A movement without amount. */
#define ZC_SOLANA_NONE 0xfd
/* The rent of a token account, which SPL Token's fixed size makes a constant. */
#define ZC_SOLANA_RENT 0xfc

typedef enum zc_solana_asset {
    ZC_SOLANA_LAMPORTS = 0,
    ZC_SOLANA_OF_MINT,   /* `mint` is the account that names it */
    ZC_SOLANA_OF_SOURCE, /* only the token account `mint` is known */
} zc_solana_asset;

typedef struct zc_solana_effect {
    uint8_t kind; /* zc_movement_kind; 0: no effect */
    uint8_t asset;
    uint8_t mint;
    uint8_t from;
    uint8_t to;
    uint8_t authority; /* who must sign for it: another one's makes it a PULL */
    uint8_t amount;
} zc_solana_effect;

typedef struct zc_solana_method {
    uint8_t id;
    uint8_t sub; /* second byte, of SPL Token-2022's extensions */
    bool has_sub;
    bool only_2022; /* Token-2022 has it, SPL Token has not */
    uint8_t least;  /* accounts, without which no chain runs it */
    uint8_t operation;
    uint64_t flags;
    const char *name;
    const char *role[ZC_SOLANA_MAX_ROLES]; /* of accounts that are shown as arguments */
    zc_solana_field field[ZC_SOLANA_MAX_FIELDS];
    zc_solana_effect effect[ZC_SOLANA_MAX_EFFECTS];
} zc_solana_method;

/* Programs that the loop does not read by a table, or which say something about the fee. */
typedef enum zc_solana_special {
    ZC_SOLANA_ORDINARY = 0,
    ZC_SOLANA_SYSTEM,
    ZC_SOLANA_BUDGET,
    ZC_SOLANA_MEMO,
    ZC_SOLANA_ASSOCIATED,
    ZC_SOLANA_TOKEN,
    ZC_SOLANA_TOKEN_2022,
    ZC_SOLANA_PRECOMPILE, /* verifies signatures, which cost like those of the transaction */
} zc_solana_special;

typedef struct zc_solana_program {
    uint8_t key[32];
    const char *name;
    uint8_t id_size; /* of a method's id: 4 (bincode), 1 (packed), 0: see zc_solana_special */
    bool is_builtin; /* part of the validator: cheaper by default */
    zc_solana_special special;
    const zc_solana_method *methods; /* NULL: none */
    const size_t *method_count;
} zc_solana_program;

extern const zc_solana_method zc_solana_system_methods[];
extern const size_t zc_solana_system_count;
extern const zc_solana_method zc_solana_token_methods[];
extern const size_t zc_solana_token_count;
extern const zc_solana_method zc_solana_stake_methods[];
extern const size_t zc_solana_stake_count;
extern const zc_solana_method zc_solana_vote_methods[];
extern const size_t zc_solana_vote_count;
extern const zc_solana_method zc_solana_loader_methods[];
extern const size_t zc_solana_loader_count;
extern const zc_solana_method zc_solana_table_methods[];
extern const size_t zc_solana_table_count;
extern const zc_solana_method zc_solana_budget_methods[];
extern const size_t zc_solana_budget_count;
extern const zc_solana_method zc_solana_associated_methods[];
extern const size_t zc_solana_associated_count;

/* NULL for a program that is not known. */
const zc_solana_program *zc_solana_find_program(const uint8_t key[static 32]);
/* NULL for a method that the program's table lacks. */
const zc_solana_method *zc_solana_find_method(const zc_solana_program *program, zc_slice data);

#endif
