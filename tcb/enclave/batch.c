#include "enclave/batch.h"

#include <string.h>

#include "enclave/enclave.h"

static const uint8_t placeholder[64];

zc_slice zc_batch_placeholder(void)
{
    return ZC_SLICE_OF_ARRAY(placeholder);
}

bool zc_batch_takes(const zc_sign_batch *batch, const zc_key *key, const zc_payload *payload)
{
    bool alone = payload->kind == ZC_PAYLOAD_MESSAGE || payload->kind == ZC_PAYLOAD_DIGEST;
    return (batch->open || batch->leaves) && batch->count < ZC_SIGN_MAX_BATCH &&
           key->kind == ZC_KEY_KIND_P256 && alone && payload->family == ZC_FAMILY_NONE;
}

void zc_batch_add(zc_sign_batch *batch, const zc_key *key, zc_drbg *drbg,
                  const uint8_t digest[static 32], uint64_t request, const zc_effects *effects)
{
    size_t at = batch->count++;
    zc_drbg_bytes(drbg, batch->fresh[at], sizeof batch->fresh[at]);
    memcpy(batch->digest[at], digest, sizeof batch->digest[at]);
    batch->request[at] = request;
    batch->effect[at] = effects->count - 1;
    batch->job[at] = (zc_sign_job){.signer = key->signer,
                                   .mode = key->nonce_mode,
                                   .fresh = batch->fresh[at],
                                   .digest = batch->digest[at]};
}

/* Where a reply keeps its signature: right behind the digest, whose place is looked for. What
 * stands there must be the placeholder. NULL when it is not found: then the reply is not what it
 * was. */
static uint8_t *place_of(const uint8_t digest[static 32], const zc_effect *effect,
                         zc_effects *effects)
{
    static const uint8_t head[3] = {0x02, 0x58, sizeof placeholder}; /* 2: bytes of this length */
    uint8_t *bytes = effects->bytes + (effect->bytes.data - effects->bytes);
    uint8_t *found = memmem(bytes, effect->bytes.len, digest, 32);
    size_t behind = found == NULL ? 0 : (size_t)(bytes + effect->bytes.len - found);
    if (behind < 32 + sizeof head + sizeof placeholder ||
        memcmp(found + 32, head, sizeof head) != 0 ||
        memcmp(found + 32 + sizeof head, placeholder, sizeof placeholder) != 0) {
        return NULL;
    }
    return found + 32 + sizeof head;
}

static bool fill_in(const uint8_t digest[static 32], const zc_signature *signature,
                    zc_effect *effect, zc_effects *effects)
{
    uint8_t *place = place_of(digest, effect, effects);
    if (place != NULL) {
        memcpy(place, signature->byte, sizeof signature->byte);
    }
    return place != NULL;
}

/* In place of the reply; without room for it, the session ends. */
static void fail(uint64_t request, zc_result why, zc_effect *effect, zc_effects *effects)
{
    zc_reply reply = {.id = request, .status = ZC_STATUS_FAILED, .failed = {.code = why.code}};
    zc_writer writer =
        zc_writer_of(effects->bytes + effects->used, sizeof effects->bytes - effects->used);
    if (!zc_ok(zc_reply_write(&reply, &writer))) {
        *effect = (zc_effect){.kind = ZC_EFFECT_CLOSE, .session = effect->session};
        return;
    }
    effect->bytes = zc_writer_written(&writer);
    effects->used += effect->bytes.len;
}

static void leave(zc_sign_batch *batch, size_t at, zc_effects *effects)
{
    zc_effect *effect = &effects->item[batch->effect[at]];
    const uint8_t *place = place_of(batch->digest[at], effect, effects);
    if (place == NULL) {
        fail(batch->request[at], zc_fail(ZC_CRYPTO_FAULT), effect, effects);
        return;
    }
    zc_sign_work *work = &effects->work[effects->work_count++];
    work->signer = batch->job[at].signer;
    work->mode = batch->job[at].mode;
    work->place = (uint32_t)(place - effect->bytes.data);
    work->request = batch->request[at];
    memcpy(work->fresh, batch->fresh[at], sizeof work->fresh);
    memcpy(work->digest, batch->digest[at], sizeof work->digest);
    effect->work = work;
}

static void leave_all(zc_sign_batch *batch, zc_effects *effects)
{
    for (size_t i = 0; i < batch->count; i++) {
        leave(batch, i, effects);
    }
    zc_wipe(batch->fresh, batch->count * sizeof batch->fresh[0]);
    batch->count = 0;
    batch->open = false;
}

void zc_batch_sign(zc_sign_batch *batch, zc_effects *effects)
{
    if (batch->leaves) {
        leave_all(batch, effects);
        return;
    }
    size_t count = batch->count;
    bool together = count > 0 && zc_ok(zc_sign_digest_batch(batch->job, count, batch->signature));
    for (size_t i = 0; i < count; i++) {
        const zc_sign_job *job = &batch->job[i];
        zc_effect *effect = &effects->item[batch->effect[i]];
        zc_result made = together ? ZC_OK
                                  : zc_sign_digest(job->signer, job->mode, job->fresh, job->digest,
                                                   &batch->signature[i]);
        if (!zc_ok(made) || !fill_in(job->digest, &batch->signature[i], effect, effects)) {
            fail(batch->request[i], zc_ok(made) ? zc_fail(ZC_CRYPTO_FAULT) : made, effect, effects);
        }
    }
    batch->count = 0;
    batch->open = false;
}

void zc_work_settle(const zc_sign_work *work, zc_result made, const zc_signature *signature,
                    uint8_t *reply, size_t *len)
{
    zc_reply failure = {
        .id = work->request, .status = ZC_STATUS_FAILED, .failed = {.code = made.code}};
    zc_writer writer = zc_writer_of(reply, *len);
    if (zc_ok(made)) {
        memcpy(reply + work->place, signature->byte, sizeof signature->byte);
    } else if (zc_ok(zc_reply_write(&failure, &writer))) {
        *len = zc_writer_len(&writer);
    } else {
        *len = 0; /* a failure is shorter than what it stands for */
    }
}
