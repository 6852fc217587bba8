/* Messages: digests that outside code publishes, and what is no message. */
#include "build.h"

#include "base/hex.h"
#include "crypto/verify.h"
#include "intent/bitcoin/to_sign.h"

static void bip322__published_message__its_hashes(void **state)
{
    (void)state;
    uint8_t hash[32];
    char text[65];
    zc_bip322_message_hash(zc_slice_of(NULL, 0), hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), text);
    assert_string_equal(text, "c90c269c4f8fcbe6880f72a721ddfbf1914268a794cbb21cfafee13770ae19f1");
}

static void bip322__locks__digests_differ(void **state)
{
    (void)state;
    static zc_intent intent;
    zc_bitcoin_account account = test_account(1);
    zc_bitcoin_signing signing[4];
    for (int lock = ZC_BITCOIN_P2PKH; lock <= ZC_BITCOIN_P2TR; lock++) {
        zc_bitcoin_signing *one = &signing[lock - ZC_BITCOIN_P2PKH];
        assert_true(zc_ok(zc_intent_decode_bip322_message(zc_slice_of_text("hello"), &account,
                                                          (zc_bitcoin_lock)lock, &intent, one)));
        assert_int_equal(intent.operation, ZC_OPERATION_MESSAGE);
        assert_int_equal(intent.flags, 0);
        assert_memory_equal(intent.digest, one->digest, 32);
        assert_int_equal(one->is_schnorr, lock == ZC_BITCOIN_P2TR);
        for (int i = 0; i < lock - ZC_BITCOIN_P2PKH; i++) {
            assert_memory_not_equal(signing[i].digest, one->digest, 32);
        }
    }
}

static void message__transaction_or_psbt__refused(void **state)
{
    (void)state;
    static zc_intent intent;
    zc_bitcoin_signing signing;
    zc_bitcoin_account account = test_account(1);
    static const uint8_t tx[] = {2, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const zc_slice bad[] = {zc_slice_of("psbt\xff", 5), ZC_SLICE_OF_ARRAY(tx)};
    for (size_t i = 0; i < 2; i++) {
        assert_true(zc_is(zc_intent_decode_bitcoin_message(bad[i], &account, &intent),
                          ZC_INTENT_MESSAGE_IS_TRANSACTION));
        assert_true(zc_is(
            zc_intent_decode_bip322_message(bad[i], &account, ZC_BITCOIN_P2WPKH, &intent, &signing),
            ZC_INTENT_MESSAGE_IS_TRANSACTION));
        assert_int_equal(intent.family, ZC_FAMILY_NONE);
    }
}

static void message__signature__recovers_to_the_key(void **state)
{
    (void)state;
    static zc_intent intent;
    zc_secret32 key = {{[31] = 1}};
    zc_signer signer;
    zc_signature signature;
    zc_pubkey found;
    uint8_t bytes[65];
    zc_bitcoin_account account = test_account(1);
    assert_true(zc_ok(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key)));
    assert_true(
        zc_ok(zc_intent_decode_bitcoin_message(zc_slice_of_text("hello"), &account, &intent)));
    assert_true(zc_ok(
        zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, key.byte, intent.digest, &signature)));
    assert_true(zc_ok(zc_bitcoin_message_write(ZC_BITCOIN_P2WPKH, &signature, bytes)));
    assert_int_equal(bytes[0], 39 + signature.recovery);
    assert_true(zc_ok(zc_recover_secp256k1(intent.digest, &signature, &found)));
    assert_true(zc_pubkey_eq(&found, &account.key));
    assert_false(zc_ok(zc_bitcoin_message_write(ZC_BITCOIN_P2TR, &signature, bytes)));
}

static void account__other_curve_or_chain__refused(void **state)
{
    (void)state;
    static zc_intent intent;
    zc_bitcoin_account account = test_account(1);
    account.chain_id = 1;
    assert_true(zc_is(zc_intent_decode_bitcoin_message(zc_slice_of_text("x"), &account, &intent),
                      ZC_INTENT_BITCOIN_KEY));
    account = test_account(1);
    account.key.curve = ZC_CURVE_P256;
    assert_true(zc_is(zc_intent_decode_bitcoin_message(zc_slice_of_text("x"), &account, &intent),
                      ZC_INTENT_BITCOIN_KEY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bip322__published_message__its_hashes),
        cmocka_unit_test(bip322__locks__digests_differ),
        cmocka_unit_test(message__transaction_or_psbt__refused),
        cmocka_unit_test(message__signature__recovers_to_the_key),
        cmocka_unit_test(account__other_curve_or_chain__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
