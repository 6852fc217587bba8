#include "samples.h"

/* Somebody pays nothing, with one blob. */
#define EIP4844_UNSIGNED                                                                           \
    "03f84080808080809400000000000000000000000000000000000000008080c080e1a0"                       \
    "0100000000000000000000000000000000000000000000000000000000000000"

static zc_intent intent;

static zc_result decode_text(zc_family family, const char *text)
{
    return zc_intent_decode_message(family, zc_slice_of_text(text), &account, &intent);
}

static void decode_message__evm__personal_digest(void **state)
{
    (void)state;
    /* keccak256("\x19Ethereum Signed Message:\n11hello world"), as wallets give it. */
    const bytes digest =
        from_hex("d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68");
    must(decode_text(ZC_FAMILY_EVM, "hello world"));
    assert_memory_equal(intent.digest, digest.data, 32);
    assert_int_equal(intent.operation, ZC_OPERATION_MESSAGE);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 0);
}

static void decode_message__any_transaction__refused(void **state)
{
    (void)state;
    static const char *transactions[] = {
        EIP155_UNSIGNED,          EIP155_SIGNED, "c6808080808080", /* without a chain */
        "01c880808080808080c0",                                    /* EIP-2930 */
        "02c98080808080808080c0",                                  /* EIP-1559 */
        "02c98080018080808080c0",                                  /* one that no node would take */
        EIP4844_UNSIGNED,
    };
    static const zc_family families[] = {ZC_FAMILY_EVM, ZC_FAMILY_NONE};
    for (size_t i = 0; i < sizeof(transactions) / sizeof(transactions[0]); i++) {
        for (size_t j = 0; j < 2; j++) {
            const bytes tx = from_hex(transactions[i]);
            if (zc_intent_decode_message(families[j], slice_of(&tx), &account, &intent).code !=
                ZC_INTENT_MESSAGE_IS_TRANSACTION) {
                fail_msg("signed as a message: %s", transactions[i]);
            }
        }
    }
}

static void decode_message__solana_transaction__refused_without_family(void **state)
{
    (void)state;
    /* One signer, two keys, a block hash, one instruction with one account and two bytes. */
    uint8_t tx[1 + 3 + 1 + 64 + 32 + 1 + 6 + 1] = {0x80, 1, 0, 1, 2};
    memcpy(tx + 5 + 96, (uint8_t[]){1, 1, 1, 0, 2, 9, 9, 0}, 8);
    const zc_slice legacy = zc_slice_of(tx + 1, sizeof(tx) - 2);
    const zc_slice version0 = ZC_SLICE_OF_ARRAY(tx);
    assert_int_equal(zc_intent_decode_message(ZC_FAMILY_NONE, legacy, &account, &intent).code,
                     ZC_INTENT_MESSAGE_IS_TRANSACTION);
    assert_int_equal(zc_intent_decode_message(ZC_FAMILY_NONE, version0, &account, &intent).code,
                     ZC_INTENT_MESSAGE_IS_TRANSACTION);
    /* A byte less, and it is none; with a byte more a lax validator might take it. */
    must(zc_intent_decode_message(ZC_FAMILY_NONE, zc_slice_of(tx, sizeof(tx) - 1), &account,
                                  &intent));
    assert_int_equal(zc_intent_decode_message(ZC_FAMILY_NONE, zc_slice_of(tx + 1, sizeof(tx) - 1),
                                              &account, &intent)
                         .code,
                     ZC_INTENT_MESSAGE_IS_TRANSACTION);
}

static void decode_message__hidden_or_broken_text__flagged(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plain;
    } cases[] = {
        {"", true},
        {"line\nline\ttab\r\n", true},
        {"gr\xc3\xbc\xc3\x9f dich \xe6\x97\xa5", true},
        {"\xff", false},
        {"a\xc3", false},
        {"\xc0\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\x1b[2J", false},
        {"\x7f", false},
        {"\xe2\x80\xae", false},
        {"\xe2\x80\x8b", false},
        {"\xef\xbb\xbf", false},
        {"\xf3\xa0\x81\x81", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        must(decode_text(ZC_FAMILY_EVM, cases[i].text));
        assert_int_equal(intent.flags, cases[i].plain ? 0 : ZC_FLAG_UNREADABLE_MESSAGE);
    }
}

static void decode_message__limits__held(void **state)
{
    (void)state;
    static uint8_t large[ZC_INTENT_MAX_MESSAGE + 1];
    memset(large, 'a', sizeof(large));
    const zc_slice too_long = ZC_SLICE_OF_ARRAY(large);
    assert_int_equal(zc_intent_decode_message(ZC_FAMILY_EVM, too_long, &account, &intent).code,
                     ZC_INTENT_TOO_LONG);
    must(zc_intent_decode_message(ZC_FAMILY_EVM, zc_slice_of(large, ZC_INTENT_MAX_MESSAGE),
                                  &account, &intent));
    assert_int_equal(decode_text(ZC_FAMILY_SOLANA, "hi").code, ZC_INTENT_FAMILY);
    assert_int_equal(decode_text((zc_family)99, "hi").code, ZC_INTENT_FAMILY);
}

static void decode_digest__exactly_32_bytes__flagged(void **state)
{
    (void)state;
    const bytes digest = from_hex(EIP155_DIGEST "00");
    must(zc_intent_decode_digest(ZC_FAMILY_EVM, zc_slice_of(digest.data, 32), &account, &intent));
    assert_int_equal(intent.flags, ZC_FLAG_RAW_DIGEST);
    assert_memory_equal(intent.digest, digest.data, 32);
    for (size_t len = 0; len <= 33; len += len == 31 ? 2 : 1) {
        assert_int_equal(
            zc_intent_decode_digest(ZC_FAMILY_EVM, zc_slice_of(digest.data, len), &account, &intent)
                .code,
            ZC_INTENT_DIGEST_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_message__evm__personal_digest),
        cmocka_unit_test(decode_message__any_transaction__refused),
        cmocka_unit_test(decode_message__solana_transaction__refused_without_family),
        cmocka_unit_test(decode_message__hidden_or_broken_text__flagged),
        cmocka_unit_test(decode_message__limits__held),
        cmocka_unit_test(decode_digest__exactly_32_bytes__flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
