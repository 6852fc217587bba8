/* `zcp up` and `zcp down`: a deployment's folder, its mission and credentials, then the processes.
 */
#include "up.h"

#include "commands.h"
#include "mission_input.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <unistd.h>

#include "mission/compile.h"
#include "nsm_soft/root.h"
#include "payload.h"
#include "policy/mission.h"
#include "support/credential.h"
#include "support/reasons.h"

#define STOP_PATIENCE_MS 10000
#define STEP_MS 20
/* What fits a socket's address. */
#define SOCKET_PATH_MAX 107

static int path_error(const zc_invocation *invocation)
{
    return zc_fail_usage(invocation, "cannot use the folder", "its path is too long");
}

/* The source of the mission in force, where a change has put it into D/mission. */
static bool find_changed(const zc_invocation *invocation, char ret_path[static ZC_PATH_SIZE])
{
    char cbor[ZC_PATH_SIZE];
    uint8_t hash[32];
    ZC_BYTES zc_bytes compiled = {0};
    if (!zc_in_dir(invocation, "mission.cbor", cbor) || !zc_file_exists(cbor) ||
        !zc_ok(zc_file_read(cbor, ZC_MISSION_MAX_BYTES, &compiled, NULL))) {
        return false;
    }
    zc_mission_hash(zc_bytes_slice(&compiled), hash);
    return zc_kept_mission_path(invocation, hash, ".yaml", ret_path) && zc_file_exists(ret_path);
}

/* The mission that is used: --mission, else the folder's own, else the starter that was installed.
 */
static int find_mission(const zc_invocation *invocation, char ret_path[static ZC_PATH_SIZE])
{
    const char *named = zc_option_value(invocation, "mission");
    if (named != NULL) {
        (void)snprintf(ret_path, ZC_PATH_SIZE, "%s", named);
        return ZC_EXIT_DONE;
    }
    if (find_changed(invocation, ret_path)) {
        return ZC_EXIT_DONE;
    }
    if (!zc_in_dir(invocation, "mission.yaml", ret_path)) {
        return path_error(invocation);
    }
    static const char *const starters[] = {"../share/zerocopy/missions/starter.yaml",
                                           "../missions/starter.yaml"};
    for (size_t i = 0; !zc_file_exists(ret_path) && i < 2; i++) {
        if (!zc_beside(starters[i], ret_path)) {
            return path_error(invocation);
        }
    }
    return ZC_EXIT_DONE;
}

typedef struct zc_credential_maker {
    char folder[ZC_PATH_SIZE];
    zc_error *error;
} zc_credential_maker;

static zc_result make_credential(void *self, const char *name)
{
    zc_credential_maker *maker = self;
    ZC_CREDENTIAL zc_credential credential;
    zc_result ensured = zc_credential_ensure(maker->folder, name, &credential, maker->error);
    if (zc_ok(ensured)) {
        *maker->error = (zc_error){0}; /* that it was there already is no error */
    }
    return ensured;
}

static int report_mission(const zc_invocation *invocation, const zc_report *report, zc_error *error)
{
    zc_report_print(stderr, report);
    if (error->what[0] == '\0') {
        zc_result set =
            zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the mission",
                         "it has errors (above)", "mend them; `zcp mission check` shows them all");
        (void)set;
    }
    return zc_fail_with(invocation, error);
}

/* Once a deployment is born its mission is measured: another file here would only fail inside the
 * enclave. */
static int keep_mission(const zc_invocation *invocation, const zc_bytes *yaml,
                        const zc_bytes *compiled)
{
    char born[ZC_PATH_SIZE];
    char cbor[ZC_PATH_SIZE];
    char source[ZC_PATH_SIZE];
    zc_error error = {0};
    if (!zc_in_dir(invocation, "deployment.json", born) ||
        !zc_in_dir(invocation, "mission.cbor", cbor) ||
        !zc_in_dir(invocation, "mission.yaml", source)) {
        return path_error(invocation);
    }
    if (zc_file_exists(born)) {
        ZC_BYTES zc_bytes old = {0};
        if (!zc_ok(zc_file_read(cbor, ZC_MISSION_MAX_BYTES, &old, &error))) {
            return zc_fail_with(invocation, &error);
        }
        if (!zc_slice_eq(zc_bytes_slice(&old), zc_bytes_slice(compiled))) {
            zc_result set = zc_error_set(
                &error, ZC_SUPPORT_EXISTS, "cannot start with this mission",
                "another one is in force in this folder, and the root is sealed to it",
                "start without --mission; `zcp mission change FILE` asks its quorum for another");
            (void)set;
            return zc_fail_with(invocation, &error);
        }
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_file_write(source, zc_bytes_slice(yaml), 0644, &error)) ||
        !zc_ok(zc_file_write(cbor, zc_bytes_slice(compiled), 0644, &error))) {
        return zc_fail_with(invocation, &error);
    }
    return ZC_EXIT_DONE;
}

static int prepare_mission(const zc_invocation *invocation)
{
    char path[ZC_PATH_SIZE];
    int found = find_mission(invocation, path);
    if (found != ZC_EXIT_DONE) {
        return found;
    }
    ZC_BYTES zc_bytes yaml = {0};
    ZC_BYTES zc_bytes compiled = {0};
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, ZC_MISSION_FILE_MAX, &yaml, &error))) {
        zc_error_next(&error, "name a mission with --mission FILE");
        return zc_fail_with(invocation, &error);
    }
    static zc_report report;
    zc_credential_maker maker = {.error = &error};
    if (!zc_in_dir(invocation, "credentials", maker.folder)) {
        return path_error(invocation);
    }
    zc_mission_source source = {
        .file = path, .text = zc_bytes_slice(&yaml), .credentials = maker.folder};
    zc_report_init(&report, path);
    if (!zc_ok(zc_mission_each_local(&source, make_credential, &maker, &report))) {
        return report_mission(invocation, &report, &error);
    }
    zc_report_init(&report, path);
    if (!zc_ok(zc_mission_compile(&source, &compiled, &report))) {
        return report_mission(invocation, &report, &error);
    }
    return keep_mission(invocation, &yaml, &compiled);
}

/* What would stop it later is said before anything is made. */
static int check_place(const zc_invocation *invocation)
{
    const char *platform = zc_option_value(invocation, "platform");
    if (platform != NULL && strcmp(platform, "local") != 0 && strcmp(platform, "qemu") != 0) {
        return zc_fail_usage(invocation, "cannot start on this platform",
                             "zcp up starts the platforms local and qemu");
    }
    char socket[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "run/enclave.sock", socket) || strlen(socket) > SOCKET_PATH_MAX) {
        zc_error error = {0};
        zc_result set = zc_error_set(&error, ZC_SUPPORT_IO, "cannot use the folder",
                                     "the path of the socket in it is longer than 107 characters",
                                     "choose a shorter --dir");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return ZC_EXIT_DONE;
}

/* D/platform/kind: what the deployment was born in, and starts in for ever. */
static int keep_platform(const zc_invocation *invocation)
{
    char path[ZC_PATH_SIZE];
    char born[ZC_PATH_SIZE];
    char wanted[32];
    ZC_BYTES zc_bytes kept = {0};
    zc_error error = {0};
    const char *platform = zc_option_value(invocation, "platform");
    if (!zc_in_dir(invocation, "platform/kind", path) ||
        !zc_in_dir(invocation, "deployment.json", born)) {
        return path_error(invocation);
    }
    if (zc_file_exists(path) && !zc_ok(zc_file_read(path, 64, &kept, &error))) {
        return zc_fail_with(invocation, &error);
    }
    const char *is = kept.len > 0 ? (const char *)kept.data : "local\n";
    (void)snprintf(wanted, sizeof wanted, "%s\n", platform != NULL ? platform : "");
    if (platform == NULL || strcmp(wanted, is) == 0) {
        return ZC_EXIT_DONE;
    }
    if (zc_file_exists(born)) {
        zc_result set = zc_error_set(&error, ZC_SUPPORT_EXISTS, "cannot start on this platform",
                                     "the deployment in this folder was born on another",
                                     "start without --platform, or choose another --dir");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return zc_ok(zc_file_write(path, zc_slice_of_text(wanted), 0644, &error))
               ? ZC_EXIT_DONE
               : zc_fail_with(invocation, &error);
}

static int prepare_platform(const zc_invocation *invocation)
{
    zc_result installed = zc_nsm_soft_install(invocation->dir);
    if (zc_ok(installed) || zc_is(installed, ZC_NSM_SOFT_ALREADY_INSTALLED)) {
        return keep_platform(invocation);
    }
    zc_error error = {0};
    zc_result set = zc_error_from(&error, installed, "cannot make the development root",
                                  "check the folder's permissions and the disk's free space");
    (void)set;
    return zc_fail_with(invocation, &error);
}

static int prepare(const zc_invocation *invocation)
{
    char run[ZC_PATH_SIZE];
    zc_error error = {0};
    if (!zc_in_dir(invocation, "run", run)) {
        return path_error(invocation);
    }
    if (!zc_ok(zc_file_make_folder(invocation->dir, 0700, &error)) ||
        !zc_ok(zc_file_make_folder(run, 0750, &error))) {
        return zc_fail_with(invocation, &error);
    }
    int prepared = prepare_mission(invocation);
    return prepared == ZC_EXIT_DONE ? prepare_platform(invocation) : prepared;
}

int zc_run_up(zc_invocation *invocation)
{
    pid_t running = zc_supervisor(invocation);
    if (running != 0) {
        if (!invocation->json) {
            (void)printf("ZeroCopy already runs in %s (process %d).\n", invocation->dir,
                         (int)running);
        }
        return zc_announce(invocation);
    }
    int prepared = check_place(invocation);
    prepared = prepared == ZC_EXIT_DONE ? prepare(invocation) : prepared;
    if (prepared != ZC_EXIT_DONE) {
        return prepared;
    }
    return zc_option_given(invocation, "detach") ? zc_supervise_detached(invocation)
                                                 : zc_supervise_here(invocation);
}

int zc_run_down(zc_invocation *invocation)
{
    pid_t running = zc_supervisor(invocation);
    if (running == 0) {
        zc_error error = {0};
        zc_result set = zc_error_set(&error, ZC_SUPPORT_NOT_FOUND, "nothing to stop",
                                     "no ZeroCopy runs in this folder", "see --dir");
        (void)set;
        error.exit_code = ZC_EXIT_UNREACHABLE;
        return zc_fail_with(invocation, &error);
    }
    (void)kill(running, SIGTERM);
    for (int waited = 0; waited < STOP_PATIENCE_MS; waited += STEP_MS) {
        if (zc_supervisor(invocation) == 0) {
            (void)puts(invocation->json ? "{\"stopped\": true}" : "Stopped.");
            return ZC_EXIT_DONE;
        }
        struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
        nanosleep(&step, NULL);
    }
    zc_error error = {0};
    zc_result set = zc_error_set(&error, ZC_SUPPORT_IO, "could not stop",
                                 "the processes are still there", "look at D/run/zcpd.log");
    (void)set;
    return zc_fail_with(invocation, &error);
}

const zc_option zc_up_options[] = {
    {"mission", "FILE", "the mission (default: the folder's own, else the starter)"},
    {"platform", "PLATFORM", "local (default), or qemu: an emulated Nitro enclave, for tests"},
    {"detach", NULL, "run in the background"},
    {"log-listen", "ADDRESS", "serve the log's tiles over HTTP, such as at 127.0.0.1:8480"},
    {"witness", "URL", "ask this witness to cosign each checkpoint; once for each witness"},
    {"lost-tail", NULL, "the end of the log is lost: go on without the witnesses, halted"},
    {NULL, NULL, NULL},
};
