#include "place.h"

#include <errno.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same in every process of a run: the asking one removes what others made. */
static char root[2][ZC_BENCH_PATH_SIZE];
static char folders[ZC_FOLDERS][ZC_BENCH_PATH_SIZE];

static const char *const names[ZC_FOLDERS] = {"disk",  "memory", "start", "nsm",   "hsm",  "spin",
                                              "peers", "block",  "pair",  "alone", "crowd"};

/* No limit by time: each signature under one keeps a reservation until its window has passed, there
 * are 8192 of them, and a pipeline fills those in half a second. What limits cost is in enclave.*.
 */
static const char mission[] = "mission: bench\n"
                              "version: 1\n"
                              "principals:\n"
                              "  admin:\n"
                              "    organisation: Bench Trading\n"
                              "    key: local\n"
                              "    roles: [founder, key-admin, approver, auditor, signer]\n"
                              "quorum:\n"
                              "  founders: 1\n"
                              "  resume: 1\n"
                              "rules:\n"
                              "  orders:\n"
                              "    allow: message\n"
                              "    who: admin\n"
                              "    keys: any\n"
                              "audit:\n";

/* What %u entries waiting for the disk say in a mission. */
#define WAITING 1024
static unsigned waiting = WAITING;

static bool make_root(const char *parent, char ret_path[static ZC_BENCH_PATH_SIZE])
{
    int len = snprintf(ret_path, ZC_BENCH_PATH_SIZE / 2, "%s/zcp-bench-XXXXXX", parent);
    return len > 0 && len < ZC_BENCH_PATH_SIZE / 2 && mkdtemp(ret_path) != NULL;
}

bool zc_bench_place_make(void)
{
    const char *parent = getenv("TMPDIR");
    if (!make_root(parent == NULL || parent[0] == '\0' ? "/tmp" : parent, root[0])) {
        return false;
    }
    if (!make_root("/dev/shm", root[1])) {
        root[1][0] = '\0';
    }
    for (int i = 0; i < ZC_FOLDERS; i++) {
        (void)snprintf(folders[i], sizeof folders[i], "%.400s/%s",
                       i == ZC_FOLDER_MEMORY ? root[1] : root[0], names[i]);
    }
    return true;
}

const char *zc_bench_place(zc_bench_folder folder)
{
    if (folder == ZC_FOLDER_MEMORY && root[1][0] == '\0') {
        return NULL;
    }
    return mkdir(folders[folder], 0700) == 0 || errno == EEXIST ? folders[folder] : NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void zc_bench_place_remove(void)
{
    zc_deployment_stop(ZC_FOLDER_DISK);
    zc_deployment_stop(ZC_FOLDER_MEMORY);
    zc_deployment_stop(ZC_FOLDER_START);
    zc_deployment_stop(ZC_FOLDER_SPIN);
    zc_deployment_stop(ZC_FOLDER_BLOCK);
    zc_deployment_stop(ZC_FOLDER_PAIR);
    zc_deployment_stop(ZC_FOLDER_ALONE);
    zc_deployment_stop(ZC_FOLDER_CROWD);
    for (int i = 0; i < 2; i++) {
        if (root[i][0] != '\0') {
            (void)nftw(root[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
        }
    }
}

bool zc_bench_beside(const char *name, char ret_path[static ZC_BENCH_PATH_SIZE])
{
    ssize_t len = readlink("/proc/self/exe", ret_path, ZC_BENCH_PATH_SIZE - 1);
    if (len <= 0) {
        return false;
    }
    ret_path[len] = '\0';
    char *slash = strrchr(ret_path, '/');
    size_t at = slash == NULL ? 0 : (size_t)(slash - ret_path) + 1;
    return snprintf(ret_path + at, ZC_BENCH_PATH_SIZE - at, "%s", name) <
           (int)(ZC_BENCH_PATH_SIZE - at);
}

/* Runs `zcp` beside this program, silently. Returns its process, or −1. */
static pid_t spawn_zcp(char *const arguments[])
{
    char program[ZC_BENCH_PATH_SIZE];
    posix_spawn_file_actions_t files;
    pid_t pid = -1;
    if (!zc_bench_beside("zcp", program) || posix_spawn_file_actions_init(&files) != 0) {
        return -1;
    }
    for (int fd = 0; fd <= 2; fd++) {
        (void)posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
    }
    if (posix_spawn(&pid, program, &files, NULL, arguments, environ) != 0) {
        pid = -1;
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return pid;
}

static bool wait_done(pid_t pid)
{
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool write_mission(const char *path, unsigned unacked)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return false;
    }
    bool written = fputs(mission, file) >= 0 && fprintf(file, "  max-unacked: %u\n", unacked) > 0;
    return fclose(file) == 0 && written;
}

bool zc_bench_processors(int *ret_core, int *ret_others)
{
    /* Of those online, not of those allowed: everything else is bound to one. */
    int count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    *ret_core = count - 1;
    *ret_others = count - 2;
    return count > 1;
}

bool zc_bench_entries_wait(void)
{
    return waiting > 0;
}

bool zc_bench_bind(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

bool zc_bench_unbind(void)
{
    cpu_set_t all;
    CPU_ZERO(&all);
    for (long cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN) && cpu < CPU_SETSIZE; cpu++) {
        CPU_SET((size_t)cpu, &all);
    }
    return sched_setaffinity(0, sizeof all, &all) == 0;
}

/* Core gets a processor of its own, and everything else of the deployment another. */
static pid_t spawn_apart(char *const arguments[])
{
    char core[16];
    int own, others;
    cpu_set_t before;
    if (!zc_bench_processors(&own, &others) || sched_getaffinity(0, sizeof before, &before) != 0 ||
        !zc_bench_bind(others)) {
        return -1;
    }
    (void)snprintf(core, sizeof core, "%d", own);
    pid_t pid = -1;
    if (setenv("ZCP_CORE_CPU", core, 1) == 0 && setenv("ZCP_CORE_SPIN_US", "1000", 1) == 0) {
        pid = spawn_zcp(arguments);
    }
    (void)unsetenv("ZCP_CORE_CPU");
    (void)unsetenv("ZCP_CORE_SPIN_US");
    (void)sched_setaffinity(0, sizeof before, &before);
    return pid;
}

/* Where signatures need not wait for the disk. */
static bool entries_wait_in(zc_bench_folder folder)
{
    return folder == ZC_FOLDER_SPIN || folder == ZC_FOLDER_BLOCK || folder == ZC_FOLDER_CROWD;
}

/* The deployment may use every processor, and core so many threads more than its own. */
static pid_t spawn_wide(char *const arguments[], const char *signers)
{
    cpu_set_t before;
    pid_t pid = -1;
    if (sched_getaffinity(0, sizeof before, &before) == 0 && zc_bench_unbind() &&
        setenv("ZCP_CORE_SIGNERS", signers, 1) == 0) {
        pid = spawn_zcp(arguments);
    }
    (void)unsetenv("ZCP_CORE_SIGNERS");
    (void)sched_setaffinity(0, sizeof before, &before);
    return pid;
}

static pid_t launch(zc_bench_folder folder)
{
    const char *dir = zc_bench_place(folder);
    char yaml[ZC_BENCH_PATH_SIZE + 16];
    if (dir == NULL) {
        return -1;
    }
    (void)snprintf(yaml, sizeof yaml, "%s.yaml", dir);
    if (!write_mission(yaml, entries_wait_in(folder) ? waiting : 0)) {
        return -1;
    }
    char *arguments[] = {"zcp",           "up",        "--detach", "--dir",
                         folders[folder], "--mission", yaml,       NULL};
    return folder == ZC_FOLDER_SPIN    ? spawn_apart(arguments)
           : folder == ZC_FOLDER_PAIR  ? spawn_wide(arguments, "1")
           : folder == ZC_FOLDER_ALONE ? spawn_wide(arguments, "0")
                                       : spawn_zcp(arguments);
}

bool zc_deployment_launch(zc_bench_folder folder)
{
    return launch(folder) > 0;
}

const char *zc_deployment_start(zc_bench_folder folder)
{
    char program[ZC_BENCH_PATH_SIZE];
    if (!zc_bench_beside("zcp", program) || access(program, X_OK) != 0) {
        return "zcp does not stand beside zcp-bench";
    }
    if (folder == ZC_FOLDER_SPIN && !wait_done(launch(folder))) {
        waiting = 0; /* a version whose missions know only the strict way */
    } else if (folder == ZC_FOLDER_SPIN) {
        return NULL;
    }
    return wait_done(launch(folder)) ? NULL : "'zcp up' did not start a deployment";
}

void zc_deployment_stop(zc_bench_folder folder)
{
    char *arguments[] = {"zcp", "down", "--dir", folders[folder], NULL};
    char born[ZC_BENCH_PATH_SIZE + 32];
    (void)snprintf(born, sizeof born, "%s/deployment.json", folders[folder]);
    if (access(born, F_OK) == 0) {
        (void)wait_done(spawn_zcp(arguments));
    }
    /* What was launched without being waited for. */
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

const char *zc_deployment_open(zc_bench_folder folder, zcp_session **ret_session)
{
    return zc_deployment_open_as(folder, false, 0, ret_session);
}

const char *zc_deployment_open_as(zc_bench_folder folder, bool shared, unsigned spin_us,
                                  zcp_session **ret_session)
{
    static zcp_error error;
    const zcp_options options = {
        .dir = folders[folder], .credential = "admin", .shared_memory = shared, .spin_us = spin_us};
    return zcp_open(&options, ret_session, &error) == ZCP_OK ? NULL : error.why;
}

bool zc_deployment_key(zcp_session *session, const char *name)
{
    zcp_key key;
    zcp_error error;
    return zcp_key_show(session, name, &key, &error) == ZCP_OK ||
           zcp_key_create(session, name, ZCP_P256, ZCP_HOT, ZCP_HEDGED, &key, &error) == ZCP_OK;
}
