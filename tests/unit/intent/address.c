#include "samples.h"

#include "intent/chain.h"

/* Published addresses of each kind: the chain, the text, and the bytes where they are told. */
static const struct {
    const char *chain;
    const char *text;
    const char *bytes;
} known[] = {
    {"1", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
    {"bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
     "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac"},
    {"bitcoin", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
     "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87"},
    {"bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
     "0014751e76e8199196d454941c45d1b3a323f1433bd6"},
    {"bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
     "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"},
    {"bitcoin-test", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
     "0014751e76e8199196d454941c45d1b3a323f1433bd6"},
    {"solana", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
     "06ddf6e1d765a193d9cbe146ceeb79ac1cb485ed5f5b37913a8cf5857eff00a9"},
    {"solana", "11111111111111111111111111111111",
     "0000000000000000000000000000000000000000000000000000000000000000"},
};

static void write_read__published_addresses__there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t chain;
        zc_address address;
        char text[ZC_ADDRESS_TEXT_SIZE];
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        const bytes expected = from_hex(known[i].bytes);
        assert_true(zc_chain_of_name(zc_slice_of_text(known[i].chain), &chain));
        must(zc_address_read(chain, zc_slice_of_text(known[i].text), &address));
        assert_true(zc_slice_eq(zc_address_slice(&address), slice_of(&expected)));
        must(zc_address_write(chain, &address, &writer));
        assert_true(zc_slice_eq_text(zc_writer_written(&writer), known[i].text));
    }
}

static void read__other_network_or_checksum__refused(void **state)
{
    (void)state;
    static const struct {
        const char *chain;
        const char *text;
    } cases[] = {
        {"1", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"},
        {"1", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea"},
        {"1", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
        {"bitcoin", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"},
        {"bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"},
        {"bitcoin", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"},
        {"bitcoin-test", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
        {"solana", "1111111111111111111111111111111"},
        {"solana", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5D0"},
        {"cosmos:cosmoshub-4", "0x00"},
        {"venue:okx", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t chain;
        zc_address address;
        assert_true(zc_chain_of_name(zc_slice_of_text(cases[i].chain), &chain));
        if (zc_ok(zc_address_read(chain, zc_slice_of_text(cases[i].text), &address))) {
            fail_msg("taken: %s on %s", cases[i].text, cases[i].chain);
        }
    }
}

static void write__no_address_of_the_chain__hex(void **state)
{
    (void)state;
    const zc_address odd = zc_address_of(zc_slice_of_text("\x6a\x01\x02"));
    char text[ZC_ADDRESS_TEXT_SIZE];
    static const char *const chains[] = {"1", "bitcoin", "solana", "cosmos:nowhere-9"};
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        uint64_t chain;
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        assert_true(zc_chain_of_name(zc_slice_of_text(chains[i]), &chain));
        must(zc_address_write(chain, &odd, &writer));
        assert_true(zc_slice_eq_text(zc_writer_written(&writer), "0x6a0102"));
    }
}

static void chain_names__there_and_back(void **state)
{
    (void)state;
    static const char *const names[] = {"1",
                                        "11155111",
                                        "9223372036854775807",
                                        "bitcoin",
                                        "solana",
                                        "bitcoin-test",
                                        "bitcoin-regtest",
                                        "venue:okx",
                                        "venue:binance-spot"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint64_t chain;
        char text[ZC_CHAIN_NAME_SIZE];
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        assert_true(zc_chain_of_name(zc_slice_of_text(names[i]), &chain));
        must(zc_chain_write(chain, (zc_slice){0}, &writer));
        assert_true(zc_slice_eq_text(zc_writer_written(&writer), names[i]));
    }
}

static void chain_of_name__no_chain__refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",           "0",       "01", "9223372036854775808", "-1", "1 ", "venue:mtgox", "cosmos:",
        "cosmos:a b", "Bitcoin", "evm"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint64_t chain = 7;
        assert_false(zc_chain_of_name(zc_slice_of_text(names[i]), &chain));
        assert_int_equal(chain, 7);
    }
}

static void chain_family__every_kind__told(void **state)
{
    (void)state;
    assert_int_equal(zc_chain_family(0), ZC_FAMILY_NONE);
    assert_int_equal(zc_chain_family(1), ZC_FAMILY_EVM);
    assert_int_equal(zc_chain_family(ZC_CHAIN_TAG - 1), ZC_FAMILY_EVM);
    assert_int_equal(zc_chain_family(ZC_CHAIN_BITCOIN_TEST), ZC_FAMILY_BITCOIN);
    assert_int_equal(zc_chain_family(zc_chain_of_cosmos(zc_slice_of_text("x-1"))),
                     ZC_FAMILY_COSMOS);
    assert_int_equal(zc_chain_family(UINT64_MAX), ZC_FAMILY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_read__published_addresses__there_and_back),
        cmocka_unit_test(read__other_network_or_checksum__refused),
        cmocka_unit_test(write__no_address_of_the_chain__hex),
        cmocka_unit_test(chain_names__there_and_back),
        cmocka_unit_test(chain_of_name__no_chain__refused),
        cmocka_unit_test(chain_family__every_kind__told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
