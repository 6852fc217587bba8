/* The JSON Web Token that Coinbase's platform wants with each request (RFC 7519, signed as RFC 7515
 * has it): base64url(header) "." base64url(claims) is what is signed, and the token goes on with
 * "." and base64url(signature). All of it is public but the signature's key. */
#ifndef ZC_COMPOSE_JWT_H
#define ZC_COMPOSE_JWT_H

#include "base/writer.h"

typedef enum zc_jwt_algorithm {
    ZC_JWT_ES256 = 1, /* ECDSA on P-256 over SHA-256, r ‖ s */
    ZC_JWT_EDDSA = 2, /* Ed25519 */
} zc_jwt_algorithm;

/* How long a token is good. */
#define ZC_JWT_SECONDS 120
#define ZC_JWT_NONCE_SIZE 32
/* A key's name and a uri are no longer than this. */
#define ZC_JWT_MAX_TEXT 512

typedef struct zc_jwt {
    zc_jwt_algorithm algorithm;
    zc_slice key_id; /* kid and sub */
    uint8_t nonce[ZC_JWT_NONCE_SIZE];
    uint64_t not_before; /* nbf, Unix seconds; exp is ZC_JWT_SECONDS later */
    zc_slice uri;        /* "GET host/path"; empty: no such claim (WebSocket) */
} zc_jwt;

/* Appends what is signed. Errors: ZC_BASE_FULL, ZC_BASE_TOO_LONG, ZC_CODEC_BAD_UTF8. */
ZC_MUST_USE zc_result zc_jwt_write(const zc_jwt *jwt, zc_writer *writer);

#endif
