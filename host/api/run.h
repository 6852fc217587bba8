/* One run of `zcp gateway`, from its options to its end. */
#ifndef ZC_API_RUN_H
#define ZC_API_RUN_H

#include "api/http_server.h"
#include "api/log.h"
#include "api/tls.h"
#include "api/translators.h"

#define ZC_GATEWAY_LISTENERS 12
#define ZC_GATEWAY_EXTRAS 16

typedef struct zc_gateway_options {
    const char *dir;        /* the deployment's folder */
    const char *root_pem;   /* NULL: the folder's */
    const char *credential; /* for local callers; a name or the path of a .key file. NULL: none */
    const char *identities; /* the identity file; NULL: none */
    zc_tls_files tls;       /* certificate NULL: plain HTTP */
    zc_http_limits limits;
    unsigned drain_seconds;
    unsigned spin_us; /* of sessions: zc_session_place */
    const char *ipc;  /* Unix socket for interfaces that speak on one beside HTTP; NULL: none */
    zc_log_what log;
    struct {
        const zc_translator *translator;
        const char *address; /* NULL: the translator's own */
    } listen[ZC_GATEWAY_LISTENERS];
    size_t listens;
    struct {
        const char *name;
        const char *value;
    } extra[ZC_GATEWAY_EXTRAS]; /* options of translators */
    size_t extras;
} zc_gateway_options;

/* Serves until SIGTERM or SIGINT; SIGHUP reads certificates and identities again. `ready` (may be
 * NULL) is called with each address that is served. Errors: what stands in the way of starting. */
ZC_MUST_USE zc_result zc_gateway_run(const zc_gateway_options *options,
                                     void (*ready)(const char *interface, const char *address),
                                     zc_error *error);

#endif
