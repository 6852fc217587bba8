#include "bitcoin.h"

#include "codec/bech32.h"
#include "group.h"

static const zc_group groups[] = {
    {{"case", "expect", "psbt"}, zc_run_psbt_cases, NULL},
    {{"bip174", NULL, NULL}, zc_run_psbt_roles, NULL},
    {{"keyPathSpending", NULL, NULL}, zc_run_bip341, NULL},
    {{"scriptPubKey", "version", NULL}, zc_run_bip341, NULL},
    {{"title", "seed", "chains"}, zc_run_slip10, NULL},
    {{"standard", "invalid", NULL}, zc_run_bitcoin_addresses, NULL},
    {{"standard", "bech32", NULL}, zc_run_bitcoin_addresses, NULL},
    {{"phrase", "seed", "nodes"},
     NULL,
     "keys from a mnemonic (BIP-39) and private derivation are not in this version"},
    {{"english", NULL, NULL}, NULL, "keys from a mnemonic (BIP-39) are not in the product"},
    {{NULL, NULL, NULL}, NULL, "nothing in this version uses cases of this form"},
};

/* Any of these lists makes it a file of BIP-322. */
static bool is_bip322(const json_t *root)
{
    const char *list;
    const json_t *cases;
    json_object_foreach((json_t *)(uintptr_t)root, list, cases)
    {
        const json_t *first = json_array_get(cases, 0);
        if (json_object_get(first, "bip322_signatures") != NULL ||
            json_object_get(first, "to_sign_tx_hash") != NULL ||
            json_object_get(first, "error_substr") != NULL) {
            return true;
        }
    }
    return false;
}

/* { "valid": …, "invalid": … } of several kinds, told apart by their first case. */
static bool run_verdicts(zc_report *report, json_t *root)
{
    const json_t *valid = json_object_get(root, "valid");
    const json_t *invalid = json_object_get(root, "invalid");
    const json_t *first = json_array_get(json_is_array(valid) ? valid : invalid, 0);
    if (json_object_get(first, "chains") != NULL || json_object_get(first, "why_invalid") != NULL) {
        zc_run_bip32(report, root);
    } else if (json_object_get(first, "hex") != NULL) {
        zc_run_bitcoin_signatures(report, root);
    } else if (json_is_object(valid) || json_is_object(invalid)) {
        zc_run_bitcoin_ecdsa(report, root);
    } else {
        return false;
    }
    return true;
}

/* Bitcoin Core's lists of lists, told apart by the shape of their elements. */
static bool run_lists(zc_report *report, json_t *root)
{
    const json_t *longest = json_array_get(root, 0);
    for (size_t i = 0; i < json_array_size(root); i++) {
        if (json_array_size(json_array_get(root, i)) > json_array_size(longest)) {
            longest = json_array_get(root, i);
        }
    }
    if (json_is_string(longest)) {
        zc_run_canonical(report, root);
        return true;
    }
    if (!json_is_array(longest)) {
        return false;
    }
    if (json_is_array(json_array_get(longest, 1))) {
        zc_report_skip_file(report, "SLIP-39 shares of a secret are not in the product");
    } else if (json_array_size(longest) >= 5) {
        zc_run_sighash(report, root);
    } else {
        zc_run_base58_keys(report, root);
    }
    return true;
}

void zc_run_bitcoin(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    if (json_is_array(root) && !json_is_object(json_array_get(root, 0)) &&
        run_lists(report, root)) {
        return;
    }
    if (json_is_object(root) && json_object_get(root, "standard") == NULL &&
        run_verdicts(report, root)) {
        return;
    }
    if (json_is_object(root) && is_bip322(root)) {
        zc_run_bip322(report, root);
        return;
    }
    zc_group_run(report, groups, root);
}

static void check_segwit(zc_report *report, const char *text, const char *script, bool is_valid)
{
    zc_address read;
    uint64_t chain;
    bool found = zc_bitcoin_address_script(text, &read, &chain);
    if (found != is_valid) {
        zc_report_problem(report, is_valid ? "not read" : "taken");
    } else if (is_valid && script != NULL) {
        json_t *hex = json_stringn(script, strspn(script, "0123456789abcdef"));
        zc_report_bytes(report, "script", zc_address_slice(&read), zc_hex_of(report, hex));
        json_decref(hex);
    }
}

static void check_bech32(zc_report *report, const char *text, zc_bech32_kind kind, bool is_valid)
{
    zc_bech32_text read;
    bool good = zc_ok(zc_bech32_read_groups(zc_slice_of_text(text), &read)) && read.kind == kind;
    if (good != is_valid) {
        zc_report_problem(report, is_valid ? "not read" : "taken");
    }
}

/* The text of one list item: what stands in <tt>, with bytes given as 0x20 + … or … + 0xFF. */
static bool item_text(const char *line, char *ret_text, size_t capacity, const char **ret_rest)
{
    unsigned before = 0;
    unsigned after = 0;
    const char *start = strstr(line, "<tt>");
    const char *end = start != NULL ? strstr(start, "</tt>") : NULL;
    if (end == NULL || (size_t)(end - start) + 2 >= capacity) {
        return false;
    }
    char prefix[2] = {0};
    char suffix[2] = {0};
    if (sscanf(line, "* 0x%2x + <tt>", &before) == 1) {
        prefix[0] = (char)before;
    }
    if (sscanf(end, "</tt> + 0x%2x", &after) == 1) {
        suffix[0] = (char)after;
    }
    (void)snprintf(ret_text, capacity, "%s%.*s%s", prefix, (int)(end - start - 4), start + 4,
                   suffix);
    *ret_rest = end + 5;
    return true;
}

/* BIP-173 and BIP-350: lists under a line that says what they are. */
void zc_run_bech32_text(zc_report *report, const char *text)
{
    bool is_valid = false;
    bool is_segwit = false;
    zc_bech32_kind kind = ZC_BECH32;
    size_t number = 0;
    char line[512];
    for (const char *at = text; *at != '\0';) {
        char item[256];
        const char *rest;
        size_t len = strcspn(at, "\n");
        (void)snprintf(line, sizeof line, "%.*s", (int)len, at);
        at += len + (at[len] == '\n');
        if (strncmp(line, "The following", 13) == 0) {
            is_valid = strstr(line, "invalid") == NULL && strstr(line, "not valid") == NULL;
            is_segwit = strstr(line, "segwit") != NULL;
            kind = strstr(line, "Bech32m") != NULL ? ZC_BECH32M : ZC_BECH32;
        }
        if (strncmp(line, "* ", 2) != 0 || !item_text(line, item, sizeof item, &rest)) {
            continue;
        }
        zc_report_begin(report, "%zu (%s)", number++, item);
        if (is_segwit) {
            const char *script = strstr(rest, "<tt>");
            /* BIP-350 took bech32 from all versions but 0, which BIP-173 had still allowed. */
            bool is_revoked = kind == ZC_BECH32 && script != NULL && script[4] != '0';
            check_segwit(report, item, script != NULL ? script + 4 : NULL, is_valid && !is_revoked);
        } else {
            check_bech32(report, item, kind, is_valid);
        }
        zc_report_end(report);
    }
}

void zc_run_bitcoin_file(zc_report *report, const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t len = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    text[len] = '\0';
    if (strncmp(text, "index,", 6) == 0) {
        zc_run_bip340(report, text);
    } else if (strstr(text, "hash preimage") != NULL || strstr(text, "sigHash:") != NULL) {
        zc_run_bip143(report, text);
    } else if (strstr(text, "cHNid") != NULL) {
        zc_run_psbt_text(report, text);
    } else if (strstr(text, "are valid Bech32") != NULL) {
        zc_run_bech32_text(report, text);
    } else if (strstr(text, "Account 0") != NULL) {
        zc_run_bip32_text(report, text);
    } else {
        zc_report_skip_file(report, "a list of words, or of a form that is not known");
    }
}
