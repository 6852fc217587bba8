/* Hostile agents against the engine: random and greedy, in parallel sessions, replaying, replacing,
 * moving the clock, and crashing the machine with the end of the log lost. Never may what left be
 * one unit more than any limit, counted by a ledger that knows nothing of the engine.
 *
 *   test_policy_agents [REQUESTS] */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"

#define MINUTE 60000
#define HOUR (60 * MINUTE)
#define TO 4
#define TAIL_MAX 64
#define SINCE_COPY_MAX 4096
#define LEASE_S 20

enum { ALLOW, PER_TX, HOURLY, BY_BOT, DAILY, BY_PAYEE, PACE };

typedef struct request {
    uint64_t nonce;
    uint64_t amount;
    uint8_t to;
    bool as_founder;
    int64_t now_ms;
} request;

/* A signature that waits for its entry to be durable: it took a slice, or spends from one whose
 * entry is not. */
typedef struct waiting {
    request asked;
    int64_t decided_ms;
    size_t entry;
} waiting;

typedef struct world {
    bool leased;     /* bounded mode: what comes from a slice leaves before its entry is durable */
    size_t may_lose; /* entries that may wait while signatures leave */
    request log[SINCE_COPY_MAX];
    size_t next;    /* entries since the copy */
    size_t durable; /* of them */
    size_t slices;  /* one more than the last entry that took a slice */
    waiting held[TAIL_MAX];
    size_t held_count;
    uint64_t nonce;
    int64_t now_ms;
    uint64_t crashes;
    uint64_t left;
} world;

static unsigned long wanted = 20000;
static uint64_t seed;
static zc_policy_state copy;
static ledger hourly;
static ledger by_bot[2];
static ledger daily;
static ledger by_payee[TO];
static ledger pace;

static uint64_t below(uint64_t bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % bound;
}

static void lease(zc_rule *rule, uint64_t slice)
{
    rule->has_lease = true;
    rule->lease = zc_u256_of(slice);
    rule->lease_s = LEASE_S;
}

static void make_mission(const world *w)
{
    fixture_reset();
    fixture_mission.zones[fixture_mission.zone_count++] = (zc_zone){.name = "UTC"};
    fixture_mission.principals[FOUNDER].roles |= ZC_ROLE_SIGNER;
    fixture_allow_all();
    (void)fixture_limit("per-tx", ZC_RULE_LIMIT_PER_TX, ETH, 90, 0);
    zc_rule *limit[4];
    limit[0] = fixture_limit("hourly", ZC_RULE_LIMIT_WINDOW, ETH, 1000, HOUR / 1000);
    limit[1] = fixture_limit("by-bot", ZC_RULE_LIMIT_WINDOW, ETH, 300, 10 * MINUTE / 1000);
    limit[1]->per = ZC_PER_PRINCIPAL;
    limit[2] = fixture_limit("daily", ZC_RULE_LIMIT_WINDOW, ETH, 5000, 0);
    limit[2]->period = ZC_PERIOD_DAY;
    limit[2]->has_zone = true;
    limit[3] = fixture_limit("by-payee", ZC_RULE_LIMIT_WINDOW, ETH, 400, HOUR / 1000);
    limit[3]->per = ZC_PER_COUNTERPARTY;
    for (size_t i = 0; w->leased && i < 4; i++) {
        lease(limit[i], 60);
    }
    if (!w->leased) {
        (void)fixture_rate("pace", 60, MINUTE / 1000);
    }
    fixture_start();
}

/* A slice counts from when it was taken, and may be spent for its time: so of what was spent,
 * windows shorter by that time are within the limit. A day's slices end with their time, too, which
 * may be in the next day. */
static void open_ledgers(const world *w)
{
    int64_t shorter = w->leased ? INT64_C(1000) * LEASE_S : 0;
    ledger_init(&hourly, HOUR - shorter, 1000, false);
    for (size_t i = 0; i < 2; i++) {
        ledger_init(&by_bot[i], 10 * MINUTE - shorter, 300, false);
    }
    ledger_init(&daily, 0, w->leased ? 5000 + 90 : 5000, false);
    for (size_t i = 0; i < TO; i++) {
        ledger_init(&by_payee[i], HOUR - shorter, 400, false);
    }
    ledger_init(&pace, MINUTE, w->leased ? UINT64_MAX : 60, true);
}

static void close_ledgers(void)
{
    ledger_clear(&hourly);
    ledger_clear(&daily);
    ledger_clear(&pace);
    for (size_t i = 0; i < TO; i++) {
        ledger_clear(&by_payee[i]);
        ledger_clear(&by_bot[i % 2]);
    }
}

static zc_decision decide(const request *asked)
{
    zc_intent intent;
    intent_transfer(&intent, 1, asked->nonce, asked->to, asked->amount, 0);
    return ask_as(&intent, asked->as_founder ? FOUNDER : BOT, "hot-1", ZC_USE_TX, asked->now_ms);
}

/* The signature is out of the machine, and may be used. */
static void leave(world *w, const request *asked, int64_t decided_ms)
{
    uint64_t nonce = asked->nonce;
    uint64_t amount = asked->amount;
    uint64_t digest = amount << 8 | asked->to;
    w->left++;
    assert_true(amount <= 90);
    assert_true(ledger_add(&hourly, decided_ms, nonce, digest, amount));
    assert_true(ledger_add(&by_bot[asked->as_founder], decided_ms, nonce, digest, amount));
    assert_true(ledger_add(&daily, decided_ms, nonce, digest, amount));
    assert_true(ledger_add(&by_payee[asked->to % TO], decided_ms, nonce, digest, amount));
    assert_true(ledger_add(&pace, decided_ms, w->left, 0, 1));
}

/* The host acknowledges entries; what waited for them leaves. */
static void acknowledge(world *w, size_t up_to)
{
    size_t kept = 0;
    w->durable = up_to;
    for (size_t i = 0; i < w->held_count; i++) {
        if (w->held[i].entry < w->durable) {
            leave(w, &w->held[i].asked, w->held[i].decided_ms);
        } else {
            w->held[kept++] = w->held[i];
        }
    }
    w->held_count = kept;
}

/* All is durable: from here on a crash is replayed. */
static void take_copy(world *w)
{
    acknowledge(w, w->next);
    memcpy(&copy, &fixture_state, sizeof copy);
    w->next = 0;
    w->durable = 0;
    w->slices = 0;
}

/* The machine stops. Of the entries that were not durable, the host shows as many as it likes: what
 * the log has was signed, whether or not it was seen. */
static void crash(world *w)
{
    size_t shown = w->durable + (size_t)below(w->next - w->durable + 1);
    acknowledge(w, shown);
    memcpy(&fixture_state, &copy, sizeof copy);
    for (size_t i = 0; i < shown; i++) {
        assert_int_equal(decide(&w->log[i]).outcome, ZC_OUTCOME_ALLOW);
    }
    zc_policy_restart(&fixture_state, &fixture_mission);
    w->held_count = 0; /* what still waited never left */
    w->next = shown;
    w->durable = shown;
    w->crashes++;
    /* The machine's clock is what it is: a request that is denied brings the engine to it. */
    const request late = {.amount = 1000, .to = 0x20, .now_ms = w->now_ms};
    assert_int_equal(decide(&late).outcome, ZC_OUTCOME_DENY);
    /* What left and was lost may have replaced what the engine still knows: a ledger that moves a
     * nonce to its last signature would count the same transaction at two times. */
    w->nonce += w->leased ? 64 : 0;
    take_copy(w);
}

static void ask_for(world *w, const request *asked)
{
    if (w->next == SINCE_COPY_MAX || w->held_count == TAIL_MAX) {
        take_copy(w);
    }
    if (w->next - w->durable > w->may_lose && w->leased) {
        acknowledge(w, w->durable + 1); /* signing waits for the log */
    }
    zc_decision decision = decide(asked);
    if (decision.outcome != ZC_OUTCOME_ALLOW) {
        return;
    }
    size_t entry = w->next++;
    w->log[entry] = *asked;
    w->log[entry].now_ms = decision.now_ms;
    w->slices = decision.leases > 0 ? entry + 1 : w->slices;
    if (w->leased && w->slices <= w->durable) {
        leave(w, asked, decision.now_ms);
        return;
    }
    w->held[w->held_count++] = (waiting){*asked, decision.now_ms, entry};
}

/* As much as all limits seem to leave, or one more. */
static uint64_t greedy(const request *asked, int64_t now_ms)
{
    uint64_t left = ledger_left(&hourly, now_ms);
    uint64_t own = ledger_left(&by_bot[asked->as_founder], now_ms);
    uint64_t payee = ledger_left(&by_payee[asked->to % TO], now_ms);
    left = own < left ? own : left;
    left = payee < left ? payee : left;
    return (left < 90 ? left : 90) + below(2);
}

static void pass_time(world *w)
{
    static const int64_t steps[] = {0, 0, 1, 10, 500, 1000, 5000, 20000, 57142, MINUTE};
    w->now_ms += steps[below(10)];
    if (below(2000) == 0) {
        w->now_ms += (int64_t)below(2 * HOUR);
    }
    if (below(500) == 0) { /* to the edge of a day */
        w->now_ms += 86400000 - w->now_ms % 86400000 - (int64_t)below(3);
    }
}

static request next_request(world *w, const request *before)
{
    request asked = {.to = (uint8_t)(0x20 + below(TO)),
                     .as_founder = below(2) == 0,
                     .now_ms = w->now_ms - (below(8) == 0 ? (int64_t)below(3 * HOUR) : 0)};
    uint64_t dice = below(10);
    bool known = !w->leased || before->nonce + 40 >= w->nonce;
    if (dice == 0 && known) { /* the very same once more */
        asked = *before;
        asked.now_ms = w->now_ms;
        return asked;
    }
    asked.nonce = dice < 4 && w->nonce > 40 ? w->nonce - below(40) : w->nonce++;
    asked.amount = below(2) == 0 ? 1 + below(95) : greedy(&asked, w->now_ms);
    return asked;
}

static void play(world *w)
{
    static request before[4]; /* of each session */
    memset(before, 0, sizeof before);
    seed = w->leased ? 88172645463325252u : 1181783497276652981u;
    w->now_ms = T0;
    make_mission(w);
    open_ledgers(w);
    take_copy(w);
    for (unsigned long i = 0; i < wanted; i++) {
        request *own = &before[below(4)];
        pass_time(w);
        *own = next_request(w, own);
        ask_for(w, own);
        if (below(3) == 0) {
            acknowledge(w, w->durable + (size_t)below(w->next - w->durable + 1));
        }
        if (below(1500) == 0) {
            crash(w);
        }
    }
    print_message("%lu requests, %lu signatures left, %lu crashes; at most %lu of 1000 an hour, "
                  "%lu of 5000 a day\n",
                  wanted, (unsigned long)w->left, (unsigned long)w->crashes,
                  (unsigned long)hourly.most, (unsigned long)daily.most);
    assert_true(w->left > wanted / 100 && hourly.most > 900); /* they did press against it */
    close_ledgers();
}

static void agents__entry_durable_before_signature__never_above_a_limit(void **state)
{
    static world w;
    (void)state;
    play(&w);
}

static void agents__bounded_mode_with_slices__never_above_a_limit(void **state)
{
    static world w = {.leased = true, .may_lose = 32};
    (void)state;
    play(&w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agents__entry_durable_before_signature__never_above_a_limit),
        cmocka_unit_test(agents__bounded_mode_with_slices__never_above_a_limit),
    };
    wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : wanted;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
