/* Between the HTTP server and a translator: who asks, and what is counted and logged. */
#include <strings.h>

#include "api/frame.h"

#define BEARER "Bearer "

/* A token was shown, so it decides: a wrong one never falls back to something weaker. */
static bool by_token(zc_api_call *call, const zc_http_request *request, bool *ret_shown)
{
    const char *authorization = zc_http_header_value(request, "authorization");
    const char *vault = zc_http_header_value(request, "x-vault-token");
    const char *token =
        authorization != NULL && strncasecmp(authorization, BEARER, strlen(BEARER)) == 0
            ? authorization + strlen(BEARER)
            : vault;
    *ret_shown = token != NULL || authorization != NULL;
    return token != NULL && zc_api_identify_token(call, token);
}

/* A page in a browser on this machine can reach loopback under a name of its own (DNS rebinding),
 * so the weakest way of being known asks for a Host that is this machine. */
static bool host_is_here(const zc_http_request *request)
{
    static const char *const here[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = zc_http_header_value(request, "host");
    for (size_t i = 0; host != NULL && i < sizeof here / sizeof here[0]; i++) {
        size_t len = strlen(here[i]);
        if (strncasecmp(host, here[i], len) == 0 && (host[len] == '\0' || host[len] == ':')) {
            return true;
        }
    }
    return false;
}

static bool by_peer(zc_api_call *call, const zc_http_peer *peer)
{
    zc_identity identity = {0};
    zc_gateway *gateway = call->gateway;
    (void)pthread_rwlock_rdlock(&gateway->identities_lock);
    bool found = (peer->has_certificate &&
                  zc_identity_of_certificate(gateway->identities, peer->certificate, &identity)) ||
                 (peer->has_uid && zc_identity_of_uid(gateway->identities, peer->uid, &identity));
    (void)pthread_rwlock_unlock(&gateway->identities_lock);
    if (found) {
        zc_api_identify(call, &identity);
    }
    return found;
}

static void identify(zc_api_call *call, const zc_http_peer *peer)
{
    bool shown = false;
    if (by_token(call, call->http, &shown) || shown || by_peer(call, peer)) {
        return;
    }
    bool is_default =
        call->gateway->has_default && peer->is_local && (peer->has_uid || host_is_here(call->http));
    if (is_default) {
        zc_api_identify(call, &call->gateway->default_identity);
    }
}

void zc_http_frame_handle(void *context, const zc_http_peer *peer, const zc_http_request *request,
                          zc_http_response *response)
{
    zc_listener *listener = context;
    if (zc_health_handle(listener->gateway, peer, request, response)) {
        return;
    }
    zc_api_call call = {0};
    zc_call_begin(&call, listener, request);
    const zc_translator *translator = listener->translator;
    bool from_page = zc_http_header_value(request, "origin") != NULL && !translator->browsers;
    if (from_page) {
        zc_http_reply_text(response, 403, "this is no service for pages in browsers\n");
    } else {
        if (!translator->identifies) {
            identify(&call, peer);
        }
        translator->handle(listener->state, &call, response);
    }
    if (response->status == 0) {
        response->status = 500;
    }
    zc_http_header_add(response, "x-request-id", call.id);
    zc_call_end(&call, listener, response->status);
}

void zc_http_frame_refused(void *context, unsigned status)
{
    zc_listener *listener = context;
    (void)status;
    atomic_fetch_add(&listener->metrics->refused, 1);
}
