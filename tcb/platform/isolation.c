#include "platform/isolation.h"

const zc_isolation_layer zc_isolation_layers[ZC_ISOLATION_LAYERS] = {
    {ZC_ISOLATION_HARDWARE, false, "hardware", "separate virtual machine without a host interface"},
    {ZC_ISOLATION_SECCOMP, true, "seccomp",
     "only listed system calls; any other kills the process"},
    {ZC_ISOLATION_NO_NEW_PRIVS, true, "no_new_privs", "cannot gain privileges"},
    {ZC_ISOLATION_NO_CAPABILITIES, true, "no_capabilities", "holds no privilege of root"},
    {ZC_ISOLATION_NOT_DUMPABLE, true, "not_dumpable",
     "no core files; debuggers of ordinary users are kept out"},
    {ZC_ISOLATION_LOCKED_MEMORY, true, "locked_memory", "secrets are never written to swap"},
    {ZC_ISOLATION_MEMFD_SECRET, false, "memfd_secret",
     "secrets are out of the kernel's map: root can't read them from outside"},
    {ZC_ISOLATION_LANDLOCK, false, "landlock", "no files, a second wall"},
    {ZC_ISOLATION_USER_NS, false, "user_ns", "its user has no rights outside"},
    {ZC_ISOLATION_MOUNT_NS, false, "mount_ns", "an empty, read-only file system"},
    {ZC_ISOLATION_NET_NS, false, "net_ns", "no network"},
    {ZC_ISOLATION_PID_NS, false, "pid_ns", "sees no other process"},
    {ZC_ISOLATION_IPC_NS, false, "ipc_ns", "no shared memory with others"},
    {ZC_ISOLATION_UTS_NS, false, "uts_ns", "a host name of its own"},
};

uint32_t zc_isolation_of_vault(zc_vault_kind kind)
{
    switch (kind) {
    case ZC_VAULT_MEMFD_SECRET: /* its pages are locked by their nature */
        return ZC_ISOLATION_MEMFD_SECRET | ZC_ISOLATION_LOCKED_MEMORY;
    case ZC_VAULT_LOCKED:
        return ZC_ISOLATION_LOCKED_MEMORY;
    default:
        return 0;
    }
}
