#include "unit.h"

#include "keys/seal_snapshot.h"

static const zc_seal_place home = {.deployment_id = {1}, .pcr0 = {2}, .pcr16 = {3}};
static zc_seal_keys keys;
static zc_drbg drbg;
static uint8_t sealed[ZC_SNAPSHOT_PIECE_MAX + ZC_SNAPSHOT_PIECE_OVERHEAD];
static uint8_t opened[ZC_SNAPSHOT_PIECE_MAX];
static uint8_t text[ZC_SNAPSHOT_PIECE_MAX + 1];

static zc_snapshot_head a_head(void)
{
    return (zc_snapshot_head){.id = {9}, .sequence = 70000, .leaf = {8}, .index = 2, .count = 5};
}

static zc_slice seal(size_t len)
{
    zc_snapshot_head head = a_head();
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    assert_ok(zc_snapshot_seal(&keys, &home, &head, zc_slice_of(text, len), &drbg, &writer));
    return zc_writer_written(&writer);
}

static zc_result open_it(const zc_seal_place *place, zc_slice bytes, size_t *ret_len)
{
    zc_snapshot_head head = {0};
    zc_writer writer = ZC_WRITER_OF_ARRAY(opened);
    zc_result result = zc_snapshot_open(&keys, place, bytes, &head, &writer);
    assert_int_equal(head.sequence, zc_ok(result) ? 70000 : 0);
    *ret_len = zc_writer_len(&writer);
    return result;
}

static void snapshot__any_length_up_to_the_limit__comes_back(void **state)
{
    (void)state;
    size_t lengths[] = {0, 1, 23, 24, 255, 256, 5000, ZC_SNAPSHOT_PIECE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t len;
        zc_snapshot_head head;
        zc_slice bytes = seal(lengths[i]);
        assert_true(bytes.len <= lengths[i] + ZC_SNAPSHOT_PIECE_OVERHEAD);
        assert_ok(zc_snapshot_peek(bytes, &head));
        assert_int_equal(head.index, 2);
        assert_int_equal(head.count, 5);
        assert_ok(open_it(&home, bytes, &len));
        assert_int_equal(len, lengths[i]);
        assert_memory_equal(opened, text, len);
    }
}

static void snapshot__another_place__does_not_open(void **state)
{
    (void)state;
    zc_slice bytes = seal(100);
    for (size_t bit = 0; bit < 8 * sizeof home; bit++) {
        size_t len;
        zc_seal_place other = home;
        ((uint8_t *)&other)[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fails(open_it(&other, bytes, &len), ZC_KEYS_SEAL_BROKEN);
        assert_int_equal(len, 0);
    }
}

static void snapshot__every_bit_changed_or_cut__does_not_open(void **state)
{
    (void)state;
    size_t len;
    zc_slice bytes = seal(60);
    for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(zc_ok(open_it(&home, bytes, &len)));
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t cut = 0; cut < bytes.len; cut++) {
        assert_false(zc_ok(open_it(&home, zc_slice_of(sealed, cut), &len)));
    }
    assert_ok(open_it(&home, bytes, &len));
}

static void snapshot__what_does_not_fit__is_refused_and_nothing_written(void **state)
{
    (void)state;
    zc_snapshot_head head = a_head();
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    assert_fails(zc_snapshot_seal(&keys, &home, &head, ZC_SLICE_OF_ARRAY(text), &drbg, &writer),
                 ZC_BASE_TOO_LONG);
    assert_int_equal(zc_writer_len(&writer), 0);
    zc_slice whole = seal(500);
    static uint8_t small[500 + ZC_SNAPSHOT_PIECE_OVERHEAD];
    for (size_t room = 0; room < whole.len; room++) {
        zc_writer tight = zc_writer_of(small, room);
        assert_fails(zc_snapshot_seal(&keys, &home, &head, zc_slice_of(text, 500), &drbg, &tight),
                     ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&tight), 0);
    }
}

static int make_keys(void **state)
{
    (void)state;
    zc_secret32 root = secret_of(0x32);
    drbg = drbg_of(6);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(i * 13);
    }
    return zc_ok(zc_seal_keys_init(&keys, &root)) ? 0 : -1;
}

static int clear_keys(void **state)
{
    (void)state;
    zc_seal_keys_clear(&keys);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot__any_length_up_to_the_limit__comes_back),
        cmocka_unit_test(snapshot__another_place__does_not_open),
        cmocka_unit_test(snapshot__every_bit_changed_or_cut__does_not_open),
        cmocka_unit_test(snapshot__what_does_not_fit__is_refused_and_nothing_written),
    };
    return cmocka_run_group_tests(tests, make_keys, clear_keys);
}
