/* Sign documents out of parts, so that each can be broken in one place. */
#ifndef ZC_TESTS_COSMOS_BUILD_H
#define ZC_TESTS_COSMOS_BUILD_H

#include "../base/cmocka_zc.h"
#include "codec/bech32.h"
#include "codec/protobuf.h"
#include "crypto/hash.h"
#include "intent/cosmos.h"

static const uint8_t own_account[20] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* The address of 20 times `name`; own_account is 1. */
static inline zc_slice address_of(uint8_t name, char room[static 64])
{
    uint8_t bytes[20];
    zc_writer writer = zc_writer_of(room, 64);
    memset(bytes, name, sizeof bytes);
    assert_ok(
        zc_bech32_write(zc_slice_of_text("cosmos"), ZC_BECH32, ZC_SLICE_OF_ARRAY(bytes), &writer));
    return zc_writer_written(&writer);
}

static inline void put_address(zc_writer *writer, uint32_t number, uint8_t name)
{
    char room[64];
    assert_ok(zc_pb_put_bytes(writer, number, address_of(name, room)));
}

static inline void put_coin(zc_writer *writer, uint32_t number, const char *denom,
                            const char *amount)
{
    zc_pb_message coin;
    zc_pb_begin(writer, number, &coin);
    assert_ok(zc_pb_put_text(writer, 1, denom));
    assert_ok(zc_pb_put_text(writer, 2, amount));
    assert_ok(zc_pb_end(writer, &coin));
}

static inline void put_any(zc_writer *writer, uint32_t number, const char *type_url, zc_slice value)
{
    zc_pb_message any;
    zc_pb_begin(writer, number, &any);
    assert_ok(zc_pb_put_text(writer, 1, type_url));
    assert_ok(zc_pb_put_bytes(writer, 2, value));
    assert_ok(zc_pb_end(writer, &any));
}

/* MsgSend of 5 uatom. */
static inline zc_slice send_of(uint8_t from, uint8_t to, uint8_t *room, size_t size)
{
    zc_writer writer = zc_writer_of(room, size);
    put_address(&writer, 1, from);
    put_address(&writer, 2, to);
    put_coin(&writer, 3, "uatom", "5");
    return zc_writer_written(&writer);
}

static inline void put_auth_info(zc_writer *writer, unsigned signers, uint64_t mode)
{
    zc_pb_message message;
    zc_pb_message part;
    zc_pb_message single;
    for (unsigned i = 0; i < signers; i++) {
        zc_pb_begin(writer, 1, &message);
        zc_pb_begin(writer, 2, &part);
        zc_pb_begin(writer, 1, &single);
        assert_ok(zc_pb_put_uint(writer, 1, mode));
        assert_ok(zc_pb_end(writer, &single));
        assert_ok(zc_pb_end(writer, &part));
        assert_ok(zc_pb_put_uint(writer, 3, 7));
        assert_ok(zc_pb_end(writer, &message));
    }
    zc_pb_begin(writer, 2, &message);
    put_coin(writer, 1, "uatom", "2000");
    assert_ok(zc_pb_put_uint(writer, 2, 200000));
    assert_ok(zc_pb_end(writer, &message));
}

/* A document around a finished body. */
static inline zc_slice doc_of(zc_slice body, unsigned signers, uint64_t mode, uint8_t *room,
                              size_t size)
{
    zc_pb_message auth_info;
    zc_writer writer = zc_writer_of(room, size);
    assert_ok(zc_pb_put_bytes(&writer, 1, body));
    zc_pb_begin(&writer, 2, &auth_info);
    put_auth_info(&writer, signers, mode);
    assert_ok(zc_pb_end(&writer, &auth_info));
    assert_ok(zc_pb_put_text(&writer, 3, "cosmoshub-4"));
    assert_ok(zc_pb_put_uint(&writer, 4, 12));
    return zc_writer_written(&writer);
}

#endif
