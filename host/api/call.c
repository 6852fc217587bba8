#include <endian.h>
#include <stdio.h>
#include <strings.h>

#include "api/frame.h"
#include "api/http_connections.h"
#include "base/hex.h"

void zc_call_begin(zc_api_call *call, zc_listener *listener, const zc_http_request *http)
{
    zc_gateway *gateway = listener->gateway;
    const zc_identity *identity = call->identity;
    zc_identity found = call->found;
    *call = (zc_api_call){.gateway = gateway,
                          .interface = listener->translator->name,
                          .http = http,
                          .found = found,
                          .began_ns = zc_api_now_ns()};
    call->identity = identity != NULL ? &call->found : NULL;
    uint64_t number = htobe64(gateway->instance + atomic_fetch_add(&gateway->calls, 1));
    zc_hex_encode(zc_slice_of(&number, sizeof number), call->id);
}

zc_listener *zc_call_listener(const zc_api_call *call)
{
    for (size_t i = 0; i < call->gateway->listeners; i++) {
        if (strcmp(call->gateway->listener[i].translator->name, call->interface) == 0) {
            return &call->gateway->listener[i];
        }
    }
    return NULL;
}

void zc_call_end(zc_api_call *call, zc_listener *listener, unsigned status)
{
    uint64_t total_ns = zc_api_now_ns() - call->began_ns;
    uint64_t own_ns = total_ns > call->enclave_ns ? total_ns - call->enclave_ns : 0;
    zc_metrics_time(listener->metrics, ZC_STAGE_TOTAL, total_ns);
    zc_metrics_time(listener->metrics, ZC_STAGE_TRANSLATE, own_ns);
    if (call->enclave_ns > 0) {
        zc_metrics_time(listener->metrics, ZC_STAGE_ENCLAVE, call->enclave_ns);
    }
    unsigned class = status == 0 ? (call->result == ZCP_OK ? 2 : 5) : status / 100;
    if (class < 6) {
        atomic_fetch_add(&listener->metrics->status[class], 1);
    }
    if (call->identity == NULL) {
        atomic_fetch_add(&listener->metrics->unknown, 1);
    }
    if (call->lease != NULL) {
        zc_session_pool_return(&call->gateway->sessions, call->lease, call->lease->broken);
        call->lease = NULL;
    }
    zc_log_request(call, status, total_ns);
}

void zc_api_call_arrived(zc_api_call *call)
{
    call->began_ns = zc_api_now_ns();
}

void zc_api_call_again(zc_api_call *call)
{
    zc_listener *listener = zc_call_listener(call);
    zc_call_end(call, listener, 0);
    zc_call_begin(call, listener, call->http);
}

static zcp_result nobody(zcp_error *error)
{
    if (error != NULL) {
        *error = (zcp_error){.result = ZCP_FAILED,
                             .reason = "GATEWAY_NO_IDENTITY",
                             .what = "the gateway does not know who asks",
                             .why = "nothing in the request stands in the identity file",
                             .next = "give this caller an identity (docs/gateway.md)"};
    }
    return ZCP_FAILED;
}

static zcp_result lend(zc_api_call *call, zcp_error *error)
{
    if (call->lease != NULL) {
        return ZCP_OK;
    }
    return call->identity == NULL ? nobody(error)
                                  : zc_session_pool_lend(&call->gateway->sessions, call->identity,
                                                         &call->lease, error);
}

zcp_result zc_api_session(zc_api_call *call, zcp_session **ret_session, zcp_error *error)
{
    uint64_t began_ns = zc_api_now_ns();
    zcp_result lent = lend(call, error);
    call->enclave_ns += zc_api_now_ns() - began_ns;
    call->result = lent;
    if (lent == ZCP_OK) {
        *ret_session = call->lease->session;
    }
    return lent;
}

/* A session whose other end can't be believed, or is not there, is not lent again. */
static zcp_result ended(zc_api_call *call, uint64_t began_ns, zcp_result result)
{
    call->enclave_ns += zc_api_now_ns() - began_ns;
    call->result = result;
    if (call->lease != NULL && (result == ZCP_UNREACHABLE || result == ZCP_NOT_VERIFIED)) {
        call->lease->broken = true;
    }
    return result;
}

zcp_result zc_api_sign(zc_api_call *call, const zcp_sign_request *request,
                       zcp_signature *ret_signature, zcp_decision *ret_decision, zcp_error *error)
{
    uint64_t began_ns = zc_api_now_ns();
    zcp_decision decision = {0};
    zcp_result result = lend(call, error);
    if (result == ZCP_OK) {
        (void)snprintf(call->key, sizeof call->key, "%s", request->key);
        result = zcp_sign(call->lease->session, request, ret_signature, &decision, error);
        decision = result == ZCP_OK ? ret_signature->decision : decision;
        zc_metrics_decision(&call->gateway->metrics, result, decision.rule);
    }
    call->decision = decision;
    if (ret_decision != NULL) {
        *ret_decision = decision;
    }
    return ended(call, began_ns, result);
}

zcp_result zc_api_key(zc_api_call *call, const char *name, zcp_key *ret_key, zcp_error *error)
{
    uint64_t began_ns = zc_api_now_ns();
    zcp_result result = lend(call, error);
    if (result != ZCP_OK) {
        return ended(call, began_ns, result);
    }
    const zcp_key *cached = zc_lease_key(&call->gateway->sessions, call->lease, name);
    if (cached != NULL) {
        *ret_key = *cached;
        return ZCP_OK;
    }
    result = zcp_key_show(call->lease->session, name, ret_key, error);
    if (result == ZCP_OK) {
        zc_lease_keep(&call->gateway->sessions, call->lease, ret_key);
    }
    return ended(call, began_ns, result);
}

zcp_result zc_api_keys(zc_api_call *call, uint64_t from,
                       bool (*visit)(void *context, const zcp_key *key), void *context,
                       zcp_error *error)
{
    enum { PAGE = 16 };
    uint64_t began_ns = zc_api_now_ns();
    zcp_key keys[PAGE];
    zcp_result result = lend(call, error);
    while (result == ZCP_OK) {
        size_t count = 0;
        uint64_t total = 0;
        result = zcp_key_list(call->lease->session, from, keys, PAGE, &count, &total, error);
        bool more = result == ZCP_OK && count > 0;
        for (size_t i = 0; more && i < count; i++) {
            zc_lease_keep(&call->gateway->sessions, call->lease, &keys[i]);
            more = visit(context, &keys[i]);
        }
        from += count;
        if (!more || from >= total) {
            break;
        }
    }
    return ended(call, began_ns, result);
}

typedef struct key_search {
    zc_api_key_matches *matches;
    const void *wanted;
    zcp_key *key;
    bool found;
} key_search;

static bool is_wanted(void *context, const zcp_key *key)
{
    key_search *search = context;
    search->found = search->matches(search->wanted, key);
    if (search->found) {
        *search->key = *key;
    }
    return !search->found;
}

zcp_result zc_api_key_find(zc_api_call *call, zc_api_key_matches *matches, const void *wanted,
                           zcp_key *ret_key, zcp_error *error)
{
    zcp_key key;
    key_search search = {.matches = matches, .wanted = wanted, .key = &key};
    zcp_result result = lend(call, error);
    const zcp_key *cached =
        result == ZCP_OK ? zc_lease_find(&call->gateway->sessions, call->lease, matches, wanted)
                         : NULL;
    if (cached != NULL) {
        *ret_key = *cached;
        return ZCP_OK;
    }
    result = result == ZCP_OK ? zc_api_keys(call, 0, is_wanted, &search, error) : result;
    if (result == ZCP_OK && search.found) {
        *ret_key = key;
    } else if (result == ZCP_OK) {
        result = ZCP_FAILED;
        if (error != NULL) {
            *error = (zcp_error){.result = ZCP_FAILED,
                                 .reason = "GATEWAY_NO_SUCH_KEY",
                                 .what = "there is no such key",
                                 .why = "no key that this principal sees is the one asked for",
                                 .next = "`zcp key list` shows keys and addresses"};
        }
    }
    return result;
}

/* Keys without an address have an empty one. */
static bool has_address(const void *wanted, const zcp_key *key)
{
    return key->address[0] != '\0' && strcasecmp(key->address, wanted) == 0;
}

zcp_result zc_api_key_by_address(zc_api_call *call, const char *address, zcp_key *ret_key,
                                 zcp_error *error)
{
    return zc_api_key_find(call, has_address, address, ret_key, error);
}

void zc_api_key_changed(zc_api_call *call, const char *name)
{
    (void)name;
    atomic_fetch_add(&call->gateway->sessions.generation, 1);
}

static bool identified(zc_api_call *call, bool found, const zc_identity *identity)
{
    if (found) {
        call->found = *identity;
        call->identity = &call->found;
    }
    return found;
}

bool zc_api_identify_token(zc_api_call *call, const char *token)
{
    zc_identity identity = {0};
    (void)pthread_rwlock_rdlock(&call->gateway->identities_lock);
    bool found = zc_identity_of_token(call->gateway->identities, token, &identity);
    (void)pthread_rwlock_unlock(&call->gateway->identities_lock);
    return identified(call, found, &identity);
}

bool zc_api_access_key(zc_api_call *call, const char *access_key, zc_identity *ret_identity,
                       char ret_secret[static ZC_ACCESS_SECRET_SIZE])
{
    (void)pthread_rwlock_rdlock(&call->gateway->identities_lock);
    bool found =
        zc_identity_of_access_key(call->gateway->identities, access_key, ret_identity, ret_secret);
    (void)pthread_rwlock_unlock(&call->gateway->identities_lock);
    return found;
}

void zc_api_identify(zc_api_call *call, const zc_identity *identity)
{
    (void)identified(call, true, identity);
}

const char *zc_gateway_option(const zc_gateway *gateway, const char *name)
{
    for (size_t i = 0; i < gateway->options.extras; i++) {
        if (strcmp(gateway->options.extra[i].name, name) == 0) {
            return gateway->options.extra[i].value;
        }
    }
    return NULL;
}

const char *zc_gateway_dir(const zc_gateway *gateway)
{
    return gateway->options.dir;
}

bool zc_gateway_draining(const zc_gateway *gateway)
{
    return atomic_load(&gateway->draining);
}
