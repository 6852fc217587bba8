#include "crypto.h"

#include "crypto/hash.h"
#include "group.h"
#include "wycheproof.h"

static void run_keccak(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        uint8_t hash[32];
        zc_report_begin(report, "%zu", i);
        zc_keccak256(zc_field_hex(report, test, "in"), hash);
        zc_report_bytes(report, "hash", ZC_SLICE_OF_ARRAY(hash), zc_field_hex(report, test, "out"));
        zc_report_end(report);
    }
}

static const zc_group groups[] = {
    {{"algorithm", "testGroups", NULL}, zc_run_wycheproof, NULL},
    {{"valid", "extraEntropy", NULL}, zc_run_rfc6979_secp256k1, NULL},
    {{"private_key", "k", "r"}, zc_run_rfc6979_nist, NULL},
    {{"message", "d", "k0"}, zc_run_rfc6979_k, NULL},
    {{"vk_bytes", "sig_bytes", NULL}, zc_run_ed25519_zip215, NULL},
    {{"pub_key", "signature", "message"}, zc_run_ed25519_edge_cases, NULL},
    {{"seed", "public", "signature"}, zc_run_ed25519_sign, NULL},
    {{"in", "out", NULL}, run_keccak, NULL},
    {{NULL, NULL, NULL}, NULL, "no cases of a form that is known"},
};

void zc_run_crypto(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    zc_group_run(report, groups, root);
}
