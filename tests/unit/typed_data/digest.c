#include "samples.h"

#define PERSON                                                                                     \
    "\"Person\": [{\"name\": \"name\", \"type\": \"string\"}, {\"name\": \"wallet\", \"type\": "   \
    "\"address\"}]"
#define MAIL                                                                                       \
    "\"Mail\": [{\"name\": \"from\", \"type\": \"Person\"}, {\"name\": \"to\", \"type\": "         \
    "\"Person\"}, "                                                                                \
    "{\"name\": \"contents\", \"type\": \"string\"}]"
#define ETHER_MAIL                                                                                 \
    "\"domain\": {\"name\": \"Ether Mail\", \"version\": \"1\", \"chainId\": 1, "                  \
    "\"verifyingContract\": "                                                                      \
    "\"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC\"}"
#define COW "{\"name\": \"Cow\", \"wallet\": \"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\"}"
#define BOBBY "{\"name\": \"Bob\", \"wallet\": \"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB\"}"

/* The example of EIP-712 itself. */
static const char mail[] =
    "{\"types\": {" PERSON ", " MAIL "}, \"primaryType\": \"Mail\", " ETHER_MAIL
    ", \"message\": {\"from\": " COW ", \"to\": " BOBBY ", \"contents\": \"Hello, Bob!\"}}";

static void decode_typed_data__example_of_the_standard__its_digest(void **state)
{
    (void)state;
    decode(mail);
    assert_digest("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
    assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 0);
    assert_int_equal(intent.call_count, 0);
    assert_true(intent.has_chain_id);
    assert_int_equal(intent.chain_id, 1);
    assert_int_equal(intent.to.len, 20);
}

static void decode_typed_data__both_semantics__same_digest_without_arrays(void **state)
{
    (void)state;
    assert_int_equal(decode_under(3, mail, NULL).code, 0);
    assert_digest("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
}

static void decode_typed_data__leaves__arguments_under_their_paths(void **state)
{
    (void)state;
    decode(mail);
    static const char *const labels[] = {
        "type:name",      "type:hash",      "domain:name",
        "domain:version", "domain:chainId", "domain:verifyingContract",
        "from.name",      "from.wallet",    "to.name",
        "to.wallet",      "contents"};
    assert_int_equal(intent.argument_count, sizeof labels / sizeof *labels);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        assert_string_equal(intent.arguments[i].label, labels[i]);
    }
    assert_memory_equal(argument("contents")->byte, "Hello, Bob!", 11);
    assert_int_equal(argument("from.wallet")->kind, ZC_ARGUMENT_ADDRESS);
    assert_int_equal(argument("domain:chainId")->number.limb[0], 1);
}

static void decode_typed_data__arrays__indexes_in_the_paths(void **state)
{
    (void)state;
    decode("{\"types\": {\"T\": [{\"name\": \"a\", \"type\": \"uint8[2][]\"}, {\"name\": \"e\", "
           "\"type\": "
           "\"int8[]\"}]}, \"primaryType\": \"T\", " DOMAIN
           ", \"message\": {\"a\": [[1, 2], [3, 4]], \"e\": []}}");
    assert_int_equal(argument("a[1][0]")->number.limb[0], 3);
    assert_int_equal(argument("e.length()")->number.limb[0], 0);
}

/* eth-sig-util's test of a recursive type whose data ends in null. */
static void decode_typed_data__recursive_type__null_ends_it(void **state)
{
    (void)state;
    decode(
        "{\"types\": {\"Person\": [{\"name\": \"name\", \"type\": \"string\"}, {\"name\": "
        "\"mother\", "
        "\"type\": \"Person\"}, {\"name\": \"father\", \"type\": \"Person\"}]}, \"primaryType\": "
        "\"Person\", \"domain\": {\"name\": \"Family Tree\", \"version\": \"1\", \"chainId\": 1, "
        "\"verifyingContract\": \"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC\"}, \"message\": "
        "{\"name\": \"Jon\", \"mother\": {\"name\": \"Lyanna\", \"father\": {\"name\": "
        "\"Rickard\"}}, "
        "\"father\": {\"name\": \"Rhaegar\", \"father\": {\"name\": \"Aeris II\"}}}}");
    assert_digest("807773b9faa9879d4971b43856c4d60c2da15c6f8c062bd9d33afefb756de19c");
    assert_int_equal(argument("mother.mother")->len, 0);
    assert_int_equal(argument("mother.mother")->kind, ZC_ARGUMENT_BYTES);
}

static void decode_typed_data__domain_alone__its_digest(void **state)
{
    (void)state;
    /* Trezor's "bare minimum". */
    decode("{\"types\": {\"EIP712Domain\": []}, \"primaryType\": \"EIP712Domain\", \"domain\": {}, "
           "\"message\": {}}");
    assert_digest("8d4a3f4082945b7879e2b55f181c31a77c8c0a464b70669458abbaaf99de4c38");
    assert_true(has_flag(ZC_FLAG_OPEN_DOMAIN));
}

static void decode_typed_data__chain_or_contract_missing__open(void **state)
{
    (void)state;
    static const char *const domains[] = {
        "{}", "{\"chainId\": 1}", "{\"verifyingContract\": \"" CONTRACT "\"}",
        "{\"chainId\": 0, \"verifyingContract\": \"" CONTRACT "\"}",
        "{\"chainId\": 1, \"verifyingContract\": \"0x0000000000000000000000000000000000000000\"}"};
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        char json[512];
        (void)snprintf(
            json, sizeof json,
            "{\"types\": {\"T\": []}, \"primaryType\": \"T\", \"domain\": %s, \"message\": {}}",
            domains[i]);
        decode(json);
        assert_int_equal(intent.flags, ZC_FLAG_OPEN_DOMAIN);
    }
}

static void decode_typed_data__other_domain_than_expected__flagged(void **state)
{
    (void)state;
    static const char json[] =
        "{\"types\": {\"T\": []}, \"primaryType\": \"T\", " DOMAIN ", \"message\": {}}";
    zc_typed_data_expectation expected = {.has_chain = true, .has_contract = true, .chain = 1};
    memset(expected.contract, 0xcc, sizeof expected.contract);
    assert_int_equal(decode_under(4, json, &expected).code, 0);
    assert_int_equal(intent.flags, 0);
    expected.chain = 2;
    assert_int_equal(decode_under(4, json, &expected).code, 0);
    assert_int_equal(intent.flags, ZC_FLAG_WRONG_DOMAIN);
    expected.chain = 1;
    expected.contract[19] ^= 1;
    assert_int_equal(decode_under(4, json, &expected).code, 0);
    assert_int_equal(intent.flags, ZC_FLAG_WRONG_DOMAIN);
}

/* Domains of Cosmos chains: strings, in another order. They are signed as they are, and flagged. */
static void decode_typed_data__unusual_domain__flagged(void **state)
{
    (void)state;
    decode("{\"types\": {\"EIP712Domain\": [{\"name\": \"chainId\", \"type\": \"uint256\"}, "
           "{\"name\": "
           "\"name\", \"type\": \"string\"}], \"T\": []}, \"primaryType\": \"T\", \"domain\": "
           "{\"name\": "
           "\"n\", \"chainId\": 5}, \"message\": {}}");
    assert_true(has_flag(ZC_FLAG_WRONG_DOMAIN));
    assert_int_equal(intent.chain_id, 5);
    decode(
        "{\"types\": {\"EIP712Domain\": [{\"name\": \"salt\", \"type\": \"string\"}], \"T\": []}, "
        "\"primaryType\": \"T\", \"domain\": {\"salt\": \"s\"}, \"message\": {}}");
    assert_true(has_flag(ZC_FLAG_WRONG_DOMAIN));
}

static void decode_typed_data__chain_beyond_63_bits__refused(void **state)
{
    (void)state;
    assert_int_equal(decode_under(4,
                                  "{\"types\": {\"T\": []}, \"primaryType\": \"T\", \"domain\": "
                                  "{\"chainId\": \"0x8000000000000000\"}, \"message\": {}}",
                                  NULL)
                         .code,
                     ZC_INTENT_TYPED_CHAIN_ID);
}

/* A member that is named like the domain cannot pass for it. */
static void decode_typed_data__member_named_domain__another_label(void **state)
{
    (void)state;
    decode("{\"types\": {\"T\": [{\"name\": \"domain\", \"type\": \"D\"}], \"D\": [{\"name\": "
           "\"chainId\", "
           "\"type\": \"uint256\"}]}, \"primaryType\": \"T\", " DOMAIN
           ", \"message\": {\"domain\": {\"chainId\": 137}}}");
    assert_int_equal(argument("domain:chainId")->number.limb[0], 1);
    assert_int_equal(argument("domain.chainId")->number.limb[0], 137);
}

static void decode_typed_data__more_leaves_than_arguments__flagged(void **state)
{
    (void)state;
    char json[8 * ZC_INTENT_MAX_ARGUMENTS] =
        "{\"types\": {\"T\": [{\"name\": \"a\", \"type\": \"bool[]\"}]}, \"primaryType\": "
        "\"T\", " DOMAIN ", \"message\": {\"a\": [true";
    for (size_t i = 0; i < ZC_INTENT_MAX_ARGUMENTS; i++) {
        strcat(json, ",true");
    }
    strcat(json, "]}}");
    decode(json);
    assert_int_equal(intent.argument_count, ZC_INTENT_MAX_ARGUMENTS);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
}

static void decode_typed_data__long_path__keeps_its_end(void **state)
{
    (void)state;
    decode("{\"types\": {\"T\": [{\"name\": \"aRatherLongNameOfAMemberOfTheMessage\", \"type\": "
           "\"U\"}], "
           "\"U\": [{\"name\": \"andAnotherOne\", \"type\": \"bool\"}]}, \"primaryType\": "
           "\"T\", " DOMAIN
           ", \"message\": {\"aRatherLongNameOfAMemberOfTheMessage\": {\"andAnotherOne\": true}}}");
    const zc_argument *last = &intent.arguments[intent.argument_count - 1];
    assert_int_equal(strlen(last->label), ZC_ARGUMENT_LABEL_SIZE - 1);
    assert_memory_equal(last->label, "..", 2);
    assert_non_null(strstr(last->label, "OfTheMessage.andAnotherOne"));
}

static void decode_validator_data__bytes__digest_and_flags(void **state)
{
    (void)state;
    uint8_t validator[ZC_EVM_ADDRESS_SIZE];
    memset(validator, 0xcc, sizeof validator);
    assert_int_equal(
        zc_intent_decode_validator_data(zc_slice_of_text("hello"), validator, account, &intent)
            .code,
        0);
    /* keccak256(0x19 ‖ 0x00 ‖ 20 × 0xcc ‖ "hello"), by ethers. */
    assert_digest("7c2683b03b886d664d77cac5c5327f69cf8f1478158381ccdee608abd12145c9");
    assert_int_equal(intent.flags, ZC_FLAG_OPEN_DOMAIN);
    assert_address(&intent.to, CONTRACT);
    static uint8_t longest[ZC_INTENT_MAX_MESSAGE + 1];
    assert_int_equal(
        zc_intent_decode_validator_data(ZC_SLICE_OF_ARRAY(longest), validator, account, &intent)
            .code,
        ZC_INTENT_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_typed_data__example_of_the_standard__its_digest),
        cmocka_unit_test(decode_typed_data__both_semantics__same_digest_without_arrays),
        cmocka_unit_test(decode_typed_data__leaves__arguments_under_their_paths),
        cmocka_unit_test(decode_typed_data__arrays__indexes_in_the_paths),
        cmocka_unit_test(decode_typed_data__recursive_type__null_ends_it),
        cmocka_unit_test(decode_typed_data__domain_alone__its_digest),
        cmocka_unit_test(decode_typed_data__chain_or_contract_missing__open),
        cmocka_unit_test(decode_typed_data__other_domain_than_expected__flagged),
        cmocka_unit_test(decode_typed_data__unusual_domain__flagged),
        cmocka_unit_test(decode_typed_data__chain_beyond_63_bits__refused),
        cmocka_unit_test(decode_typed_data__member_named_domain__another_label),
        cmocka_unit_test(decode_typed_data__more_leaves_than_arguments__flagged),
        cmocka_unit_test(decode_typed_data__long_path__keeps_its_end),
        cmocka_unit_test(decode_validator_data__bytes__digest_and_flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
