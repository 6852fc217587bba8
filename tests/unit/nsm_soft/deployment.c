#include "deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *deployment_path(const deployment *here, const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/platform/%s", here->dir, name);
    return path;
}

int deployment_setup(void **state)
{
    deployment *here = calloc(1, sizeof *here);
    if (here == NULL) {
        return -1;
    }
    strcpy(here->dir, "/tmp/zc-nsm-XXXXXX");
    *state = here;
    return mkdtemp(here->dir) != NULL && zc_ok(zc_nsm_soft_install(here->dir)) ? 0 : -1;
}

int deployment_teardown(void **state)
{
    deployment *here = *state;
    static const char *const files[] = {"root.pem", "root.key", "secret", ""};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)remove(deployment_path(here, files[i]));
    }
    (void)rmdir(here->dir);
    free(here);
    return 0;
}
