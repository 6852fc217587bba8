/* What is said to and by the places of copies: SigV4, NATS; and credentials from a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/nats.h"
#include "log/sigv4.h"
#include "support/file.h"
#include "unit.h"

static const char *line_of(const zc_sigv4_headers *headers, const char *name)
{
    for (size_t i = 0; i < headers->count; i++) {
        if (strncmp(headers->line[i], name, strlen(name)) == 0) {
            return headers->line[i];
        }
    }
    return "";
}

/* AWS's documentation, "GET Bucket lifecycle", has a query and no signed header but ours. */
static void sigv4__example_of_aws__same_signature(void **state)
{
    (void)state;
    static const zc_credentials keys = {.user = "AKIAIOSFODNN7EXAMPLE",
                                        .password = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
    zc_sigv4_request request = {.method = "GET",
                                .url = "https://examplebucket.s3.amazonaws.com/?lifecycle=",
                                .region = "us-east-1",
                                .now_s = 1369353600};
    zc_sigv4_headers headers;
    assert_true(zc_sigv4_sign(&request, &keys, &headers));
    assert_string_equal(line_of(&headers, "x-amz-date"), "x-amz-date: 20130524T000000Z");
    assert_non_null(strstr(line_of(&headers, "Authorization"),
                           "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"));
    assert_non_null(
        strstr(line_of(&headers, "Authorization"),
               "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

static void sigv4__url_that_is_none__refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "ftp://h/x", "https://", "https:///x", "http://host"};
    static const zc_credentials keys = {.user = "u", .password = "p"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_sigv4_request request = {.method = "GET", .url = wrong[i], .region = "r"};
        zc_sigv4_headers headers;
        assert_false(zc_sigv4_sign(&request, &keys, &headers));
    }
}

static zc_nats_message parsed(const char *text, size_t wanted)
{
    zc_nats_message message = {0};
    size_t len = 0;
    assert_ok(zc_nats_parse(zc_slice_of_text(text), &message, &len));
    assert_int_equal(len, wanted);
    return message;
}

static void nats__each_kind__taken_apart(void **state)
{
    (void)state;
    assert_int_equal(parsed("PING\r\n", 6).kind, ZC_NATS_PING);
    assert_int_equal(parsed("PONG\r\nMSG", 6).kind, ZC_NATS_PONG);
    assert_int_equal(parsed("+OK\r\n", 5).kind, ZC_NATS_OK);
    zc_nats_message message = parsed("INFO {\"x\":1}\r\n", 14);
    assert_int_equal(message.kind, ZC_NATS_INFO);
    assert_true(zc_slice_eq_text(message.payload, " {\"x\":1}"));
    assert_int_equal(parsed("-ERR 'Authorization Violation'\r\n", 32).kind, ZC_NATS_ERR);
    message = parsed("MSG me.1 1 3\r\nabc\r\nPING\r\n", 19);
    assert_int_equal(message.kind, ZC_NATS_MSG);
    assert_true(zc_slice_eq_text(message.subject, "me.1"));
    assert_true(zc_slice_eq_text(message.payload, "abc"));
    message = parsed("MSG me.1 1 reply 0\r\n\r\n", 22);
    assert_int_equal(message.payload.len, 0);
    message = parsed("HMSG me.2 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", 37);
    assert_int_equal(message.status, 503);
    message = parsed("HMSG me.2 1 12 15\r\nNATS/1.0\r\n\r\nabc\r\n", 36);
    assert_int_equal(message.status, 0);
    assert_true(zc_slice_eq_text(message.payload, "abc"));
}

static void nats__cut_anywhere__more_is_needed(void **state)
{
    (void)state;
    static const char whole[] = "HMSG me.2 1 12 15\r\nNATS/1.0\r\n\r\nabc\r\n";
    for (size_t cut = 0; cut < sizeof whole - 1; cut++) {
        zc_nats_message message;
        size_t len = 1;
        assert_ok(zc_nats_parse(zc_slice_of(whole, cut), &message, &len));
        assert_int_equal(len, 0);
    }
}

static void nats__what_is_none__refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"HTTP/1.1 400\r\n",
                                        "MSG\r\n",
                                        "MSG a 1\r\n",
                                        "MSG a 1 x\r\n",
                                        "MSG a 1 -1\r\n",
                                        "MSG a 1 99999999999\r\n",
                                        "MSG a 1 b c 1\r\n",
                                        "HMSG a 1 5 4\r\n",
                                        "MSG a 1 1\r\nabc",
                                        "MSG a b c d e f g\r\n",
                                        "\r\n",
                                        "PINGX\r\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_nats_message message;
        size_t len;
        assert_false(zc_ok(zc_nats_parse(zc_slice_of_text(wrong[i]), &message, &len)));
    }
    static char endless[ZC_NATS_LINE_MAX + 1];
    zc_nats_message message;
    size_t len;
    memset(endless, 'a', sizeof endless);
    assert_false(zc_ok(zc_nats_parse(zc_slice_of(endless, sizeof endless), &message, &len)));
}

static zc_result credentials_of(const char *text, zc_credentials *ret_credentials)
{
    char path[] = "/tmp/zc-keys-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    (void)close(file);
    zc_result read = zc_credentials_aws(path, ret_credentials, NULL);
    (void)unlink(path);
    return read;
}

static void credentials__of_a_file__the_default_section(void **state)
{
    (void)state;
    zc_credentials keys;
    assert_ok(credentials_of("[other]\naws_access_key_id=x\n[default]\n# comment = y\n"
                             " aws_access_key_id = A \naws_secret_access_key=b=c\r\n",
                             &keys));
    assert_string_equal(keys.user, "A");
    assert_string_equal(keys.password, "b=c");
    assert_string_equal(keys.token, "");
    assert_fails(credentials_of("[default]\naws_access_key_id = A\n", &keys),
                 ZC_LOG_NO_CREDENTIALS);
    assert_fails(credentials_of("aws_access_key_id=a\"b\naws_secret_access_key=c\n", &keys),
                 ZC_LOG_NO_CREDENTIALS);
    assert_fails(credentials_of("", &keys), ZC_LOG_NO_CREDENTIALS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sigv4__example_of_aws__same_signature),
        cmocka_unit_test(sigv4__url_that_is_none__refused),
        cmocka_unit_test(nats__each_kind__taken_apart),
        cmocka_unit_test(nats__cut_anywhere__more_is_needed),
        cmocka_unit_test(nats__what_is_none__refused),
        cmocka_unit_test(credentials__of_a_file__the_default_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
