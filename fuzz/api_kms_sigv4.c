/* Any Authorization header, x-amz-date and body: read without harm, and no signature holds without
 * the secret. Lines: authorization, x-amz-date, the body. */
#include "api/kms/sigv4.h"
#include "fuzz.h"

static const char *take_line(char **at)
{
    char *line = *at;
    char *end = strchr(line, '\n');
    if (end != NULL) {
        *end = '\0';
        *at = end + 1;
    } else {
        *at = line + strlen(line);
    }
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[4096];
    const char *why = NULL;
    zc_sigv4 sigv4;
    if (size >= sizeof text) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    char *at = text;
    const char *authorization = take_line(&at);
    const char *date = take_line(&at);
    const zc_http_request request = {
        .method = "POST",
        .target = "/",
        .path = "/",
        .query = "",
        .body = zc_slice_of_text(at),
        .headers = {{"Host", "h"},
                    {"X-Amz-Date", date},
                    {"X-Amz-Target", "TrentService.Sign"},
                    {"Authorization", authorization}},
        .header_count = 4,
    };
    zc_sigv4_fault fault = zc_sigv4_read(&request, "kms", 1769860800, &sigv4, &why);
    FUZZ_CHECK(why != NULL);
    if (fault == ZC_SIGV4_OK) {
        FUZZ_CHECK(strlen(sigv4.region) > 0 && strlen(sigv4.access_key) > 0);
        zc_hmac_key key;
        zc_sigv4_signing_key(&sigv4, "kms", "a secret that no input knows", &key);
        FUZZ_CHECK(!zc_sigv4_holds(&sigv4, &request, "kms", &key));
    }
    return 0;
}
