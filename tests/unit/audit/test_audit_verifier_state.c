/* A checker that was written and read back checks on as if never left. */
#include "audit/verifier_state.h"

#include <string.h>

#include "log_maker.h"
#include "unit.h"

#define ENTRIES 400

static made_entry made[ENTRIES];
static zc_audit_verifier whole;
static zc_audit_verifier part;
#define KEYS 8
static uint64_t whole_keys[ZC_AUDIT_KEYS_SIZE(KEYS) / sizeof(uint64_t)];
static uint64_t part_keys[ZC_AUDIT_KEYS_SIZE(KEYS) / sizeof(uint64_t)];
static uint8_t bytes[ZC_AUDIT_VERIFIER_STATE_MAX(MAKER_KEYS)];

static zc_result feed(zc_audit_verifier *verifier, const made_entry *entry)
{
    zc_audit_entry unused;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    return zc_audit_verifier_feed(verifier, made_slice(entry), &unused, leaf);
}

static zc_slice write_it(const zc_audit_verifier *verifier)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_ok(zc_audit_verifier_write(verifier, &writer));
    return zc_writer_written(&writer);
}

static void read__after_any_entry__takes_the_rest_and_nothing_else(void **state)
{
    (void)state;
    uint8_t left[32];
    uint8_t right[32];
    zc_audit_verifier_reset(&whole);
    for (size_t i = 0; i < ENTRIES; i++) {
        assert_ok(feed(&whole, &made[i]));
        zc_reader reader = zc_reader_of(write_it(&whole));
        assert_ok(zc_audit_verifier_read(&part, &reader));
        assert_int_equal(zc_reader_left(&reader), 0);
        for (size_t next = i + 1; next < ENTRIES && next < i + 12; next++) {
            assert_ok(feed(&part, &made[next]));
        }
        if (i + 2 < ENTRIES) { /* one left out */
            zc_reader again = zc_reader_of(write_it(&whole));
            assert_ok(zc_audit_verifier_read(&part, &again));
            assert_fails(feed(&part, &made[i + 2]), ZC_AUDIT_BAD_SEQUENCE);
        }
    }
    zc_reader reader = zc_reader_of(write_it(&whole));
    assert_ok(zc_audit_verifier_read(&part, &reader));
    zc_audit_log_root(&whole.log, left);
    zc_audit_log_root(&part.log, right);
    assert_memory_equal(left, right, sizeof left);
}

static void read__every_prefix_and_changed_byte__is_refused_or_a_state(void **state)
{
    (void)state;
    zc_audit_verifier_reset(&whole);
    for (size_t i = 0; i < 100; i++) {
        assert_ok(feed(&whole, &made[i]));
    }
    zc_slice good = write_it(&whole);
    for (size_t len = 0; len < good.len; len++) {
        zc_reader reader = zc_reader_of(zc_slice_of(good.data, len));
        zc_result taken = zc_audit_verifier_read(&part, &reader);
        assert_int_not_equal(taken.code, 0);
        assert_int_equal(zc_reader_left(&reader), len);
        assert_int_equal(part.log.next, 0);
        assert_int_equal(part.keys.count, 0);
    }
    for (size_t i = 0; i < good.len * 8; i++) {
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        zc_reader reader = zc_reader_of(good);
        if (zc_ok(zc_audit_verifier_read(&part, &reader))) {
            assert_true(part.keys.count <= MAKER_KEYS);
            (void)!zc_ok(feed(&part, &made[100]));
        }
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

/* More keys than there is room for, and the same key twice. */
static void read__keys_that_do_not_fit__are_refused(void **state)
{
    (void)state;
    static uint64_t few[ZC_AUDIT_KEYS_SIZE(2) / sizeof(uint64_t)];
    zc_audit_verifier small;
    zc_audit_verifier_reset(&whole);
    for (size_t i = 0; i < 100; i++) {
        assert_ok(feed(&whole, &made[i]));
    }
    assert_int_equal(whole.keys.count, MAKER_KEYS);
    zc_audit_verifier_init(&small, few, 2);
    zc_reader reader = zc_reader_of(write_it(&whole));
    assert_int_not_equal(zc_audit_verifier_read(&small, &reader).code, 0);
    assert_int_equal(small.keys.count, 0);
    memcpy(whole.keys.track[1].id, whole.keys.track[0].id, sizeof whole.keys.track[0].id);
    zc_reader twice = zc_reader_of(write_it(&whole));
    assert_fails(zc_audit_verifier_read(&part, &twice), ZC_AUDIT_KEY_REPEATED);
}

static int make_log(void **state)
{
    (void)state;
    log_maker maker;
    zc_audit_verifier_init(&whole, whole_keys, KEYS);
    zc_audit_verifier_init(&part, part_keys, KEYS);
    maker_init(&maker);
    maker_fill(&maker, made, ENTRIES);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__after_any_entry__takes_the_rest_and_nothing_else),
        cmocka_unit_test(read__every_prefix_and_changed_byte__is_refused_or_a_state),
        cmocka_unit_test(read__keys_that_do_not_fit__are_refused),
    };
    return cmocka_run_group_tests(tests, make_log, NULL);
}
