/* A state that was written and read back is the same state: same digest, same bytes, and every
 * later decision the same, over generated histories of limits, leases, reviews and feeds. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "policy/review.h"
#include "policy/snapshot.h"

#define HISTORIES 12
#define STEPS 600
#define EVERY 40
#define ROOM ((size_t)4 << 20)

static zc_policy_state other;
static zc_policy_state third;
static zc_intent intent;
static uint8_t *bytes;
static uint8_t *again;
static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static void build_mission(void)
{
    fixture_reset();
    fixture_allow_all();
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 900, 60);
    zc_rule *rule = fixture_limit("leased", ZC_RULE_LIMIT_WINDOW, ETH, 5000, 600);
    rule->has_lease = true;
    rule->lease = zc_u256_of(120);
    rule->lease_s = 90;
    rule = fixture_limit("each", ZC_RULE_LIMIT_WINDOW, ETH, 300, 120);
    rule->per = ZC_PER_COUNTERPARTY;
    rule = fixture_limit("day", ZC_RULE_LIMIT_WINDOW, ETH, 40000, 0);
    rule->period = ZC_PERIOD_DAY;
    rule->has_zone = true;
    fixture_mission.zone_count = 1;
    fixture_mission.zones[0] = (zc_zone){.name = "UTC", .offset_s = 0};
    fixture_rate("rate", 25, 60);
    fixture_start();
}

/* What only feeds, approvals and quorums bring, put there by hand. */
static void change_beside(void)
{
    zc_policy_state *state = &fixture_state;
    size_t place = (size_t)draw(ZC_REVIEWS_MAX);
    zc_review *review = &state->reviews[place];
    switch (draw(6)) {
    case 0:
        memset(review, 0, sizeof *review);
        review->in_use = true;
        memset(review->leaf, (int)draw(256), sizeof review->leaf);
        review->leaf[0] = (uint8_t)place;
        review->price = (zc_decimal){true, (uint8_t)draw(30), zc_u256_of(draw(1000))};
        review->approved = draw(8);
        review->expires_ms[1] = (int64_t)draw(1u << 30);
        break;
    case 1:
        state->sources.price[ETH] = (zc_price_state){true, 6, state->now_ms, zc_u256_of(draw(99))};
        break;
    case 2:
        state->mode = (zc_mode)draw(2);
        break;
    case 3:
        state->peaks[draw(fixture_mission.rule_count)] =
            (zc_peak){true, (int64_t)draw(400), zc_u256_of(draw(1000))};
        break;
    case 4:
        zc_policy_restart(state, &fixture_mission);
        break;
    default:
        review->in_use = false;
        break;
    }
}

static void step(zc_policy_state *state, uint64_t choice, int64_t now_ms, zc_decision *ret_decision)
{
    const zc_request_context context = {.principal = BOT,
                                        .key_name = zc_slice_of_text("hot-1"),
                                        .use = use_of(&intent),
                                        .now_ms = now_ms,
                                        .halted = choice % 97 == 0};
    zc_result asked = zc_policy_decide(state, &fixture_mission, &context, &intent, ret_decision);
    assert_int_equal(asked.code, 0);
}

static void random_intent(uint64_t choice)
{
    intent_transfer(&intent, 1 + choice % 2, choice / 2 % 50, (uint8_t)(0x20 + choice / 128 % 5),
                    1 + choice / 1024 % 90, choice / 8192 % 3);
}

static zc_slice write_to(uint8_t *room, const zc_policy_state *state)
{
    zc_writer writer = zc_writer_of(room, ROOM);
    assert_int_equal(zc_policy_snapshot_write(state, &fixture_mission, &writer).code, 0);
    return zc_writer_written(&writer);
}

static void assert_same(const zc_policy_state *a, const zc_policy_state *b)
{
    uint8_t left[32];
    uint8_t right[32];
    zc_policy_digest(a, &fixture_mission, left);
    zc_policy_digest(b, &fixture_mission, right);
    assert_memory_equal(left, right, sizeof left);
}

static void read_from(zc_slice snapshot, zc_policy_state *ret_state)
{
    zc_reader reader = zc_reader_of(snapshot);
    assert_int_equal(zc_policy_snapshot_read(ret_state, &fixture_mission, &reader).code, 0);
    assert_int_equal(zc_reader_left(&reader), 0);
}

static void run_history(void)
{
    int64_t now = T0;
    bool follows = false;
    for (size_t i = 0; i < STEPS; i++) {
        uint64_t choice = draw(UINT64_C(1) << 40);
        zc_decision decision;
        zc_decision same;
        now += (int64_t)draw(draw(20) == 0 ? 400000 : 4000);
        random_intent(choice);
        step(&fixture_state, choice, now, &decision);
        if (follows) {
            step(&other, choice, now, &same);
            assert_memory_equal(&decision, &same, sizeof decision);
        }
        if (i % EVERY == EVERY - 1) {
            if (follows) {
                assert_same(&fixture_state, &other);
            }
            change_beside();
            zc_slice snapshot = write_to(bytes, &fixture_state);
            memset(&other, 0xa5, sizeof other);
            read_from(snapshot, &other);
            assert_same(&fixture_state, &other);
            zc_slice second = write_to(again, &other);
            assert_int_equal(second.len, snapshot.len);
            assert_memory_equal(second.data, snapshot.data, snapshot.len);
            follows = true;
        }
    }
}

static void read__generated_histories__go_on_as_if_never_left(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= HISTORIES; i++) {
        seed = i * UINT64_C(0x9e3779b97f4a7c15);
        build_mission();
        run_history();
    }
}

static void read__full_table_of_reservations__forgets_the_same_ones(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("window", ZC_RULE_LIMIT_WINDOW, ETH, 10000000, 63);
    fixture_start();
    int64_t now = T0;
    for (uint64_t nonce = 0; nonce < ZC_RESERVATIONS_MAX + 50; nonce++) {
        intent_transfer(&intent, 1, nonce, 0x22, 10, 0);
        assert_allowed(ask(&intent, now += 3), 0);
    }
    read_from(write_to(bytes, &fixture_state), &other);
    for (uint64_t nonce = 40; nonce < 2000; nonce += 3) {
        zc_decision decision;
        zc_decision same;
        intent_transfer(&intent, 1, nonce, 0x33, 11, 0);
        step(&fixture_state, 1, now += 3, &decision);
        step(&other, 1, now, &same);
        assert_memory_equal(&decision, &same, sizeof decision);
    }
    assert_same(&fixture_state, &other);
}

static void read__every_prefix__is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    seed = 77;
    build_mission();
    run_history();
    zc_slice snapshot = write_to(bytes, &fixture_state);
    zc_policy_init(&third, &fixture_mission);
    for (size_t len = 0; len < snapshot.len; len += 1 + len / 200) {
        zc_reader reader = zc_reader_of(zc_slice_of(snapshot.data, len));
        zc_result taken = zc_policy_snapshot_read(&other, &fixture_mission, &reader);
        assert_int_not_equal(taken.code, 0);
        assert_int_equal(zc_reader_left(&reader), len);
        assert_same(&other, &third);
    }
}

/* A forged snapshot is only wrong: whatever was taken is a state that can be asked and written. */
static void read__bytes_changed_at_random__is_refused_or_safe_to_use(void **state)
{
    (void)state;
    seed = 78;
    build_mission();
    run_history();
    zc_slice snapshot = write_to(bytes, &fixture_state);
    size_t taken = 0;
    for (size_t i = 0; i < 3000; i++) {
        size_t at = (size_t)draw(snapshot.len);
        uint8_t was = bytes[at];
        bytes[at] = (uint8_t)draw(256);
        zc_reader reader = zc_reader_of(snapshot);
        if (zc_ok(zc_policy_snapshot_read(&other, &fixture_mission, &reader))) {
            zc_decision decision;
            taken++;
            random_intent(draw(UINT64_C(1) << 40));
            step(&other, 1, other.now_ms, &decision);
            (void)write_to(again, &other);
        }
        bytes[at] = was;
    }
    assert_true(taken > 0 && taken < 3000);
}

static void history__written_and_read__has_the_same_hash(void **state)
{
    (void)state;
    static zc_risk_history history;
    static zc_risk_history back;
    uint8_t left[32];
    uint8_t right[32];
    zc_sha256_ctx hash;
    zc_risk_history_init(&history);
    for (size_t i = 0; i < 3000; i++) {
        zc_risk_name name = {{0}};
        int64_t now = T0 + (int64_t)i * 70000;
        zc_u256 amount = zc_u256_of(draw(100000));
        memset(name.byte, (int)draw(120), sizeof name.byte);
        zc_risk_history_add_amount(&history, &name, &amount, now);
        zc_risk_history_add_counterparty(&history, &name);
        zc_risk_history_add_request(&history, (uint32_t)draw(ZC_RISK_PRINCIPALS), now);
    }
    zc_writer writer = zc_writer_of(bytes, ROOM);
    assert_int_equal(zc_risk_history_write(&history, &writer).code, 0);
    zc_risk_history_init(&back);
    zc_reader reader = zc_reader_of(zc_writer_written(&writer));
    assert_int_equal(zc_risk_history_read(&back, &reader).code, 0);
    assert_int_equal(zc_reader_left(&reader), 0);
    assert_int_equal(back.counterparty_count, history.counterparty_count);
    zc_sha256_init(&hash);
    zc_risk_history_hash(&history, &hash);
    zc_sha256_final(&hash, left);
    zc_sha256_init(&hash);
    zc_risk_history_hash(&back, &hash);
    zc_sha256_final(&hash, right);
    assert_memory_equal(left, right, sizeof left);
}

static int make_room(void **state)
{
    (void)state;
    bytes = malloc(ROOM);
    again = malloc(ROOM);
    return bytes != NULL && again != NULL ? 0 : -1;
}

static int free_room(void **state)
{
    (void)state;
    free(bytes);
    free(again);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__generated_histories__go_on_as_if_never_left),
        cmocka_unit_test(read__full_table_of_reservations__forgets_the_same_ones),
        cmocka_unit_test(read__every_prefix__is_refused_and_leaves_nothing),
        cmocka_unit_test(read__bytes_changed_at_random__is_refused_or_safe_to_use),
        cmocka_unit_test(history__written_and_read__has_the_same_hash),
    };
    return cmocka_run_group_tests(tests, make_room, free_room);
}
