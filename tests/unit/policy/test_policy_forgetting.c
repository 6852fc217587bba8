/* A table of reservations that is full forgets what leaves first: nothing is denied for it, no
 * limit gives way, and whoever saw only the requests that were allowed forgets the same. */
#include "fixture.h"

#include <string.h>

static zc_intent intent;

static zc_decision send(uint64_t nonce, uint8_t to, uint64_t amount, int64_t now_ms)
{
    intent_transfer(&intent, 1, nonce, to, amount, 0);
    return ask(&intent, now_ms);
}

static bool remembered(uint64_t nonce)
{
    static const uint8_t key_id[16] = {0};
    intent_transfer(&intent, 1, nonce, 0x22, 1, 0);
    zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
    return zc_reservations_find(&fixture_state.reservations, &id, fixture_state.now_ms) !=
           ZC_RESERVATION_NONE;
}

static uint64_t window_total(uint16_t rule)
{
    const zc_row_key key = zc_row_key_of(ZC_PER_NONE, zc_slice_of(NULL, 0));
    uint16_t row = zc_rows_find(&fixture_state.rows, rule, &key);
    return row == ZC_ROW_NONE ? 0 : fixture_state.rows.row[row].window.total.limb[0];
}

/* 10 for each nonce, a new one of 8 seconds every 1,024 of them. */
static void fill_slots(void)
{
    fixture_reset();
    fixture_allow_all();
    fixture_limit("window", ZC_RULE_LIMIT_WINDOW, ETH, 1000000, 63);
    fixture_rate("rate", 20000, 63);
    fixture_start();
    for (uint64_t nonce = 0; nonce < ZC_RESERVATIONS_MAX; nonce++) {
        assert_allowed(send(nonce, 0x22, 10, T0 + (int64_t)nonce / 1024 * 1000), 0);
    }
}

static void table__full__forgets_the_first_to_leave(void **state)
{
    const uint64_t full = ZC_RESERVATIONS_MAX;
    (void)state;
    fill_slots();
    assert_int_equal(zc_policy_pending(&fixture_state), full);
    assert_allowed(send(100000, 0x22, 10, T0 + 8000), 0);
    assert_int_equal(zc_policy_pending(&fixture_state), full);
    assert_false(remembered(0));
    assert_true(remembered(1));
    assert_true(remembered(100000));
    /* What it had charged still counts. */
    assert_int_equal(window_total(1), 10 * (full + 1));
    assert_int_equal(window_total(2), full + 1);
    /* Of one that is remembered only the difference is charged, and nothing forgotten for it. */
    assert_allowed(send(1, 0x33, 12, T0 + 8000), 0);
    assert_int_equal(window_total(1), 10 * (full + 1) + 2);
    assert_true(remembered(2));
    /* Of the forgotten one all is charged; it takes the place of the next. */
    assert_allowed(send(0, 0x33, 12, T0 + 8000), 0);
    assert_int_equal(window_total(1), 10 * (full + 1) + 14);
    assert_false(remembered(2));
    /* The first second leaves as it would have: 1,024 amounts but for the one replaced since. */
    assert_allowed(send(200000, 0x22, 10, T0 + 999 + 63000), 0);
    assert_int_equal(window_total(1), 10 * (full + 2) + 14 - 10230);
}

static void table__digest_forgotten__is_charged_once_more(void **state)
{
    (void)state;
    fill_slots();
    assert_allowed(send(0, 0x22, 10, T0 + 8000), 0);
    assert_int_equal(window_total(2), ZC_RESERVATIONS_MAX);
    assert_allowed(send(100000, 0x22, 10, T0 + 8000), 0);
    assert_allowed(send(0, 0x22, 10, T0 + 8000), 0);
    assert_int_equal(window_total(1), UINT64_C(10) * (ZC_RESERVATIONS_MAX + 2));
    assert_int_equal(window_total(2), ZC_RESERVATIONS_MAX + 2);
    assert_allowed(send(0, 0x22, 10, T0 + 8000), 0);
    assert_int_equal(window_total(2), ZC_RESERVATIONS_MAX + 2);
}

static void table__full__what_no_longer_counts_goes_first(void **state)
{
    (void)state;
    fill_slots();
    assert_int_equal(fixture_state.reservations.count, ZC_RESERVATIONS_MAX);
    /* The first second has left: one of it goes, and none of the second. */
    assert_allowed(send(100000, 0x22, 10, T0 + 999 + 63000), 0);
    assert_int_equal(zc_policy_pending(&fixture_state), ZC_RESERVATIONS_MAX - 1024 + 1);
    for (uint64_t i = 1; i < 1024; i++) {
        assert_allowed(send(100000 + i, 0x22, 10, T0 + 999 + 63000), 0);
    }
    assert_true(remembered(1024));
    assert_allowed(send(200000, 0x22, 10, T0 + 999 + 63000), 0);
    assert_false(remembered(1024));
    assert_true(remembered(1025));
}

/* 32,768 charges are 4,096 reservations of 8. */
#define LIMITS 8
#define OF_LIMITS UINT64_C(4096)

static void fill_charges(void)
{
    fixture_reset();
    fixture_allow_all();
    for (int i = 0; i < LIMITS; i++) {
        char name[] = {'r', (char)('a' + i), 0};
        fixture_rate(name, UINT32_MAX, 60);
    }
    list_address(fixture_rate("more", 100, 60), ZC_LIST_COUNTERPARTIES, 0x33);
    fixture_start();
    for (uint64_t nonce = 0; nonce < OF_LIMITS; nonce++) {
        assert_allowed(send(nonce, 0x22, 1, T0), 0);
    }
    assert_int_equal(fixture_state.reservations.charge_count, ZC_CHARGES_MAX);
}

static void table__charges_used_up__forgets_as_many_as_it_takes(void **state)
{
    (void)state;
    fill_charges();
    assert_allowed(send(100000, 0x22, 1, T0), 0); /* 8 for 8 */
    assert_false(remembered(0));
    assert_true(remembered(1));
    assert_allowed(send(100001, 0x33, 1, T0), 0); /* 9 */
    assert_false(remembered(1));
    assert_false(remembered(2));
    assert_true(remembered(3));
    assert_int_equal(fixture_state.reservations.charge_count, ZC_CHARGES_MAX - LIMITS + 1);
    assert_int_equal(window_total(1), OF_LIMITS + 2);
}

/* A replacement that falls under one limit more, in the reservation that leaves first. */
static void table__own_reservation_first__the_next_is_forgotten(void **state)
{
    (void)state;
    fill_charges();
    assert_allowed(send(0, 0x33, 1, T0), 0);
    assert_true(remembered(0));
    assert_false(remembered(1));
    assert_true(remembered(2));
    assert_int_equal(fixture_state.reservations.charge_count, ZC_CHARGES_MAX - LIMITS + 1);
    assert_allowed(send(0, 0x33, 1, T0), 0);
    assert_int_equal(window_total(1), OF_LIMITS + 1);
    assert_int_equal(window_total(LIMITS + 1), 1);
}

/* Three slots, the one to keep on top: of the others the earlier goes, left or right in the heap.
 */
static void make_room__keeps_the_first__takes_the_others_in_order(void **state)
{
    static zc_reservations table;
    static const uint8_t key_id[16] = {0};
    (void)state;
    for (int order = 0; order < 2; order++) {
        uint16_t slot[3];
        zc_reservations_init(&table);
        for (uint64_t i = 0; i < 3; i++) {
            intent_transfer(&intent, 1, i, 0x22, 1, 0);
            zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
            int64_t leaves = i == 0 ? 5 : (i == 1) == (order == 0) ? 6 : 7;
            slot[i] = zc_reservations_open(&table, &id, leaves);
        }
        zc_reservations_make_room(&table, slot[0], ZC_RESERVATIONS_MAX - 2, 0);
        assert_int_equal(table.count, 2);
        assert_int_equal(table.heap[0].slot, slot[0]);
        assert_int_equal(table.heap[1].leaves_ms, 7);
        zc_reservations_make_room(&table, slot[0], ZC_RESERVATIONS_MAX - 1, 0);
        assert_int_equal(table.count, 1);
        assert_int_equal(table.heap[0].slot, slot[0]);
        zc_reservations_make_room(&table, slot[0], ZC_RESERVATIONS_MAX - 1, ZC_CHARGES_MAX);
        assert_int_equal(table.count, 1);
    }
}

static void table__denied_request__forgets_nothing(void **state)
{
    uint8_t before[32];
    uint8_t after[32];
    (void)state;
    fill_charges();
    for (uint64_t nonce = 0; nonce < 100; nonce++) {
        assert_allowed(send(nonce, 0x33, 1, T0), 0);
    }
    zc_policy_digest(&fixture_state, &fixture_mission, before);
    assert_denied(send(200000, 0x33, 1, T0), ZC_POLICY_RATE, LIMITS + 1);
    assert_denied(send(2000, 0x33, 1, T0), ZC_POLICY_RATE, LIMITS + 1);
    zc_policy_digest(&fixture_state, &fixture_mission, after);
    assert_memory_equal(before, after, sizeof before);
}

/* Far more fit in the limit than in the table, and not one more than the limit says. */
static void limit__above_the_table__still_exact(void **state)
{
    enum { REQUESTS = 20000, RATE = 12000, AMOUNT = 3 * 11000 };
    (void)state;
    for (int by_amount = 0; by_amount < 2; by_amount++) {
        uint64_t allowed = 0;
        uint64_t fit = by_amount ? AMOUNT / 3 : RATE;
        fixture_reset();
        fixture_allow_all();
        fixture_limit("window", ZC_RULE_LIMIT_WINDOW, ETH, by_amount ? AMOUNT : 1000000, 6300);
        fixture_rate("rate", by_amount ? 1000000 : RATE, 6300);
        fixture_start();
        for (uint64_t nonce = 0; nonce < REQUESTS; nonce++) {
            zc_decision decision = send(nonce, 0x22, 3, T0 + (int64_t)nonce * 100);
            assert_int_equal(decision.outcome, nonce < fit ? ZC_OUTCOME_ALLOW : ZC_OUTCOME_DENY);
            allowed += decision.outcome == ZC_OUTCOME_ALLOW;
        }
        assert_int_equal(allowed, fit);
        assert_int_equal(window_total(1), 3 * fit);
        assert_int_equal(window_total(2), fit);
        /* Nor for what was forgotten: signing it again would be one more. */
        assert_denied(send(0, 0x22, 3, T0 + 2000000), by_amount ? ZC_POLICY_WINDOW : ZC_POLICY_RATE,
                      by_amount ? 1 : 2);
    }
}

/* What a table should remember, as a plain list; the sums of the seconds; one window of 63 s. */
enum { SPAN = 63, SECONDS = 4000 };

static struct known {
    uint64_t nonce;
    uint64_t amount;
    int64_t second;
} known[ZC_RESERVATIONS_MAX];
static size_t known_count;
static uint64_t spent[SECONDS];

static bool goes_before(const struct known *a, const struct known *b)
{
    return a->second != b->second ? a->second < b->second : a->nonce < b->nonce;
}

/* Its entry for the nonce, with what was forgotten for it when it is new. */
static struct known *model_take(uint64_t nonce, int64_t second, bool *ret_forgot)
{
    size_t first = 0;
    *ret_forgot = false;
    for (size_t i = 0; i < known_count; i++) {
        if (known[i].second + SPAN < second) {
            known[i--] = known[--known_count];
        } else if (known[i].nonce == nonce) {
            return &known[i];
        }
    }
    for (size_t i = 1; i < known_count; i++) {
        first = goes_before(&known[i], &known[first]) ? i : first;
    }
    *ret_forgot = known_count == ZC_RESERVATIONS_MAX;
    struct known *entry = *ret_forgot ? &known[first] : &known[known_count++];
    *entry = (struct known){.nonce = nonce, .second = second};
    return entry;
}

static uint64_t model_charge(struct known *entry, uint64_t amount, int64_t second)
{
    uint64_t total = 0;
    spent[entry->second] -= entry->amount;
    entry->amount = amount > entry->amount ? amount : entry->amount;
    entry->second = second;
    spent[second] += entry->amount;
    for (int64_t s = second > SPAN ? second - SPAN : 0; s <= second; s++) {
        total += spent[s];
    }
    return total;
}

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 11) % below;
}

static void table__random_replacements__equal_a_plain_list(void **state)
{
    size_t forgot = 0;
    int64_t second = 0;
    (void)state;
    seed = 11;
    known_count = 0;
    memset(spent, 0, sizeof spent);
    fixture_reset();
    fixture_allow_all();
    fixture_limit("window", ZC_RULE_LIMIT_WINDOW, ETH, UINT64_MAX, SPAN);
    fixture_start();
    for (int i = 0; i < 25000; i++) {
        uint64_t nonce = draw(12000);
        uint64_t amount = draw(1000) + 1;
        bool forgotten = false;
        second += draw(400) == 0;
        zc_decision decision = send(nonce, (uint8_t)(draw(8) + 1), amount, T0 + second * 1000);
        uint64_t total = model_charge(model_take(nonce, second, &forgotten), amount, second);
        assert_allowed(decision, 0);
        assert_int_equal(decision.measured.limb[0], total);
        assert_int_equal(zc_policy_pending(&fixture_state), known_count);
        forgot += forgotten;
    }
    print_message("%zu forgotten in %d seconds\n", forgot, (int)second);
    assert_true(forgot > 1000);
    assert_true(second > 42);
}

static zc_policy_state twin;

static void assert_twin_equal(void)
{
    uint8_t a[32];
    uint8_t b[32];
    zc_policy_digest(&fixture_state, &fixture_mission, a);
    zc_policy_digest(&twin, &fixture_mission, b);
    assert_memory_equal(a, b, sizeof a);
}

/* Limits of many spans, some for one recipient only, so that reservations hold few charges or many
 * and lose them one by one. `per_request` of them apply to all. */
static void start_twins(int per_request)
{
    static const uint32_t spans[] = {1, 100, 3, 30, 2, 10, 63, 600};
    fixture_reset();
    fixture_allow_all();
    for (int i = 0; i < per_request; i++) {
        char name[] = {'r', (char)('a' + i), 0};
        if (i % 3 == 0) {
            fixture_limit(name, ZC_RULE_LIMIT_WINDOW, ETH, 10000000, spans[i % 8]);
        } else {
            fixture_rate(name, 10000000, spans[i % 8]);
        }
    }
    for (uint8_t to = 1; to <= 8; to++) {
        char name[] = {'s', (char)('a' + to), 0};
        zc_rule *rule = fixture_limit(name, ZC_RULE_LIMIT_WINDOW, ETH, 6000, spans[to - 1]);
        list_address(rule, ZC_LIST_COUNTERPARTIES, to);
    }
    fixture_start();
    zc_policy_init(&twin, &fixture_mission);
}

/* Denied requests reach the one, not the other; only its clock is what the log says. */
static void run_twins(int per_request, uint64_t recent)
{
    size_t denied = 0;
    size_t allowed = 0;
    size_t forgot = 0;
    int64_t now = T0;
    seed = (uint64_t)per_request + 5;
    start_twins(per_request);
    for (uint64_t i = 0; i < 40000; i++) {
        zc_decision again;
        uint64_t nonce = draw(4) == 0 ? i - draw(i < recent ? i + 1 : recent) : i;
        /* Twice, most of what counts leaves; later denials look at what did, on one side only. */
        now += i % 18000 == 17999 ? 110000 : (int64_t)draw(8);
        intent_transfer(&intent, 1, nonce * 7919 % 40000, (uint8_t)(draw(12) + 1), draw(60) + 1, 0);
        size_t before = zc_policy_pending(&fixture_state);
        zc_decision got = ask(&intent, now);
        if (got.outcome != ZC_OUTCOME_ALLOW) {
            denied++;
            continue;
        }
        zc_request_context context = {.principal = BOT,
                                      .key_name = zc_slice_of_text("hot-1"),
                                      .use = ZC_USE_TX,
                                      .now_ms = got.now_ms};
        memcpy(context.key_id, intent.account.byte, sizeof context.key_id);
        assert_int_equal(zc_policy_decide(&twin, &fixture_mission, &context, &intent, &again).code,
                         0);
        assert_int_equal(again.outcome, got.outcome);
        assert_int_equal(again.limit_rule, got.limit_rule);
        assert_true(zc_u256_eq(&again.measured, &got.measured));
        forgot += before > ZC_RESERVATIONS_MAX / 3 && zc_policy_pending(&twin) <= before;
        if (++allowed % 101 == 0) {
            assert_twin_equal();
        }
    }
    print_message("%zu allowed, %zu denied, about %zu forgot\n", allowed, denied, forgot);
    assert_true(denied > 500);
    assert_true(forgot > 5000);
    assert_true(window_total(2) > 0);
}

static void twin__slots_full__forgets_the_same(void **state)
{
    (void)state;
    run_twins(2, 12000);
}

static void twin__charges_used_up__forgets_the_same(void **state)
{
    (void)state;
    run_twins(10, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table__full__forgets_the_first_to_leave),
        cmocka_unit_test(table__digest_forgotten__is_charged_once_more),
        cmocka_unit_test(table__full__what_no_longer_counts_goes_first),
        cmocka_unit_test(table__charges_used_up__forgets_as_many_as_it_takes),
        cmocka_unit_test(table__own_reservation_first__the_next_is_forgotten),
        cmocka_unit_test(make_room__keeps_the_first__takes_the_others_in_order),
        cmocka_unit_test(table__denied_request__forgets_nothing),
        cmocka_unit_test(limit__above_the_table__still_exact),
        cmocka_unit_test(table__random_replacements__equal_a_plain_list),
        cmocka_unit_test(twin__slots_full__forgets_the_same),
        cmocka_unit_test(twin__charges_used_up__forgets_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
