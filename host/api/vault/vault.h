/* Private to the interface: HashiCorp Vault's HTTP API, as far as Transit's signatures go. */
#ifndef ZC_API_VAULT_VAULT_H
#define ZC_API_VAULT_VAULT_H

#include "api/gateway.h"
#include "support/bytes.h"

#define ZC_VAULT_VERSION "1.17.0" /* the API that this is: clients ask for it */
#define ZC_VAULT_INPUT_MAX ((size_t)60 << 10)
#define ZC_VAULT_BATCH_MAX 256

typedef struct zc_vault_call {
    zc_api_call *api;
    zc_http_response *response;
    json_t *body;     /* an object, perhaps empty */
    const char *name; /* of the key, from the path; "" where there is none */
    const char *hash; /* of the path; "" where it names none */
} zc_vault_call;

/* answer.c. All of them end the request. */
void zc_vault_reply(zc_vault_call *call, json_t *take_data);
void zc_vault_reply_with(zc_vault_call *call, json_t *take_data, const char *warning);
void zc_vault_fail(zc_http_response *response, unsigned status, const char *message);
/* Nothing is there: an empty list of errors. */
void zc_vault_absent(zc_http_response *response);
/* The status of what the enclave did not do, and a sentence. */
unsigned zc_vault_failure(zcp_result result, const zcp_error *error, char ret_text[static 640]);
void zc_vault_fail_result(zc_vault_call *call, zcp_result result, const zcp_error *error);
/* "2026-11-21T14:00:00.000Z" */
json_t *zc_vault_time(uint64_t ms);

/* keys.c */
const char *zc_vault_type(zcp_curve curve); /* NULL: Vault has no such keys */
typedef enum zc_vault_found {
    ZC_VAULT_FOUND = 1,
    ZC_VAULT_ABSENT,
    ZC_VAULT_ANSWERED
} zc_vault_found;
/* The key of the path. ANSWERED: the enclave could not be asked, and the request has failed. */
zc_vault_found zc_vault_key(zc_vault_call *call, zcp_key *ret_key);
void zc_vault_list_keys(zc_vault_call *call);
void zc_vault_read_key(zc_vault_call *call);
void zc_vault_create_key(zc_vault_call *call);
void zc_vault_configure_key(zc_vault_call *call);
void zc_vault_rotate_key(zc_vault_call *call);
void zc_vault_delete_key(zc_vault_call *call);

/* terms.c. How a signature is meant: the same for all items of a batch. */
typedef struct zc_vault_terms {
    zcp_key key;
    bool prehashed;
    bool jws; /* r ‖ s in the URL's base64, instead of DER in base64 */
} zc_vault_terms;
/* False and answered. */
bool zc_vault_terms_read(zc_vault_call *call, const char *absent, zc_vault_terms *ret_terms);
/* Text as a flag, as Vault takes it: true, "true", 1. False when it is none. */
bool zc_vault_flag(const json_t *value, bool *ret_flag);
/* The item's input; NULL, or what is wrong with it. */
const char *zc_vault_input(const zc_vault_terms *terms, const json_t *item, zc_bytes *ret_input);
/* One item, or each of batch_input: `run` gives the members of an item's answer (NULL: no memory),
 * and the status that a failure alone would have, else 0. */
typedef json_t *zc_vault_item(zc_vault_call *call, const zc_vault_terms *terms, const json_t *item,
                              unsigned *ret_status);
void zc_vault_each(zc_vault_call *call, const zc_vault_terms *terms, zc_vault_item *run);
/* {"error": message}, with *ret_status set. */
json_t *zc_vault_item_error(const char *message, unsigned status, unsigned *ret_status);

/* sign.c, verify.c */
void zc_vault_sign(zc_vault_call *call);
void zc_vault_verify(zc_vault_call *call);

/* system.c */
void zc_vault_health(zc_api_call *api, zc_http_response *response);
void zc_vault_seal_status(zc_api_call *api, zc_http_response *response);
void zc_vault_lookup_self(zc_vault_call *call);

#endif
