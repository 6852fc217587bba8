/* Models of XGBoost and LightGBM and their published predictions. */
#ifndef ZC_VECTORS_RISK_MODEL_H
#define ZC_VECTORS_RISK_MODEL_H

#include <jansson.h>

#include "report.h"

/* A model in JSON, or cases that name the model beside them. */
void zc_run_risk_model(zc_report *report, const char *path, json_t *root);
/* A model in text. */
void zc_run_risk_model_file(zc_report *report, const char *path);

#endif
