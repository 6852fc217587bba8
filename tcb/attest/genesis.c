#include "attest/genesis.h"

#include "base/ct.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#define STATEMENT_TAG "zcp-genesis-v1"

static void hash_begin(zc_sha256_ctx *hash, const char *purpose)
{
    zc_sha256_init(hash);
    zc_sha256_update(hash, zc_slice_of_text(purpose));
}

void zc_genesis_commit_root(const zc_secret32 *root, uint8_t ret_commitment[static 32])
{
    zc_sha256_ctx hash;
    hash_begin(&hash, "zcp-root-v1");
    zc_sha256_update(&hash, zc_slice_of(root->byte, sizeof root->byte));
    zc_sha256_final(&hash, ret_commitment);
    /* A hash of 32 random bytes tells nothing about them; the founders sign it. */
    zc_ct_public(ret_commitment, 32);
}

void zc_genesis_deployment_id(const uint8_t identity[static 33],
                              const uint8_t root_commitment[static 32],
                              uint8_t ret_deployment_id[static 32])
{
    zc_sha256_ctx hash;
    hash_begin(&hash, "zcp-deployment-v1");
    zc_sha256_update(&hash, zc_slice_of(identity, 33));
    zc_sha256_update(&hash, zc_slice_of(root_commitment, 32));
    zc_sha256_final(&hash, ret_deployment_id);
}

static zc_result put_statement(zc_writer *writer, const zc_genesis *genesis)
{
    ZC_TRY(zc_cbor_put_array(writer, 6));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(STATEMENT_TAG)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis->deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis->identity)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis->log_key)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis->root_commitment)));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis->mission_hash));
}

zc_result zc_genesis_statement_write(const zc_genesis *genesis, zc_writer *writer)
{
    zc_writer ahead = *writer;
    ZC_TRY(put_statement(&ahead, genesis));
    *writer = ahead;
    return ZC_OK;
}

#define GET_FIXED(reader, array) zc_cbor_get_fixed_bytes(reader, array, sizeof(array))

static zc_result get_statement(zc_slice statement, zc_genesis *genesis)
{
    zc_reader reader = zc_reader_of(statement);
    size_t count;
    zc_slice tag;
    ZC_TRY(zc_cbor_get_array(&reader, 6, &count));
    ZC_TRY(zc_cbor_get_text(&reader, &tag));
    if (count != 6 || !zc_slice_eq_text(tag, STATEMENT_TAG)) {
        return zc_fail(ZC_ATTEST_BAD_GENESIS);
    }
    ZC_TRY(GET_FIXED(&reader, genesis->deployment_id));
    ZC_TRY(GET_FIXED(&reader, genesis->identity));
    ZC_TRY(GET_FIXED(&reader, genesis->log_key));
    ZC_TRY(GET_FIXED(&reader, genesis->root_commitment));
    ZC_TRY(GET_FIXED(&reader, genesis->mission_hash));
    return zc_reader_end(&reader);
}

zc_result zc_genesis_statement_parse(zc_slice statement, zc_genesis *ret_genesis)
{
    zc_genesis genesis;
    uint8_t id[32];
    if (!zc_ok(get_statement(statement, &genesis))) {
        return zc_fail(ZC_ATTEST_BAD_GENESIS);
    }
    zc_genesis_deployment_id(genesis.identity, genesis.root_commitment, id);
    if (!zc_ct_eq(id, genesis.deployment_id, sizeof id)) {
        return zc_fail(ZC_ATTEST_WRONG_DEPLOYMENT_ID);
    }
    *ret_genesis = genesis;
    return ZC_OK;
}

static zc_result put_record(zc_writer *writer, zc_slice statement,
                            const zc_genesis_signature *signatures, size_t count)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_bytes(writer, statement));
    ZC_TRY(zc_cbor_put_array(writer, count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(signatures[i].public_key)));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(signatures[i].signature)));
    }
    return ZC_OK;
}

zc_result zc_genesis_record_write(zc_slice statement, const zc_genesis_signature *signatures,
                                  size_t count, zc_writer *writer)
{
    if (count > ZC_GENESIS_SIGNATURES_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    zc_writer ahead = *writer;
    ZC_TRY(put_record(&ahead, statement, signatures, count));
    *writer = ahead;
    return ZC_OK;
}

static zc_result get_signature(zc_reader *reader, zc_genesis_signature *signature)
{
    size_t parts;
    ZC_TRY(zc_cbor_get_array(reader, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_ATTEST_BAD_GENESIS);
    }
    ZC_TRY(GET_FIXED(reader, signature->public_key));
    return GET_FIXED(reader, signature->signature);
}

static zc_result get_record(zc_slice bytes, zc_genesis_record *record)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t parts;
    ZC_TRY(zc_cbor_get_array(&reader, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_ATTEST_BAD_GENESIS);
    }
    ZC_TRY(zc_cbor_get_bytes(&reader, &record->statement));
    ZC_TRY(zc_cbor_get_array(&reader, ZC_GENESIS_SIGNATURES_MAX, &record->signature_count));
    for (size_t i = 0; i < record->signature_count; i++) {
        ZC_TRY(get_signature(&reader, &record->signature[i]));
    }
    return zc_reader_end(&reader);
}

zc_result zc_genesis_record_parse(zc_slice bytes, zc_genesis_record *ret_record)
{
    zc_genesis_record record = {0};
    if (!zc_ok(get_record(bytes, &record))) {
        return zc_fail(ZC_ATTEST_BAD_GENESIS);
    }
    ZC_TRY(zc_genesis_statement_parse(record.statement, &record.genesis));
    *ret_record = record;
    return ZC_OK;
}

static bool is_founder(const uint8_t (*founders)[32], size_t count, const uint8_t key[static 32])
{
    for (size_t i = 0; i < count; i++) {
        if (zc_ct_eq(founders[i], key, 32)) {
            return true;
        }
    }
    return false;
}

static bool signed_before(const zc_genesis_record *record, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (zc_ct_eq(record->signature[i].public_key, record->signature[at].public_key, 32)) {
            return true;
        }
    }
    return false;
}

static zc_result check_signatures(const zc_genesis_record *record, const uint8_t (*founders)[32],
                                  size_t count)
{
    for (size_t i = 0; i < record->signature_count; i++) {
        const zc_genesis_signature *by = &record->signature[i];
        if (!is_founder(founders, count, by->public_key)) {
            return zc_fail(ZC_ATTEST_UNKNOWN_FOUNDER);
        }
        if (signed_before(record, i)) {
            return zc_fail(ZC_ATTEST_DUPLICATE_FOUNDER);
        }
        if (!zc_ok(zc_verify_ed25519(by->public_key, record->statement, by->signature))) {
            return zc_fail(ZC_ATTEST_BAD_FOUNDER_SIGNATURE);
        }
    }
    return ZC_OK;
}

zc_result zc_genesis_verify(zc_slice bytes, const uint8_t (*founders)[32], size_t count,
                            size_t quorum, zc_genesis *ret_genesis)
{
    zc_genesis_record record;
    ZC_TRY(zc_genesis_record_parse(bytes, &record));
    if (quorum == 0) {
        return zc_fail(ZC_ATTEST_EMPTY_QUORUM);
    }
    ZC_TRY(check_signatures(&record, founders, count));
    if (record.signature_count < quorum) {
        return zc_fail(ZC_ATTEST_QUORUM_NOT_MET);
    }
    *ret_genesis = record.genesis;
    return ZC_OK;
}
