/* The few types and functions of PKCS #11 v2.40 that measuring a module needs; the module is
 * loaded, never linked. */
#ifndef ZC_BENCH_CRYPTOKI_H
#define ZC_BENCH_CRYPTOKI_H

#include <stdbool.h>

typedef unsigned long ck_ulong;

typedef struct ck_attribute {
    ck_ulong type;
    void *value;
    ck_ulong len;
} ck_attribute;

typedef struct ck_mechanism {
    ck_ulong mechanism;
    void *parameter;
    ck_ulong len;
} ck_mechanism;

enum {
    CKA_CLASS = 0x0,
    CKA_TOKEN = 0x1,
    CKA_LABEL = 0x3,
    CKA_SIGN = 0x108,
    CKA_EC_PARAMS = 0x180,
    CKO_PRIVATE_KEY = 3,
    CKM_EC_KEY_PAIR_GEN = 0x1040,
    CKM_ECDSA = 0x1041,
    CKM_ECDSA_SHA256 = 0x1044,
    CKU_SO = 0,
    CKU_USER = 1,
    CKF_SERIAL_SESSION = 0x4,
    CKF_RW_SERIAL_SESSION = 0x6,
};

typedef struct zc_cryptoki {
    ck_ulong (*initialize)(void *arguments);
    ck_ulong (*get_slots)(unsigned char present, ck_ulong *slots, ck_ulong *count);
    ck_ulong (*init_token)(ck_ulong slot, unsigned char *pin, ck_ulong len, unsigned char *label);
    ck_ulong (*open_session)(ck_ulong slot, ck_ulong flags, void *self, void *notify,
                             ck_ulong *session);
    ck_ulong (*login)(ck_ulong session, ck_ulong user, unsigned char *pin, ck_ulong len);
    ck_ulong (*logout)(ck_ulong session);
    ck_ulong (*init_pin)(ck_ulong session, unsigned char *pin, ck_ulong len);
    ck_ulong (*find_init)(ck_ulong session, ck_attribute *wanted, ck_ulong count);
    ck_ulong (*find)(ck_ulong session, ck_ulong *objects, ck_ulong most, ck_ulong *count);
    ck_ulong (*find_final)(ck_ulong session);
    ck_ulong (*generate)(ck_ulong session, ck_mechanism *mechanism, ck_attribute *public_template,
                         ck_ulong public_count, ck_attribute *private_template,
                         ck_ulong private_count, ck_ulong *public_key, ck_ulong *private_key);
    ck_ulong (*sign_init)(ck_ulong session, ck_mechanism *mechanism, ck_ulong key);
    ck_ulong (*sign)(ck_ulong session, unsigned char *data, ck_ulong len, unsigned char *signature,
                     ck_ulong *signature_len);
} zc_cryptoki;

/* Loads the module, for as long as the process runs. False when it is none. */
bool zc_cryptoki_load(const char *path, zc_cryptoki *ret_functions);

#endif
