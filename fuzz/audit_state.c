/* A checker's state from anywhere: whatever is taken can be written, comes out as it went in, and
 * goes on checking. */
#include <stdlib.h>

#include "audit/verifier_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zc_audit_verifier verifier;
static zc_audit_verifier twin;
#define KEYS 4096
static uint64_t keys[ZC_AUDIT_KEYS_SIZE(KEYS) / sizeof(uint64_t)];
static uint64_t twin_keys[ZC_AUDIT_KEYS_SIZE(KEYS) / sizeof(uint64_t)];
static uint8_t once[ZC_AUDIT_VERIFIER_STATE_MAX(KEYS)];
static uint8_t twice[ZC_AUDIT_VERIFIER_STATE_MAX(KEYS)];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    if (verifier.keys.capacity == 0) {
        zc_audit_verifier_init(&verifier, keys, KEYS);
        zc_audit_verifier_init(&twin, twin_keys, KEYS);
    }
    zc_writer first = ZC_WRITER_OF_ARRAY(once);
    zc_writer second = ZC_WRITER_OF_ARRAY(twice);
    if (!zc_ok(zc_audit_verifier_read(&verifier, &reader))) {
        return 0;
    }
    bool written = zc_ok(zc_audit_verifier_write(&verifier, &first));
    zc_reader back = zc_reader_of(zc_writer_written(&first));
    if (!written || !zc_ok(zc_audit_verifier_read(&twin, &back)) || zc_reader_left(&back) != 0 ||
        twin.keys.count != verifier.keys.count || twin.log.next != verifier.log.next ||
        !zc_ok(zc_audit_verifier_write(&twin, &second)) ||
        zc_writer_len(&first) != zc_writer_len(&second)) {
        abort();
    }
    zc_audit_entry entry;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    zc_slice rest = zc_slice_of(reader.at, zc_reader_left(&reader));
    (void)!zc_ok(zc_audit_verifier_feed(&verifier, rest, &entry, leaf));
    return 0;
}
