/* The command line of zcp-enclave. It is started by zcpd, never by hand. */
#ifndef ZC_APP_ENCLAVE_OPTIONS_H
#define ZC_APP_ENCLAVE_OPTIONS_H

#include <stdbool.h>

typedef struct zc_enclave_options {
    char dir[4096]; /* the deployment's folder, without /platform */
} zc_enclave_options;

/* Fills `ret_options`; otherwise says on standard error what is wrong. `*ret_status` is what to
 * exit with when there is nothing to run: 0 after --help, 2 after a mistake. */
bool options_read(int argc, char **argv, zc_enclave_options *ret_options, int *ret_status);

#endif
