/* Loaded into zcpd with LD_PRELOAD: a disk under the journal that fails as real ones do.
 *
 * A file that both sides map (ZC_FAULTS) says how many of the next calls go wrong, and counts what
 * did; it also holds how much of the journal a power cut would leave. Everything else
 * of the process is untouched, and its children do not get the library. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct faults {
    uint64_t durable;    /* bytes of the journal that fdatasync has confirmed */
    uint32_t write_full; /* ENOSPC */
    uint32_t write_torn; /* a part is written, then EIO */
    uint32_t write_short;
    uint32_t sync_fails; /* EIO, and the pages are gone, as kernels do it */
    uint32_t delay;
    uint32_t delay_ms;
    uint32_t hit[5]; /* full, torn, short, sync, delay */
    uint32_t late;   /* calls of fdatasync after one that failed, without a new opening between */
} faults;

static faults *plan;
static int failed_fd = -1;
static ino_t failed_inode;

__attribute__((constructor)) static void begin(void)
{
    char exe[4096];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[len > 0 ? len : 0] = '\0';
    const char *slash = strrchr(exe, '/');
    const char *path = getenv("ZC_FAULTS");
    if (slash == NULL || strcmp(slash, "/zcpd") != 0 || path == NULL) {
        return;
    }
    unsetenv("LD_PRELOAD");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *map =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    plan = map == MAP_FAILED ? NULL : map;
    if (fd >= 0) {
        close(fd);
    }
}

static bool is_journal(int fd)
{
    char name[64];
    char path[4096];
    static const char end[] = "/log/journal";
    if (plan == NULL) {
        return false;
    }
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(name, path, sizeof path);
    return len >= (ssize_t)sizeof end - 1 &&
           memcmp(path + len - (ssize_t)sizeof end + 1, end, sizeof end - 1) == 0;
}

/* So many of the next calls are hit. */
static bool happens(uint32_t *left, uint32_t *hits)
{
    if (*left == 0) {
        return false;
    }
    --*left;
    ++*hits;
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (is_journal(fd)) {
        if (happens(&plan->write_full, &plan->hit[0])) {
            errno = ENOSPC;
            return -1;
        }
        if (happens(&plan->write_torn, &plan->hit[1])) {
            ssize_t put = REAL(pwrite)(fd, bytes, len / 2 + len % 7 / 2, at);
            (void)put;
            errno = EIO;
            return -1;
        }
        if (len > 1 && happens(&plan->write_short, &plan->hit[2])) {
            len = len / 2;
        }
    }
    return REAL(pwrite)(fd, bytes, len, at);
}

int fdatasync(int fd)
{
    struct stat now;
    if (!is_journal(fd) || fstat(fd, &now) != 0) {
        return REAL(fdatasync)(fd);
    }
    if (fd == failed_fd && now.st_ino == failed_inode) {
        plan->late++;
    }
    if (happens(&plan->delay, &plan->hit[4])) {
        struct timespec pause = {.tv_sec = plan->delay_ms / 1000,
                                 .tv_nsec = (long)(plan->delay_ms % 1000) * 1000000};
        nanosleep(&pause, NULL);
    }
    if (happens(&plan->sync_fails, &plan->hit[3])) {
        int gone = ftruncate(fd, (off_t)plan->durable);
        (void)gone;
        failed_fd = fd;
        failed_inode = now.st_ino;
        errno = EIO;
        return -1;
    }
    /* The model of the disk is enough: nothing is gained by waiting for this machine's. */
    plan->durable = (uint64_t)now.st_size;
    return 0;
}

int close(int fd)
{
    if (fd == failed_fd) {
        failed_fd = -1;
    }
    return REAL(close)(fd);
}
