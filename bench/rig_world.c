#include "rig_world.h"

#include <string.h>

#include "attest/measure.h"
#include "bench.h"
#include "crypto/hash.h"
#include "mission.h"
#include "support/reason.h"
#include "wire/hostlink.h"

static zc_mission mission;
static uint8_t mission_bytes[ZC_MISSION_MAX];

/* SubjectPublicKeyInfo of a P-256 key up to its point (RFC 5480). */
static const uint8_t p256_spki[26] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                      0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                      0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

zc_result zc_rig_world_init(zc_rig_world *world, const uint8_t seed[static 64])
{
    zc_drbg drbg;
    zc_signer front;
    zc_drbg_init(&drbg, seed + 32);
    ZC_TRY(zc_signer_generate(&world->founder, ZC_CURVE_ED25519, &drbg));
    ZC_TRY(zc_signer_generate(&front, ZC_CURVE_P256, &drbg));
    memcpy(world->front_spki, p256_spki, sizeof p256_spki);
    memcpy(world->front_spki + sizeof p256_spki, front.pubkey.byte, 65);
    zc_signer_clear(&front);
    zc_measure_pcr(zc_slice_of_text("bench"), world->pcr[0]);
    zc_drbg_bytes(&drbg, world->document, sizeof world->document);
    zc_sha256(ZC_SLICE_OF_ARRAY(world->document), world->document_sha256);
    return ZC_OK;
}

zc_slice zc_rig_world_front_key(const zc_rig_world *world)
{
    return ZC_SLICE_OF_ARRAY(world->front_spki);
}

static zc_rig_answer *add_answer(zc_rig_world *world, zc_event_kind kind)
{
    if (world->waiting == ZC_RIG_ANSWERS) {
        return NULL;
    }
    zc_rig_answer *answer = &world->answer[(world->first + world->waiting) % ZC_RIG_ANSWERS];
    world->waiting++;
    answer->kind = kind;
    answer->len = 0;
    return answer;
}

zc_rig_answer *zc_rig_world_next(zc_rig_world *world)
{
    if (world->waiting == 0) {
        return NULL;
    }
    zc_rig_answer *answer = &world->answer[world->first];
    world->first = (world->first + 1) % ZC_RIG_ANSWERS;
    world->waiting--;
    return answer;
}

static bool answer_nsm(zc_rig_world *world, zc_slice bytes)
{
    zc_nsm_request request;
    zc_rig_answer *answer = add_answer(world, ZC_EVENT_NSM);
    if (answer == NULL || !zc_ok(zc_nsm_request_parse(bytes, &request)) ||
        request.index >= ZC_NSM_PCRS) {
        return false;
    }
    uint8_t *pcr = world->pcr[request.index];
    zc_nsm_response response = {.op = request.op, .locked = true};
    if (request.op == ZC_NSM_EXTEND_PCR) {
        zc_pcr_extend(pcr, request.data);
    }
    response.bytes = request.op == ZC_NSM_ATTESTATION ? ZC_SLICE_OF_ARRAY(world->document)
                                                      : zc_slice_of(pcr, ZC_NSM_PCR_SIZE);
    zc_writer writer = ZC_WRITER_OF_ARRAY(answer->bytes);
    bool written = zc_ok(zc_nsm_response_write(&writer, &response));
    answer->len = zc_writer_len(&writer);
    return written;
}

static bool answer_wrap_key(zc_rig_world *world)
{
    zc_rig_answer *answer = add_answer(world, ZC_EVENT_WRAP_KEY);
    if (answer == NULL) {
        return false;
    }
    memset(answer->bytes, 0x77, 32);
    answer->len = 32;
    return true;
}

static bool tell_enclave(zc_rig_world *world, const zc_host_message *message)
{
    zc_rig_answer *answer = add_answer(world, ZC_EVENT_HOST);
    if (answer == NULL) {
        return false;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(answer->bytes);
    bool written = zc_ok(zc_host_message_write(message, &writer));
    answer->len = zc_writer_len(&writer);
    return written;
}

static bool send_mission(zc_rig_world *world)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(mission_bytes);
    zc_host_message boot = {.type = ZC_HOST_BOOT};
    if (!zc_ok(
            zc_bench_mission(ZC_BENCH_DESKS(1), world->founder.pubkey.byte, &writer, &mission))) {
        return false;
    }
    boot.boot.mission = zc_writer_written(&writer);
    return tell_enclave(world, &boot);
}

static bool sign_genesis(zc_rig_world *world, zc_slice statement)
{
    zc_host_message signed_by = {.type = ZC_HOST_GENESIS_SIGNED, .genesis_signed = {.count = 1}};
    zc_founder_signature *founder = &signed_by.genesis_signed.founder[0];
    zc_signature signature;
    if (!zc_ok(zc_sign_message_ed25519(&world->founder, statement, &signature))) {
        return false;
    }
    memcpy(founder->public_key, world->founder.pubkey.byte, 32);
    memcpy(founder->signature, signature.byte, 64);
    return tell_enclave(world, &signed_by);
}

static bool take_host(zc_rig_world *world, zc_slice bytes)
{
    zc_host_message message;
    if (!zc_ok(zc_host_message_read(bytes, &message))) {
        return false;
    }
    switch (message.type) {
    case ZC_HOST_HELLO:
        return send_mission(world);
    case ZC_HOST_GENESIS_STATEMENT:
        return sign_genesis(world, message.genesis_statement.statement);
    case ZC_HOST_STORE:
        world->stored = message.store.ordinal;
        return true;
    case ZC_HOST_SERVING:
        memcpy(world->deployment_id, message.serving.deployment_id, 32);
        return true;
    case ZC_HOST_FATAL:
        return zc_bench_fail(zc_reason_code_text(message.fatal.code));
    default:
        return message.type == ZC_HOST_PHASE;
    }
}

static bool take_effect(zc_rig_world *world, const zc_effect *effect)
{
    switch (effect->kind) {
    case ZC_EFFECT_HOST:
        return take_host(world, effect->bytes);
    case ZC_EFFECT_NSM:
        return answer_nsm(world, effect->bytes);
    case ZC_EFFECT_WRAP_KEY:
        return answer_wrap_key(world);
    case ZC_EFFECT_FRONT:
    case ZC_EFFECT_REPLY:
        return true;
    default:
        return false;
    }
}

bool zc_rig_world_take(zc_rig_world *world, const zc_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (!take_effect(world, &effects->item[i])) {
            return false;
        }
    }
    if (world->acked == world->stored) {
        return true;
    }
    world->acked = world->stored;
    zc_host_message ack = {.type = ZC_HOST_ACK, .ack = {.ordinal = world->acked}};
    return tell_enclave(world, &ack);
}

size_t zc_rig_world_reply(const zc_effects *effects, uint8_t *ret_bytes, size_t capacity)
{
    for (size_t i = 0; i < effects->count; i++) {
        const zc_effect *effect = &effects->item[i];
        if (effect->kind == ZC_EFFECT_REPLY && effect->bytes.len <= capacity) {
            memcpy(ret_bytes, effect->bytes.data, effect->bytes.len);
            return effect->bytes.len;
        }
    }
    return 0;
}
