#include <stdio.h>
#include <stdlib.h>

#include "fake.h"

void fake_begin(zc_gateway *gateway, const zc_translator *translator, const char *dir)
{
    zc_error error = {0};
    fake = (fake_zcp){0};
    memset(gateway, 0, sizeof *gateway);
    gateway->options.dir = dir;
    bool made = zc_session_pool_init(&gateway->sessions, &(zc_session_place){.dir = dir}) &&
                zc_metrics_init(&gateway->metrics) &&
                pthread_rwlock_init(&gateway->identities_lock, NULL) == 0 &&
                pthread_mutex_init(&gateway->health_lock, NULL) == 0 &&
                zc_ok(zc_identities_load(NULL, &gateway->identities, &error));
    zc_listener *listener = &gateway->listener[0];
    gateway->listeners = 1;
    listener->gateway = gateway;
    listener->translator = translator;
    listener->metrics = zc_metrics_add(&gateway->metrics, translator->name);
    made = made && (translator->start == NULL ||
                    zc_ok(translator->start(gateway, &listener->state, &error)));
    zc_log_set(ZC_LOG_NONE);
    if (!made) {
        (void)fprintf(stderr, "the fake gateway does not start: %s\n", error.why);
        abort();
    }
}

void fake_end(zc_gateway *gateway)
{
    zc_listener *listener = &gateway->listener[0];
    if (listener->translator->stop != NULL) {
        listener->translator->stop(listener->state);
    }
    zc_identities_free(gateway->identities);
    zc_session_pool_clear(&gateway->sessions);
}

void fake_call(zc_gateway *gateway, zc_api_call *call, const zc_http_request *request)
{
    static const zc_identity desk = {.name = "desk", .credential = "admin"};
    *call = (zc_api_call){0};
    zc_call_begin(call, &gateway->listener[0], request);
    zc_api_identify(call, &desk);
}

static unsigned finish(zc_gateway *gateway, zc_api_call *call, zc_http_response *response,
                       json_t **ret_answer)
{
    unsigned status = response->status;
    zc_call_end(call, &gateway->listener[0], status);
    *ret_answer = json_loadb((const char *)response->body.data, response->body.len, 0, NULL);
    zc_http_response_clear(response);
    return status;
}

unsigned fake_ask(zc_gateway *gateway, const zc_http_request *request, json_t **ret_answer)
{
    zc_api_call call;
    zc_http_response response = {0};
    zc_listener *listener = &gateway->listener[0];
    fake_call(gateway, &call, request);
    listener->translator->handle(listener->state, &call, &response);
    return finish(gateway, &call, &response, ret_answer);
}

unsigned fake_kms(zc_gateway *gateway, void (*operation)(zc_kms_call *call), const json_t *body,
                  json_t **ret_answer)
{
    static const zc_http_request http = {.method = "POST", .path = "/", .query = ""};
    zc_api_call api;
    zc_http_response response = {0};
    fake_call(gateway, &api, &http);
    zc_kms_call call = {.kms = gateway->listener[0].state,
                        .api = &api,
                        .region = "eu-west-1",
                        .body = body,
                        .response = &response};
    operation(&call);
    return finish(gateway, &api, &response, ret_answer);
}
