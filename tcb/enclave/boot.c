/* From the first event to an open root: entropy, measurements, mission, wrapping key. */
#include "enclave/policy_parts.h"

#include "attest/measure.h"
#include "attest/nsm.h"
#include "codec/cbor.h"
#include "crypto/hash.h"

#define ENTROPY_SIZE 64
#define MISSION_PCR 16

static zc_result ask_nsm(zc_enclave *enclave, zc_wait_purpose purpose, zc_slice request,
                         zc_effects *effects)
{
    ZC_TRY(zc_wait_push(enclave, &(zc_wait){.purpose = purpose}));
    return zc_emit_plain(effects, ZC_EFFECT_NSM, 0, request);
}

zc_result zc_on_start(zc_enclave *enclave, const zc_message *message)
{
    if (message->event->bytes.len != ENTROPY_SIZE || enclave->started_ms != 0) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    enclave->started_ms = enclave->now_ms;
    zc_drbg_init(&enclave->secrets->drbg, message->event->bytes.data);
    zc_drbg_reseed(&enclave->secrets->drbg, message->event->bytes);
    zc_drbg_bytes(&enclave->secrets->drbg, enclave->boot_id, sizeof enclave->boot_id);

    uint8_t request[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(zc_nsm_request_describe_pcr(&writer, 0));
    return ask_nsm(enclave, ZC_WAIT_PCR0, zc_writer_written(&writer), message->effects);
}

zc_result zc_boot_pcr0(zc_enclave *enclave, zc_slice answer, zc_effects *effects)
{
    bool locked;
    ZC_TRY(zc_nsm_response_pcr(answer, enclave->pcr0, &locked));
    if (!locked) {
        return zc_fail(ZC_ENCLAVE_NSM_FAILED);
    }
    zc_host_message hello = {.type = ZC_HOST_HELLO,
                             .hello = {.version = zc_slice_of_text("0.1.0"),
                                       .isolation = enclave->config.isolation,
                                       .vault_kind = (uint8_t)enclave->config.signers->kind}};
    memcpy(hello.hello.pcr0, enclave->pcr0, sizeof hello.hello.pcr0);
    return zc_emit_host(effects, &hello);
}

static zc_result keep_genesis(zc_enclave *enclave, const zc_host_boot *boot)
{
    if (boot->genesis.len > sizeof enclave->genesis_record ||
        boot->root.len > sizeof enclave->sealed_root) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    memcpy(enclave->genesis_record, boot->genesis.data, boot->genesis.len);
    enclave->genesis_len = boot->genesis.len;
    memcpy(enclave->sealed_root, boot->root.data, boot->root.len);
    enclave->sealed_root_len = boot->root.len;
    enclave->has_genesis = true;
    return ZC_OK;
}

/* A principal whose key is no key of full order could be spoken for by more than one secret. */
static zc_result check_principals(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->principal_count; i++) {
        zc_pubkey unused;
        ZC_TRY(zc_pubkey_parse(ZC_CURVE_ED25519, ZC_SLICE_OF_ARRAY(mission->principals[i].pubkey),
                               &unused));
    }
    return ZC_OK;
}

/* What is measured is the whole: in what parts it came decides nothing. */
static zc_result append_part(zc_enclave *enclave, zc_slice part)
{
    if (enclave->started_ms == 0 || enclave->mission.name[0] != '\0') {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    if (part.len > sizeof enclave->mission_bytes - enclave->mission_len) {
        return zc_fail(ZC_POLICY_MISSION_TOO_LONG);
    }
    memcpy(enclave->mission_bytes + enclave->mission_len, part.data, part.len);
    enclave->mission_len += part.len;
    return ZC_OK;
}

zc_result zc_on_mission_part(zc_enclave *enclave, const zc_message *message)
{
    return append_part(enclave, message->host->mission.part);
}

zc_result zc_on_boot(zc_enclave *enclave, const zc_message *message)
{
    const zc_host_boot *boot = &message->host->boot;
    ZC_TRY(append_part(enclave, boot->mission));
    const zc_slice mission = zc_slice_of(enclave->mission_bytes, enclave->mission_len);
    ZC_TRY(zc_mission_parse(mission, &enclave->mission));
    ZC_TRY(check_principals(&enclave->mission));
    zc_sha256(mission, enclave->mission_hash);
    zc_policy_init(&enclave->policy, &enclave->mission);
    zc_beside_init(enclave);
    if (boot->has_genesis != boot->has_root) {
        return zc_fail(ZC_ENCLAVE_WRONG_ROOT);
    }
    if (boot->has_genesis) {
        ZC_TRY(keep_genesis(enclave, boot));
    }
    uint8_t request[128];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(
        zc_nsm_request_extend_pcr(&writer, MISSION_PCR, ZC_SLICE_OF_ARRAY(enclave->mission_hash)));
    return ask_nsm(enclave, ZC_WAIT_EXTEND, zc_writer_written(&writer), message->effects);
}

zc_result zc_boot_extended(zc_enclave *enclave, zc_slice answer, zc_effects *effects)
{
    ZC_TRY(zc_nsm_response_extended(answer, enclave->pcr16));
    /* It must have been untouched before: otherwise somebody else chose part of what is measured.
     */
    uint8_t expected[48] = {0};
    zc_pcr_extend(expected, ZC_SLICE_OF_ARRAY(enclave->mission_hash));
    if (memcmp(expected, enclave->pcr16, sizeof expected) != 0) {
        return zc_fail(ZC_ENCLAVE_NSM_FAILED);
    }
    uint8_t request[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(zc_nsm_request_lock_pcr(&writer, MISSION_PCR));
    return ask_nsm(enclave, ZC_WAIT_LOCK, zc_writer_written(&writer), effects);
}

zc_result zc_boot_locked(zc_enclave *enclave, zc_slice answer, zc_effects *effects)
{
    ZC_TRY(zc_nsm_response_done(answer, ZC_NSM_LOCK_PCR));
    enclave->wrap_key_asked = true;
    return zc_emit_plain(effects, ZC_EFFECT_WRAP_KEY, 0, zc_slice_of(NULL, 0));
}

zc_result zc_root_derive(zc_enclave *enclave)
{
    zc_enclave_secrets *secrets = enclave->secrets;
    ZC_TRY(zc_derive_identity(&secrets->root, &secrets->identity));
    ZC_TRY(zc_derive_log_key(&secrets->root, &secrets->log_key));
    ZC_TRY(zc_derive_tag_key(&secrets->root, &secrets->tag_key));
    ZC_TRY(zc_seal_keys_init(&secrets->seal, &secrets->root));
    ZC_TRY(zc_keyring_prepare(&enclave->keyring, &secrets->drbg));
    enclave->root_open = true;
    return ZC_OK;
}

/* What the founders signed must be what this root is; that this mission descends from theirs the
 * log must show (change/descent.c). */
static zc_result check_genesis(const zc_enclave *enclave)
{
    uint8_t commitment[32];
    zc_genesis_commit_root(&enclave->secrets->root, commitment);
    if (memcmp(commitment, enclave->genesis.root_commitment, sizeof commitment) != 0) {
        return zc_fail(ZC_ENCLAVE_WRONG_ROOT);
    }
    return ZC_OK;
}

static void fill_binding(zc_enclave *enclave)
{
    zc_attest_binding *binding = &enclave->binding;
    memcpy(binding->deployment_id, enclave->genesis.deployment_id, sizeof binding->deployment_id);
    memcpy(binding->identity, enclave->genesis.identity, sizeof binding->identity);
    memcpy(binding->log_key, enclave->genesis.log_key, sizeof binding->log_key);
    memcpy(binding->mission_hash, enclave->mission_hash, sizeof binding->mission_hash);
    memcpy(binding->boot_id, enclave->boot_id, sizeof binding->boot_id);
    zc_sha256(zc_slice_of(enclave->genesis_record, enclave->genesis_len), binding->genesis_sha256);
}

static zc_result open_root(zc_enclave *enclave, const zc_secret32 *wrap_key)
{
    zc_genesis_record record;
    zc_slice bytes = zc_slice_of(enclave->genesis_record, enclave->genesis_len);
    ZC_TRY(zc_genesis_record_parse(bytes, &record));
    enclave->genesis = record.genesis;
    bool born = memcmp(enclave->mission_hash, enclave->genesis.mission_hash,
                       sizeof enclave->mission_hash) == 0;
    zc_seal_place place;
    zc_mission_place_of(enclave, &place);
    zc_slice sealed = zc_slice_of(enclave->sealed_root, enclave->sealed_root_len);
    if (!zc_ok(zc_root_open(wrap_key, &place, sealed, &enclave->secrets->root))) {
        return zc_fail(born ? ZC_ENCLAVE_ROOT_UNREADABLE : ZC_ENCLAVE_WRONG_MISSION);
    }
    ZC_TRY(check_genesis(enclave));
    if (born) {
        ZC_TRY(zc_founders_check(enclave, bytes));
    }
    ZC_TRY(zc_root_derive(enclave));
    fill_binding(enclave);
    return ZC_OK;
}

zc_result zc_on_wrap_key(zc_enclave *enclave, const zc_message *message)
{
    if (message->event->bytes.len != 32 || !enclave->wrap_key_asked || enclave->root_open) {
        return zc_fail(ZC_ENCLAVE_WRAP_KEY_FAILED);
    }
    ZC_SECRET zc_secret32 wrap_key;
    memcpy(wrap_key.byte, message->event->bytes.data, sizeof wrap_key.byte);
    if (enclave->has_genesis) {
        return open_root(enclave, &wrap_key);
    }
    ZC_TRY(zc_genesis_begin(enclave, &wrap_key, message->effects));
    fill_binding(enclave);
    return ZC_OK;
}

/* The nonce of a boot's document: [32 fresh bytes, max_unacked, witnesses needed]. A boot entry is
 * thus like none before it, and the hardware vouches for the terms on which this boot logs. */
static zc_result write_terms(zc_enclave *enclave, zc_writer *writer)
{
    uint8_t fresh[32];
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(fresh)));
    ZC_TRY(zc_cbor_put_uint(writer, enclave->mission.max_unacked));
    return zc_cbor_put_uint(writer, enclave->mission.witnesses_needed);
}

zc_result zc_boot_advance(zc_enclave *enclave, zc_effects *effects)
{
    bool ready = enclave->loaded && enclave->has_front_key && enclave->phase == ZC_PHASE_SEALED &&
                 enclave->genesis_ordinal == 0 && !enclave->boot_document_asked;
    if (!ready) {
        return ZC_OK;
    }
    enclave->boot_document_asked = true;
    fill_binding(enclave);
    zc_sha256(zc_slice_of(enclave->front_spki, enclave->front_spki_len),
              enclave->binding.tls_spki_sha256);
    uint8_t terms[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(terms);
    ZC_TRY(write_terms(enclave, &writer));
    return zc_ask_document(enclave, effects, &(zc_wait){.purpose = ZC_WAIT_BOOT_DOCUMENT},
                           zc_writer_written(&writer), zc_slice_of(NULL, 0));
}
