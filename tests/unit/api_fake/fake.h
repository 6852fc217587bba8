/* libzcp without an enclave, and a gateway without a socket: for tests of translators. */
#ifndef ZC_TEST_API_FAKE_H
#define ZC_TEST_API_FAKE_H

#include "api/frame.h"
#include "api/kms/kms.h"

typedef struct fake_zcp {
    zcp_result sign_result; /* what zcp_sign answers */
    zcp_result open_result;
    const char *reason; /* of errors */
    zcp_decision decision;
    zcp_sign_request last; /* as it came; pointers are dead */
    uint8_t payload[64];
    size_t signatures;
    bool halted;
    bool disabled; /* all keys */
} fake_zcp;

extern fake_zcp fake;

/* Keys "p1" (P-256), "k1" (secp256k1) and "e1" (Ed25519) exist; a gateway whose only listener is
 * that of `translator`, with `dir` as its folder. */
void fake_begin(zc_gateway *gateway, const zc_translator *translator, const char *dir);
void fake_end(zc_gateway *gateway);
/* A call of the identity "desk". */
void fake_call(zc_gateway *gateway, zc_api_call *call, const zc_http_request *request);
/* One request to the translator, as "desk"; its status. *ret_answer is the body as JSON, NULL where
 * it is none; the caller decrefs. */
unsigned fake_ask(zc_gateway *gateway, const zc_http_request *request, json_t **ret_answer);
/* The same with an operation of KMS, past its authentication. */
unsigned fake_kms(zc_gateway *gateway, void (*operation)(zc_kms_call *call), const json_t *body,
                  json_t **ret_answer);

#endif
