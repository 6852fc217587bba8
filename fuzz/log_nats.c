/* What a NATS server says: a message lies within the bytes and ends where it says. */
#include "fuzz.h"
#include "log/nats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice rest = zc_slice_of(data, size);
    while (rest.len > 0) {
        zc_nats_message message;
        size_t len = 0;
        if (!zc_ok(zc_nats_parse(rest, &message, &len)) || len == 0) {
            break;
        }
        FUZZ_CHECK(len <= rest.len && message.payload.len <= len && message.subject.len <= len);
        FUZZ_CHECK(message.payload.len == 0 ||
                   (message.payload.data >= rest.data &&
                    message.payload.data + message.payload.len <= rest.data + len));
        rest = zc_slice_of(rest.data + len, rest.len - len);
    }
    return 0;
}
