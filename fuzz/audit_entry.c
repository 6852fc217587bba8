/* Log entries: whatever is taken is canonical, and the verifier stands it as any entry of a log. */
#include <stdlib.h>
#include <string.h>

#include "audit/verifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zc_audit_verifier verifier;
static uint64_t keys[ZC_AUDIT_KEYS_SIZE(8) / sizeof(uint64_t)];
static uint8_t again[ZC_AUDIT_ENTRY_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice bytes = zc_slice_of(data, size);
    zc_audit_entry entry;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    if (!zc_ok(zc_audit_entry_read(bytes, &entry))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (!zc_ok(zc_audit_entry_write(&entry, &writer)) ||
        !zc_slice_eq(zc_writer_written(&writer), bytes)) {
        abort();
    }
    memset(keys, 0, sizeof keys);
    zc_audit_verifier_init(&verifier, keys, 8);
    verifier.log.next = entry.sequence;
    if (zc_ok(zc_audit_verifier_feed(&verifier, bytes, &entry, leaf)) &&
        verifier.log.next != entry.sequence + 1) {
        abort();
    }
    return 0;
}
