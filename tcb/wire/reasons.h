#ifndef ZC_WIRE_REASONS_H
#define ZC_WIRE_REASONS_H

#include "base/result.h"

#define ZC_WIRE_REASONS(X)                                                                         \
    X(UNKNOWN_MESSAGE, 1, "a message is of a kind that this side does not take")                   \
    X(WRONG_FIELDS, 2,                                                                             \
      "a message lacks a field, repeats one, has one too many or has them out of order")           \
    X(FIELD_TOO_LONG, 3, "a field of a message is longer than its limit")                          \
    X(FIELD_RANGE, 4, "a field of a message has a value that is not defined for it")               \
    X(BAD_RECORD, 5, "a record was altered, replayed, reordered or cut on its way")                \
    X(SESSION_OVER, 6, "the session ended when one of its records failed")                         \
    X(RECORDS_SPENT, 7, "the session has used every record number that it has")                    \
    X(FRAME_TOO_LONG, 8, "a frame announces more bytes than its limit")                            \
    X(FRAME_TOO_SHORT, 9, "a frame announces fewer bytes than any message needs")

#define ZC_DECLARE_WIRE_REASON(name, number, text)                                                 \
    ZC_WIRE_##name = ZC_REASON_CODE(ZC_MODULE_WIRE, number),
enum { ZC_WIRE_REASONS(ZC_DECLARE_WIRE_REASON) };

#endif
