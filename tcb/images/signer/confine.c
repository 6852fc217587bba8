#include "confine.h"

#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/isolation.h"

/* Nobody; front and core differ, so neither may signal or trace the other. */
#define UID_FRONT 65533
#define UID_CORE 65534
#define LAST_CAPABILITY 63

static bool leave_root(void)
{
    return chroot("/empty") == 0 && chdir("/") == 0;
}

static bool become(uid_t id)
{
    return setgroups(0, NULL) == 0 && setresgid(id, id, id) == 0 && setresuid(id, id, id) == 0;
}

static bool drop_capabilities(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}, {0}};
    struct __user_cap_data_struct left[2];
    return syscall(SYS_capset, &head, none) == 0 && syscall(SYS_capget, &head, left) == 0 &&
           memcmp(left, none, sizeof none) == 0;
}

/* Before the user changes: afterwards nobody may. The kernel says where its list ends. */
static void empty_bounding_set(void)
{
    for (unsigned long i = 0; i <= LAST_CAPABILITY; i++) {
        if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0) {
            return;
        }
    }
}

static bool forbid(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == 1;
}

uint32_t confine(zc_confine_role role, const char *name, void (*before_filter)(void))
{
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    if (!leave_root()) {
        return 0;
    }
    empty_bounding_set();
    if (!become(role == ZC_CONFINE_FRONT ? UID_FRONT : UID_CORE) || !drop_capabilities() ||
        !forbid()) {
        return 0;
    }
    if (before_filter != NULL) {
        before_filter();
    }
    return confine_calls(role)
               ? (uint32_t)(ZC_ISOLATION_SECCOMP | ZC_ISOLATION_NO_NEW_PRIVS |
                            ZC_ISOLATION_NOT_DUMPABLE | ZC_ISOLATION_NO_CAPABILITIES)
               : 0;
}
