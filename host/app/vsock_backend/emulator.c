#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/reasons.h"

#define ARRIVAL_MS 20000
#define OPTION_MAX (ZC_PATH_SIZE + 64)

/* Said to the emulated kernel only; nothing of it is measured. The machine has no timer that the
 * kernel could hold its time-stamp counter against: without its frequency it would wait for ever.
 * TCG's counter is this machine's own. */
#define TIMING "no_timer_check lpj=4000000 tsc=reliable tsc_early_khz=%llu"
/* Role and instance are made up: PCR3 and PCR4 then have a value that can be known. */
#define MACHINE                                                                                    \
    "nitro-enclave,vsock=c,acpi=on,parent-role=" ZC_EMULATOR_ROLE ",parent-"                       \
    "id=" ZC_EMULATOR_INSTANCE
#define MEASURE_NS 50000000

static bool from_environment(const char *name, char ret_path[static ZC_PATH_SIZE])
{
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0' || strlen(value) >= ZC_PATH_SIZE) {
        return false;
    }
    memcpy(ret_path, value, strlen(value) + 1);
    return true;
}

/* The cache that build-qemu fills: $ZCP_CACHE, else ~/.cache/zerocopy. */
static bool in_cache(const char *name, char ret_path[static ZC_PATH_SIZE])
{
    char cache[ZC_PATH_SIZE];
    char home[ZC_PATH_SIZE];
    if (!from_environment("ZCP_CACHE", cache) &&
        !(from_environment("HOME", home) && zc_path_join(home, ".cache/zerocopy", cache))) {
        return false;
    }
    return zc_path_join(cache, name, ret_path);
}

/* Beside this program, as built or as installed. */
static bool beside(char ret_path[static ZC_PATH_SIZE])
{
    static const char *const places[] = {"image/signer.eif", "../share/zerocopy/signer.eif"};
    char self[ZC_PATH_SIZE];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) {
        return false;
    }
    self[len] = '\0';
    char *slash = strrchr(self, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (zc_path_join(self, places[i], ret_path) && zc_file_exists(ret_path)) {
            return true;
        }
    }
    return false;
}

static zc_result missing(zc_error *error, const char *what, const char *next)
{
    return zc_error_set(error, ZC_SUPPORT_NOT_FOUND, "cannot start the emulated enclave", what,
                        next);
}

static zc_result find_parts(zc_emulator *emulator, zc_error *error)
{
    if (!from_environment("ZCP_QEMU", emulator->program) &&
        !in_cache("qemu/bin/qemu-system-x86_64", emulator->program)) {
        return missing(error, "neither $ZCP_QEMU nor $HOME says where QEMU is", "set one");
    }
    if (!from_environment("ZCP_QEMU_DATA", emulator->data) &&
        !in_cache("qemu/share/qemu", emulator->data)) {
        return missing(error, "nothing says where QEMU's data are", "set $ZCP_QEMU_DATA");
    }
    if (!zc_file_exists(emulator->program)) {
        return missing(error, "there is no QEMU with the machine nitro-enclave",
                       "build one with deploy/image/build-qemu");
    }
    if (!from_environment("ZCP_IMAGE", emulator->image) && !beside(emulator->image)) {
        return missing(error, "there is no enclave image", "build it with `make image`");
    }
    return ZC_OK;
}

static zc_result listen_for_it(zc_emulator *emulator, zc_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(emulator->socket) >= sizeof address.sun_path) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot listen at", emulator->socket);
    }
    memcpy(address.sun_path, emulator->socket, strlen(emulator->socket));
    (void)unlink(emulator->socket);
    emulator->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool listening =
        emulator->listening >= 0 &&
        bind(emulator->listening, (const struct sockaddr *)&address, sizeof address) == 0 &&
        listen(emulator->listening, 1) == 0;
    return listening ? ZC_OK : zc_error_errno(error, errno, "cannot listen at", emulator->socket);
}

zc_result zc_emulator_init(zc_emulator *emulator, const char *dir, zc_error *error)
{
    *emulator = (zc_emulator){.listening = -1};
    ZC_TRY(find_parts(emulator, error));
    if (!zc_path_join(dir, "run/vsock.sock", emulator->socket)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", dir);
    }
    return listen_for_it(emulator, error);
}

static uint64_t monotonic_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t counter_khz(void)
{
#if defined(__x86_64__)
    uint64_t began = monotonic_ns();
    uint64_t first = __builtin_ia32_rdtsc();
    uint64_t passed = 0;
    while (passed < MEASURE_NS) {
        passed = monotonic_ns() - began;
    }
    return (__builtin_ia32_rdtsc() - first) * 1000000 / passed;
#else
    return 1000000; /* elsewhere TCG counts nanoseconds */
#endif
}

/* One unless $ZCP_QEMU_CPUS says 2 to 8: an emulated processor takes one of this machine's. */
static const char *processors(void)
{
    const char *wanted = getenv("ZCP_QEMU_CPUS");
    bool is_number = wanted != NULL && wanted[0] >= '2' && wanted[0] <= '8' && wanted[1] == '\0';
    return is_number ? wanted : "1";
}

/* In the child. Its console is this process's standard error. */
static void become_emulator(const zc_emulator *emulator, pid_t parent)
{
    char chardev[OPTION_MAX];
    char timing[128];
    (void)snprintf(timing, sizeof timing, TIMING, (unsigned long long)counter_khz());
    (void)snprintf(chardev, sizeof chardev, "socket,id=c,path=%s", emulator->socket);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
        _exit(127);
    }
    (void)close_range(3, ~0U, 0);
    execl(emulator->program, "qemu-system-x86_64", "-M", MACHINE, "-L", emulator->data, "-bios",
          "qboot.rom", "-accel", "tcg", "-cpu", "max", "-m", "512M", "-smp", processors(),
          "-no-reboot", "-nographic", "-monitor", "none", "-chardev", chardev, "-kernel",
          emulator->image, "-append", timing, (char *)NULL);
    _exit(127);
}

int zc_emulator_start(zc_emulator *emulator)
{
    pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) {
        become_emulator(emulator, self);
    }
    if (child < 0) {
        return -1;
    }
    emulator->pid = child;
    struct pollfd arrival = {.fd = emulator->listening, .events = POLLIN};
    int come = poll(&arrival, 1, ARRIVAL_MS);
    return come == 1 ? accept4(emulator->listening, NULL, NULL, SOCK_CLOEXEC) : -1;
}

void zc_emulator_end(zc_emulator *emulator)
{
    if (emulator->pid > 0) {
        (void)kill(emulator->pid, SIGKILL);
        while (waitpid(emulator->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        emulator->pid = 0;
    }
}

bool zc_emulator_has_ended(zc_emulator *emulator)
{
    if (emulator->pid > 0 && waitpid(emulator->pid, NULL, WNOHANG) == emulator->pid) {
        emulator->pid = 0;
        return true;
    }
    return false;
}
