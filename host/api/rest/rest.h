/* Private to the REST interface: what `zcp` can do, as HTTP (openapi.json). */
#ifndef ZC_REST_REST_H
#define ZC_REST_REST_H

#include "api/gateway.h"
#include "api/rest/tail.h"

typedef struct zc_rest {
    zc_rest_tail *tail;
    char root_pem[4096]; /* path of the deployment's root of attestation */
} zc_rest;

/* One request of somebody that is known. */
typedef struct zc_rest_call {
    zc_rest *rest;
    zc_api_call *api;
    const char *name; /* the path's variable part; NULL where there is none */
    json_t *body;     /* an object; NULL for requests without one */
    zc_http_response *response;
} zc_rest_call;

/* answer.c */
void zc_rest_fail(zc_http_response *response, unsigned status, const char *reason, const char *what,
                  const char *why, const char *next);
void zc_rest_fail_session(zc_rest_call *call, zcp_result result, const zcp_error *error);
void zc_rest_bad(zc_rest_call *call, const char *why);
void zc_rest_reply(zc_rest_call *call, unsigned status, json_t *take);
/* Base64 of any length; false without memory. */
bool zc_rest_set_base64(json_t *out, const char *name, zc_slice bytes);

/* body.c: members of the body. Each answers and returns false when a member is not what it should
 * be. */
bool zc_rest_members(zc_rest_call *call, const char *known);
/* NULL in *ret_text where an optional member is absent. */
bool zc_rest_text(zc_rest_call *call, const char *member, bool required, const char **ret_text);
/* 0x hex, base64 or text: which one the member's name says ("payload", "payload_base64", "text").
 */
bool zc_rest_payload(zc_rest_call *call, zc_bytes *ret_bytes);
bool zc_rest_hex(zc_rest_call *call, const char *member, uint8_t *ret_bytes, size_t capacity,
                 size_t *ret_len);

/* sign.c */
void zc_rest_sign_tx(zc_rest_call *call);
void zc_rest_sign_message(zc_rest_call *call);
void zc_rest_sign_typed_data(zc_rest_call *call);
void zc_rest_sign_order(zc_rest_call *call);
void zc_rest_sign_digest(zc_rest_call *call);

/* keys.c, control.c, evidence.c */
void zc_rest_key_list(zc_rest_call *call);
void zc_rest_key_create(zc_rest_call *call);
void zc_rest_key_show(zc_rest_call *call);
void zc_rest_key_disable(zc_rest_call *call);
void zc_rest_status(zc_rest_call *call);
void zc_rest_halt(zc_rest_call *call);
void zc_rest_resume(zc_rest_call *call);
void zc_rest_audit(zc_rest_call *call);
void zc_rest_attest(zc_rest_call *call);
void zc_rest_verify(zc_rest_call *call);
void zc_rest_verify_live(zc_rest_call *call);

#endif
