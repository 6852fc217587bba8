#include "layers.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/isolation.h"

/* An unprivileged process gets the others only inside a user namespace of its own, and so does root
 * where it may, because there its user is nobody outside. */
static uint32_t enter_user(uint32_t inherited)
{
    if ((inherited & ZC_ISOLATION_USER_NS) != 0) {
        return ZC_ISOLATION_USER_NS;
    }
    return unshare(CLONE_NEWUSER) == 0 ? ZC_ISOLATION_USER_NS : 0;
}

static uint32_t enter(int flag, uint32_t bit)
{
    return unshare(flag) == 0 ? bit : 0;
}

/* Mounts an empty file system somewhere and makes it the working directory. It is covered by the
 * root in the next step, so the place does not matter. */
static bool enter_empty(void)
{
    static const char *const places[] = {"/tmp", "/run", "/dev", "/proc", "/mnt"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (mount("zcp-empty", places[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                  "size=4096,nr_inodes=1,mode=0500") == 0) {
            return chdir(places[i]) == 0;
        }
    }
    return false;
}

/* Stacks the old root on the new one and takes it off: nothing of it can be reached any more. Where
 * the kernel's first file system is the root, there is only chroot: without capabilities there is
 * no way out of it, and no descriptor of a folder is left to climb from. */
static bool become_root(void)
{
    if (syscall(SYS_pivot_root, ".", ".") == 0) {
        return umount2(".", MNT_DETACH) == 0;
    }
    return chroot(".") == 0;
}

static bool attach_empty_root(void)
{
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    return enter_empty() && become_root() && chdir("/") == 0 &&
           mount(NULL, "/", NULL, flags, NULL) == 0;
}

/* Inside a plain chroot the root is no mount point and can't be made private, and what is mounted
 * could show outside. An empty file system that is never attached shows nowhere. */
static bool chroot_to_detached(void)
{
    int empty = fsopen("tmpfs", FSOPEN_CLOEXEC);
    int root = -1;
    if (empty >= 0 && fsconfig(empty, FSCONFIG_SET_STRING, "nr_inodes", "1", 0) == 0 &&
        fsconfig(empty, FSCONFIG_SET_STRING, "mode", "0500", 0) == 0 &&
        fsconfig(empty, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0) {
        root =
            fsmount(empty, FSMOUNT_CLOEXEC,
                    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    }
    bool entered = root >= 0 && fchdir(root) == 0 && chroot(".") == 0;
    if (root >= 0) {
        close(root);
    }
    if (empty >= 0) {
        close(empty);
    }
    return entered;
}

static uint32_t enter_empty_root(void)
{
    if (unshare(CLONE_NEWNS) != 0) {
        return 0;
    }
    bool is_private = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    bool empty = is_private ? attach_empty_root() : chroot_to_detached();
    return empty ? (uint32_t)ZC_ISOLATION_MOUNT_NS : 0;
}

uint32_t zc_layer_namespaces(uint32_t inherited)
{
    uint32_t bits = inherited & ZC_ISOLATION_PID_NS;
    bits |= enter_user(inherited);
    bits |= enter(CLONE_NEWNET, ZC_ISOLATION_NET_NS);
    bits |= enter(CLONE_NEWIPC, ZC_ISOLATION_IPC_NS);
    bits |= enter(CLONE_NEWUTS, ZC_ISOLATION_UTS_NS);
    bits |= enter_empty_root();
    return bits;
}

/* fork() with flags, which the C library does not offer. */
static pid_t fork_into(unsigned long flags)
{
    return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

zc_result zc_sandbox_fork(pid_t *ret_pid, uint32_t *ret_inherited)
{
    static const struct {
        unsigned long flags;
        uint32_t bits;
    } ways[] = {{CLONE_NEWUSER | CLONE_NEWPID, ZC_ISOLATION_USER_NS | ZC_ISOLATION_PID_NS},
                {CLONE_NEWPID, ZC_ISOLATION_PID_NS}};
    /* libcrypto notices a fork by a change of the process id. The first process of a pid namespace
     * has the id 1, so a parent with that id must not make another: the two would draw the same
     * random bytes. */
    size_t count = getpid() == 1 ? 0 : sizeof ways / sizeof ways[0];
    for (size_t i = 0; i < count; i++) {
        pid_t pid = fork_into(ways[i].flags);
        if (pid >= 0) {
            *ret_pid = pid;
            *ret_inherited = ways[i].bits;
            return ZC_OK;
        }
    }
    pid_t pid = fork();
    if (pid < 0) {
        return zc_fail(ZC_NSM_SOFT_NO_FORK);
    }
    *ret_pid = pid;
    *ret_inherited = 0;
    return ZC_OK;
}
