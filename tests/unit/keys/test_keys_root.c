#include "unit.h"

#include "keys/seal.h"

static const zc_seal_place home = {.deployment_id = {1}, .pcr0 = {2}, .pcr16 = {3}};

static size_t seal_root(uint8_t ret_sealed[static ZC_SEALED_ROOT_MAX])
{
    zc_secret32 wrap = secret_of(0x31);
    zc_secret32 root = secret_of(0x32);
    zc_drbg drbg = drbg_of(6);
    zc_writer writer = zc_writer_of(ret_sealed, ZC_SEALED_ROOT_MAX);
    assert_ok(zc_root_seal(&wrap, &home, &root, &drbg, &writer));
    return zc_writer_len(&writer);
}

/* A failure must not touch the output. */
static zc_result open_root(uint8_t wrap_fill, const zc_seal_place *place, zc_slice sealed)
{
    zc_secret32 wrap = secret_of(wrap_fill);
    zc_secret32 untouched = secret_of(0x5a);
    zc_secret32 expected = secret_of(0x32);
    zc_secret32 root = untouched;
    zc_result result = zc_root_open(&wrap, place, sealed, &root);
    assert_true(zc_ct_eq(&root, zc_ok(result) ? &expected : &untouched, sizeof root));
    return result;
}

static void root_open__at_home__gives_the_root_back(void **state)
{
    (void)state;
    uint8_t sealed[ZC_SEALED_ROOT_MAX];
    size_t len = seal_root(sealed);
    assert_ok(open_root(0x31, &home, zc_slice_of(sealed, len)));
}

static void root_open__another_wrapping_key_or_place__is_refused(void **state)
{
    (void)state;
    uint8_t sealed[ZC_SEALED_ROOT_MAX];
    zc_slice bytes = zc_slice_of(sealed, seal_root(sealed));
    assert_fails(open_root(0x30, &home, bytes), ZC_KEYS_SEAL_BROKEN);
    for (size_t bit = 0; bit < 8 * sizeof home; bit++) {
        zc_seal_place other = home;
        ((uint8_t *)&other)[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fails(open_root(0x31, &other, bytes), ZC_KEYS_SEAL_BROKEN);
    }
}

static void root_open__every_bit_changed_or_cut__is_refused(void **state)
{
    (void)state;
    uint8_t sealed[ZC_SEALED_ROOT_MAX] = {0};
    size_t len = seal_root(sealed);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(zc_ok(open_root(0x31, &home, zc_slice_of(sealed, len))));
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t cut = 0; cut <= len + 1; cut++) {
        assert_int_equal(zc_ok(open_root(0x31, &home, zc_slice_of(sealed, cut))), cut == len);
    }
}

static void root_seal__any_shorter_buffer__is_full(void **state)
{
    (void)state;
    uint8_t sealed[ZC_SEALED_ROOT_MAX];
    size_t len = seal_root(sealed);
    zc_secret32 wrap = secret_of(0x31);
    zc_secret32 root = secret_of(0x32);
    zc_drbg drbg = drbg_of(6);
    for (size_t capacity = 0; capacity < len; capacity++) {
        zc_writer writer = zc_writer_of(sealed, capacity);
        assert_fails(zc_root_seal(&wrap, &home, &root, &drbg, &writer), ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_open__at_home__gives_the_root_back),
        cmocka_unit_test(root_open__another_wrapping_key_or_place__is_refused),
        cmocka_unit_test(root_open__every_bit_changed_or_cut__is_refused),
        cmocka_unit_test(root_seal__any_shorter_buffer__is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
