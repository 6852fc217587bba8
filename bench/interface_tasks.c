/* What programs speak already: AWS KMS over HTTP, beside a bare answer of the same server, and
 * PKCS #11 beside libzcp. Closed loops of one kept-alive connection, or one session. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sched.h>

#include "bench.h"
#include "cryptoki.h"
#include "gateway.h"
#include "kms_request.h"
#include "requests.h"

#define KEY "desk-p256"

/* Asleep between requests, all on one processor; or core on one of its own, looking for work. */
enum { ASLEEP, APART, WAYS };

static zc_bench_gateway gateway[WAYS];
static bool has_gateway[WAYS];
static char request[4096];
static size_t request_len;
static uint64_t turn;

/* Folders may be asked for twice; then the key is there. */
static bool make_key(zc_bench_folder folder)
{
    zcp_session *session;
    zcp_key key;
    zcp_error error;
    if (zc_deployment_open(folder, &session) != NULL) {
        return false;
    }
    bool made = zcp_key_show(session, KEY, &key, &error) == ZCP_OK ||
                zcp_key_create(session, KEY, ZCP_P256, ZCP_HOT, ZCP_HEDGED, &key, &error) == ZCP_OK;
    zcp_close(session);
    return made;
}

static zc_bench_folder folder_of(const zc_bench_task *task)
{
    return task->variant == APART ? ZC_FOLDER_SPIN : ZC_FOLDER_BLOCK;
}

/* This process, and the gateway that it starts, beside core's processor. */
static const char *stand_apart(void)
{
    int core, others;
    cpu_set_t own;
    if (!zc_bench_processors(&core, &others)) {
        return "there is one processor: core and gateway can't have one each";
    }
    CPU_ZERO(&own);
    CPU_SET((size_t)others, &own);
    return sched_setaffinity(0, sizeof own, &own) == 0 ? NULL
                                                       : "the process may not choose its processor";
}

static const char *open_deployment(zc_bench_folder folder)
{
    const char *why = zc_deployment_start(folder);
    return why != NULL ? why : make_key(folder) ? NULL : "the deployment makes no key";
}

static const char *open_gateway(const zc_bench_task *task)
{
    zc_bench_folder folder = folder_of(task);
    if (has_gateway[task->variant]) {
        return NULL;
    }
    const char *why = task->variant == APART ? stand_apart() : NULL;
    why = why == NULL ? open_deployment(folder) : why;
    why = why == NULL
              ? zc_bench_gateway_start(folder, task->variant == APART, &gateway[task->variant])
              : why;
    has_gateway[task->variant] = why == NULL;
    return why;
}

static bool prepare_hello(const zc_bench_task *task)
{
    (void)task;
    int len = snprintf(request, sizeof request, "GET /upcheck HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    request_len = (size_t)len;
    return true;
}

static bool run_hello(const zc_bench_task *task)
{
    return zc_bench_gateway_ask(gateway[task->variant].hello_fd, request, request_len) == 200 ||
           zc_bench_fail("the gateway does not say hello");
}

static bool prepare_kms(const zc_bench_task *task)
{
    uint8_t message[ZC_BENCH_MESSAGE_MAX];
    const zc_kms_client client = {.port = gateway[task->variant].kms_port,
                                  .key = KEY,
                                  .access_key = ZC_BENCH_ACCESS_KEY,
                                  .secret = ZC_BENCH_SECRET};
    size_t len = zc_bench_message(turn++, message);
    request_len = zc_kms_sign_request(&client, zc_slice_of(message, len), request, sizeof request);
    return request_len > 0;
}

static bool run_kms(const zc_bench_task *task)
{
    return zc_bench_gateway_ask(gateway[task->variant].kms_fd, request, request_len) == 200 ||
           zc_bench_fail("the gateway does not sign");
}

static zc_cryptoki module;
static ck_ulong p11_session, p11_key;
static uint8_t message[ZC_BENCH_MESSAGE_MAX];
static size_t message_len;

static bool find_key(void)
{
    char label[] = KEY;
    ck_ulong private_class = CKO_PRIVATE_KEY;
    ck_ulong found = 0;
    ck_attribute wanted[] = {{CKA_CLASS, &private_class, sizeof private_class},
                             {CKA_LABEL, label, sizeof label - 1}};
    return module.find_init(p11_session, wanted, 2) == 0 &&
           module.find(p11_session, &p11_key, 1, &found) == 0 && found == 1 &&
           module.find_final(p11_session) == 0;
}

static bool open_module(const char *library)
{
    unsigned char pin[] = "admin";
    ck_ulong slots[8], count = 8;
    return zc_cryptoki_load(library, &module) && module.initialize(NULL) == 0 &&
           module.get_slots(1, slots, &count) == 0 && count > 0 &&
           module.open_session(slots[0], CKF_SERIAL_SESSION, NULL, NULL, &p11_session) == 0 &&
           module.login(p11_session, CKU_USER, pin, sizeof pin - 1) == 0 && find_key();
}

static const char *open_pkcs11(const zc_bench_task *task)
{
    char library[ZC_BENCH_PATH_SIZE];
    const char *why = open_deployment(folder_of(task));
    if (why != NULL) {
        return why;
    }
    return zc_bench_beside("libzcp-pkcs11.so", library) &&
                   setenv("ZCP_DIR", zc_bench_place(folder_of(task)), 1) == 0 &&
                   open_module(library)
               ? NULL
               : "libzcp-pkcs11.so does not work beside zcp-bench";
}

static bool prepare_pkcs11(const zc_bench_task *task)
{
    (void)task;
    message_len = zc_bench_message(turn++, message);
    return true;
}

static bool run_pkcs11(const zc_bench_task *task)
{
    unsigned char signature[64];
    ck_ulong len = sizeof signature;
    ck_mechanism mechanism = {.mechanism = CKM_ECDSA_SHA256};
    (void)task;
    return (module.sign_init(p11_session, &mechanism, p11_key) == 0 &&
            module.sign(p11_session, message, message_len, signature, &len) == 0 && len == 64) ||
           zc_bench_fail("libzcp-pkcs11.so does not sign");
}

const zc_bench_task zc_interface_tasks[ZC_INTERFACE_TASKS] = {
    {.name = "http.hello",
     .side = ZC_SIDE_INTERFACE,
     .open = open_gateway,
     .prepare = prepare_hello,
     .run = run_hello,
     .variant = ASLEEP,
     .note = "an answer of two bytes by the gateway's HTTP server, counted and logged"},
    {.name = "http.kms-sign",
     .side = ZC_SIDE_INTERFACE,
     .open = open_gateway,
     .prepare = prepare_kms,
     .run = run_kms,
     .variant = ASLEEP,
     .note = "AWS KMS's Sign by the same gateway, everything on one processor"},
    {.name = "pkcs11.p256",
     .side = ZC_SIDE_INTERFACE,
     .open = open_pkcs11,
     .prepare = prepare_pkcs11,
     .run = run_pkcs11,
     .variant = ASLEEP,
     .note = "C_SignInit and C_Sign of libzcp-pkcs11.so"},
    {.name = "http.hello.apart",
     .side = ZC_SIDE_SPIN,
     .open = open_gateway,
     .prepare = prepare_hello,
     .run = run_hello,
     .variant = APART,
     .note = "client and gateway beside core's processor"},
    {.name = "http.kms-sign.apart",
     .side = ZC_SIDE_SPIN,
     .open = open_gateway,
     .prepare = prepare_kms,
     .run = run_kms,
     .variant = APART,
     .note = "the same, through shared memory to a core that looks for work"},
};
