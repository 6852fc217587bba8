/* Private to the module: a Solana message taken apart, before anybody asks what it does.
 *
 * zc_solana_parse() holds a message to everything that a validator's own sanitising holds it to, so
 * what comes after may trust each index. Everything borrows the input. */
#ifndef ZC_INTENT_SOLANA_MESSAGE_H
#define ZC_INTENT_SOLANA_MESSAGE_H

#include "base/reader.h"
#include "intent/reasons.h"
#include "intent/solana.h"

/* Indices are one byte. */
#define ZC_SOLANA_MAX_ACCOUNTS 256

typedef struct zc_solana_message {
    zc_slice bytes;
    bool is_versioned; /* version 0; else legacy */
    uint8_t required;  /* signatures; the first of them is the fee payer's */
    uint8_t readonly_signed;
    uint8_t readonly_unsigned;
    size_t key_count;     /* accounts that the message names itself */
    size_t account_count; /* with those that address tables load */
    size_t table_count;
    size_t instruction_count;
    zc_slice keys;
    zc_slice blockhash;
    zc_reader instructions; /* stands at the first; offsets count from the message's start */
    zc_reader tables;       /* the same of the tables */
} zc_solana_message;

typedef struct zc_solana_instruction {
    size_t program;    /* index of a key */
    zc_slice accounts; /* one index a byte, each below account_count */
    zc_slice data;
} zc_solana_instruction;

/* compact-u16 in its shortest form: ZC_INTENT_SOLANA_COMPACT. */
ZC_MUST_USE zc_result zc_solana_read_compact(zc_reader *reader, size_t *ret_value);
/* `ret_offset` holds the offset of the fault on failure. */
ZC_MUST_USE zc_result zc_solana_parse(zc_slice bytes, zc_solana_message *ret_message,
                                      size_t *ret_offset);
/* The next instruction; the caller counts them. */
ZC_MUST_USE zc_result zc_solana_next(zc_reader *instructions,
                                     zc_solana_instruction *ret_instruction);
/* An account that the message names itself; empty for one that a table would load. */
zc_slice zc_solana_key(const zc_solana_message *message, size_t index);
/* Which entry of which table a loaded account is: 32 bytes of the table's key and the index. */
void zc_solana_table_entry(const zc_solana_message *message, size_t index,
                           uint8_t ret_entry[static ZC_SOLANA_KEY_SIZE + 1]);
/* The place of `key` among the signers; false if it is none of them. */
bool zc_solana_signer_index(const zc_solana_message *message, const uint8_t *key,
                            size_t *ret_index);
bool zc_solana_is_signer(const zc_solana_message *message, size_t index);

#endif
