/* What feeds say: whoever brings it, it is the feed's signature that counts. */
#include "enclave/policy_parts.h"

#include "audit/detail.h"
#include "codec/cbor.h"
#include "policy/feed.h"

/* Settled decisions that one message may name: each is an entry. */
#define SETTLEMENTS_MAX 32
#define ITEM_SETTLEMENT 4
#define EFFECTS_BESIDE 4
#define HEAD_FIELDS 6

/* The digests that a message settles. */
typedef struct zc_settled {
    size_t count;
    uint8_t digest[SETTLEMENTS_MAX][32];
} zc_settled;

static zc_result read_item(zc_reader *reader, zc_settled *settled)
{
    zc_reader item = *reader;
    size_t fields;
    uint64_t kind;
    ZC_TRY(zc_cbor_skip(reader));
    ZC_TRY(zc_cbor_get_array(&item, 4, &fields));
    ZC_TRY(zc_cbor_get_uint(&item, &kind));
    if (kind != ITEM_SETTLEMENT) {
        return ZC_OK;
    }
    if (settled->count == SETTLEMENTS_MAX) {
        return zc_fail(ZC_ENCLAVE_MANY_SETTLEMENTS);
    }
    return zc_cbor_get_fixed_bytes(&item, settled->digest[settled->count++], 32);
}

/* Only what the log needs of the message: the engine checks and takes all of it. */
static zc_result read_settled(zc_slice message, zc_settled *settled)
{
    zc_reader reader = zc_reader_of(message);
    size_t fields;
    size_t count;
    settled->count = 0;
    ZC_TRY(zc_cbor_get_map(&reader, HEAD_FIELDS, &fields));
    for (size_t i = 1; i < HEAD_FIELDS; i++) {
        ZC_TRY(zc_cbor_skip(&reader)); /* the key */
        ZC_TRY(zc_cbor_skip(&reader));
    }
    ZC_TRY(zc_cbor_get_key_uint(&reader, HEAD_FIELDS));
    ZC_TRY(zc_cbor_get_array(&reader, ZC_FEED_MAX_ITEMS, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_item(&reader, settled));
    }
    return ZC_OK;
}

static zc_result log_message(zc_enclave *enclave, const zc_message *message, uint64_t *ret_entry)
{
    const zc_request_feed *wanted = &message->request->feed;
    zc_feed_group group = {.message = wanted->message};
    zc_audit_entry entry = {.kind = ZC_AUDIT_FEED};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    memcpy(group.signature, wanted->signature, sizeof group.signature);
    zc_writer writer = ZC_WRITER_OF_ARRAY(enclave->group_bytes[ZC_AUDIT_INTENT]);
    ZC_TRY(zc_group_principal(enclave, message->session->principal, &opening));
    ZC_TRY(zc_feed_group_write(&group, &writer));
    opening.group[ZC_AUDIT_INTENT].open = true;
    opening.group[ZC_AUDIT_INTENT].bytes = zc_writer_written(&writer);
    ZC_TRY(zc_log_append(enclave, &entry, &opening, message->effects, leaf));
    *ret_entry = entry.sequence;
    return ZC_OK;
}

static zc_result log_settlement(zc_enclave *enclave, const uint8_t digest[static 32],
                                uint64_t decision, uint64_t feed, zc_effects *effects)
{
    uint8_t detail[ZC_AUDIT_SMALL_DETAIL_MAX];
    uint8_t leaf[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(zc_audit_settlement_write(&(zc_audit_settlement){.decision = decision, .feed = feed},
                                     &writer));
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_SETTLEMENT, .has_digest = true, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    memcpy(entry.digest, digest, sizeof entry.digest);
    return zc_log_append(enclave, &entry, &opening, effects, leaf);
}

/* What is no longer known had nothing to give back, and gets no entry. */
static zc_result log_settled(zc_enclave *enclave, const zc_settled *settled, uint64_t feed,
                             zc_effects *effects)
{
    for (size_t i = 0; i < settled->count && enclave->beside.settles; i++) {
        uint16_t slot =
            zc_reservations_by_digest(&enclave->policy.reservations, settled->digest[i]);
        if (slot != ZC_RESERVATION_NONE) {
            ZC_TRY(log_settlement(enclave, settled->digest[i], enclave->beside.decision[slot], feed,
                                  effects));
        }
    }
    return ZC_OK;
}

zc_result zc_on_feed(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_feed *wanted = &message->request->feed;
    zc_settled settled;
    uint64_t entry = 0;
    zc_result found = read_settled(wanted->message, &settled);
    if (zc_is(found, ZC_ENCLAVE_MANY_SETTLEMENTS)) {
        return found; /* what else is wrong with it, the engine says */
    }
    if (message->effects->count + settled.count + EFFECTS_BESIDE > ZC_EFFECTS_MAX) {
        return zc_fail(ZC_ENCLAVE_EFFECTS_FULL);
    }
    ZC_TRY(zc_policy_feed(&enclave->policy, &enclave->mission, enclave->genesis.deployment_id,
                          wanted->message, wanted->signature, enclave->now_ms));
    ZC_TRY(log_message(enclave, message, &entry));
    ZC_TRY(log_settled(enclave, &settled, entry, message->effects));
    zc_reply reply = {.id = message->request->id,
                      .op = ZC_OP_FEED,
                      .status = ZC_STATUS_OK,
                      .logged = {.entry = entry}};
    return zc_emit_reply(message->effects, message->session->id, enclave->ordinal, &reply);
}
