#ifndef ZC_LOG_REASONS_H
#define ZC_LOG_REASONS_H

#include "base/result.h"

#define ZC_LOG_REASONS(X)                                                                          \
    X(BAD_TILE_PATH, 1, "not the name of a tile: tile/<level>/<number> or tile/entries/<number>")  \
    X(TILE_MISSING, 2, "a tile of the log that its checkpoint covers is not there")                \
    X(TILE_SIZE, 3, "a tile of the log is not as long as its name says")                           \
    X(TILE_MISMATCH, 4, "a tile does not hold the hashes or entries that the log has")             \
    X(BAD_BUNDLE, 5, "an entry bundle does not hold entries each behind its length")               \
    X(NOT_COVERED, 6, "the entry is not under a signed checkpoint yet")                            \
    X(NO_CHECKPOINT, 7, "there is no signed checkpoint here")                                      \
    X(ENTRY_TOO_LONG, 8, "an entry is longer than a bundle can hold")                              \
    X(NO_SUCH_ENTRY, 9, "no entry of the log is the one that is asked for")                        \
    X(BAD_PROOF_FILE, 10, "not a proof bundle of this version")                                    \
    X(BOOT_MISMATCH, 11, "the proof's boot is not the one that made its entry")                    \
    X(CLOSED_GROUP, 12, "the group is closed here: its salt was erased or withheld")               \
    X(BAD_COSIGNATURE, 13, "a witness's cosignature does not fit the checkpoint")                  \
    X(NO_COSIGNATURE, 14, "fewer witnesses cosigned the checkpoint than are asked for")            \
    X(WITNESS_BEHIND, 15, "the witness has seen another length of the log than was claimed")       \
    X(WITNESS_REFUSED, 16, "the witness refuses the checkpoint")                                   \
    X(UNREACHABLE, 17, "the server can't be reached, or does not answer as it should")             \
    X(COPY_DIFFERS, 18, "what is stored in the copy is not what was written there")                \
    X(REFUSED, 19, "the server refuses the request")                                               \
    X(INDEX, 20, "the index's database reports an error")                                          \
    X(OBJECT_EXISTS, 21, "the copy has an object of this name already, and none is replaced")      \
    X(NO_SUCH_OBJECT, 22, "the copy has no object of this name")                                   \
    X(NOT_HELD, 23, "the object is not held against deletion for as long as was asked for")        \
    X(NO_CREDENTIALS, 24, "there are no credentials for the place of the copy")                    \
    X(MISSION_MISMATCH, 25, "the mission that goes along is not the one that the entry names")     \
    X(INDEX_DIFFERS, 26, "the index has an entry otherwise than the log")

#define ZC_DECLARE_LOG_REASON(name, number, text)                                                  \
    ZC_LOG_##name = ZC_REASON_CODE(ZC_MODULE_LOG, number),
enum { ZC_LOG_REASONS(ZC_DECLARE_LOG_REASON) };

#endif
