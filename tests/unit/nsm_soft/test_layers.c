/* That each layer that is reported is there, and that each that is there is reported. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsm_soft/layers.h"
#include "platform/isolation.h"
#include "sandboxed.h"

typedef struct space {
    const char *name;
    uint32_t bit;
} space;

static const space spaces[] = {
    {"user", ZC_ISOLATION_USER_NS}, {"net", ZC_ISOLATION_NET_NS}, {"mnt", ZC_ISOLATION_MOUNT_NS},
    {"ipc", ZC_ISOLATION_IPC_NS},   {"uts", ZC_ISOLATION_UTS_NS}, {"pid", ZC_ISOLATION_PID_NS},
};
#define SPACES (sizeof spaces / sizeof spaces[0])

static void read_spaces(int folder, char names[SPACES][64])
{
    for (size_t i = 0; i < SPACES; i++) {
        ssize_t len = readlinkat(folder, spaces[i].name, names[i], 63);
        if (len <= 0) {
            _exit(10);
        }
        names[i][len] = 0;
    }
}

static bool root_is_empty_and_read_only(void)
{
    DIR *root = opendir("/");
    if (root == NULL) {
        return false;
    }
    size_t entries = 0;
    for (struct dirent *entry = readdir(root); entry != NULL; entry = readdir(root)) {
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(root);
    return entries == 0 && open("/file", O_WRONLY | O_CREAT, 0600) < 0 && errno == EROFS &&
           open("/../proc/self/status", O_RDONLY) < 0;
}

static char outside[SPACES][64];

/* Runs in a child. The folder was opened while there still was a file system. */
static void compare_spaces(uint32_t inherited)
{
    int folder = open("/proc/self/ns", O_RDONLY | O_DIRECTORY);
    if (folder < 0) {
        _exit(11);
    }
    uint32_t bits = zc_layer_namespaces(inherited);
    char inside[SPACES][64];
    read_spaces(folder, inside);
    for (size_t i = 0; i < SPACES; i++) {
        bool moved = strcmp(inside[i], outside[i]) != 0;
        bool reported = (bits & spaces[i].bit) != 0;
        /* A mount namespace counts only with the empty root in it. */
        if (reported && !moved) {
            _exit(20 + (int)i);
        }
        if (moved && !reported && spaces[i].bit != ZC_ISOLATION_MOUNT_NS) {
            _exit(30 + (int)i);
        }
    }
    if ((bits & ZC_ISOLATION_MOUNT_NS) != 0 && !root_is_empty_and_read_only()) {
        _exit(12);
    }
    _exit(0);
}

static int status_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void layer_namespaces__any_machine__reports_what_holds(void **state)
{
    (void)state;
    int folder = open("/proc/self/ns", O_RDONLY | O_DIRECTORY);
    assert_true(folder >= 0);
    read_spaces(folder, outside);
    close(folder);
    pid_t pid = fork();
    if (pid == 0) {
        compare_spaces(0);
    }
    assert_true(left_with(status_of(pid), 0));
    uint32_t inherited;
    assert_true(zc_ok(zc_sandbox_fork(&pid, &inherited)));
    if (pid == 0) {
        compare_spaces(inherited);
    }
    assert_true(left_with(status_of(pid), 0));
}

#define NOT_HERE 77

/* In a chroot the kernel makes no user namespaces; root still gets the others. */
static void layer_namespaces__in_a_chroot__carries_on(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    char folder[] = "/tmp/zc-chroot-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char inner[64];
    (void)snprintf(inner, sizeof inner, "%s/tmp", folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    pid_t pid = fork();
    if (pid == 0) {
        /* Root of a container may be no more than a name: then there is nothing to see here. */
        if (unshare(CLONE_NEWUTS) != 0 || chroot(folder) != 0 || chdir("/") != 0) {
            _exit(NOT_HERE);
        }
        uint32_t bits = zc_layer_namespaces(0);
        if ((bits & ZC_ISOLATION_USER_NS) != 0 || (bits & ZC_ISOLATION_NET_NS) == 0 ||
            (bits & ZC_ISOLATION_MOUNT_NS) == 0) {
            _exit(14);
        }
        _exit(root_is_empty_and_read_only() ? 0 : 15);
    }
    int status = status_of(pid);
    rmdir(inner);
    rmdir(folder);
    if (left_with(status, NOT_HERE)) {
        skip();
    }
    assert_true(left_with(status, 0));
}

static void layer_landlock__reported__closes_files(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
            _exit(16);
        }
        bool reported = zc_layer_landlock() != 0;
        bool closed = open("/", O_RDONLY | O_DIRECTORY) < 0 && errno == EACCES;
        _exit(reported == closed ? 0 : 17);
    }
    assert_true(left_with(status_of(pid), 0));
}

static void wait_for_end(int link)
{
    char byte;
    (void)!read(link, &byte, 1);
}

/* The value of a line of /proc/<pid>/status. */
static void status_line(pid_t pid, const char *name, char ret_value[static 64])
{
    char path[64];
    char line[256];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    ret_value[0] = 0;
    size_t len = strlen(name);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, len) == 0 && line[len] == ':') {
            (void)sscanf(line + len + 1, " %63[^\n]", ret_value);
        }
    }
    fclose(file);
}

static void sandbox_enter__always__seen_from_outside(void **state)
{
    (void)state;
    sandboxed child = sandboxed_start(ZC_SANDBOX_CORE, true, wait_for_end);
    char value[64];
    uint32_t always = ZC_ISOLATION_ALWAYS & ~(uint32_t)ZC_ISOLATION_LOCKED_MEMORY;
    assert_int_equal(child.bits & always, always);
    assert_int_equal(child.bits & (ZC_ISOLATION_LOCKED_MEMORY | ZC_ISOLATION_HARDWARE), 0);
    status_line(child.pid, "NoNewPrivs", value);
    assert_string_equal(value, "1");
    status_line(child.pid, "Seccomp", value);
    assert_string_equal(value, "2");
    status_line(child.pid, "CapEff", value);
    assert_string_equal(value, "0000000000000000");
    status_line(child.pid, "CapPrm", value);
    assert_string_equal(value, "0000000000000000");
    status_line(child.pid, "Name", value);
    assert_string_equal(value, "zcp-test");
    status_line(child.pid, "NSpid", value);
    bool own_pids = strchr(value, '\t') != NULL || strchr(value, ' ') != NULL;
    assert_int_equal(own_pids, (child.bits & ZC_ISOLATION_PID_NS) != 0);
    assert_true(left_with(sandboxed_end(&child), 0));
}

/* Not dumpable: an ordinary user's other processes can't open its memory. */
static void sandbox_enter__memory_from_outside__closed_to_the_user(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        skip();
    }
    sandboxed child = sandboxed_start(ZC_SANDBOX_CORE, true, wait_for_end);
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/mem", (int)child.pid);
    assert_int_equal(open(path, O_RDONLY), -1);
    assert_true(left_with(sandboxed_end(&child), 0));
}

static void wait_for_ever(int link)
{
    (void)link;
    for (;;) {
        (void)poll(NULL, 0, -1);
    }
}

/* A middle process starts a sandboxed child and dies: the child goes with it. */
static void lose_parent(bool own_pids)
{
    int report[2];
    assert_int_equal(pipe(report), 0);
    pid_t middle = fork();
    if (middle == 0) {
        sandboxed child = sandboxed_start(ZC_SANDBOX_CORE, own_pids, wait_for_ever);
        if (write(report[1], &child.pid, sizeof child.pid) != (ssize_t)sizeof child.pid) {
            _exit(18);
        }
        _exit(child.bits != 0 ? 0 : 19);
    }
    pid_t orphan;
    assert_int_equal(read(report[0], &orphan, sizeof orphan), sizeof orphan);
    close(report[0]);
    close(report[1]);
    assert_true(left_with(status_of(middle), 0));
    assert_true(died_of(status_of(orphan), SIGKILL));
}

static void sandbox_enter__parent_dies__goes_with_it(void **state)
{
    (void)state;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    lose_parent(false);
    lose_parent(true);
}

static void sandbox_enter__wrong_parent__fails(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        uint32_t bits;
        zc_sandbox_profile profile = {.role = ZC_SANDBOX_CORE, .parent = getpid()};
        _exit(zc_is(zc_sandbox_enter(&profile, &bits), ZC_NSM_SOFT_PARENT_GONE) ? 0 : 1);
    }
    assert_true(left_with(status_of(pid), 0));
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static void check_kept(void)
{
    int opened[8];
    for (size_t i = 0; i < 8; i++) {
        opened[i] = open("/dev/null", O_RDWR);
    }
    close(0);
    const int keep[] = {opened[5], opened[2], opened[5]};
    if (!zc_ok(zc_sandbox_keep_only(keep, 3))) {
        _exit(1);
    }
    for (size_t i = 0; i < 8; i++) {
        if (is_open(opened[i]) != (i == 2 || i == 5)) {
            _exit(2);
        }
    }
    for (int fd = 0; fd < 3; fd++) {
        struct stat about;
        struct stat null;
        if (fstat(fd, &about) != 0 || fstat(opened[2], &null) != 0 ||
            about.st_rdev != null.st_rdev) {
            _exit(3);
        }
    }
    _exit(0);
}

static void sandbox_keep_only__others__closed(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        check_kept();
    }
    assert_true(left_with(status_of(pid), 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layer_namespaces__any_machine__reports_what_holds),
        cmocka_unit_test(layer_namespaces__in_a_chroot__carries_on),
        cmocka_unit_test(layer_landlock__reported__closes_files),
        cmocka_unit_test(sandbox_enter__always__seen_from_outside),
        cmocka_unit_test(sandbox_enter__memory_from_outside__closed_to_the_user),
        cmocka_unit_test(sandbox_enter__parent_dies__goes_with_it),
        cmocka_unit_test(sandbox_enter__wrong_parent__fails),
        cmocka_unit_test(sandbox_keep_only__others__closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
