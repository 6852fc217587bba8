#include "samples.h"

#include "intent/render.h"

static zc_intent intent;
static char text[ZC_INTENT_MAX_RENDERED + 1];

static const char *render(const zc_catalog *catalog)
{
    zc_writer writer = zc_writer_of(text, sizeof(text) - 1);
    must(zc_intent_render(&intent, catalog, &writer));
    text[zc_writer_len(&writer)] = '\0';
    for (const char *at = text; *at != '\0'; at++) {
        assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
    }
    return text;
}

static void assert_says(const char *page, const char *what)
{
    if (strstr(page, what) == NULL) {
        fail_msg("not said: %s\nin:\n%s", what, page);
    }
}

static void render__token_transfer_with_catalog__units_and_names(void **state)
{
    (void)state;
    zc_asset assets[2] = {
        {.name = "USDC", .decimals = 6, .id = zc_asset_id_token(1, ZC_SLICE_OF_ARRAY(token))},
        {.name = "ETH", .decimals = 18, .id = zc_asset_id_native(1)}};
    zc_contract contract = {.name = "treasury", .chain_id = 1};
    contract.address = zc_address_of_evm(friend);
    const zc_catalog catalog = {assets, 2, &contract, 1};
    const bytes data = call("a9059cbb", friend, NULL, zc_u256_of(1500000));
    const bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    const char *page = render(&catalog);
    assert_says(page, "Token transfer on chain 1\n");
    assert_says(page, " 1.5 USDC\n");
    assert_says(page, "0xf71E000000000000000000000000000000000000 \"treasury\"\n");
    assert_says(page, "0.000000000006 ETH\n");
    assert_says(page, "nonce");
    assert_null(strstr(page, "WARNING"));
    /* The same token on another chain is another token. */
    assets[0].id.chain_id = 2;
    assert_says(render(&catalog), "1500000 base units");
}

static void render__amounts__exact_at_every_scale(void **state)
{
    (void)state;
    static const struct {
        uint64_t amount;
        uint8_t decimals;
        const char *text;
    } cases[] = {{0, 0, " 0 T\n"},           {0, 18, " 0 T\n"},    {1, 2, " 0.01 T\n"},
                 {100, 2, " 1 T\n"},         {120, 2, " 1.2 T\n"}, {10, 0, " 10 T\n"},
                 {1000, 1, " 100 T\n"},      {1, 77, "0001 T\n"},  {5, 78, " 5 base units"},
                 {123456, 3, " 123.456 T\n"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zc_asset asset = {.name = "T",
                          .decimals = cases[i].decimals,
                          .id = zc_asset_id_token(1, ZC_SLICE_OF_ARRAY(token))};
        const zc_catalog catalog = {&asset, 1, NULL, 0};
        const bytes data = call("a9059cbb", friend, NULL, zc_u256_of(cases[i].amount));
        const bytes tx = build(token_call(&data));
        must(decode(&tx, &intent));
        assert_says(render(&catalog), cases[i].text);
    }
}

static void render__risks__in_plain_words(void **state)
{
    (void)state;
    bytes data = call("095ea7b3", friend, NULL, ZC_U256_MAX);
    bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_says(render(NULL), "[unlimited-approval]");
    assert_says(text, "1157920892373161954235709850086879078532699846656405640394575840079131296"
                      "39935 base units");
    data = call("deadbeef", friend, NULL, ZC_U256_MAX);
    tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_says(render(NULL), "0xdeadbeef\n");
    assert_says(text, "anything may happen [unknown-calldata]");
    tx = build((sample){.type = 0, .data = slice_of(&data)});
    must(decode(&tx, &intent));
    assert_says(render(NULL), "Contract creation on any EVM chain\n");
    assert_says(text, "[contract-creation]");
    assert_says(text, "[no-replay-protection]");
}

static void render__hostile_message__cannot_pose_or_hide(void **state)
{
    (void)state;
    const char *message = "hi\n  to  0xfriend\r\n\x1b[2J \xe2\x80\xae \xd0\xb0 \xff \\u{41}";
    must(zc_intent_decode_message(ZC_FAMILY_EVM, zc_slice_of_text(message), &account, &intent));
    const char *page = render(NULL);
    assert_says(page, "  | hi\n  |   to  0xfriend\\u{d}\n  | \\u{1b}[2J \\u{202e} \\u{430} \\xff "
                      "\\\\u{41}\n");
    assert_says(page, "[unreadable-message]");
}

static void render__hostile_catalog_names__escaped(void **state)
{
    (void)state;
    zc_asset asset = {.name = "A\n\x1b\xe2\x80\xae",
                      .id = zc_asset_id_token(1, ZC_SLICE_OF_ARRAY(token))};
    zc_contract contract = {.chain_id = 1};
    memset(contract.name, '\n', sizeof(contract.name)); /* without a terminator */
    contract.address = zc_address_of_evm(friend);
    const zc_catalog catalog = {&asset, 1, &contract, 1};
    const bytes data = call("a9059cbb", friend, NULL, zc_u256_of(1));
    const bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_says(render(&catalog), "1 A\\u{a}\\u{1b}\\u{202e}\n");
    assert_says(text, "\"\\u{a}\\u{a}");
}

static void render__worst_intents__fit_the_promise(void **state)
{
    (void)state;
    static uint8_t worst[ZC_INTENT_MAX_MESSAGE];
    for (int fill = 0; fill < 256; fill++) {
        memset(worst, fill, sizeof(worst));
        must(zc_intent_decode_message(ZC_FAMILY_EVM, ZC_SLICE_OF_ARRAY(worst), &account, &intent));
        (void)render(NULL);
    }
    const bytes data = call("23b872dd", friend, token, ZC_U256_MAX);
    const bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    while (intent.movement_count < ZC_INTENT_MAX_MOVEMENTS) {
        must(zc_intent_add_movement(&intent, &intent.movements[0]));
    }
    intent.flags = UINT64_MAX;
    (void)render(NULL);
}

/* The longest of everything that an intent holds, in the bytes that take most room escaped. */
static void render__fullest_intent__fits_the_promise(void **state)
{
    (void)state;
    zc_call *made;
    zc_argument *argument;
    zc_address longest = {.len = ZC_ADDRESS_MAX};
    static uint8_t memo[ZC_INTENT_MAX_MESSAGE];
    memset(longest.byte, 0xff, sizeof longest.byte);
    memset(memo, 0xff, sizeof memo);
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_VENUE;
    intent.operation = ZC_OPERATION_ORDER_PLACE;
    intent.has_chain_id = intent.has_order = intent.has_expiry = true;
    intent.chain_id = ZC_CHAIN_VENUE(ZC_VENUE_OKX);
    intent.account = longest;
    intent.flags = UINT64_MAX;
    intent.message = ZC_SLICE_OF_ARRAY(memo);
    memset(intent.order.account, 0xff, sizeof intent.order.account);
    memset(intent.order.market, 0xff, sizeof intent.order.market);
    memset(intent.order.client_id, 0xff, sizeof intent.order.client_id);
    memset(intent.order.order_id, 0xff, sizeof intent.order.order_id);
    memset(intent.order.to, 0xff, sizeof intent.order.to);
    intent.order.venue = ZC_VENUE_OKX;
    uint16_t parent = ZC_CALL_NONE;
    for (size_t i = 0; i < ZC_INTENT_MAX_CALLS; i++) {
        must(zc_intent_add_call(&intent, &longest, i % 8 == 0 ? ZC_CALL_NONE : parent, &made));
        parent = (uint16_t)i;
        made->method_len = ZC_METHOD_MAX;
        made->data_len = UINT32_MAX;
        memset(made->method, 0xff, ZC_METHOD_MAX);
    }
    for (size_t i = 0; i < ZC_INTENT_MAX_ARGUMENTS; i++) {
        must(zc_intent_add_argument(&intent, 7, ZC_ARGUMENT_TEXT, "label", &argument));
        argument->len = ZC_ARGUMENT_BYTES_MAX;
        memset(argument->byte, 0xff, ZC_ARGUMENT_BYTES_MAX);
    }
    static uint8_t symbol[ZC_TOKEN_MAX];
    memset(symbol, 0xff, sizeof symbol);
    for (size_t i = 0; i < ZC_INTENT_MAX_MOVEMENTS; i++) {
        const zc_movement movement = {
            .kind = ZC_MOVEMENT_PULL,
            .has_item = true,
            .call = 7,
            .asset = zc_asset_id_token(intent.chain_id, ZC_SLICE_OF_ARRAY(symbol)),
            .from = longest,
            .to = longest,
            .amount = ZC_U256_MAX,
            .item = ZC_U256_MAX};
        must(zc_intent_add_movement(&intent, &movement));
    }
    (void)render(NULL);
}

static void render__calls_within_calls__indented_and_marked(void **state)
{
    (void)state;
    zc_call *made;
    zc_argument *argument;
    const zc_address target = zc_address_of_evm(token);
    const bytes tx = build((sample){.type = 2, .chain_id = 1, .to = token, .price = 1, .gas = 1});
    must(decode(&tx, &intent));
    intent.operation = ZC_OPERATION_BATCH;
    intent.call_count = 0;
    must(zc_intent_add_call(&intent, &target, ZC_CALL_NONE, &made));
    made->data_len = 100;
    made->is_read = true;
    must(zc_intent_add_call(&intent, &target, 0, &made));
    made->is_delegate = true;
    made->data_len = 4;
    must(zc_intent_add_argument(&intent, 1, ZC_ARGUMENT_SIGNED, "tick", &argument));
    argument->number = ZC_U256_MAX;
    const char *page = render(NULL);
    assert_says(page, "Several calls at once on chain 1\n");
    assert_says(page, "      runs code of   0x706b");
    assert_says(page, "      not read       what this call does could not be established\n");
    assert_says(page, "      with           tick: -1\n");
}

static void render__order__every_field_in_words(void **state)
{
    (void)state;
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_VENUE;
    intent.operation = ZC_OPERATION_ORDER_PLACE;
    intent.has_chain_id = intent.has_order = true;
    intent.chain_id = ZC_CHAIN_VENUE(ZC_VENUE_BINANCE_USDM);
    intent.order = (zc_order){.venue = ZC_VENUE_BINANCE_USDM,
                              .side = ZC_SIDE_SELL,
                              .type = ZC_ORDER_LIMIT,
                              .tif = ZC_TIF_IOC,
                              .reduce_only = true,
                              .market = "BTC\nUSDT",
                              .price = {true, 2, zc_u256_of(6500000)},
                              .quantity = {true, 3, zc_u256_of(10)}};
    const char *page = render(NULL);
    assert_says(page, "Order at Binance USD-M futures\n");
    assert_says(page, "market         BTC\\u{a}USDT\n");
    assert_says(page, "side           sell\n");
    assert_says(page, "quantity       0.010\n");
    assert_says(page, "limit          65000.00\n");
    assert_says(page, "only reduces");
}

static void render__too_little_room__writer_unchanged(void **state)
{
    (void)state;
    const bytes data = call("a9059cbb", friend, NULL, zc_u256_of(1));
    const bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    const size_t len = strlen(render(NULL));
    for (size_t capacity = 0; capacity < len; capacity++) {
        zc_writer writer = zc_writer_of(text, capacity);
        assert_int_equal(zc_intent_render(&intent, NULL, &writer).code, ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(render__token_transfer_with_catalog__units_and_names),
        cmocka_unit_test(render__amounts__exact_at_every_scale),
        cmocka_unit_test(render__risks__in_plain_words),
        cmocka_unit_test(render__hostile_message__cannot_pose_or_hide),
        cmocka_unit_test(render__hostile_catalog_names__escaped),
        cmocka_unit_test(render__worst_intents__fit_the_promise),
        cmocka_unit_test(render__fullest_intent__fits_the_promise),
        cmocka_unit_test(render__calls_within_calls__indented_and_marked),
        cmocka_unit_test(render__order__every_field_in_words),
        cmocka_unit_test(render__too_little_room__writer_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
