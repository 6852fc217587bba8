/* AWS KMS's JSON 1.1 protocol: authentication, then a table of operations. */
#include "api/kms/kms.h"

#include <stdlib.h>
#include <time.h>

#include "api/translators.h"
#include "base/secret.h"
#include "support/reasons.h"

#define TARGET "TrentService."
#define REPLAY_BITS 20
/* A signature is remembered that much longer than it is accepted: threads read the clock one after
 * the other. */
#define REPLAY_SPARE_SECONDS 5
#define SERVICE "kms"

typedef struct kms_operation {
    const char *name;
    const char *members; /* that it knows, each between spaces; another one would mean something */
    void (*run)(zc_kms_call *call);
} kms_operation;

static const kms_operation operations[] = {
    {"Sign", " KeyId Message MessageType SigningAlgorithm GrantTokens DryRun ", zc_kms_sign},
    {"Verify", " KeyId Message MessageType Signature SigningAlgorithm GrantTokens DryRun ",
     zc_kms_verify},
    {"GetPublicKey", " KeyId GrantTokens ", zc_kms_get_public_key},
    {"DescribeKey", " KeyId GrantTokens ", zc_kms_describe_key},
    {"ListKeys", " Limit Marker ", zc_kms_list_keys},
    {"ListAliases", " KeyId Limit Marker ", zc_kms_list_aliases},
    {"CreateKey",
     " Policy Description KeyUsage CustomerMasterKeySpec KeySpec Origin CustomKeyStoreId "
     "BypassPolicyLockoutSafetyCheck Tags MultiRegion XksKeyId ",
     zc_kms_create_key},
    {"CreateAlias", " AliasName TargetKeyId ", zc_kms_create_alias},
    {"EnableKey", " KeyId ", zc_kms_enable_key},
    {"DisableKey", " KeyId ", zc_kms_disable_key},
    {"ScheduleKeyDeletion", " KeyId PendingWindowInDays ", zc_kms_schedule_deletion},
    {"TagResource", " KeyId Tags ", zc_kms_tag},
    {"ListResourceTags", " KeyId Limit Marker ", zc_kms_list_tags},
};

static const kms_operation *find(const zc_http_request *request)
{
    const char *target = zc_http_header_value(request, "x-amz-target");
    if (target == NULL || strncmp(target, TARGET, strlen(TARGET)) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (strcmp(operations[i].name, target + strlen(TARGET)) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}

static bool knows(const kms_operation *operation, json_t *body)
{
    const char *key;
    json_t *value;
    json_object_foreach(body, key, value)
    {
        bool whole = false;
        size_t len = strlen(key);
        for (const char *at = strstr(operation->members, key); at != NULL && len > 0 && !whole;
             at = strstr(at + 1, key)) {
            whole = at > operation->members && at[-1] == ' ' && at[len] == ' ' &&
                    strchr(key, ' ') == NULL;
        }
        if (!whole) {
            return false;
        }
    }
    return true;
}

static void refuse_signature(zc_http_response *response, zc_sigv4_fault fault, const char *why)
{
    const char *type = fault == ZC_SIGV4_MISSING  ? "MissingAuthenticationTokenException"
                       : fault == ZC_SIGV4_SKEWED ? "InvalidSignatureException"
                                                  : "IncompleteSignatureException";
    zc_kms_fail(response, type, why);
}

/* Whether the holder of an access key asked for exactly this, and for the first time. */
static bool authenticate(zc_kms *kms, zc_api_call *call, zc_http_response *response,
                         char ret_region[static 32])
{
    zc_sigv4 sigv4;
    zc_identity identity = {0};
    char secret[ZC_SIGV4_SECRET_MAX + 1] = {0};
    zc_hmac_key key;
    const char *why = "";
    int64_t now = (int64_t)time(NULL);
    zc_sigv4_fault fault = zc_sigv4_read(call->http, SERVICE, now, &sigv4, &why);
    if (fault != ZC_SIGV4_OK) {
        refuse_signature(response, fault, why);
        return false;
    }
    bool known = zc_api_access_key(call, sigv4.access_key, &identity, secret);
    if (known) {
        zc_signing_keys_get(kms->signing_keys, &sigv4, secret, &key);
    } else {
        zc_sigv4_signing_key(&sigv4, SERVICE, secret, &key);
    }
    bool holds = zc_sigv4_holds(&sigv4, call->http, SERVICE, &key);
    zc_wipe(secret, sizeof secret);
    zc_hmac_sha256_key_clear(&key);
    if (!known || !holds) {
        zc_kms_fail(response, known ? "InvalidSignatureException" : "UnrecognizedClientException",
                    known ? "The request signature we calculated does not match the signature you "
                            "provided."
                          : "The security token included in the request is invalid.");
        return false;
    }
    zc_replay_answer replay =
        zc_replay_check(kms->replay, sigv4.signature, now,
                        sigv4.seconds + ZC_SIGV4_SKEW_SECONDS + REPLAY_SPARE_SECONDS);
    if (replay != ZC_REPLAY_NEW) {
        zc_kms_fail(response,
                    replay == ZC_REPLAY_SEEN ? "InvalidSignatureException" : "ThrottlingException",
                    replay == ZC_REPLAY_SEEN ? "This signed request was received before"
                                             : "Too many requests: ask again later");
        return false;
    }
    zc_api_identify(call, &identity);
    memcpy(ret_region, sigv4.region, sizeof sigv4.region);
    return true;
}

static void run(zc_kms_call *call, const kms_operation *operation)
{
    char why[96];
    json_t *body = zc_http_json(call->api->http->body, why);
    if (!json_is_object(body)) {
        zc_kms_fail(call->response, "SerializationException",
                    body == NULL ? why : "the body is no JSON object");
    } else if (!knows(operation, body)) {
        zc_kms_fail(call->response, "ValidationException",
                    "the request has a member that this service does not know");
    } else {
        call->body = body;
        call->api->operation = operation->name;
        operation->run(call);
    }
    json_decref(body);
}

static void handle(void *state, zc_api_call *call, zc_http_response *response)
{
    zc_kms_call request = {.kms = state, .api = call, .response = response};
    if (strcmp(call->http->path, "/") != 0 || strcmp(call->http->method, "POST") != 0) {
        zc_kms_fail(response, "UnknownOperationException", "KMS takes POST / alone");
        response->status = 404;
        return;
    }
    if (!authenticate(request.kms, call, response, request.region)) {
        return;
    }
    const kms_operation *operation = find(call->http);
    if (operation == NULL) {
        zc_kms_fail(response, "UnknownOperationException",
                    "this service does not have the operation of x-amz-target");
        return;
    }
    run(&request, operation);
}

static void stop(void *state)
{
    zc_kms *kms = state;
    zc_kms_store_close(kms->store);
    zc_replay_free(kms->replay);
    zc_signing_keys_free(kms->signing_keys);
    free(kms);
}

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    zc_kms *kms = calloc(1, sizeof *kms);
    zc_replay *replay = zc_replay_new(REPLAY_BITS);
    zc_signing_keys *signing_keys = zc_signing_keys_new(SERVICE);
    if (kms == NULL || replay == NULL || signing_keys == NULL) {
        zc_replay_free(replay);
        zc_signing_keys_free(signing_keys);
        free(kms);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve KMS",
                            "the machine gave no memory", "free some memory and try again");
    }
    kms->replay = replay;
    kms->signing_keys = signing_keys;
    kms->dir = zc_gateway_dir(gateway);
    zc_result opened = zc_kms_store_open(kms->dir, &kms->store, error);
    if (!zc_ok(opened)) {
        stop(kms);
        return opened;
    }
    *ret_state = kms;
    return ZC_OK;
}

const zc_translator zc_translator_kms = {
    .name = "kms",
    .listen = "127.0.0.1:8580",
    .identifies = true,
    .needs_access_key = true,
    .body_max = (size_t)64 << 10,
    .start = start,
    .handle = handle,
    .stop = stop,
};
