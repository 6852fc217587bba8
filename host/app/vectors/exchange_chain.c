#include "exchange_chain.h"

#include <string.h>

#include "fields.h"

static bool is_hyperliquid(const json_t *cases)
{
    const json_t *first = json_array_get(cases, 0);
    return (zc_field_has(first, "action") &&
            (zc_field_has(first, "connection_id") || zc_field_has(first, "signature"))) ||
           (zc_field_has(first, "primary_type") && zc_field_has(first, "message"));
}

bool zc_vectors_exchange_chain(zc_report *report, json_t *root)
{
    bool found = false;
    const char *key;
    json_t *member;
    if (zc_field_has(root, "api_key") &&
        (zc_field_has(root, "es256_secret_pem") ||
         zc_field_has(root, "ed25519_secret_base64_64B") ||
         zc_field_has(root, "ed25519_pkcs8_pem") || zc_field_has(root, "ed25519_seed_base64"))) {
        zc_run_coinbase_keys(report, root);
        return true;
    }
    if (is_hyperliquid(root)) {
        zc_run_hyperliquid(report, root);
        return true;
    }
    json_object_foreach(root, key, member)
    {
        if (is_hyperliquid(member)) {
            zc_run_hyperliquid(report, member);
            found = true;
        }
    }
    return found;
}
