/* The host link: what zcpd and core tell each other. Frames of u32be length ‖ CBOR {1: type, 2:
 * body}. Nothing here is secret: content is public, or sealed by the enclave. Core believes nothing
 * that it can't check; zcpd stores and gives back.
 *
 * The functions deal in the CBOR; zc_frame_head() and zc_host_frame_peek() are for the stream.
 */
#ifndef ZC_WIRE_HOSTLINK_H
#define ZC_WIRE_HOSTLINK_H

#include "base/writer.h"
#include "wire/frame.h"
#include "wire/kinds.h"
#include "wire/limits.h"

#define ZC_HOST_FRAME_MAX (1 << 20)

typedef enum zc_host_type {
    /* host → core */
    ZC_HOST_BOOT = 1,
    ZC_HOST_GENESIS_SIGNED = 2,
    ZC_HOST_KEY_BLOB = 3,
    ZC_HOST_ENTRY = 4,
    ZC_HOST_LOAD_DONE = 5,
    ZC_HOST_ACK = 6,
    ZC_HOST_COSIGNED = 7,
    ZC_HOST_LOST_TAIL = 8,
    ZC_HOST_STOP = 9, /* the last entries and a checkpoint, then STOPPED */
    ZC_HOST_SNAPSHOT = 10,
    ZC_HOST_MISSION = 11, /* a part of the mission, before BOOT */
    ZC_HOST_KEYS = 14,    /* many sealed keys */
    /* core → host */
    ZC_HOST_HELLO = 32,
    ZC_HOST_GENESIS_STATEMENT = 33,
    ZC_HOST_STORE = 34,
    ZC_HOST_SERVING = 35,
    ZC_HOST_FATAL = 36,
    ZC_HOST_PHASE = 37,
    ZC_HOST_STOPPED = 38,
    ZC_HOST_LOST_TAIL_STATEMENT = 39,
    ZC_HOST_SNAPSHOT_TAKEN = 40, /* after the last piece, or one that is of no use */
} zc_host_type;

/* What the host has of this deployment: nothing but the mission before its genesis. */
typedef struct zc_host_boot {
    zc_slice mission; /* compiled; of one that came in parts, the last */
    bool has_genesis;
    zc_slice genesis; /* the founders' record */
    bool has_root;
    zc_slice root; /* sealed */
} zc_host_boot;

/* What does not fit into BOOT, from the beginning on. */
typedef struct zc_host_mission {
    zc_slice part;
} zc_host_mission;

typedef struct zc_founder_signature {
    uint8_t public_key[32]; /* Ed25519 */
    uint8_t signature[64];  /* over the statement in question */
} zc_founder_signature;

typedef struct zc_host_genesis_signed {
    zc_founder_signature founder[ZC_FOUNDERS_MAX];
    size_t count; /* at most ZC_FOUNDERS_MAX */
} zc_host_genesis_signed;

typedef struct zc_host_key_blob {
    zc_slice name;
    zc_slice sealed;
} zc_host_key_blob;

/* Sealed keys, one behind the other: each is one CBOR item. */
typedef struct zc_host_keys {
    zc_slice sealed;
} zc_host_keys;

typedef struct zc_host_entry {
    zc_slice entry;
    zc_slice opening; /* may be empty: erased */
    uint8_t tag[32];
} zc_host_entry;

typedef struct zc_host_ack {
    uint64_t ordinal; /* it and everything before it is durable */
} zc_host_ack;

/* A checkpoint that the enclave signed, with the witnesses' lines. */
typedef struct zc_host_cosigned {
    zc_slice note;
} zc_host_cosigned;

/* One piece of a sealed snapshot, in order, before any entry. */
typedef struct zc_host_snapshot {
    zc_slice piece;
} zc_host_snapshot;

/* The entries from `sequence` on are wanted next; 0 with a code when the snapshot is of no use. */
typedef struct zc_host_snapshot_taken {
    uint64_t sequence;
    uint16_t code; /* of a zc_result; 0: taken */
} zc_host_snapshot_taken;

typedef struct zc_host_hello {
    zc_slice version;
    uint8_t pcr0[48];
    uint32_t isolation; /* platform/isolation.h */
    uint8_t vault_kind; /* zc_vault_kind */
} zc_host_hello;

typedef struct zc_host_genesis_statement {
    zc_slice statement;
} zc_host_genesis_statement;

typedef struct zc_host_store {
    uint64_t ordinal; /* counts up by one within a boot, from 1 */
    uint8_t kind;     /* zc_store_kind */
    zc_slice name;    /* of the key; empty for other kinds */
    zc_slice data;
    bool has_opening; /* of an entry; opening and tag come together */
    zc_slice opening;
    uint8_t tag[32];
} zc_host_store;

typedef struct zc_host_serving {
    uint8_t deployment_id[32];
    zc_slice document;
} zc_host_serving;

typedef struct zc_host_fatal {
    uint16_t code;   /* of a zc_result */
    zc_slice detail; /* may be empty */
} zc_host_fatal;

typedef struct zc_host_phase {
    uint8_t phase; /* zc_phase */
} zc_host_phase;

typedef struct zc_host_message {
    zc_host_type type;
    union {
        zc_host_boot boot;
        zc_host_mission mission;
        zc_host_genesis_signed genesis_signed; /* LOST_TAIL, too */
        zc_host_key_blob key_blob;
        zc_host_keys keys;
        zc_host_entry entry;
        zc_host_ack ack;
        zc_host_cosigned cosigned;
        zc_host_snapshot snapshot;
        zc_host_snapshot_taken snapshot_taken;
        zc_host_hello hello;
        zc_host_genesis_statement genesis_statement; /* LOST_TAIL_STATEMENT, too */
        zc_host_store store;
        zc_host_serving serving;
        zc_host_fatal fatal;
        zc_host_phase phase;
    };
} zc_host_message;

/* Errors of both: those of zc_request_write() and zc_request_read(). Parts are views of `bytes`. */
ZC_MUST_USE zc_result zc_host_message_write(const zc_host_message *message, zc_writer *writer);
ZC_MUST_USE zc_result zc_host_message_read(zc_slice bytes, zc_host_message *ret_message);
/* Only the type, to tell the directions apart: nothing else is checked. */
ZC_MUST_USE zc_result zc_host_message_peek(zc_slice bytes, zc_host_type *ret_type);

/* The length of the whole frame from its first bytes: as zc_frame_peek(). */
ZC_MUST_USE zc_result zc_host_frame_peek(zc_slice head, size_t *ret_total);

#endif
