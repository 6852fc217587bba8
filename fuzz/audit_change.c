/* Details of MISSION entries: what is read is written again as the same bytes. */
#include <stdlib.h>

#include "audit/change.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t again[ZC_AUDIT_DETAIL_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice bytes = zc_slice_of(data, size);
    zc_audit_change change;
    if (size > sizeof again || !zc_ok(zc_audit_change_read(bytes, &change))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (!zc_ok(zc_audit_change_write(&change, &writer)) ||
        !zc_slice_eq(zc_writer_written(&writer), bytes)) {
        abort();
    }
    return 0;
}
