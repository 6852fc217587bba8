#ifndef ZC_AUDIT_REASONS_H
#define ZC_AUDIT_REASONS_H

#include "base/result.h"

#define ZC_AUDIT_REASONS(X)                                                                        \
    X(BAD_KIND, 1, "a log entry is of a kind that this version does not know")                     \
    X(BAD_SHAPE, 2, "a log entry carries a field that its kind does not have, or lacks one")       \
    X(DETAIL_TOO_LONG, 3, "the public detail of a log entry is longer than the format allows")     \
    X(GROUP_TOO_LONG, 4, "a private group of a log entry is longer than the format allows")        \
    X(OPENING_MISMATCH, 5, "the disclosed bytes are not what the log entry commits to")            \
    X(OPENING_UNCOMMITTED, 6, "something is disclosed that the log entry does not commit to")      \
    X(BAD_SEQUENCE, 7, "the log does not count on: an entry is missing, doubled or out of place")  \
    X(BROKEN_CHAIN, 8, "a log entry does not continue from the entry before it")                   \
    X(TIME_BACKWARDS, 9, "a log entry is older than the entry before it")                          \
    X(BAD_BEGINNING, 10, "the log does not begin with a boot or a genesis entry")                  \
    X(BOOT_CHANGED, 11, "the boot changes without a boot entry, or a boot entry is repeated")      \
    X(MISSION_CHANGED, 12, "the mission changes without an entry that says so, and a boot")        \
    X(GENESIS_REPEATED, 13, "the deployment's genesis is in the log twice, or comes too late")     \
    X(UNKNOWN_KEY, 14, "a log entry uses a key whose creation is not in the log")                  \
    X(KEY_REPEATED, 15, "a key is created in the log a second time")                               \
    X(KEY_USES, 16, "a key's use counter does not count on: one of its signatures is missing")     \
    X(KEY_PREVIOUS, 17, "an entry does not name the key's previous entry: one is missing")         \
    X(SIGNED_WHEN_DISABLED, 18, "a key signs after it was disabled")                               \
    X(TOO_MANY_KEYS, 19, "the log names more keys than a deployment can hold")                     \
    X(SIGNED_WHILE_HALTED, 20, "a signature was allowed between a halt and its resume")            \
    X(TAIL_MISSING, 21, "the log ends before the entries that its checkpoint covers")              \
    X(ROOT_MISMATCH, 22, "the entries are not those that the checkpoint or proof covers")          \
    X(BAD_PROOF, 23, "the proof does not have the number of hashes that its tree sizes ask for")   \
    X(BAD_NOTE, 24, "not a signed note: text, an empty line and signature lines are wanted")       \
    X(NOT_SIGNED, 25, "the note carries no signature of the expected key")                         \
    X(BAD_NOTE_SIGNATURE, 26, "the note's signature does not fit its text")                        \
    X(BAD_NOTE_NAME, 27, "a signer's name is empty or holds a space, a plus or a control sign")    \
    X(BAD_NOTE_KEY, 28, "not a verifier key of the signed-note format for Ed25519")                \
    X(BAD_CHECKPOINT, 29, "not a checkpoint: origin, tree size and root hash lines are wanted")    \
    X(WRONG_ORIGIN, 30, "the checkpoint belongs to another log")                                   \
    X(BAD_TAG, 31, "the entry's tag was not made by this deployment")                              \
    X(CHECKPOINT_PASSED, 32, "the expected checkpoint lies before what has been checked already")

#define ZC_DECLARE_AUDIT_REASON(name, number, text)                                                \
    ZC_AUDIT_##name = ZC_REASON_CODE(ZC_MODULE_AUDIT, number),
enum { ZC_AUDIT_REASONS(ZC_DECLARE_AUDIT_REASON) };

#endif
