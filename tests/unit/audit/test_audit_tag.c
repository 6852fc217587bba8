#include "unit.h"

#include <string.h>

#include "audit/tag.h"

static zc_hmac_key key_of(uint8_t fill)
{
    uint8_t bytes[32];
    zc_hmac_key key;
    memset(bytes, fill, sizeof bytes);
    zc_hmac_sha256_key_init(&key, bytes, sizeof bytes);
    return key;
}

static void tag__of_known_values__is_the_hmac_that_the_format_names(void **state)
{
    (void)state;
    zc_hmac_key key = key_of(1);
    uint8_t deployment[32];
    uint8_t leaf[32];
    uint8_t tag[32];
    uint8_t expected[32];
    uint8_t bytes[14 + 32 + 8 + 32] = "zcp-journal-v1";
    memset(deployment, 2, sizeof deployment);
    memset(leaf, 3, sizeof leaf);
    memset(bytes + 14, 2, 32);
    memcpy(bytes + 46, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    memset(bytes + 54, 3, 32);
    zc_hmac_sha256(&key, ZC_SLICE_OF_ARRAY(bytes), expected);
    zc_audit_tag(&key, deployment, 0x0102030405060708, leaf, tag);
    assert_memory_equal(tag, expected, sizeof tag);
}

static void tag_check__anything_changed__is_refused(void **state)
{
    (void)state;
    zc_hmac_key key = key_of(1);
    zc_hmac_key other = key_of(2);
    uint8_t deployment[32] = {5};
    uint8_t leaf[32] = {6};
    uint8_t tag[32];
    zc_audit_tag(&key, deployment, 7, leaf, tag);
    assert_ok(zc_audit_tag_check(&key, deployment, 7, leaf, tag));
    assert_fails(zc_audit_tag_check(&other, deployment, 7, leaf, tag), ZC_AUDIT_BAD_TAG);
    assert_fails(zc_audit_tag_check(&key, deployment, 8, leaf, tag), ZC_AUDIT_BAD_TAG);
    for (size_t bit = 0; bit < 256; bit++) {
        uint8_t mask = (uint8_t)(1U << bit % 8);
        deployment[bit / 8] ^= mask;
        assert_fails(zc_audit_tag_check(&key, deployment, 7, leaf, tag), ZC_AUDIT_BAD_TAG);
        deployment[bit / 8] ^= mask;
        leaf[bit / 8] ^= mask;
        assert_fails(zc_audit_tag_check(&key, deployment, 7, leaf, tag), ZC_AUDIT_BAD_TAG);
        leaf[bit / 8] ^= mask;
        tag[bit / 8] ^= mask;
        assert_fails(zc_audit_tag_check(&key, deployment, 7, leaf, tag), ZC_AUDIT_BAD_TAG);
        tag[bit / 8] ^= mask;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tag__of_known_values__is_the_hmac_that_the_format_names),
        cmocka_unit_test(tag_check__anything_changed__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
