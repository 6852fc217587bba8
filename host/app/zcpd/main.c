#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include <sys/prctl.h>
#include <unistd.h>

#include "daemon.h"

/* Which kind of enclave the deployment was born in; without the file a local one. */
static void read_platform(const char *dir, char ret_platform[static 16])
{
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes text = {0};
    bool qemu = zc_path_join(dir, "platform/kind", path) && zc_file_exists(path) &&
                zc_ok(zc_file_read(path, 64, &text, NULL)) &&
                zc_slice_eq_text(zc_bytes_slice(&text), "qemu\n");
    (void)snprintf(ret_platform, 16, "%s", qemu ? "qemu" : "local");
}

/* The enclave's program stands beside zcpd. */
static bool find_enclave(const char *platform, char ret_path[static ZC_PATH_SIZE])
{
    const char *name = strcmp(platform, "qemu") == 0 ? "zcp-qemu" : "zcp-enclave";
    ssize_t len = readlink("/proc/self/exe", ret_path, ZC_PATH_SIZE - 1);
    if (len <= 0) {
        return false;
    }
    ret_path[len] = '\0';
    char *slash = strrchr(ret_path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - ret_path) + 1;
    if (folder + strlen(name) + 1 > ZC_PATH_SIZE) {
        return false;
    }
    memcpy(ret_path + folder, name, strlen(name) + 1);
    return true;
}

static zc_daemon host; /* this process */

/* Pairs of an option and its value, the folder's first. */
static bool read_options(int argc, char **argv)
{
    bool good = argc >= 3 && argc % 2 == 1 && strcmp(argv[1], "--dir") == 0;
    for (int at = 3; good && at + 1 < argc; at += 2) {
        good = zc_publish_option(&host, argv[at], argv[at + 1]);
    }
    return good;
}

static int run(const char *dir, zc_error *error)
{
    read_platform(dir, host.platform);
    zc_result ran = find_enclave(host.platform, host.enclave_program)
                        ? zc_daemon_open(&host, dir, error)
                        : zc_error_errno(error, errno, "cannot find zcp-enclave", NULL);
    if (zc_ok(ran)) {
        ran = zc_daemon_run(&host, error);
    }
    zc_daemon_close(&host);
    return zc_ok(ran) ? ZC_EXIT_DONE : error->exit_code;
}

int main(int argc, char **argv)
{
    if (!read_options(argc, argv)) {
        (void)fprintf(stderr, "usage: zcpd --dir DIR [--log-listen ADDRESS] [--witness URL]…\n"
                              "The host daemon of ZeroCopy. `zcp up` starts it.\n");
        return ZC_EXIT_USAGE;
    }
    (void)prctl(PR_SET_NAME, "zcpd");
    /* A file-size limit is then an error like a full disk, and is reported like one. */
    (void)signal(SIGXFSZ, SIG_IGN);
    zc_error error = {0};
    int status = run(argv[2], &error);
    if (status != ZC_EXIT_DONE) {
        zc_error_print(stderr, "zcpd", &error);
    }
    return status;
}
