/* A deployment folder for one test, with a development root in it. */
#ifndef ZC_TEST_DEPLOYMENT_H
#define ZC_TEST_DEPLOYMENT_H

#include "nsm_soft/nsm.h"
#include "nsm_soft/root.h"

typedef struct deployment {
    char dir[64];
} deployment;

/* cmocka fixtures: *state is a deployment, installed. */
int deployment_setup(void **state);
int deployment_teardown(void **state);
/* D/platform/<name>; the text lives until the next call. */
const char *deployment_path(const deployment *here, const char *name);

#endif
