/* A hostile host: frames of its own making, the honest ones in any order, and a store in which it
 * changed bytes. Whatever it does, the enclave either goes on or says why and leaves; it never
 * serves under another deployment's name, nor with more left to spend.
 *
 * The input is a list of items, each an action and what it needs. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/reader.h"
#include "driver.h"
#include "enclave/state.h"

#define STEPS_MAX 64
#define POWER_ONS_MAX 4

enum { RAW, BOOT, FOUND, KEYS, ENTRIES, DONE, ACK, TICK, CHANGE, POWER_ON, FRONT_KEY, ACTIONS };

/* What an honest host would have: one key, some signatures. */
static driver *honest(void)
{
    static driver *drv;
    if (drv == NULL) {
        drv = driver_new_serving();
        driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_SECP256K1);
        uint64_t bot = driver_connect(drv, BOT);
        for (uint64_t nonce = 0; nonce < 3; nonce++) {
            driver_sign(drv, bot, "k", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, 1));
        }
        driver_sign_text(drv, driver_connect(drv, AUDITOR), "k", "refused");
    }
    return drv;
}

/* One machine for all inputs: its memory is large. */
static driver *machine(bool empty_disk)
{
    static driver *drv;
    if (drv == NULL) {
        static zc_mission mission;
        FUZZ_CHECK(zc_ok(zc_mission_parse(driver_slice(&honest()->store.mission), &mission)));
        drv = driver_new(&mission);
        drv->check_log = false;
    }
    driver_store_free(&drv->store);
    if (empty_disk) {
        driver_blob_set(&drv->store.mission, driver_slice(&honest()->store.mission));
    } else {
        drv->store = driver_store_copy(&honest()->store);
    }
    drv->boot = 1;
    drv->now_ms = DRIVER_T0;
    return drv;
}

static driver_blob *part_of(driver_store *store, uint8_t which, uint8_t index)
{
    driver_entry *entry = store->entry_count > 0 ? &store->entry[index % store->entry_count] : NULL;
    driver_key *key = store->key_count > 0 ? &store->key[index % store->key_count] : NULL;
    switch (which % 6) {
    case 0:
        return &store->mission;
    case 1:
        return &store->genesis;
    case 2:
        return &store->root;
    case 3:
        return key != NULL ? &key->sealed : NULL;
    case 4:
        return entry != NULL ? &entry->entry : NULL;
    default:
        return entry != NULL ? &entry->opening : NULL;
    }
}

static void change(driver *drv, zc_reader *reader)
{
    uint8_t which, index, flip;
    uint16_t at;
    if (!zc_ok(zc_read_u8(reader, &which)) || !zc_ok(zc_read_u8(reader, &index)) ||
        !zc_ok(zc_read_u16(reader, &at)) || !zc_ok(zc_read_u8(reader, &flip))) {
        return;
    }
    driver_blob *part = part_of(&drv->store, which, index);
    if (part != NULL && part->len > 0) {
        part->data[at % part->len] ^= flip;
    }
}

static void raw(driver *drv, zc_reader *reader)
{
    uint16_t len;
    zc_slice frame;
    if (zc_ok(zc_read_u16(reader, &len)) && zc_ok(zc_read_slice(reader, len, &frame))) {
        driver_step(drv, ZC_EVENT_HOST, 0, frame);
    }
}

static void act(driver *drv, uint8_t action, zc_reader *reader, unsigned *power_ons)
{
    uint8_t number = 0;
    switch (action % ACTIONS) {
    case RAW:
        raw(drv, reader);
        break;
    case BOOT:
        driver_boot(drv);
        break;
    case FOUND:
        fuzz_any(zc_read_u8(reader, &number));
        driver_found(drv, number);
        break;
    case KEYS:
        driver_load_keys(drv);
        break;
    case ENTRIES:
        driver_load_entries(drv);
        break;
    case DONE:
        driver_load_done(drv);
        break;
    case ACK:
        fuzz_any(zc_read_u8(reader, &number));
        driver_ack(drv, number);
        break;
    case TICK:
        fuzz_any(zc_read_u8(reader, &number));
        driver_tick(drv, number * DRIVER_MINUTE);
        break;
    case CHANGE:
        change(drv, reader);
        break;
    case POWER_ON:
        if ((*power_ons)++ < POWER_ONS_MAX) {
            driver_power_on(drv);
        }
        break;
    default:
        driver_front_key(drv);
        break;
    }
}

static void check(const driver *drv)
{
    FUZZ_CHECK(drv->exited == (drv->fatal != 0));
    if (!drv->serving || memcmp(drv->deployment_id, honest()->deployment_id, 32) != 0) {
        return;
    }
    /* The deployment's name stands for its mission and its one key, used as the log says. */
    const zc_enclave *enclave = drv->enclave;
    FUZZ_CHECK(memcmp(enclave->mission_hash, honest()->enclave->mission_hash, 32) == 0);
    FUZZ_CHECK(enclave->keyring.count <= 1);
    FUZZ_CHECK(enclave->keyring.count == 0 ||
               memcmp(enclave->keyring.place[0].id, honest()->enclave->keyring.place[0].id, 16) ==
                   0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    uint8_t mode, action;
    if (!zc_ok(zc_read_u8(&reader, &mode))) {
        return 0;
    }
    driver *drv = machine((mode & 1) != 0);
    unsigned power_ons = 1;
    drv->auto_ack = (mode & 2) == 0;
    driver_power_on(drv);
    if ((mode & 4) != 0) {
        driver_front_key(drv);
        driver_boot(drv);
    }
    for (int step = 0; step < STEPS_MAX && zc_ok(zc_read_u8(&reader, &action)); step++) {
        act(drv, action, &reader, &power_ons);
        check(drv);
    }
    return 0;
}
