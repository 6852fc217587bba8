#include <stdio.h>

#include "commands.h"
#include "base/hex.h"
#include "base/secret.h"
#include "crypto/curve.h"
#include "payload.h"
#include "support/json.h"
#include "support/reasons.h"

#define LIST_PAGE 32

const zc_option zc_key_create_options[] = {
    {"curve", "CURVE", "secp256k1, p256 or ed25519"},
    {"tier", "TIER", "hot or cold (default: hot)"},
    {"nonce", "MODE", "hedged or deterministic (default: hedged)"},
    {NULL, NULL, NULL},
};

const zc_option zc_key_import_options[] = {
    {"curve", "CURVE", "secp256k1, p256 or ed25519"},
    {"private-key", "FILE", "32 bytes in hex; - is standard input"},
    {"tier", "TIER", "hot or cold (default: hot)"},
    {"nonce", "MODE", "hedged or deterministic (default: hedged)"},
    {NULL, NULL, NULL},
};

static const char *const tier_names[] = {
    [ZCP_HOT] = "hot", [ZCP_WARM] = "warm", [ZCP_COLD] = "cold"};
static const char *const nonce_names[] = {
    [ZCP_HEDGED] = "hedged", [ZCP_DETERMINISTIC] = "deterministic"};

/* The number of a name in a table that begins at 1; 0 when there is none. */
static int number_of(const char *name, const char *const *names, int count)
{
    for (int i = 1; i < count; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

typedef struct zc_key_choice {
    zcp_curve curve;
    zcp_tier tier;
    zcp_nonce nonce;
} zc_key_choice;

static int read_choice(const zc_invocation *invocation, zc_key_choice *ret_choice)
{
    const char *curve = zc_option_value(invocation, "curve");
    const char *tier = zc_option_value(invocation, "tier");
    const char *nonce = zc_option_value(invocation, "nonce");
    if (curve == NULL) {
        return zc_fail_usage(invocation, "cannot make a key", "--curve is missing");
    }
    int number = 0;
    for (int i = ZCP_SECP256K1; i <= ZCP_ED25519; i++) {
        number = strcmp(curve, zc_curve_name((zc_curve)i)) == 0 ? i : number;
    }
    ret_choice->curve = (zcp_curve)number;
    ret_choice->tier = (zcp_tier)number_of(tier != NULL ? tier : "hot", tier_names, 4);
    ret_choice->nonce = (zcp_nonce)number_of(nonce != NULL ? nonce : "hedged", nonce_names, 3);
    if (number == 0) {
        return zc_fail_usage(invocation, "cannot make a key",
                             "--curve is one of secp256k1, p256, ed25519");
    }
    if (ret_choice->tier == 0 || ret_choice->nonce == 0) {
        return zc_fail_usage(invocation, "cannot make a key",
                             "--tier is hot or cold, --nonce is hedged or deterministic");
    }
    return ZC_EXIT_DONE;
}

static json_t *key_json(const zcp_key *key)
{
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_text(out, "name", key->name) &&
        zc_json_set_text(out, "curve", zc_curve_name((zc_curve)key->curve)) &&
        zc_json_set_hex(out, "public_key", zc_slice_of(key->public_key, key->public_key_len)) &&
        (key->address[0] == '\0' || zc_json_set_text(out, "address", key->address)) &&
        zc_json_set_text(out, "tier", tier_names[key->tier]) &&
        zc_json_set_text(out, "nonce", nonce_names[key->nonce]) &&
        zc_json_set_text(out, "origin", key->imported ? "imported" : "generated") &&
        zc_json_set_text(out, "state", key->disabled ? "disabled" : "active") &&
        zc_json_set_text(out, "owner", key->owner) && zc_json_set_u64(out, "uses", key->uses) &&
        zc_json_set_u64(out, "created_ms", key->created_ms) &&
        zc_json_set_hex(out, "birth", zc_slice_of(key->birth, key->birth_len));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static int print_key(const zc_invocation *invocation, const zcp_key *key)
{
    if (invocation->json) {
        json_t *out = key_json(key);
        bool printed = out != NULL && zc_json_print(stdout, out);
        json_decref(out);
        return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    (void)printf("name        %s\ncurve       %s\n", key->name,
                 zc_curve_name((zc_curve)key->curve));
    (void)fputs("public key  ", stdout);
    for (size_t i = 0; i < key->public_key_len; i++) {
        (void)printf("%02x", key->public_key[i]);
    }
    (void)puts("");
    if (key->address[0] != '\0') {
        (void)printf("address     %s\n", key->address);
    }
    (void)printf("tier        %s, %s nonces\norigin      %s\nstate       %s\nowner       %s\nuses  "
                 "      %llu\n",
                 tier_names[key->tier], nonce_names[key->nonce],
                 key->imported ? "imported (somebody else may hold it too)" : "generated inside",
                 key->disabled ? "disabled" : "active", key->owner, (unsigned long long)key->uses);
    return ZC_EXIT_DONE;
}

static int finish(const zc_invocation *invocation, zcp_session *session, zcp_result result,
                  const zcp_key *key, const zcp_error *error)
{
    zcp_close(session);
    return result == ZCP_OK ? print_key(invocation, key) : zc_fail_client(invocation, error);
}

int zc_run_key_create(zc_invocation *invocation)
{
    zc_key_choice choice = {0};
    zcp_session *session = NULL;
    int code = read_choice(invocation, &choice);
    code = code == ZC_EXIT_DONE ? zc_session_open(invocation, &session) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_key key;
    zcp_error error;
    zcp_result made = zcp_key_create(session, invocation->argument[0], choice.curve, choice.tier,
                                     choice.nonce, &key, &error);
    return finish(invocation, session, made, &key, &error);
}

/* The private key, from a file that only its owner can read, or from standard input. */
static int read_private_key(const zc_invocation *invocation, zc_secret32 *ret_key)
{
    const char *path = zc_option_value(invocation, "private-key");
    if (path == NULL) {
        return zc_fail_usage(invocation, "cannot import", "--private-key is missing");
    }
    ZC_BYTES zc_bytes text = {0};
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, 256, &text, &error))) {
        return zc_fail_with(invocation, &error);
    }
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r' ||
                            text.data[text.len - 1] == ' ')) {
        text.len--;
    }
    if (!zc_ok(zc_hex_decode(zc_bytes_slice(&text), ret_key->byte, sizeof ret_key->byte))) {
        zc_result set = zc_error_set(&error, ZC_SUPPORT_BAD_ARGUMENT, "cannot import",
                                     "the file does not hold 32 bytes in hexadecimal",
                                     "write the private key as 64 digits");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return ZC_EXIT_DONE;
}

int zc_run_key_import(zc_invocation *invocation)
{
    zc_key_choice choice = {0};
    zcp_session *session = NULL;
    ZC_SECRET zc_secret32 private_key = {0};
    int code = read_choice(invocation, &choice);
    code = code == ZC_EXIT_DONE ? read_private_key(invocation, &private_key) : code;
    code = code == ZC_EXIT_DONE ? zc_session_open(invocation, &session) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_key key;
    zcp_error error;
    zcp_result imported = zcp_key_import(session, invocation->argument[0], choice.curve,
                                         choice.tier, choice.nonce, private_key.byte, &key, &error);
    return finish(invocation, session, imported, &key, &error);
}

static int with_name(zc_invocation *invocation,
                     zcp_result (*ask)(zcp_session *, const char *, zcp_key *, zcp_error *))
{
    zcp_session *session = NULL;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_key key;
    zcp_error error;
    zcp_result asked = ask(session, invocation->argument[0], &key, &error);
    return finish(invocation, session, asked, &key, &error);
}

int zc_run_key_show(zc_invocation *invocation)
{
    return with_name(invocation, zcp_key_show);
}

int zc_run_key_disable(zc_invocation *invocation)
{
    return with_name(invocation, zcp_key_disable);
}

static void print_line(const zc_invocation *invocation, const zcp_key *key)
{
    if (invocation->json) {
        json_t *out = key_json(key);
        if (out != NULL) {
            (void)zc_json_print(stdout, out);
        }
        json_decref(out);
        return;
    }
    (void)printf("%-24s %-10s %-5s %-9s %-9s %8llu  %s\n", key->name,
                 zc_curve_name((zc_curve)key->curve), tier_names[key->tier],
                 key->imported ? "imported" : "generated", key->disabled ? "disabled" : "active",
                 (unsigned long long)key->uses, key->address);
}

int zc_run_key_list(zc_invocation *invocation)
{
    zcp_session *session = NULL;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (!invocation->json) {
        (void)printf("%-24s %-10s %-5s %-9s %-9s %8s  %s\n", "name", "curve", "tier", "origin",
                     "state", "uses", "address");
    }
    static zcp_key page[LIST_PAGE];
    uint64_t from = 0;
    uint64_t total = 1;
    zcp_error error;
    while (code == ZC_EXIT_DONE && from < total) {
        size_t count;
        if (zcp_key_list(session, from, page, LIST_PAGE, &count, &total, &error) != ZCP_OK) {
            code = zc_fail_client(invocation, &error);
            break;
        }
        for (size_t i = 0; i < count; i++) {
            print_line(invocation, &page[i]);
        }
        from += count;
        if (count == 0) {
            break;
        }
    }
    zcp_close(session);
    return code;
}
