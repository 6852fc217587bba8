#include "log/sigv4.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "base/secret.h"
#include "crypto/hmac.h"

#define HEX_SIZE 65
#define CANONICAL_SIZE ((size_t)8192)

/* What of a URL is signed. */
typedef struct zc_url_parts {
    char host[256];
    const char *path;
    size_t path_len;
    const char *query; /* "" for none */
} zc_url_parts;

/* The usual port is not in the Host header. */
static void drop_usual_port(char *host, bool tls)
{
    const char *usual = tls ? ":443" : ":80";
    size_t len = strlen(host);
    size_t port = strlen(usual);
    if (len > port && strcmp(host + len - port, usual) == 0) {
        host[len - port] = '\0';
    }
}

static bool split(const char *url, zc_url_parts *parts)
{
    bool tls = strncmp(url, "https://", 8) == 0;
    if (!tls && strncmp(url, "http://", 7) != 0) {
        return false;
    }
    const char *host = url + (tls ? 8 : 7);
    const char *path = strchr(host, '/');
    size_t host_len = path == NULL ? 0 : (size_t)(path - host);
    if (host_len == 0 || host_len >= sizeof parts->host) {
        return false;
    }
    memcpy(parts->host, host, host_len);
    parts->host[host_len] = '\0';
    drop_usual_port(parts->host, tls);
    parts->path = path;
    parts->path_len = strcspn(path, "?");
    parts->query = path[parts->path_len] == '?' ? path + parts->path_len + 1 : "";
    return true;
}

static void hex_sha256(zc_slice bytes, char ret_hex[static HEX_SIZE])
{
    uint8_t hash[32];
    zc_sha256(bytes, hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), ret_hex);
}

/* AWS4 ‖ secret → date → region → service → the key that signs. */
static void signing_key(const char *secret, const char *date, const char *region,
                        uint8_t ret_key[static 32])
{
    char first[ZC_CREDENTIAL_SIZE + 8];
    int len = snprintf(first, sizeof first, "AWS4%s", secret);
    zc_hmac_sha256_once((const uint8_t *)first, (size_t)len, zc_slice_of_text(date), ret_key);
    zc_hmac_sha256_once(ret_key, 32, zc_slice_of_text(region), ret_key);
    zc_hmac_sha256_once(ret_key, 32, zc_slice_of_text("s3"), ret_key);
    zc_hmac_sha256_once(ret_key, 32, zc_slice_of_text("aws4_request"), ret_key);
    zc_wipe(first, sizeof first);
}

static bool add(zc_sigv4_headers *headers, const char *name, const char *value)
{
    char *line = headers->line[headers->count++];
    int needed = snprintf(line, ZC_SIGV4_LINE_SIZE, "%s: %s", name, value);
    return needed > 0 && needed < ZC_SIGV4_LINE_SIZE;
}

/* The headers that are signed, in the order of their names: `headers` gets them to be sent, and
 * `canonical` and `names` as they are signed. */
static bool list_headers(const zc_sigv4_request *request, const zc_credentials *credentials,
                         const char *const value[static 2], zc_sigv4_headers *headers,
                         const char *host, char *canonical, char *names)
{
    const char *const list[][2] = {
        {"x-amz-content-sha256", value[0]},
        {"x-amz-date", value[1]},
        {"x-amz-object-lock-mode", request->lock_until != NULL ? "COMPLIANCE" : NULL},
        {"x-amz-object-lock-retain-until-date", request->lock_until},
        {"x-amz-security-token", credentials->token[0] != '\0' ? credentials->token : NULL},
    };
    size_t at = (size_t)snprintf(canonical, CANONICAL_SIZE, "host:%s\n", host);
    size_t names_at = (size_t)snprintf(names, CANONICAL_SIZE, "host");
    bool good = true;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i][1] == NULL) {
            continue;
        }
        good = good && add(headers, list[i][0], list[i][1]);
        at += (size_t)snprintf(canonical + at, CANONICAL_SIZE - at, "%s:%s\n", list[i][0],
                               list[i][1]);
        names_at +=
            (size_t)snprintf(names + names_at, CANONICAL_SIZE - names_at, ";%s", list[i][0]);
    }
    return good;
}

bool zc_sigv4_sign(const zc_sigv4_request *request, const zc_credentials *credentials,
                   zc_sigv4_headers *ret_headers)
{
    static _Thread_local char canonical_headers[CANONICAL_SIZE];
    static _Thread_local char names[CANONICAL_SIZE];
    static _Thread_local char text[3 * CANONICAL_SIZE];
    zc_url_parts parts;
    char body_hash[HEX_SIZE];
    char request_hash[HEX_SIZE];
    char signature[HEX_SIZE];
    char when[32];
    char date[16];
    char scope[96];
    uint8_t key[32];
    uint8_t tag[32];
    struct tm utc;
    time_t now = (time_t)request->now_s;
    memset(ret_headers, 0, sizeof *ret_headers);
    (void)gmtime_r(&now, &utc);
    (void)strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
    (void)strftime(date, sizeof date, "%Y%m%d", &utc);
    hex_sha256(request->body, body_hash);
    if (!split(request->url, &parts) ||
        !list_headers(request, credentials, (const char *const[2]){body_hash, when}, ret_headers,
                      parts.host, canonical_headers, names)) {
        return false;
    }
    (void)snprintf(text, sizeof text, "%s\n%.*s\n%s\n%s\n%s\n%s", request->method,
                   (int)parts.path_len, parts.path, parts.query, canonical_headers, names,
                   body_hash);
    hex_sha256(zc_slice_of_text(text), request_hash);
    (void)snprintf(scope, sizeof scope, "%s/%.32s/s3/aws4_request", date, request->region);
    (void)snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", when, scope, request_hash);
    signing_key(credentials->password, date, request->region, key);
    zc_hmac_sha256_once(key, sizeof key, zc_slice_of_text(text), tag);
    zc_wipe(key, sizeof key);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(tag), signature);
    (void)snprintf(text, sizeof text,
                   "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                   credentials->user, scope, names, signature);
    bool added = add(ret_headers, "Authorization", text);
    zc_wipe(canonical_headers, sizeof canonical_headers);
    return added;
}
