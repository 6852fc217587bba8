/* The enclave's step as the runtime drives it, with everything around it in memory: a host that
 * keeps what it is told to keep and gives it back, a security module, and clients with real
 * credentials. Time and entropy are the test's, so that two runs give the same bytes.
 *
 * What the driver itself takes for granted ends the process when it does not hold: unit tests and
 * fuzz targets share it. */
#ifndef ZC_TESTS_ENCLAVE_DRIVER_H
#define ZC_TESTS_ENCLAVE_DRIVER_H

#include "audit/verifier.h"
#include "crypto/signer.h"
#include "enclave/enclave.h"
#include "intent/order.h"
#include "keys/material.h"
#include "keys/seal_snapshot.h"
#include "policy/build.h"
#include "wire/hostlink.h"
#include "wire/message.h"

/* 2026-01-01 */
#define DRIVER_T0 INT64_C(1767225600000)
#define DRIVER_SECOND 1000
#define DRIVER_MINUTE 60000
#define DRIVER_PENDING 64
/* That its enclave has room for, and some more that its log may name. */
#define DRIVER_KEYS 8192

/* Principals of the mission. Two founders are needed, and two approvers to resume. */
enum { ALICE, BOB, CAROL, BOT, AUDITOR, STRANGER };
#define FOUNDERS ((1u << ALICE) | (1u << BOB) | (1u << CAROL))
/* Assets. */
enum { ETH, USDC };

typedef struct driver_blob {
    uint8_t *data;
    size_t len;
} driver_blob;

typedef struct driver_entry {
    driver_blob entry;
    driver_blob opening;
    uint8_t tag[32];
} driver_entry;

typedef struct driver_key {
    char name[64];
    driver_blob sealed;
} driver_key;

/* What a host has on its disk. */
typedef struct driver_store {
    driver_blob mission;
    driver_blob genesis;
    driver_blob root;
    driver_blob checkpoint;
    driver_entry *entry;
    size_t entry_count;
    driver_key *key;
    size_t key_count;
    driver_blob *piece; /* of the newest snapshot */
    size_t piece_count;
} driver_store;

typedef struct driver {
    size_t keys; /* that it has room for */
    zc_enclave *enclave;
    zc_vault vault;
    zc_effects *effects;
    bool powered;
    int64_t now_ms;
    uint8_t boot; /* counts boots, and is their entropy */

    driver_store store;
    zc_audit_verifier verifier; /* has taken every entry that was stored */
    uint8_t *verifier_keys;
    bool check_log; /* an entry that the verifier refuses ends the process */
    bool auto_ack;  /* everything is durable at once */
    bool auto_nsm;  /* the security module answers at once */

    /* What the enclave said. */
    bool hello;
    bool serving;
    bool exited;
    uint16_t fatal;
    bool snapshot_answered;
    uint64_t snapshot_sequence; /* entries from here on are wanted */
    uint16_t snapshot_code;
    uint64_t ordinal; /* of the last thing to be stored */
    uint64_t acked;
    driver_blob statement;
    uint8_t deployment_id[32];
    driver_blob document; /* what front shows */
    size_t evidence_count;
    size_t reply_count; /* since the last request */
    size_t close_count;
    uint64_t closed; /* session */
    uint64_t reply_session;
    uint64_t reply_after;
    uint8_t reply[70000];
    size_t reply_len;

    /* The security module. */
    uint8_t pcr[32][48];
    bool pcr0_unlocked;
    bool refuses;
    uint8_t wrap_key; /* filled with this */
    driver_blob pending[DRIVER_PENDING];
    bool pending_wrap[DRIVER_PENDING];
    size_t pending_count;

    uint64_t last_session;
    uint64_t last_request;
    bool keep_transcript; /* every effect's bytes, one after the other */
    driver_blob transcript;
} driver;

/* Ends the process with the place. */
_Noreturn void driver_broken(const char *what, const char *file, int line);
#define DRIVER_MUST(condition)                                                                     \
    ((condition) ? (void)0 : driver_broken(#condition, __FILE__, __LINE__))

/* The mission of the tests: five principals, two assets, no rules. */
void driver_mission(zc_mission *mission);
/* Appends a rule for everyone and everything. */
zc_rule *driver_rule(zc_mission *mission, const char *name, zc_rule_kind kind);
/* The same, allowing everything with whatever flags. */
void driver_allow_all(zc_mission *mission);
const zc_signer *driver_principal(unsigned who);

/* A machine with an empty disk but for the compiled mission; nothing has run. */
driver *driver_new(const zc_mission *mission);
/* With room for so many keys, a power of two. */
driver *driver_new_for(const zc_mission *mission, size_t keys);
/* Under a mission that allows all: started, with nothing heard from the host. */
driver *driver_new_powered(void);
/* The same, waiting for its founders. */
driver *driver_new_unborn(void);
/* Everything: driver_new() under a mission that allows all, genesis, serving. */
driver *driver_new_serving(void);
void driver_free(driver *drv);

/* One event, and everything that follows from it at once. */
void driver_step(driver *drv, zc_event_kind kind, uint64_t session, zc_slice bytes);
void driver_host(driver *drv, const zc_host_message *message);
void driver_ack(driver *drv, uint64_t ordinal);
/* Lets time pass, then ticks. */
void driver_tick(driver *drv, int64_t ms);
/* Gives the oldest unanswered question its answer. */
void driver_answer(driver *drv);

/* The stations of a start, and all of them. A fresh enclave in fresh memory over the same disk. */
void driver_power_on(driver *drv);
void driver_front_key(driver *drv);
void driver_boot(driver *drv);
void driver_found(driver *drv, unsigned founders);
void driver_load_keys(driver *drv);
/* The same in messages of many keys, as zcpd does. */
void driver_load_keys_together(driver *drv);
/* The newest snapshot, all its pieces. */
void driver_load_snapshot(driver *drv);
void driver_load_entries(driver *drv);
void driver_load_entries_from(driver *drv, size_t first);
void driver_load_done(driver *drv);
void driver_start(driver *drv);

/* A session that has proved to be `who`; its number. */
uint64_t driver_connect(driver *drv, unsigned who);
/* One that has not. */
uint64_t driver_open(driver *drv);
void driver_auth_request(driver *drv, uint64_t session, unsigned who, zc_request *ret_request);
/* Sends a request. Its id is chosen here. */
void driver_send(driver *drv, uint64_t session, zc_request *request);
/* The same, and exactly one reply; views of the driver's memory, until the next. */
zc_reply driver_ask(driver *drv, uint64_t session, zc_request *request);
zc_reply driver_read_reply(const driver *drv, const zc_request *request);

zc_reply driver_create(driver *drv, uint64_t session, const char *name, zc_curve curve);
/* Brings a secret in as clients do; `api_key` may be empty, `venue` 0. */
zc_reply driver_import(driver *drv, uint64_t session, const char *name,
                       const zc_key_material *material, const char *api_key, uint8_t venue);
/* HMAC with this text as secret. */
zc_key_material driver_mac(zc_key_kind kind, const char *secret, const char *passphrase);
zc_reply driver_sign_order(driver *drv, uint64_t session, const char *key, const zc_order *order);
zc_reply driver_sign(driver *drv, uint64_t session, const char *key, zc_use use, zc_family family,
                     zc_slice payload);
zc_reply driver_sign_text(driver *drv, uint64_t session, const char *key, const char *text);
/* An EIP-1559 transfer of `wei` on chain 1 to 0x3535…. */
zc_slice driver_transfer(uint64_t nonce, uint64_t wei);

/* The entry that was stored as number `sequence`. */
zc_audit_entry driver_entry_at(const driver *drv, size_t sequence);
zc_audit_entry driver_last_entry(const driver *drv);
void driver_blob_set(driver_blob *blob, zc_slice bytes);
zc_slice driver_slice(const driver_blob *blob);
void driver_blob_append(driver_blob *blob, zc_slice bytes);
void driver_blob_free(driver_blob *blob);
void driver_keep_entry(driver_store *store, zc_slice entry, zc_slice opening,
                       const uint8_t tag[static 32]);
void driver_keep_key(driver_store *store, zc_slice name, zc_slice sealed);
void driver_keep_piece(driver_store *store, zc_slice sealed, bool is_first);
void driver_store_free(driver_store *store);
/* A deep copy. */
driver_store driver_store_copy(const driver_store *store);

#endif
