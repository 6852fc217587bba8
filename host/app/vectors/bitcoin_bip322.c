/* BIP-322: signatures of messages, in all three formats. */
#include "bitcoin.h"
#include "codec/base64.h"
#include "group.h"
#include "intent/bitcoin/psbt.h"
#include "intent/bitcoin/to_sign.h"
#include "intent/bitcoin/wire.h"

static void reverse(uint8_t hash[static 32])
{
    for (size_t i = 0; i < 16; i++) {
        uint8_t byte = hash[i];
        hash[i] = hash[31 - i];
        hash[31 - i] = byte;
    }
}

static zc_slice message_of(const json_t *item)
{
    const json_t *text = json_object_get(item, "message");
    return zc_slice_of(json_string_value(text), json_string_length(text));
}

/* A message's signature, opened: the transaction and what it spends. */
typedef struct zc_opened {
    zc_btc_tx tx;
    zc_btc_output spent[ZC_PSBT_MAX_INPUTS];
    zc_psbt psbt;
    uint8_t bytes[ZC_PSBT_MAX];
} zc_opened;

static bool open_proof(zc_slice bytes, zc_opened *ret)
{
    size_t offset;
    zc_writer writer = ZC_WRITER_OF_ARRAY(ret->bytes);
    if (!zc_ok(zc_psbt_parse(bytes, &ret->psbt, &offset)) || !zc_ok(zc_psbt_resolve(&ret->psbt)) ||
        !zc_ok(zc_psbt_extract(bytes, &writer)) ||
        !zc_ok(zc_btc_tx_parse(zc_writer_written(&writer), true, &ret->tx))) {
        return false;
    }
    for (size_t i = 0; i < ret->tx.input_count; i++) {
        if (i > 0 && !ret->psbt.is_known[i]) {
            return false;
        }
        ret->spent[i] = ret->psbt.spent[i];
    }
    return true;
}

static bool is_to_sign(const zc_btc_tx *tx, const uint8_t txid[static 32])
{
    return (tx->version == 0 || tx->version == 2) && tx->input_count >= 1 &&
           tx->output_count == 1 && tx->outputs[0].amount == 0 && tx->outputs[0].script.len == 1 &&
           tx->outputs[0].script.data[0] == ZC_BTC_OP_RETURN && tx->inputs[0].index == 0 &&
           memcmp(tx->inputs[0].txid, txid, 32) == 0;
}

/* False for a signature that does not hold; `*ret_supported` as in verify_input. */
static bool verify(zc_slice message, const zc_address *script, const char *text, zc_opened *work,
                   bool *ret_supported)
{
    static uint8_t bytes[ZC_PSBT_MAX]; /* `work` refers to it after the call */
    uint8_t txid[32];
    size_t len;
    size_t prefix =
        strncmp(text, "smp", 3) == 0 || strncmp(text, "ful", 3) == 0 || strncmp(text, "pof", 3) == 0
            ? 3
            : 0;
    bool is_simple = prefix == 0 || text[0] == 's';
    *ret_supported = true;
    if (!zc_ok(zc_base64_decode(zc_slice_of_text(text + prefix), bytes, sizeof bytes, &len))) {
        return false;
    }
    zc_slice signature = zc_slice_of(bytes, len);
    if (is_simple) {
        zc_bip322_to_sign(message, zc_address_slice(script), &work->tx);
        work->tx.inputs[0].witness = signature;
    } else if (text[0] == 'f' ? !zc_ok(zc_btc_tx_parse(signature, true, &work->tx))
                              : !open_proof(signature, work)) {
        return false;
    }
    zc_bip322_to_spend_txid(message, zc_address_slice(script), txid);
    if (!is_to_sign(&work->tx, txid) || (text[0] == 'f' && work->tx.input_count != 1)) {
        return false;
    }
    work->spent[0] = (zc_btc_output){.script = zc_address_slice(script)};
    for (size_t i = 0; i < work->tx.input_count; i++) {
        if (!zc_bitcoin_verify_input(&work->tx, work->spent, i, ret_supported)) {
            return false;
        }
    }
    return true;
}

/* The product's own signature of the message holds, and is the published one where nothing about it
 * is random. */
static void check_own(zc_report *report, const json_t *item, const zc_address *script,
                      uint64_t chain, zc_opened *work)
{
    const json_t *keys = json_object_get(item, "private_keys");
    zc_secret32 key;
    zc_signer signer = {0};
    zc_bitcoin_account account;
    zc_bitcoin_signing signing;
    zc_signature signature;
    static zc_intent intent;
    uint8_t bytes[256];
    char text[400] = "smp";
    bool compressed = false;
    bool test = false;
    bool supported = false;
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer base64 = zc_writer_of(text + 3, sizeof text - 4);
    if (json_array_size(keys) < 1 ||
        !zc_wif_read(json_string_value(json_array_get(keys, 0)), &key, &compressed, &test) ||
        !zc_bitcoin_account_of(report, &key, chain, &signer, &account)) {
        return;
    }
    for (int lock = ZC_BITCOIN_P2PKH; lock <= ZC_BITCOIN_P2TR; lock++) {
        zc_address own;
        if (!zc_ok(zc_bitcoin_script(&account.key, (zc_bitcoin_lock)lock, &own)) ||
            !zc_address_eq(&own, script)) {
            continue;
        }
        text[0] = lock < ZC_BITCOIN_P2WPKH ? 'f' : 's';
        text[1] = lock < ZC_BITCOIN_P2WPKH ? 'u' : 'm';
        text[2] = lock < ZC_BITCOIN_P2WPKH ? 'l' : 'p';
        if (zc_report_ok(report, "decoding",
                         zc_intent_decode_bip322_message(message_of(item), &account,
                                                         (zc_bitcoin_lock)lock, &intent,
                                                         &signing)) &&
            zc_report_ok(report, "signing", zc_bitcoin_sign(&signer, &signing, &signature)) &&
            zc_report_ok(report, "writing",
                         zc_bip322_write(message_of(item), &account, (zc_bitcoin_lock)lock,
                                         &signature, &writer)) &&
            zc_report_ok(report, "base64", zc_write_base64(&base64, zc_writer_written(&writer))) &&
            !verify(message_of(item), script, text, work, &supported)) {
            zc_report_problem(report, "our own signature does not hold");
        }
    }
    zc_signer_clear(&signer);
}

static void check_signed(zc_report *report, const json_t *item, zc_opened *work)
{
    size_t i;
    const json_t *text;
    zc_address script;
    uint64_t chain;
    bool supported = true;
    if (!zc_bitcoin_address_script(zc_field_text(item, "address"), &script, &chain)) {
        zc_report_problem(report, "the address is not read");
        zc_report_end(report);
        return;
    }
    json_array_foreach(json_object_get(item, "bip322_signatures"), i, text)
    {
        bool holds = verify(message_of(item), &script, json_string_value(text), work, &supported);
        if (!supported) {
            zc_report_skip(report, "a script that the product does not sign for");
            return;
        }
        if (!holds) {
            zc_report_problem(report, "signature %zu is refused", i);
        }
    }
    check_own(report, item, &script, chain, work);
    zc_report_end(report);
}

static void check_error(zc_report *report, const json_t *item, zc_opened *work)
{
    zc_address script;
    uint64_t chain;
    bool supported = true;
    if (zc_bitcoin_address_script(zc_field_text(item, "address"), &script, &chain) &&
        verify(message_of(item), &script, zc_field_text(item, "signature"), work, &supported)) {
        zc_report_problem(report, "the signature is accepted");
    }
    if (!supported) {
        zc_report_skip(report, "a script that the product does not sign for");
        return;
    }
    zc_report_end(report);
}

static void check_hashes(zc_report *report, const json_t *item)
{
    zc_address script;
    uint64_t chain;
    uint8_t hash[32];
    static zc_btc_tx tx;
    zc_sha256_ctx ctx;
    if (!zc_bitcoin_address_script(zc_field_text(item, "address"), &script, &chain)) {
        zc_report_problem(report, "the address is not read");
        return;
    }
    zc_bip322_message_hash(message_of(item), hash);
    zc_report_bytes(report, "message hash", ZC_SLICE_OF_ARRAY(hash),
                    zc_field_hex(report, item, "message_hash"));
    zc_bip322_to_spend_txid(message_of(item), zc_address_slice(&script), hash);
    reverse(hash);
    zc_report_bytes(report, "to_spend", ZC_SLICE_OF_ARRAY(hash),
                    zc_field_hex(report, item, "to_spend_tx_hash"));
    zc_bip322_to_sign(message_of(item), zc_address_slice(&script), &tx);
    zc_sha256_init(&ctx);
    zc_btc_hash_u32(&ctx, tx.version);
    zc_btc_hash_count(&ctx, 1);
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(tx.inputs[0].txid));
    zc_btc_hash_u32(&ctx, tx.inputs[0].index);
    zc_btc_hash_count(&ctx, 0);
    zc_btc_hash_u32(&ctx, tx.inputs[0].sequence);
    zc_btc_hash_count(&ctx, 1);
    zc_btc_hash_u64(&ctx, tx.outputs[0].amount);
    zc_btc_hash_bytes(&ctx, tx.outputs[0].script);
    zc_btc_hash_u32(&ctx, tx.locktime);
    zc_sha256_final(&ctx, hash);
    zc_sha256(ZC_SLICE_OF_ARRAY(hash), hash);
    reverse(hash);
    zc_report_bytes(report, "to_sign", ZC_SLICE_OF_ARRAY(hash),
                    zc_field_hex(report, item, "to_sign_tx_hash"));
}

void zc_run_bip322(zc_report *report, json_t *root)
{
    static zc_opened work;
    const char *list;
    json_t *cases;
    json_t *item;
    size_t i;
    json_object_foreach(root, list, cases)
    {
        json_array_foreach(cases, i, item)
        {
            const char *what = zc_field_text(item, "description");
            zc_report_begin(report, "%s %zu (%s)", list, i,
                            what[0] != '\0' ? what : zc_field_text(item, "type"));
            if (zc_field_has(item, "bip322_signatures")) {
                check_signed(report, item, &work);
            } else if (zc_field_has(item, "to_sign_tx_hash")) {
                check_hashes(report, item);
                zc_report_end(report);
            } else if (zc_field_has(item, "signature")) {
                check_error(report, item, &work);
            } else {
                zc_report_skip(report, "nothing in this version uses cases of this form");
            }
        }
    }
}
