/* Makes PSBTs for the tests: truthful ones, and ones that lie in one place. */
#ifndef TESTS_BITCOIN_BUILD_H
#define TESTS_BITCOIN_BUILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intent/bitcoin.h"
#include "intent/bitcoin/psbt.h"

#define ROOM 8192

typedef struct test_input {
    zc_address script;
    uint64_t amount;
    uint64_t claim;     /* in the witness UTXO; 0: there is none */
    bool has_previous;  /* the previous transaction is there */
    bool is_other_txid; /* but is not the one spent */
    bool is_final;
    const uint8_t *tap_key; /* 32 bytes */
    zc_slice redeem;
    zc_slice witness_script;
    uint32_t sighash; /* 0: no record */
    bool is_twice;    /* the witness UTXO's record occurs twice */
} test_input;

typedef struct test_output {
    zc_address script;
    uint64_t amount;
    zc_slice record; /* one more record, complete */
} test_output;

typedef struct test_psbt {
    size_t input_count;
    size_t output_count;
    test_input inputs[4];
    test_output outputs[4];
    uint8_t room[ROOM];
} test_psbt;

/* Builds it, version 0, in `psbt->room`. */
zc_slice test_build(test_psbt *psbt);
/* The account of the private key `number`, on mainnet. */
zc_bitcoin_account test_account(uint8_t number);
zc_address test_script(uint8_t number, zc_bitcoin_lock lock);
/* Decodes for the account of key 1; the intent is static. */
const zc_intent *test_decode(test_psbt *psbt, zc_result *ret_result);
void test_expect_code(test_psbt *psbt, int code);
/* The movement must be of this kind and amount. */
void test_expect_movement(const zc_intent *intent, size_t at, zc_movement_kind kind,
                          uint64_t amount);
/* Inputs of key 1's P2WPKH script: a previous transaction, or a claim alone. */
test_input test_proven(uint64_t amount);
test_input test_claimed(uint64_t amount, uint64_t claim);

#endif
