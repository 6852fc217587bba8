#include "rig.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "machine.h"
#include "runtime/front.h"
#include "wire/evidence.h"
#include "wire/session.h"

#define STATUS 42

static void *memory_of(size_t len)
{
    void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* Installs an arena of production size, its books in memory that the test shares. */
static void use_arena(zc_arena *arena, size_t len)
{
    if (zc_ok(zc_arena_init(arena, memory_of(len), len)) && !zc_ok(zc_arena_install(arena))) {
        *arena = (zc_arena){0};
    }
}

static zc_arena *shared_arena(void)
{
    return mmap(NULL, sizeof(zc_arena), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static int run_core(int host_fd, int front_fd, const rig_options *options)
{
    zc_vault vault;
    if (!zc_ok(zc_vault_init(&vault, zc_core_vault_size()))) {
        return 90;
    }
    zc_core_config config = {.machine = machine_make(),
                             .platform = machine_platform(),
                             .host_fd = host_fd,
                             .front_fd = front_fd,
                             .vault = &vault,
                             .max_sessions = options->max_sessions,
                             .first_record_ms = options->first_record_ms,
                             .record_ms = options->record_ms,
                             .drain_ms = options->drain_ms};
    zc_core *core;
    int status;
    if (!zc_ok(zc_core_init(memory_of(zc_core_size()), &config, &core))) {
        return 91;
    }
    zc_result ran = zc_core_run(core, &status);
    zc_core_clear(core);
    zc_vault_clear(&vault);
    return zc_ok(ran) ? status : ran.code & 0xff;
}

static int run_front(int listen_fd, int core_fd, const rig_options *options)
{
    zc_front_config config = {.platform = machine_platform(),
                              .listen_fd = listen_fd,
                              .core_fd = core_fd,
                              .handshake_ms = options->handshake_ms,
                              .fair_ms = options->fair_ms,
                              .max_handshakes = options->max_handshakes};
    zc_front *front;
    if (!zc_ok(zc_front_init(memory_of(zc_front_size()), &config, &front))) {
        return 92;
    }
    zc_result ran = zc_front_run(front);
    zc_front_clear(front);
    return ran.code & 0xff;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1024), 0);
    return fd;
}

static void set_timeout(int fd)
{
    struct timeval limit = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void rig_start(rig_pair *rig, const rig_options *options)
{
    int host[2], link[2];
    char folder[] = "/tmp/zcp-rig-XXXXXX";
    assert_non_null(mkdtemp(folder));
    snprintf(rig->socket_path, sizeof rig->socket_path, "%s/enclave.sock", folder);
    int listen_fd = listen_at(rig->socket_path);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, host), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link), 0);
    zc_arena *core_arena = shared_arena(), *front_arena = shared_arena();
    rig->core_arena = core_arena;
    rig->front_arena = front_arena;
    rig->core = fork();
    if (rig->core == 0) {
        use_arena(core_arena, ZC_CORE_ARENA);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(host[0]);
        close(link[1]);
        close(listen_fd);
        _exit(run_core(host[1], link[0], options));
    }
    rig->front = fork();
    if (rig->front == 0) {
        use_arena(front_arena, ZC_FRONT_ARENA);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(host[0]);
        close(host[1]);
        close(link[0]);
        _exit(run_front(listen_fd, link[1], options));
    }
    close(host[1]);
    close(link[0]);
    close(link[1]);
    close(listen_fd);
    rig->host_fd = host[0];
    set_timeout(rig->host_fd);
    uint8_t frame[16];
    assert_int_equal(rig_host_receive(rig, 'H', frame, sizeof frame), 9);
    assert_int_equal(frame[8], 64);
    /* Once front has served a session, both have closed what they inherited. */
    rig_client client;
    rig_open(rig, &client);
    rig_close(&client);
    assert_int_equal(rig_host_receive(rig, 'D', frame, sizeof frame), 9);
    /* Front closes its copy of the connection after it has passed it on. */
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

static int wait_for(pid_t pid)
{
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void rig_stop(rig_pair *rig)
{
    rig_host_send(rig, (const char[]){'x', STATUS}, 2);
    assert_int_equal(wait_for(rig->core), STATUS);
    assert_int_equal(wait_for(rig->front), ZC_RUNTIME_PEER_GONE & 0xff);
    close(rig->host_fd);
    munmap((void *)(uintptr_t)rig->core_arena, sizeof(zc_arena));
    munmap((void *)(uintptr_t)rig->front_arena, sizeof(zc_arena));
    unlink(rig->socket_path);
    *strrchr(rig->socket_path, '/') = '\0';
    rmdir(rig->socket_path);
}

size_t rig_descriptors(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    size_t count = 0;
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

void rig_expect_descriptors(pid_t pid, size_t count)
{
    for (int i = 0; i < 500 && rig_descriptors(pid) != count; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(rig_descriptors(pid), count);
}

static bool receive_all(int fd, uint8_t *bytes, size_t len)
{
    for (size_t got = 0; got < len;) {
        ssize_t now = recv(fd, bytes + got, len - got, 0);
        if (now <= 0) {
            return false;
        }
        got += (size_t)now;
    }
    return true;
}

static void send_all(int fd, const uint8_t *bytes, size_t len)
{
    for (size_t sent = 0; sent < len;) {
        ssize_t now = send(fd, bytes + sent, len - sent, MSG_NOSIGNAL);
        if (now <= 0) {
            return; /* closed by the other side; what follows will show it */
        }
        sent += (size_t)now;
    }
}

size_t rig_host_receive(rig_pair *rig, char first, uint8_t *bytes, size_t capacity)
{
    static uint8_t frame[1 << 20];
    for (;;) {
        uint8_t head[ZC_FRAME_HEAD];
        size_t total;
        assert_true(receive_all(rig->host_fd, head, sizeof head));
        assert_true(zc_ok(zc_frame_peek(ZC_SLICE_OF_ARRAY(head), 1, sizeof frame, &total)));
        size_t len = total - sizeof head;
        assert_true(receive_all(rig->host_fd, frame, len));
        if (frame[0] == (uint8_t)first) {
            assert_true(len <= capacity);
            memcpy(bytes, frame, len);
            return len;
        }
    }
}

void rig_host_send(rig_pair *rig, const void *bytes, size_t len)
{
    uint8_t head[ZC_FRAME_HEAD];
    zc_frame_head((uint32_t)len, head);
    send_all(rig->host_fd, head, sizeof head);
    send_all(rig->host_fd, bytes, len);
}

void rig_ack(rig_pair *rig, uint64_t ordinal)
{
    uint8_t frame[9] = {'a'};
    for (int i = 0; i < 8; i++) {
        frame[8 - i] = (uint8_t)(ordinal >> (8 * i));
    }
    rig_host_send(rig, frame, sizeof frame);
}

int rig_connect(const rig_pair *rig)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, rig->socket_path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    set_timeout(fd);
    return fd;
}

static bool read_evidence(SSL *ssl)
{
    static uint8_t frame[ZC_EVIDENCE_MAX];
    size_t got = 0, total = ZC_FRAME_HEAD;
    while (got < total) {
        size_t now = 0;
        if (SSL_read_ex(ssl, frame + got, total - got, &now) != 1) {
            return false;
        }
        got += now;
        if (got == ZC_FRAME_HEAD && !zc_ok(zc_evidence_peek_len(zc_slice_of(frame, got), &total))) {
            return false;
        }
    }
    zc_evidence evidence;
    return zc_ok(zc_evidence_read(zc_slice_of(frame, total), &evidence)) &&
           zc_slice_eq_text(evidence.genesis, "genesis");
}

static bool take_keys(SSL *ssl, rig_client *client)
{
    uint8_t exporter[ZC_SESSION_EXPORTER_SIZE];
    zc_session_secrets secrets;
    if (SSL_export_keying_material(ssl, exporter, sizeof exporter, ZC_SESSION_LABEL,
                                   strlen(ZC_SESSION_LABEL), NULL, 0, 0) != 1) {
        return false;
    }
    zc_session_secrets_of(exporter, &secrets);
    return zc_ok(zc_record_end_init(&client->sealer, &secrets.to_core)) &&
           zc_ok(zc_record_end_init(&client->opener, &secrets.to_client));
}

bool rig_handshake(int fd, int version, rig_client *ret_client)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(ctx, version);
    SSL *ssl = SSL_new(ctx);
    SSL_set_fd(ssl, fd);
    *ret_client = (rig_client){.fd = fd};
    bool shaken = SSL_connect(ssl) == 1 && SSL_version(ssl) == TLS1_3_VERSION &&
                  read_evidence(ssl) && take_keys(ssl, ret_client);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    return shaken;
}

void rig_open(const rig_pair *rig, rig_client *ret_client)
{
    assert_true(rig_handshake(rig_connect(rig), TLS1_3_VERSION, ret_client));
}

void rig_close(rig_client *client)
{
    close(client->fd);
    zc_record_end_clear(&client->sealer);
    zc_record_end_clear(&client->opener);
}

void rig_send(rig_client *client, const void *plain, size_t len)
{
    static uint8_t record[ZC_RECORD_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    assert_true(zc_ok(zc_record_seal(&client->sealer, zc_slice_of(plain, len), &writer)));
    send_all(client->fd, record, zc_writer_len(&writer));
}

ssize_t rig_receive(rig_client *client, uint8_t *plain, size_t capacity)
{
    static uint8_t record[ZC_RECORD_MAX];
    size_t total;
    zc_slice opened;
    if (!receive_all(client->fd, record, ZC_FRAME_HEAD) ||
        !zc_ok(zc_record_peek_len(zc_slice_of(record, ZC_FRAME_HEAD), &total)) ||
        !receive_all(client->fd, record + ZC_FRAME_HEAD, total - ZC_FRAME_HEAD)) {
        return -1;
    }
    assert_true(zc_ok(zc_record_open(&client->opener, record, total, &opened)));
    assert_true(opened.len <= capacity);
    memcpy(plain, opened.data, opened.len);
    return (ssize_t)opened.len;
}

bool rig_is_closed(int fd)
{
    uint8_t byte;
    ssize_t got = recv(fd, &byte, 1, 0);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

void rig_expect_echo(rig_client *client, const char *text)
{
    uint8_t reply[256];
    rig_send(client, text, strlen(text));
    assert_int_equal(rig_receive(client, reply, sizeof reply), (ssize_t)strlen(text));
    assert_memory_equal(reply, text, strlen(text));
}
