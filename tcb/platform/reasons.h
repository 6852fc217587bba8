#ifndef ZC_PLATFORM_REASONS_H
#define ZC_PLATFORM_REASONS_H

#include "base/result.h"

#define ZC_PLATFORM_REASONS(X)                                                                     \
    X(NSM_UNREACHABLE, 1, "the security module does not answer")                                   \
    X(NSM_REQUEST_TOO_LONG, 2, "the request is longer than the security module takes")             \
    X(NSM_RESPONSE_TOO_LONG, 3, "the security module's answer is longer than the caller's buffer") \
    X(NO_RANDOM, 4, "the platform gave no random bytes")                                           \
    X(NO_WRAP_KEY, 5,                                                                              \
      "the platform did not release the wrapping key: is the mission's PCR extended and locked?")  \
    X(NO_CLOCK, 6, "the platform has no time to give")                                             \
    X(PCR_NOT_LOCKED, 7, "a measurement that must be locked can still be extended")                \
    X(NO_VSOCK, 8, "the kernel gave no vsock socket: are its modules loaded?")                     \
    X(NO_HEARTBEAT, 9, "the parent instance does not answer the enclave's sign of life")

#define ZC_DECLARE_PLATFORM_REASON(name, number, text)                                             \
    ZC_PLATFORM_##name = ZC_REASON_CODE(ZC_MODULE_PLATFORM, number),
enum { ZC_PLATFORM_REASONS(ZC_DECLARE_PLATFORM_REASON) };

#endif
