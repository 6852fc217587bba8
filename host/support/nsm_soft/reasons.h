#ifndef ZC_NSM_SOFT_REASONS_H
#define ZC_NSM_SOFT_REASONS_H

#include "base/result.h"

#define ZC_NSM_SOFT_REASONS(X)                                                                     \
    X(ALREADY_INSTALLED, 1,                                                                        \
      "the development root exists already: it is made once and never replaced in place")          \
    X(NO_DIRECTORY, 2, "the deployment's folder does not exist")                                   \
    X(NOT_PERMITTED, 3, "the platform folder or a file in it may not be read or written")          \
    X(NOT_INSTALLED, 4, "no development root here: 'zcp up' makes one in a new deployment folder") \
    X(TOO_OPEN, 5,                                                                                 \
      "a secret file of the platform folder belongs to or may be read by another user: chmod 600") \
    X(DAMAGED, 6, "a file of the platform folder is damaged or does not belong to the others")     \
    X(IO, 7, "a file of the platform folder could not be written: is the disk full?")              \
    X(CRYPTO, 8, "libcrypto failed to make a key or a certificate")                                \
    X(NO_MEASUREMENT, 9, "the running program could not be read to measure it")                    \
    X(LINK_CLOSED, 10, "the other end of the link to the security module is gone")                 \
    X(LINK_FAILED, 11, "the link to the security module failed")                                   \
    X(BAD_PROFILE, 20, "the sandbox was asked for an impossible profile")                          \
    X(NO_SECCOMP, 21, "the system-call filter could not be installed: this kernel lacks seccomp")  \
    X(NO_NEW_PRIVS, 22, "the process could not give up gaining privileges")                        \
    X(DUMPABLE, 23, "the process could not be closed to debuggers and core files")                 \
    X(DESCRIPTORS, 24, "descriptors that the sandbox must not have could not be closed")           \
    X(CAPABILITIES, 25, "the process could not drop its capabilities")                             \
    X(PARENT_GONE, 26, "the parent process ended before the sandbox was closed")                   \
    X(NO_FORK, 27, "the kernel made no process for the sandbox")

#define ZC_DECLARE_NSM_SOFT_REASON(name, number, text)                                             \
    ZC_NSM_SOFT_##name = ZC_REASON_CODE(ZC_MODULE_NSM_SOFT, number),
enum { ZC_NSM_SOFT_REASONS(ZC_DECLARE_NSM_SOFT_REASON) };

#endif
