/* The driver's clients: sessions, requests, and the log as they can read it. */
#include "driver.h"

#include <string.h>

#include "codec/rlp.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "intent/order_cbor.h"
#include "wire/session.h"

static void session_bytes(const driver *drv, uint64_t session, uint8_t ret_bytes[static 64])
{
    memset(ret_bytes, (int)(session & 0xff), 32);
    zc_sha256(driver_slice(&drv->document), ret_bytes + 32);
}

uint64_t driver_open(driver *drv)
{
    uint8_t bytes[64];
    uint64_t session = ++drv->last_session;
    session_bytes(drv, session, bytes);
    driver_step(drv, ZC_EVENT_SESSION_OPEN, session, ZC_SLICE_OF_ARRAY(bytes));
    return session;
}

void driver_auth_request(driver *drv, uint64_t session, unsigned who, zc_request *ret_request)
{
    uint8_t bytes[64];
    uint8_t tbs[ZC_SESSION_AUTH_TBS_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(tbs);
    zc_signature signature;
    session_bytes(drv, session, bytes);
    DRIVER_MUST(zc_ok(zc_session_auth_tbs(bytes, bytes + 32, drv->deployment_id, &writer)));
    DRIVER_MUST(zc_ok(
        zc_sign_message_ed25519(driver_principal(who), zc_writer_written(&writer), &signature)));
    *ret_request = (zc_request){.op = ZC_OP_AUTH};
    memcpy(ret_request->auth.public_key, driver_principal(who)->pubkey.byte, 32);
    memcpy(ret_request->auth.signature, signature.byte, 64);
}

uint64_t driver_connect(driver *drv, unsigned who)
{
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, who, &request);
    DRIVER_MUST(driver_ask(drv, session, &request).status == ZC_STATUS_OK);
    return session;
}

void driver_send(driver *drv, uint64_t session, zc_request *request)
{
    static uint8_t record[ZC_PAYLOAD_MAX + 1024];
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    request->id = ++drv->last_request;
    DRIVER_MUST(zc_ok(zc_request_write(request, &writer)));
    drv->reply_count = 0;
    driver_step(drv, ZC_EVENT_RECORD, session, zc_writer_written(&writer));
}

zc_reply driver_read_reply(const driver *drv, const zc_request *request)
{
    zc_reply reply;
    DRIVER_MUST(drv->reply_count == 1);
    DRIVER_MUST(zc_ok(zc_reply_read(zc_slice_of(drv->reply, drv->reply_len), request->op, &reply)));
    DRIVER_MUST(reply.id == request->id);
    return reply;
}

zc_reply driver_ask(driver *drv, uint64_t session, zc_request *request)
{
    driver_send(drv, session, request);
    zc_reply reply = driver_read_reply(drv, request);
    DRIVER_MUST(drv->reply_session == session);
    return reply;
}

zc_reply driver_create(driver *drv, uint64_t session, const char *name, zc_curve curve)
{
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(name),
                                         .kind = (uint8_t)curve,
                                         .tier = ZC_TIER_HOT,
                                         .nonce_mode = ZC_NONCE_HEDGED}};
    return driver_ask(drv, session, &request);
}

zc_key_material driver_mac(zc_key_kind kind, const char *secret, const char *passphrase)
{
    zc_key_material material = {.kind = kind};
    material.secret.mac.len = (uint16_t)strlen(secret);
    memcpy(material.secret.mac.byte, secret, strlen(secret));
    material.passphrase.len = (uint8_t)strlen(passphrase);
    memcpy(material.passphrase.byte, passphrase, strlen(passphrase));
    return material;
}

zc_reply driver_import(driver *drv, uint64_t session, const char *name,
                       const zc_key_material *material, const char *api_key, uint8_t venue)
{
    static const uint8_t seed[32] = {5};
    static zc_key_material_bytes plain;
    static uint8_t sealed[ZC_KEY_MATERIAL_MAX + ZC_BOX_OVERHEAD];
    zc_drbg drbg;
    zc_request begin = {.op = ZC_OP_KEY_IMPORT_BEGIN};
    zc_reply reply = driver_ask(drv, session, &begin);
    DRIVER_MUST(reply.status == ZC_STATUS_OK);
    zc_drbg_init(&drbg, seed);
    DRIVER_MUST(zc_ok(zc_key_material_write(material, &plain)));
    DRIVER_MUST(
        zc_ok(zc_box_seal(reply.import_begin.import_key, &drbg, plain.byte, plain.len, sealed)));
    zc_request request = {.op = ZC_OP_KEY_IMPORT,
                          .key_import = {.name = zc_slice_of_text(name),
                                         .kind = (uint8_t)material->kind,
                                         .tier = ZC_TIER_HOT,
                                         .nonce_mode = ZC_NONCE_HEDGED,
                                         .sealed = zc_slice_of(sealed, plain.len + ZC_BOX_OVERHEAD),
                                         .has_api_key = api_key[0] != '\0',
                                         .api_key = zc_slice_of_text(api_key),
                                         .has_venue = venue != 0,
                                         .venue = venue}};
    return driver_ask(drv, session, &request);
}

zc_reply driver_sign_order(driver *drv, uint64_t session, const char *key, const zc_order *order)
{
    uint8_t encoded[ZC_ORDER_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(encoded);
    DRIVER_MUST(zc_ok(zc_order_write(order, &writer)));
    return driver_sign(drv, session, key, ZC_USE_ORDER, ZC_FAMILY_VENUE,
                       zc_writer_written(&writer));
}

zc_reply driver_sign(driver *drv, uint64_t session, const char *key, zc_use use, zc_family family,
                     zc_slice payload)
{
    zc_request request = {.op = ZC_OP_SIGN,
                          .sign = {.key = zc_slice_of_text(key),
                                   .use = (uint8_t)use,
                                   .family = (uint8_t)family,
                                   .payload = payload}};
    return driver_ask(drv, session, &request);
}

zc_reply driver_sign_text(driver *drv, uint64_t session, const char *key, const char *text)
{
    return driver_sign(drv, session, key, ZC_USE_MESSAGE, ZC_FAMILY_NONE, zc_slice_of_text(text));
}

zc_slice driver_transfer(uint64_t nonce, uint64_t wei)
{
    static uint8_t bytes[256];
    uint8_t to[20];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_rlp_list fields, accesses;
    memset(to, 0x35, sizeof to);
    DRIVER_MUST(zc_ok(zc_write_u8(&writer, 2)));
    zc_rlp_list_begin(&writer, &fields);
    const uint64_t head[] = {1, nonce, 1, 1, 21000}; /* chain, nonce, tip, price, gas */
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        DRIVER_MUST(zc_ok(zc_rlp_put_u64(&writer, head[i])));
    }
    DRIVER_MUST(zc_ok(zc_rlp_put_string(&writer, ZC_SLICE_OF_ARRAY(to))));
    DRIVER_MUST(zc_ok(zc_rlp_put_u64(&writer, wei)));
    DRIVER_MUST(zc_ok(zc_rlp_put_string(&writer, zc_slice_of_text(""))));
    zc_rlp_list_begin(&writer, &accesses);
    DRIVER_MUST(zc_ok(zc_rlp_list_end(&writer, &accesses)));
    DRIVER_MUST(zc_ok(zc_rlp_list_end(&writer, &fields)));
    return zc_writer_written(&writer);
}

zc_audit_entry driver_entry_at(const driver *drv, size_t sequence)
{
    zc_audit_entry entry;
    DRIVER_MUST(sequence < drv->store.entry_count);
    DRIVER_MUST(
        zc_ok(zc_audit_entry_read(driver_slice(&drv->store.entry[sequence].entry), &entry)));
    return entry;
}

zc_audit_entry driver_last_entry(const driver *drv)
{
    DRIVER_MUST(drv->store.entry_count > 0);
    return driver_entry_at(drv, drv->store.entry_count - 1);
}
