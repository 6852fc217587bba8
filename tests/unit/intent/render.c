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
    zc_asset assets[2] = {{.name = "USDC", .chain_id = 1, .decimals = 6},
                          {.name = "ETH", .chain_id = 1, .native = true, .decimals = 18}};
    zc_contract contract = {.name = "treasury", .chain_id = 1};
    memcpy(assets[0].contract, token, 20);
    memcpy(contract.address, friend, 20);
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
    assets[0].chain_id = 2;
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
        zc_asset asset = {.name = "T", .chain_id = 1, .decimals = cases[i].decimals};
        memcpy(asset.contract, token, 20);
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
    must(zc_intent_decode_message(ZC_FAMILY_EVM, zc_slice_of_text(message), account, &intent));
    const char *page = render(NULL);
    assert_says(page, "  | hi\n  |   to  0xfriend\\u{d}\n  | \\u{1b}[2J \\u{202e} \\u{430} \\xff "
                      "\\\\u{41}\n");
    assert_says(page, "[unreadable-message]");
}

static void render__hostile_catalog_names__escaped(void **state)
{
    (void)state;
    zc_asset asset = {.name = "A\n\x1b\xe2\x80\xae", .chain_id = 1};
    zc_contract contract = {.chain_id = 1};
    memset(contract.name, '\n', sizeof(contract.name)); /* without a terminator */
    memcpy(asset.contract, token, 20);
    memcpy(contract.address, friend, 20);
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
        must(zc_intent_decode_message(ZC_FAMILY_EVM, ZC_SLICE_OF_ARRAY(worst), account, &intent));
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
        cmocka_unit_test(render__too_little_room__writer_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
