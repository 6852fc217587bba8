/* The road: bytes, intent, decision, entry, signature. */
#include "check.h"

#include <stdio.h>

#include "crypto/hash.h"
#include "crypto/verify.h"
#include "ring.h"

static zc_reply create(driver *drv, const char *name, zc_curve curve)
{
    return driver_create(drv, driver_connect(drv, ALICE), name, curve);
}

/* Of the key's own, over the digest in the reply. */
static void assert_verifies(driver *drv, const char *name, const zc_reply *reply, zc_slice message)
{
    zc_key *key = ring_named(drv, name);
    const uint8_t *signature = reply->sign.signature.data;
    if (key->kind == ZC_KEY_KIND_ED25519) {
        assert_ok(zc_verify_ed25519(key->signer->pubkey.byte, message, signature));
    } else {
        assert_ok(zc_verify_digest(&key->signer->pubkey, reply->sign.digest, signature));
    }
}

static void assert_last_entry_is_of(driver *drv, const zc_reply *reply)
{
    zc_audit_entry entry = driver_last_entry(drv);
    uint8_t leaf[32];
    assert_int_equal(entry.kind, ZC_AUDIT_DECISION);
    assert_int_equal(entry.decision, ZC_AUDIT_ALLOW);
    assert_int_equal(entry.sequence, reply->sign.entry);
    assert_memory_equal(entry.digest, reply->sign.digest, 32);
    zc_audit_leaf(driver_slice(&drv->store.entry[entry.sequence].entry), leaf);
    assert_memory_equal(leaf, reply->sign.leaf, 32);
    assert_memory_equal(leaf, drv->enclave->log.head, 32);
}

static void sign__message_with_each_curve__verifies(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t bot = driver_connect(drv, BOT);
    static const zc_curve curves[] = {ZC_CURVE_SECP256K1, ZC_CURVE_P256, ZC_CURVE_ED25519};
    zc_slice message = zc_slice_of_text("buy low, sell high");
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%zu", i);
        create(drv, name, curves[i]);
        for (uint64_t uses = 1; uses <= 3; uses++) {
            zc_reply reply = driver_sign(drv, bot, name, ZC_USE_MESSAGE, ZC_FAMILY_NONE, message);
            assert_signed(reply);
            assert_true(zc_slice_eq_text(reply.sign.rule, "allow-all"));
            assert_verifies(drv, name, &reply, message);
            assert_last_entry_is_of(drv, &reply);
            assert_int_equal(driver_last_entry(drv).key_uses, uses);
            /* It leaves when its own entry is durable. */
            assert_int_equal(drv->reply_after, drv->ordinal);
        }
    }
    driver_free(drv);
}

static void sign__message_of_evm_key__is_a_personal_message(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_SECP256K1);
    uint64_t bot = driver_connect(drv, BOT);
    uint8_t expected[32];
    zc_keccak256(zc_slice_of_text("\x19"
                                  "Ethereum Signed Message:\n5hello"),
                 expected);
    for (int family = ZC_FAMILY_NONE; family <= ZC_FAMILY_EVM; family++) {
        zc_reply reply = driver_sign(drv, bot, "k", ZC_USE_MESSAGE, (zc_family)family,
                                     zc_slice_of_text("hello"));
        assert_signed(reply);
        assert_memory_equal(reply.sign.digest, expected, 32);
    }
    driver_free(drv);
}

static void sign__transaction_as_message__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_SECP256K1);
    assert_failed(driver_sign(drv, driver_connect(drv, BOT), "k", ZC_USE_MESSAGE, ZC_FAMILY_EVM,
                              driver_transfer(1, 1)),
                  ZC_INTENT_MESSAGE_IS_TRANSACTION);
    driver_free(drv);
}

static void sign__transaction__recovers_to_the_key(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_SECP256K1);
    zc_slice tx = driver_transfer(7, 1000);
    zc_reply reply = driver_sign(drv, driver_connect(drv, BOT), "k", ZC_USE_TX, ZC_FAMILY_EVM, tx);
    assert_signed(reply);
    uint8_t expected[32];
    zc_keccak256(tx, expected);
    assert_memory_equal(reply.sign.digest, expected, 32);
    zc_signature signature = {.recovery = reply.sign.recovery};
    memcpy(signature.byte, reply.sign.signature.data, 64);
    zc_pubkey recovered;
    assert_ok(zc_recover_secp256k1(expected, &signature, &recovered));
    const zc_key *key = ring_named(drv, "k");
    assert_memory_equal(recovered.byte, key->signer->pubkey.byte, 65);
    driver_free(drv);
}

static void sign__digest__as_given(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t bot = driver_connect(drv, BOT);
    static const zc_curve curves[] = {ZC_CURVE_SECP256K1, ZC_CURVE_P256, ZC_CURVE_ED25519};
    uint8_t digest[33];
    memset(digest, 0xd1, sizeof digest);
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%zu", i);
        create(drv, name, curves[i]);
        zc_slice payload = zc_slice_of(digest, 32);
        zc_reply reply = driver_sign(drv, bot, name, ZC_USE_DIGEST, ZC_FAMILY_NONE, payload);
        assert_signed(reply);
        assert_memory_equal(reply.sign.digest, digest, 32);
        assert_verifies(drv, name, &reply, payload);
        for (size_t len = 31; len <= 33; len += 2) {
            payload.len = len;
            assert_failed(driver_sign(drv, bot, name, ZC_USE_DIGEST, ZC_FAMILY_NONE, payload),
                          ZC_INTENT_DIGEST_SIZE);
        }
    }
    driver_free(drv);
}

static void sign__use_that_is_not_granted__denied(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    zc_rule *rule = driver_rule(&mission, "messages", ZC_RULE_ALLOW);
    rule->scope.uses = zc_use_bit(ZC_USE_MESSAGE);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    create(drv, "k", ZC_CURVE_P256);
    uint8_t digest[32] = {1};
    zc_reply reply = driver_sign(drv, driver_connect(drv, BOT), "k", ZC_USE_DIGEST, ZC_FAMILY_NONE,
                                 ZC_SLICE_OF_ARRAY(digest));
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_RAW_DIGEST);
    driver_free(drv);
}

static void sign__what_does_not_fit_the_key__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "evm", ZC_CURVE_SECP256K1);
    create(drv, "ed", ZC_CURVE_ED25519);
    uint64_t bot = driver_connect(drv, BOT);
    static const struct {
        const char *key;
        zc_use use;
        zc_family family;
        int reason;
    } rows[] = {
        {"ed", ZC_USE_TX, ZC_FAMILY_EVM, ZC_INTENT_FAMILY},
        {"ed", ZC_USE_MESSAGE, ZC_FAMILY_EVM, ZC_INTENT_FAMILY},
        {"ed", ZC_USE_MESSAGE, ZC_FAMILY_COSMOS, ZC_INTENT_FAMILY},
        {"ed", ZC_USE_TYPED_DATA, ZC_FAMILY_EVM, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_TX, ZC_FAMILY_SOLANA, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_MESSAGE, ZC_FAMILY_SOLANA, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_MESSAGE, ZC_FAMILY_VENUE, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_TX, ZC_FAMILY_VENUE, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_ORDER, ZC_FAMILY_NONE, ZC_INTENT_FAMILY},
        {"evm", ZC_USE_ORDER, ZC_FAMILY_EVM, ZC_INTENT_FAMILY},
        {"none", ZC_USE_MESSAGE, ZC_FAMILY_NONE, ZC_ENCLAVE_UNKNOWN_KEY},
    };
    size_t entries = drv->store.entry_count;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_failed(
            driver_sign(drv, bot, rows[i].key, rows[i].use, rows[i].family, driver_transfer(1, 1)),
            rows[i].reason);
    }
    assert_int_equal(drv->store.entry_count, entries);
    driver_free(drv);
}

static void sign__undecodable__names_the_byte(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_SECP256K1);
    uint64_t bot = driver_connect(drv, BOT);
    uint8_t bytes[256];
    zc_slice tx = driver_transfer(1, 1);
    memcpy(bytes, tx.data, tx.len);
    bytes[tx.len] = 0; /* one byte too many, at the end */
    zc_reply reply =
        driver_sign(drv, bot, "k", ZC_USE_TX, ZC_FAMILY_EVM, zc_slice_of(bytes, tx.len + 1));
    assert_int_equal(reply.status, ZC_STATUS_FAILED);
    assert_true(reply.failed.has_offset);
    assert_int_equal(reply.failed.offset, tx.len);
    size_t entries = drv->store.entry_count;
    for (size_t len = 0; len < tx.len; len++) {
        reply = driver_sign(drv, bot, "k", ZC_USE_TX, ZC_FAMILY_EVM, zc_slice_of(bytes, len));
        assert_int_equal(reply.status, ZC_STATUS_FAILED);
        assert_true(reply.failed.has_offset && reply.failed.offset <= len);
    }
    assert_int_equal(drv->store.entry_count, entries);
    driver_free(drv);
}

/* The log is the auditor's, whoever drives: it is held against the verifier as it is stored. */
static void entries__many_keys_in_turn__count_each_by_itself(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t bot = driver_connect(drv, BOT), auditor = driver_connect(drv, AUDITOR);
    uint64_t last[3] = {0}, uses[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%zu", i);
        create(drv, name, ZC_CURVE_P256);
        last[i] = driver_last_entry(drv).sequence;
    }
    for (unsigned turn = 0; turn < 60; turn++) {
        size_t i = turn * 7 % 3;
        char name[8], text[16];
        snprintf(name, sizeof name, "k%zu", i);
        snprintf(text, sizeof text, "%u", turn);
        /* Every tenth is refused, and still names its key. */
        bool allowed = turn % 10 != 9;
        size_t entries = drv->store.entry_count;
        zc_reply reply = driver_sign_text(drv, allowed ? bot : auditor, name, text);
        assert_int_equal(reply.status, allowed ? ZC_STATUS_OK : ZC_STATUS_DENIED);
        if (drv->store.entry_count == entries) {
            continue; /* coalesced */
        }
        zc_audit_entry entry = driver_last_entry(drv);
        uses[i] += allowed;
        assert_true(entry.has_key && entry.has_key_previous);
        assert_int_equal(entry.key_uses, uses[i]);
        assert_int_equal(entry.key_previous, last[i]);
        last[i] = entry.sequence;
    }
    assert_ok(zc_audit_verifier_end(&drv->verifier));
    driver_free(drv);
}

/* What a real step can't do: the buffer is nearly full before it. Nothing may have happened then.
 */
static void sign__effects_full__nothing_is_signed(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_P256);
    uint64_t bot = driver_connect(drv, BOT);
    assert_signed(driver_sign_text(drv, bot, "k", "first"));
    uint8_t record[256];
    zc_request request = {.id = 9,
                          .op = ZC_OP_SIGN,
                          .sign = {.key = zc_slice_of_text("k"),
                                   .use = ZC_USE_MESSAGE,
                                   .payload = zc_slice_of_text("second")}};
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    assert_ok(zc_request_write(&request, &writer));
    zc_event event = {.kind = ZC_EVENT_RECORD,
                      .session = bot,
                      .bytes = zc_writer_written(&writer),
                      .now_ms = drv->now_ms};
    for (int full = 0; full < 4; full++) {
        static zc_policy_state before;
        before = drv->enclave->policy;
        uint64_t ordinal = drv->enclave->ordinal;
        drv->effects->count = full < 2 ? ZC_EFFECTS_MAX - 1 - (size_t)full : 0;
        drv->effects->used = full < 2 ? 0 : ZC_EFFECTS_BYTES - (full == 2 ? 100 : 700);
        size_t first = drv->effects->count;
        zc_enclave_step(drv->enclave, &event, drv->effects);
        assert_int_equal(drv->effects->count, first + 1);
        const zc_effect *effect = &drv->effects->item[first];
        assert_int_equal(effect->kind, ZC_EFFECT_REPLY);
        zc_reply reply;
        assert_ok(zc_reply_read(effect->bytes, ZC_OP_SIGN, &reply));
        assert_failed(reply, ZC_ENCLAVE_EFFECTS_FULL);
        assert_int_equal(drv->enclave->ordinal, ordinal);
        assert_int_equal(ring_track(drv, 0).uses, 1);
        assert_memory_equal(&before, &drv->enclave->policy, sizeof before);
    }
    /* And it goes on as if nothing had been. */
    assert_signed(driver_sign_text(drv, bot, "k", "second"));
    driver_free(drv);
}

/* The longest message and the fullest entry that there can be. */
static void sign__longest_message__fits(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    create(drv, "k", ZC_CURVE_ED25519);
    uint64_t bot = driver_connect(drv, BOT);
    static uint8_t text[ZC_PAYLOAD_MAX];
    memset(text, 'm', sizeof text);
    assert_signed(driver_sign(drv, bot, "k", ZC_USE_MESSAGE, ZC_FAMILY_NONE,
                              zc_slice_of(text, ZC_INTENT_MAX_MESSAGE)));
    assert_failed(driver_sign(drv, bot, "k", ZC_USE_MESSAGE, ZC_FAMILY_NONE,
                              zc_slice_of(text, ZC_INTENT_MAX_MESSAGE + 1)),
                  ZC_INTENT_TOO_LONG);
    driver_start(drv);
    assert_true(drv->serving);
    driver_free(drv);
}

/* Limits. */

static driver *limited(uint64_t wei, uint32_t count)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    zc_rule *rule =
        driver_rule(&mission, "limit", wei > 0 ? ZC_RULE_LIMIT_WINDOW : ZC_RULE_LIMIT_RATE);
    rule->window_s = 3600;
    rule->count = count;
    if (wei > 0) {
        rule->has_asset = rule->has_amount = true;
        rule->measure = ZC_MEASURE_VALUE;
        rule->asset = ETH;
        rule->amount = zc_u256_of(wei);
    }
    mission.denial_quota = 5;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    create(drv, "k", ZC_CURVE_SECP256K1);
    return drv;
}

static zc_reply transfer(driver *drv, uint64_t session, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, session, "k", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, wei));
}

static void limit__a_thousand_requests_for_ten__ten_are_signed(void **state)
{
    (void)state;
    for (int by_amount = 0; by_amount < 2; by_amount++) {
        driver *drv = by_amount ? limited(10 * (21000 + 100), 0) : limited(0, 10);
        uint64_t sessions[4];
        for (size_t i = 0; i < 4; i++) {
            sessions[i] = driver_connect(drv, BOT);
        }
        unsigned is_signed = 0;
        for (uint64_t nonce = 0; nonce < 1000; nonce++) {
            zc_reply reply = transfer(drv, sessions[nonce % 4], nonce, 100);
            is_signed += reply.status == ZC_STATUS_OK;
        }
        assert_int_equal(is_signed, 10);
        assert_int_equal(ring_track(drv, 0).uses, 10);
        assert_int_equal(drv->enclave->signatures, 10);
        assert_int_equal(drv->enclave->denial_count, 990);
        driver_free(drv);
    }
}

static void limit__replacing_a_nonce__charges_the_greater(void **state)
{
    (void)state;
    driver *drv = limited(3 * 21000 + 1000, 0);
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t wei = 100; wei <= 900; wei += 100) {
        assert_signed(transfer(drv, bot, 1, wei));
    }
    assert_signed(transfer(drv, bot, 1, 5));
    assert_signed(transfer(drv, bot, 2, 50));
    /* 900 + 50 and three fees: 50 are left. */
    assert_int_equal(transfer(drv, bot, 3, 51).status, ZC_STATUS_DENIED);
    assert_signed(transfer(drv, bot, 3, 50));
    assert_int_equal(transfer(drv, bot, 4, 0).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

static void limit__the_same_transaction_again__charges_once(void **state)
{
    (void)state;
    driver *drv = limited(0, 1);
    uint64_t bot = driver_connect(drv, BOT);
    for (int i = 0; i < 5; i++) {
        assert_signed(transfer(drv, bot, 1, 5));
    }
    assert_int_equal(transfer(drv, bot, 2, 5).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

static void limit__window_passes__signs_again(void **state)
{
    (void)state;
    driver *drv = limited(0, 1);
    uint64_t bot = driver_connect(drv, BOT);
    assert_signed(transfer(drv, bot, 1, 5));
    drv->now_ms += 3590 * DRIVER_SECOND;
    assert_int_equal(transfer(drv, bot, 2, 5).status, ZC_STATUS_DENIED);
    /* Setting the clock ahead and back wins nothing but what ahead alone would. */
    drv->now_ms -= 3000 * DRIVER_SECOND;
    assert_int_equal(transfer(drv, bot, 2, 5).status, ZC_STATUS_DENIED);
    drv->now_ms += 3100 * DRIVER_SECOND;
    assert_signed(transfer(drv, bot, 2, 5));
    driver_free(drv);
}

static void limit__signature_not_durable__is_spent_all_the_same(void **state)
{
    (void)state;
    driver *drv = limited(0, 1);
    uint64_t bot = driver_connect(drv, BOT);
    drv->auto_ack = false;
    assert_signed(transfer(drv, bot, 1, 5));
    assert_true(drv->reply_after > zc_enclave_acked(drv->enclave));
    assert_int_equal(transfer(drv, bot, 2, 5).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__message_with_each_curve__verifies),
        cmocka_unit_test(sign__message_of_evm_key__is_a_personal_message),
        cmocka_unit_test(sign__transaction_as_message__refused),
        cmocka_unit_test(sign__transaction__recovers_to_the_key),
        cmocka_unit_test(sign__digest__as_given),
        cmocka_unit_test(sign__use_that_is_not_granted__denied),
        cmocka_unit_test(sign__what_does_not_fit_the_key__refused),
        cmocka_unit_test(sign__undecodable__names_the_byte),
        cmocka_unit_test(entries__many_keys_in_turn__count_each_by_itself),
        cmocka_unit_test(sign__effects_full__nothing_is_signed),
        cmocka_unit_test(sign__longest_message__fits),
        cmocka_unit_test(limit__a_thousand_requests_for_ten__ten_are_signed),
        cmocka_unit_test(limit__replacing_a_nonce__charges_the_greater),
        cmocka_unit_test(limit__the_same_transaction_again__charges_once),
        cmocka_unit_test(limit__window_passes__signs_again),
        cmocka_unit_test(limit__signature_not_durable__is_spent_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
