#include <stdio.h>

#include <sys/random.h>

#include "base/hex.h"
#include "commands.h"
#include "support/json.h"
#include "support/reasons.h"
#include "wire/limits.h"

const zc_option zc_attest_options[] = {
    {"nonce", "HEX", "what the document must carry (default: 32 random bytes)"},
    {"o", "FILE", "where the document goes (default: standard output)"},
    {NULL, NULL, NULL},
};

static int write_document(const zc_invocation *invocation, zc_slice document, zc_slice nonce)
{
    const char *path = zc_option_value(invocation, "o");
    zc_error error = {0};
    if (path != NULL && !zc_ok(zc_file_write(path, document, 0644, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (invocation->json) {
        json_t *out = json_object();
        bool printed = out != NULL && zc_json_set_hex(out, "nonce", nonce) &&
                       zc_json_set_hex(out, "document", document) && zc_json_print(stdout, out);
        json_decref(out);
        return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    if (path == NULL && fwrite(document.data, 1, document.len, stdout) != document.len) {
        return ZC_EXIT_FAILED;
    }
    if (path != NULL) {
        (void)printf("%zu bytes in %s; check it with `zcp verify --doc %s`\n", document.len, path,
                     path);
    }
    return ZC_EXIT_DONE;
}

int zc_run_attest(zc_invocation *invocation)
{
    uint8_t nonce[ZC_NONCE_MAX];
    size_t nonce_len = 32;
    const char *given = zc_option_value(invocation, "nonce");
    if (given != NULL) {
        if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(given), nonce, sizeof nonce, &nonce_len))) {
            return zc_fail_usage(invocation, "cannot attest",
                                 "--nonce wants at most 512 bytes in hexadecimal");
        }
    } else if (getrandom(nonce, nonce_len, 0) != (ssize_t)nonce_len) {
        return zc_fail_usage(invocation, "cannot attest", "the kernel gave no randomness");
    }
    zcp_session *session;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    static uint8_t document[ZC_DOCUMENT_MAX];
    size_t len;
    zcp_error error;
    zcp_result got = zcp_attest(session, nonce, nonce_len, document, sizeof document, &len, &error);
    zcp_close(session);
    return got == ZCP_OK ? write_document(invocation, zc_slice_of(document, len),
                                          zc_slice_of(nonce, nonce_len))
                         : zc_fail_client(invocation, &error);
}
