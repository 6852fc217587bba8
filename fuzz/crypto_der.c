/* DER: a signature that reads must be the one encoding that we would write. */
#include <stdlib.h>
#include <string.h>

#include "crypto/der.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void signature(zc_slice der, size_t scalar_len)
{
    uint8_t sig[96];
    uint8_t again[ZC_DER_MAX_SIGNATURE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (!zc_ok(zc_der_read_signature(der, scalar_len, sig))) {
        return;
    }
    if (!zc_ok(zc_der_write_signature(&writer, sig, scalar_len)) ||
        !zc_slice_eq(zc_writer_written(&writer), der) || !zc_ok(zc_der_check(der))) {
        abort();
    }
}

/* Every value of a list, written again from its tag and content. */
static void values(zc_slice der)
{
    static uint8_t again[1 << 16];
    zc_reader reader = zc_reader_of(der);
    uint8_t tag;
    zc_slice content, whole;
    while (zc_ok(zc_der_read_any(&reader, &tag, &content, &whole))) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(again);
        if (zc_ok(zc_der_write(&writer, tag, content)) &&
            !zc_slice_eq(zc_writer_written(&writer), whole)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice der = zc_slice_of(data, size);
    signature(der, 32);
    signature(der, 48);
    values(der);
    (void)zc_ok(zc_der_check(der));
    return 0;
}
