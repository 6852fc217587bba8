/* Accounts, contract addresses, hashes. */
#include "crypto/hash.h"
#include "crypto/hmac.h"
#include "ethereum.h"
#include "group.h"
#include "intent/decode.h"

static void check_account(zc_report *report, const json_t *test)
{
    zc_signer signer = {0};
    uint8_t address[20];
    char text[ZC_EVM_ADDRESS_TEXT_SIZE];
    if (zc_field_signer(report, test, "privateKey", &signer) &&
        zc_report_ok(report, "address", zc_evm_address(&signer.pubkey, address))) {
        zc_evm_address_text(address, text);
        zc_report_bytes(report, "address text (EIP-55)", zc_slice_of_text(text),
                        zc_slice_of_text(zc_field_text(test, "address")));
    }
    zc_signer_clear(&signer);
}

void zc_run_accounts(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s: address", zc_case_name(test, "name", i));
        check_account(report, test);
        zc_report_end(report);
        zc_report_begin(report, "%s: icap", zc_case_name(test, "name", i));
        zc_report_skip(report, "ICAP addresses are not in the product");
    }
}

void zc_run_keyaddr(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_signer signer = {0};
        zc_report_begin(report, "%s: address", zc_case_name(test, "seed", i));
        if (zc_field_signer(report, test, "key", &signer)) {
            zc_check_address(report, &signer, test, "addr");
        }
        zc_report_end(report);
        zc_signer_clear(&signer);
        zc_report_begin(report, "%s: sig_of_emptystring", zc_case_name(test, "seed", i));
        zc_report_skip(report, "not a message that the product signs: it has no EIP-191 prefix");
    }
}

static void check_create(zc_report *report, const json_t *sender, const json_t *create)
{
    uint8_t account[20];
    uint8_t address[20];
    zc_field_copy(report, sender, "sender", account, sizeof account);
    zc_evm_create_address(account, zc_field_u64(report, create, "nonce"), address);
    zc_report_bytes(report, "address", ZC_SLICE_OF_ARRAY(address),
                    zc_field_hex(report, create, "address"));
}

void zc_run_create(zc_report *report, json_t *root)
{
    size_t i;
    size_t c;
    json_t *test;
    json_t *create;
    json_array_foreach(root, i, test)
    {
        json_array_foreach(json_object_get(test, "creates"), c, create)
        {
            zc_report_begin(report, "%zu, %s", i, zc_case_name(create, "name", c));
            if (zc_field_has(create, "salt")) {
                zc_report_skip(report, "CREATE2 addresses are not in the product: a transaction "
                                       "cannot create at one directly");
                continue;
            }
            check_create(report, test, create);
            zc_report_end(report);
        }
    }
}

/* One hash of a case, if it has it. */
static void check_hash(zc_report *report, const json_t *test, size_t index, const char *key,
                       void (*hash)(zc_slice, uint8_t *), size_t len)
{
    uint8_t got[64];
    if (!zc_field_has(test, key)) {
        return;
    }
    zc_report_begin(report, "%s: %s", zc_case_name(test, "name", index), key);
    hash(zc_field_hex(report, test, "data"), got);
    zc_report_bytes(report, key, zc_slice_of(got, len), zc_field_hex(report, test, key));
    zc_report_end(report);
}

void zc_run_hashes(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        check_hash(report, test, i, "sha256", zc_sha256, 32);
        check_hash(report, test, i, "sha512", zc_sha512, 64);
        check_hash(report, test, i, "keccak256", zc_keccak256, 32);
        if (zc_field_has(test, "ripemd160")) {
            zc_report_begin(report, "%s: ripemd160", zc_case_name(test, "name", i));
            zc_report_skip(report, "RIPEMD-160 is not in this version");
        }
    }
}

void zc_run_hmacs(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        uint8_t tag[64];
        bool sha256 = zc_field_is(test, "algorithm", "sha256");
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        zc_slice key = zc_field_hex(report, test, "key");
        zc_slice data = zc_field_hex(report, test, "data");
        if (sha256) {
            zc_hmac_sha256_once(key.data, key.len, data, tag);
        } else if (zc_field_is(test, "algorithm", "sha512")) {
            zc_hmac_sha512_once(key.data, key.len, data, tag);
        } else {
            zc_report_skip(report, "the product has HMAC with SHA-256 and SHA-512");
            continue;
        }
        zc_report_bytes(report, "tag", zc_slice_of(tag, sha256 ? 32 : 64),
                        zc_field_hex(report, test, "hmac"));
        zc_report_end(report);
    }
}
