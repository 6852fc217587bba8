#include "unit.h"

#include <string.h>

#include "audit/entry.h"
#include "codec/cbor.h"
#include "log_maker.h"

static zc_audit_entry an_allow(void)
{
    log_maker maker;
    made_entry made;
    maker_init(&maker);
    maker_add(&maker, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1, &made);
    maker_add(&maker, ZC_AUDIT_KEY_CREATED, ZC_AUDIT_NO_DECISION, 0, &made);
    return maker_next(&maker, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
}

static size_t write_ok(const zc_audit_entry *entry, uint8_t *ret_bytes, size_t capacity)
{
    zc_writer writer = zc_writer_of(ret_bytes, capacity);
    assert_ok(zc_audit_entry_write(entry, &writer));
    return zc_writer_len(&writer);
}

static void assert_entries_equal(const zc_audit_entry *a, const zc_audit_entry *b)
{
    uint8_t first[ZC_AUDIT_ENTRY_MAX];
    uint8_t second[ZC_AUDIT_ENTRY_MAX];
    size_t len = write_ok(a, first, sizeof first);
    assert_int_equal(write_ok(b, second, sizeof second), len);
    assert_memory_equal(first, second, len);
}

static void entry_read__every_kind_of_a_log__gives_what_was_written(void **state)
{
    (void)state;
    static made_entry made[200];
    log_maker maker;
    maker_init(&maker);
    maker_fill(&maker, made, 200);
    for (size_t i = 0; i < 200; i++) {
        zc_audit_entry entry;
        uint8_t again[MAKER_ENTRY_MAX];
        assert_ok(zc_audit_entry_read(made_slice(&made[i]), &entry));
        assert_int_equal(entry.sequence, i);
        assert_int_equal(write_ok(&entry, again, sizeof again), made[i].len);
        assert_memory_equal(again, made[i].byte, made[i].len);
        assert_ok(zc_cbor_check_canonical(made_slice(&made[i])));
    }
}

static void entry_write__fields_of_an_allow__stand_where_the_format_says(void **state)
{
    (void)state;
    zc_audit_entry entry = an_allow();
    uint8_t bytes[MAKER_ENTRY_MAX];
    size_t len = write_ok(&entry, bytes, sizeof bytes);
    zc_reader in = zc_reader_of(zc_slice_of(bytes, len));
    size_t fields;
    assert_ok(zc_cbor_get_map(&in, 13, &fields));
    assert_int_equal(fields, 13);
    for (uint64_t field = 1; field <= 13; field++) {
        zc_slice item;
        assert_ok(zc_cbor_get_key_uint(&in, field));
        assert_ok(zc_cbor_get_item(&in, &item));
    }
    assert_ok(zc_reader_end(&in));
}

static void entry_write__any_shorter_buffer__is_full_and_writes_nothing(void **state)
{
    (void)state;
    zc_audit_entry entry = an_allow();
    uint8_t bytes[MAKER_ENTRY_MAX];
    size_t len = write_ok(&entry, bytes, sizeof bytes);
    for (size_t capacity = 0; capacity < len; capacity++) {
        zc_writer writer = zc_writer_of(bytes, capacity);
        assert_fails(zc_audit_entry_write(&entry, &writer), ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

static void entry_read__any_prefix_or_suffix__fails_and_leaves_the_output(void **state)
{
    (void)state;
    zc_audit_entry entry = an_allow();
    uint8_t bytes[MAKER_ENTRY_MAX + 1] = {0};
    size_t len = write_ok(&entry, bytes, sizeof bytes);
    zc_audit_entry before;
    memset(&before, 0x5a, sizeof before);
    zc_audit_entry after = before;
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(zc_ok(zc_audit_entry_read(zc_slice_of(bytes, cut), &after)));
        assert_memory_equal(&after, &before, sizeof before);
    }
    assert_fails(zc_audit_entry_read(zc_slice_of(bytes, len + 1), &after), ZC_BASE_TRAILING);
    assert_memory_equal(&after, &before, sizeof before);
}

/* Whatever is accepted is canonical: no two byte strings are the same entry. */
static void entry_read__every_byte_set_to_every_value__is_refused_or_another_entry(void **state)
{
    (void)state;
    zc_audit_entry entry = an_allow();
    uint8_t bytes[MAKER_ENTRY_MAX];
    size_t len = write_ok(&entry, bytes, sizeof bytes);
    for (size_t i = 0; i < len; i++) {
        uint8_t original = bytes[i];
        for (unsigned value = 0; value < 256; value++) {
            zc_audit_entry changed;
            uint8_t again[MAKER_ENTRY_MAX];
            bytes[i] = (uint8_t)value;
            if (!zc_ok(zc_audit_entry_read(zc_slice_of(bytes, len), &changed))) {
                continue;
            }
            assert_int_equal(write_ok(&changed, again, sizeof again), len);
            assert_memory_equal(again, bytes, len);
        }
        bytes[i] = original;
    }
}

static void assert_shape_refused(const zc_audit_entry *entry, int reason)
{
    uint8_t bytes[MAKER_ENTRY_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_fails(zc_audit_entry_write(entry, &writer), reason);
}

static void entry_write__fields_that_do_not_go_together__are_refused(void **state)
{
    (void)state;
    zc_audit_entry entry = an_allow();
    entry.kind = (zc_audit_kind)0;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_KIND);
    entry.kind = (zc_audit_kind)(ZC_AUDIT_KIND_LAST + 1);
    assert_shape_refused(&entry, ZC_AUDIT_BAD_KIND);
    entry = an_allow();
    entry.decision = ZC_AUDIT_NO_DECISION;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.kind = ZC_AUDIT_HALT;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.has_digest = false;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.has_key = false;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.has_key_previous = false;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.key_uses = 0;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
    entry = an_allow();
    entry.key_previous = entry.sequence;
    assert_shape_refused(&entry, ZC_AUDIT_BAD_SHAPE);
}

static void entry_write__detail_at_and_above_the_limit__is_taken_and_refused(void **state)
{
    (void)state;
    static uint8_t detail[ZC_AUDIT_DETAIL_MAX + 1];
    static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
    zc_audit_entry entry = an_allow();
    entry.kind = ZC_AUDIT_DENIALS;
    entry.decision = ZC_AUDIT_DENY;
    entry.sequence = UINT64_MAX;
    entry.time_ms = UINT64_MAX;
    entry.key_uses = UINT64_MAX;
    entry.key_previous = UINT64_MAX - 1;
    entry.detail = zc_slice_of(detail, ZC_AUDIT_DETAIL_MAX);
    zc_audit_entry back;
    size_t len = write_ok(&entry, bytes, sizeof bytes);
    assert_ok(zc_audit_entry_read(zc_slice_of(bytes, len), &back));
    assert_entries_equal(&entry, &back);
    entry.detail.len++;
    assert_shape_refused(&entry, ZC_AUDIT_DETAIL_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_read__every_kind_of_a_log__gives_what_was_written),
        cmocka_unit_test(entry_write__fields_of_an_allow__stand_where_the_format_says),
        cmocka_unit_test(entry_write__any_shorter_buffer__is_full_and_writes_nothing),
        cmocka_unit_test(entry_read__any_prefix_or_suffix__fails_and_leaves_the_output),
        cmocka_unit_test(entry_read__every_byte_set_to_every_value__is_refused_or_another_entry),
        cmocka_unit_test(entry_write__fields_that_do_not_go_together__are_refused),
        cmocka_unit_test(entry_write__detail_at_and_above_the_limit__is_taken_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
