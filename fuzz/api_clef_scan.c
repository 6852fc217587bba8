/* Where a JSON value ends: the same in one piece as byte by byte, and never before what jansson
 * reads as one object or list. (jansson passes over a zero byte behind a number: no JSON has one.)
 */
#include <jansson.h>

#include "api/clef/scan.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_json_scan whole = {0};
    zc_json_scan steps = {0};
    zc_json_scan_result found = zc_json_scan_next(&whole, zc_slice_of(data, size));
    zc_json_scan_result step = ZC_JSON_SCAN_MORE;
    for (size_t len = 0; len <= size && step == ZC_JSON_SCAN_MORE; len++) {
        step = zc_json_scan_next(&steps, zc_slice_of(data, len));
    }
    FUZZ_CHECK(found == step && whole.at == steps.at && whole.at <= size);
    json_error_t fault;
    json_t *value = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, &fault);
    bool has_zero = whole.at > 0 && memchr(data, '\0', whole.at) != NULL;
    FUZZ_CHECK(value == NULL || has_zero ||
               (found == ZC_JSON_SCAN_WHOLE && whole.at == (size_t)fault.position));
    json_decref(value);
    return 0;
}
