/* A witness (C2SP tlog-witness): it cosigns a checkpoint only when the log grew from the one that
 * it cosigned before, so two histories of one log can't both be cosigned.
 *
 * What it has cosigned is on disk before the answer leaves. One call at a time. */
#ifndef ZC_LOG_WITNESS_H
#define ZC_LOG_WITNESS_H

#include "audit/cosignature.h"
#include "crypto/signer.h"
#include "log/reasons.h"
#include "support/error.h"
#include "support/file.h"

#define ZC_WITNESS_LOGS_MAX 64
#define ZC_WITNESS_NAME_SIZE 128
#define ZC_WITNESS_KEY_TEXT 512
#define ZC_WITNESS_REQUEST_MAX ((size_t)128 * 1024)
#define ZC_WITNESS_ANSWER_MAX 512

/* The statuses of the specification. */
enum {
    ZC_WITNESS_COSIGNED = 200,
    ZC_WITNESS_MALFORMED = 400,
    ZC_WITNESS_NOT_SIGNED = 403,
    ZC_WITNESS_UNKNOWN_LOG = 404,
    ZC_WITNESS_CONFLICT = 409,
    ZC_WITNESS_BAD_PROOF = 422,
    ZC_WITNESS_BROKEN = 500, /* its own disk failed: nothing was cosigned */
};

typedef struct zc_witness_server {
    char folder[ZC_PATH_SIZE]; /* a file for each log: the text of the last cosigned checkpoint */
    char name[ZC_WITNESS_NAME_SIZE];
    zc_signer signer;
    size_t log_count;
    zc_note_key log[ZC_WITNESS_LOGS_MAX]; /* a log's origin is its key's name */
    char log_text[ZC_WITNESS_LOGS_MAX][ZC_WITNESS_KEY_TEXT];
} zc_witness_server;

typedef struct zc_witness_answer {
    int status;
    const char *type; /* of the body */
    size_t len;
    char body[ZC_WITNESS_ANSWER_MAX];
} zc_witness_answer;

/* Trusts a log's key, "origin+id+base64". Errors: those of keys; ZC_SUPPORT_TOO_LARGE. */
ZC_MUST_USE zc_result zc_witness_add_log(zc_witness_server *witness, const char *key);
/* Answers the body of a POST to /add-checkpoint. */
void zc_witness_answer_to(zc_witness_server *witness, zc_slice request, uint64_t now_seconds,
                          zc_witness_answer *ret_answer);

#endif
