/* Listeners of protocols that are no HTTP, on Unix sockets: a thread for each connection. */
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "api/frame.h"
#include "support/reasons.h"

#define STREAMS_MAX 256
#define QUIET_SECONDS 60
#define STACK_BYTES ((size_t)512 << 10)

struct zc_stream_server {
    zc_listener *listener;
    int fd;
    int stop_fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t empty;
    int open[STREAMS_MAX]; /* descriptors of connections; −1: free */
    _Atomic unsigned count;
};

typedef struct connection {
    zc_stream_server *server;
    size_t slot;
    int fd;
} connection;

static void identify(zc_api_call *call, int fd)
{
    struct ucred other;
    socklen_t len = sizeof other;
    zc_identity identity = {0};
    zc_gateway *gateway = call->gateway;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &len) != 0) {
        return;
    }
    (void)pthread_rwlock_rdlock(&gateway->identities_lock);
    bool found = zc_identity_of_uid(gateway->identities, other.uid, &identity);
    (void)pthread_rwlock_unlock(&gateway->identities_lock);
    if (found) {
        zc_api_identify(call, &identity);
    } else if (gateway->has_default && other.uid == geteuid()) {
        zc_api_identify(call, &gateway->default_identity);
    }
}

/* Under the lock, so that zc_stream_stop() never shuts down a number that is somebody else's. */
static void release(zc_stream_server *server, size_t slot, int fd)
{
    (void)pthread_mutex_lock(&server->lock);
    if (fd >= 0) {
        (void)close(fd);
    }
    server->open[slot] = -1;
    atomic_fetch_sub(&server->count, 1);
    (void)pthread_cond_signal(&server->empty);
    (void)pthread_mutex_unlock(&server->lock);
}

static void *serve(void *context)
{
    connection one = *(connection *)context;
    free(context);
    zc_listener *listener = one.server->listener;
    zc_api_call call = {0};
    zc_call_begin(&call, listener, NULL);
    identify(&call, one.fd);
    listener->translator->serve(listener->state, &call, one.fd);
    if (call.lease != NULL) {
        zc_call_end(&call, listener, 0);
    }
    release(one.server, one.slot, one.fd);
    return NULL;
}

static size_t free_slot(zc_stream_server *server, int fd)
{
    size_t slot = STREAMS_MAX;
    (void)pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < STREAMS_MAX && slot == STREAMS_MAX; i++) {
        slot = server->open[i] < 0 ? i : slot;
    }
    if (slot < STREAMS_MAX) {
        server->open[slot] = fd;
        atomic_fetch_add(&server->count, 1);
    }
    (void)pthread_mutex_unlock(&server->lock);
    return slot;
}

static bool begin(zc_stream_server *server, int fd)
{
    const struct timeval limit = {.tv_sec = QUIET_SECONDS};
    connection *one = malloc(sizeof *one);
    size_t slot = one != NULL ? free_slot(server, fd) : STREAMS_MAX;
    if (slot == STREAMS_MAX) {
        free(one);
        return false;
    }
    *one = (connection){.server = server, .slot = slot, .fd = fd};
    pthread_t thread;
    pthread_attr_t attributes;
    bool begun = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
                 setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
                 pthread_attr_init(&attributes) == 0 &&
                 pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                 pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
                 pthread_create(&thread, &attributes, serve, one) == 0;
    if (!begun) {
        release(server, slot, -1);
        free(one);
    }
    return begun;
}

static void *accept_all(void *context)
{
    zc_stream_server *server = context;
    struct pollfd wait[2] = {{.fd = server->fd, .events = POLLIN},
                             {.fd = server->stop_fd, .events = POLLIN}};
    for (;;) {
        int ready = poll(wait, 2, -1);
        if (wait[1].revents != 0) {
            return NULL;
        }
        int fd = ready > 0 ? accept4(server->fd, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd >= 0 && !begin(server, fd)) {
            (void)close(fd);
        } else if (fd < 0) {
            (void)poll(NULL, 0, 5); /* out of descriptors, perhaps */
        }
    }
}

zc_result zc_stream_start(zc_listener *listener, int fd, zc_stream_server **ret_server,
                          zc_error *error)
{
    zc_stream_server *server = calloc(1, sizeof *server);
    bool made = server != NULL && pthread_mutex_init(&server->lock, NULL) == 0 &&
                pthread_cond_init(&server->empty, NULL) == 0;
    if (made) {
        server->listener = listener;
        server->fd = fd;
        server->stop_fd = eventfd(0, EFD_CLOEXEC);
        memset(server->open, -1, sizeof server->open);
        made =
            server->stop_fd >= 0 && pthread_create(&server->thread, NULL, accept_all, server) == 0;
    }
    if (!made) {
        (void)close(fd);
        free(server);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve a stream",
                            "the machine gave no memory or thread", "free some and try again");
    }
    *ret_server = server;
    return ZC_OK;
}

unsigned zc_stream_busy(const zc_stream_server *server)
{
    return server != NULL ? atomic_load(&server->count) : 0;
}

void zc_stream_drain(zc_stream_server *server)
{
    const uint64_t one = 1;
    ssize_t written = write(server->stop_fd, &one, sizeof one);
    (void)written;
    (void)pthread_join(server->thread, NULL);
    (void)close(server->fd);
    /* Reading ends at once; an answer under way still goes out. */
    (void)pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        if (server->open[i] >= 0) {
            (void)shutdown(server->open[i], SHUT_RD);
        }
    }
    (void)pthread_mutex_unlock(&server->lock);
}

void zc_stream_stop(zc_stream_server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    while (atomic_load(&server->count) > 0) {
        for (size_t i = 0; i < STREAMS_MAX; i++) {
            if (server->open[i] >= 0) {
                (void)shutdown(server->open[i], SHUT_RDWR);
            }
        }
        (void)pthread_cond_wait(&server->empty, &server->lock);
    }
    (void)pthread_mutex_unlock(&server->lock);
    (void)close(server->stop_fd);
    (void)pthread_cond_destroy(&server->empty);
    (void)pthread_mutex_destroy(&server->lock);
    free(server);
}
