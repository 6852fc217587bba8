/* What the benchmark asks to be signed: real payloads, each different from the last. */
#ifndef ZC_BENCH_REQUESTS_H
#define ZC_BENCH_REQUESTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define ZC_BENCH_CHAIN 1
#define ZC_BENCH_MESSAGE_MAX 256
#define ZC_BENCH_TX_MAX 256
/* Base units of USDC that each transaction sends: 125.50 USDC. */
#define ZC_BENCH_AMOUNT UINT64_C(125500000)

/* USDC on Ethereum, and whom it is sent to. */
extern const uint8_t zc_bench_token[20];
extern const uint8_t zc_bench_recipient[20];

/* An order as exchanges take them, about 150 characters, with `number` as its id. Returns its
 * length. */
size_t zc_bench_message(uint64_t number, uint8_t ret_message[static ZC_BENCH_MESSAGE_MAX]);

#define ZC_BENCH_MULTICALL_MAX 32768
/* The same with a hundred such transfers, through Multicall3's aggregate3(). */
size_t zc_bench_multicall(uint64_t nonce, uint8_t ret_tx[static ZC_BENCH_MULTICALL_MAX]);

/* An unsigned EIP-1559 transaction that sends USDC, with `nonce`. Returns its length; 0 when it
 * failed. */
size_t zc_bench_transfer(uint64_t nonce, uint8_t ret_tx[static ZC_BENCH_TX_MAX]);
/* The same to somebody else, of `amount` base units. */
size_t zc_bench_payment(uint64_t nonce, const uint8_t to[static 20], uint64_t amount,
                        uint8_t ret_tx[static ZC_BENCH_TX_MAX]);

#endif
