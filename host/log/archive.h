/* Copies of the log for retention, in places that take an object once and never change it.
 *
 * What is copied is what a signed checkpoint covers, so it is durable and final:
 *
 *     journal/<offset>             frames of the journal from that byte on, 20 digits
 *     checkpoint/<size>-<hash>     a checkpoint with its cosignatures; hash: 16 hex of its SHA-256
 *
 * The journal objects one behind the other are the journal: in the order of their names. Each
 * object is read back and compared once it is written. Where the copy ends is found in the copy
 * itself, one object after the other; a state file beside the log saves the walk, and can be
 * removed. */
#ifndef ZC_LOG_ARCHIVE_H
#define ZC_LOG_ARCHIVE_H

#include "log/reasons.h"
#include "support/bytes.h"
#include "support/error.h"
#include "support/file.h"

/* A NATS server takes messages of 1 MiB, and gives them back in base64 inside JSON. */
#define ZC_ARCHIVE_OBJECT_MAX ((size_t)512 << 10)
#define ZC_ARCHIVE_NAME_SIZE 64

/* A place that takes objects. */
typedef struct zc_archive_store {
    void *self;
    char name[256]; /* as the user wrote it, for messages and for the state's file name */
    /* Errors: ZC_LOG_OBJECT_EXISTS when there is one of this name, whatever its content;
     * ZC_LOG_UNREACHABLE, ZC_LOG_REFUSED, those of files. */
    zc_result (*put)(void *self, const char *name, zc_slice content, zc_error *error);
    /* The caller clears. Errors: ZC_LOG_NO_SUCH_OBJECT, and as above. */
    zc_result (*get)(void *self, const char *name, zc_bytes *ret_content, zc_error *error);
    /* Whether the object is held by the store as was asked for; may be NULL. ZC_LOG_NOT_HELD. */
    zc_result (*held)(void *self, const char *name, zc_error *error);
    void (*close)(void *self); /* frees self */
} zc_archive_store;

typedef struct zc_archive_options {
    const char *journal;
    const char *checkpoint; /* the file of the note */
    const char *state;      /* the file of the state; NULL: none is kept */
    bool again;             /* the whole copy is read and compared, whatever the state says */
} zc_archive_options;

typedef struct zc_archived {
    uint64_t entries; /* in the copy */
    uint64_t bytes;
    uint64_t objects_written;  /* by this call */
    uint64_t objects_compared; /* that were there before it */
    bool checkpoint;           /* the copy has the present one */
} zc_archived;

/* Brings the copy up to the checkpoint.
 * Errors: those of the store; ZC_LOG_COPY_DIFFERS; ZC_LOG_NO_CHECKPOINT; ZC_AUDIT_BROKEN_CHAIN when
 * the journal itself is not in order; those of the journal. */
ZC_MUST_USE zc_result zc_archive_run(const zc_archive_store *store,
                                     const zc_archive_options *options, zc_archived *ret_archived,
                                     zc_error *error);
void zc_archive_close(zc_archive_store *store);

/* A folder, made when it is not there. */
ZC_MUST_USE zc_result zc_archive_folder(const char *path, zc_archive_store *ret_store,
                                        zc_error *error);

typedef struct zc_archive_s3 {
    const char *place;    /* "s3://bucket/prefix" */
    const char *endpoint; /* "https://host"; NULL: AWS's of the region. Paths name the bucket */
    const char *region;
    uint32_t lock_days; /* object lock in compliance mode for so long; 0: as the bucket has it */
    const char *credentials; /* a file as the AWS tools have it; NULL: the environment's */
} zc_archive_s3;

/* Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from the file.
 * Errors: ZC_LOG_NO_CREDENTIALS, ZC_SUPPORT_BAD_ARGUMENT. */
ZC_MUST_USE zc_result zc_archive_s3_open(const zc_archive_s3 *options, zc_archive_store *ret_store,
                                         zc_error *error);

typedef struct zc_archive_nats {
    const char *place;       /* "nats://host:port/STREAM", or tls:// */
    const char *credentials; /* lines of name=value; NULL: the environment's */
    const char *ca;          /* of tls://, as in log/nats.h */
    const char *certificate;
    const char *key;
} zc_archive_nats;

/* A JetStream stream, made when it is not there, with subjects zcp.log.STREAM.>; it refuses a
 * second message of a subject, deletion and purge. NATS_USER and NATS_PASSWORD, or NATS_TOKEN, from
 * the environment or from the file. */
ZC_MUST_USE zc_result zc_archive_nats_open(const zc_archive_nats *options,
                                           zc_archive_store *ret_store, zc_error *error);

#endif
