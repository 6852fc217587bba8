/* A feed at work: its mission and its words. */
#ifndef ZC_TESTS_ENCLAVE_FEEDING_H
#define ZC_TESTS_ENCLAVE_FEEDING_H

#include "check.h"
#include "codec/cbor.h"

/* The feed's key is the stranger's: nobody of the mission. */
static inline void feeding_mission(zc_mission *mission)
{
    zc_feed *feed = &mission->feeds[mission->feed_count++];
    strcpy(feed->name, "px");
    memcpy(feed->pubkey, driver_principal(STRANGER)->pubkey.byte, 32);
    feed->says = ZC_SAYS_KNOWN;
    feed->oldest_s = 60;
    mission->has_reference = true;
    mission->reference_decimals = 2;
    strcpy(mission->reference, "USD");
}

/* What stands before the items. */
static inline void feeding_head(const driver *drv, uint64_t sequence, size_t items,
                                zc_writer *writer)
{
    assert_ok(zc_cbor_put_map(writer, 6));
    assert_ok(zc_cbor_put_uint(writer, 1));
    assert_ok(zc_cbor_put_text(writer, zc_slice_of_text("zcp-feed-v1")));
    assert_ok(zc_cbor_put_uint(writer, 2));
    assert_ok(zc_cbor_put_text(writer, zc_slice_of_text("px")));
    assert_ok(zc_cbor_put_uint(writer, 3));
    assert_ok(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(drv->deployment_id)));
    assert_ok(zc_cbor_put_uint(writer, 4));
    assert_ok(zc_cbor_put_uint(writer, sequence));
    assert_ok(zc_cbor_put_uint(writer, 5));
    assert_ok(zc_cbor_put_uint(writer, (uint64_t)drv->now_ms));
    assert_ok(zc_cbor_put_uint(writer, 6));
    assert_ok(zc_cbor_put_array(writer, items));
}

static inline zc_reply feeding_send(driver *drv, unsigned who, unsigned signer,
                                    const zc_writer *writer)
{
    zc_signature signature;
    zc_request request = {.op = ZC_OP_FEED, .feed = {.message = zc_writer_written(writer)}};
    assert_ok(zc_sign_message_ed25519(driver_principal(signer), request.feed.message, &signature));
    memcpy(request.feed.signature, signature.byte, 64);
    return driver_ask(drv, driver_connect(drv, who), &request);
}

static inline zc_reply feed_equity(driver *drv, uint64_t sequence, uint64_t equity)
{
    uint8_t bytes[512];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    const zc_u256 amount = zc_u256_of(equity);
    feeding_head(drv, sequence, 1, &writer);
    assert_ok(zc_cbor_put_array(&writer, 2));
    assert_ok(zc_cbor_put_uint(&writer, 3));
    assert_ok(zc_cbor_put_u256(&writer, &amount));
    return feeding_send(drv, AUDITOR, STRANGER, &writer);
}

/* Of what was signed over this digest nothing was used. */
static inline zc_reply feed_settlement(driver *drv, uint64_t sequence,
                                       const uint8_t digest[static 32])
{
    uint8_t bytes[512];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    feeding_head(drv, sequence, 1, &writer);
    assert_ok(zc_cbor_put_array(&writer, 3));
    assert_ok(zc_cbor_put_uint(&writer, 4));
    assert_ok(zc_cbor_put_bytes(&writer, zc_slice_of(digest, 32)));
    assert_ok(zc_cbor_put_array(&writer, 0));
    return feeding_send(drv, AUDITOR, STRANGER, &writer);
}

static inline zc_breaker *feeding_breaker(zc_mission *mission, const char *name, zc_trip trip,
                                          zc_mode mode)
{
    zc_breaker *breaker = &mission->breakers[mission->breaker_count++];
    strcpy(breaker->name, name);
    breaker->trip = trip;
    breaker->mode = mode;
    return breaker;
}

static inline zc_reply_status status_of(driver *drv)
{
    zc_request request = {.op = ZC_OP_STATUS};
    return driver_ask(drv, driver_connect(drv, AUDITOR), &request).state;
}

static inline zc_reply section_of(driver *drv, zc_policy_section section)
{
    zc_request request = {.op = ZC_OP_POLICY, .policy = {.section = (uint8_t)section}};
    return driver_ask(drv, driver_connect(drv, AUDITOR), &request);
}

/* The first line of a section. */
static inline zc_policy_item item_of(driver *drv, zc_policy_section section)
{
    zc_policy_item item;
    zc_reply reply = section_of(drv, section);
    assert_true(reply.list.count >= 1);
    zc_reader items = zc_reader_of(reply.list.items);
    assert_ok(zc_policy_item_read(&items, &item));
    return item;
}

static inline zc_reply resume_as(driver *drv, unsigned who)
{
    zc_request request = {.op = ZC_OP_RESUME};
    return driver_ask(drv, driver_connect(drv, who), &request);
}

#endif
