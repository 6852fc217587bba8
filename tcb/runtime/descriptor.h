/* Descriptors and the packets that pass them between front and core. Each descriptor has one owner
 * at any time, and a sent one is the receiver's. */
#ifndef ZC_RUNTIME_DESCRIPTOR_H
#define ZC_RUNTIME_DESCRIPTOR_H

#include "base/slice.h"
#include "runtime/reasons.h"

/* Closes *fd unless it is −1, and sets it to −1. */
void zc_fd_close(int *fd);
/* Errors: ZC_RUNTIME_NO_DESCRIPTOR. */
ZC_MUST_USE zc_result zc_fd_set_nonblocking(int fd);

/* One packet on a SOCK_SEQPACKET socket, with a copy of `passed` unless it is −1; the caller keeps
 * its own. Never blocks. Errors: ZC_RUNTIME_WOULD_BLOCK, ZC_RUNTIME_PEER_GONE. */
ZC_MUST_USE zc_result zc_packet_send(int fd, zc_slice packet, int passed);
/* Receives a packet into `buffer`, and at most one descriptor, which becomes the caller's; −1 when
 * there was none. Never blocks. A packet that is cut short or empty, or that carries more
 * descriptors, leaves none behind. Errors: ZC_RUNTIME_WOULD_BLOCK, ZC_RUNTIME_PEER_GONE,
 * ZC_RUNTIME_BAD_PACKET; ZC_RUNTIME_NO_DESCRIPTOR when the process has as many descriptors as it
 * may, or was sent too many: the packet is lost. */
ZC_MUST_USE zc_result zc_packet_receive(int fd, zc_buffer buffer, size_t *ret_len, int *ret_passed);

#endif
