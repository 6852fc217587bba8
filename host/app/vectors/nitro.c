/* Real attestation documents, each held to the verdict in manifest.json. */
#include "attest/document.h"
#include "attest/kms_answer.h"
#include "crypto/hash.h"
#include "fields.h"
#include "files.h"
#include "group.h"

#define ROOT "aws-nitro-enclaves-root-g1.der"

static void beside(const char *path, const char *name, char ret_path[static ZC_PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    int len = slash != NULL ? (int)(slash + 1 - path) : 0;
    (void)snprintf(ret_path, ZC_PATH_SIZE, "%.*s%s", len, path, name);
}

/* The result's code; −1 for a kind without one of its own. */
static int verdict_of(const char *kind)
{
    static const struct {
        const char *kind;
        int code;
    } verdicts[] = {
        {"prod", 0},
        {"debug", ZC_ATTEST_DEBUG_MODE},
        {"badsig", ZC_ATTEST_BAD_SIGNATURE},
        {"foreignroot", ZC_ATTEST_FOREIGN_ROOT},
    };
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if (strcmp(verdicts[i].kind, kind) == 0) {
            return verdicts[i].code;
        }
    }
    return -1;
}

static void check_field(zc_report *report, const json_t *row, const char *key, bool has,
                        zc_slice got)
{
    if (has != zc_field_has(row, key)) {
        zc_report_problem(report, "%s: %s", key, has ? "found, but there is none" : "not found");
    } else if (has) {
        zc_report_bytes(report, key, got, zc_field_hex(report, row, key));
    }
}

static void check_pcrs(zc_report *report, const json_t *row, const zc_attest_doc *doc)
{
    json_t *pcrs = json_object_get(row, "nonzero_pcrs");
    for (unsigned i = 0; i < ZC_ATTEST_PCRS; i++) {
        static const uint8_t zeros[ZC_ATTEST_PCR_SIZE];
        char index[4];
        bool has =
            (doc->pcr_mask >> i & 1) != 0 && memcmp(doc->pcr[i], zeros, ZC_ATTEST_PCR_SIZE) != 0;
        (void)snprintf(index, sizeof index, "%u", i);
        check_field(report, pcrs, index, has, ZC_SLICE_OF_ARRAY(doc->pcr[i]));
    }
}

static void check_fields(zc_report *report, const json_t *row, const zc_attest_doc *doc)
{
    zc_report_bytes(report, "module_id", doc->module_id,
                    zc_slice_of_text(zc_field_text(row, "module_id")));
    zc_report_u64(report, "timestamp_ms", doc->timestamp_ms,
                  zc_field_u64(report, row, "timestamp_ms"));
    zc_report_u64(report, "cabundle_n", doc->cabundle_count,
                  zc_field_u64(report, row, "cabundle_n"));
    check_field(report, row, "nonce", doc->has_nonce, doc->nonce);
    check_field(report, row, "user_data", doc->has_user_data, doc->user_data);
    check_field(report, row, "public_key", doc->has_public_key, doc->public_key);
    check_pcrs(report, row, doc);
}

static void check_document(zc_report *report, const json_t *row, zc_slice document, zc_slice root)
{
    zc_attest_doc doc;
    uint8_t hash[32];
    int64_t at = (int64_t)(zc_field_u64(report, row, "timestamp_ms") / 1000);
    int wanted = verdict_of(zc_field_text(row, "kind"));
    zc_sha256(document, hash);
    zc_report_bytes(report, "SHA-256 of the file", ZC_SLICE_OF_ARRAY(hash),
                    zc_field_hex(report, row, "sha256"));
    if (zc_report_ok(report, "reading", zc_attest_parse(document, &doc))) {
        check_fields(report, row, &doc);
    }
    zc_result result = zc_attest_verify(document, root, at, &doc);
    if (wanted < 0) {
        bool valid = json_is_true(json_object_get(row, "expect_valid_at_timestamp"));
        zc_report_verdict(report, valid ? ZC_EXPECT_VALID : ZC_EXPECT_INVALID, result);
    } else if (wanted == 0) {
        (void)zc_report_ok(report, "verifying at its time", result);
    } else if (result.code != wanted) {
        zc_report_problem(report, "of kind %s, but %s", zc_field_text(row, "kind"),
                          zc_ok(result) ? "accepted" : "refused for another reason");
    }
    /* Leaf certificates live for three hours. */
    zc_report_verdict(report, ZC_EXPECT_INVALID,
                      zc_attest_verify(document, root, at + 86400, &doc));
}

static bool read_beside(zc_report *report, const char *path, const char *name, zc_bytes *ret_bytes)
{
    char file[ZC_PATH_SIZE];
    zc_error error = {0};
    beside(path, name, file);
    bool good = zc_ok(zc_file_read(file, ZC_ATTEST_DOCUMENT_MAX, ret_bytes, &error));
    if (!good) {
        zc_report_problem(report, "%s: %s", error.what, error.why);
    }
    return good;
}

static void run_row(zc_report *report, const char *path, const json_t *row)
{
    ZC_BYTES zc_bytes document = {0};
    ZC_BYTES zc_bytes root = {0};
    const char *file = zc_field_text(row, "file");
    zc_report_begin(report, "%s", file);
    if (strchr(file, '/') != NULL || file[0] == '\0') {
        zc_report_problem(report, "the case is malformed: it names no file of this folder");
    } else if (read_beside(report, path, ROOT, &root) &&
               read_beside(report, path, file, &document)) {
        check_document(report, row, zc_bytes_slice(&document), zc_bytes_slice(&root));
    }
    zc_report_end(report);
}

void zc_run_nitro(zc_report *report, const char *path, json_t *root)
{
    size_t i;
    json_t *row;
    if (!zc_field_has(json_array_get(root, 0), "timestamp_ms")) {
        zc_report_skip_file(report, "no manifest of attestation documents");
        return;
    }
    json_array_foreach(root, i, row)
    {
        run_row(report, path, row);
    }
}

/* An answer of KMS beside what must come out of it: input_ber<X>.bin, and encrypted_key_out<X>.bin
 * and so on. The private keys are not published, so nothing is opened. */
static void run_kms_answer(zc_report *report, const char *path, const char *suffix)
{
    static zc_kms_answer answer;
    static const char *const outputs[] = {"encrypted_key_out", "iv_out", "ciphertext_out"};
    ZC_BYTES zc_bytes input = {0};
    const char *slash = strrchr(path, '/');
    zc_report_begin(report, "%s", slash != NULL ? slash + 1 : path);
    if (read_beside(report, path, slash != NULL ? slash + 1 : path, &input) &&
        zc_report_ok(report, "reading", zc_kms_answer_parse(zc_bytes_slice(&input), &answer))) {
        const zc_slice parts[] = {answer.wrapped_key, answer.iv,
                                  zc_slice_of(answer.content, answer.content_len)};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            char name[64];
            ZC_BYTES zc_bytes wanted = {0};
            (void)snprintf(name, sizeof name, "%s%s", outputs[i], suffix);
            if (read_beside(report, path, name, &wanted)) {
                zc_report_bytes(report, outputs[i], parts[i], zc_bytes_slice(&wanted));
            }
        }
    }
    zc_report_end(report);
}

/* Of the folder kms-cms: the inputs are run, what comes out of them stands beside. */
static void run_kms_file(zc_report *report, const char *path, const char *name)
{
    if (strncmp(name, "input_ber", 9) == 0 && strlen(name) < 40) {
        run_kms_answer(report, path, name + 9);
    } else {
        zc_report_skip_file(report, "what must come out of an answer of KMS: read with it");
    }
}

/* Documents are run with their manifest; one that it does not name has no published verdict. */
void zc_run_nitro_file(zc_report *report, const char *path)
{
    char manifest[ZC_PATH_SIZE];
    char why[512];
    size_t i;
    json_t *row;
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    if (strstr(path, "kms-cms/") != NULL) {
        run_kms_file(report, path, name);
        return;
    }
    if (strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".pem") == 0) {
        zc_report_skip_file(report, "the root in PEM: it is read from its DER");
        return;
    }
    bool named = strcmp(name, ROOT) == 0;
    beside(path, "manifest.json", manifest);
    json_t *root = zc_files_json(manifest, why, sizeof why);
    json_array_foreach(root, i, row)
    {
        named = named || zc_field_is(row, "file", name);
    }
    json_decref(root);
    if (!named) {
        zc_report_skip_file(report, "not a document that a manifest beside it names");
    }
}
