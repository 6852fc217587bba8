/* What every message has to withstand: the checks that need no knowledge of its fields. */
#ifndef ZC_TESTS_WIRE_CHECKS_H
#define ZC_TESTS_WIRE_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/reader.h"
#include "base/writer.h"
#include "codec/cbor.h"
#include "wire/reasons.h"

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

enum { CHECK_BUFFER = 1 << 18, CHECK_PAIRS = 32 };

/* Decodes a message and encodes what it found. */
typedef zc_result (*check_recode)(zc_slice message, zc_writer *ret_again);

typedef struct check_body {
    zc_slice before; /* everything up to the body's map */
    zc_slice pair[CHECK_PAIRS];
    size_t count;
} check_body;

/* Finds the pairs of the body: the last value of the outer map. */
static inline check_body find_body(zc_slice message)
{
    check_body body = {0};
    zc_reader reader = zc_reader_of(message);
    size_t outer;
    assert_ok(zc_cbor_get_map(&reader, 3, &outer));
    for (size_t i = 0; i < 2 * outer - 1; i++) {
        assert_ok(zc_cbor_skip(&reader));
    }
    body.before = zc_slice_of(message.data, zc_reader_offset(&reader));
    assert_ok(zc_cbor_get_map(&reader, CHECK_PAIRS, &body.count));
    for (size_t i = 0; i < body.count; i++) {
        const uint8_t *start = reader.at;
        assert_ok(zc_cbor_skip(&reader));
        assert_ok(zc_cbor_skip(&reader));
        body.pair[i] = zc_slice_of(start, (size_t)(reader.at - start));
    }
    return body;
}

/* Whether the message that these pairs make is taken. */
static inline bool takes(check_recode recode, zc_slice before, const zc_slice *pairs, size_t count)
{
    static uint8_t bytes[CHECK_BUFFER];
    static uint8_t again[CHECK_BUFFER];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer unused = ZC_WRITER_OF_ARRAY(again);
    assert_ok(zc_write_slice(&writer, before));
    assert_ok(zc_cbor_put_map(&writer, count));
    for (size_t i = 0; i < count; i++) {
        assert_ok(zc_write_slice(&writer, pairs[i]));
    }
    return zc_ok(recode(zc_writer_written(&writer), &unused));
}

static inline void check_round_trip(check_recode recode, zc_slice message)
{
    static uint8_t again[CHECK_BUFFER];
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    assert_ok(recode(message, &writer));
    assert_true(zc_slice_eq(zc_writer_written(&writer), message));
    assert_ok(zc_cbor_check_canonical(message));
}

static inline void check_cut_or_continued(check_recode recode, zc_slice message)
{
    static uint8_t copy[CHECK_BUFFER];
    zc_writer unused = ZC_WRITER_OF_ARRAY(copy);
    size_t step = message.len > 2000 ? 997 : 1;
    for (size_t len = 0; len < message.len; len += step) {
        assert_false(zc_ok(recode(zc_slice_of(message.data, len), &unused)));
    }
    static uint8_t longer[CHECK_BUFFER];
    memcpy(longer, message.data, message.len);
    longer[message.len] = 0;
    assert_fails(recode(zc_slice_of(longer, message.len + 1), &unused), ZC_BASE_TRAILING);
}

/* Fields dropped, repeated, swapped, renumbered or added. `optional` has bit k set where key k may
 * be left out. */
static inline void check_fields(check_recode recode, zc_slice message, uint64_t optional)
{
    check_body body = find_body(message);
    for (size_t i = 0; i < body.count; i++) {
        zc_slice pairs[CHECK_PAIRS + 1];
        memcpy(pairs, body.pair, sizeof body.pair);
        memmove(&pairs[i], &pairs[i + 1], (CHECK_PAIRS - 1 - i) * sizeof pairs[0]);
        bool may_miss = (optional >> body.pair[i].data[0] & 1) != 0;
        assert_int_equal(takes(recode, body.before, pairs, body.count - 1), may_miss);

        memcpy(pairs, body.pair, sizeof body.pair);
        memmove(&pairs[i + 1], &pairs[i], (body.count - i) * sizeof pairs[0]);
        assert_false(takes(recode, body.before, pairs, body.count + 1));

        if (i + 1 < body.count) {
            memcpy(pairs, body.pair, sizeof body.pair);
            pairs[i] = body.pair[i + 1];
            pairs[i + 1] = body.pair[i];
            assert_false(takes(recode, body.before, pairs, body.count));
        }
    }
    static const uint8_t extra[] = {0x17, 0x00};
    zc_slice pairs[CHECK_PAIRS + 1];
    memcpy(pairs, body.pair, sizeof body.pair);
    pairs[body.count] = ZC_SLICE_OF_ARRAY(extra);
    assert_false(takes(recode, body.before, pairs, body.count + 1));
}

static inline void check_message(check_recode recode, zc_slice message, uint64_t optional)
{
    check_round_trip(recode, message);
    check_cut_or_continued(recode, message);
    check_fields(recode, message, optional);
}

/* No room for it: the writer does not move. */
#define check_full(write, value, len)                                                              \
    do {                                                                                           \
        static uint8_t room[CHECK_BUFFER];                                                         \
        for (size_t room_len = 0; room_len<(len); room_len += (len)> 2000 ? 997 : 1) {             \
            zc_writer short_of = zc_writer_of(room, room_len);                                     \
            assert_fails(write((value), &short_of), ZC_BASE_FULL);                                 \
            assert_int_equal(zc_writer_len(&short_of), 0);                                         \
        }                                                                                          \
    } while (0)

#endif
