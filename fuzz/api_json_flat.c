/* What is read quickly is what jansson reads, to the last member; what jansson refuses is not read.
 */
#include "api/json_flat.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *flat = zc_json_flat(zc_slice_of(data, size));
    if (flat == NULL) {
        return 0;
    }
    json_t *whole = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_CHECK(whole != NULL && json_equal(flat, whole));
    json_decref(flat);
    json_decref(whole);
    return 0;
}
