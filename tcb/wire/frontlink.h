/* The front link: packets between front, which shakes hands, and core, which holds keys. One packet
 * is CBOR {1: type, 2: body}. Front is not trusted with keys: core checks the client's own
 * signature before it serves a session that front hands over. */
#ifndef ZC_WIRE_FRONTLINK_H
#define ZC_WIRE_FRONTLINK_H

#include "base/writer.h"
#include "wire/limits.h"
#include "wire/reasons.h"
#include "wire/session.h"

#define ZC_FRONT_PACKET_MAX 65536 /* 64 KiB */

typedef enum zc_front_type {
    ZC_FRONT_KEY = 1,      /* front → core */
    ZC_FRONT_SESSION = 2,  /* front → core; the connection comes along as SCM_RIGHTS */
    ZC_FRONT_EVIDENCE = 3, /* core → front */
    ZC_FRONT_STOP = 4,     /* core → front */
} zc_front_type;

/* The public half of front's TLS key, which core certifies. */
typedef struct zc_front_key {
    zc_slice spki; /* SubjectPublicKeyInfo, DER */
} zc_front_key;

typedef struct zc_front_session {
    zc_session_secrets secrets;
    uint8_t document_sha256[32]; /* of the document that this client was shown */
} zc_front_session;

typedef struct zc_front_evidence {
    zc_slice certificate; /* for TLS, DER */
    zc_slice document;
    zc_slice genesis;
} zc_front_evidence;

typedef struct zc_front_message {
    zc_front_type type;
    union {
        zc_front_key key;
        zc_front_session session;
        zc_front_evidence evidence;
    };
} zc_front_message;

/* A ZC_FRONT_SESSION carries secrets: the caller wipes the packet and clears the message. Errors:
 * those of zc_request_write() and zc_request_read(). Time does not depend on the secrets. */
ZC_MUST_USE zc_result zc_front_message_write(const zc_front_message *message, zc_writer *writer);
ZC_MUST_USE zc_result zc_front_message_read(zc_slice packet, zc_front_message *ret_message);
void zc_front_message_clear(zc_front_message *message);

#endif
