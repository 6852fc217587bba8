/* Vault's paths, to their handlers. */
#include "api/vault/vault.h"

#include <stdio.h>
#include <string.h>

#define SEGMENTS_MAX 6

typedef enum vault_verb { READ = 1, WRITE, LIST, DELETE } vault_verb;

typedef struct vault_path {
    size_t count;
    char segment[SEGMENTS_MAX][ZC_API_NAME_SIZE];
} vault_path;

/* "/v1/transit/keys/desk" in its parts; an ending slash is none. */
static bool split(const char *path, vault_path *ret_path)
{
    vault_path parts = {0};
    for (const char *at = path; *at == '/' && at[1] != '\0';) {
        size_t len = strcspn(at + 1, "/");
        if (len == 0 || len >= ZC_API_NAME_SIZE || parts.count == SEGMENTS_MAX) {
            return false;
        }
        memcpy(parts.segment[parts.count++], at + 1, len);
        at += 1 + len;
    }
    *ret_path = parts;
    return true;
}

/* Words of a pattern stand for themselves, "*" for the key's name and "#" for the hash. */
typedef struct vault_route {
    vault_verb verb;
    const char *operation;
    const char *pattern[SEGMENTS_MAX];
    void (*run)(zc_vault_call *call);
} vault_route;

static const vault_route routes[] = {
    {LIST, "ListKeys", {"v1", "transit", "keys"}, zc_vault_list_keys},
    {READ, "ReadKey", {"v1", "transit", "keys", "*"}, zc_vault_read_key},
    {WRITE, "CreateKey", {"v1", "transit", "keys", "*"}, zc_vault_create_key},
    {DELETE, "DeleteKey", {"v1", "transit", "keys", "*"}, zc_vault_delete_key},
    {WRITE, "ConfigureKey", {"v1", "transit", "keys", "*", "config"}, zc_vault_configure_key},
    {WRITE, "RotateKey", {"v1", "transit", "keys", "*", "rotate"}, zc_vault_rotate_key},
    {WRITE, "Sign", {"v1", "transit", "sign", "*"}, zc_vault_sign},
    {WRITE, "Sign", {"v1", "transit", "sign", "*", "#"}, zc_vault_sign},
    {WRITE, "Verify", {"v1", "transit", "verify", "*"}, zc_vault_verify},
    {WRITE, "Verify", {"v1", "transit", "verify", "*", "#"}, zc_vault_verify},
    {READ, "LookupSelf", {"v1", "auth", "token", "lookup-self"}, zc_vault_lookup_self},
};
#define ROUTES (sizeof routes / sizeof routes[0])

static bool matches(const vault_route *route, const vault_path *path, zc_vault_call *call)
{
    size_t count = 0;
    for (; count < SEGMENTS_MAX && route->pattern[count] != NULL; count++) {
        const char *word = route->pattern[count];
        const char *segment = path->segment[count];
        if (count >= path->count ||
            (word[0] != '*' && word[0] != '#' && strcmp(word, segment) != 0)) {
            return false;
        }
        call->name = word[0] == '*' ? segment : call->name;
        call->hash = word[0] == '#' ? segment : call->hash;
    }
    return count == path->count;
}

/* Vault lists with the method LIST, or GET and ?list=true. */
static bool verb_of(const zc_http_request *http, vault_verb *ret_verb)
{
    char list[8];
    static const struct {
        const char *method;
        vault_verb verb;
    } verbs[] = {
        {"GET", READ}, {"POST", WRITE}, {"PUT", WRITE}, {"LIST", LIST}, {"DELETE", DELETE}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].method, http->method) == 0) {
            bool lists = verbs[i].verb == READ && zc_http_query(http, "list", list, sizeof list) &&
                         strcmp(list, "true") == 0;
            *ret_verb = lists ? LIST : verbs[i].verb;
            return true;
        }
    }
    return false;
}

static void run_with_body(zc_vault_call *call, const vault_route *route)
{
    char why[96];
    char message[128];
    zc_slice text = call->api->http->body;
    call->body = text.len == 0 ? json_object() : zc_http_json(text, why);
    if (json_is_object(call->body)) {
        call->api->operation = route->operation;
        route->run(call);
    } else {
        (void)snprintf(message, sizeof message, "failed to parse JSON input: %s",
                       call->body == NULL ? why : "it is no object");
        zc_vault_fail(call->response, 400, message);
    }
    json_decref(call->body);
}

static void route_call(zc_vault_call *call, const vault_path *path, vault_verb verb)
{
    bool known = false;
    char message[256];
    for (size_t i = 0; i < ROUTES; i++) {
        call->name = "";
        call->hash = "";
        if (!matches(&routes[i], path, call)) {
            continue;
        }
        known = true;
        if (routes[i].verb == verb) {
            run_with_body(call, &routes[i]);
            return;
        }
    }
    if (known) {
        zc_vault_fail(call->response, 405, "unsupported operation");
        return;
    }
    (void)snprintf(message, sizeof message,
                   "no handler for route \"%.150s\". route entry not found.",
                   call->api->http->path + 1);
    zc_vault_fail(call->response, 404, message);
}

static void handle(void *state, zc_api_call *call, zc_http_response *response)
{
    const zc_http_request *http = call->http;
    zc_vault_call request = {.api = call, .response = response, .name = "", .hash = ""};
    vault_path path;
    vault_verb verb = READ;
    (void)state;
    bool looks = strcmp(http->method, "GET") == 0 || strcmp(http->method, "HEAD") == 0;
    if (looks && strcmp(http->path, "/v1/sys/health") == 0) {
        zc_vault_health(call, response);
    } else if (looks && strcmp(http->path, "/v1/sys/seal-status") == 0) {
        zc_vault_seal_status(call, response);
    } else if (call->identity == NULL) {
        zc_vault_fail(response, 403, "permission denied");
    } else if (!verb_of(http, &verb)) {
        zc_vault_fail(response, 405, "unsupported operation");
    } else if (!split(http->path, &path)) {
        zc_vault_absent(response);
    } else {
        route_call(&request, &path, verb);
    }
}

const zc_translator zc_translator_vault = {
    .name = "vault",
    .listen = "127.0.0.1:8200",
    .handle = handle,
};
