/* What a client asks and what core answers. A record's plaintext is one reply, or up to
 * ZC_RECORD_REQUESTS requests, one after another; each of them is answered by a record of its own.
 *
 *     request = {1: id, 2: operation, 3: body}        reply = {1: id, 2: status, 3: body}
 *
 * Canonical CBOR throughout: bodies are maps with the keys that the comments give, ascending, and
 * nothing else. A field marked optional is left out of the map when its has_ flag is false. Decoded
 * structs hold views of the input, never copies. All of it is public to both ends. */
#ifndef ZC_WIRE_MESSAGE_H
#define ZC_WIRE_MESSAGE_H

#include "base/reader.h"
#include "base/u256.h"
#include "base/writer.h"
#include "wire/kinds.h"
#include "wire/limits.h"
#include "wire/policy_message.h"
#include "wire/reasons.h"

typedef enum zc_op {
    ZC_OP_AUTH = 1,
    ZC_OP_STATUS = 2,
    ZC_OP_ATTEST = 3,
    ZC_OP_KEY_CREATE = 4,
    ZC_OP_KEY_LIST = 5,
    ZC_OP_KEY_SHOW = 6,
    ZC_OP_KEY_DISABLE = 7,
    ZC_OP_KEY_IMPORT_BEGIN = 8,
    ZC_OP_KEY_IMPORT = 9,
    ZC_OP_SIGN = 10,
    ZC_OP_HALT = 11,
    ZC_OP_RESUME = 12,
    ZC_OP_REVIEWS = 13,
    ZC_OP_REVIEW = 14,
    ZC_OP_APPROVE = 15,
    ZC_OP_FEED = 16,
    ZC_OP_REVOKE = 17,
    ZC_OP_POLICY = 18,
    ZC_OP_MISSION = 19,
} zc_op;
#define ZC_OP_LAST ZC_OP_MISSION

typedef enum zc_status {
    ZC_STATUS_OK = 0,
    ZC_STATUS_FAILED = 1,
    ZC_STATUS_DENIED = 3,
    ZC_STATUS_REVIEW = 6,
} zc_status;

/* Requests. Kinds and nonce modes carry the numbers of crypto/kind.h and crypto/signer.h. */

typedef struct zc_request_auth {
    uint8_t public_key[32]; /* 1: the credential, Ed25519 */
    uint8_t signature[64];  /* 2: over zc_session_auth_tbs() */
} zc_request_auth;

typedef struct zc_request_attest { /* also KEY_IMPORT_BEGIN */
    zc_slice nonce;                /* 1: at most ZC_NONCE_MAX. ATTEST without one: the document
                                      that sessions are shown, made ahead */
} zc_request_attest;

typedef struct zc_request_key_create {
    zc_slice name;      /* 1 */
    uint8_t kind;       /* 2: zc_key_kind */
    uint8_t tier;       /* 3: zc_key_tier */
    uint8_t nonce_mode; /* 4 */
    bool has_api_key;   /* 5, optional: the key's name at its venue */
    zc_slice api_key;
    bool has_venue; /* 6, optional: the only venue that it signs for (intent/order.h) */
    uint8_t venue;
} zc_request_key_create;

typedef struct zc_request_key_list {
    uint64_t from; /* 1: index of the first key wanted */
    uint64_t max;  /* 2: 1…ZC_KEY_LIST_MAX */
} zc_request_key_list;

typedef struct zc_request_key_name { /* KEY_SHOW, KEY_DISABLE */
    zc_slice name;                   /* 1 */
} zc_request_key_name;

typedef struct zc_request_key_import {
    zc_slice name;      /* 1 */
    uint8_t kind;       /* 2: zc_key_kind */
    uint8_t tier;       /* 3: zc_key_tier */
    uint8_t nonce_mode; /* 4 */
    zc_slice sealed; /* 5: keys/material.h in crypto/box.h, to the key that KEY_IMPORT_BEGIN gave */
    bool has_api_key; /* 6, optional */
    zc_slice api_key;
    bool has_venue; /* 7, optional */
    uint8_t venue;
} zc_request_key_import;

typedef struct zc_request_sign {
    zc_slice key;      /* 1: name */
    uint8_t use;       /* 2: zc_use */
    uint8_t family;    /* 3: of chains, as intent/ numbers them; 0 where none applies */
    zc_slice payload;  /* 4: at most ZC_PAYLOAD_MAX */
    bool has_chain_id; /* 5, optional: Bitcoin's network, the chain that typed data is for */
    uint64_t chain_id;
    bool has_form; /* 6, optional: how a Bitcoin message is signed (intent/payload.h) */
    uint8_t form;
} zc_request_sign;

typedef struct zc_request_halt {
    zc_slice reason; /* 1: text, at most ZC_HALT_REASON_MAX; may be empty */
} zc_request_halt;

typedef struct zc_request {
    uint64_t id; /* chosen by the client, repeated in the reply */
    zc_op op;
    union { /* STATUS and RESUME have empty bodies */
        zc_request_auth auth;
        zc_request_attest attest; /* ATTEST and KEY_IMPORT_BEGIN */
        zc_request_key_create key_create;
        zc_request_key_list key_list;
        zc_request_key_name key_name; /* KEY_SHOW and KEY_DISABLE */
        zc_request_key_import key_import;
        zc_request_sign sign;
        zc_request_halt halt;
        zc_request_reviews reviews;
        zc_request_review review;
        zc_request_approve approve;
        zc_request_feed feed;
        zc_request_revoke revoke;
        zc_request_policy policy;
        zc_request_mission mission;
    };
} zc_request;

/* Writes one request. Errors: ZC_BASE_FULL; ZC_WIRE_FIELD_TOO_LONG, ZC_WIRE_FIELD_RANGE and
 * ZC_WIRE_UNKNOWN_MESSAGE for what the other end would refuse. The writer stays where it was. */
ZC_MUST_USE zc_result zc_request_write(const zc_request *request, zc_writer *writer);
/* Reads exactly one request. Errors: those of the CBOR getters, ZC_BASE_TRAILING,
 * ZC_WIRE_WRONG_FIELDS, ZC_WIRE_FIELD_TOO_LONG, ZC_WIRE_FIELD_RANGE, ZC_WIRE_UNKNOWN_MESSAGE. */
ZC_MUST_USE zc_result zc_request_read(zc_slice bytes, zc_request *ret_request);
/* The same for the first of several requests, one after another; the reader moves behind it, and
 * stays where it was on failure. */
ZC_MUST_USE zc_result zc_request_read_next(zc_reader *reader, zc_request *ret_request);
/* The id alone, so that a request that can't be read is still answered. */
ZC_MUST_USE zc_result zc_request_peek_id(zc_slice bytes, uint64_t *ret_id);

/* Replies. */

typedef struct zc_reply_failed {
    uint16_t code;   /* 1: of a zc_result; not 0 */
    bool has_offset; /* 2, optional: the byte of the payload at which decoding failed */
    uint64_t offset;
} zc_reply_failed;

typedef struct zc_denial { /* DENIED and REVIEW */
    zc_slice rule;         /* 1: name of the rule that settled it; empty: no rule */
    uint16_t reason;       /* 2: policy/reasons.h */
    zc_u256 measured;      /* 3 */
    zc_u256 limit;         /* 4 */
    bool has_entry;        /* 5, optional: left out where the entry is coalesced with others */
    uint64_t entry;        /* its sequence in the log */
    zc_slice asset;        /* 6: name; empty where no amount is meant */
    zc_slice feed;         /* 7: whose word the numbers rest on; empty: enforced */
} zc_denial;

typedef struct zc_reply_auth {
    zc_slice principal;        /* 1: name */
    uint8_t deployment_id[32]; /* 2 */
    uint8_t phase;             /* 3: zc_phase */
} zc_reply_auth;

typedef struct zc_reply_status {
    uint8_t phase;             /* 1: zc_phase */
    uint8_t deployment_id[32]; /* 2 */
    uint8_t mission_hash[32];  /* 3 */
    zc_slice mission;          /* 4: name */
    uint8_t boot_id[16];       /* 5 */
    uint64_t log_next;         /* 6: sequence of the next entry */
    uint8_t log_head[32];      /* 7 */
    uint64_t keys;             /* 8 */
    uint64_t uptime_ms;        /* 9 */
    uint32_t isolation;        /* 10: platform/isolation.h */
    uint8_t vault_kind;        /* 11: zc_vault_kind */
    zc_slice platform;         /* 12 */
    bool rollback_protected;   /* 13 */
    uint64_t time_ms;          /* 14: since 1970 */
    uint64_t signatures;       /* 15: in this boot */
    uint64_t denials;          /* 16: in this boot */
    uint64_t max_unacked;      /* 17 */
    uint64_t reservations;     /* 18: pending */
    uint8_t mode;              /* 19: as policy/mission.h numbers modes */
    zc_slice tripped;          /* 20: the breaker that set the mode; empty: none */
    uint64_t reviews;          /* 21: requests that are held back */
    uint64_t revoked;          /* 22: principals and rules */
} zc_reply_status;

typedef struct zc_reply_attest {
    zc_slice document; /* 1 */
} zc_reply_attest;

typedef struct zc_key_info {
    zc_slice name;       /* 1 */
    uint8_t kind;        /* 2: zc_key_kind */
    zc_slice public_key; /* 3: SEC1 uncompressed, or 32 bytes for the others (keys/holder.h) */
    uint8_t tier;        /* 4: zc_key_tier */
    uint8_t origin;      /* 5: zc_key_origin */
    uint8_t state;       /* 6: zc_key_state */
    uint8_t nonce_mode;  /* 7 */
    uint64_t uses;       /* 8 */
    zc_slice owner;      /* 9: principal */
    uint64_t created_ms; /* 10 */
    zc_slice birth;      /* 11: birth certificate */
    bool has_api_key;    /* 12, optional: its name at the venue */
    zc_slice api_key;
    bool has_venue; /* 13, optional: the only venue that it signs for */
    uint8_t venue;
} zc_key_info;

typedef struct zc_reply_key_list {
    size_t count;   /* keys in this answer, at most ZC_KEY_LIST_MAX */
    zc_slice infos; /* 1: `count` encoded zc_key_info one after the other */
    uint64_t total; /* 2: keys in the enclave */
} zc_reply_key_list;

typedef struct zc_reply_import_begin {
    uint8_t import_key[32]; /* 1: X25519, good for one import in this session */
    zc_slice document;      /* 2: attests the import key */
} zc_reply_import_begin;

typedef struct zc_reply_sign {
    uint8_t digest[32]; /* 1 */
    zc_slice signature; /* 2: r ‖ s, Ed25519's, or what a venue's scheme makes (compose.h) */
    uint8_t recovery;   /* 3: 0…3 */
    uint64_t entry;     /* 4: sequence in the log */
    uint8_t leaf[32];   /* 5: the entry's leaf hash */
    zc_slice rule;      /* 6: name of the rule that allowed it */
    zc_u256 measured;   /* 7 */
    zc_u256 limit;      /* 8 */
    bool has_artefact;  /* 9, optional: the whole that goes out, where the signature alone is not */
    zc_slice artefact;  /* it: a PSBT, a transaction, a message's proof, a venue's request */
    uint32_t max_unacked; /* 10: entries that may be lost with the power, this one among them */
    zc_slice feed;        /* 11: whose word the numbers rest on; empty: enforced */
} zc_reply_sign;

typedef struct zc_reply_logged { /* HALT, RESUME, APPROVE, FEED, REVOKE */
    uint64_t entry;              /* 1: sequence in the log */
} zc_reply_logged;

typedef struct zc_reply {
    uint64_t id;
    zc_op op; /* of the request; not sent: it tells which body belongs to OK */
    zc_status status;
    union {
        zc_reply_failed failed;
        zc_denial denial; /* DENIED and REVIEW */
        zc_reply_auth auth;
        zc_reply_status state; /* STATUS */
        zc_reply_attest attest;
        zc_key_info key; /* KEY_CREATE, KEY_SHOW, KEY_DISABLE, KEY_IMPORT */
        zc_reply_key_list key_list;
        zc_reply_import_begin import_begin;
        zc_reply_sign sign;
        zc_reply_logged logged; /* HALT, RESUME, APPROVE, FEED, REVOKE */
        zc_reply_list list;     /* REVIEWS, POLICY */
        zc_reply_review review;
        zc_reply_mission mission;
    };
} zc_reply;

/* Errors as for requests. */
ZC_MUST_USE zc_result zc_reply_write(const zc_reply *reply, zc_writer *writer);
/* `op` is that of the request with the reply's id: see zc_reply_peek_id(). */
ZC_MUST_USE zc_result zc_reply_read(zc_slice bytes, zc_op op, zc_reply *ret_reply);
ZC_MUST_USE zc_result zc_reply_peek_id(zc_slice bytes, uint64_t *ret_id);

/* One key among the infos of a zc_reply_key_list: written there one after the other, read from a
 * reader over them. Errors as for requests. */
ZC_MUST_USE zc_result zc_key_info_write(const zc_key_info *info, zc_writer *writer);
ZC_MUST_USE zc_result zc_key_info_read(zc_reader *infos, zc_key_info *ret_info);

#endif
