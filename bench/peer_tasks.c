/* What others offer who keep a key out of a program's memory: SoftHSM behind p11-kit, ssh-agent,
 * and a signer over HTTPS. Each runs as its users run it, in a process of its own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "peer_https.h"
#include "place.h"
#include "softhsm.h"

#define PATIENCE 200 /* times 10 ms */

/* Runs a program with its output thrown away; −1 when it can't be started. It goes with us. */
static pid_t start(const char *const arguments[])
{
    pid_t pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen("/dev/null", "w", stdout) == NULL ||
            freopen("/dev/null", "w", stderr) == NULL) {
            _exit(127);
        }
        /* execvp() takes no const, and changes nothing. */
        (void)execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    return pid;
}

static bool run_to_end(const char *const arguments[])
{
    int status = -1;
    pid_t pid = start(arguments);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool path_in_place(const char *name, char ret_path[static ZC_BENCH_PATH_SIZE])
{
    const char *folder = zc_bench_place(ZC_FOLDER_PEERS);
    return folder != NULL &&
           snprintf(ret_path, ZC_BENCH_PATH_SIZE, "%s/%s", folder, name) < ZC_BENCH_PATH_SIZE;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    for (int i = 0; i < PATIENCE; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
            return fd;
        }
        (void)close(fd);
        (void)usleep(10000);
    }
    return -1;
}

/* ssh-agent: the protocol of draft-ietf-sshm-ssh-agent, SIGN_REQUEST with an ecdsa-sha2-nistp256
 * key. */
enum { AGENT_IDENTITIES = 11, AGENT_SIGN = 13, AGENT_SIGNED = 14 };

static int agent_fd = -1;
static uint8_t agent_request[1024], agent_answer[4096];
static size_t agent_request_len, agent_data_at;
static uint64_t agent_turn;

static void put_u32(uint8_t *at, size_t value)
{
    for (size_t i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static size_t get_u32(const uint8_t *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* One question and its whole answer; the answer's length, 0 when there is none. */
static size_t ask_agent(const uint8_t *request, size_t len)
{
    if (send(agent_fd, request, len, MSG_NOSIGNAL) != (ssize_t)len) {
        return 0;
    }
    size_t got = 0, wanted = 4;
    while (got < wanted) {
        ssize_t more = recv(agent_fd, agent_answer + got, sizeof agent_answer - got, 0);
        if (more <= 0) {
            return 0;
        }
        got += (size_t)more;
        wanted = got < 4 ? 4 : 4 + get_u32(agent_answer);
        if (wanted > sizeof agent_answer) {
            return 0;
        }
    }
    return got;
}

/* Writes the question to sign 32 bytes by the agent's only key. */
static bool make_question(void)
{
    const uint8_t list[5] = {0, 0, 0, 1, AGENT_IDENTITIES};
    size_t len = ask_agent(list, sizeof list);
    size_t blob = len > 13 ? get_u32(agent_answer + 9) : 0;
    if (blob == 0 || blob > 512 || 13 + blob > len) {
        return false;
    }
    agent_request[4] = AGENT_SIGN;
    memcpy(agent_request + 5, agent_answer + 9, 4 + blob);
    agent_data_at = 5 + 4 + blob + 4;
    put_u32(agent_request + agent_data_at - 4, 32);
    memset(agent_request + agent_data_at, 0, 32 + 4);
    agent_request_len = agent_data_at + 32 + 4;
    put_u32(agent_request, agent_request_len - 4);
    return true;
}

static bool prepare_agent(const zc_bench_task *task)
{
    (void)task;
    agent_turn++;
    memcpy(agent_request + agent_data_at, &agent_turn, sizeof agent_turn);
    return true;
}

static bool run_agent(const zc_bench_task *task)
{
    (void)task;
    return ask_agent(agent_request, agent_request_len) > 5 && agent_answer[4] == AGENT_SIGNED;
}

static const char *open_agent(const zc_bench_task *task)
{
    char key[ZC_BENCH_PATH_SIZE], path[ZC_BENCH_PATH_SIZE];
    if (!path_in_place("agent.key", key) || !path_in_place("agent.sock", path)) {
        return "there is no temporary folder";
    }
    const char *const make[] = {"ssh-keygen", "-q", "-t", "ecdsa", "-b", "256",
                                "-N",         "",   "-f", key,     NULL};
    /* It goes with its command, which goes when nobody holds the other end of its input: being
     * setgid, it does not hear of our death. */
    int held[2];
    const char *const agent[] = {"ssh-agent", "-a", path, "cat", NULL};
    const char *const add[] = {"ssh-add", "-q", key, NULL};
    if (!run_to_end(make)) {
        return "OpenSSH is not installed (package openssh-client)";
    }
    if (pipe2(held, O_CLOEXEC) != 0 || dup2(held[0], STDIN_FILENO) != STDIN_FILENO ||
        start(agent) <= 0 || (agent_fd = connect_to(path)) < 0 ||
        setenv("SSH_AUTH_SOCK", path, 1) != 0 || !run_to_end(add)) {
        return "ssh-agent does not start";
    }
    return make_question() && prepare_agent(task) && run_agent(task) ? NULL
                                                                     : "ssh-agent does not sign";
}

/* SoftHSM in a server of p11-kit's, through its client module. */
static const char *open_p11kit(const zc_bench_task *task)
{
    char path[ZC_BENCH_PATH_SIZE], address[ZC_BENCH_PATH_SIZE + 16];
    static const char client[] = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so";
    (void)task;
    const char *library = zc_softhsm_library();
    if (library == NULL) {
        return "SoftHSM is not installed (package libsofthsm2)";
    }
    if (access(client, R_OK) != 0) {
        return "p11-kit's client module is not installed (package p11-kit-modules)";
    }
    if (!zc_softhsm_configure() || !path_in_place("p11.sock", path)) {
        return "there is no temporary folder";
    }
    const char *const make[] = {"softhsm2-util", "--init-token", "--free",   "--label",  "bench",
                                "--pin",         "12345678",     "--so-pin", "12345678", NULL};
    if (!run_to_end(make)) {
        return "SoftHSM makes no token (package softhsm2)";
    }
    const char *const server[] = {"p11-kit",    "server", "-f",      "-n", path,
                                  "--provider", library,  "pkcs11:", NULL};
    if (start(server) <= 0 || connect_to(path) < 0) {
        return "p11-kit's server does not start (package p11-kit)";
    }
    (void)snprintf(address, sizeof address, "unix:path=%s", path);
    return setenv("P11_KIT_SERVER_ADDRESS", address, 1) == 0 && zc_softhsm_open(client, true)
               ? NULL
               : "SoftHSM does not sign through p11-kit";
}

const zc_bench_task zc_peer_tasks[3] = {
    {.name = "p11kit.p256",
     .side = ZC_SIDE_P11KIT,
     .open = open_p11kit,
     .prepare = zc_softhsm_prepare,
     .run = zc_softhsm_run,
     .note = "SoftHSM in another process"},
    {.name = "ssh-agent.p256",
     .side = ZC_SIDE_AGENT,
     .open = open_agent,
     .prepare = prepare_agent,
     .run = run_agent},
    {.name = "https.p256",
     .side = ZC_SIDE_HTTPS,
     .open = zc_peer_https_open,
     .prepare = zc_peer_https_prepare,
     .run = zc_peer_https_run,
     .note = "TLS 1.3 kept alive, ECDSA by OpenSSL behind it"},
};
