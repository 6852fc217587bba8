#ifndef ZC_ENCLAVE_REASONS_H
#define ZC_ENCLAVE_REASONS_H

#include "base/result.h"

#define ZC_ENCLAVE_REASONS(X)                                                                      \
    X(WRONG_PHASE, 1, "the enclave does not take this message in its present phase")               \
    X(NOT_AUTHENTICATED, 2, "the session has not proved who it is")                                \
    X(UNKNOWN_PRINCIPAL, 3, "the mission names no principal with this credential")                 \
    X(BAD_AUTHENTICATION, 4, "the credential's signature does not fit this session")               \
    X(NOT_PERMITTED, 5, "the mission does not give this principal the role that this needs")       \
    X(UNKNOWN_KEY, 6, "there is no key of this name")                                              \
    X(KEY_DISABLED, 7, "the key is disabled")                                                      \
    X(TOO_MANY_SESSIONS, 8, "the enclave serves as many sessions as it can")                       \
    X(WRONG_ROOT, 9, "the root secret is not the one that this deployment was born with")          \
    X(WRONG_MISSION, 10,                                                                           \
      "the deployment was not born with this mission, nor did its log change to it")               \
    X(BAD_JOURNAL, 11, "the stored log does not continue as this enclave wrote it")                \
    X(KEY_WITHOUT_BIRTH, 12,                                                                       \
      "a sealed key has no entry in the log: the log was cut or belongs to another store")         \
    X(REPLAY_DIFFERS, 13, "replaying the log gives another decision than the log records")         \
    X(NSM_FAILED, 14, "the security module refused a request")                                     \
    X(WRAP_KEY_FAILED, 15, "the platform did not release the root's wrapping key")                 \
    X(QUORUM_NOT_MET, 16, "not enough founders have signed the genesis statement")                 \
    X(NOT_AN_ETHEREUM_KEY, 17, "the key's curve does not sign for this kind of chain")             \
    X(USE_NOT_SUPPORTED, 18, "this version does not sign this kind of payload")                    \
    X(NO_IMPORT_KEY, 19, "ask this session for an import key first: each opens one import")        \
    X(KEYRING_FULL, 20, "the enclave holds as many keys as it can")                                \
    X(BUSY, 21, "too many requests to the security module are under way; try again")               \
    X(EFFECTS_FULL, 22, "one step produced more than its buffer holds")                            \
    X(ROOT_UNREADABLE, 23,                                                                         \
      "the sealed root does not open here: it was sealed under another image or mission")          \
    X(KEY_UNREADABLE, 24,                                                                          \
      "a sealed key does not open here: it was sealed under another image, mission or deployment") \
    X(NOT_HALTED, 25, "the enclave is not halted")                                                 \
    X(UNKNOWN_OPERATION, 26, "the enclave does not know this operation")                           \
    X(KEY_LOST, 27,                                                                                \
      "the log knows this key from before, but its sealed form is gone: bring back the store's "   \
      "copy and restart")                                                                          \
    X(INTENT_TOO_LONG, 28, "what the payload would do takes more room than a log entry has")       \
    X(ARTEFACT_TOO_LONG, 29, "the signed form would be longer than an answer can be")              \
    X(VENUE_KEY, 30, "the key belongs to a trading venue: it signs that venue's orders alone")     \
    X(OTHER_VENUE, 31, "the key belongs to another venue than the order is for")                   \
    X(HMAC_KIND, 32,                                                                               \
      "the venue's HMAC has another hash than this key: import the secret as that kind")           \
    X(ORDER_TIME, 33, "the order's own time is more than a minute ahead of the enclave's clock")   \
    X(ORDER_EXPIRED, 34, "the venue would not take this request any more: it has expired")         \
    X(NOT_MADE_HERE, 35,                                                                           \
      "keys of this kind are not made here: the venue or its user makes them, import it")          \
    X(LOG_BEHIND, 40, "the host does not confirm log entries: nothing is signed until it does")    \
    X(NOT_WITNESSED, 41,                                                                           \
      "the log's witnesses have not cosigned for too long: another copy may be running, or the "   \
      "log was rolled back")                                                                       \
    X(STOPPING, 42, "the enclave is being stopped: nothing more is signed")                        \
    X(RENDER_TOO_LONG, 44,                                                                         \
      "what the request would do is too long to be shown whole: nobody can approve it")            \
    X(MANY_SETTLEMENTS, 45, "the feed's message settles more than 32 signatures: send several")    \
    X(NOTHING_TO_REVOKE, 46, "the mission has no principal or rule of this name")                  \
    X(RULE_ALLOWS_NOTHING, 47, "the rule allows nothing: only what allows can be taken away")      \
    X(REVOKED_ALREADY, 48, "it is revoked already")                                                \
    X(MISSION_FIXED, 49, "the mission does not say who may change it: it can't be changed")        \
    X(CHANGE_UNDER_WAY, 50,                                                                        \
      "another change of the mission is under way: withdraw it, or let it expire")                 \
    X(NO_CHANGE, 51, "no such change of the mission is under way")                                 \
    X(CHANGE_NOTHING, 52, "that mission is in force already")                                      \
    X(CHANGE_SIGNATURE, 53, "the signature is not this principal's over this very change")         \
    X(CHANGE_EXPIRY, 54, "the signature has expired, or would live longer than the change")        \
    X(CHANGE_SIGNED, 55, "this principal has signed the change already")                           \
    X(CHANGE_EARLY, 56, "the delay that the mission names has not passed yet")                     \
    X(CHANGE_QUORUM, 57,                                                                           \
      "not enough members, or not of enough organisations, have signed the change")                \
    X(MISSION_SUPERSEDED, 58, "the log says that this mission was changed for another")            \
    X(BAD_SNAPSHOT, 60, "the snapshot is not whole, or not the state that it says it is")

#define ZC_DECLARE_ENCLAVE_REASON(name, number, text)                                              \
    ZC_ENCLAVE_##name = ZC_REASON_CODE(ZC_MODULE_ENCLAVE, number),
enum { ZC_ENCLAVE_REASONS(ZC_DECLARE_ENCLAVE_REASON) };

#endif
