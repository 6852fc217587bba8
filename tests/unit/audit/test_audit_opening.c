#include "unit.h"

#include <string.h>

#include "audit/opening.h"

static zc_audit_opening an_opening(void)
{
    zc_audit_opening opening = {0};
    static const char *const text[ZC_AUDIT_GROUPS] = {"principal", "intent", "rule"};
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening.group[i].open = true;
        memset(opening.group[i].salt, (int)(1 + i), ZC_AUDIT_SALT_SIZE);
        opening.group[i].bytes = zc_slice_of_text(text[i]);
    }
    return opening;
}

static void opening_check__each_subset_of_groups__opens(void **state)
{
    (void)state;
    zc_audit_entry entry = {0};
    zc_audit_opening opening = an_opening();
    zc_audit_commit_all(&opening, &entry);
    for (unsigned shown = 0; shown < 8; shown++) {
        zc_audit_opening part = an_opening();
        for (unsigned i = 0; i < ZC_AUDIT_GROUPS; i++) {
            part.group[i].open = (shown >> i & 1) != 0;
        }
        uint8_t bytes[256];
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        zc_audit_opening back;
        assert_ok(zc_audit_opening_write(&part, &writer));
        assert_ok(zc_audit_opening_read(zc_writer_written(&writer), &back));
        assert_ok(zc_audit_opening_check(&back, &entry));
        for (unsigned i = 0; i < ZC_AUDIT_GROUPS; i++) {
            assert_int_equal(back.group[i].open, part.group[i].open);
        }
    }
}

static void opening_check__salt_bytes_or_group_changed__is_found(void **state)
{
    (void)state;
    zc_audit_entry entry = {0};
    zc_audit_opening opening = an_opening();
    zc_audit_commit_all(&opening, &entry);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        for (size_t bit = 0; bit < 8 * ZC_AUDIT_SALT_SIZE; bit++) {
            zc_audit_opening changed = an_opening();
            changed.group[i].salt[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_fails(zc_audit_opening_check(&changed, &entry), ZC_AUDIT_OPENING_MISMATCH);
        }
        zc_audit_opening changed = an_opening();
        changed.group[i].bytes.len--;
        assert_fails(zc_audit_opening_check(&changed, &entry), ZC_AUDIT_OPENING_MISMATCH);
    }
    zc_audit_opening swapped = an_opening();
    swapped.group[0] = opening.group[1];
    swapped.group[1] = opening.group[0];
    assert_fails(zc_audit_opening_check(&swapped, &entry), ZC_AUDIT_OPENING_MISMATCH);
}

/* A group's own bytes under the same salt are another commitment as another group. */
static void commit__same_bytes_as_another_group__differs(void **state)
{
    (void)state;
    const uint8_t salt[ZC_AUDIT_SALT_SIZE] = {9};
    uint8_t a[32];
    uint8_t b[32];
    zc_audit_commit(ZC_AUDIT_PRINCIPAL, salt, zc_slice_of_text("x"), a);
    zc_audit_commit(ZC_AUDIT_INTENT, salt, zc_slice_of_text("x"), b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void opening_check__group_without_commitment__is_refused(void **state)
{
    (void)state;
    zc_audit_entry entry = {0};
    zc_audit_opening opening = an_opening();
    zc_audit_commit_all(&opening, &entry);
    entry.has_commitment[ZC_AUDIT_RULE] = false;
    assert_fails(zc_audit_opening_check(&opening, &entry), ZC_AUDIT_OPENING_UNCOMMITTED);
}

static void opening_read__every_byte_set_to_every_value__is_refused_or_canonical(void **state)
{
    (void)state;
    uint8_t bytes[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_audit_opening opening = an_opening();
    assert_ok(zc_audit_opening_write(&opening, &writer));
    size_t len = zc_writer_len(&writer);
    for (size_t i = 0; i < len; i++) {
        uint8_t original = bytes[i];
        for (unsigned value = 0; value < 256; value++) {
            zc_audit_opening changed;
            uint8_t again[256];
            zc_writer out = ZC_WRITER_OF_ARRAY(again);
            bytes[i] = (uint8_t)value;
            if (zc_ok(zc_audit_opening_read(zc_slice_of(bytes, len), &changed))) {
                assert_ok(zc_audit_opening_write(&changed, &out));
                assert_int_equal(zc_writer_len(&out), len);
                assert_memory_equal(again, bytes, len);
            }
        }
        bytes[i] = original;
    }
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(zc_ok(zc_audit_opening_read(zc_slice_of(bytes, cut), &opening)));
    }
}

static void opening_write__groups_at_and_above_the_limit__are_taken_and_refused(void **state)
{
    (void)state;
    static uint8_t group[ZC_AUDIT_GROUP_MAX + 1];
    static uint8_t bytes[ZC_AUDIT_OPENING_MAX];
    zc_audit_opening opening = an_opening();
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening.group[i].bytes = zc_slice_of(group, ZC_AUDIT_GROUP_MAX);
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_audit_opening back;
    assert_ok(zc_audit_opening_write(&opening, &writer));
    assert_ok(zc_audit_opening_read(zc_writer_written(&writer), &back));
    opening.group[1].bytes.len++;
    writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_fails(zc_audit_opening_write(&opening, &writer), ZC_AUDIT_GROUP_TOO_LONG);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_check__each_subset_of_groups__opens),
        cmocka_unit_test(opening_check__salt_bytes_or_group_changed__is_found),
        cmocka_unit_test(commit__same_bytes_as_another_group__differs),
        cmocka_unit_test(opening_check__group_without_commitment__is_refused),
        cmocka_unit_test(opening_read__every_byte_set_to_every_value__is_refused_or_canonical),
        cmocka_unit_test(opening_write__groups_at_and_above_the_limit__are_taken_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
