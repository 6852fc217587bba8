/* What eth1/sign makes of bytes: the enclave is to see through as many as can be seen through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../api_fake/fake.h"

#include "api/ethereum/personal.h"
#include "api/web3signer/web3signer.h"
#include "crypto/hash.h"

static void expect(const void *bytes, size_t len, zcp_use use, size_t payload_len)
{
    uint8_t digest[32];
    uint8_t hash[32];
    zcp_sign_request request;
    zc_web3signer_classify(zc_slice_of(bytes, len), digest, &request);
    zc_keccak256(zc_slice_of(bytes, len), hash);
    assert_memory_equal(digest, hash, sizeof hash);
    assert_int_equal(request.use, use);
    assert_int_equal(request.payload_len, payload_len);
    assert_non_null(request.payload);
}

static void classify__each_form__its_use(void **state)
{
    (void)state;
    static const uint8_t list[] = {0xc2, 0x01, 0x02};
    static const uint8_t typed[] = {0x02, 0xc1, 0x01};
    static const uint8_t behind[] = {0x02, 0xc1, 0x01, 0x00};
    static const uint8_t cut[] = {0x02, 0xc2, 0x01};
    static const uint8_t unknown_type[] = {0x06, 0xc1, 0x01};
    static const uint8_t not_a_list[] = {0x02, 0x81, 0x80};
    static const uint8_t domain[66] = {0x19, 0x01};
    expect(list, sizeof list, ZCP_TX, sizeof list);
    expect(typed, sizeof typed, ZCP_TX, sizeof typed);
    expect(behind, sizeof behind, ZCP_DIGEST, 32);
    expect(cut, sizeof cut, ZCP_DIGEST, 32);
    expect(unknown_type, sizeof unknown_type, ZCP_DIGEST, 32);
    expect(not_a_list, sizeof not_a_list, ZCP_DIGEST, 32);
    expect(domain, sizeof domain, ZCP_DIGEST, 32);
    expect("", 0, ZCP_DIGEST, 32);
    expect("\x02", 1, ZCP_DIGEST, 32);
}

static void personal_text__every_length__its_own_text_alone(void **state)
{
    (void)state;
    static char text[1200];
    memset(text, '1', sizeof text); /* digits, so that the length could be read too far */
    for (size_t len = 0; len <= 1100; len++) {
        char whole[1300];
        int head = snprintf(whole, sizeof whole,
                            "\x19"
                            "Ethereum Signed Message:\n%zu",
                            len);
        memcpy(whole + head, text, len);
        size_t all = (size_t)head + len;
        zc_slice found;
        uint8_t one[32];
        uint8_t two[32];
        assert_true(zc_personal_text(zc_slice_of(whole, all), &found));
        assert_int_equal(found.len, len);
        assert_true(zc_personal_hash(found, one));
        zc_keccak256(zc_slice_of(whole, all), two);
        assert_memory_equal(one, two, sizeof one);
        expect(whole, all, ZCP_MESSAGE, len);
    }
}

static void personal_text__another_length_or_prefix__not_one(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x19"
        "Ethereum Signed Message:\n",
        "\x19"
        "Ethereum Signed Message:\n3hi",
        "\x19"
        "Ethereum Signed Message:\n02hi",
        "\x19"
        "Ethereum Signed Message:\n-2hi",
        "\x19"
        "Ethereum signed Message:\n2hi",
        "\x19"
        "Ethereum Signed Message:\n1hi",
        "Ethereum Signed Message:\n2hi",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_slice found;
        assert_false(zc_personal_text(zc_slice_of_text(wrong[i]), &found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classify__each_form__its_use),
        cmocka_unit_test(personal_text__every_length__its_own_text_alone),
        cmocka_unit_test(personal_text__another_length_or_prefix__not_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
