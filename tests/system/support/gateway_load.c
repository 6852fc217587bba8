/* Load for a gateway: keep-alive connections that ask at a fixed pace, or as fast as answers come.
 *
 *     gateway-load PORT THREADS SECONDS PER_SECOND hello
 *     gateway-load PORT THREADS SECONDS PER_SECOND get PATH TOKEN
 *     gateway-load PORT THREADS SECONDS PER_SECOND post PATH TOKEN BODY
 *     gateway-load PORT THREADS SECONDS PER_SECOND kms KEY ACCESS_KEY SECRET
 *
 * PER_SECOND 0: without a pause. Prints one object: requests, failed, p50_us, p99_us, per_s. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kms_request.h"

#define SAMPLES ((size_t)1 << 20)

typedef struct load_plan {
    const char *kind;
    char **argument;
    unsigned port;
    unsigned threads;
    double seconds;
    double per_second;
} load_plan;

typedef struct load_worker {
    const load_plan *load;
    unsigned number;
    size_t requests;
    size_t failed;
    size_t samples;
    uint32_t *us;
} load_worker;

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static int dial(unsigned port)
{
    int yes = 1;
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const void *)&place, sizeof place) == 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        return fd;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return -1;
}

/* A KMS Sign of a message that is new each time. */
static int kms_request(const load_worker *worker, char *out, size_t capacity)
{
    char *const *argument = worker->load->argument;
    char message[64];
    const zc_kms_client client = {.port = worker->load->port,
                                  .key = argument[0],
                                  .access_key = argument[1],
                                  .secret = argument[2]};
    int len = snprintf(message, sizeof message, "m%llu.%u.%zu", (unsigned long long)now_ns(),
                       worker->number, worker->requests);
    return (int)zc_kms_sign_request(&client, zc_slice_of(message, (size_t)len), out, capacity);
}

static int make_request(const load_worker *worker, char *out, size_t capacity)
{
    const load_plan *load = worker->load;
    char *const *argument = load->argument;
    if (strcmp(load->kind, "kms") == 0) {
        return kms_request(worker, out, capacity);
    }
    if (strcmp(load->kind, "hello") == 0) {
        return snprintf(out, capacity, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
                        load->port);
    }
    bool post = strcmp(load->kind, "post") == 0;
    return snprintf(out, capacity,
                    "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
                    "X-Vault-Token: %s\r\nContent-Type: application/json\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    post ? "POST" : "GET", argument[0], load->port, argument[1], argument[1],
                    post ? strlen(argument[2]) : 0, post ? argument[2] : "");
}

/* Reads one answer whole; its status, or −1. */
static int read_answer(int fd)
{
    static _Thread_local char room[65536];
    size_t len = 0;
    size_t wanted = 0;
    while (wanted == 0 || len < wanted) {
        ssize_t got = recv(fd, room + len, sizeof room - 1 - len, 0);
        if (got <= 0) {
            return -1;
        }
        len += (size_t)got;
        room[len] = '\0';
        const char *end = strstr(room, "\r\n\r\n");
        const char *length = strcasestr(room, "content-length:");
        if (wanted == 0 && end != NULL && length != NULL) {
            wanted = (size_t)(end - room) + 4 + strtoul(length + 15, NULL, 10);
        }
    }
    return atoi(room + 9);
}

static bool ask(load_worker *worker, int fd)
{
    char request[4096];
    int len = make_request(worker, request, sizeof request);
    uint64_t began = now_ns();
    worker->requests++;
    if (len <= 0 || send(fd, request, (size_t)len, MSG_NOSIGNAL) != len) {
        return false;
    }
    int status = read_answer(fd);
    if (worker->samples < SAMPLES) {
        worker->us[worker->samples++] = (uint32_t)((now_ns() - began) / 1000);
    }
    worker->failed += status != 200 ? 1 : 0;
    return status > 0;
}

static void *work(void *context)
{
    load_worker *worker = context;
    const load_plan *load = worker->load;
    uint64_t start = now_ns();
    uint64_t until = start + (uint64_t)(load->seconds * 1e9);
    double each = load->per_second > 0 ? load->threads / load->per_second * 1e9 : 0;
    int fd = dial(load->port);
    for (double next = (double)start; now_ns() < until; next += each) {
        while (each > 0 && (double)now_ns() < next) {
            double rest = next - (double)now_ns();
            struct timespec pause = {.tv_nsec = rest < 0     ? 0
                                                : rest > 9e8 ? 900000000L
                                                             : (long)rest};
            (void)nanosleep(&pause, NULL);
        }
        if (fd < 0 || !ask(worker, fd)) {
            worker->failed++;
            if (fd >= 0) {
                (void)close(fd);
            }
            fd = dial(load->port);
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void report(const load_plan *load, load_worker *workers)
{
    size_t samples = 0;
    size_t requests = 0;
    size_t failed = 0;
    for (unsigned i = 0; i < load->threads; i++) {
        samples += workers[i].samples;
        requests += workers[i].requests;
        failed += workers[i].failed;
    }
    uint32_t *all = calloc(samples + 1, sizeof *all);
    if (all == NULL) {
        return;
    }
    for (size_t i = 0, at = 0; i < load->threads; i++) {
        memcpy(all + at, workers[i].us, workers[i].samples * sizeof *all);
        at += workers[i].samples;
    }
    qsort(all, samples, sizeof *all, by_size);
    (void)printf("{\"requests\": %zu, \"failed\": %zu, \"p50_us\": %u, \"p99_us\": %u, "
                 "\"per_s\": %.0f}\n",
                 requests, failed, all[samples / 2], all[samples * 99 / 100],
                 (double)requests / load->seconds);
    free(all);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        (void)fputs("usage: gateway-load PORT THREADS SECONDS PER_SECOND hello|get|post|kms …\n",
                    stderr);
        return 2;
    }
    const load_plan load = {.port = (unsigned)strtoul(argv[1], NULL, 10),
                            .threads = (unsigned)strtoul(argv[2], NULL, 10),
                            .seconds = strtod(argv[3], NULL),
                            .per_second = strtod(argv[4], NULL),
                            .kind = argv[5],
                            .argument = argv + 6};
    const int wanted = strcmp(load.kind, "hello") == 0 ? 6 : strcmp(load.kind, "get") == 0 ? 8 : 9;
    pthread_t *threads = calloc(load.threads, sizeof *threads);
    load_worker *workers = calloc(load.threads, sizeof *workers);
    if (argc < wanted || threads == NULL || workers == NULL) {
        return 2;
    }
    for (unsigned i = 0; i < load.threads; i++) {
        workers[i] =
            (load_worker){.load = &load, .number = i, .us = calloc(SAMPLES, sizeof(uint32_t))};
        if (workers[i].us == NULL || pthread_create(&threads[i], NULL, work, &workers[i]) != 0) {
            return 2;
        }
    }
    for (unsigned i = 0; i < load.threads; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    report(&load, workers);
    return 0;
}
