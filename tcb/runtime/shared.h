/* A session's bytes through memory that client and core share, instead of through a socket.
 *
 * Two lanes of ZC_SHARED_BYTES, one for each direction, each with one writer and one reader, carry
 * the same records as the socket. The socket stays open: its closing ends the session, and a byte
 * on it is a bell for an end that sleeps.
 *
 * The memory belongs to the other side as much as to ours. So an end keeps its own counts in
 * private memory and only publishes them; the other's count is read once and held against what is
 * possible; places are masked; and bytes are copied out before anything looks at them, so that what
 * was checked can't change. All that is left to a hostile other side is to send what it could have
 * sent through the socket. */
#ifndef ZC_RUNTIME_SHARED_H
#define ZC_RUNTIME_SHARED_H

#include <stdatomic.h>

#include "base/slice.h"
#include "runtime/reasons.h"

/* Of one lane: a power of two, and more than any record. */
#define ZC_SHARED_BYTES ((uint32_t)1 << 17)
#define ZC_SHARED_HEAD ((size_t)4096)
#define ZC_SHARED_SIZE (ZC_SHARED_HEAD + 2 * (size_t)ZC_SHARED_BYTES)

/* The plaintext of the record by which a client asks for shared memory once it is authenticated and
 * nothing is under way; no request begins with this byte. The answer is a record with this byte and
 * one that is 1 when the memory's descriptor comes along (SCM_RIGHTS), and 0 when there is none to
 * be had: the session goes on through its socket. */
#define ZC_SHARED_ASK 0xf6
#define ZC_SHARED_ANSWER_SIZE 2

/* Counts of bytes since the beginning, modulo 2^32. Each on a line of its own: they are written by
 * different processors. */
typedef struct zc_shared_lane {
    _Alignas(64) _Atomic uint32_t put;          /* by the writer */
    _Alignas(64) _Atomic uint32_t taken;        /* by the reader */
    _Alignas(64) _Atomic uint32_t reader_waits; /* the reader sleeps until a bell */
    _Alignas(64) _Atomic uint32_t writer_waits; /* the lane was full, and the writer sleeps */
} zc_shared_lane;

/* One end. Its counts are what it goes by, whatever stands in the memory. */
typedef struct zc_shared_end {
    zc_shared_lane *out;
    zc_shared_lane *in;
    uint8_t *out_bytes;
    const uint8_t *in_bytes;
    uint32_t put;
    uint32_t taken;
} zc_shared_end;

typedef enum zc_shared_side { ZC_SHARED_CORE, ZC_SHARED_CLIENT } zc_shared_side;

/* Core's part: makes memory of ZC_SHARED_SIZE that can't change its size any more, and maps it.
 * The caller closes *ret_fd and unmaps. Errors: ZC_RUNTIME_NO_DESCRIPTOR. */
ZC_MUST_USE zc_result zc_shared_make(int *ret_fd, void **ret_memory);
/* The client's: maps what it was given, if its size is right and sealed: reading could otherwise
 * kill the process. `fd` stays the caller's, who unmaps. Errors: ZC_RUNTIME_NO_DESCRIPTOR,
 * ZC_RUNTIME_BAD_SHARED. */
ZC_MUST_USE zc_result zc_shared_map(int fd, void **ret_memory);
void zc_shared_unmap(void *memory);

/* One side's end of fresh memory. */
zc_shared_end zc_shared_end_of(void *memory, zc_shared_side side);

/* Copies out what is there, at most `room` bytes; 0 when there is nothing. Errors:
 * ZC_RUNTIME_BAD_SHARED, for good. */
ZC_MUST_USE zc_result zc_shared_receive(zc_shared_end *end, uint8_t *ret_bytes, size_t room,
                                        size_t *ret_len);
/* Puts in what there is room for, perhaps nothing. Errors: ZC_RUNTIME_BAD_SHARED. */
ZC_MUST_USE zc_result zc_shared_send(zc_shared_end *end, const uint8_t *bytes, size_t len,
                                     size_t *ret_sent);

/* Whether there is something to read. Says nothing about whether it makes sense. */
static inline bool zc_shared_has_input(const zc_shared_end *end)
{
    return atomic_load_explicit(&end->in->put, memory_order_acquire) != end->taken;
}
/* Whether there is room to write. */
static inline bool zc_shared_has_room(const zc_shared_end *end)
{
    return end->put - atomic_load_explicit(&end->out->taken, memory_order_acquire) <
           ZC_SHARED_BYTES;
}
/* Whether the other end sleeps and wants a bell after what was sent or received; true once. */
bool zc_shared_must_ring(zc_shared_end *end);
/* Before sleeping: asks for a bell at the next bytes, and with `for_room` at the next room. The
 * caller then looks once more before it sleeps: a change that came before is not rung for. */
void zc_shared_arm(zc_shared_end *end, bool for_room);
/* After sleeping. */
void zc_shared_disarm(zc_shared_end *end);

#endif
