/* SoftHSM in process, for comparison, where it is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "bench.h"
#include "cryptoki.h"
#include "place.h"
#include "softhsm.h"

static zc_cryptoki hsm;
static ck_ulong session, private_key;
static unsigned char digest[32];
static uint64_t turn;

static bool write_configuration(const char *folder)
{
    char path[ZC_BENCH_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s.conf", folder);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return false;
    }
    bool written = fprintf(file,
                           "directories.tokendir = %s\nobjectstore.backend = file\n"
                           "log.level = ERROR\n",
                           folder) > 0;
    return fclose(file) == 0 && written && setenv("SOFTHSM2_CONF", path, 1) == 0;
}

static bool make_token(void)
{
    unsigned char pin[] = "12345678";
    unsigned char label[32];
    ck_ulong slots[8], count = 8;
    memset(label, ' ', sizeof label);
    return hsm.initialize(NULL) == 0 && hsm.get_slots(1, slots, &count) == 0 && count > 0 &&
           hsm.init_token(slots[0], pin, 8, label) == 0 && (count = 8) == 8 &&
           hsm.get_slots(1, slots, &count) == 0 &&
           hsm.open_session(slots[0], CKF_RW_SERIAL_SESSION, NULL, NULL, &session) == 0 &&
           hsm.login(session, CKU_SO, pin, 8) == 0 && hsm.init_pin(session, pin, 8) == 0 &&
           hsm.logout(session) == 0 && hsm.login(session, CKU_USER, pin, 8) == 0;
}

/* A token that was made before. */
static bool use_token(void)
{
    unsigned char pin[] = "12345678";
    ck_ulong slots[8], count = 8;
    return hsm.initialize(NULL) == 0 && hsm.get_slots(1, slots, &count) == 0 && count > 0 &&
           hsm.open_session(slots[0], CKF_RW_SERIAL_SESSION, NULL, NULL, &session) == 0 &&
           hsm.login(session, CKU_USER, pin, 8) == 0;
}

static bool make_key(void)
{
    unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    unsigned char yes = 1, no = 0;
    ck_mechanism mechanism = {.mechanism = CKM_EC_KEY_PAIR_GEN};
    ck_attribute public_template[] = {{CKA_EC_PARAMS, p256, sizeof p256}, {CKA_TOKEN, &no, 1}};
    ck_attribute private_template[] = {{CKA_SIGN, &yes, 1}, {CKA_TOKEN, &no, 1}};
    ck_ulong public_key;
    return hsm.generate(session, &mechanism, public_template, 2, private_template, 2, &public_key,
                        &private_key) == 0;
}

bool zc_softhsm_prepare(const zc_bench_task *task)
{
    (void)task;
    turn++;
    memcpy(digest, &turn, sizeof turn);
    return true;
}

bool zc_softhsm_run(const zc_bench_task *task)
{
    (void)task;
    unsigned char signature[64];
    ck_ulong len = sizeof signature;
    ck_mechanism mechanism = {.mechanism = CKM_ECDSA};
    return hsm.sign_init(session, &mechanism, private_key) == 0 &&
           hsm.sign(session, digest, sizeof digest, signature, &len) == 0 && len == 64;
}

const char *zc_softhsm_library(void)
{
    static const char *const paths[] = {"/usr/lib/softhsm/libsofthsm2.so",
                                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"};
    for (size_t i = 0; i < 2; i++) {
        if (access(paths[i], R_OK) == 0) {
            return paths[i];
        }
    }
    return NULL;
}

bool zc_softhsm_configure(void)
{
    const char *folder = zc_bench_place(ZC_FOLDER_HSM);
    return folder != NULL && write_configuration(folder);
}

bool zc_softhsm_open(const char *path, bool has_token)
{
    return zc_cryptoki_load(path, &hsm) && (has_token ? use_token() : make_token()) && make_key() &&
           zc_softhsm_prepare(NULL) && zc_softhsm_run(NULL);
}

static const char *open(const zc_bench_task *task)
{
    (void)task;
    const char *library = zc_softhsm_library();
    if (library == NULL) {
        return "SoftHSM is not installed (package libsofthsm2)";
    }
    if (!zc_softhsm_configure()) {
        return "there is no temporary folder";
    }
    return zc_softhsm_open(library, false) ? NULL : "SoftHSM does not sign";
}

const zc_bench_task zc_softhsm_tasks[1] = {
    {.name = "softhsm2.p256",
     .side = ZC_SIDE_HSM,
     .open = open,
     .prepare = zc_softhsm_prepare,
     .run = zc_softhsm_run},
};
