/* LightGBM's text from anywhere: what compiles is what the enclave takes. */
#include "risk_check.h"

#include "mission/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_bytes form = {0};
    zc_error error = {0};
    zc_model_source source = {.file = "model", .text = zc_slice_of(data, size)};
    if (zc_ok(zc_model_compile_lightgbm(&source, &form, &error))) {
        FUZZ_CHECK(fuzz_check_model(zc_bytes_slice(&form)));
    } else {
        FUZZ_CHECK(form.data == NULL && error.why[0] != '\0');
    }
    zc_bytes_clear(&form);
    return 0;
}
