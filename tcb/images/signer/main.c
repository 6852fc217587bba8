/* init of the signing image: PID 1, and the only program in it.
 *
 * It holds no mission: that comes over the host link, is measured into PCR16 and locked before the
 * root is asked for (tcb/enclave/boot.c). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attest/document.h"
#include "attest/nsm.h"
#include "machine.h"
#include "nitro/nitro.h"
#include "nitro/vsock.h"
#include "process.h"

static const char who[] = "zcp-init";

#define BACKLOG 256

/* A module whose documents are not in the form that is signed is an emulated one. Only what status
 * says depends on it: whoever verifies sees for himself. */
static const char *name_platform(int nsm)
{
    static uint8_t response[ZC_NSM_RESPONSE_MAX];
    uint8_t request[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    const zc_nsm_field none = {.present = false};
    zc_slice document;
    static zc_attest_doc doc;
    size_t len;
    bool is_signed =
        zc_ok(zc_nsm_request_attestation(&writer, none, none, none)) &&
        zc_ok(zc_nitro_request(nsm, zc_writer_written(&writer),
                               (zc_buffer){.data = response, .len = sizeof response}, &len)) &&
        zc_ok(zc_nsm_response_document(zc_slice_of(response, len), &document)) &&
        zc_ok(zc_attest_parse(document, &doc));
    return is_signed ? "nitro" : "qemu";
}

/* The kernel hands on what it does not know of its command line: zcp_signers=N. Anything but one
 * digit is none. */
static size_t signers_of_command_line(void)
{
    const char *text = getenv("zcp_signers");
    bool is_digit = text != NULL && text[0] >= '0' && text[0] <= '9' && text[1] == '\0';
    return is_digit ? (size_t)(text[0] - '0') : 0;
}

static void require(zc_result done, const char *what)
{
    if (!zc_ok(done)) {
        say_failed(who, what, done);
        end_machine(what);
    }
}

static void prepare(zc_signer_place *place)
{
    if (!mount_devices()) {
        end_machine("/dev could not be mounted");
    }
    raise_limits();
    load_modules();
    say_when(who, "drivers loaded", place);
    place->nsm = open_device(ZC_NITRO_DEVICE);
    if (place->nsm < 0) {
        end_machine("there is no /dev/nsm: no Nitro enclave, or a kernel without its driver");
    }
    require(zc_nitro_seed_kernel(place->nsm), "the security module gave no randomness");
    say_when(who, "kernel seeded", place);
    place->platform = name_platform(place->nsm);
    require(zc_vsock_listen(ZC_VSOCK_CLIENTS, BACKLOG, &place->clients),
            "cannot listen for clients");
}

/* The host link: one connection in the life of an enclave. */
static void await_host(zc_signer_place *place)
{
    int listening;
    require(zc_vsock_listen(ZC_VSOCK_HOST, 1, &listening), "cannot listen for the host");
    require(zc_vsock_heartbeat(), "no sign of life from the parent instance");
    say_when(who, "ready for the host", place);
    do {
        place->host = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    } while (place->host < 0 && (errno == EINTR || errno == ECONNABORTED));
    close(listening);
    if (place->host < 0) {
        end_machine("the host link could not be accepted");
    }
    say_when(who, "host linked", place);
}

static pid_t bear(void (*life)(const zc_signer_place *), const zc_signer_place *place,
                  int foreign_a, int foreign_b, int foreign_c)
{
    pid_t pid = fork();
    if (pid < 0) {
        end_machine("a process could not be started");
    }
    if (pid == 0) {
        (void)close(foreign_a);
        (void)close(foreign_b);
        (void)close(foreign_c);
        life(place);
        _exit(STATUS_FAILED); /* a life leaves by itself */
    }
    return pid;
}

/* Whoever ends, ends the enclave; what is not ours was nobody's child and is only reaped. */
static void watch(pid_t front, pid_t core)
{
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == ECHILD) {
            end_machine("nobody is left");
        }
        if (ended != front && ended != core) {
            continue;
        }
        const char *name = ended == front ? "zcp-front" : "zcp-core";
        if (WIFSIGNALED(status)) {
            say(who, name,
                WTERMSIG(status) == SIGSYS ? "it was killed by its system-call filter"
                                           : "it was killed by a signal");
            end_machine("a process was killed");
        }
        end_machine(ended == front ? "zcp-front has ended" : "zcp-core has ended");
    }
}

int main(void)
{
    zc_signer_place place = {
        .started_ns = raw_ns(), .host = -1, .clients = -1, .signers = signers_of_command_line()};
    int pair[2];
    if (getpid() != 1) {
        say(who, "not started", "it is the first process of an enclave, and of nothing else");
        return STATUS_FAILED;
    }
    prepare(&place);
    await_host(&place);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        end_machine("no link between front and core");
    }
    place.front = pair[0];
    place.core = pair[1];
    pid_t front = bear(front_process, &place, place.front, place.host, place.nsm);
    pid_t core = bear(core_process, &place, place.core, place.clients, -1);
    (void)close(place.front);
    (void)close(place.core);
    (void)close(place.clients);
    (void)close(place.host);
    (void)close(place.nsm);
    watch(front, core);
}
