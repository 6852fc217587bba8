/* Sealed keys, sealed roots and birth certificates. Nothing but the corpus opens: the fuzzer has
 * neither key. */
#include <stdlib.h>
#include <string.h>

#include "keys/birth.h"
#include "keys/derive.h"
#include "keys/seal.h"
#include "keys/seal_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const zc_secret32 root = {{0}};
static const zc_seal_place place = {.deployment_id = {0}};

static zc_seal_keys *sealing_keys(void)
{
    static zc_seal_keys keys;
    static bool ready;
    if (!ready && !zc_ok(zc_seal_keys_init(&keys, &root))) {
        abort();
    }
    ready = true;
    return &keys;
}

static const zc_pubkey *identity(void)
{
    static zc_signer signer;
    static bool ready;
    if (!ready && !zc_ok(zc_derive_identity(&root, &signer))) {
        abort();
    }
    ready = true;
    return &signer.pubkey;
}

static void read_header(zc_slice bytes, uint64_t version)
{
    uint8_t again[ZC_SEAL_HEADER_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    zc_key key;
    if (zc_ok(zc_seal_header_read(bytes, version, &key)) &&
        (!zc_ok(zc_seal_header_write(&key, version, &writer)) ||
         !zc_slice_eq(zc_writer_written(&writer), bytes))) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice bytes = zc_slice_of(data, size);
    zc_signer signer;
    static zc_venue_secret venue;
    zc_key_holder holder = {&signer, &venue};
    zc_key key;
    zc_secret32 opened;
    zc_birth birth;
    if (zc_ok(zc_key_open(sealing_keys(), &place, bytes, &holder, &key))) {
        if (strcmp(key.name, "corpus") != 0) {
            abort();
        }
        zc_key_holder_clear(&holder);
    }
    if (zc_ok(zc_root_open(&root, &place, bytes, &opened)) && opened.byte[0] != 0x11) {
        abort();
    }
    if (zc_ok(zc_birth_verify(bytes, identity(), place.deployment_id, &birth)) &&
        birth.created_ms != 1700000000000) {
        abort();
    }
    read_header(bytes, 1);
    read_header(bytes, ZC_SEAL_VERSION_PUBLIC);
    return 0;
}
