#ifndef ZC_RUNTIME_REASONS_H
#define ZC_RUNTIME_REASONS_H

#include "base/result.h"

#define ZC_RUNTIME_REASONS(X)                                                                      \
    X(ARENA_TOO_SMALL, 1, "the memory given for OpenSSL is too small to be divided")               \
    X(ARENA_LATE, 2, "OpenSSL had already allocated memory when its arena was installed")          \
    X(WOULD_BLOCK, 3, "the other side is not reading fast enough")                                 \
    X(PEER_GONE, 4, "the process at the other end of a link has gone")                             \
    X(BAD_PACKET, 5, "front and core do not understand each other's packets")                      \
    X(BAD_FRAME, 6, "the host sent a frame that is empty or longer than the limit")                \
    X(NO_DESCRIPTOR, 7, "the kernel refused a descriptor or an option on one")                     \
    X(TLS_SETUP, 8, "OpenSSL refused the TLS settings that every session needs")                   \
    X(TLS_KEY, 9, "the TLS key could not be made or written")                                      \
    X(TLS_CERTIFICATE, 10, "the TLS certificate from core does not fit front's key")               \
    X(TLS_HANDSHAKE, 11, "a client's handshake failed")                                            \
    X(BAD_HELLO, 12, "a connection does not begin with a TLS ClientHello of sensible size")        \
    X(SESSIONS_FULL, 13, "as many sessions are open as the enclave can hold")                      \
    X(NO_ENTROPY, 14, "the platform gave no randomness")                                           \
    X(HOST_STUCK, 15, "the host does not read what the enclave must store")                        \
    X(TOO_MUCH_NSM, 16, "too many requests to the security module are under way")                  \
    X(WARM_UP, 17, "a cryptographic self-test at start failed")                                    \
    X(BAD_SHARED, 18, "the other side of shared memory breaks its rules")

#define ZC_DECLARE_RUNTIME_REASON(name, number, text)                                              \
    ZC_RUNTIME_##name = ZC_REASON_CODE(ZC_MODULE_RUNTIME, number),
enum { ZC_RUNTIME_REASONS(ZC_DECLARE_RUNTIME_REASON) };

#endif
