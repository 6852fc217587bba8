/* Front and core as they run, each in a process of its own, around a machine that does as its
 * clients say; and a client that speaks TLS and records. */
#ifndef ZC_TESTS_RUNTIME_RIG_H
#define ZC_TESTS_RUNTIME_RIG_H

#include <stdbool.h>
#include <sys/types.h>

#include <openssl/ssl.h>

#include "base/slice.h"
#include "runtime/arena.h"
#include "wire/record.h"

/* What the stand-in machine does with a request, by its first byte; every reply repeats the
 * request.
 *   'e'  replies at once
 *   's'  stores: a frame 'S' ‖ u64be ordinal to the host, and a reply once that is acknowledged
 *   'c'  replies and closes
 *   'C'  stores and closes after the reply
 *   'b'  replies with RIG_BIG bytes
 *   'n'  puts the request to the security module and replies with its answer
 *   'w'  replies with whether the platform released the wrapping key
 *   'd'  says nothing
 * From the host: 'a' ‖ u64be acknowledges; 'x' ‖ u8 exits with that status; 'r' renews the
 * evidence; 'f' sends 1 MiB of frames. To the host: 'H' at the start, 'O' ‖ u64be at each session's
 * opening, 'D' ‖ u64be at each end that the machine hears of. */
#define RIG_BIG 60000

typedef struct rig_pair {
    pid_t core;
    pid_t front;
    int host_fd; /* blocking */
    /* OpenSSL's arenas, as they stand in the processes. Only in the first rig of a test program: a
     * process that has used OpenSSL can't give its children one. */
    const zc_arena *core_arena;
    const zc_arena *front_arena;
    char socket_path[108];
} rig_pair;

typedef struct rig_options {
    unsigned first_record_ms;
    unsigned record_ms;
    unsigned drain_ms;
    unsigned handshake_ms;
    unsigned fair_ms;
    unsigned max_handshakes;
    unsigned max_sessions;
} rig_options;

void rig_start(rig_pair *rig, const rig_options *options);
/* Asks core to exit, and expects both processes to end, core with the status asked for. */
void rig_stop(rig_pair *rig);
/* Descriptors that a process has open. */
size_t rig_descriptors(pid_t pid);
/* Waits until a process has as many descriptors as that; fails the test after five seconds. */
void rig_expect_descriptors(pid_t pid, size_t count);

/* The next frame from core that begins with this byte, skipping others; its length. */
size_t rig_host_receive(rig_pair *rig, char first, uint8_t *bytes, size_t capacity);
void rig_host_send(rig_pair *rig, const void *bytes, size_t len);
void rig_ack(rig_pair *rig, uint64_t ordinal);

typedef struct rig_client {
    int fd;
    zc_record_end sealer;
    zc_record_end opener;
} rig_client;

/* A connection, nothing sent yet. Receiving times out after ten seconds. */
int rig_connect(const rig_pair *rig);
/* A handshake over `fd`, which becomes the client's, with at most this TLS version. */
bool rig_handshake(int fd, int version, rig_client *ret_client);
void rig_open(const rig_pair *rig, rig_client *ret_client);
void rig_close(rig_client *client);
void rig_send(rig_client *client, const void *plain, size_t len);
/* The next reply's length; −1 when core has closed the connection. */
ssize_t rig_receive(rig_client *client, uint8_t *plain, size_t capacity);
/* Whether core or front has closed the connection without a further byte. */
bool rig_is_closed(int fd);
/* Sends a request and expects it back. */
void rig_expect_echo(rig_client *client, const char *text);

#endif
