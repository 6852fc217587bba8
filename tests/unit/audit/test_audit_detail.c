#include "audit/detail.h"

#include "log_maker.h"
#include "unit.h"

static zc_audit_entry entry_of(zc_audit_kind kind, zc_audit_decision decision)
{
    zc_audit_entry entry = {.sequence = 9, .kind = kind, .decision = decision};
    entry.has_digest = true;
    if (decision == ZC_AUDIT_ALLOW) {
        entry.has_key = entry.has_key_previous = true;
        entry.key_uses = 1;
    }
    return entry;
}

static zc_result write_it(const zc_audit_entry *entry)
{
    static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    return zc_audit_entry_write(entry, &writer);
}

static void entry_write__detail_of_a_decision__is_empty_or_the_one_mark_of_an_allow(void **state)
{
    (void)state;
    static const char *const others[] = {"\x02", "\x18\x01", "\x01\x01", "x"};
    zc_audit_entry allow = entry_of(ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW);
    assert_ok(write_it(&allow));
    assert_false(zc_audit_passes_halt(&allow));
    allow.detail = zc_audit_halt_pass();
    assert_ok(write_it(&allow));
    assert_true(zc_audit_passes_halt(&allow));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        allow.detail = zc_slice_of_text(others[i]);
        assert_fails(write_it(&allow), ZC_AUDIT_BAD_SHAPE);
    }
    zc_audit_entry deny = entry_of(ZC_AUDIT_DECISION, ZC_AUDIT_DENY);
    deny.detail = zc_audit_halt_pass();
    assert_fails(write_it(&deny), ZC_AUDIT_BAD_SHAPE);
}

static void trip__every_mode__reads_back_or_is_refused(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 256; mode++) {
        uint8_t bytes[ZC_AUDIT_SMALL_DETAIL_MAX];
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        zc_audit_trip trip = {.mode = (uint8_t)mode, .breaker = UINT16_MAX};
        zc_audit_trip read = {0};
        assert_ok(zc_audit_trip_write(&trip, &writer));
        zc_audit_entry entry = entry_of(ZC_AUDIT_TRIP, ZC_AUDIT_NO_DECISION);
        entry.detail = zc_writer_written(&writer);
        zc_result taken = zc_audit_trip_read(entry.detail, &read);
        assert_int_equal(zc_ok(taken), mode == 1 || mode == 2);
        assert_int_equal(zc_ok(write_it(&entry)), mode == 1 || mode == 2);
        assert_int_equal(read.breaker, zc_ok(taken) ? UINT16_MAX : 0);
        assert_int_equal(zc_audit_halts_after(&entry, false), mode == 2);
        assert_true(zc_audit_halts_after(&entry, true));
    }
}

static void
settlement__place_of_what_it_settles__is_before_its_feed_and_that_before_it(void **state)
{
    (void)state;
    for (uint64_t decision = 0; decision < 12; decision++) {
        for (uint64_t feed = 0; feed < 12; feed++) {
            uint8_t bytes[ZC_AUDIT_SMALL_DETAIL_MAX];
            zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
            zc_audit_settlement settlement = {.decision = decision, .feed = feed};
            assert_ok(zc_audit_settlement_write(&settlement, &writer));
            zc_audit_entry entry = entry_of(ZC_AUDIT_SETTLEMENT, ZC_AUDIT_NO_DECISION);
            entry.detail = zc_writer_written(&writer);
            assert_int_equal(zc_ok(write_it(&entry)), decision < feed && feed < entry.sequence);
        }
    }
    zc_audit_entry entry = entry_of(ZC_AUDIT_SETTLEMENT, ZC_AUDIT_NO_DECISION);
    entry.detail = zc_slice_of_text("\x82\x01\x02\x03");
    assert_fails(write_it(&entry), ZC_AUDIT_BAD_SHAPE);
    entry.detail = zc_slice_of_text("\x82\x01\x02");
    assert_ok(write_it(&entry));
    entry.has_digest = false;
    assert_fails(write_it(&entry), ZC_AUDIT_BAD_SHAPE);
}

static void halts_after__every_kind__follows_those_that_halt_and_resume(void **state)
{
    (void)state;
    for (int kind = ZC_AUDIT_BOOT; kind <= ZC_AUDIT_KIND_LAST; kind++) {
        zc_audit_entry entry = {.kind = (zc_audit_kind)kind};
        bool halts = kind == ZC_AUDIT_HALT || kind == ZC_AUDIT_LOST_TAIL;
        assert_int_equal(zc_audit_halts_after(&entry, false), halts);
        assert_int_equal(zc_audit_halts_after(&entry, true), kind != ZC_AUDIT_RESUME);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_write__detail_of_a_decision__is_empty_or_the_one_mark_of_an_allow),
        cmocka_unit_test(trip__every_mode__reads_back_or_is_refused),
        cmocka_unit_test(
            settlement__place_of_what_it_settles__is_before_its_feed_and_that_before_it),
        cmocka_unit_test(halts_after__every_kind__follows_those_that_halt_and_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
