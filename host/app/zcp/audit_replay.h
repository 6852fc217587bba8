/* Private to `zcp audit replay`: what it holds while it decides a log again. */
#ifndef ZC_ZCP_AUDIT_REPLAY_H
#define ZC_ZCP_AUDIT_REPLAY_H

#include "audit/opening.h"
#include "audit/verifier.h"
#include "commands.h"
#include "enclave/change/pending.h"
#include "intent/intent.h"
#include "policy/policy.h"
#include "support/error.h"
#include "support/journal.h"

/* What a mission makes of the log. */
typedef struct zc_replay_view {
    zc_mission mission;
    zc_policy_state policy;
} zc_replay_view;

typedef struct zc_replay {
    const zc_invocation *invocation;
    zc_replay_view own;
    zc_replay_view proposed;
    bool proposes;
    zc_audit_verifier verifier;
    void *keys; /* the verifier's */
    zc_intent intent;
    uint8_t deployment_id[32]; /* from the genesis entry */
    uint8_t mission_hash[32];  /* of `own`, which the next entry is under */
    bool has_mission;
    bool halted; /* the log, where an entry is decided */
    zc_change change;
    uint64_t changes; /* of the mission, so far */
    const char *save; /* --save FILE, or NULL */
    bool saved;
    uint64_t from;        /* --from: the first entry that is decided here */
    uint64_t from_offset; /* where its frame begins, if it is there */
    uint64_t decisions;
    uint64_t changed;
    bool has_checkpoint; /* one with the policy's digest */
    uint64_t checkpoint_size;
    int64_t checkpoint_clock;
    uint8_t checkpoint_policy[32];
    bool state_checked;
    char fault[320];
} zc_replay;

/* What an entry that is no decision does to the state. Under a proposed mission, what it knows
 * nothing of is passed over. Returns the log's own fault. */
ZC_MUST_USE zc_result zc_replay_take_change(zc_replay *replay, const zc_audit_entry *entry,
                                            zc_slice opening);
/* Holds a request that `view` answered with REVIEW. */
ZC_MUST_USE zc_result zc_replay_keep(zc_replay *replay, zc_replay_view *view,
                                     const zc_request_context *context,
                                     const uint8_t leaf[static 32]);

/* Decides a decision of the mission in force once more, and compares nothing. */
ZC_MUST_USE zc_result zc_replay_decide_again(zc_replay *replay, const zc_audit_entry *entry,
                                             const zc_audit_opening *opening,
                                             const uint8_t leaf[static 32]);

/* audit_replay_missions.c */
/* Takes the mission with this hash from the folder. Errors: ZC_SUPPORT_NOT_FOUND, those of the
 * parser. */
ZC_MUST_USE zc_result zc_replay_load_mission(zc_replay *replay, const uint8_t hash[static 32]);
/* The same in the place of another, and counts the entries before number `before` by its rules. */
ZC_MUST_USE zc_result zc_replay_change_over(zc_replay *replay, const uint8_t hash[static 32],
                                            uint64_t before);
/* A step of the mission's change: whether it could be taken then. */
ZC_MUST_USE zc_result zc_replay_take_step(zc_replay *replay, const zc_audit_entry *entry,
                                          const zc_audit_opening *opening);

/* audit_replay_state.c */
/* Writes the state, where the newest checkpoint ends, to replay->save. `offset`: of the journal's
 * next frame. */
ZC_MUST_USE zc_result zc_replay_save(const zc_replay *replay, uint64_t offset, zc_error *error);
/* Goes on from such a file. */
ZC_MUST_USE zc_result zc_replay_go_on_from(zc_replay *replay, const char *file, zc_error *error);
/* A checkpoint's "policy <hex> <ms>". False: it has none. */
bool zc_replay_policy_line(zc_slice extension, uint8_t ret_digest[static 32], int64_t *ret_ms);

#endif
