/* From a file's content to what the enclave reads: the forms in which people hold transactions of
 * each chain (hexadecimal, base64, base58, JSON, or the bytes themselves). */
#ifndef ZC_ZCP_PAYLOAD_FORM_H
#define ZC_ZCP_PAYLOAD_FORM_H

#include "intent/payload.h"
#include "invocation.h"
#include "support/bytes.h"

/* What --chain says. */
typedef struct zc_chain_choice {
    bool is_typed_data; /* eip712 */
    bool has_chain;     /* a network or venue was named too */
    zc_family family;
    uint64_t chain_id;
} zc_chain_choice;

/* Reads evm, eip712, bitcoin[-test|-regtest], solana, cosmos[:<id>], venue:<name>; `missing` where
 * the option is not given. Returns the exit code. */
int zc_chain_option(const zc_invocation *invocation, zc_family missing,
                    zc_chain_choice *ret_choice);

/* Turns the content of a transaction's file into the payload, in place. What reads as a transaction
 * of its chain is taken for it, in this order: hexadecimal, base64, base58, the bytes themselves.
 * Of a Solana transaction with signatures the message is taken. Typed data and orders are JSON.
 * Returns the exit code. */
int zc_payload_form(const zc_invocation *invocation, const zc_chain_choice *choice,
                    zc_bytes *payload);

#endif
