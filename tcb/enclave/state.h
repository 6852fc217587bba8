/* Everything that the enclave knows, in one object. Private to the module. */
#ifndef ZC_ENCLAVE_STATE_H
#define ZC_ENCLAVE_STATE_H

#include "attest/binding.h"
#include "attest/genesis.h"
#include "audit/chain.h"
#include "audit/opening.h"
#include "audit/verifier.h"
#include "compose/compose.h"
#include "crypto/random.h"
#include "enclave/batch.h"
#include "enclave/beside.h"
#include "enclave/change/change.h"
#include "enclave/counts.h"
#include "enclave/enclave.h"
#include "enclave/snapshot.h"
#include "intent/bitcoin.h"
#include "intent/intent.h"
#include "keys/derive.h"
#include "keys/keyring.h"
#include "keys/seal.h"
#include "policy/mission.h"
#include "policy/policy.h"
#include "wire/hostlink.h"
#include "wire/message.h"

/* Sessions that may be open at once; a power of two, twice as many places as sessions. */
#define ZC_ENCLAVE_SESSIONS_MAX 10240
#define ZC_ENCLAVE_SESSION_SLOTS 32768
/* Questions to the security module that may be open at once. */
#define ZC_ENCLAVE_WAITS_MAX 64
/* A session's document may be the current one or the one before. */
#define ZC_ENCLAVE_DOCUMENTS 2
/* A document is made anew this often, well within the three hours of its certificate. */
#define ZC_ENCLAVE_DOCUMENT_MS INT64_C(600000)
#define ZC_ENCLAVE_TLS_DAYS 2

/* Secrets live here and nowhere else: the struct stands in the caller's vault. */
typedef struct zc_enclave_secrets {
    zc_drbg drbg;
    zc_secret32 root;
    zc_signer identity;  /* deployment identity, P-256 */
    zc_signer log_key;   /* Ed25519 */
    zc_hmac_key tag_key; /* the journal's tags */
    zc_seal_keys seal;
    zc_signer signer[ZC_KEYS_RESIDENT];
    zc_venue_secret venue[ZC_KEYS_MAX_VENUE];
    uint8_t request_bytes[ZC_COMPOSE_MAX_FINISHED]; /* scratch: it may hold a passphrase */
} zc_enclave_secrets;

typedef struct zc_session {
    uint64_t id; /* 0: a free place */
    bool authenticated;
    bool has_import_salt;
    uint32_t principal; /* index in the mission */
    uint8_t binding[32];
    uint8_t document_sha256[32];
    uint8_t import_salt[32]; /* the import key follows from it and the root */
    uint64_t reply_after; /* what its last signature waits for: later answers don't overtake it */
} zc_session;

/* Checkpoints of this boot that may still come back with cosignatures: one a second. */
#define ZC_ENCLAVE_CHECKPOINTS 64
/* A step of the machine's clock beyond this is logged. */
#define ZC_ENCLAVE_CLOCK_STEP_MS 2000
/* So long may entries be without the witnesses' cosignatures before nothing more is signed. */
#define ZC_ENCLAVE_UNWITNESSED_MS INT64_C(10000)
/* What may wait for the host beyond max_unacked, with its replies held back, before signing is
 * refused; and the part of it that is kept for orders that reduce, so that they, halts and
 * whatever else does not sign still have room. */
#define ZC_ENCLAVE_IN_FLIGHT_MAX 4096
#define ZC_ENCLAVE_IN_FLIGHT_KEPT 512

typedef struct zc_signed_checkpoint {
    uint64_t size;
    int64_t taken_ms;
    uint8_t root[32];
} zc_signed_checkpoint;

/* What an answer of the security module is for. */
typedef enum zc_wait_purpose {
    ZC_WAIT_PCR0 = 1,
    ZC_WAIT_EXTEND,
    ZC_WAIT_LOCK,
    ZC_WAIT_BOOT_DOCUMENT,
    ZC_WAIT_REFRESH,
    ZC_WAIT_ATTEST,
    ZC_WAIT_IMPORT,
} zc_wait_purpose;

typedef struct zc_wait {
    zc_wait_purpose purpose;
    uint64_t session;
    uint64_t request;
    uint8_t import_key[32];
} zc_wait;

/* Refusals of one principal: the first of each minute are logged one by one, the rest as a count.
 */
typedef struct zc_denial_count {
    int64_t minute; /* that `logged` counts in */
    uint64_t logged;
    uint64_t coalesced;
    int64_t coalesced_minute; /* of the first of them */
} zc_denial_count;

struct zc_enclave {
    zc_enclave_config config;
    zc_phase phase;
    bool stopped; /* a fatal error was reported: every later event is ignored */
    int64_t now_ms;
    uint64_t now_ns;
    int64_t started_ms;
    uint8_t boot_id[16];
    uint8_t pcr0[48];
    uint8_t pcr16[48];
    uint64_t ordinal; /* of the last thing handed to the host for keeping */
    uint64_t acked;

    /* Starting. */
    bool has_genesis; /* the host brought a genesis record */
    bool wrap_key_asked;
    bool root_open;
    size_t mission_len; /* of the parts of the mission that came so far */
    uint8_t mission_bytes[ZC_MISSION_MAX_BYTES];
    bool loaded;              /* the host has no more to bring, or the deployment was born now */
    bool boot_document_asked; /* once; its answer begins the serving */
    bool halted_in_log;
    uint64_t genesis_ordinal; /* serving goes on once this is durable; 0: not waited for */
    uint8_t genesis_record[ZC_GENESIS_RECORD_MAX];
    size_t genesis_len;
    uint8_t statement[ZC_GENESIS_STATEMENT_MAX];
    size_t statement_len;
    uint8_t sealed_root[ZC_SEALED_ROOT_MAX];
    size_t sealed_root_len;
    zc_genesis genesis;

    /* What the deployment is. */
    zc_attest_binding binding;
    uint8_t mission_hash[32];
    zc_mission mission;
    zc_policy_state policy;
    zc_beside beside;
    zc_changes changes;
    zc_keyring keyring;

    /* Front and its evidence. */
    bool has_front_key;
    uint8_t front_spki[ZC_SPKI_MAX];
    size_t front_spki_len;
    uint8_t document_sha256[ZC_ENCLAVE_DOCUMENTS][32];
    size_t document_count;
    int64_t document_ms;
    uint8_t document[ZC_DOCUMENT_MAX]; /* the current one, for who asks for none over a nonce */
    size_t document_len;
    bool refresh_asked; /* the next one is under way */

    /* The log. */
    zc_audit_log log;
    zc_audit_verifier verifier; /* its tree is brought up when a snapshot is made */
    zc_snapshots snapshots;
    bool checkpoint_wanted; /* taken, and signed once its last entry is durable */
    uint64_t checkpoint_ordinal;
    uint64_t checkpoint_size;
    uint8_t checkpoint_root[32];
    int64_t checkpoint_ms;
    uint64_t checkpoint_last;  /* size of the last one signed */
    uint64_t checkpoint_clock; /* the policy's time then, and its state's digest */
    uint8_t checkpoint_policy[32];
    bool clock_known;
    int64_t clock_ahead_ms; /* of the monotonic clock, at the last tick */
    uint64_t floor_ordinal; /* every reply waits for this, whatever max_unacked allows */
    bool stopping;          /* the host wants an end: nothing more is signed */
    bool stop_snapshot;     /* the last entry is made, and a snapshot of it begun if worth it */
    uint64_t stop_ordinal;

    /* Its witnesses. */
    zc_signed_checkpoint signed_checkpoint[ZC_ENCLAVE_CHECKPOINTS];
    size_t signed_count;    /* of this boot; the place is modulo the size */
    uint64_t cosigned_size; /* of the newest checkpoint that enough of them cosigned */
    int64_t uncosigned_ms;  /* when the first entry beyond it was made, or earlier */
    bool witnesses_seen;
    bool tail_lost;           /* this boot goes on without them: LOST_TAIL stands in its log */
    uint64_t boot_size;       /* of the log with this boot's entry */
    size_t boot_document_len; /* it waits for the witnesses; 0: not any more */
    uint8_t boot_document[ZC_DOCUMENT_MAX];

    /* People. */
    zc_session session[ZC_ENCLAVE_SESSION_SLOTS];
    size_t session_count;
    uint64_t resume_votes; /* one bit a principal */
    zc_denial_count denials[ZC_MISSION_MAX_PRINCIPALS];
    zc_counts counts;
    zc_wait wait[ZC_ENCLAVE_WAITS_MAX];
    size_t wait_first;
    size_t wait_count;
    uint64_t signatures;
    uint64_t denial_count;

    zc_enclave_secrets *secrets; /* in the vault */

    /* Scratch of one step. */
    zc_intent intent;
    zc_composition composition; /* of an order */
    uint8_t venue_signature[ZC_COMPOSE_MAX_SIGNATURE];
    zc_sign_batch batch;
    uint8_t entry_bytes[ZC_AUDIT_ENTRY_MAX];
    uint8_t opening_bytes[ZC_OPENING_MAX];
    uint8_t group_bytes[ZC_AUDIT_GROUPS][ZC_INTENT_MAX_ENCODED];
    uint8_t key_bytes[ZC_SEALED_KEY_MAX];
    uint8_t birth_bytes[512];
    uint8_t list_bytes[32 * 1024];
    uint8_t artefact_bytes[ZC_ARTEFACT_MAX];
    zc_bitcoin_signing psbt_signings[ZC_PSBT_MAX_INPUTS];
    zc_signature signature_list[ZC_PSBT_MAX_INPUTS]; /* the first is the reply's */
};

#endif
