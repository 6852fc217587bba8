#include "api/http_connections.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define NS_PER_SECOND 1000000000ULL
#define LOOK_NS 250000000L
/* Under pressure, an idle connection may go after this. */
#define PRESSED_IDLE_NS (2 * NS_PER_SECOND)

uint64_t zc_api_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static bool is_late(const zc_http_connections *all, const zc_http_connection *one, uint64_t now_ns)
{
    uint64_t since = atomic_load(&one->since_ns);
    uint64_t age = now_ns > since ? now_ns - since : 0;
    if (atomic_load(&one->in_handler)) {
        return false;
    }
    if (atomic_load(&one->in_request)) {
        return age > all->limits.request_seconds * NS_PER_SECOND;
    }
    return atomic_load(&all->draining) || age > all->limits.idle_seconds * NS_PER_SECOND;
}

/* Idle ones go, the oldest first, until a quarter of the room is free. */
static size_t to_free(const zc_http_connections *all)
{
    unsigned open = atomic_load(&all->count);
    unsigned most = all->limits.connections;
    return open > most / 8 * 7 ? open - most / 4 * 3 : 0;
}

static void look(zc_http_connections *all)
{
    uint64_t now_ns = zc_api_now_ns();
    size_t more = to_free(all);
    (void)pthread_mutex_lock(&all->lock);
    for (zc_http_connection *at = all->oldest.next; at != &all->oldest; at = at->next) {
        bool idle = !atomic_load(&at->in_request) && !atomic_load(&at->in_handler) &&
                    now_ns > atomic_load(&at->since_ns) + PRESSED_IDLE_NS;
        bool pressed = more > 0 && idle;
        if (pressed || is_late(all, at, now_ns)) {
            more -= pressed ? 1 : 0;
            (void)shutdown(at->fd, SHUT_RDWR);
        }
    }
    (void)pthread_mutex_unlock(&all->lock);
}

static void *reap(void *context)
{
    zc_http_connections *all = context;
    while (!atomic_load(&all->ending)) {
        look(all);
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
    return NULL;
}

bool zc_http_connections_start(zc_http_connections *all, const zc_http_limits *limits)
{
    all->limits = *limits;
    all->oldest.next = &all->oldest;
    all->oldest.previous = &all->oldest;
    if (pthread_mutex_init(&all->lock, NULL) != 0) {
        return false;
    }
    all->running = pthread_create(&all->reaper, NULL, reap, all) == 0;
    return all->running;
}

void zc_http_connections_stop(zc_http_connections *all)
{
    atomic_store(&all->ending, true);
    if (all->running) {
        (void)pthread_join(all->reaper, NULL);
    }
    (void)pthread_mutex_destroy(&all->lock);
}

zc_http_connection *zc_http_connection_add(zc_http_connections *all, int fd)
{
    zc_http_connection *one = calloc(1, sizeof *one);
    if (one == NULL) {
        return NULL;
    }
    one->fd = fd;
    atomic_store(&one->since_ns, zc_api_now_ns());
    (void)pthread_mutex_lock(&all->lock);
    one->next = &all->oldest;
    one->previous = all->oldest.previous;
    one->previous->next = one;
    all->oldest.previous = one;
    (void)pthread_mutex_unlock(&all->lock);
    atomic_fetch_add(&all->count, 1);
    return one;
}

void zc_http_connection_remove(zc_http_connections *all, zc_http_connection *connection)
{
    (void)pthread_mutex_lock(&all->lock);
    connection->previous->next = connection->next;
    connection->next->previous = connection->previous;
    (void)pthread_mutex_unlock(&all->lock);
    atomic_fetch_sub(&all->count, 1);
    free(connection);
}

static void enter(zc_http_connection *connection)
{
    atomic_store(&connection->since_ns, zc_api_now_ns());
}

void zc_http_request_begins(zc_http_connections *all, zc_http_connection *connection)
{
    atomic_fetch_add(&all->busy, 1);
    enter(connection);
    atomic_store(&connection->in_request, true);
}

void zc_http_request_ends(zc_http_connections *all, zc_http_connection *connection)
{
    enter(connection);
    atomic_store(&connection->in_request, false);
    atomic_fetch_sub(&all->busy, 1);
}

void zc_http_handler_begins(zc_http_connection *connection)
{
    enter(connection);
    atomic_store(&connection->in_handler, true);
}

void zc_http_handler_ends(zc_http_connection *connection)
{
    enter(connection);
    atomic_store(&connection->in_handler, false);
}

unsigned zc_http_longest_handler_seconds(zc_http_connections *all)
{
    uint64_t now_ns = zc_api_now_ns();
    uint64_t longest = 0;
    (void)pthread_mutex_lock(&all->lock);
    for (zc_http_connection *at = all->oldest.next; at != &all->oldest; at = at->next) {
        uint64_t since = atomic_load(&at->since_ns);
        if (atomic_load(&at->in_handler) && now_ns > since && now_ns - since > longest) {
            longest = now_ns - since;
        }
    }
    (void)pthread_mutex_unlock(&all->lock);
    return (unsigned)(longest / NS_PER_SECOND);
}
