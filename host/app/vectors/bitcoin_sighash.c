/* Digests that signatures commit to, and BIP-340. */
#include "base/hex.h"
#include "bitcoin.h"
#include "crypto/hash160.h"
#include "crypto/schnorr.h"
#include "crypto/verify.h"
#include "group.h"
#include "intent/bitcoin/script.h"
#include "intent/bitcoin/wire.h"

static zc_btc_tx tx;

/* Bitcoin Core's sighash.json: [transaction, script, input, type, digest reversed]. */
void zc_run_sighash(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(root, i, item)
    {
        uint8_t digest[32];
        uint8_t shown[32];
        if (json_array_size(item) < 5) {
            continue;
        }
        zc_report_begin(report, "%zu", i);
        zc_slice bytes = zc_hex_of(report, json_array_get(item, 0));
        zc_slice script = zc_hex_of(report, json_array_get(item, 1));
        if (zc_report_ok(report, "parsing", zc_btc_tx_parse(bytes, true, &tx))) {
            zc_btc_sighash_legacy(&tx, (size_t)json_integer_value(json_array_get(item, 2)), script,
                                  (uint32_t)json_integer_value(json_array_get(item, 3)), digest);
            for (size_t k = 0; k < 32; k++) {
                shown[k] = digest[31 - k];
            }
            zc_report_bytes(report, "digest", ZC_SLICE_OF_ARRAY(shown),
                            zc_hex_of(report, json_array_get(item, 4)));
        }
        zc_report_end(report);
    }
}

static void check_output_key(zc_report *report, const json_t *item)
{
    uint8_t compressed[33] = {2};
    uint8_t root[32];
    uint8_t output_key[32];
    uint8_t parity;
    zc_pubkey key;
    const json_t *given = json_object_get(item, "given");
    const json_t *between = json_object_get(item, "intermediary");
    const json_t *expected = json_object_get(item, "expected");
    bool has_root = zc_field_has(between, "merkleRoot");
    zc_field_copy(report, given, "internalPubkey", compressed + 1, 32);
    if (has_root) {
        zc_field_copy(report, between, "merkleRoot", root, 32);
    }
    if (!zc_report_ok(report, "internal key",
                      zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(compressed), &key)) ||
        !zc_report_ok(report, "tweak",
                      zc_taproot_output_key(&key, has_root ? root : NULL, output_key, &parity))) {
        return;
    }
    zc_report_bytes(report, "output key", ZC_SLICE_OF_ARRAY(output_key),
                    zc_field_hex(report, between, "tweakedPubkey"));
    zc_address script = zc_btc_script_make(ZC_BTC_P2TR, output_key);
    zc_report_bytes(report, "script", zc_address_slice(&script),
                    zc_field_hex(report, expected, "scriptPubKey"));
    uint8_t text[ZC_ADDRESS_TEXT_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    if (zc_report_ok(report, "address", zc_address_write(ZC_CHAIN_BITCOIN, &script, &writer))) {
        zc_report_bytes(report, "address", zc_writer_written(&writer),
                        zc_slice_of_text(zc_field_text(expected, "bip350Address")));
    }
}

static void check_key_path(zc_report *report, const json_t *item, const zc_btc_output *spent,
                           const zc_btc_hashes *hashes)
{
    zc_secret32 key;
    zc_signer signer = {0};
    zc_signature signature;
    zc_bitcoin_signing signing = {.is_schnorr = true};
    uint8_t bytes[65];
    const json_t *given = json_object_get(item, "given");
    const json_t *between = json_object_get(item, "intermediary");
    const json_t *witness = json_object_get(json_object_get(item, "expected"), "witness");
    signing.input = (uint16_t)zc_field_u64(report, given, "txinIndex");
    signing.sighash_type = (uint8_t)zc_field_u64(report, given, "hashType");
    signing.has_merkle_root = zc_field_has(given, "merkleRoot");
    if (signing.has_merkle_root) {
        zc_field_copy(report, given, "merkleRoot", signing.merkle_root, 32);
    }
    zc_field_copy(report, given, "internalPrivkey", key.byte, 32);
    zc_btc_sighash_taproot(&tx, hashes, spent, signing.input, signing.sighash_type, signing.digest);
    zc_report_bytes(report, "digest", ZC_SLICE_OF_ARRAY(signing.digest),
                    zc_field_hex(report, between, "sigHash"));
    if (!zc_report_ok(report, "key", zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key))) {
        return;
    }
    zc_slice published = zc_hex_of(report, json_array_get(witness, 0));
    if (zc_report_ok(report, "signing", zc_bitcoin_sign(&signer, &signing, &signature))) {
        size_t len = signing.sighash_type == 0 ? 64 : 65;
        memcpy(bytes, signature.byte, 64);
        bytes[64] = signing.sighash_type;
        zc_report_bytes(report, "signature", zc_slice_of(bytes, len), published);
    }
    zc_signer_clear(&signer);
}

static void run_key_path(zc_report *report, const json_t *group, size_t number)
{
    static zc_btc_output spent[ZC_PSBT_MAX_INPUTS];
    zc_btc_hashes hashes;
    size_t i;
    json_t *item;
    const json_t *given = json_object_get(group, "given");
    const json_t *utxos = json_object_get(given, "utxosSpent");
    size_t count = json_array_size(json_object_get(group, "inputSpending"));
    for (size_t n = 0; n < count; n++) {
        zc_report_begin(report, "keyPathSpending %zu, %zu", number, n);
        zc_slice bytes = zc_field_hex(report, given, "rawUnsignedTx");
        json_array_foreach(utxos, i, item)
        {
            if (i < ZC_PSBT_MAX_INPUTS) {
                spent[i].amount = zc_field_u64(report, item, "amountSats");
                spent[i].script = zc_field_hex(report, item, "scriptPubKey");
            }
        }
        if (zc_report_ok(report, "parsing", zc_btc_tx_parse(bytes, true, &tx))) {
            zc_report_u64(report, "spent outputs", json_array_size(utxos), tx.input_count);
            zc_btc_hashes_make(&tx, spent, &hashes);
            check_key_path(report, json_array_get(json_object_get(group, "inputSpending"), n),
                           spent, &hashes);
        }
        zc_report_end(report);
    }
}

void zc_run_bip341(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(root, "scriptPubKey"), i, item)
    {
        zc_report_begin(report, "scriptPubKey %zu", i);
        check_output_key(report, item);
        zc_report_end(report);
    }
    json_array_foreach(json_object_get(root, "scriptPubKey"), i, item)
    {
        if (json_object_get(json_object_get(item, "expected"), "scriptPathControlBlocks") != NULL) {
            zc_report_begin(report, "scriptPubKey %zu: control blocks", i);
            zc_report_skip(report, "taproot outputs are spent by the key path only");
        }
    }
    json_array_foreach(json_object_get(root, "keyPathSpending"), i, item)
    {
        run_key_path(report, item, i);
    }
}

/* One line of BIP-340's table: index, secret key, public key, aux, message, signature, result. */
static void check_bip340(zc_report *report, char *field[7])
{
    uint8_t secret[32];
    uint8_t aux[32];
    uint8_t key[32];
    uint8_t sig[64];
    uint8_t message[256];
    size_t len;
    zc_signer signer = {0};
    zc_signature made;
    bool is_valid = strcmp(field[6], "TRUE") == 0;
    if (!zc_ok(zc_hex_decode(zc_slice_of_text(field[2]), key, sizeof key)) ||
        !zc_ok(zc_hex_decode(zc_slice_of_text(field[5]), sig, sizeof sig)) ||
        !zc_ok(zc_hex_decode_some(zc_slice_of_text(field[4]), message, sizeof message, &len))) {
        zc_report_problem(report, "the case is malformed");
        return;
    }
    zc_report_verdict(report, is_valid ? ZC_EXPECT_VALID : ZC_EXPECT_INVALID,
                      zc_schnorr_verify(key, zc_slice_of(message, len), sig));
    if (field[1][0] == '\0') {
        return;
    }
    zc_secret32 private_key;
    if (!zc_ok(zc_hex_decode(zc_slice_of_text(field[1]), secret, sizeof secret)) ||
        !zc_ok(zc_hex_decode(zc_slice_of_text(field[3]), aux, sizeof aux))) {
        zc_report_problem(report, "the case is malformed");
        return;
    }
    memcpy(private_key.byte, secret, 32);
    if (zc_report_ok(report, "key", zc_signer_init(&signer, ZC_CURVE_SECP256K1, &private_key)) &&
        zc_report_ok(report, "signing",
                     zc_schnorr_sign(&signer, aux, zc_slice_of(message, len), ZC_SCHNORR_PLAIN,
                                     NULL, &made))) {
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(made.byte), ZC_SLICE_OF_ARRAY(sig));
    }
    zc_signer_clear(&signer);
}

void zc_run_bip340(zc_report *report, const char *text)
{
    char line[2048];
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, "\r\n");
        char *field[7] = {0};
        size_t count = 0;
        if (len < sizeof line) {
            memcpy(line, at, len);
            line[len] = '\0';
            char *rest = line;
            while (count < 7 && rest != NULL) {
                field[count++] = strsep(&rest, ",");
            }
        }
        at += len + strspn(at + len, "\r\n");
        if (count < 7 || strspn(field[0], "0123456789") == 0) {
            continue; /* the heading */
        }
        zc_report_begin(report, "%s", field[0]);
        check_bip340(report, field);
        zc_report_end(report);
    }
}

/* A preimage of BIP-143, taken apart again. */
typedef struct zc_preimage {
    uint8_t txid[32];
    uint32_t index;
    zc_slice code;
    uint64_t amount;
    uint32_t type;
} zc_preimage;

static bool read_preimage(zc_slice bytes, zc_preimage *ret)
{
    zc_reader reader = zc_reader_of(bytes);
    uint32_t ignored;
    return zc_ok(zc_skip(&reader, 4 + 32 + 32)) &&
           zc_ok(zc_read_copy(&reader, ret->txid, sizeof ret->txid)) &&
           zc_ok(zc_btc_read_u32(&reader, &ret->index)) &&
           zc_ok(zc_btc_read_bytes(&reader, &ret->code)) &&
           zc_ok(zc_btc_read_u64(&reader, &ret->amount)) &&
           zc_ok(zc_btc_read_u32(&reader, &ignored)) && zc_ok(zc_skip(&reader, 32 + 4)) &&
           zc_ok(zc_btc_read_u32(&reader, &ret->type)) && zc_ok(zc_reader_end(&reader));
}

/* The hex that follows `label` and any spaces; NULL where there is none before `end`. */
static json_t *hex_after(const char *from, const char *end, const char *label)
{
    const char *at = strstr(from, label);
    if (at == NULL || (end != NULL && at >= end)) {
        return NULL;
    }
    at += strlen(label);
    at += strspn(at, " \r\n\t");
    return json_stringn(at, strspn(at, "0123456789abcdef"));
}

static void check_preimage(zc_report *report, zc_slice unsigned_tx, zc_slice bytes,
                           const json_t *sighash)
{
    zc_preimage parts;
    zc_btc_hashes hashes;
    uint8_t digest[32];
    if (!zc_report_ok(report, "transaction", zc_btc_tx_parse(unsigned_tx, true, &tx)) ||
        !read_preimage(bytes, &parts)) {
        zc_report_problem(report, "the case is malformed: no preimage");
        return;
    }
    zc_btc_hashes_make(&tx, NULL, &hashes);
    for (size_t i = 0; i < tx.input_count; i++) {
        if (tx.inputs[i].index == parts.index &&
            memcmp(tx.inputs[i].txid, parts.txid, sizeof parts.txid) == 0) {
            zc_btc_sighash_v0(&tx, &hashes, i, parts.code, parts.amount, parts.type, digest);
            zc_report_bytes(report, "digest", ZC_SLICE_OF_ARRAY(digest),
                            zc_hex_of(report, sighash));
            return;
        }
    }
    zc_report_problem(report, "the preimage is of no input");
}

/* BIP-143's examples: each preimage with the digest after it, for the transaction before it. */
void zc_run_bip143(zc_report *report, const char *text)
{
    const char *tx_at = text;
    size_t number = 0;
    for (const char *at = text; (at = strstr(at, "preimage")) != NULL;) {
        const char *line_end = at + strcspn(at, "\n");
        const char *colon = memchr(at, ':', (size_t)(line_end - at));
        at = line_end;
        if (colon == NULL) {
            continue;
        }
        for (const char *next = tx_at;
             (next = strstr(next, "unsigned transaction")) != NULL && next < colon; next++) {
            tx_at = next;
        }
        const char *tx_colon = strchr(tx_at, ':');
        json_t *raw = tx_colon != NULL ? hex_after(tx_colon, NULL, ":") : NULL;
        json_t *bytes = hex_after(colon, NULL, ":");
        json_t *sighash = hex_after(at, strstr(at, "preimage"), "sigHash:");
        if (raw != NULL && bytes != NULL && sighash != NULL && json_string_length(bytes) > 0) {
            zc_report_begin(report, "preimage %zu", number++);
            check_preimage(report, zc_hex_of(report, raw), zc_hex_of(report, bytes), sighash);
            zc_report_end(report);
        }
        json_decref(raw);
        json_decref(bytes);
        json_decref(sighash);
    }
}
