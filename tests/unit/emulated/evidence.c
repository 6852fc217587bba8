/* In the place of host/client/evidence.c: takes a document that nobody signed, and holds everything
 * else to it that libzcp does. Never part of what is installed. */
#include "client/internal.h"

#include <stdio.h>

#include "attest/binding.h"
#include "attest/document.h"
#include "attest/genesis.h"
#include "attest/measure.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/x509.h"

#define FIELDS_MAX 32

static zc_result read_pcrs(zc_reader *reader, zcp_evidence *evidence)
{
    zc_cbor_container map;
    ZC_TRY(zc_cbor_enter_map_any(reader, &map));
    for (size_t i = 0; i <= ZC_ATTEST_PCRS; i++) {
        bool more;
        uint64_t index;
        zc_slice value;
        ZC_TRY(zc_cbor_container_next(reader, &map, &more));
        if (!more) {
            return ZC_OK;
        }
        ZC_TRY(zc_cbor_get_uint_max(reader, ZC_ATTEST_PCRS - 1, &index));
        ZC_TRY(zc_cbor_get_bytes(reader, &value));
        if (value.len == ZC_ATTEST_PCR_SIZE) {
            evidence->pcr_mask |= UINT32_C(1) << index;
            memcpy(evidence->pcr[index], value.data, value.len);
        }
    }
    return zc_fail(ZC_ATTEST_BAD_BINDING);
}

static zc_result read_payload(zc_slice payload, zcp_evidence *evidence, zc_slice *ret_user_data)
{
    zc_reader reader = zc_reader_of(payload);
    zc_cbor_container map;
    ZC_TRY(zc_cbor_enter_map_any(&reader, &map));
    for (size_t i = 0; i < FIELDS_MAX; i++) {
        bool more;
        zc_slice key;
        ZC_TRY(zc_cbor_container_next(&reader, &map, &more));
        if (!more) {
            return ZC_OK;
        }
        ZC_TRY(zc_cbor_get_text(&reader, &key));
        if (zc_slice_eq_text(key, "pcrs")) {
            ZC_TRY(read_pcrs(&reader, evidence));
        } else if (zc_slice_eq_text(key, "user_data")) {
            bool none;
            ZC_TRY(zc_cbor_take_null(&reader, &none));
            if (!none) {
                ZC_TRY(zc_cbor_get_bytes(&reader, ret_user_data));
            }
        } else {
            ZC_TRY(zc_cbor_skip(&reader));
        }
    }
    return zc_fail(ZC_ATTEST_BAD_BINDING);
}

static zc_result read_document(zc_slice document, zcp_evidence *evidence, zc_slice *ret_user_data)
{
    zc_reader reader = zc_reader_of(document);
    zc_cbor_type type;
    zc_cbor_container message;
    zc_slice part;
    uint64_t tag;
    ZC_TRY(zc_cbor_peek_type(&reader, &type));
    if (type == ZC_CBOR_TAG) {
        ZC_TRY(zc_cbor_get_tag(&reader, &tag));
    }
    ZC_TRY(zc_cbor_enter_array_any(&reader, &message));
    ZC_TRY(zc_cbor_get_bytes(&reader, &part));
    ZC_TRY(zc_cbor_skip(&reader));
    ZC_TRY(zc_cbor_get_bytes(&reader, &part));
    return read_payload(part, evidence, ret_user_data);
}

static zc_result check(const zc_place *place, const zcp_evidence *evidence, zc_slice user_data,
                       zc_slice genesis, zc_slice tls_certificate, zc_attest_binding *ret_binding)
{
    zc_attest_binding binding;
    zc_genesis_record record;
    uint8_t genesis_sha256[32];
    uint8_t mission_pcr[48];
    zc_pubkey identity;
    ZC_TRY(zc_attest_binding_parse(user_data, &binding));
    ZC_TRY(zc_genesis_record_parse(genesis, &record));
    zc_sha256(genesis, genesis_sha256);
    zc_measure_mission(binding.mission_hash, mission_pcr);
    bool same = memcmp(place->deployment_id, binding.deployment_id, 32) == 0 &&
                memcmp(record.genesis.deployment_id, binding.deployment_id, 32) == 0 &&
                memcmp(genesis_sha256, binding.genesis_sha256, 32) == 0 &&
                memcmp(evidence->pcr[0], place->pcr0, 48) == 0 &&
                memcmp(evidence->pcr[16], mission_pcr, 48) == 0;
    if (!same) {
        return zc_fail(ZC_ATTEST_WRONG_DEPLOYMENT_ID);
    }
    ZC_TRY(zc_pubkey_parse(ZC_CURVE_P256, ZC_SLICE_OF_ARRAY(binding.identity), &identity));
    ZC_TRY(zc_x509_check_issued_by(tls_certificate, &identity,
                                   ZC_SLICE_OF_ARRAY(binding.tls_spki_sha256)));
    *ret_binding = binding;
    return ZC_OK;
}

/* [media type, document, indicator] */
static zc_result unwrap(zc_slice wrapped, zc_slice *ret_document)
{
    zc_reader reader = zc_reader_of(wrapped);
    size_t count;
    zc_slice type;
    uint64_t indicator;
    ZC_TRY(zc_cbor_get_array(&reader, 3, &count));
    ZC_TRY(zc_cbor_get_text(&reader, &type));
    ZC_TRY(zc_cbor_get_bytes(&reader, ret_document));
    ZC_TRY(zc_cbor_get_uint(&reader, &indicator));
    return zc_reader_end(&reader);
}

zcp_result zc_evidence_of_session(zcp_session *session, zc_slice wrapped, zc_slice genesis,
                                  zc_slice tls_certificate, uint8_t ret_sha256[static 32],
                                  zcp_error *error)
{
    zc_slice document = {0};
    zcp_evidence evidence = {.ours = true};
    zc_slice user_data = {0};
    zc_attest_binding binding;
    zc_result held = unwrap(wrapped, &document);
    if (zc_ok(held)) {
        held = read_document(document, &evidence, &user_data);
    }
    if (zc_ok(held)) {
        held = check(&session->place, &evidence, user_data, genesis, tls_certificate, &binding);
    }
    if (!zc_ok(held)) {
        return zc_report_code(error, ZCP_NOT_VERIFIED, held.code, "the evidence does not hold", "");
    }
    memcpy(evidence.deployment_id, binding.deployment_id, 32);
    memcpy(evidence.mission_hash, binding.mission_hash, 32);
    memcpy(evidence.log_key, binding.log_key, 32);
    memcpy(evidence.boot_id, binding.boot_id, 16);
    session->evidence = evidence;
    zc_sha256(document, ret_sha256);
    return ZCP_OK;
}

zcp_result zcp_verify_document(const uint8_t *document, size_t len, const zcp_expectation *expect,
                               zcp_evidence *ret_evidence, zcp_error *error)
{
    (void)document;
    (void)len;
    (void)expect;
    (void)ret_evidence;
    return zc_report(error, ZCP_NOT_VERIFIED, "the test's client verifies nothing", "", "");
}
