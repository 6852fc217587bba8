/* TransactionTests of ethereum/tests: signed transactions, and what each fork makes of them.
 *
 * The product has one set of rules, those in force since Shanghai (Prague only asks for more gas),
 * and takes every chain; the tests are of a network with chain id 1. An older fork is judged where
 * the file itself gives it the same result as the newest one, which is to say where the result
 * depends on the bytes alone. */
#include "crypto/hash.h"
#include "ethereum.h"
#include "intent/decode.h"

#define NETWORK UINT64_C(1)

/* Newest first. From Prague on calldata has a price of its own below which nothing passes
 * (EIP-7623). */
static const char *const current_forks[] = {"Osaka", "Prague", "Cancun", "Shanghai"};
#define FORKS_WITH_FLOOR 2

typedef struct zc_outcome {
    zc_result result;
    const char *why; /* beyond the result */
    uint8_t hash[32];
    uint8_t sender[20];
    uint64_t gas;
} zc_outcome;

static zc_outcome judge(zc_slice tx, bool has_floor)
{
    uint64_t floor = 0;
    static zc_intent intent;
    zc_signature signature;
    zc_outcome outcome = {.result =
                              zc_intent_decode_evm_signed_tx(tx, NULL, &intent, &signature, NULL)};
    if (!zc_ok(outcome.result)) {
        return outcome;
    }
    outcome.result = zc_evm_intrinsic_gas(tx, &outcome.gas, &floor);
    const zc_u256 needed = zc_u256_of(has_floor && floor > outcome.gas ? floor : outcome.gas);
    if (zc_ok(outcome.result) && zc_u256_cmp(&intent.gas_limit, &needed) < 0) {
        outcome.why = "the gas limit is below the intrinsic gas";
    } else if (intent.has_chain_id && intent.chain_id != NETWORK) {
        outcome.why = "the transaction is for another chain";
    }
    zc_keccak256(tx, outcome.hash);
    memcpy(outcome.sender, intent.account.byte, sizeof outcome.sender);
    return outcome;
}

static void check_fork(zc_report *report, const json_t *published, const zc_outcome *outcome,
                       bool is_current)
{
    bool refused = !zc_ok(outcome->result) || outcome->why != NULL;
    if (zc_field_has(published, "exception")) {
        if (!refused) {
            zc_report_problem(report, "accepted, but must be refused with %s",
                              zc_field_text(published, "exception"));
        }
        return;
    }
    (void)zc_report_ok(report, "valid", outcome->result);
    if (outcome->why != NULL) {
        zc_report_problem(report, "valid, but refused: %s", outcome->why);
    }
    zc_report_bytes(report, "hash", ZC_SLICE_OF_ARRAY(outcome->hash),
                    zc_field_hex(report, published, "hash"));
    zc_report_bytes(report, "sender", ZC_SLICE_OF_ARRAY(outcome->sender),
                    zc_field_hex(report, published, "sender"));
    if (is_current) {
        zc_report_u64(report, "intrinsic gas", outcome->gas,
                      zc_field_u64(report, published, "intrinsicGas"));
    }
}

static bool is_current(const char *fork)
{
    for (size_t i = 0; i < sizeof current_forks / sizeof *current_forks; i++) {
        if (strcmp(fork, current_forks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_floor(const char *fork)
{
    for (size_t i = 0; i < FORKS_WITH_FLOOR; i++) {
        if (strcmp(fork, current_forks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const json_t *newest_of(const json_t *forks)
{
    const json_t *newest = NULL;
    for (size_t i = 0; newest == NULL && i < sizeof current_forks / sizeof *current_forks; i++) {
        newest = json_object_get(forks, current_forks[i]);
    }
    return newest;
}

/* Refused both, or valid both with the same hash and sender. */
static bool is_same(const json_t *a, const json_t *b)
{
    bool refused = zc_field_has(a, "exception");
    if (refused || zc_field_has(b, "exception")) {
        return refused && zc_field_has(b, "exception");
    }
    return json_equal(json_object_get(a, "hash"), json_object_get(b, "hash")) != 0 &&
           json_equal(json_object_get(a, "sender"), json_object_get(b, "sender")) != 0;
}

static void run_test(zc_report *report, const char *name, const json_t *test)
{
    const char *fork;
    json_t *published;
    json_t *forks = json_object_get(test, "result");
    const json_t *newest = newest_of(forks);
    json_object_foreach(forks, fork, published)
    {
        zc_report_begin(report, "%s [%s]", name, fork);
        if (newest == NULL || (!is_current(fork) && !is_same(published, newest))) {
            zc_report_skip(report,
                           "this fork's rules differ; the product has those since Shanghai");
            continue;
        }
        zc_outcome outcome = judge(zc_field_hex(report, test, "txbytes"), has_floor(fork));
        check_fork(report, published, &outcome, is_current(fork));
        zc_report_end(report);
    }
}

void zc_run_transaction_tests(zc_report *report, json_t *root)
{
    const char *name;
    json_t *test;
    json_object_foreach(root, name, test)
    {
        run_test(report, name, test);
    }
}
