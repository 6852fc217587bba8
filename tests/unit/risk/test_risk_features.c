/* What the model is told of an intent and of what came before. */
#include "form.h"

#include <math.h>
#include <string.h>

#include "codec/cbor.h"

#define T0 INT64_C(1767225600000) /* 2026-01-01, a Thursday, 00:00 UTC */
#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define MISSING ZC_RISK_FEATURE_MISSING
#define ONE ZC_RISK_FEATURE_ONE

static zc_risk_history history;
static zc_risk_context context;
static zc_intent intent;

static int set_up(void **state)
{
    (void)state;
    zc_risk_history_init(&history);
    context = (zc_risk_context){.principal = 3, .now_ms = T0};
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_EVM;
    intent.operation = ZC_OPERATION_TRANSFER;
    intent.has_chain_id = true;
    intent.chain_id = 1;
    return 0;
}

static zc_address address(uint8_t b)
{
    uint8_t bytes[20];
    memset(bytes, b, sizeof bytes);
    return zc_address_of_evm(bytes);
}

static void move(zc_movement_kind kind, uint64_t amount, uint8_t to)
{
    zc_movement movement = {.kind = kind, .call = ZC_CALL_NONE, .asset = zc_asset_id_native(1)};
    movement.amount = zc_u256_of(amount);
    movement.to = address(to);
    assert_int_equal(zc_intent_add_movement(&intent, &movement).code, 0);
}

static int64_t value_of(const char *name)
{
    zc_risk_feature feature;
    zc_risk_vector vector;
    assert_true(zc_risk_feature_read(zc_slice_of_text(name), &feature));
    zc_risk_features(&feature, 1, &history, &context, &intent, &vector);
    assert_int_equal(vector.count, 1);
    return vector.value[0];
}

#define VALUE(name, wanted) assert_true(value_of(name) == (wanted))

static void observe(uint64_t amount, int64_t at)
{
    zc_intent_reset(&intent);
    intent.chain_id = 1;
    move(ZC_MOVEMENT_OUT, amount, 0x11);
    context.now_ms = at;
    zc_risk_observe(&history, &context, &intent);
}

static void features__names__read_and_write_back(void **state)
{
    (void)state;
    static const char *const names[] = {"missing",
                                        "amount-log2",
                                        "amount-ratio:day",
                                        "volume-log2:month",
                                        "request-count:hour",
                                        "hour:0",
                                        "weekday:15",
                                        "chain:1",
                                        "operation:token-transfer",
                                        "flag:delegatecall",
                                        "family:evm",
                                        "idle-log2"};
    static const char *const wrong[] = {"",
                                        "amount",
                                        "amount-ratio",
                                        "amount-ratio:",
                                        "amount-ratio:week",
                                        "amount-log2:day",
                                        "hour:16",
                                        "hour:x",
                                        "chain:0",
                                        "operation:no",
                                        "flag:no",
                                        "family:no",
                                        "missing:"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint8_t text[64];
        zc_risk_feature feature;
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        assert_true(zc_risk_feature_read(zc_slice_of_text(names[i]), &feature));
        assert_int_equal(zc_risk_feature_write(&feature, &writer).code, 0);
        assert_true(zc_slice_eq_text(zc_writer_written(&writer), names[i]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_risk_feature feature;
        assert_false(zc_risk_feature_read(zc_slice_of_text(wrong[i]), &feature));
    }
}

static void features__nothing_known__missing(void **state)
{
    (void)state;
    VALUE("missing", MISSING);
    VALUE("amount-log2", MISSING);
    VALUE("amount-ratio:day", MISSING);
    VALUE("volume-log2:day", MISSING);
    VALUE("counterparty-new", MISSING);
    VALUE("counterparty-count", MISSING);
    VALUE("hour:0", MISSING);
    VALUE("gas-price-ratio:day", MISSING);
    VALUE("fee-log2", MISSING);
    VALUE("order-side", MISSING);
    VALUE("order-notional-log2", MISSING);
    VALUE("idle-log2", MISSING);
    VALUE("request-count:day", 0);
    VALUE("flag-count", 0);
}

static void features__the_intent__as_it_is(void **state)
{
    (void)state;
    move(ZC_MOVEMENT_OUT, 1000, 0x11);
    move(ZC_MOVEMENT_LOCK, 24, 0x22);
    move(ZC_MOVEMENT_RECEIVE, 5000, 0x33);
    move(ZC_MOVEMENT_FEE, 7, 0);
    intent.flags = ZC_FLAG_DELEGATECALL | ZC_FLAG_NO_EXPIRY;
    intent.max_fee = zc_u256_of(1 << 20);
    VALUE("amount-log2", 10 * ONE);
    VALUE("asset-count", ONE);
    VALUE("movement-count", 4 * ONE);
    VALUE("flag:delegatecall", ONE);
    VALUE("flag:grant", 0);
    VALUE("flag-count", 2 * ONE);
    VALUE("fee-log2", 20 * ONE);
    VALUE("chain:1", ONE);
    VALUE("chain:10", 0);
    VALUE("operation:transfer", ONE);
    VALUE("family:bitcoin", 0);
    VALUE("counterparty-new", ONE);
}

static void features__amounts_against_history__average_of_the_window(void **state)
{
    (void)state;
    observe(100, T0);
    observe(300, T0 + 2 * HOUR);
    zc_intent_reset(&intent);
    intent.chain_id = 1;
    move(ZC_MOVEMENT_OUT, 1000, 0x11);
    VALUE("amount-ratio:day", 5 * ONE);
    VALUE("amount-ratio:hour", 1000 * ONE / 300);
    VALUE("request-count:day", 2 * ONE);
    VALUE("request-count:hour", ONE);
    VALUE("counterparty-new", 0);
    VALUE("counterparty-count", 2 * ONE);
    context.now_ms = T0 + 2 * HOUR + 4000;
    VALUE("idle-log2", 2 * ONE - 1); /* the logarithm of 1000 is rounded, too */
    context.principal = 4;
    VALUE("amount-ratio:day", MISSING);
    VALUE("request-count:day", 0);
    VALUE("counterparty-new", ONE);
}

static void features__time_passes__each_window_forgets_after_its_span(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t span;
    } windows[] = {{"request-count:hour", HOUR},
                   {"request-count:day", DAY},
                   {"request-count:month", 30 * DAY}};
    for (size_t i = 0; i < 3; i++) {
        (void)set_up(NULL);
        observe(1, T0 + 12345);
        context.now_ms += windows[i].span - 1;
        VALUE(windows[i].name, ONE);
        context.now_ms += windows[i].span / 31 + 2;
        VALUE(windows[i].name, 0);
    }
}

/* A slow model: every request is kept, and its bucket computed anew. */
static void history__random_requests__as_a_list_of_them(void **state)
{
    (void)state;
    static int64_t at[3000];
    const int64_t bucket = (DAY + 30) / 31;
    int64_t now = T0;
    for (size_t i = 0; i < 3000; i++) {
        now += (int64_t)(form_random() % (uint64_t)(form_random() % 50 == 0 ? 2 * DAY : HOUR / 2));
        observe(i + 1, now);
        at[i] = now;
        uint64_t count = 0;
        uint64_t sum = 0;
        for (size_t j = 0; j <= i; j++) {
            if (at[j] / bucket > now / bucket - ZC_RISK_BUCKETS) {
                count++;
                sum += j + 1;
            }
        }
        assert_true(zc_risk_history_requests(&history, 3, ZC_RISK_WINDOW_DAY, now) == count);
        zc_intent_reset(&intent);
        intent.chain_id = 1;
        move(ZC_MOVEMENT_OUT, 1, 0x11);
        zc_u256 total = zc_u256_of(sum + 1);
        int64_t log = value_of("volume-log2:day");
        assert_true(fabs((double)log / (double)ONE - log2((double)total.limb[0])) < 2e-5);
    }
}

static void features__local_time__of_the_zone(void **state)
{
    (void)state;
    context.zone_count = 2;
    context.zone_offset_s[0] = 3600;
    context.zone_offset_s[1] = -5 * 3600;
    context.now_ms = T0 + 90 * MINUTE;
    VALUE("hour:0", 5 * ONE / 2);
    VALUE("weekday:0", 3 * ONE);
    VALUE("hour:1", 41 * ONE / 2);
    VALUE("weekday:1", 2 * ONE);
    VALUE("hour:2", MISSING);
    context.now_ms = 0;
    VALUE("weekday:1", 2 * ONE);
}

static zc_decimal decimal(const char *text)
{
    zc_decimal value;
    assert_int_equal(zc_decimal_read(zc_slice_of_text(text), &value).code, 0);
    return value;
}

static void features__orders__notional_side_and_ratio(void **state)
{
    (void)state;
    intent.has_order = true;
    intent.order.venue = ZC_VENUE_KRAKEN;
    intent.order.side = ZC_SIDE_SELL;
    (void)strcpy(intent.order.market, "BTC/USD");
    intent.order.price = decimal("64.00");
    intent.order.quantity = decimal("0.5");
    int64_t log = value_of("order-notional-log2");
    assert_true(log >= 5 * ONE - 2 && log <= 5 * ONE + 2);
    VALUE("order-side", -ONE);
    VALUE("order-reduce-only", 0);
    zc_risk_observe(&history, &context, &intent);
    intent.order.quantity = decimal("1.25");
    VALUE("amount-ratio:hour", 5 * ONE / 2);
    intent.order.price = (zc_decimal){0};
    VALUE("amount-ratio:hour", MISSING);
    VALUE("order-notional-log2", MISSING);
    intent.order.quote_quantity = decimal("48");
    VALUE("amount-ratio:hour", 3 * ONE / 2);
}

static void features__greatest_amounts__saturate(void **state)
{
    (void)state;
    observe(1, T0);
    zc_intent_reset(&intent);
    intent.chain_id = 1;
    move(ZC_MOVEMENT_ALLOWANCE, 1, 0x11);
    intent.movements[0].amount = ZC_U256_MAX;
    move(ZC_MOVEMENT_OUT, 1, 0x11);
    int64_t log = value_of("amount-log2");
    assert_true(log <= 256 * ONE && log >= 256 * ONE - 1);
    VALUE("amount-ratio:day", ZC_RISK_FEATURE_MAX);
    zc_risk_observe(&history, &context, &intent);
    zc_risk_observe(&history, &context, &intent);
    VALUE("amount-ratio:day", ONE); /* sum and product both stay at the greatest number */
}

static void observe__more_counterparties_than_room__further_ones_stay_new(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ZC_RISK_COUNTERPARTIES + 10; i++) {
        zc_intent_reset(&intent);
        intent.chain_id = i + 1;
        move(ZC_MOVEMENT_OUT, 1, 0x11);
        zc_risk_observe(&history, &context, &intent);
    }
    assert_int_equal(history.counterparty_count, ZC_RISK_COUNTERPARTIES);
    VALUE("counterparty-new", ONE);
    intent.chain_id = 1;
    VALUE("counterparty-new", 0);
}

static void observe__more_assets_than_rows__the_oldest_is_forgotten(void **state)
{
    (void)state;
    for (uint64_t i = 0; i <= ZC_RISK_ROWS; i++) {
        zc_intent_reset(&intent);
        move(ZC_MOVEMENT_OUT, 8, 0x11);
        intent.movements[0].asset = zc_asset_id_native(i + 1);
        zc_risk_observe(&history, &context, &intent);
    }
    VALUE("amount-ratio:day", ONE);
    intent.movements[0].asset = zc_asset_id_native(2);
    VALUE("amount-ratio:day", ONE);
    intent.movements[0].asset = zc_asset_id_native(1);
    VALUE("amount-ratio:day", MISSING);
}

static void digest_of(const zc_risk_history *of, uint8_t ret_digest[static 32])
{
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_risk_history_hash(of, &hash);
    zc_sha256_final(&hash, ret_digest);
}

static void history__the_same_calls__the_same_digest(void **state)
{
    (void)state;
    uint8_t first[32];
    uint8_t second[32];
    for (int run = 0; run < 2; run++) {
        (void)set_up(NULL);
        for (uint64_t i = 1; i < 200; i++) {
            observe(i * i, T0 + (int64_t)i * 17 * MINUTE);
        }
        digest_of(&history, run == 0 ? first : second);
    }
    assert_memory_equal(first, second, 32);
    observe(1, T0 + 200 * 17 * MINUTE);
    digest_of(&history, second);
    assert_memory_not_equal(first, second, 32);
}

static void put_two_leaves(zc_writer *writer)
{
    form_put_trees(writer, 1);
    form_put_tree(writer, 0, 3);
    form_put_split(writer, 0, ZC_RISK_MISSING_RIGHT,
                   zc_risk_key_of_value(ZC_RISK_BINARY64, 10 * ONE));
    form_put_leaf(writer, 1, 2);
    form_put_leaf(writer, 3, 2);
}

static void score__an_intent__in_millionths_with_its_features(void **state)
{
    (void)state;
    int64_t score = 0;
    zc_risk_vector vector;
    static zc_risk_model none;
    zc_form form = form_sound;
    form.put_trees = put_two_leaves;
    assert_int_equal(zc_risk_score(&none, &history, &context, &intent, &score, &vector).code,
                     (uint16_t)ZC_POLICY_RISK_NO_MODEL);
    assert_int_equal(form_read(&form).code, 0);
    move(ZC_MOVEMENT_OUT, 1023, 0x11);
    assert_int_equal(zc_risk_score(&form_model, &history, &context, &intent, &score, &vector).code,
                     0);
    assert_int_equal(score, 250000);
    assert_int_equal(vector.count, 2);
    move(ZC_MOVEMENT_OUT, 1, 0x11);
    assert_int_equal(zc_risk_score(&form_model, &history, &context, &intent, &score, &vector).code,
                     0);
    assert_int_equal(score, 750000);
    assert_true(vector.value[0] == 10 * ONE);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(features__names__read_and_write_back),
        TEST(features__nothing_known__missing),
        TEST(features__the_intent__as_it_is),
        TEST(features__amounts_against_history__average_of_the_window),
        TEST(features__time_passes__each_window_forgets_after_its_span),
        TEST(history__random_requests__as_a_list_of_them),
        TEST(features__local_time__of_the_zone),
        TEST(features__orders__notional_side_and_ratio),
        TEST(features__greatest_amounts__saturate),
        TEST(observe__more_counterparties_than_room__further_ones_stay_new),
        TEST(observe__more_assets_than_rows__the_oldest_is_forgotten),
        TEST(history__the_same_calls__the_same_digest),
        TEST(score__an_intent__in_millionths_with_its_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
