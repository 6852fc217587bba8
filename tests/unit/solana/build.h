/* Messages of a few bytes, so that each can be broken in one place. */
#ifndef ZC_TESTS_SOLANA_BUILD_H
#define ZC_TESTS_SOLANA_BUILD_H

#include "../base/cmocka_zc.h"
#include "base/writer.h"
#include "crypto/hash.h"
#include "intent/solana.h"

/* Accounts are named by one byte: key(7) is 32 times 7. The key of the account that signs is 1. */
static inline const uint8_t *key_of(uint8_t name)
{
    static uint8_t keys[256][32];
    memset(keys[name], name, 32);
    return keys[name];
}

static const uint8_t program_system[32] = {0};
static const uint8_t program_token[32] = {
    0x06, 0xdd, 0xf6, 0xe1, 0xd7, 0x65, 0xa1, 0x93, 0xd9, 0xcb, 0xe1, 0x46, 0xce, 0xeb, 0x79, 0xac,
    0x1c, 0xb4, 0x85, 0xed, 0x5f, 0x5b, 0x37, 0x91, 0x3a, 0x8c, 0xf5, 0x85, 0x7e, 0xff, 0x00, 0xa9};
static const uint8_t program_budget[32] = {
    0x03, 0x06, 0x46, 0x6f, 0xe5, 0x21, 0x17, 0x32, 0xff, 0xec, 0xad, 0xba, 0x72, 0xc3, 0x9b,
    0xe7, 0xbc, 0x8c, 0xe5, 0xbb, 0xc5, 0xf7, 0x12, 0x6b, 0x2c, 0x43, 0x9b, 0x3a, 0x40};
static const uint8_t program_memo[32] = {
    0x05, 0x4a, 0x53, 0x5a, 0x99, 0x29, 0x21, 0x06, 0x4d, 0x24, 0xe8, 0x71, 0x60, 0xda, 0x38, 0x7c,
    0x7c, 0x35, 0xb5, 0xdd, 0xbc, 0x92, 0xbb, 0x81, 0xe4, 0x1f, 0xa8, 0x40, 0x41, 0x05, 0x44, 0x8d};

/* A message whose accounts are 1 … `accounts` and then the program. */
typedef struct sketch {
    bool versioned;
    uint8_t required; /* 0: 1 */
    uint8_t accounts;
    const uint8_t *program;
    const char *indices; /* of the one instruction, each a byte */
    size_t index_count;
    const uint8_t *data;
    size_t data_len;
    const uint8_t *tables; /* what follows the instructions of a version 0 message */
    size_t tables_len;
} sketch;

static inline zc_slice build(const sketch *self, uint8_t *room, size_t size)
{
    zc_writer writer = zc_writer_of(room, size);
    if (self->versioned) {
        assert_ok(zc_write_u8(&writer, 0x80));
    }
    assert_ok(zc_write_u8(&writer, self->required == 0 ? 1 : self->required));
    assert_ok(zc_write_u8(&writer, 0));
    assert_ok(zc_write_u8(&writer, 1));
    assert_ok(zc_write_u8(&writer, (uint8_t)(self->accounts + 1)));
    for (uint8_t i = 1; i <= self->accounts; i++) {
        assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(i), 32)));
    }
    assert_ok(zc_write_slice(&writer, zc_slice_of(self->program, 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(0xbb), 32)));
    assert_ok(zc_write_u8(&writer, 1));
    assert_ok(zc_write_u8(&writer, self->accounts));
    assert_ok(zc_write_u8(&writer, (uint8_t)self->index_count));
    assert_ok(zc_write_slice(&writer, zc_slice_of(self->indices, self->index_count)));
    assert_ok(zc_write_u8(&writer, (uint8_t)self->data_len));
    assert_ok(zc_write_slice(&writer, zc_slice_of(self->data, self->data_len)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(self->tables, self->tables_len)));
    return zc_writer_written(&writer);
}

#define SKETCH(program_, accounts_, indices_, data_)                                               \
    {                                                                                              \
        .accounts = (accounts_), .program = (program_), .indices = (indices_),                     \
        .index_count = sizeof(indices_) - 1, .data = (data_), .data_len = sizeof(data_)            \
    }

#endif
