/* A million sealed keys, as a start opens them: each seal, its place in the ring's indexes, and
 * what a snapshot says of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include "audit/verifier_state.h"
#include "bench.h"
#include "worker.h"
#include "codec/cbor.h"
#include "keys/keyring.h"
#include "keys/seal.h"

#define KEYS ZC_KEYS_MAX
#define SEALED_ROOM ((size_t)320)
#define RESIDENTS 4096

static const zc_seal_place place = {.deployment_id = {0xd0}, .pcr0 = {0xc0}, .pcr16 = {0x16}};
static zc_drbg drbg;
static zc_seal_keys seal;
static zc_keyring ring;
static zc_audit_verifier verifier;
static zc_signer signers[RESIDENTS];
static zc_venue_secret venues[1];
static zc_writer sealed; /* all keys, one behind the other */
static zc_writer state;  /* of a verifier that knows them */

static void *room_of(size_t len)
{
    void *room =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room == MAP_FAILED ? NULL : room;
}

static bool begin(void *memory, void *tracks)
{
    const zc_keyring_room room = {.signers = signers,
                                  .residents = RESIDENTS,
                                  .venues = venues,
                                  .venue_count = 1,
                                  .memory = memory,
                                  .keys = KEYS};
    if (memory == NULL || tracks == NULL) {
        return false;
    }
    zc_keyring_init(&ring, &room);
    zc_audit_verifier_init(&verifier, tracks, KEYS);
    return zc_ok(zc_keyring_prepare(&ring, &drbg));
}

static void end(void *memory, void *tracks)
{
    zc_keyring_clear(&ring);
    (void)munmap(memory, ZC_KEYRING_SIZE(KEYS));
    (void)munmap(tracks, ZC_AUDIT_KEYS_SIZE(KEYS));
}

static zc_result make_key(size_t number)
{
    char name[32];
    zc_key record;
    zc_key *key;
    zc_key_holder holder;
    zc_audit_key_track *track;
    (void)snprintf(name, sizeof name, "bench-%zu", number);
    ZC_TRY(zc_key_describe(zc_slice_of_text(name), zc_slice_of_text("founder"), ZC_TIER_HOT,
                           ZC_ORIGIN_GENERATED, ZC_NONCE_HEDGED, 1790000000000, &record));
    ZC_TRY(zc_keyring_spare(&ring, &holder));
    ZC_TRY(zc_signer_generate(holder.signer, ZC_CURVE_P256, &drbg));
    ZC_TRY(zc_keyring_add(&ring, &record, &key));
    ZC_TRY(zc_audit_keys_add(&verifier.keys, key->id, &track));
    track->uses = number;
    track->last = number;
    return zc_key_seal(&seal, &place, key, NULL, &drbg, &sealed);
}

static bool make_keys(void)
{
    void *memory = room_of(ZC_KEYRING_SIZE(KEYS));
    void *tracks = room_of(ZC_AUDIT_KEYS_SIZE(KEYS));
    bool made = begin(memory, tracks);
    for (size_t i = 0; made && i < KEYS; i++) {
        made = zc_ok(make_key(i));
    }
    verifier.log.next = KEYS;
    made = made && zc_ok(zc_audit_verifier_write(&verifier, &state));
    end(memory, tracks);
    return made;
}

static const char *open_load(const zc_bench_task *task)
{
    static const uint8_t seed[32] = {7};
    static const zc_secret32 root = {{9}};
    const size_t state_len = ZC_AUDIT_VERIFIER_STATE_MAX(KEYS);
    uint8_t *bytes = room_of(KEYS * SEALED_ROOM);
    uint8_t *state_bytes = room_of(state_len);
    (void)task;
    if (bytes == NULL || state_bytes == NULL) {
        return "there is not enough memory";
    }
    sealed = zc_writer_of(bytes, KEYS * SEALED_ROOM);
    state = zc_writer_of(state_bytes, state_len);
    zc_drbg_init(&drbg, seed);
    return zc_ok(zc_seal_keys_init(&seal, &root)) && make_keys() ? NULL : "the keys can't be made";
}

static zc_result load_key(zc_slice item)
{
    zc_key_holder holder;
    zc_key record;
    zc_key *key;
    ZC_TRY(zc_keyring_spare(&ring, &holder));
    ZC_TRY(zc_key_open(&seal, &place, item, &holder, &record));
    return zc_keyring_add(&ring, &record, &key);
}

/* What zc_on_keys() and zc_on_snapshot() do, in the enclave. */
static zc_result load_all(void)
{
    zc_reader in = zc_reader_of(zc_writer_written(&sealed));
    zc_reader log = zc_reader_of(zc_writer_written(&state));
    while (zc_reader_left(&in) > 0) {
        zc_slice item;
        ZC_TRY(zc_cbor_get_item(&in, &item));
        ZC_TRY(load_key(item));
    }
    ZC_TRY(zc_audit_verifier_read(&verifier, &log));
    for (size_t i = 0; i < verifier.keys.count; i++) {
        const uint32_t number = zc_keyring_by_id(&ring, verifier.keys.track[i].id);
        if (number == ZC_KEYS_NONE) {
            return zc_fail(ZC_AUDIT_UNKNOWN_KEY);
        }
        ring.place[number].log = (uint32_t)(i + 1);
    }
    return ZC_OK;
}

/* In thousandths of a second. */
static uint64_t load(const zc_bench_task *task)
{
    void *memory = room_of(ZC_KEYRING_SIZE(KEYS));
    void *tracks = room_of(ZC_AUDIT_KEYS_SIZE(KEYS));
    (void)task;
    bool loaded = begin(memory, tracks);
    uint64_t begun = zc_bench_now();
    loaded = loaded && zc_ok(load_all()) && ring.count == KEYS;
    uint64_t ended = zc_bench_now();
    end(memory, tracks);
    return loaded ? (ended - begun) / 1000000 : 0;
}

const zc_bench_task zc_key_load_tasks[1] = {
    {.name = "growth.keys.load",
     .side = ZC_SIDE_BARE,
     .open = open_load,
     .amount = load,
     .unit = "s",
     .note = "1,048,576 sealed keys and their counters, into a new ring; without the disk"},
};
