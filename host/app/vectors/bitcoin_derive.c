/* Extended keys (BIP-32) and what addresses come of them. Only public derivation is in the product;
 * of private keys the runner checks that the public one belongs to it. */
#include "base/hex.h"
#include "bitcoin.h"
#include "codec/bech32.h"
#include "crypto/bip32.h"
#include "group.h"
#include "intent/bitcoin/base58check.h"

#define NO_PRIVATE "private derivation is not in this version"

typedef struct zc_extended_key {
    bool is_private;
    uint8_t depth;
    uint8_t parent[4];
    uint32_t number;
    zc_bip32_public node; /* the public half, of a private one as well */
} zc_extended_key;

static uint32_t be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* SLIP-132 gave other letters to other scripts: x, y, z, and t, u, v of the test network. */
static bool is_version(uint32_t version, bool *ret_is_private)
{
    static const uint32_t public[] = {0x0488b21e, 0x043587cf, 0x049d7cb2,
                                      0x044a5262, 0x04b24746, 0x045f1cf6};
    static const uint32_t private[] = {0x0488ade4, 0x04358394, 0x049d7878,
                                       0x044a4e28, 0x04b2430c, 0x045f18bc};
    for (size_t i = 0; i < 6; i++) {
        if (version == public[i] || version == private[i]) {
            *ret_is_private = version == private[i];
            return true;
        }
    }
    return false;
}

static bool read_key_bytes(const uint8_t *bytes, zc_extended_key *key)
{
    zc_pubkey point;
    if (!key->is_private) {
        memcpy(key->node.key, bytes, 33);
        return zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, zc_slice_of(bytes, 33), &point));
    }
    zc_signer signer = {0};
    zc_secret32 scalar;
    memcpy(scalar.byte, bytes + 1, 32);
    bool good = bytes[0] == 0 && zc_ok(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &scalar)) &&
                zc_ok(zc_pubkey_compress(&signer.pubkey, key->node.key));
    zc_signer_clear(&signer);
    return good;
}

static bool read_extended(zc_slice text, zc_extended_key *ret_key)
{
    static const uint8_t none[4] = {0};
    uint8_t bytes[ZC_BASE58CHECK_MAX];
    size_t len;
    if (!zc_ok(zc_base58check_read(text, bytes, sizeof bytes, &len)) || len != 78 ||
        !is_version(be32(bytes), &ret_key->is_private)) {
        return false;
    }
    ret_key->depth = bytes[4];
    memcpy(ret_key->parent, bytes + 5, 4);
    ret_key->number = be32(bytes + 9);
    memcpy(ret_key->node.chain_code, bytes + 13, 32);
    bool is_root_sound =
        ret_key->depth > 0 || (memcmp(ret_key->parent, none, 4) == 0 && ret_key->number == 0);
    return is_root_sound && read_key_bytes(bytes + 45, ret_key);
}

static bool same_node(const zc_bip32_public *a, const zc_bip32_public *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* `child` follows from `parent` where its number is not hardened. */
static void check_child(zc_report *report, const zc_extended_key *parent,
                        const zc_extended_key *child)
{
    uint8_t fingerprint[4];
    zc_bip32_public made;
    zc_bip32_fingerprint(parent->node.key, fingerprint);
    zc_report_bytes(report, "fingerprint of the parent", ZC_SLICE_OF_ARRAY(child->parent),
                    ZC_SLICE_OF_ARRAY(fingerprint));
    if (child->number < ZC_BIP32_HARDENED &&
        zc_report_ok(report, "derivation",
                     zc_bip32_derive_public(&parent->node, child->number, &made)) &&
        !same_node(&made, &child->node)) {
        zc_report_problem(report, "another key is derived");
    }
}

static void run_chains(zc_report *report, const json_t *test, size_t number)
{
    size_t i;
    json_t *item;
    zc_extended_key parent = {0};
    json_array_foreach(json_object_get(test, "chains"), i, item)
    {
        zc_extended_key public_key = {0};
        zc_extended_key private_key = {0};
        zc_report_begin(report, "%zu, %s", number, zc_case_name(item, "path", i));
        if (!read_extended(zc_slice_of_text(zc_field_text(item, "xpub")), &public_key) ||
            !read_extended(zc_slice_of_text(zc_field_text(item, "xprv")), &private_key)) {
            zc_report_problem(report, "not read");
        } else if (!same_node(&public_key.node, &private_key.node)) {
            zc_report_problem(report, "the private key is that of another public key");
        } else if (i > 0 && public_key.depth == parent.depth + 1) {
            check_child(report, &parent, &public_key);
        }
        parent = public_key;
        zc_report_end(report);
    }
    zc_report_begin(report, "%zu: from the seed", number);
    zc_report_skip(report, NO_PRIVATE);
}

void zc_run_bip32(zc_report *report, json_t *root)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(root, "valid"), i, item)
    {
        run_chains(report, item, i);
    }
    json_array_foreach(json_object_get(root, "invalid"), i, item)
    {
        zc_extended_key key;
        zc_report_begin(report, "invalid %s", zc_case_name(item, "why_invalid", i));
        if (read_extended(zc_slice_of_text(zc_field_text(item, "key")), &key)) {
            zc_report_problem(report, "taken");
        }
        zc_report_end(report);
    }
}

static uint32_t last_number(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ZC_BIP32_HARDENED;
    }
    char *end;
    unsigned long number = strtoul(slash + 1, &end, 10);
    return *end != '\0' ? ZC_BIP32_HARDENED : (uint32_t)number;
}

static void check_slip10(zc_report *report, const json_t *item, const json_t *parent)
{
    zc_bip32_public node;
    zc_bip32_public made;
    uint8_t wanted[33];
    uint32_t number = last_number(zc_field_text(item, "path"));
    zc_secret32 key;
    zc_signer signer = {0};
    zc_field_copy(report, item, "private", key.byte, 32);
    if (zc_report_ok(report, "key", zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key)) &&
        zc_ok(zc_pubkey_compress(&signer.pubkey, wanted))) {
        zc_report_bytes(report, "public", ZC_SLICE_OF_ARRAY(wanted),
                        zc_field_hex(report, item, "public"));
    }
    zc_signer_clear(&signer);
    if (parent == NULL || number >= ZC_BIP32_HARDENED) {
        return;
    }
    zc_field_copy(report, parent, "public", node.key, 33);
    zc_field_copy(report, parent, "chain_code", node.chain_code, 32);
    if (zc_report_ok(report, "derivation", zc_bip32_derive_public(&node, number, &made))) {
        zc_report_bytes(report, "derived", ZC_SLICE_OF_ARRAY(made.key), ZC_SLICE_OF_ARRAY(wanted));
        zc_report_bytes(report, "chain code", ZC_SLICE_OF_ARRAY(made.chain_code),
                        zc_field_hex(report, item, "chain_code"));
    }
}

void zc_run_slip10(zc_report *report, json_t *root)
{
    size_t i;
    size_t c;
    json_t *test;
    json_t *item;
    json_array_foreach(root, i, test)
    {
        const json_t *chains = json_object_get(test, "chains");
        if (strstr(zc_field_text(test, "title"), "secp256k1") == NULL) {
            zc_report_begin(report, "%s", zc_case_name(test, "title", i));
            zc_report_skip(report, NO_PRIVATE);
            continue;
        }
        json_array_foreach(chains, c, item)
        {
            zc_report_begin(report, "%zu, %s", i, zc_case_name(item, "path", c));
            check_slip10(report, item, c > 0 ? json_array_get(chains, c - 1) : NULL);
            zc_report_end(report);
        }
        zc_report_begin(report, "%s: private keys", zc_case_name(test, "title", i));
        zc_report_skip(report, NO_PRIVATE);
    }
}

/* What BIP-49, 84 and 86 list, line by line: an account's key, then for each path key and address.
 */
typedef struct zc_derivation {
    zc_report *report;
    size_t number;
    bool has_account;
    zc_extended_key account;
    bool has_path;
    uint32_t step[2];
    bool has_key;
    uint8_t key[33];
    uint8_t key_len;
} zc_derivation;

/* The last two numbers of "m/84'/0'/0'/1/0"; false for a shorter or hardened one. */
static bool path_steps(const char *path, uint32_t ret_step[2])
{
    unsigned a;
    unsigned b;
    if (sscanf(path, "m/%*u'/%*u'/%*u'/%u/%u", &a, &b) != 2) {
        return false;
    }
    ret_step[0] = a;
    ret_step[1] = b;
    return true;
}

static void take_key(zc_derivation *work, const char *value)
{
    size_t len;
    work->has_key = zc_ok(zc_hex_decode_some(zc_slice_of_text(value), work->key, 33, &len)) &&
                    (len == 32 || len == 33);
    work->key_len = (uint8_t)len;
}

static void check_text_address(zc_derivation *work, const char *address)
{
    zc_address script;
    zc_address own = {0};
    zc_pubkey key;
    uint64_t chain;
    zc_bip32_public node = work->account.node;
    zc_report_begin(work->report, "%zu (%s)", work->number++, address);
    if (!zc_bitcoin_address_script(address, &script, &chain)) {
        zc_report_problem(work->report, "the address is not read");
    }
    if (work->has_account && work->has_path) {
        (void)zc_report_ok(work->report, "derivation",
                           zc_bip32_derive_public(&node, work->step[0], &node));
        (void)zc_report_ok(work->report, "derivation",
                           zc_bip32_derive_public(&node, work->step[1], &node));
        zc_report_bytes(work->report, "key",
                        zc_slice_of(node.key + 33 - work->key_len, work->key_len),
                        zc_slice_of(work->key, work->key_len));
    } else {
        memcpy(node.key, work->key, 33);
    }
    zc_bitcoin_lock lock = script.len == 23   ? ZC_BITCOIN_P2SH_P2WPKH
                           : script.len == 22 ? ZC_BITCOIN_P2WPKH
                           : script.len == 34 ? ZC_BITCOIN_P2TR
                                              : ZC_BITCOIN_P2PKH;
    if (zc_report_ok(work->report, "key",
                     zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(node.key), &key)) &&
        zc_report_ok(work->report, "script", zc_bitcoin_script(&key, lock, &own))) {
        zc_report_bytes(work->report, "script", zc_address_slice(&own), zc_address_slice(&script));
    }
    zc_report_end(work->report);
}

static void take_line(zc_derivation *work, const char *name, char *value)
{
    value[strcspn(value, " \t(")] = '\0';
    if (strstr(name, "first") != NULL || strstr(name, "second") != NULL ||
        strstr(name, "Account") != NULL) {
        work->has_path = path_steps(value, work->step);
        work->has_key = false;
    } else if (strncmp(value + 1, "pub", 3) == 0 && !work->has_path) {
        work->has_account = read_extended(zc_slice_of_text(value), &work->account);
    } else if (strstr(name, "internal_key") != NULL || strncmp(name, "pubkey", 6) == 0 ||
               strstr(name, "PublicKeyHex") != NULL) {
        take_key(work, value);
    } else if (strncmp(name, "address", 7) == 0 && name[7] != 'B' && work->has_key &&
               strcmp(value, "base58check") != 0) {
        check_text_address(work, value);
    }
}

void zc_run_bip32_text(zc_report *report, const char *text)
{
    zc_derivation work = {.report = report};
    char line[512];
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, "\n");
        size_t kept = len < sizeof line ? len : sizeof line - 1;
        memcpy(line, at, kept);
        line[kept] = '\0';
        at += len + (at[len] == '\n');
        char *value = strstr(line, "= ");
        if (value == NULL) {
            continue;
        }
        value[0] = '\0';
        take_line(&work, line + strspn(line, " /"), value + 2);
    }
    if (work.number == 0) {
        zc_report_skip_file(report, "no address with its key");
    }
}
