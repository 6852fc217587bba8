#include "wycheproof.h"

typedef struct zc_suite {
    const char *algorithm;
    zc_wycheproof_fn *run;
    const char *skip; /* why the whole file is */
} zc_suite;

static const zc_suite suites[] = {
    {"ECDSA", zc_wycheproof_ecdsa, NULL},
    {"EDDSA", zc_wycheproof_ed25519, NULL},
    {"AES-GCM", zc_wycheproof_gcm, NULL},
    {"HKDF-SHA-256", zc_wycheproof_hkdf_sha256, NULL},
    {"HKDF-SHA-512", zc_wycheproof_hkdf_sha512, NULL},
    {"HMACSHA256", zc_wycheproof_hmac_sha256, NULL},
    {"HMACSHA512", zc_wycheproof_hmac_sha512, NULL},
    {"XDH", zc_wycheproof_x25519, NULL},
    {"RSASSA-PSS", zc_wycheproof_rsa_pss, NULL},
    {"RSASSA-PKCS1-v1_5", zc_wycheproof_rsa_pkcs1, NULL},
    {"AES-KWP", NULL, "AES key wrap is not in the product: keys are sealed with AES-256-GCM"},
    {"ECDH", NULL, "ECDH on Weierstrass curves is not in the product: it agrees on keys by X25519"},
    {"PBKDF2-HMACSHA256", NULL, "PBKDF2 is not in the product: nothing is derived from passwords"},
    {"PBKDF2-HMACSHA512", NULL, "PBKDF2 is not in the product: nothing is derived from passwords"},
    {"RSAES-OAEP", NULL, "RSA encryption is not in the product: it signs"},
};

static const zc_suite *suite_of(const char *algorithm)
{
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        if (strcmp(suites[i].algorithm, algorithm) == 0) {
            return &suites[i];
        }
    }
    return NULL;
}

static bool expect_of(const json_t *test, zc_expect *ret_expect)
{
    if (zc_field_is(test, "result", "valid")) {
        *ret_expect = ZC_EXPECT_VALID;
    } else if (zc_field_is(test, "result", "invalid")) {
        *ret_expect = ZC_EXPECT_INVALID;
    } else if (zc_field_is(test, "result", "acceptable")) {
        *ret_expect = ZC_EXPECT_EITHER;
    } else {
        return false;
    }
    return true;
}

static void run_group(zc_report *report, const zc_suite *suite, const json_t *group)
{
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(group, "tests"), i, test)
    {
        zc_expect expect;
        zc_report_begin(report, "tcId %lld (%s)",
                        (long long)json_integer_value(json_object_get(test, "tcId")),
                        zc_field_text(test, "comment"));
        if (!expect_of(test, &expect)) {
            zc_report_problem(report, "the case is malformed: it has no result");
            zc_report_end(report);
        } else if (suite->run(report, group, test, expect)) {
            zc_report_end(report);
        }
    }
}

void zc_run_wycheproof(zc_report *report, json_t *root)
{
    size_t i;
    json_t *group;
    const zc_suite *suite = suite_of(zc_field_text(root, "algorithm"));
    if (suite == NULL) {
        zc_report_skip_file(report, "this algorithm is not in the product");
        return;
    }
    if (suite->run == NULL) {
        zc_report_skip_file(report, suite->skip);
        return;
    }
    json_array_foreach(json_object_get(root, "testGroups"), i, group)
    {
        run_group(report, suite, group);
    }
}
