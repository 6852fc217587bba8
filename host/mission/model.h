/* Risk models as training tools save them → the compiled form that the mission holds and the
 * enclave evaluates (policy/risk.h).
 *
 *   XGBoost   JSON (save_model), 1.0 to 3.x: gbtree and dart; binary:logistic, binary:logitraw,
 *             reg:*, count:poisson, multi:softprob and multi:softmax (as margins)
 *   LightGBM  text (save_model), versions v2 to v4: gbdt, dart, goss and rf; binary, cross_entropy,
 *             regression and its kin, multiclass (as raw scores), multiclassova
 *
 * Whatever else would change a prediction is refused, with the JSON path or the line where it
 * stands. The same file gives the same bytes on every machine. */
#ifndef ZC_MISSION_MODEL_H
#define ZC_MISSION_MODEL_H

#include "policy/risk.h"
#include "support/bytes.h"
#include "support/error.h"

/* The longest model file that is read. */
#define ZC_MODEL_FILE_MAX ((size_t)32 << 20)

typedef struct zc_model_source {
    const char *file; /* the name that errors show */
    zc_slice text;
    /* What the enclave feeds to the model, in the order of its columns; NULL: nothing, each is
     * missing (for whoever brings keys of his own to zc_risk_evaluate). */
    const zc_risk_feature *features;
    size_t feature_count;
    uint32_t group; /* the class whose output is the score; 0 when there is one */
} zc_model_source;

/* Compiles either kind; which, the file's first character tells. The caller clears *ret_form, which
 * zc_risk_model_read() takes. Errors: ZC_MISSION_MODEL, ZC_MISSION_NO_MEMORY. */
ZC_MUST_USE zc_result zc_model_compile(const zc_model_source *source, zc_bytes *ret_form,
                                       zc_error *error);

/* One kind each, for zc_model_compile(). */
ZC_MUST_USE zc_result zc_model_compile_xgboost(const zc_model_source *source, zc_bytes *ret_form,
                                               zc_error *error);
ZC_MUST_USE zc_result zc_model_compile_lightgbm(const zc_model_source *source, zc_bytes *ret_form,
                                                zc_error *error);

#endif
