/* What holds of every compiled risk model that is accepted. */
#ifndef ZC_FUZZ_RISK_CHECK_H
#define ZC_FUZZ_RISK_CHECK_H

#include "fuzz.h"

#include "codec/cbor.h"
#include "policy/risk.h"

/* Reads the model if it is one. What is accepted is canonical, writes back to itself, and is safe
 * to evaluate on any keys. */
static inline bool fuzz_check_model(zc_slice bytes)
{
    static zc_risk_model model;
    static uint8_t again[(size_t)4 << 20];
    static const int64_t some[] = {ZC_RISK_KEY_MISSING,
                                   0,
                                   1,
                                   -1,
                                   INT64_C(0x3f800000),
                                   INT64_C(0x3ff0000000000000),
                                   -INT64_C(0x3ff0000000000000),
                                   INT64_C(0x7ff0000000000000)};
    zc_reader reader = zc_reader_of(bytes);
    if (!zc_ok(zc_risk_model_read(&reader, &model))) {
        FUZZ_CHECK(model.group_count == 0 && zc_reader_offset(&reader) == 0);
        return false;
    }
    zc_slice form = zc_slice_of(bytes.data, zc_reader_offset(&reader));
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(form)));
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_risk_model_write(&model, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), form));
    for (size_t i = 0; i < 16; i++) {
        int64_t keys[ZC_RISK_MAX_FEATURES];
        zc_risk_fixed outputs[ZC_RISK_MAX_GROUPS];
        for (size_t f = 0; f < ZC_RISK_MAX_FEATURES; f++) {
            keys[f] = some[(i * (f + 1) + f / 3) % (sizeof some / sizeof some[0])];
        }
        zc_risk_evaluate(&model, keys, outputs);
        for (size_t g = 0; g < model.group_count; g++) {
            (void)zc_risk_millionths(outputs[g]);
            FUZZ_CHECK(model.output != ZC_RISK_LOGISTIC ||
                       (outputs[g] >= 0 && outputs[g] <= ZC_RISK_FIXED_ONE));
        }
    }
    return true;
}

#endif
