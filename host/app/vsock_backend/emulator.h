/* The emulator: QEMU's machine `nitro-enclave`, as a child of this process. */
#ifndef ZC_VSOCK_EMULATOR_H
#define ZC_VSOCK_EMULATOR_H

#include <sys/types.h>

#include "support/file.h"

/* What PCR3 and PCR4 of an emulated enclave are made of. */
#define ZC_EMULATOR_ROLE "arn:aws:iam::000000000000:role/emulated"
#define ZC_EMULATOR_INSTANCE "i-00000000000000000"

/* Where things are. From the environment, else from where `make image` and deploy/image/build-qemu
 * put them. */
typedef struct zc_emulator {
    char program[ZC_PATH_SIZE]; /* $ZCP_QEMU */
    char data[ZC_PATH_SIZE];    /* $ZCP_QEMU_DATA: qboot.rom */
    char image[ZC_PATH_SIZE];   /* $ZCP_IMAGE: the enclave image */
    char socket[ZC_PATH_SIZE];  /* where it meets this process */
    int listening;
    pid_t pid; /* 0: none */
} zc_emulator;

/* `dir` is the deployment's folder. */
ZC_MUST_USE zc_result zc_emulator_init(zc_emulator *emulator, const char *dir, zc_error *error);
/* Starts it and waits until it has come to the socket; -1 when it does not. The descriptor is the
 * caller's. */
int zc_emulator_start(zc_emulator *emulator);
void zc_emulator_end(zc_emulator *emulator);
/* True once, when it has ended by itself. */
bool zc_emulator_has_ended(zc_emulator *emulator);

#endif
