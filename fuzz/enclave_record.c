/* Clients with real credentials and records of their own making, in a serving enclave. Each record
 * is answered or waits for the security module, the enclave never stops over one, and what it
 * stores is a log that verifies.
 *
 * The input is a list of records: u8 session ‖ u16be length ‖ bytes. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/reader.h"
#include "driver.h"
#include "enclave/parts.h"

#define RECORDS_MAX 32

static struct {
    driver *drv;
    uint64_t session[4]; /* a key admin, a signer, an approver, one not authenticated */
    driver at_start;
    void *enclave;
    void *vault;
    void *verifier_keys;
} fixture;

static void *copy_of(const void *memory, size_t len)
{
    void *copy = malloc(len);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, memory, len);
    return copy;
}

/* Keys of venues without memory of OpenSSL's own, which can't be copied back. */
static void import_venue_keys(driver *drv, uint64_t session)
{
    static const struct {
        const char *name;
        zc_key_kind kind;
        const char *passphrase;
    } rows[] = {{"binance", ZC_KEY_KIND_HMAC_SHA256, ""},
                {"okx", ZC_KEY_KIND_HMAC_SHA256, "pass phrase"},
                {"kraken", ZC_KEY_KIND_HMAC_SHA512, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const zc_key_material material = driver_mac(rows[i].kind, rows[i].name, rows[i].passphrase);
        FUZZ_CHECK(driver_import(drv, session, rows[i].name, &material, "api-key", 0).status ==
                   ZC_STATUS_OK);
    }
}

static void prepare(void)
{
    driver *drv = fixture.drv = driver_new_serving();
    fixture.session[0] = driver_connect(drv, ALICE);
    driver_create(drv, fixture.session[0], "k1", ZC_CURVE_SECP256K1);
    driver_create(drv, fixture.session[0], "p256", ZC_CURVE_P256);
    driver_create(drv, fixture.session[0], "ed", ZC_CURVE_ED25519);
    import_venue_keys(drv, fixture.session[0]);
    fixture.session[1] = driver_connect(drv, BOT);
    fixture.session[2] = driver_connect(drv, BOB);
    fixture.session[3] = driver_open(drv);
    fixture.at_start = *drv;
    fixture.enclave = copy_of(drv->enclave, zc_enclave_size(DRIVER_KEYS));
    fixture.vault = copy_of(drv->vault.memory, drv->vault.len);
    fixture.verifier_keys = copy_of(drv->verifier_keys, ZC_AUDIT_KEYS_SIZE(DRIVER_KEYS));
}

/* The enclave's memory as it was; it stays where it is, so its pointers hold. */
static void restore(void)
{
    driver *drv = fixture.drv;
    const driver *was = &fixture.at_start;
    memcpy(drv->enclave, fixture.enclave, zc_enclave_size(DRIVER_KEYS));
    memcpy(drv->vault.memory, fixture.vault, drv->vault.len);
    while (drv->store.entry_count > was->store.entry_count) {
        driver_entry *last = &drv->store.entry[--drv->store.entry_count];
        free(last->entry.data);
        free(last->opening.data);
    }
    while (drv->store.key_count > was->store.key_count) {
        free(drv->store.key[--drv->store.key_count].sealed.data);
    }
    drv->verifier = was->verifier;
    memcpy(drv->verifier_keys, fixture.verifier_keys, ZC_AUDIT_KEYS_SIZE(DRIVER_KEYS));
    drv->ordinal = was->ordinal;
    drv->acked = was->acked;
    drv->now_ms = was->now_ms;
}

static void put(uint8_t session, zc_slice record)
{
    driver *drv = fixture.drv;
    bool open = zc_sessions_find(drv->enclave, fixture.session[session]) != NULL;
    zc_request request;
    zc_reply reply;
    drv->reply_count = 0;
    driver_step(drv, ZC_EVENT_RECORD, fixture.session[session], record);
    FUZZ_CHECK(!drv->exited && drv->fatal == 0);
    /* Several requests may stand in one record, each with its reply. */
    FUZZ_CHECK(open ? drv->reply_count >= 1 && drv->reply_count <= ZC_RECORD_REQUESTS + 1
                    : drv->reply_count == 0);
    if (open && zc_ok(zc_request_read(record, &request))) {
        zc_slice bytes = zc_slice_of(drv->reply, drv->reply_len);
        FUZZ_CHECK(zc_ok(zc_reply_read(bytes, request.op, &reply)) && reply.id == request.id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (fixture.drv == NULL) {
        prepare();
    }
    restore();
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    uint8_t session;
    uint16_t len;
    zc_slice record;
    for (int i = 0; i < RECORDS_MAX; i++) {
        if (!zc_ok(zc_read_u8(&reader, &session)) || !zc_ok(zc_read_u16(&reader, &len)) ||
            !zc_ok(zc_read_slice(&reader, len, &record))) {
            break;
        }
        put(session % 4, record);
    }
    driver_tick(fixture.drv, DRIVER_MINUTE);
    FUZZ_CHECK(!fixture.drv->exited);
    return 0;
}
