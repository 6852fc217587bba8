#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "audit/detail.h"
#include "audit/verifier.h"
#include "log_maker.h"

#define ENTRIES 200

static made_entry made[ENTRIES + 1];
static zc_audit_checkpoint head;
#define KEYS 4096
static zc_audit_verifier verifier;
static uint64_t keys[ZC_AUDIT_KEYS_SIZE(KEYS) / sizeof(uint64_t)];

static void start(void)
{
    memset(keys, 0, sizeof keys);
    zc_audit_verifier_init(&verifier, keys, KEYS);
}

static int make_log(void **state)
{
    (void)state;
    log_maker maker;
    maker_init(&maker);
    maker_fill(&maker, made, ENTRIES);
    head.size = maker.log.next;
    zc_audit_log_root(&maker.log, head.root);
    return 0;
}

static zc_result feed(const made_entry *entry)
{
    zc_audit_entry read;
    uint8_t leaf[32];
    return zc_audit_verifier_feed(&verifier, made_slice(entry), &read, leaf);
}

/* Feeds entries by their places in `made`, expects the checkpoint, and ends. */
static zc_result verify_order(const size_t *place, size_t count)
{
    start();
    ZC_TRY(zc_audit_verifier_expect(&verifier, &head));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(feed(&made[place[i]]));
    }
    return zc_audit_verifier_end(&verifier);
}

static size_t order[ENTRIES + 1];

static void reset_order(void)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        order[i] = i;
    }
}

static void feed__whole_log__is_valid(void **state)
{
    (void)state;
    reset_order();
    assert_ok(verify_order(order, ENTRIES));
    assert_int_equal(verifier.log.next, ENTRIES);
    assert_int_equal(verifier.keys.count, MAKER_KEYS);
    const uint8_t id[16] = {0x50, 0x50, 0x50, 0x50, 0x50, 0x50, 0x50, 0x50,
                            0x50, 0x50, 0x50, 0x50, 0x50, 0x50, 0x50, 0x50};
    const uint8_t no_id[16] = {0};
    assert_true(zc_audit_verifier_key(&verifier, id)->uses > 20);
    assert_null(zc_audit_verifier_key(&verifier, no_id));
}

/* A checker with room for little more than the log's keys, and how it was. */
#define FEW 8
static uint64_t few[ZC_AUDIT_KEYS_SIZE(FEW) / sizeof(uint64_t)];
static uint64_t few_before[ZC_AUDIT_KEYS_SIZE(FEW) / sizeof(uint64_t)];
static zc_audit_verifier before;

/* Whether the changed entry `at` passes, and the rest of the log after it. */
static bool change_passes(const made_entry *changed, size_t at)
{
    zc_result result = feed(changed);
    if (!zc_ok(result) && !zc_is(result, ZC_AUDIT_ROOT_MISMATCH)) {
        /* A refused entry changes nothing but the fault: the next change goes on from here. */
        assert_int_equal(verifier.fault_sequence, at);
        verifier.fault = ZC_OK;
        return false;
    }
    bool passes = zc_ok(result) && (at + 1 == ENTRIES || zc_ok(feed(&made[at + 1])));
    verifier = before;
    memcpy(few, few_before, sizeof few);
    return passes;
}

static void feed__every_byte_of_every_entry_changed__is_found(void **state)
{
    (void)state;
    memset(few, 0, sizeof few);
    zc_audit_verifier_init(&verifier, few, FEW);
    assert_ok(zc_audit_verifier_expect(&verifier, &head));
    for (size_t at = 0; at < ENTRIES; at++) {
        made_entry changed = made[at];
        before = verifier;
        memcpy(few_before, few, sizeof few);
        for (size_t i = 0; i < changed.len; i++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                changed.byte[i] ^= (uint8_t)(1U << bit);
                assert_false(change_passes(&changed, at));
                changed.byte[i] ^= (uint8_t)(1U << bit);
            }
            changed.byte[i] ^= 1;
            assert_false(change_passes(&changed, at));
            changed.byte[i] ^= 1;
        }
        changed.len--;
        assert_false(change_passes(&changed, at));
        assert_ok(feed(&made[at]));
    }
    assert_ok(zc_audit_verifier_end(&verifier));
}

static void feed__any_entry_removed__is_found_at_its_place(void **state)
{
    (void)state;
    for (size_t gone = 0; gone < ENTRIES; gone++) {
        reset_order();
        memmove(order + gone, order + gone + 1, (ENTRIES - gone - 1) * sizeof order[0]);
        zc_result result = verify_order(order, ENTRIES - 1);
        assert_int_equal(result.code,
                         gone == ENTRIES - 1 ? ZC_AUDIT_TAIL_MISSING : ZC_AUDIT_BAD_SEQUENCE);
        assert_int_equal(verifier.fault_sequence, gone);
    }
}

static void feed__any_two_entries_swapped__is_found_at_the_first(void **state)
{
    (void)state;
    for (size_t a = 0; a < ENTRIES; a++) {
        for (size_t b = a + 1; b < ENTRIES; b += 1 + b / 16) {
            reset_order();
            order[a] = b;
            order[b] = a;
            assert_fails(verify_order(order, ENTRIES), ZC_AUDIT_BAD_SEQUENCE);
            assert_int_equal(verifier.fault_sequence, a);
        }
    }
}

static void feed__any_entry_doubled__is_found_at_its_place(void **state)
{
    (void)state;
    for (size_t twice = 0; twice < ENTRIES; twice++) {
        reset_order();
        memmove(order + twice + 1, order + twice, (ENTRIES - twice) * sizeof order[0]);
        assert_fails(verify_order(order, ENTRIES + 1), ZC_AUDIT_BAD_SEQUENCE);
        assert_int_equal(verifier.fault_sequence, twice + 1);
    }
}

/* Someone who can hash, but not sign, writes the log anew without one entry: numbers, chain, the
 * keys' previous entries and what he likes. */
static zc_result forge_without(size_t gone, bool mend_previous)
{
    static log_maker maker;
    maker_init(&maker);
    start();
    for (size_t i = 0; i < ENTRIES; i++) {
        zc_audit_entry entry;
        made_entry forged;
        if (i == gone) {
            continue;
        }
        assert_ok(zc_audit_entry_read(made_slice(&made[i]), &entry));
        entry.sequence = maker.log.next;
        memcpy(entry.previous, maker.log.head, sizeof entry.previous);
        if (entry.has_key_previous && mend_previous) {
            entry.key_previous = maker.last[entry.key_id[0] - 0x50];
        } else if (entry.has_key_previous && entry.key_previous > gone) {
            entry.key_previous--;
        }
        maker_seal(&maker, &entry, &forged);
        ZC_TRY(feed(&forged));
    }
    return zc_audit_verifier_end(&verifier);
}

static void feed__log_forged_without_one_signature__shows_in_the_use_counter(void **state)
{
    (void)state;
    for (size_t gone = 8; gone < ENTRIES - 40; gone++) {
        zc_audit_entry entry;
        assert_ok(zc_audit_entry_read(made_slice(&made[gone]), &entry));
        if (entry.decision == ZC_AUDIT_ALLOW) {
            assert_fails(forge_without(gone, true), ZC_AUDIT_KEY_USES);
        } else if (entry.has_key) {
            assert_fails(forge_without(gone, false), ZC_AUDIT_KEY_PREVIOUS);
        }
    }
}

static void feed__after_a_fault__only_repeats_it(void **state)
{
    (void)state;
    reset_order();
    order[5] = 6;
    assert_fails(verify_order(order, ENTRIES), ZC_AUDIT_BAD_SEQUENCE);
    assert_fails(feed(&made[5]), ZC_AUDIT_BAD_SEQUENCE);
    assert_fails(zc_audit_verifier_end(&verifier), ZC_AUDIT_BAD_SEQUENCE);
    assert_fails(zc_audit_verifier_expect(&verifier, &head), ZC_AUDIT_BAD_SEQUENCE);
    assert_int_equal(verifier.fault_sequence, 5);
}

static void expect__another_root__is_found_when_the_log_gets_there(void **state)
{
    (void)state;
    reset_order();
    for (size_t bit = 0; bit < 256; bit++) {
        head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fails(verify_order(order, ENTRIES), ZC_AUDIT_ROOT_MISMATCH);
        head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    zc_audit_checkpoint early = head;
    early.size = ENTRIES - 1;
    zc_audit_checkpoint kept = head;
    head = early;
    assert_fails(verify_order(order, ENTRIES), ZC_AUDIT_ROOT_MISMATCH);
    head = kept;
}

static void expect__checkpoints_along_the_way__are_each_held_against_the_log(void **state)
{
    (void)state;
    zc_audit_log log;
    zc_audit_log_init(&log);
    start();
    for (size_t i = 0; i < ENTRIES; i++) {
        zc_audit_checkpoint here = {.size = i + 1};
        zc_audit_log_append(&log, made[i].leaf);
        zc_audit_log_root(&log, here.root);
        if (i % 2 == 0) {
            assert_ok(zc_audit_verifier_expect(&verifier, &here));
        }
        assert_ok(feed(&made[i]));
        assert_ok(zc_audit_verifier_expect(&verifier, &here));
    }
    zc_audit_checkpoint passed = {.size = 3};
    assert_fails(zc_audit_verifier_expect(&verifier, &passed), ZC_AUDIT_CHECKPOINT_PASSED);
    zc_audit_checkpoint wrong = {.size = ENTRIES};
    assert_fails(zc_audit_verifier_expect(&verifier, &wrong), ZC_AUDIT_ROOT_MISMATCH);
}

/* A log of one boot, two keys and one signature, to be continued wrongly. */
static log_maker begun;

static void begin(void)
{
    made_entry entry;
    maker_init(&begun);
    start();
    maker_add(&begun, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1, &entry);
    assert_ok(feed(&entry));
    maker_add(&begun, ZC_AUDIT_KEY_CREATED, ZC_AUDIT_NO_DECISION, 0, &entry);
    assert_ok(feed(&entry));
    maker_add(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0, &entry);
    assert_ok(feed(&entry));
}

static zc_result feed_sealed(const zc_audit_entry *entry)
{
    made_entry sealed;
    maker_seal(&begun, entry, &sealed);
    return feed(&sealed);
}

static void feed__entries_that_break_a_rule__are_named_by_it(void **state)
{
    (void)state;
    zc_audit_entry entry;
    begin();
    entry = maker_next(&begun, ZC_AUDIT_ERROR, ZC_AUDIT_NO_DECISION, -1);
    entry.time_ms -= 8;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_TIME_BACKWARDS);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_ERROR, ZC_AUDIT_NO_DECISION, -1);
    entry.previous[31] ^= 1;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_BROKEN_CHAIN);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_ERROR, ZC_AUDIT_NO_DECISION, -1);
    entry.boot_id[0] ^= 1;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_BOOT_CHANGED);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1);
    memset(entry.boot_id, 1, sizeof entry.boot_id);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_BOOT_CHANGED);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_ERROR, ZC_AUDIT_NO_DECISION, -1);
    entry.mission[0] ^= 1;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_MISSION_CHANGED);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_GENESIS, ZC_AUDIT_NO_DECISION, -1);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_GENESIS_REPEATED);
}

static void feed__key_entries_that_break_a_rule__are_named_by_it(void **state)
{
    (void)state;
    zc_audit_entry entry;
    begin();
    entry = maker_next(&begun, ZC_AUDIT_KEY_IMPORTED, ZC_AUDIT_NO_DECISION, 0);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_KEY_REPEATED);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 1);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_UNKNOWN_KEY);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_DENY, 0);
    entry.key_uses++;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_KEY_USES);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
    entry.key_uses--;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_KEY_USES);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_DENY, 0);
    entry.key_previous--;
    assert_fails(feed_sealed(&entry), ZC_AUDIT_KEY_PREVIOUS);
    begin();
    entry = maker_next(&begun, ZC_AUDIT_KEY_DISABLED, ZC_AUDIT_NO_DECISION, 0);
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_DENY, 0);
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_SIGNED_WHEN_DISABLED);
}

static void feed__signature_between_halt_and_resume__is_found_even_after_a_boot(void **state)
{
    (void)state;
    zc_audit_entry entry;
    begin();
    entry = maker_next(&begun, ZC_AUDIT_HALT, ZC_AUDIT_NO_DECISION, -1);
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_DENY, 0);
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1);
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_SIGNED_WHILE_HALTED);
}

static void feed__what_the_mission_lets_pass_a_halt__is_signed_and_nothing_else(void **state)
{
    (void)state;
    zc_audit_entry entry;
    begin();
    entry = maker_next(&begun, ZC_AUDIT_TRIP, ZC_AUDIT_NO_DECISION, -1);
    entry.detail = zc_slice_of_text("\x82\x02\x07");
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
    entry.detail = zc_audit_halt_pass();
    assert_ok(feed_sealed(&entry));
    entry = maker_next(&begun, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, 0);
    assert_fails(feed_sealed(&entry), ZC_AUDIT_SIGNED_WHILE_HALTED);
}

static void feed__log_that_begins_with_another_kind__is_refused(void **state)
{
    (void)state;
    for (int kind = ZC_AUDIT_DECISION; kind <= ZC_AUDIT_ERROR; kind++) {
        zc_audit_decision decision = kind == ZC_AUDIT_DECISION || kind == ZC_AUDIT_DENIALS
                                         ? ZC_AUDIT_DENY
                                         : ZC_AUDIT_NO_DECISION;
        bool begins = kind == ZC_AUDIT_KEY_CREATED || kind == ZC_AUDIT_KEY_IMPORTED;
        if (kind == ZC_AUDIT_KEY_DISABLED) {
            continue; /* names a previous entry and can't be written as the first */
        }
        maker_init(&begun);
        start();
        zc_audit_entry entry = maker_next(&begun, (zc_audit_kind)kind, decision, begins ? 0 : -1);
        assert_fails(feed_sealed(&entry), ZC_AUDIT_BAD_BEGINNING);
    }
}

static void feed__one_key_more_than_the_table_holds__is_refused(void **state)
{
    (void)state;
    maker_init(&begun);
    start();
    zc_audit_entry entry = maker_next(&begun, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1);
    assert_ok(feed_sealed(&entry));
    for (uint32_t i = 0; i <= KEYS; i++) {
        made_entry sealed;
        entry = maker_next(&begun, ZC_AUDIT_KEY_CREATED, ZC_AUDIT_NO_DECISION, 0);
        maker_seal(&begun, &entry, &sealed);
        /* Every id hashes to the same place: the table's worst case. */
        memset(entry.key_id, 0, sizeof entry.key_id);
        memcpy(entry.key_id + 8, &i, sizeof i);
        zc_writer writer = ZC_WRITER_OF_ARRAY(sealed.byte);
        begun.log = verifier.log;
        assert_ok(zc_audit_entry_write(&entry, &writer));
        sealed.len = zc_writer_len(&writer);
        zc_result result = feed(&sealed);
        assert_int_equal(result.code, i < KEYS ? 0 : ZC_AUDIT_TOO_MANY_KEYS);
        begun.log = verifier.log;
    }
    assert_int_equal(verifier.keys.count, KEYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feed__whole_log__is_valid),
        cmocka_unit_test(feed__every_byte_of_every_entry_changed__is_found),
        cmocka_unit_test(feed__any_entry_removed__is_found_at_its_place),
        cmocka_unit_test(feed__any_two_entries_swapped__is_found_at_the_first),
        cmocka_unit_test(feed__any_entry_doubled__is_found_at_its_place),
        cmocka_unit_test(feed__log_forged_without_one_signature__shows_in_the_use_counter),
        cmocka_unit_test(feed__after_a_fault__only_repeats_it),
        cmocka_unit_test(expect__another_root__is_found_when_the_log_gets_there),
        cmocka_unit_test(expect__checkpoints_along_the_way__are_each_held_against_the_log),
        cmocka_unit_test(feed__entries_that_break_a_rule__are_named_by_it),
        cmocka_unit_test(feed__key_entries_that_break_a_rule__are_named_by_it),
        cmocka_unit_test(feed__signature_between_halt_and_resume__is_found_even_after_a_boot),
        cmocka_unit_test(feed__what_the_mission_lets_pass_a_halt__is_signed_and_nothing_else),
        cmocka_unit_test(feed__log_that_begins_with_another_kind__is_refused),
        cmocka_unit_test(feed__one_key_more_than_the_table_holds__is_refused),
    };
    return cmocka_run_group_tests(tests, make_log, NULL);
}
