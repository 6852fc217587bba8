/* Genesis records and bindings: only the one form, only the founders. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include <sodium.h>

#include "attest/binding.h"
#include "attest/genesis.h"
#include "codec/cbor.h"

#define FOUNDERS 3
static uint8_t founders[FOUNDERS][32];
static uint8_t secret[FOUNDERS][64];
static zc_genesis genesis;
static uint8_t statement_bytes[ZC_GENESIS_STATEMENT_MAX];
static zc_slice statement;
static uint8_t record_bytes[ZC_GENESIS_RECORD_MAX];

static int setup(void **state)
{
    (void)state;
    for (int i = 0; i < FOUNDERS; i++) {
        crypto_sign_keypair(founders[i], secret[i]);
    }
    zc_secret32 root = {{7}};
    genesis.identity[0] = 2;
    zc_genesis_commit_root(&root, genesis.root_commitment);
    zc_genesis_deployment_id(genesis.identity, genesis.root_commitment, genesis.deployment_id);
    zc_writer w = ZC_WRITER_OF_ARRAY(statement_bytes);
    zc_result result = zc_genesis_statement_write(&genesis, &w);
    statement = zc_writer_written(&w);
    return zc_ok(result) ? 0 : -1;
}

static zc_genesis_signature signed_by(int founder, zc_slice what)
{
    zc_genesis_signature signature;
    memcpy(signature.public_key, founders[founder], 32);
    crypto_sign_detached(signature.signature, NULL, what.data, what.len, secret[founder]);
    return signature;
}

static zc_slice record_of(const zc_genesis_signature *signatures, size_t count)
{
    zc_writer w = ZC_WRITER_OF_ARRAY(record_bytes);
    assert_true(zc_ok(zc_genesis_record_write(statement, signatures, count, &w)));
    return zc_writer_written(&w);
}

static zc_result verify(zc_slice record, size_t count, size_t quorum)
{
    zc_genesis out;
    return zc_genesis_verify(record, (const uint8_t(*)[32])founders, count, quorum, &out);
}

static void genesis_verify__quorum__met_or_not(void **state)
{
    (void)state;
    zc_genesis_signature two[] = {signed_by(2, statement), signed_by(0, statement)};
    assert_true(zc_ok(verify(record_of(two, 2), 3, 2)));
    assert_true(zc_ok(verify(record_of(two, 2), 3, 1)));
    assert_true(zc_is(verify(record_of(two, 2), 3, 3), ZC_ATTEST_QUORUM_NOT_MET));
    assert_true(zc_is(verify(record_of(two, 0), 3, 1), ZC_ATTEST_QUORUM_NOT_MET));
    assert_true(zc_is(verify(record_of(two, 2), 3, 0), ZC_ATTEST_EMPTY_QUORUM));
    assert_true(zc_is(verify(record_of(two, 2), 2, 1), ZC_ATTEST_UNKNOWN_FOUNDER));
    assert_true(zc_is(verify(record_of(two, 2), 0, 1), ZC_ATTEST_UNKNOWN_FOUNDER));
}

static void genesis_verify__same_founder_twice__counts_for_nothing(void **state)
{
    (void)state;
    zc_genesis_signature same[] = {signed_by(1, statement), signed_by(1, statement)};
    assert_true(zc_is(verify(record_of(same, 2), 3, 2), ZC_ATTEST_DUPLICATE_FOUNDER));
}

static void genesis_verify__signature_over_else__refused(void **state)
{
    (void)state;
    zc_genesis_signature one = signed_by(0, zc_slice_of_text("another statement"));
    assert_true(zc_is(verify(record_of(&one, 1), 3, 1), ZC_ATTEST_BAD_FOUNDER_SIGNATURE));
    one = signed_by(0, statement);
    memcpy(one.public_key, founders[1], 32);
    assert_true(zc_is(verify(record_of(&one, 1), 3, 1), ZC_ATTEST_BAD_FOUNDER_SIGNATURE));
}

static void genesis_verify__any_byte_altered__refused(void **state)
{
    (void)state;
    zc_genesis_signature one = signed_by(0, statement);
    zc_slice record = record_of(&one, 1);
    for (size_t i = 0; i < record.len; i++) {
        record_bytes[i] ^= 0x04;
        assert_false(zc_ok(verify(record, 3, 1)));
        record_bytes[i] ^= 0x04;
    }
    for (size_t len = 0; len < record.len; len++) {
        assert_true(zc_is(verify(zc_slice_of(record_bytes, len), 3, 1), ZC_ATTEST_BAD_GENESIS));
    }
    assert_true(
        zc_is(verify(zc_slice_of(record_bytes, record.len + 1), 3, 1), ZC_ATTEST_BAD_GENESIS));
    assert_true(zc_ok(verify(record, 3, 1)));
}

static void genesis_statement__id_of_another_deployment__refused(void **state)
{
    (void)state;
    zc_genesis chosen = genesis;
    chosen.root_commitment[31] ^= 1; /* a root that the host knows, under the id that clients pin */
    uint8_t bytes[ZC_GENESIS_STATEMENT_MAX];
    zc_writer w = ZC_WRITER_OF_ARRAY(bytes);
    assert_true(zc_ok(zc_genesis_statement_write(&chosen, &w)));
    zc_genesis out;
    assert_true(zc_is(zc_genesis_statement_parse(zc_writer_written(&w), &out),
                      ZC_ATTEST_WRONG_DEPLOYMENT_ID));
}

static void genesis_record__too_many_signatures__refused(void **state)
{
    (void)state;
    zc_genesis_signature many[ZC_GENESIS_SIGNATURES_MAX + 1];
    for (size_t i = 0; i <= ZC_GENESIS_SIGNATURES_MAX; i++) {
        many[i] = signed_by(0, statement);
    }
    zc_writer w = ZC_WRITER_OF_ARRAY(record_bytes);
    assert_true(zc_is(zc_genesis_record_write(statement, many, ZC_GENESIS_SIGNATURES_MAX + 1, &w),
                      ZC_BASE_TOO_LONG));
    zc_slice record = record_of(many, ZC_GENESIS_SIGNATURES_MAX);
    zc_genesis_record parsed;
    assert_true(zc_ok(zc_genesis_record_parse(record, &parsed)));
    assert_int_equal(parsed.signature_count, ZC_GENESIS_SIGNATURES_MAX);
}

static void binding__round_trip__exact(void **state)
{
    (void)state;
    zc_attest_binding binding;
    zc_attest_binding read;
    uint8_t bytes[ZC_ATTEST_BINDING_SIZE + 1];
    memset(&binding, 0, sizeof binding);
    for (size_t i = 0; i < sizeof binding; i++) {
        ((uint8_t *)&binding)[i] = (uint8_t)i;
    }
    zc_writer w = ZC_WRITER_OF_ARRAY(bytes);
    assert_true(zc_ok(zc_attest_binding_write(&binding, &w)));
    assert_int_equal(zc_writer_len(&w), ZC_ATTEST_BINDING_SIZE);
    assert_true(zc_ok(zc_attest_binding_parse(zc_writer_written(&w), &read)));
    assert_memory_equal(&binding, &read, sizeof binding);
    for (size_t len = 0; len < ZC_ATTEST_BINDING_SIZE; len++) {
        assert_true(
            zc_is(zc_attest_binding_parse(zc_slice_of(bytes, len), &read), ZC_ATTEST_BAD_BINDING));
    }
    bytes[ZC_ATTEST_BINDING_SIZE] = 0;
    assert_true(
        zc_is(zc_attest_binding_parse(ZC_SLICE_OF_ARRAY(bytes), &read), ZC_ATTEST_BAD_BINDING));
    bytes[1] = 2; /* its first key */
    assert_true(
        zc_is(zc_attest_binding_parse(zc_writer_written(&w), &read), ZC_ATTEST_BAD_BINDING));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genesis_verify__quorum__met_or_not),
        cmocka_unit_test(genesis_verify__same_founder_twice__counts_for_nothing),
        cmocka_unit_test(genesis_verify__signature_over_else__refused),
        cmocka_unit_test(genesis_verify__any_byte_altered__refused),
        cmocka_unit_test(genesis_statement__id_of_another_deployment__refused),
        cmocka_unit_test(genesis_record__too_many_signatures__refused),
        cmocka_unit_test(binding__round_trip__exact),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
