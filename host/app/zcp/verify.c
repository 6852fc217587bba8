#include <stdio.h>
#include <time.h>

#include <sys/random.h>

#include "base/hex.h"
#include "commands.h"
#include "payload.h"
#include "support/json.h"
#include "support/reasons.h"
#include "wire/limits.h"

const zc_option zc_verify_options[] = {
    {"doc", "FILE", "an attestation document (default: ask the running enclave for a fresh one)"},
    {"pcr0", "HEX", "the code that is expected"},
    {"nonce", "HEX", "the nonce that the document must carry"},
    {"root", "PEM",
     "the root that is trusted (default: AWS Nitro; the folder's own for a running enclave)"},
    {"at", "TIME", "the time to hold it against, RFC 3339 (default: now)"},
    {NULL, NULL, NULL},
};

typedef struct zc_verification {
    zcp_expectation expect;
    uint8_t pcr[32][48];
    uint8_t nonce[ZC_NONCE_MAX];
    char root[ZC_PATH_SIZE];
    uint8_t document[ZC_DOCUMENT_MAX];
    size_t len;
} zc_verification;

static int read_expectation(const zc_invocation *invocation, zc_verification *check)
{
    const char *at = zc_option_value(invocation, "at");
    const char *nonce = zc_option_value(invocation, "nonce");
    check->expect.at_seconds = (int64_t)time(NULL);
    check->expect.pcr = (const uint8_t(*)[48])check->pcr;
    check->expect.root_pem = zc_option_value(invocation, "root");
    if (at != NULL) {
        struct tm parsed = {0};
        const char *end = strptime(at, "%Y-%m-%dT%H:%M:%SZ", &parsed);
        if (end == NULL || *end != '\0') {
            return zc_fail_usage(invocation, "cannot verify",
                                 "--at wants a UTC time such as 2024-09-07T14:38:42Z");
        }
        check->expect.at_seconds = (int64_t)timegm(&parsed);
    }
    if (nonce != NULL) {
        if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(nonce), check->nonce, sizeof check->nonce,
                                      &check->expect.nonce_len))) {
            return zc_fail_usage(invocation, "cannot verify",
                                 "--nonce wants at most 512 bytes in hexadecimal");
        }
        check->expect.nonce = check->nonce;
    }
    if (zc_option_given(invocation, "pcr0")) {
        check->expect.pcr_mask |= 1;
        return zc_option_hex(invocation, "pcr0", check->pcr[0], sizeof check->pcr[0]);
    }
    return ZC_EXIT_DONE;
}

static int read_document(const zc_invocation *invocation, const char *path, zc_verification *check)
{
    ZC_BYTES zc_bytes bytes = {0};
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, sizeof check->document, &bytes, &error))) {
        return zc_fail_with(invocation, &error);
    }
    memcpy(check->document, bytes.data, bytes.len);
    check->len = bytes.len;
    return ZC_EXIT_DONE;
}

/* The running enclave: the session has already checked code, deployment and channel; now a document
 * over a nonce of our own, so that nobody can answer with an old one. */
static int ask_document(const zc_invocation *invocation, zc_verification *check)
{
    zcp_session *session;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    const zcp_evidence *evidence = zcp_session_evidence(session);
    if ((check->expect.pcr_mask & 1) == 0) {
        memcpy(check->pcr[0], evidence->pcr[0], sizeof check->pcr[0]);
        check->expect.pcr_mask = 1;
    }
    if (check->expect.nonce == NULL) {
        check->expect.nonce = check->nonce;
        check->expect.nonce_len =
            getrandom(check->nonce, 32, 0) == 32 ? 32 : sizeof check->nonce + 1;
    }
    if (check->expect.root_pem == NULL && zc_in_dir(invocation, "platform/root.pem", check->root)) {
        check->expect.root_pem = check->root;
    }
    zcp_error error;
    zcp_result asked = zcp_attest(session, check->expect.nonce, check->expect.nonce_len,
                                  check->document, sizeof check->document, &check->len, &error);
    zcp_close(session);
    return asked == ZCP_OK ? ZC_EXIT_DONE : zc_fail_client(invocation, &error);
}

static json_t *pcrs_json(const zcp_evidence *evidence)
{
    json_t *pcrs = json_object();
    for (unsigned i = 0; pcrs != NULL && i < 32; i++) {
        char name[12];
        (void)snprintf(name, sizeof name, "%u", i);
        if ((evidence->pcr_mask >> i & 1) != 0) {
            (void)zc_json_set_hex(pcrs, name, ZC_SLICE_OF_ARRAY(evidence->pcr[i]));
        }
    }
    return pcrs;
}

static int print_json(const zcp_evidence *evidence, const zcp_error *error, bool valid)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_bool(out, "valid", valid) &&
                zc_json_set_text(out, "reason", valid ? "" : error->why) &&
                zc_json_set_bool(out, "hardware", valid && evidence->hardware) &&
                zc_json_set(out, "pcrs", valid ? pcrs_json(evidence) : json_object());
    if (made && !valid) {
        made = zc_json_set_text(out, "reason_name", error->reason);
    }
    if (made && valid) {
        made = zc_json_set_text(out, "module_id", evidence->module_id) &&
               zc_json_set_u64(out, "timestamp_ms", evidence->timestamp_ms);
    }
    if (made && valid && evidence->ours) {
        made = zc_json_set_hex(out, "deployment_id", ZC_SLICE_OF_ARRAY(evidence->deployment_id)) &&
               zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(evidence->mission_hash)) &&
               zc_json_set_hex(out, "log_key", ZC_SLICE_OF_ARRAY(evidence->log_key)) &&
               zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(evidence->boot_id));
    }
    bool printed = made && zc_json_print(stdout, out);
    json_decref(out);
    return !printed ? ZC_EXIT_FAILED : valid ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
}

static void print_hex(const char *label, const uint8_t *bytes, size_t len, const char *meaning)
{
    (void)printf("  %-12s ", label);
    for (size_t i = 0; i < len; i++) {
        (void)printf("%02x", bytes[i]);
    }
    (void)printf("  %s\n", meaning);
}

static void print_text(const zcp_evidence *evidence)
{
    (void)printf("valid: signature, certificate chain, time, measurements\n");
    (void)printf("hardware: %s\n",
                 evidence->hardware
                     ? "yes, under the AWS Nitro root"
                     : "NO: a development root signed this; it proves nothing about hardware");
    (void)printf("module: %s\n", evidence->module_id);
    static const uint8_t zero[48];
    for (unsigned i = 0; i < 32; i++) {
        char label[8];
        (void)snprintf(label, sizeof label, "PCR%u", i);
        if ((evidence->pcr_mask >> i & 1) != 0 && memcmp(evidence->pcr[i], zero, 48) != 0) {
            print_hex(label, evidence->pcr[i], 48,
                      i == 0    ? "the code"
                      : i == 16 ? "the mission"
                                : "");
        }
    }
    if (evidence->ours) {
        print_hex("deployment", evidence->deployment_id, 32, "whose enclave");
        print_hex("mission", evidence->mission_hash, 32, "SHA-256 of the compiled mission");
        print_hex("log key", evidence->log_key, 32, "signs the log's checkpoints");
    }
}

int zc_run_verify(zc_invocation *invocation)
{
    static zc_verification check;
    const char *path = zc_option_value(invocation, "doc");
    int code = read_expectation(invocation, &check);
    if (code == ZC_EXIT_DONE) {
        code = path != NULL ? read_document(invocation, path, &check)
                            : ask_document(invocation, &check);
    }
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_evidence evidence;
    zcp_error error = {0};
    zcp_result verified =
        zcp_verify_document(check.document, check.len, &check.expect, &evidence, &error);
    bool valid = verified == ZCP_OK;
    if (!valid && verified != ZCP_NOT_VERIFIED) {
        return zc_fail_client(invocation, &error); /* nothing was held against anything */
    }
    if (invocation->json) {
        return print_json(&evidence, &error, valid);
    }
    if (!valid) {
        return zc_fail_client(invocation, &error);
    }
    print_text(&evidence);
    return ZC_EXIT_DONE;
}
