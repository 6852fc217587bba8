/* Unsigned transactions and keys to the published signed ones, byte for byte. */
#include "crypto/hash.h"
#include "ethereum.h"
#include "group.h"
#include "intent/decode.h"

static const uint8_t no_entropy[32];

bool zc_field_signer(zc_report *report, const json_t *object, const char *key, zc_signer *signer)
{
    ZC_SECRET zc_secret32 secret;
    zc_field_copy(report, object, key, secret.byte, sizeof secret.byte);
    return zc_report_ok(report, "private key", zc_signer_init(signer, ZC_CURVE_SECP256K1, &secret));
}

void zc_check_address(zc_report *report, const zc_signer *signer, const json_t *object,
                      const char *key)
{
    uint8_t address[20];
    if (zc_report_ok(report, "address", zc_evm_address(&signer->pubkey, address))) {
        zc_report_bytes(report, "address", ZC_SLICE_OF_ARRAY(address),
                        zc_field_hex(report, object, key));
    }
}

/* The signed form, read by itself, names the same sender, digest and signature. A gas limit beyond
 * 64 bits may be signed but not be read again: no node takes it. */
static void check_signed(zc_report *report, zc_slice signed_tx, const zc_intent *signed_intent,
                         const zc_signature *signature)
{
    static zc_intent intent;
    zc_signature read;
    zc_result result = zc_intent_decode_evm_signed_tx(signed_tx, NULL, &intent, &read, NULL);
    if (zc_u256_byte_len(&signed_intent->gas_limit) > 8) {
        zc_report_verdict(report, ZC_EXPECT_INVALID, result);
        return;
    }
    if (!zc_report_ok(report, "reading the signed transaction", result)) {
        return;
    }
    zc_report_bytes(report, "sender", zc_address_slice(&intent.account),
                    zc_address_slice(&signed_intent->account));
    zc_report_bytes(report, "digest", ZC_SLICE_OF_ARRAY(intent.digest),
                    ZC_SLICE_OF_ARRAY(signed_intent->digest));
    zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(read.byte),
                    ZC_SLICE_OF_ARRAY(signature->byte));
    zc_report_u64(report, "parity", read.recovery, signature->recovery);
}

void zc_check_signing(zc_report *report, const zc_signer *signer, const json_t *transaction,
                      zc_slice unsigned_tx, zc_slice signed_tx)
{
    static zc_intent intent;
    uint8_t account[20];
    zc_signature signature;
    size_t offset = 0;
    size_t capacity = unsigned_tx.len + 256;
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    if (!zc_report_ok(report, "address", zc_evm_address(&signer->pubkey, account))) {
        return;
    }
    const zc_address sender = zc_address_of_evm(account);
    if (!zc_report_ok(report, "decoding",
                      zc_intent_decode_evm_tx(unsigned_tx, &sender, NULL, &intent, &offset)) ||
        !zc_report_ok(report, "signing",
                      zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, intent.digest,
                                     &signature)) ||
        !zc_report_ok(report, "writing", zc_evm_write_signed(unsigned_tx, &signature, &writer))) {
        return;
    }
    zc_report_bytes(report, "signed transaction", zc_writer_written(&writer), signed_tx);
    check_signed(report, signed_tx, &intent, &signature);
    if (transaction != NULL) {
        zc_check_fields(report, transaction, &intent);
    }
}

/* One signature of a case: the fields of its JSON that hold key and both forms. */
typedef struct zc_pair {
    const char *name;
    const char *unsigned_key;
    const char *signed_key;
    const char *fields; /* of the object with the transaction's fields; NULL: the case itself */
} zc_pair;

static void run_pair(zc_report *report, const json_t *test, const char *key, const char *address,
                     const zc_pair *pair)
{
    zc_signer signer = {0};
    zc_slice unsigned_tx = zc_field_hex(report, test, pair->unsigned_key);
    zc_slice signed_tx = zc_field_hex(report, test, pair->signed_key);
    const json_t *fields = pair->fields != NULL ? json_object_get(test, pair->fields) : test;
    if (zc_field_signer(report, test, key, &signer)) {
        if (address != NULL && zc_field_has(test, address)) {
            zc_check_address(report, &signer, test, address);
        }
        zc_check_signing(report, &signer, fields, unsigned_tx, signed_tx);
    }
    zc_signer_clear(&signer);
    zc_report_end(report);
}

/* A field is empty where the source could not make such a transaction of the case. */
static bool is_published(const json_t *test, const char *key)
{
    return zc_field_text(test, key)[0] != '\0';
}

void zc_run_ethers_all_types(zc_report *report, json_t *root)
{
    static const zc_pair pairs[] = {
        {"Legacy", "unsignedLegacy", "signedLegacy", "transaction"},
        {"Eip155", "unsignedEip155", "signedEip155", "transaction"},
        {"Berlin", "unsignedBerlin", "signedBerlin", "transaction"},
        {"London", "unsignedLondon", "signedLondon", "transaction"},
        {"Cancun", "unsignedCancun", "signedCancun", "transaction"},
    };
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
            zc_report_begin(report, "%s: %s", zc_case_name(test, "name", i), pairs[p].name);
            if (is_published(test, pairs[p].unsigned_key)) {
                run_pair(report, test, "privateKey", NULL, &pairs[p]);
            }
        }
    }
}

void zc_run_ethers_legacy(zc_report *report, json_t *root)
{
    static const zc_pair pairs[] = {
        {"no chain", "unsignedTransaction", "signedTransaction", NULL},
        {"chain 5", "unsignedTransactionChainId5", "signedTransactionChainId5", NULL},
    };
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
            zc_report_begin(report, "%s: %s", zc_case_name(test, "name", i), pairs[p].name);
            if (is_published(test, pairs[p].unsigned_key)) {
                run_pair(report, test, "privateKey", "accountAddress", &pairs[p]);
            }
        }
    }
}

void zc_run_ethers_typed(zc_report *report, json_t *root)
{
    static const zc_pair pair = {"", "unsigned", "signed", "tx"};
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        run_pair(report, test, "key", "address", &pair);
    }
}

static zc_signature signature_of(zc_report *report, const json_t *transaction)
{
    zc_signature signature = {0};
    zc_u256 r = zc_field_number(report, transaction, "r");
    zc_u256 s = zc_field_number(report, transaction, "s");
    zc_u256_to_be(&r, signature.byte);
    zc_u256_to_be(&s, signature.byte + 32);
    signature.recovery = (uint8_t)zc_field_u64(report, transaction, "v");
    return signature;
}

/* No private key is published, but the signature is: it goes onto the unsigned transaction. */
static void check_eth_account(zc_report *report, const json_t *test, unsigned type)
{
    static const zc_address nobody;
    static zc_intent intent;
    const json_t *transaction = json_object_get(test, "transaction");
    zc_slice hash = zc_field_hex(report, test, "expected_hash");
    zc_slice raw = zc_field_hex(report, test, "expected_raw_transaction");
    zc_slice unsigned_tx = zc_build_unsigned(report, transaction, type);
    zc_signature signature = signature_of(report, transaction);
    zc_signature read;
    size_t capacity = raw.len + 256;
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    if (zc_report_ok(report, "decoding",
                     zc_intent_decode_evm_tx(unsigned_tx, &nobody, NULL, &intent, NULL))) {
        zc_report_bytes(report, "signing hash", ZC_SLICE_OF_ARRAY(intent.digest), hash);
    }
    if (zc_report_ok(report, "writing", zc_evm_write_signed(unsigned_tx, &signature, &writer))) {
        zc_report_bytes(report, "signed transaction", zc_writer_written(&writer), raw);
    }
    if (zc_report_ok(report, "reading",
                     zc_intent_decode_evm_signed_tx(raw, NULL, &intent, &read, NULL))) {
        zc_report_bytes(report, "signing hash read", ZC_SLICE_OF_ARRAY(intent.digest), hash);
    }
}

static unsigned eth_account_type(const json_t *test)
{
    static const char *const names[] = {"AccessListTransaction", "DynamicFeeTransaction",
                                        "BlobTransaction", "SetCodeTransaction"};
    for (unsigned i = 0; i < 4; i++) {
        if (zc_field_is(test, "expected_type", names[i])) {
            return i + 1;
        }
    }
    return 0;
}

void zc_run_eth_account(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "expected_type", i));
        const unsigned type = eth_account_type(test);
        if (type != 0) {
            check_eth_account(report, test, type);
            zc_report_end(report);
        } else {
            zc_report_skip(report, "a transaction of a type that is not known");
        }
    }
}

/* These are of 2014: their unsigned form carries v, r and s of zero, which EIP-155 has given a
 * meaning since, so it is built anew without them. */
void zc_run_txtest(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        static zc_intent intent;
        zc_signature read;
        zc_signer signer = {0};
        zc_report_begin(report, "%zu", i);
        zc_slice signed_tx = zc_field_hex(report, test, "signed");
        if (zc_is(zc_intent_decode_evm_signed_tx(signed_tx, NULL, &intent, &read, NULL),
                  ZC_INTENT_SIGNATURE_HIGH_S)) {
            zc_report_skip(report,
                           "the published signature has a high s, which EIP-2 made invalid");
            continue;
        }
        zc_slice unsigned_tx = zc_build_unsigned(report, test, 0);
        if (zc_field_signer(report, test, "key", &signer)) {
            zc_check_signing(report, &signer, NULL, unsigned_tx, signed_tx);
        }
        zc_signer_clear(&signer);
        zc_report_end(report);
    }
}
