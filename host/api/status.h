/* What an enclave says of itself, as JSON: one form for `zcp status --json` and for REST. */
#ifndef ZC_API_STATUS_H
#define ZC_API_STATUS_H

#include <jansson.h>

#include "zcp.h"

/* "sealed", "genesis", "serving", "halted" or "unknown". */
const char *zc_phase_name(zcp_phase phase);

/* The caller decrefs; NULL: no memory. */
json_t *zc_status_json(const zcp_status *status);

#endif
