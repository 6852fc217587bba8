/* The layers between the enclave's processes and the rest of the machine, as status names them. */
#ifndef ZC_PLATFORM_ISOLATION_H
#define ZC_PLATFORM_ISOLATION_H

#include "base/secret.h"

typedef enum zc_isolation {
    ZC_ISOLATION_SECCOMP = 1 << 0,
    ZC_ISOLATION_NO_NEW_PRIVS = 1 << 1,
    ZC_ISOLATION_NOT_DUMPABLE = 1 << 2,
    ZC_ISOLATION_LOCKED_MEMORY = 1 << 3,
    ZC_ISOLATION_MEMFD_SECRET = 1 << 4,
    ZC_ISOLATION_USER_NS = 1 << 5,
    ZC_ISOLATION_NET_NS = 1 << 6,
    ZC_ISOLATION_MOUNT_NS = 1 << 7,
    ZC_ISOLATION_PID_NS = 1 << 8,
    ZC_ISOLATION_LANDLOCK = 1 << 9,
    ZC_ISOLATION_IPC_NS = 1 << 10,
    ZC_ISOLATION_UTS_NS = 1 << 11,
    ZC_ISOLATION_NO_CAPABILITIES = 1 << 12,
    ZC_ISOLATION_HARDWARE = 1 << 13,
} zc_isolation;

typedef struct zc_isolation_layer {
    uint32_t bit;
    bool always;      /* the local platform does not start without it */
    const char *name; /* for machines: "seccomp" */
    const char *text; /* for people: what the layer keeps out */
} zc_isolation_layer;

#define ZC_ISOLATION_LAYERS 14

/* In the order in which status shows them. */
extern const zc_isolation_layer zc_isolation_layers[ZC_ISOLATION_LAYERS];

/* The layers that every local enclave process must have. */
#define ZC_ISOLATION_ALWAYS                                                                        \
    ((uint32_t)(ZC_ISOLATION_SECCOMP | ZC_ISOLATION_NO_NEW_PRIVS | ZC_ISOLATION_NOT_DUMPABLE |     \
                ZC_ISOLATION_LOCKED_MEMORY | ZC_ISOLATION_NO_CAPABILITIES))

/* What a vault of this kind adds. */
uint32_t zc_isolation_of_vault(zc_vault_kind kind);

#endif
