/* Off-chain messages in both of their layouts. */
#include "build.h"
#include "intent/solana/shape.h"

#define DOMAIN                                                                                     \
    "\xff"                                                                                         \
    "solana offchain"

static zc_intent intent;

static zc_result decode(zc_slice bytes)
{
    return zc_intent_decode_solana_offchain(bytes, key_of(1), &intent, NULL);
}

/* Application domain, format 0, one signer, "hi". */
static zc_slice full(uint8_t *room, size_t size, uint8_t signer)
{
    zc_writer writer = zc_writer_of(room, size);
    assert_ok(zc_write_slice(&writer, zc_slice_of(DOMAIN "\0", 17)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(0xdd), 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of("\0\1", 2)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(signer), 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of("\2\0hi", 4)));
    return zc_writer_written(&writer);
}

static void decode__short_layout__gives_the_text(void **state)
{
    (void)state;
    const zc_slice bytes = zc_slice_of(DOMAIN "\0\0\5\0hello", 25);
    assert_ok(decode(bytes));
    assert_int_equal(intent.operation, ZC_OPERATION_MESSAGE);
    assert_true(zc_slice_eq_text(intent.message, "hello"));
    assert_int_equal(intent.flags, 0);
    assert_false(zc_solana_is_message(bytes));
}

static void decode__full_layout__gives_text_and_signers(void **state)
{
    (void)state;
    uint8_t room[128];
    assert_ok(decode(full(room, sizeof room, 1)));
    assert_true(zc_slice_eq_text(intent.message, "hi"));
    assert_int_equal(intent.argument_count, 2);
    assert_fails(decode(full(room, sizeof room, 2)), ZC_INTENT_SOLANA_NOT_SIGNER);
}

static void decode__both_layouts_at_once__is_refused(void **state)
{
    (void)state;
    uint8_t room[128];
    const zc_slice bytes = full(room, sizeof room, 1);
    /* The application domain begins like a short message's format and length. */
    room[17] = 2;
    room[18] = (uint8_t)(bytes.len - 20);
    room[19] = 0;
    assert_fails(decode(bytes), ZC_INTENT_SOLANA_OFFCHAIN_BOTH);
}

static void decode__faults__are_refused(void **state)
{
    (void)state;
    assert_fails(decode(zc_slice_of_text("hello")), ZC_INTENT_SOLANA_OFFCHAIN);
    assert_fails(decode(zc_slice_of(DOMAIN "\1\0\5\0hello", 25)), ZC_INTENT_SOLANA_OFFCHAIN);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\3\5\0hello", 25)), ZC_INTENT_SOLANA_OFFCHAIN);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\0\5\0hellos", 26)), ZC_INTENT_SOLANA_OFFCHAIN);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\0\5\0hell", 24)), ZC_INTENT_SOLANA_OFFCHAIN);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\0\0\0", 20)), ZC_INTENT_SOLANA_OFFCHAIN_TEXT);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\0\1\0\n", 21)), ZC_INTENT_SOLANA_OFFCHAIN_TEXT);
    assert_fails(decode(zc_slice_of(DOMAIN "\0\1\1\0\xff", 21)), ZC_INTENT_SOLANA_OFFCHAIN_TEXT);
    assert_int_equal(intent.argument_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__short_layout__gives_the_text),
        cmocka_unit_test(decode__full_layout__gives_text_and_signers),
        cmocka_unit_test(decode__both_layouts_at_once__is_refused),
        cmocka_unit_test(decode__faults__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
