/* Keys and addresses as text. */
#include "base/hex.h"
#include "bitcoin.h"
#include "codec/bech32.h"
#include "crypto/der.h"
#include "crypto/hash160.h"
#include "crypto/schnorr.h"
#include "crypto/verify.h"
#include "group.h"
#include "intent/bitcoin/base58check.h"
#include "intent/bitcoin/script.h"

static const uint64_t networks[] = {ZC_CHAIN_BITCOIN, ZC_CHAIN_BITCOIN_TEST,
                                    ZC_CHAIN_BITCOIN_REGTEST};

bool zc_wif_read(const char *text, zc_secret32 *ret_key, bool *ret_is_compressed, bool *ret_is_test)
{
    uint8_t bytes[ZC_BASE58CHECK_MAX];
    size_t len;
    zc_slice slice = zc_slice_of_text(text);
    if (!zc_ok(zc_base58check_read(slice, bytes, sizeof bytes, &len)) ||
        (bytes[0] != 0x80 && bytes[0] != 0xef) || !(len == 33 || (len == 34 && bytes[33] == 1))) {
        return false;
    }
    memcpy(ret_key->byte, bytes + 1, 32);
    *ret_is_compressed = len == 34;
    *ret_is_test = bytes[0] == 0xef;
    return true;
}

bool zc_bitcoin_account_of(zc_report *report, const zc_secret32 *key, uint64_t chain,
                           zc_signer *ret_signer, zc_bitcoin_account *ret_account)
{
    if (!zc_report_ok(report, "private key", zc_signer_init(ret_signer, ZC_CURVE_SECP256K1, key))) {
        return false;
    }
    *ret_account = (zc_bitcoin_account){.chain_id = chain, .key = ret_signer->pubkey};
    return true;
}

zc_result zc_bitcoin_sign(const zc_signer *signer, const zc_bitcoin_signing *signing,
                          zc_signature *ret_signature)
{
    static const uint8_t aux[32] = {0};
    if (!signing->is_schnorr) {
        return zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, aux, signing->digest, ret_signature);
    }
    return zc_schnorr_sign(signer, aux, ZC_SLICE_OF_ARRAY(signing->digest), ZC_SCHNORR_TAPROOT,
                           signing->has_merkle_root ? signing->merkle_root : NULL, ret_signature);
}

bool zc_bitcoin_address_script(const char *text, zc_address *ret_script, uint64_t *ret_chain)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        if (strncmp(text, "0x", 2) != 0 &&
            zc_ok(zc_address_read(networks[i], zc_slice_of_text(text), ret_script))) {
            *ret_chain = networks[i];
            return true;
        }
    }
    return false;
}

static void check_valid_key(zc_report *report, const json_t *item)
{
    const json_t *about = json_array_get(item, 2);
    const char *text = json_string_value(json_array_get(item, 0));
    bool is_test = json_is_true(json_object_get(about, "isTestnet"));
    zc_slice wanted = zc_hex_of(report, json_array_get(item, 1));
    zc_secret32 key;
    zc_address script;
    uint64_t chain = 0;
    bool is_compressed = false;
    bool found_test = false;
    if (json_is_true(json_object_get(about, "isPrivkey"))) {
        if (!zc_wif_read(text, &key, &is_compressed, &found_test)) {
            zc_report_problem(report, "not read");
            return;
        }
        zc_report_bytes(report, "private key", ZC_SLICE_OF_ARRAY(key.byte), wanted);
        zc_report_u64(report, "compressed", is_compressed,
                      json_is_true(json_object_get(about, "isCompressed")));
        zc_report_u64(report, "test network", found_test, is_test);
        return;
    }
    if (!zc_bitcoin_address_script(text, &script, &chain)) {
        zc_report_problem(report, "not read");
        return;
    }
    zc_slice got = zc_address_slice(&script);
    zc_report_bytes(report, "payload", wanted.len == got.len ? got : zc_btc_script_payload(got),
                    wanted);
    zc_report_u64(report, "test network", chain != ZC_CHAIN_BITCOIN, is_test);
}

static void check_invalid_key(zc_report *report, const char *text)
{
    zc_secret32 key;
    zc_address script;
    uint64_t chain;
    bool is_compressed;
    bool is_test;
    if (zc_wif_read(text, &key, &is_compressed, &is_test)) {
        zc_report_problem(report, "taken for a private key");
    }
    if (zc_bitcoin_address_script(text, &script, &chain)) {
        zc_report_problem(report, "taken for an address");
    }
}

/* Bitcoin Core's lists: of three elements those that are keys or addresses, of one those that are
 * not. */
void zc_run_base58_keys(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(root, i, item)
    {
        const char *text = json_string_value(json_array_get(item, 0));
        zc_report_begin(report, "%zu (%s)", i, text != NULL ? text : "");
        if (text == NULL) {
            zc_report_problem(report, "the case is malformed: no text");
        } else if (json_array_size(item) >= 3) {
            check_valid_key(report, item);
        } else {
            check_invalid_key(report, text);
        }
        zc_report_end(report);
    }
}

bool zc_is_canonical_signature(zc_slice bytes)
{
    uint8_t sig[64];
    if (bytes.len < 1) {
        return false;
    }
    uint8_t type = bytes.data[bytes.len - 1] & 0x7f;
    return type >= ZC_BTC_SIGHASH_ALL && type <= ZC_BTC_SIGHASH_SINGLE &&
           zc_ok(zc_der_read_signature(zc_slice_of(bytes.data, bytes.len - 1), 32, sig));
}

static bool is_hex(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) % 2 == 0 &&
           strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

/* Lists of signatures. The one of bad ones explains itself in between, the one of good ones does
 * not. */
void zc_run_canonical(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    bool is_bad = strstr(report->file, "noncanonical") != NULL;
    json_array_foreach(root, i, item)
    {
        is_bad = is_bad || !is_hex(json_string_value(item));
    }
    json_array_foreach(root, i, item)
    {
        if (!is_hex(json_string_value(item))) {
            continue;
        }
        zc_report_begin(report, "%zu", i);
        if (zc_is_canonical_signature(zc_hex_of(report, item)) == is_bad) {
            zc_report_problem(report, is_bad ? "taken, but not canonical" : "refused");
        }
        zc_report_end(report);
    }
}

void zc_run_bitcoin_signatures(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(root, "valid"), i, item)
    {
        uint8_t sig[64] = {0};
        uint8_t wanted[64];
        zc_report_begin(report, "valid %zu", i);
        zc_slice bytes = zc_field_hex(report, item, "hex");
        zc_field_copy(report, json_object_get(item, "raw"), "r", wanted, 32);
        zc_field_copy(report, json_object_get(item, "raw"), "s", wanted + 32, 32);
        if (!zc_is_canonical_signature(bytes)) {
            zc_report_problem(report, "refused");
        } else if (zc_report_ok(
                       report, "DER",
                       zc_der_read_signature(zc_slice_of(bytes.data, bytes.len - 1), 32, sig))) {
            zc_report_bytes(report, "r and s", ZC_SLICE_OF_ARRAY(sig), ZC_SLICE_OF_ARRAY(wanted));
        }
        zc_report_end(report);
    }
    json_array_foreach(json_object_get(root, "invalid"), i, item)
    {
        zc_report_begin(report, "invalid %s", zc_case_name(item, "exception", i));
        if (!zc_field_has(item, "hex")) {
            zc_report_skip(report, "wrong use of a function, not bytes");
            continue;
        }
        if (zc_is_canonical_signature(zc_field_hex(report, item, "hex"))) {
            zc_report_problem(report, "taken");
        }
        zc_report_end(report);
    }
}

static zc_slice address_payload(const json_t *item, zc_report *report)
{
    return zc_field_hex(report, item, zc_field_has(item, "hash") ? "hash" : "data");
}

static void check_address(zc_report *report, const json_t *item, const char *text)
{
    zc_address script;
    uint64_t chain;
    uint8_t written[ZC_ADDRESS_TEXT_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(written);
    if (!zc_bitcoin_address_script(text, &script, &chain)) {
        zc_report_problem(report, "'%s' is not read", text);
        return;
    }
    zc_report_bytes(report, "payload", zc_btc_script_payload(zc_address_slice(&script)),
                    address_payload(item, report));
    if (zc_report_ok(report, "writing", zc_address_write(chain, &script, &writer)) &&
        strcasecmp(text, "") != 0) {
        zc_slice got = zc_writer_written(&writer);
        if (got.len != strlen(text) || strncasecmp((const char *)got.data, text, got.len) != 0) {
            zc_report_problem(report, "'%s' is written otherwise", text);
        }
    }
}

static bool is_other_network(const char *network)
{
    return network[0] != '\0' && strcmp(network, "bitcoin") != 0 &&
           strcmp(network, "testnet") != 0 && strcmp(network, "regtest") != 0;
}

void zc_run_bitcoin_addresses(zc_report *report, json_t *root)
{
    static const char *const keys[] = {"base58check", "bech32", "address"};
    static const char *const lists[] = {"standard", "bech32"};
    size_t i;
    json_t *item;
    for (size_t list = 0; list < 2; list++) {
        json_array_foreach(json_object_get(root, lists[list]), i, item)
        {
            for (size_t k = 0; k < 3; k++) {
                const char *text = zc_field_text(item, keys[k]);
                if (text[0] == '\0') {
                    continue;
                }
                zc_report_begin(report, "%s %zu (%s)", lists[list], i, text);
                if (is_other_network(zc_field_text(item, "network"))) {
                    zc_report_skip(report, "a network that is not in the product");
                    continue;
                }
                check_address(report, item, text);
                zc_report_end(report);
            }
        }
    }
    const char *list;
    json_t *cases;
    json_object_foreach(json_object_get(root, "invalid"), list, cases)
    {
        json_array_foreach(cases, i, item)
        {
            zc_report_begin(report, "invalid %s %zu", list, i);
            if (!zc_field_has(item, "address") || zc_field_has(item, "network")) {
                zc_report_skip(report, "wrong use of a function, or another network");
                continue;
            }
            if (strstr(zc_field_text(item, "paymentException"), "p2tr") != NULL) {
                zc_report_skip(report, "a sound address whose key is no point: what it pays to "
                                       "is for the sender to know");
                continue;
            }
            check_invalid_key(report, zc_field_text(item, "address"));
            zc_report_end(report);
        }
    }
}

static void check_ecdsa(zc_report *report, const json_t *item, bool is_valid)
{
    zc_secret32 key = {0};
    zc_signer signer = {0};
    zc_signature signature;
    uint8_t digest[32];
    uint8_t wanted[64] = {0};
    const char *message = zc_field_text(item, "message");
    zc_slice d = zc_field_hex(report, item, "d");
    const json_t *numbers = json_object_get(item, "signature");
    zc_sha256(zc_slice_of_text(message), digest);
    if (d.len > 32 || d.data == NULL) {
        return;
    }
    memcpy(key.byte + 32 - d.len, d.data, d.len);
    if (!zc_report_ok(report, "private key", zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key))) {
        return;
    }
    zc_field_copy(report, numbers, "r", wanted, 32);
    zc_field_copy(report, numbers, "s", wanted + 32, 32);
    if (is_valid &&
        zc_report_ok(report, "signing",
                     zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, digest, digest, &signature))) {
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(signature.byte),
                        ZC_SLICE_OF_ARRAY(wanted));
    }
    if (zc_ok(zc_verify_digest(&signer.pubkey, digest, wanted)) != is_valid) {
        zc_report_problem(report, is_valid ? "refused" : "verified");
    }
    zc_signer_clear(&signer);
}

void zc_run_bitcoin_ecdsa(zc_report *report, json_t *root)
{
    const char *list;
    json_t *cases;
    json_t *item;
    size_t i;
    json_object_foreach(json_object_get(root, "valid"), list, cases)
    {
        json_array_foreach(cases, i, item)
        {
            zc_report_begin(report, "valid %s %zu", list, i);
            if (!zc_field_has(item, "signature") || zc_field_has(item, "k0")) {
                zc_report_skip(report, "nonces without a signature: they are tested in `crypto`");
                continue;
            }
            check_ecdsa(report, item, true);
            zc_report_end(report);
        }
    }
    json_object_foreach(json_object_get(root, "invalid"), list, cases)
    {
        json_array_foreach(cases, i, item)
        {
            const json_t *numbers = json_object_get(item, "signature");
            zc_report_begin(report, "invalid %s %s", list, zc_case_name(item, "description", i));
            const char *r = zc_field_text(numbers, "r");
            const char *s = zc_field_text(numbers, "s");
            if (strlen(r) != 64 || strlen(s) != 64) {
                zc_report_skip(report, "a number that 32 bytes cannot hold, or without its zeros");
                continue;
            }
            check_ecdsa(report, item, false);
            zc_report_end(report);
        }
    }
}
