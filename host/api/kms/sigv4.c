#include "api/kms/sigv4.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

#include "base/ct.h"
#include "base/hex.h"
#include "base/secret.h"

#define SCHEME "AWS4-HMAC-SHA256"
#define SIGNED_MAX 32

/* The value of `name` in "name=value, name=value"; false when absent or too long. */
static bool field(const char *text, const char *name, char *ret_value, size_t capacity)
{
    size_t name_len = strlen(name);
    for (const char *at = text; at != NULL && *at != '\0';) {
        at += strspn(at, " ,");
        size_t len = strcspn(at, ",");
        while (len > 0 && at[len - 1] == ' ') {
            len--;
        }
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            size_t value_len = len - name_len - 1;
            if (value_len >= capacity) {
                return false;
            }
            memcpy(ret_value, at + name_len + 1, value_len);
            ret_value[value_len] = '\0';
            return true;
        }
        at = strchr(at, ',');
    }
    return false;
}

/* "AKIA…/20260131/eu-west-1/kms/aws4_request" */
static bool read_scope(const char *scope, const char *service, zc_sigv4 *sigv4)
{
    char end[64];
    const char *slash = strchr(scope, '/');
    size_t len = slash != NULL ? (size_t)(slash - scope) : 0;
    if (len == 0 || len >= sizeof sigv4->access_key || strlen(slash) < 11 || slash[9] != '/') {
        return false;
    }
    memcpy(sigv4->access_key, scope, len);
    memcpy(sigv4->date, slash + 1, 8);
    const char *region = slash + 10;
    size_t region_len = strcspn(region, "/");
    if (region_len == 0 || region_len >= sizeof sigv4->region) {
        return false;
    }
    memcpy(sigv4->region, region, region_len);
    for (size_t i = 0; i < region_len; i++) {
        if (!islower((unsigned char)region[i]) && !isdigit((unsigned char)region[i]) &&
            region[i] != '-') {
            return false;
        }
    }
    (void)snprintf(end, sizeof end, "/%s/aws4_request", service);
    return strcmp(region + region_len, end) == 0;
}

static bool read_time(const char *text, zc_sigv4 *sigv4)
{
    struct tm parts = {0};
    if (text == NULL || strlen(text) != 16) {
        return false;
    }
    for (size_t i = 0; i < 16; i++) {
        bool fixed = i == 8 || i == 15;
        if (fixed ? text[i] != (i == 8 ? 'T' : 'Z') : !isdigit((unsigned char)text[i])) {
            return false;
        }
    }
    const char *rest = strptime(text, "%Y%m%dT%H%M%SZ", &parts);
    memcpy(sigv4->time, text, 17);
    sigv4->seconds = (int64_t)timegm(&parts);
    return rest != NULL && *rest == '\0' && strncmp(text, sigv4->date, 8) == 0;
}

/* Whether `name` is in the list "a;b;c". */
static bool is_signed(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = list; at != NULL; at = strchr(at, ';')) {
        at += *at == ';' ? 1 : 0;
        if (strncmp(at, name, len) == 0 && (at[len] == ';' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

zc_sigv4_fault zc_sigv4_read(const zc_http_request *request, const char *service,
                             int64_t now_seconds, zc_sigv4 *ret_sigv4, const char **ret_why)
{
    zc_sigv4 sigv4 = {0};
    char scope[192];
    char signature[65];
    const char *header = zc_http_header_value(request, "authorization");
    *ret_why = "Request is missing Authentication Token";
    if (header == NULL) {
        return ZC_SIGV4_MISSING;
    }
    *ret_why = "Authorization header is not a complete AWS4-HMAC-SHA256 signature for this service";
    if (strncmp(header, SCHEME " ", strlen(SCHEME) + 1) != 0) {
        return ZC_SIGV4_INCOMPLETE;
    }
    header += strlen(SCHEME) + 1;
    if (!field(header, "Credential", scope, sizeof scope) ||
        !field(header, "SignedHeaders", sigv4.signed_headers, sizeof sigv4.signed_headers) ||
        !field(header, "Signature", signature, sizeof signature) ||
        !read_scope(scope, service, &sigv4) || strncmp(signature, "0x", 2) == 0 ||
        !zc_ok(
            zc_hex_decode(zc_slice_of_text(signature), sigv4.signature, sizeof sigv4.signature)) ||
        !read_time(zc_http_header_value(request, "x-amz-date"), &sigv4)) {
        return ZC_SIGV4_INCOMPLETE;
    }
    *ret_why = "host, x-amz-date and x-amz-target must be signed headers";
    if (!is_signed(sigv4.signed_headers, "host") ||
        !is_signed(sigv4.signed_headers, "x-amz-date") ||
        !is_signed(sigv4.signed_headers, "x-amz-target")) {
        return ZC_SIGV4_INCOMPLETE;
    }
    *ret_why = "Signature expired or not yet current: the clocks differ by more than five minutes";
    if (sigv4.seconds > now_seconds + ZC_SIGV4_SKEW_SECONDS ||
        sigv4.seconds < now_seconds - ZC_SIGV4_SKEW_SECONDS) {
        return ZC_SIGV4_SKEWED;
    }
    *ret_sigv4 = sigv4;
    *ret_why = "";
    return ZC_SIGV4_OK;
}

/* What is hashed, collected first: most of it comes in pieces of a few bytes. */
typedef struct canonical {
    zc_sha256_ctx hash;
    size_t len;
    uint8_t byte[1024];
} canonical;

static void put(canonical *text, zc_slice bytes)
{
    if (bytes.len > sizeof text->byte - text->len) {
        zc_sha256_update(&text->hash, zc_slice_of(text->byte, text->len));
        text->len = 0;
    }
    if (bytes.len > sizeof text->byte) {
        zc_sha256_update(&text->hash, bytes);
    } else if (bytes.len > 0) {
        memcpy(text->byte + text->len, bytes.data, bytes.len);
        text->len += bytes.len;
    }
}

static void put_text(canonical *text, const char *more)
{
    put(text, zc_slice_of_text(more));
}

static void put_end(canonical *text, uint8_t ret_hash[static 32])
{
    zc_sha256_update(&text->hash, zc_slice_of(text->byte, text->len));
    zc_sha256_final(&text->hash, ret_hash);
}

/* Without spaces around, and inner runs of them as one. */
static void put_trimmed(canonical *text, const char *value)
{
    static const char spaces[] = " \t";
    const char *at = value + strspn(value, spaces);
    while (*at != '\0') {
        size_t len = strcspn(at, spaces);
        put(text, zc_slice_of(at, len));
        at += len;
        at += strspn(at, spaces);
        if (*at != '\0') {
            put_text(text, " ");
        }
    }
}

/* The headers that the client says it signed: in order, each once, all of them there. */
static bool put_headers(canonical *text, const zc_sigv4 *sigv4, const zc_http_request *request)
{
    char previous[128] = "";
    size_t count = 0;
    for (const char *at = sigv4->signed_headers; *at != '\0'; count++) {
        char name[128];
        size_t len = strcspn(at, ";");
        if (len == 0 || len >= sizeof name || count == SIGNED_MAX) {
            return false;
        }
        memcpy(name, at, len);
        name[len] = '\0';
        const char *value = zc_http_header_value(request, name);
        if (value == NULL || strcmp(previous, name) >= 0) {
            return false;
        }
        for (size_t i = 0; i < len; i++) {
            if (isupper((unsigned char)name[i])) {
                return false;
            }
        }
        put(text, zc_slice_of(name, len));
        put_text(text, ":");
        put_trimmed(text, value);
        put_text(text, "\n");
        memcpy(previous, name, len + 1);
        at += len + (at[len] == ';' ? 1 : 0);
    }
    return true;
}

static bool canonical_hash(const zc_sigv4 *sigv4, const zc_http_request *request,
                           uint8_t ret_hash[static 32])
{
    uint8_t body_hash[32];
    char body_hex[65];
    canonical text;
    zc_sha256(request->body, body_hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(body_hash), body_hex);
    const char *claimed = zc_http_header_value(request, "x-amz-content-sha256");
    if (claimed != NULL && strcmp(claimed, body_hex) != 0) {
        return false;
    }
    zc_sha256_init(&text.hash);
    text.len = 0;
    put_text(&text, request->method);
    put_text(&text, "\n/\n\n");
    if (!put_headers(&text, sigv4, request)) {
        return false;
    }
    put_text(&text, "\n");
    put_text(&text, sigv4->signed_headers);
    put_text(&text, "\n");
    put_text(&text, body_hex);
    put_end(&text, ret_hash);
    return true;
}

void zc_sigv4_signing_key(const zc_sigv4 *sigv4, const char *service, const char *secret,
                          zc_hmac_key *ret_key)
{
    char first[4 + ZC_SIGV4_SECRET_MAX + 1];
    int len = snprintf(first, sizeof first, "AWS4%s", secret);
    uint8_t a[32];
    uint8_t b[32];
    zc_hmac_sha256_once((const uint8_t *)first, (size_t)len, zc_slice_of_text(sigv4->date), a);
    zc_hmac_sha256_once(a, sizeof a, zc_slice_of_text(sigv4->region), b);
    zc_hmac_sha256_once(b, sizeof b, zc_slice_of_text(service), a);
    zc_hmac_sha256_once(a, sizeof a, zc_slice_of_text("aws4_request"), b);
    zc_hmac_sha256_key_init(ret_key, b, sizeof b);
    zc_wipe(first, sizeof first);
    zc_wipe(a, sizeof a);
    zc_wipe(b, sizeof b);
}

bool zc_sigv4_holds(const zc_sigv4 *sigv4, const zc_http_request *request, const char *service,
                    const zc_hmac_key *key)
{
    uint8_t hash[32];
    char hash_hex[65];
    char text[256];
    uint8_t expected[32];
    if (strcmp(request->target, "/") != 0 || request->query[0] != '\0' ||
        !canonical_hash(sigv4, request, hash)) {
        return false;
    }
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), hash_hex);
    int len = snprintf(text, sizeof text, SCHEME "\n%s\n%s/%s/%s/aws4_request\n%s", sigv4->time,
                       sigv4->date, sigv4->region, service, hash_hex);
    if (len < 0 || (size_t)len >= sizeof text) {
        return false;
    }
    zc_hmac_sha256(key, zc_slice_of(text, (size_t)len), expected);
    bool holds = zc_ct_eq(expected, sigv4->signature, sizeof expected);
    zc_wipe(expected, sizeof expected);
    return holds;
}
