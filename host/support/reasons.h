#ifndef ZC_SUPPORT_REASONS_H
#define ZC_SUPPORT_REASONS_H

#include "base/result.h"

#define ZC_SUPPORT_REASONS(X)                                                                      \
    X(NOT_FOUND, 1, "there is no such file")                                                       \
    X(NO_PERMISSION, 2, "the file system does not permit it")                                      \
    X(IO, 3, "the file system reports an error")                                                   \
    X(TOO_LARGE, 4, "the file is larger than the limit")                                           \
    X(LOOSE_MODE, 5, "others than its owner may read a file that holds a secret")                  \
    X(DISK_FULL, 6, "the disk is full")                                                            \
    X(BAD_CREDENTIAL, 7, "the credential file does not hold an Ed25519 seed of 64 hex digits")     \
    X(BAD_NAME, 8,                                                                                 \
      "not a name: 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit")     \
    X(EXISTS, 9, "there is already a file of this name")                                           \
    X(STORE, 10, "the store's database reports an error")                                          \
    X(STORE_VERSION, 11, "the store was written by another version of zcpd")                       \
    X(STORE_MISSING, 12, "the store holds nothing of this kind and name")                          \
    X(JOURNAL_CORRUPT, 13, "the journal is damaged before its end")                                \
    X(JOURNAL_STOPPED, 14, "the journal stopped at an earlier write error and takes nothing more") \
    X(JOURNAL_BUSY, 15, "another process holds the journal")                                       \
    X(NO_MEMORY, 16, "the machine gave no memory")                                                 \
    X(BAD_JSON, 17, "not the JSON that is expected")                                               \
    X(SYNC_FAILED, 18, "the disk did not confirm that the data is safe")                           \
    X(BAD_ARGUMENT, 19, "the command line does not say what to do")

#define ZC_DECLARE_SUPPORT_REASON(name, number, text)                                              \
    ZC_SUPPORT_##name = ZC_REASON_CODE(ZC_MODULE_SUPPORT, number),
enum { ZC_SUPPORT_REASONS(ZC_DECLARE_SUPPORT_REASON) };

#endif
