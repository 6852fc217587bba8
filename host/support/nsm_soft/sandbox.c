#include "nsm_soft/sandbox.h"

#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layers.h"
#include "platform/isolation.h"

static zc_result check_profile(const zc_sandbox_profile *profile)
{
    bool known = profile->role >= ZC_SANDBOX_FRONT && profile->role <= ZC_SANDBOX_PARENT;
    return known && profile->keep_count <= ZC_SANDBOX_KEEP_MAX ? ZC_OK
                                                               : zc_fail(ZC_NSM_SOFT_BAD_PROFILE);
}

/* A core file would be a copy of every secret. */
static zc_result forbid_core_files(void)
{
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 ? ZC_OK : zc_fail(ZC_NSM_SOFT_DUMPABLE);
}

zc_result zc_layer_capabilities(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}, {0}};
    struct __user_cap_data_struct left[2];
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &head, none) != 0 || syscall(SYS_capget, &head, left) != 0 ||
        memcmp(left, none, sizeof none) != 0) {
        return zc_fail(ZC_NSM_SOFT_CAPABILITIES);
    }
    return ZC_OK;
}

static zc_result forbid_new_privileges(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        return zc_fail(ZC_NSM_SOFT_NO_NEW_PRIVS);
    }
    return ZC_OK;
}

/* Changes of credentials undo both of these, so they come after the last one. */
static zc_result close_to_debuggers(void)
{
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return zc_fail(ZC_NSM_SOFT_DUMPABLE);
    }
    return ZC_OK;
}

static zc_result die_with_parent(const zc_sandbox_profile *profile)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        return zc_fail(ZC_NSM_SOFT_PARENT_GONE);
    }
    /* The parent may have died before the line above. From inside a pid namespace it can't be seen:
     * then the closed links end the process. */
    bool visible = (profile->inherited & ZC_ISOLATION_PID_NS) == 0 && profile->parent != 0;
    return !visible || getppid() == profile->parent ? ZC_OK : zc_fail(ZC_NSM_SOFT_PARENT_GONE);
}

zc_result zc_sandbox_enter(const zc_sandbox_profile *profile, uint32_t *ret_isolation_bits)
{
    ZC_TRY(check_profile(profile));
    if (profile->name != NULL) {
        (void)prctl(PR_SET_NAME, profile->name, 0, 0, 0);
    }
    ZC_TRY(forbid_core_files());
    if (profile->keep != NULL) {
        ZC_TRY(zc_sandbox_keep_only(profile->keep, profile->keep_count));
    }
    uint32_t bits = zc_layer_namespaces(profile->inherited);
    ZC_TRY(zc_layer_capabilities());
    ZC_TRY(forbid_new_privileges());
    bits |= zc_layer_landlock();
    ZC_TRY(die_with_parent(profile));
    ZC_TRY(close_to_debuggers());
    if (profile->before_filter != NULL) {
        profile->before_filter(profile->self);
    }
    ZC_TRY(zc_layer_filter(profile->role));
    *ret_isolation_bits = bits | ZC_ISOLATION_SECCOMP | ZC_ISOLATION_NO_NEW_PRIVS |
                          ZC_ISOLATION_NOT_DUMPABLE | ZC_ISOLATION_NO_CAPABILITIES;
    return ZC_OK;
}

void zc_sandbox_exit(int status)
{
    for (;;) {
        (void)syscall(SYS_exit_group, status);
    }
}
