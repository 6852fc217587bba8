/* What clients ask before they begin: does it live, is it sealed, who am I. */
#include <string.h>
#include <time.h>

#include "api/vault/vault.h"

/* An enclave that does not sign is a sealed Vault. */
void zc_vault_health(zc_api_call *api, zc_http_response *response)
{
    bool sealed = zc_gateway_unready(api->gateway) != NULL;
    zc_http_reply_json(response, sealed ? 503 : 200,
                       json_pack("{s:b, s:b, s:b, s:b, s:s, s:s, s:I, s:s, s:b, s:s}",
                                 "initialized", 1, "sealed", sealed ? 1 : 0, "standby", 0,
                                 "performance_standby", 0, "replication_performance_mode",
                                 "disabled", "replication_dr_mode", "disabled", "server_time_utc",
                                 (json_int_t)time(NULL), "version", ZC_VAULT_VERSION, "enterprise",
                                 0, "cluster_name", "zerocopy"));
}

void zc_vault_seal_status(zc_api_call *api, zc_http_response *response)
{
    bool sealed = zc_gateway_unready(api->gateway) != NULL;
    zc_http_reply_json(response, 200,
                       json_pack("{s:s, s:b, s:b, s:i, s:i, s:i, s:s, s:s, s:b, s:s, s:b, s:s}",
                                 "type", "shamir", "initialized", 1, "sealed", sealed ? 1 : 0, "t",
                                 1, "n", 1, "progress", 0, "nonce", "", "version", ZC_VAULT_VERSION,
                                 "migration", 0, "cluster_name", "zerocopy", "recovery_seal", 0,
                                 "storage_type", "zerocopy"));
}

/* The token itself is not repeated. */
void zc_vault_lookup_self(zc_vault_call *call)
{
    const char *name = call->api->identity->name;
    zc_vault_reply(
        call, json_pack("{s:s, s:s, s:s, s:n, s:i, s:s, s:i, s:b, s:s, s:[s], s:b, s:i, s:i, s:s, "
                        "s:{s:s}}",
                        "accessor", name, "display_name", name, "entity_id", "", "expire_time",
                        "explicit_max_ttl", 0, "id", "", "num_uses", 0, "orphan", 1, "path",
                        "auth/token/create", "policies", name, "renewable", 0, "ttl", 0,
                        "creation_ttl", 0, "type", "service", "meta", "principal", name));
}
