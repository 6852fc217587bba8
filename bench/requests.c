#include "requests.h"

#include <stdio.h>
#include <string.h>

#include "base/u256.h"
#include "base/writer.h"
#include "codec/rlp.h"

#define TX_TYPE 2
#define TIP UINT64_C(1500000000)
#define FEE UINT64_C(42000000000)
#define GAS UINT64_C(65000)

const uint8_t zc_bench_token[20] = {0xa0, 0xb8, 0x69, 0x91, 0xc6, 0x21, 0x8b, 0x36, 0xc1, 0xd1,
                                    0x9d, 0x4a, 0x2e, 0x9e, 0xb0, 0xce, 0x36, 0x06, 0xeb, 0x48};
const uint8_t zc_bench_recipient[20] = {0x70, 0x99, 0x79, 0x70, 0xc5, 0x18, 0x12, 0xdc, 0x3a, 0x01,
                                        0x0c, 0x7d, 0x01, 0xb5, 0x0e, 0x0d, 0x17, 0xdc, 0x79, 0xc8};

size_t zc_bench_message(uint64_t number, uint8_t ret_message[static ZC_BENCH_MESSAGE_MAX])
{
    int len = snprintf((char *)ret_message, ZC_BENCH_MESSAGE_MAX,
                       "POST /api/v3/brokerage/orders client_order_id=%016llx product_id=BTC-USD "
                       "side=BUY type=limit_gtc base_size=0.1250 limit_price=63250.10",
                       (unsigned long long)number);
    return (size_t)len;
}

/* transfer(address,uint256) */
static void write_call(const uint8_t to[static 20], uint64_t amount, uint8_t ret_call[static 68])
{
    static const uint8_t selector[4] = {0xa9, 0x05, 0x9c, 0xbb};
    zc_u256 wide = zc_u256_of(amount);
    memset(ret_call, 0, 68);
    memcpy(ret_call, selector, sizeof selector);
    memcpy(ret_call + 16, to, 20);
    zc_u256_to_be(&wide, ret_call + 36);
}

static zc_result write_fields(zc_writer *writer, uint64_t nonce, const uint8_t to[static 20],
                              zc_slice call)
{
    zc_rlp_list fields, access;
    zc_rlp_list_begin(writer, &fields);
    ZC_TRY(zc_rlp_put_u64(writer, ZC_BENCH_CHAIN));
    ZC_TRY(zc_rlp_put_u64(writer, nonce));
    ZC_TRY(zc_rlp_put_u64(writer, TIP));
    ZC_TRY(zc_rlp_put_u64(writer, FEE));
    ZC_TRY(zc_rlp_put_u64(writer, GAS));
    ZC_TRY(zc_rlp_put_string(writer, zc_slice_of(to, 20)));
    ZC_TRY(zc_rlp_put_u64(writer, 0));
    ZC_TRY(zc_rlp_put_string(writer, call));
    zc_rlp_list_begin(writer, &access);
    ZC_TRY(zc_rlp_list_end(writer, &access));
    return zc_rlp_list_end(writer, &fields);
}

static size_t write_tx(uint64_t nonce, const uint8_t to[static 20], zc_slice call, uint8_t *ret_tx,
                       size_t capacity)
{
    zc_writer writer = zc_writer_of(ret_tx, capacity);
    return zc_ok(zc_write_u8(&writer, TX_TYPE)) && zc_ok(write_fields(&writer, nonce, to, call))
               ? zc_writer_len(&writer)
               : 0;
}

size_t zc_bench_transfer(uint64_t nonce, uint8_t ret_tx[static ZC_BENCH_TX_MAX])
{
    return zc_bench_payment(nonce, zc_bench_recipient, ZC_BENCH_AMOUNT, ret_tx);
}

size_t zc_bench_payment(uint64_t nonce, const uint8_t to[static 20], uint64_t amount,
                        uint8_t ret_tx[static ZC_BENCH_TX_MAX])
{
    uint8_t call[68];
    write_call(to, amount, call);
    return write_tx(nonce, zc_bench_token, ZC_SLICE_OF_ARRAY(call), ret_tx, ZC_BENCH_TX_MAX);
}

/* One word of the ABI. */
static void put_word(uint8_t *at, uint64_t value)
{
    memset(at, 0, 32);
    for (size_t i = 0; i < 8; i++) {
        at[31 - i] = (uint8_t)(value >> (8 * i));
    }
}

/* aggregate3((address target, bool allowFailure, bytes callData)[]): each tuple has three words of
 * head, the length of its bytes, and 68 bytes padded to 96. */
size_t zc_bench_multicall(uint64_t nonce, uint8_t ret_tx[static ZC_BENCH_MULTICALL_MAX])
{
    enum { CALLS = 100, WORD = 32, TUPLE = 7 * WORD, HEAD = 4 + 2 * WORD + CALLS * WORD };
    static const uint8_t multicall3[20] = {0xca, 0x11, 0xbd, 0xe0, 0x59, 0x77, 0xb3,
                                           0x63, 0x11, 0x67, 0x02, 0x88, 0x62, 0xbe,
                                           0x2a, 0x17, 0x39, 0x76, 0xca, 0x11};
    static const uint8_t selector[4] = {0x82, 0xad, 0x56, 0xcb};
    static uint8_t call[HEAD + CALLS * TUPLE];
    memset(call, 0, sizeof call);
    memcpy(call, selector, sizeof selector);
    put_word(call + 4, WORD);
    put_word(call + 4 + WORD, CALLS);
    for (size_t i = 0; i < CALLS; i++) {
        uint8_t *tuple = call + HEAD + i * TUPLE;
        put_word(call + 4 + (2 + i) * WORD, CALLS * WORD + i * TUPLE);
        memcpy(tuple + 12, zc_bench_token, sizeof zc_bench_token);
        put_word(tuple + 2 * WORD, 3 * WORD);
        put_word(tuple + 3 * WORD, 68);
        write_call(zc_bench_recipient, ZC_BENCH_AMOUNT, tuple + 4 * WORD);
    }
    return write_tx(nonce, multicall3, ZC_SLICE_OF_ARRAY(call), ret_tx, ZC_BENCH_MULTICALL_MAX);
}
