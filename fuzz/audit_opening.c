/* Openings: whatever is taken is canonical, and fits the entry that commits to it. */
#include <stdlib.h>

#include "audit/opening.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t again[ZC_AUDIT_OPENING_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice bytes = zc_slice_of(data, size);
    zc_audit_opening opening;
    if (!zc_ok(zc_audit_opening_read(bytes, &opening))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    zc_audit_entry entry = {0};
    zc_audit_commit_all(&opening, &entry);
    if (!zc_ok(zc_audit_opening_write(&opening, &writer)) ||
        !zc_slice_eq(zc_writer_written(&writer), bytes) ||
        !zc_ok(zc_audit_opening_check(&opening, &entry))) {
        abort();
    }
    return 0;
}
