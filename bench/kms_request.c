#include "kms_request.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "crypto/hmac.h"

#define REGION "eu-west-1"
#define SIGNED "content-type;host;x-amz-date;x-amz-target"

typedef struct moment {
    char stamp[17]; /* 20260131T080000Z */
    char date[9];
} moment;

static moment now(void)
{
    moment at = {0};
    struct tm utc;
    time_t seconds = time(NULL);
    (void)gmtime_r(&seconds, &utc);
    (void)strftime(at.stamp, sizeof at.stamp, "%Y%m%dT%H%M%SZ", &utc);
    (void)strftime(at.date, sizeof at.date, "%Y%m%d", &utc);
    return at;
}

static void hash_hex(zc_slice text, char ret_hex[static 65])
{
    uint8_t hash[32];
    zc_sha256(text, hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), ret_hex);
}

static void derive(const char *secret, const char *date, uint8_t ret_key[static 32])
{
    char first[160];
    uint8_t a[32];
    uint8_t b[32];
    int len = snprintf(first, sizeof first, "AWS4%s", secret);
    zc_hmac_sha256_once((const uint8_t *)first, (size_t)len, zc_slice_of_text(date), a);
    zc_hmac_sha256_once(a, 32, zc_slice_of_text(REGION), b);
    zc_hmac_sha256_once(b, 32, zc_slice_of_text("kms"), a);
    zc_hmac_sha256_once(a, 32, zc_slice_of_text("aws4_request"), ret_key);
}

/* 0 when the message does not fit. */
static size_t write_body(const zc_kms_client *client, zc_slice message, char *ret_body,
                         size_t capacity)
{
    char base64[ZC_BASE64_LEN(ZC_KMS_MESSAGE_MAX) + 1];
    zc_writer writer = zc_writer_of(base64, sizeof base64 - 1);
    if (!zc_ok(zc_write_base64(&writer, message))) {
        return 0;
    }
    base64[zc_writer_len(&writer)] = '\0';
    int len = snprintf(ret_body, capacity,
                       "{\"KeyId\":\"%s\",\"Message\":\"%s\",\"MessageType\":\"RAW\","
                       "\"SigningAlgorithm\":\"ECDSA_SHA_256\"}",
                       client->key, base64);
    return len > 0 && (size_t)len < capacity ? (size_t)len : 0;
}

static void sign(const zc_kms_client *client, const moment *at, zc_slice body,
                 char ret_tag[static 65])
{
    char hex[65];
    char canonical[512];
    char text[256];
    uint8_t key[32];
    uint8_t tag[32];
    hash_hex(body, hex);
    int len = snprintf(canonical, sizeof canonical,
                       "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:127.0.0.1:%u\n"
                       "x-amz-date:%s\nx-amz-target:TrentService.Sign\n\n" SIGNED "\n%s",
                       client->port, at->stamp, hex);
    hash_hex(zc_slice_of(canonical, (size_t)len), hex);
    len = snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%s\n%s/" REGION "/kms/aws4_request\n%s",
                   at->stamp, at->date, hex);
    derive(client->secret, at->date, key);
    zc_hmac_sha256_once(key, sizeof key, zc_slice_of(text, (size_t)len), tag);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(tag), ret_tag);
}

size_t zc_kms_sign_request(const zc_kms_client *client, zc_slice message, char *ret_request,
                           size_t capacity)
{
    char body[ZC_BASE64_LEN(ZC_KMS_MESSAGE_MAX) + 256];
    char tag[65];
    const moment at = now();
    size_t body_len = write_body(client, message, body, sizeof body);
    if (body_len == 0) {
        return 0;
    }
    sign(client, &at, zc_slice_of(body, body_len), tag);
    int len = snprintf(ret_request, capacity,
                       "POST / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                       "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Date: %s\r\n"
                       "X-Amz-Target: TrentService.Sign\r\n"
                       "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s/" REGION
                       "/kms/aws4_request, SignedHeaders=" SIGNED ", Signature=%s\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       client->port, at.stamp, client->access_key, at.date, tag, body_len, body);
    return len > 0 && (size_t)len < capacity ? (size_t)len : 0;
}
