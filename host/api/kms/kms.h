/* Private to the KMS interface. */
#ifndef ZC_KMS_KMS_H
#define ZC_KMS_KMS_H

#include "api/gateway.h"
#include "api/kms/replay.h"
#include "api/kms/signing_keys.h"
#include "api/kms/store.h"
#include "api/page.h"

#define ZC_KMS_ACCOUNT "000000000000"
#define ZC_KMS_ARN_SIZE 192
#define ZC_KMS_RAW_MAX 4096

typedef struct zc_kms {
    zc_replay *replay;
    zc_signing_keys *signing_keys;
    zc_kms_store *store;
    const char *dir;
} zc_kms;

/* One request, authenticated. */
typedef struct zc_kms_call {
    zc_kms *kms;
    zc_api_call *api;
    char region[32];
    const json_t *body;
    zc_http_response *response;
} zc_kms_call;

/* answer.c. All of them end the request. */
void zc_kms_fail(zc_http_response *response, const char *type, const char *message);
void zc_kms_fail_with(zc_http_response *response, const char *type, const char *message,
                      json_t *details);
void zc_kms_fail_session(zc_kms_call *call, zcp_result result, const zcp_error *error);
void zc_kms_reply(zc_kms_call *call, json_t *take);
/* The same with JSON as text: of the one call that is in a hurry. */
void zc_kms_reply_written(zc_kms_call *call, zc_slice json);

/* names.c */
typedef struct zc_kms_spec {
    zcp_curve curve;
    const char *spec;      /* "ECC_NIST_P256" */
    const char *algorithm; /* that keys of this spec sign with */
} zc_kms_spec;
const zc_kms_spec *zc_kms_spec_of_curve(zcp_curve curve);
const zc_kms_spec *zc_kms_spec_named(const char *spec);
void zc_kms_arn(const zc_kms_call *call, const char *kind, const char *name,
                char ret_arn[static ZC_KMS_ARN_SIZE]);
/* A key's id, ARN, alias or alias's ARN as clients give it, to the name of the key. False: it is
 * none of ours, or of another region. */
bool zc_kms_name(const zc_kms_call *call, const char *id, char ret_name[static ZC_API_NAME_SIZE]);
/* The member's key; a failure has been answered. `member` is "KeyId" or "TargetKeyId". */
bool zc_kms_key(zc_kms_call *call, const char *member, zcp_key *ret_key);
/* The member as text of at most `most` characters; NULL and answered when it is not that. */
const char *zc_kms_text(zc_kms_call *call, const char *member, size_t most);
/* Base64 of one to `most` bytes; false and answered when it is not that. */
bool zc_kms_blob(zc_kms_call *call, const char *member, size_t most, zc_bytes *ret_bytes);
/* Limit and Marker of lists; false and answered when they are wrong. */
bool zc_kms_page(zc_kms_call *call, size_t usual, size_t most, zc_page *ret_page);
void zc_kms_page_end(json_t *out, const zc_page *page);

/* sign.c, keys.c, aliases.c */
void zc_kms_sign(zc_kms_call *call);
void zc_kms_verify(zc_kms_call *call);
void zc_kms_get_public_key(zc_kms_call *call);
void zc_kms_create_key(zc_kms_call *call);
void zc_kms_describe_key(zc_kms_call *call);
void zc_kms_list_keys(zc_kms_call *call);
void zc_kms_enable_key(zc_kms_call *call);
void zc_kms_disable_key(zc_kms_call *call);
void zc_kms_schedule_deletion(zc_kms_call *call);
void zc_kms_create_alias(zc_kms_call *call);
void zc_kms_list_aliases(zc_kms_call *call);
void zc_kms_tag(zc_kms_call *call);
void zc_kms_list_tags(zc_kms_call *call);

#endif
