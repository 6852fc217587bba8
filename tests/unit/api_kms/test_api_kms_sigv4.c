/* Signature Version 4 against requests that botocore 1.29's SigV4Auth signed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "api/kms/replay.h"
#include "api/kms/signing_keys.h"

#define NOW 1769860800 /* 2026-01-31T12:00:00Z */
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define SCOPE "AKIDEXAMPLE/20260131/us-east-1/kms/aws4_request"

static const char body[] = "{\"KeyId\":\"a\"}";

static zc_http_request request(const char *authorization)
{
    return (zc_http_request){
        .method = "POST",
        .target = "/",
        .path = "/",
        .query = "",
        .body = zc_slice_of(body, sizeof body - 1),
        .headers = {{"Host", "127.0.0.1:8580"},
                    {"Content-Type", "application/x-amz-json-1.1"},
                    {"X-Amz-Date", "20260131T120000Z"},
                    {"X-Amz-Target", "TrentService.Sign"},
                    {"X-Extra", "  two   spaces "},
                    {"Authorization", authorization}},
        .header_count = 6,
    };
}

#define SIGNED                                                                                     \
    "AWS4-HMAC-SHA256 Credential=" SCOPE                                                           \
    ", SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-extra, "                          \
    "Signature=622228301ace46b7f5948e9c46cd9a42ba2e010e50257c2e29d267d3b2c80abf"

static zc_sigv4_fault judge(const zc_http_request *request, int64_t now, const char *secret)
{
    zc_sigv4 sigv4;
    const char *why = NULL;
    zc_sigv4_fault fault = zc_sigv4_read(request, "kms", now, &sigv4, &why);
    assert_non_null(why);
    if (fault != ZC_SIGV4_OK) {
        return fault;
    }
    zc_hmac_key key;
    zc_sigv4_signing_key(&sigv4, "kms", secret, &key);
    return zc_sigv4_holds(&sigv4, request, "kms", &key) ? ZC_SIGV4_OK : ZC_SIGV4_WRONG;
}

static void holds__what_botocore_signed__true(void **state)
{
    (void)state;
    zc_http_request whole = request(SIGNED);
    zc_http_request fewer =
        request("AWS4-HMAC-SHA256 Credential=" SCOPE
                ",SignedHeaders=content-type;host;x-amz-date;x-amz-target,Signature="
                "82a6d080a5bbfb6edea42aca87d578a8682f20c3e7d83c1f8141c359e240422d");
    assert_int_equal(judge(&whole, NOW, SECRET), ZC_SIGV4_OK);
    assert_int_equal(judge(&fewer, NOW, SECRET), ZC_SIGV4_OK);
    assert_int_equal(judge(&whole, NOW, "another secret"), ZC_SIGV4_WRONG);
    assert_int_equal(judge(&whole, NOW, ""), ZC_SIGV4_WRONG);
}

static void holds__any_signed_part_changed__false(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        zc_http_request changed = request(SIGNED);
        char value[64];
        (void)snprintf(value, sizeof value, "%s", changed.headers[i].value);
        value[5]++;
        changed.headers[i].value = value;
        assert_int_not_equal(judge(&changed, NOW, SECRET), ZC_SIGV4_OK);
    }
    for (size_t i = 0; i < sizeof body - 1; i++) {
        zc_http_request changed = request(SIGNED);
        uint8_t other[sizeof body];
        memcpy(other, body, sizeof body);
        other[i] ^= 1;
        changed.body = zc_slice_of(other, sizeof body - 1);
        assert_int_equal(judge(&changed, NOW, SECRET), ZC_SIGV4_WRONG);
    }
    zc_http_request other = request(SIGNED);
    other.method = "PUT";
    assert_int_equal(judge(&other, NOW, SECRET), ZC_SIGV4_WRONG);
    other = request(SIGNED);
    other.query = "a=b";
    assert_int_equal(judge(&other, NOW, SECRET), ZC_SIGV4_WRONG);
    other = request(SIGNED);
    other.headers[other.header_count++] = (zc_http_header){"x-extra", "two spaces"};
    assert_int_equal(judge(&other, NOW, SECRET), ZC_SIGV4_WRONG);
    other = request(SIGNED);
    other.headers[other.header_count++] = (zc_http_header){"x-amz-content-sha256", "00"};
    assert_int_equal(judge(&other, NOW, SECRET), ZC_SIGV4_WRONG);
}

static void read__another_time__skewed(void **state)
{
    (void)state;
    zc_http_request whole = request(SIGNED);
    assert_int_equal(judge(&whole, NOW + 300, SECRET), ZC_SIGV4_OK);
    assert_int_equal(judge(&whole, NOW - 300, SECRET), ZC_SIGV4_OK);
    assert_int_equal(judge(&whole, NOW + 301, SECRET), ZC_SIGV4_SKEWED);
    assert_int_equal(judge(&whole, NOW - 301, SECRET), ZC_SIGV4_SKEWED);
}

static void read__malformed__incomplete(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA1 Credential=" SCOPE ", SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=" SCOPE ", SignedHeaders=host;x-amz-date;x-amz-target",
        "AWS4-HMAC-SHA256 Credential=" SCOPE
        ", SignedHeaders=host;x-amz-date;x-amz-target, Signature=zz",
        "AWS4-HMAC-SHA256 Credential=/20260131/us-east-1/kms/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-target, Signature="
        "82a6d080a5bbfb6edea42aca87d578a8682f20c3e7d83c1f8141c359e240422d",
        "AWS4-HMAC-SHA256 Credential=A/20260130/us-east-1/kms/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-target, Signature="
        "82a6d080a5bbfb6edea42aca87d578a8682f20c3e7d83c1f8141c359e240422d",
        "AWS4-HMAC-SHA256 Credential=A/20260131/../kms/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-target, Signature="
        "82a6d080a5bbfb6edea42aca87d578a8682f20c3e7d83c1f8141c359e240422d",
        "AWS4-HMAC-SHA256 Credential=" SCOPE ", SignedHeaders=host;x-amz-date, Signature="
        "82a6d080a5bbfb6edea42aca87d578a8682f20c3e7d83c1f8141c359e240422d",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_http_request bad = request(wrong[i]);
        assert_int_equal(judge(&bad, NOW, SECRET), ZC_SIGV4_INCOMPLETE);
    }
    zc_http_request none = request(SIGNED);
    none.header_count = 5;
    assert_int_equal(judge(&none, NOW, SECRET), ZC_SIGV4_MISSING);
}

static void expect_key(zc_signing_keys *keys, const zc_sigv4 *sigv4, const char *secret)
{
    zc_hmac_key derived;
    zc_hmac_key given;
    uint8_t expected[32];
    uint8_t tag[32];
    zc_sigv4_signing_key(sigv4, "kms", secret, &derived);
    zc_signing_keys_get(keys, sigv4, secret, &given);
    zc_hmac_sha256(&derived, zc_slice_of_text("x"), expected);
    zc_hmac_sha256(&given, zc_slice_of_text("x"), tag);
    assert_memory_equal(tag, expected, sizeof tag);
}

static void signing_keys__whatever_came_before__as_derived(void **state)
{
    (void)state;
    zc_signing_keys *keys = zc_signing_keys_new("kms");
    assert_non_null(keys);
    for (int again = 0; again < 2; again++) {
        zc_sigv4 sigv4 = {.access_key = "AKIA1", .date = "20260131", .region = "us-east-1"};
        expect_key(keys, &sigv4, SECRET);
        expect_key(keys, &sigv4, SECRET);
        expect_key(keys, &sigv4, SECRET "x");
        expect_key(keys, &sigv4, "");
        expect_key(keys, &sigv4, SECRET);
        sigv4.date[7] = '2';
        expect_key(keys, &sigv4, SECRET);
        sigv4.region[0] = 'e';
        expect_key(keys, &sigv4, SECRET);
    }
    for (int i = 0; i < 2000; i++) {
        zc_sigv4 sigv4 = {.date = "20260131", .region = "us-east-1"};
        (void)snprintf(sigv4.access_key, sizeof sigv4.access_key, "AKIA%d", i % 700);
        expect_key(keys, &sigv4, SECRET);
    }
    zc_signing_keys_free(keys);
}

static void replay__others_come_and_go__never_forgotten_before_its_time(void **state)
{
    (void)state;
    enum { SECONDS = 400, EACH = 4, LIFE = 50 };
    static uint8_t sent[SECONDS * EACH][32];
    zc_replay *replay = zc_replay_new(9);
    uint64_t random = 1;
    for (int64_t now = 1; now < SECONDS; now++) {
        for (size_t i = (size_t)now * EACH; i < (size_t)(now + 1) * EACH; i++) {
            for (size_t at = 0; at < 32; at++) {
                random = random * 6364136223846793005U + 1442695040888963407U;
                sent[i][at] = (uint8_t)(random >> 56);
            }
            assert_int_equal(zc_replay_check(replay, sent[i], now, now + LIFE), ZC_REPLAY_NEW);
        }
        size_t first = now > LIFE ? (size_t)(now - LIFE) * EACH : EACH;
        for (size_t i = first; i < (size_t)(now + 1) * EACH; i++) {
            assert_int_equal(zc_replay_check(replay, sent[i], now, now + LIFE), ZC_REPLAY_SEEN);
        }
    }
    zc_replay_free(replay);
}

static void replay__seen_once__seen_until_its_time(void **state)
{
    (void)state;
    uint8_t signature[32] = {1};
    zc_replay *replay = zc_replay_new(8);
    assert_non_null(replay);
    assert_int_equal(zc_replay_check(replay, signature, 1000, 1300), ZC_REPLAY_NEW);
    assert_int_equal(zc_replay_check(replay, signature, 1000, 1300), ZC_REPLAY_SEEN);
    assert_int_equal(zc_replay_check(replay, signature, 1300, 1600), ZC_REPLAY_SEEN);
    assert_int_equal(zc_replay_check(replay, signature, 1301, 1600), ZC_REPLAY_NEW);
    zc_replay_free(replay);
}

static void replay__full__refuses_and_forgets_nothing(void **state)
{
    (void)state;
    uint8_t signature[32] = {0};
    zc_replay *replay = zc_replay_new(6);
    for (uint8_t i = 0; i < 64; i++) {
        signature[0] = i;
        assert_int_equal(zc_replay_check(replay, signature, 1, 301), ZC_REPLAY_NEW);
    }
    signature[0] = 64;
    assert_int_equal(zc_replay_check(replay, signature, 1, 301), ZC_REPLAY_FULL);
    for (uint8_t i = 0; i < 64; i++) {
        signature[0] = i;
        assert_int_equal(zc_replay_check(replay, signature, 2, 302), ZC_REPLAY_SEEN);
    }
    signature[0] = 64;
    assert_int_equal(zc_replay_check(replay, signature, 302, 602), ZC_REPLAY_NEW);
    zc_replay_free(replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds__what_botocore_signed__true),
        cmocka_unit_test(holds__any_signed_part_changed__false),
        cmocka_unit_test(read__another_time__skewed),
        cmocka_unit_test(read__malformed__incomplete),
        cmocka_unit_test(signing_keys__whatever_came_before__as_derived),
        cmocka_unit_test(replay__seen_once__seen_until_its_time),
        cmocka_unit_test(replay__others_come_and_go__never_forgotten_before_its_time),
        cmocka_unit_test(replay__full__refuses_and_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
