/* XGBoost's JSON in pieces, for the files of its compiler alone. */
#ifndef ZC_MISSION_MODEL_XGBOOST_H
#define ZC_MISSION_MODEL_XGBOOST_H

#include <jansson.h>

#include "mission/model_draft.h"

/* What a run has open. Paths are built as it goes down. */
typedef struct zc_xgboost_run {
    zc_model_draft draft;
    json_t *root;
    const json_t *weights; /* dart: what each tree counts; NULL otherwise */
} zc_xgboost_run;

/* An object whose members are all among `known`: one that is passed over could change predictions.
 */
ZC_MUST_USE zc_result zc_xgboost_check_object(zc_xgboost_run *run, const char *path,
                                              const json_t *object, const char *const *known,
                                              size_t count);

#define ZC_XGBOOST_CHECK_OBJECT(run, path, object, ...)                                            \
    zc_xgboost_check_object(run, path, object, (const char *const[]){__VA_ARGS__},                 \
                            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A whole number in a text, as XGBoost saves parameters; `missing` where there is none. */
bool zc_xgboost_read_count(const json_t *object, const char *key, uint32_t missing,
                           uint32_t *ret_value);
/* An item as a binary32 number; false for what is none. */
bool zc_xgboost_number_at(const json_t *list, size_t at, double *ret_value);
/* An item as a whole number from 0 below `bound`; false for what is none. */
bool zc_xgboost_index_at(const json_t *list, size_t at, uint32_t bound, uint32_t *ret_index);

/* Reads trees[index] and adds it to the draft. */
ZC_MUST_USE zc_result zc_xgboost_read_tree(zc_xgboost_run *run, size_t index, const json_t *tree,
                                           uint32_t group);

#endif
