/* The table of reservations: expiring, colliding. What it forgets: test_policy_forgetting.c. */
#include "fixture.h"

#include <string.h>

static zc_intent intent;

static zc_decision send(uint64_t nonce, int64_t now_ms)
{
    intent_transfer(&intent, 1, nonce, 0x22, 1, 0);
    return ask(&intent, now_ms);
}

/* One nonce, replaced again and again under rules that each see another recipient. */
static void slot__more_charges_than_it_holds__denied(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    for (uint8_t i = 0; i <= ZC_RESERVATION_MAX_CHARGES; i++) {
        char name[] = {'r', (char)('a' + i / 26), (char)('a' + i % 26), 0};
        list_address(fixture_rate(name, 100, i == 0 ? 3600 : 60), ZC_LIST_COUNTERPARTIES,
                     (uint8_t)(i + 1));
    }
    fixture_start();
    for (uint8_t i = 0; i < ZC_RESERVATION_MAX_CHARGES; i++) {
        intent_transfer(&intent, 1, 7, (uint8_t)(i + 1), 1, 0);
        assert_allowed(ask(&intent, T0), 0);
    }
    intent_transfer(&intent, 1, 7, ZC_RESERVATION_MAX_CHARGES + 1, 1, 0);
    zc_decision decision = ask(&intent, T0);
    assert_denied(decision, ZC_POLICY_RESERVATIONS_FULL, ZC_POLICY_NONE);
    assert_int_equal(decision.measured.limb[0], ZC_RESERVATION_MAX_CHARGES + 1);
    assert_int_equal(decision.limit.limb[0], ZC_RESERVATION_MAX_CHARGES);
    intent_transfer(&intent, 1, 8, ZC_RESERVATION_MAX_CHARGES + 1, 1, 0);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 1, 7, ZC_RESERVATION_MAX_CHARGES + 1, 1, 0);
    assert_allowed(ask(&intent, T0 + 100000), 0); /* the first still counts, the others have left */
    assert_int_equal(fixture_state.reservations.charge_count, 2 + 1); /* and the one of nonce 8 */
    assert_int_equal(zc_policy_pending(&fixture_state), 1);
}

static void digest__follows_the_clock_and_what_counts(void **state)
{
    static zc_policy_state fresh;
    uint8_t digest[4][32];
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_rate("rate", 100, 60);
    fixture_start();
    zc_policy_digest(&fixture_state, &fixture_mission, digest[0]);
    assert_allowed(send(1, T0), 0);
    zc_policy_digest(&fixture_state, &fixture_mission, digest[1]);
    intent_transfer(&intent, 1, 2, 0x22, 1, 0);
    assert_denied(ask_as(&intent, AUDITOR, "hot-1", ZC_USE_TX, T0 + 1), ZC_POLICY_NOT_A_SIGNER,
                  ZC_POLICY_NONE);
    zc_policy_digest(&fixture_state, &fixture_mission, digest[2]);
    assert_denied(ask_as(&intent, AUDITOR, "hot-1", ZC_USE_TX, T0 + 100000), ZC_POLICY_NOT_A_SIGNER,
                  ZC_POLICY_NONE);
    zc_policy_digest(&fixture_state, &fixture_mission, digest[3]);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(digest[i], digest[j], 32);
        }
    }
    /* What has left leaves no trace but the time. */
    zc_policy_init(&fresh, &fixture_mission);
    fresh.now_ms = T0 + 100000;
    zc_policy_digest(&fresh, &fixture_mission, digest[0]);
    assert_memory_equal(digest[0], digest[3], 32);
}

static void table__request_without_limits__takes_no_slot(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("usdc", ZC_RULE_LIMIT_WINDOW, USDC, 5, 60);
    fixture_limit("one", ZC_RULE_LIMIT_PER_TX, ETH, 5, 0);
    fixture_start();
    for (uint64_t nonce = 0; nonce < UINT64_C(2) * ZC_RESERVATIONS_MAX; nonce++) {
        assert_allowed(send(nonce, T0), 0);
    }
    assert_int_equal(zc_policy_pending(&fixture_state), 0);
}

/* A slot outlives its short charge by its long one, and only the short one is charged anew. */
static void slot__charges_of_two_spans__leave_one_by_one(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 10, 63);
    fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 15, 3600);
    fixture_start();
    intent_transfer(&intent, 1, 7, 0x22, 10, 0);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 1, 8, 0x22, 5, 0);
    assert_allowed(ask(&intent, T0 + 70000), 0);
    intent_transfer(&intent, 1, 7, 0x33, 6, 0);
    assert_denied(ask(&intent, T0 + 70001), ZC_POLICY_WINDOW, 1);
    intent_transfer(&intent, 1, 7, 0x33, 5, 0);
    assert_allowed(ask(&intent, T0 + 70002), 0); /* the hour holds max(10, 5) */
    intent_transfer(&intent, 1, 9, 0x22, 1, 0);
    assert_denied(ask(&intent, T0 + 140000), ZC_POLICY_WINDOW, 2);
}

/* Ids whose hash is equal share a chain: each is still found, in any order of coming and going. */
static void table__many_ids__each_found_and_none_confused(void **state)
{
    static zc_reservations table;
    enum { IDS = 4000 };
    static uint16_t slot[IDS];
    (void)state;
    zc_reservations_init(&table);
    intent_transfer(&intent, 1, 0, 0x22, 1, 0);
    static const uint8_t key_id[16] = {0};
    for (int64_t round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < IDS; i++) {
            intent.nonce = i * 977 % IDS;
            zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
            assert_int_equal(zc_reservations_find(&table, &id, round * 1000), ZC_RESERVATION_NONE);
            zc_reservations_make_room(&table, ZC_RESERVATION_NONE, 1, 2);
            slot[intent.nonce] = zc_reservations_open(&table, &id, 1);
            for (uint16_t rule = 9; rule > 7; rule--) {
                zc_reservations_set(&table, slot[intent.nonce],
                                    &(zc_charge){.amount = zc_u256_of(intent.nonce),
                                                 .leaves_ms = (round + 1) * 1000,
                                                 .row = rule});
            }
        }
        for (uint64_t i = 0; i < IDS; i++) {
            intent.nonce = i;
            zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
            assert_int_equal(zc_reservations_find(&table, &id, round * 1000 + 999), slot[i]);
            uint16_t charge = zc_reservations_charge(&table, slot[i], 8, round * 1000 + 999);
            assert_int_equal(table.charge[charge].amount.limb[0], i);
            assert_int_equal(zc_reservations_charge(&table, slot[i], 7, 0), ZC_RESERVATION_NONE);
            assert_int_equal(zc_reservations_charge(&table, slot[i], 8, round * 1000 + 1000),
                             ZC_RESERVATION_NONE);
            assert_int_equal(zc_reservations_charges(&table, slot[i], 999), 2);
            assert_int_equal(zc_reservations_charges(&table, slot[i], round * 1000 + 1000), 0);
        }
        assert_int_equal(table.count, IDS);
        assert_int_equal(table.charge_count, 2 * IDS);
        for (uint64_t i = 0; i < IDS; i += 2) { /* half is found to have left, half is forgotten */
            intent.nonce = i;
            zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
            assert_int_equal(zc_reservations_find(&table, &id, (round + 1) * 1000),
                             ZC_RESERVATION_NONE);
        }
        zc_reservations_make_room(&table, ZC_RESERVATION_NONE, ZC_RESERVATIONS_MAX, ZC_CHARGES_MAX);
        assert_int_equal(table.count, 0);
        assert_int_equal(table.charge_count, 0);
    }
}

static void heap__random_lifetimes__forgets_in_the_order_of_leaving(void **state)
{
    static zc_reservations table;
    uint64_t random = 7;
    (void)state;
    zc_reservations_init(&table);
    intent_transfer(&intent, 1, 0, 0x22, 1, 0);
    static const uint8_t key_id[16] = {0};
    for (uint64_t i = 0; i < 3000; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        intent.nonce = i * 977 % 3000; /* equals leave by id, not by slot */
        zc_reservation_id id = zc_reservation_id_of(&intent, key_id);
        uint16_t slot = zc_reservations_open(&table, &id, 1);
        for (uint16_t rule = 0; rule < 2; rule++) {
            zc_reservations_set(
                &table, slot,
                &(zc_charge){.leaves_ms = (int64_t)(random >> (40 + rule)) % 5000 + 1,
                             .row = rule});
        }
    }
    zc_reservation last = {.leaves_ms = 0};
    for (size_t left = table.count; left > 0; left--) {
        assert_int_equal(table.count, left);
        for (size_t i = 0; i < left; i += 7) {
            assert_int_equal(table.heap_at[table.heap[i].slot], i);
        }
        zc_reservation first = table.slot[table.heap[0].slot];
        assert_true(first.leaves_ms > last.leaves_ms ||
                    (first.leaves_ms == last.leaves_ms &&
                     memcmp(first.id.byte, last.id.byte, sizeof first.id.byte) > 0));
        last = first;
        zc_reservations_make_room(&table, ZC_RESERVATION_NONE, ZC_RESERVATIONS_MAX - left + 1, 0);
    }
    assert_int_equal(table.count, 0);
    assert_int_equal(table.charge_count, 0);
}

static void id__differs_in_each_part(void **state)
{
    zc_reservation_id ids[7];
    uint8_t key_id[16] = {0};
    (void)state;
    intent_transfer(&intent, 1, 5, 0x22, 1, 0);
    ids[0] = zc_reservation_id_of(&intent, key_id);
    intent.nonce = 6;
    ids[1] = zc_reservation_id_of(&intent, key_id);
    intent_transfer(&intent, 2, 5, 0x22, 1, 0);
    ids[2] = zc_reservation_id_of(&intent, key_id);
    intent_transfer(&intent, 0, 5, 0x22, 1, 0);
    ids[3] = zc_reservation_id_of(&intent, key_id);
    intent_digest(&intent, 1);
    ids[4] = zc_reservation_id_of(&intent, key_id);
    intent_digest(&intent, 2);
    ids[5] = zc_reservation_id_of(&intent, key_id);
    key_id[15] = 1;
    ids[6] = zc_reservation_id_of(&intent, key_id);
    for (size_t i = 0; i < 7; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(&ids[i], &ids[j], sizeof ids[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table__request_without_limits__takes_no_slot),
        cmocka_unit_test(slot__more_charges_than_it_holds__denied),
        cmocka_unit_test(digest__follows_the_clock_and_what_counts),
        cmocka_unit_test(slot__charges_of_two_spans__leave_one_by_one),
        cmocka_unit_test(table__many_ids__each_found_and_none_confused),
        cmocka_unit_test(heap__random_lifetimes__forgets_in_the_order_of_leaving),
        cmocka_unit_test(id__differs_in_each_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
