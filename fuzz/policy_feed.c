/* Any words of feeds under any mission: they are taken whole or not at all, and the same words lead
 * to the same state.
 *
 * Input: u32 length of the mission ‖ mission ‖ messages. A message is a u16 of its length, a u16 of
 * tenths of seconds that pass before it, and its bytes. Whatever they are, they are signed: what is
 * behind the signature is what is tested. */
#include "fuzz.h"

#include "base/reader.h"
#include "crypto/signer.h"
#include "policy/breaker.h"
#include "policy/feed.h"

#define MESSAGES_MAX 32

static zc_mission mission;
static zc_policy_state state;
static zc_policy_state twin;
static const uint8_t deployment[32] = {7};

static const zc_signer *signer(void)
{
    static zc_signer made;
    static bool ready;
    if (!ready) {
        zc_secret32 secret = {{1}};
        FUZZ_CHECK(zc_ok(zc_signer_init(&made, ZC_CURVE_ED25519, &secret)));
        ready = true;
    }
    return &made;
}

static void digest_of(const zc_policy_state *of, uint8_t ret_digest[static 32])
{
    zc_policy_digest(of, &mission, ret_digest);
}

/* What was refused must leave no trace but the clock's. */
static void say(zc_slice message, int64_t now_ms)
{
    zc_signature signature;
    uint8_t before[32];
    uint8_t after[32];
    FUZZ_CHECK(zc_ok(zc_sign_message_ed25519(signer(), message, &signature)));
    state.now_ms = now_ms;
    digest_of(&state, before);
    zc_result said = zc_policy_feed(&state, &mission, deployment, message, signature.byte, now_ms);
    digest_of(&state, after);
    if (!zc_ok(said)) {
        FUZZ_CHECK(memcmp(before, after, sizeof before) == 0);
        return;
    }
    FUZZ_CHECK(zc_ok(zc_policy_feed(&twin, &mission, deployment, message, signature.byte, now_ms)));
    FUZZ_CHECK(
        !zc_ok(zc_policy_feed(&twin, &mission, deployment, message, signature.byte, now_ms)));
    const zc_watch watch = {.now_ms = now_ms};
    uint16_t trips = zc_policy_watch(&state, &mission, &watch);
    FUZZ_CHECK(trips == zc_policy_watch(&twin, &mission, &watch));
    FUZZ_CHECK(trips == ZC_POLICY_NONE || trips < mission.breaker_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    uint32_t len = 0;
    zc_slice compiled = {0};
    if (!zc_ok(zc_read_u32(&reader, &len)) || !zc_ok(zc_read_slice(&reader, len, &compiled)) ||
        !zc_ok(zc_mission_parse(compiled, &mission))) {
        return 0;
    }
    for (size_t i = 0; i < mission.feed_count; i++) {
        memcpy(mission.feeds[i].pubkey, signer()->pubkey.byte, sizeof mission.feeds[i].pubkey);
    }
    zc_policy_init(&state, &mission);
    zc_policy_init(&twin, &mission);
    int64_t now_ms = INT64_C(1767225600000);
    for (int i = 0; i < MESSAGES_MAX; i++) {
        uint16_t message_len = 0;
        uint16_t tenths = 0;
        zc_slice message = {0};
        if (!zc_ok(zc_read_u16(&reader, &message_len)) || !zc_ok(zc_read_u16(&reader, &tenths)) ||
            !zc_ok(zc_read_slice(&reader, message_len, &message))) {
            break;
        }
        now_ms += (int64_t)tenths * 100;
        say(message, now_ms);
    }
    uint8_t digests[2][32];
    twin.now_ms = state.now_ms; /* it did not hear what was refused */
    digest_of(&state, digests[0]);
    digest_of(&twin, digests[1]);
    FUZZ_CHECK(memcmp(digests[0], digests[1], 32) == 0);
    return 0;
}
