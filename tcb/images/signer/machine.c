#include "machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/reboot.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process.h"

static const char who[] = "zcp-init";

#define MODULES "/modules"
#define MODULES_MAX 32
#define NAME_MAX_LEN 64
#define PATIENCE_MS 5000

static bool take_console(void)
{
    int fd = open("/dev/console", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return false;
    }
    return dup2(fd, 0) == 0 && dup2(fd, 1) == 1 && dup2(fd, 2) == 2;
}

bool mount_devices(void)
{
    (void)mkdir("/dev", 0755);
    (void)mkdir("/empty", 0555);
    bool mounted =
        mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, NULL) == 0 || errno == EBUSY;
    return take_console() && mounted;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t list_modules(DIR *folder, char ret_names[static MODULES_MAX][NAME_MAX_LEN])
{
    size_t count = 0;
    for (struct dirent *item = readdir(folder); item != NULL && count < MODULES_MAX;
         item = readdir(folder)) {
        size_t len = strlen(item->d_name);
        if (item->d_name[0] != '.' && len < NAME_MAX_LEN) {
            memcpy(ret_names[count++], item->d_name, len + 1);
        }
    }
    qsort(ret_names, count, NAME_MAX_LEN, by_text);
    return count;
}

static void load_module(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    bool loaded = fd >= 0 && (syscall(SYS_finit_module, fd, "", 0) == 0 || errno == EEXIST);
    if (!loaded) {
        say(who, "a kernel module does not load", name);
    }
    if (fd >= 0) {
        close(fd);
    }
}

void load_modules(void)
{
    char names[MODULES_MAX][NAME_MAX_LEN];
    DIR *folder = opendir(MODULES);
    if (folder == NULL) {
        return;
    }
    size_t count = list_modules(folder, names);
    for (size_t i = 0; i < count; i++) {
        load_module(dirfd(folder), names[i]);
    }
    closedir(folder);
}

int open_device(const char *path)
{
    for (int waited = 0; waited < PATIENCE_MS; waited++) {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd >= 0) {
            return fd;
        }
        const struct timespec step = {.tv_nsec = 1000000};
        (void)nanosleep(&step, NULL);
    }
    return -1;
}

noreturn void end_machine(const char *why)
{
    say(who, "the enclave ends", why);
    sync();
    (void)reboot(LINUX_REBOOT_CMD_RESTART);
    for (;;) {
        (void)pause(); /* a machine that can't be ended does at least nothing */
    }
}
