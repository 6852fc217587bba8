/* PSBTs on standard input, one a line, as "<PSBT> <private key> <parent key> <chain code>" in hex,
 * the last two "-" where the account has no branch (its path is m/84'/0'/0' under fingerprint
 * 00000000). Answers each with one line of JSON: what is signed, what it does, the signed PSBT, and
 * the transaction where it is complete. A key "-" only extracts. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/schnorr.h"
#include "intent/bitcoin.h"

enum { MAX_LINE = 4 * ZC_PSBT_MAX };

static char hex[2 * ZC_PSBT_MAX + 64];

static void print_hex(const char *name, zc_slice bytes)
{
    zc_hex_encode(bytes, hex);
    printf(",\"%s\":\"%s\"", name, hex);
}

static size_t read_hex(const char *text, uint8_t *ret_bytes, size_t capacity)
{
    size_t len = 0;
    if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(text), ret_bytes, capacity, &len))) {
        (void)fprintf(stderr, "not hex: %.40s\n", text);
        exit(2);
    }
    return len;
}

static bool read_account(char **field, zc_signer *signer, zc_bitcoin_account *account)
{
    zc_secret32 key;
    if (read_hex(field[1], key.byte, 32) != 32 ||
        !zc_ok(zc_signer_init(signer, ZC_CURVE_SECP256K1, &key))) {
        return false;
    }
    *account = (zc_bitcoin_account){.chain_id = ZC_CHAIN_BITCOIN, .key = signer->pubkey};
    return true;
}

static zc_result sign(const zc_signer *signer, const zc_bitcoin_signing *signing,
                      zc_signature *ret_signature)
{
    static const uint8_t zero[32] = {0};
    if (signing->is_schnorr) {
        return zc_schnorr_sign(signer, zero, ZC_SLICE_OF_ARRAY(signing->digest), ZC_SCHNORR_TAPROOT,
                               signing->has_merkle_root ? signing->merkle_root : NULL,
                               ret_signature);
    }
    return zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, zero, signing->digest, ret_signature);
}

static void print_signings(const zc_bitcoin_signing *list, size_t count)
{
    printf(",\"signings\":[");
    for (size_t i = 0; i < count; i++) {
        zc_hex_encode(ZC_SLICE_OF_ARRAY(list[i].digest), hex);
        printf("%s[%u,\"%s\",%u]", i > 0 ? "," : "", (unsigned)list[i].input, hex,
               (unsigned)list[i].sighash_type);
    }
    printf("]");
}

static void print_movements(const zc_intent *intent)
{
    printf(",\"flags\":%" PRIu64 ",\"movements\":[", intent->flags);
    for (size_t i = 0; i < intent->movement_count; i++) {
        const zc_movement *movement = &intent->movements[i];
        zc_hex_encode(zc_address_slice(&movement->to), hex);
        printf("%s[\"%s\",\"%s\",%" PRIu64 "]", i > 0 ? "," : "",
               zc_movement_kind_name(movement->kind), hex, movement->amount.limb[0]);
    }
    printf("]");
}

static zc_result answer(zc_slice psbt, char **field)
{
    static zc_intent intent;
    static zc_bitcoin_signing list[ZC_PSBT_MAX_INPUTS];
    static zc_signature signatures[ZC_PSBT_MAX_INPUTS];
    static uint8_t room[ZC_PSBT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_bitcoin_account account;
    zc_signer signer;
    size_t count = 0;
    size_t offset;
    if (field[1][0] == '-') {
        ZC_TRY(zc_psbt_extract(psbt, &writer));
        print_hex("tx", zc_writer_written(&writer));
        return ZC_OK;
    }
    if (!read_account(field, &signer, &account)) {
        exit(2);
    }
    ZC_TRY(zc_intent_decode_psbt(psbt, &account, &intent, &offset));
    print_movements(&intent);
    ZC_TRY(zc_psbt_signings(psbt, &account, list, &count));
    print_signings(list, count);
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(sign(&signer, &list[i], &signatures[i]));
    }
    ZC_TRY(zc_psbt_write_signed(psbt, &account, signatures, count, &writer));
    print_hex("psbt", zc_writer_written(&writer));
    return ZC_OK;
}

int main(void)
{
    static char line[MAX_LINE];
    static uint8_t bytes[ZC_PSBT_MAX];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *field[4] = {0};
        char *rest = line;
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < 4; i++) {
            field[i] = strsep(&rest, " ");
            if (field[i] == NULL) {
                return 2;
            }
        }
        size_t len = read_hex(field[0], bytes, sizeof bytes);
        printf("{\"ok\":true");
        zc_result result = answer(zc_slice_of(bytes, len), field);
        printf(",\"code\":%u}\n", (unsigned)result.code);
        (void)fflush(stdout);
    }
    return 0;
}
