#include "unit.h"

#include "crypto/hash.h"

static void name_check__names_of_the_grammar__are_taken(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a",   "0",  "hot.eth-1_b",
        "a..", "z-", "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_ok(zc_key_name_check(zc_slice_of_text(good[i])));
    }
}

static void name_check__anything_else__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",   ".a",  "-a",       "_a",
        "A",  "aB",  "a b",      "a/b",
        "a*", "a\n", "\xc3\xa9", "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(zc_key_name_check(zc_slice_of_text(bad[i])), ZC_KEYS_BAD_NAME);
    }
    assert_fails(zc_key_name_check(zc_slice_of("a\0b", 3)), ZC_KEYS_BAD_NAME);
}

static zc_result describe(const char *owner, uint64_t tier, uint64_t origin, uint64_t mode)
{
    zc_key key;
    return zc_key_describe(zc_slice_of_text("k"), zc_slice_of_text(owner), tier, origin, mode, 1,
                           &key);
}

static void describe__values_outside_their_range__are_refused(void **state)
{
    (void)state;
    assert_ok(describe("", 1, 1, 1));
    assert_ok(describe("Zo\xc3\xab & Co", 3, 3, 2));
    for (unsigned i = 0; i < 2; i++) {
        assert_fails(describe("o", i * 4, 1, 1), ZC_KEYS_BAD_RECORD);
        assert_fails(describe("o", 1, i * 4, 1), ZC_KEYS_BAD_RECORD);
        assert_fails(describe("o", 1, 1, i * 3), ZC_KEYS_BAD_RECORD);
    }
    assert_fails(describe("o", UINT64_C(1) << 32 | 1, 1, 1), ZC_KEYS_BAD_RECORD);
    assert_fails(describe("a\nb", 1, 1, 1), ZC_KEYS_OWNER_TOO_LONG);
    assert_fails(describe("\xff", 1, 1, 1), ZC_KEYS_OWNER_TOO_LONG);
    char owner[65];
    memset(owner, 'o', 64);
    owner[64] = 0;
    assert_fails(describe(owner, 1, 1, 1), ZC_KEYS_OWNER_TOO_LONG);
    owner[63] = 0;
    assert_ok(describe(owner, 1, 1, 1));
}

/* The same point on two curves' records would be two keys. */
static void key_id__depends_on_curve_and_every_byte(void **state)
{
    (void)state;
    uint8_t first[ZC_KEY_ID_SIZE];
    uint8_t other[ZC_KEY_ID_SIZE];
    uint8_t expected[32];
    uint8_t bytes[7 + 1 + 65] = "zcp-key";
    zc_key_public key = {.kind = ZC_KEY_KIND_P256, .len = 65, .byte = {4}};
    zc_key_id(&key, first);
    bytes[7] = 2;
    bytes[8] = 4;
    zc_sha256(ZC_SLICE_OF_ARRAY(bytes), expected);
    assert_memory_equal(first, expected, sizeof first);
    key.kind = ZC_KEY_KIND_SECP256K1;
    zc_key_id(&key, other);
    assert_memory_not_equal(first, other, sizeof first);
    key.kind = ZC_KEY_KIND_P256;
    for (size_t i = 0; i < 65; i++) {
        key.byte[i] ^= 1;
        zc_key_id(&key, other);
        assert_memory_not_equal(first, other, sizeof first);
        key.byte[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_check__names_of_the_grammar__are_taken),
        cmocka_unit_test(name_check__anything_else__is_refused),
        cmocka_unit_test(describe__values_outside_their_range__are_refused),
        cmocka_unit_test(key_id__depends_on_curve_and_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
