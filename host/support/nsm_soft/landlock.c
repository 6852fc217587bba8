#include "layers.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "platform/isolation.h"

/* The numbers are the kernel's and the same on every architecture; Debian 12 has headers for the
 * first ABI only. Source: include/uapi/linux/landlock.h. */
#define NR_CREATE_RULESET 444
#define NR_RESTRICT_SELF 446
#define CREATE_RULESET_VERSION 1U

typedef struct landlock_ruleset {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
} landlock_ruleset;

/* What each ABI can forbid. Forbidden is what a ruleset handles and no rule allows: ours has none.
 */
static const landlock_ruleset by_abi[] = {
    [1] = {(UINT64_C(1) << 13) - 1, 0, 0}, /* files: execute, read, write, make, remove */
    [2] = {(UINT64_C(1) << 14) - 1, 0, 0}, /* and move between folders */
    [3] = {(UINT64_C(1) << 15) - 1, 0, 0}, /* and truncate */
    [4] = {(UINT64_C(1) << 15) - 1, 3, 0}, /* and TCP bind and connect */
    [5] = {(UINT64_C(1) << 16) - 1, 3, 0}, /* and ioctl on devices */
    [6] = {(UINT64_C(1) << 16) - 1, 3, 3}, /* and abstract sockets, and signals to others */
};
#define NEWEST_KNOWN ((long)(sizeof by_abi / sizeof by_abi[0]) - 1)

uint32_t zc_layer_landlock(void)
{
    long abi = syscall(NR_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    if (abi < 1) {
        return 0;
    }
    landlock_ruleset ruleset = by_abi[abi > NEWEST_KNOWN ? NEWEST_KNOWN : abi];
    /* An older kernel takes the longer struct as long as what it does not know is zero. */
    long fd = syscall(NR_CREATE_RULESET, &ruleset, sizeof ruleset, 0);
    if (fd < 0) {
        return 0;
    }
    bool restricted = syscall(NR_RESTRICT_SELF, (int)fd, 0) == 0;
    close((int)fd);
    return restricted ? (uint32_t)ZC_ISOLATION_LANDLOCK : 0;
}
