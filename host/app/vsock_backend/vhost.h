/* The backend's half of vhost-user: the emulator says where the guest's memory and rings are.
 * Source: QEMU, docs/interop/vhost-user.rst. */
#ifndef ZC_VSOCK_VHOST_H
#define ZC_VSOCK_VHOST_H

#include "guest.h"

/* Handles one message on a blocking socket. `guest_cid` is what the guest is told its address is.
 * False: the emulator has gone, or speaks another language. */
bool zc_vhost_handle(int fd, zc_guest *guest, uint64_t guest_cid);

#endif
