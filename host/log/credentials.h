/* Keys for the places of copies: from the environment or a file, never from a command line. */
#ifndef ZC_LOG_CREDENTIALS_H
#define ZC_LOG_CREDENTIALS_H

#include "log/reasons.h"
#include "support/error.h"

#define ZC_CREDENTIAL_SIZE 2048

/* Secret; the caller clears it. */
typedef struct zc_credentials {
    char user[ZC_CREDENTIAL_SIZE];     /* the access key's id */
    char password[ZC_CREDENTIAL_SIZE]; /* the secret access key */
    char token[ZC_CREDENTIAL_SIZE];    /* of a session; empty: none */
} zc_credentials;

/* AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; with `file` the [default] section of
 * a file as the AWS tools have it, which nobody else may read.
 * Errors: ZC_LOG_NO_CREDENTIALS; those of secret files. */
ZC_MUST_USE zc_result zc_credentials_aws(const char *file, zc_credentials *ret_credentials,
                                         zc_error *error);
/* NATS_USER, NATS_PASSWORD, NATS_TOKEN, or lines `user = …`, `password = …`, `token = …`. None at
 * all is ZC_OK: such a server asks for none. */
ZC_MUST_USE zc_result zc_credentials_nats(const char *file, zc_credentials *ret_credentials,
                                          zc_error *error);
void zc_credentials_clear(zc_credentials *credentials);

#endif
