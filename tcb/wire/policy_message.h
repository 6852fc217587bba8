/* The messages about policy: approvals, feeds, revocations, and what the engine's state shows.
 * A part of message.h, which has the conventions. */
#ifndef ZC_WIRE_POLICY_MESSAGE_H
#define ZC_WIRE_POLICY_MESSAGE_H

#include "base/reader.h"
#include "base/u256.h"
#include "base/writer.h"
#include "wire/limits.h"

typedef struct zc_request_reviews {
    uint64_t from; /* 1: index of the first wanted */
} zc_request_reviews;

typedef struct zc_request_review {
    uint64_t entry; /* 1: the log entry that held the request back: its id */
} zc_request_review;

typedef struct zc_request_approve {
    uint8_t leaf[32];      /* 1: leaf hash of that entry */
    uint64_t expires_ms;   /* 2: since 1970 */
    uint8_t signature[64]; /* 3: over zc_approval_write(), by whoever the session is */
} zc_request_approve;

typedef struct zc_request_feed {
    zc_slice message;      /* 1: policy/source.h, at most ZC_FEED_MESSAGE_MAX */
    uint8_t signature[64]; /* 2: by the feed's key */
} zc_request_feed;

typedef enum zc_revoke_kind { ZC_REVOKE_PRINCIPAL = 1, ZC_REVOKE_RULE = 2 } zc_revoke_kind;

typedef struct zc_request_revoke {
    uint8_t kind;  /* 1: zc_revoke_kind */
    zc_slice name; /* 2 */
} zc_request_revoke;

typedef enum zc_policy_section {
    ZC_SECTION_RADIUS = 1,   /* what could still move if the host turned hostile now */
    ZC_SECTION_LIMITS = 2,   /* windows, and what is left of them */
    ZC_SECTION_FEEDS = 3,    /* who spoke when */
    ZC_SECTION_BREAKERS = 4, /* what is watched, and what tripped */
    ZC_SECTION_REVOKED = 5,
} zc_policy_section;

typedef struct zc_request_policy {
    uint8_t section; /* 1: zc_policy_section */
    uint64_t from;   /* 2: index of the first wanted */
} zc_request_policy;

/* A request under review, as the list of them shows it. */
typedef enum zc_review_state {
    ZC_REVIEW_PENDING = 1,
    ZC_REVIEW_APPROVED = 2, /* by enough: asked again, it is decided anew */
} zc_review_state;

typedef struct zc_review_info {
    uint64_t entry;      /* 1 */
    uint8_t leaf[32];    /* 2 */
    zc_slice principal;  /* 3: who asked; name */
    zc_slice key;        /* 4: name */
    zc_slice rule;       /* 5: name of the rule that wants approvals */
    uint64_t created_ms; /* 6 */
    uint32_t have;       /* 7: approvals of its panel that have not expired */
    uint32_t needed;     /* 8 */
    uint8_t state;       /* 9: zc_review_state */
    uint64_t valid_ms;   /* 10: how long an approval by whoever asks may live; 0: none counts */
} zc_review_info;

typedef struct zc_reply_review {
    zc_slice info; /* 1: one encoded zc_review_info */
    zc_slice text; /* 2: what the request would do, as the enclave renders it */
} zc_reply_review;

/* One line of a section. What a section does not use is empty or 0. */
typedef struct zc_policy_item {
    zc_slice name;    /* 1: rule, feed, breaker, principal; of RADIUS empty */
    zc_slice asset;   /* 2: of the amounts; the reference's name where they are in it */
    zc_u256 amount;   /* 3: RADIUS: what could move. LIMITS: what is left */
    zc_u256 limit;    /* 4: LIMITS */
    zc_u256 leased;   /* 5: LIMITS: of what is spent, the rest of a slice */
    uint64_t time_ms; /* 6: RADIUS: until when. FEEDS: of its last word; 0: it never spoke */
    zc_slice feed;    /* 7: LIMITS, BREAKERS: whose word it takes; empty: enforced */
    uint8_t state;    /* 8: FEEDS: 1 fresh. BREAKERS: 0 quiet, 1 it set the mode. REVOKED:
                         zc_revoke_kind */
    uint8_t mode;     /* 9: BREAKERS: what it trips to, as policy/mission.h numbers modes */
} zc_policy_item;

/* A part of a list: REVIEWS has zc_review_info, POLICY zc_policy_item. */
typedef struct zc_reply_list {
    uint64_t count; /* 1: in this answer */
    zc_slice items; /* 2: one encoded after the other */
    uint64_t total; /* 3: in the enclave */
} zc_reply_list;

/* A step of a change of the mission (audit/change.h). What a step does not use is zero. */
typedef enum zc_mission_step {
    ZC_MISSION_SHOW = 0,
    ZC_MISSION_BEGIN = 1,
    ZC_MISSION_SIGN = 2,
    ZC_MISSION_WITHDRAW = 3,
    ZC_MISSION_ACTIVATE = 4,
} zc_mission_step;

typedef struct zc_request_mission {
    uint8_t step;          /* 1: zc_mission_step */
    uint8_t mission[32];   /* 2: hash of the next mission; not of SHOW */
    uint64_t begun;        /* 3: SIGN: the entry that began the change */
    uint64_t expires_ms;   /* 4: SIGN: of the signature, since 1970 */
    uint8_t signature[64]; /* 5: SIGN: over zc_audit_change_statement() */
} zc_request_mission;

typedef struct zc_reply_mission {
    uint64_t entry;                /* 1: of this step in the log; of SHOW 0 */
    uint8_t mission[32];           /* 2: hash of the one in force */
    uint8_t born[32];              /* 3: hash of the one that the deployment was born with */
    bool changeable;               /* 4: the mission says who may change it */
    bool begun;                    /* 5: a change is under way; what follows is about it */
    uint8_t next[32];              /* 6: hash of the next mission */
    uint64_t began;                /* 7: the entry that began it */
    uint64_t earliest_ms;          /* 8: it may take effect from then on */
    uint64_t expires_ms;           /* 9: and before then */
    uint32_t have;                 /* 10: signatures that count now */
    uint32_t needed;               /* 11 */
    uint32_t organisations;        /* 12: of those who signed */
    uint32_t organisations_needed; /* 13 */
    bool member;                   /* 14: whoever asks may sign */
    uint64_t time_ms;              /* 15: the enclave's clock */
} zc_reply_mission;

/* Errors of all as for requests (message.h). */
ZC_MUST_USE zc_result zc_review_info_write(const zc_review_info *info, zc_writer *writer);
ZC_MUST_USE zc_result zc_review_info_read(zc_reader *items, zc_review_info *ret_info);
ZC_MUST_USE zc_result zc_policy_item_write(const zc_policy_item *item, zc_writer *writer);
ZC_MUST_USE zc_result zc_policy_item_read(zc_reader *items, zc_policy_item *ret_item);

#endif
