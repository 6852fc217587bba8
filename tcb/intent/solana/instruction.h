/* Private to the module: what one instruction does, put into the intent. */
#ifndef ZC_INTENT_SOLANA_INSTRUCTION_H
#define ZC_INTENT_SOLANA_INSTRUCTION_H

#include "intent/solana/message.h"
#include "intent/solana/methods.h"

/* What the compute budget program was told; each at most once counts, so of several the dearest. */
typedef struct zc_solana_budget {
    bool has_limit;
    uint32_t limit;
    uint64_t price;            /* millionths of a lamport for a compute unit */
    uint64_t default_limit;    /* of the instructions, where none was set */
    uint32_t extra_signatures; /* that precompiled programs check */
} zc_solana_budget;

/* A message while it is read. */
typedef struct zc_solana_reading {
    const zc_solana_message *message;
    const uint8_t *account;
    zc_intent *intent;
    zc_solana_budget budget;
    /* Of the instructions that do more than prepare: how many, what the first is, where it began.
     */
    size_t weighty;
    zc_operation operation;
    size_t first_movement;
    zc_address first_program;
} zc_solana_reading;

/* One instruction while it is read. */
typedef struct zc_solana_step {
    zc_solana_reading *reading;
    const zc_solana_instruction *instruction;
    const zc_solana_program *program;
    const zc_solana_method *method;
    uint16_t call;
    uint64_t number[ZC_SOLANA_MAX_FIELDS];
    zc_slice bytes[ZC_SOLANA_MAX_FIELDS]; /* keys and texts; empty: an option that is none */
} zc_solana_step;

ZC_MUST_USE zc_result zc_solana_read_instruction(zc_solana_reading *reading,
                                                 const zc_solana_instruction *instruction,
                                                 size_t index);

/* The method's fields, out of its data. Errors: ZC_BASE_TRUNCATED, ZC_BASE_OVERFLOW.
 * `ret_left` is how much data they leave over. */
ZC_MUST_USE zc_result zc_solana_read_fields(zc_solana_step *step, size_t *ret_left);
/* The method's movements. */
ZC_MUST_USE zc_result zc_solana_add_effects(const zc_solana_step *step);
/* The account in a place of the instruction; nobody if it has none, or a table would load it. */
zc_address zc_solana_party(const zc_solana_step *step, uint8_t place);

/* Bytes or text as an argument; long ones as their hash. */
ZC_MUST_USE zc_result zc_solana_add_bytes(zc_intent *intent, uint16_t call, const char *label,
                                          zc_argument_kind kind, zc_slice bytes);

/* The most that the network takes, as a movement of the fee payer's. */
ZC_MUST_USE zc_result zc_solana_add_fee(zc_solana_reading *reading);

#endif
