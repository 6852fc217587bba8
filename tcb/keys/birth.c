#include "keys/birth.h"

#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

static const char birth_label[] = "zcp-birth-v1";
#define STATEMENT_FIELDS 8
#define STATEMENT_MAX 256
#define SIGNATURE_SIZE 64

static zc_result write_statement(const uint8_t deployment_id[static 32], const zc_key *key,
                                 zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, STATEMENT_FIELDS));
    ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text(birth_label)));
    ZC_TRY(zc_cbor_put_bytes(out, zc_slice_of(deployment_id, 32)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(key->id)));
    ZC_TRY(zc_cbor_put_uint(out, key->kind));
    ZC_TRY(zc_cbor_put_bytes(out, zc_key_public_slice(&key->public_part)));
    ZC_TRY(zc_cbor_put_uint(out, key->origin));
    ZC_TRY(zc_cbor_put_uint(out, key->tier));
    return zc_cbor_put_uint(out, key->created_ms);
}

zc_result zc_birth_write(const zc_signer *identity, const uint8_t deployment_id[static 32],
                         const zc_key *key, zc_writer *writer)
{
    static const uint8_t not_looked_at[32] = {0};
    uint8_t bytes[STATEMENT_MAX];
    uint8_t digest[32];
    zc_signature signature;
    zc_writer statement = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(write_statement(deployment_id, key, &statement));
    zc_sha256(zc_writer_written(&statement), digest);
    ZC_TRY(zc_sign_digest(identity, ZC_NONCE_DETERMINISTIC, not_looked_at, digest, &signature));
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, 2));
    ZC_TRY(zc_cbor_put_bytes(&out, zc_writer_written(&statement)));
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(signature.byte)));
    *writer = out;
    return ZC_OK;
}

static zc_result read_public_part(zc_reader *in, zc_key_public *ret_part)
{
    uint64_t kind;
    zc_slice bytes;
    zc_pubkey key;
    ZC_TRY(zc_cbor_get_uint(in, &kind));
    ZC_TRY(zc_cbor_get_bytes(in, &bytes));
    if (!zc_key_kind_is_known(kind)) {
        return zc_fail(ZC_KEYS_BAD_BIRTH);
    }
    if (!zc_key_kind_has_curve((zc_key_kind)kind)) {
        zc_key_public part = {.kind = (zc_key_kind)kind, .len = 32};
        if (bytes.len != part.len) {
            return zc_fail(ZC_KEYS_BAD_BIRTH);
        }
        memcpy(part.byte, bytes.data, bytes.len);
        *ret_part = part;
        return ZC_OK;
    }
    ZC_TRY(zc_pubkey_parse((zc_curve)kind, bytes, &key));
    /* A compressed point would be a second form of the same certificate. */
    if (!zc_slice_eq(zc_pubkey_slice(&key), bytes)) {
        return zc_fail(ZC_KEYS_BAD_BIRTH);
    }
    *ret_part = zc_key_public_of(&key);
    return ZC_OK;
}

static zc_result read_statement(zc_slice statement, zc_birth *ret_birth)
{
    zc_reader in = zc_reader_of(statement);
    zc_birth birth;
    size_t fields;
    zc_slice label;
    uint64_t origin;
    uint64_t tier;
    ZC_TRY(zc_cbor_get_array(&in, STATEMENT_FIELDS, &fields));
    ZC_TRY(zc_cbor_get_text(&in, &label));
    if (fields != STATEMENT_FIELDS || !zc_slice_eq_text(label, birth_label)) {
        return zc_fail(ZC_KEYS_BAD_BIRTH);
    }
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, birth.deployment_id, sizeof birth.deployment_id));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, birth.key_id, sizeof birth.key_id));
    ZC_TRY(read_public_part(&in, &birth.public_part));
    ZC_TRY(zc_cbor_get_uint_max(&in, ZC_ORIGIN_IMPORTED, &origin));
    ZC_TRY(zc_cbor_get_uint_max(&in, ZC_TIER_COLD, &tier));
    ZC_TRY(zc_cbor_get_uint(&in, &birth.created_ms));
    ZC_TRY(zc_reader_end(&in));
    if (origin < ZC_ORIGIN_GENERATED || tier < ZC_TIER_HOT) {
        return zc_fail(ZC_KEYS_BAD_BIRTH);
    }
    birth.origin = (zc_key_origin)origin;
    birth.tier = (zc_key_tier)tier;
    *ret_birth = birth;
    return ZC_OK;
}

static zc_result split(zc_slice certificate, zc_slice *ret_statement,
                       uint8_t ret_signature[static SIGNATURE_SIZE])
{
    zc_reader in = zc_reader_of(certificate);
    size_t count;
    ZC_TRY(zc_cbor_get_array(&in, 2, &count));
    if (count != 2) {
        return zc_fail(ZC_KEYS_BAD_BIRTH);
    }
    ZC_TRY(zc_cbor_get_bytes(&in, ret_statement));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, ret_signature, SIGNATURE_SIZE));
    return zc_reader_end(&in);
}

zc_result zc_birth_verify(zc_slice certificate, const zc_pubkey *identity,
                          const uint8_t deployment_id[static 32], zc_birth *ret_birth)
{
    zc_slice statement;
    uint8_t signature[SIGNATURE_SIZE];
    uint8_t digest[32];
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_birth birth;
    ZC_TRY(split(certificate, &statement, signature));
    zc_sha256(statement, digest);
    if (!zc_ok(zc_verify_digest(identity, digest, signature))) {
        return zc_fail(ZC_KEYS_BIRTH_NOT_SIGNED);
    }
    ZC_TRY(read_statement(statement, &birth));
    if (memcmp(birth.deployment_id, deployment_id, sizeof birth.deployment_id) != 0) {
        return zc_fail(ZC_KEYS_BIRTH_WRONG_DEPLOYMENT);
    }
    zc_key_id(&birth.public_part, id);
    if (memcmp(id, birth.key_id, sizeof id) != 0) {
        return zc_fail(ZC_KEYS_BIRTH_WRONG_KEY);
    }
    *ret_birth = birth;
    return ZC_OK;
}
