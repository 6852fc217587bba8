/* Partially signed transactions: parsed, written again, signed, completed. */
#include "intent/bitcoin/psbt.h"

#include <ctype.h>

#include "bitcoin.h"
#include "codec/base64.h"
#include "crypto/schnorr.h"
#include "group.h"
#include "intent/bitcoin/plan.h"

/* Some 100 KiB each. */
static zc_psbt parsed;
static zc_psbt wanted_psbt;
static zc_intent intent;

static zc_slice psbt_of(zc_report *report, const char *text)
{
    size_t capacity = strlen(text) + 1;
    uint8_t *bytes = zc_report_room(report, capacity);
    size_t len = 0;
    zc_result result = zc_base64_decode(zc_slice_of_text(text), bytes, capacity, &len);
    if (!zc_ok(result)) {
        zc_report_problem(report, "the case is malformed: base64 is wanted");
    }
    return zc_slice_of(bytes, len);
}

/* The maps one after the other are the bytes again. */
static void check_rewritten(zc_report *report, zc_slice bytes)
{
    uint8_t *room = zc_report_room(report, bytes.len + 16);
    zc_writer writer = zc_writer_of(room, bytes.len + 16);
    zc_result result = zc_write_slice(&writer, zc_slice_of(bytes.data, 5));
    const zc_psbt_map *map = &parsed.global;
    size_t inputs = parsed.tx.input_count;
    for (size_t i = 0; zc_ok(result) && i <= inputs + parsed.tx.output_count; i++) {
        result = zc_write_slice(&writer, map->records);
        if (zc_ok(result)) {
            result = zc_write_u8(&writer, 0);
        }
        map = i < inputs ? &parsed.inputs[i] : &parsed.outputs[i - inputs];
    }
    if (zc_report_ok(report, "writing", result)) {
        zc_report_bytes(report, "written again", zc_writer_written(&writer), bytes);
    }
}

static void check_parsed(zc_report *report, zc_slice bytes)
{
    size_t offset;
    if (zc_report_ok(report, "parsing", zc_psbt_parse(bytes, &parsed, &offset))) {
        check_rewritten(report, bytes);
    }
}

static void check_case(zc_report *report, const json_t *item)
{
    size_t offset;
    const char *expect = zc_field_text(item, "expect");
    zc_slice bytes = psbt_of(report, zc_field_text(item, "psbt"));
    zc_result result = zc_psbt_parse(bytes, &parsed, &offset);
    const char *number = strstr(expect, "computed to be ");
    if (strcmp(expect, "invalid") == 0 || strstr(expect, "cannot be computed") != NULL) {
        zc_report_verdict(report, ZC_EXPECT_INVALID, result);
    } else if (strcmp(expect, "fails_signer_checks") == 0) {
        if (zc_report_ok(report, "parsing", result)) {
            zc_report_verdict(report, ZC_EXPECT_INVALID, zc_psbt_resolve(&parsed));
        }
    } else if (number != NULL) {
        if (zc_report_ok(report, "parsing", result)) {
            zc_report_u64(report, "lock time", parsed.tx.locktime,
                          strtoull(number + strlen("computed to be "), NULL, 10));
        }
    } else if (strcmp(expect, "valid") == 0) {
        check_parsed(report, bytes);
    } else {
        zc_report_problem(report, "the case is malformed: nothing known is expected of it");
    }
}

void zc_run_psbt_cases(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(root, i, item)
    {
        zc_report_begin(report, "%s", zc_case_name(item, "case", i));
        check_case(report, item);
        zc_report_end(report);
    }
}

/* bitcoinjs-lib is given the key of a taproot output, tweaked by its caller. */
static bool is_output_key(zc_slice psbt, const zc_pubkey *key)
{
    size_t offset;
    if (!zc_ok(zc_psbt_parse(psbt, &parsed, &offset)) || !zc_ok(zc_psbt_resolve(&parsed))) {
        return false;
    }
    for (size_t i = 0; i < parsed.tx.input_count; i++) {
        zc_slice script = parsed.spent[i].script;
        if (zc_btc_script_kind_of(script) == ZC_BTC_P2TR &&
            memcmp(zc_btc_script_payload(script).data, key->byte + 1, 32) == 0) {
            return true;
        }
    }
    return false;
}

/* Why a case of bitcoinjs-lib's is none of the product's; NULL where it is. */
static const char *not_ours(zc_result why)
{
    if (zc_is(why, ZC_INTENT_PSBT_SCRIPT_PATH)) {
        return "taproot script path: refused with its reason";
    }
    if (zc_is(why, ZC_INTENT_PSBT_SCRIPT_MISMATCH)) {
        return "signs with an output's tweaked key: the product's keys are internal keys";
    }
    if (zc_is(why, ZC_BASE_TRAILING)) {
        return "a 00 too many where there are no outputs: refused";
    }
    return NULL;
}

/* Signs everything that one key can, once. False where there is nothing it may sign, with
 * `*ret_why` telling why. */
static bool sign_with(zc_report *report, const char *wif, zc_slice *psbt, zc_result *ret_why)
{
    zc_secret32 key;
    zc_signer signer = {0};
    zc_bitcoin_account account;
    zc_signature signatures[16] = {0};
    static zc_bitcoin_signing list[ZC_PSBT_MAX_INPUTS];
    size_t count = 0;
    bool compressed = false;
    bool test = false;
    if (!zc_wif_read(wif, &key, &compressed, &test) ||
        !zc_bitcoin_account_of(report, &key, test ? ZC_CHAIN_BITCOIN_TEST : ZC_CHAIN_BITCOIN,
                               &signer, &account)) {
        zc_report_problem(report, "the private key is not read");
        return false;
    }
    *ret_why = zc_psbt_signings(*psbt, &account, list, &count);
    if (zc_is(*ret_why, ZC_INTENT_PSBT_NOTHING_TO_SIGN) && is_output_key(*psbt, &account.key)) {
        *ret_why = zc_fail(ZC_INTENT_PSBT_SCRIPT_MISMATCH);
    }
    if (!zc_ok(*ret_why) || count > 16) {
        zc_signer_clear(&signer);
        return false;
    }
    (void)zc_report_ok(report, "decoding", zc_intent_decode_psbt(*psbt, &account, &intent, NULL));
    zc_report_u64(report, "signatures", intent.signatures, count);
    for (size_t i = 0; i < count; i++) {
        (void)zc_report_ok(report, "signing", zc_bitcoin_sign(&signer, &list[i], &signatures[i]));
    }
    size_t capacity = psbt->len + count * ZC_PSBT_SIGNATURE_SIZE;
    uint8_t *room = zc_report_room(report, capacity);
    zc_writer writer = zc_writer_of(room, capacity);
    if (zc_report_ok(report, "writing",
                     zc_psbt_write_signed(*psbt, &account, signatures, count, &writer))) {
        *psbt = zc_writer_written(&writer);
    }
    zc_signer_clear(&signer);
    return true;
}

static bool has_record(const zc_psbt_map *map, const zc_psbt_record *wanted)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(map->records);
    while (zc_psbt_next_record(&records, &record)) {
        /* A Schnorr signature may have been made with other randomness. */
        if (zc_slice_eq(record.key, wanted->key) &&
            (zc_slice_eq(record.value, wanted->value) ||
             (record.type == ZC_PSBT_IN_TAP_SIG && record.value.len == wanted->value.len))) {
            return true;
        }
    }
    return false;
}

/* Each input has the same records, in whatever order. */
static void check_same(zc_report *report, zc_slice got, zc_slice wanted)
{
    size_t offset;
    zc_psbt_record record;
    if (!zc_report_ok(report, "parsing", zc_psbt_parse(got, &parsed, &offset)) ||
        !zc_report_ok(report, "parsing", zc_psbt_parse(wanted, &wanted_psbt, &offset))) {
        return;
    }
    zc_report_u64(report, "length", got.len, wanted.len);
    for (size_t i = 0; i < wanted_psbt.tx.input_count; i++) {
        zc_reader records = zc_reader_of(wanted_psbt.inputs[i].records);
        while (zc_psbt_next_record(&records, &record)) {
            if (!has_record(&parsed.inputs[i], &record)) {
                zc_report_problem(report, "input %zu lacks the record of type %u", i,
                                  (unsigned)record.type);
            }
        }
    }
}

static void run_signers(zc_report *report, const json_t *cases)
{
    size_t i;
    size_t k;
    json_t *item;
    json_t *key;
    json_array_foreach(cases, i, item)
    {
        zc_result why = ZC_OK;
        zc_report_begin(report, "signer %s", zc_case_name(item, "description", i));
        zc_slice psbt = psbt_of(report, zc_field_text(item, "psbt"));
        json_array_foreach(json_object_get(item, "keys"), k, key)
        {
            if (!sign_with(report, zc_field_text(key, "WIF"), &psbt, &why)) {
                break;
            }
        }
        if (not_ours(why) != NULL) {
            zc_report_skip(report, not_ours(why));
            continue;
        }
        (void)zc_report_ok(report, "signing", why);
        check_same(report, psbt, psbt_of(report, zc_field_text(item, "result")));
        zc_report_end(report);
    }
}

static void check_sign_input(zc_report *report, const json_t *item, bool should_sign)
{
    zc_result why = ZC_OK;
    if (!zc_field_has(item, "psbt") || !zc_field_has(item, "WIF")) {
        zc_report_skip(report, "no PSBT and key in this case");
        return;
    }
    zc_slice psbt = psbt_of(report, zc_field_text(item, "psbt"));
    bool is_signed = sign_with(report, zc_field_text(item, "WIF"), &psbt, &why);
    if (should_sign && not_ours(why) != NULL) {
        zc_report_skip(report, not_ours(why));
        return;
    }
    if (is_signed && json_array_size(json_object_get(item, "sighashTypes")) > 0) {
        zc_report_skip(report, "an allow-list of hash types: the product flags them to policy");
        return;
    }
    if (is_signed != should_sign) {
        zc_report_problem(report, should_sign ? "not signed, code %u" : "signed", why.code);
    }
    zc_report_end(report);
}

static void run_sign_input(zc_report *report, const json_t *cases)
{
    size_t i;
    json_t *item;
    json_array_foreach(cases, i, item)
    {
        if (zc_field_has(item, "shouldSign")) {
            zc_report_begin(report, "signInput, signs: %s", zc_case_name(item, "description", i));
            check_sign_input(report, json_object_get(item, "shouldSign"), true);
        }
        if (zc_field_has(item, "shouldThrow")) {
            zc_report_begin(report, "signInput, refuses: %s", zc_case_name(item, "description", i));
            check_sign_input(report, json_object_get(item, "shouldThrow"), false);
        }
    }
}

static zc_slice extract(zc_report *report, zc_slice psbt, zc_result *ret_result)
{
    uint8_t *room = zc_report_room(report, ZC_PSBT_MAX);
    zc_writer writer = zc_writer_of(room, ZC_PSBT_MAX);
    *ret_result = zc_psbt_extract(psbt, &writer);
    return zc_writer_written(&writer);
}

/* Ours finalizes and extracts in one step: both PSBTs give the same transaction. */
static void run_finalizers(zc_report *report, const json_t *cases, const char *what)
{
    size_t i;
    json_t *item;
    json_array_foreach(cases, i, item)
    {
        zc_result before;
        zc_result after;
        zc_report_begin(report, "%s %s", what,
                        zc_case_name(item, zc_field_has(item, "type") ? "type" : "description", i));
        zc_slice got = extract(report, psbt_of(report, zc_field_text(item, "psbt")), &before);
        zc_slice wanted = extract(report, psbt_of(report, zc_field_text(item, "result")), &after);
        if (zc_is(before, ZC_INTENT_PSBT_INCOMPLETE) &&
            strstr(zc_field_text(item, "description"), "script-path") != NULL) {
            zc_report_skip(report, "taproot script path: refused with its reason");
            continue;
        }
        if (zc_report_ok(report, "extracting", before) &&
            zc_report_ok(report, "extracting the finalized", after)) {
            zc_report_bytes(report, "transaction", got, wanted);
        }
        zc_report_end(report);
    }
}

static void run_extractors(zc_report *report, const json_t *cases)
{
    size_t i;
    json_t *item;
    json_array_foreach(cases, i, item)
    {
        zc_result result;
        zc_report_begin(report, "extractor %zu", i);
        zc_slice got = extract(report, psbt_of(report, zc_field_text(item, "psbt")), &result);
        if (zc_report_ok(report, "extracting", result)) {
            zc_report_bytes(report, "transaction", got, zc_field_hex(report, item, "transaction"));
        }
        zc_report_end(report);
    }
}

/* What parties before and between signers do: read here, not done. */
static void run_read_only(zc_report *report, const char *what, const json_t *cases)
{
    size_t i;
    json_t *item;
    json_array_foreach(cases, i, item)
    {
        if (!zc_field_has(item, "result")) {
            continue;
        }
        zc_report_begin(report, "%s %zu: its result", what, i);
        check_parsed(report, psbt_of(report, zc_field_text(item, "result")));
        zc_report_end(report);
    }
}

static void run_parse_lists(zc_report *report, const json_t *bip174)
{
    static const char *const lists[] = {"valid", "invalid", "failSignChecks"};
    size_t i;
    json_t *item;
    for (size_t list = 0; list < 3; list++) {
        json_array_foreach(json_object_get(bip174, lists[list]), i, item)
        {
            size_t offset;
            zc_report_begin(report, "%s %s", lists[list], zc_case_name(item, "description", i));
            zc_slice bytes = psbt_of(report, zc_field_text(item, "psbt"));
            zc_result result = zc_psbt_parse(bytes, &parsed, &offset);
            if (list == 2 && zc_ok(result)) {
                result = zc_psbt_resolve(&parsed);
            }
            zc_report_verdict(report, list == 0 ? ZC_EXPECT_VALID : ZC_EXPECT_INVALID, result);
            if (list == 0 && zc_ok(result)) {
                check_rewritten(report, bytes);
            }
            zc_report_end(report);
        }
    }
}

void zc_run_psbt_roles(zc_report *report, json_t *root)
{
    const char *name;
    json_t *part;
    const json_t *bip174 = json_object_get(root, "bip174");
    run_parse_lists(report, bip174);
    run_signers(report, json_object_get(bip174, "signer"));
    run_finalizers(report, json_object_get(bip174, "finalizer"), "finalizer");
    run_finalizers(report, json_object_get(root, "finalizeAllInputs"), "finalizeAllInputs");
    run_extractors(report, json_object_get(bip174, "extractor"));
    run_read_only(report, "creator", json_object_get(bip174, "creator"));
    run_read_only(report, "updater", json_object_get(bip174, "updater"));
    run_read_only(report, "combiner", json_object_get(bip174, "combiner"));
    run_sign_input(report, json_object_get(json_object_get(root, "signInput"), "checks"));
    json_object_foreach(root, name, part)
    {
        if (strcmp(name, "bip174") != 0 && strcmp(name, "finalizeAllInputs") != 0 &&
            strcmp(name, "signInput") != 0) {
            zc_report_begin(report, "%s", name);
            zc_report_skip(report, "a function of bitcoinjs-lib's own, not of a signer");
        }
    }
}

/* Each base64 text of BIP-174's walk-through is a PSBT; the last one is complete, and the hex after
 * the word "extractor" is its transaction. */
void zc_run_psbt_text(zc_report *report, const char *text)
{
    static char base64[ZC_PSBT_MAX * 2];
    size_t number = 0;
    const char *at = text;
    while ((at = strstr(at, "cHNid")) != NULL) {
        size_t len =
            strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
        if (len >= sizeof base64) {
            break;
        }
        memcpy(base64, at, len);
        base64[len] = '\0';
        at += len;
        zc_report_begin(report, "PSBT %zu of the text", number++);
        zc_slice bytes = psbt_of(report, base64);
        check_parsed(report, bytes);
        const char *next = strstr(at, "cHNid");
        const char *extractor = strstr(at, "extractor must create");
        const char *hex = extractor != NULL ? strstr(extractor, "<pre>0200") : NULL;
        if (hex != NULL && (next == NULL || extractor < next)) {
            zc_result result;
            json_t *wanted = json_stringn(hex + 5, strspn(hex + 5, "0123456789abcdefABCDEF"));
            zc_slice got = extract(report, bytes, &result);
            if (zc_report_ok(report, "extracting", result)) {
                zc_report_bytes(report, "transaction", got, zc_hex_of(report, wanted));
            }
            json_decref(wanted);
        }
        zc_report_end(report);
    }
}
