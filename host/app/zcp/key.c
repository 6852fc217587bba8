#include <stdio.h>

#include "commands.h"
#include "crypto/kind.h"
#include "key_secret.h"
#include "support/json.h"

#define LIST_PAGE 32

const zc_option zc_key_create_options[] = {
    {"curve", "CURVE", "secp256k1, p256 or ed25519"},
    {"kind", "KIND", "the same as --curve"},
    {"tier", "TIER", "hot or cold (default: hot)"},
    {"nonce", "MODE", "hedged or deterministic (default: hedged)"},
    {"api-key", "TEXT", "the key's name at its trading venue: it then signs orders alone"},
    {"venue", "NAME", "the only venue that the key signs for: it then signs orders alone"},
    {NULL, NULL, NULL},
};

const zc_option zc_key_import_options[] = {
    {"curve", "CURVE", "secp256k1, p256 or ed25519"},
    {"kind", "KIND", "instead: hmac-sha256, hmac-sha384, hmac-sha512 or rsa, or a curve"},
    {"private-key", "FILE", "hex, base64 or PEM; an API secret; - is standard input"},
    {"secret-encoding", "ENCODING",
     "of an API secret: text (default; Kraken: base64), base64, hex"},
    {"api-key", "TEXT", "the key's name at its trading venue: it then signs orders alone"},
    {"passphrase-file", "FILE", "the passphrase that OKX, KuCoin and Bitget give with a key"},
    {"venue", "NAME", "the only venue that the key signs for: it then signs orders alone"},
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

static int read_kind(const zc_invocation *invocation, bool imports, zcp_curve *ret_kind)
{
    const char *curve = zc_option_value(invocation, "curve");
    const char *kind = zc_option_value(invocation, "kind");
    if ((curve == NULL) == (kind == NULL)) {
        return zc_fail_usage(invocation, "cannot make a key",
                             curve == NULL ? "--curve is missing"
                                           : "give one of --curve and --kind");
    }
    const char *wanted = curve != NULL ? curve : kind;
    for (int i = ZCP_SECP256K1; i <= ZCP_RSA; i++) {
        bool fits = kind != NULL || zc_key_kind_has_curve((zc_key_kind)i);
        if (fits && strcmp(wanted, zc_key_kind_name((zc_key_kind)i)) == 0) {
            *ret_kind = (zcp_curve)i;
            return imports || zc_key_kind_has_curve((zc_key_kind)i)
                       ? ZC_EXIT_DONE
                       : zc_fail_usage(invocation, "cannot make a key",
                                       "the venue makes keys of this kind: import it");
        }
    }
    return zc_fail_usage(invocation, "cannot make a key",
                         kind != NULL ? "--kind is one of secp256k1, p256, ed25519, hmac-sha256, "
                                        "hmac-sha384, hmac-sha512, rsa"
                                      : "--curve is one of secp256k1, p256, ed25519");
}

static int read_choice(const zc_invocation *invocation, bool imports, zcp_key_wanted *ret_wanted)
{
    const char *tier = zc_option_value(invocation, "tier");
    const char *nonce = zc_option_value(invocation, "nonce");
    ret_wanted->name = invocation->argument[0];
    ret_wanted->tier = (zcp_tier)number_of(tier != NULL ? tier : "hot", tier_names, 4);
    ret_wanted->nonce = (zcp_nonce)number_of(nonce != NULL ? nonce : "hedged", nonce_names, 3);
    ret_wanted->api_key = zc_option_value(invocation, "api-key");
    ret_wanted->venue = zc_option_value(invocation, "venue");
    int code = read_kind(invocation, imports, &ret_wanted->curve);
    if (code == ZC_EXIT_DONE && (ret_wanted->tier == 0 || ret_wanted->nonce == 0)) {
        return zc_fail_usage(invocation, "cannot make a key",
                             "--tier is hot or cold, --nonce is hedged or deterministic");
    }
    return code;
}

static const char *kind_of(const zcp_key *key)
{
    const char *name = zc_key_kind_name((zc_key_kind)key->curve);
    return name != NULL ? name : "unknown";
}

static json_t *key_json(const zcp_key *key)
{
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_text(out, "name", key->name) &&
        zc_json_set_text(out, "curve", kind_of(key)) &&
        zc_json_set_text(out, "kind", kind_of(key)) &&
        zc_json_set_hex(out, "public_key", zc_slice_of(key->public_key, key->public_key_len)) &&
        (key->address[0] == '\0' || zc_json_set_text(out, "address", key->address)) &&
        (key->api_key[0] == '\0' || zc_json_set_text(out, "api_key", key->api_key)) &&
        (key->venue[0] == '\0' || zc_json_set_text(out, "venue", key->venue)) &&
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
    (void)printf("name        %s\nkind        %s\n", key->name, kind_of(key));
    (void)fputs("public key  ", stdout);
    for (size_t i = 0; i < key->public_key_len; i++) {
        (void)printf("%02x", key->public_key[i]);
    }
    (void)puts("");
    if (key->address[0] != '\0') {
        (void)printf("address     %s\n", key->address);
    }
    if (key->api_key[0] != '\0') {
        (void)printf("api key     %s\n", key->api_key);
    }
    if (key->venue[0] != '\0') {
        (void)printf("venue       %s\n", key->venue);
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
    zcp_key_wanted wanted = {0};
    zcp_session *session = NULL;
    int code = read_choice(invocation, false, &wanted);
    code = code == ZC_EXIT_DONE ? zc_session_open(invocation, &session) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_key key;
    zcp_error error;
    zcp_result made = zcp_key_create_wanted(session, &wanted, &key, &error);
    return finish(invocation, session, made, &key, &error);
}

int zc_run_key_import(zc_invocation *invocation)
{
    zcp_key_wanted wanted = {0};
    zcp_session *session = NULL;
    ZC_BYTES zc_bytes secret = {0};
    ZC_BYTES zc_bytes passphrase = {0};
    int code = read_choice(invocation, true, &wanted);
    const zc_key_kind kind = (zc_key_kind)wanted.curve;
    code = code == ZC_EXIT_DONE ? zc_key_secret_read(invocation, kind, &secret) : code;
    code = code == ZC_EXIT_DONE ? zc_key_passphrase_read(invocation, &passphrase) : code;
    code = code == ZC_EXIT_DONE ? zc_session_open(invocation, &session) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    const zcp_key_secret given = {.secret = secret.data,
                                  .secret_len = secret.len,
                                  .passphrase = passphrase.data,
                                  .passphrase_len = passphrase.len};
    zcp_key key;
    zcp_error error;
    zcp_result imported = zcp_key_import_wanted(session, &wanted, &given, &key, &error);
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
    (void)printf("%-24s %-11s %-5s %-9s %-9s %8llu  %s\n", key->name, kind_of(key),
                 tier_names[key->tier], key->imported ? "imported" : "generated",
                 key->disabled ? "disabled" : "active", (unsigned long long)key->uses,
                 key->api_key[0] != '\0' ? key->api_key : key->address);
}

int zc_run_key_list(zc_invocation *invocation)
{
    zcp_session *session = NULL;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (!invocation->json) {
        (void)printf("%-24s %-11s %-5s %-9s %-9s %8s  %s\n", "name", "kind", "tier", "origin",
                     "state", "uses", "address or API key");
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
