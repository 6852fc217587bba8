/* A record has one form: what parses is written again byte for byte. */
#include <stdlib.h>

#include "attest/genesis.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[2 * ZC_GENESIS_RECORD_MAX];
    zc_slice input = zc_slice_of(data, size);
    zc_genesis_record record;
    zc_genesis genesis;
    static const uint8_t founders[2][32];
    if (zc_ok(zc_genesis_verify(input, founders, 2, 1, &genesis))) {
        abort(); /* founders of no one's */
    }
    if (zc_ok(zc_genesis_statement_parse(input, &genesis))) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        if (!zc_ok(zc_genesis_statement_write(&genesis, &writer)) ||
            !zc_slice_eq(zc_writer_written(&writer), input)) {
            abort();
        }
    }
    if (zc_ok(zc_genesis_record_parse(input, &record))) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        if (!zc_ok(zc_genesis_record_write(record.statement, record.signature,
                                           record.signature_count, &writer)) ||
            !zc_slice_eq(zc_writer_written(&writer), input)) {
            abort();
        }
    }
    return 0;
}
